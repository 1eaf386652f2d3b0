package letters_test

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	peer "github.com/arran4/golang-ical"

	"ostoja/internal/access"
	"ostoja/internal/classroom"
	"ostoja/internal/db"
	"ostoja/internal/mail"
	"ostoja/internal/testrig"
)

// plan is a training of two half-days in Terespol, with what is done to it.
type plan struct {
	*testrig.World
	id  string
	day time.Time
}

func (p plan) edition() int {
	return testrig.Must(p.Classroom.Plan(p.T.Context(), p.Coordinator, p.id))(p.T).Edition
}

func (p plan) team(who ...classroom.TrainerDraft) {
	p.T.Helper()
	p.OK(p.Classroom.SaveTrainers(p.T.Context(), p.GuardCoordinator, p.id, p.edition(), who))
}

func (p plan) sessions() []classroom.Session {
	return testrig.Must(p.Classroom.Sessions(p.T.Context(), p.Coordinator, p.id))(p.T)
}

// session writes the afternoon anew.
func (p plan) session(change func(d *classroom.SessionDraft)) {
	p.T.Helper()
	d := afternoon(p.day)
	change(&d)
	_, err := p.Classroom.SaveSession(p.T.Context(), p.GuardCoordinator, p.id, p.sessions()[1].ID, p.edition(), d)
	p.OK(err)
}

func (p plan) do(a classroom.Ask) {
	p.T.Helper()
	_, err := p.Classroom.Do(p.T.Context(), p.GuardCoordinator, p.id, false, p.edition(), a)
	p.OK(err)
}

func (p plan) undo() {
	p.T.Helper()
	d, ok, err := p.Classroom.Undoable(p.T.Context(), p.GuardCoordinator, p.id)
	p.OK(err)
	if !ok {
		p.T.Fatal("it cannot be undone")
	}
	p.OK(p.Classroom.Undo(p.T.Context(), p.GuardCoordinator, p.id, d.ID))
}

func (p plan) copies(trainers bool, days ...int) {
	p.T.Helper()
	var list []classroom.Copy
	for _, n := range days {
		list = append(list, classroom.Copy{Day: p.day.AddDate(0, 0, n).Format(time.DateOnly), Place: "Medyka"})
	}
	testrig.Must(p.Classroom.Duplicate(p.T.Context(), p.GuardCoordinator, p.id, false, trainers, list))(p.T)
}

func (p plan) tell() []mail.Message {
	p.T.Helper()
	before := len(p.Letters())
	testrig.Must(p.Classroom.Tell(p.T.Context()))(p.T)
	return p.Letters()[before:]
}

// told ends the time in which acts can be undone: before, no letter leaves, and after, none leaves twice.
func (p plan) told() []mail.Message {
	p.T.Helper()
	p.Clock.Advance(classroom.UndoFor - time.Second)
	if early := p.tell(); len(early) > 0 {
		p.T.Errorf("a letter of what can be undone: %q", early[0].Body)
	}
	p.Clock.Advance(time.Minute)
	list := p.tell()
	if twice := p.tell(); len(twice) > 0 {
		p.T.Errorf("a letter sent twice: %q", twice[0].Body)
	}
	return list
}

func morning(day time.Time) classroom.SessionDraft {
	return classroom.SessionDraft{Day: day.Format(time.DateOnly), From: "09:00", Until: "13:00", Place: "Terespol", Capacity: "20"}
}

func afternoon(day time.Time) classroom.SessionDraft {
	d := morning(day)
	d.From, d.Until, d.Title = "14:00", "17:00", "Ćwiczenia"
	return d
}

// entry is what another program understands of what a letter brings for a calendar.
type entry struct {
	method, uid, hours, attendee, status string
	sequence                             int
}

func entries(t *testing.T, m mail.Message) (list []entry) {
	t.Helper()
	zone := testrig.Must(time.LoadLocation("Europe/Warsaw"))(t)
	for _, x := range m.Calendar {
		c := testrig.Must(peer.ParseCalendar(strings.NewReader(x.Text)))(t)
		if n := len(c.Events()); n != 1 {
			t.Fatalf("%d events in\n%s", n, x.Text)
		}
		e := c.Events()[0]
		value := func(name peer.ComponentProperty) string {
			if p := e.GetProperty(name); p != nil {
				return p.Value
			}
			return ""
		}
		if !strings.Contains(x.Text, "METHOD:"+x.Method+"\r\n") {
			t.Errorf("sent as %s:\n%s", x.Method, x.Text)
		}
		from, until := testrig.Must(e.GetStartAt())(t).In(zone), testrig.Must(e.GetEndAt())(t).In(zone)
		list = append(list, entry{x.Method, e.Id(), from.Format("15:04") + "–" + until.Format("15:04"), value("ATTENDEE"), value("STATUS"), testrig.Must(strconv.Atoi(value("SEQUENCE")))(t)})
	}
	return list
}

// TestWhoTeachesIsTold is the table of acts and of who gets which letter. Each letter is written as what becomes of the calendar's entries,
// by the hour at which they begin, and what it says. Tomasz Trener leads each training, which he was told of; Teresa Trenerka is somebody
// else who may teach.
func TestWhoTeachesIsTold(t *testing.T) {
	tomasz, teresa := "tomasz.trener@example.org", "teresa.trenerka@example.org"
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		lead := classroom.TrainerDraft{PersonID: w.GuardTrainer.PersonID, Part: classroom.Lead}
		other := func(part classroom.Part) classroom.TrainerDraft {
			return classroom.TrainerDraft{PersonID: w.PoliceTrainer.PersonID, Part: part}
		}
		moved := classroom.Ask{Kind: classroom.ActMoved, Days: 1, Note: "Sala w remoncie"}
		putOff := classroom.Ask{Kind: classroom.ActPutOff, Note: "Zamknięta granica"}
		off := classroom.Ask{Kind: classroom.ActCancelled, Note: "Za mało zgłoszeń"}
		type letter struct {
			entries string // "+09:00 -14:00": one asks, one cancels
			says    string // parted by |
		}
		sequences, feeds := map[string]int{}, map[string]string{}
		for _, a := range []access.Actor{w.GuardTrainer, w.PoliceTrainer} {
			feeds["mailto:"+map[string]string{w.GuardTrainer.PersonID: tomasz, w.PoliceTrainer.PersonID: teresa}[a.PersonID]] = testrig.Must(w.Seats.RenewFeed(t.Context(), a))(t)
		}
		for i, c := range []struct {
			act    string
			before func(p plan) // told before the acts
			acts   func(p plan)
			want   map[string]letter
		}{
			{"named to a training", nil, func(p plan) { p.team(lead, other(classroom.Co)) },
				map[string]letter{teresa: {"+09:00 +14:00", "Masz poprowadzić:|09:00–13:00, Terespol|14:00–17:00, Ćwiczenia, Terespol"}}},
			{"named to observe", nil, func(p plan) { p.team(lead, other(classroom.Observer)) },
				map[string]letter{teresa: {"+09:00 +14:00", "Masz obserwować:"}}},
			{"observes no longer, and teaches", func(p plan) { p.team(lead, other(classroom.Observer)) }, func(p plan) { p.team(lead, other(classroom.Co)) },
				map[string]letter{teresa: {"+09:00 +14:00", "Masz poprowadzić:"}}},
			{"taken off a training", nil, func(p plan) { p.team(other(classroom.Lead)) },
				map[string]letter{tomasz: {"-09:00 -14:00", "Nie prowadzisz już ani nie obserwujesz tego szkolenia."}, teresa: {"+09:00 +14:00", "Masz poprowadzić:"}}},
			{"named, taken off and named again", func(p plan) {
				for range 2 {
					p.team(other(classroom.Lead))
					p.told()
					p.team(lead)
					p.told()
				}
			}, func(p plan) { p.team(lead, other(classroom.Co)) },
				map[string]letter{teresa: {"+09:00 +14:00", "Masz poprowadzić:"}}},
			{"taken off a session", func(p plan) { p.team(lead, other(classroom.Co)) }, func(p plan) {
				p.session(func(d *classroom.SessionDraft) { d.Trainers = []string{w.PoliceTrainer.PersonID} })
			}, map[string]letter{tomasz: {"-14:00", "Sesje, które poprowadzą inne osoby:|14:00–17:00, Ćwiczenia"}}},
			{"named to a session", func(p plan) {
				p.team(lead, other(classroom.Co))
				p.session(func(d *classroom.SessionDraft) { d.Trainers = []string{w.PoliceTrainer.PersonID} })
			}, func(p plan) { p.session(func(d *classroom.SessionDraft) {}) },
				map[string]letter{tomasz: {"+14:00", "Masz poprowadzić:|14:00–17:00, Ćwiczenia"}}},
			{"named to a training whose sessions name others", func(p plan) {
				p.session(func(d *classroom.SessionDraft) { d.Trainers = []string{w.GuardTrainer.PersonID} })
				m := p.sessions()[0]
				d := morning(p.day)
				d.Trainers = []string{w.GuardTrainer.PersonID}
				testrig.Must(p.Classroom.SaveSession(t.Context(), p.GuardCoordinator, p.id, m.ID, p.edition(), d))(t)
			}, func(p plan) { p.team(lead, other(classroom.Co)) },
				map[string]letter{teresa: {"", "Na razie nie masz w nim własnej sesji."}}},
			{"another part, which is no news", func(p plan) { p.team(lead, other(classroom.Co)) }, func(p plan) {
				p.team(classroom.TrainerDraft{PersonID: w.GuardTrainer.PersonID, Part: classroom.Co}, other(classroom.Lead))
			}, nil},
			{"a session moved", nil, func(p plan) { p.session(func(d *classroom.SessionDraft) { d.From, d.Until = "15:00", "18:00" }) },
				map[string]letter{tomasz: {"+15:00", "Zmienił się termin, miejsce lub inne dane sesji:|15:00–18:00"}}},
			{"a session moved and given to another", func(p plan) { p.team(lead, other(classroom.Co)) }, func(p plan) {
				p.session(func(d *classroom.SessionDraft) {
					d.From, d.Until, d.Trainers = "15:00", "18:00", []string{w.PoliceTrainer.PersonID}
				})
			}, map[string]letter{tomasz: {"-14:00", "Sesje, które poprowadzą inne osoby:|14:00–17:00"}, teresa: {"+15:00", "15:00–18:00"}}},
			{"more seats, which is no news", nil, func(p plan) { p.session(func(d *classroom.SessionDraft) { d.Capacity = "25" }) }, nil},
			{"a session cancelled", nil, func(p plan) {
				w.OK(w.Classroom.CancelSession(t.Context(), w.GuardCoordinator, p.id, p.sessions()[0].ID, p.edition(), "Brak sali"))
			}, map[string]letter{tomasz: {"-09:00", "Odwołane sesje:|09:00–13:00|Powód: Brak sali"}}},
			{"moved", nil, func(p plan) { p.do(moved) }, map[string]letter{tomasz: {"+09:00 +14:00", "Zmienił się termin|Powód: Sala w remoncie"}}},
			{"moved, and others named", nil, func(p plan) { p.do(moved); w.Clock.Advance(time.Second); p.team(lead, other(classroom.Co)) },
				map[string]letter{tomasz: {"+09:00 +14:00", "Zmienił się termin|Powód: Sala w remoncie"}, teresa: {"+09:00 +14:00", "Masz poprowadzić:"}}},
			{"moved and back", nil, func(p plan) { p.do(moved); p.do(classroom.Ask{Kind: classroom.ActMoved, Days: -1}) }, nil},
			{"put off", nil, func(p plan) { p.do(putOff) }, map[string]letter{tomasz: {"-09:00 -14:00", "Nowy termin podamy później|Powód: Zamknięta granica"}}},
			{"named to what is put off", func(p plan) { p.do(putOff) }, func(p plan) { p.team(lead, other(classroom.Co)) },
				map[string]letter{teresa: {"", "Nowy termin podamy później|Jesteś teraz wśród osób"}}},
			{"held again", func(p plan) { p.do(putOff) }, func(p plan) { p.do(moved) }, map[string]letter{tomasz: {"+09:00 +14:00", "Zmienił się termin"}}},
			{"cancelled", nil, func(p plan) { p.do(off) }, map[string]letter{tomasz: {"-09:00 -14:00", "Szkolenie jest odwołane. Powód: Za mało zgłoszeń"}}},
			{"put off, and cancelled", func(p plan) { p.do(putOff) }, func(p plan) { p.do(off) }, map[string]letter{tomasz: {"", "Szkolenie jest odwołane. Powód: Za mało zgłoszeń"}}},
			{"named, and cancelled before it was told", nil, func(p plan) { p.team(lead, other(classroom.Co)); p.do(off) }, map[string]letter{tomasz: {"-09:00 -14:00", "Szkolenie jest odwołane."}}},
			{"duplicated", nil, func(p plan) { p.copies(true, 1, 2) }, map[string]letter{tomasz: {"+09:00 +14:00 +09:00 +14:00", "Masz poprowadzić:|Medyka"}}},
			{"duplicated without who teaches", nil, func(p plan) { p.copies(false, 1, 2) }, nil},
			{"a move undone", nil, func(p plan) { p.do(moved); p.undo() }, nil},
			{"a naming undone", nil, func(p plan) { p.team(other(classroom.Lead)); p.undo() }, nil},
			{"a session's own trainers undone", func(p plan) { p.team(lead, other(classroom.Co)) }, func(p plan) {
				p.session(func(d *classroom.SessionDraft) {
					d.From, d.Until, d.Trainers = "15:00", "18:00", []string{w.PoliceTrainer.PersonID}
				})
				p.undo()
			}, nil},
			{"named and taken off before it was told", nil, func(p plan) { p.team(lead, other(classroom.Co)); p.team(lead) }, nil},
		} {
			day := testrig.Start.AddDate(0, 0, 40+7*i)
			p := plan{w, "", day}
			p.id = testrig.Must(w.Classroom.Create(t.Context(), w.GuardCoordinator, classroom.NewDraft{
				Content: classroom.ContentDraft{Title: fmt.Sprint("Szkolenie ", i)}, UnitID: w.Guard, Sessions: []classroom.SessionDraft{morning(day), afternoon(day)},
			}))(t)
			p.team(lead)
			list := p.told()
			if c.before != nil {
				c.before(p)
			}
			list = append(list, p.told()...)
			already := len(list)
			c.acts(p)
			list = append(list, p.told()...)
			got := map[string]letter{}
			for n, m := range list {
				var brings []string
				for _, e := range entries(t, m) {
					to := "mailto:" + m.To
					if e.attendee != to || e.status != map[string]string{"REQUEST": "CONFIRMED", "CANCEL": "CANCELLED"}[e.method] {
						t.Errorf("%s: %+v", c.act, e)
					}
					if last, known := sequences[e.uid]; known && e.sequence <= last {
						t.Errorf("%s: an entry of sequence %d after %d", c.act, e.sequence, last)
					}
					sequences[e.uid] = e.sequence
					feed := testrig.Must(w.Seats.Feed(t.Context(), feeds[to][strings.LastIndexByte(feeds[to], '/')+1:]))(t)
					if n >= already && strings.Contains(strings.ReplaceAll(feed, "\r\n ", ""), "UID:"+e.uid+"\r\n") != (e.method == "REQUEST") {
						t.Errorf("%s: the feed and a letter differ about %+v", c.act, e)
					}
					brings = append(brings, map[string]string{"REQUEST": "+", "CANCEL": "-"}[e.method]+e.hours[:len("09:00")])
				}
				if n < already {
					continue
				}
				if _, twice := got[m.To]; twice {
					t.Errorf("%s: two letters to %s", c.act, m.To)
				}
				got[m.To] = letter{strings.Join(brings, " "), m.Body}
			}
			if !slices.Equal(slices.Sorted(maps.Keys(got)), slices.Sorted(maps.Keys(c.want))) {
				t.Errorf("%s: letters to %v, not to %v: %v", c.act, slices.Sorted(maps.Keys(got)), slices.Sorted(maps.Keys(c.want)), got)
			}
			for to, want := range c.want {
				if got[to].entries != want.entries {
					t.Errorf("%s: to %s entries %q, not %q", c.act, to, got[to].entries, want.entries)
				}
				for _, says := range strings.Split(want.says, "|") {
					if !strings.Contains(got[to].says, says) {
						t.Errorf("%s: to %s no %q in %q", c.act, to, says, got[to].says)
					}
				}
			}
		}
	})
}

// Undoing brings back who taught, in the training and in each session, together with its hours.
func TestUndoingBringsBackWhoTaught(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		day := testrig.Start.AddDate(0, 0, 40)
		p := plan{w, "", day}
		p.id = testrig.Must(w.Classroom.Create(t.Context(), w.GuardCoordinator, classroom.NewDraft{
			Content: classroom.ContentDraft{Title: "Szkolenie"}, UnitID: w.Guard, Sessions: []classroom.SessionDraft{morning(day), afternoon(day)},
		}))(t)
		lead, co := classroom.TrainerDraft{PersonID: w.GuardTrainer.PersonID, Part: classroom.Lead}, classroom.TrainerDraft{PersonID: w.PoliceTrainer.PersonID, Part: classroom.Observer}
		p.team(lead, co)
		p.session(func(d *classroom.SessionDraft) { d.Trainers = []string{w.GuardTrainer.PersonID} })
		stands := func() string {
			a := testrig.Must(w.Classroom.About(t.Context(), w.Coordinator, p.id))(t)
			var team []string
			for _, x := range a.Trainers {
				team = append(team, x.FamilyName+" "+string(x.Part))
			}
			return fmt.Sprint(team, a.Own, a.Sessions[1].StartsAt)
		}
		before := stands()
		for name, act := range map[string]func(){
			"a session": func() {
				p.session(func(d *classroom.SessionDraft) {
					d.From, d.Until, d.Trainers = "15:00", "18:00", []string{w.PoliceTrainer.PersonID}
				})
			},
			"who teaches a session": func() {
				p.session(func(d *classroom.SessionDraft) { d.Trainers = nil })
			},
			"who teaches": func() { p.team(classroom.TrainerDraft{PersonID: w.PoliceTrainer.PersonID, Part: classroom.Lead}) },
			"nobody":      func() { p.team() },
			"a part":      func() { p.team(lead, classroom.TrainerDraft{PersonID: w.PoliceTrainer.PersonID, Part: classroom.Co}) },
		} {
			w.Clock.Advance(time.Second) // the last act is the one that is undone
			act()
			if stands() == before {
				t.Errorf("%s: nothing was changed", name)
			}
			p.undo()
			if got := stands(); got != before {
				t.Errorf("%s undone: %s, not %s", name, got, before)
			}
		}
		p.team(lead, co) // as it was: no act
		if _, ok, err := w.Classroom.Undoable(t.Context(), w.GuardCoordinator, p.id); err != nil || !ok {
			t.Errorf("the acts before can still be undone: %t, %v", ok, err)
		}
	})
}

// A letter is in the language of who reads it, and has a subject of its own for who is new; who is blocked gets none.
func TestALetterIsInTheReadersLanguage(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		day := testrig.Start.AddDate(0, 0, 40)
		p := plan{w, "", day}
		p.id = testrig.Must(w.Classroom.Create(t.Context(), w.GuardCoordinator, classroom.NewDraft{
			Content: classroom.ContentDraft{Title: "Szkolenie"}, UnitID: w.Guard, Sessions: []classroom.SessionDraft{morning(day), afternoon(day)},
		}))(t)
		w.OK(w.DB.Update(t.Context(), func(tx *db.Tx) error {
			if err := db.Exec(t.Context(), tx, `UPDATE person SET lang = 'en' WHERE id = ?`, w.GuardTrainer.PersonID); err != nil {
				return err
			}
			return db.Exec(t.Context(), tx, `UPDATE person SET state = 'blocked' WHERE id = ?`, w.PoliceTrainer.PersonID)
		}))
		p.team(classroom.TrainerDraft{PersonID: w.GuardTrainer.PersonID, Part: classroom.Lead}, classroom.TrainerDraft{PersonID: w.PoliceTrainer.PersonID, Part: classroom.Co})
		list := p.told()
		if len(list) != 1 || list[0].Lang != "en" || list[0].Subject != "A new training in your plan" || !strings.Contains(list[0].Body, "You are to teach:") {
			t.Fatalf("%+v", list)
		}
		p.do(classroom.Ask{Kind: classroom.ActMoved, Days: 1})
		if list = p.told(); len(list) != 1 || list[0].Subject != "A change in a training" {
			t.Errorf("%+v", list)
		}
	})
}
