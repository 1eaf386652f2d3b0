// Package notice tells those who take part in a project what its funds want them to be told, in the funds' own words, and keeps who was told, when, by which version and in
// which language.
//
// Goals: nobody has to look for it, since who has not read a fund's text as it stands is led to it; an edit of the fund's other rules asks nobody again, a new wording
// does, and what was confirmed before stays; the age and sex that a fund asks for can be left out without a word. Limits: it makes up no text: without one in the rules
// there is nothing to tell; whether somebody counts who was not told is the fund's rule and package report's.
package notice

import (
	"context"
	"slices"
	"strconv"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/clock"
	"ostoja/internal/db"
	"ostoja/internal/errs"
	"ostoja/internal/id"
	"ostoja/internal/project"
	"ostoja/internal/project/fund"
	"ostoja/internal/report"
	"ostoja/internal/text"
)

// The ways in which somebody is told.
const (
	onPage  = "page"
	onPaper = "paper"
)

// Sexes are the answers that can be given.
var Sexes = []string{"f", "m", "x"}

// Deps are what the service needs.
type Deps struct {
	DB       *db.DB
	Clock    clock.Clock
	Zone     *time.Location
	Projects *project.Service
	Rules    report.Rules
	// GiveSex stores the sex of somebody of whom it is not known. It MUST leave one that is.
	GiveSex func(ctx context.Context, tx *db.Tx, personID, sex string) error
}

// Service keeps who was told.
type Service struct{ Deps }

// New returns a Service.
func New(d Deps) *Service { return &Service{d} }

// Path is the address of the page on which somebody reads the notices of a project.
func Path(projectID string) string { return "/app/notices/" + projectID }

// Reading says that somebody was told.
type Reading struct {
	ProjectID string
	FundID    string
	Version   int64
	Lang      string
	At        time.Time
	How       string // page | paper
}

// Notice is what a fund wants people to be told, to one reader.
type Notice struct {
	FundID  string
	Fund    text.Translated
	Version int64
	Lang    string   // of the text
	Langs   []string // in which it can be read
	Text    string
	Read    *Reading // of the text as it stands; nil while it was not
	Before  *Reading // the last one of another wording
}

// Page is what somebody is told of a project.
type Page struct {
	ProjectID string
	Name      string
	Running   bool
	Notices   []Notice
	Bands     []fund.Band // ages are asked for if there are any
	Band      string      // given before
	AsksSex   bool
}

// Unread is how many notices were not confirmed as they stand.
func (p Page) Unread() (n int) {
	for _, x := range p.Notices {
		if x.Read == nil {
			n++
		}
	}
	return n
}

// Task is a project of which somebody has something to read.
type Task struct {
	ProjectID string
	Name      string
}

// BandKey is the form in which a band is kept and shown: 30-39, 60+.
func BandKey(b fund.Band) string {
	if b.Until == 0 {
		return strconv.Itoa(b.From) + "+"
	}
	return strconv.Itoa(b.From) + "-" + strconv.Itoa(b.Until)
}

// Language returns the language in which a text is shown to somebody: theirs if there is one in it, else the first in the order of [fund.Languages].
func Language(t text.Translated, wanted string) string {
	for _, l := range append([]string{wanted}, fund.Languages...) {
		if l != "" && t[l] != "" {
			return l
		}
	}
	return ""
}

// languages are those in which there is a text, in the order of [fund.Languages].
func languages(t text.Translated) (list []string) {
	for _, l := range fund.Languages {
		if t[l] != "" {
			list = append(list, l)
		}
	}
	return list
}

// takesPart are the projects in which somebody takes part: by a seat or by having been there, or by a course. Own staff of a project are not asked: it never counts them.
const takesPart = `
	SELECT DISTINCT x.project_id FROM project_subject x
	WHERE (x.kind = 'training' AND (EXISTS (SELECT 1 FROM classroom_booked b WHERE b.training_id = x.subject_id AND b.person_id = ?)
			OR EXISTS (SELECT 1 FROM classroom_attended t WHERE t.training_id = x.subject_id AND t.person_id = ?))
		OR x.kind = 'course' AND EXISTS (SELECT 1 FROM learning_taken e WHERE e.course_id = x.subject_id AND e.person_id = ?))
		AND NOT EXISTS (SELECT 1 FROM project_not_counted o WHERE o.project_id = x.project_id
			AND o.person_id = COALESCE((SELECT c.counts_as FROM project_counted_as c WHERE c.person_id = ?), ?))
	ORDER BY x.project_id`

func projectsOf(ctx context.Context, q db.Querier, personID string) ([]string, error) {
	return db.All[string](ctx, q, takesPart, personID, personID, personID, personID, personID)
}

// Tasks returns the running projects of which somebody has something to read.
func (s *Service) Tasks(ctx context.Context, personID string) (list []Task, err error) {
	defer errs.Wrap(&err, "notice.Tasks")
	err = s.DB.View(ctx, func(tx *db.Tx) error {
		projects, err := projectsOf(ctx, tx, personID)
		for _, projectID := range projects {
			p, err := s.page(ctx, tx, personID, projectID, "")
			if err != nil {
				return err
			}
			if p.Running && p.Unread() > 0 {
				list = append(list, Task{p.ProjectID, p.Name})
			}
		}
		return err
	})
	return list, err
}

// Of returns what the actor is told of a project, in a language if there is one. A project in which they take no part is not found.
func (s *Service) Of(ctx context.Context, actor access.Actor, projectID, lang string) (p Page, err error) {
	defer errs.Wrap(&err, "notice.Of")
	err = s.DB.View(ctx, func(tx *db.Tx) (err error) {
		p, err = s.mine(ctx, tx, actor, projectID, lang)
		return err
	})
	return p, err
}

func (s *Service) mine(ctx context.Context, q db.Querier, actor access.Actor, projectID, lang string) (Page, error) {
	if !id.Valid(projectID) || actor.PersonID == "" {
		return Page{}, errs.NotFound("error.not-found")
	}
	projects, err := projectsOf(ctx, q, actor.PersonID)
	if err != nil {
		return Page{}, err
	}
	if !slices.Contains(projects, projectID) {
		return Page{}, errs.NotFound("error.not-found")
	}
	p, err := s.page(ctx, q, actor.PersonID, projectID, lang)
	if err == nil && len(p.Notices) == 0 {
		err = errs.NotFound("error.not-found")
	}
	return p, err
}

const selectReadings = `SELECT project_id, fund_id, version, lang, at, how FROM report_notice WHERE person_id = ?`

// page reads what somebody is told of a project in which they take part.
func (s *Service) page(ctx context.Context, q db.Querier, personID, projectID, lang string) (p Page, err error) {
	x, err := s.Projects.In(ctx, q, access.System, projectID)
	if err != nil {
		return p, err
	}
	today := s.Clock.Now().In(s.Zone).Format(time.DateOnly)
	p = Page{ProjectID: x.ID, Name: x.Name, Running: x.FirstDay <= today && today <= x.LastDay}
	readings, err := db.All[Reading](ctx, q, selectReadings+` AND project_id = ? ORDER BY at DESC, version DESC`, personID, projectID)
	if err != nil {
		return p, err
	}
	bySex := false
	for _, share := range x.Shares {
		set, version, err := s.Rules.Of(ctx, q, share.FundID, 0)
		if err != nil {
			return p, err
		}
		shown := Language(set.Notice.Text, lang)
		if shown == "" {
			continue
		}
		n := Notice{FundID: set.ID, Fund: set.Title, Version: version, Lang: shown, Langs: languages(set.Notice.Text), Text: set.Notice.Text[shown]}
		if err := s.place(ctx, q, &n, set, readings); err != nil {
			return p, err
		}
		p.Notices = append(p.Notices, n)
		if len(p.Bands) == 0 { // a person has one band: that of the fund that pays most
			p.Bands = set.Ages.Bands
		}
		bySex = bySex || slices.ContainsFunc(set.Indicators, func(i fund.Indicator) bool { return slices.Contains(i.By, fund.BySex) })
	}
	known, err := db.All[string](ctx, q, `SELECT band FROM report_age WHERE person_id = ?`, personID)
	if err != nil {
		return p, err
	}
	if len(known) > 0 {
		p.Band = known[0]
	}
	sex, err := db.All[string](ctx, q, `SELECT sex FROM identity_group WHERE id = ?`, personID)
	p.AsksSex = bySex && len(sex) > 0 && sex[0] == ""
	return p, err
}

// place finds which reading is of the text as it stands. An edit of another rule, or of the text in another language than the one that was read, makes nothing unread.
func (s *Service) place(ctx context.Context, q db.Querier, n *Notice, set fund.Rules, readings []Reading) error {
	for _, r := range readings {
		if r.FundID != n.FundID {
			continue
		}
		then := set
		if r.Version != n.Version {
			var err error
			if then, _, err = s.Rules.Of(ctx, q, r.FundID, r.Version); err != nil {
				return err
			}
		}
		switch same := then.Notice.Text[r.Lang] == set.Notice.Text[r.Lang]; {
		case same && n.Read == nil:
			n.Read = &r
		case !same && n.Before == nil:
			n.Before = &r
		}
	}
	return nil
}

// Confirmed is the text that somebody had before them when they confirmed it.
type Confirmed struct {
	Version int64
	Lang    string
}

// Answer is what somebody says on the page.
type Answer struct {
	Confirmed map[string]Confirmed // by fund
	Band      string               // "" if it is not given
	Sex       string               // likewise
}

// Say stores what the actor confirmed, and what they gave of themselves.
func (s *Service) Say(ctx context.Context, actor access.Actor, projectID string, a Answer) (err error) {
	defer errs.Wrap(&err, "notice.Say")
	return s.DB.Update(ctx, func(tx *db.Tx) error {
		p, err := s.mine(ctx, tx, actor, projectID, "")
		if err != nil {
			return err
		}
		if err := s.check(ctx, tx, p, a); err != nil {
			return err
		}
		now := s.Clock.Now()
		for _, n := range p.Notices {
			c, ok := a.Confirmed[n.FundID]
			if !ok {
				continue
			}
			if err := db.Exec(ctx, tx, `
				INSERT INTO report_notice (project_id, person_id, fund_id, version, lang, at, how, actor_id) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
				ON CONFLICT (project_id, person_id, fund_id, version) DO NOTHING`, projectID, actor.PersonID, n.FundID, n.Version, c.Lang, now, onPage, actor.PersonID); err != nil {
				return err
			}
		}
		if p.AsksSex && a.Sex != "" {
			if err := s.GiveSex(ctx, tx, actor.PersonID, a.Sex); err != nil {
				return err
			}
		}
		switch {
		case len(p.Bands) == 0 || a.Band == p.Band:
			return nil
		case a.Band == "":
			return db.Exec(ctx, tx, `DELETE FROM report_age WHERE person_id = ?`, actor.PersonID)
		}
		return db.Exec(ctx, tx, `INSERT INTO report_age (person_id, band, at) VALUES (?, ?, ?) ON CONFLICT (person_id) DO UPDATE SET band = excluded.band, at = excluded.at`,
			actor.PersonID, a.Band, now)
	})
}

// check says what is wrong with an answer.
func (s *Service) check(ctx context.Context, q db.Querier, p Page, a Answer) error {
	var f errs.Fields
	ticked := 0
	for _, n := range p.Notices {
		c, ok := a.Confirmed[n.FundID]
		if !ok {
			continue
		}
		ticked++
		now, _, err := s.Rules.Of(ctx, q, n.FundID, 0)
		if err != nil {
			return err
		}
		then := now
		if c.Version > 0 && c.Version < n.Version {
			if then, _, err = s.Rules.Of(ctx, q, n.FundID, c.Version); err != nil {
				return err
			}
		}
		if c.Version < 1 || c.Version > n.Version || now.Notice.Text[c.Lang] == "" || then.Notice.Text[c.Lang] != now.Notice.Text[c.Lang] {
			f.Add("fund-"+n.FundID, "notice.fault.changed")
		}
	}
	if ticked == 0 && p.Unread() > 0 {
		f.Add("confirm", "notice.fault.confirm")
	}
	if a.Band != "" && a.Band != p.Band && !slices.ContainsFunc(p.Bands, func(b fund.Band) bool { return BandKey(b) == a.Band }) {
		f.Add("band", "notice.fault.choose")
	}
	if a.Sex != "" && !slices.Contains(Sexes, a.Sex) {
		f.Add("sex", "notice.fault.choose")
	}
	return f.Err()
}

// Mine returns all that somebody was told, of whichever project, the latest first, and the age that they gave.
func (s *Service) Mine(ctx context.Context, q db.Querier, personID string) (list []Reading, band string, err error) {
	defer errs.Wrap(&err, "notice.Mine")
	if list, err = db.All[Reading](ctx, q, selectReadings+` ORDER BY at DESC, project_id, fund_id`, personID); err != nil {
		return nil, "", err
	}
	bands, err := db.All[string](ctx, q, `SELECT band FROM report_age WHERE person_id = ?`, personID)
	if len(bands) > 0 {
		band = bands[0]
	}
	return list, band, err
}
