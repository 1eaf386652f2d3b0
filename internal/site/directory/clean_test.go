package directory

import (
	"reflect"
	"strings"
	"testing"
	"unicode"
)

// TestNothingUnseenIsPublished: marks that come along when a text is pasted are in no field of an entry, whichever is added later; a
// joiner that makes a word of its script stays.
func TestNothingUnseenIsPublished(t *testing.T) {
	const typed = "\ufeff ul.\u200b Prosta\u00ad 1\u202a\u2060 \u0007 "
	var s Service
	v := reflect.ValueOf(&s).Elem()
	texts := 0
	for i := range v.NumField() {
		switch f := v.Field(i); f.Kind() {
		case reflect.String:
			f.SetString(typed)
		case reflect.Map:
			f.Set(reflect.ValueOf(map[string]string{"pl": typed + "\r\n" + typed, "fa": "علی\u200cرضا"}))
			texts++
		}
	}
	s.Phones = []Phone{{Number: "\u202a+48 22 628 01 20\u202c"}}
	s.Clean()
	kept := map[string]bool{"ID": true, "Region": true, "Checked": true, "ValidUntil": true} // checked by their form
	for i := range v.NumField() {
		name := v.Type().Field(i).Name
		switch f := v.Field(i); f.Kind() {
		case reflect.String:
			if got := f.String(); !kept[name] && got != "ul. Prosta 1" {
				t.Errorf("%s is %q", name, got)
			}
		case reflect.Map:
			m := f.Interface().(map[string]string)
			if m["pl"] != "ul. Prosta 1\nul. Prosta 1" || m["fa"] != "علی\u200cرضا" {
				t.Errorf("%s is %q", name, m)
			}
		}
	}
	if texts < 5 || strings.ContainsFunc(s.Phones[0].Number, func(r rune) bool { return unicode.Is(unicode.Cf, r) }) {
		t.Errorf("%d texts, phone %q", texts, s.Phones[0].Number)
	}
}
