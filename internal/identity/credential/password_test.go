package credential_test

import (
	"context"
	"errors"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"pgregory.net/rapid"

	"ostoja/internal/errs"
	"ostoja/internal/identity/credential"
)

const goodPassword = "zielony parasol w deszczu"

func TestWhichPasswordsAreRefused(t *testing.T) {
	for password, want := range map[string]string{
		"krotkie":                     "short",
		"jedenaście1":                 "short",
		strings.Repeat("długie ", 40): "long",
		"aaaaaaaaaaaaaa":              "pattern",
		"abcabcabcabcabc":             "pattern",
		"123456789012":                "pattern",
		"198412312359":                "pattern",
		"qwertyuiop[]":                "pattern",
		"1qaz2wsx3edc":                "pattern",
		"zxcvbnm,./zxc":               "common",
		"poiuytrewqlk":                "pattern",
		"abcdefghijkl":                "pattern",
		"password2026!":               "common",
		"P@ssw0rd!2026":               "common",
		"Haslo12345678":               "common",
		"Hasło!Hasło!1":               "common",
		"Warszawa2026!!":              "common",
		"Ostoja-2026-kurs":            "common",
		"StrazGraniczna1":             "common",
		"MojeHaslo2026":               "common",
		"Listopad2026!!":              "common",
		"kochamPolske1":               "",
		"Kowalska1984!":               "own",
		"anna.kowalska1":              "own",
		"AnnaKowalska2026":            "own",
		goodPassword:                  "",
		"koń bateria zszywka":         "",
		"x9$Kq2!vB7#mW4":              "",
		"Na tarasie u babci":          "",
		"ostoja w ogrodzie":           "",
	} {
		got := strings.TrimPrefix(credential.CheckPassword(password, "Anna", "Kowalska", "anna.kowalska@example.org"), "people.fault.password-")
		if got != want {
			t.Errorf("%q: %q, want %q", password, got, want)
		}
	}
}

func TestPasswordsFitTheirHashOnly(t *testing.T) {
	h, ctx := credential.NewHasherWith(64, 1, 1, 2), t.Context()
	rapid.Check(t, func(rt *rapid.T) {
		a, b := rapid.String().Draw(rt, "a"), rapid.String().Draw(rt, "b")
		hash, err := h.Hash(ctx, a)
		if err != nil {
			rt.Fatal(err)
		}
		if ok, outdated, err := h.Check(ctx, a, hash); err != nil || !ok || outdated {
			rt.Fatalf("its own: %v, %v, %v", ok, outdated, err)
		}
		if ok, _, err := h.Check(ctx, b+"x", hash); err != nil || (ok && b+"x" != a && !strings.ContainsFunc(a+b, func(r rune) bool { return r > 126 })) {
			rt.Fatalf("%q fits the hash of %q: %v", b+"x", a, err)
		}
	})
	// The same letters, composed or not, come from different keyboards.
	hash, err := h.Hash(ctx, "za\u017c\u00f3\u0142\u0107")
	if err != nil {
		t.Fatal(err)
	}
	if ok, _, err := h.Check(ctx, "zaz\u0307o\u0301\u0142c\u0301", hash); err != nil || !ok {
		t.Errorf("decomposed letters: %v, %v", ok, err)
	}
}

func TestHashesSayWhenTheyAreOutdated(t *testing.T) {
	ctx := t.Context()
	old, now := credential.NewHasherWith(64, 1, 1, 1), credential.NewHasherWith(128, 1, 1, 1)
	hash, err := old.Hash(ctx, "tajemnica")
	if err != nil {
		t.Fatal(err)
	}
	if ok, outdated, err := now.Check(ctx, "tajemnica", hash); err != nil || !ok || !outdated {
		t.Errorf("%v, %v, %v", ok, outdated, err)
	}
	for _, broken := range []string{"$argon2id$", "plain", "$argon2id$v=19$m=4294967295,t=1,p=1$AAAA$AAAA", "$argon2i$v=19$m=64,t=1,p=1$AAAA$AAAA"} {
		if ok, _, err := now.Check(ctx, "tajemnica", broken); err == nil || ok {
			t.Errorf("%s: %v, %v", broken, ok, err)
		}
	}
	if ok, _, err := now.Check(ctx, "", ""); err != nil || ok {
		t.Errorf("no password fits nobody: %v, %v", ok, err)
	}
}

func TestHashingWaitsForASlot(t *testing.T) {
	h := credential.NewHasherWith(8*1024, 3, 1, 1)
	ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
	defer cancel()
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() { _, _ = h.Hash(t.Context(), "x") })
	}
	time.Sleep(2 * time.Millisecond)
	if _, err := h.Hash(ctx, "x"); err == nil {
		t.Error("a caller who went away was served")
	}
	wg.Wait()
}

// TestACrowdIsToldToComeBack: of more than can be served in time, the rest is told so at once, and the next are served again.
func TestACrowdIsToldToComeBack(t *testing.T) {
	h := credential.NewHasherWith(4*1024, 1, 1, 1)
	slow, done := context.WithCancel(t.Context())
	var wg sync.WaitGroup
	var turnedAway, served atomic.Int32
	for range 300 {
		wg.Go(func() {
			switch _, _, err := h.Check(slow, "x", ""); {
			case errors.Is(err, errs.ErrUnavailable):
				turnedAway.Add(1)
			case err == nil:
				served.Add(1)
			default:
				t.Error(err)
			}
		})
	}
	wg.Wait()
	done()
	if served.Load() < 200 || turnedAway.Load() == 0 || turnedAway.Load()+served.Load() != 300 {
		t.Errorf("%d served, %d turned away", served.Load(), turnedAway.Load())
	}
	if _, _, err := h.Check(t.Context(), "x", ""); err != nil {
		t.Errorf("afterwards: %v", err)
	}
}

// BenchmarkManyAtOnce says how much memory 250 people take who sign in at once, beside 64 MiB that the program holds anyway.
func BenchmarkManyAtOnce(b *testing.B) {
	held := make([]byte, 64<<20)
	h := credential.NewHasher()
	for b.Loop() {
		var before, m runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&before)
		var wg sync.WaitGroup
		for range 250 {
			wg.Go(func() { _, _, _ = h.Check(b.Context(), "x", "") })
		}
		wg.Wait()
		runtime.ReadMemStats(&m)
		b.ReportMetric(float64(m.HeapSys-before.HeapInuse)/(1<<20), "MiB-above")
	}
	runtime.KeepAlive(held)
}

// TestTheDefaultsAreOWASPs: Password Storage Cheat Sheet, argon2id with 9 MiB and four passes.
func TestTheDefaultsAreOWASPs(t *testing.T) {
	h := credential.NewHasher()
	hash, err := h.Hash(t.Context(), goodPassword)
	if err != nil || !strings.HasPrefix(hash, "$argon2id$v=19$m=9216,t=4,p=1$") {
		t.Errorf("%s, %v", hash, err)
	}
}
