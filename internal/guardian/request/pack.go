package request

import (
	"context"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/audit"
	"ostoja/internal/db"
	"ostoja/internal/errs"
	"ostoja/internal/guardian"
	"ostoja/internal/guardian/term"
	"ostoja/internal/id"
	"ostoja/internal/lang"
	"ostoja/internal/paper"
)

// Pack is what a unit attaches to its motion: one person, who agreed, and what the court can rely on.
type Pack struct {
	RequestID  string
	Reference  string
	Court      string
	Unit       string // the institution
	Purpose    string
	Name       string
	Phone      string   // for the court only
	Langs      []string `db:"-"` // language tags
	AgreedAt   time.Time
	ValidUntil time.Time // exclusive
	AdmittedAt time.Time
	Office     string // that keeps the entry
	CourtID    string
	OfficePath string
	CourtView  bool // the office shows the court what was put before it
	GuardianID string
	Code       string `db:"-"` // by which whoever holds the paper asks whether the entry still holds
}

const selectPacks = `
	SELECT r.id AS request_id, r.reference, c.name AS court, u.name AS unit, r.purpose, p.given_name || ' ' || p.family_name AS name, g.phone, o.answered_at AS agreed_at, g.valid_until,
		(SELECT MIN(e.at) FROM guardian_event e WHERE e.guardian_id = g.id AND e.kind = 'admitted') AS admitted_at, gu.name AS office, r.court_id, gu.path AS office_path,
		COALESCE(f.court_view, FALSE) AS court_view, g.id AS guardian_id
	FROM guardian_request r JOIN guardian g ON g.id = r.accepted_by JOIN guardian_proposal o ON o.request_id = r.id AND o.guardian_id = g.id AND o.answer = 'accepted'
		JOIN guardian_court c ON c.id = r.court_id JOIN identity_unit u ON u.id = r.unit_id JOIN identity_person p ON p.id = g.person_id
		JOIN identity_unit gu ON gu.id = g.unit_id LEFT JOIN guardian_office f ON f.unit_id = g.unit_id `

// Pack returns the pack of a request that a guardian agreed to. Who made it is in the guardian's history: it holds their contact.
func (s *Service) Pack(ctx context.Context, actor access.Actor, requestID string) (k Pack, err error) {
	defer errs.Wrap(&err, "request.Pack")
	err = s.change(ctx, actor, requestID, "guardian.pack", func(tx *db.Tx, r Request, now time.Time) error {
		if r.State != Accepted {
			return errs.Conflict("request.no-pack")
		}
		k, err = packOf(ctx, tx, r.ID, now)
		if err != nil {
			return err
		}
		if k.Code, err = guardian.NewCode(ctx, tx, k.GuardianID, actor.PersonID, k.ValidUntil, now); err != nil {
			return err
		}
		return guardian.Note(ctx, tx, guardian.Event{GuardianID: k.GuardianID, At: now, ActorID: actor.PersonID, Kind: "packed", Detail: map[string]string{"unit": r.Unit}})
	})
	return k, err
}

// packOf reads a pack. Of somebody who has left the register or whose papers have lapsed since there is none: the court must be able to rely on it.
func packOf(ctx context.Context, q db.Querier, requestID string, now time.Time) (k Pack, err error) {
	k, err = db.One[Pack](ctx, q, selectPacks+`WHERE r.id = ? AND r.state = 'accepted' AND g.state = 'listed' AND g.valid_until > ?`, requestID, now)
	if missing(err) {
		err = errs.Conflict("request.no-longer")
	}
	if err != nil {
		return k, err
	}
	k.Langs, err = db.All[string](ctx, q, `SELECT lang FROM guardian_language WHERE guardian_id = ? ORDER BY lang`, k.GuardianID)
	return k, err
}

// court finds the court of a clerk, while the clerk's account is switched on by an office at all.
func (s *Service) court(ctx context.Context, q db.Querier, actor access.Actor) (Institution, error) {
	return s.institutionOf(ctx, q, actor, access.GuardiansCourt, CourtKind)
}

// PutBefore lists what was put before the court of the actor: requests that a guardian agreed to and whose motion was filed, of offices that show
// it to courts. Contacts are in the pack alone.
func (s *Service) PutBefore(ctx context.Context, actor access.Actor) (list []Pack, err error) {
	defer errs.Wrap(&err, "request.PutBefore")
	err = s.DB.View(ctx, func(tx *db.Tx) error {
		court, err := s.court(ctx, tx, actor)
		if err != nil {
			return err
		}
		list, err = db.All[Pack](ctx, tx, selectPacks+`WHERE r.court_id = ? AND r.state = 'accepted' AND r.motion_on <> '' AND f.court_view AND g.state = 'listed' AND g.valid_until > ?
			ORDER BY r.motion_on DESC, r.id LIMIT 200`, court.CourtID, s.Clock.Now())
		return err
	})
	for i := range list {
		list[i].Phone = ""
	}
	return list, err
}

// PackForCourt returns a pack to a clerk of the court before which it was put. The look is in the guardian's history.
func (s *Service) PackForCourt(ctx context.Context, actor access.Actor, requestID string) (k Pack, err error) {
	defer errs.Wrap(&err, "request.PackForCourt")
	if !id.Valid(requestID) {
		return k, errs.NotFound("error.not-found")
	}
	err = s.DB.Update(ctx, func(tx *db.Tx) error {
		court, err := s.court(ctx, tx, actor)
		if err != nil {
			return err
		}
		now := s.Clock.Now()
		n, err := db.One[int](ctx, tx, `SELECT COUNT(*) FROM guardian_request WHERE id = ? AND court_id = ? AND motion_on <> ''`, requestID, court.CourtID)
		if err == nil && n == 0 {
			err = errs.NotFound("error.not-found")
		}
		if err != nil {
			return err
		}
		if k, err = packOf(ctx, tx, requestID, now); err != nil || !k.CourtView {
			return errs.NotFound("error.not-found").Because(err)
		}
		if k.Code, err = guardian.NewCode(ctx, tx, k.GuardianID, actor.PersonID, k.ValidUntil, now); err != nil {
			return err
		}
		if err := guardian.Note(ctx, tx, guardian.Event{GuardianID: k.GuardianID, At: now, ActorID: actor.PersonID, Kind: "court-looked", Detail: map[string]string{"unit": court.Unit}}); err != nil {
			return err
		}
		return audit.Record(ctx, tx, now, actor.PersonID, "guardian.court-look", "guardian-request:"+requestID, nil)
	})
	return k, err
}

// LastDay is the day by which the court is to decide, and whether the motion was filed at all: by the rule of the office that keeps the entry of who agreed, or as package
// term has it.
func (r Request) LastDay() (last time.Time, filed bool) {
	motion, ok := day(r.MotionOn)
	if !ok {
		return time.Time{}, false
	}
	rule := term.Court
	if r.TermDays > 0 {
		rule = term.Rule{Days: r.TermDays, OnSaturday: !r.TermMoved, OnHoliday: !r.TermMoved}
	}
	return rule.Last(motion), true
}

const packSize = 11 // points

// PDF draws the pack on one page of A4, in the language of p: motions are in Polish. verify is the page on which its code is checked.
func (k Pack) PDF(p *lang.Printer, now time.Time, verify string) (_ []byte, err error) {
	defer errs.Wrap(&err, "request.PDF")
	d := paper.NewDocument(paper.About{Title: p.T("request.pack.document"), Lang: p.Tag(), At: now})
	f := d.Flow(paper.Frame{Size: paper.Portrait, Title: p.T("request.pack.document"), Foot: p.T("request.pack.foot"), Count: func(page, of int) string { return p.T("papers.page", "Page", page, "Of", of) }})
	ink := paper.RGB{R: 28, G: 32, B: 33}
	regular, bold := paper.Style{Weight: paper.Regular, Size: packSize, Colour: ink}, paper.Style{Weight: paper.Bold, Size: packSize, Colour: ink}
	f.Text(paper.Heading, paper.Style{Weight: paper.Bold, Size: 18, Colour: ink}, p.T("request.pack.title"))
	f.Space(3)
	f.Text(paper.Paragraph, regular, p.T("request.pack.for", "Court", k.Court, "Unit", k.Unit, "Reference", k.Reference))
	f.Space(4)
	f.Facts(regular, 52, [][2]string{
		{p.T("request.pack.name"), k.Name},
		{p.T("request.pack.purpose"), p.T("request.purpose-" + k.Purpose)},
		{p.T("request.pack.languages"), p.LanguageNames(k.Langs)},
		{p.T("request.pack.training"), p.T("request.pack.training-text", "Office", k.Office, "From", p.Date(k.AdmittedAt), "Until", p.Date(k.ValidUntil.Add(-time.Second)))},
		{p.T("request.pack.contact"), k.Phone},
	})
	for _, part := range []string{"consent", "conflict", "mandate"} {
		f.Space(5)
		f.Text(paper.Subheading, bold, p.T("request.pack."+part))
		f.Space(1)
		f.Text(paper.Paragraph, regular, p.T("request.pack."+part+"-text", "At", p.DateTime(k.AgreedAt), "Name", k.Name))
	}
	f.Space(5)
	f.Text(paper.Paragraph, regular, p.T("guardian.paper-verify")+" "+guardian.Grouped(k.Code))
	f.Text(paper.Paragraph, regular, verify+"/"+guardian.Grouped(k.Code))
	f.Space(12)
	f.Fields(p.T("request.pack.made", "At", p.DateTime(now)), p.T("request.pack.signature"))
	f.Close()
	return d.PDF()
}
