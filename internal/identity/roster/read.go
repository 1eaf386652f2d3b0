package roster

import (
	_ "embed"
	"errors"
	"strings"
	"unicode"

	"ostoja/internal/errs"
	"ostoja/internal/identity"
	"ostoja/internal/sheet"
	"ostoja/internal/text"
)

// field is what a column of a participants' file holds.
type field string

const (
	fieldGiven  field = "given_name"
	fieldFamily field = "family_name"
	fieldFull   field = "full_name"
	fieldMail   field = "mail"
	fieldNumber field = "service_number"
	fieldUnit   field = "unit"
	fieldLang   field = "lang"
	fieldSex    field = "sex"
	fieldRegion field = "region"
	fieldUntil  field = "until"
)

// headers are the names under which a column is known, folded and without signs.
//
//nolint:misspell // the words are Polish
var headers = func() map[string]field {
	m := map[string]field{}
	for f, names := range map[field]string{
		fieldGiven:  "imie|imiona|imie imiona|pierwsze imie|first name|given name|given names|forename|firstname",
		fieldFamily: "nazwisko|nazwiska|family name|last name|surname|lastname",
		fieldFull: "imie i nazwisko|nazwisko i imie|imie nazwisko|nazwisko imie|imiona i nazwisko|nazwisko i imiona|uczestnik|uczestniczka|uczestnik uczestniczka|" +
			"osoba|pracownik|funkcjonariusz|name|full name|participant|name and surname|surname and name|surname name|last name first name|imie i nazwisko uczestnika|nazwisko i imie uczestnika",
		fieldMail: "e mail|email|mail|adres e mail|adres email|adres mail|poczta|poczta elektroniczna|adres poczty elektronicznej|e mail sluzbowy|email sluzbowy|" +
			"adres e mail sluzbowy|sluzbowy adres e mail|email address|e mail address|mail address",
		fieldNumber: "nr sluzbowy|numer sluzbowy|nr ewidencyjny|numer ewidencyjny|nr ewid|nr legitymacji|numer legitymacji|nr legitymacji sluzbowej|identyfikator|" +
			"numer identyfikacyjny|nr identyfikacyjny|id sluzbowe|service number|service no|staff number|employee number|employee no",
		fieldUnit: "jednostka|jednostka organizacyjna|placowka|placowka sg|oddzial|komorka|komorka organizacyjna|wydzial|osrodek|instytucja|organizacja|miejsce pracy|" +
			"miejsce sluzby|miejsce pelnienia sluzby|nazwa jednostki|unit|post|station|department|office|organisation|organization|jednostka placowka|oddzial placowka",
		fieldLang:   "jezyk|jezyk kursu|jezyk szkolenia|jezyk korespondencji|language|lang|course language",
		fieldSex:    "plec|sex|gender|k m|plec k m",
		fieldRegion: "wojewodztwo|woj|region|voivodeship|province",
		fieldUntil:  "dostep do|wazne do|data waznosci|dostep do dnia|konto wazne do|wazny do|wazna do|valid until|access until|expires|until",
	} {
		for _, n := range strings.Split(names, "|") {
			m[n] = f
		}
	}
	return m
}()

// headerOf returns what a header says, "" if it is not known.
func headerOf(cell string) field {
	t := strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return r
		}
		return ' '
	}, text.Search(cell))
	return headers[strings.Join(strings.Fields(t), " ")]
}

// headerRows is how far down a header is looked for: office lists begin with a title and a date.
const headerRows = 10

// table is a participants' file as read.
type table struct {
	Headers     map[field]string // as written in the file, for messages
	Ignored     []string         // columns that are not known, and are not read
	FamilyFirst bool             // how full names were taken
	Rows        []importRow
}

// importRow is a row of the file, as text.
type importRow struct {
	Number int              `json:"n"` // as the spreadsheet program shows it
	Cells  map[field]string `json:"c"`
}

// readTable reads a file of participants.
func readTable(content []byte) (t table, err error) {
	defer errs.Wrap(&err, "roster.readTable")
	book, err := sheet.Open(content, "")
	if err != nil {
		return t, fileFault(err)
	}
	rows, at, columns, err := findList(book)
	if err != nil {
		return t, err
	}
	t.Headers = map[field]string{}
	for i, f := range columns {
		header := text.Clean(rows[at].Cells[i])
		switch {
		case f != "" && t.Headers[f] == "":
			t.Headers[f] = header
		case header != "":
			t.Ignored = append(t.Ignored, header)
			columns[i] = ""
		}
	}
	if _, ok := t.Headers[fieldMail]; !ok && t.Headers[fieldNumber] == "" {
		return t, importFault("people.fault.import-no-key")
	}
	for _, row := range rows[at+1:] {
		r := importRow{Number: row.Number, Cells: map[field]string{}}
		for j, cell := range row.Cells {
			if j < len(columns) && columns[j] != "" {
				if cell = text.Clean(cell); cell != "" {
					r.Cells[columns[j]] = cell
				}
			}
		}
		if len(r.Cells) > 0 {
			t.Rows = append(t.Rows, r)
		}
	}
	if len(t.Rows) == 0 {
		return t, importFault("people.fault.import-empty")
	}
	t.splitNames()
	return t, nil
}

func importFault(key string, pairs ...any) error {
	var f errs.Fields
	f.Add("file", key, pairs...)
	return f.Err()
}

func fileFault(err error) error {
	for cause, key := range map[error]string{
		sheet.ErrTooLarge: "people.fault.import-large", sheet.ErrTooManyRows: "people.fault.import-rows", sheet.ErrTooMuch: "people.fault.import-too-much",
		sheet.ErrOldExcel: "people.fault.import-old", sheet.ErrUnreadable: "people.fault.import-unreadable",
	} {
		if errors.Is(err, cause) {
			return importFault(key, "Rows", sheet.MaxRows)
		}
	}
	return err
}

// sheetsTried bounds how many sheets are looked into for a header.
const sheetsTried = 20

// findList returns the rows of the first visible sheet that has a header, where in them it stands, and what each column is. Before the
// list there is often a sheet with a title or instructions, and a hidden one with last year's.
func findList(book *sheet.Book) (rows []sheet.Row, at int, columns []field, err error) {
	tried := 0
	for tab := range book.Tabs {
		if book.Tabs[tab].Hidden || tried == sheetsTried {
			continue
		}
		tried++
		if rows, err = book.Rows(tab); err != nil {
			return nil, 0, nil, fileFault(err)
		}
		if at, columns = findHeader(rows); at >= 0 {
			return rows, at, columns, nil
		}
	}
	return nil, 0, nil, importFault("people.fault.import-header", "Rows", headerRows)
}

// findHeader returns the row that names the columns, and what each is; -1 if none of the first rows does.
func findHeader(rows []sheet.Row) (at int, columns []field) {
	at, best := -1, 0
	for i, row := range rows {
		if row.Number > headerRows {
			break
		}
		found, fields := make([]field, len(row.Cells)), map[field]bool{}
		for j, cell := range row.Cells {
			if f := headerOf(cell); f != "" {
				found[j], fields[f] = f, true
			}
		}
		named := fields[fieldFull] || (fields[fieldGiven] && fields[fieldFamily])
		if named && len(fields) > best {
			at, best, columns = i, len(fields), found
		}
	}
	return at, columns
}

//go:embed givennames.txt
var givenNamesText string

// givenNames are common given names, by which the order of names in a column is told.
var givenNames = func() map[string]bool {
	m := map[string]bool{}
	for _, n := range strings.Fields(givenNamesText) {
		m[n] = true
	}
	return m
}()

// splitNames takes full names apart. The header says in which order they are; where the given names found in the rows
// plainly say otherwise, the rows are right: "Imię i nazwisko" often stands above "Kowalska Anna".
func (t *table) splitNames() {
	header, full := t.Headers[fieldFull]
	if full {
		folded := text.Search(header)
		t.FamilyFirst = strings.HasPrefix(folded, "nazwisk") || strings.HasPrefix(folded, "surname") || strings.HasPrefix(folded, "last")
		first, last := 0, 0
		for _, r := range t.Rows {
			words := strings.Fields(text.Search(r.Cells[fieldFull]))
			if len(words) < 2 {
				continue
			}
			head, tail := givenNames[words[0]], givenNames[words[len(words)-1]]
			if head && !tail {
				first++
			}
			if tail && !head {
				last++
			}
		}
		if n := first + last; n >= 3 && max(first, last)*10 >= n*7 {
			t.FamilyFirst = last > first
		}
	}
	for _, r := range t.Rows {
		if full, ok := r.Cells[fieldFull]; ok {
			given, family := splitName(full, t.FamilyFirst)
			setIfEmpty(r.Cells, fieldGiven, given)
			setIfEmpty(r.Cells, fieldFamily, family)
			delete(r.Cells, fieldFull)
		}
		for _, f := range []field{fieldGiven, fieldFamily} {
			if v := r.Cells[f]; v != "" {
				r.Cells[f] = properCase(v)
			}
		}
	}
}

func setIfEmpty(m map[field]string, f field, v string) {
	if m[f] == "" && v != "" {
		m[f] = v
	}
}

// splitName takes a full name apart. A comma says that the family name is first, and so do capitals: "KOWALSKA Anna".
func splitName(name string, familyFirst bool) (given, family string) {
	if f, g, ok := strings.Cut(name, ","); ok {
		return text.Clean(g), text.Clean(f)
	}
	words := strings.Fields(name)
	switch {
	case len(words) == 0:
		return "", ""
	case len(words) == 1:
		return "", words[0]
	}
	head, tail := shouted(words[0]), shouted(words[len(words)-1])
	if head != tail {
		familyFirst = head
	}
	if familyFirst {
		return strings.Join(words[1:], " "), words[0]
	}
	return strings.Join(words[:len(words)-1], " "), words[len(words)-1]
}

func shouted(s string) bool {
	letters := 0
	for _, r := range s {
		if unicode.IsLower(r) {
			return false
		}
		if unicode.IsLetter(r) {
			letters++
		}
	}
	return letters > 1
}

// properCase turns "KOWALSKA-NOWAK" and "anna" into a name; what has both kinds of letters is left as it was written.
func properCase(s string) string {
	if !shouted(s) && s != strings.ToLower(s) {
		return s
	}
	start := true
	return strings.Map(func(r rune) rune {
		defer func() { start = r == ' ' || r == '-' || r == '\'' || r == '’' }()
		if start {
			return unicode.ToUpper(r)
		}
		return unicode.ToLower(r)
	}, s)
}

// sexOf reads what people write for sex; ok is false for what is not understood.
func sexOf(cell string) (s identity.Sex, ok bool) {
	switch strings.Trim(text.Search(cell), ".") {
	case "", "-":
		return "", true
	case "k", "f", "kobieta", "female", "woman", "zenska", "z":
		return identity.Female, true
	case "m", "mezczyzna", "male", "man", "meska":
		return identity.Male, true
	case "x", "inna", "inne", "other", "nieokreslona":
		return identity.OtherSex, true
	}
	return "", false
}

// langOf reads what people write for a language, among those that there are.
func langOf(cell string, languages []string) (tag string, ok bool) {
	t := strings.Trim(text.Search(cell), ".")
	names := map[string]string{
		"polski": "pl", "polish": "pl", "pol": "pl", "angielski": "en", "ang": "en", "english": "en", "eng": "en", "ukrainski": "uk",
		"ukrainian": "uk", "rosyjski": "ru", "russian": "ru", "arabski": "ar", "arabic": "ar", "wietnamski": "vi", "vietnamese": "vi",
	}
	if n, found := names[t]; found {
		t = n
	}
	for _, l := range languages {
		if t == l {
			return l, true
		}
	}
	return "", false
}

// regionOf returns the code for what people write: the name in Polish or English, with or without "województwo", or the code.
func regionOf(cell string) (code string, ok bool) {
	t := text.Search(cell)
	for _, prefix := range []string{"wojewodztwo ", "woj. ", "woj "} {
		t = strings.TrimPrefix(t, prefix)
	}
	t = strings.ReplaceAll(t, " - ", "-")
	for _, v := range identity.Voivodeships {
		if t == v.Code || t == text.Search(v.PL) || t == text.Search(v.EN) || t == strings.TrimPrefix(v.Code, "0") {
			return v.Code, true
		}
	}
	return "", false
}
