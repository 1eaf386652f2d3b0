// Package indicatorfile reads the list of indicators of trafficking as people write it (docs/course-format.md, "Indicators"). Its goal is
// the one of yamlfile: all faults at once, each with its line and with what to do. Which lists are good ones, with enough for each
// place, is for the tests of the list that is shipped.
package indicatorfile

import (
	"errors"
	"io/fs"
	"slices"
	"unicode/utf8"

	"ostoja/internal/course/folder"
	"ostoja/internal/course/yamlfile"
	"ostoja/internal/indicator"
	"ostoja/internal/privacy"
	"ostoja/internal/text"
)

// Name is the file of the list in its folder.
const Name = "indicators.yaml"

// mostSource is how long a source may be, in characters: what it is about stands in the document.
const mostSource = 80

// Load reads the list of a folder. Its error has a line for each fault.
func Load(fsys fs.FS) (indicator.List, error) {
	var faults folder.Faults
	list := read(fsys, &faults)
	var all []error
	for _, f := range faults.List() {
		all = append(all, errors.New(f.String()))
	}
	if err := errors.Join(all...); err != nil {
		return nil, err
	}
	return list, nil
}

func read(fsys fs.FS, faults *folder.Faults) (list indicator.List) {
	file, _ := yamlfile.Read(fsys, Name, faults) // that it is missing is among the faults
	said := map[string]bool{}                    // language and text
	for _, v := range file.List() {
		if !v.Keys("id", "group", "who", "places", "alone", "source", "confirm", "notice") {
			continue
		}
		x := one(v)
		if _, twice := list.ByID(x.ID); twice {
			v.Get("id").Fault("", "the indicator %q is there twice", x.ID)
		}
		for lang, notice := range x.Notice {
			if key := lang + text.Answer(notice); notice != "" && said[key] {
				v.Get("notice").Get(lang).Fault("make one of both", "another indicator says the same in %q", lang)
			} else {
				said[key] = true
			}
		}
		list = append(list, x)
	}
	return list
}

// one reads one indicator.
func one(v yamlfile.Value) indicator.Indicator {
	x := indicator.Indicator{
		ID: v.Need("id").ID(), Group: v.Need("group").OneOf(indicator.Groups...), Who: v.Need("who").OneOf(indicator.Anyone, indicator.Adult, indicator.Child),
		Alone: v.Need("alone").OneOf(indicator.Weak, indicator.Medium, indicator.Strong), Source: v.Need("source").Str(), Confirm: v.Get("confirm").Boolean(),
	}
	places := v.Need("places")
	for _, p := range places.List() {
		place := p.OneOf(indicator.Places...)
		if slices.Contains(x.Places, place) {
			p.Fault("", "the place %q is named twice", place)
		}
		x.Places = append(x.Places, place)
	}
	if places.Exists() && len(x.Places) == 0 {
		places.Fault("name where it may be noticed", "an indicator has at least one place")
	}
	if utf8.RuneCountInString(x.Source) > mostSource {
		v.Get("source").Fault("name the document and its group", "the source is longer than %d characters", mostSource)
	}
	x.Notice = notice(v.Need("notice"))
	return x
}

// notice reads what one may see or hear, in all languages.
func notice(v yamlfile.Value) text.Translated {
	if !v.Keys(indicator.Languages...) {
		return nil
	}
	said := text.Translated{}
	for _, lang := range indicator.Languages {
		t := v.Need(lang)
		said[lang] = t.Str()
		switch {
		case t.Exists() && said[lang] == "":
			t.Fault("write it, or ask who can", "the text in %q is empty", lang)
		case utf8.RuneCountInString(said[lang]) > indicator.MostText:
			t.Fault("say one thing", "the text in %q is longer than %d characters", lang, indicator.MostText)
		case privacy.Find(said[lang]) != privacy.Nothing:
			t.Fault("numbers come from the directory", "the text in %q has what looks like a number or an address of somebody", lang)
		}
	}
	return said
}
