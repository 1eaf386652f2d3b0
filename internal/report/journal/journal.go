// Package journal keeps what an office notes of a project beside its figures: which duties of visibility it has met, with proofs; what endangers the project, and who watches it; what
// was changed, and when the fund agreed.
//
// Goals: each note is written in an open period by somebody with a name, and stays: a correction is one more entry, so that the report of a period can be made again from what held then;
// a proof is a photograph without what the camera wrote into it, a PDF or an address. Limits: duties are the fund's rules or the office's own; nothing here is counted; no names of people
// belong into it, and the pages ask for the part somebody has instead.
package journal

import (
	"context"
	"encoding/json"
	"slices"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/audit"
	"ostoja/internal/blob"
	"ostoja/internal/clock"
	"ostoja/internal/db"
	"ostoja/internal/errs"
	"ostoja/internal/id"
	"ostoja/internal/project"
	"ostoja/internal/report"
)

// Deps are what the service needs.
type Deps struct {
	DB       *db.DB
	Clock    clock.Clock
	Zone     *time.Location
	Projects *project.Service
	Rules    report.Rules
	// Picture makes of an uploaded photograph what is kept: a JPEG without what the camera wrote of place, time and device. What it does not take it refuses by words.
	Picture func(ctx context.Context, content []byte) (jpeg []byte, err error)
}

// Service keeps journals.
type Service struct{ Deps }

// New returns a Service.
func New(d Deps) *Service { return &Service{d} }

type kind string

const (
	ofVisibility kind = "visibility"
	ofRisk       kind = "risk"
	ofChange     kind = "change"
)

// Entry is where a note stands: which item it is of, when it was written, in which period and by whom.
type Entry struct {
	ID       string
	ItemID   string
	Period   int // number
	At       time.Time
	By       string // name
	BlobHash string // of a proof, "" if there is none
	Size     int64
}

type row struct {
	Entry
	Content string
}

// entries reads the notes of a kind that were written in the periods up to one, or with 0 all, the earliest first.
func entries(ctx context.Context, q db.Querier, projectID string, k kind, period int) ([]row, error) {
	return db.All[row](ctx, q, `
		SELECT e.id, e.item_id, e.period, e.at, COALESCE(h.given_name || ' ' || h.family_name, '') AS by, COALESCE(e.blob_hash, '') AS blob_hash, e.size, e.content
		FROM journal_entry e LEFT JOIN identity_person h ON h.id = e.actor_id
		WHERE e.project_id = ? AND e.kind = ? AND (? = 0 OR e.period <= ?) ORDER BY e.at, e.id`, projectID, string(k), period, period)
}

// Item is something that notes are of: what holds is the last of them.
type Item[T any] struct {
	ID      string
	Number  int // from 1, in the order in which items came
	History []Note[T]
}

// Note is one entry with what it says.
type Note[T any] struct {
	Entry
	Says T
}

// Now is what holds.
func (i Item[T]) Now() Note[T] { return i.History[len(i.History)-1] }

// items reads the items of a kind, in the order in which they came, as they were after a period or with 0 as they are.
func items[T any](ctx context.Context, q db.Querier, projectID string, k kind, period int) (list []Item[T], err error) {
	rows, err := entries(ctx, q, projectID, k, period)
	if err != nil {
		return nil, err
	}
	for _, r := range rows {
		n := Note[T]{Entry: r.Entry}
		if err := json.Unmarshal([]byte(r.Content), &n.Says); err != nil {
			return nil, err
		}
		i := slices.IndexFunc(list, func(x Item[T]) bool { return x.ID == r.ItemID })
		if i < 0 {
			list, i = append(list, Item[T]{ID: r.ItemID, Number: len(list) + 1}), len(list)
		}
		list[i].History = append(list[i].History, n)
	}
	return list, nil
}

// file is a proof that is kept with an entry.
type file struct {
	hash string
	size int
}

// writing is an open period in which somebody writes.
type writing struct {
	page   project.Page
	period project.Period
}

// write does something in a period that is open, and records it.
func (s *Service) write(ctx context.Context, actor access.Actor, projectID, periodID string, k kind, do func(tx *db.Tx, w writing) (itemID string, err error)) (itemID string, err error) {
	err = s.DB.Update(ctx, func(tx *db.Tx) error {
		p, x, err := s.Projects.Writable(ctx, tx, actor, projectID, periodID)
		if err != nil {
			return err
		}
		if itemID, err = do(tx, writing{p, x}); err != nil {
			return err
		}
		return audit.Record(ctx, tx, s.Clock.Now(), actor.PersonID, "project."+string(k), "project:"+projectID, map[string]any{"period": periodID, "item": itemID})
	})
	return itemID, err
}

// add adds an entry; of a new item, with an empty itemID.
func (s *Service) add(ctx context.Context, tx *db.Tx, actor access.Actor, w writing, k kind, itemID string, says any, f file) (string, error) {
	entryID := id.New()
	if itemID == "" {
		itemID = entryID
	}
	var hash any
	if f.hash != "" {
		hash = f.hash
	}
	return itemID, db.Exec(ctx, tx, `INSERT INTO journal_entry (id, project_id, period_id, period, kind, item_id, content, blob_hash, size, at, actor_id) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		entryID, w.page.ID, w.period.ID, w.period.Number, string(k), itemID, db.JSON(says), hash, f.size, s.Clock.Now(), actor.PersonID)
}

// find returns an item of a list.
func find[T any](list []Item[T], itemID string) (Item[T], error) {
	i := slices.IndexFunc(list, func(x Item[T]) bool { return x.ID == itemID })
	if i < 0 {
		return Item[T]{}, errs.NotFound("error.not-found")
	}
	return list[i], nil
}

// checkSeen refuses to write over what somebody else wrote meanwhile.
func checkSeen[T any](x Item[T], seen string) error {
	if x.Now().ID != seen {
		return errs.Conflict("project.changed-meanwhile")
	}
	return nil
}

// Proof returns the file of an entry of a project.
func (s *Service) Proof(ctx context.Context, actor access.Actor, projectID, entryID string) (b blob.Blob, err error) {
	defer errs.Wrap(&err, "journal.Proof")
	err = s.DB.View(ctx, func(tx *db.Tx) error {
		if _, err := s.Projects.In(ctx, tx, actor, projectID); err != nil {
			return err
		}
		b, err = s.ProofIn(ctx, tx, projectID, entryID)
		return err
	})
	return b, err
}

// ProofIn is [Service.Proof] within a transaction, of a project that the reader may see.
func (s *Service) ProofIn(ctx context.Context, q db.Querier, projectID, entryID string) (b blob.Blob, err error) {
	defer errs.Wrap(&err, "journal.ProofIn")
	if !id.Valid(entryID) {
		return b, errs.NotFound("error.not-found")
	}
	hash, err := db.One[string](ctx, q, `SELECT blob_hash FROM journal_entry WHERE id = ? AND project_id = ? AND blob_hash IS NOT NULL`, entryID, projectID)
	if err != nil {
		return b, err
	}
	return blob.Get(ctx, q, hash)
}

// words notes a text that is longer than it may be, or missing where it is needed.
func words(f *errs.Fields, name, said string, most int, needed bool) {
	switch {
	case said == "" && needed:
		f.Add(name, "journal.fault.words")
	case len([]rune(said)) > most:
		f.Add(name, "project.fault.long", "Most", most)
	}
}

// dayOf notes a day that is none, that is missing where it is needed, or that has not come yet.
func (s *Service) dayOf(f *errs.Fields, name, day string, needed bool) {
	switch _, err := time.Parse(time.DateOnly, day); {
	case day == "" && !needed:
	case err != nil:
		f.Add(name, "project.fault.day")
	case day > s.Projects.Today():
		f.Add(name, "journal.fault.ahead")
	}
}

// Path is the address of a side of a project's journal.
func Path(projectID, side string) string { return project.Path(projectID, side) }
