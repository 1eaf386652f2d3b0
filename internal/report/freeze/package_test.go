package freeze_test

import (
	"archive/zip"
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/csv"
	"encoding/hex"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"ostoja/internal/report/freeze"
	"ostoja/internal/testrig"
)

// packed makes an archive of files with the standard library.
func packed(t *testing.T, list map[string][]byte) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, name := range slices.Sorted(maps.Keys(list)) {
		w := testrig.Must(z.Create(name))(t)
		testrig.Must(w.Write(list[name]))(t)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// resigned signs files anew with another key, as a forger would.
func resigned(list map[string][]byte) {
	var sums bytes.Buffer
	for _, name := range slices.Sorted(maps.Keys(list)) {
		if strings.HasPrefix(name, "SHA256SUMS") {
			continue
		}
		sum := sha256.Sum256(list[name])
		fmt.Fprintf(&sums, "%s  %s\n", hex.EncodeToString(sum[:]), name)
	}
	key := ed25519.NewKeyFromSeed(bytes.Repeat([]byte{7}, ed25519.SeedSize))
	text := func(b []byte) []byte { return []byte(base64.StdEncoding.EncodeToString(b)) }
	list["SHA256SUMS"], list["SHA256SUMS.sig"], list["SHA256SUMS.publickey"] = sums.Bytes(), text(ed25519.Sign(key, sums.Bytes())), text(key.Public().(ed25519.PublicKey))
}

// TestAChangedPackageIsFound: what was changed, added, taken out or signed anew is named; who was not told a fingerprint finds damage and no forgery.
func TestAChangedPackageIsFound(t *testing.T) {
	w := testrig.New(t)
	p := begin(t, w)
	november(w)
	p.approve(1)
	_, content := p.freeze(1)
	ours := w.Freeze.Fingerprint()
	v := testrig.Must(freeze.Verify(content, strings.ToUpper(strings.ReplaceAll(ours, " ", ":"))))(t)
	if v.Fingerprint != ours || v.Document.Number != 1 || v.Files != len(files(t, content))-3 {
		t.Errorf("%+v", v)
	}
	forge := func(list map[string][]byte) {
		list["report.json"] = bytes.Replace(list["report.json"], []byte(`"period": 12`), []byte(`"period": 21`), 1)
	}
	for name, x := range map[string]struct {
		change            func(list map[string][]byte)
		fingerprint, said string // "": nothing is found
	}{
		"as it is, and nobody told":          {func(map[string][]byte) {}, "", ""},
		"packed anew":                        {func(map[string][]byte) {}, ours, ""},
		"another fingerprint":                {func(map[string][]byte) {}, "12ab 34cd", "another key"},
		"a figure":                           {forge, ours, "report.json was changed"},
		"a figure, and nobody told":          {forge, "", "report.json was changed"},
		"a figure, signed anew":              {func(l map[string][]byte) { forge(l); resigned(l) }, ours, "another key"},
		"a figure, signed anew, nobody told": {func(l map[string][]byte) { forge(l); resigned(l) }, "", ""},
		"a file too much":                    {func(l map[string][]byte) { l["note.txt"] = []byte("x") }, ours, "note.txt is not in the list"},
		"a file too few":                     {func(l map[string][]byte) { delete(l, "pl/report.pdf") }, ours, "pl/report.pdf is missing"},
		"a line of the list": {func(l map[string][]byte) {
			l["SHA256SUMS"] = bytes.Replace(l["SHA256SUMS"], []byte("report.json"), []byte("report.jsom"), 1)
		}, ours, "does not bear the signature"},
		"no list":      {func(l map[string][]byte) { delete(l, "SHA256SUMS") }, ours, "SHA256SUMS is missing"},
		"no signature": {func(l map[string][]byte) { l["SHA256SUMS.sig"] = nil }, ours, "does not bear the signature"},
		"a short key":  {func(l map[string][]byte) { l["SHA256SUMS.publickey"] = []byte("AAAA") }, "", "does not bear the signature"},
		"another form": {func(l map[string][]byte) {
			l["report.json"] = bytes.Replace(l["report.json"], []byte(`"format": 2`), []byte(`"format": 3`), 1)
			resigned(l)
		}, "", "form 3"},
		"a way out of the folder": {func(l map[string][]byte) { l["../x"] = []byte("x") }, ours, "no file"},
	} {
		list := files(t, content)
		before := len(list["report.json"])
		x.change(list)
		if strings.HasPrefix(name, "a figure") && bytes.Equal(list["report.json"], files(t, content)["report.json"]) {
			t.Fatalf("%s: nothing was forged in %d bytes", name, before)
		}
		_, err := freeze.Verify(packed(t, list), x.fingerprint)
		if (err == nil) != (x.said == "") || err != nil && !strings.Contains(err.Error(), x.said) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for name, raw := range map[string][]byte{"no archive": []byte("x"), "cut": content[:len(content)/2], "too long": make([]byte, freeze.MostBytes+1)} {
		if _, err := freeze.Verify(raw, ours); err == nil {
			t.Errorf("%s is taken for a package", name)
		}
	}
	twice := func() []byte { // two readers would see two reports
		var b bytes.Buffer
		z := zip.NewWriter(&b)
		list := files(t, content)
		for _, name := range append(slices.Sorted(maps.Keys(list)), "report.json") {
			out := testrig.Must(z.Create(name))(t)
			testrig.Must(out.Write(list[name]))(t)
		}
		w.OK(z.Close())
		return b.Bytes()
	}
	if _, err := freeze.Verify(twice(), ours); err == nil || !strings.Contains(err.Error(), "twice") {
		t.Errorf("a name twice: %v", err)
	}
	many := map[string][]byte{}
	for i := range 300 {
		many[strconv.Itoa(i)] = nil
	}
	if _, err := freeze.Verify(packed(t, many), ours); err == nil || !strings.Contains(err.Error(), "larger") {
		t.Errorf("too many files: %v", err)
	}
	if _, err := freeze.Verify(packed(t, map[string][]byte{"SHA256SUMS": make([]byte, 129<<20)}), ours); err == nil || !strings.Contains(err.Error(), "larger") {
		t.Errorf("a small file of many bytes: %v", err)
	}
}

// activity is an IATI file as the standard library reads it.
type activity struct {
	Version   string `xml:"version,attr"`
	Generated string `xml:"generated-datetime,attr"`
	Activity  []struct {
		Currency   string `xml:"default-currency,attr"`
		Identifier string `xml:"iati-identifier"`
		Reporting  struct {
			Ref  string   `xml:"ref,attr"`
			Type string   `xml:"type,attr"`
			Name []string `xml:"narrative"`
		} `xml:"reporting-org"`
		Title  []string `xml:"title>narrative"`
		Status struct {
			Code string `xml:"code,attr"`
		} `xml:"activity-status"`
		Dates []struct {
			Type string `xml:"type,attr"`
			Day  string `xml:"iso-date,attr"`
		} `xml:"activity-date"`
		Orgs []struct {
			Role string `xml:"role,attr"`
		} `xml:"participating-org"`
		Results []struct {
			Type       string `xml:"type,attr"`
			Indicators []struct {
				Measure  string   `xml:"measure,attr"`
				Title    []string `xml:"title>narrative"`
				Baseline *struct {
					Year  string `xml:"year,attr"`
					Value string `xml:"value,attr"`
				} `xml:"baseline"`
				Periods []struct {
					Start struct {
						Day string `xml:"iso-date,attr"`
					} `xml:"period-start"`
					End struct {
						Day string `xml:"iso-date,attr"`
					} `xml:"period-end"`
					Target []value `xml:"target"`
					Actual []value `xml:"actual"`
				} `xml:"period"`
			} `xml:"indicator"`
		} `xml:"result"`
	} `xml:"iati-activity"`
}

type value struct {
	Value      string `xml:"value,attr"`
	Dimensions []struct {
		Name  string `xml:"name,attr"`
		Value string `xml:"value,attr"`
	} `xml:"dimension"`
}

func iati(t *testing.T, raw []byte) (a activity) {
	t.Helper()
	if err := xml.Unmarshal(raw, &a); err != nil {
		t.Fatal(err)
	}
	return a
}

// read are the rows of a table of a package, by our ids: from the CSV with a comma as decimal sign, and from the XLSX by another program's reader.
func read(t *testing.T, list map[string][]byte, name string) (fromCSV, fromXLSX [][]string) {
	t.Helper()
	r := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(list[name+".csv"], []byte("\ufeff"))))
	r.Comma = ';'
	fromCSV = testrig.Must(r.ReadAll())(t)
	book := testrig.Must(excelize.OpenReader(bytes.NewReader(list[name+".xlsx"])))(t)
	fromXLSX = testrig.Must(book.GetRows(book.GetSheetName(0), excelize.Options{RawCellValue: true}))(t)
	return fromCSV, fromXLSX
}

// told is a figure as files write it, with a full stop and without needless places; "" for none.
func told(x *float64) string {
	if x == nil {
		return ""
	}
	return strconv.FormatFloat(*x, 'f', -1, 64)
}

// plain is a cell as told writes figures.
func plain(t *testing.T, row []string, i int) string {
	t.Helper()
	if i >= len(row) || row[i] == "" {
		return ""
	}
	x := testrig.Must(strconv.ParseFloat(strings.ReplaceAll(row[i], ",", "."), 64))(t)
	return told(&x)
}

// TestAllFilesSayTheSame: the figures of the page's table are those of XLSX, CSV, JSON and IATI, read by libraries that are not ours; so are the groups, which add up to those told of.
func TestAllFilesSayTheSame(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		p := begin(t, w)
		p.training(w.Learner) // a share of half a day's cost: person-days with places
		november(w)
		p.approve(1)
		_, content := p.freeze(1)
		list := files(t, content)
		var d freeze.Document
		w.OK(json.Unmarshal(list["report.json"], &d))
		page := testrig.Must(w.Reports.Table(t.Context(), w.Reviewer, p.id, 1))(t).Sheets[0]
		a := iati(t, list["iati.xml"]).Activity[0]
		byTitle := map[string]int{}
		figures := map[string][]string{} // of IATI: period, cumulative, target, baseline
		for _, r := range a.Results {
			for _, i := range r.Indicators {
				byTitle[i.Title[0]]++
				row := make([]string, 4)
				whole := i.Periods[len(i.Periods)-1]
				for _, v := range i.Periods[0].Actual {
					if len(v.Dimensions) == 0 {
						row[0] = v.Value
					}
				}
				for _, v := range whole.Actual {
					if len(v.Dimensions) == 0 {
						row[1] = v.Value
					}
				}
				for _, v := range whole.Target {
					row[2] = v.Value
				}
				if i.Baseline != nil {
					row[3] = i.Baseline.Value
				}
				figures[i.Title[0]] = row
			}
		}
		compared := 0
		for _, tag := range freeze.Languages {
			csvRows, xlsxRows := read(t, list, tag+"/figures")
			if len(csvRows) != len(page.Rows)+1 || len(xlsxRows) != len(csvRows) {
				t.Fatalf("%d rows in CSV, %d in XLSX, %d on the page", len(csvRows), len(xlsxRows), len(page.Rows))
			}
			for n, i := range d.Funds[0].Indicators {
				live := page.Rows[n]
				want := []string{told(i.Baseline), told(i.Target), told(i.Period), told(i.Cumulative)}
				if live.Indicator.ID != i.ID || told(live.Figure.Value) != want[2] || told(live.Figure.Cumulative) != want[3] || live.Changed() {
					t.Errorf("%s: the page says %v, %v, the document %v", i.ID, live.Figure.Value, live.Figure.Cumulative, want)
				}
				for name, row := range map[string][]string{"CSV": csvRows[n+1], "XLSX": xlsxRows[n+1]} {
					got := []string{plain(t, row, 4), plain(t, row, 5), plain(t, row, 6), plain(t, row, 7)}
					if row[1] != i.ID || !slices.Equal(got, want) {
						t.Errorf("%s: %s says %v instead of %v", i.ID, name, got, want)
					}
				}
				if tag == "pl" && byTitle[csvRows[n+1][2]] == 1 {
					compared++
					if got := figures[csvRows[n+1][2]]; !slices.Equal(got, []string{want[2], want[3], want[1], want[0]}) {
						t.Errorf("%s: IATI says %v instead of %v", i.ID, got, want)
					}
				}
			}
			groupsAgree(t, d, list, tag)
		}
		if d.Funds[0].People.Period != 13 || compared != len(page.Rows) {
			t.Errorf("%+v, %d of %d compared with IATI, %v", d.Funds[0].People, compared, len(page.Rows), byTitle)
		}
		dimensionsAgree(t, d, a.Results[0].Indicators[0].Periods[0].Actual)
	})
}

// groupsAgree compares the groups of the document with those of CSV and XLSX, and that each breakdown adds up to those told of.
func groupsAgree(t *testing.T, d freeze.Document, list map[string][]byte, tag string) {
	t.Helper()
	csvRows, xlsxRows := read(t, list, tag+"/groups")
	n := 1
	for _, part := range [][]freeze.Groups{d.Funds[0].GroupsOfPeriod, d.Funds[0].GroupsOfProject} {
		for _, g := range part {
			sum := 0
			for _, x := range g.Groups {
				sum += x.N
				for _, row := range [][]string{csvRows[n], xlsxRows[n]} {
					if row[3] != x.Key || row[5] != strconv.Itoa(x.N) {
						t.Errorf("%s %s: %v instead of %+v", tag, g.By, row, x)
					}
				}
				n++
			}
			if sum != g.Told || g.Told == 0 || g.Told+g.Waiting != g.All {
				t.Errorf("%s: %d of %d told, %d in groups, %d wait", g.By, g.Told, g.All, sum, g.Waiting)
			}
		}
	}
	if n != len(csvRows) || n != len(xlsxRows) {
		t.Errorf("%d rows of groups, %d in CSV, %d in XLSX", n, len(csvRows), len(xlsxRows))
	}
}

// dimensionsAgree compares the groups of the document with those of IATI.
func dimensionsAgree(t *testing.T, d freeze.Document, actual []value) {
	t.Helper()
	sums := map[string]int{}
	for _, v := range actual {
		for _, x := range v.Dimensions {
			sums[x.Name] += testrig.Must(strconv.Atoi(v.Value))(t)
		}
	}
	for _, g := range d.Funds[0].GroupsOfPeriod {
		if sums[string(g.By)] != g.Told {
			t.Errorf("%s: %d by IATI, %d told", g.By, sums[string(g.By)], g.Told)
		}
	}
}

// TestTheRulesOfIATI are those of the standard 2.03 that the file relies on: the order of elements, codes of its lists, identifiers, days, and no money.
func TestTheRulesOfIATI(t *testing.T) {
	w := testrig.New(t)
	p := begin(t, w)
	november(w)
	p.approve(1)
	f, content := p.freeze(1)
	raw := files(t, content)["iati.xml"]
	file := iati(t, raw)
	if file.Version != "2.03" || len(file.Activity) != 1 || file.Generated != f.At.UTC().Format("2006-01-02T15:04:05Z") {
		t.Errorf("%s, %s, %d activities", file.Version, file.Generated, len(file.Activity))
	}
	a := file.Activity[0]
	// iati-identifier begins with that of the organisation; neither holds a sign that the standard forbids.
	if !strings.HasPrefix(a.Identifier, a.Reporting.Ref+"-") || a.Reporting.Ref != publisher.Ref || !regexp.MustCompile(`^[^\s/&|?]+$`).MatchString(a.Identifier) {
		t.Errorf("identifier %q of %q", a.Identifier, a.Reporting.Ref)
	}
	if a.Currency != "" || bytes.Contains(raw, []byte("<budget")) || bytes.Contains(raw, []byte("<transaction")) {
		t.Error("there is money in it")
	}
	order := []string{"iati-identifier", "reporting-org", "title", "description", "participating-org", "activity-status", "activity-date", "result"}
	if got := children(t, raw, "iati-activity"); !inOrder(got, order) {
		t.Errorf("the elements come as %v", got)
	}
	if got := children(t, raw, "indicator"); !inOrder(got, []string{"title", "baseline", "period"}) {
		t.Errorf("those of an indicator as %v", got)
	}
	if got := children(t, raw, "period"); !inOrder(got, []string{"period-start", "period-end", "target", "actual"}) {
		t.Errorf("those of a period as %v", got)
	}
	today, planned := f.At.Format("2006-01-02"), map[string]string{}
	for _, x := range a.Dates {
		planned[x.Type] = x.Day
		if (x.Type == "2" || x.Type == "4") && x.Day > today {
			t.Errorf("an actual day in the future: %v", x)
		}
	}
	if a.Status.Code != "2" || planned["1"] != "2026-01-01" || planned["2"] != "2026-01-01" || planned["3"] != "2027-12-31" || planned["4"] != "" {
		t.Errorf("status %s, days %v", a.Status.Code, planned)
	}
	for _, o := range a.Orgs {
		if !slices.Contains([]string{"1", "2", "3", "4"}, o.Role) { // OrganisationRole
			t.Errorf("role %q", o.Role)
		}
	}
	for _, r := range a.Results {
		if !slices.Contains([]string{"1", "2", "3", "9"}, r.Type) || len(r.Indicators) == 0 { // ResultType
			t.Errorf("%+v", r)
		}
		for _, i := range r.Indicators {
			if !slices.Contains([]string{"1", "2"}, i.Measure) || len(i.Title) == 0 || i.Title[0] == "" { // IndicatorMeasure
				t.Errorf("%+v", i)
			}
			for _, x := range i.Periods {
				if x.Start.Day > x.End.Day {
					t.Errorf("a period from %s to %s", x.Start.Day, x.End.Day)
				}
				for _, v := range slices.Concat(x.Target, x.Actual) {
					if _, err := strconv.ParseFloat(v.Value, 64); err != nil {
						t.Errorf("a figure %q", v.Value)
					}
				}
			}
		}
	}
}

// children are the names of the elements directly below each element of a name, a name that comes again right away once.
func children(t *testing.T, raw []byte, parent string) (names []string) {
	t.Helper()
	d := xml.NewDecoder(bytes.NewReader(raw))
	var path []string
	for {
		token, err := d.Token()
		if err != nil {
			return names
		}
		switch x := token.(type) {
		case xml.StartElement:
			if n := len(path); n > 0 && path[n-1] == parent && (len(names) == 0 || names[len(names)-1] != x.Name.Local) {
				names = append(names, x.Name.Local)
			}
			path = append(path, x.Name.Local)
		case xml.EndElement:
			path = path[:len(path)-1]
			if x.Name.Local == parent {
				names = append(names, "")
			}
		}
	}
}

// inOrder says whether names, between those of one parent and the next, come in an order and are all of it.
func inOrder(names, order []string) bool {
	at := -1
	for _, name := range names {
		if name == "" {
			at = -1
			continue
		}
		i := slices.Index(order, name)
		if i <= at {
			return false
		}
		at = i
	}
	return len(names) > 0
}
