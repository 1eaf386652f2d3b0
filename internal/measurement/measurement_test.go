package measurement_test

import (
	"context"
	"errors"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/classroom"
	"ostoja/internal/course"
	"ostoja/internal/course/folder"
	"ostoja/internal/db"
	"ostoja/internal/errs"
	"ostoja/internal/evidence"
	"ostoja/internal/id"
	"ostoja/internal/identity"
	"ostoja/internal/measurement"
	"ostoja/internal/measurement/topic"
	"ostoja/internal/testrig/measured"
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
	w.Clock.Advance(at.Sub(w.Clock.Now()))
}

// sentLinks counts the letters with a link to a sitting so far.
func (w *world) sentLinks() int {
	n := 0
	for _, l := range w.Letters {
		if measured.Links.MatchString(l) {
			n++
		}
	}
	return n
}

// joined attaches the approved test to a training between two local times and adds people to it.
func (w *world) joined(from, until string, waves []measurement.Wave, people ...access.Actor) measurement.Measurement {
	w.T.Helper()
	m, err := w.AttachTraining(w.Admin,
		classroom.Draft{Title: "Szkolenie " + id.New(), HeldFrom: warsaw(w.T, from), HeldUntil: warsaw(w.T, until)},
		measurement.Draft{TestID: w.Test.ID, UnitID: w.Unit, Waves: waves})
	w.No(err)
	var ids []string
	for _, p := range people {
		ids = append(ids, p.PersonID)
	}
	n, err := w.Measurements.AddParticipants(w.Ctx, w.Admin, m.ID, ids)
	if err != nil || n != len(people) {
		w.T.Fatalf("%d of %d were added, %v", n, len(people), err)
	}
	return m
}

func TestTheCalendarOfATraining(t *testing.T) {
	each(t, func(w *world) {
		w.Approve()
		all := measurement.FollowUps
		for _, c := range []struct {
			from, until string
			waves       []measurement.Wave
			want        map[measurement.Wave][2]string // due and closing, UTC
		}{
			// The clocks go back on 25 October: the week later is 09:00 in winter time, half a year later it is summer again.
			{"2026-10-23 09:00", "2026-10-24 16:00", all, map[measurement.Wave][2]string{
				measurement.Before: {"2026-10-23T07:00:00Z", "2026-10-23T08:00:00Z"}, measurement.After: {"2026-10-24T14:00:00Z", "2026-11-23T14:00:00Z"},
				measurement.Week: {"2026-10-31T08:00:00Z", "2026-11-21T08:00:00Z"}, measurement.Months3: {"2027-01-24T08:00:00Z", "2027-03-10T08:00:00Z"}, measurement.Months6: {"2027-04-24T07:00:00Z", "2027-06-08T07:00:00Z"},
			}},
			// It opens seven days before it begins; the clocks go forward on 28 March; the waves are those chosen, in any order.
			{"2027-03-22 08:00", "2027-03-22 15:00", []measurement.Wave{measurement.Months6, measurement.Week}, map[measurement.Wave][2]string{
				measurement.Before: {"2027-03-15T07:00:00Z", "2027-03-22T08:00:00Z"}, measurement.After: {"2027-03-22T14:00:00Z", "2027-04-21T14:00:00Z"},
				measurement.Week: {"2027-03-29T07:00:00Z", "2027-04-19T07:00:00Z"}, measurement.Months6: {"2027-09-22T07:00:00Z", "2027-11-06T07:00:00Z"},
			}},
			// It ends late in the evening of a day that February has not.
			{"2026-11-29 09:00", "2026-11-30 23:30", []measurement.Wave{measurement.Months3}, map[measurement.Wave][2]string{
				measurement.Before: {"2026-11-22T08:00:00Z", "2026-11-29T09:00:00Z"}, measurement.After: {"2026-11-30T22:30:00Z", "2026-12-30T22:30:00Z"},
				measurement.Months3: {"2027-02-28T08:00:00Z", "2027-04-14T08:00:00Z"},
			}},
			// Who is added when it is over is not asked before; the rest is on the calendar.
			{"2026-10-20 09:00", "2026-10-21 16:00", nil, map[measurement.Wave][2]string{measurement.After: {"2026-10-23T07:00:00Z", "2026-11-20T14:00:00Z"}}},
		} {
			m := w.joined(c.from, c.until, c.waves, w.Person("Zofia", "Uczestna"))
			type row struct {
				Wave                    measurement.Wave
				DueAt, MailAt, ClosesAt time.Time
			}
			list, err := db.All[row](w.Ctx, w.DB, `SELECT s.wave, s.due_at, s.mail_at, s.closes_at FROM sitting s JOIN participant p ON p.id = s.participant_id WHERE p.measurement_id = ?`, m.ID)
			w.No(err)
			got := map[measurement.Wave][2]string{}
			for _, r := range list {
				got[r.Wave] = [2]string{r.DueAt.UTC().Format(time.RFC3339), r.ClosesAt.UTC().Format(time.RFC3339)}
				if !r.MailAt.Equal(r.DueAt) {
					w.T.Errorf("%s: %s falls due at %v and its letter goes out at %v", c.until, r.Wave, r.DueAt, r.MailAt)
				}
			}
			if !maps.Equal(got, c.want) {
				w.T.Errorf("%s: %v", c.until, got)
			}
		}
	})
}

// sitByLink sits what the newest letter leads to.
func (w *world) sitByLink(wave measurement.Wave, known int) {
	w.T.Helper()
	x, err := w.Measurements.UseLink(w.Ctx, w.Token())
	w.No(err)
	if x.Wave != wave {
		w.T.Fatalf("the letter leads to %s, not %s", x.Wave, wave)
	}
	w.Sit(x.ID, known)
}

// A training of 24 October: the letters come to the minute, in winter and in summer time, three for each follow-up that stays
// unanswered, five days apart, and then no more.
func TestLettersOfFollowUps(t *testing.T) {
	each(t, func(w *world) {
		w.Approve()
		w.joined("2026-10-23 12:00", "2026-10-24 16:00", measurement.FollowUps, w.Person("Zofia", "Uczestna"))
		w.Measure()
		w.sitByLink(measurement.Before, 6)
		w.until(warsaw(w.T, "2026-10-24 15:59"))
		if w.Measure(); w.sentLinks() != 1 {
			w.T.Errorf("%d letters before the training has ended", w.sentLinks())
		}
		w.until(warsaw(w.T, "2026-10-24 16:00"))
		w.Measure()
		w.sitByLink(measurement.After, 12)
		sent := w.sentLinks()
		var days []string
		note := func() {
			w.Measure()
			for ; sent < w.sentLinks(); sent++ {
				days = append(days, w.Clock.Now().Format("2006-01-02T15:04Z"))
			}
		}
		for local := warsaw(w.T, "2026-10-25 08:59"); local.Before(warsaw(w.T, "2027-09-01 00:00")); local = local.AddDate(0, 0, 1) {
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
			w.T.Errorf("letters at %v", days)
		}
		if r := w.Report(""); r.Small != true {
			w.T.Errorf("%+v", r.Group)
		}
	})
}

// after brings a new learner of the course to the test after it, which awaits.
func (w *world) after() (a access.Actor, sittingID string) {
	w.T.Helper()
	a = w.Person("Zofia", "Uczestna")
	w.Enrol(a)
	w.Sit(w.Task(a, measurement.Before), 8)
	w.Finish(a)
	return a, w.Task(a, measurement.After)
}

func TestWhatStopsTheReminders(t *testing.T) {
	each(t, func(w *world) {
		w.Attach()
		backAgain := map[string]func(a access.Actor){
			"withdrawn": func(a access.Actor) { w.withdraw(a, false) },
			"blocked":   func(a access.Actor) { w.No(w.App.Identity.Unblock(w.Ctx, w.Admin, a.PersonID)) },
		}
		for name, stop := range map[string]func(a access.Actor, sittingID string){
			"handed in": func(_ access.Actor, sittingID string) { w.Sit(sittingID, 12) },
			"declined":  func(_ access.Actor, sittingID string) { w.No(w.Measurements.Decline(w.Ctx, sittingID)) },
			"withdrawn": func(a access.Actor, _ string) { w.withdraw(a, true) },
			"blocked":   func(a access.Actor, _ string) { w.No(w.App.Identity.Block(w.Ctx, w.Admin, a.PersonID)) },
		} {
			a, sittingID := w.after()
			letters := func() int {
				w.Measure()
				n, err := db.One[int](w.Ctx, w.DB, `SELECT letters FROM sitting WHERE id = ?`, sittingID)
				w.No(err)
				return n
			}
			if n := letters(); n != 0 {
				w.T.Errorf("%s: %d letters while the person may still be in the course", name, n)
			}
			w.Clock.Advance(2 * time.Hour)
			if n := letters(); n != 1 {
				w.T.Errorf("%s: %d letters came", name, n)
			}
			stop(a, sittingID)
			for range 7 {
				w.Clock.Advance(day)
				if n := letters(); n != 1 {
					w.T.Errorf("%s, and %d letters came", name, n-1)
				}
			}
			next, err := db.One[time.Time](w.Ctx, w.DB, `SELECT mail_at FROM sitting WHERE id = ?`, sittingID)
			w.No(err)
			back := backAgain[name]
			if (back == nil) != next.IsZero() {
				w.T.Errorf("%s, and the next letter goes out at %v", name, next)
			}
			if back == nil {
				continue
			}
			back(a)
			w.Clock.Advance(day)
			if n := letters(); n != 2 {
				w.T.Errorf("%s and brought back: %d letters", name, n)
			}
		}
	})
}

// withdraw takes a person out of the course, or brings them back.
func (w *world) withdraw(a access.Actor, out bool) {
	w.T.Helper()
	w.No(w.DB.Update(w.Ctx, func(tx *db.Tx) error { return w.Measurements.Withdrawn(w.Ctx, tx, a.PersonID, "border-guard", out) }))
}

func TestWhoHasNoAddressIsLeftInPeace(t *testing.T) {
	each(t, func(w *world) {
		w.Approve()
		personID, err := w.App.Identity.Add(w.Ctx, access.System, identity.Draft{GivenName: "Jan", FamilyName: "Bezpocztowy", ServiceNumber: "SG-1", UnitID: w.Unit, Lang: "pl"}, false)
		w.No(err)
		w.joined("2026-10-24 09:00", "2026-10-24 16:00", measurement.FollowUps, access.Actor{PersonID: personID}, w.Person("Zofia", "Uczestna"))
		w.Measure()
		if w.sentLinks() != 1 {
			w.T.Errorf("%d letters", w.sentLinks())
		}
		waiting, err := db.One[int](w.Ctx, w.DB, `SELECT COUNT(*) FROM sitting WHERE mail_at <= ?`, w.Clock.Now())
		if err != nil || waiting != 0 {
			w.T.Errorf("%d letters wait for ever, %v", waiting, err)
		}
	})
}

// A closed measurement takes nobody in and lets those who are in it go on.
func TestAClosedMeasurement(t *testing.T) {
	each(t, func(w *world) {
		m := w.Attach()
		inside, late, back := w.Person("Zofia", "Wczesna"), w.Person("Anna", "Późna"), w.Person("Olga", "Powrotna")
		w.Enrol(inside)
		w.Sit(w.Task(inside, measurement.Before), 8)
		w.No(w.Measurements.Close(w.Ctx, w.Admin, m.ID, true))
		w.Enrol(late)
		if tasks, err := w.Measurements.Tasks(w.Ctx, w.DB, late.PersonID, "border-guard"); len(tasks) > 0 || err != nil {
			w.T.Errorf("who came late is asked: %+v, %v", tasks, err)
		}
		w.Finish(inside)
		w.Sit(w.Task(inside, measurement.After), 12)
		if r := w.Report(""); r.Small == false {
			w.T.Errorf("%+v", r.Group)
		}
		w.until(warsaw(w.T, "2026-10-30 09:00"))
		if w.Measure(); w.sentLinks() != 1 {
			w.T.Errorf("%d letters to who goes on", w.sentLinks())
		}
		d := measurement.Draft{TestID: w.Test.ID, Kind: measurement.OfCourse, SubjectID: "border-guard", UnitID: w.Unit}
		other, err := w.Measurements.Attach(w.Ctx, w.Admin, d)
		w.No(err)
		// Who had been enrolled and not begun is in the new one; who had begun is not.
		if people, err := db.All[string](w.Ctx, w.DB, `SELECT person_id FROM participant WHERE measurement_id = ?`, other.ID); err != nil || !slices.Contains(people, late.PersonID) {
			w.T.Errorf("the new one has %v, %v", people, err)
		}
		_, err = w.Measurements.Attach(w.Ctx, w.Admin, d)
		w.Refuses("a second open one", err, "course", "assessment.measure.already")
		if err := w.Measurements.Close(w.Ctx, w.Admin, m.ID, false); !errors.Is(err, errs.ErrConflict) {
			w.T.Errorf("opened again beside another: %v", err)
		}
		w.No(w.Measurements.Close(w.Ctx, w.Admin, other.ID, true))
		w.No(w.Measurements.Close(w.Ctx, w.Admin, m.ID, false))
		w.Enrol(back)
		w.Task(back, measurement.Before)

		training := w.joined("2026-11-10 09:00", "2026-11-10 16:00", nil, inside)
		w.No(w.Measurements.Close(w.Ctx, w.Admin, training.ID, true))
		if n, err := w.Measurements.AddParticipants(w.Ctx, w.Admin, training.ID, []string{late.PersonID}); n != 0 || !errors.Is(err, errs.ErrConflict) {
			w.T.Errorf("%d joined what is closed: %v", n, err)
		}
	})
}

// Everybody who is not matched is lost for one reason that people understand.
func TestWhyPeopleAreLost(t *testing.T) {
	each(t, func(w *world) {
		w.Attach()
		_, closed := w.after()
		w.No(w.Measurements.Begin(w.Ctx, closed))
		w.Clock.Advance(31 * day)
		w.Measure()
		before := func() (access.Actor, string) {
			a := w.Person("Anna", "Początkująca")
			w.Enrol(a)
			return a, w.Task(a, measurement.Before)
		}
		for range 5 {
			_, sittingID := w.after()
			w.Sit(sittingID, 12)
		}
		before() // asked, and still to come
		_, begun := before()
		w.No(w.Measurements.Begin(w.Ctx, begun))
		_, declined := before()
		w.No(w.Measurements.Decline(w.Ctx, declined))
		_, underWay := before()
		w.Sit(underWay, 8)
		w.after()
		_, begun = w.after()
		w.No(w.Measurements.Begin(w.Ctx, begun))
		_, declined = w.after()
		w.No(w.Measurements.Decline(w.Ctx, declined))
		out, _ := w.after()
		w.withdraw(out, true)
		returned, _ := w.after()
		w.withdraw(returned, true)
		w.withdraw(returned, false)
		want := map[evidence.Loss]int{
			"not-yet": 1, "begun-before": 1, "declined": 2, "under-way": 1, "no-after": 2, "begun-after": 1,
			"withdrawn": 1, "closed": 1,
		}
		r := w.Report("")
		if !maps.Equal(r.Group.Losses, want) || r.Group.Gain.Matched != 5 || r.Group.Gain.Lost != 10 {
			w.T.Errorf("%d matched, %d lost: %v", r.Group.Gain.Matched, r.Group.Gain.Lost, r.Group.Losses)
		}
		for loss := range r.Group.Losses {
			if !slices.Contains(evidence.Losses, loss) {
				w.T.Errorf("%s is not in the order of losses", loss)
			}
		}
	})
}

// invited brings a new participant of a training to the letter of the test before, and returns the sitting and its token.
func (w *world) invited() (sittingID, token string) {
	w.T.Helper()
	w.joined("2026-10-24 09:00", "2026-10-24 16:00", nil, w.Person("Zofia", "Uczestna"))
	w.Measure()
	token = w.Token()
	l, err := w.Measurements.Link(w.Ctx, token)
	w.No(err)
	return l.ID, token
}

func TestALinkSaysWhyItIsRefused(t *testing.T) {
	each(t, func(w *world) {
		w.Approve()
		for _, c := range []struct {
			name, key string
			spoil     func(sittingID, token string)
		}{
			{"used before", "assessment.link.used", func(_, token string) { w.No(measured.Second(w.Measurements.UseLink(w.Ctx, token))) }},
			{"handed in", "assessment.sitting.done-already", func(sittingID, _ string) { w.Sit(sittingID, 9) }},
			{"declined", "assessment.sitting.declined", func(sittingID, _ string) { w.No(w.Measurements.Decline(w.Ctx, sittingID)) }},
			{"over, and not yet closed", "assessment.sitting.closed", func(string, string) { w.until(warsaw(w.T, "2026-10-24 10:01")) }},
			{"closed", "assessment.sitting.closed", func(string, string) { w.until(warsaw(w.T, "2026-10-24 10:01")); w.Measure() }},
		} {
			w.until(measured.Start)
			sittingID, token := w.invited()
			for range 3 { // a mail scanner looks at it: that uses nothing up
				if l, err := w.Measurements.Link(w.Ctx, token); err != nil || l.Used {
					w.T.Errorf("%s: %+v, %v", c.name, l, err)
				}
			}
			c.spoil(sittingID, token)
			before := w.Dump()
			for range 2 {
				if _, err := w.Measurements.UseLink(w.Ctx, token); !errors.Is(err, errs.ErrConflict) || !strings.Contains(err.Error(), c.key) {
					w.T.Errorf("%s: %v", c.name, err)
				}
			}
			if found := measured.Changes(before, w.Dump()); len(found) > 0 {
				w.T.Errorf("%s: a refused link left %v", c.name, found)
			}
		}
	})
}

func TestOfManyWhoUseALinkOneDoes(t *testing.T) {
	each(t, func(w *world) {
		w.Approve()
		_, token := w.invited()
		var devices sync.WaitGroup
		var mu sync.Mutex
		used, refused := 0, 0
		for range 8 {
			devices.Go(func() {
				_, err := w.Measurements.UseLink(w.Ctx, token)
				mu.Lock()
				defer mu.Unlock()
				switch {
				case err == nil:
					used++
				case strings.Contains(err.Error(), "assessment.link.used"):
					refused++
				default:
					w.T.Error(err)
				}
			})
		}
		devices.Wait()
		if used != 1 || refused != 7 {
			w.T.Errorf("%d used it and %d were refused", used, refused)
		}
	})
}

// Refreshers are offered on the topics that are 15 points or more below the test after, at the newest follow-up, the worst
// first; each lesson once.
func TestRefreshersAreOfWhatFaded(t *testing.T) {
	each(t, func(w *world) {
		w.Attach()
		a, sittingID := w.after()
		w.Sit(sittingID, 12)
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
			w.setTopics(a, measurement.After, c.after)
			w.setTopics(a, measurement.Week, c.week)
			w.setTopics(a, measurement.Months3, c.later)
			v, err := w.Measurements.Sitting(w.Ctx, sittingID)
			w.No(err)
			results, err := w.Measurements.Progress(w.Ctx, v.Sitting)
			w.No(err)
			faded := measurement.Faded(results)
			if !slices.Equal(faded, c.want) {
				w.T.Errorf("%s: %v faded", c.name, faded)
			}
			list, err := w.Measurements.Refreshers(w.Ctx, v, faded)
			w.No(err)
			offered := map[string]bool{}
			for _, l := range list {
				lesson := path.Base(l.Path)
				if !slices.ContainsFunc(lessons[lesson], func(topic string) bool { return slices.Contains(c.want, topic) }) || offered[lesson] || l.Title == "" {
					w.T.Errorf("%s: %s, of %v, is offered (a second time: %v)", c.name, lesson, lessons[lesson], offered[lesson])
				}
				offered[lesson] = true
			}
			for lesson, topics := range lessons {
				if slices.ContainsFunc(topics, func(topic string) bool { return slices.Contains(c.want, topic) }) && !offered[lesson] {
					w.T.Errorf("%s: %s, of %v, is not offered", c.name, lesson, topics)
				}
			}
		}
		// A training in a room has no lessons to lead to.
		w.joined("2026-10-24 09:00", "2026-10-24 16:00", nil, w.Person("Zofia", "Uczestna"))
		w.Measure()
		l, err := w.Measurements.Link(w.Ctx, w.Token())
		w.No(err)
		v, err := w.Measurements.Sitting(w.Ctx, l.ID)
		w.No(err)
		if list, err := w.Measurements.Refreshers(w.Ctx, v, []string{"law"}); len(list) > 0 || err != nil {
			w.T.Errorf("%+v, %v", list, err)
		}
	})
}

// setTopics plants a result; nil takes it away.
func (w *world) setTopics(a access.Actor, wave measurement.Wave, topics map[string]float64) {
	w.T.Helper()
	percent := any(50.0)
	if topics == nil {
		percent = nil
	}
	w.No(w.DB.Update(w.Ctx, func(tx *db.Tx) error {
		return db.Exec(w.Ctx, tx, `UPDATE participant SET `+string(wave)+`_percent = ?, `+string(wave)+`_topics = ? WHERE person_id = ?`, percent, string(topic.Of(topics)), a.PersonID)
	}))
}

// lessonTopics returns the topics that the shipped course's lessons teach.
func (w *world) lessonTopics() map[string][]string {
	w.T.Helper()
	files, err := folder.Open(filepath.Join("..", "..", "courses", "border-guard"))
	w.No(err)
	c, _, err := course.Load(folder.WithPack(files, os.DirFS(filepath.Join("..", "..", "packs", "pl"))))
	w.No(err)
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
		w.Approve()
		for _, c := range []struct {
			name, field, key string
			spoil            func(d *measurement.Draft, t *classroom.Draft)
		}{
			{"no kind", "kind", "error.invalid", func(d *measurement.Draft, t *classroom.Draft) { d.Kind = "seminar" }},
			{"no title", "title", "assessment.measure.title-fault", func(d *measurement.Draft, t *classroom.Draft) { t.Title = "  " }},
			{"a long title", "title", "assessment.measure.title-fault", func(d *measurement.Draft, t *classroom.Draft) { t.Title = strings.Repeat("ż", 201) }},
			{"a long place", "place", "assessment.measure.title-fault", func(d *measurement.Draft, t *classroom.Draft) { t.Place = strings.Repeat("ż", 201) }},
			{"a long project", "project", "assessment.measure.title-fault", func(d *measurement.Draft, t *classroom.Draft) { t.Project = strings.Repeat("ż", 201) }},
			{"no begin", "from", "assessment.measure.date", func(d *measurement.Draft, t *classroom.Draft) { t.HeldFrom = time.Time{} }},
			{"no end", "until", "assessment.measure.date", func(d *measurement.Draft, t *classroom.Draft) { t.HeldUntil = time.Time{} }},
			{"ends before it begins", "until", "assessment.measure.order", func(d *measurement.Draft, t *classroom.Draft) { t.HeldUntil = t.HeldFrom }},
			{"a wave that is none", "waves", "error.invalid", func(d *measurement.Draft, t *classroom.Draft) { d.Waves = []measurement.Wave{measurement.After} }},
			{"no test", "test", "assessment.measure.no-test", func(d *measurement.Draft, t *classroom.Draft) { d.TestID = id.New() }},
			{"no unit", "unit", "assessment.measure.no-unit", func(d *measurement.Draft, t *classroom.Draft) { d.UnitID = id.New() }},
			{"no course", "course", "assessment.measure.no-course", func(d *measurement.Draft, t *classroom.Draft) { d.Kind, d.Make = measurement.OfCourse, nil }},
			{"no such course", "course", "assessment.measure.no-course", func(d *measurement.Draft, t *classroom.Draft) {
				d.Kind, d.Make, d.SubjectID = measurement.OfCourse, nil, "nothing"
			}},
		} {
			training := classroom.Draft{Title: "Szkolenie", HeldFrom: measured.Start, HeldUntil: measured.Start.Add(day)}
			d := measurement.Draft{TestID: w.Test.ID, Kind: measurement.OfTraining, UnitID: w.Unit}
			d.Make = func(ctx context.Context, tx *db.Tx, actor access.Actor) (string, error) {
				training.UnitID = d.UnitID
				return w.App.Classroom.Maker(training)(ctx, tx, actor)
			}
			c.spoil(&d, &training)
			w.Refuses(c.name, measured.Second(w.Measurements.Attach(w.Ctx, w.Admin, d)), c.field, c.key)
		}
		if n, err := db.One[int](w.Ctx, w.DB, `SELECT COUNT(*) FROM measurement`); n != 0 || err != nil {
			w.T.Errorf("%d measurements, %v", n, err)
		}
		if n, err := db.One[int](w.Ctx, w.DB, `SELECT (SELECT COUNT(*) FROM training) + (SELECT COUNT(*) FROM project)`); n != 0 || err != nil {
			w.T.Errorf("%d trainings and projects of refused measurements, %v", n, err)
		}
	})
}

// Who may measure in a unit attaches and adds there; a course concerns everybody.
func TestWhoMayMeasure(t *testing.T) {
	each(t, func(w *world) {
		w.Approve()
		east, west := w.NewUnit(w.Unit, "Oddział Wschodni"), w.NewUnit(w.Unit, "Oddział Zachodni")
		local := w.Within(access.Coordinator, east)
		training := func(unit string) measurement.Draft {
			made := w.App.Classroom.Maker(classroom.Draft{Title: "Szkolenie", UnitID: unit, HeldFrom: measured.Start.Add(day), HeldUntil: measured.Start.Add(2 * day)})
			return measurement.Draft{TestID: w.Test.ID, Kind: measurement.OfTraining, UnitID: unit, Make: made}
		}
		m, err := w.Measurements.Attach(w.Ctx, local, training(east))
		w.No(err)
		of := measurement.Draft{TestID: w.Test.ID, Kind: measurement.OfCourse, SubjectID: "border-guard", UnitID: east}
		for name, c := range map[string]struct {
			actor access.Actor
			d     measurement.Draft
		}{
			"in the other region": {local, training(west)}, "above": {local, training(w.Unit)}, "of a course": {local, of}, "a trainer": {w.Within(access.Trainer, east), training(east)},
			"a learner": {w.Person("Jan", "Zwykły"), training(east)}, "nobody": {access.Actor{}, training(east)},
		} {
			if _, err := w.Measurements.Attach(w.Ctx, c.actor, c.d); !errors.Is(err, errs.ErrForbidden) {
				w.T.Errorf("%s: %v", name, err)
			}
		}
		for name, a := range map[string]access.Actor{"the other region": w.Within(access.Coordinator, west), "a trainer": w.Within(access.Trainer, east), "a learner": w.Person("Jan", "Zwykły")} {
			if err := w.Measurements.Close(w.Ctx, a, m.ID, true); !errors.Is(err, errs.ErrNotFound) {
				w.T.Errorf("%s closes it: %v", name, err)
			}
			if _, err := w.Measurements.AddParticipants(w.Ctx, a, m.ID, []string{local.PersonID}); !errors.Is(err, errs.ErrNotFound) {
				w.T.Errorf("%s adds to it: %v", name, err)
			}
		}
		// Of the people named, those of the own unit who are not blocked join, once.
		mine, err := w.App.Identity.Add(w.Ctx, access.System, identity.Draft{GivenName: "Anna", FamilyName: "Wschodnia", Mail: "wschodnia@example.org", UnitID: east, Lang: "pl"}, false)
		w.No(err)
		blocked, err := w.App.Identity.Add(w.Ctx, access.System, identity.Draft{GivenName: "Jan", FamilyName: "Zablokowany", Mail: "zablokowany@example.org", UnitID: east, Lang: "pl"}, false)
		w.No(err)
		w.No(w.App.Identity.Block(w.Ctx, w.Admin, blocked))
		if n, err := w.Measurements.AddParticipants(w.Ctx, local, m.ID, []string{mine, w.Admin.PersonID, blocked, id.New(), mine}); n != 1 || err != nil {
			w.T.Errorf("%d joined, %v", n, err)
		}
		if n, err := w.Measurements.AddParticipants(w.Ctx, local, m.ID, []string{mine}); n != 0 || err != nil {
			w.T.Errorf("%d joined again, %v", n, err)
		}
	})
}
