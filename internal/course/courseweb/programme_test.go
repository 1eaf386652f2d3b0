package courseweb_test

import (
	"bytes"
	"net/http"
	"strings"
	"testing"

	"ostoja/internal/access"
	"ostoja/internal/course/coursetest"
	"ostoja/internal/course/folder"
	"ostoja/internal/testrig"
)

// inClass returns a world with a classroom programme.
func inClass(t *testing.T) *testrig.World {
	w := testrig.New(t)
	_, _, err := w.Courses.Publish(t.Context(), w.Author, coursetest.InClass(t))
	w.OK(err)
	return w
}

func TestAProgrammeIsPrinted(t *testing.T) {
	w := inClass(t)
	b := w.Browse(w.GuardTrainer)
	if text := w.Status(b.Get("/app/programmes"), http.StatusOK).Text("main"); !strings.Contains(text, "Mały kurs") {
		t.Errorf("the list: %s", text)
	}
	if text := w.Status(b.Get("/app/programmes/small-training"), http.StatusOK).Text("main"); !strings.Contains(text, "2 godziny (godzina ma 45 minut): teoria 1, ćwiczenia 1") || !strings.Contains(text, "od 8 do 20 osób") {
		t.Errorf("the programme: %s", text)
	}
	for sheet, want := range map[string][]string{
		"agenda":  {"Dzień 1", "9:55Pracaćwiczenia45"},
		"guide":   {"9:00–9:15 Powitanie", "9:15–9:45 Rozmowa", "Slajdy: 1", "Przypadki: Alarm", "Prowadzi: Dwie osoby", "Cel: kieruje do pomocy"},
		"slides":  {"Zadanie w parach", "2/2"},
		"cases":   {"Przypadek fikcyjny", "Osiem osób"},
		"answers": {"Nie rozdawać", "Nic się nie dzieje"},
		"card":    {"Karta Kto Telefon"},
	} {
		text := strings.Join(strings.Fields(w.Status(b.Get("/app/programmes/small-training/"+sheet), http.StatusOK).Text("main")), " ")
		for _, s := range want {
			if !strings.Contains(text, s) {
				t.Errorf("%s does not say %q: %s", sheet, s, text)
			}
		}
	}
	if text := w.Status(b.Get("/app/programmes/small-training/guide?in=en&version=1.0.0"), http.StatusOK).Text("main"); !strings.Contains(text, "Hand out the cards") || !strings.Contains(text, "an hour has 45 minutes") {
		t.Errorf("in English: %s", text)
	}
	for _, path := range []string{"/app/programmes/small-course", "/app/programmes/none", "/app/programmes/small-training/none", "/app/programmes/small-training/handouts", "/app/programmes/small-training?version=0"} {
		w.Status(b.Get(path), http.StatusNotFound)
	}
}

func TestWhoReadsProgrammes(t *testing.T) {
	w := inClass(t)
	for name, a := range w.Everybody() {
		want := http.StatusForbidden
		switch {
		case a.PersonID == "":
			want = http.StatusSeeOther
		case a.Has(access.CoursesRead):
			want = http.StatusOK
		}
		for _, path := range []string{"/app/programmes", "/app/programmes/small-training", "/app/programmes/small-training/guide"} {
			if got := w.Browse(a).Get(path).Status; got != want {
				t.Errorf("%s at %s: status %d", name, path, got)
			}
		}
	}
}

// Nobody is enrolled in what is held in a classroom: it is neither offered nor in the lists of courses to enrol in.
func TestNobodyIsEnrolledInAProgramme(t *testing.T) {
	w := inClass(t)
	for _, path := range []string{"/app/courses", "/app/desk"} {
		if text := w.Browse(w.Admin).Get(path).Text("main"); strings.Contains(text, "small-training") {
			t.Errorf("%s offers it: %s", path, text)
		}
	}
	if _, err := w.Learning.Enrol(t.Context(), w.Learner, "small-training", "pl"); err == nil {
		t.Error("somebody enrolled")
	}
	if _, err := w.Learning.EnrolMany(t.Context(), w.Admin, "small-training", []string{w.Learner.PersonID}); err == nil {
		t.Error("somebody was enrolled")
	}
	page := w.Status(w.Browse(w.Author).Get("/app/authoring/small-training"), http.StatusOK)
	if text := page.Text("main"); !strings.Contains(text, "do druku") || strings.Contains(text, "Otwórz dla wszystkich") {
		t.Errorf("the authors' page: %s", text)
	}
}

// What was published of a programme comes out again as it was, and its items are in the bank.
func TestAProgrammeIsPublishedAsACourse(t *testing.T) {
	w := inClass(t)
	e := testrig.Must(w.Courses.Entry(t.Context(), "small-training"))(t)
	if e.InCatalogue {
		t.Error("it is in the catalogue")
	}
	content := testrig.Must(w.Courses.Archive(t.Context(), e.CurrentVersionID))(t)
	files := testrig.Must(folder.Unzip(bytes.NewReader(content), int64(len(content))))(t)
	if _, made, err := w.Courses.Publish(t.Context(), w.Author, files); err != nil || made {
		t.Errorf("published again: %v, %v", made, err)
	}
	tests := testrig.Must(w.Bank.Tests(t.Context()))(t)
	found := false
	for _, test := range tests {
		found = found || test.Origin == "small-training" && len(test.Forms) == 2
	}
	if !found {
		t.Errorf("the bank has no test of it: %+v", tests)
	}
	list := testrig.Must(w.Courses.Programmes(t.Context()))(t)
	if len(list) != 1 || list[0].ID != "small-training" || list[0].Version != "1.0.0" || list[0].Programme.Hours() != 2 {
		t.Errorf("programmes: %+v", list)
	}
}
