package app_test

import (
	"syscall"
	"testing"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/app"
	"ostoja/internal/classroom/overview"
	"ostoja/internal/config"
	"ostoja/internal/db"
	"ostoja/internal/desk/desktest"
	"ostoja/internal/finder"
	"ostoja/internal/guardian"
	"ostoja/internal/identity/people"
	"ostoja/internal/list"
)

// BenchmarkSearchSixtyThousand measures what the one search asks of a database with 60,000 people and a certificate for each who passed, on
// SQLite and in processor time, of which 150 ms are allowed. The made-up courses have no content, so that those are not looked for here.
func BenchmarkSearchSixtyThousand(b *testing.B) {
	d := desktest.SixtyThousand(b)
	err := d.Update(b.Context(), func(tx *db.Tx) error {
		return db.Exec(b.Context(), tx, `INSERT INTO certificate (id, number, code, person_id, enrolment_id, course_id, version_id, lang, holder, title, hours, objectives, issuer, issued_at)
			SELECT e.id, printf('OST-2026-%06d', e.rowid), e.id, e.person_id, e.id, e.course_id, e.version_id, 'pl', 'x', 'Kurs', 6, '[]', 'Biuro', e.passed_at
			FROM enrolment e WHERE e.passed_at IS NOT NULL ON CONFLICT DO NOTHING`)
	})
	if err != nil {
		b.Fatal(err)
	}
	a, err := app.New(b.Context(), &config.Config{BaseURL: "http://localhost:8080", Addr: "localhost:8080", Zone: "Europe/Warsaw"}, d, app.Options{})
	if err != nil {
		b.Fatal(err)
	}
	organisation, err := db.One[string](b.Context(), d, `SELECT path FROM unit WHERE parent_id IS NULL ORDER BY id LIMIT 1`)
	if err != nil {
		b.Fatal(err)
	}
	used := func() time.Duration {
		var u syscall.Rusage
		if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
			b.Fatal(err)
		}
		return time.Duration(u.Utime.Nano() + u.Stime.Nano())
	}
	w := list.Window{Page: 1, Size: finder.Most + 1}
	for reach, path := range map[string]string{"all": "", "organisation": organisation} {
		who := access.Actor{PersonID: "p", At: desktest.Now, Grants: []access.Grant{{Role: access.Coordinator, Path: path}, {Role: access.GuardianCoordinator, Path: path}}}
		for name, words := range map[string]string{"names": "nowak anna", "name": "nowak", "address": "osoba31337@example.org", "number": "sg31337", "certificate": "2026-000123", "nobody": "zzzz", "letters": "no"} {
			b.Run(reach+"/"+name, func(b *testing.B) {
				before := used()
				for b.Loop() {
					if _, err := a.People.First(b.Context(), who, people.Filter{Text: words, Window: w}); err != nil {
						b.Fatal(err)
					}
					if _, err := a.Certs.Find(b.Context(), who, words, finder.Most+1); err != nil {
						b.Fatal(err)
					}
					if _, _, err := a.Overview.List(b.Context(), who, overview.Filter{Text: words, Window: w}); err != nil {
						b.Fatal(err)
					}
					if _, _, err := a.Guardians.List(b.Context(), who, guardian.Filter{Text: words, Window: w}); err != nil {
						b.Fatal(err)
					}
					if _, err := a.Projects.List(b.Context(), who); err != nil {
						b.Fatal(err)
					}
				}
				b.ReportMetric(float64((used()-before).Microseconds())/1000/float64(b.N), "cpu-ms/op")
			})
		}
	}
}
