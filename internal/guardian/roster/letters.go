package roster

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/audit"
	"ostoja/internal/db"
	"ostoja/internal/errs"
	"ostoja/internal/guardian"
	"ostoja/internal/id"
	"ostoja/internal/mail"
)

// TokenKind is the kind of the tokens that the weekly letters bring; see [Service.MakeToken].
const TokenKind mail.TokenKind = "guardian-week"

type asked struct {
	GuardianID string
	Mail, Lang string
}

// AskNextWeek writes to those on duty next week whom nobody has asked about it yet.
func (s *Service) AskNextWeek(ctx context.Context) (err error) {
	defer errs.Wrap(&err, "roster.AskNextWeek")
	now := s.Clock.Now()
	if !Asks(now, s.Zone) {
		return nil
	}
	next := guardian.WeekOf(now, s.Zone).Add(1)
	read := func(q db.Querier) ([]asked, error) {
		return db.All[asked](ctx, q, `SELECT g.id AS guardian_id, COALESCE(p.mail, '') AS mail, p.lang FROM guardian g JOIN identity_person p ON p.id = g.person_id
			WHERE g.state = ? AND p.mail IS NOT NULL AND EXISTS (SELECT 1 FROM guardian_duty d WHERE d.guardian_id = g.id AND d.week = ?)
				AND NOT EXISTS (SELECT 1 FROM guardian_ask k WHERE k.guardian_id = g.id AND k.week = ?) ORDER BY g.id`, string(guardian.Listed), string(next), string(next))
	}
	if list, err := read(s.DB); err != nil || len(list) == 0 {
		return err
	}
	return s.DB.Update(ctx, func(tx *db.Tx) error {
		list, err := read(tx) // another node may have asked meanwhile
		if err != nil {
			return err
		}
		for _, a := range list {
			if err := db.Exec(ctx, tx, `INSERT INTO guardian_ask (guardian_id, week, asked_at) VALUES (?, ?, ?)`, a.GuardianID, string(next), now); err != nil {
				return err
			}
			p := s.Catalogue.Printer(a.Lang)
			from, until := next.Begins(s.Zone), next.Ends(s.Zone).AddDate(0, 0, -1)
			err := s.Outbox.Send(ctx, tx, mail.Message{
				Kind: "guardian.duty", To: a.Mail, Lang: p.Tag(), Subject: p.T("roster.letter-subject"), Token: mail.Token{Kind: TokenKind, Ref: a.GuardianID + "/" + string(next)},
				Body: p.T("roster.letter-body", "From", p.Date(from), "Until", p.Date(until), "Link", s.BaseURL+"/guardian/week/"+mail.TokenMark+"?lang="+p.Tag()),
			})
			if err != nil {
				return err
			}
			if err := guardian.Note(ctx, tx, guardian.Event{GuardianID: a.GuardianID, At: now, Kind: "week-asked", Detail: map[string]string{"week": string(next)}}); err != nil {
				return err
			}
		}
		return nil
	})
}

// MakeToken makes the token of a link whose letter leaves now. A letter about a week that was answered or is over does not leave.
func (s *Service) MakeToken(ctx context.Context, tx *db.Tx, ref string) (token string, err error) {
	defer errs.Wrap(&err, "roster.MakeToken")
	guardianID, week, _ := strings.Cut(ref, "/")
	token = id.Secret()
	n, err := db.Changed(ctx, tx, `UPDATE guardian_ask SET token_hash = ? WHERE guardian_id = ? AND week = ? AND answer = '' AND week >= ?`,
		id.Digest(token), guardianID, week, string(guardian.WeekOf(s.Clock.Now(), s.Zone)))
	if err == nil && n == 0 {
		err = errs.Gone("roster.link-over")
	}
	return token, err
}

// Link is what the page behind a letter's link shows: nothing of whose it is.
type Link struct {
	Week   guardian.Week
	Lang   string // of the letter
	Answer string // yes, no; "" while it can be answered
	Over   bool   // the week has ended
}

type ask struct {
	Link
	GuardianID string
	PersonID   string
}

func (s *Service) link(ctx context.Context, q db.Querier, token string) (a ask, err error) {
	a, err = db.One[ask](ctx, q, `SELECT k.week, p.lang, k.answer, k.guardian_id, g.person_id FROM guardian_ask k JOIN guardian g ON g.id = k.guardian_id
		JOIN identity_person p ON p.id = g.person_id WHERE k.token_hash = ?`, id.Digest(token))
	if errors.Is(err, errs.ErrNotFound) {
		err = errs.NotFound("roster.link-unknown")
	}
	a.Over = err == nil && !s.Clock.Now().Before(a.Week.Ends(s.Zone))
	return a, err
}

// Link returns what a link is for. It changes nothing, since programs that look into mail open links.
func (s *Service) Link(ctx context.Context, token string) (_ Link, err error) {
	defer errs.Wrap(&err, "roster.Link")
	a, err := s.link(ctx, s.DB, token)
	return a.Link, err
}

// Answer takes the answer, once: a no ends the duty of that week at once.
func (s *Service) Answer(ctx context.Context, token string, yes bool) (err error) {
	defer errs.Wrap(&err, "roster.Answer")
	answer := "no"
	if yes {
		answer = "yes"
	}
	return s.DB.Update(ctx, func(tx *db.Tx) error {
		a, err := s.link(ctx, tx, token)
		if err != nil {
			return err
		}
		now := s.Clock.Now()
		n, err := db.Changed(ctx, tx, `UPDATE guardian_ask SET answer = ?, answered_at = ? WHERE guardian_id = ? AND week = ? AND answer = ''`, answer, now, a.GuardianID, string(a.Week))
		if err != nil {
			return err
		}
		if n == 0 || a.Over {
			return errs.Gone("roster.link-over")
		}
		if !yes {
			if err := db.Exec(ctx, tx, `DELETE FROM guardian_duty WHERE guardian_id = ? AND week = ?`, a.GuardianID, string(a.Week)); err != nil {
				return err
			}
		}
		if err := guardian.Note(ctx, tx, guardian.Event{GuardianID: a.GuardianID, At: now, ActorID: a.PersonID, Kind: "week-" + answer, Detail: map[string]string{"week": string(a.Week)}}); err != nil {
			return err
		}
		return audit.Record(ctx, tx, now, "", "guardian.week."+answer, "guardian:"+a.GuardianID, map[string]string{"week": string(a.Week)})
	})
}

// Gap is a court and a week without anybody on duty who can be.
type Gap struct {
	Court guardian.Court
	Week  guardian.Week
}

// gaps returns those of this week and the next, of open courts.
func (s *Service) gaps(ctx context.Context, q db.Querier) (list []Gap, err error) {
	now := s.Clock.Now()
	first := guardian.WeekOf(now, s.Zone)
	courts, err := openCourts(ctx, q)
	if err != nil || len(courts) == 0 {
		return nil, err
	}
	all, err := able(ctx, q, "TRUE")
	if err != nil {
		return nil, err
	}
	for _, c := range courts {
		on, err := onDuty(ctx, q, c.ID, first)
		if err != nil {
			return nil, err
		}
		for _, w := range []guardian.Week{first, first.Add(1)} {
			if !s.answered(all, on, c.ID, w, now) {
				list = append(list, Gap{c, w})
			}
		}
	}
	return list, nil
}

type told struct {
	CourtID string
	Week    guardian.Week
}

// fresh says which gaps nobody was told of, and which that were told are none any more.
func (s *Service) fresh(ctx context.Context, q db.Querier) (open []Gap, closed []told, err error) {
	gaps, err := s.gaps(ctx, q)
	if err != nil {
		return nil, nil, err
	}
	known := map[told]bool{}
	err = db.Each(ctx, q, func(x told) { known[x] = true }, `SELECT court_id, week FROM guardian_gap`)
	for _, g := range gaps {
		key := told{g.Court.ID, g.Week}
		if !known[key] {
			open = append(open, g)
		}
		delete(known, key)
	}
	for x := range known {
		closed = append(closed, x)
	}
	return open, closed, err
}

// TellGaps writes about all new gaps, one letter to each reader: to the coordinators of the offices that keep entries for the court, and where no office
// has any, to all who keep a register. A gap that was closed and opens again is told again; one that nobody can be told of waits until somebody can.
func (s *Service) TellGaps(ctx context.Context) (err error) {
	defer errs.Wrap(&err, "roster.TellGaps")
	open, closed, err := s.fresh(ctx, s.DB)
	if err != nil || len(open)+len(closed) == 0 {
		return err
	}
	return s.DB.Update(ctx, func(tx *db.Tx) error {
		open, closed, err := s.fresh(ctx, tx) // another node may have told it meanwhile
		if err != nil {
			return err
		}
		for _, x := range closed {
			if err := db.Exec(ctx, tx, `DELETE FROM guardian_gap WHERE court_id = ? AND week = ?`, x.CourtID, string(x.Week)); err != nil {
				return err
			}
		}
		if len(open) == 0 {
			return nil
		}
		keepers, err := s.People.Holders(ctx, tx, access.GuardiansWrite)
		if err != nil || len(keepers) == 0 {
			return err
		}
		of := map[string][]Gap{} // by person
		for _, g := range open {
			readers, err := s.readers(ctx, tx, keepers, g.Court.ID)
			if err != nil {
				return err
			}
			for _, k := range readers {
				of[k.Actor.PersonID] = append(of[k.Actor.PersonID], g)
			}
			if err := db.Exec(ctx, tx, `INSERT INTO guardian_gap (court_id, week, told_at) VALUES (?, ?, ?)`, g.Court.ID, string(g.Week), s.Clock.Now()); err != nil {
				return err
			}
		}
		for _, k := range keepers {
			if gaps := of[k.Actor.PersonID]; len(gaps) > 0 {
				if err := s.Outbox.Send(ctx, tx, s.gapLetter(k, gaps)); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

// readers are who of those who keep a register is told of a court: each once.
func (s *Service) readers(ctx context.Context, tx *db.Tx, keepers []access.Holder, courtID string) (list []access.Holder, err error) {
	paths, err := db.All[string](ctx, tx, `SELECT DISTINCT u.path FROM guardian_before b JOIN guardian g ON g.id = b.guardian_id JOIN identity_unit u ON u.id = g.unit_id
		WHERE b.court_id = ? AND g.state <> ? ORDER BY u.path`, courtID, string(guardian.Removed))
	if err != nil {
		return nil, err
	}
	for _, path := range paths {
		more, err := guardian.Readers(ctx, tx, keepers, path, s.Clock.Now(), s.Zone)
		if err != nil {
			return nil, err
		}
		for _, k := range more {
			if !slices.ContainsFunc(list, func(x access.Holder) bool { return x.Actor.PersonID == k.Actor.PersonID }) {
				list = append(list, k)
			}
		}
	}
	if len(list) == 0 {
		return keepers, nil
	}
	return list, nil
}

// Gaps returns the courts and weeks, this one and the next, without anybody, that concern the actor's offices: of courts for which they keep an entry, and
// of those for which nobody does.
func (s *Service) Gaps(ctx context.Context, actor access.Actor) (list []Gap, err error) {
	defer errs.Wrap(&err, "roster.Gaps")
	within, args := actor.Within(access.GuardiansRead, "u.path")
	err = s.DB.View(ctx, func(tx *db.Tx) error {
		all, err := s.gaps(ctx, tx)
		if err != nil || len(all) == 0 {
			return err
		}
		const before = `SELECT DISTINCT b.court_id FROM guardian_before b JOIN guardian g ON g.id = b.guardian_id JOIN identity_unit u ON u.id = g.unit_id WHERE g.state <> ? AND `
		own, err := db.All[string](ctx, tx, before+within, append([]any{string(guardian.Removed)}, args...)...)
		if err != nil {
			return err
		}
		anybodys, err := db.All[string](ctx, tx, before+`TRUE`, string(guardian.Removed))
		if err != nil {
			return err
		}
		list = slices.DeleteFunc(all, func(g Gap) bool { return !slices.Contains(own, g.Court.ID) && slices.Contains(anybodys, g.Court.ID) })
		return nil
	})
	if err != nil || !actor.Has(access.GuardiansRead) {
		return nil, err
	}
	return list, nil
}

func (s *Service) gapLetter(k access.Holder, gaps []Gap) mail.Message {
	p := s.Catalogue.Printer(k.Lang)
	var lines []string
	for _, g := range gaps {
		lines = append(lines, p.T("roster.gap-line", "Court", g.Court.Name, "From", p.Date(g.Week.Begins(s.Zone)), "Until", p.Date(g.Week.Ends(s.Zone).Add(-time.Hour))))
	}
	return mail.Message{Kind: "guardian.week", To: k.Mail, Lang: p.Tag(), Subject: p.T("roster.gap-subject"), Body: p.T("roster.gap-body", "Lines", strings.Join(lines, "\n"), "Link", s.BaseURL+"/app/guardians/roster")}
}
