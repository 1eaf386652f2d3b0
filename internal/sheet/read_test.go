package sheet_test

import (
	"bytes"
	"errors"
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
