package papers_test

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"io"
	"math"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/text/unicode/norm"

	"ostoja/internal/classroom/papers"
	"ostoja/internal/errs"
	"ostoja/internal/lang"
	"ostoja/internal/paper/papertest"
	"ostoja/translations"
)

func printer(t testing.TB, tag string) *lang.Printer {
	t.Helper()
	zone, err := time.LoadLocation("Europe/Warsaw")
	if err != nil {
		t.Fatal(err)
	}
	texts, err := lang.Load(translations.FS, zone)
	if err != nil {
		t.Fatal(err)
	}
	return texts.Printer(tag)
}

func picture(t testing.TB, width, height int, c color.Color) []byte {
	t.Helper()
	m := image.NewRGBA(image.Rect(0, 0, width, height))
	for x := range width {
		for y := range height {
			if (x/10+y/10)%2 == 0 {
				m.Set(x, y, c)
			}
		}
	}
	var b bytes.Buffer
	if err := png.Encode(&b, m); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// names stand at the head of each list: Polish, Ukrainian with its apostrophe, Vietnamese in both ways of spelling it, Arabic, Hindi.
var names = []string{"Świętosława Żółć-Gżegżółka", "Мар\u02bcяна Знам\u02bcянська", "Nguyễn Thị Bảo Trâm", norm.NFD.String("Đặng Quốc Việt"), "محمد علي", "राम थापा"}

// day is a training of two half-days with so many people.
func day(t testing.TB, people int) papers.Day {
	t.Helper()
	at := func(hour, minute int) time.Time { return time.Date(2026, 12, 1, hour-1, minute, 0, 0, time.UTC) } // Warsaw's winter time
	d := papers.Day{
		At: time.Date(2026, 12, 2, 9, 5, 0, 0, time.UTC),
		Training: papers.Training{
			Title:     "Rozpoznawanie, ochrona i wsparcie osób pokrzywdzonych handlem ludźmi: dla pracowników pomocy społecznej",
			Programme: "Pomoc społeczna, wersja 1.2", Audience: "pracownice i pracownicy OPS, PCPR i interwencji kryzysowej",
			Project: "Razem przeciw handlowi ludźmi, PL/2026/PR/0042", Share: 85,
			Statement: "Projekt współfinansowany ze środków Przykładowego Funduszu. Wyłączną odpowiedzialność za treść ponosi organizator.",
			Organiser: "Biuro Programu, ul. Przykładowa 1, 00-001 Warszawa", Contact: "szkolenia@example.org",
			HourMinutes: 45, TheoryMinutes: 180, ExerciseMinutes: 225,
			Objectives: []string{"rozpoznają sygnały i wiedzą, co zrobić dalej", "prowadzą pierwszą rozmowę bezpiecznie", "wiedzą, co komu przysługuje i na jakiej podstawie"},
			Materials:  []string{"podręcznik uczestniczki i uczestnika", "karta kontaktów powiatu", "zestaw ośmiu przypadków (fikcyjnych)"},
			Delegation: true, AnswerUntil: at(12, 0).AddDate(0, 0, -10),
			NoticeText:    "Administratorem danych jest Biuro Programu.\n\nDane przetwarzamy, aby:\n- zorganizować szkolenie,\n- rozliczyć je wobec funduszu.\n\nMasz prawo dostępu do danych.",
			NoticeVersion: "3",
		},
		Emblems: []papers.Emblem{
			{Data: picture(t, 400, 120, color.RGBA{11, 94, 99, 255}), Description: "Znak Przykładowego Funduszu"},
			{Data: picture(t, 120, 120, color.RGBA{168, 28, 28, 255}), Description: "Znak Biura Programu"},
		},
		Sessions: []papers.Session{
			{
				Sheet: "7K3-R", Version: 2, Title: "rano", Starts: at(9, 0), Ends: at(12, 30), Minutes: 195, Place: "Dom Spotkań", Room: "sala 2", Address: "ul. Długa 5, Radom",
				Access: "podjazd od podwórza, winda, pętla indukcyjna", Trainers: []string{"Anna Ćwik", "Олена Мар\u02bcян"}, EmptyRows: 4,
				Agenda: []papers.Item{
					{Starts: at(9, 0), Minutes: 45, Title: "Czym jest handel ludźmi", Form: papers.Theory},
					{Starts: at(9, 45), Minutes: 75, Title: "Osiem przypadków", Form: papers.Exercise, Trainer: "Anna Ćwik"},
					{Starts: at(11, 0), Minutes: 15, Title: "Przerwa", Form: papers.Pause},
					{Starts: at(11, 15), Minutes: 75, Title: "Karta kontaktów powiatu", Form: papers.Exercise},
				},
			},
			{Sheet: "7K3-P", Version: 1, Title: "po południu", Starts: at(13, 0), Ends: at(16, 30), Place: "Dom Spotkań", Trainers: []string{"Anna Ćwik"}, EmptyRows: 4, SheetKept: true, Counted: true, Closed: true},
		},
		Evaluation: papers.Report{
			Invited: people + 3, Present: people, Answered: people - 1,
			Questions: []papers.Question{{"Szkolenie przyda mi się w pracy.", people - 1, 4.62, 5}, {"Tempo było dobre.", people - 1, math.NaN(), 5}},
			Gains: []papers.Gain{{
				Test: "Rozpoznawanie i wsparcie", Matched: people - 2, Lost: 2, Before: 51.2, After: 68.9, Difference: 17.7, Lower: 12.1, Upper: 23.3, FirstDay: at(9, 0), LastDay: at(16, 0),
			}},
			Remarks: []string{"Więcej czasu na ćwiczenia."},
		},
	}
	for i := range people {
		who := papers.Person{Code: fmt.Sprintf("%02d", i+1), Name: fmt.Sprintf("Osoba Kolejna-%d", i+1), Institution: fmt.Sprintf("Ośrodek Pomocy Społecznej nr %d", i+1)}
		if i < len(names) {
			who.Name = names[i]
		}
		switch i % 5 {
		case 0:
			who.NoticeVersion, who.NoticeAt, who.Delegated = "3", at(9, 0).AddDate(0, 0, -5), true
		case 1:
			who.NoticeVersion, who.NoticeAt = "2", at(9, 0).AddDate(0, -2, 0)
		case 2:
			who.Certificate, who.Institution = fmt.Sprintf("OST/2026/%05d", i), "Powiatowe Centrum Pomocy Rodzinie w Ostrowcu Świętokrzyskim, Zespół do spraw Pieczy Zastępczej i Interwencji Kryzysowej"
		}
		d.People = append(d.People, who)
	}
	return d
}

func made(t testing.TB, d papers.Day, tag string, kinds ...papers.Kind) []byte {
	t.Helper()
	b, err := papers.PDF(d, printer(t, tag), kinds...)
	if err != nil {
		t.Fatal(err)
	}
	if dir := os.Getenv("OSTOJA_PDF_DIR"); dir != "" { // to look at it
		name := strings.ReplaceAll(t.Name(), "/", "-")
		if err := os.WriteFile(fmt.Sprintf("%s/%s-%s-%d.pdf", dir, name, tag, len(d.People)), b, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return b
}

// said reads the papers back as one line of words.
func said(t testing.TB, d papers.Day, tag string, kinds ...papers.Kind) string {
	t.Helper()
	b := made(t, d, tag, kinds...)
	papertest.Check(t, b)
	return strings.Join(strings.Fields(papertest.Words(t, b)), " ")
}

// fonts skips a test where the program was built without the fonts of npm packages.
func fonts(t *testing.T) {
	t.Helper()
	if err := papers.Check(papers.Day{People: []papers.Person{{Name: "राम"}}}); err != nil {
		t.Skip("built without fonts of npm packages: run npm ci and go run ./internal/tools/assets")
	}
}

// Each paper says what it is for, to whom it belongs, whose money it is, and each name in full.
func TestWhatStandsOnEachPaper(t *testing.T) {
	fonts(t)
	for _, c := range []struct {
		kind papers.Kind
		want []string
	}{
		{papers.Invitation, []string{
			"Zaproszenie na szkolenie", "Zapraszamy na szkolenie „Rozpoznawanie", "1 grudnia 2026 9:00–12:30", "Prosimy o odpowiedź do 21 listopada 2026", "szkolenia@example.org",
			"prosimy przesłać na adres: szkolenia@example.org", "podjazd od podwórza", "Zgoda na udział w szkoleniu (delegacja)", "podpis i pieczęć", "9 godzin (1 godzina = 45 minut); teoria: 4 godziny, ćwiczenia: 5 godzin", "strona 1 z 1",
		}},
		{papers.Agenda, []string{"Program szkolenia", "9:45–11:00 Osiem przypadków ćwiczenia Anna Ćwik", "11:00–11:15 Przerwa przerwa", "po południu"}},
		{papers.Sheets, []string{
			"Lista obecności", "Liczba osób na sali", "Liczba podpisów", "Lista 7K3-R, wersja 2", "Lista 7K3-P, wersja 1", "4,33 godziny (1 godzina = 45 minut)",
			"4,67 godziny", "strona 1 z 2", "strona 2 z 2", "data i podpis osoby prowadzącej", "PL/2026/PR/0042", "udział projektu w kosztach: 85 %", "+4", "1 grudnia 2026, 13:00–16:30",
		}},
		{papers.Materials, []string{"Potwierdzenie odbioru materiałów", "karta kontaktów powiatu", "Podpisem potwierdzam odbiór materiałów"}},
		{papers.Hours, []string{"Ewidencja godzin", "Anna Ćwik", "Олена", "Razem 9", "Razem 4,33", "1 godzina = 45 minut"}},
		{papers.Notice, []string{"Informacja o przetwarzaniu danych osobowych", "Wersja informacji 3", "Administratorem danych jest", "• rozliczyć je wobec funduszu.", "w systemie: 26 listopada 2026"}},
		{papers.Evaluation, []string{"Raport z ewaluacji", "zaproszenia: 28, obecność: 25, wypełnione ankiety: 24", "4,62 1–5", "–", "za mało", "17,7 (od 12,1 do 23,3)", "Więcej czasu"}},
		{papers.Missing, []string{"Czego jeszcze brakuje", "podpisana lista obecności", "zgody osób przełożonych: brak dla 20 osób", "potwierdzenia zapoznania się z informacją o danych: brak dla 20 osób"}},
	} {
		t.Run(string(c.kind), func(t *testing.T) {
			text := said(t, day(t, 25), "pl", c.kind)
			want := append(c.want, "Przykładowego Funduszu", "dla pracowników pomocy społecznej")
			if c.kind == papers.Invitation || c.kind == papers.Sheets || c.kind == papers.Materials || c.kind == papers.Notice {
				want = append(want, "Kolejna-25", "Świętosława Żółć-Gżegżółka", "Мар\u02bcяна Знам\u02bcянська", "Nguyễn Thị Bảo Trâm", "Đặng Quốc Việt", "राम", "علي")
			}
			for _, w := range want {
				if !strings.Contains(text, w) {
					t.Errorf("lacks %q", w)
				}
			}
			if strings.Contains(text, "⟦") {
				t.Error("a text is missing")
			}
			if t.Failed() {
				t.Log(text)
			}
			if english := said(t, day(t, 3), "en", c.kind); strings.Contains(english, "⟦") || strings.Contains(english, "strona") {
				t.Errorf("in English: %s", english)
			}
		})
	}
}

// Whoever has no certificate signs for none; before the first is issued, all rows are there to be written into.
func TestWhoSignsForACertificate(t *testing.T) {
	fonts(t)
	d := day(t, 25)
	text := said(t, d, "pl", papers.Certificates)
	if !strings.Contains(text, "OST/2026/00007") || strings.Contains(text, "Kolejna-10") {
		t.Errorf("the receipt of certificates says %s", text)
	}
	for i := range d.People {
		d.People[i].Certificate = ""
	}
	if !strings.Contains(said(t, d, "pl", papers.Certificates), "Kolejna-10") {
		t.Error("before the first certificate the list is empty")
	}
}

// All papers together are one document; apart they are files whose names say what they are and name nobody.
func TestOneDocumentOrAZIP(t *testing.T) {
	fonts(t)
	d := day(t, 7)
	all := said(t, d, "pl", papers.All()...)
	b, err := papers.ZIP(d, printer(t, "pl"), papers.All()...)
	if err != nil {
		t.Fatal(err)
	}
	z, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	var list []string
	for _, f := range z.File {
		list = append(list, f.Name)
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		pdf, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		papertest.Check(t, pdf)
		if text := strings.Join(strings.Fields(papertest.Words(t, pdf)), " "); !strings.Contains(all, text) {
			t.Errorf("%s says something else than the document: %s", f.Name, text)
		}
	}
	want := "01-zaproszenia.pdf 02-program.pdf 03-listy-obecnosci.pdf 04-odbior-materialow.pdf 05-odbior-zaswiadczen.pdf 06-ewidencja-godzin.pdf 07-informacja-o-danych.pdf 08-raport-z-ewaluacji.pdf 09-czego-brakuje.pdf"
	if got := strings.Join(list, " "); got != want {
		t.Errorf("files %s", got)
	}
	again, err := papers.ZIP(d, printer(t, "pl"), papers.All()...)
	if err != nil || !bytes.Equal(b, again) {
		t.Error("the same day gives other bytes", err)
	}
	for name, make := range map[string]func(papers.Day, *lang.Printer, ...papers.Kind) ([]byte, error){"PDF": papers.PDF, "ZIP": papers.ZIP} {
		if _, err := make(d, printer(t, "pl"), papers.Agenda, "letter"); !errors.Is(err, errs.ErrNotFound) {
			t.Errorf("%s of an unknown paper: %v", name, err)
		}
		without, unread := d, d
		without.People = []papers.Person{{Name: "김"}}
		unread.Emblems = []papers.Emblem{{Data: []byte("no picture")}}
		for _, bad := range []papers.Day{without, unread} {
			if _, err := make(bad, printer(t, "pl"), papers.Agenda); !errors.Is(err, errs.ErrInvalid) {
				t.Errorf("%s of what cannot be printed: %v", name, err)
			}
		}
	}
}

// A session in which the clocks change lasts as long as it really does, and says so.
func TestASessionWithAClockChange(t *testing.T) {
	for _, c := range []struct {
		from, to time.Time
		want     []string
	}{
		{time.Date(2026, 10, 24, 22, 0, 0, 0, time.UTC), time.Date(2026, 10, 25, 3, 0, 0, 0, time.UTC), []string{"00:00 CEST–04:00 CET", "5 godzin (1 godzina = 60 minut)", "faktycznie mija: 5 godzin zegarowych"}},
		{time.Date(2027, 3, 27, 23, 0, 0, 0, time.UTC), time.Date(2027, 3, 28, 2, 0, 0, 0, time.UTC), []string{"00:00 CET–04:00 CEST", "3 godziny (1 godzina = 60 minut)", "3 godziny zegarowe"}},
		{time.Date(2026, 10, 25, 20, 0, 0, 0, time.UTC), time.Date(2026, 10, 26, 1, 0, 0, 0, time.UTC), []string{"25 października 2026, 21:00–26 października 2026, 2:00", "5 godzin"}},
	} {
		d := day(t, 1)
		d.Training.HourMinutes = 60
		d.Sessions = []papers.Session{{Sheet: "N", Starts: c.from, Ends: c.to}}
		text := said(t, d, "pl", papers.Sheets)
		for _, w := range c.want {
			if !strings.Contains(text, w) {
				t.Errorf("lacks %q: %s", w, text)
			}
		}
	}
}

// A name that no font has in full is refused by words that name the person and the letters; the log gets neither.
func TestNamesThatCannotBePrintedAreRefused(t *testing.T) {
	d := day(t, 2)
	d.People[1] = papers.Person{Name: "Kim 김민", Institution: "OPS"}
	_, err := papers.PDF(d, printer(t, "pl"), papers.Sheets)
	var refused *errs.Error
	if !errors.As(err, &refused) || !errors.Is(err, errs.ErrInvalid) {
		t.Fatalf("refused by %v", err)
	}
	if text := printer(t, "pl").Args(refused.Key, refused.Args); !strings.Contains(text, "Kim 김민 (김, 민)") {
		t.Errorf("the person reads %q", text)
	}
	if strings.Contains(err.Error(), "Kim") {
		t.Errorf("the log names the person: %v", err)
	}
	d = day(t, 1)
	d.Training.Title += " 🎓"
	if _, err := papers.PDF(d, printer(t, "pl"), papers.Agenda); !errors.As(err, &refused) || refused.Args["Letters"] != "🎓" {
		t.Errorf("a title with a picture: %v", err)
	}
	d = day(t, 1)
	d.Emblems[0].Data = []byte("no picture")
	if _, err := papers.ZIP(d, printer(t, "pl"), papers.Agenda); !errors.Is(err, errs.ErrInvalid) {
		t.Errorf("an emblem that is none: %v", err)
	}
}

// What is missing is asked for when it is due: after its end a session owes its sheet, before it nothing but trainers and agenda.
func TestWhatIsMissing(t *testing.T) {
	list := func(d papers.Day) string {
		var all []string
		for _, l := range papers.Lacks(d, printer(t, "en")) {
			all = append(all, strings.TrimPrefix(l.Session+": "+l.Text, ": "))
		}
		return strings.Join(all, "\n")
	}
	d := day(t, 3)
	for i := range d.People {
		d.People[i] = papers.Person{Code: "1", Name: "A", NoticeVersion: "3", NoticeAt: d.At, Delegated: true, Certificate: "1"}
	}
	d.Sessions[0].SheetKept, d.Sessions[0].Counted, d.Sessions[0].Closed, d.Sessions[1].Agenda = true, true, true, d.Sessions[0].Agenda
	if got := list(d); got != "" {
		t.Errorf("a complete day lacks %s", got)
	}
	if text := said(t, d, "en", papers.Missing); !strings.Contains(text, "The documents are complete.") {
		t.Errorf("the list says %s", text)
	}
	d.Sessions[0].SheetKept, d.Sessions[1].Unanswered, d.People[0].Certificate, d.People[1].Delegated = false, 1, "", false
	want := "superiors' consent: missing for 1 person\ncertificate: missing for 1 person\n1 December 2026, 9:00–12:30, rano: signed attendance sheet (photograph or scan)\n" +
		"1 December 2026, 13:00–16:30, po południu: attendance of 1 person"
	if got := strings.ReplaceAll(list(d), "\u00a0", " "); got != want {
		t.Errorf("lacks\n%s", got)
	}
	d.At = d.At.AddDate(0, -1, 0)
	if got := list(d); got != "superiors' consent: missing for 1 person" {
		t.Errorf("a month before, the day lacks %s", got)
	}
	if got := strings.Count(list(papers.Day{}), "\n") + 1; got != 8 {
		t.Errorf("a day of which nothing is known lacks %s", list(papers.Day{}))
	}
}

// Papers can be made of a day of which little is known yet: what is not known is left out, or has room to be written in.
func TestADayOfWhichLittleIsKnown(t *testing.T) {
	d := papers.Day{Training: papers.Training{Title: "Szkolenie", Delegation: true}, Sessions: []papers.Session{{Starts: time.Unix(0, 0), Ends: time.Unix(5400, 0)}}}
	text := said(t, d, "pl", papers.All()...)
	for _, want := range []string{"Treści informacji jeszcze nie wpisano", "następującą osobę: ………", "2 godziny (1 godzina = 45 minut)", "Imię i nazwisko Instytucja Zapraszamy"} {
		if !strings.Contains(text, want) {
			t.Errorf("lacks %q: %s", want, text)
		}
	}
	for _, unknown := range []string{
		"Uwagi uczestniczek", "Prosimy o odpowiedź", "prosimy kierować", "prosimy przesłać", "Dostępność miejsca", "Po szkoleniu", "Cele", "Projekt ", "Wynik testu", "zmienia się czas", "Podpisem potwierdzam odbiór materiałów",
	} {
		if strings.Contains(text, unknown) {
			t.Errorf("says %q", unknown)
		}
	}
	d.Training.Delegation = false
	if strings.Contains(said(t, d, "pl", papers.Invitation), "delegacja") {
		t.Error("a training that asks for no consent has a slip for it")
	}
}

// The papers for 250 people take at most ten times the processor time of those for 25.
func BenchmarkPapers(b *testing.B) {
	p, each := printer(b, "pl"), map[int]float64{}
	for _, people := range []int{25, 250} {
		d := day(b, people)
		d.People[5].Name = "Ram Thapa" // in every build
		b.Run(fmt.Sprint(people), func(b *testing.B) {
			before := processorTime(b)
			for b.Loop() {
				if _, err := papers.PDF(d, p, papers.All()...); err != nil {
					b.Fatal(err)
				}
			}
			each[people] = float64((processorTime(b) - before).Microseconds()) / 1000 / float64(b.N)
			b.ReportMetric(each[people], "cpu-ms/op")
			if few := each[25]; people > 25 && few > 0 {
				b.ReportMetric(each[people]/few, "times-25")
				if each[people] > 10*few {
					b.Errorf("the papers for %d people take %.1f times as long as those for 25", people, each[people]/few)
				}
			}
		})
	}
}

func processorTime(b *testing.B) time.Duration {
	b.Helper()
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		b.Fatal(err)
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}

// On sheets for many people each name stands once for each session, and each page says of which sheet it is and how many there are.
func TestSheetsForManyPeople(t *testing.T) {
	d := day(t, 250)
	d.People[5].Name = "Ram Thapa" // in every build
	b := made(t, d, "pl", papers.Sheets)
	pages := strings.Split(strings.TrimSuffix(papertest.Words(t, b), "\f"), "\f")
	sheet, page, of := "7K3-R, wersja 2", 0, 0
	for i, text := range pages {
		if strings.Contains(text, "7K3-P") && sheet[:5] != "7K3-P" {
			if page != of {
				t.Errorf("the first sheet ends with page %d of %d", page, of)
			}
			sheet, page = "7K3-P, wersja 1", 0
		}
		page++
		foot := strings.Index(text, "strona ")
		if _, err := fmt.Sscanf(text[max(0, foot):], "strona "+fmt.Sprint(page)+" z %d", &of); err != nil || !strings.Contains(text, "Lista "+sheet) {
			t.Fatalf("page %d of the file says %q", i+1, text)
		}
		if page < of {
			if n := strings.Count(text, "Kolejna-"); page > 1 && (n < 17 || n > 26) {
				t.Errorf("%d people are on a page", n)
			}
			if !strings.Contains(text, "Podpis") || !strings.Contains(text, "1 grudnia 2026") && !strings.Contains(text, "1\u00a0grudnia\u00a02026") {
				t.Errorf("page %d lacks its head", i+1)
			}
		}
	}
	if page != of {
		t.Errorf("the last sheet ends with page %d of %d", page, of)
	}
	all := strings.Join(strings.Fields(strings.Join(pages, " ")), " ")
	for i := 6; i < 250; i++ {
		if n := strings.Count(all, fmt.Sprintf("Kolejna-%d ", i+1)); n != len(d.Sessions) {
			t.Errorf("person %d stands %d times", i+1, n)
		}
	}
}
