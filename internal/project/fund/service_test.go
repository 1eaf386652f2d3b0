package fund_test

import (
	"bytes"
	"errors"
	"image"
	"image/png"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"ostoja/internal/access"
	"ostoja/internal/blob"
	"ostoja/internal/db"
	"ostoja/internal/db/dbtest"
	"ostoja/internal/errs"
	"ostoja/internal/project/fund"
	"ostoja/internal/testrig"
	"ostoja/internal/text"
)

// shippedOf reads a set as if it came with the program.
func shippedOf(t testing.TB, file string) *fund.Shipped {
	t.Helper()
	name := strings.TrimPrefix(strings.Split(file, "\n")[1], "id: ") + ".yaml"
	return testrig.Must(fund.ReadShipped(fstest.MapFS{name: {Data: []byte(file)}}))(t)
}

// started returns a service with the set of these tests.
func started(t testing.TB, w *testrig.World, file string) *fund.Service {
	t.Helper()
	s := fund.New(w.DB, w.Clock, shippedOf(t, file))
	w.OK(s.Start(t.Context()))
	return s
}

func get(t testing.TB, w *testrig.World, s *fund.Service) fund.Set {
	t.Helper()
	return testrig.Must(s.Get(t.Context(), w.Reviewer, "fund-a"))(t)
}

func TestAFaultyFileIsNotShipped(t *testing.T) {
	_, err := fund.ReadShipped(fstest.MapFS{"fund-a.yaml": {Data: []byte("id: x\n")}})
	if err == nil || !strings.Contains(err.Error(), `fund-a.yaml:1: "format" is missing`) {
		t.Error(err)
	}
}

// The sets are there after the first start, once, in version 1 which nobody wrote and nobody confirmed; a second start changes nothing.
func TestTheShippedSetsAreTakenIn(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		ctx := t.Context()
		list := testrig.Must(w.Funds.List(ctx, w.Reviewer))(t)
		var ids []string
		for _, s := range list {
			ids = append(ids, s.ID)
			if s.Edition != 1 || s.Changed.By != "" || s.Own || s.News || len(s.Unconfirmed()) != len(s.Rules.Each()) {
				t.Errorf("%s: %+v", s.ID, s)
			}
		}
		if want := []string{"amif-2021", "isf-2021", "national-plan", "norway-2021", "erf-2008", "swiss-1"}; !slices.Equal(ids, want) {
			t.Errorf("%q", ids)
		}
		w.OK(w.Funds.Start(ctx))
		if n := testrig.Must(db.One[int](ctx, w.DB, `SELECT COUNT(*) FROM fund_version`))(t); n != len(list) {
			t.Errorf("%d versions", n)
		}
	})
}

// An edit is a version with who and when, and ends the confirmation of what it changed; others keep theirs, and earlier versions stay.
func TestEditsAreVersions(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		ctx, s := t.Context(), started(t, w, written)
		w.OK(s.Confirm(ctx, w.Coordinator, "fund-a", 1, []fund.Rule{fund.RuleRetention, fund.RuleAges}))
		set := get(t, w, s)
		if stamp := set.Confirmed[fund.RuleRetention]; set.Edition != 1 || stamp.By == "" || !stamp.At.Equal(w.Clock.Now()) || len(set.Confirmed) != 2 {
			t.Fatalf("%+v", set.Confirmed)
		}
		w.Clock.Advance(1e12)
		w.OK(s.Edit(ctx, w.Admin, "fund-a", 1, fund.SetRetention{Retention: fund.Retention{Anchor: fund.FinalReport, Years: 3, Source: "act"}}))
		set = get(t, w, s)
		if set.Edition != 2 || set.Rules.Retention.Years != 3 || set.IsConfirmed(fund.RuleRetention) || !set.IsConfirmed(fund.RuleAges) || set.Changed.By == "" || !set.Changed.At.Equal(w.Clock.Now()) {
			t.Errorf("%+v", set)
		}
		// The same again changes nothing and is no version.
		w.OK(s.Edit(ctx, w.Admin, "fund-a", 2, fund.SetRetention{Retention: fund.Retention{Anchor: fund.FinalReport, Years: 3, Source: "act"}}))
		w.Refused("an edition of before", s.Edit(ctx, w.Admin, "fund-a", 1, fund.DropIndicator{ID: "papers"}), errs.ErrConflict)
		w.Refused("a confirmation of what was before", s.Confirm(ctx, w.Admin, "fund-a", 1, []fund.Rule{fund.RuleRetention}), errs.ErrConflict)
		history := testrig.Must(s.History(ctx, w.Reviewer, "fund-a"))(t)
		if len(history) != 2 || history[0].Version != 2 || history[1].By != "" || history[1].Rules.Retention.Years != 5 {
			t.Errorf("%+v", history)
		}
		at := testrig.Must(s.At(ctx, w.DB, "fund-a", 1))(t)
		now := testrig.Must(s.Current(ctx, w.DB, "fund-a"))(t)
		if at.Rules.Retention.Years != 5 || at.Version != 1 || now.Version != 2 || now.Rules.Retention.Years != 3 {
			t.Errorf("%+v, %+v", at, now)
		}
		_, err := s.At(ctx, w.DB, "fund-a", 3)
		w.Refused("a version of the future", err, errs.ErrNotFound)
		// A source that reads otherwise is another source: what rests on it waits again.
		w.OK(s.Edit(ctx, w.Admin, "fund-a", 2, fund.SetSource{Source: fund.Source{Key: "act", Title: "Act A, annex II", Read: "2026-11-30"}}))
		if set := get(t, w, s); set.IsConfirmed(fund.RuleAges) {
			t.Error("a rule is confirmed by a source that has changed")
		}
		w.OK(s.Confirm(ctx, w.Admin, "fund-a", 3, []fund.Rule{fund.RuleCounted}))
		w.OK(s.Unconfirm(ctx, w.Coordinator, "fund-a", 3, fund.RuleCounted))
		w.OK(s.Unconfirm(ctx, w.Coordinator, "fund-a", 3, fund.RuleCounted)) // it was not any more
		if set := get(t, w, s); len(set.Confirmed) != 0 {
			t.Errorf("%+v", set.Confirmed)
		}
		acts := testrig.Must(db.All[string](ctx, w.DB, `SELECT action FROM audit WHERE object = 'fund:fund-a' ORDER BY at, id`))(t)
		if want := []string{"fund.confirm", "fund.edit", "fund.edit", "fund.confirm", "fund.unconfirm"}; !slices.Equal(acts, want) {
			t.Errorf("%q", acts)
		}
	})
}

// A confirmation is a named person's, of a rule that there is and that says something or may say nothing.
func TestWhatCanBeConfirmed(t *testing.T) {
	w := testrig.New(t)
	ctx, s := t.Context(), started(t, w, written)
	for name, rules := range map[string][]fund.Rule{"nothing": nil, "an indicator without a name": {"indicator:papers"}, "what there is not": {"x"}, "one of two": {fund.RuleAges, "indicator:papers"}} {
		w.Refused(name, s.Confirm(ctx, w.Admin, "fund-a", 1, rules), errs.ErrInvalid)
	}
	w.Refused("by the program", s.Confirm(ctx, access.System, "fund-a", 1, []fund.Rule{fund.RuleAges}), errs.ErrForbidden)
	if set := get(t, w, s); len(set.Confirmed) != 0 {
		t.Errorf("%+v", set.Confirmed)
	}
	w.OK(s.Confirm(ctx, w.Admin, "fund-a", 1, []fund.Rule{fund.RuleAges}))
	w.Refused("twice", s.Confirm(ctx, w.Coordinator, "fund-a", 1, []fund.Rule{fund.RuleAges}), errs.ErrInvalid)
}

// Where the office has edited nothing, a newer release's set takes the place of the older; where it has, its words stay, and it takes what it wants.
func TestANewerRelease(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		ctx, s := t.Context(), started(t, w, written)
		w.OK(s.Confirm(ctx, w.Admin, "fund-a", 1, []fund.Rule{fund.RuleAges, fund.RuleStatement}))
		newer := strings.Replace(written, "Paid by A", "Paid for by A", 1)
		s = started(t, w, newer)
		set := get(t, w, s)
		if set.Edition != 2 || set.Rules.Statement.Text["en"] != "Paid for by A" || set.IsConfirmed(fund.RuleStatement) || !set.IsConfirmed(fund.RuleAges) || set.News || set.Changed.By != "" {
			t.Fatalf("%+v", set)
		}
		w.OK(s.Edit(ctx, w.Admin, "fund-a", 2, fund.SetStatement{Statement: fund.Wording{Text: text.Translated{"pl": "Zapłacił A"}, Source: "act"}}))
		newest := strings.NewReplacer("Paid for by A", "Funded by A", "years: 5", "years: 10", "{id: papers, unit: number", "{id: books, unit: number").Replace(newer)
		s = started(t, w, newest)
		set = get(t, w, s)
		want := []fund.Rule{"indicator:papers", "statement", "retention", "indicator:books"}
		if set.Edition != 3 || set.Rules.Statement.Text["pl"] != "Zapłacił A" || set.Rules.Retention.Years != 5 || !set.News || !slices.Equal(set.Newer, want) {
			t.Fatalf("%+v", set)
		}
		w.OK(s.TakeShipped(ctx, w.Admin, "fund-a", 3, []fund.Rule{"retention", "indicator:books", "indicator:papers"}))
		set = get(t, w, s)
		_, books := set.Rules.Indicator("books")
		_, papers := set.Rules.Indicator("papers")
		if set.Edition != 4 || set.Rules.Retention.Years != 10 || !books || papers || set.Rules.Statement.Text["pl"] != "Zapłacił A" || set.News || len(set.Newer) != 0 {
			t.Errorf("%+v", set)
		}
		s = started(t, w, strings.Replace(newest, "years: 10", "years: 12", 1))
		w.OK(s.TakeShipped(ctx, w.Admin, "fund-a", 4, nil)) // ours stays
		if set := get(t, w, s); set.Edition != 4 || set.Rules.Retention.Years != 10 || set.News {
			t.Errorf("%+v", set)
		}
	})
}

// Each change finds what is wrong at its field, and then changes nothing.
func TestFaultsAtTheirField(t *testing.T) {
	w := testrig.New(t)
	ctx, s := t.Context(), started(t, w, written)
	long := text.Translated{"en": strings.Repeat("ż", 13000)}
	indicator := func(x fund.Indicator) fund.SetIndicator {
		if x.Source == "" {
			x.Source = "act"
		}
		return fund.SetIndicator{Indicator: x, New: true}
	}
	source := func(key, title, address, read string) fund.SetSource {
		return fund.SetSource{Source: fund.Source{Key: key, Title: title, Address: address, Read: read}, New: true}
	}
	for name, c := range map[string]struct {
		change fund.Change
		fields string
	}{
		"no name":              {fund.SetName{State: fund.Open, Source: "act"}, "title-pl"},
		"a long name":          {fund.SetName{Title: long, Short: long, State: "x"}, "title-en short-en state source"},
		"no day":               {fund.SetPeriod{Period: fund.Period{From: "2021-13-01", Source: "act"}}, "from"},
		"backwards":            {fund.SetPeriod{Period: fund.Period{From: "2021-02-01", Until: "2021-01-01"}}, "until source"},
		"a long sentence":      {fund.SetStatement{Statement: fund.Wording{Text: long}}, "text-en source"},
		"a long notice":        {fund.SetNotice{Notice: fund.Wording{Text: long, Source: "x"}}, "text-en source"},
		"perhaps":              {fund.SetEmblem{Required: "perhaps"}, "required"},
		"from nowhere":         {fund.SetEmblem{Required: fund.NeedYes}, "source"},
		"unknown limit":        {fund.SetCounted{Counted: fund.Counted{Limits: []fund.Limit{"x"}, Source: "act"}}, "limits"},
		"unknown proof":        {fund.SetEvidence{Evidence: fund.Evidence{Required: []fund.Proof{"x"}}}, "required source"},
		"overlap":              {fund.SetAges{Ages: fund.Ages{Bands: []fund.Band{{From: 1, Until: 20}, {From: 20}}, Source: "act"}}, "bands"},
		"no age":               {fund.SetAges{Ages: fund.Ages{Bands: []fund.Band{{From: -1}}, Source: "act"}}, "bands"},
		"too many bands":       {fund.SetAges{Ages: fund.Ages{Bands: make([]fund.Band, 13), Source: "act"}}, "bands bands"},
		"years from nowhere":   {fund.SetRetention{Retention: fund.Retention{Years: 5}}, "anchor"},
		"for how long":         {fund.SetRetention{Retention: fund.Retention{Anchor: fund.ProjectEnd}}, "years source"},
		"no id":                {indicator(fund.Indicator{ID: "A b", Unit: fund.Number}), "id"},
		"taken":                {indicator(fund.Indicator{ID: "people", Unit: fund.Number}), "id"},
		"unknown measure":      {indicator(fund.Indicator{ID: "x", Unit: fund.Number, Measure: "heads"}), "measure"},
		"unknown unit":         {indicator(fund.Indicator{ID: "x", Unit: "heads", Title: long, Definition: long}), "title-en definition-en unit"},
		"a unit of another":    {indicator(fund.Indicator{ID: "x", Unit: fund.Percent, Measure: fund.Trainings, By: []fund.Breakdown{fund.BySex}, Source: "x"}), "unit by source"},
		"gone":                 {fund.SetIndicator{Indicator: fund.Indicator{ID: "x", Unit: fund.Number, Source: "act"}}, "id"},
		"nothing to drop":      {fund.DropIndicator{ID: "x"}, "id"},
		"a bad source":         {source("act", "", "ftp://x", "soon"), "key title address read"},
		"a source of all":      {source("ostoja", "T", "", "2026-11-30"), "key"},
		"a source without key": {source("", "T", "", "2026-11-30"), "key"},
		"a source that is not": {fund.SetSource{Source: fund.Source{Key: "b", Title: "T", Read: "2026-11-30"}}, "key"},
	} {
		err := s.Edit(ctx, w.Admin, "fund-a", 1, c.change)
		faults, _ := errs.FieldsOf(err)
		var fields []string
		for _, f := range faults {
			fields = append(fields, f.Name)
		}
		if got := strings.Join(fields, " "); got != c.fields {
			t.Errorf("%s: %q, want %q (%v)", name, got, c.fields, err)
		}
	}
	if set := get(t, w, s); set.Edition != 1 {
		t.Errorf("version %d", set.Edition)
	}
	for i, c := range []fund.Change{
		fund.SetName{Title: text.Translated{"pl": " Nowy "}, State: fund.Closed, Source: fund.OfficeSource},
		fund.SetPeriod{}, fund.SetStatement{}, fund.SetNotice{}, fund.SetEmblem{Required: fund.NeedUnknown}, fund.SetCounted{}, fund.SetAges{}, fund.SetRetention{}, fund.SetEvidence{},
		source("b", "T", "", "2026-11-30"), indicator(fund.Indicator{ID: "x", Unit: fund.Persons, Measure: fund.Useful, Source: "b"}),
		fund.SetIndicator{Indicator: fund.Indicator{ID: "x", Title: text.Translated{"en": "X", "pl": " "}, Unit: fund.Percent, Measure: fund.Useful, Source: "b"}},
		fund.DropIndicator{ID: "people"},
	} {
		w.OK(s.Edit(ctx, w.Admin, "fund-a", i+1, c))
	}
	r := get(t, w, s).Rules
	x, _ := r.Indicator("x")
	if r.Title["pl"] != "Nowy" || len(r.Title) != 1 || r.State != fund.Closed || r.Period != (fund.Period{}) || len(r.Indicators) != 2 || x.Unit != fund.Percent || len(x.Title) != 1 || r.Emblem.Required != "" {
		t.Errorf("%+v", r)
	}
}

func picture(t testing.TB, side int) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, side, 2))); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// An emblem is a picture that the office brought, one a language; an earlier version keeps the one that it had.
func TestEmblems(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		ctx, s := t.Context(), started(t, w, written)
		for name, c := range map[string]struct {
			lang, description, field string
			picture                  []byte
		}{
			"no picture":     {"pl", "Flaga", "file", []byte("<svg/>")},
			"too large":      {"pl", "Flaga", "file", make([]byte, fund.MostEmblemBytes+1)},
			"too wide":       {"pl", "Flaga", "file", picture(t, 4001)},
			"no description": {"pl", " ", "emblem-text", picture(t, 2)},
			"no language":    {"", "Flaga", "lang", picture(t, 2)},
		} {
			err := s.AddEmblem(ctx, w.Admin, "fund-a", 1, c.lang, c.picture, c.description)
			if faults, _ := errs.FieldsOf(err); len(faults) != 1 || faults[0].Name != c.field {
				t.Errorf("%s: %v", name, err)
			}
		}
		w.OK(s.AddEmblem(ctx, w.Admin, "fund-a", 1, "en", picture(t, 3), "Flag"))
		w.OK(s.AddEmblem(ctx, w.Admin, "fund-a", 2, "pl", picture(t, 4), "Flaga"))
		w.OK(s.AddEmblem(ctx, w.Admin, "fund-a", 3, "pl", picture(t, 5), "Nowa flaga"))
		set := get(t, w, s)
		if len(set.Rules.Emblem.Pictures) != 2 || set.Rules.Emblem.Pictures[0].Description != "Nowa flaga" {
			t.Fatalf("%+v", set.Rules.Emblem)
		}
		mediaType, content, err := s.Emblem(ctx, w.Reviewer, "fund-a", "pl")
		if err != nil || mediaType != "image/png" || !bytes.Equal(content, picture(t, 5)) {
			t.Errorf("%s, %d bytes, %v", mediaType, len(content), err)
		}
		w.OK(s.RemoveEmblem(ctx, w.Admin, "fund-a", 4, "pl"))
		_, _, err = s.Emblem(ctx, w.Reviewer, "fund-a", "pl")
		w.Refused("what was taken out", err, errs.ErrNotFound)
		old := testrig.Must(s.At(ctx, w.DB, "fund-a", 3))(t)
		p, _ := old.Rules.Emblem.Picture("pl")
		w.OK(w.DB.Update(ctx, func(tx *db.Tx) error { return blob.Drop(ctx, tx, p.Hash) }))
		if b := testrig.Must(blob.Get(ctx, w.DB, p.Hash))(t); !bytes.Equal(b.Content, picture(t, 4)) {
			t.Error("an earlier version has lost its emblem")
		}
		if file := string(testrig.Must(s.Export(ctx, w.Reviewer, "fund-a"))(t)); strings.Contains(file, "Flag") || strings.Contains(file, p.Hash) {
			t.Errorf("the emblem leaves with the file:\n%s", file)
		}
	})
}

// A set of the office's own is made by hand, as a copy or from a file; one with a fault, or whose id is taken, is refused.
func TestSetsOfTheOffice(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		ctx, s := t.Context(), started(t, w, written)
		w.OK(s.Confirm(ctx, w.Admin, "fund-a", 1, []fund.Rule{fund.RuleAges}))
		w.OK(s.AddEmblem(ctx, w.Admin, "fund-a", 1, "pl", picture(t, 4), "Flaga"))
		title := text.Translated{"pl": "Nasz"}
		for name, d := range map[string]fund.Draft{
			"an id twice": {ID: "fund-a", Title: title}, "no id": {Title: title}, "a page's id": {ID: "new", Title: title}, "no title": {ID: "b"}, "a long title": {ID: "b", Title: text.Translated{"en": strings.Repeat("x", 301)}},
		} {
			w.Refused(name, s.Create(ctx, w.Admin, d), errs.ErrInvalid)
		}
		w.Refused("a copy of nothing", s.Create(ctx, w.Admin, fund.Draft{ID: "b", Title: title, From: "x"}), errs.ErrNotFound)
		w.OK(s.Create(ctx, w.Admin, fund.Draft{ID: "b", Title: title, From: "fund-a"}))
		w.OK(s.Create(ctx, w.Admin, fund.Draft{ID: "c", Title: title}))
		b, c := testrig.Must(s.Get(ctx, w.Reviewer, "b"))(t), testrig.Must(s.Get(ctx, w.Reviewer, "c"))(t)
		if !b.Own || len(b.Confirmed) != 0 || b.Rules.Retention.Years != 5 || len(b.Rules.Emblem.Pictures) != 1 || b.Rules.Title["pl"] != "Nasz" || b.Changed.By == "" || len(c.Rules.Indicators) != 0 || c.Rules.ID != "c" {
			t.Errorf("%+v\n%+v", b, c)
		}
		file := testrig.Must(s.Export(ctx, w.Reviewer, "b"))(t)
		if _, faults, err := s.Import(ctx, w.Admin, bytes.Replace(file, []byte("measure: participants"), []byte("measure: heads"), 1)); len(faults) != 1 || !errors.Is(err, errs.ErrInvalid) || faults[0].Line == 0 {
			t.Errorf("an unknown measure: %v, %v", faults, err)
		}
		_, faults, err := s.Import(ctx, w.Admin, file)
		w.Refused("an id twice", err, errs.ErrInvalid)
		if len(faults) != 0 {
			t.Error(faults)
		}
		fundID, faults, err := s.Import(ctx, w.Admin, bytes.Replace(file, []byte("id: b"), []byte("id: d"), 1))
		if err != nil || fundID != "d" || len(faults) != 0 {
			t.Fatalf("%q, %v, %v", fundID, faults, err)
		}
		if again := testrig.Must(s.Export(ctx, w.Reviewer, "d"))(t); string(again) != strings.Replace(string(file), "id: b", "id: d", 1) {
			t.Errorf("%s", again)
		}
		w.OK(s.Start(ctx)) // a start leaves them alone
		if n := len(testrig.Must(s.List(ctx, w.Admin))(t)); n != 10 {
			t.Errorf("%d sets", n)
		}
	})
}

// Who has not the right to read projects reads no set; who keeps projects of one unit changes none, since those of every unit rest on it.
func TestWhoMayReadAndWrite(t *testing.T) {
	w := testrig.New(t)
	ctx, s := t.Context(), started(t, w, written)
	everybody := w.Everybody()
	everybody["the program"] = access.System
	for name, actor := range everybody {
		reads, writes := actor.Has(access.ProjectsRead), actor.Everywhere(access.ProjectsWrite)
		_, list := s.List(ctx, actor)
		_, one := s.Get(ctx, actor, "fund-a")
		_, file := s.Export(ctx, actor, "fund-a")
		_, history := s.History(ctx, actor, "fund-a")
		for what, err := range map[string]error{"list": list, "one": one, "file": file, "history": history} {
			if reads && err != nil || !reads && !errors.Is(err, errs.ErrForbidden) {
				t.Errorf("%s, %s: %v", name, what, err)
			}
		}
		if writes {
			continue
		}
		_, _, imported := s.Import(ctx, actor, []byte(written))
		for what, err := range map[string]error{
			"edit": s.Edit(ctx, actor, "fund-a", 1, fund.DropIndicator{ID: "people"}), "confirm": s.Confirm(ctx, actor, "fund-a", 1, []fund.Rule{fund.RuleAges}),
			"unconfirm": s.Unconfirm(ctx, actor, "fund-a", 1, fund.RuleAges), "shipped": s.TakeShipped(ctx, actor, "fund-a", 1, nil), "create": s.Create(ctx, actor, fund.Draft{ID: "b", Title: text.Translated{"pl": "B"}}),
			"emblem": s.AddEmblem(ctx, actor, "fund-a", 1, "pl", picture(t, 2), "F"), "no emblem": s.RemoveEmblem(ctx, actor, "fund-a", 1, "pl"), "import": imported,
		} {
			w.Refused(name+", "+what, err, errs.ErrForbidden)
		}
	}
	if set := get(t, w, s); set.Edition != 1 {
		t.Errorf("version %d", set.Edition)
	}
	_, err := s.Get(ctx, w.Admin, "x")
	w.Refused("a set that there is not", err, errs.ErrNotFound)
	w.Refused("an edit of it", s.Edit(ctx, w.Admin, "x", 1, fund.DropIndicator{ID: "people"}), errs.ErrNotFound)
}

// No statement that fails leaves half a change.
func TestNoFailureIsSilent(t *testing.T) {
	w := testrig.New(t)
	ctx, s := t.Context(), started(t, w, written)
	w.OK(s.Confirm(ctx, w.Admin, "fund-a", 1, []fund.Rule{fund.RuleAges}))
	next := 1
	dbtest.EachFails(t, w.DB, []dbtest.Step{
		{Name: "start", Do: func() error {
			return fund.New(w.DB, w.Clock, shippedOf(t, strings.NewReplacer("fund-a", "fund-z").Replace(written))).Start(ctx)
		}},
		{Name: "list", Do: func() error { _, err := s.List(ctx, w.Admin); return err }},
		{Name: "edit", Do: func() error {
			err := s.Edit(ctx, w.Admin, "fund-a", next, fund.SetAges{Ages: fund.Ages{Bands: []fund.Band{{From: next}}, Source: "act"}})
			if err == nil {
				next++
			}
			return err
		}},
		{Name: "confirm", Do: func() error { return s.Confirm(ctx, w.Admin, "fund-a", next, []fund.Rule{fund.RuleAges}) }},
		{Name: "emblem", Do: func() error {
			err := s.AddEmblem(ctx, w.Admin, "fund-a", next, "pl", picture(t, next+1), "F")
			if err == nil {
				next++
			}
			return err
		}},
		{Name: "history", Do: func() error { _, err := s.History(ctx, w.Admin, "fund-a"); return err }},
		{Name: "create", Do: func() error {
			return s.Create(ctx, w.Admin, fund.Draft{ID: "copy", Title: text.Translated{"pl": "K"}, From: "fund-a"})
		}},
	})
}
