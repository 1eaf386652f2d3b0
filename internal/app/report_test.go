package app_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"ostoja/internal/app"
	"ostoja/internal/project"
	"ostoja/internal/report/freeze"
	"ostoja/internal/testrig"
)

// The command checks a package without a database, says when it was not told whose key to expect, and fails on another one.
func TestAFrozenReportIsVerifiedByTheCommand(t *testing.T) {
	w := testrig.New(t)
	ctx := t.Context()
	projectID := testrig.Must(w.Projects.Create(ctx, w.Coordinator, project.Draft{Name: "Szkolenia", UnitID: w.Office, FirstDay: "2026-01-01", LastDay: "2026-12-31"}))(t)
	w.OK(w.Projects.AddPeriod(ctx, w.Coordinator, projectID, "2026-06-30"))
	w.OK(w.Projects.SetShares(ctx, w.Coordinator, projectID, []project.Share{{FundID: "amif-2021", Share: 7500}}))
	periodID := testrig.Must(w.Projects.Page(ctx, w.Coordinator, projectID))(t).Periods[0].ID
	w.OK(w.Projects.OpenPeriod(ctx, w.Coordinator, projectID, periodID, "sprawozdanie"))
	testrig.Must(w.Reports.HandIn(ctx, w.Coordinator, projectID, periodID))(t)
	w.OK(w.Projects.LockPeriod(ctx, w.Coordinator, projectID, periodID))
	testrig.Must(w.Reports.Approve(ctx, w.Admin, projectID, periodID))(t)
	frozenID := testrig.Must(w.Freeze.Ask(ctx, w.Coordinator, projectID, periodID, freeze.Publisher{}))(t)
	w.Letters() // does the jobs
	_, content, err := w.Freeze.Download(ctx, w.Reviewer, projectID, frozenID, "")
	w.OK(err)
	file := filepath.Join(t.TempDir(), "report-1.zip")
	w.OK(os.WriteFile(file, content, 0o600))
	run := func(args ...string) (string, error) {
		var out bytes.Buffer
		cmd := app.Command(func(string) string { return "" }, &out)
		cmd.SetArgs(append([]string{"report", "verify"}, args...))
		err := cmd.ExecuteContext(ctx)
		return out.String(), err
	}
	if said, err := run(file, "--fingerprint", w.Freeze.Fingerprint()); err != nil || !strings.Contains(said, "the key expected") || !strings.Contains(said, "2026-06-30") {
		t.Errorf("%s %v", said, err)
	}
	if said, err := run(file); err != nil || !strings.Contains(said, "WHO signed was not checked") {
		t.Errorf("%s %v", said, err)
	}
	if said, err := run(file, "--fingerprint", "0000"); err == nil || !strings.Contains(err.Error(), "another key") {
		t.Errorf("%s %v", said, err)
	}
	if _, err := run(file + ".gone"); err == nil {
		t.Error("no file is taken for a package")
	}
}
