package attendance_test

import (
	"bytes"
	"errors"
	"image"
	"image/jpeg"
	"slices"
	"strings"
	"testing"
	"time"

	"ostoja/internal/classroom"
	"ostoja/internal/classroom/attendance"
	"ostoja/internal/db"
	"ostoja/internal/errs"
	"ostoja/internal/id"
	"ostoja/internal/keeping"
	"ostoja/internal/testrig"
)

const day = 24 * time.Hour

func (h *hall) erase() { h.T.Helper(); h.OK(h.Keeping.EraseDue(h.T.Context())) }

// another plans a training of one session.
func (h *hall) another(from, until time.Time) *testrig.Class {
	h.T.Helper()
	return h.Class(h.GuardCoordinator, h.Guard, classroom.ContentDraft{Title: "Szkolenie 4: Warszawa"}, "Warszawa", testrig.Hours{From: from, Until: until})
}

// rows counts rows.
func (h *hall) rows(statement string, args ...any) int {
	h.T.Helper()
	return testrig.Must(db.One[int](h.T.Context(), h.DB, statement, args...))(h.T)
}

// recorded counts what the record of acts says was erased of a kind.
func (h *hall) recorded(k keeping.Kind) int {
	return h.rows(`SELECT COUNT(*) FROM audit WHERE action = 'keeping.erase' AND object = ?`, "kept:"+string(k))
}

// photo is a picture that differs from others by its shade.
func photoOf(t *testing.T, shade uint8) []byte {
	t.Helper()
	pic := image.NewGray(image.Rect(0, 0, 640, 480))
	for i := range pic.Pix {
		pic.Pix[i] = shade + uint8(i%7)
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, pic, nil); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// What was typed in a hall has a name for ninety days; then the roll counts whom it counted, and nobody is named.
func TestNamesOfAHallEnd(t *testing.T) {
	each(t, func(t *testing.T, h *hall) {
		h.begin()
		guest := attendance.Item{ID: id.New(), Kind: attendance.KindWalkIn, Name: "Nadzwyczajna Bogumiła", Institution: "OPS Wola", MadeAt: h.Clock.Now()}
		mark := h.mark(guest.ID, attendance.Present)
		mark.Note = "dziecko chore"
		late := attendance.Item{ID: id.New(), Kind: attendance.KindNote, Note: "Pani Bogumiła przyjdzie też jutro", MadeAt: h.Clock.Now()}
		heads := attendance.Item{ID: id.New(), Kind: attendance.KindCount, Number: 2, MadeAt: h.Clock.Now()}
		if strange := h.send("d1", guest, mark, h.mark(h.Learner.PersonID, attendance.Present), late, heads); len(strange) > 0 {
			t.Fatal(strange)
		}
		ends := h.begins.Add(4 * time.Hour)
		h.Until(ends.Add(90*day - time.Microsecond))
		h.erase()
		before := h.roll()
		if row, _ := before.Row(guest.ID); row.Name != guest.Name || len(before.Notes) != 1 || before.Notes[0].Body == "" {
			t.Fatalf("erased before its time: %+v, %+v", row, before.Notes)
		}
		h.Until(ends.Add(90 * day))
		h.erase()
		after := h.roll()
		row, found := after.Row(guest.ID)
		if !found || row.Name != "" || row.Hint != "" || row.Standing.State != attendance.Present || row.Standing.Note != "" {
			t.Errorf("after its time: %+v", row)
		}
		if after.Counts.Present != before.Counts.Present || *after.Counts.Heads != 2 || len(after.Notes) != 1 || after.Notes[0].Body != "" {
			t.Errorf("the counts changed: %+v, was %+v; notes %+v", after.Counts, before.Counts, after.Notes)
		}
		for _, secret := range []string{"Nadzwyczajna", "OPS Wola", "dziecko chore", "jutro"} {
			for _, where := range []string{"walk_in w WHERE w.name LIKE ? OR w.institution LIKE ?", "session_entry e WHERE e.body LIKE ? OR e.body LIKE ?", "attendance_mark m WHERE m.note LIKE ? OR m.note LIKE ?"} {
				if n := h.rows(`SELECT COUNT(*) FROM `+where, "%"+secret+"%", "%"+secret+"%"); n > 0 {
					t.Errorf("%q is still in %s", secret, where)
				}
			}
		}
		h.erase()
		if n := h.recorded(attendance.KeptNames); n != 1 {
			t.Errorf("%d entries in the record of acts", n)
		}
		// A device that comes back after that sends the same again: it is known, and nothing stays on the device.
		if strange := h.send("d1", guest, mark); len(strange) > 0 {
			t.Errorf("the device keeps %v", strange)
		}
		if got := h.roll().Counts.Present; got != before.Counts.Present {
			t.Errorf("%d present", got)
		}
	})
}

// Who was refused reads it, until when it is kept, and afterwards that it was there. That a scan was refused stays.
func TestRefusedScansEnd(t *testing.T) {
	each(t, func(t *testing.T, h *hall) {
		h.begin()
		_, outcome, err := h.Attendance.Confirm(t.Context(), h.PoliceCoordinator, attendance.Scan{SessionID: h.morning, At: h.Clock.Now()})
		if h.OK(err); outcome != attendance.Stranger {
			t.Fatalf("a stranger's scan: %s", outcome)
		}
		mine := func() []keeping.Entry { return testrig.Must(h.Keeping.Mine(t.Context(), h.PoliceCoordinator))(t) }
		if list := mine(); len(list) != 1 || list[0].Kind != attendance.KeptScan || !list[0].Until.Equal(h.Clock.Now().Add(30*day)) {
			t.Fatalf("kept: %+v", list)
		}
		scans := func() []attendance.RefusedScan {
			return testrig.Must(h.Attendance.RefusedScans(t.Context(), h.GuardTrainer, h.morning))(t)
		}
		if list := scans(); len(list) != 1 || list[0].Name == "" {
			t.Fatalf("refused: %+v", list)
		}
		h.Clock.Advance(30 * day)
		h.erase()
		if list := scans(); len(list) != 1 || list[0].Name != "" || list[0].Reason != attendance.Stranger {
			t.Errorf("refused, afterwards: %+v", list)
		}
		if list := mine(); len(list) != 1 || !list[0].ErasedAt.Equal(h.Clock.Now()) {
			t.Errorf("was there, erased: %+v", list)
		}
	})
}

// A photograph is evidence until the fund no longer wants it; its row with the hash, what was counted and the record stay.
func TestPhotographsOfSheetsEnd(t *testing.T) {
	for name, c := range map[string]struct {
		written string // of the training: the last day
		funded  bool
		until   string // the last day of the photograph
	}{
		"as written":           {"2031-12-31", true, "2031-12-31"},
		"written, unfunded":    {"2028-06-30", false, "2028-06-30"},
		"of a project":         {"", true, "2036-12-31"},
		"that no project paid": {"", false, "2032-12-31"},
	} {
		t.Run(name, func(t *testing.T) {
			each(t, func(t *testing.T, h *hall) {
				ctx := t.Context()
				zone := testrig.Must(time.LoadLocation("Europe/Warsaw"))(t)
				fund := classroom.FundDraft{EvidenceUntil: c.written}
				if c.funded {
					fund.Project = "Projekt"
				}
				h.OK(h.Classroom.SaveFund(ctx, h.GuardCoordinator, h.training, h.class.Edition(), fund))
				h.begin()
				signed := 3
				draft := attendance.SheetDraft{Content: photoOf(t, 9), Day: h.begins, Signatures: &signed}
				h.OK(h.Attendance.AddSheet(ctx, h.GuardTrainer, h.morning, draft))
				h.OK(h.Attendance.AddSheet(ctx, h.GuardTrainer, h.afternoon, draft)) // one photograph of both
				sheet := func() attendance.Sheet {
					return testrig.Must(h.Attendance.Sheets(ctx, h.GuardTrainer, h.morning))(t)[0]
				}
				last := testrig.Must(time.ParseInLocation(time.DateOnly, c.until, zone))(t)
				h.Until(last.AddDate(0, 0, 1).Add(-time.Microsecond))
				h.erase()
				before := sheet()
				if _, err := h.Attendance.SheetFile(ctx, h.GuardTrainer, h.morning, before.ID); err != nil {
					t.Fatalf("on its last day: %v", err)
				}
				h.Clock.Advance(time.Microsecond)
				h.erase()
				if got := sheet(); got.SHA256 != before.SHA256 || !got.ErasedAt.Equal(h.Clock.Now()) {
					t.Errorf("the row says %+v", got)
				}
				if _, err := h.Attendance.SheetFile(ctx, h.GuardTrainer, h.morning, before.ID); !errors.Is(err, errs.ErrNotFound) {
					t.Errorf("the file: %v", err)
				}
				if n := h.rows(`SELECT COUNT(*) FROM blob WHERE hash = ?`, before.SHA256); n != 0 {
					t.Error("the photograph is still in the database")
				}
				if r := h.roll(); r.Counts.Signatures == nil || *r.Counts.Signatures != signed {
					t.Errorf("counted: %+v", r.Counts)
				}
				if n := h.rows(`SELECT COUNT(*) FROM audit WHERE action = 'sheet.add' AND detail LIKE ?`, "%"+before.SHA256+"%"); n != 2 || h.recorded(attendance.KeptSheet) != 1 {
					t.Errorf("the record of acts: %d, %d", n, h.recorded(attendance.KeptSheet))
				}
			})
		})
	}
}

// A photograph that another training still wants is not erased under it.
func TestAPhotographInUseStays(t *testing.T) {
	each(t, func(t *testing.T, h *hall) {
		ctx := t.Context()
		other := h.another(h.begins, h.begins.Add(4*time.Hour))
		h.OK(h.Classroom.SaveFund(ctx, h.GuardCoordinator, other.ID, other.Edition(), classroom.FundDraft{EvidenceUntil: "2126-12-31"}))
		session := other.Sessions[0]
		h.begin()
		for _, s := range []string{h.morning, session} {
			h.OK(h.Attendance.AddSheet(ctx, h.GuardTrainer, s, attendance.SheetDraft{Content: photoOf(t, 40), Day: h.begins}))
		}
		h.Clock.Advance(11 * 365 * day)
		h.erase()
		list := testrig.Must(h.Attendance.Sheets(ctx, h.GuardTrainer, session))(t)
		if _, err := h.Attendance.SheetFile(ctx, h.GuardTrainer, session, list[0].ID); err != nil {
			t.Errorf("the other's: %v", err)
		}
		gone := testrig.Must(h.Attendance.Sheets(ctx, h.GuardTrainer, h.morning))(t)
		if gone[0].ErasedAt.IsZero() {
			t.Error("it was not erased where it was due")
		}
	})
}

// Whatever refers to a file stands in the view that protects it.
func TestEveryReferenceProtectsItsFile(t *testing.T) {
	w := testrig.New(t)
	ctx := t.Context()
	view := testrig.Must(db.One[string](ctx, w.DB, `SELECT sql FROM sqlite_master WHERE name = 'blob_used'`))(t)
	tables := testrig.Must(db.All[string](ctx, w.DB, `SELECT m.name FROM sqlite_master m WHERE m.type = 'table' AND m.sql LIKE '%REFERENCES blob %' ORDER BY m.name`))(t)
	for _, table := range tables {
		if !strings.Contains(view, "FROM "+table) {
			t.Errorf("blob_used leaves out %s", table)
		}
	}
	if !slices.Contains(tables, "session_sheet") || len(tables) < 5 {
		t.Errorf("found only %q", tables)
	}
}
