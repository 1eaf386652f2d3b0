package evidenceweb_test

import (
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"ostoja/internal/access"
)

// TestAnotherProgramComputesTheSame: the script of the documentation, which knows the exported file alone, comes to every figure that follows from
// others in it, and notices one that was changed.
func TestAnotherProgramComputesTheSame(t *testing.T) {
	each(t, func(w *world) {
		m, path := w.training(), "/app/evidence/tests/"+w.test.Family
		w.plant(halved(m, 30, 35, 40, 25, 45)...)
		content := w.get(access.Administrator, path+"/export/report.json", http.StatusOK).Body
		file := filepath.Join(w.t.TempDir(), "report.json")
		run := func(content string) (string, bool) {
			if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
				w.t.Fatal(err)
			}
			said, err := exec.CommandContext(w.t.Context(), "python3", "../../../docs/reproduce.py", file).CombinedOutput()
			return string(said), err == nil
		}
		said, same := run(content)
		if !same {
			w.t.Fatalf("%s", said)
		}
		for _, figure := range []string{"difference", "low", "high", "dz", "gain", "nothing-gained", "worst", "best", "regression", "regression-low", "regression-high", "needed", "form-effect", "free", "free-low", "free-high"} {
			if !regexp.MustCompile(`(?m)^  ` + figure + ` .*  as computed$`).MatchString(said) {
				w.t.Errorf("%s is not computed:\n%s", figure, said)
			}
		}
		changed := regexp.MustCompile(`"regression": ([0-9.]+)`).ReplaceAllString(content, `"regression": 1$1`)
		if said, same = run(changed); same || !strings.Contains(said, "WRONG") {
			w.t.Errorf("a changed figure goes unnoticed:\n%s", said)
		}
	})
}
