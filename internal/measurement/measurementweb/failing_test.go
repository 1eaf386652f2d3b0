package measurementweb_test

import (
	"testing"
	"time"

	"ostoja/internal/classroom"
	"ostoja/internal/itembank"
	"ostoja/internal/measurement"
	"ostoja/internal/testrig"
)

// TestNoPageHidesAFailure: what the database does not give is missed, and never left out of a page or a file.
func TestNoPageHidesAFailure(t *testing.T) {
	w := testrig.New(t)
	ctx := t.Context()
	test := testrig.Must(w.Bank.Tests(ctx))(t)[0]
	for _, f := range test.Forms {
		testrig.Must(w.Bank.Review(ctx, w.Admin, f.Items, itembank.Approved, ""))(t)
	}
	m := testrig.Must(w.Measurement.Attach(ctx, w.Coordinator, measurement.Draft{
		TestID: test.ID, Kind: measurement.OfCourse, SubjectID: testrig.SmallCourse, UnitID: w.Guard, Waves: measurement.FollowUps, Survey: true,
	}))(t)
	w.Enrol(w.Learner, testrig.SmallCourse)
	training := testrig.Must(w.Measurement.Attach(ctx, w.GuardCoordinator, measurement.Draft{
		TestID: test.ID, Kind: measurement.OfTraining, UnitID: w.Guard, Waves: measurement.FollowUps,
		Make: w.Classroom.Maker(classroom.Draft{Title: "Szkolenie", HeldFrom: testrig.Start.Add(time.Hour), HeldUntil: testrig.Start.Add(5 * time.Hour), UnitID: w.Guard}),
	}))(t)
	testrig.Must(w.Measurement.AddParticipants(ctx, w.GuardCoordinator, training.ID, []string{w.OtherLearner.PersonID}))(t)
	page, other := "/app/evidence/measurements/"+training.ID, "/app/evidence/measurements/"+m.ID
	w.Browse(w.Coordinator).Fragile(t, []string{
		"/app/evidence", "/app/evidence/attach", other, page, page + "/people", page + "/people?as=csv", page + "/participants", page + "/edit",
		"/app/evidence/tests/" + test.Family, "/app/evidence/tests/" + test.Family + "?as=csv",
	})
}
