package identityweb

import (
	"strings"

	"ostoja/internal/identity/roster"
	"ostoja/internal/lang"
	"ostoja/internal/ui"
)

// about says how the file was read.
func about(p *lang.Printer, v importView) []ui.Pair {
	list := []ui.Pair{
		{Term: p.T("people.import.unit"), Text: v.Unit},
		{Term: p.T("people.import.columns"), Text: columnsOf(p, v.Preview)},
	}
	if name := v.Preview.Sheet.Name; name != "" {
		if v.Preview.Sheet.Hidden {
			name = p.T("people.import.sheet-hidden", "Name", name)
		}
		list = append(list, ui.Pair{Term: p.T("people.import.sheet"), Text: name})
	}
	if e := v.Preview.Encoding; e != "" {
		list = append(list, ui.Pair{Term: p.T("people.import.encoding"), Text: encodingName(p, e)})
	}
	if v.Preview.FullNames {
		list = append(list, ui.Pair{Term: p.T("people.import.order"), Text: orderName(p, v.Preview)})
	}
	if n := v.Preview.HiddenLines; n > 0 && !v.Preview.Options.Hidden {
		list = append(list, ui.Pair{Term: p.T("people.import.hidden"), Text: p.N("people.import.hidden-left-out", n)})
	} else if n > 0 {
		list = append(list, ui.Pair{Term: p.T("people.import.hidden"), Text: p.N("people.import.hidden-taken", n)})
	}
	if len(v.Preview.Ignored) > 0 {
		list = append(list, ui.Pair{Term: p.T("people.import.ignored"), Text: strings.Join(v.Preview.Ignored, ", ")})
	}
	if len(v.Preview.NewUnits) > 0 {
		list = append(list, ui.Pair{Term: p.T("people.import.new-units"), Text: strings.Join(v.Preview.NewUnits, ", ")})
	}
	if v.Course != "" {
		list = append(list, ui.Pair{Term: p.T("people.import.course"), Text: v.Course})
	}
	if v.Preview.Options.Invite {
		list = append(list, ui.Pair{Term: p.T("people.import.mail"), Text: p.T("people.import.mail-yes")})
	} else {
		list = append(list, ui.Pair{Term: p.T("people.import.mail"), Text: p.T("people.import.mail-no")})
	}
	return list
}

// columnsOf says of each column that was understood what it was taken for, where the file calls it otherwise.
func columnsOf(p *lang.Printer, v roster.Preview) string {
	var said []string
	for i, header := range v.Columns {
		if name := p.T("people.field." + v.Fields[i]); !strings.EqualFold(name, header) {
			header += " (" + name + ")"
		}
		said = append(said, header)
	}
	return strings.Join(said, ", ")
}

func sheetOptions(p *lang.Printer, v roster.Preview) (list []ui.Option) {
	for _, s := range v.Sheets {
		o := ui.Option{Value: s.Name, Label: s.Name}
		if s.Hidden {
			o.Label = p.T("people.import.sheet-hidden", "Name", s.Name)
		}
		list = append(list, o)
	}
	return list
}

func encodingOptions(p *lang.Printer, v roster.Preview) (list []ui.Option) {
	for _, s := range v.Encodings {
		list = append(list, ui.Option{Value: s.Encoding, Label: s.Text, Hint: encodingName(p, s.Encoding)})
	}
	return list
}

// encodingName says where an encoding comes from, and how programs call it.
func encodingName(p *lang.Printer, encoding string) string {
	return p.T("people.import.encoding-"+encoding) + " (" + encoding + ")"
}

func orderName(p *lang.Printer, v roster.Preview) string {
	if v.FamilyFirst {
		return p.T("people.import.order-family")
	}
	return p.T("people.import.order-given")
}

func ticked(yes bool) string {
	if yes {
		return "1"
	}
	return ""
}
