package demo

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strconv"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/classroom"
	"ostoja/internal/classroom/attendance"
	"ostoja/internal/classroom/dossier"
	"ostoja/internal/classroom/need"
	"ostoja/internal/classroom/seat"
	"ostoja/internal/clock"
	"ostoja/internal/db"
	"ostoja/internal/errs"
	"ostoja/internal/id"
	"ostoja/internal/measurement/onpaper"
)

// Rooms keep trainings. All go by one clock, which is moved through the weeks before, so that what was planned, booked and marked then
// went through the same rules as what is done now.
type Rooms struct {
	Past       *clock.Fake
	Zone       *time.Location
	Plans      *classroom.Service
	Seats      *seat.Service
	Attendance *attendance.Service
	Notices    *dossier.Service
	Needs      *need.Service
	Paper      *onpaper.Service
}

// hall fills trainings.
type hall struct {
	*Filler
	Rooms
	now                          time.Time // of the demonstration
	coordinator, trainer, reader access.Actor
	objectives                   string
	staff                        []string // of social services, invented for the trainings
	officers                     []string // learners of the course
}

const (
	socialStaff = 48 // two groups and some
	inRoom      = 22
)

// FillTrainings plans trainings around today: two that are over, one tomorrow, three to come, one put off and one cancelled. Social
// services' staff come to them, who take no course.
func (f *Filler) FillTrainings(ctx context.Context, rooms Rooms, programmeID string) (err error) {
	defer errs.Wrap(&err, "demo.FillTrainings")
	h := &hall{Filler: f, Rooms: rooms, now: rooms.Past.Now()}
	defer func() { rooms.Past.Advance(h.now.Sub(rooms.Past.Now())) }()
	for role, actor := range map[access.Role]*access.Actor{access.Coordinator: &h.coordinator, access.Trainer: &h.trainer, access.Learner: &h.reader} {
		if *actor, err = f.staffActor(ctx, role); err != nil {
			return err
		}
	}
	c, err := f.Courses.Current(ctx, programmeID)
	if err != nil {
		return err
	}
	for _, o := range c.Objectives {
		h.objectives += o.Text.In("pl") + "\n"
	}
	if err := h.people(ctx); err != nil {
		return err
	}
	for _, fill := range []func(context.Context) error{h.old, h.closed, h.open, h.tomorrow, h.toCome, h.off} {
		if err := fill(ctx); err != nil {
			return err
		}
	}
	return h.letters(ctx)
}

// people makes the staff of social services, in the welfare centres and two more institutions.
func (h *hall) people(ctx context.Context) (err error) {
	h.random = rand.New(rand.NewPCG(3, 4)) //nolint:gosec // the same people every time
	if h.officers, err = db.All[string](ctx, h.DB, `SELECT id FROM person WHERE mail LIKE 'osoba%' ORDER BY mail LIMIT ?`, inRoom+10); err != nil {
		return err
	}
	return h.db(ctx, func(tx *db.Tx) error {
		units := h.units[len(h.units)-2:]
		for _, name := range []string{"Centrum usług społecznych C (demonstracja)", "Ośrodek interwencji kryzysowej D (demonstracja)"} {
			u := unit{id: id.New(), region: "18"}
			u.path, u.organisation = "/"+u.id+"/", u.id
			if err := db.Exec(ctx, tx, `INSERT INTO unit (id, parent_id, path, kind, name, region, created_at) VALUES (?, NULL, ?, 'welfare-centre', ?, ?, ?)`, u.id, u.path, name, u.region, h.now); err != nil {
				return err
			}
			units = append(units, u)
		}
		for i, powiat := range []string{"bialski", "chełmski", "przemyski", "jarosławski"} {
			if err := db.Exec(ctx, tx, `UPDATE unit SET powiat = ? WHERE id = ?`, powiat, units[i].id); err != nil {
				return err
			}
		}
		for n := range socialStaff {
			p := person{id: id.New(), mail: fmt.Sprintf("pomoc%02d@demo.example", n), unit: units[n%len(units)], lang: "pl", sex: "f", at: h.now.AddDate(0, 0, -60)}
			p.given, p.family = pick(h.random, women), feminine(pick(h.random, families))
			if n%5 == 0 {
				p.given, p.family, p.sex = pick(h.random, men), pick(h.random, families), "m"
			}
			if err := h.insertPerson(ctx, tx, p); err != nil {
				return err
			}
			if err := h.grant(ctx, tx, p, access.Learner, false); err != nil {
				return err
			}
			h.staff = append(h.staff, p.id)
		}
		return nil
	})
}

// at moves the clock to a time of day, so many days from today; never beyond the present.
func (h *hall) at(days int, clock string) {
	t := h.day(days, clock)
	if t.After(h.now) {
		t = h.now
	}
	h.to(t)
}

func (h *hall) to(t time.Time) { h.Past.Advance(t.Sub(h.Past.Now())) }

func (h *hall) day(days int, clock string) time.Time {
	wall, err := time.ParseInLocation("2006-01-02 15:04", h.now.In(h.Zone).AddDate(0, 0, days).Format(time.DateOnly)+" "+clock, h.Zone)
	if err != nil {
		panic(err) // the text is ours
	}
	return wall
}

// workday returns the first day from Monday to Thursday in a direction, so that two days in a row are working days.
func (h *hall) workday(days, step int) int {
	for {
		switch h.day(days, "12:00").Weekday() {
		case time.Friday, time.Saturday, time.Sunday:
			days += step
		default:
			return days
		}
	}
}

// room is a training as it is planned here.
type room struct {
	title, place, address, access, name string
	seats, day                          int
	halves                              []half
	signUp                              classroom.SignUp
	delegation, programme               bool
	theory, exercise                    string
}

type half struct {
	day                int
	title, from, until string
}

var (
	oneDay  = []half{{0, "Przed południem", "09:00", "12:00"}, {0, "Po południu", "12:45", "15:15"}}
	twoDays = []half{{0, "Dzień 1, przed południem", "09:00", "12:00"}, {0, "Dzień 1, po południu", "12:45", "15:15"}, {1, "Dzień 2, przed południem", "09:00", "11:35"}, {1, "Dzień 2, po południu", "12:20", "15:15"}}
)

// plan plans a training as a coordinator does, step by step.
func (h *hall) plan(ctx context.Context, r room) (trainingID string, sessions []classroom.Session, err error) {
	d := classroom.NewDraft{UnitID: h.units[0].id, Content: classroom.ContentDraft{
		Title: r.title, Audience: "Osoby, które w pracy mogą spotkać osobę pokrzywdzoną handlem ludźmi", Langs: []string{"pl"}, Theory: r.theory, Exercise: r.exercise, HourMinutes: "45",
		Materials: "Teczka z materiałami dla uczestniczek i uczestników\nKarta kontaktowa powiatu\nZestaw ośmiu przypadków",
	}}
	if r.programme {
		d.Content.ProgrammeID, d.Content.ProgrammeVersion, d.Content.Objectives = "social-welfare", "1.0.0", h.objectives
	}
	for _, x := range r.halves {
		d.Sessions = append(d.Sessions, classroom.SessionDraft{
			Title: x.title, Day: h.day(r.day+x.day, "12:00").Format(time.DateOnly), From: x.from, Until: x.until, Place: r.place, Address: r.address, AccessNotes: r.access, Room: r.name,
			Capacity: strconv.Itoa(r.seats),
		})
	}
	if trainingID, err = h.Plans.Create(ctx, h.coordinator, d); err != nil {
		return "", nil, fmt.Errorf("%s: %w", r.title, err)
	}
	for i, save := range []func(edition int) error{
		func(e int) error {
			return h.Plans.SaveTrainers(ctx, h.coordinator, trainingID, e, []classroom.TrainerDraft{{PersonID: h.trainer.PersonID, Part: classroom.Lead}})
		},
		func(e int) error {
			return h.Plans.SaveSignUp(ctx, h.coordinator, trainingID, e, classroom.SignUpDraft{SignUp: r.signUp, Delegation: r.delegation, Wanted: []classroom.NumberDraft{
				{Kind: classroom.OfInstitution, Name: "welfare-centre", Number: "20"}, {Kind: classroom.OfPowiat, Name: "bialski", Number: "6"}, {Kind: classroom.OfPowiat, Name: "chełmski", Number: "6"},
			}})
		},
		func(e int) error {
			return h.Plans.SaveFund(ctx, h.coordinator, trainingID, e, classroom.FundDraft{
				Project: "Szkolenia stacjonarne 2026", Share: "100", Statement: "Szkolenie współfinansowane z funduszu przykładowego (demonstracja).", NoticeVersion: "1.2",
				Notice: "To jest przykład informacji o przetwarzaniu danych. Dane z listy obecności przetwarza biuro programu, aby rozliczyć szkolenie. Listę zobaczy instytucja, która je finansuje. Możesz zażądać dostępu do danych i ich sprostowania.",
			})
		},
	} {
		p, err := h.Plans.Plan(ctx, h.coordinator, trainingID)
		if err != nil {
			return "", nil, err
		}
		if err := save(p.Edition); err != nil {
			return "", nil, fmt.Errorf("%s, step %d: %w", r.title, i+1, err)
		}
	}
	sessions, err = h.Plans.Sessions(ctx, h.coordinator, trainingID)
	return trainingID, sessions, err
}

// old closes the lists of the trainings that the demonstration measured: they were held before lists were kept here.
func (h *hall) old(ctx context.Context) error {
	ids, err := db.All[string](ctx, h.DB, `SELECT id FROM training_session ORDER BY starts_at, id`)
	for _, sessionID := range ids {
		h.at(-1, "08:00")
		if err := h.Attendance.Close(ctx, h.coordinator, sessionID, "Szkolenie sprzed list w programie: podpisana lista jest w segregatorze."); err != nil {
			return err
		}
	}
	return err
}

// closed is over: lists closed, two people who had a seat never came, one left early, and no certificate was issued yet.
func (h *hall) closed(ctx context.Context) error {
	day := h.workday(-12, -1)
	h.at(day-30, "10:00")
	trainingID, sessions, err := h.plan(ctx, room{
		title: "Pomoc społeczna 1: Białystok", place: "Centrum szkoleniowe w Białymstoku", address: "ul. Przykładowa 4, 15-000 Białystok", access: "Wejście bez stopni, winda", name: "Sala 12",
		seats: inRoom, day: day, halves: twoDays, signUp: classroom.Invited, programme: true, theory: "4", exercise: "8",
	})
	if err != nil {
		return err
	}
	h.at(day-20, "10:00")
	people := h.staff[:inRoom]
	if _, err := h.Seats.Add(ctx, h.coordinator, trainingID, people, false); err != nil {
		return err
	}
	if _, err := h.Notices.EnterSigned(ctx, h.coordinator, trainingID, people[:20]); err != nil {
		return err
	}
	for i, x := range sessions {
		h.to(x.StartsAt.Add(10 * time.Minute))
		if i == 0 {
			if err := h.onPaper(ctx, trainingID, people); err != nil {
				return err
			}
		}
		left := attendance.Item{}
		if i == 1 {
			left = attendance.Item{Who: people[4], Until: "14:00", Note: "pilny wyjazd"}
		}
		if err := h.mark(ctx, x, people, people[20:], left); err != nil {
			return err
		}
		h.to(x.EndsAt.Add(15 * time.Minute))
		if err := h.Attendance.Close(ctx, h.trainer, x.ID, ""); err != nil {
			return err
		}
	}
	return nil
}

// mark writes a session's roll with all but the absent, the head count and the signatures.
func (h *hall) mark(ctx context.Context, x classroom.Session, people, absent []string, special attendance.Item) error {
	now := h.Past.Now()
	p := attendance.Parcel{SentAt: now}
	for i, who := range people {
		item := attendance.Item{ID: id.New(), Kind: attendance.KindMark, MadeAt: now, Who: who, State: attendance.Present}
		if i >= len(people)-len(absent) {
			item.State = attendance.Absent
		}
		if who == special.Who {
			item.Until, item.Note = special.Until, special.Note
		}
		p.Items = append(p.Items, item)
	}
	for _, kind := range []string{attendance.KindCount, attendance.KindSheet} {
		p.Items = append(p.Items, attendance.Item{ID: id.New(), Kind: kind, MadeAt: now, Number: len(people) - len(absent)})
	}
	strange, err := h.Attendance.Take(ctx, h.trainer, x.ID, p)
	if err == nil && len(strange) > 0 {
		err = fmt.Errorf("%d marks were not taken", len(strange))
	}
	return err
}

// open is over, and the list of its second half is not closed: somebody came without a seat, and heads and signatures differ.
func (h *hall) open(ctx context.Context) error {
	day := h.workday(-4, -1)
	h.at(day-25, "11:00")
	trainingID, sessions, err := h.plan(ctx, room{
		title: "Służba graniczna 23: Suwałki", place: "Ośrodek szkolenia w Suwałkach", address: "ul. Przykładowa 9, 16-400 Suwałki", name: "Aula", seats: inRoom, day: day, halves: oneDay,
		signUp: classroom.Invited, theory: "3", exercise: "3",
	})
	if err != nil {
		return err
	}
	h.at(day-15, "10:00")
	people := h.officers[:min(inRoom, len(h.officers))]
	if _, err := h.Seats.Add(ctx, h.coordinator, trainingID, people, false); err != nil || len(people) < 4 {
		return err
	}
	h.to(sessions[0].StartsAt.Add(10 * time.Minute))
	if err := h.mark(ctx, sessions[0], people, people[len(people)-1:], attendance.Item{}); err != nil {
		return err
	}
	h.to(sessions[0].EndsAt.Add(15 * time.Minute))
	if err := h.Attendance.Close(ctx, h.trainer, sessions[0].ID, ""); err != nil {
		return err
	}
	h.to(sessions[1].StartsAt.Add(10 * time.Minute))
	if err := h.mark(ctx, sessions[1], people[:len(people)-2], nil, attendance.Item{}); err != nil {
		return err
	}
	_, err = h.Attendance.WalkIn(ctx, h.trainer, sessions[1].ID, "", "Halina Przykładowa", "Placówka nr 2")
	return err
}

// tomorrow begins tomorrow: superiors have sent eighteen people and are still asked about two, and four more wait for a seat.
func (h *hall) tomorrow(ctx context.Context) error {
	h.at(-35, "09:00")
	trainingID, _, err := h.plan(ctx, room{
		title: "Pomoc społeczna 2: Lublin", place: "Dom kultury w Lublinie", address: "ul. Przykładowa 21, 20-000 Lublin", access: "Pętla indukcyjna; podjazd od podwórza", name: "Sala kameralna",
		seats: 20, day: 1, halves: oneDay, signUp: classroom.Invited, delegation: true, programme: true, theory: "2", exercise: "4",
	})
	if err != nil {
		return err
	}
	people := h.staff[24:]
	h.at(-20, "09:00")
	if _, err := h.Seats.Invite(ctx, h.coordinator, trainingID, people[:18], false); err != nil {
		return err
	}
	h.at(-19, "09:00")
	if err := h.accept(ctx, trainingID, people[:18]); err != nil {
		return err
	}
	h.at(-15, "09:00")
	if _, err := h.Seats.DelegatedOnPaper(ctx, h.coordinator, trainingID, people[:18]); err != nil {
		return err
	}
	h.at(-4, "09:00")
	if _, err := h.Seats.Invite(ctx, h.coordinator, trainingID, people[18:24], false); err != nil {
		return err
	}
	h.at(-3, "09:00")
	if err := h.accept(ctx, trainingID, people[18:20]); err != nil {
		return err
	}
	if _, err := h.Notices.EnterSigned(ctx, h.coordinator, trainingID, people[:9]); err != nil {
		return err
	}
	for n, needs := range []need.Needs{
		{need.Diet: "bez mięsa i ryb"}, {need.Access: "poruszam się na wózku", need.Diet: "bez glutenu"}, {need.Language: "materiały po ukraińsku"},
	} {
		if err := h.Needs.Say(ctx, access.Actor{PersonID: people[n], At: h.Past.Now()}, trainingID, needs); err != nil {
			return err
		}
	}
	return nil
}

func (h *hall) accept(ctx context.Context, trainingID string, people []string) error {
	for _, who := range people {
		if err := h.Seats.Accept(ctx, access.Actor{PersonID: who, At: h.Past.Now()}, trainingID, "przelozona@demo.example"); err != nil {
			return err
		}
	}
	return nil
}

// toCome takes applications, keeps a seat for the demonstration's learner until she answers, and waits for a unit to send its people.
func (h *hall) toCome(ctx context.Context) error {
	h.at(-8, "12:00")
	apply, _, err := h.plan(ctx, room{
		title: "Pomoc społeczna 3: Rzeszów", place: "Biblioteka w Rzeszowie", address: "ul. Przykładowa 2, 35-000 Rzeszów", access: "Winda, toaleta dla osób na wózku", name: "Sala na piętrze",
		seats: 24, day: h.workday(9, 1), halves: twoDays, signUp: classroom.Approved, programme: true, theory: "4", exercise: "8",
	})
	if err != nil {
		return err
	}
	offer, _, err := h.plan(ctx, room{
		title: "Służba graniczna 24: Gdańsk", place: "Ośrodek szkolenia w Gdańsku", address: "ul. Przykładowa 30, 80-000 Gdańsk", name: "Sala 3", seats: 20, day: h.workday(17, 1), halves: oneDay,
		signUp: classroom.Invited, theory: "3", exercise: "3",
	})
	if err != nil {
		return err
	}
	places, _, err := h.plan(ctx, room{
		title: "Pomoc społeczna 4: Olsztyn", place: "Centrum szkoleniowe w Olsztynie", address: "ul. Przykładowa 7, 10-000 Olsztyn", name: "Sala 1", seats: 25, day: h.workday(30, 1), halves: twoDays,
		signUp: classroom.Invited, delegation: true, programme: true, theory: "4", exercise: "8",
	})
	if err != nil {
		return err
	}
	h.at(-6, "12:00")
	if _, err := h.Seats.Add(ctx, h.coordinator, apply, h.staff[22:24], false); err != nil {
		return err
	}
	if err := h.Seats.SetPlaces(ctx, h.coordinator, places, seat.Places{UnitID: h.units[len(h.units)-1].id, Places: 5, Until: h.day(20, "16:00")}); err != nil {
		return err
	}
	h.at(-2, "12:00")
	if _, err := h.Seats.Invite(ctx, h.coordinator, offer, append([]string{h.reader.PersonID}, h.officers[min(inRoom, len(h.officers)):]...), true); err != nil {
		return err
	}
	for _, who := range h.officers[min(inRoom+5, len(h.officers)):] {
		if err := h.Seats.Accept(ctx, access.Actor{PersonID: who, At: h.Past.Now()}, offer, ""); err != nil {
			return err
		}
	}
	for _, who := range h.staff[20:22] { // they missed the first and ask for another
		actor := access.Actor{PersonID: who, At: h.Past.Now()}
		if _, err := h.Seats.Apply(ctx, actor, apply, ""); err != nil {
			return err
		}
		if err := h.Seats.SetInterest(ctx, actor, "social-welfare", true); err != nil {
			return err
		}
	}
	return nil
}

// off are a training that waits for new days and one that is not held.
func (h *hall) off(ctx context.Context) error {
	for _, x := range []struct {
		room
		ask classroom.Ask
	}{
		{room{title: "Pomoc społeczna 5: Katowice", place: "Centrum szkoleniowe w Katowicach", address: "ul. Przykładowa 11, 40-000 Katowice", seats: 22, day: h.workday(4, 1), halves: twoDays},
			classroom.Ask{Kind: classroom.ActPutOff, Note: "Choroba osoby prowadzącej. Nowy termin podamy w ciągu dwóch tygodni."}},
		{room{title: "Służba graniczna 25: Zielona Góra", place: "Ośrodek szkolenia w Zielonej Górze", address: "ul. Przykładowa 5, 65-000 Zielona Góra", seats: 20, day: h.workday(13, 1), halves: oneDay},
			classroom.Ask{Kind: classroom.ActCancelled, Note: "Remont budynku; zapraszamy na szkolenie w Gdańsku."}},
	} {
		h.at(-14, "13:00")
		x.signUp, x.theory, x.exercise = classroom.Invited, "3", "3"
		trainingID, _, err := h.plan(ctx, x.room)
		if err != nil {
			return err
		}
		h.at(-10, "13:00")
		if _, err := h.Seats.Add(ctx, h.coordinator, trainingID, h.officers[:min(6, len(h.officers))], false); err != nil {
			return err
		}
		h.at(-3, "13:00")
		p, err := h.Plans.Plan(ctx, h.coordinator, trainingID)
		if err != nil {
			return err
		}
		if _, err := h.Plans.Do(ctx, h.coordinator, trainingID, false, p.Edition, x.ask); err != nil {
			return fmt.Errorf("%s: %w", x.title, err)
		}
	}
	return nil
}

// letters writes what is due and takes it for sent: nobody is to be told anew of what happened weeks ago.
func (h *hall) letters(ctx context.Context) error {
	h.to(h.now)
	if _, err := h.Plans.Tell(ctx); err != nil {
		return err
	}
	if err := h.Seats.SendDue(ctx); err != nil {
		return err
	}
	return h.quiet(ctx)
}
