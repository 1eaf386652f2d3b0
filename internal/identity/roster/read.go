package roster

import (
	"errors"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"ostoja/internal/errs"
	"ostoja/internal/identity"
	"ostoja/internal/identity/territory"
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

// headers are the names under which a column is known, without signs.
//
//nolint:misspell // the words are Polish
var headers = func() map[string]field {
	m := map[string]field{}
	for f, names := range map[field]string{
		fieldGiven:  "imie|imiona|imie imiona|pierwsze imie|ім я|імя|имя|first name|given name|given names|forename|firstname",
		fieldFamily: "nazwisko|nazwiska|прізвище|фамилия|family name|last name|surname|lastname",
		fieldFull: "imie i nazwisko|nazwisko i imie|imie nazwisko|nazwisko imie|imiona i nazwisko|nazwisko i imiona|uczestnik|uczestniczka|uczestnik uczestniczka|" +
			"osoba|pracownik|funkcjonariusz|name|full name|participant|name and surname|surname and name|surname name|last name first name|imie i nazwisko uczestnika|nazwisko i imie uczestnika|" +
			"піб|прізвище та ім я|прізвище ім я|прізвище і ім я|ім я та прізвище|ім я прізвище|учасник|учасниця|фио|фамилия и имя|фамилия имя|имя и фамилия|имя фамилия|фамилия имя отчество|прізвище ім я по батькові|участник",
		fieldMail: "e mail|email|mail|adres e mail|adres email|adres mail|poczta|poczta elektroniczna|adres poczty elektronicznej|e mail sluzbowy|email sluzbowy|" +
			"adres e mail sluzbowy|sluzbowy adres e mail|email address|e mail address|mail address|" +
			"пошта|електронна пошта|адреса електронної пошти|ел пошта|почта|электронная почта|адрес электронной почты|эл почта",
		fieldNumber: "nr sluzbowy|numer sluzbowy|nr ewidencyjny|numer ewidencyjny|nr ewid|nr legitymacji|numer legitymacji|nr legitymacji sluzbowej|identyfikator|" +
			"numer identyfikacyjny|nr identyfikacyjny|id sluzbowe|service number|service no|staff number|employee number|employee no|службовий номер|табельний номер|служебный номер|табельный номер",
		fieldUnit: "jednostka|jednostka organizacyjna|placowka|placowka sg|oddzial|komorka|komorka organizacyjna|wydzial|osrodek|instytucja|organizacja|miejsce pracy|" +
			"miejsce sluzby|miejsce pelnienia sluzby|nazwa jednostki|unit|post|station|department|office|organisation|organization|jednostka placowka|oddzial placowka|підрозділ|організація|установа|подразделение|организация|учреждение",
		fieldLang:   "jezyk|jezyk kursu|jezyk szkolenia|jezyk korespondencji|мова|язык|language|lang|course language",
		fieldSex:    "plec|sex|gender|k m|plec k m|стать|пол",
		fieldRegion: "wojewodztwo|woj|region|voivodeship|province",
		fieldUntil:  "dostep do|wazne do|data waznosci|dostep do dnia|konto wazne do|wazny do|wazna do|valid until|access until|expires|until|дійсний до|доступ до|действителен до",
	} {
		for _, n := range strings.Split(names, "|") {
			m[text.Search(n)] = f
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

// Limits of what is kept of a file: no field holds more characters, and 20,000 honest rows take a third.
const (
	cellKept   = 300
	bytesKept  = 8 << 20
	sheetsKept = 20
)

// file is what is kept of a list between the preview and the end of the import: of each sheet that has a header, the columns that
// are known, and no others.
type file struct {
	Lists     []list   `json:"lists"`
	Encoding  string   `json:"encoding,omitempty"` // as the cells are kept; "" where there is nothing to choose
	Encodings []string `json:"encodings,omitempty"`
	Unsure    bool     `json:"unsure,omitempty"`
}

// list is a sheet.
type list struct {
	Sheet   string   `json:"sheet,omitempty"`
	Hidden  bool     `json:"hidden,omitempty"`
	Header  []string `json:"header"`
	Ignored []string `json:"ignored,omitempty"`
	Rows    []row    `json:"rows"`
}

// row is a row of a sheet, as text.
type row struct {
	Number  int      `json:"n"` // as the spreadsheet program shows it
	Hidden  bool     `json:"h,omitempty"`
	Cells   []string `json:"c"`
	NoValue []int    `json:"v,omitempty"`
}

// readFile reads a file of participants.
func readFile(content []byte) (f file, err error) {
	defer errs.Wrap(&err, "roster.readFile")
	book, err := sheet.Open(content, "")
	if err != nil {
		return f, fileFault(err)
	}
	f.Encoding, f.Encodings, f.Unsure = book.Encoding, book.Encodings, book.Unsure
	size, nameless, empty := 0, false, false
	for tab := range book.Tabs[:min(len(book.Tabs), sheetsKept)] {
		rows, err := book.Rows(tab)
		if err != nil && (book.Tabs[tab].Hidden || len(f.Lists) > 0) {
			continue // a sheet beside the list spoils nothing
		}
		if err != nil {
			return f, fileFault(err)
		}
		at := findHeader(rows, f)
		if at < 0 {
			continue
		}
		l := f.keep(book.Tabs[tab], rows[at], rows[at+1:], &size)
		switch fields := fieldsOf(l.Header, f.readings()...); {
		case size > bytesKept && len(f.Lists) > 0:
			continue
		case size > bytesKept:
			return f, importFault("people.fault.import-too-much")
		case !fields[fieldMail] && !fields[fieldNumber]:
			nameless = true
		case len(l.Rows) == 0:
			empty = true
		default:
			f.Lists = append(f.Lists, l)
		}
	}
	switch {
	case len(f.Lists) > 0:
		return f, nil
	case nameless:
		return f, importFault("people.fault.import-no-key")
	case empty:
		return f, importFault("people.fault.import-empty")
	}
	return f, importFault("people.fault.import-header", "Rows", headerRows)
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

// reading turns a cell, as it is kept, into what it says in an encoding.
type reading func(cell string) string

// in returns the reading in an encoding; "" is the one in which the cells are kept.
func (f file) in(encoding string) reading {
	return func(cell string) string {
		if encoding != "" && f.Encoding != "" {
			cell = sheet.Reread(cell, f.Encoding, encoding)
		}
		return text.Clean(strings.ReplaceAll(cell, "\ufffd", unreadable))
	}
}

// unreadable stands for what was no letter in the file, so that it is seen and its row refused; [text.Clean] would drop it.
const unreadable = "□"

// readings are all ways in which the file may be meant, the likeliest first.
func (f file) readings() []reading {
	all := []reading{f.in("")}
	for _, e := range f.Encodings {
		if e != f.Encoding {
			all = append(all, f.in(e))
		}
	}
	return all
}

// findHeader returns the row that names the columns in one of the readings; -1 if none of the first rows does.
func findHeader(rows []sheet.Row, f file) (at int) {
	at, best := -1, 0
	for _, read := range f.readings() {
		for i, row := range rows {
			if row.Number > headerRows {
				break
			}
			fields := fieldsOf(row.Cells, read)
			if named := fields[fieldFull] || (fields[fieldGiven] && fields[fieldFamily]); named && len(fields) > best {
				at, best = i, len(fields)
			}
		}
		if at >= 0 {
			break
		}
	}
	return at
}

// fieldsOf returns what a header names in any of the readings.
func fieldsOf(header []string, readings ...reading) map[field]bool {
	fields := map[field]bool{}
	for _, cell := range header {
		for _, read := range readings {
			if f := headerOf(read(cell)); f != "" {
				fields[f] = true
			}
		}
	}
	return fields
}

// keep takes the columns of a sheet that are known in any reading; size grows by what they take.
func (f file) keep(tab sheet.Tab, header sheet.Row, rows []sheet.Row, size *int) list {
	l := list{Sheet: tab.Name, Hidden: tab.Hidden}
	var columns []int
	for i, cell := range header.Cells {
		known := len(fieldsOf([]string{cell}, f.readings()...)) > 0
		switch {
		case known:
			columns = append(columns, i)
			l.Header = append(l.Header, cut(cell))
		case text.Clean(cell) != "":
			l.Ignored = append(l.Ignored, text.Clean(cut(cell)))
		}
	}
	for _, r := range rows {
		kept, filled := row{Number: r.Number, Hidden: r.Hidden, Cells: make([]string, len(columns))}, false
		for i, column := range columns {
			if column < len(r.Cells) {
				kept.Cells[i] = cut(r.Cells[column])
				filled = filled || text.Clean(kept.Cells[i]) != ""
				*size += len(kept.Cells[i]) + len(`"",`)
			}
			if slices.Contains(r.NoValue, column) {
				kept.NoValue, filled = append(kept.NoValue, i), true
			}
		}
		if filled {
			l.Rows = append(l.Rows, kept)
			*size += len(`{"n":20000,"c":[]},`)
		}
	}
	return l
}

func cut(cell string) string {
	if utf8.RuneCountInString(cell) <= cellKept {
		return cell
	}
	return string([]rune(cell)[:cellKept])
}

// table is a list as it is read by somebody's choice.
type table struct {
	list     list
	encoding string
	headers  map[field]string // as written in the file, for messages
	ignored  []string         // columns that are not known
	order    Order            // of the names in one column
	rows     []importRow
}

// importRow is a row by what its cells are.
type importRow struct {
	Number  int
	Hidden  bool
	Cells   map[field]string
	NoValue []field
	Turned  bool // its names stand in the other order than those of the rest
	Perhaps bool // its names seem to stand in each other's column
}

// read reads the list that was chosen, or the first that is shown.
func (f file) read(c Choice) table {
	at := 0
	for i, l := range slices.Backward(f.Lists) {
		if !l.Hidden {
			at = i
		}
	}
	for i, l := range f.Lists {
		if c.Sheet != "" && l.Sheet == c.Sheet {
			at = i
		}
	}
	t := table{list: f.Lists[at], encoding: f.Encoding, headers: map[field]string{}}
	if f.Encoding != "" && slices.Contains(f.Encodings, c.Encoding) {
		t.encoding = c.Encoding
	}
	read := f.in(t.encoding)
	columns := make([]field, len(t.list.Header))
	for _, header := range t.list.Ignored {
		t.ignored = append(t.ignored, read(header))
	}
	for i, cell := range t.list.Header {
		header := read(cell)
		if k := headerOf(header); k != "" && t.headers[k] == "" {
			t.headers[k], columns[i] = header, k
		} else {
			t.ignored = append(t.ignored, header)
		}
	}
	t.rows = make([]importRow, 0, len(t.list.Rows))
	for _, kept := range t.list.Rows {
		r := importRow{Number: kept.Number, Hidden: kept.Hidden, Cells: make(map[field]string, len(columns))}
		for i, cell := range kept.Cells {
			if columns[i] == "" {
				continue
			}
			if cell = read(cell); cell != "" {
				r.Cells[columns[i]] = cell
			}
			if slices.Contains(kept.NoValue, i) {
				r.NoValue = append(r.NoValue, columns[i])
			}
		}
		if len(r.Cells) > 0 || len(r.NoValue) > 0 {
			t.rows = append(t.rows, r)
		}
	}
	t.names(c.Order)
	return t
}

// names takes full names apart, as was chosen or as the rows say, and exchanges two columns of names if that was chosen.
func (t *table) names(chosen Order) {
	if header, full := t.headers[fieldFull]; full {
		if t.order = chosen; !slices.Contains(orders, chosen) {
			names := make([]string, 0, len(t.rows))
			for _, r := range t.rows {
				names = append(names, r.Cells[fieldFull])
			}
			t.order = orderIn(header, names)
		}
	} else if chosen == Exchanged {
		t.order = Exchanged
	}
	for i := range t.rows {
		r := &t.rows[i]
		if full, ok := r.Cells[fieldFull]; ok {
			order := t.order
			if said := evidence(full); said != "" && said != order {
				r.Turned = true
				if chosen == "" {
					order = said
				}
			}
			given, family := splitName(full, order)
			setIfEmpty(r.Cells, fieldGiven, given)
			setIfEmpty(r.Cells, fieldFamily, family)
			delete(r.Cells, fieldFull)
		} else {
			if t.order == Exchanged {
				r.Cells[fieldGiven], r.Cells[fieldFamily] = r.Cells[fieldFamily], r.Cells[fieldGiven]
			}
			r.Perhaps = exchanged(r.Cells[fieldGiven], r.Cells[fieldFamily])
		}
		for _, k := range []field{fieldGiven, fieldFamily} {
			if v := r.Cells[k]; v != "" {
				r.Cells[k] = properCase(v)
			}
		}
		r.Cells[fieldMail] = plainMail(r.Cells[fieldMail])
	}
}

func setIfEmpty(m map[field]string, f field, v string) {
	if m[f] == "" && v != "" {
		m[f] = v
	}
}

// plainMail takes off what spreadsheets and mail programs put around an address: mailto:anna@example.org, Anna <anna@example.org>.
func plainMail(cell string) string {
	if before, inside, ok := strings.Cut(cell, "<"); ok && !strings.Contains(before, "@") {
		if address, rest, ok := strings.Cut(inside, ">"); ok && rest == "" {
			cell = address
		}
	}
	return strings.TrimSpace(strings.TrimPrefix(cell, "mailto:"))
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
	for _, v := range territory.Voivodeships {
		if t == v.Code || t == text.Search(v.PL) || t == text.Search(v.EN) || t == strings.TrimPrefix(v.Code, "0") {
			return v.Code, true
		}
	}
	return "", false
}
