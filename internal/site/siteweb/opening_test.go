package siteweb_test

import (
	"strings"
	"testing"

	"ostoja/internal/access"
	"ostoja/internal/testrig"
)

// TestEditorsSeeWhatANewSiteLacks: until the site opens, its list says what is missing and leads to where that is made.
func TestEditorsSeeWhatANewSiteLacks(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		ctx := t.Context()
		testrig.Must(w.Site.ImportBundle(ctx, access.System, false))(t)
		b := w.Browse(w.Author)
		page := b.Get("/app/site")
		for href, want := range map[string]int{"/app/site?need=review": 3, "/app/site/services": 1, "/app/site/facts": 0} {
			if n := page.Find(`.notice li a[href="` + href + `"]`).Length(); n != want {
				t.Errorf("%d of what is missing lead to %s, not %d", n, href, want)
			}
		}
		if p := w.Browse(w.Learner).Get("/pl/"); p.Status != 404 {
			t.Errorf("a reader gets %d", p.Status)
		}
		other := testrig.New(t)
		testrig.Must(other.Site.ImportBundle(ctx, access.System, true))(t)
		if body := other.Browse(other.Author).Get("/app/site").Text("main"); strings.Contains(body, "jeszcze nie jest otwarta") {
			t.Error("a site that is open is called closed")
		}
	})
}
