package seatweb_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/db"
	"ostoja/internal/desk"
	"ostoja/internal/testrig"
)

// TestACoordinatorFollowsDates: due days and certificates with numbers and no name, by the rights of the moment; what did not change is not
// sent again.
func TestACoordinatorFollowsDates(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		ctx := t.Context()
		due := desk.EndOfDay(w.Clock.Now().AddDate(0, 0, 40))
		if n, err := w.Learning.EnrolOn(ctx, w.GuardCoordinator, testrig.SmallCourse, []string{w.Learner.PersonID, w.OtherLearner.PersonID}, due, false); n != 2 || err != nil {
			t.Fatal(n, err)
		}
		c := w.Pass(w.Learner, testrig.OtherCourse)
		w.OK(w.DB.Update(ctx, func(tx *db.Tx) error {
			return db.Exec(ctx, tx, `UPDATE certificate SET valid_until = ? WHERE id = ?`, desk.EndOfDay(w.Clock.Now().AddDate(0, 0, 60)), c.ID)
		}))
		fetch := func(address, tag string) (int, string, string) {
			_, path, _ := strings.Cut(address, "://")
			r := httptest.NewRequest(http.MethodGet, path[strings.Index(path, "/"):], nil)
			if tag != "" {
				r.Header.Set("If-None-Match", tag)
			}
			p := w.Browse(access.Actor{}).Do(r)
			return p.Status, p.Header.Get("Etag"), strings.ReplaceAll(p.Body, "\r\n ", "")
		}
		address := testrig.Must(w.Seats.RenewFeed(ctx, w.GuardCoordinator))(t)
		status, tag, body := fetch(address, "")
		if status != 200 || tag == "" || !strings.Contains(body, "(2 osoby)") || !strings.Contains(body, "Koniec ważności: 1 zaświadczenie") || strings.Contains(body, "Źródło") {
			t.Errorf("%d %s", status, body)
		}
		w.Clock.Advance(time.Minute)
		if status, _, body := fetch(address, tag); status != 304 || body != "" {
			t.Errorf("the same again: %d %s", status, body)
		}
		other := testrig.Must(w.Seats.RenewFeed(ctx, w.PoliceCoordinator))(t)
		if _, _, body := fetch(other, ""); strings.Contains(body, "BEGIN:VEVENT") {
			t.Errorf("another organisation's coordinator follows %s", body)
		}
		person, err := w.Identity.Person(ctx, w.Admin, w.GuardCoordinator.PersonID)
		w.OK(err)
		for _, g := range person.Roles {
			w.OK(w.Identity.Revoke(ctx, w.Admin, w.GuardCoordinator.PersonID, g.ID))
		}
		if status, again, body := fetch(address, tag); status != 200 || again == tag || strings.Contains(body, "BEGIN:VEVENT") {
			t.Errorf("without the role: %d %s", status, body)
		}
	})
}
