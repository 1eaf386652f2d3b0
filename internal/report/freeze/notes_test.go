package freeze_test

import (
	"bytes"
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"ostoja/internal/db"
	"ostoja/internal/report/freeze"
	"ostoja/internal/report/journal"
	"ostoja/internal/testrig"
)

// note writes a duty with a proof, a risk and a change in an open period.
func (p *programme) note(period int, pdf string) {
	p.T.Helper()
	ctx, x := p.T.Context(), p.periods[period-1].ID
	p.OK(p.Projects.OpenPeriod(ctx, p.Coordinator, p.id, x, "zapisy"))
	p.OK(p.Journal.Say(ctx, p.Coordinator, p.id, x, journal.VisibleDraft{
		Duty: "Plakat <na> sali", Lang: "pl", Met: journal.Done, Day: "2026-05-04", Proof: journal.PDF, File: []byte("%PDF-" + pdf), Shows: "Plakat",
	}))
	testrig.Must(p.Journal.WriteRisk(ctx, p.Coordinator, p.id, x, "", "", journal.Risk{
		What: "Odwołane szkolenia", Likelihood: journal.Low, Impact: journal.High, Measure: "Zapasowe terminy", Watcher: "koordynator", Opened: "2026-02-01",
	}))(p.T)
	testrig.Must(p.Journal.WriteChange(ctx, p.Coordinator, p.id, x, "", "", journal.Change{What: "Więcej szkoleń", Why: "Zainteresowanie", Asked: "2026-03-01", Answer: journal.Approved, Day: "2026-03-20"}))(p.T)
	p.OK(p.Projects.LockPeriod(ctx, p.Coordinator, p.id, x))
}

// TestNotesOfAPeriod: a package has what was noted up to its period, with the proofs and their digests; later notes leave it as it is, made again as well.
func TestNotesOfAPeriod(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		p := begin(t, w)
		november(w)
		p.note(1, "first")
		p.approve(1)
		f, content := p.freeze(1)
		d := testrig.Must(freeze.Verify(content, w.Freeze.Fingerprint()))(t).Document
		if d.Format != freeze.Format || d.Notes == nil || len(d.Notes.Visibility) != 1 || len(d.Notes.Risks) != 1 || len(d.Notes.Changes) != 1 || d.Notes.Risks[0].Number != 1 {
			t.Fatalf("%d %+v", d.Format, d.Notes)
		}
		list := files(t, content)
		proof := d.Notes.Visibility[0].Proof
		if proof == nil || string(list[proof.File]) != "%PDF-first" {
			t.Errorf("%+v", proof)
		}
		for _, name := range []string{"pl/visibility.xlsx", "en/visibility.csv", "pl/risks.csv", "en/changes.xlsx"} {
			if len(list[name]) == 0 {
				t.Errorf("no %s", name)
			}
		}
		if !strings.Contains(string(list["pl/risks.csv"]), "Odwołane szkolenia") || !strings.Contains(string(list["en/counting.md"]), "Notes of the office") || strings.Contains(string(testrig.Must(json.Marshal(d.Notes))(t)), "Celina") {
			t.Error(string(list["pl/risks.csv"]))
		}
		p.note(2, "second")
		w.Clock.Advance(40 * time.Hour)
		if again := testrig.Must(w.Node().Freeze.Rebuild(t.Context(), w.Reviewer, p.id, f.ID))(t); !bytes.Equal(again, content) {
			t.Error("later notes changed what an earlier package is made of")
		}
	})
}

// TestPackagesOfTheFirstForm: a report that was frozen before notes were in packages is made again without them: the same files, the same document but for its form, the same rules of
// counting.
func TestPackagesOfTheFirstForm(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		ctx := t.Context()
		p := begin(t, w)
		november(w)
		p.note(1, "first")
		p.approve(1)
		f, content := p.freeze(1)
		w.OK(w.DB.Update(ctx, func(tx *db.Tx) error { return db.Exec(ctx, tx, `UPDATE report_frozen SET format = 1`) }))
		old := testrig.Must(w.Freeze.Rebuild(ctx, w.Reviewer, p.id, f.ID))(t)
		if v, err := freeze.Verify(old, w.Freeze.Fingerprint()); err != nil || v.Document.Format != 1 || v.Document.Notes != nil {
			t.Fatalf("%+v, %v", v.Document, err)
		}
		before, now := files(t, old), files(t, content)
		want := []string{"SHA256SUMS", "SHA256SUMS.publickey", "SHA256SUMS.sig", "iati.xml", "report.json"}
		for _, tag := range []string{"en", "pl"} {
			want = append(want, tag+"/counting.md", tag+"/report.pdf")
			for _, table := range []string{"corrected", "figures", "gain", "groups", "proofs"} {
				want = append(want, tag+"/"+table+".csv", tag+"/"+table+".xlsx")
			}
		}
		slices.Sort(want)
		if got := slices.Sorted(maps.Keys(before)); !slices.Equal(got, want) {
			t.Errorf("%q", got)
		}
		for name, content := range before {
			switch {
			case strings.HasSuffix(name, "counting.md"):
				if !bytes.HasPrefix(now[name], content) || len(now[name]) == len(content) {
					t.Errorf("%s: the rules of the first form changed", name)
				}
			case strings.HasSuffix(name, ".csv"), strings.HasSuffix(name, ".xlsx"), name == "iati.xml":
				if !bytes.Equal(now[name], content) {
					t.Errorf("%s differs", name)
				}
			}
		}
		var a, b map[string]any
		w.OK(json.Unmarshal(before["report.json"], &a))
		w.OK(json.Unmarshal(now["report.json"], &b))
		delete(b, "notes")
		b["format"] = a["format"]
		if x, y := testrig.Must(json.Marshal(a))(t), testrig.Must(json.Marshal(b))(t); !bytes.Equal(x, y) {
			t.Errorf("%s\n%s", x, y)
		}
	})
}
