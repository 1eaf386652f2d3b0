// Package confirmation asks the services of the directory whether their own entries are right: one letter, one link, no account.
//
// Goals: who knows best what is true of a place says so in a minute, and an entry that nobody had time to call about does not lapse; a link
// is answered once, by a person and not by a program that looks into mail; what was seen is what is confirmed. Limits: a service changes
// nothing itself, what it says of changes is a note to editors, whose proposal takes a second person (decision 0019); numbers that are facts
// stay as they are, since those a person in danger would call are confirmed by calling them (decision 0043); a letter goes to one address,
// which stands with it alone and goes when its link ends.
package confirmation

import (
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"ostoja/internal/errs"
	"ostoja/internal/privacy"
	"ostoja/internal/site/directory"
	"ostoja/internal/text"
)

// ValidFor is how long a letter's link can be answered.
const ValidFor = 30 * 24 * time.Hour

const (
	ahead     = 30                   // days before its last day on which the program asks by itself
	keptFor   = 365 * 24 * time.Hour // how long it is known what became of a link
	mostADay  = 3                    // letters about one entry that editors may send in 24 hours
	mostSaid  = 500                  // characters of an answer's field
	shownLast = 20                   // requests that editors see
)

// State says what became of a request.
type State string

// The states.
const (
	Open      State = "" // it can be answered
	Confirmed State = "confirmed"
	Changed   State = "changed"   // the service says what is different
	Renewed   State = "renewed"   // a later letter took its place
	Withdrawn State = "withdrawn" // an editor took it back
	Expired   State = "expired"
	Hidden    State = "hidden" // readers do not see the entry any more; only a link's page says so
)

// Request is a letter that asks a service.
type Request struct {
	ID        string
	ServiceID string
	Address   string // "" once the link has ended
	Lang      string
	AskedAt   time.Time
	AskedBy   string // the editor's name, "" if the program asked by itself
	ExpiresAt time.Time
	Ended     State
	EndedAt   time.Time
	Answer    Answer `db:",json"`
	HandledAt time.Time
}

// State is the request's at a time.
func (r Request) State(now time.Time) State {
	if r.Ended == Open && !now.Before(r.ExpiresAt) {
		return Expired
	}
	return r.Ended
}

// Waits says whether editors have yet to deal with what a service said.
func (r Request) Waits() bool { return r.Ended == Changed && r.HandledAt.IsZero() }

// Answer is what a service says has changed, by field.
type Answer map[string]string

// phones is the field in which numbers and addresses may stand: those of the service.
const phones = "phones"

// Fields are those of an answer, in order.
var Fields = []string{"hours", phones, "languages", "else"}

func (a Answer) cleaned() Answer {
	out := Answer{}
	for _, name := range Fields {
		if said := text.CleanLines(a[name]); said != "" {
			out[name] = said
		}
	}
	return out
}

// check finds what is wrong with a cleaned answer.
func (a Answer) check() error {
	var faults errs.Fields
	if len(a) == 0 {
		faults.Add(Fields[0], "confirmation.fault.empty")
	}
	for _, name := range Fields {
		said := a[name]
		found := privacy.Find(said)
		if name == phones {
			found = privacy.FindBeside(withoutNumbers(said), privacy.Phone, privacy.Mail)
		}
		switch {
		case utf8.RuneCountInString(said) > mostSaid:
			faults.Add(name, "confirmation.fault.long", "High", mostSaid)
		case strings.ContainsAny(said, "<>"):
			faults.Add(name, "confirmation.fault.markup")
		case found == privacy.Phone || found == privacy.Mail:
			faults.Add(name, "confirmation.fault.number")
		case found != privacy.Nothing:
			faults.Add(name, "assessment.private."+string(found))
		}
	}
	return faults.Err()
}

// international are numbers with a country's code, of which one in ten of Warsaw's looks like a PESEL.
var international = regexp.MustCompile(`\+\d[\d ().\-]*\d`)

// withoutNumbers puts numbers that can be dialled with their country's code out of a text.
func withoutNumbers(said string) string {
	return international.ReplaceAllStringFunc(said, func(number string) string {
		if directory.IsPhone(number) {
			return ";"
		}
		return number
	})
}

// shown says whether readers see an entry, so that there is something to confirm. Where people live under protection stands nowhere.
func shown(x *directory.Service, listed bool) bool {
	return listed && !x.Shelter && x.Hours.Fault() == nil
}

// due says whether the last day of an entry is so near that its service is asked.
func due(x *directory.Service, today time.Time) bool {
	return x.ValidUntil <= today.AddDate(0, 0, ahead).Format(time.DateOnly)
}

// LetterLang returns the language in which a service is written to: the first of the program's that is spoken there, and Polish where it is.
func LetterLang(x *directory.Service, langs []string) string {
	const polish = "pl"
	if slices.Contains(x.Languages, polish) {
		return polish
	}
	for _, tag := range langs {
		if slices.Contains(x.Languages, tag) {
			return tag
		}
	}
	return polish
}
