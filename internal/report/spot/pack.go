package spot

import (
	"archive/zip"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/db"
	"ostoja/internal/errs"
	"ostoja/internal/lang"
	"ostoja/internal/paper"
	"ostoja/internal/project/fund"
	"ostoja/internal/report"
	"ostoja/internal/text"
)

// Paper is something that the program has of somebody in a training or course: a file, words, or both.
type Paper struct {
	Proof   fund.Proof
	File    string // its name, of plain letters and with an ending; "" of words alone
	Content []byte
	Words   string // in the reader's language
}

// Papers knows what the areas that keep papers have.
type Papers interface {
	// Of returns the papers of somebody in a training or course that the actor may see. It MUST leave out what they may not, and what is withdrawn.
	Of(ctx context.Context, actor access.Actor, p *lang.Printer, took report.Took) ([]Paper, error)
	// Titles returns what the parts of a project are called, by id.
	Titles(ctx context.Context, actor access.Actor, p *lang.Printer, projectID string) (map[string]string, error)
}

func notFound(err error) error {
	if errors.Is(err, errs.ErrNotFound) {
		return errs.NotFound("error.not-found").Because(err)
	}
	return err
}

// Folder is what there is of one of those who were drawn.
type Folder struct {
	Member
	Parts []Part
}

// Part is what there is of a training or course.
type Part struct {
	report.Took
	Title  string
	Papers []Paper
}

// Has says whether there is a paper of a kind, of any training or course.
func (f Folder) Has(proof fund.Proof) bool {
	return slices.ContainsFunc(f.Parts, func(p Part) bool {
		return slices.ContainsFunc(p.Papers, func(x Paper) bool { return x.Proof == proof })
	})
}

// Pack is all that is taken to the table.
type Pack struct {
	Page
	Folders []Folder
	At      time.Time
}

// Take collects the papers of who was drawn, for who keeps the project. Names and signatures stand in them: it has a reason, and is recorded before anything is handed out.
func (s *Service) Take(ctx context.Context, actor access.Actor, p *lang.Printer, projectID, checkID, reason string) (k Pack, err error) {
	defer errs.Wrap(&err, "spot.Take")
	reason = text.Clean(reason)
	var took []report.Took
	err = s.DB.Update(ctx, func(tx *db.Tx) error {
		if _, err := s.Projects.Mine(ctx, tx, actor, projectID); err != nil {
			return err
		}
		if k.Page, err = s.open(ctx, tx, actor, projectID, checkID); err != nil {
			return err
		}
		if err := reasonGiven(reason); err != nil {
			return err
		}
		var seen []string
		for _, m := range k.Members {
			if m.MaySee {
				seen = append(seen, m.PersonID)
			}
		}
		if took, err = s.Reports.TookPart(ctx, tx, k.Page.Page, k.Rules, seen); err != nil {
			return err
		}
		return s.act(ctx, tx, actor, projectID, checkID, "papers", 0, reason)
	})
	if err != nil {
		return k, err
	}
	k.At = s.Clock.Now()
	titles, err := s.Papers.Titles(ctx, actor, p, projectID)
	if err != nil {
		return k, err
	}
	for _, m := range k.Members {
		f := Folder{Member: m}
		for _, x := range took {
			if !m.MaySee || x.PersonID != m.PersonID {
				continue
			}
			papers, err := s.Papers.Of(ctx, actor, p, x)
			if err != nil {
				return k, err
			}
			f.Parts = append(f.Parts, Part{x, titles[x.SubjectID], papers})
		}
		k.Folders = append(k.Folders, f)
	}
	return k, nil
}

// Write writes the pack as a ZIP: an index without names, then a folder of each person in the order of the draw.
func (k Pack) Write(w io.Writer, p *lang.Printer) (err error) {
	defer errs.Wrap(&err, "spot.Write")
	index, err := k.index(p)
	if err != nil {
		return err
	}
	z := zip.NewWriter(w)
	put := func(name string, content []byte, method uint16) {
		if err != nil {
			return
		}
		var into io.Writer
		if into, err = z.CreateHeader(&zip.FileHeader{Name: name, Method: method, Modified: k.At.UTC()}); err == nil {
			_, err = into.Write(content)
		}
	}
	put("00-"+p.T("reportspot.file-index")+".pdf", index, zip.Deflate)
	for _, f := range k.Folders {
		if f.Gone || !f.MaySee {
			continue
		}
		folder := fmt.Sprintf("%02d-%s/", f.Place, p.T("reportspot.file-person"))
		put(folder+"00-"+p.T("reportspot.file-record")+".txt", []byte(f.record(p)), zip.Deflate)
		for i, part := range f.Parts {
			for _, x := range part.Papers {
				if x.File != "" {
					put(fmt.Sprintf("%s%02d-%s", folder, i+1, x.File), x.Content, zip.Store) // pictures and PDF are packed already
				}
			}
		}
	}
	return errors.Join(err, z.Close())
}

// record is what the program knows of somebody, in words.
func (f Folder) record(p *lang.Printer) string {
	var b strings.Builder
	line := func(format string, args ...any) { fmt.Fprintf(&b, format+"\r\n", args...) }
	line("%s", p.T("reportspot.person", "Place", f.Place))
	line("%s, %s", f.Name, f.Unit)
	for i, part := range f.Parts {
		line("")
		line("%d. %s, %s", i+1, part.Title, p.Date(part.At))
		for _, x := range part.Papers {
			words := x.Words
			if x.File != "" {
				words = strings.TrimSpace(words + " [" + fmt.Sprintf("%02d-%s", i+1, x.File) + "]")
			}
			line("%s: %s", p.T("report.proof-"+string(x.Proof)), strings.ReplaceAll(words, "\n", "\r\n"))
		}
	}
	line("")
	for _, proof := range f.Lacks {
		line("%s", p.T("reportspot.lacks", "Proof", p.T("report.proof-"+string(proof))))
	}
	return b.String()
}

// The index's letters.
var (
	plain = paper.Style{Size: 10}
	big   = paper.Style{Size: 16, Weight: paper.Bold}
	small = paper.Style{Size: 12, Weight: paper.Bold}
)

// index says what lies in the pack and what does not. People are numbers in it, so that it can be left behind.
func (k Pack) index(p *lang.Printer) ([]byte, error) {
	d := paper.NewDocument(paper.About{Title: p.T("reportspot.index"), Lang: p.Tag(), At: k.At})
	f := d.Flow(paper.Frame{
		Size: paper.Portrait, Title: p.T("reportspot.index"), Foot: p.T("reportspot.index-foot", "Draw", k.Check.Draw, "Moment", p.DateTime(k.At)),
		Count: func(page, of int) string { return p.T("papers.page", "Page", page, "Of", of) },
	})
	f.Text(paper.Heading, big, p.T("reportspot.index"))
	f.Space(3)
	f.Facts(plain, 55, [][2]string{
		{p.T("reportspot.project"), k.Name}, {p.T("reportspot.agreement"), k.Number}, {p.T("reportspot.period"), k.period(p)},
		{p.T("reportspot.drawn"), p.T("reportspot.how-many", "N", len(k.Members), "Of", k.Check.Counted, "Moment", p.DateTime(k.Check.At))},
		{p.T("reportspot.draw"), p.Int(k.Check.Draw)}, {p.T("reportspot.reason"), k.Check.Reason}, {p.T("reportspot.seed"), k.Check.Seed}, {p.T("reportspot.digest"), k.Check.Digest},
	})
	f.Space(3)
	f.Text(paper.Paragraph, plain, p.T("reportspot.index-text"))
	for _, x := range k.Folders {
		f.Space(4)
		f.Text(paper.Subheading, small, p.T("reportspot.person", "Place", x.Place))
		switch {
		case x.Gone:
			f.Text(paper.Paragraph, plain, p.T("reportspot.is-gone"))
			continue
		case !x.MaySee:
			f.Text(paper.Paragraph, plain, p.T("reportspot.index-unseen"))
			continue
		}
		f.List(plain, x.lines(p, k.Rules))
	}
	f.Close()
	return d.PDF()
}

// lines say of each proof that the fund asks for whether it lies in the folder, stands in the record, or is to be looked for on paper.
func (f Folder) lines(p *lang.Printer, set fund.Rules) (list []string) {
	for _, proof := range fund.Proofs {
		asked, lacks := slices.Contains(set.Evidence.Required, proof), slices.Contains(f.Lacks, proof)
		key := ""
		switch {
		case lacks:
			key = "reportspot.index-hole"
		case f.file(proof) != "":
			key = "reportspot.index-file"
		case f.Has(proof):
			key = "reportspot.index-record"
		case asked:
			key = "reportspot.index-paper"
		default:
			continue
		}
		list = append(list, p.T(key, "Proof", p.T("report.proof-"+string(proof)), "File", f.file(proof)))
	}
	return list
}

// file names the files of a proof, "" for none.
func (f Folder) file(proof fund.Proof) string {
	var names []string
	for i, part := range f.Parts {
		for _, x := range part.Papers {
			if x.Proof == proof && x.File != "" {
				names = append(names, fmt.Sprintf("%02d-%s", i+1, x.File))
			}
		}
	}
	return strings.Join(names, ", ")
}

func (v Page) period(p *lang.Printer) string {
	if v.Check.Period == 0 {
		return p.T("report.whole-project")
	}
	return p.T("project.period", "Number", v.Check.Period)
}
