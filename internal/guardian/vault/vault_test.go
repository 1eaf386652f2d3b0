package vault_test

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"pgregory.net/rapid"

	"ostoja/internal/errs"
	"ostoja/internal/guardian/vault"
)

// What was sealed is opened with the key that the first document made, and with no other; nothing of it is seen in what is kept.
func TestWhatIsSealedIsOpenedByItsKeyAlone(t *testing.T) {
	path, other := filepath.Join(t.TempDir(), "new", "guardians.key"), filepath.Join(t.TempDir(), "guardians.key")
	v := vault.New(path)
	plain := []byte("%PDF-1.7 zaświadczenie")
	sealed, by, err := v.Seal(plain, true)
	if err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info.Mode(), err)
	}
	key, _ := os.ReadFile(path)
	secret := key[bytes.LastIndexByte(bytes.TrimSpace(key), '\n')+1:]
	if bytes.Contains(sealed, plain) || bytes.Contains(sealed, []byte("zaświadczenie")) || bytes.Contains(sealed, bytes.TrimSpace(secret)) {
		t.Error("what is kept shows what was sealed")
	}
	if got, err := vault.New(path).Open(sealed, by); err != nil || !bytes.Equal(got, plain) {
		t.Errorf("%q, %v", got, err)
	}
	if _, _, err := vault.New(other).Seal(plain, true); err != nil {
		t.Fatal(err)
	}
	refused(t, "another key", third(vault.New(other).Open(sealed, by)), "candidacy.another-key")
	sealed[len(sealed)-1] ^= 1
	if _, err := v.Open(sealed, by); err == nil {
		t.Error("an altered document is opened")
	}
}

func third[T any](_ T, err error) error { return err }

func refused(t *testing.T, what string, err error, key string) {
	t.Helper()
	var e *errs.Error
	if !errors.As(err, &e) || e.Key != key || !errors.Is(err, errs.ErrConflict) {
		t.Errorf("%s: %v, want %s", what, err, key)
	}
}

// Where documents were sealed before, a missing key is told and no new one is made; so is a file that holds none, and a vault without a place.
func TestAMissingKeyIsNotMadeAnew(t *testing.T) {
	path := filepath.Join(t.TempDir(), "guardians.key")
	v := vault.New(path)
	_, _, err := v.Seal([]byte("x"), false)
	refused(t, "sealing", err, "candidacy.no-key")
	refused(t, "opening", third(v.Open([]byte("x"), "age1")), "candidacy.no-key")
	if _, err := os.Stat(path); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a key was made: %v", err)
	}
	_, _, err = vault.New("").Seal([]byte("x"), true)
	refused(t, "no place", err, "candidacy.no-key")
	if err := os.WriteFile(path, []byte("nonsense"), 0o600); err != nil {
		t.Fatal(err)
	}
	_, _, err = v.Seal([]byte("x"), true)
	refused(t, "nonsense", err, "candidacy.no-key")
}

// Of many first documents at once all are sealed for one key.
func TestFirstDocumentsAtOnce(t *testing.T) {
	v := vault.New(filepath.Join(t.TempDir(), "guardians.key"))
	keys := make([]string, 8)
	var wait sync.WaitGroup
	for i := range keys {
		wait.Go(func() { _, keys[i], _ = v.Seal([]byte("x"), true) })
	}
	wait.Wait()
	for _, k := range keys {
		if k == "" || k != keys[0] {
			t.Fatalf("%q", keys)
		}
	}
}

// Content says what a document is; nothing that could run in a browser is taken.
func TestMediaOf(t *testing.T) {
	for content, want := range map[string]vault.Media{
		"%PDF-1.4\n": vault.PDF, "\xff\xd8\xff\xe0": vault.JPEG, "\x89PNG\r\n\x1a\n": vault.PNG, "": "", "%PD": "", "<html>": "", "GIF89a": "", "PK\x03\x04": "", "<svg>": "", " %PDF-": "",
	} {
		if got := vault.MediaOf([]byte(content)); got != want {
			t.Errorf("%q: %q, want %q", content, got, want)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		content := rapid.SliceOf(rapid.Byte()).Draw(t, "content")
		if m := vault.MediaOf(content); m != "" && (len(content) < 3 || m.Ending() == "") {
			t.Fatalf("%q is %s", content, m)
		}
	})
}
