package sheet_test

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"

	"ostoja/internal/sheet"
)

func TestReadFindsEncodingAndDelimiter(t *testing.T) {
	want := [][]string{{"Imię", "Nazwisko", "Jednostka"}, {"Łucja", "Źrebięć", "Żółw, Ciżów"}, {"Józef", "Śniadek", "Ćma"}}
	encodings := map[string]encoding.Encoding{
		"UTF-8": encoding.Nop, "Windows-1250": charmap.Windows1250, "ISO 8859-2": charmap.ISO8859_2,
		"UTF-16LE": unicode.UTF16(unicode.LittleEndian, unicode.ExpectBOM), "UTF-16BE": unicode.UTF16(unicode.BigEndian, unicode.ExpectBOM),
		"UTF-16LE without mark": unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM), "UTF-8 with mark": unicode.UTF8BOM,
	}
	for name, e := range encodings {
		for _, comma := range []string{";", "\t", ","} {
			var lines []string
			for _, row := range want {
				lines = append(lines, `"`+strings.Join(row, `"`+comma+`"`)+`"`)
			}
			b, err := e.NewEncoder().Bytes([]byte(strings.Join(lines, "\r\n")))
			if err != nil {
				t.Fatal(err)
			}
			if got, err := sheet.Read(b); err != nil || !reflect.DeepEqual(got, want) {
				t.Errorf("%s, %q: %v, %v", name, comma, got, err)
			}
		}
	}
}

func TestReadKeepsTheRowNumbers(t *testing.T) {
	got, err := sheet.Read([]byte("sep=,\r\nName,Mail\r\n\r\nAnna,a@example.org\r\n"))
	if err != nil {
		t.Fatal(err)
	}
	if len(got) != 4 || got[1][0] != "Name" || got[3][1] != "a@example.org" {
		t.Errorf("got %q", got)
	}
}

// A row's number is the one that the person sees in their spreadsheet program: empty rows count, lines within a cell do not.
func TestReadCountsRowsAsTheyAreSeen(t *testing.T) {
	t.Parallel()
	for text, want := range map[string][][]string{
		"":                                  nil,
		"\n\n":                              nil,
		"a;b\n\"two\nlines\";x\nc;d":        {{"a", "b"}, {"two\nlines", "x"}, {"c", "d"}},
		"\n\na;b\r\n\r\nc;d\n":              {nil, nil, {"a", "b"}, nil, {"c", "d"}},
		"a;\"1\n\n2\"\n\nb;c":               {{"a", "1\n\n2"}, nil, {"b", "c"}},
		"a;b\n;\nc;d":                       {{"a", "b"}, {"", ""}, {"c", "d"}},
		"sep=;\na;b":                        {nil, {"a", "b"}},
		"SEP=|\r\na|b;c":                    {nil, {"a", "b;c"}},
		"sep=x\na;b":                        {{"sep=x"}, {"a", "b"}},
		" a ;\u00a0b\u00a0;'=1;'x":          {{"a", "b", "=1", "'x"}},
		"a,b\n1,2\n\"x;y;z;w;v;u;t;s;r\",3": {{"a", "b"}, {"1", "2"}, {"x;y;z;w;v;u;t;s;r", "3"}}, // what is quoted separates nothing
		"a|b|c\n1|2|3":                      {{"a", "b", "c"}, {"1", "2", "3"}},
		"one\ntwo":                          {{"one"}, {"two"}},
		"a\tb;c\n1\t2":                      {{"a", "b;c"}, {"1", "2"}},
	} {
		if got, err := sheet.Read([]byte(text)); err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%q: %q, %v, want %q", text, got, err, want)
		}
	}
}

func TestReadWithinItsLimits(t *testing.T) {
	t.Parallel()
	line := "a;b\n"
	for n, want := range map[int]error{sheet.MaxRows: nil, sheet.MaxRows + 1: sheet.ErrTooManyRows} {
		rows, err := sheet.Read([]byte(strings.Repeat(line, n)))
		if !errors.Is(err, want) || (want == nil && len(rows) != n) {
			t.Errorf("%d rows: %d, %v", n, len(rows), err)
		}
		if _, err := sheet.Read([]byte("a;b" + strings.Repeat("\n", n-1) + "c;d")); !errors.Is(err, want) {
			t.Errorf("%d rows, most of them empty: %v", n, err)
		}
	}
	if _, err := sheet.Read(append([]byte("a;b\n"), bytes.Repeat([]byte{' '}, sheet.MaxBytes-4)...)); err != nil {
		t.Errorf("a file of the largest size: %v", err)
	}
	rows, err := sheet.Read([]byte(strings.Repeat("x;", 300) + "\n" + strings.Repeat("ż", 2001) + ";b"))
	if err != nil || len(rows) != 2 || len(rows[0]) != 200 || rows[1][0] != strings.Repeat("ż", 2000) {
		t.Errorf("%d rows of %d cells, %v", len(rows), len(rows[0]), err)
	}
}

// Where one letter tells the two old Polish encodings apart, it decides; where none does, it is the one of Windows.
func TestReadTellsTheOldPolishEncodings(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"ma\xb9;x": "maą", "ma\xb1;x": "maą", "\x9cr;x": "śr", "\xb6r;x": "śr", "\x9fle;x": "źle", "\xbcle;x": "źle",
		"\xa5\xb9\xa1;x": "Ąąˇ", "\xb1\xa1\xb9;x": "ąĄš", "\xb3\xf3d\xbc\x9f;x": "łódĽź",
		"\x8c\x8f\xa5;x": "ŚŹĄ", "\xa6\xac\xa1;x": "ŚŹĄ", "\xb3\xf3;x": "łó",
	} {
		got, err := sheet.Read([]byte(text))
		if err != nil || len(got) != 1 || got[0][0] != want {
			t.Errorf("%q: %q, %v, want %q", text, got, err, want)
		}
	}
	if got, err := sheet.Read([]byte("\xef\xbb\xbfa\xffb;c")); err != nil || got[0][0] != "a\ufffdb" {
		t.Errorf("broken UTF-8 behind its mark: %q, %v", got, err)
	}
}

func TestReadTheFirstSheetThatHasRows(t *testing.T) {
	t.Parallel()
	f := excelize.NewFile()
	defer f.Close()
	styles := map[string]string{"C1": `0.00 "PLN"`, "D1": `0 "godz."`, "E1": `d mmm yyyy`, "F1": `0%`, "G1": `0.0`}
	for _, name := range []string{"Druga", "Trzecia"} {
		if _, err := f.NewSheet(name); err != nil {
			t.Fatal(err)
		}
	}
	day := time.Date(2026, 12, 31, 0, 0, 0, 0, time.UTC)
	for cell, v := range map[string]any{"A1": "druga", "B1": "  tekst  ", "C1": 1234.0, "D1": 11.6, "E1": day, "F1": 0.25, "G1": 3.25} {
		if err := f.SetCellValue("Druga", cell, v); err != nil {
			t.Fatal(err)
		}
		if format, ok := styles[cell]; ok {
			id, err := f.NewStyle(&excelize.Style{CustomNumFmt: &format})
			if err == nil {
				err = f.SetCellStyle("Druga", cell, cell, id)
			}
			if err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := f.SetCellValue("Trzecia", "A1", "trzecia"); err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		t.Fatal(err)
	}
	got, err := sheet.Read(b.Bytes())
	// An amount with a word behind it is no day, though a day may be shown with the word of its month.
	want := [][]string{{"druga", "tekst", "1234.00 PLN", "12 godz.", "2026-12-31", "25%", "3.3"}}
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("%q, %v, want %q", got, err, want)
	}
	empty := excelize.NewFile()
	defer empty.Close()
	b.Reset()
	if err := empty.Write(&b); err != nil {
		t.Fatal(err)
	}
	if got, err := sheet.Read(b.Bytes()); err != nil || len(got) != 0 {
		t.Errorf("an empty file: %q, %v", got, err)
	}
	if _, err := sheet.Read(b.Bytes()[:b.Len()/2]); !errors.Is(err, sheet.ErrUnreadable) {
		t.Errorf("a file that was cut: %v", err)
	}
}

func TestReadXLSXGivesDaysAndLongNumbersAsTheyAre(t *testing.T) {
	f := excelize.NewFile()
	defer f.Close()
	day, err := f.NewStyle(&excelize.Style{NumFmt: 14})
	if err != nil {
		t.Fatal(err)
	}
	for cell, v := range map[string]any{"A1": "Nr", "B1": "Ważne do", "A3": 123456789012345, "B3": time.Date(2026, 12, 31, 0, 0, 0, 0, time.UTC), "C3": 1.5} {
		if err := f.SetCellValue("Sheet1", cell, v); err != nil {
			t.Fatal(err)
		}
	}
	if err := f.SetCellStyle("Sheet1", "B3", "B3", day); err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		t.Fatal(err)
	}
	got, err := sheet.Read(b.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	if len(got) != 3 || !reflect.DeepEqual(got[2], []string{"123456789012345", "2026-12-31", "1.5"}) {
		t.Errorf("got %q", got)
	}
}

func TestReadRefusesWhatIsNoTable(t *testing.T) {
	for name, c := range map[string]struct {
		content []byte
		want    error
	}{
		"large":    {make([]byte, sheet.MaxBytes+1), sheet.ErrTooLarge},
		"rows":     {[]byte(strings.Repeat("a;b\n", sheet.MaxRows+1)), sheet.ErrTooManyRows},
		"old":      {[]byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), sheet.ErrOldExcel},
		"zip":      {[]byte("PK\x03\x04 no archive"), sheet.ErrUnreadable},
		"a binary": {bytes.Repeat([]byte{1, 2, 3, 4, 5, 6, 7, 8}, 100), sheet.ErrUnreadable},
	} {
		if _, err := sheet.Read(c.content); !errors.Is(err, c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add([]byte("Imię;Nazwisko\nAnna;Nowak\n"))
	f.Add([]byte("sep=;\n\"a"))
	f.Add([]byte("\xff\xfea\x00;\x00"))
	f.Add([]byte("PK\x03\x04"))
	for _, name := range []string{"p06_mac.csv", "p08_libre.ods", "x02_letters_in_format.xlsx", "x05_formula_nocache.xlsx"} {
		content, err := os.ReadFile(filepath.Join("testdata", name))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(content)
	}
	f.Fuzz(func(t *testing.T, content []byte) {
		rows, err := sheet.Read(content)
		if err == nil && len(rows) > sheet.MaxRows {
			t.Fatal("too many rows")
		}
		for _, row := range rows {
			for _, c := range row {
				if strings.TrimSpace(c) != c && sheet.Plain("'"+c) == c {
					t.Fatalf("space around %q", c)
				}
			}
		}
	})
}

// FuzzFormat: no code of a format ends the program, whatever the number.
func FuzzFormat(f *testing.F) {
	for _, code := range []string{`"PSG-"00000`, `[$-FC22]d mmmm yyyy;@`, `0.00%;[Red](0);"-"`, `\`, `"`, `[`, `General" pkt"`, `#,##0.00_ `, `00-000`} {
		f.Add(code, 1234.5)
	}
	f.Fuzz(func(t *testing.T, code string, n float64) {
		if shown := sheet.Shown(code, n); len(shown) > 1_000+8*len(code) {
			t.Fatalf("%q: %d bytes", code, len(shown))
		}
	})
}
