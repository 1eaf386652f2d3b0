package laboratoryweb_test

import (
	"net/url"
	"testing"

	"ostoja/internal/id"
	"ostoja/internal/laboratory"
	"ostoja/internal/testrig"
)

// Whatever statement fails, a page says so and none is shown half, and a form is taken whole or not at all.
func TestWhateverStatementFails(t *testing.T) {
	w := testrig.New(t)
	trainer, phone := w.Browse(w.GuardTrainer), w.Browse(w.Learner)
	trainer.FragileForm(t, "/app/laboratory/runs", url.Values{"case": {packing}})
	trainer.FragileFault(t, "/app/laboratory/runs", url.Values{"case": {"none"}})
	runID := testrig.Must(w.Laboratory.Open(t.Context(), w.GuardTrainer, laboratory.Opening{CaseID: packing}))(t)
	run, code := "/app/laboratory/runs/"+runID, *testrig.Must(w.Laboratory.Room(t.Context(), w.GuardTrainer, runID))(t).Code
	phone.Fragile(t, []string{"/app/laboratory", "/app/laboratory/join?code=" + code})
	phone.FragileForm(t, "/app/laboratory/join", url.Values{"code": {code}, "group": {"0"}})
	phone.FragileFault(t, "/app/laboratory/join", url.Values{"code": {"ZZZZZZ"}, "group": {"0"}})
	group := "/app/laboratory/groups/" + testrig.Must(w.Laboratory.Join(t.Context(), w.Learner, code, 0))(t)
	trainer.FragileForm(t, run, url.Values{"from": {"0"}})
	phone.Fragile(t, []string{group, group + "/state?seen=-1"})
	decision := url.Values{"step": {"folder"}, "once": {id.New()}, "letter": {"b"}, "reason": {"Bo pan Nowak kazał."}}
	phone.FragileFault(t, group, decision)
	decision.Set("reason", "Żeby każdy miał dokument.")
	phone.FragileForm(t, group, decision)
	phone.Fragile(t, []string{group})
	trainer.FragileForm(t, run+"/paper", url.Values{"group": {""}, "folder": {"a"}})
	trainer.FragileFault(t, run+"/paper", url.Values{"group": {""}, "folder": {"x"}})
	trainer.Fragile(t, []string{"/app/laboratory", "/app/laboratory/runs", run, run + "/state?seen=-1", run + "/paper", run + "/debrief", run + "/end", "/app/laboratory/figures"})
	trainer.FragileForm(t, run+"/end", nil)
	trainer.Fragile(t, []string{run, run + "/debrief", "/app/laboratory/figures"})
}

// Alone, and of the letters, that of who is not signed in among them.
func TestWhateverStatementFailsAlone(t *testing.T) {
	w := testrig.New(t)
	b := w.Browse(w.Learner)
	b.FragileForm(t, "/app/laboratory/cases/"+packing, nil)
	group := "/app/laboratory/groups/" + testrig.Must(w.Laboratory.Begin(t.Context(), w.Learner, packing))(t)
	b.Fragile(t, []string{group})
	b.FragileForm(t, group, url.Values{"step": {"folder"}, "once": {id.New()}, "letter": {"a"}})
	b.FragileForm(t, group+"/on", url.Values{"from": {"2"}})
	b.FragileForm(t, "/app/laboratory/refresher", url.Values{"wanted": {"1"}})
	b.Fragile(t, []string{"/app/laboratory", group})
}

// What is no form is taken nowhere.
func TestUnreadableForms(t *testing.T) {
	testrig.New(t).Unreadable("/app/laboratory")
}
