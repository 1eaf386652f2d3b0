package helpweb

import (
	"context"
	"encoding/json"
	"errors"
	"net/mail"

	"ostoja/internal/access"
	"ostoja/internal/audit"
	"ostoja/internal/clock"
	"ostoja/internal/db"
	"ostoja/internal/errs"
	"ostoja/internal/text"
)

// Office is what an installation's administrator says of it to everybody who opens the application: whom to ask, and who answers for personal
// data. Each part may be empty: then the pages say that the office has not given it yet.
type Office struct {
	Name    string `json:"name"`
	Address string `json:"address"`
	Mail    string `json:"mail"`
	Phone   string `json:"phone"`
	Hours   string `json:"hours"`
	// Officer is how to reach the data protection officer (GDPR, article 13(1)(b)).
	Officer string `json:"officer"`
	// Privacy is what the office adds to the notice, by language: purposes, legal bases, recipients (GDPR, article 13(1)(c) to (f)).
	Privacy text.Translated `json:"privacy"`
	// Edition rises with each change, so that of two who edit at once the second is told; 0 is none yet.
	Edition int64 `json:"edition"`
}

const (
	mostLine  = 200    // runes of a field of one line
	mostWords = 10_000 // runes of the office's part of the notice, in a language
)

// Offices keeps what an installation says of its office.
type Offices struct {
	DB    *db.DB
	Clock clock.Clock
}

// Read returns what there is.
func (s *Offices) Read(ctx context.Context) (o Office, err error) {
	defer errs.Wrap(&err, "helpweb.Read")
	return read(ctx, s.DB)
}

func read(ctx context.Context, q db.Querier) (o Office, err error) {
	raw, err := db.One[string](ctx, q, `SELECT value FROM setting WHERE name = 'office'`)
	if errors.Is(err, errs.ErrNotFound) {
		return o, nil
	}
	if err == nil {
		err = json.Unmarshal([]byte(raw), &o)
	}
	return o, err
}

// Write keeps what an administrator says. It returns [errs.ErrConflict] where somebody else wrote meanwhile.
func (s *Offices) Write(ctx context.Context, actor access.Actor, o Office) (err error) {
	defer errs.Wrap(&err, "helpweb.Write")
	if !actor.Everywhere(access.SystemOperate) {
		return errs.Forbidden("error.forbidden")
	}
	if err := o.clean().Err(); err != nil {
		return err
	}
	return s.DB.Update(ctx, func(tx *db.Tx) error {
		if err := db.Exec(ctx, tx, `INSERT INTO setting (name, value) VALUES ('office', '{}') ON CONFLICT (name) DO UPDATE SET value = setting.value`); err != nil {
			return err // and the row is held until the commit
		}
		before, err := read(ctx, tx)
		if err != nil {
			return err
		}
		if before.Edition != o.Edition {
			return errs.Conflict("help.office.changed")
		}
		o.Edition++
		value, err := json.Marshal(o)
		if err != nil {
			return err
		}
		if err := db.Exec(ctx, tx, `UPDATE setting SET value = ? WHERE name = 'office'`, string(value)); err != nil {
			return err
		}
		return audit.Record(ctx, tx, s.Clock.Now(), actor.PersonID, "office.write", "office:", map[string]any{"edition": o.Edition})
	})
}

// clean tidies what was typed and says what cannot be kept.
func (o *Office) clean() (faults errs.Fields) {
	for name, v := range map[string]*string{"name": &o.Name, "address": &o.Address, "mail": &o.Mail, "phone": &o.Phone, "hours": &o.Hours, "officer": &o.Officer} {
		if *v = text.Clean(*v); len([]rune(*v)) > mostLine {
			faults.Add(name, "help.office.long", "Most", mostLine)
		}
	}
	if a, err := mail.ParseAddress(o.Mail); o.Mail != "" && (err != nil || a.Address != o.Mail) {
		faults.Add("mail", "help.office.fault-mail")
	}
	if o.Phone != "" && !text.IsPhone(o.Phone, 3) {
		faults.Add("phone", "help.office.fault-phone")
	}
	for lang, words := range o.Privacy {
		if o.Privacy[lang] = text.CleanLines(words); lang != "" && len([]rune(words)) > mostWords {
			faults.Add("privacy-"+lang, "help.office.long", "Most", mostWords)
		}
	}
	return faults
}
