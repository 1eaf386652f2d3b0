package yearweb_test

import (
	"net/http"
	"strings"
	"testing"

	"ostoja/internal/testrig"
)

// TestTheYearsPage: figures with their definitions, what is not known in words, and the same rows as a file; who reads projects of a unit alone does not find it.
func TestTheYearsPage(t *testing.T) {
	w := testrig.New(t)
	w.Pass(w.Learner, testrig.SmallCourse)
	b := w.Browse(w.Coordinator)
	p := w.Status(b.Get("/app/year"), http.StatusOK)
	for _, want := range []string{"Rok 2026 w liczbach", "Stan na 23 października 2026", "Rok jeszcze trwa.", "każda raz w roku", "nie wiadomo", "Nie ma przyrostu, który można podać"} {
		if !strings.Contains(p.Text("main"), want) {
			t.Errorf("no %q: %s", want, p.Text("main"))
		}
	}
	if p = w.Status(w.Browse(w.Reviewer).Get("/app/year?year=2026&as=csv"), http.StatusOK); !strings.Contains(p.Body, "Person-days") || !strings.Contains(p.Body, "not known") {
		t.Error(p.Body)
	}
	if p = w.Status(b.Get("/app/year?as=xlsx"), http.StatusOK); !strings.HasPrefix(p.Body, "PK") {
		t.Error("no sheet")
	}
	for path, want := range map[string]int{"/app/year?year=2027": 404, "/app/year?year=1999": 404, "/app/year?year=x": 200} {
		if p = b.Get(path); p.Status != want {
			t.Errorf("%s: %d", path, p.Status)
		}
	}
	if p = w.Browse(w.GuardCoordinator).Get("/app/year"); p.Status != http.StatusNotFound {
		t.Errorf("a coordinator of a unit: %d", p.Status)
	}
	if p = b.Get("/app/projects"); !strings.Contains(p.Text("main"), "Rok biura w liczbach") {
		t.Error("nothing leads to the year")
	}
}
