package e2e

import (
	"os"
	"path/filepath"
	"testing"

	"ostoja/internal/access"
	"ostoja/internal/app/demo"
	"ostoja/internal/clock"
	"ostoja/internal/db/dbtest"
	"ostoja/internal/identity/credential"
)

// TestScreenshots makes the pictures of the README and docs: OSTOJA_DOCS is the folder (`make screenshots`).
func TestScreenshots(t *testing.T) {
	dir := os.Getenv("OSTOJA_DOCS")
	if dir == "" {
		t.Skip("OSTOJA_DOCS is not set; `make screenshots` sets it")
	}
	d := dbtest.SQLite(t)
	p := start(t, d)
	hash, err := credential.NewHasher().Hash(t.Context(), demo.Password)
	if err != nil {
		t.Fatal(err)
	}
	filler := &demo.Filler{DB: d, Clock: clock.System{}, Courses: p.app.Courses, Certs: p.app.Certs, Bank: p.app.Bank, Classroom: p.app.Classroom, Measurement: p.app.Measurement, Hash: hash}
	if err := filler.Fill(t.Context(), "border-guard", 800); err != nil {
		t.Fatal(err)
	}
	if _, err := p.app.Site.ImportBundle(t.Context(), access.System, true); err != nil {
		t.Fatal(err)
	}
	signIn := func(width int64, role access.Role) *browser {
		b := openBrowser(t, p.base, width, false)
		for _, s := range demo.Staff {
			if s.Role == role {
				b.open("/app/sign-in")
				b.fill("name", s.Mail)
				b.fill("password", demo.Password)
				b.pressSelector(`document.querySelector("main form button.action")`, "sign in")
			}
		}
		return b
	}
	b := signIn(1280, access.Learner)
	b.open("/app/courses")
	b.pressSelector(`document.querySelector("main a.button.action")`, "begin")
	course := eval[string](b, `location.pathname`)
	b.open(course + "/lesson/three-elements")
	b.view(filepath.Join(dir, "lesson-pl.png"))
	b.width(360)
	b.view(filepath.Join(dir, "lesson-phone-pl.png"))
	b = signIn(1280, access.Coordinator)
	b.open("/app/desk/border-guard")
	b.view(filepath.Join(dir, "desk-pl.png"))
	b.open("/app/people")
	b.view(filepath.Join(dir, "people-pl.png"))
	b.open("/app/evidence")
	b.pressSelector(`document.querySelector("main tbody a")`, "the report")
	b.view(filepath.Join(dir, "gain-pl.png"))
	b = openBrowser(t, p.base, 360, false)
	b.open("/pl/")
	b.view(filepath.Join(dir, "site-phone-pl.png"))
	b.open("/ar/d37f") // what to do in danger, by the address that site/site.yaml gives it
	b.view(filepath.Join(dir, "site-phone-ar.png"))
}
