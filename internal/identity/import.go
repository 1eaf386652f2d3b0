package identity

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/audit"
	"ostoja/internal/db"
	"ostoja/internal/errs"
	"ostoja/internal/id"
	"ostoja/internal/text"
)

// previewFor is how long a file that was looked at can be confirmed.
const previewFor = time.Hour

// ImportOptions are chosen with the file.
type ImportOptions struct {
	UnitID      string `json:"unit"`   // for rows without a unit, and above new units
	CreateUnits bool   `json:"create"` // a unit that is not known is made below UnitID; else its row is bad
	Lang        string `json:"lang"`   // for rows without a language
	Invite      bool   `json:"invite"` // new people with an address are invited at once
}

// LineState says what the import will do with a row.
type LineState string

// The states of rows.
const (
	LineNew     LineState = "new"
	LineSame    LineState = "same"
	LineChanged LineState = "changed"
	LineBad     LineState = "bad"
)

// LineStates lists the states, the worst first.
var LineStates = []LineState{LineBad, LineNew, LineChanged, LineSame}

// ImportFault is what is wrong in a row.
type ImportFault struct {
	Column string // as the file names it, "" if it has none
	Key    string
	Args   map[string]any
}

// ImportLine is a row of the file and what will become of it.
type ImportLine struct {
	Number  int // as the spreadsheet program shows it
	State   LineState
	Name    string
	SignIn  string // mail or service number
	Unit    string
	NewUnit bool
	Changes []string // names of the fields that will change
	Faults  []ImportFault

	draft  Draft
	person Person // whom it changes
	unit   string // folded name of a unit to be made
	until  time.Time
}

// Preview is a file that was read, before anything is written.
type Preview struct {
	ID          string
	Options     ImportOptions
	Columns     []string // that were understood, as written in the file
	Ignored     []string // that were not
	FullNames   bool     // names stood in one column
	FamilyFirst bool     // and were taken with the family name first
	NewUnits    []string
	Lines       []ImportLine
}

// Count returns how many rows are in a state.
func (p Preview) Count(state LineState) (n int) {
	for _, l := range p.Lines {
		if l.State == state {
			n++
		}
	}
	return n
}

// ImportResult says what was written.
type ImportResult struct {
	Added, Changed, Same, Bad, Invited, Units int
}

// Preview reads a file and says, row by row, what importing it would do. It keeps what it read for an hour, for the actor
// alone.
func (s *Service) Preview(ctx context.Context, actor access.Actor, content []byte, o ImportOptions) (p Preview, err error) {
	defer errs.Wrap(&err, "identity.Preview")
	var f errs.Fields
	if len(content) == 0 {
		f.Add("file", "people.fault.import-no-file")
	}
	if !slices.Contains(s.catalogue.Langs(), o.Lang) {
		f.Add("lang", "people.fault.choose")
	}
	if o.UnitID == "" {
		f.Add("unit", "people.fault.choose")
	}
	if err := f.Err(); err != nil {
		return Preview{}, err
	}
	t, err := readTable(content)
	if err != nil {
		return Preview{}, err
	}
	err = s.db.Update(ctx, func(tx *db.Tx) error {
		if p, err = s.evaluate(ctx, tx, actor, t, o); err != nil {
			return err
		}
		p.ID = id.New()
		return db.Exec(ctx, tx, `INSERT INTO import_preview (owner_id, id, options, lines, created_at) VALUES (?, ?, ?, ?, ?)
			ON CONFLICT (owner_id) DO UPDATE SET id = excluded.id, options = excluded.options, lines = excluded.lines, created_at = excluded.created_at`,
			actor.PersonID, p.ID, db.JSON(o), db.JSON(t), s.clock.Now())
	})
	return p, err
}

type storedPreview struct {
	Options   ImportOptions `db:"options,json"`
	Lines     table         `db:"lines,json"`
	CreatedAt time.Time
}

// kept returns what a preview of the actor's read; it is gone after an hour, and with the next file.
func (s *Service) kept(ctx context.Context, tx *db.Tx, actor access.Actor, previewID string) (storedPreview, error) {
	if !id.Valid(previewID) {
		return storedPreview{}, errs.Gone("people.fault.import-gone")
	}
	stored, err := db.One[storedPreview](ctx, tx, `SELECT options, lines, created_at FROM import_preview WHERE id = ? AND owner_id = ?`, previewID, actor.PersonID)
	if errors.Is(err, errs.ErrNotFound) || (err == nil && s.clock.Now().Sub(stored.CreatedAt) > previewFor) {
		return storedPreview{}, errs.Gone("people.fault.import-gone")
	}
	return stored, err
}

// Previewed returns a preview that the actor was shown, as it is now: somebody else may have added people since.
func (s *Service) Previewed(ctx context.Context, actor access.Actor, previewID string) (p Preview, err error) {
	defer errs.Wrap(&err, "identity.Previewed(%q)", previewID)
	err = s.db.View(ctx, func(tx *db.Tx) error {
		stored, err := s.kept(ctx, tx, actor, previewID)
		if err != nil {
			return err
		}
		p, err = s.evaluate(ctx, tx, actor, stored.Lines, stored.Options)
		p.ID = previewID
		return err
	})
	return p, err
}

// Confirm writes what a preview showed, in one transaction. It looks at every row anew, so that a second confirmation, or
// one after somebody else's work, adds nobody twice.
func (s *Service) Confirm(ctx context.Context, actor access.Actor, previewID string) (r ImportResult, err error) {
	defer errs.Wrap(&err, "identity.Confirm(%q)", previewID)
	var touched []string
	err = s.db.Update(ctx, func(tx *db.Tx) error {
		stored, err := s.kept(ctx, tx, actor, previewID)
		if err != nil {
			return err
		}
		p, err := s.evaluate(ctx, tx, actor, stored.Lines, stored.Options)
		if err != nil {
			return err
		}
		r, touched, err = s.apply(ctx, tx, actor, p)
		if err != nil {
			return err
		}
		return audit.Record(ctx, tx, s.clock.Now(), actor.PersonID, "person.import", "unit:"+stored.Options.UnitID, r)
	})
	for _, personID := range touched {
		s.sessions.forget(personID)
	}
	return r, err
}

// apply writes the rows of a preview.
func (s *Service) apply(ctx context.Context, tx *db.Tx, actor access.Actor, p Preview) (r ImportResult, touched []string, err error) {
	units := map[string]Unit{}
	below, err := getUnit(ctx, tx, p.Options.UnitID)
	if err != nil {
		return r, nil, err
	}
	for _, name := range p.NewUnits {
		u, err := s.insertUnit(ctx, tx, below, UnitDraft{Kind: OtherUnit, Name: name})
		if err != nil {
			return r, nil, err
		}
		units[text.Search(name)] = u
		r.Units++
		if err := audit.Record(ctx, tx, s.clock.Now(), actor.PersonID, "unit.create", "unit:"+u.ID, map[string]any{"parent": below.ID}); err != nil {
			return r, nil, err
		}
	}
	for _, l := range p.Lines {
		if l.unit != "" {
			l.draft.UnitID = units[l.unit].ID
		}
		switch l.State {
		case LineBad:
			r.Bad++
		case LineSame:
			r.Same++
		case LineNew:
			unit, err := unitForPeople(ctx, tx, actor, l.draft.UnitID)
			if err != nil {
				return r, nil, err
			}
			personID, err := s.add(ctx, tx, actor, unit, l.draft)
			if err != nil {
				return r, nil, err
			}
			r.Added++
			if err := setUntil(ctx, tx, personID, l.until); err != nil {
				return r, nil, err
			}
			if p.Options.Invite && l.draft.Mail != "" {
				if err := s.invite(ctx, tx, actor, personID); err != nil {
					return r, nil, err
				}
				r.Invited++
			}
		case LineChanged:
			if err := s.edit(ctx, tx, actor, l.person, l.draft); err != nil {
				return r, nil, err
			}
			if err := setUntil(ctx, tx, l.person.ID, l.until); err != nil {
				return r, nil, err
			}
			touched = append(touched, l.person.ID)
			r.Changed++
		}
	}
	return r, touched, nil
}

// setUntil sets the end of a learner's access.
func setUntil(ctx context.Context, tx *db.Tx, personID string, until time.Time) error {
	if until.IsZero() {
		return nil
	}
	return db.Exec(ctx, tx, `UPDATE role_grant SET expires_at = ? WHERE person_id = ? AND role = ?`, until, personID, access.Learner)
}

// evaluate says what each row would do. It reads everybody at once: 20,000 rows asked one by one would take a minute.
func (s *Service) evaluate(ctx context.Context, tx *db.Tx, actor access.Actor, t table, o ImportOptions) (Preview, error) {
	below, err := unitForPeople(ctx, tx, actor, o.UnitID)
	if err != nil {
		return Preview{}, err
	}
	if o.CreateUnits && !actor.May(access.UnitsWrite, below.Path) {
		o.CreateUnits = false
	}
	b, err := s.newBook(ctx, tx, actor, below, o, t)
	if err != nil {
		return Preview{}, err
	}
	_, full := t.Headers[fieldFull]
	p := Preview{Options: o, Ignored: t.Ignored, FullNames: full, FamilyFirst: t.FamilyFirst}
	for _, f := range []field{fieldGiven, fieldFamily, fieldFull, fieldMail, fieldNumber, fieldUnit, fieldLang, fieldSex, fieldRegion, fieldUntil} {
		if h := t.Headers[f]; h != "" {
			p.Columns = append(p.Columns, h)
		}
	}
	p.Lines = make([]ImportLine, 0, len(t.Rows))
	for _, row := range t.Rows {
		p.Lines = append(p.Lines, b.line(row))
	}
	p.NewUnits = b.newUnits
	return p, nil
}

// book is what rows are compared with.
type book struct {
	service  *Service
	actor    access.Actor
	below    Unit
	options  ImportOptions
	headers  map[field]string
	now      time.Time
	zone     *time.Location
	units    map[string][]Unit // by folded name, code and full name
	unitByID map[string]Unit
	byMail   map[string]int // index into people
	byNumber map[string]int // by organisation and number
	people   []Person
	seen     map[string]int // mail or number -> row number
	newUnits []string
	newKeys  map[string]bool
}

func (s *Service) newBook(ctx context.Context, tx *db.Tx, actor access.Actor, below Unit, o ImportOptions, t table) (*book, error) {
	b := &book{
		service: s, actor: actor, below: below, options: o, headers: t.Headers, now: s.clock.Now(), zone: s.catalogue.Printer(o.Lang).Zone(),
		units: map[string][]Unit{}, unitByID: map[string]Unit{}, byMail: map[string]int{}, byNumber: map[string]int{}, seen: map[string]int{}, newKeys: map[string]bool{},
	}
	all, err := listUnits(ctx, tx, "TRUE")
	if err != nil {
		return nil, err
	}
	names := map[string]string{}
	for _, u := range all {
		names[u.ID] = u.Name
		b.unitByID[u.ID] = u
	}
	for _, u := range all {
		if !actor.May(access.PeopleWrite, u.Path) {
			continue
		}
		keys := []string{text.Search(u.Name), text.Search(fullName(u.Path, names))}
		if u.Code != "" {
			keys = append(keys, text.Search(u.Code))
		}
		slices.Sort(keys)
		for _, key := range slices.Compact(keys) {
			b.units[key] = append(b.units[key], u)
		}
	}
	if b.people, err = db.All[Person](ctx, tx, `SELECT `+personColumns+` FROM `+personTables); err != nil {
		return nil, err
	}
	at := make(map[string]int, len(b.people))
	for i, p := range b.people {
		at[p.ID] = i
		if p.Mail != "" {
			b.byMail[p.Mail] = i
		}
		if p.ServiceNumber != "" {
			b.byNumber[p.OrganisationID+" "+p.ServiceNumber] = i
		}
	}
	grants, err := db.All[RoleGrant](ctx, tx, `SELECT g.id, g.person_id, g.role, COALESCE(g.unit_id, '') AS unit_id, COALESCE(u.path, '') AS unit_path,
		COALESCE(u.name, '') AS unit_name, g.expires_at, g.created_at FROM role_grant g LEFT JOIN unit u ON u.id = g.unit_id`)
	for _, g := range grants {
		i := at[g.PersonID]
		b.people[i].Roles = append(b.people[i].Roles, g)
	}
	return b, err
}

// line says what a row would do.
func (b *book) line(row importRow) ImportLine {
	l := ImportLine{Number: row.Number}
	l.draft = Draft{
		GivenName: row.Cells[fieldGiven], FamilyName: row.Cells[fieldFamily], Mail: row.Cells[fieldMail], ServiceNumber: row.Cells[fieldNumber],
		UnitID: b.below.ID, Lang: b.options.Lang,
	}
	fault := func(f field, key string, pairs ...any) {
		l.Faults = append(l.Faults, ImportFault{b.column(f), key, errs.Args(pairs...)})
	}
	b.choices(row, &l, fault)
	for _, f := range l.draft.check(b.service.catalogue.Langs()) {
		l.Faults = append(l.Faults, ImportFault{b.column(field(f.Name)), f.Key, f.Args})
	}
	l.Name = joinName(l.draft.FamilyName, l.draft.GivenName)
	if l.SignIn = l.draft.Mail; l.SignIn == "" {
		l.SignIn = l.draft.ServiceNumber
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
func (b *book) column(f field) string {
	if h := b.headers[f]; h != "" {
		return h
	}
	if f == fieldGiven || f == fieldFamily {
		return b.headers[fieldFull]
	}
	return ""
}

// choices reads the cells that name one of several things.
func (b *book) choices(row importRow, l *ImportLine, fault func(field, string, ...any)) {
	if cell := row.Cells[fieldUnit]; cell != "" {
		unit, found, key := b.unit(cell)
		switch {
		case key != "":
			fault(fieldUnit, key, "Text", cell)
		case found:
			l.draft.UnitID = unit.ID
		default:
			l.draft.UnitID, l.unit, l.Unit, l.NewUnit = "", text.Search(cell), cell, true
		}
	}
	if l.unit == "" {
		l.Unit = b.unitByID[l.draft.UnitID].Name
	}
	if text := row.Cells[fieldLang]; text != "" {
		tag, ok := langOf(text, b.service.catalogue.Langs())
		if l.draft.Lang = tag; !ok {
			l.draft.Lang = b.options.Lang
			fault(fieldLang, "people.fault.import-lang", "Text", text)
		}
	}
	if text := row.Cells[fieldSex]; text != "" {
		sex, ok := sexOf(text)
		if l.draft.Sex = sex; !ok {
			fault(fieldSex, "people.fault.import-sex", "Text", text)
		}
	}
	if text := row.Cells[fieldRegion]; text != "" {
		region, ok := regionOf(text)
		if l.draft.Region = region; !ok {
			fault(fieldRegion, "people.fault.import-region", "Text", text)
		}
	}
	if text := row.Cells[fieldUntil]; text != "" {
		day, ok := DayOf(text, b.zone)
		switch until := day.AddDate(0, 0, 1); { // to the end of the day
		case !ok:
			fault(fieldUntil, "people.fault.import-day", "Text", text)
		case !until.After(b.now):
			fault(fieldUntil, "people.fault.past")
		default:
			l.until = until.UTC()
		}
	}
}

// unit finds the unit that a cell names. Of several, one within the chosen unit is meant.
func (b *book) unit(cell string) (u Unit, found bool, key string) {
	folded := text.Search(strings.NewReplacer(" / ", " › ", " > ", " › ", " – ", " › ").Replace(cell))
	candidates := b.units[folded]
	if len(candidates) == 0 {
		candidates = b.units[text.Search(cell)]
	}
	if len(candidates) > 1 {
		var inside []Unit
		for _, c := range candidates {
			if strings.HasPrefix(c.Path, b.below.Path) {
				inside = append(inside, c)
			}
		}
		if len(inside) != 1 {
			return Unit{}, false, "people.fault.import-unit-several"
		}
		candidates = inside
	}
	switch {
	case len(candidates) == 1:
		return candidates[0], true, ""
	case !b.options.CreateUnits:
		return Unit{}, false, "people.fault.import-unit"
	case len(pathIDs(b.below.Path)) >= depthLimit:
		return Unit{}, false, "people.fault.import-unit"
	case len([]rune(cell)) > nameLimit:
		return Unit{}, false, "people.fault.import-unit"
	}
	return Unit{}, false, ""
}

// match finds the person that a row speaks of, by mail, then by organisation and service number.
func (b *book) match(row importRow, l *ImportLine, fault func(field, string, ...any)) {
	organisation := pathIDs(b.below.Path)[0]
	if u, ok := b.unitByID[l.draft.UnitID]; ok {
		organisation = pathIDs(u.Path)[0]
	}
	for f, key := range map[field]string{fieldMail: l.draft.Mail, fieldNumber: keyOf(organisation, l.draft.ServiceNumber)} {
		if key == "" {
			continue
		}
		if earlier, twice := b.seen[key]; twice {
			fault(f, "people.fault.import-twice", "Row", earlier)
			return
		}
	}
	for _, key := range []string{l.draft.Mail, keyOf(organisation, l.draft.ServiceNumber)} {
		if key != "" {
			b.seen[key] = row.Number
		}
	}
	mail, byMail := b.byMail[l.draft.Mail]
	number, byNumber := b.byNumber[keyOf(organisation, l.draft.ServiceNumber)]
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
func (b *book) compare(row importRow, l *ImportLine, p Person, by field, fault func(field, string, ...any)) {
	if !b.actor.May(access.PeopleWrite, p.UnitPath) {
		fault(by, "people.fault.import-elsewhere")
		return
	}
	for f, keep := range map[field]func(){
		fieldMail: func() { l.draft.Mail = p.Mail }, fieldNumber: func() { l.draft.ServiceNumber = p.ServiceNumber },
		fieldUnit: func() { l.draft.UnitID, l.Unit = p.UnitID, p.UnitName }, fieldLang: func() { l.draft.Lang = p.Lang },
		fieldSex: func() { l.draft.Sex = p.Sex }, fieldRegion: func() { l.draft.Region = p.Region },
	} {
		if row.Cells[f] == "" {
			keep()
		}
	}
	if u, ok := b.unitByID[l.draft.UnitID]; ok && l.draft.ServiceNumber != "" {
		other, there := b.byNumber[keyOf(pathIDs(u.Path)[0], l.draft.ServiceNumber)]
		if there && b.people[other].ID != p.ID {
			fault(fieldNumber, "people.fault.import-two-people")
			return
		}
	}
	l.person, l.Changes = p, changes(p, l.draft)
	if !l.until.IsZero() {
		for _, g := range p.Roles {
			if g.Role == access.Learner && !g.ExpiresAt.Equal(l.until) {
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
	for _, g := range p.Roles {
		if !g.Ended(b.now) && !covers(b.actor, g) {
			fault(by, "people.fault.higher")
			return
		}
	}
}
