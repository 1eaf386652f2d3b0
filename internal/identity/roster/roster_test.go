package roster_test

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"
	"pgregory.net/rapid"

	"ostoja/internal/access"
	"ostoja/internal/errs"
	"ostoja/internal/identity"
	"ostoja/internal/identity/people"
	"ostoja/internal/identity/roster"
	"ostoja/internal/lang"
	"ostoja/internal/testrig"
	"ostoja/translations"
)

func file(t testing.TB, name string) []byte {
	t.Helper()
	return testrig.Must(os.ReadFile(filepath.Join("testdata", name)))(t)
}

var catalogue = sync.OnceValue(func() *lang.Catalogue {
	c, err := lang.Load(translations.FS, time.UTC)
	if err != nil {
		panic(err)
	}
	return c
})

// told says what a preview does, a line for each row.
func told(p roster.Preview) string {
	var b strings.Builder
	pl := catalogue().Printer("pl")
	for _, l := range p.Lines {
		fmt.Fprintf(&b, "%d %s %s | %s | %s", l.Number, l.State, l.Name, l.SignIn, l.Unit)
		if l.NewUnit {
			b.WriteString(" (nowa)")
		}
		if len(l.Changes) > 0 {
			b.WriteString(" | " + strings.Join(l.Changes, " "))
		}
		for _, f := range l.Faults {
			fmt.Fprintf(&b, " | %s: %s", f.Column, pl.Args(f.Key, f.Args))
		}
		b.WriteString("\n")
	}
	return b.String()
}

func compare(t *testing.T, got, want string) {
	t.Helper()
	if strings.TrimSpace(got) != strings.TrimSpace(want) {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestAListOfTheBorderGuardIsReadAsItIs(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		ctx := t.Context()
		content, options := file(t, "straz-graniczna-windows-1250.csv"), roster.Options{UnitID: w.Guard, Lang: "pl", Invite: true}
		p := testrig.Must(w.Roster.Preview(ctx, w.GuardCoordinator, content, options))(t)
		compare(t, told(p), `
5 new Kowalska Anna | anna.kowalska@sg.example.org | Placówka w Terespolu
6 new Żółkiewski Łukasz | lukasz.zolkiewski@sg.example.org | Placówka w Medyce
7 new Święcicka-Nowak Małgorzata Ewa | SG-1003 | Placówka w Terespolu
9 bad Ćwiek Paweł | pawel.cwiek(at)sg.example.org | Placówka w Terespolu | Adres e-mail: Podaj adres e-mail w postaci nazwa@domena.pl.
10 bad Źrebiec Zofia |  | Placówka w Medyce | Adres e-mail: Podaj e-mail albo numer służbowy.
11 bad Ostrowski Jan | jan.ostrowski@sg.example.org | Straż Graniczna | Placówka: nie ma jednostki „PSG Hrebenne” w Twoim zakresie
12 bad Gąsior Marta | marta.gasior@sg.example.org | Placówka w Medyce | Województwo: nie ma województwa „mazowsze” | Dostęp do: „30.02.2027” to nie data; napisz na przykład 31.12.2026
13 bad Kowalska Anna | anna.k@sg.example.org | Placówka w Terespolu | Nr służbowy: ta sama osoba jest już w wierszu 5
`)
		if !slices.Equal(p.Ignored, []string{"Lp.", "Stopień"}) || !p.FamilyFirst || !p.FullNames {
			t.Errorf("columns %v, left out %v", p.Columns, p.Ignored)
		}
		if l := testrig.Must(w.People.Search(ctx, w.GuardCoordinator, people.Filter{}))(t); l.Total != w.Within(w.Guard) {
			t.Errorf("a preview wrote: %d people", l.Total)
		}
		if r := testrig.Must(w.Roster.Confirm(ctx, w.GuardCoordinator, p.ID))(t); r != (roster.Result{Added: 3, Bad: 5, Invited: 2}) {
			t.Errorf("wrote %+v", r)
		}
		if letters := w.Letters(); len(letters) != 2 || letters[0].To != "anna.kowalska@sg.example.org" {
			t.Errorf("letters %+v", letters)
		}
		anna := testrig.Must(w.Identity.PersonBySignInName(ctx, w.GuardCoordinator, "SG-1001"))(t)
		// The end of the 31st in Warsaw.
		if end := time.Date(2026, 12, 31, 23, 0, 0, 0, time.UTC); anna.Name() != "Anna Kowalska" || anna.UnitID != w.Terespol || anna.Region != "06" || !anna.Roles[0].ExpiresAt.Equal(end) {
			t.Errorf("Anna is %+v", anna)
		}
		// Twice the same confirmation, and the same file once more: nobody is there twice.
		if r := testrig.Must(w.Roster.Confirm(ctx, w.GuardCoordinator, p.ID))(t); r != (roster.Result{Same: 3, Bad: 5}) {
			t.Errorf("the second time wrote %+v", r)
		}
		again := testrig.Must(w.Roster.Preview(ctx, w.GuardCoordinator, content, options))(t)
		if again.Count(roster.LineSame) != 3 || again.Count(roster.LineNew) != 0 {
			t.Errorf("the file again:\n%s", told(again))
		}
	})
}

func TestNamesAreTakenInTheOrderInWhichTheyStand(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		p := testrig.Must(w.Roster.Preview(t.Context(), w.Admin, file(t, "osrodki-iso-8859-2.txt"), roster.Options{UnitID: w.Office, Lang: "pl", CreateUnits: true}))(t)
		compare(t, told(p), `
2 new Nowak Agnieszka | agnieszka.nowak@ops.example.org | OPS Biała (nowa)
3 new Wójcik Krzysztof | krzysztof.wojcik@ops.example.org | OPS Biała (nowa)
4 new Zielińska Małgorzata | m.zielinska@ops.example.org | OPS Łęczna (nowa)
5 bad Bondar Oksana | o.bondar@ops.example.org | OPS Łęczna (nowa) | Język: nie znamy języka „ukraiński”
`)
		if !slices.Equal(p.NewUnits, []string{"OPS Biała", "OPS Łęczna"}) || !p.FamilyFirst {
			t.Errorf("new units %v", p.NewUnits)
		}
		if r := testrig.Must(w.Roster.Confirm(t.Context(), w.Admin, p.ID))(t); r.Added != 3 || r.Units != 2 {
			t.Errorf("wrote %+v", r)
		}
		z := testrig.Must(w.Identity.PersonBySignInName(t.Context(), w.Admin, "m.zielinska@ops.example.org"))(t)
		if z.Lang != "en" || z.Sex != identity.Female || z.UnitName != "OPS Łęczna" || z.GivenName != "Małgorzata" {
			t.Errorf("%+v", z)
		}
	})
}

func TestAnEnglishListInUTF16(t *testing.T) {
	w := testrig.New(t)
	p := testrig.Must(w.Roster.Preview(t.Context(), w.Admin, file(t, "welfare-utf-16.csv"), roster.Options{UnitID: w.Guard, Lang: "en"}))(t)
	compare(t, told(p), `
2 new O'Connor Mary | mary@ngo.example.org | Straż Graniczna
3 new de la Cruz Anne-Marie | am@ngo.example.org | Biuro programu
`)
}

// workbook makes an XLSX file as people do: an empty first sheet, a title, a day as a day and a number as a number.
func workbook(t testing.TB, rows [][]any) []byte {
	t.Helper()
	f := excelize.NewFile()
	defer f.Close()
	testrig.Must(f.NewSheet("Osoby"))(t)
	for i, row := range rows {
		cell := testrig.Must(excelize.CoordinatesToCellName(1, i+1))(t)
		if err := f.SetSheetRow("Osoby", cell, &row); err != nil {
			t.Fatal(err)
		}
	}
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestAWorkbookChangesWhatItStatesAndLeavesTheRest(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		ctx := t.Context()
		d := testrig.Draft("Ewa", "Dawna", w.Terespol)
		d.ServiceNumber, d.Sex, d.Region = "555", identity.Female, "06"
		personID := testrig.Must(w.Identity.Add(ctx, w.Admin, d, false))(t)
		elsewhere := testrig.Draft("Ola", "Daleka", w.Office)
		testrig.Must(w.Identity.Add(ctx, w.Admin, elsewhere, false))(t)
		content := workbook(t, [][]any{
			{"Wykaz"}, {},
			{"Imię", "Nazwisko", "Nr służbowy", "Ważne do", "E-mail"},
			{"EWA", "NOWA-DAWNA", 555, time.Date(2027, 1, 31, 0, 0, 0, 0, time.UTC), ""},
			{"Ola", "Daleka", "", "", elsewhere.Mail},
			{"Jan", "", 556, "", ""},
			{"Kinga", "Koordynatorka", "", "", "kinga.koordynatorka@example.org"},
			{"Ewa", "Dawna", 777, "", "adam.zarzadca@example.org"},
		})
		p := testrig.Must(w.Roster.Preview(ctx, w.GuardCoordinator, content, roster.Options{UnitID: w.Terespol, Lang: "en"}))(t)
		compare(t, told(p), `
4 changed Nowa-Dawna Ewa | 555 | Placówka w Terespolu | family_name until
5 bad Daleka Ola | ola.daleka@example.org | Placówka w Terespolu | E-mail: ta osoba jest w jednostce spoza Twojego zakresu
6 bad Jan | 556 | Placówka w Terespolu | Nazwisko: Podaj nazwisko.
7 same Koordynatorka Kinga | kinga.koordynatorka@example.org | Straż Graniczna
8 bad Dawna Ewa | adam.zarzadca@example.org | Placówka w Terespolu | E-mail: ta osoba jest w jednostce spoza Twojego zakresu
`)
		if r := testrig.Must(w.Roster.Confirm(ctx, w.GuardCoordinator, p.ID))(t); r.Changed != 1 || r.Added != 0 {
			t.Errorf("wrote %+v", r)
		}
		ewa := testrig.Must(w.Identity.Person(ctx, w.Admin, personID))(t)
		if ewa.FamilyName != "Nowa-Dawna" || ewa.GivenName != "Ewa" || ewa.Mail != d.Mail || ewa.Sex != identity.Female || ewa.Region != "06" || ewa.Lang != "pl" || ewa.Roles[0].ExpiresAt.IsZero() {
			t.Errorf("Ewa is %+v", ewa)
		}
	})
}

func TestAListCannotTakeOverWhoMayMore(t *testing.T) {
	w := testrig.New(t)
	ctx := t.Context()
	d := testrig.Draft("Szefowa", "Wysoka", w.Terespol)
	d.ServiceNumber = "1"
	chief := testrig.Must(w.Identity.Add(ctx, w.Admin, d, false))(t)
	w.OK(w.Identity.Grant(ctx, w.Admin, chief, identity.RoleDraft{Role: access.Administrator}))
	p := testrig.Must(w.Roster.Preview(ctx, w.TerespolCoordinator, []byte("Imię;Nazwisko;Nr służbowy;E-mail\nSzefowa;Wysoka;1;attacker@example.org\n"), roster.Options{UnitID: w.Terespol, Lang: "pl"}))(t)
	if p.Lines[0].State != roster.LineBad || p.Lines[0].Faults[0].Key != "people.fault.higher" {
		t.Errorf("%s", told(p))
	}
	w.OK(func() error { _, err := w.Roster.Confirm(ctx, w.TerespolCoordinator, p.ID); return err }())
	if now := testrig.Must(w.Identity.Person(ctx, w.Admin, chief))(t); now.Mail != d.Mail {
		t.Error("the address was changed")
	}
}

func TestFilesThatCannotBeImportedSayWhy(t *testing.T) {
	w := testrig.New(t)
	options := roster.Options{UnitID: w.Terespol, Lang: "pl"}
	for want, content := range map[string]string{
		"import-no-file":    "",
		"import-header":     "a;b\nc;d\n",
		"import-no-key":     "Imię;Nazwisko\nAnna;Nowak\n",
		"import-empty":      "Imię;Nazwisko;E-mail\n;;\n",
		"import-old":        "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
		"import-unreadable": "PK\x03\x04garbage",
		"import-rows":       "Imię;Nazwisko;E-mail\n" + strings.Repeat("a;b;c\n", 20_000),
		"import-large":      strings.Repeat("x", 10<<20+1),
	} {
		if _, err := w.Roster.Preview(t.Context(), w.TerespolCoordinator, []byte(content), options); fault(err, "file") != want {
			t.Errorf("%v, want %s", err, want)
		}
	}
	ok := []byte("Imię;Nazwisko;E-mail\nA;B;a@example.org\n")
	if _, err := w.Roster.Preview(t.Context(), w.TerespolCoordinator, ok, roster.Options{UnitID: w.Medyka, Lang: "pl"}); fault(err, "unit") != "unit" {
		t.Errorf("a unit elsewhere: %v", err)
	}
	p := testrig.Must(w.Roster.Preview(t.Context(), w.TerespolCoordinator, ok, options))(t)
	_, err := w.Roster.Confirm(t.Context(), w.GuardCoordinator, p.ID)
	w.Refused("another person's preview", err, errs.ErrGone)
	w.Clock.Advance(61 * time.Minute)
	_, err = w.Roster.Confirm(t.Context(), w.TerespolCoordinator, p.ID)
	w.Refused("an hour later", err, errs.ErrGone)
}

// TestDamagedFilesAreReadOrRefused changes the files at random. The fuzz target does it better but slowly: it counts the
// coverage of the whole database engine too.
func TestDamagedFilesAreReadOrRefused(t *testing.T) {
	seeds := [][]byte{file(t, "straz-graniczna-windows-1250.csv"), file(t, "osrodki-iso-8859-2.txt"), file(t, "welfare-utf-16.csv"), workbook(t, [][]any{{"Imię", "Nazwisko", "E-mail"}, {"A", "B", "a@example.org"}})}
	rapid.Check(t, func(rt *rapid.T) {
		content := bytes.Clone(rapid.SampledFrom(seeds).Draw(rt, "file"))
		for range rapid.IntRange(1, 12).Draw(rt, "changes") {
			at := rapid.IntRange(0, len(content)-1).Draw(rt, "at")
			switch rapid.IntRange(0, 2).Draw(rt, "kind") {
			case 0:
				content[at] = rapid.SampledFrom([]byte("\";,\n\t\x00\xff=K ")).Draw(rt, "byte")
			case 1:
				content = append(content[:at:at], content[min(len(content)-1, at+rapid.IntRange(0, 20).Draw(rt, "cut")):]...)
			case 2:
				content = slices.Insert(content, at, rapid.SliceOfN(rapid.Byte(), 1, 8).Draw(rt, "more")...)
			}
			if len(content) == 0 {
				return
			}
		}
		roster.ReadForFuzzing(t, content)
	})
}

func FuzzImport(f *testing.F) {
	for _, name := range []string{"straz-graniczna-windows-1250.csv", "osrodki-iso-8859-2.txt", "welfare-utf-16.csv"} {
		f.Add(file(f, name))
	}
	f.Add([]byte("Imię i nazwisko;E-mail\n,;a@b.pl\n"))
	f.Fuzz(func(t *testing.T, content []byte) {
		roster.ReadForFuzzing(t, content)
	})
}

// fault returns the key of the first fault of a field in an error, or the error's own key.
func fault(err error, field string) string {
	var e *errs.Error
	if !errors.As(err, &e) {
		return ""
	}
	for _, f := range e.Fields {
		if f.Name == field {
			return strings.TrimPrefix(f.Key, "people.fault.")
		}
	}
	if field == "" {
		return strings.TrimPrefix(e.Key, "people.fault.")
	}
	return ""
}
