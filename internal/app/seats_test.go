package app

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/classroom"
	"ostoja/internal/classroom/seat"
	"ostoja/internal/config"
	"ostoja/internal/db"
	"ostoja/internal/db/dbtest"
	"ostoja/internal/identity"
	"ostoja/internal/schema"
)

// Two programs on one database, on PostgreSQL two processes, take 200 applications for 20 seats at once, each approved as it comes:
// twenty have a seat, the others wait in the order in which they came, and the audit finds nothing.
func TestTwoProgramsNeverOversell(t *testing.T) {
	t.Run("sqlite", func(t *testing.T) {
		address := filepath.Join(t.TempDir(), "ostoja.db")
		d, err := db.Open(t.Context(), address)
		if err == nil {
			_, err = d.Migrate(t.Context(), schema.FS)
			err = errors.Join(err, d.Close())
		}
		if err != nil {
			t.Fatal(err)
		}
		race(t, address, false)
	})
	t.Run("postgres", func(t *testing.T) { race(t, dbtest.PostgresURL(t), true) })
}

// signUps is what one of the two programs does: apply for each of some people, and approve it.
type signUps struct {
	Database, TrainingID string
	People               []string
}

// all does the sign-ups at once.
func (s signUps) all(ctx context.Context, t *testing.T, n *App) {
	var all sync.WaitGroup
	for _, personID := range s.People {
		all.Go(func() {
			_, err := n.Seats.Apply(ctx, access.Actor{PersonID: personID}, s.TrainingID, "")
			if err == nil {
				_, err = n.Seats.Approve(ctx, access.System, s.TrainingID, []string{personID}, false)
			}
			if err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
}

const signUpsVariable = "OSTOJA_TEST_SIGN_UPS"

// TestSignUpsOfAnotherProcess is the other process of TestTwoProgramsNeverOversell: it says that it is ready, and begins when told.
func TestSignUpsOfAnotherProcess(t *testing.T) {
	var s signUps
	if os.Getenv(signUpsVariable) == "" {
		t.Skip("a test starts it")
	}
	if err := json.Unmarshal([]byte(os.Getenv(signUpsVariable)), &s); err != nil {
		t.Fatal(err)
	}
	n := node(t, s.Database)
	fmt.Println("ready")
	if _, err := bufio.NewReader(os.Stdin).ReadString('\n'); err != nil {
		t.Fatal(err)
	}
	s.all(t.Context(), t, n)
}

// apart has the sign-ups done by a process of its own, once it is told to begin; end waits for it.
func (s signUps) apart(t *testing.T) (begin, end func()) {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	encoded, err := json.Marshal(s)
	if err != nil {
		t.Fatal(err)
	}
	other := exec.CommandContext(t.Context(), self, "-test.run=^TestSignUpsOfAnotherProcess$")
	other.Env = append(os.Environ(), signUpsVariable+"="+string(encoded))
	in, err := other.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := other.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := other.Start(); err != nil {
		t.Fatal(err)
	}
	said := bufio.NewReader(out)
	for {
		line, err := said.ReadString('\n')
		if err != nil {
			t.Fatalf("the other process is not ready: %v", err)
		}
		if strings.TrimSpace(line) == "ready" {
			break
		}
	}
	begin = func() {
		if _, err := io.WriteString(in, "\n"); err != nil {
			t.Error(err)
		}
	}
	end = func() {
		rest, err := io.ReadAll(said)
		if err = errors.Join(err, other.Wait()); err != nil {
			t.Errorf("the other process: %v: %s", err, rest)
		}
	}
	return begin, end
}

// race has one half of the people sign up in one program and the other half in another, which is a process of its own if apart.
func race(t *testing.T, address string, apart bool) {
	const people, seats = 200, 20
	nodes := []*App{node(t, address), node(t, address)}
	ctx, w := t.Context(), nodes[0]
	unit, err := w.Identity.CreateUnit(ctx, access.System, identity.UnitDraft{Kind: identity.Guard, Name: "Straż Graniczna (test)"})
	no := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	no(err)
	actors := make([]access.Actor, people)
	for i := range actors {
		actors[i].PersonID, err = w.Identity.Add(ctx, access.System, identity.Draft{GivenName: "Zofia", FamilyName: "Testowa", Mail: fmt.Sprintf("z%d@example.org", i), UnitID: unit, Lang: "pl"}, false)
		no(err)
	}
	from := time.Now().Add(30 * 24 * time.Hour)
	trainingID := ""
	no(w.DB.Update(ctx, func(tx *db.Tx) (err error) {
		keeper := access.Actor{PersonID: actors[0].PersonID, Grants: access.System.Grants}
		if trainingID, err = w.Classroom.Maker(classroom.Draft{Title: "Szkolenie", Place: "Terespol", HeldFrom: from, HeldUntil: from.Add(time.Hour), UnitID: unit})(ctx, tx, keeper); err != nil {
			return err
		}
		return errors.Join(db.Exec(ctx, tx, `UPDATE training SET sign_up = 'approved' WHERE id = ?`, trainingID),
			db.Exec(ctx, tx, `UPDATE training_session SET capacity = ? WHERE training_id = ?`, seats, trainingID))
	}))
	halves := [2]signUps{{Database: address, TrainingID: trainingID}, {Database: address, TrainingID: trainingID}}
	for i, a := range actors {
		halves[i%2].People = append(halves[i%2].People, a.PersonID)
	}
	var begin, end func()
	if apart {
		begin, end = halves[1].apart(t)
	} else {
		var other sync.WaitGroup
		begin, end = func() { other.Go(func() { halves[1].all(ctx, t, nodes[1]) }) }, other.Wait
	}
	begin()
	halves[0].all(ctx, t, nodes[0])
	end()
	states, err := db.All[string](ctx, w.DB, `SELECT state FROM booking WHERE training_id = ? ORDER BY state`, trainingID)
	no(err)
	got := map[string]int{}
	for _, s := range states {
		got[s]++
	}
	if got["confirmed"] != seats || got["waiting"] != people-seats {
		t.Errorf("%v", got)
	}
	zone, err := time.LoadLocation("Europe/Warsaw")
	no(err)
	faults, _, err := seat.Check(ctx, w.DB, time.Now(), zone)
	no(err)
	if len(faults) > 0 {
		t.Errorf("%+v", faults)
	}
	order, err := db.All[string](ctx, w.DB, `SELECT person_id FROM booking WHERE training_id = ? AND state = 'waiting' ORDER BY queued_at, id`, trainingID)
	no(err)
	for i, personID := range order {
		m, _, err := nodes[i%2].Seats.Own(ctx, access.Actor{PersonID: personID}, trainingID)
		no(err)
		if m.Place != i+1 {
			t.Fatalf("number %d is told of place %d", i+1, m.Place)
		}
	}
}

// The audit is a command that changes nothing: what it finds is told by its exit status and as JSON.
func TestAuditOfSeats(t *testing.T) {
	address := filepath.Join(t.TempDir(), "ostoja.db")
	run := func(args ...string) (string, error) {
		var out bytes.Buffer
		c := Command(func(string) string { return "" }, &out)
		c.SetArgs(append(args, "--database", address))
		err := c.ExecuteContext(context.Background())
		return out.String(), err
	}
	if _, err := run("check"); err == nil || errors.Is(err, ErrViolated) {
		t.Errorf("without a schema: %v", err)
	}
	if out, err := run("migrate"); err != nil {
		t.Fatal(out, err)
	}
	if out, err := run("check"); err != nil || out != "0 trainings, 0 violations\n" {
		t.Errorf("nothing: %q, %v", out, err)
	}
	oversell(t, address)
	out, err := run("check", "--json")
	if !errors.Is(err, ErrViolated) {
		t.Errorf("a planted fault: %v", err)
	}
	var said struct{ Violations []seat.Fault }
	if err := json.Unmarshal([]byte(out), &said); err != nil || len(said.Violations) != 1 || said.Violations[0].Rule != seat.RuleOverbooked || said.Violations[0].Is != 1 {
		t.Errorf("%v, %s", err, out)
	}
	if out, err := run("check"); !errors.Is(err, ErrViolated) || !strings.Contains(out, "1 violations") {
		t.Errorf("%v, %s", err, out)
	}
}

// oversell gives a seat and takes the room away by hand, as no service does.
func oversell(t *testing.T, address string) {
	t.Helper()
	ctx := t.Context()
	d, err := db.Open(ctx, address)
	if err != nil {
		t.Fatal(err)
	}
	a, err := New(ctx, &config.Config{BaseURL: "http://localhost", Zone: "Europe/Warsaw"}, d, Options{})
	if err != nil {
		t.Fatal(err)
	}
	unit, err := a.Identity.CreateUnit(ctx, access.System, identity.UnitDraft{Kind: identity.Guard, Name: "Straż Graniczna (test)"})
	if err != nil {
		t.Fatal(err)
	}
	personID, err := a.Identity.Add(ctx, access.System, identity.Draft{GivenName: "Zofia", FamilyName: "Testowa", Mail: "z@example.org", UnitID: unit, Lang: "pl"}, false)
	if err != nil {
		t.Fatal(err)
	}
	from := time.Now().Add(30 * 24 * time.Hour)
	trainingID := ""
	make := a.Classroom.Maker(classroom.Draft{Title: "Szkolenie", Place: "Terespol", HeldFrom: from, HeldUntil: from.Add(time.Hour), UnitID: unit})
	err = d.Update(ctx, func(tx *db.Tx) (err error) {
		trainingID, err = make(ctx, tx, access.Actor{PersonID: personID, Grants: access.System.Grants})
		return err
	})
	if err == nil {
		_, err = a.Seats.Add(ctx, access.System, trainingID, []string{personID}, false)
	}
	if err == nil {
		err = d.Update(ctx, func(tx *db.Tx) error { return db.Exec(ctx, tx, `UPDATE training_session SET capacity = 0`) })
	}
	if err = errors.Join(err, d.Close()); err != nil {
		t.Fatal(err)
	}
}
