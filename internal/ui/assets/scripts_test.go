package assets_test

import (
	"os/exec"
	"path/filepath"
	"testing"
)

// TestScriptsByThemselves runs the tests of what the scripts do without a page (web/tests) with Node's own runner.
func TestScriptsByThemselves(t *testing.T) {
	node, err := exec.LookPath("node")
	if err != nil {
		t.Skip("Node is not installed")
	}
	files, err := filepath.Glob("../../../web/tests/*.test.js")
	if err != nil || len(files) == 0 {
		t.Fatalf("%d files: %v", len(files), err)
	}
	test := exec.CommandContext(t.Context(), node, append([]string{"--test"}, files...)...)
	if out, err := test.CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}
