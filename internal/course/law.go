package course

import (
	"strings"

	"ostoja/internal/course/folder"
	"ostoja/internal/course/lawtext"
	"ostoja/internal/course/yamlfile"
)

// said is a text of the course, for what is asked of all of them.
type said struct {
	at    folder.Place
	text  string
	story bool // of a story: its sums and days are its own
}

// allowFiles list what may stand in texts although it looks like something that changes.
var allowFiles = []string{"allow.yaml", folder.PackDir + "/allow.yaml"}

// checkLaw finds periods, amounts, provisions and phones that stand in texts and not as facts. Versions that are published are not
// asked: rules become stricter, and people must be able to finish.
func (l *loader) checkLaw() {
	var allowed []string
	used := map[string]bool{}
	var places []folder.Place
	for _, file := range allowFiles {
		if !l.used[file] {
			continue
		}
		content, _ := yamlfile.Read(l.fsys, file, &l.faults)
		for _, v := range content.List() {
			if v.Keys("text", "reason") && v.Need("reason").Str() != "" && v.Need("text").Str() != "" {
				allowed, places = append(allowed, v.Get("text").Str()), append(places, v.Place())
			}
		}
	}
	for _, s := range l.said {
		text := s.text
		for _, a := range allowed {
			if strings.Contains(text, a) {
				used[a] = true
				text = strings.ReplaceAll(text, a, strings.Repeat(" ", len(a)))
			}
		}
		for _, f := range lawtext.Find(text, s.story) {
			where := folder.Place{File: s.at.File, Line: s.at.Line + strings.Count(text[:f.At], "\n")}
			l.faults.Add(where, "name a fact of the pack by a slot, or say in allow.yaml why it may stand", "%s in a text: %s", f.Kind, f.Text)
		}
	}
	for i, a := range allowed {
		if !used[a] && !strings.HasPrefix(places[i].File, folder.PackDir) { // a pack serves other courses too
			l.faults.Warn(places[i], "take it out", "no text says %q", a)
		}
	}
}
