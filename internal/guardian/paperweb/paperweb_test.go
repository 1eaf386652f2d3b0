package paperweb_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"ostoja/guardian"
	"ostoja/internal/access"
	"ostoja/internal/testrig"
)

const (
	office = "/app/guardians/papers"
	own    = "/app/guardian/papers"
)

// said is what each paper must say, and says on both addresses.
var said = map[string][]string{
	"motion":      {"Wniosek o ustanowienie kuratora", "art. 61 i art. 26 ust. 2", "3 dni", "Uzasadnienie", "długopisem"},
	"scope":       {"rozszerzenie", "Przepis do sprawdzenia", "art. 61"},
	"report":      {"Zdanie dziecka", "Następny termin"},
	"resignation": {"zwolnienie mnie z funkcji", "Przekazanie następnej osobie"},
	"no-conflict": {"nie jestem krewną ani krewnym", "od nikogo nie mam zapłaty"},
	"consent":     {"cofnąć do dnia postanowienia", "Kontakt wyłącznie dla sądu"},
	"child":       {"Twój kurator", "112", "116 111", "poskarżyć", "Zdecyduje sąd"},
	"child?in=en": {"Your guardian", "112", "116 111", "You may complain", "keep secrets"},
	"child?in=uk": {"представник", "112", "116 111", "поскаржитися"},
	"child?in=ru": {"представитель", "112", "116 111", "пожаловаться"},
	"child?in=ar": {"kurator", "112", "116 111", "أن تشتكي"},
	"child?in=vi": {"Người đại diện", "112", "116 111", "khiếu nại"},
}

func TestPapersArePrintedAndNothingIsTypedIntoThem(t *testing.T) {
	w := testrig.New(t)
	o := w.GuardianOffice()
	for base, by := range map[string]access.Actor{office: o.Coordinator, own: o.Requester} {
		b := w.Browse(by)
		list := w.Status(b.Get(base), http.StatusOK)
		for name, want := range said {
			if !strings.Contains(list.Body, `href="`+base+"/"+name) {
				t.Errorf("%s does not lead to %s", base, name)
			}
			page := w.Status(b.Get(base+"/"+name), http.StatusOK)
			text := strings.ReplaceAll(strings.Join(strings.Fields(page.Text("main")), " "), "\u00a0", " ")
			for _, s := range append(want, "Wzór do sprawdzenia przez prawnika lub prawniczkę, 30.11.2026") {
				if s == "długopisem" { // on the list alone
					text += list.Text("main")
				}
				if !strings.Contains(text, s) {
					t.Errorf("%s/%s does not say %q: %s", base, name, s, text)
				}
			}
			_, article, _ := strings.Cut(page.Body, "<article")
			article, _, _ = strings.Cut(article, "</article>")
			for _, no := range []string{"<input", "<textarea", "<select", "<form", "contenteditable", "....", "{", "[ ]", "<script"} {
				if strings.Contains(article, no) {
					t.Errorf("%s/%s holds %q", base, name, no)
				}
			}
			if !strings.Contains(article, `class="blank`) {
				t.Errorf("%s/%s has no line to write on", base, name)
			}
			if strings.HasPrefix(name, "child") && strings.Count(article, "<svg") != 8 {
				t.Errorf("%s/%s has %d pictures", base, name, strings.Count(article, "<svg"))
			}
		}
		for _, none := range []string{"none", "child?in=xx", "motion?in=en", "..%2fmotion"} {
			w.Status(b.Get(base+"/"+none), http.StatusNotFound)
		}
	}
}

// The child's sheet says, in each language, where one complains: an address of this installation that can be typed, and that anybody opens.
func TestTheChildsSheetSaysWhereToComplain(t *testing.T) {
	w := testrig.New(t)
	o := w.GuardianOffice()
	_, host, _ := strings.Cut(w.Candidacy.BaseURL, "://")
	for _, tag := range []string{"pl", "en", "uk", "ru", "ar", "vi"} {
		p := w.Status(w.Browse(o.Coordinator).Get(office+"/child?in="+tag), http.StatusOK)
		if got := p.Find(`article bdi[dir="ltr"]:contains("complaint")`).Text(); got != host+"/guardian-complaint" {
			t.Errorf("%s: %q", tag, got)
		}
	}
	w.Status(w.Browse(access.Actor{}).Get("/guardian-complaint"), http.StatusOK)
}

// A fact that has lapsed is a line to write on: no paper prints a period or a number that nobody stands for any more.
func TestALapsedFactIsNotPrinted(t *testing.T) {
	w := testrig.New(t)
	o := w.GuardianOffice()
	w.Clock.Advance(2 * 366 * 24 * time.Hour)
	w.OK(w.Facts.Refresh(t.Context()))
	b := w.Browse(o.Coordinator)
	if text := w.Status(b.Get(office+"/motion"), http.StatusOK).Text("article"); strings.Contains(text, "3 dni") || strings.Contains(text, "art. 61") {
		t.Errorf("a lapsed fact is printed: %s", text)
	}
	text := w.Status(b.Get(office+"/child?in=en"), http.StatusOK).Text("article")
	if strings.Contains(strings.ReplaceAll(text, "\u00a0", " "), "116 111") || !strings.Contains(text, "112") {
		t.Errorf("the child's lines after two years: %s", text)
	}
}

func TestWhoPrintsPapers(t *testing.T) {
	w := testrig.New(t)
	o := w.GuardianOffice()
	people := w.Everybody()
	people["guardians' coordinator"], people["requester"] = o.Coordinator, o.Requester
	for name, a := range people {
		officeWants, ownWants := http.StatusForbidden, http.StatusOK
		switch {
		case a.PersonID == "":
			officeWants, ownWants = http.StatusSeeOther, http.StatusSeeOther
		case a.Has(access.GuardiansRead):
			officeWants = http.StatusOK
		}
		for path, want := range map[string]int{office: officeWants, office + "/motion": officeWants, own: ownWants, own + "/child": ownWants} {
			if got := w.Browse(a).Get(path).Status; got != want {
				t.Errorf("%s at %s: status %d, want %d", name, path, got, want)
			}
		}
	}
}

// The sheets for the child say the same in each language: as many sections, points, blanks and numbers, with the same pictures.
func TestTheChildsSheetIsWholeInEachLanguage(t *testing.T) {
	shape := func(tag string) string {
		b, err := guardian.Papers.ReadFile("child/" + tag + ".md")
		if err != nil {
			t.Fatal(err)
		}
		var s strings.Builder
		for line := range strings.Lines(string(b)) {
			switch {
			case strings.HasPrefix(line, "## "):
				s.WriteString(line[:strings.Index(line, "]")+1])
			case strings.HasPrefix(line, "- "):
				s.WriteString("-")
			}
			if i := strings.Index(line, "{"); i >= 0 {
				s.WriteString(line[i:strings.Index(line, "}")])
			}
			if strings.Contains(line, "......") {
				s.WriteString(".")
			}
		}
		return s.String()
	}
	for _, tag := range []string{"en", "uk", "ru", "ar", "vi"} {
		if got, want := shape(tag), shape("pl"); got != want {
			t.Errorf("%s is made otherwise than the Polish:\n%s\n%s", tag, got, want)
		}
	}
}
