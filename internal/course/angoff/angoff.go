// Package angoff lets an office's own experts judge the pass mark of a course's test. Each expert says of every test item which
// share of people who are just competent enough would answer it rightly; the pass mark that follows is the mean over experts of what
// such a person would score in an attempt (Angoff 1971; Cizek and Bunch, Standard Setting, 2007, chapter 6). In a second round, after
// they have talked about the first, they may say it again.
//
// Its goal is that a pass mark is known to be judged, by how many people and how far they agree, or known not to be. Judgements
// belong to one published version, whose items they are about. What the test asks for a pass stays what its author wrote in the course:
// the judged mark stands beside it, and a new version may take it.
package angoff

import (
	"context"
	"math"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"ostoja/internal/access"
	"ostoja/internal/audit"
	"ostoja/internal/clock"
	"ostoja/internal/course"
	"ostoja/internal/course/published"
	"ostoja/internal/db"
	"ostoja/internal/errs"
	"ostoja/internal/item"
)

const (
	// LeastExperts is how many experts make a mark a judged one: with fewer, one person's view moves it by many points.
	LeastExperts = 5
	// Rounds is how often experts may judge.
	Rounds      = 2
	mostExperts = 50 // of a round
	mostName    = 40 // characters
)

// Judgement is what one expert said in a round: of each item, per cent of just competent people who would answer it rightly.
type Judgement struct {
	Round     int
	Expert    string             // initials or a number: who it is, the office knows
	Shares    map[string]float64 `db:"shares,json"`
	EnteredAt time.Time
}

// Mark is what the experts of a round come to.
type Mark struct {
	Round   int
	Experts int
	Percent float64 // mean over the experts
	SD      float64 // between them, with n-1; NaN for one
	SE      float64 // standard error of the mean; likewise
	At      time.Time
}

// Judged says whether enough experts have judged for the mark to be called so.
func (m Mark) Judged() bool { return m.Experts >= LeastExperts }

// Items returns the items that experts judge: all that an attempt may draw and count, in the order of the files.
func Items(c *course.Course) []*item.Item {
	var list []*item.Item
	if t := c.Test(); t != nil {
		chances := c.Chances(t)
		for _, itemID := range c.ItemIDs() {
			if chances[itemID] > 0 {
				list = append(list, c.Item(itemID))
			}
		}
	}
	return list
}

// expected returns per cent that a just competent person scores in an attempt, as one expert sees it: the mean of what they said of the
// items, each weighed by how often it is drawn.
func expected(chances, shares map[string]float64) float64 {
	sum, weight := 0.0, 0.0
	for itemID, chance := range chances {
		sum += chance * shares[itemID]
		weight += chance
	}
	return sum / weight
}

// MarkOf computes the mark of a round; Experts is 0 where nobody has judged.
func MarkOf(c *course.Course, list []Judgement, round int) Mark {
	m := Mark{Round: round, SD: math.NaN(), SE: math.NaN()}
	t := c.Test()
	if t == nil {
		return m
	}
	chances := c.Chances(t)
	var marks []float64
	for _, j := range list {
		if j.Round == round {
			marks = append(marks, expected(chances, j.Shares))
			m.Percent += marks[len(marks)-1]
			m.At = latest(m.At, j.EnteredAt)
		}
	}
	if m.Experts = len(marks); m.Experts == 0 {
		return m
	}
	m.Percent /= float64(m.Experts)
	if m.Experts > 1 {
		squares := 0.0
		for _, x := range marks {
			squares += (x - m.Percent) * (x - m.Percent)
		}
		m.SD = math.Sqrt(squares / float64(m.Experts-1))
		m.SE = m.SD / math.Sqrt(float64(m.Experts))
	}
	return m
}

func latest(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

// Final returns the mark that holds: that of the last round in which enough experts judged, else of the last in which any did.
func Final(c *course.Course, list []Judgement) Mark {
	best := MarkOf(c, list, 1)
	for round := 2; round <= Rounds; round++ {
		if m := MarkOf(c, list, round); m.Judged() || m.Experts > 0 && !best.Judged() {
			best = m
		}
	}
	return best
}

// Service keeps judgements.
type Service struct {
	db      *db.DB
	clock   clock.Clock
	courses *published.Service
}

// NewService returns a Service.
func NewService(d *db.DB, c clock.Clock, courses *published.Service) *Service {
	return &Service{d, c, courses}
}

// Panel is what the experts said of a course's current version.
type Panel struct {
	Course *published.Course
	List   []Judgement // by round and expert
}

// Panel returns what was said of the current version; of whose items only who may publish may read.
func (s *Service) Panel(ctx context.Context, actor access.Actor, courseID string) (p Panel, err error) {
	defer errs.Wrap(&err, "angoff.Panel(%q)", courseID)
	if !actor.Everywhere(access.CoursesWrite) {
		return p, errs.Forbidden("error.forbidden")
	}
	return s.panel(ctx, courseID)
}

func (s *Service) panel(ctx context.Context, courseID string) (p Panel, err error) {
	e, err := s.courses.Entry(ctx, courseID)
	if err != nil {
		return p, err
	}
	if p.Course, err = s.courses.Version(ctx, e.CurrentVersionID); err != nil {
		return p, err
	}
	p.List, err = db.All[Judgement](ctx, s.db, `SELECT round, expert, shares, entered_at FROM course_judgement WHERE version_id = ? ORDER BY round, expert`, e.CurrentVersionID)
	return p, err
}

// Mark returns the mark that the experts of the current version came to, for whoever may read of courses. It tells of no single item.
func (s *Service) Mark(ctx context.Context, actor access.Actor, courseID string) (m Mark, err error) {
	defer errs.Wrap(&err, "angoff.Mark(%q)", courseID)
	if !actor.Has(access.CoursesRead) {
		return m, errs.Forbidden("error.forbidden")
	}
	p, err := s.panel(ctx, courseID)
	if err != nil {
		return m, err
	}
	return Final(p.Course.Course, p.List), nil
}

// Draft is what was typed for an expert.
type Draft struct {
	Round  int
	Expert string
	Shares map[string]string // as typed, by item
}

// check reads a draft; every fault is at its field, that of an item at its id.
func check(items []*item.Item, d Draft) (shares map[string]float64, err error) {
	var faults errs.Fields
	if d.Round < 1 || d.Round > Rounds {
		faults.Add("round", "authoring.mark.fault-round")
	}
	if d.Expert == "" || utf8.RuneCountInString(d.Expert) > mostName {
		faults.Add("expert", "authoring.mark.fault-expert", "High", mostName)
	}
	shares = map[string]float64{}
	for _, it := range items {
		x, err := item.ParseNumber(strings.TrimSuffix(strings.TrimSpace(d.Shares[it.ID]), "%"))
		if err != nil || x < 0 || x > 100 {
			faults.Add("share."+it.ID, "authoring.mark.fault-share")
			continue
		}
		shares[it.ID] = x
	}
	return shares, faults.Err()
}

// Enter keeps what an expert said of all items in a round. Said again, it takes the place of what the same expert said before.
func (s *Service) Enter(ctx context.Context, actor access.Actor, courseID string, d Draft) (err error) {
	defer errs.Wrap(&err, "angoff.Enter(%q)", courseID)
	p, err := s.Panel(ctx, actor, courseID)
	if err != nil {
		return err
	}
	d.Expert = strings.Join(strings.Fields(d.Expert), " ")
	items := Items(p.Course.Course)
	if len(items) == 0 {
		return errs.NotFound("error.not-found")
	}
	shares, err := check(items, d)
	if err != nil {
		return err
	}
	if known := func(j Judgement) bool { return j.Round == d.Round && j.Expert == d.Expert }; len(p.List) >= mostExperts*Rounds && !slices.ContainsFunc(p.List, known) {
		return errs.Conflict("authoring.mark.full")
	}
	now := s.clock.Now()
	return s.db.Update(ctx, func(tx *db.Tx) error {
		if err := db.Exec(ctx, tx, `
			INSERT INTO course_judgement (version_id, round, expert, shares, entered_at, entered_by) VALUES (?, ?, ?, ?, ?, ?)
			ON CONFLICT (version_id, round, expert) DO UPDATE SET shares = excluded.shares, entered_at = excluded.entered_at, entered_by = excluded.entered_by`,
			p.Course.VersionID, d.Round, d.Expert, db.JSON(shares), now, actor.PersonID); err != nil {
			return err
		}
		return audit.Record(ctx, tx, now, actor.PersonID, "course.judge", "course:"+courseID, map[string]any{"version": p.Course.VersionID, "round": d.Round})
	})
}
