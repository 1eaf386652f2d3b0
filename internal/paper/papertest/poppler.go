package papertest

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// Words returns what pdftotext reads out of all pages, in the order in which it stands in the file. Pages end with a form feed.
func Words(t testing.TB, pdf []byte) string {
	t.Helper()
	return run(t, pdf, "pdftotext", "-raw", "FILE", "-")
}

// Structure returns the structure with the text of each part, as pdfinfo writes it.
func Structure(t testing.TB, pdf []byte) string {
	t.Helper()
	return run(t, pdf, "pdfinfo", "-struct-text", "FILE")
}

// Check fails the test where qpdf finds a fault in the file.
func Check(t testing.TB, pdf []byte) {
	t.Helper()
	run(t, pdf, "qpdf", "--check", "FILE")
}

func run(t testing.TB, pdf []byte, name string, args ...string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "paper.pdf")
	must(t, os.WriteFile(file, pdf, 0o600))
	for i, a := range args {
		if a == "FILE" {
			args[i] = file
		}
	}
	out, err := exec.CommandContext(t.Context(), name, args...).CombinedOutput()
	if err != nil {
		t.Fatalf("%s (scripts/setup installs it): %v\n%s", name, err, out)
	}
	return string(out)
}
