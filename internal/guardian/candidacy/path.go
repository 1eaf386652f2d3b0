package candidacy

import (
	"context"
	"slices"
	"strings"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/audit"
	"ostoja/internal/db"
	"ostoja/internal/errs"
	"ostoja/internal/id"
	"ostoja/internal/list"
	"ostoja/internal/text"
)

// Filter chooses candidates.
type Filter struct {
	Text  string
	State State // "": those whose path goes on, unless All
	list.Window
}

// Row is a candidate in the office's list.
type Row struct {
	ID         string
	GivenName  string
	FamilyName string
	Unit       string // name
	State      State
	SentAt     time.Time
	DueOn      string // the earliest day of a step that is not done, "" if there is none
}

// Name is given name and family name.
func (r Row) Name() string { return r.GivenName + " " + r.FamilyName }

var orders = list.Orders{First: "sent", Last: []string{"c.id"}, By: map[string][]string{"name": {"c.sort_key"}, "sent": {"c.sent_at"}, "state": {"c.state"}}}

// Candidates lists those whom the actor's offices lead. Drafts are their writers' own.
func (s *Service) Candidates(ctx context.Context, actor access.Actor, f Filter) (rows []Row, total int, err error) {
	defer errs.Wrap(&err, "candidacy.Candidates")
	if err := known(actor, access.GuardiansRead); err != nil {
		return nil, 0, err
	}
	within, args := actor.Within(access.GuardiansRead, "u.path")
	where := ` FROM guardian_candidate c JOIN identity_unit u ON u.id = c.unit_id WHERE ` + within + ` AND c.state <> 'draft'`
	if f.State != "" {
		where, args = where+` AND c.state = ?`, append(args, string(f.State))
	}
	for word := range strings.FieldsSeq(text.Search(f.Text)) {
		where, args = where+` AND c.search_text LIKE ? ESCAPE '\'`, append(args, db.Like(word))
	}
	err = s.DB.View(ctx, func(tx *db.Tx) error {
		if total, err = db.One[int](ctx, tx, `SELECT COUNT(*)`+where, args...); err != nil {
			return err
		}
		order, more := orders.SQL(f.Window)
		rows, err = db.All[Row](ctx, tx, `SELECT c.id, c.given_name, c.family_name, u.name AS unit, c.state, c.sent_at, COALESCE((SELECT MIN(x.due_on) FROM guardian_candidate_step x
			WHERE x.candidate_id = c.id AND x.due_on <> '' AND x.done_on = ''), '') AS due_on`+where+order, append(slices.Clone(args), more...)...)
		return err
	})
	return rows, total, err
}

// View is a candidate with the whole path, as the office sees it.
type View struct {
	Candidate
	Steps      []StepOf
	Rules      []Rule
	Newest     map[CheckKind]Check // of each kind
	History    []Check             // all, the newest first
	Documents  []Document
	Looks      []Look
	Talk       *Talk    // nil: none
	Courts     []Named  // of the application
	Owners     []Named  // who can see to a step
	Assessors  []Named  // who can be asked to mark
	Missing    []string // what stands in the way of an admission
	Last       string   // the last day for which one can be given
	Namesakes  []Row    // candidates of the same office with the same name or phone, of whom nobody has decided
	Entries    []Lookalike
	MayChange  bool
	Registered bool    // in the register already
	Known      []Known // by which steps can be confirmed, for who may change
}

// StepOf returns a step of the path.
func (v View) StepOf(step Step) StepOf {
	for _, s := range v.Steps {
		if s.Step == step {
			return s
		}
	}
	return StepOf{Step: step}
}

// Candidate returns one with the path. The talk's marks are those that the actor may see.
func (s *Service) Candidate(ctx context.Context, actor access.Actor, candidateID string) (v View, err error) {
	defer errs.Wrap(&err, "candidacy.Candidate")
	err = s.DB.View(ctx, func(tx *db.Tx) error {
		c, err := candidate(ctx, tx, actor, access.GuardiansRead, candidateID)
		if err != nil {
			return err
		}
		if v, err = s.read(ctx, tx, c); err != nil {
			return err
		}
		if v.Talk != nil {
			v.Talk = v.Talk.SeenBy(actor.PersonID)
		}
		v.MayChange = c.State == Applied && actor.May(access.GuardiansWrite, c.UnitPath)
		if v.Owners, err = s.members(ctx, tx, access.GuardiansWrite, c.UnitPath); err != nil {
			return err
		}
		if v.Assessors, err = s.members(ctx, tx, access.GuardiansAssess, c.UnitPath); err != nil {
			return err
		}
		if v.MayChange {
			if v.Known, err = s.confirmable(ctx, tx, v); err != nil {
				return err
			}
		}
		return nil
	})
	return v, err
}

// read gathers what is known of a candidate, for whoever may see it.
func (s *Service) read(ctx context.Context, tx *db.Tx, c Candidate) (v View, err error) {
	v.Candidate = c
	if v.Rules, err = s.rulesIn(ctx, tx); err != nil {
		return v, err
	}
	v.History, err = db.All[Check](ctx, tx, `
		SELECT k.id, k.kind, k.clear, k.seen_on, p.given_name || ' ' || p.family_name AS seen_by, k.valid_until, k.noted_at
		FROM guardian_check k JOIN identity_person p ON p.id = k.seen_by WHERE k.candidate_id = ? ORDER BY k.noted_at DESC, k.id DESC`, c.ID)
	if err != nil {
		return v, err
	}
	v.Newest = map[CheckKind]Check{}
	for _, k := range slices.Backward(v.History) {
		v.Newest[k.Kind] = k
	}
	if v.Documents, err = documents(ctx, tx, c.ID); err != nil {
		return v, err
	}
	if v.Looks, err = looks(ctx, tx, c.ID); err != nil {
		return v, err
	}
	if v.Talk, err = talkOf(ctx, tx, c.ID); err != nil {
		return v, err
	}
	if len(c.Application.Courts) > 0 {
		var ids []any
		for _, x := range c.Application.Courts {
			ids = append(ids, x)
		}
		if v.Courts, err = db.All[Named](ctx, tx, `SELECT id, name FROM guardian_court WHERE id IN (`+db.In(len(ids))+`) ORDER BY sort_key, id`, ids...); err != nil {
			return v, err
		}
	}
	if v.Steps, err = s.steps(ctx, tx, v); err != nil {
		return v, err
	}
	if v.Namesakes, err = namesakes(ctx, tx, c); err != nil {
		return v, err
	}
	if v.Entries, err = lookalikes(ctx, tx, c); err != nil {
		return v, err
	}
	f := s.facts(v)
	v.Missing, v.Last = Missing(f, s.today()), ValidUntil(f)
	return v, nil
}

// facts are what a decision about a candidate rests on.
func (s *Service) facts(v View) Facts {
	f := Facts{Application: v.Application, Account: v.PersonID != "", Done: map[Step]string{}, Rules: v.Rules, Checks: v.Newest, Talk: v.Talk, Rubric: s.Rubric, Undecided: v.undecided()}
	for _, x := range v.Steps {
		f.Done[x.Step] = x.DoneOn
	}
	return f
}

// steps puts together what rows say of the path and what follows from other rows.
func (s *Service) steps(ctx context.Context, tx *db.Tx, v View) ([]StepOf, error) {
	rows, err := db.All[StepOf](ctx, tx, `
		SELECT x.step, COALESCE(x.owner_id, '') AS owner_id, COALESCE(o.given_name || ' ' || o.family_name, '') AS owner, x.due_on, x.done_on,
			COALESCE(d.given_name || ' ' || d.family_name, '') AS done_by
		FROM guardian_candidate_step x LEFT JOIN identity_person o ON o.id = x.owner_id LEFT JOIN identity_person d ON d.id = x.done_by WHERE x.candidate_id = ?`, v.ID)
	if err != nil {
		return nil, err
	}
	list := make([]StepOf, len(Steps))
	for i, step := range Steps {
		list[i].Step = step
		if at := slices.IndexFunc(rows, func(r StepOf) bool { return r.Step == step }); at >= 0 {
			list[i] = rows[at]
		}
		if !step.Ticked() {
			list[i].DoneOn = s.doneOn(step, v)
		}
	}
	return list, nil
}

// doneOn says when a step was done that the office does not tick.
func (s *Service) doneOn(step Step, v View) string {
	day := func(t time.Time) string {
		if t.IsZero() {
			return ""
		}
		return t.In(s.Zone).Format(time.DateOnly)
	}
	switch step {
	case StepApplication:
		return day(v.SentAt)
	case StepTalk:
		if v.Talk != nil && v.Talk.Settled(s.Rubric) {
			return day(v.Talk.SettledAt)
		}
	case StepChecks:
		last := ""
		for _, r := range v.Rules {
			c := v.Newest[r.Kind]
			switch {
			case !r.Asks(v.Application.Abroad):
			case !c.Holds(s.today()):
				return ""
			default:
				last = max(last, c.SeenOn)
			}
		}
		return last
	case StepDecision:
		return day(v.DecidedAt)
	}
	return ""
}

// StepDraft is what the office says of a step.
type StepDraft struct {
	Step    Step
	OwnerID string // "" for nobody
	DueOn   string // "" for no day
	DoneOn  string // of a step that is ticked; "" if it is not done
}

// SetStep says who sees to a step until when, and of some that it was done.
func (s *Service) SetStep(ctx context.Context, actor access.Actor, candidateID string, d StepDraft) (err error) {
	defer errs.Wrap(&err, "candidacy.SetStep")
	return s.change(ctx, actor, candidateID, func(tx *db.Tx, c Candidate) error {
		owners, err := s.members(ctx, tx, access.GuardiansWrite, c.UnitPath)
		if err != nil {
			return err
		}
		var faults errs.Fields
		if !slices.Contains(Steps, d.Step) {
			return errs.Invalid("error.invalid")
		}
		if d.OwnerID != "" && !has(owners, d.OwnerID) {
			faults.Add("owner", "candidacy.fault.choose")
		}
		if d.DueOn != "" && !isDay(d.DueOn) {
			faults.Add("due", "candidacy.fault.day")
		}
		if !d.Step.Ticked() {
			d.DoneOn = ""
		}
		if d.DoneOn != "" && (!isDay(d.DoneOn) || d.DoneOn > s.today()) {
			faults.Add("done", "candidacy.fault.past-day")
		}
		if err := faults.Err(); err != nil {
			return err
		}
		by := ""
		if d.DoneOn != "" {
			by = actor.PersonID
		}
		err = db.Exec(ctx, tx, `
			INSERT INTO guardian_candidate_step (candidate_id, step, owner_id, due_on, done_on, done_by) VALUES (?, ?, ?, ?, ?, ?)
			ON CONFLICT (candidate_id, step) DO UPDATE SET owner_id = excluded.owner_id, due_on = excluded.due_on, done_on = excluded.done_on, done_by = excluded.done_by`,
			c.ID, string(d.Step), nullable(d.OwnerID), d.DueOn, d.DoneOn, nullable(by))
		if err != nil {
			return err
		}
		return audit.Record(ctx, tx, s.Clock.Now(), actor.PersonID, "candidacy.step", "candidate:"+c.ID, map[string]any{"step": d.Step, "done": d.DoneOn != ""})
	})
}

func isDay(s string) bool {
	t, err := time.Parse(time.DateOnly, s)
	return err == nil && t.Year() >= 1900 && t.Year() < 2200
}

// TakeIn gives a candidate an account, by which they take the course. Whoever has one with the proved address keeps it.
func (s *Service) TakeIn(ctx context.Context, actor access.Actor, candidateID string) (err error) {
	defer errs.Wrap(&err, "candidacy.TakeIn")
	return s.change(ctx, actor, candidateID, func(tx *db.Tx, c Candidate) error {
		if c.PersonID != "" {
			return errs.Conflict("candidacy.has-account")
		}
		tag := c.Lang
		if !s.Catalogue.Has(tag) { // the program does not speak it; the person can change it
			tag = FormLangs[0]
		}
		personID, err := s.People.TakeIn(ctx, tx, NewAccount{GivenName: c.GivenName, FamilyName: c.FamilyName, Mail: c.Address, Lang: tag, UnitID: c.UnitID})
		if err != nil {
			return err
		}
		if err := db.Exec(ctx, tx, `UPDATE guardian_candidate SET person_id = ? WHERE id = ?`, personID, c.ID); err != nil {
			return err
		}
		return audit.Record(ctx, tx, s.Clock.Now(), actor.PersonID, "candidacy.account", "candidate:"+c.ID, map[string]any{"person": personID})
	})
}

// CheckDraft is what somebody saw.
type CheckDraft struct {
	Kind       CheckKind
	Clear      bool
	SeenOn     string
	ValidUntil string // "": as long as the rule says
}

// NoteCheck notes that the actor saw a paper or a register's answer. A newer check of the kind takes the place of an older one.
func (s *Service) NoteCheck(ctx context.Context, actor access.Actor, candidateID string, d CheckDraft) (err error) {
	defer errs.Wrap(&err, "candidacy.NoteCheck")
	return s.change(ctx, actor, candidateID, func(tx *db.Tx, c Candidate) error {
		rule, err := s.ruleIn(ctx, tx, d.Kind)
		if err != nil {
			return err
		}
		var faults errs.Fields
		if !isDay(d.SeenOn) || d.SeenOn > s.today() {
			faults.Add("seen", "candidacy.fault.past-day")
		} else {
			seen, _ := time.Parse(time.DateOnly, d.SeenOn) // it is a day
			most := seen.AddDate(0, 0, rule.ValidDays).Format(time.DateOnly)
			if d.ValidUntil == "" {
				d.ValidUntil = most
			}
			if !isDay(d.ValidUntil) || d.ValidUntil < d.SeenOn || d.ValidUntil > most {
				faults.Add("until", "candidacy.fault.until", "Days", rule.ValidDays)
			}
		}
		if err := faults.Err(); err != nil {
			return err
		}
		now := s.Clock.Now()
		err = db.Exec(ctx, tx, `INSERT INTO guardian_check (id, candidate_id, kind, clear, seen_on, seen_by, valid_until, noted_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
			id.New(), c.ID, string(d.Kind), d.Clear, d.SeenOn, actor.PersonID, d.ValidUntil, now)
		if err != nil {
			return err
		}
		return audit.Record(ctx, tx, now, actor.PersonID, "candidacy.check", "candidate:"+c.ID, map[string]any{"kind": d.Kind}) // not what was seen
	})
}

// Rules returns the rules of checks with who confirmed them, to who leads candidates.
func (s *Service) Rules(ctx context.Context, actor access.Actor) (rules []Rule, err error) {
	defer errs.Wrap(&err, "candidacy.Rules")
	if err := known(actor, access.GuardiansRead); err != nil {
		return nil, err
	}
	err = s.DB.View(ctx, func(tx *db.Tx) error {
		rules, err = s.rulesIn(ctx, tx)
		return err
	})
	return rules, err
}

// rulesIn are the shipped rules, and over them what an office changed or confirmed.
func (s *Service) rulesIn(ctx context.Context, tx *db.Tx) ([]Rule, error) {
	rows, err := db.All[Rule](ctx, tx, `
		SELECT r.kind, r.needed, r.valid_days, r.copy_days, COALESCE(p.given_name || ' ' || p.family_name, '') AS confirmed_by, r.confirmed_at, r.edition
		FROM guardian_check_rule r LEFT JOIN identity_person p ON p.id = r.confirmed_by`)
	rules := slices.Clone(s.rules)
	for _, row := range rows {
		if i := slices.IndexFunc(rules, func(r Rule) bool { return r.Kind == row.Kind }); i >= 0 {
			rules[i] = row
		}
	}
	return rules, err
}

func (s *Service) ruleIn(ctx context.Context, tx *db.Tx, k CheckKind) (Rule, error) {
	rules, err := s.rulesIn(ctx, tx)
	if err != nil {
		return Rule{}, err
	}
	i := slices.IndexFunc(rules, func(r Rule) bool { return r.Kind == k })
	if i < 0 {
		return Rule{}, errNotFound
	}
	return rules[i], nil
}

// SetRule changes a rule. With confirm the actor answers for it by name; a rule that is changed without is nobody's word again.
func (s *Service) SetRule(ctx context.Context, actor access.Actor, r Rule, confirm bool) (err error) {
	defer errs.Wrap(&err, "candidacy.SetRule")
	if err := known(actor, access.GuardiansWrite); err != nil {
		return err
	}
	if !slices.Contains(CheckKinds, r.Kind) {
		return errNotFound
	}
	if err := r.check().Err(); err != nil {
		return err
	}
	return s.DB.Update(ctx, func(tx *db.Tx) error {
		now := s.Clock.Now()
		var by any
		var at time.Time
		if confirm {
			by, at = actor.PersonID, now
		}
		n, err := db.Changed(ctx, tx, `
			INSERT INTO guardian_check_rule (kind, needed, valid_days, copy_days, confirmed_by, confirmed_at, edition) VALUES (?, ?, ?, ?, ?, ?, 1)
			ON CONFLICT (kind) DO UPDATE SET needed = excluded.needed, valid_days = excluded.valid_days, copy_days = excluded.copy_days, confirmed_by = excluded.confirmed_by,
				confirmed_at = excluded.confirmed_at, edition = guardian_check_rule.edition + 1
			WHERE guardian_check_rule.edition = ?`, string(r.Kind), string(r.Needed), r.ValidDays, r.CopyDays, by, at, r.Edition)
		if err == nil && n == 0 {
			err = errs.Conflict("candidacy.rule-changed")
		}
		if err != nil {
			return err
		}
		return audit.Record(ctx, tx, now, actor.PersonID, "candidacy.rule", "check:"+string(r.Kind), map[string]any{"confirmed": confirm, "needed": r.Needed, "valid_days": r.ValidDays, "copy_days": r.CopyDays})
	})
}
