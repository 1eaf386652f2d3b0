package demo

import (
	"context"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/clock"
	"ostoja/internal/db"
	"ostoja/internal/errs"
	"ostoja/internal/guardian/support"
	"ostoja/internal/text"
)

// FillSupport has the office support the people of its register: a meeting next week to which two come, two experts of whom one is to be checked
// again, and a call for help that nobody has taken yet. FillGuardians comes before it.
func (f *Filler) FillSupport(ctx context.Context, s *support.Service, past *clock.Fake) (err error) {
	defer errs.Wrap(&err, "demo.FillSupport")
	office, err := f.guardianStaff(ctx, access.GuardianCoordinator)
	if err != nil {
		return err
	}
	day := func(days int) string { return past.Now().In(s.Zone).AddDate(0, 0, days).Format(time.DateOnly) }
	meeting, err := s.Plan(ctx, office, support.MeetingDraft{
		UnitID: f.units[0].id, Topic: "age", Day: day(6), From: "17:00", To: "19:00", Place: "sala wymyślona, biuro rejestru", Seats: 12, Leader: "superwizorka (demonstracja)",
	})
	if err != nil {
		return err
	}
	for _, x := range []support.ExpertDraft{
		{
			Name: "Dyżur prawny (demonstracja)", Topics: []string{"age", "procedures", "court"}, Phone: "00 000 00 21", CheckedOn: day(-20),
			Hours: text.Translated{"pl": "poniedziałek i środa, od 10 do 14", "en": "Monday and Wednesday, 10 to 14"},
		},
		{
			Name: "Dyżur psychologiczny (demonstracja)", Topics: []string{"first-meeting", "safety", "self-care"}, Phone: "00 000 00 22", CheckedOn: day(-200),
			Hours: text.Translated{"pl": "wtorek, od 16 do 19", "en": "Tuesday, 16 to 19"},
		},
	} {
		x.UnitID = f.units[0].id
		if _, err := s.AddExpert(ctx, office, x); err != nil {
			return err
		}
	}
	for n, act := range map[int]func(access.Actor) error{
		0: func(a access.Actor) error { return s.Answer(ctx, a, meeting, "yes") },
		2: func(a access.Actor) error { return s.Answer(ctx, a, meeting, "yes") },
		1: func(a access.Actor) error { return s.Call(ctx, a, "safety", support.ThisWeek, support.ByPhone) },
	} {
		personID, err := db.One[string](ctx, f.DB, `SELECT id FROM person WHERE mail = ?`, GuardianMail(n))
		if err != nil {
			return err
		}
		if err := act(access.Actor{PersonID: personID, At: past.Now()}); err != nil {
			return err
		}
	}
	return f.quiet(ctx)
}
