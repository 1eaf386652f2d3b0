package onpaper

import (
	"context"

	"ostoja/internal/access"
	"ostoja/internal/db"
	"ostoja/internal/errs"
	"ostoja/internal/itembank"
	"ostoja/internal/measurement"
)

// Twice is how much of what was typed was read a second time, and how much of that differed. It is of sheets that are in the reports.
type Twice struct {
	People      int // whose sheets they are
	Sheets      int
	Read        int // of these, a second time
	Cells       int // that were read twice
	Differences int
}

// Rate returns the share of the cells read twice that differed.
func (t Twice) Rate() float64 { return rate(t.Differences, t.Cells) }

// TwiceOf returns it of all measurements with some tests, of the people about whom the actor may read evidence. test returns a test with
// its forms. Whether there are enough people for it to be shown is the caller's to ask.
func TwiceOf(ctx context.Context, q db.Querier, actor access.Actor, testIDs []string, test func(testID string) (*itembank.Test, error)) (t Twice, err error) {
	defer errs.Wrap(&err, "onpaper.TwiceOf")
	within, more := actor.Within(access.EvidenceRead, "u.path")
	from := ` FROM paper_sheet h JOIN paper_batch b ON b.id = h.batch_id JOIN sitting s ON s.id = h.sitting_id JOIN participant p ON p.id = s.participant_id
		JOIN unit u ON u.id = p.unit_id JOIN measurement m ON m.id = h.measurement_id
		WHERE b.done_at IS NOT NULL AND h.void_at IS NULL AND s.typed_at IS NOT NULL AND m.test_id IN (` + db.In(len(testIDs)) + `) AND ` + within
	args := append(db.Args(testIDs), more...)
	type counted struct {
		ID, TestID, FormID, ParticipantID string
		Wave                              measurement.Wave
		Seed                              int64
		Drawn                             bool
	}
	sheets, err := db.All[counted](ctx, q, `SELECT h.id, m.test_id, h.form_id, s.participant_id, h.wave, h.seed, h.drawn`+from, args...)
	if err != nil || len(sheets) == 0 {
		return t, err
	}
	type reading struct {
		SheetID string
		Reading int
		Cells   map[string]string `db:"cells,json"`
	}
	readings, err := db.All[reading](ctx, q, `SELECT r.sheet_id, r.reading, r.cells FROM paper_reading r WHERE r.sheet_id IN (SELECT h.id`+from+` AND h.drawn)`, args...)
	if err != nil {
		return t, err
	}
	cells := map[string][3]map[string]string{}
	for _, r := range readings {
		both := cells[r.SheetID]
		both[r.Reading] = r.Cells
		cells[r.SheetID] = both
	}
	forms, people := map[string]*itembank.Form{}, map[string]bool{}
	for _, h := range sheets {
		t.Sheets++
		people[h.ParticipantID] = true
		if !h.Drawn {
			continue
		}
		if forms[h.FormID] == nil {
			whole, err := test(h.TestID)
			if err != nil {
				return t, err
			}
			for i := range whole.Forms {
				forms[whole.Forms[i].ID] = &whole.Forms[i]
			}
		}
		t.Read++
		for _, q := range questions(forms[h.FormID], h.Seed, h.Wave) {
			t.Cells++
			if both := cells[h.ID]; !q.same(both[1][q.Key], both[2][q.Key]) {
				t.Differences++
			}
		}
	}
	t.People = len(people)
	return t, nil
}
