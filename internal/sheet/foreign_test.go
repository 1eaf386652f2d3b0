package sheet_test

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/charmap"
	"pgregory.net/rapid"

	"ostoja/internal/sheet"
)

func open(t testing.TB, content []byte, encoding string) *sheet.Book {
	t.Helper()
	b, err := sheet.Open(content, encoding)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func rows(t testing.TB, b *sheet.Book, tab int) []sheet.Row {
	t.Helper()
	r, err := b.Rows(tab)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// archive makes a ZIP file.
func archive(t testing.TB, parts ...string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for i := 0; i < len(parts); i += 2 {
		w, err := z.Create(parts[i])
		if err == nil {
			_, err = w.Write([]byte(parts[i+1]))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// xlsx makes a workbook of one sheet.
func xlsx(t testing.TB, data, shared, styles string) []byte {
	return archive(t,
		"xl/workbook.xml", `<workbook><sheets><sheet name="A" r:id="rId1"/></sheets></workbook>`,
		"xl/_rels/workbook.xml.rels", `<Relationships><Relationship Id="rId1" Type="http://x/worksheet" Target="worksheets/sheet1.xml"/>
			<Relationship Id="rId2" Type="http://x/sharedStrings" Target="/xl/sharedStrings.xml"/><Relationship Id="rId3" Type="http://x/styles" Target="styles.xml"/></Relationships>`,
		"xl/worksheets/sheet1.xml", `<worksheet><sheetData>`+data+`</sheetData></worksheet>`,
		"xl/sharedStrings.xml", `<sst>`+shared+`</sst>`, "xl/styles.xml", `<styleSheet>`+styles+`</styleSheet>`)
}

// ods makes a spreadsheet of LibreOffice.
func ods(t testing.TB, styles, tables string) []byte {
	return archive(t, "mimetype", "application/vnd.oasis.opendocument.spreadsheet", "content.xml",
		`<?xml version="1.0" encoding="UTF-8"?><office:document-content><office:automatic-styles>`+styles+`</office:automatic-styles><office:body><office:spreadsheet>`+
			tables+`</office:spreadsheet></office:body></office:document-content>`)
}

// TestForeignFiles: what other programs wrote, and what went wrong with it (shared inputs of the situations that were found).
func TestForeignFiles(t *testing.T) {
	for name, want := range map[string][]string{
		"p03_odd.csv":              {"1 Imię|Nazwisko|E-mail", `2 Anna|Kowal "Ala" Nowa|q1@example.org`, `3 Ewa|Nowak\nKwiat|q2@example.org`, "4 Ola\nMaria|Wąs|q3@example.org", "5 Iga|Lis|q4@example.org||||", "6 Jan|Kot", "7 |||", "8 Razem|3 osoby|"},
		"p05_cp1251.csv":           {"1 Имя|Фамилия|E-mail", "2 Анна|Тест|q6@example.org"},
		"p06_mac.csv":              {"1 Imię|Nazwisko|E-mail", "2 Łucja|Żółć|q7@example.org"},
		"p07_cp852.csv":            {"1 Imię|Nazwisko|E-mail", "2 Łucja|Żółć|q8@example.org"},
		"p08_libre.ods":            {"1 Imię"},
		"p09_mac_plain_header.csv": {"1 Nazwisko|Imie|E-mail", "2 Żółć|Łucja|q7@example.org"},
		"p10_cp1251_en_header.csv": {"1 Last name|First name|E-mail", "2 Тест|Анна|q6@example.org"},
		"p11_cp852_plain.csv":      {"1 Nazwisko|Imie|E-mail", "2 Żółć|Łucja|q8@example.org"},
		"x01_1904.xlsx":            {"1 Imię|Nazwisko|E-mail|Nr służbowy|Dostęp do", "2 Anna|Testowa|a.testowa@example.org|SG-1|2027-12-31"},
		"x02_letters_in_format.xlsx": {"1 Imię|Nazwisko|E-mail|Nr służbowy|Dostęp do", "2 Jan|Próbny|j.probny@example.org|PSG-01234|2027-12-31",
			"3 Ewa|Próbna|e.probna@example.org|45 pkt|2027-12-31", "4 Ola|Próbna|o.probna@example.org|NOSG 45123", "5 Iza|Druga|i.druga@example.org|ewid. 007"},
		"x05_formula_nocache.xlsx": {"1 Lista uczestników szkolenia", "3 Imię|Nazwisko|E-mail|Nr służbowy|Dostęp do", "4 Anna|Jawna|8|000012", "5 hidden Ukryty|Wiersz|ukryty@example.org|13"},
		"x06_days.xlsx":            {"1 Imię|Nazwisko|E-mail|Nr służbowy|Dostęp do", "2 Anna|Testowa|a1@example.org|SG-1|2027-03-04", "3 Anna|Testowa|a2@example.org|SG-2|2027-03-04", "4 Anna|Testowa|a3@example.org|SG-3|2027-03-04"},
	} {
		content, err := os.ReadFile(filepath.Join("testdata", name))
		if err != nil {
			t.Fatal(err)
		}
		if got := told(rows(t, open(t, content, ""), 0)); !reflect.DeepEqual(got, want) {
			t.Errorf("%s:\n%q, want\n%q", name, got, want)
		}
	}
}

func told(rows []sheet.Row) (lines []string) {
	for _, r := range rows {
		line := fmt.Sprint(r.Number, " ")
		if r.Hidden {
			line += "hidden "
		}
		line += strings.Join(r.Cells, "|")
		if len(r.NoValue) > 0 {
			line += fmt.Sprint(" without value: ", r.NoValue)
		}
		lines = append(lines, line)
	}
	return lines
}

func TestHiddenSheetsAreKnown(t *testing.T) {
	for name, want := range map[string][]sheet.Tab{
		"x03_hidden_first.xlsx": {{Name: "Sheet1", Hidden: true}, {Name: "Lista"}}, "x04_cover_first.xlsx": {{Name: "Sheet1"}, {Name: "Uczestnicy"}},
	} {
		content, err := os.ReadFile(filepath.Join("testdata", name))
		if err != nil {
			t.Fatal(err)
		}
		b := open(t, content, "")
		if !reflect.DeepEqual(b.Tabs, want) {
			t.Errorf("%s: %v", name, b.Tabs)
		}
		if got := told(rows(t, b, 1)); len(got) != 2 || !strings.Contains(got[1], "nowa@example.org") {
			t.Errorf("%s: %q", name, got)
		}
	}
}

// names are of people whom the lists are of, by the encodings in which their offices' programs write.
var names = map[string][]string{
	"pl": {"Łucja", "Żółkiewski", "Małgorzata", "Święcicka-Nowak", "Źrebięć", "Józef", "Kowalska", "Paweł", "Ćwiek", "Zieliński", "Mączyńska", "Gąsior", "Wójcik", "Śniadek", "Bożena", "Stanisława", "Grażyna", "Jędrzejczak", "ŻÓŁĆ", "GĘŚLA"},
	"uk": {"Оксана", "Бондар", "Тетяна", "Шевченко", "Олександр", "Ковальчук", "Наталія", "Мар'яна", "Сергій", "Іванова", "Юлія", "Дмитро", "КРАВЧЕНКО", "Єлизавета"},
	"ru": {"Анна", "Тест", "Наталья", "Иванова", "Сергей", "Кузнецов", "Ольга", "Смирнова", "Юрий", "Щукин"},
	"fr": {"Hélène", "François", "Zoë", "Noël", "Benoît", "Müller", "Böhm"},
}

// TestOldEncodingsAreReadOrAsked: a list in an encoding of its country is read right, or the reading says that it is not sure and
// names the right one among those to choose from.
func TestOldEncodingsAreReadOrAsked(t *testing.T) {
	encodings := map[string]map[string]*charmap.Charmap{
		"pl": {"windows-1250": charmap.Windows1250, "iso-8859-2": charmap.ISO8859_2, "ibm852": charmap.CodePage852},
		"uk": {"windows-1251": charmap.Windows1251, "koi8-u": charmap.KOI8U}, "ru": {"windows-1251": charmap.Windows1251, "koi8-u": charmap.KOI8U, "ibm866": charmap.CodePage866},
		"fr": {"windows-1252": charmap.Windows1252},
	}
	sure := 0
	rapid.Check(t, func(t *rapid.T) {
		lang := rapid.SampledFrom([]string{"pl", "uk", "ru", "fr"}).Draw(t, "language")
		name := rapid.SampledFrom(keys(encodings[lang])).Draw(t, "encoding")
		text := "Last name;First name;E-mail\n"
		for i := range rapid.IntRange(1, 12).Draw(t, "rows") {
			text += fmt.Sprintf("%s;%s;a%d@example.org\n", rapid.SampledFrom(names[lang]).Draw(t, "family name"), rapid.SampledFrom(names[lang]).Draw(t, "given name"), i)
		}
		content, err := encodings[lang][name].NewEncoder().Bytes([]byte(text))
		if err != nil {
			t.Fatal(err)
		}
		b, err := sheet.Open(content, "")
		if err != nil {
			t.Fatal(err)
		}
		r, err := b.Rows(0)
		if err != nil {
			t.Fatal(err)
		}
		right := true
		for i, line := range strings.Split(strings.TrimSpace(text), "\n") {
			right = right && strings.Join(r[i].Cells, ";") == line
		}
		if !right && !b.Unsure && b.Encoding != "" {
			t.Fatalf("%s was taken for %s without a question:\n%s\n%v", name, b.Encoding, text, r)
		}
		if right && !b.Unsure {
			sure++
		}
		if b, err = sheet.Open(content, name); err != nil || b.Unsure || (b.Encoding != name && b.Encoding != "") {
			t.Fatalf("%s was chosen, %s taken: %v", name, b.Encoding, err)
		}
	})
	t.Logf("%d read without a question", sure)
}

func keys(m map[string]*charmap.Charmap) (names []string) {
	for _, n := range []string{"windows-1250", "iso-8859-2", "ibm852", "windows-1251", "koi8-u", "ibm866", "windows-1252"} {
		if m[n] != nil {
			names = append(names, n)
		}
	}
	return names
}

// A Cyrillic list in UTF-16 without a mark has hardly a nought in it.
func TestUTF16WithoutMark(t *testing.T) {
	var content []byte
	for _, r := range "Прізвище\tІм'я\nБондаренко\tОксана\n" {
		content = append(content, byte(r>>8), byte(r))
	}
	if got := told(rows(t, open(t, content, ""), 0)); !reflect.DeepEqual(got, []string{"1 Прізвище|Ім'я", "2 Бондаренко|Оксана"}) {
		t.Errorf("%q", got)
	}
}

func TestLinesOfOldMacs(t *testing.T) {
	if got := told(rows(t, open(t, []byte("a;b\r\rc;\"d\"\r"), ""), 0)); !reflect.DeepEqual(got, []string{"1 a|b", "3 c|d"}) {
		t.Errorf("%q", got)
	}
	if got := told(rows(t, open(t, []byte("sep=\t\na\tb;c\n"), ""), 0)); !reflect.DeepEqual(got, []string{"2 a|b;c"}) {
		t.Errorf("%q", got)
	}
}

// TestNumberFormatsAsAPeerShowsThem compares with excelize, another reader of the same format.
func TestNumberFormatsAsAPeerShowsThem(t *testing.T) {
	formats := []string{`"PSG-"00000`, `0" pkt"`, `"NOSG "0`, `"ewid. "000`, `0.00 "PLN"`, `000000`, `0%`, `0.0`, `00\-000`, `[$zł-415]0.00`, `0.00;"minus "0.00`, `"dym"0`, `\S\G\-0000`, `[Red]0`, `@`, `0_);(0)`}
	values := []float64{0, 7, 45, 1234, 45123, 0.25, 12.345, 99999, -3}
	f := excelize.NewFile()
	defer f.Close()
	for i, format := range formats {
		style, err := f.NewStyle(&excelize.Style{CustomNumFmt: &format})
		if err != nil {
			t.Fatal(err)
		}
		for j, v := range values {
			cell, err := excelize.CoordinatesToCellName(i+1, j+1)
			if err == nil {
				err = f.SetCellValue("Sheet1", cell, v)
			}
			if err == nil {
				err = f.SetCellStyle("Sheet1", cell, cell, style)
			}
			if err != nil {
				t.Fatal(err)
			}
		}
	}
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		t.Fatal(err)
	}
	ours := rows(t, open(t, b.Bytes(), ""), 0)
	for i, format := range formats {
		for j := range values {
			cell, err := excelize.CoordinatesToCellName(i+1, j+1)
			if err != nil {
				t.Fatal(err)
			}
			want, err := f.GetCellValue("Sheet1", cell)
			if got := ours[j].Cells[i]; err != nil || got != strings.TrimSpace(want) {
				t.Errorf("%v as %s: %q, excelize shows %q (%v)", values[j], format, got, want, err)
			}
		}
	}
}

// TestDaysInEveryFormat: a day is one whatever the language of its format; a number whose format has letters in quotes is none.
func TestDaysInEveryFormat(t *testing.T) {
	var data, formats, styles strings.Builder
	codes := map[string]string{
		`[$-FC22]d mmmm yyyy" р.";@`: "2027-03-04", `[$-FC19]dd\ mmmm\ yyyy\ \г\.;@`: "2027-03-04", `[$-415]d mmm yyyy`: "2027-03-04", `yyyy\-mm\-dd`: "2027-03-04", `m/d/yy`: "2027-03-04",
		`dd.mm.yyyy\ hh:mm`: "2027-03-04", `[$-F800]dddd, mmmm dd, yyyy`: "2027-03-04", `mmm yy`: "2027-03-04", `[$-419]D MMMM YYYY "г."`: "2027-03-04", `[$-x-sysdate]dddd`: "2027-03-04",
		`"day "0`: "day 46450", `"rok "0`: "rok 46450", `0 "dni"`: "46450 dni", `0.00E+00`: "46450", `# ?/?`: "46450", `General`: "46450", `General" pkt"`: "46450 pkt", `[>5]0`: "46450",
	}
	var want []string
	n := 0
	for code, shown := range codes {
		n++
		fmt.Fprintf(&formats, `<numFmt numFmtId="%d" formatCode="%s"/>`, 200+n, strings.ReplaceAll(code, `"`, "&quot;"))
		fmt.Fprintf(&styles, `<xf numFmtId="%d"/>`, 200+n)
		fmt.Fprintf(&data, `<row r="%d"><c s="%d"><v>46450</v></c></row>`, n, n-1)
		want = append(want, fmt.Sprint(n, " ", shown))
	}
	styleSheet := `<numFmts>` + formats.String() + `</numFmts><cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs>` + styles.String() + `</cellXfs>`
	if got := told(rows(t, open(t, xlsx(t, strings.ReplaceAll(data.String(), "&gt;", ">"), "", strings.ReplaceAll(styleSheet, "[>5]", "[&gt;5]")), ""), 0)); !reflect.DeepEqual(got, want) {
		t.Errorf("%q\nwant\n%q", got, want)
	}
}

// TestCellsOfWorkbooks: the kinds of cells that programs write, and what stands in them without being their text.
func TestCellsOfWorkbooks(t *testing.T) {
	got := told(rows(t, open(t, xlsx(t, `
		<row><c t="s"><v>0</v></c><c t="inlineStr"><is><r><t>dwa </t></r><r><t>kawałki</t></r></is></c><c t="b"><v>1</v></c></row>
		<row r="4" hidden="1"><c r="B4"><f>A1</f></c><c r="D4" t="str"><f>A1</f><v></v></c><c t="e"><f>1/0</f><v>#DIV/0!</v></c><c><f>1+1</f><v>2</v></c></row>
		<row><c r="A5"><v>1E+2</v></c><c><v>123456789012345</v></c><c><v>0.30000000000000004</v></c><c t="d"><v>2027-03-04T00:00:00Z</v></c><c t="s"><v>9</v></c></row>`,
		`<si><t>日本</t><rPh><t>にほん</t></rPh></si>`, ""), ""), 0))
	want := []string{"1 日本|dwa kawałki|TRUE", "4 hidden |||||2 without value: [1 4]", "5 100|123456789012345|0.3|2027-03-04"}
	want[1] = "4 hidden ||||" + "|2 without value: [1 4]"
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%q\nwant\n%q", got, want)
	}
}

// TestOpenDocument: empty rows to the millionth, hidden rows, sheets by their style, comments within cells, days by their value.
func TestOpenDocument(t *testing.T) {
	b := open(t, ods(t, `<style:style style:name="ta1"><style:table-properties table:display="true"/></style:style><style:style style:name="ta2"><style:table-properties table:display="false"/></style:style>`, `
		<table:table table:name="Ukryty" table:style-name="ta2"><table:table-row><table:table-cell><text:p>x</text:p></table:table-cell></table:table-row></table:table>
		<table:table table:name="Lista" table:style-name="ta1">
		<table:table-header-rows><table:table-row><table:table-cell office:value-type="string" table:number-columns-repeated="2"><text:p>Imię</text:p><office:annotation><text:p>uwaga</text:p></office:annotation></table:table-cell></table:table-row></table:table-header-rows>
		<table:table-row table:number-rows-repeated="2"><table:table-cell table:number-columns-repeated="16384"/></table:table-row>
		<table:table-row-group><table:table-row table:visibility="filter" table:number-rows-repeated="2"><table:table-cell/>
			<table:table-cell office:value-type="date" office:date-value="2026-11-28T00:00:00"><text:p>28 XI 2026</text:p></table:table-cell></table:table-row></table:table-row-group>
		<table:table-row><table:table-cell office:value-type="float" office:value="3.3333"><text:p>3,3</text:p></table:table-cell><table:table-cell office:value-type="float" office:value="1234"><text:p>PSG-01234</text:p></table:table-cell>
			<table:table-cell office:value-type="float" office:value="7"><text:p>007</text:p></table:table-cell><table:table-cell table:formula="of:=A1"/><table:table-cell table:formula="of:=1/0" office:value-type="string" calcext:value-type="error"><text:p>#DIV/0!</text:p></table:table-cell>
			<table:covered-table-cell table:number-columns-repeated="2"/><table:table-cell office:value-type="string"><text:p>a<text:s text:c="2"/>b<text:span>c</text:span></text:p><text:p>d</text:p></table:table-cell></table:table-row>
		<table:table-row table:number-rows-repeated="1048570"><table:table-cell table:number-columns-repeated="16384"/></table:table-row></table:table>
		<table:table table:name="Trzeci"/>`), "")
	if want := []sheet.Tab{{Name: "Ukryty", Hidden: true}, {Name: "Lista"}, {Name: "Trzeci"}}; !reflect.DeepEqual(b.Tabs, want) {
		t.Errorf("tabs %v", b.Tabs)
	}
	want := []string{"1 Imię|Imię", "4 hidden |2026-11-28", "5 hidden |2026-11-28", "6 3.3333|PSG-01234|007|||||a  bc\nd without value: [3 4]"}
	if got := told(rows(t, b, 1)); !reflect.DeepEqual(got, want) {
		t.Errorf("%q\nwant\n%q", got, want)
	}
	if got := told(rows(t, b, 0)); !reflect.DeepEqual(got, []string{"1 x"}) {
		t.Errorf("the hidden sheet: %q", got)
	}
	for name, c := range map[string]struct {
		content []byte
		want    error
	}{
		"a text":     {archive(t, "content.xml", "<office:document-content><office:text/></office:document-content>"), sheet.ErrUnreadable},
		"a password": {archive(t, "content.xml", "\x01\x02", "META-INF/manifest.xml", `<m:manifest><m:encryption-data/></m:manifest>`), sheet.ErrOldExcel},
		"an archive": {archive(t, "a.txt", "a"), sheet.ErrUnreadable},
	} {
		if _, err := sheet.Open(c.content, ""); !errors.Is(err, c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestBombsCostNoMoreThanHonestFiles: what small files unpack to is bounded, in memory and in what is handed out.
func TestBombsCostNoMoreThanHonestFiles(t *testing.T) {
	long := strings.Repeat("żółw ", 6_000)
	repeat := func(n int, format string) string {
		var b strings.Builder
		for i := range n {
			fmt.Fprintf(&b, format, i)
		}
		return b.String()
	}
	shown := "<row>" + strings.Repeat(`<c t="s"><v>0</v></c>`, 200) + "</row>"
	bombs := map[string][]byte{
		"a shared text in every cell":    xlsx(t, strings.Repeat(shown, 2_000), "<si><t>"+long+"</t></si>", ""),
		"many shared texts":              xlsx(t, "<row><c><v>1</v></c></row>", strings.Repeat("<si><t>"+long+"</t></si>", 4_000), ""),
		"one text without end":           xlsx(t, "<row><c><v>1</v></c></row>"+shown, "<si><t>"+strings.Repeat("a", 4<<20)+"</t></si>", ""),
		"an attribute without end":       xlsx(t, `<row x="`+strings.Repeat("a", 4<<20)+`">`, "", ""),
		"cells at the end of rows":       xlsx(t, repeat(20_000, `<row><c r="GR1"><v>%d</v></c></row>`), "", ""),
		"rows":                           xlsx(t, strings.Repeat(`<row><c><v>1</v></c></row>`, 1_000_000), "", ""),
		"empty cells":                    xlsx(t, "<row>"+strings.Repeat(`<c/>`, 4_600_000)+"</row>", "", ""),
		"styles":                         xlsx(t, "", "", "<cellXfs>"+strings.Repeat(`<xf/>`, 4_600_000)+"</cellXfs>"),
		"rows that are repeated":         ods(t, "", `<table:table><table:table-row table:number-rows-repeated="1048576"><table:table-cell table:number-columns-repeated="16384"><text:p>`+long+`</text:p></table:table-cell></table:table-row></table:table>`),
		"spaces":                         ods(t, "", `<table:table><table:table-row><table:table-cell><text:p>`+strings.Repeat(`<text:s text:c="2147483647"/>`, 600_000)+`</text:p></table:table-cell></table:table-row></table:table>`),
		"a line of delimiters":           bytes.Repeat([]byte(";"), sheet.MaxBytes),
		"lines of delimiters":            bytes.Repeat(append(bytes.Repeat([]byte(";"), 500), '\n'), sheet.MaxBytes/501),
		"formulas without value in rows": xlsx(t, repeat(20_000, `<row><c r="GR%d"><f>1</f></c></row>`), "", ""),
	}
	for name, bomb := range bombs {
		if len(bomb) > sheet.MaxBytes {
			t.Fatalf("%s: %d bytes", name, len(bomb))
		}
		var before, after runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&before)
		kept, begin := 0, time.Now()
		b, err := sheet.Open(bomb, "")
		for tab := 0; err == nil && tab < len(b.Tabs); tab++ {
			var r []sheet.Row
			r, err = b.Rows(tab)
			for _, row := range r {
				for _, c := range row.Cells {
					kept += len(c)
				}
			}
		}
		runtime.GC()
		runtime.ReadMemStats(&after)
		held, passed := int64(after.HeapAlloc)-int64(before.HeapAlloc), after.TotalAlloc-before.TotalAlloc
		t.Logf("%-32s %8d bytes: hands out %d MiB, holds %d MiB, allocates %d MiB in %v, %v", name, len(bomb), kept>>20, held>>20, passed>>20, time.Since(begin).Round(time.Millisecond), err)
		if kept > 17<<20 || held > 64<<20 || passed > 700<<20 {
			t.Errorf("%s: too much", name)
		}
		runtime.KeepAlive(b)
	}
}
