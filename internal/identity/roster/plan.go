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

// plannedAtOnce is how many rows are compared with people at a time.
const plannedAtOnce = 400

func (s *Service) newPlanner(actor access.Actor, o Options, t table) *planner {
	return &planner{
		langs: s.catalogue.Langs(), actor: actor, options: o, headers: t.headers, now: s.clock.Now(), zone: s.catalogue.Printer(o.Lang).Zone(),
		rowOf: map[string]int{}, newKeys: map[string]bool{},
	}
}

// lookAt reads the units as they are now.
func (b *planner) lookAt(ctx context.Context, tx *db.Tx, people *identity.Service) (err error) {
	if b.below, err = people.UnitForPeople(ctx, tx, b.actor, b.options.UnitID); err != nil {
		return err
	}
	if b.options.CreateUnits && !b.actor.May(access.UnitsWrite, b.below.Path) {
		b.options.CreateUnits = false
	}
	units, err := people.AllUnits(ctx, tx)
	b.newUnits, b.newKeys = nil, map[string]bool{}
	b.units, b.unitByID = map[string][]identity.Unit{}, map[string]identity.Unit{}
	for _, u := range units {
		b.unitByID[u.ID] = u.Unit
		if !b.actor.May(access.PeopleWrite, u.Path) {
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
	return err
}

// lines says what rows would do to the people who are there now.
func (b *planner) lines(ctx context.Context, tx *db.Tx, people *identity.Service, rows []importRow) ([]Line, error) {
	lines := make([]Line, 0, len(rows))
	var mails, numbers []string
	for _, r := range rows {
		l := b.line(r)
		lines = append(lines, l)
		if l.Entry.Mail != "" {
			mails = append(mails, l.Entry.Mail)
		}
		if l.Entry.ServiceNumber != "" {
			numbers = append(numbers, l.Entry.ServiceNumber)
		}
	}
	var err error
	if b.people, err = people.Named(ctx, tx, mails, numbers); err != nil {
		return nil, err
	}
	b.byMail, b.byNumber = map[string]int{}, map[string]int{}
	for i, p := range b.people {
		if p.Mail != "" {
			b.byMail[p.Mail] = i
		}
		if p.ServiceNumber != "" {
			b.byNumber[keyOf(p.OrganisationID, p.ServiceNumber)] = i
		}
	}
	for i := range lines {
		b.settle(rows[i], &lines[i])
	}
	return lines, nil
}

// passed notes what earlier rows named, where the work goes on behind them.
func (b *planner) passed(rows []importRow) {
	for _, r := range rows {
		if l := b.line(r); len(l.Faults) == 0 {
			b.once(r, &l)
		}
	}
}

// line reads a row, without asking who is there.
func (b *planner) line(row importRow) Line {
	l := Line{Number: row.Number}
	l.Entry.Draft = identity.Draft{
		GivenName: row.Cells[fieldGiven], FamilyName: row.Cells[fieldFamily], Mail: row.Cells[fieldMail], ServiceNumber: row.Cells[fieldNumber],
		UnitID: b.below.ID, Lang: b.options.Lang,
	}
	for _, f := range row.NoValue {
		b.fault(&l, f, "people.fault.import-formula")
	}
	b.choices(row, &l)
	for _, f := range l.Entry.Check(b.langs) {
		if !slices.Contains(row.NoValue, field(f.Name)) { // there the formula is the reason
			l.Faults = append(l.Faults, Fault{b.column(field(f.Name)), f.Key, f.Args})
		}
	}
	for _, f := range []field{fieldGiven, fieldFamily} {
		if sign, ok := misread(row.Cells[f]); ok {
			b.fault(&l, f, "people.fault.import-sign", "Sign", string(sign))
		}
	}
	if row.Hidden && !b.options.Hidden {
		b.fault(&l, "", "people.fault.import-hidden")
	}
	l.Name = strings.TrimSpace(l.Entry.FamilyName + " " + l.Entry.GivenName)
	if l.SignIn = l.Entry.Mail; l.SignIn == "" {
		l.SignIn = l.Entry.ServiceNumber
	}
	switch {
	case row.Turned:
		l.Remarks = append(l.Remarks, "people.import.turned")
	case row.Perhaps:
		l.Remarks = append(l.Remarks, "people.import.perhaps")
	}
	if row.Hidden {
		l.Remarks = append(l.Remarks, "people.import.hidden-row")
	}
	return l
}

func (b *planner) fault(l *Line, f field, key string, pairs ...any) {
	l.Faults = append(l.Faults, Fault{b.column(f), key, errs.Args(pairs...)})
}

// settle says what a row that was read would do.
func (b *planner) settle(row importRow, l *Line) {
	if len(l.Faults) == 0 && b.once(row, l) {
		b.match(row, l)
	}
	if len(l.Faults) > 0 {
		l.State, l.unit = LineBad, ""
	} else if l.unit != "" && !b.newKeys[l.unit] {
		b.newKeys[l.unit] = true
		b.newUnits = append(b.newUnits, l.Unit)
	}
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
func (b *planner) choices(row importRow, l *Line) {
	if cell := row.Cells[fieldUnit]; cell != "" {
		unit, found, key := b.unit(cell)
		switch {
		case key != "":
			b.fault(l, fieldUnit, key, "Text", cell)
		case found:
			l.Entry.UnitID = unit.ID
		default:
			l.Entry.UnitID, l.unit, l.Unit, l.NewUnit = "", text.Search(cell), cell, true
		}
	}
	if l.unit == "" {
		l.Unit = b.unitByID[l.Entry.UnitID].Name
	}
	if cell := row.Cells[fieldLang]; cell != "" {
		tag, ok := langOf(cell, b.langs)
		if l.Entry.Lang = tag; !ok {
			l.Entry.Lang = b.options.Lang
			b.fault(l, fieldLang, "people.fault.import-lang", "Text", cell)
		}
	}
	if cell := row.Cells[fieldSex]; cell != "" {
		sex, ok := sexOf(cell)
		if l.Entry.Sex = sex; !ok {
			b.fault(l, fieldSex, "people.fault.import-sex", "Text", cell)
		}
	}
	if cell := row.Cells[fieldRegion]; cell != "" {
		region, ok := regionOf(cell)
		if l.Entry.Region = region; !ok {
			b.fault(l, fieldRegion, "people.fault.import-region", "Text", cell)
		}
	}
	if cell := row.Cells[fieldUntil]; cell != "" {
		day, ok := text.Day(cell, b.zone)
		switch until := day.AddDate(0, 0, 1); { // to the end of the day
		case !ok:
			b.fault(l, fieldUntil, "people.fault.import-day", "Text", cell)
		case !until.After(b.now):
			b.fault(l, fieldUntil, "people.fault.past")
		default:
			l.Entry.Until = until.UTC()
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

// organisation returns the one within which a row's service number names somebody.
func (b *planner) organisation(l *Line) string {
	if u, ok := b.unitByID[l.Entry.UnitID]; ok {
		return u.Organisation()
	}
	return b.below.Organisation()
}

// once says whether the file names a row's person for the first time.
func (b *planner) once(row importRow, l *Line) bool {
	number := keyOf(b.organisation(l), l.Entry.ServiceNumber)
	for f, key := range map[field]string{fieldMail: l.Entry.Mail, fieldNumber: number} {
		if earlier, twice := b.rowOf[key]; twice && key != "" && earlier != row.Number {
			b.fault(l, f, "people.fault.import-twice", "Row", earlier)
			return false
		}
	}
	for _, key := range []string{l.Entry.Mail, number} {
		if key != "" {
			b.rowOf[key] = row.Number
		}
	}
	return true
}

// match finds the person that a row speaks of, by mail, then by organisation and service number.
func (b *planner) match(row importRow, l *Line) {
	mail, byMail := b.byMail[l.Entry.Mail]
	number, byNumber := b.byNumber[keyOf(b.organisation(l), l.Entry.ServiceNumber)]
	switch {
	case byMail && byNumber && mail != number:
		b.fault(l, fieldNumber, "people.fault.import-two-people")
	case byMail:
		b.compare(row, l, b.people[mail], fieldMail)
	case byNumber:
		b.compare(row, l, b.people[number], fieldNumber)
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
func (b *planner) compare(row importRow, l *Line, p identity.Person, by field) {
	if !b.actor.May(access.PeopleWrite, p.UnitPath) {
		b.fault(l, by, "people.fault.import-elsewhere")
		return
	}
	for f, keep := range map[field]func(){
		fieldMail: func() { l.Entry.Mail = p.Mail }, fieldNumber: func() { l.Entry.ServiceNumber = p.ServiceNumber },
		fieldUnit: func() { l.Entry.UnitID, l.Unit = p.UnitID, p.UnitName }, fieldLang: func() { l.Entry.Lang = p.Lang },
		fieldSex: func() { l.Entry.Sex = p.Sex }, fieldRegion: func() { l.Entry.Region = p.Region },
	} {
		if row.Cells[f] == "" {
			keep()
		}
	}
	if u, ok := b.unitByID[l.Entry.UnitID]; ok && l.Entry.ServiceNumber != "" {
		other, there := b.byNumber[keyOf(u.Organisation(), l.Entry.ServiceNumber)]
		if there && b.people[other].ID != p.ID {
			b.fault(l, fieldNumber, "people.fault.import-two-people")
			return
		}
	}
	l.Entry.PersonID, l.Changes = p.ID, p.Changes(l.Entry.Draft)
	if !l.Entry.Until.IsZero() {
		for _, g := range p.Roles {
			if g.Role == access.Learner && !g.ExpiresAt.Equal(l.Entry.Until) {
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
		b.fault(l, by, "people.fault.higher")
	}
}
