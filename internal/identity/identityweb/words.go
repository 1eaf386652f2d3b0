package identityweb

import (
	"strings"

	"ostoja/internal/access"
	"ostoja/internal/identity"
	"ostoja/internal/identity/people"
	"ostoja/internal/identity/territory"
	"ostoja/internal/lang"
	"ostoja/internal/ui"
)

// orDash shows that a thing is not given.
func orDash(s string) string {
	if s == "" {
		return "–"
	}
	return s
}

// place returns organisation and unit of a person.
func place(p identity.Person) string {
	if p.UnitID == p.OrganisationID {
		return p.Organisation
	}
	return p.Organisation + " › " + p.UnitName
}

func roleName(p *lang.Printer, r access.Role) string { return p.T("people.role-" + string(r)) }

// roleNames lists roles with what they hold for.
func roleNames(p *lang.Printer, grants []identity.RoleGrant) string {
	var list []string
	for _, g := range grants {
		list = append(list, roleName(p, g.Role)+" ("+scope(p, g)+")")
	}
	return orDash(strings.Join(list, ", "))
}

func scope(p *lang.Printer, g identity.RoleGrant) string {
	if g.UnitID == "" {
		return p.T("people.roles.everywhere")
	}
	return g.UnitName
}

func deviceName(p *lang.Printer, device string) string {
	if device == "" {
		return p.T("people.sessions.unknown")
	}
	return device
}

func kindName(p *lang.Printer, k identity.UnitKind) string { return p.T("people.kind-" + string(k)) }

func kindOptions(p *lang.Printer) (list []ui.Option) {
	for _, k := range identity.UnitKinds {
		list = append(list, ui.Option{Value: string(k), Label: kindName(p, k)})
	}
	return list
}

// regionOptions begins with "none".
func regionOptions(p *lang.Printer) []ui.Option {
	list := []ui.Option{{Value: "", Label: p.T("people.not-given")}}
	for _, v := range territory.Voivodeships {
		list = append(list, ui.Option{Value: v.Code, Label: v.Name(p.Tag())})
	}
	return list
}

func sexOptions(p *lang.Printer) []ui.Option {
	list := []ui.Option{{Value: "", Label: p.T("people.not-given")}}
	for _, s := range identity.Sexes {
		list = append(list, ui.Option{Value: string(s), Label: sexName(p, s)})
	}
	return list
}

func sexName(p *lang.Printer, s identity.Sex) string {
	if s == "" {
		return ""
	}
	return p.T("people.sex-" + string(s))
}

func stateName(p *lang.Printer, s identity.State) string { return p.T("people.state-" + string(s)) }

func stateKind(s identity.State) ui.Kind {
	switch s {
	case identity.Active: // the ordinary
		return ui.Plain
	case identity.Invited:
		return ui.Info
	case identity.Blocked:
		return ui.Danger
	}
	return ui.Waiting
}

// unitOptions lists the units of a tree, each with the names above it; first is the label of the choice of none, "" for no
// such choice.
func unitOptions(tree []identity.Node, first string) (list []ui.Option) {
	if first != "" {
		list = append(list, ui.Option{Label: first})
	}
	for _, n := range tree {
		list = append(list, ui.Option{Value: n.ID, Label: n.Full})
	}
	return list
}

// writable keeps the units to which the actor may add people.
func writable(tree []identity.Node, actor access.Actor, p access.Permission) (list []identity.Node) {
	for _, n := range tree {
		if actor.May(p, n.Path) {
			list = append(list, n)
		}
	}
	return list
}

// signInOf returns with what a person signs in.
func signInOf(r people.Row) string {
	if r.Mail != "" {
		return r.Mail
	}
	return r.ServiceNumber
}

func inviteLabel(p *lang.Printer, person identity.Person) string {
	switch person.State {
	case identity.Added:
		return p.T("people.invite.send")
	case identity.Invited:
		return p.T("people.invite.again")
	}
	return p.T("people.invite.link")
}

// summary is what is known of a person. What is not given is not listed.
func summary(p *lang.Printer, person identity.Person) (list []ui.Pair) {
	add := func(key, text string) {
		if text != "" {
			list = append(list, ui.Pair{Term: key, Text: text})
		}
	}
	add(p.T("people.field.state"), stateName(p, person.State))
	add(p.T("people.field.mail"), person.Mail)
	add(p.T("people.field.service_number"), person.ServiceNumber)
	list = append(list, ui.Pair{Term: p.T("people.field.unit"), Text: place(person), Href: "/app/organisations/" + person.UnitID})
	add(p.T("people.field.lang"), p.T("language."+person.Lang))
	add(p.T("people.field.sex"), sexName(p, person.Sex))
	add(p.T("people.field.region"), territory.RegionName(person.Region, p.Tag()))
	add(p.T("people.field.added"), p.Date(person.CreatedAt))
	add(p.T("people.field.invited"), p.DateTime(person.InvitedAt))
	add(p.T("people.field.activated"), p.DateTime(person.ActivatedAt))
	add(p.T("people.field.seen"), p.DateTime(person.SeenAt))
	return list
}
