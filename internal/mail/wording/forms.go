package wording

import (
	"slices"
	"strings"

	"ostoja/internal/mail"
)

// Form is a letter that has words of its own: a kind, or one of the shapes that letters of a kind have.
type Form string

// The forms.
const (
	ProgrammeInvitation Form = "people.invitation"
	CourseInvitation    Form = "course.invitation"
	RemindNew           Form = "desk.remind/new"
	RemindBegun         Form = "desk.remind/begun"
	RuleBefore          Form = "desk.rule/before"
	RuleToday           Form = "desk.rule/today"
	RuleAfter           Form = "desk.rule/after"
	RuleIdle            Form = "desk.rule/idle"
	CertificateEnds     Form = "certificate.ends"
	TestBefore          Form = "measurement.sitting/before"
	TestBeforeAgain     Form = "measurement.sitting/before-again"
	TestAfter           Form = "measurement.sitting/after"
	TestAfterAgain      Form = "measurement.sitting/after-again"
	TestLater           Form = "measurement.sitting/later"
	TestLaterAgain      Form = "measurement.sitting/later-again"
	Delegate            Form = "classroom.delegate"
	PlanNew             Form = "classroom.plan/new"
	PlanChanged         Form = "classroom.plan/changed"
	Case                Form = "laboratory.case"
	Confirm             Form = "site.confirm"
)

// seats are what a letter about a seat tells, each a form of its own.
var seats = []string{"invited", "offered", "consent", "waiting", "confirmed", "changed", "put-off", "cancelled", "refused", "lapsed"}

// Seat is the form of a letter about a seat in a training.
func Seat(about string) Form { return Form("classroom.seat/" + about) }

// Place is something that a letter's text leaves open, and that each letter fills.
type Place struct {
	Name  string // as it stands in the text: {{.Name}}
	About string // what it is: letters.words.about-ABOUT and its example
	// Must says that a text without it is refused: the reader could do nothing, would not know what it is about, or would not learn what somebody wrote
	// for them.
	Must bool
	// Subject says that it may stand in a subject too: a day alone. Subjects are seen on locked screens.
	Subject bool
}

// Known is a form and what its text is made of.
type Known struct {
	Form   Form
	Kind   mail.Kind
	Places []Place

	subject string   // the key of the shipped one
	body    []string // keys of the shipped text, paragraphs apart
	// what the letter says before and after, for the letters of which several may be one: keys
	before, after string
}

func must(name, about string) Place { return Place{Name: name, About: about, Must: true} }
func may(name, about string) Place  { return Place{Name: name, About: about} }
func day(name, about string) Place  { return Place{Name: name, About: about, Subject: true} }

// Forms are the letters that the office may word, in the order in which they are listed. Not among them: letters that bring a code or a link that lets somebody in
// and say how to guard it; letters of the guardians' programme, whose words tell whoever reads along nothing; letters of data requests, calls for help
// and complaints; and what the program tells those who work with it, which names its pages and buttons (decision 0082).
var Forms = forms()

func forms() []Known {
	name, course, link := may("Name", "given-name"), must("Course", "course"), must("Link", "course-link")
	list := []Known{
		{Form: ProgrammeInvitation, subject: "people.letter.invitation-subject", body: []string{"people.letter.invitation-body"}, Places: []Place{must("Link", "once-link"), may("Organisation", "organisation"), day("Until", "until"), may("Asker", "asker")}},
		{Form: CourseInvitation, subject: "invitation.subject", body: []string{"invitation.body"}, Places: []Place{link, course, may("Organisation", "organisation")}},
		{Form: RemindNew, subject: "desk.letter.subject", body: []string{"desk.letter.body-new"}, Places: []Place{link, course, name}},
		{Form: RemindBegun, subject: "desk.letter.subject", body: []string{"desk.letter.body-begun"}, Places: []Place{link, course, name}},
	}
	rule := func(f Form, key string, more ...Place) {
		list = append(list, Known{Form: f, subject: "reminder.letter.subject", body: []string{key}, Places: append([]Place{link, course, must("Why", "why"), may("Ask", "ask"), name, day("Day", "due")}, more...)})
	}
	rule(RuleBefore, "reminder.letter.body-before", may("Left", "left"))
	rule(RuleToday, "reminder.letter.body-today")
	rule(RuleAfter, "reminder.letter.body-after")
	rule(RuleIdle, "reminder.letter.body-idle", may("Since", "since"))
	list = append(list, Known{
		Form: CertificateEnds, subject: "renewal.letter.subject", body: []string{"renewal.letter.body"},
		Places: []Place{link, {Name: "Day", About: "ends", Must: true, Subject: true}, name, may("Title", "course"), may("Number", "number")},
	})
	for _, x := range []struct {
		form, again Form
		key         string
	}{{TestBefore, TestBeforeAgain, "assessment.letter.before"}, {TestAfter, TestAfterAgain, "assessment.letter.after"}, {TestLater, TestLaterAgain, "assessment.letter.later"}} {
		places := []Place{must("Link", "once-link"), may("Title", "course-or-training"), may("Minutes", "minutes"), must("Until", "until-sentence")}
		list = append(list,
			Known{Form: x.form, subject: "assessment.letter.subject", body: []string{x.key}, Places: places},
			Known{Form: x.again, subject: "assessment.letter.subject", body: []string{"assessment.letter.reminder", x.key}, Places: places})
	}
	for _, about := range seats {
		list = append(list, Known{
			Form: Seat(about), subject: "seat.letter.subject." + about, body: []string{"seat.letter." + about}, Places: seatPlaces(about), before: "seat.letter.greeting", after: "seat.letter.foot",
		})
	}
	list = append(list,
		Known{
			Form: Delegate, subject: "seat.letter.subject.delegate", body: []string{"seat.letter.delegate"},
			Places: []Place{must("Link", "answer-link"), must("Name", "participant"), must("Title", "training"), {Name: "Until", About: "until", Must: true, Subject: true}, must("When", "when")},
		},
		Known{Form: PlanNew, subject: "classroom.letter.subject-new", body: []string{"classroom.letter.trainer"}, Places: []Place{must("Trainings", "trainings"), must("Why", "why-moved")}},
		Known{Form: PlanChanged, subject: "classroom.letter.subject", body: []string{"classroom.letter.trainer"}, Places: []Place{must("Trainings", "trainings"), must("Why", "why-moved")}},
		Known{Form: Case, subject: "laboratory.letter.subject", body: []string{"laboratory.letter.body"}, Places: []Place{must("Link", "case-link"), must("Stop", "stop-link"), may("Case", "case"), may("Minutes", "minutes")}},
		Known{Form: Confirm, subject: "confirmation.letter-subject", body: []string{"confirmation.letter-body"}, Places: []Place{must("Link", "answer-link"), must("Name", "service"), day("Day", "until-day")}},
	)
	for i := range list {
		list[i].Kind = list[i].Form.kind()
	}
	return list
}

// seatPlaces are those of what a letter about a seat tells. A link to answer by is only in those that ask something.
func seatPlaces(about string) []Place {
	title, when, until := must("Title", "training"), must("When", "when"), Place{Name: "Until", About: "until", Must: true, Subject: true}
	switch about {
	case "invited", "offered":
		return []Place{must("Link", "answer-link"), title, until, when}
	case "consent":
		return []Place{title, when, until}
	case "waiting":
		return []Place{title, when}
	case "confirmed":
		return []Place{title, when, must("Course", "course-before")}
	case "changed":
		return []Place{title, when, must("Reason", "reason")}
	}
	return []Place{title, must("Reason", "reason")}
}

func (f Form) kind() mail.Kind {
	kind, _, _ := strings.Cut(string(f), "/")
	return mail.Kind(kind)
}

// Slug is a form's name in addresses and texts.
func (k *Known) Slug() string { return strings.NewReplacer("/", "-", ".", "-").Replace(string(k.Form)) }

// Slugged returns the form of a slug, "" if there is none.
func Slugged(slug string) Form {
	for i := range Forms {
		if Forms[i].Slug() == slug {
			return Forms[i].Form
		}
	}
	return ""
}

// Of returns a form, nil if there is none of that name.
func Of(f Form) *Known {
	if i := slices.IndexFunc(Forms, func(k Known) bool { return k.Form == f }); i >= 0 {
		return &Forms[i]
	}
	return nil
}

func (k *Known) place(name string) *Place {
	if i := slices.IndexFunc(k.Places, func(p Place) bool { return p.Name == name }); i >= 0 {
		return &k.Places[i]
	}
	return nil
}
