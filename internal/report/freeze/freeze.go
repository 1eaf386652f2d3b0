// Package freeze makes a period's report a package that two people signed off: the figures as tables, as one document for programs, for printing and by the IATI standard, the rules
// by which they are counted, and a signed list of hashes.
//
// Goals: a report that was handed in stays as it was, and whoever has the package can tell so without this program's database; the same data and stamps give the same bytes, so
// that a package can be made again and compared; what is counted otherwise later is said in the next report and never changed in an old one. Limits: it counts nothing (package
// report does) and holds no person: a package may be handed on; that an old package is passed off as the newest is told by its number and day alone; no money is in it.
package freeze

import (
	"context"
	"crypto/ed25519"
	"regexp"
	"slices"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/audit"
	"ostoja/internal/blob"
	"ostoja/internal/clock"
	"ostoja/internal/db"
	"ostoja/internal/errs"
	"ostoja/internal/id"
	"ostoja/internal/job"
	"ostoja/internal/lang"
	"ostoja/internal/project"
	"ostoja/internal/report"
	"ostoja/internal/report/journal"
	"ostoja/internal/signed"
	"ostoja/internal/text"
)

// Actors knows who may do what now.
type Actors interface {
	// ActorOf returns a person with the rights of this moment.
	ActorOf(ctx context.Context, tx *db.Tx, personID string) (access.Actor, error)
}

// Deps are what the service needs.
type Deps struct {
	DB        *db.DB
	Clock     clock.Clock
	Zone      *time.Location // of the days
	Projects  *project.Service
	Reports   *report.Service
	Journal   *journal.Service
	Actors    Actors
	Queue     *job.Queue
	Catalogue *lang.Catalogue
	Key       ed25519.PrivateKey // of the purpose "report freeze" (decision 0020)
	// Region names a voivodeship in a language; "" for a code that is none.
	Region func(code, lang string) string
}

// Service freezes reports.
type Service struct{ Deps }

// freezing is the kind of the jobs that make packages.
const freezing job.Kind = "report.freeze"

// New returns a Service, whose work the queue does.
func New(d Deps) *Service {
	s := &Service{d}
	d.Queue.Handle(freezing, s.work)
	return s
}

// State is how far a package is.
type State string

// The states.
const (
	Waiting State = "waiting" // the work is ahead or under way
	Done    State = "done"
	Failed  State = "failed" // by a reason that somebody can read and mend
)

// Steps is how many steps the work has.
const Steps = 5

// Frozen is a report that was frozen, or is about to be.
type Frozen struct {
	ID         string
	ProjectID  string
	PeriodID   string
	Period     int    `db:"-"` // its number
	FirstDay   string `db:"-"`
	LastDay    string `db:"-"`
	Number     int
	State      State
	Step       int
	Fault      string // key of a text
	At         time.Time
	FrozenBy   string // id
	FrozenName string
	ApprovedBy []string         `db:"approved_by,json"` // ids
	Publisher  Publisher        `db:"publisher,json"`
	Rules      map[string]int64 `db:"rules,json"` // version by fund
	Format     int              // of the document
	BlobHash   string
	Size       int64
}

const selectFrozen = `
	SELECT f.id, f.project_id, f.period_id, f.number, f.state, f.step, f.fault, f.at, f.frozen_by, f.approved_by, f.publisher, f.rules, f.format, COALESCE(f.blob_hash, '') AS blob_hash, f.size,
		COALESCE(h.given_name || ' ' || h.family_name, '') AS frozen_name
	FROM report_frozen f LEFT JOIN identity_person h ON h.id = f.frozen_by `

// in takes the days of its period from the project's page.
func (f Frozen) in(p project.Page) Frozen {
	for _, x := range p.Periods {
		if x.ID == f.PeriodID {
			f.Period, f.FirstDay, f.LastDay = x.Number, x.FirstDay, x.LastDay
		}
	}
	return f
}

// Fingerprint is that of the key with which packages are signed: the office publishes it where it can be compared.
func (s *Service) Fingerprint() string { return signed.Fingerprint(s.Key.Public().(ed25519.PublicKey)) }

// Page is what the list of a project's frozen reports shows.
type Page struct {
	Project project.Page
	Frozen  []Frozen // the latest first
	Ready   []Ready  // periods that are over and not frozen
}

// Ready is a period that may be frozen, or what is still in the way.
type Ready struct {
	Period project.Period
	Fault  error // nil: the reader may freeze it
}

// Page returns the frozen reports of a project, and which periods could be frozen by the reader.
func (s *Service) Page(ctx context.Context, actor access.Actor, projectID string) (p Page, err error) {
	defer errs.Wrap(&err, "freeze.Page")
	err = s.DB.View(ctx, func(tx *db.Tx) error {
		if p.Project, err = s.Projects.In(ctx, tx, actor, projectID); err != nil {
			return err
		}
		if p.Frozen, err = db.All[Frozen](ctx, tx, selectFrozen+`WHERE f.project_id = ? ORDER BY f.number DESC`, projectID); err != nil {
			return err
		}
		for i, f := range p.Frozen {
			p.Frozen[i] = f.in(p.Project)
		}
		for _, x := range p.Project.Periods {
			asked := slices.ContainsFunc(p.Frozen, func(f Frozen) bool { return f.PeriodID == x.ID && f.State != Failed })
			if x.LastDay >= s.Projects.Today() || asked {
				continue
			}
			figures, err := s.Reports.FiguresIn(ctx, tx, p.Project, x.ID)
			if err != nil {
				return err
			}
			p.Ready = append(p.Ready, Ready{x, conditions(p.Project, x, figures, actor.PersonID)})
		}
		return nil
	})
	return p, err
}

// conditions says what is in the way of freezing a period by somebody; nil if nothing is. figures are those of all indicators that the project's funds ask for.
func conditions(p project.Page, x project.Period, figures []report.Figure, personID string) error {
	switch {
	case !p.MaySign:
		return errs.Forbidden("reportfreeze.fault.sign")
	case !x.FrozenAt.IsZero():
		return errs.Conflict("reportfreeze.fault.frozen")
	case len(figures) == 0:
		return errs.Conflict("reportfreeze.fault.nothing")
	case x.Open:
		return errs.Conflict("reportfreeze.fault.open")
	}
	if slices.ContainsFunc(figures, func(f report.Figure) bool { return f.State != report.Approved }) {
		return errs.Conflict("reportfreeze.fault.approved")
	}
	if slices.ContainsFunc(figures, func(f report.Figure) bool { return f.ApprovedBy == personID }) {
		return errs.Forbidden("reportfreeze.fault.two-people")
	}
	return nil
}

// orgID is what an organisation's identifier looks like: the code of a registry and the number in it, without the signs that the IATI standard forbids.
var orgID = regexp.MustCompile(`^[A-Za-z]{2,}-[A-Za-z0-9_-]+-[^\s/&|?:]+$`)

// OrgTypes are the codes of the IATI list OrganisationType that an office of such a programme can have: government, local government, other public sector, national
// non-governmental organisation, academic, other.
var OrgTypes = []string{"10", "11", "15", "22", "80", "90"}

// check finds what is wrong with how the office publishes. Who publishes nothing leaves it empty.
func (p Publisher) check() (f errs.Fields) {
	if p.Ref == "" {
		return f
	}
	if len(p.Ref) > 80 || !orgID.MatchString(p.Ref) {
		f.Add("ref", "reportfreeze.fault.ref")
	}
	if !slices.Contains(OrgTypes, p.Type) {
		f.Add("type", "error.invalid")
	}
	return f
}

type payload struct {
	ID string `json:"id"`
}

// Ask begins to freeze a period's report: the row is there at once, the work is a job. Two people must sign: who approved the figures, and the actor.
func (s *Service) Ask(ctx context.Context, actor access.Actor, projectID, periodID string, as Publisher) (frozenID string, err error) {
	defer errs.Wrap(&err, "freeze.Ask")
	if as.Ref = text.Clean(as.Ref); as.Ref == "" {
		as.Type = ""
	}
	if err := as.check().Err(); err != nil {
		return "", err
	}
	err = s.DB.Update(ctx, func(tx *db.Tx) error {
		p, x, figures, err := s.look(ctx, tx, actor, projectID, periodID)
		if err != nil {
			return err
		}
		if err := conditions(p, x, figures, actor.PersonID); err != nil {
			return err
		}
		if x.LastDay >= s.Projects.Today() {
			return errs.Conflict("reportfreeze.fault.not-over")
		}
		frozenID = id.New()
		// One that failed makes room for the next try, which gets its number.
		if err := db.Exec(ctx, tx, `DELETE FROM report_frozen WHERE period_id = ? AND state = ?`, periodID, string(Failed)); err != nil {
			return err
		}
		n, err := db.Changed(ctx, tx, `
			INSERT INTO report_frozen (id, project_id, period_id, number, state, at, frozen_by, publisher, format)
			SELECT ?, ?, ?, COALESCE(MAX(number), 0) + 1, ?, ?, ?, ?, CAST(? AS BIGINT) FROM report_frozen WHERE project_id = ?
			ON CONFLICT DO NOTHING`, frozenID, projectID, periodID, string(Waiting), s.Clock.Now().Truncate(time.Second), actor.PersonID, db.JSON(as), Format, projectID)
		if err != nil {
			return err
		}
		if n == 0 {
			return errs.Conflict("reportfreeze.fault.asked")
		}
		if err := s.Queue.Add(ctx, tx, freezing, payload{frozenID}, time.Time{}); err != nil {
			return err
		}
		return audit.Record(ctx, tx, s.Clock.Now(), actor.PersonID, "report.freeze", "project:"+projectID, map[string]any{"period": periodID})
	})
	return frozenID, err
}

// look returns a project's period and the figures of all indicators that its funds ask for.
func (s *Service) look(ctx context.Context, tx *db.Tx, actor access.Actor, projectID, periodID string) (p project.Page, x project.Period, figures []report.Figure, err error) {
	if p, err = s.Projects.In(ctx, tx, actor, projectID); err != nil {
		return p, x, nil, err
	}
	i := slices.IndexFunc(p.Periods, func(x project.Period) bool { return x.ID == periodID })
	if i < 0 {
		return p, x, nil, errs.NotFound("error.not-found")
	}
	figures, err = s.Reports.FiguresIn(ctx, tx, p, periodID)
	return p, p.Periods[i], figures, err
}

// One returns a frozen report, to who reads the project.
func (s *Service) One(ctx context.Context, actor access.Actor, projectID, frozenID string) (p project.Page, f Frozen, err error) {
	defer errs.Wrap(&err, "freeze.One")
	err = s.DB.View(ctx, func(tx *db.Tx) error {
		p, f, err = s.one(ctx, tx, actor, projectID, frozenID)
		return err
	})
	return p, f, err
}

func (s *Service) one(ctx context.Context, tx *db.Tx, actor access.Actor, projectID, frozenID string) (p project.Page, f Frozen, err error) {
	if p, err = s.Projects.In(ctx, tx, actor, projectID); err != nil {
		return p, f, err
	}
	if !id.Valid(frozenID) {
		return p, f, errs.NotFound("error.not-found")
	}
	f, err = db.One[Frozen](ctx, tx, selectFrozen+`WHERE f.id = ? AND f.project_id = ?`, frozenID, projectID)
	return p, f.in(p), err
}

// Download returns a package that is done, or with a name one file of it, and records that somebody took it.
func (s *Service) Download(ctx context.Context, actor access.Actor, projectID, frozenID, name string) (f Frozen, content []byte, err error) {
	defer errs.Wrap(&err, "freeze.Download")
	err = s.DB.Update(ctx, func(tx *db.Tx) error {
		if _, f, err = s.one(ctx, tx, actor, projectID, frozenID); err != nil {
			return err
		}
		if f.State != Done {
			return errs.NotFound("error.not-found")
		}
		if content, err = open(ctx, tx, f.BlobHash, name); err != nil {
			return err
		}
		format := "zip"
		if name != "" {
			format = name
		}
		return audit.RecordExport(ctx, tx, s.Clock.Now(), actor.PersonID, "report.download", "project:"+projectID, 1, format)
	})
	return f, content, err
}

// open returns a stored package, or one file of it.
func open(ctx context.Context, q db.Querier, hash, name string) ([]byte, error) {
	b, err := blob.Get(ctx, q, hash)
	if err != nil || name == "" {
		return b.Content, err
	}
	archive, err := openArchive(b.Content)
	if err != nil {
		return nil, err
	}
	if archive.files[name] == nil {
		return nil, errs.NotFound("error.not-found")
	}
	return archive.read(name)
}
