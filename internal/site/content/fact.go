package content

import (
	"slices"
	"strings"
	"time"

	"ostoja/internal/errs"
	"ostoja/internal/fact"
	"ostoja/internal/site/directory"
)

// OfficeContact is the fact that tells institutions where to order printed copies. Editors fill it; the program ships none.
const OfficeContact = "office-contact"

// Fact is what changes with time and stands in texts as {id}: a phone, a term, an amount, a name. It is kept once for all
// languages, with where it comes from and until when it may be trusted.
type Fact struct {
	ID         string            `yaml:"id"`
	Kind       fact.Kind         `yaml:"kind"`
	Value      map[string]string `yaml:"value" db:"value,json"` // by language, or one for [fact.AnyLang]
	Label      map[string]string `yaml:"label" db:"label,json"`
	Source     string            `yaml:"source"` // one short line, which readers see
	Note       string            `yaml:"note"`   // an editor's doubt, which editors alone see
	URL        string            `yaml:"url"`
	Checked    string            `yaml:"checked" db:"checked_on"` // 2026-11-23
	By         string            `yaml:"by" db:"checked_by"`
	ValidUntil string            `yaml:"valid_until" db:"valid_until"`
	GraceDays  int               `yaml:"grace_days" db:"grace_days"` // days after ValidUntil, after which it vanishes
	Confirm    bool              `yaml:"confirm"`                    // an editor has yet to confirm it
	Version    int               `yaml:"-" json:"-"`                 // rises with each change
	Owner      `yaml:"-" json:"-"`
}

// essential says whether no site can do without the fact.
func (f *Fact) essential() bool { return fact.Essential(f.ID) }

// national says whether the fact is for the whole installation to keep: what stands in for all others, and where copies are ordered.
func (f *Fact) national() bool { return f.essential() || f.ID == OfficeContact }

// In returns the value in a language, "" if it has none.
func (f *Fact) In(lang string) string {
	if v := f.Value[fact.AnyLang]; v != "" {
		return v
	}
	return f.Value[lang]
}

// DueOn says whether an editor should look at the fact on a day: it is unconfirmed, overdue, or soon will be.
func (f *Fact) DueOn(now time.Time, zone *time.Location) bool {
	const ahead = 14 // days
	until := day(f.ValidUntil, zone)
	return f.Confirm || !until.IsZero() && !now.Before(until.AddDate(0, 0, -ahead))
}

// validMonths returns how long a confirmation of such a fact is good for, in months: numbers change sooner than law.
func validMonths(k fact.Kind) int {
	if k == fact.Phone || k == fact.Web {
		return 3
	}
	return 6
}

// Renew notes that the fact was right on a day. Of law and money the end is known and stays, unless it has passed.
func (f *Fact) Renew(today time.Time, by string) {
	f.Checked, f.By, f.Confirm = today.Format(time.DateOnly), by, false
	if f.Kind == fact.Phone || f.Kind == fact.Web || f.Kind == fact.Name || f.ValidUntil < f.Checked {
		f.ValidUntil = today.AddDate(0, validMonths(f.Kind), 0).Format(time.DateOnly)
	}
}

// Check finds what is missing or wrong in a fact; langs are the languages in which it must have a value, revealing is
// [Bundle.RevealingWord].
func (f *Fact) Check(langs []string, revealing func(address string) string) (faults errs.Fields) {
	switch {
	case !directory.IsMark(f.ID):
		faults.Add("id", "site.fault.mark")
	case directory.IsReserved(f.ID):
		faults.Add("id", "site.fault.reserved")
	}
	switch {
	case !slices.Contains(fact.Kinds, f.Kind):
		faults.Add("kind", "site.fault.choose")
	case f.essential() && f.Kind != fact.Phone:
		faults.Add("kind", "site.fault.core-kind")
	}
	if f.Value[fact.AnyLang] != "" {
		langs = []string{fact.AnyLang} // what is wrong with it is said once
	}
	for _, l := range langs {
		switch v := f.In(l); {
		case strings.TrimSpace(v) == "":
			faults.Add("value-"+l, "site.fault.value")
		case f.Kind == fact.Phone && !directory.IsPhone(v):
			faults.Add("value-"+l, "site.fault.phone")
		case f.Kind == fact.Web && !strings.HasPrefix(v, "https://"):
			faults.Add("value-"+l, "site.fault.web")
		case f.Kind == fact.Web && revealing(v) != "":
			faults.Add("value-"+l, "site.fault.tell-tale-address", "Word", revealing(v))
		}
	}
	if f.national() && f.UnitID != "" {
		faults.Add("unit", "site.fault.national")
	}
	if strings.TrimSpace(f.Source) == "" {
		faults.Add("source", "site.fault.source")
	}
	if f.URL != "" && !strings.HasPrefix(f.URL, "https://") {
		faults.Add("url", "site.fault.web")
	}
	if strings.TrimSpace(f.By) == "" {
		faults.Add("by", "site.fault.by")
	}
	checked := day(f.Checked, time.UTC)
	if checked.IsZero() {
		faults.Add("checked", "site.fault.day")
	}
	directory.CheckTerm(checked, f.ValidUntil, &faults)
	if f.GraceDays < 0 || f.GraceDays > 365 {
		faults.Add("grace_days", "site.fault.grace")
	}
	return faults
}
