package evidenceweb_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/classroom"
	"ostoja/internal/measurement"
	"ostoja/internal/testrig"
)

// TestWhatIsMeasured: the list of measurements by kind, project and state, on the page and in its file.
func TestWhatIsMeasured(t *testing.T) {
	w := newWorld(t, testrig.New(t))
	ctx := t.Context()
	attach := func(d measurement.Draft, title, project string) string {
		d.TestID, d.Waves = w.test.ID, []measurement.Wave{measurement.Months3}
		if d.Kind == measurement.OfTraining {
			d.Make = w.Classroom.Maker(classroom.Draft{Title: title, Project: project, Place: "Lublin", UnitID: d.UnitID, HeldFrom: testrig.Start.Add(24 * time.Hour), HeldUntil: testrig.Start.Add(48 * time.Hour)})
		} else {
			d.SubjectID, d.Project = testrig.SmallCourse, project
		}
		return testrig.Must(w.Measurement.Attach(ctx, w.Admin, d))(t).ID
	}
	attach(measurement.Draft{Kind: measurement.OfTraining, UnitID: w.Guard}, "Szkolenie straży", "Projekt A")
	closed := attach(measurement.Draft{Kind: measurement.OfTraining, UnitID: w.Police}, "Szkolenie policji", "Projekt B")
	attach(measurement.Draft{Kind: measurement.OfCourse, UnitID: w.Guard}, "", "Projekt B")
	w.OK(w.Measurement.Close(ctx, w.Admin, closed, true))
	for query, want := range map[string][]string{
		"": {"Kurs small", "Szkolenie policji", "Szkolenie straży"}, "kind=training": {"Szkolenie policji", "Szkolenie straży"}, "kind=course": {"Kurs small"}, "project=Projekt+B": {"Kurs small", "Szkolenie policji"},
		"state=closed": {"Szkolenie policji"}, "state=open": {"Kurs small", "Szkolenie straży"}, "q=straz": {"Szkolenie straży"}, "q=lublin": {"Szkolenie policji", "Szkolenie straży"}, "q=policji": {"Szkolenie policji"},
	} {
		var page, file []string
		for _, c := range cells(t, w.get(access.Administrator, "/app/evidence?as=csv&"+query, http.StatusOK).Body)[1:] {
			file = append(file, c[0])
		}
		text := w.get(access.Administrator, "/app/evidence?"+query, http.StatusOK).Text("table")
		for _, name := range []string{"Kurs small", "Szkolenie policji", "Szkolenie straży"} {
			if strings.Contains(text, name) {
				page = append(page, name)
			}
		}
		if slices.Sort(file); !slices.Equal(file, want) || !slices.Equal(page, want) {
			t.Errorf("%s: %q on the page and %q in the file, not %q", query, page, file, want)
		}
	}
	rows := cells(t, w.get(access.Administrator, "/app/evidence?as=csv&q=straz", http.StatusOK).Body)
	if line := strings.Join(rows[1], "|"); !strings.HasPrefix(line, "Szkolenie straży|") || !strings.Contains(line, "|Lublin|2026-10-24|Projekt A|") {
		t.Errorf("the training's line: %s", line)
	}
	options := w.get(access.Administrator, "/app/evidence?q=l", http.StatusOK).Find("[name=project] option")
	if options.Length() != 3 && !strings.Contains(options.Text(), "Projekt B") {
		t.Errorf("projects to choose from: %s", options.Text())
	}
}

// TestEvidenceHidesNoFailure: what the database does not give is missed on a report, an analysis and in their files, which say so; and
// what there is not is not found.
func TestEvidenceHidesNoFailure(t *testing.T) {
	w := newWorld(t, testrig.New(t))
	m := w.training()
	report, analysis := "/app/evidence/tests/"+w.test.Family, "/app/bank/tests/"+w.test.ID+"/analysis"
	w.plant(golden(m)...)
	for _, path := range []string{analysis + "?when=never", analysis + "?form=Z", analysis + "?as=csv", "/app/bank/tests/none/analysis", report + "?groups.as=csv&only=region&group=99", "/app/evidence/tests/none/export/report.csv"} {
		w.get(access.Administrator, path, http.StatusNotFound)
	}
	w.plant(golden(m)...)
	b := w.as[access.Administrator]
	b.Fragile(t, []string{"/app/evidence", "/app/evidence?as=csv", "/app/evidence?reports.as=csv", report, report + "?by=region", report + "/export/report.csv", report + "/export/topics.csv", analysis, analysis + "?form=B&when=before"})
	b.Files(t, "/app/evidence?reports.as=csv", report+"?groups.as=csv&by=region", report+"/export/report.csv", report+"/export/topics.csv")
}
