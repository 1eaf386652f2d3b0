package siteweb_test

import (
	"testing"

	"ostoja/internal/site/content"
	"ostoja/internal/testrig"
)

// TestNoPageHidesAFailure: what the database does not give is missed, and never left out of a page or a file.
func TestNoPageHidesAFailure(t *testing.T) {
	w := testrig.New(t)
	w.OK(w.Site.CreateArticle(t.Context(), w.GuardEditor, content.Article{ID: "guard", Kind: content.News, Topic: "rights", Day: "2026-11-20", Owner: content.Owner{UnitID: w.Guard}}))
	w.Browse(w.GuardEditor).Fragile(t, []string{
		"/app/site", "/app/site/new", "/app/site/articles/guard", "/app/site/articles/guard/pl", "/app/site/facts", "/app/site/facts?as=csv",
		"/app/site/services", "/app/site/services/export", "/app/site/orders", "/app/site/visits",
	})
}
