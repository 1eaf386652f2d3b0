package programme

import (
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"ostoja/internal/course/folder"
	"ostoja/internal/course/yamlfile"
	"ostoja/internal/text"
)

// Texts reads texts in the languages of a course, and notes what is wrong with them.
type Texts interface {
	Text(v yamlfile.Value) text.Translated
}

// Bounds of what a programme may declare. They keep sums small; no training comes near them.
const (
	mostHours  = 400
	mostPeople = 500
	mostDays   = 60
)

// Read reads the agenda and sees that it adds up. It notes what is wrong; nil where there is nothing to read.
func Read(v yamlfile.Value, texts Texts) *Programme {
	if !v.Keys("format", "minutes_per_hour", "hours", "group", "materials", "card", "cases", "days") {
		return nil
	}
	if v.Need("format").Integer(1, 1<<30) > 1 {
		v.Get("format").Fault("update Ostoja", "this program reads format 1")
	}
	p := &Programme{MinutesPerHour: v.Need("minutes_per_hour").Integer(45, 60), Card: v.Get("card").ID()}
	if m := p.MinutesPerHour; m != 45 && m != 60 {
		v.Get("minutes_per_hour").Fault("write 45 or 60", "an hour has %d minutes", m)
	}
	if hours := v.Need("hours"); hours.Keys("theory", "exercise") {
		p.Theory, p.Exercise = declared(hours.Need("theory")), declared(hours.Need("exercise"))
	}
	if group := v.Need("group"); group.Keys("least", "most") {
		p.Least, p.Most = group.Need("least").Integer(1, mostPeople), group.Need("most").Integer(1, mostPeople)
		if p.Least > p.Most {
			group.Fault("", "a group has at least %d people and at most %d", p.Least, p.Most)
		}
	}
	for _, m := range v.Get("materials").List() {
		p.Materials = append(p.Materials, texts.Text(m))
	}
	if cases := v.Get("cases"); cases.Keys("least", "false_alarms") {
		p.LeastCases, p.FalseAlarms = cases.Need("least").Integer(0, 100), cases.Get("false_alarms").Integer(0, 100)
	}
	r := reader{texts, p, map[string]bool{}}
	for i, day := range v.Need("days").List() {
		if i == mostDays {
			day.Fault("", "a programme has at most %d days", mostDays)
			break
		}
		r.day(day)
	}
	if len(p.Blocks()) == 0 {
		v.Fault("", "the programme has no blocks")
	}
	r.hours(v.Get("hours"))
	if p.Card != "" && !slices.Contains(p.Handouts(), p.Card) {
		v.Get("card").Fault(folder.DidYouMean(p.Card, p.Handouts()), "no block hands out %q", p.Card)
	}
	return p
}

func declared(v yamlfile.Value) float64 {
	h := v.Number()
	if v.Exists() && (h < 0 || h > mostHours) {
		v.Fault("", "%g hours are not between 0 and %d", h, mostHours)
		return 0
	}
	return h
}

type reader struct {
	Texts
	p    *Programme
	used map[string]bool // ids of sessions and blocks
}

func (r reader) day(v yamlfile.Value) {
	if !v.Keys("sessions") {
		return
	}
	var day []Session
	for _, s := range v.Need("sessions").List() {
		if !s.Keys("id", "title", "from", "until", "blocks") {
			continue
		}
		session := Session{ID: r.id(s), Title: r.Text(s.Need("title")), From: clock(s.Need("from")), Until: clock(s.Need("until"))}
		if n := len(day); n > 0 && session.From < day[n-1].Until {
			s.Get("from").Fault("", "the session begins at %s, before the one before it is over at %s", session.From, day[n-1].Until)
		}
		for _, b := range s.Need("blocks").List() {
			if b.Keys("id", "start", "minutes", "kind", "title", "who", "materials", "objectives", "indicators", "handouts", "cases") {
				session.Blocks = append(session.Blocks, r.block(b, session.end()))
			}
		}
		if end := session.end(); end != session.Until && len(session.Blocks) > 0 {
			s.Get("until").Fault("change until, or the minutes of the blocks", "the blocks are over at %s and the session at %s", end, session.Until)
		}
		day = append(day, session)
	}
	if len(day) == 0 {
		v.Fault("", "the day has no sessions")
		return
	}
	r.p.Days = append(r.p.Days, day)
}

// end is when the blocks read so far are over.
func (s Session) end() Clock {
	if n := len(s.Blocks); n > 0 {
		return s.Blocks[n-1].Start + Clock(s.Blocks[n-1].Minutes)
	}
	return s.From
}

func (r reader) block(v yamlfile.Value, from Clock) Block {
	b := Block{
		ID: r.id(v), Start: clock(v.Need("start")), Minutes: v.Need("minutes").Integer(1, 24*60),
		Kind:  Kind(v.Need("kind").OneOf(string(Theory), string(Exercise), string(Break), string(Test))),
		Title: r.Text(v.Need("title")), Who: r.Text(v.Get("who")), Materials: r.Text(v.Get("materials")),
		Objectives: v.Get("objectives").IDs(), Indicators: v.Get("indicators").IDs(), Handouts: v.Get("handouts").IDs(), Cases: v.Get("cases").IDs(), Line: v.Place().Line,
	}
	switch {
	case b.Start > from:
		v.Get("start").Fault("", "nothing is planned from %s to %s", from, b.Start)
	case b.Start < from:
		v.Get("start").Fault("", "the block begins at %s, before the one before it is over at %s", b.Start, from)
	}
	if b.Taught() && len(b.Objectives) == 0 {
		v.Fault("write objectives: [ID]", "the block %q serves no objective", b.ID)
	}
	return b
}

// id reads an id that no other session or block has: they name files and addresses.
func (r reader) id(v yamlfile.Value) string {
	id := v.Need("id").ID()
	if id != "" && r.used[id] {
		v.Get("id").Fault("", "the id %q is there twice", id)
	}
	r.used[id] = true
	return id
}

// hours sees that what is declared is what is taught.
func (r reader) hours(v yamlfile.Value) {
	for _, of := range []struct {
		kind  Kind
		hours float64
	}{{Theory, r.p.Theory}, {Exercise, r.p.Exercise}} {
		minutes := 0
		for _, b := range r.p.Blocks() {
			if b.Kind == of.kind {
				minutes += b.Minutes
			}
		}
		if math.Abs(of.hours*float64(r.p.MinutesPerHour)-float64(minutes)) > 0.5 && r.p.MinutesPerHour > 0 {
			v.Get(string(of.kind)).Fault("change the hours, or the blocks", "%g hours of %s of %d minutes are declared, and the blocks take %d minutes", of.hours, of.kind, r.p.MinutesPerHour, minutes)
		}
	}
}

var clockPattern = regexp.MustCompile(`^([01]?\d|2[0-3]):([0-5]\d)$`)

func clock(v yamlfile.Value) Clock {
	s := v.Str()
	m := clockPattern.FindStringSubmatch(s)
	if m == nil {
		if v.Exists() {
			v.Fault(`write it as "9:00", in quotes`, "%q is not a time of the day", s)
		}
		return 0
	}
	hour, errHour := strconv.Atoi(m[1])
	minute, errMinute := strconv.Atoi(m[2])
	if errHour != nil || errMinute != nil {
		return 0 // digits by the pattern
	}
	return Clock(60*hour + minute)
}

var (
	stepHead  = regexp.MustCompile(`^(\d{1,3}) min: (.+)$`)
	slideHead = regexp.MustCompile(`^([a-z][a-z0-9-]{0,59}): (.+)$`)
)

// Piece is what stands under a heading of the second level.
type Piece struct {
	Head string // of the heading; "" before the first
	Line int    // of the heading, from 0
	Body string
}

// Pieces cuts a text at its headings of the second level, so that each piece can be rendered by itself. Headings within ::: blocks and
// fenced code are none.
func Pieces(source string) []Piece {
	pieces := []Piece{{}}
	block, fence := false, false
	for i, line := range strings.Split(source, "\n") {
		switch {
		case strings.HasPrefix(line, "```"):
			fence = !fence
		case strings.HasPrefix(line, ":::") && !fence:
			block = strings.TrimSpace(line) != ":::"
		}
		if head, ok := strings.CutPrefix(line, "## "); ok && !block && !fence {
			pieces = append(pieces, Piece{Head: strings.TrimSpace(head), Line: i})
			continue
		}
		pieces[len(pieces)-1].Body += line + "\n"
	}
	if strings.TrimSpace(pieces[0].Body) == "" {
		return pieces[1:]
	}
	return pieces
}

// Step reads the heading of a step of a guide: 5 min: Welcome.
func (p Piece) Step() (minutes int, title string, ok bool) {
	m := stepHead.FindStringSubmatch(p.Head)
	if m == nil {
		return 0, "", false
	}
	minutes, err := strconv.Atoi(m[1])
	return minutes, m[2], err == nil && minutes > 0
}

// Slide reads the heading of a slide: the block in which it is shown, and its title.
func (p Piece) Slide() (block, title string, ok bool) {
	m := slideHead.FindStringSubmatch(p.Head)
	if m == nil {
		return "", "", false
	}
	return m[1], m[2], true
}
