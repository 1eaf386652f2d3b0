// Package wording has the office's own words of the letters that the program writes.
//
// A letter is made by [Compose]: areas name its form and what fills its places, and get the office's own text in the reader's language, or the
// shipped one. What is not worded stays as shipped and follows updates.
//
// Goals: a text is kept only if every letter made of it can be used by its reader (what must be in it is, nothing else is in braces, the subject
// holds neither links nor persons); a letter is never lost through a wording: one that fits no more, because the program's places changed, is passed over
// and the list says so; nothing in a text is executed. Each change is kept with who made it and when, and can be taken back. Limits: letters about codes, guardians
// and data are as shipped ([Forms] says why); a wording is of the whole installation, not of a unit.
package wording

import (
	"context"
	"log/slog"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/audit"
	"ostoja/internal/clock"
	"ostoja/internal/db"
	"ostoja/internal/errs"
	"ostoja/internal/lang"
	"ostoja/internal/mail"
)

// topic is what nodes tell each other of changed wordings.
const topic = "wording"

// Deps is what a Service needs.
type Deps struct {
	DB        *db.DB
	Clock     clock.Clock
	Outbox    *mail.Outbox
	Catalogue *lang.Catalogue
	BaseURL   string
	Log       *slog.Logger
	// Address returns where somebody gets letters, "" if nowhere.
	Address func(ctx context.Context, q db.Querier, personID string) (string, error)
}

// Service keeps the office's own words.
type Service struct{ Deps }

// New returns a Service. No own words are used before [Service.Refresh].
func New(d Deps) *Service {
	s := &Service{d}
	d.DB.OnNotice(topic, func(string) { s.renew(context.Background()) })
	return s
}

// renew is [Service.Refresh] after a change that is kept in any case: should it fail, the next minute tries again.
func (s *Service) renew(ctx context.Context) {
	if err := s.Refresh(ctx); err != nil {
		s.Log.Warn("the office's words of letters", "error", err)
	}
}

// May says whether somebody words the letters: they go to everybody, so that a right within a unit does not do.
func May(actor access.Actor) bool { return actor.Everywhere(access.DeskWrite) }

// Version is what somebody made of a form's text in a language. Its text is empty where the shipped one was put back.
type Version struct {
	Form    Form
	Lang    string
	Version int
	Subject string
	Body    string
	ByID    string
	MadeAt  time.Time
}

// Own says whether it is a text of the office's own.
func (v Version) Own() bool { return v.Body != "" }

// Text returns its text.
func (v Version) Text() Text { return Text{v.Subject, v.Body} }

const columns = `form, lang, version, subject, body, by_id, made_at`

// newest are the versions that count.
func newest(ctx context.Context, q db.Querier) ([]Version, error) {
	return db.All[Version](ctx, q, `SELECT `+columns+` FROM mail_wording w
		WHERE NOT EXISTS (SELECT 1 FROM mail_wording x WHERE x.form = w.form AND x.lang = w.lang AND x.version > w.version) ORDER BY form, lang`)
}

// of are the versions of a form's text in a language, the newest first.
func of(ctx context.Context, q db.Querier, f Form, tag string) ([]Version, error) {
	return db.All[Version](ctx, q, `SELECT `+columns+` FROM mail_wording WHERE form = ? AND lang = ? ORDER BY version DESC`, string(f), tag)
}

// Refresh takes the own words that fit into the letters that are written from now on, on this node.
func (s *Service) Refresh(ctx context.Context) (err error) {
	defer errs.Wrap(&err, "wording.Refresh")
	list, err := newest(ctx, s.DB)
	if err != nil {
		return err
	}
	own := map[string]map[string]string{}
	for _, v := range list {
		if k := Of(v.Form); k == nil || !v.Own() || k.Check(v.Text()) != nil {
			continue
		}
		if own[v.Lang] == nil {
			own[v.Lang] = map[string]string{}
		}
		own[v.Lang][string(v.Form)] = joined(v.Text())
	}
	s.Catalogue.SetOwn(own)
	return nil
}

// Row is a form in a language, as the list shows it.
type Row struct {
	Known *Known
	Lang  string
	Version
	Unfit bool // the office's text fits the letter no more: the shipped one is sent
}

// List returns all forms in all languages in which letters are written, form by form.
func (s *Service) List(ctx context.Context, actor access.Actor) (rows []Row, err error) {
	defer errs.Wrap(&err, "wording.List")
	if !May(actor) {
		return nil, errs.Forbidden("error.forbidden")
	}
	type key struct {
		form Form
		tag  string
	}
	list, err := newest(ctx, s.DB)
	if err != nil {
		return nil, err
	}
	is := map[key]Version{}
	for _, v := range list {
		is[key{v.Form, v.Lang}] = v
	}
	for i := range Forms {
		k := &Forms[i]
		for _, tag := range s.Catalogue.Langs() {
			v := is[key{k.Form, tag}]
			rows = append(rows, Row{Known: k, Lang: tag, Version: v, Unfit: v.Own() && k.Check(v.Text()) != nil})
		}
	}
	return rows, nil
}

// View is a form in a language with all that was made of it.
type View struct {
	Row
	Shipped Text
	Past    []Version // the newest first
}

// Shown is the text that is sent, its places open.
func (v View) Shown() Text {
	if v.Own() && !v.Unfit {
		return v.Text()
	}
	return v.Shipped
}

// One returns a form in a language.
func (s *Service) One(ctx context.Context, actor access.Actor, f Form, tag string) (v View, err error) {
	defer errs.Wrap(&err, "wording.One(%s, %s)", f, tag)
	k, err := s.known(actor, f, tag)
	if err != nil {
		return v, err
	}
	v = View{Row: Row{Known: k, Lang: tag}, Shipped: k.Shipped(s.Catalogue.Printer(tag))}
	if v.Past, err = of(ctx, s.DB, f, tag); err != nil || len(v.Past) == 0 {
		return v, err
	}
	v.Version = v.Past[0]
	v.Unfit = v.Own() && k.Check(v.Text()) != nil
	return v, nil
}

func (s *Service) known(actor access.Actor, f Form, tag string) (*Known, error) {
	if !May(actor) {
		return nil, errs.Forbidden("error.forbidden")
	}
	k := Of(f)
	if k == nil || !s.Catalogue.Has(tag) {
		return nil, errs.NotFound("error.not-found")
	}
	return k, nil
}

// Save makes a text the office's own. seen is the version that the form was filled with: who saves upon a newer one, which they have not read, is told of
// it (an error of category errs.ErrConflict). The shipped text is not kept as one's own, so that it follows updates.
func (s *Service) Save(ctx context.Context, actor access.Actor, f Form, tag string, seen int, t Text) (err error) {
	defer errs.Wrap(&err, "wording.Save(%s, %s)", f, tag)
	k, err := s.known(actor, f, tag)
	if err != nil {
		return err
	}
	shipped := k.Shipped(s.Catalogue.Printer(tag))
	if t = k.Tidy(t, shipped); t == shipped {
		return s.write(ctx, actor, f, tag, seen, Text{})
	}
	if err := k.Check(t); err != nil {
		return err
	}
	return s.write(ctx, actor, f, tag, seen, t)
}

// Restore makes an earlier version the one that counts, by one more; 0 is the shipped text. One that fits no more is refused, an error of category
// errs.ErrConflict.
func (s *Service) Restore(ctx context.Context, actor access.Actor, f Form, tag string, seen, version int) (err error) {
	defer errs.Wrap(&err, "wording.Restore(%s, %s, %d)", f, tag, version)
	k, err := s.known(actor, f, tag)
	if err != nil {
		return err
	}
	t := Text{}
	if version != 0 {
		v, err := db.One[Version](ctx, s.DB, `SELECT `+columns+` FROM mail_wording WHERE form = ? AND lang = ? AND version = ?`, string(f), tag, version)
		if err != nil {
			return err
		}
		if t = v.Text(); v.Own() && k.Check(t) != nil {
			return errs.Conflict("letters.words.fault-unfit")
		}
	}
	return s.write(ctx, actor, f, tag, seen, t)
}

// write adds a version, unless it says what the newest does.
func (s *Service) write(ctx context.Context, actor access.Actor, f Form, tag string, seen int, t Text) error {
	return s.DB.Update(ctx, func(tx *db.Tx) error {
		past, err := of(ctx, tx, f, tag)
		if err != nil {
			return err
		}
		now := Version{}
		if len(past) > 0 {
			now = past[0]
		}
		if now.Version != seen {
			return errs.Conflict("letters.words.fault-meanwhile")
		}
		if now.Text() == t {
			return nil
		}
		at := s.Clock.Now()
		n, err := db.Changed(ctx, tx, `INSERT INTO mail_wording (`+columns+`) VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (form, lang, version) DO NOTHING`,
			string(f), tag, seen+1, t.Subject, t.Body, actor.PersonID, at)
		if err != nil {
			return err
		}
		if n == 0 { // two at once
			return errs.Conflict("letters.words.fault-meanwhile")
		}
		what := "mail.word"
		if t.Body == "" {
			what = "mail.word-shipped"
		}
		tx.AfterCommit(func() {
			kept := context.WithoutCancel(ctx)
			s.renew(kept)
			if err := s.DB.Notify(kept, topic, ""); err != nil {
				s.Log.Warn("the office's words of letters", "error", err)
			}
		})
		return audit.Record(ctx, tx, at, actor.PersonID, what, "letter:"+string(f), map[string]any{"lang": tag, "version": seen + 1})
	})
}

// Forget erases versions that were followed by another before a time.
func (s *Service) Forget(ctx context.Context, before time.Time) (err error) {
	defer errs.Wrap(&err, "wording.Forget")
	return s.DB.Update(ctx, func(tx *db.Tx) error {
		return db.Exec(ctx, tx, `DELETE FROM mail_wording WHERE EXISTS (SELECT 1 FROM mail_wording x
			WHERE x.form = mail_wording.form AND x.lang = mail_wording.lang AND x.version > mail_wording.version AND x.made_at < ?)`, before)
	})
}
