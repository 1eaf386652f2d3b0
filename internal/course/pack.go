package course

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"

	"ostoja/internal/course/folder"
	"ostoja/internal/course/markup"
	"ostoja/internal/course/yamlfile"
	"ostoja/internal/fact"
)

// packOf is what the loader knows of the country's pack beside the course.
type packOf struct {
	*fact.Pack
	files map[string]bool // listed, as pack/…
}

// pack reads the pack beside the course, if there is one.
func (l *loader) readPack(all []string) {
	for _, name := range all {
		if strings.HasPrefix(name, folder.PackDir+"/") {
			l.pack.files[name] = true
		}
	}
	if !l.pack.files[folder.PackDir+"/pack.yaml"] {
		return
	}
	sub, err := fs.Sub(l.fsys, folder.PackDir)
	if err == nil {
		l.pack.Pack, err = fact.ReadPack(sub)
	}
	if err != nil {
		l.faults.Add(folder.Place{File: folder.PackDir}, "ostoja course check names it too", "the pack cannot be read: %v", err)
	}
}

// lacks notes what the course names and its country's pack does not have.
func (l *loader) lacks(where folder.Place, format string, args ...any) {
	name := "beside it"
	if l.pack.Pack != nil {
		name = l.pack.ID
	}
	l.faults.Warn(where, "it is left out", "the pack "+name+" has no "+format, args...)
}

// partial says whether the pack is known to lack much, so that what follows from it is told and blocks nothing.
func (l *loader) partial() bool { return l.pack.Pack != nil && l.pack.Partial }

// add notes a fault, which a partial pack makes a warning.
func (l *loader) add(where folder.Place, hint, format string, args ...any) {
	if l.partial() {
		l.faults.Warn(where, hint, format, args...)
		return
	}
	l.faults.Add(where, hint, format, args...)
}

// use marks a file of the pack as one that the course shows.
func (l *loader) use(name string) {
	l.used[name] = true
	if strings.HasPrefix(name, folder.PackDir+"/") {
		l.course.packFiles[name], l.course.packFiles[folder.PackDir+"/pack.yaml"] = true, true
		if allow := folder.PackDir + "/allow.yaml"; l.pack.files[allow] {
			l.course.packFiles[allow] = true
		}
	}
}

// cutLanguages keeps the languages that the pack has too.
func (l *loader) cutLanguages() {
	l.written = l.course.Languages
	if l.pack.Pack == nil || len(l.pack.Languages) == 0 {
		return
	}
	l.course.Languages = nil
	for _, lang := range l.written {
		if slices.Contains(l.pack.Languages, lang) {
			l.course.Languages = append(l.course.Languages, lang)
		} else {
			l.use(folder.PackDir + "/pack.yaml")
		}
	}
	if len(l.course.Languages) == 0 {
		l.faults.Add(folder.Place{File: "course.yaml"}, "", "the course is written in %v and the pack %s has none of these", l.written, l.pack.ID)
	}
}

// packHas says whether the pack holds a part of a module.
func (l *loader) packHas(kind Kind, moduleID, partID string) bool {
	if kind == KindScenario {
		return l.pack.files[folder.PackDir+"/scenarios/"+partID+".yaml"]
	}
	for _, lang := range l.course.Languages {
		if l.pack.files[packLesson(moduleID, partID, lang)] {
			return true
		}
	}
	return false
}

func packLesson(moduleID, lessonID, lang string) string {
	return fmt.Sprintf("%s/modules/%s/%s.%s.md", folder.PackDir, moduleID, lessonID, lang)
}

// packBlock shows a piece of the pack in a lesson.
func (l *loader) packBlock(p *markup.Page, b block) []Segment {
	name := b.attributes["block"]
	if strings.TrimSpace(b.body) != "" {
		l.faults.Add(b.at, "put the text before the block", "a pack block has no text of its own")
	}
	if strings.HasPrefix(b.at.File, folder.PackDir+"/blocks/") {
		l.faults.Add(b.at, "write it out", "a pack block within a pack block")
		return nil
	}
	file := fmt.Sprintf("%s/blocks/%s.%s.md", folder.PackDir, name, p.Lang)
	content, err := fs.ReadFile(l.fsys, file)
	if errors.Is(err, fs.ErrNotExist) {
		l.lacks(b.at, "block %q in %q", name, p.Lang)
		return nil
	}
	if err != nil || len(content) > maxLesson {
		l.faults.Add(folder.Place{File: file}, "split it", "the block cannot be read, or is larger than 200 kB")
		return nil
	}
	l.use(file)
	return l.segments(p, file, 1, strings.ReplaceAll(string(content), "\r\n", "\n"))
}

// packItems reads the pack's items of the objectives that the course has. They join a course that has parts of the pack: the
// objectives of another may only be called the same.
func (l *loader) packItems() {
	if len(l.fromPack) == 0 {
		return
	}
	for _, name := range slices.Sorted(maps.Keys(l.pack.files)) {
		if path.Dir(name) != folder.PackDir+"/items" || path.Ext(name) != ".yaml" {
			continue
		}
		before := len(l.course.itemIDs)
		content, _ := yamlfile.Read(l.fsys, name, &l.faults)
		for _, v := range content.List() {
			if objective := v.Get("objective").Str(); !l.hasObjective(objective) {
				v.Get("objective").Warn("", "the course has no objective %q: this item of the pack is left out", objective)
				continue
			}
			l.item(v)
		}
		if len(l.course.itemIDs) > before {
			l.use(name)
		}
	}
}
