package app

import (
	"testing"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/classroom"
	"ostoja/internal/classroom/need"
	"ostoja/internal/classroom/seat"
	"ostoja/internal/guardian"
	"ostoja/internal/guardian/appointment"
	"ostoja/internal/guardian/candidacy"
	"ostoja/internal/identity"
	"ostoja/internal/lang"
	"ostoja/internal/measurement"
	"ostoja/internal/report/notice"
	"ostoja/translations"
)

// codes are what areas may hand in, by the keys of their words. A code that is new somewhere and has no words here would reach a reader as it is.
func codes() map[string][]string {
	list := map[string][]string{
		sexWords: notice.Sexes, sourceWords: {"invitation", "self"}, presentWords: {"present", "absent"}, sittingWords: {"asked", "begun", "declined", "closed", "done"},
		useWords: {"asked", "yes", "no"}, surveyWords: {"asked", "answered"}, howWords: {"page", "paper"}, originWords: {"hall"}, "apply.abroad-": {"yes", "no"},
		"owndata.observation-": {"of-me", "by-me"},
	}
	add := func(key, code string) { list[key] = append(list[key], code) }
	for _, r := range access.Roles {
		add(roleWords, string(r))
	}
	for _, s := range []identity.State{identity.Added, identity.Invited, identity.Active, identity.Blocked} {
		add(stateWords, string(s))
	}
	for _, s := range seat.States {
		add(seatWords, string(s))
	}
	for _, o := range []seat.Origin{seat.Invited, seat.ByPerson, seat.Superior, seat.Added} {
		add(originWords, string(o))
	}
	for _, w := range []measurement.Wave{measurement.Before, measurement.After, measurement.Week, measurement.Months3, measurement.Months6} {
		add(waveWords, string(w))
	}
	for _, f := range need.Fields {
		add("need.field-", string(f))
	}
	for _, p := range []classroom.Part{classroom.Lead, classroom.Co, classroom.Observer} {
		add("teaching.part-", string(p))
	}
	for _, s := range candidacy.States {
		add("apply.state-", string(s))
	}
	for _, k := range []candidacy.CheckKind{candidacy.SexualOffenders, candidacy.CriminalRecord, candidacy.ForeignCertificate} {
		add("apply.check-", string(k))
	}
	for _, s := range []guardian.State{guardian.Verified, guardian.Listed, guardian.Paused, guardian.Removed} {
		add("guardian.state.", string(s))
	}
	for _, r := range appointment.Reasons {
		add("appointment.ended-", string(r))
	}
	return list
}

// TestEveryCodeHasItsWords in both languages.
func TestEveryCodeHasItsWords(t *testing.T) {
	texts, err := lang.Load(translations.FS, time.UTC)
	if err != nil {
		t.Fatal(err)
	}
	for _, tag := range []string{"pl", "en"} {
		p := texts.Printer(tag)
		for key, list := range codes() {
			for _, code := range list {
				if !p.Has(key + code) {
					t.Errorf("%s: no text %s%s", tag, key, code)
				}
			}
		}
		for band, want := range map[string]map[string]string{"18-29": {"pl": "18–29 lat", "en": "18–29 years"}, "61+": {"pl": "61 lat i więcej", "en": "61 years or older"}} {
			if got := age(band).Words(p); got != want[tag] {
				t.Errorf("%s: %s is said as %q", tag, band, got)
			}
		}
	}
}
