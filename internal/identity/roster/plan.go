package roster

import (
	"context"
	"slices"
	"strings"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/db"
	"ostoja/internal/errs"
	"ostoja/internal/identity"
	"ostoja/internal/text"
)

// planner compares rows with who is there.
type planner struct {
	langs    []string
	actor    access.Actor
	below    identity.Unit
	options  Options
	headers  map[field]string
	now      time.Time
	zone     *time.Location
	units    map[string][]identity.Unit // by folded name, code and full name
	unitByID map[string]identity.Unit
	byMail   map[string]int // index into people
	byNumber map[string]int // by organisation and number
	people   []identity.Person
	rowOf    map[string]int // by mail or number: where the file names it first
	newUnits []string
	newKeys  map[string]bool
}

func (s *Service) newPlanner(ctx context.Context, tx *db.Tx, actor access.Actor, below identity.Unit, o Options, t table) (*planner, error) {
	b := &planner{
		langs: s.catalogue.Langs(), actor: actor, below: below, options: o, headers: t.Headers, now: s.clock.Now(), zone: s.catalogue.Printer(o.Lang).Zone(),
		units: map[string][]identity.Unit{}, unitByID: map[string]identity.Unit{}, byMail: map[string]int{}, byNumber: map[string]int{},
		rowOf: map[string]int{}, newKeys: map[string]bool{},
	}
	people, units, err := s.people.Everybody(ctx, tx)
	if err != nil {
		return nil, err
	}
	for _, u := range units {
		b.unitByID[u.ID] = u.Unit
		if !actor.May(access.PeopleWrite, u.Path) {
			continue
		}
		keys := []string{text.Search(u.Name), text.Search(u.Full)}
		if u.Code != "" {
			keys = append(keys, text.Search(u.Code))
		}
		slices.Sort(keys)
		for _, key := range slices.Compact(keys) {
			b.units[key] = append(b.units[key], u.Unit)
		}
	}
	b.people = people
	for i, p := range people {
		if p.Mail != "" {
			b.byMail[p.Mail] = i
		}
		if p.ServiceNumber != "" {
			b.byNumber[p.OrganisationID+" "+p.ServiceNumber] = i
		}
	}
	return b, nil
}

// line says what a row would do.
func (b *planner) line(row importRow) Line {
	l := Line{Number: row.Number}
	l.entry.Draft = identity.Draft{
		GivenName: row.Cells[fieldGiven], FamilyName: row.Cells[fieldFamily], Mail: row.Cells[fieldMail], ServiceNumber: row.Cells[fieldNumber],
		UnitID: b.below.ID, Lang: b.options.Lang,
	}
	fault := func(f field, key string, pairs ...any) {
		l.Faults = append(l.Faults, Fault{b.column(f), key, errs.Args(pairs...)})
	}
	b.choices(row, &l, fault)
	for _, f := range l.entry.Check(b.langs) {
		l.Faults = append(l.Faults, Fault{b.column(field(f.Name)), f.Key, f.Args})
	}
	l.Name = strings.TrimSpace(l.entry.FamilyName + " " + l.entry.GivenName)
	if l.SignIn = l.entry.Mail; l.SignIn == "" {
		l.SignIn = l.entry.ServiceNumber
	}
	if len(l.Faults) == 0 {
		b.match(row, &l, fault)
	}
	if len(l.Faults) > 0 {
		l.State, l.unit = LineBad, ""
	} else if l.unit != "" && !b.newKeys[l.unit] {
		b.newKeys[l.unit] = true
		b.newUnits = append(b.newUnits, l.Unit)
	}
	return l
}

// column returns the file's name for a field. Given and family name may stand in one column.
func (b *planner) column(f field) string {
	if h := b.headers[f]; h != "" {
		return h
	}
	if f == fieldGiven || f == fieldFamily {
		return b.headers[fieldFull]
	}
	return ""
}

// choices reads the cells that name one of several things.
func (b *planner) choices(row importRow, l *Line, fault func(field, string, ...any)) {
	if cell := row.Cells[fieldUnit]; cell != "" {
		unit, found, key := b.unit(cell)
		switch {
		case key != "":
			fault(fieldUnit, key, "Text", cell)
		case found:
			l.entry.UnitID = unit.ID
		default:
			l.entry.UnitID, l.unit, l.Unit, l.NewUnit = "", text.Search(cell), cell, true
		}
	}
	if l.unit == "" {
		l.Unit = b.unitByID[l.entry.UnitID].Name
	}
	if cell := row.Cells[fieldLang]; cell != "" {
		tag, ok := langOf(cell, b.langs)
		if l.entry.Lang = tag; !ok {
			l.entry.Lang = b.options.Lang
			fault(fieldLang, "people.fault.import-lang", "Text", cell)
		}
	}
	if cell := row.Cells[fieldSex]; cell != "" {
		sex, ok := sexOf(cell)
		if l.entry.Sex = sex; !ok {
			fault(fieldSex, "people.fault.import-sex", "Text", cell)
		}
	}
	if cell := row.Cells[fieldRegion]; cell != "" {
		region, ok := regionOf(cell)
		if l.entry.Region = region; !ok {
			fault(fieldRegion, "people.fault.import-region", "Text", cell)
		}
	}
	if cell := row.Cells[fieldUntil]; cell != "" {
		day, ok := text.Day(cell, b.zone)
		switch until := day.AddDate(0, 0, 1); { // to the end of the day
		case !ok:
			fault(fieldUntil, "people.fault.import-day", "Text", cell)
		case !until.After(b.now):
			fault(fieldUntil, "people.fault.past")
		default:
			l.entry.Until = until.UTC()
		}
	}
}

// unit finds the unit that a cell names. Of several, one within the chosen unit is meant.
func (b *planner) unit(cell string) (u identity.Unit, found bool, key string) {
	folded := text.Search(strings.NewReplacer(" / ", " › ", " > ", " › ", " – ", " › ").Replace(cell))
	candidates := b.units[folded]
	if len(candidates) == 0 {
		candidates = b.units[text.Search(cell)]
	}
	if len(candidates) > 1 {
		var inside []identity.Unit
		for _, c := range candidates {
			if strings.HasPrefix(c.Path, b.below.Path) {
				inside = append(inside, c)
			}
		}
		if len(inside) != 1 {
			return identity.Unit{}, false, "people.fault.import-unit-several"
		}
		candidates = inside
	}
	switch {
	case len(candidates) == 1:
		return candidates[0], true, ""
	case !b.options.CreateUnits:
		return identity.Unit{}, false, "people.fault.import-unit"
	case !b.below.MayHaveUnits():
		return identity.Unit{}, false, "people.fault.import-unit"
	case (&identity.UnitDraft{Kind: identity.OtherUnit, Name: cell}).Check() != nil:
		return identity.Unit{}, false, "people.fault.import-unit"
	}
	return identity.Unit{}, false, ""
}

// match finds the person that a row speaks of, by mail, then by organisation and service number.
func (b *planner) match(row importRow, l *Line, fault func(field, string, ...any)) {
	organisation := b.below.Organisation()
	if u, ok := b.unitByID[l.entry.UnitID]; ok {
		organisation = u.Organisation()
	}
	for f, key := range map[field]string{fieldMail: l.entry.Mail, fieldNumber: keyOf(organisation, l.entry.ServiceNumber)} {
		if key == "" {
			continue
		}
		if earlier, twice := b.rowOf[key]; twice {
			fault(f, "people.fault.import-twice", "Row", earlier)
			return
		}
	}
	for _, key := range []string{l.entry.Mail, keyOf(organisation, l.entry.ServiceNumber)} {
		if key != "" {
			b.rowOf[key] = row.Number
		}
	}
	mail, byMail := b.byMail[l.entry.Mail]
	number, byNumber := b.byNumber[keyOf(organisation, l.entry.ServiceNumber)]
	switch {
	case byMail && byNumber && mail != number:
		fault(fieldNumber, "people.fault.import-two-people")
	case byMail:
		b.compare(row, l, b.people[mail], fieldMail, fault)
	case byNumber:
		b.compare(row, l, b.people[number], fieldNumber, fault)
	default:
		l.State = LineNew
	}
}

func keyOf(organisationID, number string) string {
	if number == "" {
		return ""
	}
	return organisationID + " " + number
}

// compare says whether a row changes a person. What the file does not state stays as it is.
func (b *planner) compare(row importRow, l *Line, p identity.Person, by field, fault func(field, string, ...any)) {
	if !b.actor.May(access.PeopleWrite, p.UnitPath) {
		fault(by, "people.fault.import-elsewhere")
		return
	}
	for f, keep := range map[field]func(){
		fieldMail: func() { l.entry.Mail = p.Mail }, fieldNumber: func() { l.entry.ServiceNumber = p.ServiceNumber },
		fieldUnit: func() { l.entry.UnitID, l.Unit = p.UnitID, p.UnitName }, fieldLang: func() { l.entry.Lang = p.Lang },
		fieldSex: func() { l.entry.Sex = p.Sex }, fieldRegion: func() { l.entry.Region = p.Region },
	} {
		if row.Cells[f] == "" {
			keep()
		}
	}
	if u, ok := b.unitByID[l.entry.UnitID]; ok && l.entry.ServiceNumber != "" {
		other, there := b.byNumber[keyOf(u.Organisation(), l.entry.ServiceNumber)]
		if there && b.people[other].ID != p.ID {
			fault(fieldNumber, "people.fault.import-two-people")
			return
		}
	}
	l.entry.PersonID, l.Changes = p.ID, p.Changes(l.entry.Draft)
	if !l.entry.Until.IsZero() {
		for _, g := range p.Roles {
			if g.Role == access.Learner && !g.ExpiresAt.Equal(l.entry.Until) {
				l.Changes = append(l.Changes, string(fieldUntil))
				break
			}
		}
	}
	if len(l.Changes) == 0 {
		l.State = LineSame
		return
	}
	l.State = LineChanged
	if p.MayMoreThan(b.actor, b.now) {
		fault(by, "people.fault.higher")
	}
}
