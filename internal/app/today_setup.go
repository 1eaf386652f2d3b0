package app

import (
	"context"
	"errors"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/db"
	"ostoja/internal/errs"
	"ostoja/internal/lang"
	"ostoja/internal/mail"
	"ostoja/internal/today"
	"ostoja/internal/today/todayweb"
)

// What was seen of this installation stands in the table of settings, each with its time.
const (
	mailTaken  = "mail.taken"  // a mail server took a letter first
	backupMade = "backup.made" // a backup was written last
)

// noteFact keeps when something was seen last.
func noteFact(ctx context.Context, d *db.DB, name string, at time.Time) error {
	return d.Update(ctx, func(tx *db.Tx) error {
		return db.Exec(ctx, tx, `INSERT INTO setting (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value`, name, at.UTC().Format(time.RFC3339))
	})
}

// noted returns when it was; the zero time if never.
func (a *App) noted(ctx context.Context, name string) (at time.Time, err error) {
	value, err := db.One[string](ctx, a.DB, `SELECT value FROM setting WHERE name = ?`, name)
	if errors.Is(err, errs.ErrNotFound) {
		return at, nil
	}
	if err != nil {
		return at, err
	}
	return time.Parse(time.RFC3339, value)
}

// noteMail follows what a mail server says of an address, and keeps that it took a letter first: an installation whose mail works.
func (a *App) noteMail(ctx context.Context, tx *db.Tx, address string, refused bool) error {
	if a.mailServer && !refused {
		if err := db.Exec(ctx, tx, `INSERT INTO setting (name, value) VALUES (?, ?) ON CONFLICT (name) DO NOTHING`, mailTaken, a.clock.Now().UTC().Format(time.RFC3339)); err != nil {
			return err
		}
	}
	return a.Identity.NoteMail(ctx, tx, address, refused)
}

// addressOf returns where somebody gets letters, "" if nowhere.
func (a *App) addressOf(ctx context.Context, q db.Querier, personID string) (string, error) {
	to, err := a.Identity.Participant(ctx, q, personID)
	return to.Mail, err
}

// letterToOneself sends the actor a letter that says that mail works.
func (a *App) letterToOneself(catalogue *lang.Catalogue) func(ctx context.Context, actor access.Actor) error {
	return func(ctx context.Context, actor access.Actor) (err error) {
		defer errs.Wrap(&err, "app.letterToOneself")
		if !actor.Has(access.SystemOperate) {
			return errs.Forbidden("error.forbidden")
		}
		return a.DB.Update(ctx, func(tx *db.Tx) error {
			to, err := a.Identity.Participant(ctx, tx, actor.PersonID)
			if err != nil {
				return err
			}
			if to.Mail == "" {
				return errs.Conflict("today.letter.no-address")
			}
			p := catalogue.Printer(to.Lang)
			return a.Outbox.Send(ctx, tx, mail.Message{Kind: "system.test", To: to.Mail, Lang: p.Tag(), Subject: p.T("today.letter.subject"), Body: p.T("today.letter.body")})
		})
	}
}

// setUpSteps are what a new installation lacks. Each is asked of what is there.
func (a *App) setUpSteps(ctx context.Context, actor access.Actor, _ time.Time) (_ []today.Step, err error) {
	defer errs.Wrap(&err, "app.setUpSteps")
	taken, err := a.noted(ctx, mailTaken)
	if err != nil {
		return nil, err
	}
	made, err := a.noted(ctx, backupMade)
	if err != nil {
		return nil, err
	}
	courses, err := a.Courses.List(ctx)
	if err != nil {
		return nil, err
	}
	open, err := a.Site.IsOpen(ctx)
	if err != nil {
		return nil, err
	}
	others, err := a.Identity.OthersWith(ctx, actor.PersonID, access.Administrator, access.Editor)
	if err != nil {
		return nil, err
	}
	letter := today.Step{Name: "mail", Done: a.mailServer && !taken.IsZero(), Why: today.Say("today.setup.mail.why"), Href: todayweb.LetterPath, Post: true}
	switch {
	case letter.Done:
		letter.Why = today.Say("today.setup.mail.was", "Day", taken)
	case !a.mailServer: // a letter would only be printed
		letter.Why, letter.Href = today.Say("today.setup.mail.why-none"), ""
	}
	kept := today.Step{Name: "backup", Done: !made.IsZero(), Why: today.Say("today.setup.backup.why")}
	if kept.Done {
		kept.Why = today.Say("today.setup.backup.was", "Day", made)
	}
	return []today.Step{
		letter, kept,
		{Name: "course", Done: len(courses) > 0, Why: today.Say("today.setup.course.why"), Href: "/app/authoring"},
		{Name: "site", Done: open, Why: today.Say("today.setup.site.why"), Href: "/app/site"},
		{Name: "second", Done: others > 0, Why: today.Say("today.setup.second.why"), Href: "/app/people/new"},
	}, nil
}
