package certificateweb

import (
	"testing"
	"time"

	"ostoja/internal/certificate"
	"ostoja/internal/clock"
	"ostoja/internal/lang"
	"ostoja/internal/ui"
	"ostoja/translations"
)

// Who checks a paper reads one sentence: each worth has its own, with the days that belong to it and no others.
func TestTheVerdictOfEachStatus(t *testing.T) {
	t.Parallel()
	zone, err := time.LoadLocation("Europe/Warsaw")
	if err != nil {
		t.Fatal(err)
	}
	texts, err := lang.Load(translations.FS, zone)
	if err != nil {
		t.Fatal(err)
	}
	p := texts.Printer("en")
	c := certificate.Certificate{
		IssuedAt: time.Date(2026, 11, 23, 23, 30, 0, 0, time.UTC), ValidUntil: time.Date(2027, 11, 24, 22, 59, 59, 999_999_000, time.UTC), RevokedAt: time.Date(2026, 12, 1, 9, 0, 0, 0, time.UTC),
	}
	open := c
	open.ValidUntil = time.Time{}
	for _, v := range []struct {
		c         certificate.Certificate
		status    certificate.Status
		kind      ui.Kind
		says      string
		args      []any
		cell, day string
	}{
		{c, certificate.Valid, ui.Success, "certificate.verify.valid-text", []any{"Issued", "24\u00a0November 2026", "Until", "24\u00a0November 2027"}, "2027-11-24", "24\u00a0November 2027"},
		{open, certificate.Valid, ui.Success, "certificate.verify.valid-text-no-end", []any{"Issued", "24\u00a0November 2026"}, p.T("certificate.no-end"), p.T("certificate.no-end")},
		{c, certificate.Expired, ui.Waiting, "certificate.verify.expired-text", []any{"Issued", "24\u00a0November 2026", "Until", "24\u00a0November 2027"}, "2027-11-24", "24\u00a0November 2027"},
		{c, certificate.Superseded, ui.Plain, "certificate.verify.superseded-text", []any{"Issued", "24\u00a0November 2026"}, "2027-11-24", "24\u00a0November 2027"},
		{open, certificate.Revoked, ui.Danger, "certificate.verify.revoked-text", []any{"Issued", "24\u00a0November 2026", "Revoked", "1\u00a0December 2026"}, p.T("certificate.no-end"), p.T("certificate.no-end")},
	} {
		if got, want := verdict(p, v.c, v.status), p.T(v.says, v.args...); got != want {
			t.Errorf("%s: %q, want %q", v.status, got, want)
		}
		if got := statusKind(v.status); got != v.kind {
			t.Errorf("%s is shown as %v", v.status, got)
		}
		if until(p, v.c) != v.cell || end(p, v.c) != v.day {
			t.Errorf("%s: until %q, end %q", v.status, until(p, v.c), end(p, v.c))
		}
	}
}

// The table offers what can be done: to revoke what stands, to who may.
func TestRowsOfTheTable(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 12, 1, 9, 0, 0, 0, time.UTC)
	h := &Pages{service: certificate.New(nil, clock.NewFake(now), time.UTC)}
	list := []certificate.Certificate{{ID: "stands"}, {ID: "revoked", RevokedAt: now}, {ID: "over", ValidUntil: now.Add(-1)}}
	for may, want := range map[bool][]bool{true: {true, false, true}, false: {false, false, false}} {
		for i, r := range h.rows(list, may) {
			status := []certificate.Status{certificate.Valid, certificate.Revoked, certificate.Expired}[i]
			if r.ID != list[i].ID || r.Revoke != want[i] || r.Status != status {
				t.Errorf("may %v: %s: revoke %v, %s", may, r.ID, r.Revoke, r.Status)
			}
		}
	}
}
