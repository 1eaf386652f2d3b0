package report

import (
	"context"
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
	taken []taken
	own   map[string]bool // people of its own staff
	held  []int64         // when its trainings began
}

// half is a half day of a training.
type half struct {
	ID         string
	TrainingID string
	StartsAt   int64 // microseconds
	Minutes    int
	Share      int
}

// load reads who took part in what of a project, within its time.
func (s *Service) load(ctx context.Context, q db.Querier, p project.Page) (r *record, err error) {
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
	within := r.taken[:0]
	for _, t := range r.taken {
		if t.At < r.from || t.At >= r.until {
			continue
		}
		if t.Person = counts[t.Account]; t.Person == "" {
			t.Person = t.Account
		}
		within = append(within, t)
	}
	r.taken = within
	return r, nil
}

// loadTrainings reads the half days of a project's trainings and who was there.
func (s *Service) loadTrainings(ctx context.Context, q db.Querier, p project.Page, r *record) error {
	halves, err := db.All[half](ctx, q, `
		SELECT h.id, h.training_id, h.starts_at, h.minutes, x.share FROM project_subject x JOIN classroom_half h ON h.training_id = x.subject_id
		WHERE x.project_id = ? AND x.kind = 'training' ORDER BY h.training_id, h.starts_at`, p.ID)
	if err != nil {
		return err
	}
	// The days of a training are numbered from its first, so that those of somebody are the bits of a number. There is none of more than 64 days.
	type place struct {
		half
		day uint64
		of  *int
	}
	places := make(map[string]place, len(halves))
	training, days, last := "", 0, ""
	var of *int
	now := s.Clock.Now().UnixMicro()
	for _, h := range halves {
		d := time.UnixMicro(h.StartsAt).In(s.Zone).Format(time.DateOnly)
		if h.TrainingID != training {
			training, days, last, of = h.TrainingID, 0, d, new(int)
			if h.StartsAt >= r.from && h.StartsAt < r.until && h.StartsAt <= now {
				r.held = append(r.held, h.StartsAt)
			}
		} else if d != last {
			days, last = days+1, d
		}
		*of += h.Minutes
		places[h.ID] = place{h, 1 << (days % 64), of}
	}
	type there struct {
		SessionID, PersonID string
		Minutes             int
	}
	type key struct{ training, person string }
	type sum struct {
		taken
		days uint64
		of   *int
	}
	sums := make(map[key]*sum, len(halves))
	if err := db.Each(ctx, q, func(x there) {
		h, ok := places[x.SessionID]
		if !ok {
			return
		}
		k := key{h.TrainingID, x.PersonID}
		t := sums[k]
		if t == nil {
			t = &sum{taken: taken{Account: x.PersonID, Kind: project.Training, Subject: h.TrainingID, At: h.StartsAt, Share: h.Share}, of: h.of}
			sums[k] = t
		}
		t.At = min(t.At, h.StartsAt)
		t.Minutes, t.days = t.Minutes+x.Minutes, t.days|h.day
	}, `SELECT a.session_id, a.person_id, a.minutes FROM classroom_attended a WHERE a.training_id IN (SELECT x.subject_id FROM project_subject x WHERE x.project_id = ? AND x.kind = 'training')`, p.ID); err != nil {
		return err
	}
	for _, t := range sums {
		t.Of = *t.of
		for ; t.days != 0; t.days &= t.days - 1 {
			t.Days++
		}
		r.taken = append(r.taken, t.taken)
	}
	return nil
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
func (s *Service) told(ctx context.Context, q db.Querier, projectID string, set fund.Rules) (map[string]bool, error) {
	if !set.Counted.Has(fund.NoticeGiven) {
		return nil, nil
	}
	return s.accountsTold(ctx, q, projectID, set.ID)
}

func (s *Service) accountsTold(ctx context.Context, q db.Querier, projectID, fundID string) (map[string]bool, error) {
	accounts := map[string]bool{}
	err := db.Each(ctx, q, func(personID string) { accounts[personID] = true }, `SELECT person_id FROM report_notice WHERE project_id = ? AND fund_id = ?`, projectID, fundID)
	return accounts, err
}

// firsts returns by which training or course each person counts: the first, and of two at one time the one with the smaller id.
func firsts(list []taken) map[string]taken {
	first := make(map[string]taken, len(list))
	for _, t := range list {
		f, there := first[t.Person]
		if !there || t.At < f.At || t.At == f.At && (t.Subject < f.Subject || t.Subject == f.Subject && t.Account < f.Account) {
			first[t.Person] = t
		}
	}
	return first
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
	active := map[string]uint64{} // the periods of each person, as bits
	for _, t := range list {
		add(t.At, func(x *tally) { x.Participations++; x.Days += float64(t.Days*t.Share) / 100 })
		active[t.Person] |= 1 << r.period(t.At)
		if issued, ok := certificates[standing{t.Subject, t.Account}]; ok && issued >= r.from && issued < r.until {
			add(issued, func(x *tally) { x.Certificates++ })
		}
	}
	for _, f := range firsts(list) {
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
func (s *Service) certificates(ctx context.Context, q db.Querier, projectID string) (map[standing]int64, error) {
	type row struct {
		SubjectID, PersonID string
		IssuedAt            int64
	}
	issued := map[standing]int64{}
	err := db.Each(ctx, q, func(x row) { issued[standing{x.SubjectID, x.PersonID}] = x.IssuedAt },
		`SELECT i.subject_id, i.person_id, i.issued_at FROM certificate_standing i WHERE i.subject_id IN (SELECT x.subject_id FROM project_subject x WHERE x.project_id = ?)`, projectID)
	return issued, err
}
