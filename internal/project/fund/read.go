package fund

import (
	"io/fs"
	"net/url"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"

	"ostoja/internal/course/folder"
	"ostoja/internal/course/yamlfile"
	"ostoja/internal/errs"
	"ostoja/internal/text"
)

// Format is the version of the file's format.
const Format = 1

// ReadAll reads the sets of a folder, sorted by id. Its faults are those of all files.
func ReadAll(fsys fs.FS) (list []Rules, faults []folder.Fault, err error) {
	defer errs.Wrap(&err, "fund.ReadAll")
	names, err := fs.Glob(fsys, "*.yaml")
	if err != nil {
		return nil, nil, err
	}
	for _, name := range names {
		content, err := fs.ReadFile(fsys, name)
		if err != nil {
			return nil, nil, err
		}
		r, found := Read(name, content)
		if r.ID+".yaml" != name && len(found) == 0 {
			found = append(found, folder.Fault{File: name, Message: "the file is not called as its id: " + r.ID})
		}
		list, faults = append(list, r), append(faults, found...)
	}
	return list, faults, nil
}

// Read reads a set from a YAML file, and says all that is wrong with it, each with its line: a set with a fault is used by nobody.
func Read(name string, content []byte) (Rules, []folder.Fault) {
	var faults folder.Faults
	v := yamlfile.Parse(name, content, 0, &faults)
	if !v.Keys("format", "id", "state", "title", "short", "named", "sources", "period", "statement", "emblem", "visibility", "notice", "counted", "ages", "retention", "evidence", "indicators") {
		if faults.Count() == 0 {
			v.Fault("", "the file says nothing")
		}
		return Rules{}, faults.List()
	}
	v.Need("format").Integer(Format, Format)
	r := Rules{
		ID: v.Need("id").ID(), State: State(v.Need("state").OneOf(words(States)...)),
		Title: wording(v.Need("title"), MostTitle), Short: wording(v.Need("short"), MostShort),
	}
	if len(r.Title) == 0 && v.Get("title").Exists() {
		v.Get("title").Fault("name the fund in a language at least", "the title is empty")
	}
	r.Sources = sources(v.Get("sources"))
	r.Named = source(r, v, "named", true)
	r.Period = period(r, v.Get("period"))
	r.Statement = quoted(r, v.Get("statement"), MostStatement)
	r.Notice = quoted(r, v.Get("notice"), MostNotice)
	visibility := v.Get("visibility")
	r.Visibility = quoted(r, visibility, MostVisibility)
	if tag := unlike(r.Visibility.Text); tag != "" {
		visibility.Fault("write one duty a line, in the same order in each language", "the duties in %q are more than %d, or not as many as in another language", tag, MostDuties)
	}
	if e := v.Get("emblem"); e.Keys("required", "source") {
		r.Emblem = Emblem{Required: Need(e.Get("required").OneOf(words(Needs)...)), Source: source(r, e, "source", e.Get("required").Exists())}
	}
	if c := v.Get("counted"); c.Keys("limits", "source") {
		r.Counted = Counted{chosen(c.Get("limits"), Limits), source(r, c, "source", c.Get("limits").Exists())}
	}
	if a := v.Get("ages"); a.Keys("bands", "source") {
		r.Ages = Ages{bands(a.Get("bands")), source(r, a, "source", a.Get("bands").Exists())}
	}
	r.Retention = retention(r, v.Get("retention"))
	if e := v.Get("evidence"); e.Keys("required", "source") {
		r.Evidence = Evidence{chosen(e.Get("required"), Proofs), source(r, e, "source", e.Get("required").Exists())}
	}
	r.Indicators = indicators(r, v.Get("indicators"))
	return r.canonical(), faults.List()
}

// Write returns the file of a set, which [Read] reads again to the same set without the pictures.
func Write(r Rules) ([]byte, error) {
	return yaml.Marshal(struct {
		Format int `yaml:"format"`
		Rules  `yaml:",inline"`
	}{Format, r.canonical()})
}

func words[T ~string](list []T) []string {
	out := make([]string, len(list))
	for i, x := range list {
		out[i] = string(x)
	}
	return out
}

// wording reads a text in some languages.
func wording(v yamlfile.Value, most int) text.Translated {
	if !v.Keys(Languages...) {
		return nil
	}
	t := text.Translated{}
	for _, lang := range Languages {
		said := v.Get(lang)
		if t[lang] = text.CleanLines(said.Str()); utf8.RuneCountInString(t[lang]) > most {
			said.Fault("shorten it", "the text in %q is longer than %d characters", lang, most)
		}
	}
	return written(t)
}

// quoted reads a text in the fund's words: with one, its source must be named.
func quoted(r Rules, v yamlfile.Value, most int) Wording {
	if !v.Keys("text", "source") {
		return Wording{}
	}
	w := Wording{Text: wording(v.Get("text"), most)}
	w.Source = source(r, v, "source", len(w.Text) > 0)
	return w
}

// source reads which source a rule is from.
func source(r Rules, v yamlfile.Value, key string, needed bool) string {
	at := v.Get(key)
	if needed {
		at = v.Need(key)
	}
	s := at.Str()
	if at.Exists() && !r.knows(s) {
		known := []string{OursSource, OfficeSource}
		for _, x := range r.Sources {
			known = append(known, x.Key)
		}
		at.Fault(folder.DidYouMean(s, known), "there is no source %q in this set", s)
	}
	return s
}

func sources(v yamlfile.Value) (list []Source) {
	for _, x := range v.List() {
		if !x.Keys("key", "title", "address", "read") {
			continue
		}
		s := Source{Key: x.Need("key").ID(), Title: text.Clean(x.Need("title").Str()), Address: x.Get("address").Str(), Read: x.Need("read").Str()}
		switch {
		case s.Key == OursSource || s.Key == OfficeSource:
			x.Get("key").Fault("name it otherwise", "every set has a source %q already", s.Key)
		case slices.ContainsFunc(list, func(o Source) bool { return o.Key == s.Key }):
			x.Get("key").Fault("", "the source %q is there twice", s.Key)
		}
		if n := utf8.RuneCountInString(s.Title); n == 0 && x.Get("title").Exists() || n > MostTitle {
			x.Get("title").Fault("", "a title has 1 to %d characters", MostTitle)
		}
		if s.Address != "" && !ValidAddress(s.Address) {
			x.Get("address").Fault("begin it with https://", "%q is not an address of a page", s.Address)
		}
		if x.Get("read").Exists() && !ValidDay(s.Read) {
			x.Get("read").Fault(`write it as "2026-11-30"`, "%q is not a day", s.Read)
		}
		list = append(list, s)
	}
	if len(list) > MostSources {
		v.Fault("", "a set has at most %d sources", MostSources)
	}
	return list
}

// ValidAddress says whether an address is one of a page that may be linked to.
func ValidAddress(s string) bool {
	u, err := url.Parse(s)
	return err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Host != "" && u.User == nil && utf8.RuneCountInString(s) <= MostAddress && !strings.ContainsAny(s, " \n\t")
}

// ValidDay says whether a text is a day of the calendar, as 2026-11-30.
func ValidDay(s string) bool {
	day, err := time.Parse(time.DateOnly, s)
	return err == nil && day.Year() >= 1950 && day.Year() < 2150
}

func period(r Rules, v yamlfile.Value) (p Period) {
	if !v.Keys("from", "until", "source") {
		return p
	}
	p.From, p.Until = v.Get("from").Str(), v.Get("until").Str()
	for _, key := range []string{"from", "until"} {
		if day := v.Get(key); day.Exists() && !ValidDay(day.Str()) {
			day.Fault(`write it as "2026-11-30"`, "%q is not a day", day.Str())
		}
	}
	if p.From != "" && p.Until != "" && p.Until < p.From {
		v.Get("until").Fault("", "the period ends before it begins")
	}
	p.Source = source(r, v, "source", p.From != "" || p.Until != "")
	return p
}

func retention(r Rules, v yamlfile.Value) (k Retention) {
	if !v.Keys("anchor", "years", "source") {
		return k
	}
	anchor, years := v.Get("anchor"), v.Get("years")
	k.Anchor, k.Years = Anchor(anchor.OneOf(words(Anchors)...)), years.Integer(1, MostYears)
	switch {
	case years.Exists() && !anchor.Exists():
		v.Fault("say from when: "+strings.Join(words(Anchors), ", "), "years of keeping without an anchor")
	case anchor.Exists() && !years.Exists():
		v.Fault("say how many years", "an anchor of keeping without years")
	}
	k.Source = source(r, v, "source", anchor.Exists())
	return k
}

func chosen[T ~string](v yamlfile.Value, all []T) (list []T) {
	for _, x := range v.List() {
		one := T(x.OneOf(words(all)...))
		if slices.Contains(list, one) {
			x.Fault("", "%q is there twice", one)
		}
		list = append(list, one)
	}
	return list
}

func bands(v yamlfile.Value) (list []Band) {
	for _, x := range v.List() {
		if !x.Keys("from", "until") {
			continue
		}
		b := Band{From: x.Need("from").Integer(0, 120)}
		if x.Get("until").Exists() {
			b.Until = x.Get("until").Integer(1, 120)
		}
		list = append(list, b)
		if why := badBands(list); why != "" {
			x.Fault("write the bands from the youngest on; the last may be without an end", "%s", why)
			return nil
		}
	}
	if len(list) > MostBands {
		v.Fault("", "a set has at most %d bands", MostBands)
	}
	return list
}

// badBands says what is wrong with the last of some bands, "" if nothing.
func badBands(list []Band) string {
	last := list[len(list)-1]
	if last.Until != 0 && last.Until < last.From {
		return "the band ends before it begins"
	}
	if len(list) < 2 {
		return ""
	}
	before := list[len(list)-2]
	if before.Until == 0 || last.From <= before.Until {
		return "the bands overlap"
	}
	return ""
}

func indicators(r Rules, v yamlfile.Value) (list []Indicator) {
	for _, x := range v.List() {
		if !x.Keys("id", "title", "definition", "unit", "measure", "by", "source") {
			continue
		}
		one := Indicator{
			ID: x.Need("id").ID(), Title: wording(x.Get("title"), MostTitle), Definition: wording(x.Get("definition"), MostDefinition),
			Unit: Unit(x.Need("unit").OneOf(words(Units)...)), By: chosen(x.Get("by"), Breakdowns), Source: source(r, x, "source", true),
		}
		measure := x.Get("measure")
		one.Measure = Measure(measure.OneOf(words(Measures)...))
		if slices.ContainsFunc(list, func(o Indicator) bool { return o.ID == one.ID }) {
			x.Get("id").Fault("", "the indicator %q is there twice", one.ID)
		}
		if units, by := one.Measure.Gives(); slices.Contains(Measures, one.Measure) {
			if slices.Contains(Units, one.Unit) && !slices.Contains(units, one.Unit) {
				x.Get("unit").Fault("use "+strings.Join(words(units), " or "), "%q is not counted in %s", one.Measure, one.Unit)
			}
			for _, b := range one.By {
				if slices.Contains(Breakdowns, b) && !slices.Contains(by, b) {
					x.Get("by").Fault("take it out", "%q has no breakdown by %s", one.Measure, b)
				}
			}
		}
		list = append(list, one)
	}
	if len(list) > MostIndicators {
		v.Fault("", "a set has at most %d indicators", MostIndicators)
	}
	return list
}
