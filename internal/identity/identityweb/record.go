package identityweb

import (
	"strings"

	"ostoja/internal/lang"
)

// actionName says what was done; an action without words of its own shows its code.
func actionName(p *lang.Printer, action string) string {
	if key := "audit.action-" + strings.ReplaceAll(action, ".", "-"); p.Has(key) {
		return p.T(key)
	}
	return action
}

// who names the actor of an entry.
func (e recordLine) who(p *lang.Printer) string {
	switch name := e.names[e.ActorID]; {
	case e.ActorID == "":
		return p.T("audit.program")
	case name != "":
		return name
	}
	return p.T("audit.forgotten")
}

// what names the object of an entry, and its page where there is one.
func (e recordLine) what() (label, href string) {
	kind, id, _ := strings.Cut(e.Object, ":")
	switch kind {
	case "person":
		if name := e.names[id]; name != "" {
			return name, "/app/people/" + id
		}
	case "unit":
		if id != "" && !strings.HasSuffix(e.Action, ".delete") {
			return e.Object, "/app/organisations/" + id
		}
	case "course":
		return id, "/app/authoring/" + id
	}
	return e.Object, ""
}
