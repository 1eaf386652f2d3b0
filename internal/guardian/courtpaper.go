package guardian

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"ostoja/internal/access"
	"ostoja/internal/audit"
	"ostoja/internal/db"
	"ostoja/internal/errs"
	"ostoja/internal/id"
	"ostoja/internal/text"
)

// Blanks are the papers for courts by name, in the order of their use (folder guardian/templates).
var Blanks = []string{"motion", "consent", "no-conflict", "scope", "report", "resignation"}

// CourtPaper is how papers to a court are headed, and which of the blanks its office uses.
type CourtPaper struct {
	CourtID string
	Heading string   // lines: name and address; "" is the court's name alone
	Papers  []string `db:",json"` // of [Blanks]; none is all
	Edition int64    // 0 until somebody wrote it
}

// Uses says whether the office uses a blank for the court.
func (c CourtPaper) Uses(name string) bool {
	return len(c.Papers) == 0 || slices.Contains(c.Papers, name)
}

// Lines are those of the heading of a paper to a court.
func (c CourtPaper) Lines(court Court) []string {
	if c.Heading == "" {
		return []string{court.Name}
	}
	return strings.Split(c.Heading, "\n")
}

const (
	mostLines = 6
	mostLine  = 120 // characters
)

func (c CourtPaper) check() (faults errs.Fields) {
	lines := strings.Split(c.Heading, "\n")
	if len(lines) > mostLines || slices.ContainsFunc(lines, func(l string) bool { return utf8.RuneCountInString(l) > mostLine }) {
		faults.Add("heading", "guardian.fault.heading", "Lines", mostLines, "High", mostLine)
	}
	if slices.ContainsFunc(c.Papers, func(p string) bool { return !slices.Contains(Blanks, p) }) {
		faults.Add("papers", "guardian.fault.papers")
	}
	return faults
}

// CourtPaper returns what is on papers to a court: a court's name and address are nobody's secret.
func (s *Service) CourtPaper(ctx context.Context, courtID string) (court Court, c CourtPaper, err error) {
	defer errs.Wrap(&err, "guardian.CourtPaper")
	if !id.Valid(courtID) {
		return court, c, errs.NotFound("error.not-found")
	}
	err = s.db.View(ctx, func(tx *db.Tx) error {
		if court, err = db.One[Court](ctx, tx, `SELECT id, name, short, region, closed_at, edition FROM guardian_court WHERE id = ?`, courtID); err != nil {
			return err
		}
		c, err = db.One[CourtPaper](ctx, tx, `SELECT court_id, heading, papers, edition FROM guardian_court_paper WHERE court_id = ?`, courtID)
		if errors.Is(err, errs.ErrNotFound) {
			c, err = CourtPaper{CourtID: courtID}, nil
		}
		return err
	})
	return court, c, err
}

// SetCourtPaper writes what is on papers to a court, as the actor saw it in c's edition.
func (s *Service) SetCourtPaper(ctx context.Context, actor access.Actor, c CourtPaper) (err error) {
	defer errs.Wrap(&err, "guardian.SetCourtPaper")
	c.Heading = text.CleanLines(c.Heading)
	if len(c.Papers) == len(Blanks) || c.Papers == nil {
		c.Papers = []string{}
	}
	return s.changeCourt(ctx, actor, c.CourtID, "guardian.court.paper", func(tx *db.Tx) error {
		if err := c.check().Err(); err != nil {
			return err
		}
		return db.Change(ctx, tx, errMeanwhile, `
			INSERT INTO guardian_court_paper (court_id, heading, papers, edition) VALUES (?, ?, ?, 1)
			ON CONFLICT (court_id) DO UPDATE SET heading = excluded.heading, papers = excluded.papers, edition = guardian_court_paper.edition + 1 WHERE guardian_court_paper.edition = ?`,
			c.CourtID, c.Heading, db.JSON(c.Papers), c.Edition)
	})
}

// ordinary are words that names of courts share, as [text.Search] writes them: they do not tell one court from another.
var ordinary = strings.Fields("sad sr so rejonowy okregowy w we dla m st i z siedziba wydzial rodzinny nieletnich")

// sameCourt says whether two names are one but for capitals, marks and spaces.
func sameCourt(a, b string) bool {
	bare := func(s string) string { return strings.ReplaceAll(text.Search(s), " ", "") }
	return bare(a) == bare(b)
}

// likeCourt says whether two names tell courts apart by ordinary words alone.
func likeCourt(a, b string) bool {
	telling := func(s string) []string {
		var words []string
		for w := range strings.FieldsSeq(text.Search(s)) {
			if w = strings.Trim(w, ".,"); !slices.Contains(ordinary, w) && w != "" {
				words = append(words, w)
			}
		}
		slices.Sort(words)
		return words
	}
	return slices.Equal(telling(a), telling(b))
}

// apart refuses a court that is there already under a name written otherwise, and one whose name is like another's unless the actor says that it
// is another: that is recorded, and not asked again.
func (s *Service) apart(ctx context.Context, tx *db.Tx, actor access.Actor, c Court) error {
	all, err := courtsIn(ctx, tx)
	if err != nil {
		return err
	}
	type pair struct{ FirstID, SecondID string }
	known := map[pair]bool{}
	if err := db.Each(ctx, tx, func(p pair) { known[p] = true }, `SELECT first_id, second_id FROM guardian_court_distinct`); err != nil {
		return err
	}
	var faults errs.Fields
	var others []Court
	for _, x := range all {
		switch {
		case x.ID == c.ID:
		case sameCourt(x.Name, c.Name):
			faults.Add("name", "guardian.fault.court-there", "Name", x.Name)
			return faults.Err()
		case likeCourt(x.Name, c.Name) && !known[pair{min(x.ID, c.ID), max(x.ID, c.ID)}]:
			others = append(others, x)
		}
	}
	if len(others) > 0 && !c.Distinct {
		faults.Add("distinct", "guardian.fault.court-like", "Name", others[0].Name)
		return faults.Err()
	}
	for _, x := range others {
		if err := s.distinct(ctx, tx, actor, x.ID, c.ID, s.clock.Now()); err != nil {
			return err
		}
	}
	return nil
}

// distinct records that two courts are two.
func (s *Service) distinct(ctx context.Context, tx *db.Tx, actor access.Actor, a, b string, now time.Time) error {
	if err := db.Exec(ctx, tx, `INSERT INTO guardian_court_distinct (first_id, second_id, decided_by, decided_at) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING`,
		min(a, b), max(a, b), actor.PersonID, now); err != nil {
		return err
	}
	return audit.Record(ctx, tx, now, actor.PersonID, "guardian.court.distinct", "court:"+b, map[string]string{"other": a})
}
