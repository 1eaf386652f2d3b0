package kitpage

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"ostoja/internal/firstline"
	"ostoja/internal/indicator"
)

// aid is the page of a place. Its form is flat: each input stands before the result, whose parts its answer shows by sibling selectors, which
// browsers have known for fifteen years (decision 17), so that nothing is sent and no script is needed.
type aid struct {
	kit      *firstline.Kit
	place    firstline.Coded
	subjects []firstline.Subject
	inputs   map[firstline.Atom]string // the id of the input that makes a condition true
	parts    []part
}

// part is something of the result that stands there always, or as soon as one of some answers is given.
type part struct {
	id     string // class of what is shown
	when   []firstline.Atom
	always bool
	shown  string // how it is displayed then
}

func newAid(k *firstline.Kit, p firstline.Coded) *aid {
	a := &aid{kit: k, place: p, subjects: k.Subjects(), inputs: map[firstline.Atom]string{}}
	for i, s := range a.subjects {
		for j, x := range s.Atoms() {
			a.inputs[x] = inputID(i, j)
		}
	}
	for i, x := range k.Actions {
		a.part("a"+strconv.Itoa(i), "list-item", x.When)
	}
	for i, x := range k.Calls {
		a.part("c"+strconv.Itoa(i), "list-item", x.When)
	}
	for i, x := range k.Carry {
		a.part("k"+strconv.Itoa(i), "list-item", x.When)
	}
	for _, u := range firstline.Urgencies { // a heading stands over what there is
		var when []firstline.Atom
		for _, x := range k.Actions {
			if x.Urgency == u {
				when = append(when, x.When...)
			}
		}
		a.part(string(u), "block", when)
	}
	return a
}

// inputID names the input of a value of a subject.
func inputID(subject, value int) string { return fmt.Sprintf("q%d%c", subject, 'a'+value) }

func (a *aid) part(id, shown string, when []firstline.Atom) {
	always, rest := firstline.At(a.place.ID, when)
	a.parts = append(a.parts, part{id, rest, always, shown})
}

// has says whether something can ever be shown at the place.
func (a *aid) has(id string) bool {
	p := a.find(id)
	return p.always || len(p.when) > 0
}

func (a *aid) find(id string) part {
	return a.parts[slices.IndexFunc(a.parts, func(p part) bool { return p.id == id })]
}

// class hides what is shown only after an answer.
func (a *aid) class(id string) string {
	if a.find(id).always {
		return ""
	}
	return "h " + id
}

// styles are the rules by which answers show what follows from them.
func (a *aid) styles() string {
	var b strings.Builder
	for _, shown := range []string{"list-item", "block"} {
		before := ""
		for _, p := range a.parts {
			if p.always || p.shown != shown {
				continue
			}
			for _, x := range p.when {
				b.WriteString(before + "#" + a.inputs[x] + ":checked~.r ." + p.id)
				before = ","
			}
		}
		b.WriteString("{display:" + shown + "}")
	}
	all := ""
	for i := range a.subjects { // an answer takes the question away from those that are open, the last one the list
		s := "[name=q" + strconv.Itoa(i) + "]:checked~"
		b.WriteString(s + ".r .o" + strconv.Itoa(i) + ",")
		all += s
	}
	b.WriteString(all + ".r .o{display:none}")
	return b.String()
}

// question is the key of the text that asks for a subject.
func question(s firstline.Subject) string {
	switch s.ID {
	case "age", "beside":
		return "aid." + s.ID
	}
	return "question." + s.ID
}

// answer is the key of the text of a value.
func answer(s firstline.Subject, value string) string {
	switch s.ID {
	case "age", "beside":
		return "aid." + s.ID + "-of." + value
	}
	return "aid.answer." + value
}

// group is what may be noticed at the place, of one kind.
type group struct {
	id    string
	first int // number of the first of them on the page
	list  indicator.List
}

func (a *aid) groups() (list []group) {
	for i, x := range a.kit.Indicators.For(a.place.ID, indicator.Anyone) {
		if len(list) == 0 || list[len(list)-1].id != x.Group {
			list = append(list, group{id: x.Group, first: i})
		}
		g := &list[len(list)-1]
		g.list = append(g.list, x)
	}
	return list
}

// shownAction is an action with the id of its part.
type shownAction struct {
	firstline.Action
	part string
}

// actions are those of an urgency that can be shown at the place.
func (a *aid) actions(u firstline.Urgency) (list []shownAction) {
	for i, x := range a.kit.Actions {
		if id := "a" + strconv.Itoa(i); x.Urgency == u && a.has(id) {
			list = append(list, shownAction{x, id})
		}
	}
	return list
}

// condition returns the question and the answer upon which an action is done; false if it is done in any case.
func (a *aid) condition(x firstline.Action) (ask, said string, ok bool) {
	always, rest := firstline.At(a.place.ID, x.When)
	if always || len(rest) == 0 {
		return "", "", false
	}
	for _, s := range a.subjects {
		if i := slices.Index(s.Atoms(), rest[0]); i >= 0 {
			return question(s), answer(s, s.Values[i]), true
		}
	}
	return "", "", false
}

// notice returns what may be noticed in the page's language, or in Polish.
func (w words) notice(x indicator.Indicator) (text, in string) {
	if text := x.Notice[w.Tag()]; text != "" {
		return text, w.Tag()
	}
	return x.Notice["pl"], "pl"
}

func (a *aid) page(w words) templ.Component { return aidPage(w, a) }
