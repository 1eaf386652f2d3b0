package itembank

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"ostoja/internal/access"
	"ostoja/internal/approval"
	"ostoja/internal/audit"
	"ostoja/internal/course"
	"ostoja/internal/course/lawtext"
	"ostoja/internal/db"
	"ostoja/internal/errs"
	"ostoja/internal/fact"
	"ostoja/internal/id"
	"ostoja/internal/item"
	"ostoja/internal/itembank/exchange/markup"
	"ostoja/internal/list"
	"ostoja/internal/text"
)

// Draft is an item as an author writes it.
type Draft struct {
	item.Item
	Topic string // "" takes that of the objective's newest item
	Why   string // a note to the second person
	Base  string // the version that the author changed; "" asks for none
}

// ItemFilter chooses items of the bank; its zero value chooses all that are not retired.
type ItemFilter struct {
	Search    string
	Origin    string // a course, or "-" for those made here
	Objective string
	Topic     string
	Level     int
	Type      item.Type
	Lang      string
	Review    string // awaiting | approved | returned
	Retired   bool
	Sort      string // the name of an order, as in [itemOrders]; "" for origin and code
	Desc      bool
}

// Here is the origin filter's value for items that were made or imported here.
const Here = "-"

// Items returns a part of the list of the bank's items in their newest versions, and how many there are.
// A size of 0 is everything.
func (s *Service) Items(ctx context.Context, actor access.Actor, f ItemFilter, page, size int) (items []Version, total int, err error) {
	defer errs.Wrap(&err, "itembank.Items")
	if !actor.Has(access.ItemsRead) {
		return nil, 0, errs.Forbidden("error.forbidden")
	}
	w, args := f.where()
	err = s.db.View(ctx, func(tx *db.Tx) error {
		if total, err = db.One[int](ctx, tx, `SELECT COUNT(*) FROM bank_version v JOIN bank_item i ON i.id = v.item_id WHERE `+w, args...); err != nil {
			return err
		}
		items, err = listVersions(ctx, tx, w, args, list.Window{Sort: f.Sort, Desc: f.Desc, Page: page, Size: size})
		return err
	})
	return items, total, err
}

func (f ItemFilter) where() (string, []any) {
	conditions, args := []string{`v.number = (SELECT MAX(n.number) FROM bank_version n WHERE n.item_id = v.item_id)`}, []any{}
	and := func(condition string, values ...any) {
		conditions, args = append(conditions, condition), append(args, values...)
	}
	if f.Retired {
		and(`i.retired_at IS NOT NULL`)
	} else {
		and(`i.retired_at IS NULL`)
	}
	for _, word := range strings.Fields(text.Search(f.Search)) {
		and(`v.search_text LIKE ? ESCAPE '\'`, db.Like(word))
	}
	switch f.Origin {
	case "":
	case Here:
		and(`i.origin = ''`)
	default:
		and(`i.origin = ?`, f.Origin)
	}
	if f.Objective != "" {
		and(`v.objective = ?`, f.Objective)
	}
	if f.Topic != "" {
		and(`v.topic = ?`, f.Topic)
	}
	if f.Level != 0 {
		and(`v.level = ?`, f.Level)
	}
	if f.Type != "" {
		and(`v.type = ?`, string(f.Type))
	}
	if f.Lang != "" {
		and(`v.langs LIKE ? ESCAPE '\'`, db.Like(`"`+f.Lang+`"`)) // a JSON list: the quotation marks bound a tag
	}
	switch f.Review {
	case "awaiting":
		and(`v.verdict = ''`)
	case string(Approved), string(Returned):
		and(`v.verdict = ?`, f.Review)
	}
	return strings.Join(conditions, " AND "), args
}

// Objectives returns the objectives that items of the bank have, sorted.
func (s *Service) Objectives(ctx context.Context) (_ []string, err error) {
	defer errs.Wrap(&err, "itembank.Objectives")
	return db.All[string](ctx, s.db, `SELECT DISTINCT objective FROM bank_version ORDER BY objective`)
}

// Origins returns the courses from which items came, sorted.
func (s *Service) Origins(ctx context.Context) (_ []string, err error) {
	defer errs.Wrap(&err, "itembank.Origins")
	return db.All[string](ctx, s.db, `SELECT DISTINCT origin FROM bank_item WHERE origin <> '' ORDER BY origin`)
}

// ItemVersions returns all versions of an item, the newest first.
func (s *Service) ItemVersions(ctx context.Context, actor access.Actor, itemID string) (_ []Version, err error) {
	defer errs.Wrap(&err, "itembank.ItemVersions")
	if !actor.Has(access.ItemsRead) {
		return nil, errs.Forbidden("error.forbidden")
	}
	if !id.Valid(itemID) {
		return nil, errs.NotFound("error.not-found")
	}
	list, err := versionsOf(ctx, s.db, itemID)
	if err == nil && len(list) == 0 {
		return nil, errs.NotFound("error.not-found")
	}
	return list, err
}

// WriteItem adds an item, or with an itemID a new version of one. A version that says the same as the newest is not made:
// made is false. What stands on a form that is in use goes on standing there. A newer version than the draft's base is an [errs.ErrConflict]:
// nobody replaces what they have not seen.
func (s *Service) WriteItem(ctx context.Context, actor access.Actor, itemID string, d Draft) (v Version, made bool, err error) {
	defer errs.Wrap(&err, "itembank.WriteItem")
	if !actor.Everywhere(access.ItemsWrite) {
		return v, false, errs.Forbidden("error.forbidden")
	}
	if d.ID = strings.TrimSpace(d.ID); d.ID == "" {
		d.ID = madeCode(d.Objective)
	}
	err = s.db.Update(ctx, func(tx *db.Tx) error {
		origin := ""
		if itemID != "" {
			list, err := versionsOf(ctx, tx, itemID)
			if err != nil {
				return err
			}
			if len(list) == 0 {
				return errs.NotFound("error.not-found")
			}
			origin, d.ID = list[0].Origin, list[0].Code // a code never changes
		}
		if d.Topic == "" {
			var err error
			if d.Topic, err = topicOf(ctx, tx, d.Objective); err != nil {
				return err
			}
		}
		if err := d.check(); err != nil {
			return err
		}
		if itemID == "" {
			err := db.Exec(ctx, tx, `INSERT INTO bank_item (id, origin, code, created_at) VALUES (?, '', ?, ?)`, id.New(), d.ID, s.clock.Now())
			if db.IsUnique(err) {
				return errs.Fields{{Name: "id", Key: "assessment.item.taken"}}.Err()
			}
			if err != nil {
				return err
			}
		}
		if v, made, err = s.write(ctx, tx, actor.PersonID, origin, d); err == nil && made {
			err = s.ask(ctx, tx, v, d.Why)
		}
		return err
	})
	return v, made, err
}

// topicOf returns the topic of the newest item of an objective; "" where the bank has none.
func topicOf(ctx context.Context, q db.Querier, objective string) (string, error) {
	topic, err := db.One[string](ctx, q, `SELECT topic FROM bank_version WHERE objective = ? ORDER BY created_at DESC, id DESC LIMIT 1`, objective)
	if errors.Is(err, errs.ErrNotFound) {
		err = nil
	}
	return topic, err
}

// madeCode makes an item's code from its objective, for authors who have none of their own: some signs that nobody else has stand behind.
func madeCode(objective string) string {
	const longest = 40
	code := strings.Trim(strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
			return r
		}
		return '-'
	}, text.Search(objective)), "-")
	if code == "" || code[0] < 'a' {
		code = "item"
	}
	return strings.Trim(code[:min(len(code), longest)], "-") + "-" + strings.ToLower(id.Code(4))
}

// check finds the faults of a draft: it must be in at least one language, and whole in each that it is in.
func (d Draft) check() error {
	langs := d.languages()
	if len(langs) == 0 {
		return errs.Fields{{Name: "question", Key: "item.fault.no-language"}}.Err()
	}
	var faults errs.Fields
	for _, f := range d.Check(langs) {
		faults = append(faults, errs.Field(f))
	}
	if name := namedFact(&d.Item); name != "" {
		faults.Add("question."+langs[0], "item.fault.fact", "Name", "{"+name+"}")
	}
	if !slices.Contains(course.Topics, d.Topic) {
		faults.Add("topic", "item.fault.topic")
	}
	if strings.TrimSpace(d.Objective) == "" {
		faults.Add("objective", "item.fault.empty")
	}
	return faults.Err()
}

// namedFact returns the first fact that a text of an item names by a slot; "" if none does. What is measured before, after and months later
// must not change meanwhile, and a form is shown outside of a course, where nothing would fill the slot.
func namedFact(it *item.Item) (name string) {
	it.EachText(func(s string) {
		if slots := fact.Slots(s); name == "" && len(slots) > 0 {
			name = slots[0].ID
		}
	})
	return name
}

// Changing returns what of the item's texts looks like something that changes by somebody else's decision: periods, amounts of money,
// provisions of law, phones. A course lists with a reason what may stand all the same; here whoever reviews the item decides.
func (v Version) Changing() (found []string) {
	look := func(s string) {
		for _, f := range lawtext.Find(s, false) {
			if !slices.Contains(found, f.Text) {
				found = append(found, f.Text)
			}
		}
	}
	v.Content.EachText(look)
	for _, unit := range v.Content.Unit.Languages() {
		look(fmt.Sprintf("%g %s", v.Content.Answer, v.Content.Unit[unit]))
	}
	return found
}

// languages returns the languages in which the draft has a question.
func (d Draft) languages() []string {
	var list []string
	for _, l := range d.Question.Languages() {
		if strings.TrimSpace(d.Question[l]) != "" {
			list = append(list, l)
		}
	}
	return list
}

// write adds a version unless the newest says the same, or is not the one that was changed. The row of the item is held, so that two authors at once make two
// versions one after the other.
func (s *Service) write(ctx context.Context, tx *db.Tx, authorID, origin string, d Draft) (v Version, made bool, err error) {
	sum, err := digest(d.Canonical(), d.Topic)
	if err != nil {
		return v, false, err
	}
	now := s.clock.Now()
	if err := db.Exec(ctx, tx, `INSERT INTO bank_item (id, origin, code, created_at) VALUES (?, ?, ?, ?) ON CONFLICT (origin, code) DO UPDATE SET code = excluded.code`,
		id.New(), origin, d.ID, now); err != nil {
		return v, false, err
	}
	itemID, err := db.One[string](ctx, tx, `SELECT id FROM bank_item WHERE origin = ? AND code = ?`, origin, d.ID)
	if err != nil {
		return v, false, err
	}
	earlier, err := versionsOf(ctx, tx, itemID)
	if err != nil {
		return v, false, err
	}
	number := 1
	if len(earlier) > 0 {
		// Not the kept digest: earlier releases counted in what a text falls back to.
		kept, err := digest(earlier[0].Content.Canonical(), earlier[0].Topic)
		if err != nil || kept == sum {
			return earlier[0], false, err
		}
		if d.Base != "" && d.Base != earlier[0].ID {
			return v, false, errs.Conflict("assessment.item.conflict", "Number", earlier[0].Number)
		}
		number = earlier[0].Number + 1
	}
	v = Version{
		ID: id.New(), ItemID: itemID, Origin: origin, Code: d.ID, Number: number, CurrentNo: number, Type: d.Type, Objective: d.Objective, Topic: d.Topic, Level: d.Level,
		Languages: d.languages(), Content: d.Item, AuthorID: authorID, CreatedAt: now,
	}
	if err := insertVersion(ctx, tx, v, sum, searchText(d)); err != nil {
		return v, false, err
	}
	return v, true, audit.Record(ctx, tx, now, authorID, "item.write", "item:"+itemID, map[string]any{"version": number})
}

func searchText(d Draft) string {
	words := []string{d.ID, d.Objective}
	for _, l := range d.languages() {
		words = append(words, d.Question[l])
		if plain := markup.ToPlain(d.Question[l]); plain != d.Question[l] {
			words = append(words, plain) // what is looked for as it is seen
		}
	}
	return text.Search(strings.Join(words, " "))
}

// outcomes are the verdicts as who asked is told of them.
var outcomes = map[Verdict]approval.Outcome{Approved: approval.Approved, Returned: approval.Returned}

// ask has the second person told of a version that waits. Of what comes with a course nobody is written to: it waits in the list, by the hundred.
func (s *Service) ask(ctx context.Context, tx *db.Tx, v Version, why string) error {
	return approval.Ask{Kind: approval.BankItem, Ref: v.ItemID, Title: v.Code, Path: "/app/bank/items/" + v.ItemID, Permission: access.ItemsWrite, By: v.AuthorID, Note: why}.Tell(ctx, tx, s.events)
}

// withdraw has those told who wait for an item's approval, or are asked for it, that nothing of it waits any more.
func (s *Service) withdraw(ctx context.Context, tx *db.Tx, itemID, personID string) error {
	return approval.Answer{Kind: approval.BankItem, Ref: itemID, By: personID, Outcome: approval.Withdrawn}.Tell(ctx, tx, s.events)
}

// Review lets a second person approve versions, or return them with a note of what to change. Own ones, and those reviewed or
// replaced meanwhile, are left out; it returns how many were reviewed.
func (s *Service) Review(ctx context.Context, actor access.Actor, versionIDs []string, verdict Verdict, note string) (n int, err error) {
	defer errs.Wrap(&err, "itembank.Review")
	note = strings.TrimSpace(note)
	switch {
	case !actor.Everywhere(access.ItemsWrite) || actor.PersonID == "":
		return 0, errs.Forbidden("error.forbidden")
	case verdict != Approved && verdict != Returned:
		return 0, errs.Invalid("error.invalid")
	case verdict == Returned && note == "":
		return 0, errs.Fields{{Name: "note", Key: "assessment.review.note-needed"}}.Err()
	}
	now := s.clock.Now()
	err = s.db.Update(ctx, func(tx *db.Tx) error {
		n = 0
		for _, versionID := range versionIDs {
			v, err := versionByID(ctx, tx, versionID)
			if err != nil {
				return err
			}
			if !MayReview(actor, v) {
				continue
			}
			changed, err := db.Changed(ctx, tx, `UPDATE bank_version SET verdict = ?, reviewer_id = ?, reviewed_at = ?, note = ? WHERE id = ? AND verdict = ''`,
				string(verdict), actor.PersonID, now, note, versionID)
			if err != nil {
				return err
			}
			if changed == 0 { // another was faster
				continue
			}
			n += changed
			if err := (approval.Answer{Kind: approval.BankItem, Ref: v.ItemID, By: actor.PersonID, Outcome: outcomes[verdict], Note: note}).Tell(ctx, tx, s.events); err != nil {
				return err
			}
			if err := audit.Record(ctx, tx, now, actor.PersonID, "item.review", "item:"+v.ItemID, map[string]any{"version": v.Number, "verdict": verdict}); err != nil {
				return err
			}
		}
		return nil
	})
	return n, err
}

// Retire takes an item out of what new forms are made of, or brings it back. Forms that have it keep it.
func (s *Service) Retire(ctx context.Context, actor access.Actor, itemID string, retired bool) (err error) {
	defer errs.Wrap(&err, "itembank.Retire")
	if !actor.Everywhere(access.ItemsWrite) {
		return errs.Forbidden("error.forbidden")
	}
	now := s.clock.Now()
	var at any
	if retired {
		at = now
	}
	return s.db.Update(ctx, func(tx *db.Tx) error {
		n, err := db.Changed(ctx, tx, `UPDATE bank_item SET retired_at = ? WHERE id = ?`, at, itemID)
		if err != nil {
			return err
		}
		if n == 0 {
			return errs.NotFound("error.not-found")
		}
		if retired { // nothing is made of it any more
			if err := s.withdraw(ctx, tx, itemID, actor.PersonID); err != nil {
				return err
			}
		} else if list, err := versionsOf(ctx, tx, itemID); err != nil {
			return err
		} else if len(list) > 0 && list[0].Verdict == Awaiting {
			if err := s.ask(ctx, tx, list[0], ""); err != nil {
				return err
			}
		}
		return audit.Record(ctx, tx, now, actor.PersonID, "item.retire", "item:"+itemID, map[string]any{"retired": retired})
	})
}

// Imported says what became of items that were brought in.
type Imported struct {
	New, Changed, Same int
	Faults             []ItemFault
}

// ItemFault names an item that could not be taken in, and why.
type ItemFault struct {
	Code  string
	Field errs.Field
}

// mostImported is how many items [Service.Import] brings in at once: each is written on its own, and nobody else can write meanwhile.
const mostImported = 1000

// Import brings drafts into the bank, those of another system: each that stands is written, the others are named. An item whose
// id is there already becomes its new version; texts in languages that the draft does not have are kept.
func (s *Service) Import(ctx context.Context, actor access.Actor, drafts []Draft) (t Imported, err error) {
	defer errs.Wrap(&err, "itembank.Import(%d)", len(drafts))
	if !actor.Everywhere(access.ItemsWrite) {
		return t, errs.Forbidden("error.forbidden")
	}
	if len(drafts) > mostImported {
		return t, errs.Fields{{Name: "file", Key: "assessment.import.too-many", Args: errs.Args("Count", len(drafts), "Most", mostImported)}}.Err()
	}
	err = s.db.Update(ctx, func(tx *db.Tx) error {
		t = Imported{}
		for _, d := range drafts {
			if err := s.importDraft(ctx, tx, actor.PersonID, d, &t); err != nil {
				return err
			}
		}
		return nil
	})
	return t, err
}

func (s *Service) importDraft(ctx context.Context, tx *db.Tx, authorID string, d Draft, t *Imported) error {
	if e := (*errs.Error)(nil); errors.As(d.check(), &e) {
		for _, f := range e.Fields {
			t.Faults = append(t.Faults, ItemFault{cmp.Or(d.ID, "?"), f})
		}
		return nil
	}
	newest, err := listVersions(ctx, tx, `i.origin = '' AND i.code = ? AND v.number = (SELECT MAX(n.number) FROM bank_version n WHERE n.item_id = v.item_id)`, []any{d.ID}, list.Window{})
	if err != nil {
		return err
	}
	for _, v := range newest {
		d = d.withTextsOf(&v.Content)
	}
	v, made, err := s.write(ctx, tx, authorID, "", d)
	if err == nil && made {
		err = s.ask(ctx, tx, v, "")
	}
	switch {
	case err != nil:
		return err
	case !made:
		t.Same++
	case v.Number == 1:
		t.New++
	default:
		t.Changed++
	}
	return nil
}

// speltAs returns a text in Markdown in the spelling of an earlier one where both show the same: what went to another system and
// comes back was respelt on the way, and nobody changed it.
func speltAs(mine, earlier text.Translated) text.Translated {
	spelt := maps.Clone(mine)
	for l, s := range mine {
		if other := earlier[l]; other != "" && markup.Same(s, other) {
			spelt[l] = other
		}
	}
	return spelt
}

// withTextsOf returns the draft with the texts of an earlier version in the languages that the draft does not have: what other
// systems exchange is in one language. What the earlier texts fall back to stays too. Where the parts are others, those texts would not fit any more, and the draft stays as
// it is.
func (d Draft) withTextsOf(earlier *item.Item) Draft {
	langs := d.languages()
	merge := func(mine, other text.Translated) text.Translated {
		all := maps.Clone(mine)
		for _, l := range other.Languages() {
			if slices.Contains(langs, l) {
				continue
			}
			if all == nil {
				all = text.Translated{}
			}
			all[l] = other[l]
			if other[""] == other[l] {
				all[""] = other[""]
			}
		}
		return all
	}
	if d.Type != earlier.Type || len(d.Options) != len(earlier.Options) || len(d.Steps) != len(earlier.Steps) || len(d.Pairs) != len(earlier.Pairs) {
		return d
	}
	spelt := func(mine, other text.Translated) text.Translated { return merge(speltAs(mine, other), other) }
	whole := d
	whole.Question, whole.Unit, whole.Explanation = spelt(d.Question, earlier.Question), merge(d.Unit, earlier.Unit), spelt(d.Explanation, earlier.Explanation)
	mergeParts := func(mine, other []item.Option) []item.Option {
		list := slices.Clone(mine)
		for i := range list {
			if at := slices.IndexFunc(other, func(o item.Option) bool { return o.ID == list[i].ID }); at >= 0 {
				list[i].Text, list[i].Feedback = spelt(list[i].Text, other[at].Text), spelt(list[i].Feedback, other[at].Feedback)
			}
		}
		return list
	}
	whole.Options, whole.Steps, whole.Pairs = mergeParts(d.Options, earlier.Options), mergeParts(d.Steps, earlier.Steps), slices.Clone(d.Pairs)
	for i, p := range whole.Pairs {
		if at := slices.IndexFunc(earlier.Pairs, func(o item.Pair) bool { return o.ID == p.ID }); at >= 0 {
			whole.Pairs[i].Left, whole.Pairs[i].Right = spelt(p.Left, earlier.Pairs[at].Left), merge(p.Right, earlier.Pairs[at].Right)
		}
	}
	whole.Accept = maps.Clone(d.Accept)
	for l, words := range earlier.Accept {
		if whole.Accept != nil && !slices.Contains(langs, l) {
			whole.Accept[l] = words
		}
	}
	if whole.check() != nil { // a part whose id is another has no text in those languages
		return d
	}
	return whole
}
