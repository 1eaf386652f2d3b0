package app_test

import (
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"testing"

	"ostoja/internal/access"
	"ostoja/internal/course/folder"
	"ostoja/internal/db/dbtest"
	"ostoja/internal/identity"
)

// BenchmarkLessonPage is the whole way of a lesson page through the program, without the network.
func BenchmarkLessonPage(b *testing.B) {
	ctx, d := b.Context(), dbtest.SQLite(b)
	a := newApp(b, d)
	files, err := folder.Open(filepath.Join("..", "..", "courses", "border-guard"))
	if err != nil {
		b.Fatal(err)
	}
	if _, _, err := a.Courses.Publish(ctx, access.System, files); err != nil {
		b.Fatal(err)
	}
	unit, err := a.Identity.CreateUnit(ctx, access.System, identity.UnitDraft{Kind: identity.Office, Name: "Biuro"})
	if err != nil {
		b.Fatal(err)
	}
	personID, err := a.Identity.Add(ctx, access.System, identity.Draft{GivenName: "Zofia", FamilyName: "Żak", Mail: "z@example.org", UnitID: unit, Lang: "pl"}, false)
	if err != nil {
		b.Fatal(err)
	}
	link, err := a.Identity.OneTimeLink(ctx, access.System, personID)
	if err != nil {
		b.Fatal(err)
	}
	opened, err := a.Identity.UseLink(ctx, filepath.Base(link), "", identity.Client{})
	if err != nil {
		b.Fatal(err)
	}
	e, err := a.Learning.Enrol(ctx, access.Actor{PersonID: personID, Grants: []access.Grant{{Role: access.Learner}}}, "border-guard", "pl")
	if err != nil {
		b.Fatal(err)
	}
	handler, err := a.Handler()
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		r := httptest.NewRequest(http.MethodGet, "/app/learn/"+e.ID+"/lesson/three-elements", nil)
		r.Header.Set("Accept-Encoding", "gzip")
		r.AddCookie(&http.Cookie{Name: "ostoja_session", Value: opened.Token})
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, r)
		if w.Code != http.StatusOK {
			b.Fatalf("status %d", w.Code)
		}
	}
}
