package testrig

import (
	"regexp"
	"slices"
	"strings"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/db"
	"ostoja/internal/guardian"
	"ostoja/internal/guardian/candidacy"
	"ostoja/internal/identity"
)

// GuardianOffice is the part of the world in which guardians are found: an office that keeps them, who assesses them, who asks for them, and two
// courts. It is made on demand, so that the cast of all other tests stays small.
type GuardianOffice struct {
	*World
	Coordinator             access.Actor // of the office
	Elsewhere               access.Actor // coordinator of guardians at another office
	First, Second           access.Actor // assessors
	Requester               access.Actor // at Terespol
	PoliceRequester         access.Actor // at Chełm
	CourtClerk              access.Actor
	Complaints              access.Actor
	CourtUnit               string // the unit of the court clerk
	NearCourt, DistantCourt string // courts
}

// GuardianOffice makes it.
func (w *World) GuardianOffice() *GuardianOffice {
	w.T.Helper()
	o := &GuardianOffice{World: w}
	role := func(r access.Role, unitID string) identity.RoleDraft {
		return identity.RoleDraft{Role: r, UnitID: unitID}
	}
	o.CourtUnit = w.Unit("", identity.Office, "Sąd Rejonowy w Brzezinach Leśnych", "SR")
	o.Coordinator = w.Person("Gabriela", "Rejestrowa", w.Office, role(access.GuardianCoordinator, w.Office))
	o.Elsewhere = w.Person("Grzegorz", "Sąsiedni", w.Police, role(access.GuardianCoordinator, w.Police))
	o.First = w.Person("Monika", "Oceniająca", w.Office, role(access.Assessor, w.Office))
	o.Second = w.Person("Marek", "Sprawdzający", w.Office, role(access.Assessor, w.Office))
	o.Requester = w.Person("Natalia", "Dyżurna", w.Terespol, role(access.Requester, w.Terespol))
	o.PoliceRequester = w.Person("Norbert", "Dyżurny", w.Chelm, role(access.Requester, w.Chelm))
	o.CourtClerk = w.Person("Klara", "Sądowa", o.CourtUnit, role(access.CourtClerk, o.CourtUnit))
	o.Complaints = w.Person("Olga", "Rozstrzygająca", w.Office, role(access.ComplaintsOfficer, w.Office))
	for court, name := range map[*string]string{&o.NearCourt: "Sąd Rejonowy w Brzezinach Leśnych", &o.DistantCourt: "Sąd Rejonowy w Dalekim Borze"} {
		*court = Must(w.Guardians.AddCourt(w.T.Context(), o.Coordinator, guardian.Court{Name: name}))(w.T)
	}
	return o
}

// Guardian takes a new person into the register of the office: for the nearer court, Polish and Ukrainian, at most two children, for a year, and
// not yet listed.
func (o *GuardianOffice) Guardian(given, family string) (who access.Actor, entryID string) {
	o.T.Helper()
	who = o.Person(given, family, o.Office)
	err := o.DB.Update(o.T.Context(), func(tx *db.Tx) (err error) {
		entryID, err = o.Guardians.Admit(o.T.Context(), tx, guardian.Admission{
			PersonID: who.PersonID, UnitID: o.Office, ValidUntil: o.Clock.Now().Add(365 * 24 * time.Hour), Phone: "+48 600 100 200", MostChildren: 2,
			Langs: []string{"pl", "uk"}, Courts: []string{o.NearCourt}, By: o.Coordinator.PersonID,
		})
		return err
	})
	o.OK(err)
	return who, entryID
}

var applyLink = regexp.MustCompile(`/app/apply/guardian/link/([A-Za-z0-9_-]{43})`)

// Candidate sends the application of somebody who has not lived abroad, to the office.
func (o *GuardianOffice) Candidate(given, family string) (candidateID string) {
	o.T.Helper()
	return o.CandidateFrom(given, family, candidacy.AbroadNo)
}

// CandidateFrom is [GuardianOffice.Candidate] of somebody who says whether they have lived abroad.
func (o *GuardianOffice) CandidateFrom(given, family string, abroad candidacy.Abroad) (candidateID string) {
	o.T.Helper()
	ctx, to := o.T.Context(), strings.ToLower(given+"."+family)+"@example.org"
	o.OK(o.Candidacy.Ask(ctx, candidacy.Asked{Address: to, OfficeID: o.Office, Lang: "pl"}, "network"))
	token := ""
	for _, l := range slices.Backward(o.Letters()) {
		if found := applyLink.FindStringSubmatch(l.Body); l.To == to && found != nil {
			token = found[1]
			break
		}
	}
	candidateID = Must(o.Candidacy.UseLink(ctx, token))(o.T)
	self := candidacy.Self{CandidateID: candidateID}
	o.OK(o.Candidacy.Save(ctx, self, candidacy.Form{
		GivenName: given, FamilyName: family, Agreed: true, Edition: Must(o.Candidacy.Mine(ctx, self))(o.T).Edition,
		Application: candidacy.Application{
			Phone: "+48 600 100 200", Motivation: "Chcę pomagać.", Background: "Praca w świetlicy.", Conflicts: "Nie ma.", Availability: "Popołudnia.", Abroad: abroad,
			Langs: []string{"pl", "uk"}, Courts: []string{o.NearCourt},
		},
	}, true))
	return candidateID
}
