package reminderweb

import (
	"errors"
	"strings"

	"ostoja/internal/desk/reminder"
	"ostoja/internal/errs"
	"ostoja/internal/lang"
	"ostoja/internal/ui"
)

func errsNotFound(err error) bool { return errors.Is(err, errs.ErrNotFound) }

// said says what a rule does in one sentence.
func said(p *lang.Printer, x reminder.Plan) string {
	text := p.N("reminder.says-"+string(x.Kind), x.Days)
	if x.Every > 0 && x.Most > 1 {
		text += p.N("reminder.says-every", x.Every) + p.N("reminder.says-most", x.Most)
	}
	if x.Until > 0 {
		text += p.T("reminder.says-until", "Day", p.Date(x.Until.In(p.Zone())))
	}
	return text
}

func kindOptions(p *lang.Printer) (list []ui.Option) {
	for _, k := range reminder.Kinds {
		list = append(list, ui.Option{Value: string(k), Label: p.T("reminder.kind-" + string(k))})
	}
	return list
}

// days says on which days somebody would be written to.
func days(p *lang.Printer, r reminder.Reached) string {
	var list []string
	for _, d := range r.Days {
		list = append(list, p.Day(d.In(p.Zone()), r.Days[0].In(p.Zone())))
	}
	return strings.Join(list, ", ")
}
