package firstline

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
)

// Recording is a question as somebody in the office has spoken it: a file hear/<question>.mp3 (or .ogg, .m4a) of a language's folder. The kit that
// comes with the program has none.
type Recording struct {
	Name      string // of its file, below the folder hear
	MediaType string
	Content   []byte
}

// MostRecorded is how many bytes a recording may have. A question is said in five seconds, which are 40,000 bytes at 64 kbit/s; somebody
// may pay for each of them.
const MostRecorded = 300_000

// mediaTypes are the kinds of recordings, with what each file begins with, and where.
var mediaTypes = map[string]struct {
	name   string
	begins [][]byte
	at     int
}{
	".mp3": {"audio/mpeg", [][]byte{[]byte("ID3"), {0xff, 0xfb}, {0xff, 0xf3}, {0xff, 0xf2}}, 0}, // ISO/IEC 11172-3; a tag of ID3v2 may stand before it
	".ogg": {"audio/ogg", [][]byte{[]byte("OggS")}, 0},                                           // RFC 3533 section 6
	".m4a": {"audio/mp4", [][]byte{[]byte("ftyp")}, 4},                                           // ISO/IEC 14496-12, 4.3
}

// Recorded returns the recording of a question in a language; ok is false if there is none.
func (k *Kit) Recorded(tag, question string) (_ Recording, ok bool) {
	i := slices.IndexFunc(k.recordings[tag], func(r Recording) bool { return strings.TrimSuffix(r.Name, path.Ext(r.Name)) == question })
	if i < 0 {
		return Recording{}, false
	}
	return k.recordings[tag][i], true
}

// Recordings returns all that there are in a language, by name.
func (k *Kit) Recordings(tag string) []Recording { return k.recordings[tag] }

// readRecordings reads what the folder holds. The error names every fault.
func (k *Kit) readRecordings(fsys fs.FS) error {
	files, err := fs.Glob(fsys, "*/hear/*")
	if err != nil {
		return err
	}
	var faults []error
	k.recordings = map[string][]Recording{}
	for _, file := range files { // sorted
		r := Recording{Name: path.Base(file)}
		if r.Content, err = fs.ReadFile(fsys, file); err != nil {
			return err
		}
		tag, question, said := path.Dir(path.Dir(file)), strings.TrimSuffix(r.Name, path.Ext(r.Name)), ""
		kind, known := mediaTypes[path.Ext(r.Name)]
		r.MediaType = kind.name
		switch {
		case !known:
			said = "a recording is an .mp3, an .ogg or an .m4a"
		case !slices.Contains(k.Hear.Languages, tag) || !slices.Contains(k.Hear.Questions, question):
			said = "no such question is heard in this language"
		case len(r.Content) > MostRecorded:
			said = fmt.Sprintf("a recording has at most %d bytes, and this has %d", MostRecorded, len(r.Content))
		case !slices.ContainsFunc(kind.begins, func(b []byte) bool { return len(r.Content) > kind.at && bytes.HasPrefix(r.Content[kind.at:], b) }):
			said = "what is in it is not what its name says"
		}
		if _, twice := k.Recorded(tag, question); twice && said == "" {
			said = "the question has another recording"
		}
		if said != "" {
			faults = append(faults, fmt.Errorf("%s: %s", file, said))
			continue
		}
		k.recordings[tag] = append(k.recordings[tag], r)
	}
	return errors.Join(faults...)
}
