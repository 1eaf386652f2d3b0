package folder

import (
	"errors"
	"io/fs"
	"slices"
	"strings"
)

// PackDir is where a country's pack lies beside a course's own files, also in the archive of a published version.
const PackDir = "pack"

// WithPack lays a country's pack beside a course folder, as its folder pack/. A folder that brings its pack, since it was taken out of
// an installation, keeps that; its facts are those of the given pack all the same. Facts and institutions can be read and are not
// listed: their values are those of the day, so they belong neither to an archive nor to what makes a new version.
func WithPack(files, pack fs.FS) fs.FS {
	if pack == nil {
		return files
	}
	if _, err := fs.Stat(files, PackDir+"/pack.yaml"); err == nil {
		return overlay{files, pack, true, nil}
	}
	return overlay{files, pack, false, nil}
}

// overlay is a course folder with a pack in it.
type overlay struct {
	files, pack fs.FS
	own         bool            // the pack's pieces are those in files
	only        map[string]bool // of the pack's pieces; nil is all
}

// ofTheDay says whether a file of a pack is not listed.
func ofTheDay(name string) bool { return name == "facts.yaml" || name == "institutions.yaml" }

// source returns where a file lies.
func (o overlay) source(name string) (fs.FS, string) {
	inside, ok := strings.CutPrefix(name, PackDir+"/")
	switch {
	case name == PackDir && !o.own:
		return o.pack, "."
	case ok && (ofTheDay(inside) || !o.own):
		return o.pack, inside
	}
	return o.files, name
}

// Open opens a file of the course or of the pack.
func (o overlay) Open(name string) (fs.File, error) {
	from, name := o.source(name)
	return from.Open(name)
}

// ReadDir lists a folder.
func (o overlay) ReadDir(name string) ([]fs.DirEntry, error) {
	from, inside := o.source(name)
	list, err := fs.ReadDir(from, inside)
	if name == "." && !o.own {
		info, statErr := fs.Stat(o.pack, ".")
		err = errors.Join(err, statErr)
		if statErr == nil {
			list = append(slices.DeleteFunc(list, func(e fs.DirEntry) bool { return e.Name() == PackDir }), fs.FileInfoToDirEntry(renamed{info, PackDir}))
		}
	}
	if name != PackDir && !strings.HasPrefix(name, PackDir+"/") {
		return list, err
	}
	return slices.DeleteFunc(list, func(e fs.DirEntry) bool {
		return name == PackDir && (ofTheDay(e.Name()) || e.Name() == "README.md") || !e.IsDir() && o.only != nil && !o.only[name+"/"+e.Name()]
	}), err
}

// renamed is a folder under another name.
type renamed struct {
	fs.FileInfo
	name string
}

// Name returns the other name.
func (r renamed) Name() string { return r.name }

// OnlyPieces leaves out of a folder the pieces of a pack that its course does not use, so that a change of one makes no new version. A
// folder without a pack is returned as it is.
func OnlyPieces(files fs.FS, used map[string]bool) fs.FS {
	if o, ok := files.(overlay); ok {
		o.only = used
		return o
	}
	return files
}
