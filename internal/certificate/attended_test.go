package certificate

import (
	"strings"
	"testing"
	"time"

	"ostoja/internal/db"
	"ostoja/internal/db/dbtest"
	"ostoja/internal/id"
	"ostoja/internal/paper/papertest"
)

// train makes a training of the first organisation.
func (w *world) train() (trainingID string) {
	w.t.Helper()
	trainingID = id.New()
	w.exec(`INSERT INTO training (id, title, place, held_from, held_until, unit_id, announced, created_at, created_by) VALUES (?, 'Szkolenie', 'Terespol', ?, ?, ?, FALSE, ?, '')`,
		trainingID, noon, noon.Add(30*time.Hour), strings.Trim(w.unit[0], "/"), noon)
	return trainingID
}

func (w *world) attendance(person, trainingID string, hours float64) Award {
	return Award{
		PersonID: person, Lang: "pl", Holder: "Żaneta Świąć", Title: "Szkolenie", Hours: hours, Issuer: "Biuro", Fund: "Współfinansowane.", At: w.clock.Now(),
		Attended: Attended{TrainingID: trainingID, HoursOf: 16, HourMinutes: 45, HeldFrom: noon, HeldUntil: noon.Add(30 * time.Hour), Place: "Terespol"},
	}
}

// What the paper of a training says is issued once; when it would say something else, another supersedes it, and the first still says
// what it said. A revoked one does not stand in the way. Courses and other trainings are none of its business.
func TestAttendanceIsCertifiedAnewAndNeverRewritten(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		issue := func(a Award) Certificate {
			t.Helper()
			w.clock.Advance(time.Minute)
			a.At = w.clock.Now()
			c, err := w.issue(a)
			if err != nil {
				t.Fatal(err)
			}
			return c
		}
		enrolmentID, attemptID := w.enrol(w.person[0])
		course := issue(w.award(w.person[0], enrolmentID, attemptID))
		one, other := w.train(), w.train()
		first := issue(w.attendance(w.person[0], one, 12.5))
		if again := issue(w.attendance(w.person[0], one, 12.5)); again.ID != first.ID || again.Number != first.Number {
			t.Errorf("the same was issued twice: %s and %s", first.Number, again.Number)
		}
		beside := issue(w.attendance(w.person[0], other, 12.5))
		theirs := issue(w.attendance(w.person[1], one, 3))
		second := issue(w.attendance(w.person[0], one, 14))
		renamed := w.attendance(w.person[0], one, 14)
		renamed.Holder = "Żaneta Nowa"
		third := issue(renamed)
		held := renamed
		held.HeldUntil = held.HeldUntil.Add(time.Hour)
		last := issue(held)
		for i, c := range []struct {
			Certificate
			hours float64
			want  Status
		}{{course, 6.5, Valid}, {first, 12.5, Superseded}, {beside, 12.5, Valid}, {theirs, 3, Valid}, {second, 14, Superseded}, {third, 14, Superseded}, {last, 14, Valid}} {
			got, err := w.service.Verify(t.Context(), c.Code)
			if err != nil || got.Hours != c.hours || got.Status(w.clock.Now()) != c.want || got.Number != number(2026, i+1) {
				t.Errorf("certificate %d: %s, %v hours, %s, %v", i, got.Number, got.Hours, got.Status(w.clock.Now()), err)
			}
			if !got.equal(c.Attended) || got.Fund != c.Fund {
				t.Errorf("certificate %d says %+v, not %+v", i, got.Attended, c.Attended)
			}
		}
		w.exec(`UPDATE certificate SET revoked_at = ? WHERE id = ?`, w.clock.Now(), last.ID)
		if c := issue(held); c.ID == last.ID || c.ID == third.ID {
			t.Error("after it was revoked, an earlier one was returned")
		}
		stands, err := db.All[string](t.Context(), d, `SELECT number FROM certificate_attendance WHERE training_id = ? ORDER BY number`, one)
		if err != nil || strings.Join(stands, " ") != number(2026, 4)+" "+number(2026, 8) {
			t.Errorf("these stand: %v, %v", stands, err)
		}
	})
}

// The paper and the page of a training say how long somebody was there, of how much, when and where, and claim no test.
func TestThePaperOfATraining(t *testing.T) {
	for tag, want := range map[string][]string{
		"pl": {"o udziale w szkoleniu", "za udział w szkoleniu", "10,5 z 16 (po 45 min)", "23–25 listopada 2026", "Terespol", "Cele szkolenia", "Szkolenie współfinansowane"},
		"en": {"of attendance", "for attending the training", "10.5 of 16 (45 min each)", "23–25 November 2026", "Terespol", "Aims of the training"},
	} {
		c := sample()
		c.Lang, c.AttemptID, c.Hours = tag, "", 10.5
		c.Attended = Attended{TrainingID: "t", HoursOf: 16, HourMinutes: 45, HeldFrom: noon, HeldUntil: noon.Add(50 * time.Hour), Place: "Terespol"}
		text := strings.Join(strings.Fields(papertest.Words(t, draw(t, c))), " ")
		for _, w := range want {
			if !strings.Contains(text, w) {
				t.Errorf("%s: no %q in %s", tag, w, text)
			}
		}
		for _, never := range []string{"testem", "by a test", "Efekty", "outcomes", "bezterminowo", "no end date", "ukończeni"} {
			if strings.Contains(text, never) {
				t.Errorf("%s: it says %q", tag, never)
			}
		}
	}
}

func TestDaysOfATraining(t *testing.T) {
	at := func(text string) time.Time {
		m, err := time.Parse(time.RFC3339, text)
		if err != nil {
			t.Fatal(err)
		}
		return m
	}
	for _, c := range []struct{ from, until, pl, en string }{
		{"2026-10-25T08:00:00+01:00", "2026-10-25T16:00:00+01:00", "25 października 2026", "25 October 2026"},
		{"2026-10-24T22:30:00Z", "2026-10-25T10:00:00Z", "25 października 2026", "25 October 2026"}, // half past midnight in Warsaw
		{"2026-10-24T21:30:00Z", "2026-10-25T10:00:00Z", "24–25 października 2026", "24–25 October 2026"},
		{"2026-10-31T08:00:00Z", "2026-11-01T10:00:00Z", "31 października 2026 – 1 listopada 2026", "31 October 2026 – 1 November 2026"},
		{"2025-11-24T08:00:00Z", "2026-11-25T10:00:00Z", "24 listopada 2025 – 25 listopada 2026", "24 November 2025 – 25 November 2026"},
	} {
		held := Certificate{Attended: Attended{HeldFrom: at(c.from), HeldUntil: at(c.until)}}
		said := func(tag string) string { return strings.ReplaceAll(held.Held(printer(t, tag)), "\u00a0", " ") }
		if pl, en := said("pl"), said("en"); pl != c.pl || en != c.en {
			t.Errorf("%s to %s: %q, %q", c.from, c.until, pl, en)
		}
	}
}
