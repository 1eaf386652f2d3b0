package sheet_test

import (
	"bytes"
	"encoding/csv"
	"errors"
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
		s := rapid.SampledFrom([]string{"", "=", "+", "-", "@", "\t", "\r=", " =", "\n=", "＝", "'=", "|", "%", "\x00="}).Draw(rt, "start") + rapid.String().Draw(rt, "rest")
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
		if t := strings.TrimSpace(got); t != "" && strings.ContainsAny(t[:1], "=+-@\t\r|%") {
			rt.Fatalf("%q became %q", s, got)
		}
		if back := sheet.Plain(sheet.Text(s)); back != sheet.Plain(strings.TrimPrefix(sheet.Text(s), "'")) && back != sheet.Text(s) {
			rt.Fatalf("%q came back as %q", s, back)
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
