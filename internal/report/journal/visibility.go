package journal

import (
	"bytes"
	"context"
	"errors"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"ostoja/internal/access"
	"ostoja/internal/audit"
	"ostoja/internal/blob"
	"ostoja/internal/db"
	"ostoja/internal/errs"
	"ostoja/internal/project"
	"ostoja/internal/text"
)

// Limits of the checklist. All proofs of a project stand in its frozen packages, which have a size (package freeze).
const (
	MostPDF    = 5 << 20
	MostProofs = 40 << 20 // of a project together
	mostRows   = 60
	mostDuty   = 400
	mostWords  = 1000
	mostURL    = 500
)

// Met says whether a duty was met.
type Met string

// What can be said of a duty. As long as nothing was said it is not met.
const (
	Done          Met = "done"
	NotDone       Met = "not-done"
	NotApplicable Met = "not-applicable"
)

// Mets lists them.
var Mets = []Met{Done, NotDone, NotApplicable}

// ProofKind is what a proof is.
type ProofKind string

// The proofs.
const (
	NoProof    ProofKind = ""
	Photograph ProofKind = "photograph"
	PDF        ProofKind = "pdf"
	Address    ProofKind = "address"
)

// Visible is what was said of a duty of visibility.
type Visible struct {
	Duty    text.Translated `json:"duty"`           // as it was worded
	FundID  string          `json:"fund,omitempty"` // whose rule it is, "" of the office's own
	Met     Met             `json:"met"`
	Day     string          `json:"day,omitempty"`
	Reason  string          `json:"reason,omitempty"` // why not, or why it does not apply
	Proof   ProofKind       `json:"proof,omitempty"`
	Address string          `json:"address,omitempty"`
	Shows   string          `json:"shows,omitempty"`    // what the proof shows
	NoFaces string          `json:"no_faces,omitempty"` // what who uploaded a photograph said of people on it
}

// Duty is one line of the checklist.
type Duty struct {
	Item    Item[Visible] // without an id nothing was said of it yet
	Says    Visible
	Entry   Entry
	Asked   bool // by the fund's rules as they are now, or by the office
	Place   int  // of the fund's duties, from 0
	Version int64
}

// Said says whether anything was said of the duty.
func (d Duty) Said() bool { return d.Item.ID != "" }

// Key names a duty in a form: its item, or of one of which nothing was said its fund and place.
func (d Duty) Key() string {
	if d.Said() {
		return d.Item.ID
	}
	return d.Says.FundID + ":" + strconv.Itoa(d.Place+1)
}

// Checklist are the duties of a project: those of its funds in their order, then the office's own, then what no rule asks any more.
type Checklist struct {
	project.Page
	Duties []Duty
}

// Left is how many duties were neither met nor said not to apply.
func (c Checklist) Left() (n int) {
	for _, d := range c.Duties {
		if d.Asked && d.Says.Met != Done && d.Says.Met != NotApplicable {
			n++
		}
	}
	return n
}

// Checklist returns the checklist of a project, as it is now.
func (s *Service) Checklist(ctx context.Context, actor access.Actor, projectID string) (c Checklist, err error) {
	defer errs.Wrap(&err, "journal.Checklist")
	err = s.DB.View(ctx, func(tx *db.Tx) error {
		if c.Page, err = s.Projects.In(ctx, tx, actor, projectID); err != nil {
			return err
		}
		c.Duties, err = s.DutiesIn(ctx, tx, c.Page, 0)
		return err
	})
	return c, err
}

// DutiesIn returns the checklist within a transaction, as it was after a period or with 0 as it is.
func (s *Service) DutiesIn(ctx context.Context, q db.Querier, p project.Page, period int) (list []Duty, err error) {
	defer errs.Wrap(&err, "journal.DutiesIn(%d)", period)
	said, err := items[Visible](ctx, q, p.ID, ofVisibility, period)
	if err != nil {
		return nil, err
	}
	taken := map[string]bool{}
	for _, share := range p.Shares {
		set, version, err := s.Rules.Of(ctx, q, share.FundID, 0)
		if err != nil {
			return nil, err
		}
		for place, words := range set.Duties() {
			d := Duty{Says: Visible{Duty: words, FundID: set.ID}, Asked: true, Place: place, Version: version}
			if i := slices.IndexFunc(said, func(x Item[Visible]) bool {
				return !taken[x.ID] && x.Now().Says.FundID == set.ID && alike(x.Now().Says.Duty, words)
			}); i >= 0 {
				d.take(said[i])
				taken[said[i].ID] = true
			}
			list = append(list, d)
		}
	}
	for _, own := range []bool{true, false} { // what a fund asked once stands last
		for _, x := range said {
			if n := x.Now(); !taken[x.ID] && (n.Says.FundID == "") == own {
				d := Duty{Asked: own}
				d.take(x)
				list = append(list, d)
			}
		}
	}
	return list, nil
}

func (d *Duty) take(x Item[Visible]) { d.Item, d.Says, d.Entry = x, x.Now().Says, x.Now().Entry }

// alike says whether a duty is worded as before in a language: a translation that was added makes it no other one, another wording does.
func alike(a, b text.Translated) bool {
	for tag, words := range a {
		if words != "" && b[tag] == words {
			return true
		}
	}
	return false
}

// VisibleDraft is what somebody says of a duty.
type VisibleDraft struct {
	Key     string // of the duty; "" of a new one of the office's own
	Seen    string // the entry that the writer saw
	Duty    string // of a new one
	Lang    string // in which it is worded
	Met     Met
	Day     string
	Reason  string
	Proof   ProofKind
	Address string
	Shows   string
	NoFaces string // "none", or "agreed": the people on it agreed
	File    []byte // nil: the proof that is there stays
}

// Faces are what can be said of people on a photograph.
var Faces = []string{"none", "agreed"}

// Say says something of a duty in an open period.
func (s *Service) Say(ctx context.Context, actor access.Actor, projectID, periodID string, d VisibleDraft) (err error) {
	defer errs.Wrap(&err, "journal.Say(%d bytes)", len(d.File))
	d.Duty, d.Reason, d.Shows, d.Address = text.Clean(d.Duty), text.CleanLines(d.Reason), text.Clean(d.Shows), strings.TrimSpace(d.Address)
	f := s.checkVisible(d)
	content, mediaType := d.File, "application/pdf"
	if len(d.File) > 0 && len(f) == 0 && d.Proof == Photograph { // takes seconds: no transaction waits for it
		mediaType = "image/jpeg"
		if content, err = s.Picture(ctx, d.File); err != nil {
			var said *errs.Error
			if !errors.As(err, &said) || !errors.Is(err, errs.ErrInvalid) {
				return err
			}
			f.Add("file", said.Key)
		}
	}
	_, err = s.write(ctx, actor, projectID, periodID, ofVisibility, func(tx *db.Tx, w writing) (string, error) {
		list, err := s.DutiesIn(ctx, tx, w.page, 0)
		if err != nil {
			return "", err
		}
		duty, err := duty(list, d, &f)
		if err != nil {
			return "", err
		}
		says := Visible{Duty: duty.Says.Duty, FundID: duty.Says.FundID, Met: d.Met, Day: d.Day, Reason: d.Reason, Proof: d.Proof, Address: d.Address, Shows: d.Shows, NoFaces: d.NoFaces}
		kept, err := s.keep(ctx, tx, projectID, duty, &says, content, mediaType, &f)
		if err != nil {
			return "", err
		}
		if err := f.Err(); err != nil {
			return "", err
		}
		return s.add(ctx, tx, actor, w, ofVisibility, duty.Item.ID, says, kept)
	})
	return err
}

// duty returns the line that a draft is of.
func duty(list []Duty, d VisibleDraft, f *errs.Fields) (Duty, error) {
	if d.Key == "" {
		words(f, "duty", d.Duty, mostDuty, true)
		if len(list) >= mostRows {
			f.Add("duty", "journal.fault.rows", "Most", mostRows)
		}
		return Duty{Says: Visible{Duty: text.Translated{"": d.Duty, d.Lang: d.Duty}}}, nil
	}
	i := slices.IndexFunc(list, func(x Duty) bool { return x.Key() == d.Key })
	if i < 0 { // its wording changed, or somebody else said the first of it
		return Duty{}, errs.Conflict("project.changed-meanwhile")
	}
	if list[i].Said() {
		return list[i], checkSeen(list[i].Item, d.Seen)
	}
	return list[i], nil
}

// checkVisible finds what is wrong with what was said, by field.
func (s *Service) checkVisible(d VisibleDraft) (f errs.Fields) {
	if !slices.Contains(Mets, d.Met) {
		f.Add("met", "journal.fault.met")
	}
	s.dayOf(&f, "day", d.Day, d.Met == Done)
	words(&f, "reason", d.Reason, mostWords, d.Met == NotDone || d.Met == NotApplicable)
	words(&f, "shows", d.Shows, mostDuty, d.Proof == Photograph || d.Proof == PDF)
	switch d.Proof {
	case NoProof:
	case Address:
		if u, err := url.Parse(d.Address); err != nil || u.Scheme != "https" || u.Host == "" || u.User != nil || len(d.Address) > mostURL {
			f.Add("address", "journal.fault.address")
		}
	case Photograph:
		if !slices.Contains(Faces, d.NoFaces) {
			f.Add("no_faces", "journal.fault.faces")
		}
	case PDF:
		if len(d.File) > MostPDF {
			f.Add("file", "journal.fault.pdf-large", "Most", MostPDF>>20)
		} else if len(d.File) > 0 && !bytes.HasPrefix(d.File, []byte("%PDF-")) {
			f.Add("file", "journal.fault.pdf")
		}
	default:
		f.Add("proof", "error.invalid")
	}
	return f
}

// keep stores a new proof, or leaves the one that is there. What belongs to another kind of proof is left out.
func (s *Service) keep(ctx context.Context, tx *db.Tx, projectID string, duty Duty, says *Visible, content []byte, mediaType string, f *errs.Fields) (file, error) {
	if says.Proof != Address {
		says.Address = ""
	}
	if says.Proof != Photograph {
		says.NoFaces = ""
	}
	if says.Proof == NoProof {
		says.Shows = ""
	}
	if says.Proof != Photograph && says.Proof != PDF || len(*f) > 0 {
		return file{}, nil
	}
	if len(content) == 0 {
		if duty.Says.Proof != says.Proof || duty.Entry.BlobHash == "" {
			f.Add("file", "journal.fault.file")
		}
		return file{duty.Entry.BlobHash, int(duty.Entry.Size)}, nil
	}
	sum, err := db.One[int64](ctx, tx, `SELECT COALESCE(SUM(size), 0) FROM (SELECT blob_hash, MAX(size) AS size FROM journal_entry WHERE project_id = ? AND blob_hash IS NOT NULL GROUP BY blob_hash) x`, projectID)
	if err != nil {
		return file{}, err
	}
	if sum+int64(len(content)) > MostProofs {
		f.Add("file", "journal.fault.full", "Most", MostProofs>>20)
		return file{}, nil
	}
	hash, err := blob.Put(ctx, tx, mediaType, content, s.Clock.Now())
	return file{hash, len(content)}, err
}

// DropProof takes the file of an entry away, where it should not have been kept: a face, somebody's data. The entry stays, and says that its file is gone. Packages that were frozen with it keep it.
func (s *Service) DropProof(ctx context.Context, actor access.Actor, projectID, entryID string) (err error) {
	defer errs.Wrap(&err, "journal.DropProof")
	return s.DB.Update(ctx, func(tx *db.Tx) error {
		if _, err := s.Projects.Mine(ctx, tx, actor, projectID); err != nil {
			return err
		}
		b, err := s.ProofIn(ctx, tx, projectID, entryID)
		if err != nil {
			return err
		}
		// Later entries of the same item carry the same file.
		if err := db.Exec(ctx, tx, `UPDATE journal_entry SET blob_hash = NULL, size = 0 WHERE project_id = ? AND blob_hash = ?`, projectID, b.Hash); err != nil {
			return err
		}
		if err := blob.Drop(ctx, tx, b.Hash); err != nil {
			return err
		}
		return audit.Record(ctx, tx, s.Clock.Now(), actor.PersonID, "project.proof-dropped", "project:"+projectID, map[string]string{"entry": entryID, "sha256": b.Hash})
	})
}
