package mail

import "ostoja/internal/access"

// Known is a letter that the program writes.
type Known struct {
	Kind Kind
	// Reader is the permission with which others than its reader may see such a letter's text and to whom it goes, within their units.
	// "" is for what is its reader's alone: codes, and what areas tell each other in confidence.
	Reader access.Permission
}

// Kinds are all letters of the program. A letter of a kind that is not here has no name in lists, and its text is shown to nobody.
var Kinds = []Known{
	{"people.invitation", access.PeopleWrite},
	{"people.sign-in", access.PeopleWrite},
	{"course.invitation", access.DeskWrite},
	{"desk.remind", access.DeskWrite},
	{"desk.rule", access.DeskWrite},
	{"certificate.ends", access.DeskWrite},
	{"certificate.unit", access.DeskWrite},
	{"measurement.sitting", access.Measure},
	{"classroom.seat", access.SignUps},
	{"classroom.delegate", access.SignUps},
	{"classroom.plan", access.TrainingsWrite},
	{"laboratory.case", ""}, // who asked for it is nobody's business
	{"card.overdue", access.SiteWrite},
	{"site.lapse", access.SiteWrite},
	{"site.confirm", access.SiteWrite},
	{"site.confirmed", access.SiteWrite},
	{"course.lapse", access.CoursesWrite},
	{"approval.waits", ""},
	{"data.request", ""},
	{"guardian.apply", access.GuardiansWrite},
	{"guardian.candidate", access.GuardiansWrite},
	{"guardian.asked", access.GuardiansWrite},
	{"guardian.office", access.GuardiansWrite},
	{"guardian.duty", access.GuardiansWrite},
	{"guardian.valid", access.GuardiansWrite},
	{"guardian.week", access.GuardiansWrite},
	{"guardian.meeting", ""},
	{"guardian.signal", ""},
	{"guardian.complaint", ""},
	{"report.link", ""},
	{"report.code", ""},
	{"letters.test", access.DeskWrite}, // to who words letters
	{"system.test", access.SystemRead},
}

// reader returns the permission with which others may see a letter of a kind, "" if nobody may.
func (k Kind) reader() access.Permission {
	for _, x := range Kinds {
		if x.Kind == k {
			return x.Reader
		}
	}
	return ""
}
