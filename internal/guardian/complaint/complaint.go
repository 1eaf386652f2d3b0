// Package complaint takes complaints of children and adults about guardians, and lets one person read and decide on them who is not the
// coordinator of the guardians.
//
// Goals: whoever writes needs no account and no name; what they wrote is sealed under a purpose of its own, opened for who has
// [access.GuardiansComplain] alone, and gone with the decision: a day and a kind stay. The office hears of a complaint only where the decision asks
// it to pause an entry, and not a word of why. Limits: the installation's key opens what is sealed, so that who runs the machine could read it;
// an anonymous complaint cannot be answered.
package complaint

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"time"

	"go.yaml.in/yaml/v3"

	"ostoja/internal/access"
	"ostoja/internal/audit"
	"ostoja/internal/clock"
	"ostoja/internal/db"
	"ostoja/internal/errs"
	"ostoja/internal/guardian"
	"ostoja/internal/id"
	"ostoja/internal/keeping"
	"ostoja/internal/lang"
	"ostoja/internal/mail"
	"ostoja/internal/seal"
	"ostoja/internal/text"
)

// kept is under what keeping knows complaints of which nobody has decided, and notices that were done.
const kept keeping.Kind = "guardian-complaint"

// keptFor is how long a text waits for a decision, and a notice that was done stays.
const keptFor = 365 * 24 * time.Hour

// Bounds of what is written, in characters.
const (
	MostText  = 4000
	MostShort = 200
)

// Langs are the languages of the page.
var Langs = []string{"pl", "en", "uk"}

// Texts are those of the page, by language and name.
type Texts map[string]map[string]string

// ReadTexts reads them: each language has all.
func ReadTexts(fsys fs.FS) (_ Texts, err error) {
	defer errs.Wrap(&err, "complaint.ReadTexts")
	b, err := fs.ReadFile(fsys, "complaint.yaml")
	if err != nil {
		return nil, err
	}
	var f struct {
		Format int
		Texts  Texts
	}
	d := yaml.NewDecoder(bytes.NewReader(b))
	d.KnownFields(true)
	if err := d.Decode(&f); err != nil {
		return nil, err
	}
	var faults []error
	for _, tag := range Langs {
		for name := range f.Texts[Langs[0]] {
			if f.Texts[tag][name] == "" {
				faults = append(faults, fmt.Errorf("%s: no text %s", tag, name))
			}
		}
		if len(f.Texts[tag]) == 0 || len(f.Texts[tag]) != len(f.Texts[Langs[0]]) {
			faults = append(faults, fmt.Errorf("%s: %d texts", tag, len(f.Texts[tag])))
		}
	}
	return f.Texts, errors.Join(faults...)
}

// Statement is what somebody wrote.
type Statement struct {
	Text    string
	About   string // "" if they do not know
	Contact string // "" if they want none
}

// Draft is a complaint that is sent.
type Draft struct {
	Statement
	UnitID string // of an office, "" if not known
	Lang   string
}

// check finds what is wrong with a cleaned draft. Keys are names of the page's texts, which has more languages than the program.
func (d Draft) check() (faults errs.Fields) {
	switch n := len([]rune(d.Text)); {
	case n == 0:
		faults.Add("text", "missing")
	case n > MostText:
		faults.Add("text", "too-long")
	}
	for name, value := range map[string]string{"about": d.About, "contact": d.Contact} {
		if len([]rune(value)) > MostShort {
			faults.Add(name, "too-long")
		}
	}
	return faults
}

// Kind is what was decided.
type Kind string

// The decisions.
const (
	Unfounded Kind = "unfounded"
	Talk      Kind = "talk"      // the guardian is spoken to
	Pause     Kind = "pause"     // the guardian's entry is to be paused
	PassedOn  Kind = "passed-on" // to the court, the police or the prosecutor
	Other     Kind = "other"     // it is about something else
	Lapsed    Kind = "lapsed"    // nobody decided in time: no decision that can be made
)

// Kinds lists those that can be made, in the order of the form.
var Kinds = []Kind{Unfounded, Talk, Pause, PassedOn, Other}

// People finds whom to tell. Holders MUST return those who have the permission anywhere and can be written to.
type People interface {
	Holders(ctx context.Context, q db.Querier, p access.Permission) ([]access.Holder, error)
}

// Deps are what the service needs.
type Deps struct {
	DB        *db.DB
	Clock     clock.Clock
	Zone      *time.Location
	Key       seal.Key
	Keeping   *keeping.Service
	People    People
	Outbox    *mail.Outbox
	Catalogue *lang.Catalogue
	BaseURL   string
	Texts     Texts
}

// Service takes complaints.
type Service struct{ Deps }

// New returns a Service, and tells keeping how its values end.
func New(d Deps) *Service {
	s := &Service{d}
	d.Keeping.OnAge(kept, s.sweep)
	return s
}

func (s *Service) day(t time.Time) string { return t.In(s.Zone).Format(time.DateOnly) }

// sweep ends texts for which nobody has decided for long, and notices that were done.
func (s *Service) sweep(ctx context.Context, tx *db.Tx, now time.Time) (int, error) {
	n, err := db.Changed(ctx, tx, `UPDATE guardian_complaint SET sealed = '', decision = ?, decided_on = ? WHERE decision = '' AND filed_on <= ?`,
		string(Lapsed), s.day(now), s.day(now.Add(-keptFor)))
	if err != nil {
		return 0, err
	}
	done, err := db.Changed(ctx, tx, `DELETE FROM guardian_notice WHERE done_at <= ?`, now.Add(-keptFor))
	return n + done, err
}

// purpose is under what a complaint is sealed: its own, so that no text can be put in another's place.
func purpose(complaintID string) string { return "guardian complaint " + complaintID }

// Office is one that a complaint may be about.
type Office struct {
	ID   string
	Name string
}

// Offices returns those that keep guardians, by name. It is told to anybody: it is how many offices there are and not who.
func (s *Service) Offices(ctx context.Context) (_ []Office, err error) {
	defer errs.Wrap(&err, "complaint.Offices")
	return offices(ctx, s.DB)
}

func offices(ctx context.Context, q db.Querier) ([]Office, error) {
	return db.All[Office](ctx, q, `SELECT u.id, u.name FROM identity_unit u WHERE EXISTS (SELECT 1 FROM guardian g WHERE g.unit_id = u.id) ORDER BY u.name, u.id`)
}

// File takes a complaint from whoever sends it, and writes to those who decide that there is one: not what, nor of whom.
func (s *Service) File(ctx context.Context, d Draft) (err error) {
	defer errs.Wrap(&err, "complaint.File")
	d.Text, d.About, d.Contact = text.CleanLines(d.Text), text.Clean(d.About), text.Clean(d.Contact)
	if !slices.Contains(Langs, d.Lang) {
		d.Lang = Langs[0]
	}
	if err := d.check().Err(); err != nil {
		return err
	}
	complaintID := id.New()
	sealed, err := s.Key.Close(purpose(complaintID), d.Statement)
	if err != nil {
		return err
	}
	return s.DB.Update(ctx, func(tx *db.Tx) error {
		all, err := offices(ctx, tx)
		if err != nil {
			return err
		}
		var unit any
		if slices.ContainsFunc(all, func(o Office) bool { return o.ID == d.UnitID }) {
			unit = d.UnitID
		} else if len(all) == 1 {
			unit = all[0].ID
		}
		if err := db.Exec(ctx, tx, `INSERT INTO guardian_complaint (id, filed_on, unit_id, lang, sealed) VALUES (?, ?, ?, ?, ?)`, complaintID, s.day(s.Clock.Now()), unit, d.Lang, sealed); err != nil {
			return err
		}
		return s.tell(ctx, tx, access.GuardiansComplain, unit, "complaint.letter-", "/app/guardians/complaints")
	})
}

// tell writes to those who have a permission for a unit, or all who have it anywhere where there is none, that a page waits for them.
func (s *Service) tell(ctx context.Context, tx *db.Tx, permission access.Permission, unit any, key, page string) error {
	holders, err := s.People.Holders(ctx, tx, permission)
	if err != nil {
		return err
	}
	if unit != nil {
		path, err := db.One[string](ctx, tx, `SELECT path FROM identity_unit WHERE id = ?`, unit)
		if err != nil {
			return err
		}
		if holders, err = s.readers(ctx, tx, permission, holders, path); err != nil {
			return err
		}
	}
	for _, h := range holders {
		p := s.Catalogue.Printer(h.Lang)
		m := mail.Message{Kind: "guardian.complaint", To: h.Mail, Lang: p.Tag(), Subject: p.T(key + "subject"), Body: p.T(key+"body", "Link", s.BaseURL+page)}
		if err := s.Outbox.Send(ctx, tx, m); err != nil {
			return err
		}
	}
	return nil
}

// readers are who of the holders is told of what belongs to a unit, all where none of them keeps it. Who is away is covered in what the office reads;
// nobody covers for who reads complaints.
func (s *Service) readers(ctx context.Context, tx *db.Tx, permission access.Permission, holders []access.Holder, path string) (list []access.Holder, err error) {
	if permission == access.GuardiansWrite {
		list, err = guardian.Readers(ctx, tx, holders, path, s.Clock.Now(), s.Zone)
	} else {
		for _, i := range access.Keepers(holders, permission, path) {
			list = append(list, holders[i])
		}
	}
	if err != nil || len(list) > 0 {
		return list, err
	}
	return holders, nil
}

// Complaint is one as its reader finds it.
type Complaint struct {
	ID        string
	FiledOn   string
	Unit      string // name, "" if not known
	UnitPath  string
	Lang      string
	Sealed    string
	Decision  Kind
	DecidedOn string
}

// Open says whether nobody has decided yet.
func (c Complaint) Open() bool { return c.Decision == "" }

const selectComplaints = `
	SELECT c.id, c.filed_on, COALESCE(u.name, '') AS unit, COALESCE(u.path, '') AS unit_path, c.lang, c.sealed, c.decision, c.decided_on
	FROM guardian_complaint c LEFT JOIN identity_unit u ON u.id = c.unit_id `

// readable is the condition for the complaints that the actor decides on: of their offices, and those of which no office is known.
func readable(actor access.Actor) (condition string, args []any) {
	if !actor.Has(access.GuardiansComplain) {
		return "FALSE", nil
	}
	within, args := actor.Within(access.GuardiansComplain, "u.path")
	return "(c.unit_id IS NULL OR " + within + ")", args
}

// All returns the complaints that the actor decides on: open ones first, the oldest first.
func (s *Service) All(ctx context.Context, actor access.Actor) (_ []Complaint, err error) {
	defer errs.Wrap(&err, "complaint.All")
	may, args := readable(actor)
	return db.All[Complaint](ctx, s.DB, selectComplaints+`WHERE `+may+` ORDER BY CASE WHEN c.decision = '' THEN 0 ELSE 1 END, CASE WHEN c.decision = '' THEN c.filed_on END,
		c.decided_on DESC, c.id`, args...)
}

func one(ctx context.Context, q db.Querier, actor access.Actor, complaintID string) (Complaint, error) {
	if !id.Valid(complaintID) {
		return Complaint{}, errs.NotFound("error.not-found")
	}
	may, args := readable(actor)
	c, err := db.One[Complaint](ctx, q, selectComplaints+`WHERE c.id = ? AND `+may, append([]any{complaintID}, args...)...)
	if errors.Is(err, errs.ErrNotFound) {
		err = errs.NotFound("error.not-found").Because(err)
	}
	return c, err
}

// Read opens what was written, and records that it was read. Of one that was decided nothing is left to open.
func (s *Service) Read(ctx context.Context, actor access.Actor, complaintID string) (c Complaint, said Statement, err error) {
	defer errs.Wrap(&err, "complaint.Read")
	err = s.DB.Update(ctx, func(tx *db.Tx) error {
		if c, err = one(ctx, tx, actor, complaintID); err != nil || !c.Open() {
			return err
		}
		if err := s.Key.Open(purpose(c.ID), c.Sealed, &said); err != nil {
			return err
		}
		return audit.Record(ctx, tx, s.Clock.Now(), actor.PersonID, "guardian.complaint.read", "complaint:"+c.ID, nil)
	})
	return c, said, err
}

// Decision is what the reader decides.
type Decision struct {
	Kind Kind
	Name string // of Pause: given and family name, as the register has them
}

// Decide ends a complaint: what was written is erased within the same transaction. Where the decision is to pause an entry, its office is told
// that and nothing else.
func (s *Service) Decide(ctx context.Context, actor access.Actor, complaintID string, d Decision) (err error) {
	defer errs.Wrap(&err, "complaint.Decide")
	return s.DB.Update(ctx, func(tx *db.Tx) error {
		c, err := one(ctx, tx, actor, complaintID)
		if err != nil {
			return err
		}
		var faults errs.Fields
		if !slices.Contains(Kinds, d.Kind) {
			faults.Add("kind", "complaint.fault.choose")
		}
		var whom *entry
		if d.Kind == Pause {
			if whom, err = named(ctx, tx, actor, d.Name); err != nil {
				return err
			}
			if whom == nil {
				faults.Add("name", "complaint.fault.name")
			}
		}
		if err := faults.Err(); err != nil {
			return err
		}
		now := s.Clock.Now()
		n, err := db.Changed(ctx, tx, `UPDATE guardian_complaint SET sealed = '', decision = ?, decided_on = ?, decided_by = ? WHERE id = ? AND decision = ''`, string(d.Kind), s.day(now), actor.PersonID, c.ID)
		if err != nil {
			return err
		}
		if n == 0 {
			return errs.Conflict("complaint.decided-meanwhile")
		}
		if whom != nil {
			if err := db.Exec(ctx, tx, `INSERT INTO guardian_notice (id, guardian_id, at) VALUES (?, ?, ?)`, id.New(), whom.ID, now); err != nil {
				return err
			}
			if err := s.tell(ctx, tx, access.GuardiansWrite, whom.UnitID, "complaint.notice-", "/app/guardians/notices"); err != nil {
				return err
			}
		}
		return audit.Record(ctx, tx, now, actor.PersonID, "guardian.complaint.decide", "complaint:"+c.ID, nil)
	})
}

// entry is somebody of the register whom a decision names.
type entry struct {
	ID, UnitID, Name string
}

// named returns the one person of the register of the actor's offices who has a name; nil if nobody or several have it.
func named(ctx context.Context, tx *db.Tx, actor access.Actor, name string) (*entry, error) {
	within, args := actor.Within(access.GuardiansComplain, "u.path")
	all, err := db.All[entry](ctx, tx, `
		SELECT g.id, g.unit_id, p.given_name || ' ' || p.family_name AS name FROM guardian g JOIN identity_person p ON p.id = g.person_id JOIN identity_unit u ON u.id = g.unit_id
		WHERE g.state <> 'removed' AND `+within, args...)
	if err != nil {
		return nil, err
	}
	wanted := text.Search(text.Clean(name))
	all = slices.DeleteFunc(all, func(e entry) bool { return text.Search(e.Name) != wanted })
	if len(all) != 1 {
		return nil, nil
	}
	return &all[0], nil
}

// Notice asks an office to pause an entry.
type Notice struct {
	ID     string
	Name   string // the guardian's
	State  string // of the entry
	At     time.Time
	DoneAt time.Time
}

const selectNotices = `
	SELECT n.id, p.given_name || ' ' || p.family_name AS name, g.state, n.at, n.done_at
	FROM guardian_notice n JOIN guardian g ON g.id = n.guardian_id JOIN identity_person p ON p.id = g.person_id JOIN identity_unit u ON u.id = g.unit_id `

// Notices returns what the actor's offices are asked to do, what is open first.
func (s *Service) Notices(ctx context.Context, actor access.Actor) (_ []Notice, err error) {
	defer errs.Wrap(&err, "complaint.Notices")
	within, args := actor.Within(access.GuardiansRead, "u.path")
	return db.All[Notice](ctx, s.DB, selectNotices+`WHERE `+within+` ORDER BY CASE WHEN n.done_at IS NULL THEN 0 ELSE 1 END, n.at DESC, n.id`, args...)
}

// Done says that an entry was paused.
func (s *Service) Done(ctx context.Context, actor access.Actor, noticeID string) (err error) {
	defer errs.Wrap(&err, "complaint.Done")
	return s.DB.Update(ctx, func(tx *db.Tx) error {
		within, args := actor.Within(access.GuardiansWrite, "u.path")
		n, err := db.All[Notice](ctx, tx, selectNotices+`WHERE n.id = ? AND n.done_at IS NULL AND `+within, append([]any{noticeID}, args...)...)
		if err != nil {
			return err
		}
		if len(n) == 0 {
			return errs.NotFound("error.not-found")
		}
		return db.Exec(ctx, tx, `UPDATE guardian_notice SET done_at = ?, done_by = ? WHERE id = ?`, s.Clock.Now(), actor.PersonID, noticeID)
	})
}
