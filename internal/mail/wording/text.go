package wording

import (
	"fmt"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"ostoja/internal/errs"
	"ostoja/internal/lang"
	"ostoja/internal/mail"
	"ostoja/internal/text"
)

// Text is what a letter says, or will once its places are filled.
type Text struct{ Subject, Body string }

// The longest texts. A subject of more is cut by what shows it.
const (
	longestSubject = 120
	longestBody    = 6000
)

// mark is a place in a text, as the translations write it. Nothing else of theirs has a meaning here: nothing is executed.
var mark = regexp.MustCompile(`\{\{\.(\p{L}[\p{L}\p{N}]*)\}\}`)

// typed is what people write where they mean a place.
var typed = regexp.MustCompile(`\{+\s*\.?\s*([\p{L}\p{N}_-]+)\s*\}+`)

// Compose returns a letter's subject and text in the printer's language: in the office's own words where it has some that fit, else in the
// shipped ones. values are name, value pairs of all of the form's places.
func Compose(p *lang.Printer, f Form, values ...any) (subject, body string) {
	k, args := Of(f), errs.Args(values...)
	if k == nil {
		return "⟦" + string(f) + "⟧", ""
	}
	if own, there := p.Own(string(f)); there {
		t := split(own)
		subject, fits := fill(t.Subject, args)
		body, fit := fill(t.Body, args)
		if fits && fit {
			return subject, body
		}
	}
	t := k.shipped(p, args)
	return t.Subject, t.Body
}

// Own texts travel in the catalogue as one: a subject is one line.
func joined(t Text) string { return t.Subject + "\n" + t.Body }

func split(s string) (t Text) {
	t.Subject, t.Body, _ = strings.Cut(s, "\n")
	return t
}

// fill puts values in the places of a text, once: a value that looks like a place stays what it is. It reports false where one has no value.
func fill(text string, args map[string]any) (string, bool) {
	whole := true
	text = mark.ReplaceAllStringFunc(text, func(m string) string {
		v, there := args[m[3:len(m)-2]]
		whole = whole && there
		return fmt.Sprint(v)
	})
	return text, whole
}

// shipped returns the text that came with the program, filled.
func (k *Known) shipped(p *lang.Printer, args map[string]any) Text {
	parts := make([]string, len(k.body))
	for i, key := range k.body {
		parts[i] = p.Args(key, args)
	}
	return Text{p.Args(k.subject, args), strings.Join(parts, "\n\n")}
}

// Shipped returns the text that came with the program, its places open.
func (k *Known) Shipped(p *lang.Printer) Text {
	open := map[string]any{}
	for _, x := range k.Places {
		open[x.Name] = "{{." + x.Name + "}}"
	}
	return k.shipped(p, open)
}

// Around is what a letter of the form says before and after its text, in each letter the same; "" for most.
func (k *Known) Around(p *lang.Printer, link string) (before, after string) {
	if k.before == "" {
		return "", ""
	}
	if k.place("Link") == nil { // what asks for an answer is a letter of its own
		after = p.T(k.after, "Link", link)
	}
	return p.T(k.before), after
}

// Compact takes out the empty lines that empty places leave, which a letter has no need of.
func Compact(body string) string {
	for strings.Contains(body, "\n\n\n") {
		body = strings.ReplaceAll(body, "\n\n\n", "\n\n")
	}
	return strings.TrimSpace(body)
}

// Tidy writes a text as letters have it: lines end in \n, nothing stands at an end that is not seen, and what was meant as a place is written as
// one ("{{ link }}", "{{Link}}"). What the shipped text ends in stays, so that a text that was only shown and saved is the same.
func (k *Known) Tidy(t, shipped Text) Text {
	t.Subject = k.places(strings.Join(strings.Fields(t.Subject), " "))
	lines := strings.Split(strings.NewReplacer("\r\n", "\n", "\r", "\n", "\t", " ").Replace(t.Body), "\n")
	for i, line := range lines {
		lines[i] = strings.TrimRightFunc(line, unicode.IsSpace)
	}
	t.Body = strings.Trim(strings.Join(lines, "\n"), "\n")
	if t.Body != "" {
		t.Body = k.places(t.Body) + shipped.Body[len(strings.TrimRight(shipped.Body, "\n")):]
	}
	return t
}

// places writes what is meant as one of the form's places as one.
func (k *Known) places(text string) string {
	return typed.ReplaceAllStringFunc(text, func(m string) string {
		if !strings.HasPrefix(m, "{{") || !strings.HasSuffix(m, "}}") || strings.HasPrefix(m, "{{{") || strings.HasSuffix(m, "}}}") {
			return m
		}
		name := typed.FindStringSubmatch(m)[1]
		for _, x := range k.Places {
			if strings.EqualFold(x.Name, name) {
				return "{{." + x.Name + "}}"
			}
		}
		return m
	})
}

// address is what is no word: it would lead somewhere, or is somebody's.
var address = regexp.MustCompile(`(?i)https?:|www\.|@`)

// Check returns what is wrong with a tidied text, an error of category errs.ErrInvalid with a fault for each field.
func (k *Known) Check(t Text) error {
	var faults errs.Fields
	switch {
	case t.Subject == "":
		faults.Add("subject", "letters.words.fault-no-subject")
	case utf8.RuneCountInString(t.Subject) > longestSubject:
		faults.Add("subject", "letters.words.fault-long", "Most", longestSubject)
	case address.MatchString(t.Subject):
		faults.Add("subject", "letters.words.fault-address")
	}
	switch {
	case strings.TrimSpace(t.Body) == "":
		faults.Add("body", "letters.words.fault-no-body")
	case utf8.RuneCountInString(t.Body) > longestBody:
		faults.Add("body", "letters.words.fault-long", "Most", longestBody)
	}
	if strings.ContainsFunc(t.Subject, hidden) {
		faults.Add("subject", "letters.words.fault-hidden")
	}
	if strings.ContainsFunc(t.Body, hidden) {
		faults.Add("body", "letters.words.fault-hidden")
	}
	k.checkMarks(&faults, "subject", t.Subject)
	k.checkMarks(&faults, "body", t.Body)
	if t.Body != "" {
		for _, x := range k.Places {
			if x.Must && !strings.Contains(t.Body, "{{."+x.Name+"}}") {
				faults.Add("body", "letters.words.fault-missing", "Place", "{{."+x.Name+"}}")
			}
		}
	}
	return faults.Err()
}

// hidden holds for what is not seen in a letter or has a meaning of the program's own.
func hidden(r rune) bool {
	return r != '\n' && (unicode.IsControl(r) || r == []rune(mail.TokenMark)[0] || r == '\u2028' || r == '\u2029' || r >= '\u202a' && r <= '\u202e' || r >= '\u2066' && r <= '\u2069')
}

// checkMarks finds what looks like a place and is none of the form's. Braces have no other use in a letter, so that none is left in one.
func (k *Known) checkMarks(faults *errs.Fields, field, text string) {
	rest := mark.ReplaceAllStringFunc(text, func(m string) string {
		x := k.place(m[3 : len(m)-2])
		switch {
		case x == nil:
			return m
		case field == "subject" && !x.Subject:
			faults.Add(field, "letters.words.fault-subject", "Place", m)
		}
		return ""
	})
	for _, m := range typed.FindAllStringSubmatch(rest, -1) {
		faults.Add(field, "letters.words.fault-unknown", "Typed", m[0], "Place", "{{."+k.nearest(m[1])+"}}")
	}
	if strings.ContainsAny(typed.ReplaceAllString(rest, ""), "{}") {
		faults.Add(field, "letters.words.fault-braces", "Place", "{{."+k.Places[0].Name+"}}")
	}
}

// nearest returns the form's place whose name is written most like a word.
func (k *Known) nearest(word string) string {
	best, least := "", -1
	for _, x := range k.Places {
		if d := text.Distance(strings.ToLower(word), strings.ToLower(x.Name)); least < 0 || d < least {
			best, least = x.Name, d
		}
	}
	return best
}
