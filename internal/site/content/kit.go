package content

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"ostoja/internal/firstline"
)

// TakeKit adds the first-line kit to the site. Its texts obey the rules of articles: facts of the pack instead of numbers, and no word in
// the title of a tab that would tell on a reader. The error names every fault.
func (b *Bundle) TakeKit(k *firstline.Kit) error {
	var faults []error
	fault := func(format string, args ...any) { faults = append(faults, fmt.Errorf("the kit: "+format, args...)) }
	facts := References{Facts: map[string]*Fact{}, Articles: map[string]bool{}, Revealing: b.RevealingWord}
	for _, f := range b.Facts {
		facts.Facts[f.ID] = f
	}
	for _, a := range b.Articles {
		facts.Articles[a.ID] = true
		if k.Owns(a.Code) {
			fault("the article %s has the address %s, which is the kit's", a.ID, a.Code)
		}
	}
	for name, code := range b.Pages {
		if k.Owns(code) || slices.ContainsFunc(k.Codes(), func(c string) bool { return strings.HasPrefix(c, code+"-") }) {
			fault("the page %s has the address %s, which is the kit's", name, code)
		}
	}
	for _, c := range k.Calls {
		if facts.Facts[c.Fact] == nil {
			fault("the country's pack has no fact %s, which is called", c.Fact)
		}
	}
	k.Texts(func(tag, key, text string) {
		if w := forbiddenIn(text, b.Words[tag]); strings.HasSuffix(key, ".tab") && w != "" {
			fault("%s, %s: %q in the title of a tab would tell on a reader", tag, key, w)
		}
		for _, f := range checkBody(text, facts) {
			fault("%s, %s: %s %v", tag, key, f.Key, f.Args)
		}
	})
	b.Kit = k
	return errors.Join(faults...)
}
