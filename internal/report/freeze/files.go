package freeze

import (
	"bytes"
	"embed"
	"encoding/json"
	"fmt"

	"ostoja/internal/lang"
	"ostoja/internal/project/fund"
	"ostoja/internal/sheet"
	"ostoja/internal/signed"
	"ostoja/internal/text"
)

// Names of the files of a package that are the same for every reader. The others stand in a folder of their language.
const (
	documentFile = "report.json"
	IATIFile     = "iati.xml"
)

// Languages are those in which the papers and tables of a package are.
var Languages = []string{"pl", "en"}

//go:embed counting
var counting embed.FS

// ReadDocument reads the document of a package.
func ReadDocument(raw []byte) (d Document, err error) {
	if err := json.Unmarshal(raw, &d); err != nil {
		return d, fmt.Errorf("%s: %w", documentFile, err)
	}
	if d.Format < 1 || d.Format > Format {
		return d, fmt.Errorf("%s has the form %d; this program reads 1 to %d", documentFile, d.Format, Format)
	}
	return d, nil
}

// files makes all files of a package but the signed list. blobs are the funds' emblems and the proofs, by hash.
func (s *Service) files(d Document, blobs map[string][]byte) (list []signed.File, err error) {
	document, err := d.JSON()
	if err != nil {
		return nil, err
	}
	list = append(list, signed.File{Name: documentFile, Content: document})
	if d.Publisher.Ref != "" {
		activity, err := s.iati(d)
		if err != nil {
			return nil, err
		}
		list = append(list, signed.File{Name: IATIFile, Content: activity})
	}
	for _, tag := range Languages {
		w := words{s.Catalogue.Printer(tag), s.Region}
		printed, err := w.print(d, blobs)
		if err != nil {
			return nil, err
		}
		rules, err := countingOf(d.Format, tag)
		if err != nil {
			return nil, err
		}
		list = append(list, signed.File{Name: tag + "/report.pdf", Content: printed}, signed.File{Name: tag + "/counting.md", Content: rules})
		for _, t := range append(w.tables(d), w.noteTables(d)...) {
			for _, format := range []sheet.Format{sheet.XLSX, sheet.CSV} {
				var b bytes.Buffer
				if err := sheet.Write(&b, format, t.title, t.header, sheet.Of(t.rows)); err != nil {
					return nil, err
				}
				list = append(list, signed.File{Name: tag + "/" + t.name + "." + string(format), Content: b.Bytes()})
			}
		}
	}
	return append(list, d.Notes.files(blobs)...), nil
}

// words names things in a language.
type words struct {
	*lang.Printer
	region func(code, lang string) string
}

// indicator is what an indicator is called: by the fund's own title, or while there is none by how we count it.
func (w words) indicator(title text.Translated, m fund.Measure) string {
	if len(title) > 0 {
		return title.In(w.Tag())
	}
	if m == fund.ByHand {
		return w.T("fund.measure-by-hand")
	}
	return w.T("report.measure-" + string(m))
}

// group is what a group of a breakdown is called.
func (w words) group(by fund.Breakdown, g Group) string {
	name := g.Key
	switch {
	case g.Key == "":
		return w.T("reportfreeze.group-none")
	case by == fund.BySex && w.Has("reportfreeze.sex-"+g.Key):
		name = w.T("reportfreeze.sex-" + g.Key)
	case by == fund.ByRegion && w.region(g.Key, w.Tag()) != "":
		name = w.region(g.Key, w.Tag())
	case g.Name != "":
		name = g.Name
	}
	return name
}

// table is one of a package, in a language.
type table struct {
	name   string // of the file
	title  string
	header []string
	rows   [][]any
}

// head returns headings by their keys.
func (w words) head(keys ...string) (list []string) {
	for _, k := range keys {
		list = append(list, w.T("reportfreeze.col-"+k))
	}
	return list
}

// cell is a figure in a table: a whole number without decimal places, and nothing for none.
func cell(x *float64) any {
	switch {
	case x == nil:
		return nil
	case *x == float64(int64(*x)):
		return int64(*x)
	}
	return *x
}

// tables are those of a package. Identifiers stand beside names, so that a program can read them in any language.
func (w words) tables(d Document) []table {
	figures := table{name: "figures", title: w.T("reportfreeze.figures"), header: w.head("fund", "indicator", "name", "unit", "baseline", "target", "period", "cumulative", "share", "answered", "low", "high", "narrative", "handed", "approved")}
	groups := table{name: "groups", title: w.T("reportfreeze.groups"), header: w.head("fund", "of", "by", "key", "group", "people")}
	proofs := table{name: "proofs", title: w.T("reportfreeze.proofs"), header: w.head("fund", "proof", "name", "people", "of-people")}
	gain := table{name: "gain", title: w.T("reportfreeze.gain"), header: w.head("test", "people", "before", "after", "difference", "low", "high")}
	corrected := table{name: "corrected", title: w.T("reportfreeze.corrected"), header: w.head("report", "period-number", "fund", "indicator", "name", "of", "was", "is")}
	for _, x := range d.Funds {
		for _, i := range x.Indicators {
			row := []any{x.ID, i.ID, w.indicator(i.Title, i.Measure), w.T("fund.unit-" + string(i.Unit)), cell(i.Baseline), cell(i.Target), cell(i.Period), cell(i.Cumulative), cell(i.Deviation), nil, nil, nil, i.Narrative, i.HandedIn.Day, i.Approved.Day}
			if b := i.Bounds; b != nil {
				row[9], row[10], row[11] = b.Of, cell(&b.Low), cell(&b.High)
			}
			figures.rows = append(figures.rows, row)
		}
		for _, part := range []struct {
			of   string
			list []Groups
		}{{"period", x.GroupsOfPeriod}, {"project", x.GroupsOfProject}} {
			for _, s := range part.list {
				for _, g := range s.Groups {
					groups.rows = append(groups.rows, []any{x.ID, w.T("reportfreeze.of-" + part.of), w.T("reportfreeze.by-" + string(s.By)), g.Key, w.group(s.By, g), g.N})
				}
			}
		}
		proofs.rows = append(proofs.rows, []any{x.ID, "complete", w.T("reportfreeze.complete"), x.Coverage.Complete, x.Coverage.People})
		for _, p := range x.Coverage.Proofs {
			proofs.rows = append(proofs.rows, []any{x.ID, string(p.Proof), w.T("fund.proof-" + string(p.Proof)), p.N, x.Coverage.People})
		}
	}
	for _, g := range d.Gain {
		row := []any{g.Test.In(w.Tag()), g.People}
		for _, x := range []float64{g.Before, g.After, g.Difference, g.Low, g.High} {
			row = append(row, cell(&x))
		}
		gain.rows = append(gain.rows, row)
	}
	for _, c := range d.Corrected {
		corrected.rows = append(corrected.rows, []any{c.Report, c.Period, c.Fund, c.Indicator, w.indicator(c.Title, c.Measure), w.T("reportfreeze.of-" + c.Of), cell(c.Was), cell(c.Is)})
	}
	return []table{figures, groups, proofs, gain, corrected}
}
