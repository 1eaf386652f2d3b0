package ui_test

import (
	"testing"

	"ostoja/internal/ui"
)

func TestInput(t *testing.T) {
	d := render(t, ui.Input(ui.Field{Name: "mail", Label: "E-mail", Hint: "For the invitation", Error: "Enter an address", Type: "email", Value: "a", Autocomplete: "email", InputMode: "email", Required: true, Lang: "en"}))
	in := one(t, d, "input")
	for name, want := range map[string]string{
		"id": ui.FieldID("mail"), "type": "email", "value": "a", "autocomplete": "email", "inputmode": "email", "lang": "en", "aria-invalid": "true",
		"aria-describedby": "f-mail-hint f-mail-error",
	} {
		attr(t, in, name, want)
	}
	if _, ok := in.Attr("required"); !ok {
		t.Error("required is missing")
	}
	if got := text(one(t, d, "#f-mail-error")); got != "Error: Enter an address" {
		t.Errorf("error %q", got)
	}
	if got := text(one(t, d, "label[for=f-mail]")); got != "E-mail" {
		t.Errorf("label %q", got)
	}
}

func TestInputWithoutFaultSaysNothingOfOne(t *testing.T) {
	in := one(t, render(t, ui.Input(ui.Field{Name: "a", Label: "A", Optional: true})), "input")
	for _, name := range []string{"aria-invalid", "aria-describedby", "autocomplete", "required"} {
		if _, ok := in.Attr(name); ok {
			t.Errorf("has %s", name)
		}
	}
	attr(t, in, "type", "text")
}

func TestPasswordCanBeShown(t *testing.T) {
	d := render(t, ui.Input(ui.Field{Name: "p", Label: "Password", Type: "password"}))
	b := one(t, d, "button[type=button][hidden]")
	attr(t, b, "data-password", "f-p")
	attr(t, b, "data-show-label", "Show password")
	attr(t, one(t, d, "input"), "type", "password")
}

func TestErrorsLinkToFields(t *testing.T) {
	fields := []ui.FieldError{{Name: "mail", Text: "Enter an address"}, {Text: "Sent too late"}}
	d := render(t, ui.Errors(fields))
	box := one(t, d, "[role=alert][tabindex='-1'][data-focus]")
	if box.Find("h2").Length() != 1 || box.Find("li").Length() != 2 {
		t.Error("the summary has a heading and a line for each fault")
	}
	attr(t, one(t, d, "a"), "href", "#f-mail")
	if d := render(t, ui.Errors(nil)); d.Find("[role=alert]").Length() != 0 {
		t.Error("no fault, no summary")
	}
}

func TestGroups(t *testing.T) {
	options := []ui.Option{{Value: "a", Label: "A", Hint: "first"}, {Value: "b", Label: "B"}}
	d := render(t, ui.Radios(ui.Field{Name: "r", Label: "R", Options: options, Value: "b", Error: "Choose"}))
	set := one(t, d, "fieldset#f-r")
	attr(t, set, "aria-describedby", "f-r-error")
	if text(set.Find("legend")) != "R" || set.Find("input[type=radio][name=r]").Length() != 2 {
		t.Error("a group has a legend and an input for each option")
	}
	attr(t, one(t, d, "input[checked]"), "value", "b")
	d = render(t, ui.Checks(ui.Field{Name: "c", Label: "C", Options: options, Values: []string{"a", "b"}}))
	if d.Find("input[type=checkbox][checked]").Length() != 2 {
		t.Error("both boxes are ticked")
	}
	d = render(t, ui.Select(ui.Field{Name: "s", Label: "S", Options: options, Value: "a"}))
	attr(t, one(t, d, "option[selected]"), "value", "a")
	d = render(t, ui.Check(ui.Field{Name: "k", Label: "K", Value: "1", Hint: "h"}))
	attr(t, one(t, d, "input[type=checkbox][checked]"), "aria-describedby", "f-k-hint")
	if got := one(t, render(t, ui.Area(ui.Field{Name: "t", Label: "T", Value: "<b>"})), "textarea").Text(); got != "<b>" {
		t.Errorf("textarea %q", got)
	}
	attr(t, one(t, render(t, ui.File(ui.Field{Name: "f", Label: "F", Accept: ".csv"})), "input[type=file]"), "accept", ".csv")
}

func TestConfirmSaysWhatIsLost(t *testing.T) {
	d := render(t, ui.Confirm(ui.ConfirmProps{Title: "Delete?", Lost: []string{"2 units"}, Kept: "People stay.", Action: "/x", Button: "Delete the unit", Cancel: ui.NavItem{Label: "Keep", Href: "/y"}}))
	attr(t, one(t, d, "form[method=post]"), "action", "/x")
	if text(d.Find("li")) != "2 units" || text(d.Find("button")) != "Delete the unit" {
		t.Error("what is lost, and what the button does, are said")
	}
	attr(t, one(t, d, "a.button"), "href", "/y")
}

func TestUnsafeAddressesAreDropped(t *testing.T) {
	d := render(t, ui.LinkButton(ui.Plain, "x", "/app/people?q=a&b=c"))
	attr(t, one(t, d, "a"), "href", "/app/people?q=a&b=c")
}

func TestCopyIsReadableWithoutAScript(t *testing.T) {
	d := render(t, ui.Copy("link", "Address", "https://example.org/x"))
	attr(t, one(t, d, "input[readonly]"), "value", "https://example.org/x")
	attr(t, one(t, d, "button[hidden]"), "data-copied", "Copied")
}
