package sheet_test

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"
	"pgregory.net/rapid"

	"ostoja/internal/sheet"
)

var warsaw = time.FixedZone("CET", 3600)

func table() (header []string, rows sheet.Rows) {
	at := time.Date(2026, 11, 23, 23, 30, 0, 0, time.UTC).In(warsaw)
	return []string{"Nazwisko", "Wynik", "Dzień", "Chwila"}, sheet.Of([][]any{
		{"Żółć; \"Łódź\"", -7, sheet.Day(at), at},
		{`=HYPERLINK("http://x")`, 300.0 / 7, nil, time.Time{}},
	})
}

func TestCSVOpensInAPolishExcel(t *testing.T) {
	var b bytes.Buffer
	header, rows := table()
	if err := sheet.Write(&b, sheet.CSV, "Osoby", header, rows); err != nil {
		t.Fatal(err)
	}
	want := "\ufeffNazwisko;Wynik;Dzień;Chwila\r\n\"Żółć; \"\"Łódź\"\"\";-7;2026-11-24;2026-11-24 00:30\r\n\"'=HYPERLINK(\"\"http://x\"\")\";42,86;;\r\n"
	if b.String() != want {
		t.Errorf("got\n%q, want\n%q", b.String(), want)
	}
}

func TestXLSXKeepsTypesAndHoldsNoFormula(t *testing.T) {
	var b bytes.Buffer
	header, rows := table()
	if err := sheet.Write(&b, sheet.XLSX, "Osoby: [wszystkie] i jeszcze bardzo długa nazwa", header, rows); err != nil {
		t.Fatal(err)
	}
	f, err := excelize.OpenReader(&b)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	name := f.GetSheetList()[0]
	for cell, want := range map[string]string{
		"A1": "Nazwisko", "A2": `Żółć; "Łódź"`, "B2": "-7", "C2": "2026-11-24", "D2": "2026-11-24 00:30",
		"A3": `'=HYPERLINK("http://x")`, "B3": "42.86", "C3": "", "D3": "",
	} {
		if got, err := f.GetCellValue(name, cell); err != nil || got != want {
			t.Errorf("%s: got %q, %v; want %q", cell, got, err, want)
		}
		if formula, err := f.GetCellFormula(name, cell); err != nil || formula != "" {
			t.Errorf("%s is the formula %q, %v", cell, formula, err)
		}
	}
}

// A cell of each kind, as CSV has it and as XLSX shows it.
func TestCellsOfEachKind(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 11, 23, 23, 59, 59, 999_000_000, time.UTC)
	for _, c := range []struct {
		cell      any
		csv, xlsx string
	}{
		{nil, "", ""}, {"", "", ""}, {"tekst", "tekst", "tekst"}, {true, "1", "1"}, {false, "", ""}, {0, "0", "0"}, {-3, "-3", "-3"}, {int64(1 << 40), "1099511627776", "1099511627776"}, {int32(7), "7", "7"},
		{1.0, "1,00", "1.00"}, {sheet.Decimal{Value: 1.23456789, Places: 9}, "1,234568", "1.234568"}, {sheet.Decimal{Value: 1.5, Places: -1}, "2", "2"}, {sheet.Decimal{Value: 10, Places: 0}, "10", "10"},
		{math.Inf(-1), "", ""}, {sheet.Decimal{Value: -0.004, Places: 2}, "0,00", "-0.00"}, {sheet.Decimal{Value: -0.006, Places: 2}, "-0,01", "-0.01"},
		{at, "2026-11-23 23:59", "2026-11-23 23:59"}, {at.In(warsaw), "2026-11-24 00:59", "2026-11-24 00:59"}, {time.Time{}, "", ""},
		{sheet.Day(at), "2026-11-23", "2026-11-23"}, {sheet.Day(at.In(warsaw)), "2026-11-24", "2026-11-24"}, {sheet.Day{}, "", ""},
		{errors.New("=1+1"), "'=1+1", "'=1+1"}, // what is none of these is a text, and disarmed as one
	} {
		for f, want := range map[sheet.Format]string{sheet.CSV: c.csv, sheet.XLSX: c.xlsx} {
			var b bytes.Buffer
			if err := sheet.Write(&b, f, "x", []string{"a", "b"}, sheet.Of([][]any{{c.cell, "end"}})); err != nil {
				t.Fatal(err)
			}
			got := ""
			if f == sheet.CSV {
				got = strings.TrimSuffix(strings.TrimPrefix(b.String(), "\ufeffa;b\r\n"), ";end\r\n")
			} else {
				file, err := excelize.OpenReader(&b)
				if err != nil {
					t.Fatal(err)
				}
				if got, err = file.GetCellValue("x", "A2"); err != nil {
					t.Fatal(err)
				}
				_ = file.Close() // nothing of it is on the disk
			}
			if got != want {
				t.Errorf("%T %v in %s: %q, want %q", c.cell, c.cell, f, got, want)
			}
		}
	}
}

func TestTextsAreDisarmedAndComeBack(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"": "", "Nowak": "Nowak", "a=b": "a=b", "1-2": "1-2", "=1": "'=1", "+48 22": "'+48 22", "-": "'-", "@x": "'@x", "|x": "'|x", "%x": "'%x",
		"  =1": "'  =1", "\u00a0=1": "'\u00a0=1", "＝1": "'＝1", "＋1": "'＋1", "－1": "'－1", "＠1": "'＠1",
		"\ufeff=1": "'\ufeff=1", "\u200b+1": "'\u200b+1", "\u200d\u200b -1": "'\u200d\u200b -1", "\u2066@x": "'\u2066@x", "\u00ad=1": "'\u00ad=1", "\u034f=1": "'\u034f=1",
		"\u115f=1": "'\u115f=1", "\u3164\u00a0=1": "'\u3164\u00a0=1", "\ufe0f=1": "'\ufe0f=1", "\U000e0041=1": "'\U000e0041=1", "\u200bNowak": "\u200bNowak", "\u061c|x": "'\u061c|x",
		"\t=1": "' =1", "\r=1": "' =1", "a\x00b\x1fc": "a b c", "one\ntwo": "one\ntwo", "a\xffb": "a b", "'x": "'x", "''=": "''=",
	} {
		if got := sheet.Text(text); got != want {
			t.Errorf("Text(%q) = %q, want %q", text, got, want)
		}
	}
	for text, want := range map[string]string{"'=1": "=1", "'+48 22": "+48 22", "'x": "'x", "'": "'", "''=": "''=", "=1": "=1", "": ""} {
		if got := sheet.Plain(text); got != want {
			t.Errorf("Plain(%q) = %q, want %q", text, got, want)
		}
	}
	for n, want := range map[int]int{32_766: 32_766, 32_767: 32_767, 32_768: 32_767, 40_000: 32_767} {
		got := []rune(sheet.Text(strings.Repeat("ż", n)))
		if len(got) != want || (got[len(got)-1] == '…') != (n > want) {
			t.Errorf("a text of %d letters has %d, and ends with %q", n, len(got), got[len(got)-1])
		}
	}
}

func TestFormats(t *testing.T) {
	t.Parallel()
	for ending, want := range map[string]string{"xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "csv": "text/csv; charset=utf-8"} {
		if f, ok := sheet.Parse(ending); !ok || f.MediaType() != want {
			t.Errorf("%s: %s, %v", ending, f.MediaType(), ok)
		}
	}
	for _, ending := range []string{"", "XLSX", "xls", "csv ", "exe"} {
		if _, ok := sheet.Parse(ending); ok {
			t.Errorf("%q is a format", ending)
		}
	}
}

func TestNamesOfTabs(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"": "1", "  ": "1", "[]": "1", "Osoby": "Osoby", `a:b\c/d?e*f[g]h'i`: "abcdefghi", "a\tb": "ab",
		strings.Repeat("ż", 31): strings.Repeat("ż", 31), strings.Repeat("ż", 32): strings.Repeat("ż", 31), strings.Repeat("a", 30) + " bc": strings.Repeat("a", 30),
	} {
		var b bytes.Buffer
		if err := sheet.Write(&b, sheet.XLSX, name, nil, sheet.Of(nil)); err != nil {
			t.Fatalf("%q: %v", name, err)
		}
		f, err := excelize.OpenReader(&b)
		if err != nil {
			t.Fatal(err)
		}
		if got := f.GetSheetList(); len(got) != 1 || got[0] != want {
			t.Errorf("%q: %q, want %q", name, got, want)
		}
		_ = f.Close() // nothing of it is on the disk
	}
}

// An export streams: a reader who goes away after the first row is not read to the end for.
func TestRowsAreAskedForOneByOne(t *testing.T) {
	t.Parallel()
	for _, f := range []sheet.Format{sheet.CSV, sheet.XLSX} {
		made := 0
		rows := func(yield func([]any, error) bool) {
			for range 2000 {
				if made++; !yield([]any{"x"}, errGone) {
					return
				}
			}
		}
		if err := sheet.Write(io.Discard, f, "x", []string{"a"}, rows); !errors.Is(err, errGone) || made != 1 {
			t.Errorf("%s: %d rows were made for one, %v", f, made, err)
		}
	}
	read := 0
	for range sheet.Of([][]any{{1}, {2}, {3}}) {
		if read++; read == 2 {
			break
		}
	}
}

// full takes so many bytes, then fails as a browser does that has gone.
type full struct{ left int }

var errGone = errors.New("gone")

func (f *full) Write(b []byte) (int, error) {
	if f.left -= len(b); f.left < 0 {
		return 0, errGone
	}
	return len(b), nil
}

func TestAReaderWhoHasGoneEndsTheFile(t *testing.T) {
	t.Parallel()
	for _, f := range []sheet.Format{sheet.CSV, sheet.XLSX} {
		for _, left := range []int{0, 3, 4000} {
			rows := func(yield func([]any, error) bool) {
				for range 2000 {
					if !yield([]any{"long enough to fill what is kept in memory"}, nil) {
						return
					}
				}
			}
			if err := sheet.Write(&full{left}, f, "x", []string{"a"}, rows); !errors.Is(err, errGone) {
				t.Errorf("%s after %d bytes: %v", f, left, err)
			}
		}
	}
}

// What was taken away as XLSX or CSV is read in again, text for text: spaces around apart, which no cell keeps.
func TestWhatWasTakenAwayIsReadAgain(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		cell := rapid.StringMatching(`[a-zżó=+@'";,|%0-9-]([a-zżó=+@'";,|% 0-9-]{0,8}[a-z'"])?`).Filter(func(s string) bool { return !strings.HasPrefix(strings.ToLower(s), "sep=") })
		rows := rapid.SliceOfN(rapid.SliceOfN(cell, 2, 2), 1, 4).Draw(rt, "rows")
		var cells [][]any
		for _, r := range rows {
			cells = append(cells, []any{r[0], r[1]})
		}
		table := sheet.Of(cells)
		for _, f := range []sheet.Format{sheet.CSV, sheet.XLSX} {
			var b bytes.Buffer
			if err := sheet.Write(&b, f, "x", []string{"pierwsza", "druga"}, table); err != nil {
				rt.Fatal(err)
			}
			got, err := sheet.Read(b.Bytes())
			if err != nil || len(got) != len(rows)+1 {
				rt.Fatalf("%s: %q, %v", f, got, err)
			}
			for i, row := range rows {
				want := []string{sheet.Plain(sheet.Text(row[0])), sheet.Plain(sheet.Text(row[1]))}
				if !slices.Equal(got[i+1], want) {
					rt.Fatalf("%s: %q comes back as %q", f, row, got[i+1])
				}
			}
		}
	})
}

func TestDecimalPlaces(t *testing.T) {
	rows := [][]any{{300.0 / 7, sheet.Decimal{Value: 0.56140350, Places: 4}, sheet.Decimal{Value: 2.5}, -0.001, math.NaN(), sheet.Decimal{Value: math.Inf(1)}, 9}}
	header := []string{"a", "b", "c", "d", "e", "f", "g"}
	for f, want := range map[sheet.Format][]string{sheet.CSV: {"42,86", "0,5614", "2", "0,00", "", "", "9"}, sheet.XLSX: {"42.86", "0.5614", "3", "-0.00", "", "", "9"}} {
		var b bytes.Buffer
		if err := sheet.Write(&b, f, "x", header, sheet.Of(rows)); err != nil {
			t.Fatal(err)
		}
		back, err := sheet.Read(b.Bytes())
		if err != nil || len(back) != 2 || !slices.Equal(back[1], want) {
			t.Errorf("%s comes back as %q, %v; want %q", f, back, err, want)
		}
		if f != sheet.XLSX {
			continue
		}
		file, err := excelize.OpenReader(bytes.NewReader(b.Bytes()))
		if err != nil {
			t.Fatal(err)
		}
		if raw, err := file.GetCellValue("x", "A2", excelize.Options{RawCellValue: true}); err != nil || !strings.HasPrefix(raw, "42.857142") {
			t.Errorf("the sheet holds %q, %v", raw, err)
		}
		_ = file.Close()
	}
}

// TestNoTextBecomesAFormula tries texts of every kind, with dangerous beginnings more often than chance would have them.
func TestNoTextBecomesAFormula(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		s := rapid.SampledFrom([]string{"", "=", "+", "-", "@", "\t", "\r=", " =", "\n=", "＝", "\ufeff=", "\u200b+", "\u2060\u00ad-", "\u180e@", "'=", "|", "%", "\x00="}).Draw(rt, "start") + rapid.String().Draw(rt, "rest")
		var b bytes.Buffer
		if err := sheet.Write(&b, sheet.CSV, "x", []string{"a", "b"}, sheet.Of([][]any{{s, "end"}})); err != nil {
			rt.Fatal(err)
		}
		r := csv.NewReader(strings.NewReader(strings.TrimPrefix(b.String(), "\ufeff")))
		r.Comma = ';'
		lines, err := r.ReadAll()
		if err != nil || len(lines) != 2 || len(lines[1]) != 2 {
			rt.Fatalf("%q does not come back as one cell: %v, %v", s, lines, err)
		}
		got := lines[1][0]
		if t := strings.TrimLeft(strings.TrimSpace(got), "\ufeff\u200b\u2060\u00ad\u180e "); t != "" && strings.ContainsAny(t[:1], "=+-@\t\r|%") {
			rt.Fatalf("%q became %q", s, got)
		}
		if back := sheet.Plain(sheet.Text(s)); back != sheet.Plain(strings.TrimPrefix(sheet.Text(s), "'")) && back != sheet.Text(s) {
			rt.Fatalf("%q came back as %q", s, back)
		}
	})
}

// TestNoColumnShifts: whatever a row holds, decimal commas, separators, quotes and line breaks too, another reader of CSV finds each cell
// in its column, and so do we; also in a file with commas between the cells, as others write it.
func TestNoColumnShifts(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		text := rapid.StringMatching(`[a-z;,"'\t\n|. =-]{0,12}`)
		number := rapid.Float64Range(-1e6, 1e6)
		header := []string{"Imię; nazwisko", "wynik, pkt", `"uwagi"`, "dzień", "ile"}
		var rows [][]any
		for range rapid.IntRange(1, 5).Draw(rt, "rows") {
			rows = append(rows, []any{"x" + text.Draw(rt, "text"), number.Draw(rt, "number"), "x" + text.Draw(rt, "text"), sheet.Decimal{Value: number.Draw(rt, "decimal"), Places: 3}, 7})
		}
		var b bytes.Buffer
		if err := sheet.Write(&b, sheet.CSV, "x", header, sheet.Of(rows)); err != nil {
			rt.Fatal(err)
		}
		peer := csv.NewReader(strings.NewReader(strings.TrimPrefix(b.String(), "\ufeff")))
		peer.Comma, peer.FieldsPerRecord = ';', len(header)
		lines, err := peer.ReadAll()
		if err != nil || len(lines) != len(rows)+1 || !slices.Equal(lines[0], header) {
			rt.Fatalf("%q: %v", b.String(), err)
		}
		for _, comma := range []rune{';', ',', '\t'} {
			var other bytes.Buffer
			w := csv.NewWriter(&other)
			w.Comma = comma
			if err := w.WriteAll(lines); err != nil {
				rt.Fatal(err)
			}
			got, err := sheet.Read(other.Bytes())
			if err != nil || len(got) != len(lines) {
				rt.Fatalf("%q: %d rows, %v", other.String(), len(got), err)
			}
			for i, line := range lines {
				if len(got[i]) != len(line) || got[i][4] != line[4] || got[i][1] != line[1] || got[i][3] != line[3] {
					rt.Fatalf("between %q: %q is read as %q", comma, line, got[i])
				}
			}
		}
	})
}

func TestAFailingSourceFailsTheFile(t *testing.T) {
	broken := errors.New("the database is gone")
	rows := func(yield func([]any, error) bool) {
		_ = yield([]any{"a"}, nil) && yield(nil, broken)
	}
	for _, f := range []sheet.Format{sheet.CSV, sheet.XLSX} {
		if err := sheet.Write(&bytes.Buffer{}, f, "x", []string{"a"}, rows); !errors.Is(err, broken) {
			t.Errorf("%s: %v", f, err)
		}
	}
	if _, ok := sheet.Parse("exe"); ok {
		t.Error("exe is a format")
	}
}
