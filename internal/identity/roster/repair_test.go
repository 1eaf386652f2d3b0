package roster_test

import (
	"bytes"
	"slices"
	"strings"
	"testing"
	"time"

	"ostoja/internal/errs"
	"ostoja/internal/identity/roster"
	"ostoja/internal/sheet"
	"ostoja/internal/testrig"
)

// The rows that cannot be taken in come back in the file's own columns, before and after the others were taken in; corrected and sent again,
// in either format and with the column that says what was wrong, they are taken in and nobody is there twice.
func TestBadRowsAreCorrectedAndSentAgain(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		ctx := t.Context()
		content := []byte("Lp.;Nazwisko i imię;E-mail;Jednostka;Płeć\n1;Nowak Anna;anna.n@example.org;;k\n2;Kowal Jan;nie-adres;;m\n3;Bąk Ewa;ewa.b@example.org;=Nieznana;kot\n")
		o := roster.Options{UnitID: w.Terespol, Lang: "en", Invite: true}
		p := testrig.Must(w.Roster.Preview(ctx, w.TerespolCoordinator, content, o))(t)
		want := [][]string{{"Jan", "Kowal", "nie-adres", "", "", "", "m", "", ""}, {"Ewa", "Bąk", "ewa.b@example.org", "", "=Nieznana", "", "kot", "", ""}}
		faults := []int{1, 2}
		check := func(when string) []roster.BadRow {
			t.Helper()
			bad := testrig.Must(w.Roster.Repair(ctx, w.TerespolCoordinator, p.ID))(t)
			if len(bad) != len(want) {
				t.Fatalf("%s: %+v", when, bad)
			}
			for i, r := range bad {
				if !slices.Equal(r.Cells, want[i]) || len(r.Faults) != faults[i] {
					t.Errorf("%s: row %d is %+v", when, i, r)
				}
			}
			return bad
		}
		check("before")
		if r := testrig.Must(w.Roster.Confirm(ctx, w.TerespolCoordinator, p.ID))(t); r.Added != 1 || r.Bad != 2 {
			t.Fatalf("%+v", r)
		}
		bad := check("after")
		if again := testrig.Must(w.Roster.OptionsOf(ctx, w.TerespolCoordinator, p.ID))(t); again != o {
			t.Errorf("the same would be asked again: %+v", again)
		}
		for name, err := range map[string]error{
			"somebody else's":         only(w.Roster.Repair(ctx, w.Coordinator, p.ID)),
			"somebody else's choices": only(w.Roster.OptionsOf(ctx, w.Coordinator, p.ID)),
			"made up":                 only(w.Roster.Repair(ctx, w.TerespolCoordinator, "x")),
		} {
			w.Refused(name, err, errs.ErrGone)
		}
		for who, actor := range w.Everybody() {
			if actor.PersonID != w.TerespolCoordinator.PersonID {
				w.Refused(who, only(w.Roster.Repair(ctx, actor, p.ID)), errs.ErrGone)
			}
		}
		for _, f := range []sheet.Format{sheet.CSV, sheet.XLSX} {
			var sent bytes.Buffer
			var rows [][]any
			for i, r := range bad {
				cells := slices.Clone(r.Cells)
				if i == 0 {
					cells[2] = "jan.kowal@example.org"
				} else {
					cells[4], cells[6] = "PSG Terespol", "k"
				}
				rows = append(rows, line(append(cells, "tu był błąd")))
			}
			w.OK(sheet.Write(&sent, f, "Błędne", header("Co poprawić"), sheet.Of(rows)))
			next := testrig.Must(w.Roster.Preview(ctx, w.TerespolCoordinator, sent.Bytes(), o))(t)
			if next.Count(roster.LineBad) != 0 || !slices.Contains(next.Ignored, "Co poprawić") {
				t.Errorf("%s: %s", f, told(next))
			}
			r := testrig.Must(w.Roster.Confirm(ctx, w.TerespolCoordinator, next.ID))(t)
			if added := map[sheet.Format]int{sheet.CSV: 2, sheet.XLSX: 0}[f]; r.Added != added || r.Same != 2-added || r.Bad != 0 {
				t.Errorf("%s: %+v", f, r)
			}
		}
	})
}

// What is written into a file cannot become a formula there, and is what it was when it is read again.
func TestBadRowsStayHarmless(t *testing.T) {
	w := testrig.New(t)
	content := []byte("imię;nazwisko;e-mail;jednostka\nAnna;Zła;x;=HYPERLINK(\"http://example.org\")\n")
	p := testrig.Must(w.Roster.Preview(t.Context(), w.Admin, content, roster.Options{UnitID: w.Guard, Lang: "pl"}))(t)
	bad := testrig.Must(w.Roster.Repair(t.Context(), w.Admin, p.ID))(t)
	if bad[0].Cells[4] != `=HYPERLINK("http://example.org")` {
		t.Fatalf("%q", bad[0].Cells)
	}
	var sent bytes.Buffer
	w.OK(sheet.Write(&sent, sheet.CSV, "x", header("Co poprawić"), sheet.Of([][]any{line(bad[0].Cells)})))
	if strings.Contains(sent.String(), ";=") || strings.Contains(sent.String(), `;"=`) {
		t.Errorf("a formula: %s", sent.String())
	}
	next := testrig.Must(w.Roster.Preview(t.Context(), w.Admin, sent.Bytes(), roster.Options{UnitID: w.Guard, Lang: "pl"}))(t)
	if again := testrig.Must(w.Roster.Repair(t.Context(), w.Admin, next.ID))(t); !slices.Equal(again[0].Cells, bad[0].Cells) {
		t.Errorf("%q became %q", bad[0].Cells, again[0].Cells)
	}
}

// The rows are forgotten with the preview.
func TestBadRowsAreForgotten(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		content := []byte("imię;nazwisko;e-mail\nAnna;Zła;x\nJan;Dobry;jan.dobry@example.org\n")
		p := testrig.Must(w.Roster.Preview(t.Context(), w.Admin, content, roster.Options{UnitID: w.Guard, Lang: "pl"}))(t)
		testrig.Must(w.Roster.Confirm(t.Context(), w.Admin, p.ID))(t)
		if bad := testrig.Must(w.Roster.Repair(t.Context(), w.Admin, p.ID))(t); len(bad) != 1 {
			t.Fatalf("%+v", bad)
		}
		w.Clock.Advance(2 * time.Hour)
		w.OK(w.Roster.Forget(t.Context()))
		w.Refused("forgotten", only(w.Roster.Repair(t.Context(), w.Admin, p.ID)), errs.ErrGone)
	})
}

// header is that of the template, in Polish, with a column more.
func header(more string) []string {
	return []string{"Imię", "Nazwisko", "E-mail", "Nr służbowy", "Jednostka", "Język", "Płeć", "Województwo", "Dostęp do", more}
}

func line(cells []string) (row []any) {
	for _, c := range cells {
		row = append(row, c)
	}
	return row
}

func only(_ any, err error) error { return err }
