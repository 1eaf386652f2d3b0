// Package packs holds the country packs that come with the program, as folders: what of courses and of the public site is one
// country's law, institutions and numbers. See docs/course-format.md, "Country packs".
package packs

import (
	"embed"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"
)

//go:embed lt pl
var folders embed.FS

// Default is the pack of an installation that names no other.
const Default = "pl"

// shipped lists the packs that come with the program.
var shipped = []string{"lt", "pl"}

// Open returns the pack with a name, or the one in a folder; "" is the pack pl.
func Open(nameOrFolder string) (fs.FS, error) {
	switch {
	case nameOrFolder == "":
		nameOrFolder = Default
	case !slices.Contains(shipped, nameOrFolder):
		if _, err := os.Stat(nameOrFolder); err != nil {
			return nil, fmt.Errorf("--pack %q is neither a folder nor one of those that come with the program: %s", nameOrFolder, strings.Join(shipped, ", "))
		}
		return os.DirFS(nameOrFolder), nil
	}
	return fs.Sub(folders, nameOrFolder)
}
