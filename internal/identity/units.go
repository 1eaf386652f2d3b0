package identity

import (
	"context"
	"slices"
	"strings"
	"unicode/utf8"

	"ostoja/internal/access"
	"ostoja/internal/audit"
	"ostoja/internal/db"
	"ostoja/internal/errs"
	"ostoja/internal/id"
	"ostoja/internal/identity/territory"
	"ostoja/internal/text"
)

// depthLimit bounds the tree: real organisations have four or five levels.
const depthLimit = 8

// nameLimit bounds names, in characters.
const nameLimit = 200

// Check brings the draft into the form in which it is kept and returns what is wrong with it.
func (d *UnitDraft) Check() error {
	var f errs.Fields
	d.Name, d.Code, d.Powiat = text.Clean(d.Name), text.Clean(d.Code), text.Clean(d.Powiat)
	if d.Name == "" {
		f.Add("name", "people.fault.unit-name")
	}
	if utf8.RuneCountInString(d.Name) > nameLimit {
		f.Add("name", "people.fault.too-long", "Limit", nameLimit)
	}
	if utf8.RuneCountInString(d.Code) > 40 {
		f.Add("code", "people.fault.too-long", "Limit", 40)
	}
	if utf8.RuneCountInString(d.Powiat) > 80 {
		f.Add("powiat", "people.fault.too-long", "Limit", 80)
	}
	if !slices.Contains(UnitKinds, d.Kind) {
		f.Add("kind", "people.fault.choose")
	}
	if !territory.Known(d.Region) {
		f.Add("region", "people.fault.choose")
	}
	return f.Err()
}

// Tree returns the units that the actor may see, each after its parent, siblings in the order of the Polish alphabet.
func (s *Service) Tree(ctx context.Context, actor access.Actor) (_ []Node, err error) {
	defer errs.Wrap(&err, "identity.Tree")
	return s.tree(ctx, actor, countPeople)
}

// Units returns the units of [Service.Tree] without counting who is in them: at 60,000 people the count takes longer than all the rest
// of a page that only offers them.
func (s *Service) Units(ctx context.Context, actor access.Actor) (_ []Node, err error) {
	defer errs.Wrap(&err, "identity.Units")
	return s.tree(ctx, actor, func(context.Context, db.Querier) ([]unitCount, error) { return nil, nil })
}

func (s *Service) tree(ctx context.Context, actor access.Actor, count func(context.Context, db.Querier) ([]unitCount, error)) ([]Node, error) {
	condition, args := actor.Within(access.PeopleRead, "u.path")
	var units, all []Unit
	var counts []unitCount
	err := s.db.View(ctx, func(tx *db.Tx) (err error) {
		if units, err = listUnits(ctx, tx, condition, args...); err != nil {
			return err
		}
		if all, err = listUnits(ctx, tx, "TRUE"); err != nil { // for the names above the actor's own units
			return err
		}
		counts, err = count(ctx, tx)
		return err
	})
	if err != nil {
		return nil, err
	}
	return arrange(units, all, counts), nil
}

// arrange makes the tree of the visible units. all gives the names of those above them.
func arrange(visible, all []Unit, counts []unitCount) []Node {
	names, people := make(map[string]string, len(all)), make(map[string]int, len(counts))
	for _, u := range all {
		names[u.ID] = u.Name
	}
	for _, c := range counts {
		people[c.UnitID] = c.People
	}
	shown := make(map[string]bool, len(visible))
	for _, u := range visible {
		shown[u.ID] = true
	}
	children := map[string][]Unit{}
	for _, u := range visible {
		parent := u.ParentID
		if !shown[parent] {
			parent = ""
		}
		children[parent] = append(children[parent], u)
	}
	var list []Node
	var add func(parent string, depth int) int
	add = func(parent string, depth int) (below int) {
		siblings := children[parent]
		slices.SortFunc(siblings, func(a, b Unit) int {
			return strings.Compare(text.SortKey(a.Name, ""), text.SortKey(b.Name, ""))
		})
		for _, u := range siblings {
			at := len(list)
			list = append(list, Node{Unit: u, Depth: depth, Full: fullName(u.Path, names), People: people[u.ID], Children: len(children[u.ID])})
			sum := people[u.ID] + add(u.ID, depth+1)
			list[at].Below = sum
			below += sum
		}
		return below
	}
	add("", 0)
	return list
}

// fullName joins the names along a path.
func fullName(path string, names map[string]string) string {
	var parts []string
	for _, unitID := range pathIDs(path) {
		parts = append(parts, names[unitID])
	}
	return strings.Join(parts, " › ")
}

func pathIDs(path string) []string {
	if path = strings.Trim(path, "/"); path == "" {
		return nil
	}
	return strings.Split(path, "/")
}

// Unit returns one unit.
func (s *Service) Unit(ctx context.Context, actor access.Actor, unitID string) (_ Node, err error) {
	defer errs.Wrap(&err, "identity.Unit(%q)", unitID)
	tree, err := s.Tree(ctx, actor)
	if err != nil {
		return Node{}, err
	}
	for _, n := range tree {
		if n.ID == unitID {
			return n, nil
		}
	}
	return Node{}, errs.NotFound("error.not-found")
}

// CreateUnit makes an organisation or a unit below one.
func (s *Service) CreateUnit(ctx context.Context, actor access.Actor, d UnitDraft) (unitID string, err error) {
	defer errs.Wrap(&err, "identity.CreateUnit")
	if err := d.Check(); err != nil {
		return "", err
	}
	err = s.db.Update(ctx, func(tx *db.Tx) (err error) {
		unitID, err = s.MakeUnit(ctx, tx, actor, d)
		return err
	})
	return unitID, err
}

// MakeUnit is CreateUnit of a checked draft within a transaction of the caller's.
func (s *Service) MakeUnit(ctx context.Context, tx *db.Tx, actor access.Actor, d UnitDraft) (unitID string, err error) {
	defer errs.Wrap(&err, "identity.MakeUnit")
	parent, err := s.parentFor(ctx, tx, actor, d.ParentID)
	if err != nil {
		return "", err
	}
	u, err := s.insertUnit(ctx, tx, parent, d)
	if err != nil {
		return "", err
	}
	return u.ID, audit.Record(ctx, tx, s.clock.Now(), actor.PersonID, "unit.create", "unit:"+u.ID, map[string]any{"parent": d.ParentID})
}

// parentFor returns the unit below which the actor may make another; the zero Unit for a new organisation.
func (s *Service) parentFor(ctx context.Context, q db.Querier, actor access.Actor, parentID string) (Unit, error) {
	if parentID == "" {
		if !actor.Everywhere(access.UnitsWrite) {
			return Unit{}, errs.Forbidden("people.fault.organisations")
		}
		return Unit{}, nil
	}
	parent, err := changeableUnit(ctx, q, actor, parentID)
	if err == nil && !parent.MayHaveUnits() {
		err = errs.Invalid("people.fault.depth", "Limit", depthLimit)
	}
	return parent, err
}

func (s *Service) insertUnit(ctx context.Context, tx *db.Tx, parent Unit, d UnitDraft) (Unit, error) {
	u := Unit{ID: id.New(), ParentID: parent.ID, Kind: d.Kind, Name: d.Name, Code: d.Code, Region: d.Region, Powiat: d.Powiat, CreatedAt: s.clock.Now()}
	u.Path = "/" + u.ID + "/"
	if parent.ID != "" {
		u.Path = parent.Path + u.ID + "/"
	}
	if err := freeUnitName(ctx, tx, u); err != nil {
		return Unit{}, err
	}
	return u, saveUnit(ctx, tx, u)
}

// freeUnitName refuses a second sibling of the same name: nobody could tell them apart, least of all a spreadsheet.
func freeUnitName(ctx context.Context, q db.Querier, u Unit) error {
	siblings, err := listUnits(ctx, q, "COALESCE(u.parent_id, '') = ? AND u.id <> ?", u.ParentID, u.ID)
	if err != nil {
		return err
	}
	for _, other := range siblings {
		if text.Search(other.Name) == text.Search(u.Name) {
			var f errs.Fields
			f.Add("name", "people.fault.unit-twice")
			return f.Err()
		}
	}
	return nil
}

// changeableUnit returns a unit that the actor may change. One that the actor may only see is refused, any other not found.
func changeableUnit(ctx context.Context, q db.Querier, actor access.Actor, unitID string) (Unit, error) {
	u, err := getUnit(ctx, q, unitID)
	if err != nil {
		return Unit{}, err
	}
	switch {
	case actor.May(access.UnitsWrite, u.Path):
		return u, nil
	case actor.May(access.PeopleRead, u.Path):
		return Unit{}, errs.Forbidden("error.forbidden")
	}
	return Unit{}, errs.NotFound("error.not-found")
}

// ChangeUnit changes a unit's name, code, kind, region and powiat. Its place in the tree stays.
func (s *Service) ChangeUnit(ctx context.Context, actor access.Actor, unitID string, d UnitDraft) (err error) {
	defer errs.Wrap(&err, "identity.ChangeUnit(%q)", unitID)
	if err := d.Check(); err != nil {
		return err
	}
	return s.db.Update(ctx, func(tx *db.Tx) error {
		u, err := changeableUnit(ctx, tx, actor, unitID)
		if err != nil {
			return err
		}
		u.Kind, u.Name, u.Code, u.Region, u.Powiat = d.Kind, d.Name, d.Code, d.Region, d.Powiat
		if err := freeUnitName(ctx, tx, u); err != nil {
			return err
		}
		if err := updateUnit(ctx, tx, u); err != nil {
			return err
		}
		return audit.Record(ctx, tx, s.clock.Now(), actor.PersonID, "unit.change", "unit:"+unitID, nil)
	})
}

// DeleteUnit deletes a unit without people and without units, which no other area refers to.
func (s *Service) DeleteUnit(ctx context.Context, actor access.Actor, unitID string) (err error) {
	defer errs.Wrap(&err, "identity.DeleteUnit(%q)", unitID)
	return s.db.Update(ctx, func(tx *db.Tx) error {
		if _, err := changeableUnit(ctx, tx, actor, unitID); err != nil {
			return err
		}
		// The condition is in the statement itself: a person may be added at the same moment. What refers to the unit
		// (a role for it, too) keeps it.
		n, err := db.Changed(ctx, tx, `DELETE FROM unit WHERE id = ?
			AND NOT EXISTS (SELECT 1 FROM unit c WHERE c.parent_id = unit.id)
			AND NOT EXISTS (SELECT 1 FROM person p WHERE p.unit_id = unit.id OR p.organisation_id = unit.id)
			AND NOT EXISTS (SELECT 1 FROM role_grant g WHERE g.unit_id = unit.id)`, unitID)
		if db.IsReferred(err) { // by another area, whose tables are not asked here
			return errs.Conflict("people.fault.unit-not-empty")
		}
		if err != nil {
			return err
		}
		if n == 0 {
			return errs.Conflict("people.fault.unit-not-empty")
		}
		return audit.Record(ctx, tx, s.clock.Now(), actor.PersonID, "unit.delete", "unit:"+unitID, nil)
	})
}
