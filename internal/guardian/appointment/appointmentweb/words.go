package appointmentweb

import (
	"strings"
	"time"

	"ostoja/internal/guardian/appointment"
	"ostoja/internal/lang"
	"ostoja/internal/ui"
)

const hour = time.Hour

// facts are the lines of an appointment.
func facts(p *lang.Printer, v pageView) (pairs []ui.Pair) {
	add := func(key, said string) {
		if said != "" {
			pairs = append(pairs, ui.Pair{Term: p.T(key), Text: said})
		}
	}
	kind := v.Kind.Title.In(p.Tag())
	if !v.Kind.Confirmed {
		kind += " (" + p.T("appointment.unconfirmed") + ")"
	}
	add("appointment.kind", kind)
	add("appointment.scope", v.Scopes)
	if v.Court == "" {
		add("appointment.court", p.T("appointment.no-court"))
	} else {
		add("appointment.court", v.Court)
	}
	add("appointment.decided", p.DateOf(v.DecidedOn))
	add("appointment.started", p.DateOf(v.StartedOn))
	if v.Running() {
		add("appointment.contact", quietText(p, v.Appointment, v.Today))
		return pairs
	}
	end := p.DateOf(v.EndedOn)
	if v.Ended == appointment.Adult { // the day is not kept
		end = p.T("appointment.in-month", "Month", p.StoredDay(v.EndedOn).Format("01.2006"))
	}
	add("appointment.ended", p.T("appointment.ended-"+string(v.Ended))+", "+end)
	return pairs
}

func anyDone(items []item) bool {
	for _, i := range items {
		if i.Done {
			return true
		}
	}
	return false
}

// doneOptions are the items that were ticked, to be unticked.
func doneOptions(p *lang.Printer, name string, items []item) (options []ui.Option) {
	for _, i := range items {
		if i.Done {
			options = append(options, ui.Option{Value: name + "." + i.ID, Label: i.Title.In(p.Tag())})
		}
	}
	return options
}

// dialled is a number as a phone takes it.
func dialled(phone string) string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' || r == '+' {
			return r
		}
		return -1
	}, phone)
}

// contactField asks for the day of a contact. Each appointment has one, so that its id is its own, but for the one that is shown again with a
// fault, to which the summary leads.
func contactField(p *lang.Printer, v mineView, a appointment.Own) ui.Field {
	f := ui.Field{Name: "on", ID: "on-" + a.ID, Label: p.T("appointment.contact-on"), Type: "date", Value: v.Today}
	if v.Sent == a.ID {
		f.ID, f.Value, f.Error = "", v.Form.Get("on"), v.Form.Error("on")
	}
	return f
}
