// Package review lets a reviewer of a fund read one project, or one period of it, until a day: figures, what is missing and the packages that were frozen.
//
// Goals: a reviewer needs no account and checks without asking; a link that was passed on opens nothing to somebody else, since each browser has to show a code that only the
// named address is sent; the office sees what was opened and when, and ends it at once. Limits: it shows no person, no row behind a figure and no group that public figures would
// hide; it counts nothing itself; from which network somebody came is written nowhere; papers of people are shown on the spot (package spot).
//
// Decision 70 says why it is a link, an address and a code.
package review

import (
	"context"
	"errors"
	"slices"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/audit"
	"ostoja/internal/clock"
	"ostoja/internal/db"
	"ostoja/internal/errs"
	"ostoja/internal/id"
	"ostoja/internal/keeping"
	"ostoja/internal/lang"
	"ostoja/internal/mail"
	"ostoja/internal/project"
	"ostoja/internal/report"
	"ostoja/internal/report/freeze"
	"ostoja/internal/report/journal"
	"ostoja/internal/text"
)

// How long a link opens something, in days.
const (
	UsualDays = 14
	MostDays  = 90
)

const (
	mostName  = 120
	forgotten = 365 * 24 * time.Hour // after its end, who a link was for
)

// Langs are the languages of letters and pages.
var Langs = []string{"pl", "en"}

// Deps are what the service needs.
type Deps struct {
	DB        *db.DB
	Clock     clock.Clock
	Zone      *time.Location // of the days
	Projects  *project.Service
	Reports   *report.Service
	Freeze    *freeze.Service
	Journal   *journal.Service
	Outbox    *mail.Outbox
	Keeping   *keeping.Service
	Catalogue *lang.Catalogue
	BaseURL   string
	Floor     time.Duration // the least time that asking for a code takes, so that it does not tell whose link it is; 0 is 150 ms
}

// Service keeps reviewers' links.
type Service struct{ Deps }

// kindLink is the kind of what ends by its age.
const kindLink keeping.Kind = "review-link"

// New returns a Service.
func New(d Deps) *Service {
	if d.Floor == 0 {
		d.Floor = 150 * time.Millisecond
	}
	s := &Service{d}
	d.Keeping.OnAge(kindLink, s.sweep)
	return s
}

// State is whether a link opens something.
type State string

// The states.
const (
	Open    State = "open"
	Ended   State = "ended"   // by the office
	Expired State = "expired" // its time is over
)

// Link is what a reviewer was given.
type Link struct {
	ID        string
	ProjectID string
	FundID    string
	Period    int    // number of the one period that it opens, 0: all
	Name      string // "" once it is forgotten
	Address   string
	Lang      string
	Office    string // name of the unit that keeps the project
	MadeAt    time.Time
	MadeBy    string // name
	SentAt    time.Time
	ExpiresAt time.Time
	EndedAt   time.Time
	EndedBy   string // name
	Uses      []Use  `db:"-"` // the latest first
}

// State says whether the link opens something at a time.
func (l Link) State(now time.Time) State {
	switch {
	case !l.EndedAt.IsZero():
		return Ended
	case !now.Before(l.ExpiresAt):
		return Expired
	}
	return Open
}

// What is done with a link.
const (
	CodeSent     = "code-sent"
	OtherAddress = "other-address" // somebody typed an address for which the link was not made
	WrongCode    = "wrong-code"
	Entered      = "entered"
	Seen         = "seen" // the page, told once an hour
	Package      = "package"
	Proved       = "proof" // a proof of visibility
)

// Use is something that was done with a link.
type Use struct {
	LinkID string
	Act    string
	What   string // number of the package
	At     time.Time
}

const selectLinks = `
	SELECT l.id, l.project_id, l.fund_id, l.period, l.name, l.address, l.lang, l.made_at, l.sent_at, l.expires_at, l.ended_at, COALESCE(u.name, '') AS office,
		COALESCE(m.given_name || ' ' || m.family_name, '') AS made_by, COALESCE(e.given_name || ' ' || e.family_name, '') AS ended_by
	FROM review_link l JOIN project_office o ON o.project_id = l.project_id LEFT JOIN identity_unit u ON u.id = o.unit_id
		LEFT JOIN identity_person m ON m.id = l.made_by LEFT JOIN identity_person e ON e.id = l.ended_by `

// Path is the address of the page on which an office keeps a project's links.
func Path(projectID string) string { return project.Path(projectID, "reviewers") }

// List returns the links of a project, the latest first, to who may give them.
func (s *Service) List(ctx context.Context, actor access.Actor, projectID string) (p project.Page, list []Link, err error) {
	defer errs.Wrap(&err, "review.List")
	err = s.DB.View(ctx, func(tx *db.Tx) error {
		if p, err = s.Projects.In(ctx, tx, actor, projectID); err != nil {
			return err
		}
		if !p.MayWrite || !p.Dated() {
			return errs.Forbidden("error.forbidden")
		}
		if list, err = db.All[Link](ctx, tx, selectLinks+`WHERE l.project_id = ? ORDER BY l.made_at DESC, l.id DESC`, projectID); err != nil {
			return err
		}
		at := map[string]int{}
		for i, l := range list {
			at[l.ID] = i
		}
		return db.Each(ctx, tx, func(u Use) { list[at[u.LinkID]].Uses = append(list[at[u.LinkID]].Uses, u) }, `
			SELECT x.link_id, x.act, x.what, x.at FROM review_use x JOIN review_link l ON l.id = x.link_id WHERE l.project_id = ? ORDER BY x.at DESC, x.id DESC`, projectID)
	})
	return p, list, err
}

// Draft is what an office writes about who gets a link.
type Draft struct {
	FundID  string
	Period  int // number, 0: all
	Name    string
	Address string
	Lang    string
	Until   string // last day
}

// LastDay is the day until which a link opens as a rule, and the last one that it can.
func LastDay(today string) (usual, most string) { return plus(today, UsualDays), plus(today, MostDays) }

func plus(day string, days int) string {
	t, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return ""
	}
	return t.AddDate(0, 0, days).Format(time.DateOnly)
}

// check finds what is wrong with a draft, by field.
func (d Draft) check(p project.Page, today string) (f errs.Fields) {
	if !slices.ContainsFunc(p.Shares, func(x project.Share) bool { return x.FundID == d.FundID }) {
		f.Add("fund", "review.fault.fund")
	}
	if d.Period < 0 || d.Period > len(p.Periods) {
		f.Add("period", "review.fault.period")
	}
	switch {
	case d.Name == "":
		f.Add("name", "review.fault.name")
	case len([]rune(d.Name)) > mostName:
		f.Add("name", "project.fault.long", "Most", mostName)
	}
	if !slices.Contains(Langs, d.Lang) {
		f.Add("lang", "error.invalid")
	}
	_, most := LastDay(today)
	switch _, err := time.Parse(time.DateOnly, d.Until); {
	case err != nil:
		f.Add("until", "project.fault.day")
	case d.Until < today:
		f.Add("until", "review.fault.past")
	case d.Until > most:
		f.Add("until", "review.fault.far", "Most", MostDays)
	}
	return f
}

// Give makes a link for somebody, and sends it to them.
func (s *Service) Give(ctx context.Context, actor access.Actor, projectID string, d Draft) (linkID string, err error) {
	defer errs.Wrap(&err, "review.Give")
	d.Name = text.Clean(d.Name)
	address, addressErr := mail.Address(d.Address)
	err = s.DB.Update(ctx, func(tx *db.Tx) error {
		p, err := s.Projects.Mine(ctx, tx, actor, projectID)
		if err != nil {
			return err
		}
		f := d.check(p, s.Projects.Today())
		if addressErr != nil {
			f.Add("address", "review.fault.address")
		}
		if err := f.Err(); err != nil {
			return err
		}
		last, err := time.ParseInLocation(time.DateOnly, d.Until, s.Zone)
		if err != nil {
			return err
		}
		linkID = id.New()
		if err := db.Exec(ctx, tx, `INSERT INTO review_link (id, project_id, fund_id, period, name, address, lang, made_at, made_by, expires_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
			linkID, projectID, d.FundID, d.Period, d.Name, address, d.Lang, s.Clock.Now(), actor.PersonID, last.AddDate(0, 0, 1)); err != nil {
			return err
		}
		if err := s.post(ctx, tx, p, linkID, address, d.Lang, d.Until); err != nil {
			return err
		}
		return s.record(ctx, tx, actor, projectID, "given", linkID)
	})
	return linkID, err
}

// post sends the letter that brings a link.
func (s *Service) post(ctx context.Context, tx *db.Tx, p project.Page, linkID, address, tag, until string) error {
	t := s.Catalogue.Printer(tag)
	return s.Outbox.Send(ctx, tx, mail.Message{
		Kind: "report.link", To: address, Lang: t.Tag(), Subject: t.T("review.letter-subject"), Token: mail.Token{Kind: LinkToken, Ref: linkID},
		Body: t.T("review.letter-body", "Office", p.Unit, "Project", p.Name, "Link", s.BaseURL+"/review/"+mail.TokenMark, "Day", t.DateOf(until)),
	})
}

// Send sends a link once more. What the earlier letter brought opens nothing from then on.
func (s *Service) Send(ctx context.Context, actor access.Actor, projectID, linkID string) (err error) {
	defer errs.Wrap(&err, "review.Send")
	return s.DB.Update(ctx, func(tx *db.Tx) error {
		p, l, err := s.mine(ctx, tx, actor, projectID, linkID)
		if err != nil {
			return err
		}
		last := l.ExpiresAt.In(s.Zone).AddDate(0, 0, -1).Format(time.DateOnly)
		if err := s.post(ctx, tx, p, l.ID, l.Address, l.Lang, last); err != nil {
			return err
		}
		return s.record(ctx, tx, actor, projectID, "sent-again", linkID)
	})
}

// End ends a link at once, in the browsers that it has opened as well.
func (s *Service) End(ctx context.Context, actor access.Actor, projectID, linkID string) (err error) {
	defer errs.Wrap(&err, "review.End")
	return s.DB.Update(ctx, func(tx *db.Tx) error {
		if _, _, err := s.mine(ctx, tx, actor, projectID, linkID); err != nil {
			return err
		}
		if err := db.Exec(ctx, tx, `UPDATE review_link SET ended_at = ?, ended_by = ? WHERE id = ?`, s.Clock.Now(), actor.PersonID, linkID); err != nil {
			return err
		}
		return s.record(ctx, tx, actor, projectID, "ended", linkID)
	})
}

// mine returns a link that opens something, of a project that the actor may change.
func (s *Service) mine(ctx context.Context, tx *db.Tx, actor access.Actor, projectID, linkID string) (p project.Page, l Link, err error) {
	if p, err = s.Projects.Mine(ctx, tx, actor, projectID); err != nil {
		return p, l, err
	}
	l, err = db.One[Link](ctx, tx, selectLinks+`WHERE l.project_id = ? AND l.id = ?`, projectID, linkID)
	if errors.Is(err, errs.ErrNotFound) {
		return p, l, errs.NotFound("error.not-found")
	}
	if err == nil && l.State(s.Clock.Now()) != Open {
		err = errs.Conflict("review.fault.over")
	}
	return p, l, err
}

// record notes what the office did. Whom the link is for is in its row, and no act.
func (s *Service) record(ctx context.Context, tx *db.Tx, actor access.Actor, projectID, act, linkID string) error {
	return audit.Record(ctx, tx, s.Clock.Now(), actor.PersonID, "project.review-"+act, "project:"+projectID, map[string]string{"link": linkID})
}

// sweep forgets who links were for and what was done with them, a year after they were over; that there was one stays with the project.
func (s *Service) sweep(ctx context.Context, tx *db.Tx, now time.Time) (n int, err error) {
	over := now.Add(-forgotten)
	const old = ` WHERE name <> '' AND (expires_at < ? OR ended_at < ?)`
	for _, statement := range []string{`DELETE FROM review_code`, `DELETE FROM review_use`} {
		if err := db.Exec(ctx, tx, statement+` WHERE link_id IN (SELECT id FROM review_link`+old+`)`, over, over); err != nil {
			return 0, err
		}
	}
	return db.Changed(ctx, tx, `UPDATE review_link SET name = '', address = '', token_hash = NULL`+old, over, over)
}

// Fingerprint is that of the key with which packages are signed.
func (s *Service) Fingerprint() string { return s.Freeze.Fingerprint() }
