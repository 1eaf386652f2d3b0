package assessment_test

import (
	"errors"
	"maps"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/assessment"
	"ostoja/internal/course"
	"ostoja/internal/db"
	"ostoja/internal/errs"
	"ostoja/internal/id"
	"ostoja/internal/identity"
)

// warsaw reads a local time.
func warsaw(t testing.TB, text string) time.Time {
	t.Helper()
	zone, err := time.LoadLocation("Europe/Warsaw")
	if err != nil {
		t.Fatal(err)
	}
	at, err := time.ParseInLocation("2006-01-02 15:04", text, zone)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

// until moves the clock to a time.
func (w *world) until(at time.Time) {
	w.clock.Advance(at.Sub(w.clock.Now()))
}

// sentLinks counts the letters with a link to a sitting so far.
func (w *world) sentLinks() int {
	n := 0
	for _, l := range w.letters {
		if links.MatchString(l) {
			n++
		}
	}
	return n
}

// joined attaches the approved test to a training between two local times and adds people to it.
func (w *world) joined(from, until string, waves []assessment.Wave, people ...access.Actor) assessment.Measurement {
	w.t.Helper()
	m, err := w.s.Attach(w.ctx, w.admin, assessment.MeasurementDraft{
		TestID: w.test.ID, Kind: assessment.OfTraining, Title: "Szkolenie " + id.New(), UnitID: w.unit, Waves: waves, HeldFrom: warsaw(w.t, from), HeldUntil: warsaw(w.t, until),
	})
	w.no(err)
	var ids []string
	for _, p := range people {
		ids = append(ids, p.PersonID)
	}
	n, err := w.s.AddParticipants(w.ctx, w.admin, m.ID, ids)
	if err != nil || n != len(people) {
		w.t.Fatalf("%d of %d were added, %v", n, len(people), err)
	}
	return m
}

func TestTheCalendarOfATraining(t *testing.T) {
	each(t, func(w *world) {
		w.approve()
		all := assessment.FollowUps
		for _, c := range []struct {
			from, until string
			waves       []assessment.Wave
			want        map[assessment.Wave][2]string // due and closing, UTC
		}{
			// The clocks go back on 25 October: the week later is 09:00 in winter time, half a year later it is summer again.
			{"2026-10-23 09:00", "2026-10-24 16:00", all, map[assessment.Wave][2]string{
				assessment.Before: {"2026-10-23T07:00:00Z", "2026-10-23T08:00:00Z"}, assessment.After: {"2026-10-24T14:00:00Z", "2026-11-23T14:00:00Z"},
				assessment.Week: {"2026-10-31T08:00:00Z", "2026-11-21T08:00:00Z"}, assessment.Months3: {"2027-01-24T08:00:00Z", "2027-03-10T08:00:00Z"}, assessment.Months6: {"2027-04-24T07:00:00Z", "2027-06-08T07:00:00Z"},
			}},
			// It opens seven days before it begins; the clocks go forward on 28 March; the waves are those chosen, in any order.
			{"2027-03-22 08:00", "2027-03-22 15:00", []assessment.Wave{assessment.Months6, assessment.Week}, map[assessment.Wave][2]string{
				assessment.Before: {"2027-03-15T07:00:00Z", "2027-03-22T08:00:00Z"}, assessment.After: {"2027-03-22T14:00:00Z", "2027-04-21T14:00:00Z"},
				assessment.Week: {"2027-03-29T07:00:00Z", "2027-04-19T07:00:00Z"}, assessment.Months6: {"2027-09-22T07:00:00Z", "2027-11-06T07:00:00Z"},
			}},
			// It ends late in the evening of a day that February has not.
			{"2026-11-29 09:00", "2026-11-30 23:30", []assessment.Wave{assessment.Months3}, map[assessment.Wave][2]string{
				assessment.Before: {"2026-11-22T08:00:00Z", "2026-11-29T09:00:00Z"}, assessment.After: {"2026-11-30T22:30:00Z", "2026-12-30T22:30:00Z"},
				assessment.Months3: {"2027-02-28T08:00:00Z", "2027-04-14T08:00:00Z"},
			}},
			// Who is added when it is over is not asked before; the rest is on the calendar.
			{"2026-10-20 09:00", "2026-10-21 16:00", nil, map[assessment.Wave][2]string{assessment.After: {"2026-10-23T07:00:00Z", "2026-11-20T14:00:00Z"}}},
		} {
			m := w.joined(c.from, c.until, c.waves, w.person("Zofia", "Uczestna"))
			type row struct {
				Wave                    assessment.Wave
				DueAt, MailAt, ClosesAt time.Time
			}
			list, err := db.All[row](w.ctx, w.d, `SELECT s.wave, s.due_at, s.mail_at, s.closes_at FROM sitting s JOIN participant p ON p.id = s.participant_id WHERE p.measurement_id = ?`, m.ID)
			w.no(err)
			got := map[assessment.Wave][2]string{}
			for _, r := range list {
				got[r.Wave] = [2]string{r.DueAt.UTC().Format(time.RFC3339), r.ClosesAt.UTC().Format(time.RFC3339)}
				if !r.MailAt.Equal(r.DueAt) {
					w.t.Errorf("%s: %s falls due at %v and its letter goes out at %v", c.until, r.Wave, r.DueAt, r.MailAt)
				}
			}
			if !maps.Equal(got, c.want) {
				w.t.Errorf("%s: %v", c.until, got)
			}
		}
	})
}

// sitByLink sits what the newest letter leads to.
func (w *world) sitByLink(wave assessment.Wave, known int) {
	w.t.Helper()
	x, err := w.s.UseLink(w.ctx, w.token())
	w.no(err)
	if x.Wave != wave {
		w.t.Fatalf("the letter leads to %s, not %s", x.Wave, wave)
	}
	w.sit(x.ID, known)
}

// A training of 24 October: the letters come to the minute, in winter and in summer time, three for each follow-up that stays
// unanswered, five days apart, and then no more.
func TestLettersOfFollowUps(t *testing.T) {
	each(t, func(w *world) {
		w.approve()
		w.joined("2026-10-23 12:00", "2026-10-24 16:00", assessment.FollowUps, w.person("Zofia", "Uczestna"))
		w.measure()
		w.sitByLink(assessment.Before, 6)
		w.until(warsaw(w.t, "2026-10-24 15:59"))
		if w.measure(); w.sentLinks() != 1 {
			w.t.Errorf("%d letters before the training has ended", w.sentLinks())
		}
		w.until(warsaw(w.t, "2026-10-24 16:00"))
		w.measure()
		w.sitByLink(assessment.After, 12)
		sent := w.sentLinks()
		var days []string
		note := func() {
			w.measure()
			for ; sent < w.sentLinks(); sent++ {
				days = append(days, w.clock.Now().Format("2006-01-02T15:04Z"))
			}
		}
		for local := warsaw(w.t, "2026-10-25 08:59"); local.Before(warsaw(w.t, "2027-09-01 00:00")); local = local.AddDate(0, 0, 1) {
			w.until(local)
			note()
			w.until(local.Add(time.Minute))
			note()
		}
		want := []string{
			"2026-10-31T08:00Z", "2026-11-05T08:00Z", "2026-11-10T08:00Z",
			"2027-01-24T08:00Z", "2027-01-29T08:00Z", "2027-02-03T08:00Z",
			"2027-04-24T07:00Z", "2027-04-29T07:00Z", "2027-05-04T07:00Z",
		}
		if !slices.Equal(days, want) {
			w.t.Errorf("letters at %v", days)
		}
		if r := w.report(""); r.Small != true {
			w.t.Errorf("%+v", r.Group)
		}
	})
}

// after brings a new learner of the course to the test after it, which awaits.
func (w *world) after() (a access.Actor, sittingID string) {
	w.t.Helper()
	a = w.person("Zofia", "Uczestna")
	w.enrol(a)
	w.sit(w.task(a, assessment.Before), 8)
	w.finish(a)
	return a, w.task(a, assessment.After)
}

func TestWhatStopsTheReminders(t *testing.T) {
	each(t, func(w *world) {
		w.attach()
		backAgain := map[string]func(a access.Actor){
			"withdrawn": func(a access.Actor) { w.withdraw(a, false) },
			"blocked":   func(a access.Actor) { w.no(w.a.Identity.Unblock(w.ctx, w.admin, a.PersonID)) },
		}
		for name, stop := range map[string]func(a access.Actor, sittingID string){
			"handed in": func(_ access.Actor, sittingID string) { w.sit(sittingID, 12) },
			"declined":  func(_ access.Actor, sittingID string) { w.no(w.s.Decline(w.ctx, sittingID)) },
			"withdrawn": func(a access.Actor, _ string) { w.withdraw(a, true) },
			"blocked":   func(a access.Actor, _ string) { w.no(w.a.Identity.Block(w.ctx, w.admin, a.PersonID)) },
		} {
			a, sittingID := w.after()
			letters := func() int {
				w.measure()
				n, err := db.One[int](w.ctx, w.d, `SELECT letters FROM sitting WHERE id = ?`, sittingID)
				w.no(err)
				return n
			}
			if n := letters(); n != 0 {
				w.t.Errorf("%s: %d letters while the person may still be in the course", name, n)
			}
			w.clock.Advance(2 * time.Hour)
			if n := letters(); n != 1 {
				w.t.Errorf("%s: %d letters came", name, n)
			}
			stop(a, sittingID)
			for range 7 {
				w.clock.Advance(day)
				if n := letters(); n != 1 {
					w.t.Errorf("%s, and %d letters came", name, n-1)
				}
			}
			next, err := db.One[time.Time](w.ctx, w.d, `SELECT mail_at FROM sitting WHERE id = ?`, sittingID)
			w.no(err)
			back := backAgain[name]
			if (back == nil) != next.IsZero() {
				w.t.Errorf("%s, and the next letter goes out at %v", name, next)
			}
			if back == nil {
				continue
			}
			back(a)
			w.clock.Advance(day)
			if n := letters(); n != 2 {
				w.t.Errorf("%s and brought back: %d letters", name, n)
			}
		}
	})
}

// withdraw takes a person out of the course, or brings them back.
func (w *world) withdraw(a access.Actor, out bool) {
	w.t.Helper()
	w.no(w.d.Update(w.ctx, func(tx *db.Tx) error { return w.s.Withdrawn(w.ctx, tx, a.PersonID, "border-guard", out) }))
}

func TestWhoHasNoAddressIsLeftInPeace(t *testing.T) {
	each(t, func(w *world) {
		w.approve()
		personID, err := w.a.Identity.Add(w.ctx, access.System, identity.Draft{GivenName: "Jan", FamilyName: "Bezpocztowy", ServiceNumber: "SG-1", UnitID: w.unit, Lang: "pl"}, false)
		w.no(err)
		w.joined("2026-10-24 09:00", "2026-10-24 16:00", assessment.FollowUps, access.Actor{PersonID: personID}, w.person("Zofia", "Uczestna"))
		w.measure()
		if w.sentLinks() != 1 {
			w.t.Errorf("%d letters", w.sentLinks())
		}
		waiting, err := db.One[int](w.ctx, w.d, `SELECT COUNT(*) FROM sitting WHERE mail_at <= ?`, w.clock.Now())
		if err != nil || waiting != 0 {
			w.t.Errorf("%d letters wait for ever, %v", waiting, err)
		}
	})
}

// A closed measurement takes nobody in and lets those who are in it go on.
func TestAClosedMeasurement(t *testing.T) {
	each(t, func(w *world) {
		m := w.attach()
		inside, late, back := w.person("Zofia", "Wczesna"), w.person("Anna", "Późna"), w.person("Olga", "Powrotna")
		w.enrol(inside)
		w.sit(w.task(inside, assessment.Before), 8)
		w.no(w.s.Close(w.ctx, w.admin, m.ID, true))
		w.enrol(late)
		if tasks, err := w.s.Tasks(w.ctx, w.d, late.PersonID, "border-guard"); len(tasks) > 0 || err != nil {
			w.t.Errorf("who came late is asked: %+v, %v", tasks, err)
		}
		w.finish(inside)
		w.sit(w.task(inside, assessment.After), 12)
		if r := w.report(""); r.Small == false {
			w.t.Errorf("%+v", r.Group)
		}
		w.until(warsaw(w.t, "2026-10-30 09:00"))
		if w.measure(); w.sentLinks() != 1 {
			w.t.Errorf("%d letters to who goes on", w.sentLinks())
		}
		d := assessment.MeasurementDraft{TestID: w.test.ID, Kind: assessment.OfCourse, CourseID: "border-guard", UnitID: w.unit}
		other, err := w.s.Attach(w.ctx, w.admin, d)
		w.no(err)
		// Who had been enrolled and not begun is in the new one; who had begun is not.
		if people, err := db.All[string](w.ctx, w.d, `SELECT person_id FROM participant WHERE measurement_id = ?`, other.ID); err != nil || !slices.Contains(people, late.PersonID) {
			w.t.Errorf("the new one has %v, %v", people, err)
		}
		_, err = w.s.Attach(w.ctx, w.admin, d)
		w.refuses("a second open one", err, "course", "assessment.measure.already")
		if err := w.s.Close(w.ctx, w.admin, m.ID, false); !errors.Is(err, errs.ErrConflict) {
			w.t.Errorf("opened again beside another: %v", err)
		}
		w.no(w.s.Close(w.ctx, w.admin, other.ID, true))
		w.no(w.s.Close(w.ctx, w.admin, m.ID, false))
		w.enrol(back)
		w.task(back, assessment.Before)

		training := w.joined("2026-11-10 09:00", "2026-11-10 16:00", nil, inside)
		w.no(w.s.Close(w.ctx, w.admin, training.ID, true))
		if n, err := w.s.AddParticipants(w.ctx, w.admin, training.ID, []string{late.PersonID}); n != 0 || !errors.Is(err, errs.ErrConflict) {
			w.t.Errorf("%d joined what is closed: %v", n, err)
		}
	})
}

// Everybody who is not matched is lost for one reason that people understand.
func TestWhyPeopleAreLost(t *testing.T) {
	each(t, func(w *world) {
		w.attach()
		_, closed := w.after()
		w.no(w.s.Begin(w.ctx, closed))
		w.clock.Advance(31 * day)
		w.measure()
		before := func() (access.Actor, string) {
			a := w.person("Anna", "Początkująca")
			w.enrol(a)
			return a, w.task(a, assessment.Before)
		}
		for range 5 {
			_, sittingID := w.after()
			w.sit(sittingID, 12)
		}
		before() // asked, and no more
		_, begun := before()
		w.no(w.s.Begin(w.ctx, begun))
		_, declined := before()
		w.no(w.s.Decline(w.ctx, declined))
		_, underWay := before()
		w.sit(underWay, 8)
		w.after()
		_, begun = w.after()
		w.no(w.s.Begin(w.ctx, begun))
		_, declined = w.after()
		w.no(w.s.Decline(w.ctx, declined))
		out, _ := w.after()
		w.withdraw(out, true)
		returned, _ := w.after()
		w.withdraw(returned, true)
		w.withdraw(returned, false)
		want := map[assessment.Loss]int{
			assessment.LostBefore: 1, assessment.LostMidBefore: 1, assessment.LostDeclined: 2, assessment.LostUnderWay: 1, assessment.LostAfter: 2, assessment.LostMidAfter: 1,
			assessment.LostWithdrawn: 1, assessment.LostClosed: 1,
		}
		r := w.report("")
		if !maps.Equal(r.Group.Losses, want) || r.Group.Gain.Matched != 5 || r.Group.Gain.Lost != 10 {
			w.t.Errorf("%d matched, %d lost: %v", r.Group.Gain.Matched, r.Group.Gain.Lost, r.Group.Losses)
		}
		for loss := range r.Group.Losses {
			if !slices.Contains(assessment.Losses, loss) {
				w.t.Errorf("%s is not in the order of losses", loss)
			}
		}
	})
}

// invited brings a new participant of a training to the letter of the test before, and returns the sitting and its token.
func (w *world) invited() (sittingID, token string) {
	w.t.Helper()
	w.joined("2026-10-24 09:00", "2026-10-24 16:00", nil, w.person("Zofia", "Uczestna"))
	w.measure()
	token = w.token()
	l, err := w.s.Link(w.ctx, token)
	w.no(err)
	return l.ID, token
}

func TestALinkSaysWhyItIsRefused(t *testing.T) {
	each(t, func(w *world) {
		w.approve()
		for _, c := range []struct {
			name, key string
			spoil     func(sittingID, token string)
		}{
			{"used before", "assessment.link.used", func(_, token string) { w.no(second(w.s.UseLink(w.ctx, token))) }},
			{"handed in", "assessment.sitting.done-already", func(sittingID, _ string) { w.sit(sittingID, 9) }},
			{"declined", "assessment.sitting.declined", func(sittingID, _ string) { w.no(w.s.Decline(w.ctx, sittingID)) }},
			{"over, and not yet closed", "assessment.sitting.closed", func(string, string) { w.until(warsaw(w.t, "2026-10-24 10:01")) }},
			{"closed", "assessment.sitting.closed", func(string, string) { w.until(warsaw(w.t, "2026-10-24 10:01")); w.measure() }},
		} {
			w.until(start)
			sittingID, token := w.invited()
			for range 3 { // a mail scanner looks at it: that uses nothing up
				if l, err := w.s.Link(w.ctx, token); err != nil || l.Used {
					w.t.Errorf("%s: %+v, %v", c.name, l, err)
				}
			}
			c.spoil(sittingID, token)
			before := w.dump()
			for range 2 {
				if _, err := w.s.UseLink(w.ctx, token); !errors.Is(err, errs.ErrConflict) || !strings.Contains(err.Error(), c.key) {
					w.t.Errorf("%s: %v", c.name, err)
				}
			}
			if found := changes(before, w.dump()); len(found) > 0 {
				w.t.Errorf("%s: a refused link left %v", c.name, found)
			}
		}
	})
}

func TestOfManyWhoUseALinkOneDoes(t *testing.T) {
	each(t, func(w *world) {
		w.approve()
		_, token := w.invited()
		var devices sync.WaitGroup
		var mu sync.Mutex
		used, refused := 0, 0
		for range 8 {
			devices.Go(func() {
				_, err := w.s.UseLink(w.ctx, token)
				mu.Lock()
				defer mu.Unlock()
				switch {
				case err == nil:
					used++
				case strings.Contains(err.Error(), "assessment.link.used"):
					refused++
				default:
					w.t.Error(err)
				}
			})
		}
		devices.Wait()
		if used != 1 || refused != 7 {
			w.t.Errorf("%d used it and %d were refused", used, refused)
		}
	})
}

// Refreshers are offered on the topics that are 15 points or more below the test after, at the newest follow-up, the worst
// first; each lesson once.
func TestRefreshersAreOfWhatFaded(t *testing.T) {
	each(t, func(w *world) {
		w.attach()
		a, sittingID := w.after()
		w.sit(sittingID, 12)
		lessons := w.lessonTopics()
		for _, c := range []struct {
			name               string
			after, week, later map[string]float64
			want               []string
		}{
			{"nothing later", map[string]float64{"law": 80}, nil, nil, nil},
			{"nothing faded", map[string]float64{"law": 80, "refer": 50}, map[string]float64{"law": 66, "refer": 100}, nil, nil},
			{"some faded", map[string]float64{"law": 80, "identify": 90, "protect": 50, "support": 100, "refer": 60, "self-care": 100},
				nil, map[string]float64{"law": 60, "identify": 76, "protect": 70, "support": 50, "refer": 45}, []string{"support", "law", "refer"}},
			{"as much of two", map[string]float64{"law": 80, "identify": 80}, map[string]float64{"law": 50, "identify": 50}, nil, []string{"identify", "law"}},
			{"faded in a week and known again", map[string]float64{"law": 80}, map[string]float64{"law": 10}, map[string]float64{"law": 75}, nil},
		} {
			w.setTopics(a, assessment.After, c.after)
			w.setTopics(a, assessment.Week, c.week)
			w.setTopics(a, assessment.Months3, c.later)
			v, err := w.s.Sitting(w.ctx, sittingID)
			w.no(err)
			results, err := w.s.Progress(w.ctx, v.Sitting)
			w.no(err)
			faded := assessment.Faded(results)
			if !slices.Equal(faded, c.want) {
				w.t.Errorf("%s: %v faded", c.name, faded)
			}
			list, err := w.s.Refreshers(w.ctx, v, faded)
			w.no(err)
			offered := map[string]bool{}
			for _, l := range list {
				lesson := path.Base(l.Path)
				if !slices.ContainsFunc(lessons[lesson], func(topic string) bool { return slices.Contains(c.want, topic) }) || offered[lesson] || l.Title == "" {
					w.t.Errorf("%s: %s, of %v, is offered (a second time: %v)", c.name, lesson, lessons[lesson], offered[lesson])
				}
				offered[lesson] = true
			}
			for lesson, topics := range lessons {
				if slices.ContainsFunc(topics, func(topic string) bool { return slices.Contains(c.want, topic) }) && !offered[lesson] {
					w.t.Errorf("%s: %s, of %v, is not offered", c.name, lesson, topics)
				}
			}
		}
		// A training in a room has no lessons to lead to.
		w.joined("2026-10-24 09:00", "2026-10-24 16:00", nil, w.person("Zofia", "Uczestna"))
		w.measure()
		l, err := w.s.Link(w.ctx, w.token())
		w.no(err)
		v, err := w.s.Sitting(w.ctx, l.ID)
		w.no(err)
		if list, err := w.s.Refreshers(w.ctx, v, []string{"law"}); len(list) > 0 || err != nil {
			w.t.Errorf("%+v, %v", list, err)
		}
	})
}

// setTopics plants a result; nil takes it away.
func (w *world) setTopics(a access.Actor, wave assessment.Wave, topics map[string]float64) {
	w.t.Helper()
	percent := any(50.0)
	if topics == nil {
		percent = nil
	}
	w.no(w.d.Update(w.ctx, func(tx *db.Tx) error {
		return db.Exec(w.ctx, tx, `UPDATE participant SET `+string(wave)+`_percent = ?, `+string(wave)+`_topics = ? WHERE person_id = ?`, percent, assessment.FormatTopics(topics), a.PersonID)
	}))
}

// lessonTopics returns the topics that the shipped course's lessons teach.
func (w *world) lessonTopics() map[string][]string {
	w.t.Helper()
	folder, err := course.Open(filepath.Join("..", "..", "courses", "border-guard"))
	w.no(err)
	c, _, err := course.Load(folder)
	w.no(err)
	topics := map[string][]string{}
	for _, p := range c.Parts() {
		if l := c.Lesson(p.ID(), "pl"); l != nil {
			for _, o := range c.Objectives {
				if slices.Contains(l.Objectives, o.ID) {
					topics[l.ID] = append(topics[l.ID], o.Topic)
				}
			}
		}
	}
	return topics
}

func TestAMeasurementNamesItsFaults(t *testing.T) {
	each(t, func(w *world) {
		w.approve()
		for _, c := range []struct {
			name, field, key string
			spoil            func(d *assessment.MeasurementDraft)
		}{
			{"no kind", "kind", "error.invalid", func(d *assessment.MeasurementDraft) { d.Kind = "seminar" }},
			{"no title", "title", "assessment.measure.title-fault", func(d *assessment.MeasurementDraft) { d.Title = "  " }},
			{"a long title", "title", "assessment.measure.title-fault", func(d *assessment.MeasurementDraft) { d.Title = strings.Repeat("ż", 201) }},
			{"a long project", "project", "assessment.measure.title-fault", func(d *assessment.MeasurementDraft) { d.Project = strings.Repeat("ż", 201) }},
			{"no begin", "from", "assessment.measure.date", func(d *assessment.MeasurementDraft) { d.HeldFrom = time.Time{} }},
			{"no end", "until", "assessment.measure.date", func(d *assessment.MeasurementDraft) { d.HeldUntil = time.Time{} }},
			{"ends before it begins", "until", "assessment.measure.order", func(d *assessment.MeasurementDraft) { d.HeldUntil = d.HeldFrom }},
			{"a wave that is none", "waves", "error.invalid", func(d *assessment.MeasurementDraft) { d.Waves = []assessment.Wave{assessment.After} }},
			{"no test", "test", "assessment.measure.no-test", func(d *assessment.MeasurementDraft) { d.TestID = id.New() }},
			{"no unit", "unit", "assessment.measure.no-unit", func(d *assessment.MeasurementDraft) { d.UnitID = id.New() }},
			{"no course", "course", "assessment.measure.no-course", func(d *assessment.MeasurementDraft) { d.Kind, d.CourseID = assessment.OfCourse, "" }},
			{"no such course", "course", "assessment.measure.no-course", func(d *assessment.MeasurementDraft) { d.Kind, d.CourseID = assessment.OfCourse, "nothing" }},
		} {
			d := assessment.MeasurementDraft{TestID: w.test.ID, Kind: assessment.OfTraining, Title: "Szkolenie", UnitID: w.unit, HeldFrom: start, HeldUntil: start.Add(day)}
			c.spoil(&d)
			w.refuses(c.name, second(w.s.Attach(w.ctx, w.admin, d)), c.field, c.key)
		}
		if n, err := db.One[int](w.ctx, w.d, `SELECT COUNT(*) FROM measurement`); n != 0 || err != nil {
			w.t.Errorf("%d measurements, %v", n, err)
		}
	})
}

// Who may measure in a unit attaches and adds there; a course concerns everybody.
func TestWhoMayMeasure(t *testing.T) {
	each(t, func(w *world) {
		w.approve()
		east, west := w.newUnit(w.unit, "Oddział Wschodni"), w.newUnit(w.unit, "Oddział Zachodni")
		local := w.within(access.Coordinator, east)
		training := func(unit string) assessment.MeasurementDraft {
			return assessment.MeasurementDraft{TestID: w.test.ID, Kind: assessment.OfTraining, Title: "Szkolenie", UnitID: unit, HeldFrom: start.Add(day), HeldUntil: start.Add(2 * day)}
		}
		m, err := w.s.Attach(w.ctx, local, training(east))
		w.no(err)
		of := assessment.MeasurementDraft{TestID: w.test.ID, Kind: assessment.OfCourse, CourseID: "border-guard", UnitID: east}
		for name, c := range map[string]struct {
			actor access.Actor
			d     assessment.MeasurementDraft
		}{
			"in the other region": {local, training(west)}, "above": {local, training(w.unit)}, "of a course": {local, of}, "a trainer": {w.within(access.Trainer, east), training(east)},
			"a learner": {w.person("Jan", "Zwykły"), training(east)}, "nobody": {access.Actor{}, training(east)},
		} {
			if _, err := w.s.Attach(w.ctx, c.actor, c.d); !errors.Is(err, errs.ErrForbidden) {
				w.t.Errorf("%s: %v", name, err)
			}
		}
		for name, a := range map[string]access.Actor{"the other region": w.within(access.Coordinator, west), "a trainer": w.within(access.Trainer, east), "a learner": w.person("Jan", "Zwykły")} {
			if err := w.s.Close(w.ctx, a, m.ID, true); !errors.Is(err, errs.ErrNotFound) {
				w.t.Errorf("%s closes it: %v", name, err)
			}
			if _, err := w.s.AddParticipants(w.ctx, a, m.ID, []string{local.PersonID}); !errors.Is(err, errs.ErrNotFound) {
				w.t.Errorf("%s adds to it: %v", name, err)
			}
		}
		// Of the people named, those of the own unit who are not blocked join, once.
		mine, err := w.a.Identity.Add(w.ctx, access.System, identity.Draft{GivenName: "Anna", FamilyName: "Wschodnia", Mail: "wschodnia@example.org", UnitID: east, Lang: "pl"}, false)
		w.no(err)
		blocked, err := w.a.Identity.Add(w.ctx, access.System, identity.Draft{GivenName: "Jan", FamilyName: "Zablokowany", Mail: "zablokowany@example.org", UnitID: east, Lang: "pl"}, false)
		w.no(err)
		w.no(w.a.Identity.Block(w.ctx, w.admin, blocked))
		if n, err := w.s.AddParticipants(w.ctx, local, m.ID, []string{mine, w.admin.PersonID, blocked, id.New(), mine}); n != 1 || err != nil {
			w.t.Errorf("%d joined, %v", n, err)
		}
		if n, err := w.s.AddParticipants(w.ctx, local, m.ID, []string{mine}); n != 0 || err != nil {
			w.t.Errorf("%d joined again, %v", n, err)
		}
	})
}
