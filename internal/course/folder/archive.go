package folder

import (
	"archive/zip"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"strings"
	"time"

	"ostoja/internal/errs"
)

// ratioFree is how large a file may be before its compression is looked at: short files of the same letter are harmless.
const ratioFree = 1 << 20

// archiveTime is the time of every entry, the earliest that ZIP knows: the same files give the same archive.
var archiveTime = time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC)

// Zip writes a course folder as an archive, the same bytes for the same files.
func Zip(fsys fs.FS, w io.Writer) (err error) {
	defer errs.Wrap(&err, "folder.Zip")
	z := zip.NewWriter(w)
	err = eachFile(fsys, func(f fileInfo, r io.Reader) error {
		header := &zip.FileHeader{Name: f.name, Method: zip.Deflate, Modified: archiveTime}
		if compressed(f.name) {
			header.Method = zip.Store
		}
		header.SetMode(0o644)
		entry, err := z.CreateHeader(header)
		if err != nil {
			return err
		}
		_, err = io.Copy(entry, r)
		return err
	})
	if err != nil {
		return err
	}
	return z.Close()
}

func compressed(name string) bool {
	t := MediaType(name)
	return t != "" && t != "image/svg+xml" && !strings.HasPrefix(t, "text/")
}

// Unzip opens an archive of a course folder. The archive is read once as a whole before anything is given out, and what it
// holds is counted while reading, since headers can lie. The folder may be the archive's root or its one top folder. The
// archive is read through r for as long as the folder is in use. What is refused comes as a *[LimitError].
func Unzip(r io.ReaderAt, size int64) (_ fs.FS, err error) {
	defer errs.Wrap(&err, "folder.Unzip")
	return unzip(r, size, defaultLimits)
}

func unzip(r io.ReaderAt, size int64, most limits) (fs.FS, error) {
	if size > most.Total {
		return nil, &LimitError{".", fmt.Sprintf("the archive has %d MB; at most %d MB are allowed", size>>20, most.Total>>20)}
	}
	z, err := zip.NewReader(r, size)
	if err != nil {
		return nil, &LimitError{".", "this is not a ZIP archive"}
	}
	a := &archive{limits: most, names: map[string]string{}, folders: map[string]bool{}}
	for _, f := range z.File {
		if err := a.check(f); err != nil {
			return nil, err
		}
	}
	if err := a.checkFolders(); err != nil {
		return nil, err
	}
	if top := a.top(); top != "" {
		return fs.Sub(z, top)
	}
	return z, nil
}

// archive counts what an archive holds.
type archive struct {
	limits  limits
	entries int
	total   int64
	names   map[string]string // folded name -> name of a file
	folders map[string]bool   // folded names of folders
	files   []string
}

func (a *archive) check(f *zip.File) error {
	refuse := func(format string, args ...any) error {
		return &LimitError{clip(strings.ToValidUTF8(f.Name, "?"), 200), fmt.Sprintf(format, args...)}
	}
	if a.entries++; a.entries > 2*a.limits.Files { // folders are entries too
		return &LimitError{".", fmt.Sprintf("the archive holds more than %d files", a.limits.Files)}
	}
	name := strings.TrimSuffix(f.Name, "/")
	isDir := name != f.Name
	// One level more, for the top folder.
	inside := a.limits
	inside.Depth++
	if why := badName(name, inside); why != "" {
		return refuse("%s", why)
	}
	mode := f.Mode()
	switch {
	case isDir && (mode.IsDir() || mode.IsRegular()):
		if f.UncompressedSize64 != 0 {
			return refuse("a folder with content")
		}
		a.folder(name)
		return nil
	case !mode.IsRegular() || isDir:
		return refuse("only plain files are allowed, no links or devices")
	case f.Flags&1 != 0:
		return refuse("it is encrypted")
	case f.Method != zip.Store && f.Method != zip.Deflate:
		return refuse("it is compressed in a way other than deflate")
	}
	if other, twice := a.names[foldName(name)]; twice {
		if other == name {
			return refuse("it is in the archive twice")
		}
		return refuse("some systems cannot tell it from %s", other)
	}
	a.names[foldName(name)] = name
	a.folder(path.Dir(name))
	if !hidden(name) {
		if a.files = append(a.files, name); len(a.files) > a.limits.Files {
			return &LimitError{".", fmt.Sprintf("the archive holds more than %d files", a.limits.Files)}
		}
	}
	return a.count(f, refuse)
}

// count reads a file to its end and weighs it.
func (a *archive) count(f *zip.File, refuse func(string, ...any) error) error {
	most := min(a.limits.File, a.limits.Total-a.total)
	if f.UncompressedSize64 > uint64(most) { //nolint:gosec // limits are positive; it says so itself; no need to read
		return refuse("it is too large: at most %d MB a file and %d MB in all are allowed", a.limits.File>>20, a.limits.Total>>20)
	}
	r, err := f.Open()
	if err != nil {
		return refuse("it is damaged")
	}
	defer func() { _ = r.Close() }() // only read from
	n, err := io.Copy(io.Discard, io.LimitReader(r, most+1))
	if n > most {
		return refuse("it is too large: at most %d MB a file and %d MB in all are allowed", a.limits.File>>20, a.limits.Total>>20)
	}
	if err != nil {
		if errors.Is(err, zip.ErrChecksum) {
			return refuse("it is damaged: its checksum is wrong")
		}
		return refuse("it is damaged")
	}
	if n > ratioFree && n > a.limits.Ratio*int64(f.CompressedSize64) { //nolint:gosec // bounded by the size of the archive
		return refuse("it unpacks to more than %d times its size", a.limits.Ratio)
	}
	a.total += n
	return nil
}

func (a *archive) folder(name string) {
	for ; name != "." && name != "/"; name = path.Dir(name) {
		a.folders[foldName(name)] = true
	}
}

// checkFolders refuses a file and a folder of the same name.
func (a *archive) checkFolders() error {
	for folded, name := range a.names {
		if a.folders[folded] {
			return &LimitError{name, "it is a file and a folder at once"}
		}
	}
	if len(a.files) == 0 {
		return &LimitError{".", "the archive is empty"}
	}
	return nil
}

// hidden says whether any part of a name is ignored.
func hidden(name string) bool {
	for ; name != "." && name != "/"; name = path.Dir(name) {
		if ignored(name) {
			return true
		}
	}
	return false
}

// top returns the one folder in which everything lies, "" if course.yaml is at the root or there are several.
func (a *archive) top() string {
	top := ""
	for _, name := range a.files {
		head, _, nested := strings.Cut(name, "/")
		if !nested || (top != "" && head != top) {
			return ""
		}
		top = head
	}
	return top
}
