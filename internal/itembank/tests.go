package itembank

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strings"

	"ostoja/internal/access"
	"ostoja/internal/audit"
	"ostoja/internal/course"
	"ostoja/internal/course/forms"
	"ostoja/internal/db"
	"ostoja/internal/errs"
	"ostoja/internal/gain"
	"ostoja/internal/id"
	"ostoja/internal/list"
	"ostoja/internal/text"
)

// TestDraft asks for a new competence test of approved items of the bank.
type TestDraft struct {
	Title      text.Translated
	Intro      text.Translated
	Minutes    int
	Objectives []string // whose items are taken
	Each       int      // items of each objective on each form
	Forms      int      // 2 or 3
	Langs      []string // that every item must be in
	Origin     string   // of the items, as in [ItemFilter]; "" takes all
}

// Assembled is what [Service.Preview] and [Service.Assemble] made.
type Assembled struct {
	Forms   [][]PoolItem
	Balance Balance
	Short   []string // objectives with too few items
}

// Preview deals the items without keeping the forms.
func (s *Service) Preview(ctx context.Context, actor access.Actor, d TestDraft) (a Assembled, err error) {
	defer errs.Wrap(&err, "itembank.Preview")
	if !actor.Everywhere(access.ItemsWrite) {
		return a, errs.Forbidden("error.forbidden")
	}
	a, _, err = s.deal(ctx, s.db, d)
	return a, err
}

// deal checks a draft and deals the items. It returns the versions of the pool too.
func (s *Service) deal(ctx context.Context, q db.Querier, d TestDraft) (a Assembled, pool map[string]Version, err error) {
	var faults errs.Fields
	if len(d.Langs) == 0 {
		faults.Add("langs", "assessment.test.no-language")
	}
	for _, l := range d.Langs {
		if strings.TrimSpace(d.Title[l]) == "" {
			faults.Add("title."+l, "item.fault.empty")
		}
	}
	if len(d.Objectives) == 0 {
		faults.Add("objectives", "assessment.test.no-objective")
	}
	if d.Each < 1 || d.Each > 10 {
		faults.Add("each", "assessment.test.each")
	}
	if d.Forms < 2 || d.Forms > len(forms.Names) {
		faults.Add("forms", "assessment.test.forms")
	}
	if d.Minutes < 0 || d.Minutes > 240 {
		faults.Add("minutes", "assessment.test.minutes")
	}
	if err := faults.Err(); err != nil {
		return a, nil, err
	}
	items, pool, err := s.pool(ctx, q, d)
	if err != nil {
		return a, nil, err
	}
	a.Forms = assemble(items, d.Forms, d.Each)
	a.Balance = balanceOf(a.Forms)
	for _, o := range d.Objectives {
		n := 0
		for _, it := range a.Forms[0] {
			if it.Objective == o {
				n++
			}
		}
		if n < d.Each {
			a.Short = append(a.Short, o)
		}
	}
	if n := len(a.Forms[0]); n < forms.Least || n > forms.Most {
		return a, nil, errs.Fields{{Name: "each", Key: "assessment.test.size", Args: errs.Args("Count", n, "Low", forms.Least, "High", forms.Most)}}.Err()
	}
	return a, pool, nil
}

// pool returns the approved newest versions that a draft may use, with what is known of their difficulty.
func (s *Service) pool(ctx context.Context, q db.Querier, d TestDraft) (items []PoolItem, byID map[string]Version, err error) {
	f := ItemFilter{Review: string(Approved), Origin: d.Origin}
	w, args := f.where()
	list, err := listVersions(ctx, q, w, args, list.Window{})
	if err != nil {
		return nil, nil, err
	}
	facility, err := s.difficulties(ctx, q)
	if err != nil {
		return nil, nil, err
	}
	byID = map[string]Version{}
	for _, v := range list {
		if v.Content.Pilot || namedFact(&v.Content) != "" || !slices.Contains(d.Objectives, v.Objective) || !hasAll(v.Languages, d.Langs) {
			continue
		}
		items = append(items, poolItem(v, facility))
		byID[v.ID] = v
	}
	return items, byID, nil
}

// difficulties returns what is known of the difficulty of all versions that stand on a form.
func (s *Service) difficulties(ctx context.Context, q db.Querier) (map[string]float64, error) {
	forms, err := db.All[Form](ctx, q, `SELECT id, test_id, name, items FROM test_form`)
	if err != nil {
		return nil, err
	}
	return s.difficulty(ctx, q, forms)
}

func hasAll(list, wanted []string) bool {
	return !slices.ContainsFunc(wanted, func(x string) bool { return !slices.Contains(list, x) })
}

// poolItem is what forms are balanced by of a version.
func poolItem(v Version, facility map[string]float64) PoolItem {
	known, sat := facility[v.ID]
	if !sat {
		known = gain.Missing
	}
	return PoolItem{v.ID, v.Objective, v.Level, string(v.Type), known}
}

// Assemble makes a competence test of items of the bank.
func (s *Service) Assemble(ctx context.Context, actor access.Actor, d TestDraft) (t Test, err error) {
	defer errs.Wrap(&err, "itembank.Assemble")
	if !actor.Everywhere(access.ItemsWrite) {
		return t, errs.Forbidden("error.forbidden")
	}
	err = s.db.Update(ctx, func(tx *db.Tx) error {
		a, _, err := s.deal(ctx, tx, d)
		if err != nil {
			return err
		}
		t = Test{Title: maps.Clone(d.Title), Intro: d.Intro, Minutes: d.Minutes, Languages: d.Langs}
		t.Title[""] = t.Title[d.Langs[0]]
		for i, items := range a.Forms {
			f := Form{Name: forms.Names[i]}
			for _, it := range items {
				f.Items = append(f.Items, it.ID)
			}
			t.Forms = append(t.Forms, f)
		}
		_, err = s.keepTest(ctx, tx, actor.PersonID, &t)
		return err
	})
	return t, err
}

// keepTest stores a test as the first edition of a family, or, where its origin and code are known, as the next one if
// anything in it differs.
func (s *Service) keepTest(ctx context.Context, tx *db.Tx, personID string, t *Test) (made bool, err error) {
	t.ID, t.CreatedAt, t.CreatedBy = id.New(), s.clock.Now(), personID
	t.Family, t.Edition = t.ID, 1
	items := make([][]string, len(t.Forms))
	for i := range t.Forms {
		t.Forms[i].ID, items[i] = id.New(), t.Forms[i].Items
	}
	said := []any{t.Title, t.Intro, t.Minutes, items}
	if len(t.Anchors) > 0 { // a test without any says the same as before there were anchors
		said = append(said, t.Anchors)
	}
	sum, err := digest(said...)
	if err != nil {
		return false, err
	}
	if t.Origin != "" {
		type earlier struct {
			ID, Family, Digest string
			Edition            int
		}
		e, err := db.One[earlier](ctx, tx, `SELECT id, family, digest, edition FROM competence_test WHERE origin = ? AND code = ? ORDER BY edition DESC LIMIT 1`, t.Origin, t.Code)
		switch {
		case err == nil && e.Digest == sum:
			*t, err = testByID(ctx, tx, e.ID)
			return false, err
		case err == nil:
			t.Family, t.Edition = e.Family, e.Edition+1
		case !errors.Is(err, errs.ErrNotFound):
			return false, err
		}
	}
	if err := insertTest(ctx, tx, *t, sum); err != nil {
		return false, err
	}
	return true, audit.Record(ctx, tx, t.CreatedAt, personID, "test.make", "test:"+t.ID, map[string]any{"edition": t.Edition})
}

// ImportCourse brings the competence items and tests of a course that is being published into the bank, within the
// transaction that publishes it. What has not changed stays as it is; a changed item is a new version, a changed test a new
// edition, and measurements that go on keep theirs.
func (s *Service) ImportCourse(ctx context.Context, tx *db.Tx, personID string, c *course.Course) (err error) {
	defer errs.Wrap(&err, "itembank.ImportCourse(%q)", c.ID)
	topics := map[string]string{}
	for _, o := range c.Objectives {
		topics[o.ID] = o.Topic
	}
	for _, test := range c.Competences {
		t := Test{Origin: c.ID, Code: test.ID, Title: test.Title, Intro: test.Intro, Minutes: test.Minutes, Languages: c.Languages}
		versions := func(itemIDs []string) (ids []string, err error) {
			for _, itemID := range itemIDs {
				item := c.Item(itemID)
				v, made, err := s.write(ctx, tx, personID, c.ID, Draft{Item: *item, Topic: topics[item.Objective]})
				if err == nil && made && v.Number > 1 { // in place of a version that may have waited
					err = s.withdraw(ctx, tx, v.ItemID, personID)
				}
				if err != nil {
					return nil, err
				}
				ids = append(ids, v.ID)
			}
			return ids, nil
		}
		if t.Anchors, err = versions(test.Anchors); err != nil {
			return err
		}
		for _, f := range test.Forms {
			own, err := versions(f.Items)
			if err != nil {
				return err
			}
			t.Forms = append(t.Forms, Form{Name: f.Name, Items: spread(own, t.Anchors)})
		}
		if _, err := s.keepTest(ctx, tx, personID, &t); err != nil {
			return err
		}
	}
	return nil
}

// spread puts anchors among the items of a form at even distances, behind the first: at the end, whoever is tired would answer
// them worse than on another form.
func spread(items, anchors []string) []string {
	out := slices.Clone(items)
	for i, a := range slices.Backward(anchors) {
		out = slices.Insert(out, (i+1)*len(items)/(len(anchors)+1), a)
	}
	return out
}

// Tests returns the newest edition of each family.
func (s *Service) Tests(ctx context.Context) (_ []Test, err error) {
	defer errs.Wrap(&err, "itembank.Tests")
	list, err := db.All[Test](ctx, s.db, `SELECT `+testColumns+` FROM competence_test t
		WHERE edition = (SELECT MAX(n.edition) FROM competence_test n WHERE n.family = t.family) ORDER BY created_at, id`)
	if err != nil {
		return nil, err
	}
	for i := range list {
		whole, err := loadTest(ctx, s.db, list[i].ID)
		if err != nil {
			return nil, err
		}
		list[i] = *whole
	}
	return list, nil
}

// Test returns an edition with its forms and items.
func (s *Service) Test(ctx context.Context, testID string) (_ *Test, err error) {
	defer errs.Wrap(&err, "itembank.Test")
	if !id.Valid(testID) {
		return nil, errs.NotFound("error.not-found")
	}
	return loadTest(ctx, s.db, testID)
}

// Families returns the family of each edition of a test, by the edition's id.
func (s *Service) Families(ctx context.Context) (_ map[string]string, err error) {
	defer errs.Wrap(&err, "itembank.Families")
	return FamiliesIn(ctx, s.db)
}

// FamiliesIn is [Service.Families] within a transaction.
func FamiliesIn(ctx context.Context, q db.Querier) (map[string]string, error) {
	type row struct{ ID, Family string }
	list, err := db.All[row](ctx, q, `SELECT id, family FROM competence_test`)
	byID := make(map[string]string, len(list))
	for _, r := range list {
		byID[r.ID] = r.Family
	}
	return byID, err
}

// Editions returns the editions of a family, the newest first, without their items.
func (s *Service) Editions(ctx context.Context, family string) (_ []Test, err error) {
	defer errs.Wrap(&err, "itembank.Editions")
	return EditionsIn(ctx, s.db, family)
}

// EditionsIn is [Service.Editions] within a transaction.
func EditionsIn(ctx context.Context, q db.Querier, family string) ([]Test, error) {
	return db.All[Test](ctx, q, `SELECT `+testColumns+` FROM competence_test WHERE family = ? ORDER BY edition DESC`, family)
}

// TestIn returns an edition with its forms and items; from memory, once all its items are approved: from then on nothing in it
// changes.
func (s *Service) TestIn(ctx context.Context, q db.Querier, testID string) (*Test, error) {
	s.mu.Lock()
	kept := s.tests[testID]
	s.mu.Unlock()
	if kept != nil {
		return kept, nil
	}
	t, err := loadTest(ctx, q, testID)
	if err != nil || t.Unapproved() > 0 {
		return t, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.tests[testID] = t
	return t, nil
}

func loadTest(ctx context.Context, q db.Querier, testID string) (*Test, error) {
	t, err := testByID(ctx, q, testID)
	if err != nil {
		return nil, err
	}
	if t.Forms, err = formsOf(ctx, q, testID); err != nil {
		return nil, err
	}
	for i := range t.Forms {
		f := &t.Forms[i]
		byID, err := versionsByID(ctx, q, f.Items)
		if err != nil {
			return nil, err
		}
		for _, versionID := range f.Items {
			f.Versions = append(f.Versions, byID[versionID])
		}
	}
	return &t, nil
}

// Balance measures the balance of the test's forms, with what is known of the items' difficulty by now.
func (s *Service) Balance(ctx context.Context, t *Test) (b Balance, err error) {
	defer errs.Wrap(&err, "itembank.Balance")
	facility, err := s.difficulties(ctx, s.db)
	if err != nil {
		return b, err
	}
	forms := make([][]PoolItem, len(t.Forms))
	for i, f := range t.Forms {
		for _, v := range f.Versions {
			if t.Scored(v) {
				forms[i] = append(forms[i], poolItem(v, facility))
			}
		}
	}
	return balanceOf(forms), nil
}
