package content

import (
	"archive/zip"
	"bytes"
	"io"
	"path"
	"regexp"
	"slices"
	"strings"
	"time"

	"ostoja/internal/errs"
)

// MaxFileSize is the largest file of a publication, in bytes.
const MaxFileSize = 50 << 20

const (
	mediaPDF  = "application/pdf"
	mediaDOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
)

// fileTypes are the kinds of files that a publication may have, by the ending of their names.
var fileTypes = map[string]string{".pdf": mediaPDF, ".epub": "application/epub+zip", ".odt": "application/vnd.oasis.opendocument.text", ".docx": mediaDOCX}

// fileName is what every system and every address can bear.
var fileName = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$`)

// isOf says whether a file's content is of a kind of file: by its first bytes, and of a ZIP by what it holds.
func isOf(mediaType string, data []byte) bool {
	if mediaType == mediaPDF {
		return bytes.HasPrefix(data, []byte("%PDF-"))
	}
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil || mediaType == "" {
		return false
	}
	if mediaType == mediaDOCX {
		_, err := z.Open("word/document.xml")
		return err == nil
	}
	f, err := z.Open("mimetype") // of EPUB and OpenDocument
	if err != nil {
		return false
	}
	defer func() { _ = f.Close() }() // it was only read
	const most = 100                 // bytes
	says, err := io.ReadAll(io.LimitReader(f, most))
	return err == nil && string(bytes.TrimSpace(says)) == mediaType
}

// File is a file of a publication.
type File struct {
	ID        string
	ArticleID string `db:"article_id"`
	Edition   string // as it is printed: 2nd edition, 2026
	Lang      string
	Name      string    // as it is downloaded
	MediaType string    `db:"media_type"`
	Size      int64     // bytes
	Hash      string    // of the blob
	AddedAt   time.Time `db:"added_at"`
}

// FileType returns the media type of a file of that name, "" if a publication may have none of its kind.
func FileType(name string) string { return fileTypes[strings.ToLower(path.Ext(name))] }

// Check finds what is wrong with a file and its content; langs are the languages that it may be in, revealing is [Bundle.RevealingWord].
func (f *File) Check(data []byte, langs []string, revealing func(address string) string) (faults errs.Fields) {
	switch word := revealing(f.Name); {
	case len(data) == 0:
		faults.Add("file", "site.fault.file")
	case len(data) > MaxFileSize:
		faults.Add("file", "site.fault.file-size", "Most", MaxFileSize>>20)
	case f.MediaType == "":
		faults.Add("file", "site.fault.file-type")
	case !fileName.MatchString(f.Name):
		faults.Add("file", "site.fault.file-name")
	case word != "":
		faults.Add("file", "site.fault.file-word", "Word", word)
	case !isOf(f.MediaType, data):
		faults.Add("file", "site.fault.file-content")
	}
	if f.Edition == "" || len(f.Edition) > 200 {
		faults.Add("edition", "site.fault.empty")
	}
	if !slices.Contains(langs, f.Lang) {
		faults.Add("lang", "site.fault.choose")
	}
	return faults
}
