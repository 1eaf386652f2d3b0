package support

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"slices"

	"go.yaml.in/yaml/v3"

	"ostoja/internal/errs"
	"ostoja/internal/text"
)

// Topic is what a meeting, an expert, a refresher or a call for help is about.
type Topic struct {
	ID      string
	Title   text.Translated
	Lessons []string // of the course for guardians, by id
}

// Topics are the closed list of them: nobody types what they need help with.
type Topics []Topic

// ReadTopics reads the list, and says everything that is wrong with it.
func ReadTopics(fsys fs.FS) (_ Topics, err error) {
	defer errs.Wrap(&err, "support.ReadTopics")
	b, err := fs.ReadFile(fsys, "support.yaml")
	if err != nil {
		return nil, err
	}
	var f struct {
		Format    int
		Confirmed bool
		Topics    Topics
	}
	d := yaml.NewDecoder(bytes.NewReader(b))
	d.KnownFields(true)
	if err := d.Decode(&f); err != nil {
		return nil, err
	}
	return f.Topics, f.Topics.check()
}

func (t Topics) check() error {
	var faults []error
	seen := map[string]bool{}
	for _, x := range t {
		switch {
		case x.ID == "" || seen[x.ID]:
			faults = append(faults, fmt.Errorf("topic %q has no id of its own", x.ID))
		case x.Title["pl"] == "" || x.Title["en"] == "":
			faults = append(faults, fmt.Errorf("topic %s needs a title in pl and en", x.ID))
		case len(x.Lessons) == 0:
			faults = append(faults, fmt.Errorf("topic %s has no lesson", x.ID))
		}
		seen[x.ID] = true
	}
	if len(t) == 0 {
		faults = append(faults, errors.New("there is no topic"))
	}
	return errors.Join(faults...)
}

// Has says whether there is a topic with an id.
func (t Topics) Has(topicID string) bool {
	return slices.ContainsFunc(t, func(x Topic) bool { return x.ID == topicID })
}

// Title says what a topic is called in a language; one that is in no list any more stands for itself.
func (t Topics) Title(topicID, lang string) string {
	for _, x := range t {
		if x.ID == topicID {
			return x.Title.In(lang)
		}
	}
	return topicID
}
