package guardian

import (
	"context"
	"errors"
	"strings"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/db"
	"ostoja/internal/errs"
	"ostoja/internal/id"
	"ostoja/internal/lang"
	"ostoja/internal/paper"
)

// Statement is a paper of one page about one person: that they are in the register, for what and until when. The contact is not on it.
type Statement struct {
	Code       string
	Name       string
	Office     string
	Since      time.Time // when the person was admitted
	ValidUntil time.Time // exclusive, as printed
	MadeAt     time.Time
	Langs      []string
	Courts     []string
}

const codeLength = 16 // letters of five bits each: 80 bits cannot be guessed, and can still be typed from paper

// Grouped returns a code as it is printed.
func Grouped(code string) string {
	var b strings.Builder
	for i, r := range code {
		if i > 0 && i%4 == 0 {
			b.WriteByte('-')
		}
		b.WriteRune(r)
	}
	return b.String()
}

// NewCode makes the code of a paper about an entry, by which [Service.Verify] says whether what it states holds.
func NewCode(ctx context.Context, tx *db.Tx, entryID, madeBy string, validUntil, now time.Time) (code string, err error) {
	code = id.Code(codeLength * 5 / 8)
	err = db.Exec(ctx, tx, `INSERT INTO guardian_statement (code, guardian_id, made_at, made_by, valid_until) VALUES (?, ?, ?, ?, ?)`, code, entryID, now, madeBy, validUntil)
	return code, err
}

// MakeStatement makes a statement about an entry that can be proposed now. It is told to the person, as every look is.
func (s *Service) MakeStatement(ctx context.Context, actor access.Actor, entryID string) (x Statement, err error) {
	defer errs.Wrap(&err, "guardian.MakeStatement")
	err = s.change(ctx, actor, entryID, func(tx *db.Tx, e Entry) error {
		now := s.clock.Now()
		switch {
		case e.State == Removed:
			return errs.Conflict("guardian.state-removed")
		case !e.Valid(now):
			return errs.Conflict("guardian.over")
		}
		page, err := s.page(ctx, tx, e)
		if err != nil {
			return err
		}
		x = Statement{Name: e.Name, Since: e.StateSince, ValidUntil: e.ValidUntil, MadeAt: now, Langs: page.Langs}
		for _, c := range page.Courts {
			x.Courts = append(x.Courts, c.Name)
		}
		if len(page.History) > 0 {
			x.Since = page.History[len(page.History)-1].At
		}
		if x.Office, err = db.One[string](ctx, tx, `SELECT name FROM identity_unit WHERE id = ?`, e.UnitID); err != nil {
			return err
		}
		if x.Code, err = NewCode(ctx, tx, e.ID, actor.PersonID, e.ValidUntil, now); err != nil {
			return err
		}
		return s.tell(ctx, tx, e.ID, actor.PersonID, "statement", nil)
	})
	return x, err
}

// VerifiedStatement is what somebody who holds a statement learns: whether it is true now.
type VerifiedStatement struct {
	Name       string
	MadeAt     time.Time
	ValidUntil time.Time // as printed
	Holds      bool      // the person is in the register and valid now, and until when the paper says
}

// Verify returns what is known of a code that somebody typed from paper. One of a person who left the register is not found: that they were in it is
// nobody's business any more.
func (s *Service) Verify(ctx context.Context, typed string) (v VerifiedStatement, err error) {
	defer errs.Wrap(&err, "guardian.Verify")
	code := id.Typed(typed, codeLength)
	if len(code) != codeLength {
		return v, errs.NotFound("guardian.verify-unknown")
	}
	type row struct {
		VerifiedStatement
		State State
		Now   time.Time
	}
	r, err := db.One[row](ctx, s.db, `SELECT p.given_name || ' ' || p.family_name AS name, t.made_at, t.valid_until, g.state, g.valid_until AS now
		FROM guardian_statement t JOIN guardian g ON g.id = t.guardian_id JOIN identity_person p ON p.id = g.person_id WHERE t.code = ?`, code)
	if errors.Is(err, errs.ErrNotFound) || err == nil && r.State == Removed {
		return v, errs.NotFound("guardian.verify-unknown")
	}
	if err != nil {
		return v, err
	}
	v, now := r.VerifiedStatement, s.clock.Now()
	v.Holds = now.Before(v.ValidUntil) && now.Before(r.Now)
	return v, nil
}

// PDF draws the statement in the language that p speaks; names says a language, and verify is where its code can be checked.
func (x Statement) PDF(p *lang.Printer, names func(tag string) string, verify string) (_ []byte, err error) {
	defer errs.Wrap(&err, "guardian.Statement.PDF")
	var langs []string
	for _, l := range x.Langs {
		langs = append(langs, names(l))
	}
	d := paper.NewDocument(paper.About{Title: p.T("guardian.paper-title"), Lang: p.Tag(), At: x.MadeAt})
	f := d.Flow(paper.Frame{Size: paper.Portrait, Title: p.T("guardian.paper-title"), Foot: p.T("guardian.paper-foot"), Count: func(int, int) string { return "" }})
	body := paper.Style{Size: 11}
	f.Text(paper.Paragraph, body, x.Office)
	f.Space(12)
	f.Text(paper.Heading, paper.Style{Weight: paper.Bold, Size: 20}, p.T("guardian.paper-title"))
	f.Space(8)
	f.Text(paper.Paragraph, body, p.T("guardian.paper-text"))
	f.Space(4)
	f.Facts(body, 60, [][2]string{
		{p.T("guardian.field.name"), x.Name},
		{p.T("guardian.paper-since"), p.Date(x.Since)},
		{p.T("guardian.field.until"), p.Date(x.ValidUntil.Add(-time.Microsecond))},
		{p.T("guardian.field.courts"), strings.Join(x.Courts, ", ")},
		{p.T("guardian.field.langs"), strings.Join(langs, ", ")},
		{p.T("guardian.paper-made"), p.Date(x.MadeAt)},
	})
	f.Space(8)
	f.Text(paper.Paragraph, body, p.T("guardian.paper-verify"))
	f.Text(paper.Paragraph, paper.Style{Weight: paper.Bold, Size: 12}, Grouped(x.Code))
	f.Text(paper.Paragraph, body, verify)
	f.Space(16)
	f.Fields(p.T("guardian.paper-place"), p.T("guardian.paper-signature"))
	f.Close()
	return d.PDF()
}
