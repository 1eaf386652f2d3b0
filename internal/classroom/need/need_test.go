package need_test

import (
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/classroom"
	"ostoja/internal/classroom/need"
	"ostoja/internal/db"
	"ostoja/internal/db/dbtest"
	"ostoja/internal/errs"
	"ostoja/internal/id"
	"ostoja/internal/testrig"
)

const day = 24 * time.Hour

// hall is a training of the guard, and one of the police, each with a participant.
type hall struct {
	*testrig.World
	class     *testrig.Class
	ID, Other string
}

var end = testrig.Start.Add(3 * day)

func newHall(w *testrig.World) *hall {
	plan := func(by access.Actor, unitID string, who access.Actor) *testrig.Class {
		c := w.Class(by, unitID, classroom.ContentDraft{Title: "Szkolenie"}, "Terespol", testrig.Hours{From: end.Add(-3 * time.Hour), Until: end})
		c.Seat(who)
		return c
	}
	h := &hall{World: w, class: plan(w.GuardCoordinator, w.Guard, w.Learner)}
	h.ID, h.Other = h.class.ID, plan(w.PoliceCoordinator, w.Police, w.PoliceLearner).ID
	return h
}

// turn puts somebody's booking into a state in which no service could put it at once.
func (h *hall) turn(a access.Actor, state string) {
	h.exec(`UPDATE booking SET state = ? WHERE training_id = ? AND person_id = ?`, state, h.ID, a.PersonID)
}

func (h *hall) exec(text string, args ...any) {
	ctx := h.T.Context()
	h.OK(h.DB.Update(ctx, func(tx *db.Tx) error { return db.Exec(ctx, tx, text, args...) }))
}

func (h *hall) say(t *testing.T, n need.Needs) {
	t.Helper()
	h.OK(h.Needs.Say(t.Context(), h.Learner, h.ID, n))
}

// told lists who reads needs in the training, and what.
func (h *hall) told(t *testing.T, a access.Actor) string {
	t.Helper()
	_, list, err := h.Needs.Of(t.Context(), a, h.ID)
	if err != nil {
		h.Refused("needs", err, errs.ErrNotFound)
		return "not found"
	}
	var out []string
	for _, p := range list {
		for _, f := range need.Fields {
			if p.Needs[f] != "" {
				out = append(out, p.Name+" "+string(f)+": "+p.Needs[f])
			}
		}
	}
	return strings.Join(out, "; ")
}

// Needs are read by those who arrange the training or teach it, and by nobody else: neither the sign-up or hall clerk, a reviewer, nor
// the other service.
func TestWhoReadsNeeds(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		h := newHall(w)
		h.say(t, need.Needs{need.Diet: "bez orzechów"})
		clerk := func(role access.Role, unit string) access.Actor {
			a := w.Learner // their own unit and id do not matter, but for who teaches
			a.PersonID = id.New()
			a.Grants = []access.Grant{{Role: role, Path: "/" + unit + "/"}}
			return a
		}
		all := w.Everybody()
		maps.Copy(all, map[string]access.Actor{
			"participants' clerk": clerk(access.ParticipantsClerk, w.Guard), "sign-up clerk": clerk(access.SignUpClerk, w.Guard),
			"hall clerk": clerk(access.HallClerk, w.Guard), "participants' clerk of the police": clerk(access.ParticipantsClerk, w.Police),
		})
		readers := []string{"administrator", "coordinator", "coordinator of the guard", "participants' clerk"}
		for _, name := range slices.Sorted(maps.Keys(all)) {
			got, want := h.told(t, all[name]), "not found"
			if slices.Contains(readers, name) {
				want = "Zofia Źródło diet: bez orzechów"
			}
			if got != want {
				t.Errorf("%s reads %q, want %q", name, got, want)
			}
		}
		// Who teaches reads them, of whatever unit; who watches in order to learn does not.
		for part, want := range map[classroom.Part]string{classroom.Lead: "Zofia Źródło diet: bez orzechów", classroom.Co: "Zofia Źródło diet: bez orzechów", classroom.Observer: "not found"} {
			h.class.Team(map[classroom.Part]access.Actor{part: w.PoliceTrainer})
			if got := h.told(t, w.PoliceTrainer); got != want {
				t.Errorf("%s reads %q", part, got)
			}
		}
		// No service names somebody from outside the team; the rule holds for them all the same.
		h.exec(`INSERT INTO session_trainer (session_id, person_id) VALUES (?, ?)`, h.class.Sessions[0], w.GuardTrainer.PersonID)
		if got := h.told(t, w.GuardTrainer); got != "Zofia Źródło diet: bez orzechów" {
			t.Errorf("the trainer of a session reads %q", got)
		}
		for a, want := range map[*access.Actor]int{&w.GuardCoordinator: 1, &w.GuardTrainer: 0, &w.Reviewer: 0} {
			if got := w.Browse(*a).Get("/app/trainings/" + h.ID + "/people").Find(`main a[href="/app/trainings/` + h.ID + `/needs"]`).Length(); got != want {
				t.Errorf("%d links to the needs, want %d", got, want)
			}
		}
		h.class.Team(map[classroom.Part]access.Actor{classroom.Lead: w.GuardTrainer})
		if w.Browse(w.GuardTrainer).Get("/app/trainings/"+h.ID+"/people").Find(`main a[href="/app/trainings/`+h.ID+`/needs"]`).Length() != 1 {
			t.Error("who teaches is not led to the needs")
		}
		// Only of who comes.
		h.turn(w.Learner, "cancelled")
		if got := h.told(t, w.GuardCoordinator); got != "" {
			t.Errorf("of who does not come: %q", got)
		}
	})
}

// Each reading that names somebody is recorded, with how many were named and not with what was read.
func TestReadingNeedsIsRecorded(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		h := newHall(w)
		recorded := func() []string {
			return testrig.Must(db.All[string](t.Context(), w.DB, `SELECT detail FROM audit WHERE action = 'need.read' AND object = ? AND actor_id = ?`, "training:"+h.ID, w.GuardCoordinator.PersonID))(t)
		}
		h.told(t, w.GuardCoordinator)
		if got := recorded(); len(got) != 0 {
			t.Errorf("of nobody: %q", got)
		}
		h.say(t, need.Needs{need.Diet: "bez orzechów", need.Access: "winda"})
		h.told(t, w.GuardCoordinator)
		if got := recorded(); !slices.Equal(got, []string{`{"people":1}`}) {
			t.Errorf("%q", got)
		}
		if said := testrig.Must(db.One[string](t.Context(), w.DB, `SELECT detail FROM audit WHERE action = 'need.say'`))(t); said != "{}" {
			t.Errorf("the record tells what was said: %s", said)
		}
	})
}

// Everybody who has a seat or hopes for one says it, of themselves, as long as the training lasts; nobody else does.
func TestWhoSaysNeeds(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		ctx, h := t.Context(), newHall(w)
		n := need.Needs{need.Language: "  tłumaczenie na\u00a0migowy "}
		for state, may := range map[string]bool{"applied": true, "offered": true, "confirmed": true, "waiting": true, "declined": false, "refused": false, "lapsed": false, "cancelled": false} {
			h.turn(w.Learner, state)
			err := h.Needs.Say(ctx, w.Learner, h.ID, n)
			if may != (err == nil) {
				t.Errorf("%s: %v", state, err)
			}
			if !may {
				w.Refused(state, err, errs.ErrNotFound)
			}
		}
		h.turn(w.Learner, "confirmed")
		for name, a := range w.Everybody() {
			if a.PersonID != w.Learner.PersonID {
				w.Refused(name, h.Needs.Say(ctx, a, h.ID, n), errs.ErrNotFound)
			}
		}
		for _, trainingID := range []string{"", "nonsense", id.New(), h.Other} {
			w.Refused("training "+trainingID, h.Needs.Say(ctx, w.Learner, trainingID, n), errs.ErrNotFound)
		}
		if _, said, err := h.Needs.Mine(ctx, w.Learner, h.ID); err != nil || !maps.Equal(said, need.Needs{need.Language: "tłumaczenie na migowy"}) {
			t.Errorf("%q, %v", said, err)
		}
		if _, said, err := h.Needs.Mine(ctx, w.PoliceLearner, h.Other); err != nil || len(said) != 0 {
			t.Errorf("another's: %q, %v", said, err)
		}
		err := h.Needs.Say(ctx, w.Learner, h.ID, need.Needs{need.Access: strings.Repeat("ż", 300), need.Diet: strings.Repeat("ż", 301)})
		if f, ok := errs.FieldsOf(err); !ok || len(f) != 1 || f[0].Name != "diet" || f[0].Key != "need.too-long" {
			t.Errorf("too long: %v", err)
		}
		w.Clock.Advance(3*day - time.Microsecond)
		w.OK(h.Needs.Say(ctx, w.Learner, h.ID, n))
		w.Clock.Advance(time.Microsecond)
		w.Refused("when it is over", h.Needs.Say(ctx, w.Learner, h.ID, n), errs.ErrConflict)
	})
}

// Each field ends by its own clock after the training, wherever the training moved meanwhile; what was taken back, and all of who does
// not come, ends at once. The person reads that it was there.
func TestNeedsEnd(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		ctx, h := t.Context(), newHall(w)
		night := func() string {
			t.Helper()
			w.OK(w.Keeping.EraseDue(ctx))
			return h.told(t, w.Admin)
		}
		h.say(t, need.Needs{need.Access: "winda", need.Diet: "bez orzechów", need.Language: "migowy"})
		h.say(t, need.Needs{need.Access: "winda", need.Diet: "bez orzechów"}) // taken back
		moved := end.Add(10 * day)
		w.OK(h.Classroom.Change(ctx, w.GuardCoordinator, h.ID, classroom.Draft{Title: "Szkolenie", HeldFrom: moved.Add(-day), HeldUntil: moved}))
		w.Clock.Advance(moved.Add(day - time.Microsecond).Sub(testrig.Start))
		if got := night(); got != "Zofia Źródło access: winda; Zofia Źródło diet: bez orzechów" {
			t.Errorf("before the first end: %q", got)
		}
		w.Clock.Advance(time.Microsecond)
		if got := night(); got != "Zofia Źródło access: winda" {
			t.Errorf("a day after the training: %q", got)
		}
		w.Clock.Advance(6 * day)
		if got := night(); got != "" {
			t.Errorf("a week after the training: %q", got)
		}
		if n := testrig.Must(db.One[int](ctx, w.DB, `SELECT COUNT(*) FROM training_need`))(t); n != 0 {
			t.Errorf("%d rows are left", n)
		}
		page := w.Browse(w.Learner).Get("/app/account/kept")
		if got := page.Find("dl").Eq(0).Find("dt").Length(); got != 3 {
			t.Errorf("the person reads of %d that were erased: %s", got, page.Text("main"))
		}
	})
}

func TestNeedsOfWhoDoesNotComeEndAtOnce(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		ctx, h := t.Context(), newHall(w)
		h.class.Seat(w.OtherLearner)
		h.say(t, need.Needs{need.Diet: "bez orzechów"})
		w.OK(h.Needs.Say(ctx, w.OtherLearner, h.ID, need.Needs{need.Diet: "bez mleka"}))
		w.OK(w.DB.Update(ctx, func(tx *db.Tx) error { return h.Needs.Forget(ctx, tx, h.ID, w.Learner.PersonID) }))
		if got := h.told(t, w.Admin); got != "Łukasz Święty diet: bez mleka" {
			t.Errorf("left: %q", got)
		}
		if list := testrig.Must(w.Keeping.Mine(ctx, w.Learner))(t); len(list) != 1 || list[0].ErasedAt.IsZero() {
			t.Errorf("%+v", list)
		}
	})
}

// The pages: a person writes, reads and takes back; a fault keeps what was typed; who may not read finds nothing.
func TestPagesOfNeeds(t *testing.T) {
	w := testrig.New(t)
	h := newHall(w)
	mine, of := "/app/my-trainings/"+h.ID+"/needs", "/app/trainings/"+h.ID+"/needs"
	b := w.Browse(w.Learner)
	form := w.Status(b.Get(mine), http.StatusOK)
	for _, f := range need.Fields {
		if form.Find("textarea[name="+string(f)+"]").Length() != 1 {
			t.Errorf("no question about %s", f)
		}
	}
	if got := form.Text("main"); !strings.Contains(got, "Usuniemy to 27 października 2026") { // a day after the end, which is on the 26th
		t.Errorf("the form does not say when it is erased: %s", got)
	}
	long := strings.Repeat("x", 301)
	if p := w.Status(b.Post(mine, url.Values{"diet": {long}, "access": {"winda"}}), http.StatusUnprocessableEntity); p.Text("textarea[name=diet]") != long || p.Text("textarea[name=access]") != "winda" {
		t.Error("what was typed is lost")
	}
	w.Status(b.Post(mine, url.Values{"diet": {"bez orzechów"}}), http.StatusSeeOther)
	if p := b.Get(mine); p.Text("textarea[name=diet]") != "bez orzechów" {
		t.Errorf("it reads %q", p.Text("textarea[name=diet]"))
	}
	if p := w.Status(w.Browse(w.GuardCoordinator).Get(of), http.StatusOK); !strings.Contains(p.Text("main"), "bez orzechów") {
		t.Error("who arranges it does not read it")
	}
	if p := b.Get("/app/account/kept"); !strings.Contains(p.Text("main"), "Potrzeby na szkoleniu: posiłki") {
		t.Error("what is kept is not told")
	}
	for name, want := range map[string]int{"learner": http.StatusForbidden, "reviewer": http.StatusNotFound, "trainer of the guard": http.StatusNotFound, "coordinator of the police": http.StatusNotFound, "nobody": http.StatusSeeOther} {
		w.Status(w.Browse(w.Everybody()[name]).Get(of), want)
	}
	w.Status(w.Browse(w.OtherLearner).Get(mine), http.StatusNotFound)
	w.Status(w.Browse(w.OtherLearner).Post(mine, url.Values{"diet": {"x"}}), http.StatusNotFound)
	w.Browse(w.GuardCoordinator).Fragile(t, []string{of})
	b.Fragile(t, []string{mine, "/app/account/kept"})
	b.FragileForm(t, mine, url.Values{"diet": {"bez mleka"}})
}

// TestNoFailureIsSilent: whatever statement fails, whoever acts is told.
func TestNoFailureIsSilent(t *testing.T) {
	w := testrig.New(t)
	ctx, h := t.Context(), newHall(w)
	dbtest.EachFails(t, w.DB, []dbtest.Step{
		{Name: "say", Do: func() error { return h.Needs.Say(ctx, w.Learner, h.ID, need.Needs{need.Diet: "bez orzechów"}) }},
		{Name: "mine", Do: func() error { _, _, err := h.Needs.Mine(ctx, w.Learner, h.ID); return err }},
		{Name: "of", Do: func() error { _, _, err := h.Needs.Of(ctx, w.GuardTrainer, h.Other); return ignoreNotFound(err) }},
		{Name: "of who may", Do: func() error { _, _, err := h.Needs.Of(ctx, w.GuardCoordinator, h.ID); return err }},
		{Name: "moved", Do: func() error {
			return w.DB.Update(ctx, func(tx *db.Tx) error { return h.Needs.Moved(ctx, tx, h.ID) })
		}},
		{Name: "forget", Do: func() error {
			return w.DB.Update(ctx, func(tx *db.Tx) error { return h.Needs.Forget(ctx, tx, h.ID, w.Learner.PersonID) })
		}},
	})
}

func ignoreNotFound(err error) error {
	if err != nil && strings.Contains(err.Error(), "error.not-found") {
		return nil
	}
	return err
}
