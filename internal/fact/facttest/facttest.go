// Package facttest gives tests the facts of the packs that come with the program.
package facttest

import (
	"testing"

	"ostoja/internal/fact"
	"ostoja/packs"
)

// Poland returns the facts of Poland's pack.
func Poland(t testing.TB) *fact.Pack {
	t.Helper()
	files, err := packs.Open("pl")
	if err != nil {
		t.Fatal(err)
	}
	p, err := fact.ReadPack(files)
	if err != nil {
		t.Fatal(err)
	}
	return p
}
