package site_test

import (
	"testing"
	"time"

	"ostoja/internal/errs"
	"ostoja/internal/site"
	"ostoja/internal/site/content"
	"ostoja/internal/testrig"
)

// A text is news for whoever may change it and has not published it themselves.
func TestPublishedSince(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		ctx := t.Context()
		w.OK(w.Site.CreateArticle(ctx, w.Author, content.Article{ID: "otwarte-drzwi", Kind: content.News, Topic: "work", Day: "2026-11-01"}))
		saved := testrig.Must(w.Site.SaveDraft(ctx, w.Author, site.TextDraft{ArticleID: "otwarte-drzwi", Lang: "pl", Title: "Otwarte drzwi", Tab: "Otwarte drzwi", Summary: "Kiedy można przyjść.", Body: "We wtorki."}))(t)
		w.OK(w.Site.Submit(ctx, w.Author, saved.ID))
		begun := w.Clock.Now()
		w.Clock.Advance(time.Hour)
		w.OK(w.Site.Review(ctx, w.SecondAuthor, saved.ID, site.Verdict{Base: saved.Base(), Publish: true}))
		if n := testrig.Must(w.Site.PublishedSince(ctx, w.Author, begun))(t); n != 1 {
			t.Errorf("%d texts are news to their author", n)
		}
		if n := testrig.Must(w.Site.PublishedSince(ctx, w.SecondAuthor, begun))(t); n != 0 {
			t.Errorf("%d texts are news to who published them", n)
		}
		if n := testrig.Must(w.Site.PublishedSince(ctx, w.Author, w.Clock.Now().Add(time.Minute)))(t); n != 0 {
			t.Errorf("%d texts are news for ever", n)
		}
		_, err := w.Site.PublishedSince(ctx, w.Learner, begun)
		w.Refused("a learner", err, errs.ErrForbidden)
	})
}
