// Package exchange reads and writes test items in the formats of other systems: GIFT, Aiken and Moodle XML. What of an item a
// format has no place for, and what of a question has no place here, is told as a [Loss]; nothing of it gets lost silently.
package exchange

import (
	"io"
	"maps"
	"slices"
	"strings"

	"ostoja/internal/errs"
	"ostoja/internal/item"
	"ostoja/internal/itembank/exchange/quizfile"
)

// Format is a file format for items.
type Format string

// The formats.
const (
	GIFT      Format = "gift"
	Aiken     Format = "aiken"
	MoodleXML Format = "moodle-xml"
)

// ParseFormat returns the format of a name.
func ParseFormat(s string) (Format, bool) {
	switch f := Format(s); f {
	case GIFT, Aiken, MoodleXML:
		return f, true
	}
	return "", false
}

// Ending returns the ending of the format's files, without a dot before it.
func (f Format) Ending() string {
	switch f {
	case GIFT:
		return "gift.txt"
	case Aiken:
		return "aiken.txt"
	}
	return "xml"
}

// MediaType returns the media type of the format's files.
func (f Format) MediaType() string {
	if f == MoodleXML {
		return "application/xml; charset=utf-8"
	}
	return "text/plain; charset=utf-8"
}

// Item is an item as the formats know it: a course item in one language, with what else the bank keeps of it.
type Item struct {
	item.Item
	Topic string
}

// Loss says what of which item could not be carried over. The text of its key says whether the
// item was left out as a whole or carried over without what the loss names.
type Loss struct {
	Item string         // its id, if it has one; else its name in the file
	Line int            // in the file that was read; 0 when writing
	Key  string         // of an interface text
	Args map[string]any // placeholders of the text
}

// Part is something of a source that has no place here: what it is called there, and what it says.
type Part = quizfile.Part

// Write writes the items with their texts in a language. What is written without a loss, [Read] reads back the same: its
// texts in that language, with spaces around them taken off and line ends as \n. Other languages that the items are in are one
// loss of the whole file, without an item.
func Write(w io.Writer, f Format, lang string, items []Item) (losses []Loss, err error) {
	defer errs.Wrap(&err, "exchange.Write(%q, %q)", f, lang)
	if _, ok := ParseFormat(string(f)); !ok {
		return nil, errs.Invalid("exchange.error.format")
	}
	var b strings.Builder
	out := &writer{lang: lang, format: f, ids: map[string]bool{}}
	others := map[string]bool{}
	if f == MoodleXML {
		b.WriteString("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<quiz>\n")
	}
	for _, it := range items {
		q, ok := out.flatten(it)
		if !ok {
			continue
		}
		switch f {
		case GIFT:
			ok = out.gift(&b, q)
		case Aiken:
			ok = out.aiken(&b, q)
		case MoodleXML:
			ok = out.moodle(&b, q)
		}
		if ok {
			out.written++
			for _, l := range it.Question.Languages() {
				if l != lang && strings.TrimSpace(it.Question[l]) != "" {
					others[l] = true
				}
			}
		}
	}
	losses = out.losses.list
	if len(others) > 0 {
		losses = append([]Loss{{Key: "exchange.loss.languages", Args: errs.Args("Lang", lang, "Langs", slices.Sorted(maps.Keys(others)))}}, losses...)
	}
	if f == MoodleXML {
		b.WriteString("</quiz>\n")
	}
	_, err = io.WriteString(w, b.String())
	return losses, err
}

// maxFile is the size of a file that is read, in bytes.
const maxFile = 5 << 20

// Read reads the items of a file, whose texts are in a language. An error means that nothing could be read; its message is
// for people. An item of which nothing is said has no objective, no topic and the level 0, and its use is empty. lang is the
// language of texts that name none; one that a file has in several languages by Moodle's filters becomes an item in each. Whatever
// of the file has no place in an item is a loss: what was not asked of the source is found by walking the source.
func Read(content []byte, f Format, lang string) (items []Item, losses []Loss, err error) {
	defer errs.Wrap(&err, "exchange.Read(%q, %q)", f, lang)
	if _, ok := ParseFormat(string(f)); !ok {
		return nil, nil, errs.Invalid("exchange.error.format")
	}
	text, guessed, err := decode(content, f)
	if err != nil {
		return nil, nil, err
	}
	in := &reader{lang: lang}
	if in.losses.begin("", 1); guessed != "" {
		in.losses.add("exchange.loss.encoding", "Name", guessed)
	}
	switch f {
	case GIFT:
		in.gift(in.clean(text))
	case Aiken:
		in.aiken(in.clean(text))
	case MoodleXML:
		err = in.moodle(text)
	}
	if err != nil {
		return nil, nil, err
	}
	items, losses = in.finish()
	return items, losses, nil
}
