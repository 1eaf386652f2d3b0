package firstline

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"ostoja/internal/indicator"
	"ostoja/internal/lang"
)

var (
	codePattern = regexp.MustCompile(`^[a-z][a-z0-9]+$`)
	idPattern   = regexp.MustCompile(`^[a-z][a-z0-9-]*$`)
)

func isPlace(x Atom) bool { return strings.HasPrefix(string(x), subjectPlace+"=") }

// check finds what does not fit together.
func (k *Kit) check() (faults []error) {
	fault := func(format string, args ...any) { faults = append(faults, fmt.Errorf("kit.yaml: "+format, args...)) }
	k.checkCodes(fault)
	k.checkRules(fault)
	k.checkPapers(fault)
	if !k.texts.Has(lang.Default) {
		return append(faults, fmt.Errorf("there are no texts in %s, which all other languages follow", lang.Default))
	}
	for _, key := range k.Keys() {
		if !k.Has(key) {
			faults = append(faults, fmt.Errorf("%s: the text %s is missing", lang.Default, key))
		}
	}
	return faults
}

func (k *Kit) checkCodes(fault func(format string, args ...any)) {
	known := map[string]bool{}
	for _, code := range k.Codes() {
		if !codePattern.MatchString(code) || known[code] {
			fault("the code %q: each page needs one of its own, of small letters and digits", code)
		}
		known[code] = true
	}
}

// checkRules finds conditions of what nobody answers, and answers that change nothing.
func (k *Kit) checkRules(fault func(format string, args ...any)) {
	known, used := map[Atom]bool{Always: true}, map[Atom]bool{}
	for _, p := range k.Places {
		known[Is(subjectPlace, p.ID)] = true
	}
	for _, s := range k.Subjects() {
		for _, x := range s.Atoms() {
			known[x] = true
		}
	}
	use := func(what string, when []Atom) {
		if len(when) == 0 {
			fault("%s never holds", what)
		}
		for _, x := range when {
			if !known[x] {
				fault("%s: nothing answers %q", what, x)
			}
		}
	}
	seen := map[string]bool{}
	for _, a := range k.Actions {
		use("the action "+a.ID, a.When)
		if !idPattern.MatchString(a.ID) || seen[a.ID] {
			fault("the action %q needs a name of its own", a.ID)
		}
		if !slices.Contains(Urgencies, a.Urgency) {
			fault("the action %s: the urgency %q is none of %v", a.ID, a.Urgency, Urgencies)
		}
		seen[a.ID] = true
		for _, x := range a.When {
			used[x] = true
		}
	}
	for _, c := range k.Calls {
		use("the call "+c.Fact, c.When)
	}
	for _, c := range k.Carry {
		use("the category "+c.ID, c.When)
	}
	for _, q := range k.Questions {
		if !slices.Contains(Urgencies, q.Urgency) {
			fault("the question %s: the urgency %q is none of %v", q.ID, q.Urgency, Urgencies)
		}
	}
	for x := range known {
		if !used[x] && !strings.HasSuffix(string(x), "="+string(No)) { // no needs no step: it only takes the question from the open ones
			fault("the answer %s leads to no action", x)
		}
	}
}

// Keys returns the keys of the texts that the kit needs.
func (k *Kit) Keys() (keys []string) {
	add := adder(&keys)
	add("kit.*", "title", "tab", "intro", "place", "papers", "hear", "situations", "verdict", "saved", "for-professionals", "read", "back", "file", "counted")
	add("aid.*", "first", "who", "age", "beside", "noticed", "noticed-hint", "next", "now", "today", "consult", "step", "new-tab", "any", "open", "call", "say", "never", "carry", "carry-intro", "clear", "print")
	add("aid.answer.*", string(Yes), string(No), string(Unsure))
	add("aid.age-of.*", k.Ages...)
	add("aid.beside-of.*", k.Beside...)
	for _, p := range k.Places {
		keys = append(keys, "place."+p.ID+".title", "place."+p.ID+".tab", "say."+p.ID)
	}
	for _, q := range k.Questions {
		add("question.*", q.ID)
	}
	for _, a := range k.Actions {
		add("action.*", a.ID)
	}
	add("box.*", k.Indicators.IDs()...)
	add("aid.group.*", indicator.Groups...)
	add("never-do.*", k.Never...)
	for _, c := range k.Carry {
		add("carry-to.*", c.ID)
	}
	add("situation.role.*", k.Roles...)
	add("situation.*", "never", "by-role", "all")
	for _, s := range k.Situations {
		add("situation."+s.ID+".*", "title", "tab", "first", "not")
		add("situation."+s.ID+".*", k.Roles...)
	}
	return append(keys, k.paperKeys()...)
}
