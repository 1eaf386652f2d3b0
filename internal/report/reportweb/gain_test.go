package reportweb_test

import (
	"context"
	"strings"
	"testing"

	"ostoja/internal/project"
	"ostoja/internal/report"
	"ostoja/internal/testrig"
	"ostoja/internal/text"
)

// TestWhatAProjectTaught: the first page says what was learned as it was when it was last told, in the reader's language, and says so when there is nothing to tell.
func TestWhatAProjectTaught(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		ctx := t.Context()
		projectID := testrig.Must(w.Projects.Create(ctx, w.Coordinator, project.Draft{Name: "Szkolenia", UnitID: w.Office, FirstDay: "2026-01-01", LastDay: "2026-12-31"}))(t)
		w.OK(w.Projects.AddPeriod(ctx, w.Coordinator, projectID, "2026-12-31"))
		w.OK(w.Projects.SetShares(ctx, w.Coordinator, projectID, []project.Share{{FundID: amif, Share: 10000}}))
		seen := func(words ...string) {
			t.Helper()
			p := w.Browse(w.Coordinator).Get(project.Path(projectID))
			got := strings.Join(strings.Fields(p.Text(`section[aria-labelledby="gain"]`)), " ")
			for _, said := range words {
				if !strings.Contains(got, said) {
					t.Errorf("%q is not in %q", said, got)
				}
			}
		}
		seen("Nie ma jeszcze przyrostu")
		w.OK(w.Reports.Tell(ctx)) // by the gain report itself, of which nobody has both tests
		seen("Nie ma jeszcze przyrostu")
		asked := ""
		w.Reports.Gain = func(_ context.Context, p project.Project) ([]report.Gain, error) {
			asked = p.Name
			return []report.Gain{{Test: text.Translated{"pl": "Test kompetencji", "en": "Competence test"}, People: 21, Before: 41.3, After: 63.5, Difference: 22.2, Low: 18.04, High: 26.46}}, nil
		}
		seen("Nie ma jeszcze przyrostu") // until it is told
		w.OK(w.Reports.Tell(ctx))
		if asked != "Szkolenia" {
			t.Errorf("asked for %q", asked)
		}
		seen("Test kompetencji", "21", "41,3", "63,5", "22,2 (18,0 do 26,5)", "23 października 2026, 09:00")
	})
}
