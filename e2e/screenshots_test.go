package e2e

import (
	"os"
	"path/filepath"
	"testing"

	"ostoja/courses"
	"ostoja/internal/access"
	"ostoja/internal/app"
	"ostoja/internal/app/demo"
	"ostoja/internal/clock"
	"ostoja/internal/config"
	"ostoja/internal/db"
	"ostoja/internal/db/dbtest"
	"ostoja/internal/identity/credential"
	"ostoja/internal/site"
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
	now := clock.NewFake(clock.System{}.Now()) // moved through the weeks before, as by the command
	past, err := app.New(t.Context(), &config.Config{BaseURL: p.base, Addr: "localhost:0", Zone: "Europe/Warsaw"}, d, app.Options{Clock: now, Purpose: site.Demonstration})
	if err != nil {
		t.Fatal(err)
	}
	welfare, _, err := past.Courses.Publish(t.Context(), access.System, courses.SocialWelfare)
	if err != nil {
		t.Fatal(err)
	}
	rooms := demo.Rooms{Past: now, Zone: past.Measurement.Zone(), Plans: past.Classroom, Seats: past.Seats, Attendance: past.Attendance, Notices: past.Dossier, Needs: past.Needs, Paper: past.OnPaper}
	if err := filler.FillTrainings(t.Context(), rooms, welfare.CourseID); err != nil {
		t.Fatal(err)
	}
	if err := filler.FillLaboratory(t.Context(), past.Laboratory, now); err != nil {
		t.Fatal(err)
	}
	if err := filler.FillCards(t.Context(), past.Cards); err != nil {
		t.Fatal(err)
	}
	played, err := db.One[string](t.Context(), d, `SELECT id FROM laboratory_run WHERE ended_at IS NOT NULL LIMIT 1`)
	if err != nil {
		t.Fatal(err)
	}
	tomorrow, err := db.One[string](t.Context(), d, `SELECT t.id FROM training t JOIN training_session s ON s.training_id = t.id
		WHERE t.held_from > ? AND t.cancelled_at IS NULL AND t.put_off_at IS NULL ORDER BY t.held_from LIMIT 1`, clock.System{}.Now())
	if err != nil {
		t.Fatal(err)
	}
	over, err := db.One[string](t.Context(), d, `SELECT s.id FROM training_session s JOIN attendance a ON a.session_id = s.id
		WHERE NOT EXISTS (SELECT 1 FROM session_closing c WHERE c.session_id = s.id) ORDER BY s.starts_at LIMIT 1`)
	if err != nil {
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
	b.open("/app/trainings/desk")
	b.view(filepath.Join(dir, "trainings-pl.png"))
	b.open("/app/trainings/" + tomorrow + "/people")
	b.view(filepath.Join(dir, "training-pl.png"))
	b = signIn(1280, access.Trainer)
	b.open("/app/laboratory/runs/" + played + "/debrief")
	b.view(filepath.Join(dir, "laboratory-pl.png"))
	b.width(360)
	b.open("/app/contacts")
	b.view(filepath.Join(dir, "contacts-phone-pl.png"))
	b.open("/app/hall/" + over)
	b.view(filepath.Join(dir, "hall-phone-pl.png"))
	b = openBrowser(t, p.base, 360, false)
	b.open("/pl/")
	b.view(filepath.Join(dir, "site-phone-pl.png"))
	b.open("/pl/u9d5") // the first-line kit at a social-welfare office, by the address that kit/kit.yaml gives it
	b.activate("label[for=q0c]")
	b.activate("label[for=q8b]")
	b.view(filepath.Join(dir, "kit-phone-pl.png"))
	b.open("/ar/d37f") // what to do in danger, by the address that site/site.yaml gives it
	b.view(filepath.Join(dir, "site-phone-ar.png"))
}
