package week

import (
	"context"
	"errors"
	"slices"

	"ostoja/internal/access"
	"ostoja/internal/audit"
	"ostoja/internal/db"
	"ostoja/internal/errs"
	"ostoja/internal/guardian"
	"ostoja/internal/id"
	"ostoja/internal/mail"
)

// Cover is one as the office sees it.
type Cover struct {
	guardian.Cover
	Name      string // of who is away
	CoverName string // "" for nobody
	Alone     bool   `db:"-"` // nobody covers, and nobody else of the office is there on all the days
}

// Colleague is a coordinator of an office that the actor works in, the actor included.
type Colleague struct{ ID, Name string }

// offices are the paths of the units whose registers somebody keeps. A role for everything counts for their own unit.
func offices(a access.Actor) (paths []string) {
	for _, g := range a.Grants {
		alone := a
		alone.Grants = []access.Grant{g}
		if !alone.Has(access.GuardiansWrite) { // another role, or one that has ended
			continue
		}
		if g.Path == "" {
			g.Path = a.Path
		}
		paths = append(paths, g.Path)
	}
	return paths
}

// together says whether two keep a register of one office.
func together(a, b access.Actor) bool {
	may := func(x access.Actor) func(string) bool {
		return func(path string) bool { return x.May(access.GuardiansWrite, path) }
	}
	return slices.ContainsFunc(offices(a), may(b)) || slices.ContainsFunc(offices(b), may(a))
}

// canCover says whether somebody may open all that another's letters lead to.
func canCover(cover, away access.Actor) bool {
	paths := offices(away)
	return cover.PersonID != away.PersonID && len(paths) > 0 && !slices.ContainsFunc(paths, func(p string) bool { return !cover.May(access.GuardiansWrite, p) })
}

// office returns who keeps registers together with the actor.
func (s *Service) office(ctx context.Context, q db.Querier, actor access.Actor) (list []access.Holder, err error) {
	all, err := s.People.Holders(ctx, q, access.GuardiansWrite)
	for _, h := range all {
		if h.Actor.PersonID == actor.PersonID || together(actor, h.Actor) {
			list = append(list, h)
		}
	}
	return list, err
}

// Colleagues lists them by name.
func (s *Service) Colleagues(ctx context.Context, actor access.Actor) (list []Colleague, err error) {
	defer errs.Wrap(&err, "week.Colleagues")
	if !actor.Has(access.GuardiansWrite) {
		return nil, errs.NotFound("error.not-found")
	}
	err = s.DB.View(ctx, func(tx *db.Tx) error {
		office, err := s.office(ctx, tx, actor)
		if err != nil || len(office) == 0 {
			return err
		}
		ids := idsOf(office)
		list, err = db.All[Colleague](ctx, tx, `SELECT id, given_name || ' ' || family_name AS name FROM identity_person WHERE id IN (`+db.In(len(ids))+`) ORDER BY sort_key, id`, ids...)
		return err
	})
	return list, err
}

func idsOf(office []access.Holder) (ids []any) {
	for _, h := range office {
		ids = append(ids, h.Actor.PersonID)
	}
	return ids
}

func find(office []access.Holder, personID string) (access.Holder, bool) {
	i := slices.IndexFunc(office, func(h access.Holder) bool { return h.Actor.PersonID == personID })
	if i < 0 {
		return access.Holder{}, false
	}
	return office[i], true
}

const selectCovers = `
	SELECT c.id, c.person_id, COALESCE(c.cover_id, '') AS cover_id, c.from_day, c.until_day, c.entered_by, p.given_name || ' ' || p.family_name AS name,
		COALESCE(v.given_name || ' ' || v.family_name, '') AS cover_name
	FROM guardian_cover c JOIN identity_person p ON p.id = c.person_id LEFT JOIN identity_person v ON v.id = c.cover_id `

// Covers lists who of the actor's offices is or will be away, and who covers, by the day on which it begins.
func (s *Service) Covers(ctx context.Context, actor access.Actor) (list []Cover, err error) {
	defer errs.Wrap(&err, "week.Covers")
	if !actor.Has(access.GuardiansRead) {
		return nil, errs.NotFound("error.not-found")
	}
	err = s.DB.View(ctx, func(tx *db.Tx) error {
		list = nil
		all, err := db.All[Cover](ctx, tx, selectCovers+`WHERE c.until_day >= ? ORDER BY c.from_day, c.id`, s.today())
		if err != nil || len(all) == 0 {
			return err
		}
		office, err := s.office(ctx, tx, actor)
		if err != nil {
			return err
		}
		for _, c := range all {
			away, ours := find(office, c.PersonID)
			if !ours {
				continue
			}
			c.Alone = c.CoverID == "" && !somebodyThere(office, all, away.Actor, c.Cover)
			list = append(list, c)
		}
		return nil
	})
	return list, err
}

// somebodyThere says whether somebody of the office who may open what is for who is away is there on all days of a cover.
func somebodyThere(office []access.Holder, all []Cover, away access.Actor, c guardian.Cover) bool {
	return slices.ContainsFunc(office, func(h access.Holder) bool {
		return canCover(h.Actor, away) && !slices.ContainsFunc(all, func(x Cover) bool {
			return x.PersonID == h.Actor.PersonID && x.FromDay <= c.UntilDay && x.UntilDay >= c.FromDay
		})
	})
}

// Nobody is chosen where nobody covers, so that it is not forgotten.
const Nobody = "-"

// CoverDraft is what is entered of an absence.
type CoverDraft struct {
	PersonID string // who is away
	CoverID  string // or [Nobody]
	FromDay  string
	UntilDay string
}

// Enter notes that somebody of the actor's office is away, and who covers. Both are written to, but for the actor. alone says that nobody covers and
// nobody else is there: letters then go on to who is away and to who keeps registers everywhere.
func (s *Service) Enter(ctx context.Context, actor access.Actor, d CoverDraft) (alone bool, err error) {
	defer errs.Wrap(&err, "week.Enter")
	if !actor.Has(access.GuardiansWrite) {
		return false, errs.NotFound("error.not-found")
	}
	err = s.DB.Update(ctx, func(tx *db.Tx) error {
		office, err := s.office(ctx, tx, actor)
		if err != nil {
			return err
		}
		faults := guardian.CheckAbsence(d.FromDay, d.UntilDay, s.today())
		away, known := find(office, d.PersonID)
		if !known {
			faults.Add("person", "guardianweek.fault.choose")
		}
		cover, ours := find(office, d.CoverID)
		switch {
		case d.CoverID == Nobody:
			d.CoverID = ""
		case !ours, known && !canCover(cover.Actor, away.Actor):
			faults.Add("cover", "guardianweek.fault.cover")
		}
		if err := faults.Err(); err != nil {
			return err
		}
		c := guardian.Cover{ID: id.New(), PersonID: d.PersonID, CoverID: d.CoverID, FromDay: d.FromDay, UntilDay: d.UntilDay, EnteredBy: actor.PersonID}
		if err := s.insert(ctx, tx, c); err != nil {
			return err
		}
		all, err := db.All[Cover](ctx, tx, selectCovers+`WHERE c.until_day >= ? ORDER BY c.id`, s.today())
		if err != nil {
			return err
		}
		alone = d.CoverID == "" && !somebodyThere(office, all, away.Actor, c)
		return s.tellOf(ctx, tx, actor, c, away, cover)
	})
	return alone, err
}

// insert writes a cover, unless another of the same person lies upon its days. The person's row of the letter is the lock, so that two do not enter
// one absence twice.
func (s *Service) insert(ctx context.Context, tx *db.Tx, c guardian.Cover) error {
	err := db.Exec(ctx, tx, `INSERT INTO guardian_week_letter (person_id, off) VALUES (?, FALSE) ON CONFLICT (person_id) DO UPDATE SET last_week = guardian_week_letter.last_week`, c.PersonID)
	if err != nil {
		return err
	}
	n, err := db.One[int](ctx, tx, `SELECT COUNT(*) FROM guardian_cover WHERE person_id = ? AND from_day <= ? AND until_day >= ?`, c.PersonID, c.UntilDay, c.FromDay)
	if err == nil && n > 0 {
		err = errs.Conflict("guardianweek.fault.twice")
	}
	if err != nil {
		return err
	}
	var cover any
	if c.CoverID != "" {
		cover = c.CoverID
	}
	now := s.Clock.Now()
	if err := db.Exec(ctx, tx, `INSERT INTO guardian_cover (id, person_id, cover_id, from_day, until_day, entered_by, entered_at) VALUES (?, ?, ?, ?, ?, ?, ?)`,
		c.ID, c.PersonID, cover, c.FromDay, c.UntilDay, c.EnteredBy, now); err != nil {
		return err
	}
	return audit.Record(ctx, tx, now, c.EnteredBy, "guardian.cover.enter", "person:"+c.PersonID, map[string]string{"cover": c.CoverID, "from": c.FromDay, "until": c.UntilDay})
}

// tellOf writes to who is away and to who covers, without names.
func (s *Service) tellOf(ctx context.Context, tx *db.Tx, actor access.Actor, c guardian.Cover, away, cover access.Holder) error {
	for i, h := range []access.Holder{away, cover} {
		what := []string{"away", "covers"}[i]
		if h.Actor.PersonID == actor.PersonID || h.Mail == "" {
			continue
		}
		p := s.Catalogue.Printer(h.Lang)
		if err := s.Outbox.Send(ctx, tx, mail.Message{
			Kind: "guardian.week", To: h.Mail, Lang: p.Tag(), Subject: p.T("guardianweek.letter.cover-subject"),
			Body: p.T("guardianweek.letter."+what+"-body", "From", p.DateOf(c.FromDay), "Until", p.DateOf(c.UntilDay), "Link", s.BaseURL+"/app/guardians/week"),
		}); err != nil {
			return err
		}
	}
	return nil
}

// End ends an absence of somebody of the actor's office early: from today on they are there. One that has not begun is as if it had never been.
func (s *Service) End(ctx context.Context, actor access.Actor, coverID string) (err error) {
	defer errs.Wrap(&err, "week.End")
	if !actor.Has(access.GuardiansWrite) || !id.Valid(coverID) {
		return errs.NotFound("error.not-found")
	}
	return s.DB.Update(ctx, func(tx *db.Tx) error {
		c, err := db.One[Cover](ctx, tx, selectCovers+`WHERE c.id = ?`, coverID)
		if errors.Is(err, errs.ErrNotFound) {
			return errs.NotFound("error.not-found").Because(err)
		}
		if err != nil {
			return err
		}
		office, err := s.office(ctx, tx, actor)
		if err != nil {
			return err
		}
		if _, ours := find(office, c.PersonID); !ours {
			return errs.NotFound("error.not-found")
		}
		statement, args := `DELETE FROM guardian_cover WHERE id = ? AND until_day >= ?`, []any{c.ID, s.today()}
		if c.FromDay < s.today() {
			statement, args = `UPDATE guardian_cover SET until_day = ? WHERE id = ? AND until_day >= ?`, []any{s.after(-1), c.ID, s.today()}
		}
		n, err := db.Changed(ctx, tx, statement, args...)
		if err == nil && n == 0 {
			err = errs.Conflict("guardianweek.fault.over")
		}
		if err != nil {
			return err
		}
		return audit.Record(ctx, tx, s.Clock.Now(), actor.PersonID, "guardian.cover.end", "person:"+c.PersonID, nil)
	})
}
