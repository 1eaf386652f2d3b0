package freeze

import (
	"context"
	"fmt"
	"slices"

	"ostoja/internal/db"
	"ostoja/internal/project"
	"ostoja/internal/report/journal"
	"ostoja/internal/signed"
	"ostoja/internal/text"
)

// Notes are what the office notes beside its figures, as it was after the period: nobody is named in them.
type Notes struct {
	Visibility []Duty       `json:"visibility"`
	Risks      []RiskNote   `json:"risks"`
	Changes    []ChangeNote `json:"changes"`
}

// Duty is one of visibility, and whether it was met.
type Duty struct {
	Fund   string          `json:"fund,omitempty"` // whose rule it is; none: of the office's own
	Duty   text.Translated `json:"duty"`
	Met    journal.Met     `json:"met,omitempty"` // none: nothing was said of it
	Day    string          `json:"day,omitempty"`
	Reason string          `json:"reason,omitempty"`
	Proof  *DutyProof      `json:"proof,omitempty"`
}

// DutyProof is what proves that a duty was met.
type DutyProof struct {
	Kind    journal.ProofKind `json:"kind"`
	Address string            `json:"address,omitempty"`
	File    string            `json:"file,omitempty"` // in the package
	SHA256  string            `json:"sha256,omitempty"`
	Shows   string            `json:"shows,omitempty"`
}

// RiskNote is a risk.
type RiskNote struct {
	Number int `json:"number"`
	journal.Risk
}

// ChangeNote is a change.
type ChangeNote struct {
	Number int `json:"number"`
	journal.Change
}

// notes reads them.
func (s *Service) notes(ctx context.Context, q db.Querier, p project.Page, period int) (*Notes, error) {
	n := &Notes{Visibility: []Duty{}, Risks: []RiskNote{}, Changes: []ChangeNote{}}
	duties, err := s.Journal.DutiesIn(ctx, q, p, period)
	if err != nil {
		return nil, err
	}
	for _, d := range duties {
		if !d.Asked {
			continue
		}
		x := Duty{Fund: d.Says.FundID, Duty: d.Says.Duty, Met: d.Says.Met, Day: d.Says.Day, Reason: d.Says.Reason}
		switch {
		case d.Says.Proof == journal.Address:
			x.Proof = &DutyProof{Kind: d.Says.Proof, Address: d.Says.Address}
		case d.Says.Proof != journal.NoProof && d.Entry.BlobHash != "":
			ending := "jpg"
			if d.Says.Proof == journal.PDF {
				ending = "pdf"
			}
			x.Proof = &DutyProof{Kind: d.Says.Proof, File: fmt.Sprintf("proofs/visibility-%d.%s", len(n.Visibility)+1, ending), SHA256: d.Entry.BlobHash, Shows: d.Says.Shows}
		}
		n.Visibility = append(n.Visibility, x)
	}
	risks, changes, err := s.Journal.LogIn(ctx, q, p.ID, period)
	if err != nil {
		return nil, err
	}
	for _, x := range risks {
		n.Risks = append(n.Risks, RiskNote{x.Number, x.Now().Says})
	}
	for _, x := range changes {
		n.Changes = append(n.Changes, ChangeNote{x.Number, x.Now().Says})
	}
	return n, nil
}

// hashes are those of the proofs.
func (n *Notes) hashes() (list []string) {
	if n == nil {
		return nil
	}
	for _, d := range n.Visibility {
		if d.Proof != nil && d.Proof.SHA256 != "" && !slices.Contains(list, d.Proof.SHA256) {
			list = append(list, d.Proof.SHA256)
		}
	}
	return list
}

// files are the proofs.
func (n *Notes) files(blobs map[string][]byte) (list []signed.File) {
	if n == nil {
		return nil
	}
	for _, d := range n.Visibility {
		if d.Proof != nil && d.Proof.File != "" {
			list = append(list, signed.File{Name: d.Proof.File, Content: blobs[d.Proof.SHA256]})
		}
	}
	return list
}

// countingOf is the text that says how figures are counted, as it is in a form of the document.
func countingOf(format int, tag string) ([]byte, error) {
	rules, err := counting.ReadFile("counting/" + tag + ".md")
	if err != nil || format < formatNotes {
		return rules, err
	}
	more, err := counting.ReadFile("counting/notes-" + tag + ".md")
	return slices.Concat(rules, []byte("\n"), more), err
}

// met is what is said of a duty, in words.
func (w words) met(d Duty) string {
	if d.Met == "" {
		return w.T("journal.met-nothing")
	}
	return w.T("journal.met-" + string(d.Met))
}

// proved is what proves a duty, in words.
func (w words) proved(d Duty) string {
	switch x := d.Proof; {
	case x == nil:
		return ""
	case x.File == "":
		return x.Address
	default:
		return x.File + ": " + x.Shows
	}
}

// noteTables are the tables of notes; none in form 1.
func (w words) noteTables(d Document) []table {
	if d.Notes == nil {
		return nil
	}
	head := func(keys ...string) (list []string) {
		for _, k := range keys {
			list = append(list, w.T("journal."+k))
		}
		return list
	}
	visibility := table{name: "visibility", title: w.T("journal.visibility"), header: append(w.head("fund"), head("duty", "state", "day", "reason", "proof")...)}
	for _, x := range d.Notes.Visibility {
		visibility.rows = append(visibility.rows, []any{x.Fund, x.Duty.In(w.Tag()), w.met(x), x.Day, x.Reason, w.proved(x)})
	}
	risks := table{name: "risks", title: w.T("journal.risks"), header: head("number", "risk", "likelihood", "impact", "measure", "watcher", "opened", "closed")}
	for _, x := range d.Notes.Risks {
		risks.rows = append(risks.rows, []any{x.Number, x.What, w.T("journal.degree-" + string(x.Likelihood)), w.T("journal.degree-" + string(x.Impact)), x.Measure, x.Watcher, x.Opened, x.Closed})
	}
	changes := table{name: "changes", title: w.T("journal.changes"), header: head("number", "change", "why", "asked", "answer", "answered", "annex")}
	for _, x := range d.Notes.Changes {
		var annex any
		if x.Annex > 0 {
			annex = x.Annex
		}
		changes.rows = append(changes.rows, []any{x.Number, x.What, x.Why, x.Asked, w.T("journal.answer-" + string(x.Answer)), x.Day, annex})
	}
	return []table{visibility, risks, changes}
}

// notesOf prints notes; nothing in form 1.
func (p printer) notesOf(n *Notes) {
	if n == nil {
		return
	}
	p.part(p.T("journal.visibility"))
	if len(n.Visibility) == 0 {
		p.text(p.T("journal.no-duties"))
	}
	for _, x := range n.Visibility {
		p.text(p.T("reportfreeze.paper-duty", "Duty", x.Duty.In(p.Tag()), "State", p.met(x), "Day", p.day(x.Day), "Reason", x.Reason, "Proof", p.proved(x)))
	}
	p.part(p.T("journal.risks"))
	if len(n.Risks) == 0 {
		p.text(p.T("journal.no-risks"))
	}
	for _, x := range n.Risks {
		p.text(p.T("reportfreeze.paper-risk", "Number", x.Number, "What", x.What, "Likelihood", p.T("journal.degree-"+string(x.Likelihood)), "Impact", p.T("journal.degree-"+string(x.Impact)),
			"Measure", x.Measure, "Watcher", x.Watcher, "Opened", p.day(x.Opened), "Closed", p.day(x.Closed)))
	}
	p.part(p.T("journal.changes"))
	if len(n.Changes) == 0 {
		p.text(p.T("journal.no-changes"))
	}
	for _, x := range n.Changes {
		p.text(p.T("reportfreeze.paper-change", "Number", x.Number, "What", x.What, "Why", x.Why, "Asked", p.day(x.Asked), "Answer", p.T("journal.answer-"+string(x.Answer)), "Day", p.day(x.Day)))
	}
}

// day is a stored day, and a dash for none.
func (p printer) day(d string) string {
	if d == "" {
		return "–"
	}
	return p.DateOf(d)
}
