package guardian

import (
	"golang.org/x/text/language"
	"golang.org/x/text/language/display"
)

// LanguageName returns how a language is called in the language of a page or paper: ukraiński, Ukrainian. One that has no name there is called by its
// tag.
func LanguageName(in, tag string) string {
	if name := display.Languages(language.Make(in)).Name(language.Make(tag)); name != "" {
		return name
	}
	return tag
}
