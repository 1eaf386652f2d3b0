package course

import (
	"slices"

	"ostoja/internal/item"
	"ostoja/internal/text"
)

// itemsFile reads one file of items.
func (l *loader) itemsFile(file string) {
	for _, v := range l.readYAML(file).list() {
		l.item(v)
	}
}

func (l *loader) item(v value) {
	if !v.keys("id", "use", "objective", "level", "type", "question", "options", "steps", "pairs", "answer", "tolerance", "unit", "accept", "explanation", "shuffle") {
		return
	}
	it := &item.Item{
		ID: v.need("id").id(), Use: v.need("use").oneOf(item.UseCheck, item.UseTest, item.UseCompetence), Objective: v.need("objective").id(), Level: v.need("level").integer(1, 3),
		Type:     item.Type(v.need("type").oneOf(string(item.Single), string(item.Multiple), string(item.Order), string(item.Match), string(item.Number), string(item.ShortText), string(item.Step))),
		Question: v.need("question").markdown(), Explanation: v.need("explanation").markdown(),
	}
	if s := v.get("shuffle"); s.there() {
		it.NoShuffle = !s.boolean()
	}
	if it.Objective != "" && !l.hasObjective(it.Objective) {
		v.get("objective").fault(didYouMean(it.Objective, l.objectiveIDs()), "there is no objective %q", it.Objective)
	}
	if l.course.items[it.ID] != nil {
		v.get("id").fault("", "the item %q is there twice", it.ID)
		return
	}
	l.key(v, it)
	if it.Use == item.UseCompetence && it.HasMedia() {
		v.fault("describe what is to be seen in words", "a competence item has no pictures: its form is shown outside the course")
	}
	l.course.items[it.ID] = it
	l.course.itemIDs = append(l.course.itemIDs, it.ID)
}

// keysOf lists which keys carry the answer key of each type.
var keysOf = map[item.Type][]string{
	item.Single: {"options", "shuffle"}, item.Multiple: {"options", "shuffle"}, item.Order: {"steps"}, item.Match: {"pairs"}, item.Number: {"answer", "tolerance", "unit"}, item.ShortText: {"accept"},
	item.Step: {"options", "shuffle"},
}

// key reads the part of an item that depends on its type, and refuses what belongs to another type.
func (l *loader) key(v value, it *item.Item) {
	for _, key := range []string{"options", "steps", "pairs", "answer", "tolerance", "unit", "accept", "shuffle"} {
		if v.get(key).there() && keysOf[it.Type] != nil && !slices.Contains(keysOf[it.Type], key) {
			v.get(key).fault("", "an item of type %q has no %q", it.Type, key)
		}
	}
	switch it.Type {
	case item.Single, item.Multiple, item.Step:
		l.options(v, it)
	case item.Order:
		for _, s := range v.need("steps").list() {
			if s.keys("id", "text") {
				it.Steps = append(it.Steps, item.Option{ID: s.need("id").id(), Text: s.need("text").markdown()})
			}
		}
		l.countAndIDs(v.get("steps"), len(it.Steps), item.LeastParts, func(i int) string { return it.Steps[i].ID })
	case item.Match:
		for _, p := range v.need("pairs").list() {
			if p.keys("id", "left", "right") {
				it.Pairs = append(it.Pairs, item.Pair{ID: p.need("id").id(), Left: p.need("left").markdown(), Right: p.need("right").text()})
			}
		}
		l.countAndIDs(v.get("pairs"), len(it.Pairs), item.LeastParts, func(i int) string { return it.Pairs[i].ID })
		l.differentRights(v, it)
	case item.Number:
		it.Answer, it.Tolerance, it.Unit = v.need("answer").number(), v.get("tolerance").number(), v.get("unit").text()
		if it.Tolerance < 0 {
			v.get("tolerance").fault("", "the tolerance is below 0")
		}
	case item.ShortText:
		l.accept(v.need("accept"), it)
	}
}

func (l *loader) options(v value, it *item.Item) {
	correct := 0
	for _, o := range v.need("options").list() {
		option, ok := l.option(o, it)
		if !ok {
			continue
		}
		if option.Best() {
			correct++
		}
		if it.Use == item.UseCheck && option.Feedback == nil {
			o.fault("say what is right or wrong about this option", "an option of a check item needs feedback")
		}
		it.Options = append(it.Options, option)
	}
	options := v.get("options")
	l.countAndIDs(options, len(it.Options), item.LeastOptions(it.Type), func(i int) string { return it.Options[i].ID })
	switch {
	case it.Type == item.Single && correct != 1:
		options.fault("mark exactly one option with correct: true", "%d options are correct in an item of type single", correct)
	case it.Type == item.Step && (correct == 0 || correct == len(it.Options)):
		options.fault("rate at least one option as good and leave at least one that is fair or poor", "%d of %d options are good", correct, len(it.Options))
	case it.Type == item.Multiple && (correct == 0 || correct == len(it.Options)):
		options.fault("mark at least one option as correct and leave at least one unmarked", "%d of %d options are correct", correct, len(it.Options))
	}
}

func (l *loader) option(o value, it *item.Item) (item.Option, bool) {
	if it.Type == item.Step {
		if !o.keys("id", "text", "rating", "feedback") {
			return item.Option{}, false
		}
		rating := item.Rating(o.need("rating").oneOf(string(item.Good), string(item.Fair), string(item.Poor)))
		return item.Option{ID: o.need("id").id(), Text: o.need("text").markdown(), Rating: rating, Feedback: o.get("feedback").markdown()}, true
	}
	if !o.keys("id", "text", "correct", "feedback") {
		return item.Option{}, false
	}
	return item.Option{ID: o.need("id").id(), Text: o.need("text").markdown(), Correct: o.get("correct").boolean(), Feedback: o.get("feedback").markdown()}, true
}

func (l *loader) countAndIDs(v value, n, low int, id func(int) string) {
	if !v.there() {
		return
	}
	if n < low || n > item.MostParts {
		v.fault("", "there are %d elements here, and %d to %d are allowed", n, low, item.MostParts)
	}
	seen := map[string]bool{}
	for i := range n {
		if seen[id(i)] {
			v.fault("", "the id %q is there twice", id(i))
		}
		seen[id(i)] = true
	}
}

// differentRights sees that every right-hand side belongs to one left only: two equal ones could not be told apart.
func (l *loader) differentRights(v value, it *item.Item) {
	for _, lang := range l.course.Languages {
		seen := map[string]bool{}
		for _, p := range it.Pairs {
			if s := p.Right[lang]; s != "" && seen[s] {
				v.get("pairs").fault("make them differ", "two right-hand sides are %q in %q", s, lang)
			}
			seen[p.Right[lang]] = true
		}
	}
}

func (l *loader) accept(v value, it *item.Item) {
	it.Accept = map[string][]string{}
	for _, e := range v.entries() {
		if !l.course.HasLanguage(e.key) {
			e.value.fault(didYouMean(e.key, l.course.Languages), "%q is not a language of the course", e.key)
		}
		for _, s := range e.value.list() {
			if text.Answer(s.str()) == "" {
				s.fault("", "an accepted answer is empty")
				continue
			}
			it.Accept[e.key] = append(it.Accept[e.key], s.str())
		}
	}
	for _, lang := range l.course.Languages {
		if v.there() && len(it.Accept[lang]) == 0 {
			v.fault("", "no answer is accepted in %q", lang)
		}
	}
}
