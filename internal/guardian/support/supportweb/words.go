package supportweb

import (
	"strings"
	"time"

	"ostoja/internal/guardian/support"
	"ostoja/internal/lang"
	"ostoja/internal/ui"
)

// faded names the topics to come back to, "" where there is none.
func (v ownView) faded(p *lang.Printer) string {
	var list []string
	for _, t := range v.Refreshed {
		if t.Faded {
			list = append(list, v.Pages.topic(p, t.Topic))
		}
	}
	return strings.Join(list, "; ")
}

func (v ownView) anyExpert() bool {
	for _, t := range v.Pages.Service.Topics {
		if len(v.Experts(t.ID)) > 0 {
			return true
		}
	}
	return false
}

// ownState says to who called for help how that stands.
func ownState(p *lang.Printer, x support.Signal, now time.Time) string {
	switch {
	case !x.DoneAt.IsZero():
		return p.T("support.own-done", "Name", x.TakenBy, "Day", p.Date(x.DoneAt))
	case x.TakenBy != "":
		return p.T("support.own-taken", "Name", x.TakenBy, "Moment", p.Moment(x.TakenAt, now))
	case x.Late(now):
		return p.T("support.own-late", "Moment", p.Moment(x.DueAt, now))
	}
	return p.T("support.own-waits", "Moment", p.Moment(x.DueAt, now))
}

func reaches(p *lang.Printer, list []support.Reach) (options []ui.Option) {
	for _, r := range list {
		options = append(options, ui.Option{Value: string(r), Label: p.T("support.reach-" + string(r))})
	}
	return options
}

// refreshedTitle is a topic with the day on which it was refreshed.
func refreshedTitle(p *lang.Printer, title string, t support.Refreshed) string {
	if t.Day == "" {
		return title
	}
	return p.T("support.refreshed-on", "Topic", title, "Day", p.DateOf(t.Day))
}

func refreshedPairs(p *lang.Printer, h *Pages, list []support.Refreshed) (pairs []ui.Pair) {
	for _, t := range list {
		day := p.T("support.never")
		if t.Day != "" {
			day = p.DateOf(t.Day)
		}
		pairs = append(pairs, ui.Pair{Term: h.topic(p, t.Topic), Text: day})
	}
	return pairs
}

func checkedWords(p *lang.Printer, x support.Expert, today string) string {
	_, said := checkedChip(p, x, today)
	return said
}

// waitingWords say what waits for the office, in one line.
func waitingWords(p *lang.Printer, x support.Waiting) string {
	var list []string
	for _, part := range []struct {
		key string
		n   int
	}{{"support.waiting-open", x.Open}, {"support.waiting-unchecked", x.Unchecked}, {"support.waiting-soon", x.Soon}} {
		if part.n > 0 {
			list = append(list, p.N(part.key, part.n))
		}
	}
	if len(list) == 0 {
		return p.T("support.waiting", "What", p.T("support.waiting-nothing"))
	}
	return p.T("support.waiting", "What", strings.Join(list, ", "))
}

// answered are those of the guests who gave an answer.
func answered(list []support.Guest, answer string) (some []support.Guest) {
	for _, g := range list {
		if g.Answer == answer {
			some = append(some, g)
		}
	}
	return some
}

// parted are those whom the office expects or knows to have been there, and the others of its register.
func parted(list []support.Guest) (expected, others []support.Guest) {
	for _, g := range list {
		if g.Answer == "yes" || g.Present == "yes" {
			expected = append(expected, g)
		} else {
			others = append(others, g)
		}
	}
	return expected, others
}

func guestOptions(list []support.Guest) (options []ui.Option) {
	for _, g := range list {
		options = append(options, ui.Option{Value: g.GuardianID, Label: g.Name})
	}
	return options
}

// presentOf are those who were there; before anybody said so, nobody is ticked for somebody else.
func presentOf(x support.MeetingPage) (ids []string) {
	for _, g := range x.Guests {
		if g.Present == "yes" {
			ids = append(ids, g.GuardianID)
		}
	}
	return ids
}

// contact is how an expert is reached, in one line.
func contact(x support.Expert) string {
	var parts []string
	for _, s := range []string{x.Phone, x.Mail} {
		if s != "" {
			parts = append(parts, s)
		}
	}
	return strings.Join(parts, ", ")
}

// cancelTold says who is written to when a meeting is cancelled.
func cancelTold(p *lang.Printer, coming int) string {
	if coming == 0 {
		return p.T("support.cancel-told-nobody")
	}
	return p.N("support.cancel-told", coming)
}
