package report

import (
	"cmp"
	"context"
	"slices"
	"sort"
	"time"

	"ostoja/internal/db"
	"ostoja/internal/project"
	"ostoja/internal/project/fund"
)

// tally is what was counted of a period; of the whole, if its period is 0.
type tally struct {
	People         int     // counted first in it
	Active         int     // who took part in it, those who were counted before among them
	Participations int     // a person once in each training and course
	Days           float64 // person-days, by the project's share of each training
	Certificates   int
	Trainings      int
}

// taken is a training or course in which somebody took part: a training in which they were there for at least a part of one half day, a course that they passed.
type taken struct {
	Person  string // as whom the account counts
	who     int    // the person's number, below [record.people]
	Account string
	Kind    project.Kind
	Subject string
	At      int64 // the first half day, or the passing; microseconds
	Days    int   // of a training, by the calendar of the zone
	Minutes int
	Of      int // minutes that the training had
	Share   int // of the cost, in percent
}

// record is everything that is counted of a project, before a fund's rules choose from it.
type record struct {
	span
	taken  []taken
	people int             // how many there are; they are numbered from 0, since numbers are counted faster than names
	own    map[string]bool // people of its own staff
	held   []int64         // when its trainings began
	pasts  []past          // what is taken of people who are nameless now
}

// half is a half day of a training.
type half struct {
	ID         string
	TrainingID string
	StartsAt   int64 // microseconds
	Minutes    int
	Attended   string // the name of what is written of who was there
	Share      int
}

// load reads who took part in what of a project, within its time.
func (s *Service) load(ctx context.Context, q db.Querier, p project.Page) (r *record, err error) {
	if r, err = s.loadPeople(ctx, q, p); err != nil {
		return nil, err
	}
	return r, r.loadPasts(ctx, q, p.ID)
}

// loadPeople reads those of whom it is still known who they are.
func (s *Service) loadPeople(ctx context.Context, q db.Querier, p project.Page) (r *record, err error) {
	r = &record{span: s.span(p), own: map[string]bool{}}
	counts := map[string]string{}
	type as struct{ PersonID, CountsAs string }
	if err := db.Each(ctx, q, func(x as) { counts[x.PersonID] = x.CountsAs }, `SELECT person_id, counts_as FROM project_counted_as`); err != nil {
		return nil, err
	}
	if err := db.Each(ctx, q, func(personID string) { r.own[personID] = true }, `SELECT person_id FROM project_not_counted WHERE project_id = ?`, p.ID); err != nil {
		return nil, err
	}
	if err := s.loadTrainings(ctx, q, p, r); err != nil {
		return nil, err
	}
	type passed struct {
		PersonID, CourseID string
		PassedAt           int64
	}
	if err := db.Each(ctx, q, func(x passed) {
		r.taken = append(r.taken, taken{Account: x.PersonID, Kind: project.Course, Subject: x.CourseID, At: x.PassedAt})
	}, `SELECT w.person_id, w.course_id, w.passed_at FROM project_subject x JOIN learning_passed w ON w.course_id = x.subject_id WHERE x.project_id = ? AND x.kind = 'course'`, p.ID); err != nil {
		return nil, err
	}
	still, closed, err := stillCounted(ctx, q, p.ID)
	if err != nil {
		return nil, err
	}
	within := r.taken[:0]
	numbers := make(map[string]int, len(r.taken))
	for _, t := range r.taken {
		if t.At < r.from || t.At >= r.until {
			continue
		}
		if t.Person = counts[t.Account]; t.Person == "" {
			t.Person = t.Account
		}
		if closed && !still[t.Person] {
			continue
		}
		number, there := numbers[t.Person]
		if !there {
			number = len(numbers)
			numbers[t.Person] = number
		}
		t.who = number
		within = append(within, t)
	}
	r.taken, r.people = within, len(numbers)
	return r, nil
}

// loadTrainings reads the half days of a project's trainings and who was there.
func (s *Service) loadTrainings(ctx context.Context, q db.Querier, p project.Page, r *record) error {
	halves, err := db.All[half](ctx, q, `
		SELECT h.id, h.training_id, h.starts_at, h.minutes, h.attended, x.share FROM project_subject x JOIN classroom_half h ON h.training_id = x.subject_id
		WHERE x.project_id = ? AND x.kind = 'training'`, p.ID)
	if err != nil {
		return err
	}
	there, err := s.attended.in(ctx, q, p.ID, halves)
	if err != nil {
		return err
	}
	slices.SortFunc(halves, func(a, b half) int {
		return cmp.Or(cmp.Compare(a.TrainingID, b.TrainingID), cmp.Compare(a.StartsAt, b.StartsAt))
	})
	now := s.Clock.Now().UnixMicro()
	for len(halves) > 0 {
		n := slices.IndexFunc(halves, func(h half) bool { return h.TrainingID != halves[0].TrainingID })
		if n < 0 {
			n = len(halves)
		}
		if at := halves[0].StartsAt; at >= r.from && at < r.until && at <= now {
			r.held = append(r.held, at)
		}
		r.taken = append(r.taken, s.present(halves[:n], there)...)
		halves = halves[n:]
	}
	return nil
}

// present adds up who was at which of the half days of one training, which stand in the order of time.
func (s *Service) present(halves []half, there map[string][]attendee) (list []taken) {
	of, day, last := 0, -1, ""
	place := map[string]int{} // of each account in the list
	lastDay := []int{}        // on which each of them was there
	for _, h := range halves {
		of += h.Minutes
		if d := time.UnixMicro(h.StartsAt).In(s.Zone).Format(time.DateOnly); d != last {
			day, last = day+1, d
		}
		for _, a := range there[h.ID] {
			i, known := place[a.PersonID]
			if !known {
				i = len(list)
				place[a.PersonID] = i
				list, lastDay = append(list, taken{Account: a.PersonID, Kind: project.Training, Subject: h.TrainingID, At: h.StartsAt, Share: h.Share}), append(lastDay, -1)
			}
			list[i].Minutes += a.Minutes
			if lastDay[i] != day {
				list[i].Days++
				lastDay[i] = day
			}
		}
	}
	for i := range list {
		list[i].Of = of
	}
	return list
}

// period is the number of the period to which a time belongs, 0 after the last.
func (x span) period(at int64) int {
	i := sort.Search(len(x.ends), func(i int) bool { return at < x.ends[i] })
	if i == len(x.ends) {
		return 0
	}
	return i + 1
}

// chosen returns what counts by the rules of a fund. told says which accounts were told of the fund.
func (r *record) chosen(set fund.Rules, told map[string]bool) []taken {
	list := make([]taken, 0, len(r.taken))
	for _, t := range r.taken {
		switch {
		case set.Counted.Has(fund.NoOwnStaff) && r.own[t.Person]:
		case set.Counted.Has(fund.PresentHalf) && t.Kind == project.Training && 2*t.Minutes < t.Of:
		case set.Counted.Has(fund.NoticeGiven) && !told[t.Account]:
		default:
			list = append(list, t)
		}
	}
	return list
}

// told returns the accounts that were told of a fund, where its rules ask for that.
func (r *record) told(ctx context.Context, q db.Querier, projectID string, set fund.Rules) (map[string]bool, error) {
	if !set.Counted.Has(fund.NoticeGiven) {
		return nil, nil
	}
	return r.accountsTold(ctx, q, projectID, set.ID)
}

func (r *record) accountsTold(ctx context.Context, q db.Querier, projectID, fundID string) (map[string]bool, error) {
	accounts := map[string]bool{}
	err := db.Each(ctx, q, func(personID string) { accounts[personID] = true }, `SELECT person_id FROM report_notice WHERE project_id = ? AND fund_id = ?`, projectID, fundID)
	for _, x := range r.pasts {
		if slices.Contains(x.Funds, fundID) {
			accounts[x.name()] = true
		}
	}
	return accounts, err
}

// firsts returns by which training or course each person of a list counts: the first, and of two at one time the one with the smaller id.
func (r *record) firsts(list []taken) []taken {
	first := make([]*taken, r.people)
	for i := range list {
		t := &list[i]
		if f := first[t.who]; f == nil || t.At < f.At || t.At == f.At && (t.Subject < f.Subject || t.Subject == f.Subject && t.Account < f.Account) {
			first[t.who] = t
		}
	}
	people := make([]taken, 0, r.people)
	for _, f := range first {
		if f != nil {
			people = append(people, *f)
		}
	}
	return people
}

// count returns what was counted of each period, by its number; 0 is the whole. certificates are those that stand, by [standing].
func (r *record) count(list []taken, certificates map[standing]int64) []tally {
	sums := make([]tally, len(r.ends)+1)
	add := func(at int64, to func(t *tally)) {
		if n := r.period(at); n > 0 {
			to(&sums[n])
		}
		to(&sums[0])
	}
	active := make([]uint64, r.people) // the periods of each person, as bits
	for _, t := range list {
		add(t.At, func(x *tally) { x.Participations++; x.Days += float64(t.Days*t.Share) / 100 })
		active[t.who] |= 1 << r.period(t.At)
		if issued, ok := certificates[standing{t.Subject, t.Account}]; ok && issued >= r.from && issued < r.until {
			add(issued, func(x *tally) { x.Certificates++ })
		}
	}
	for _, f := range r.firsts(list) {
		add(f.At, func(x *tally) { x.People++ })
	}
	for _, bits := range active {
		for n := range sums {
			if n > 0 && bits>>n&1 == 1 {
				sums[n].Active++
			}
		}
	}
	sums[0].Active = sums[0].People
	for _, at := range r.held {
		add(at, func(x *tally) { x.Trainings++ })
	}
	return sums
}

// standing is who has a certificate of what.
type standing struct{ Subject, Account string }

// certificates returns when the certificates of a project's trainings and courses were issued that stand.
func (r *record) certificates(ctx context.Context, q db.Querier, projectID string) (map[standing]int64, error) {
	type row struct {
		SubjectID, PersonID string
		IssuedAt            int64
	}
	issued := map[standing]int64{}
	err := db.Each(ctx, q, func(x row) { issued[standing{x.SubjectID, x.PersonID}] = x.IssuedAt },
		`SELECT i.subject_id, i.person_id, i.issued_at FROM certificate_standing i WHERE i.subject_id IN (SELECT x.subject_id FROM project_subject x WHERE x.project_id = ?)`, projectID)
	for _, x := range r.pasts {
		if x.Certificate != nil {
			issued[standing{x.SubjectID, x.name()}] = *x.Certificate
		}
	}
	return issued, err
}
