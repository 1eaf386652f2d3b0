// Package programme holds what a classroom programme is: the agenda of a training that is held in a room, and the texts that go with it.
//
// Its goals: what is printed adds up, so that no attendance sheet states an hour that nobody taught: blocks fill each session without holes
// or overlaps, and the hours declared to a fund are those of the blocks; and who stands in front of the group finds for each minute what to
// do. It reads the agenda (programme.yaml) and knows no folder: the texts are files of the course beside which the programme lies, and are
// read and rendered by the package course. When and where a training is held, by whom and for whom, is for the package classroom.
package programme

import (
	"fmt"
	"slices"

	"ostoja/internal/text"
)

// Kind is what a block is to those who take part.
type Kind string

// The kinds of blocks. The hours of a programme are those of theory and exercise; breaks and tests are none of them.
const (
	Theory   Kind = "theory"
	Exercise Kind = "exercise"
	Break    Kind = "break"
	Test     Kind = "test"
)

// Programme is a classroom programme.
type Programme struct {
	MinutesPerHour int     // 45 or 60: each paper prints which
	Theory         float64 // hours
	Exercise       float64
	Least, Most    int // people in a group
	Materials      []text.Translated
	Card           string // the handout that the group fills in and takes home; "" if none
	LeastCases     int
	FalseAlarms    int // of them at least
	Days           [][]Session
}

// Session is a half-day: what one attendance sheet is for.
type Session struct {
	ID          string
	Title       text.Translated
	From, Until Clock
	Blocks      []Block
}

// Block is a piece of a session.
type Block struct {
	ID         string
	Start      Clock
	Minutes    int
	Kind       Kind
	Title      text.Translated
	Who        text.Translated // nil if nothing is said
	Materials  text.Translated // nil if none
	Objectives []string
	Indicators []string // of trafficking, which the whole block is about
	Handouts   []string
	Cases      []string
	Line       int // of the file, where it begins
}

// Taught says whether the block counts as hours.
func (b Block) Taught() bool { return b.Kind == Theory || b.Kind == Exercise }

// Guided says whether the block has a guide: during a break nobody leads.
func (b Block) Guided() bool { return b.Kind != Break }

// Clock is a time of the day in minutes since midnight, as a programme plans it: a training may begin at another hour.
type Clock int

// String returns the time as 9:05.
func (c Clock) String() string { return fmt.Sprintf("%d:%02d", c/60, c%60) }

// Hours returns the hours of theory and exercise together.
func (p *Programme) Hours() float64 { return p.Theory + p.Exercise }

// Sessions returns the sessions of all days in order.
func (p *Programme) Sessions() []Session { return slices.Concat(p.Days...) }

// Blocks returns the blocks of all sessions in order.
func (p *Programme) Blocks() (all []Block) {
	for _, s := range p.Sessions() {
		all = append(all, s.Blocks...)
	}
	return all
}

// Handouts returns the ids of the handouts in the order in which blocks name them.
func (p *Programme) Handouts() []string {
	return p.named(func(b Block) []string { return b.Handouts })
}

// Cases returns the ids of the cases in the order in which blocks name them.
func (p *Programme) Cases() []string { return p.named(func(b Block) []string { return b.Cases }) }

func (p *Programme) named(of func(Block) []string) (ids []string) {
	for _, b := range p.Blocks() {
		for _, name := range of(b) {
			if !slices.Contains(ids, name) {
				ids = append(ids, name)
			}
		}
	}
	return ids
}

// Document is a text of a programme in one language.
type Document struct {
	Title      string // "" of a guide and of slides, whose parts have titles
	FalseAlarm bool   // of a case: nobody is being exploited
	Objectives []string
	Indicators []string
	Parts      []Part
}

// Part is a step of a guide, a slide, or the whole of another document.
type Part struct {
	Title   string // "" of the whole of a document
	Minutes int    // of a step
	Block   string // of a slide
	Line    int    // on which it begins
	HTML    string
}

// Minutes adds up the steps of a guide.
func (d *Document) Minutes() (sum int) {
	for _, p := range d.Parts {
		sum += p.Minutes
	}
	return sum
}
