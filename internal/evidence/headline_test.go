package evidence_test

import (
	"errors"
	"fmt"
	"math"
	"testing"

	"pgregory.net/rapid"

	"ostoja/internal/access"
	"ostoja/internal/db"
	"ostoja/internal/errs"
	"ostoja/internal/evidence"
	"ostoja/internal/gain"
	"ostoja/internal/measurement"
	"ostoja/internal/testrig/measured"
)

// TestHeadlinesAreTheReports: for drawn participants in measurements of three units, the list says of everybody's reach what the
// report says, and hides what it hides.
func TestHeadlinesAreTheReports(t *testing.T) {
	each(t, func(w *world) {
		w.Approve()
		regional, other := w.NewUnit(w.Unit, "Oddział"), w.NewUnit("", "Druga służba")
		units := []string{w.Unit, regional, other}
		measurements := []measurement.Measurement{w.Trained("Pierwsze", "A", w.Unit), w.Trained("Drugie", "B", other)}
		readers := map[string]access.Actor{"everywhere": w.Admin}
		for _, unitID := range units {
			readers[unitID] = w.Within(access.Coordinator, unitID)
		}
		score := rapid.SampledFrom([]float64{missing, 0, 33.3, 50, 90, 100})
		rapid.Check(w.T.(*testing.T), func(t *rapid.T) {
			var list []measured.Planted
			for range rapid.IntRange(0, 4).Draw(t, "kinds") {
				kind := measured.Planted{
					Measurement: rapid.SampledFrom(measurements).Draw(t, "measurement"), Unit: rapid.SampledFrom(units).Draw(t, "unit"),
					Region: rapid.SampledFrom([]string{"06", "20"}).Draw(t, "region"), Sex: "f", Lang: "pl",
					Pre: score.Draw(t, "before"), Post: score.Draw(t, "after"), Later: measured.At3(score.Draw(t, "later")),
				}
				for range rapid.IntRange(1, 5).Draw(t, "people") {
					list = append(list, kind)
				}
			}
			w.Plant(list...)
			for who, actor := range readers {
				report, err := w.Evidence.Report(w.Ctx, actor, evidence.Query{Family: w.Test.Family})
				w.No(err)
				list, tallies, err := w.Measurements.Overview(w.Ctx, actor)
				w.No(err)
				lines, err := w.Evidence.Headlines(w.Ctx, []string{w.Test.ID, w.Test.ID}, tallies)
				w.No(err)
				if what := wrongCounts(list, w.reached(actor, list)); what != "" {
					t.Fatalf("%s: %s", who, what)
				}
				if len(lines) != 1 {
					t.Fatalf("%d lines of one family", len(lines))
				}
				if what := difference(lines[0], report); what != "" {
					t.Fatalf("%s: %s\n%+v\n%+v", who, what, lines[0], report.Group)
				}
			}
			for _, table := range []string{"sitting", "participant", "result_tally"} {
				w.No(w.DB.Update(w.Ctx, func(tx *db.Tx) error { return db.Exec(w.Ctx, tx, `DELETE FROM `+table) }))
			}
		})
	})
}

// difference says what a line has that its report has not.
func difference(h evidence.Headline, r evidence.Report) string {
	if h.Family != r.Family || h.Title.In("pl") != r.Title.In("pl") || h.Title.In("pl") == "" {
		return "another test"
	}
	if h.Small != r.Small {
		return fmt.Sprintf("hidden: %v", h.Small)
	}
	if h.Small && h.Summary != (gain.Summary{}) {
		return "figures of too few are there"
	}
	got, want := h.Summary, r.Group.Gain.Summary
	if got.Matched != want.Matched || got.Lost != want.Lost {
		return "other people"
	}
	for _, x := range [][2]float64{{got.MeanPre, want.MeanPre}, {got.MeanPost, want.MeanPost}, {got.G, want.G}} {
		if gain.IsMissing(x[0]) != gain.IsMissing(x[1]) || math.Abs(x[0]-x[1]) > 1e-9 {
			return "other figures"
		}
	}
	return ""
}

// reached counts the participants of measurements by looking at each row.
func (w *world) reached(actor access.Actor, list []measurement.Listed) map[string]map[measurement.Wave]int {
	w.T.Helper()
	condition, args := actor.Within(access.EvidenceRead, "u.path")
	counts := map[string]map[measurement.Wave]int{}
	for _, m := range list {
		counts[m.ID] = map[measurement.Wave]int{}
		for _, wave := range append([]measurement.Wave{""}, measurement.Waves...) {
			handedIn := ""
			if wave != "" {
				handedIn = " AND p." + string(wave) + "_percent IS NOT NULL"
			}
			n, err := db.One[int](w.Ctx, w.DB, `SELECT COUNT(*) FROM participant p JOIN unit u ON u.id = p.unit_id WHERE p.measurement_id = ?`+handedIn+` AND `+condition, append([]any{m.ID}, args...)...)
			w.No(err)
			counts[m.ID][wave] = n
		}
	}
	return counts
}

// wrongCounts says what a list counts otherwise than the rows.
func wrongCounts(list []measurement.Listed, want map[string]map[measurement.Wave]int) string {
	for _, m := range list {
		if m.Participants != want[m.ID][""] {
			return fmt.Sprintf("%s: %d participants, not %d", m.ID, m.Participants, want[m.ID][""])
		}
		for _, wave := range measurement.Waves {
			if m.Done[wave] != want[m.ID][wave] {
				return fmt.Sprintf("%s, %s: %d, not %d", m.ID, wave, m.Done[wave], want[m.ID][wave])
			}
		}
	}
	return ""
}

// TestHeadlinesFollowTheSittings: what people hand in on the pages is counted as it comes, and a family that nobody measures has
// no line.
func TestHeadlinesFollowTheSittings(t *testing.T) {
	each(t, func(w *world) {
		w.Attach()
		var people []access.Actor
		for range 5 {
			people = append(people, w.Person("Anna", "Sprawdzana"))
		}
		w.Enrol(people...)
		line := func() evidence.Headline {
			_, tallies, err := w.Measurements.Overview(w.Ctx, w.Admin)
			w.No(err)
			lines, err := w.Evidence.Headlines(w.Ctx, []string{w.Test.ID}, tallies)
			w.No(err)
			return lines[0]
		}
		for i, p := range people {
			w.Sit(w.Task(p, measurement.Before), 2)
			w.Finish(p)
			w.Sit(w.Task(p, measurement.After), 6)
			if h := line(); h.Small != (i < 4) {
				w.T.Errorf("of %d people hidden: %v", i+1, h.Small)
			}
		}
		if what := difference(line(), w.Report("")); what != "" {
			w.T.Error(what)
		}
		if lines, err := w.Evidence.Headlines(w.Ctx, nil, nil); err != nil || len(lines) != 0 {
			w.T.Errorf("%d lines of no test, %v", len(lines), err)
		}
		if _, _, err := w.Measurements.Overview(w.Ctx, people[0]); !errors.Is(err, errs.ErrNotFound) {
			w.T.Errorf("a learner: %v", err)
		}
	})
}
