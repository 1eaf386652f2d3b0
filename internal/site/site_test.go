package site_test

import (
	"errors"
	"io/fs"
	"maps"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/clock"
	"ostoja/internal/db"
	"ostoja/internal/db/dbtest"
	"ostoja/internal/errs"
	"ostoja/internal/fact"
	"ostoja/internal/fact/facttest"
	"ostoja/internal/site"
	"ostoja/internal/site/content"
	"ostoja/internal/site/visits"
	"ostoja/packs"
	shipped "ostoja/site"
)

// now is nine in the morning in Warsaw.
var now = time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC)

func warsaw(t testing.TB) *time.Location {
	t.Helper()
	zone, err := time.LoadLocation("Europe/Warsaw")
	if err != nil {
		t.Fatal(err)
	}
	return zone
}

// desk is the service with the shipped content taken and published, and two editors.
type desk struct {
	*testing.T
	*site.Service
	visits        *visits.Service
	d             *db.DB
	clock         *clock.Fake
	first, second access.Actor
}

func each(t *testing.T, fn func(k *desk)) {
	t.Helper()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := &desk{T: t, d: d, clock: clock.NewFake(now)}
		b, err := content.ReadBundle(shipped.FS, facttest.Poland(t), warsaw(t))
		k.no(err)
		k.Service = site.New(d, k.clock, warsaw(t), b, nil, nil, site.Demonstration)
		k.visits = visits.New(d, k.clock, warsaw(t))
		k.first, k.second = editor("00000000-0000-7000-8000-000000000001"), editor("00000000-0000-7000-8000-000000000002")
		_, err = k.ImportBundle(t.Context(), access.System, true)
		k.no(err)
		fn(k)
	})
}

func editor(id string) access.Actor {
	return access.Actor{PersonID: id, At: now, Grants: []access.Grant{{Role: access.Author}}}
}

func (k *desk) no(err error) {
	k.Helper()
	if err != nil {
		k.Fatal(err)
	}
}

func (k *desk) snapshot() *content.Snapshot {
	k.Helper()
	s, err := k.Snapshot(k.Context())
	k.no(err)
	return s
}

// fails says that an error is of a category and has a key somewhere in it.
func (k *desk) fails(err error, category error, key string) {
	k.Helper()
	if !errors.Is(err, category) || !strings.Contains(err.Error(), key) {
		k.Fatalf("not %v with %q: %v", category, key, err)
	}
}

func TestTheShippedContentIsWhole(t *testing.T) {
	b, err := content.ReadBundle(shipped.FS, facttest.Poland(t), warsaw(t))
	if err != nil {
		t.Fatal(err)
	}
	inAll := 0
	for _, a := range b.Articles {
		for _, tag := range []string{"pl", "en"} {
			if a.Texts[tag] == nil {
				t.Errorf("%s is missing in %s", a.ID, tag)
			}
		}
		if len(a.Texts) == len(b.Languages) {
			inAll++
		}
	}
	if len(b.Articles) < 12 || inAll < 6 || len(b.Languages) != 6 {
		t.Errorf("%d articles, %d of them in all of %d languages", len(b.Articles), inAll, len(b.Languages))
	}
}

// TestLanguagesAgree: each language's folder has the keys of the source's, and its texts the same blocks, facts and links.
func TestLanguagesAgree(t *testing.T) {
	b, err := content.ReadBundle(shipped.FS, facttest.Poland(t), warsaw(t))
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range b.Languages {
		var missing []string
		for _, key := range b.Catalogue.Keys(b.SourceLang) {
			if !slices.Contains(b.Catalogue.Keys(l.Tag), key) {
				missing = append(missing, key)
			}
		}
		if len(missing) > 0 || len(b.Catalogue.Keys(l.Tag)) != len(b.Catalogue.Keys(b.SourceLang)) {
			t.Errorf("%s: %d keys, missing %v", l.Tag, len(b.Catalogue.Keys(l.Tag)), missing)
		}
		if n := len(strings.Fields(b.Catalogue.Printer(l.Tag).T("lang.months"))); n != 12 {
			t.Errorf("%s: %d months; names of several words are joined by _", l.Tag, n)
		}
	}
	for _, a := range b.Articles {
		want := marks(a.Texts[b.SourceLang].Body)
		for tag, text := range a.Texts {
			if got := marks(text.Body); !slices.Equal(got, want) {
				t.Errorf("%s/%s.md has other blocks, facts or links:\n%v\n%v", tag, a.ID, got, want)
			}
		}
	}
}

// marks returns the blocks in order, then facts and links, which sentences may bring in another order.
func marks(body string) []string {
	var blocks, rest []string
	for _, line := range strings.Split(body, "\n") {
		if name, ok := strings.CutPrefix(line, ":::"); ok && name != "" {
			blocks = append(blocks, strings.Fields(name)[0])
		}
		for _, part := range strings.FieldsFunc(line, func(r rune) bool { return strings.ContainsRune("(){}", r) }) {
			if strings.HasPrefix(part, "article:") || strings.HasPrefix(part, "page:") || strings.Contains(line, "{"+part+"}") {
				rest = append(rest, part)
			}
		}
	}
	slices.Sort(rest)
	return append(blocks, rest...)
}

func TestAFolderWithFaultsIsRefusedWithAllOfThem(t *testing.T) {
	whole := fstest.MapFS{}
	err := fs.WalkDir(shipped.FS, ".", func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := fs.ReadFile(shipped.FS, p)
		whole[p] = &fstest.MapFile{Data: b}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	country, err := packs.Open("pl")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range []string{"pack.yaml", "facts.yaml", "institutions.yaml"} {
		b, err := fs.ReadFile(country, file)
		if err != nil {
			t.Fatal(err)
		}
		whole[file] = &fstest.MapFile{Data: b}
	}
	for name, c := range map[string]struct{ file, from, to, want string }{
		"a phone in a text":        {"pl/rights.md", "{national-line}", "22 628 01 20", "site.fault.digits"},
		"an emergency number":      {"pl/rights.md", "{emergency}", "112", "site.fault.digits"},
		"Arabic digits":            {"pl/rights.md", "{national-line}", "٢٢ ٦٢٨ ٠١ ٢٠", "site.fault.digits"},
		"an unknown fact":          {"pl/rights.md", "{emergency}", "{emergenzy}", "site.fault.no-fact"},
		"raw HTML":                 {"pl/rights.md", "## ", "<b>x</b>\n\n## ", "site.fault.html"},
		"an unknown link":          {"pl/rights.md", "article:work", "article:wrok", "site.fault.link"},
		"a tell-tale tab":          {"pl/rights.md", "tab: ", "tab: Policja ", "site.fault.tell-tale"},
		"an inflected tell-tale":   {"pl/rights.md", "tab: ", "tab: O wyzyskiwaniu ", "site.fault.tell-tale"},
		"a tell-tale link":         {"pl/rights.md", "## ", "[x](https://example.org/o-handlu-ludzmi)\n\n## ", "site.fault.tell-tale-link"},
		"a tell-tale source":       {"pl/rights.md", ":::law ", ":::law url=\"https://example.org/dla-ofiar\" ", "site.fault.tell-tale-link"},
		"a tell-tale web address":  {"facts.yaml", "https://www.pip.gov.pl", "https://www.przemoc.example", "site.fault.tell-tale-address"},
		"a source that runs":       {"pl/rights.md", ":::law ", ":::law url=\"javascript:x\" ", "site.fault.link"},
		"a law without its day":    {"pl/rights.md", " checked=2026-11-28", "", "site.fault.attribute"},
		"an unknown block":         {"pl/rights.md", ":::key", ":::kez", "site.fault.no-block"},
		"a fact without source":    {"facts.yaml", "  source: \"Linia KCIK", "  source: \"\"\n  url2: \"Linia KCIK", "url2"},
		"the same address twice":   {"site.yaml", "code: c92k", "code: d37f", "needs a code of its own"},
		"an unknown door":          {"site.yaml", "doors: [help, worry]", "doors: [help, wory]", "doors is none"},
		"an unknown audience":      {"site.yaml", "for: [foreigner]", "for: [foreigners]", "audiences is none"},
		"an unknown topic":         {"site.yaml", "topic: travel", "topic: travels", "topic is none"},
		"a second line to nobody":  {"site.yaml", "second_line: la-strada-line", "second_line: prosecutor", "second_line"},
		"nine questions":           {"check.yaml", "- id: someone", "- {id: x}\n- id: someone", "9 questions"},
		"a lead to nowhere":        {"search.yaml", "leads: [work]", "leads: [wrok]", "leads to"},
		"a way out without https":  {"site.yaml", "exit: https://", "exit: http://", "exit: write https://"},
		"an address in angles":     {"pl/rights.md", "## ", "<tel:+48226280120>\n\n## ", "site.fault.autolink"},
		"a phone in the check":     {"check.yaml", "Ask for the name and address", "Call 22 628 01 20 and ask for the name", "site.fault.digits"},
		"a tell-tale fixed page":   {"en/interface.yaml", "tab: For me", "tab: Police", "door.help.tab: site.fault.tell-tale"},
		"two pages with one title": {"en/interface.yaml", "tab: For me", "tab: Work and contract", "is that of door.help.tab too"},
		"a name of the site's own": {"site.yaml", "code: c92k", "code: info-pl", "the name of a page"},
		"a sheet's name":           {"site.yaml", "code: c92k", "code: d37f-a4", "the name of a page"},
		"a voivodeship's name":     {"site.yaml", "code: c92k", "code: t5-10", "the name of a page"},
		"a fact called new":        {"facts.yaml", "- id: child-line", "- id: new", "site.fault.reserved"},
		"a service called import":  {"services.yaml", "- id: emergency", "- id: import", "site.fault.reserved"},
		"an emergency address":     {"facts.yaml", "- id: emergency\n  kind: phone", "- id: emergency\n  kind: name", "site.fault.core-kind"},
		"a fact for ever":          {"facts.yaml", "valid_until: 2027-02-23", "valid_until: 9999-12-31", "site.fault.until-far"},
		"a language without texts": {"site.yaml", "languages: [pl, ", "languages: [xx, pl, ", `"xx" has no folder`},
	} {
		t.Run(name, func(t *testing.T) {
			broken := maps.Clone(whole)
			text := string(whole[c.file].Data)
			if !strings.Contains(text, c.from) {
				t.Fatalf("%s has no %q", c.file, c.from)
			}
			broken[c.file] = &fstest.MapFile{Data: []byte(strings.ReplaceAll(text, c.from, c.to))}
			pack, err := fact.ReadPack(broken)
			if err == nil {
				_, err = content.ReadBundle(broken, pack, warsaw(t))
			}
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("not refused with %q: %v", c.want, err)
			}
		})
	}
}

func TestTakingTwiceChangesNothing(t *testing.T) {
	each(t, func(k *desk) {
		before := k.snapshot()
		n, err := k.ImportBundle(k.Context(), access.System, true)
		k.no(err)
		if n != (site.BundleImport{}) {
			k.Errorf("taken again: %+v", n)
		}
		if after := k.snapshot(); len(after.Articles) != len(before.Articles) || len(before.Articles) < 12 {
			k.Errorf("%d articles, then %d", len(before.Articles), len(after.Articles))
		}
	})
}

func TestWithoutPublishTextsAwaitAPerson(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b, err := content.ReadBundle(shipped.FS, facttest.Poland(t), warsaw(t))
		if err != nil {
			t.Fatal(err)
		}
		s := site.New(d, clock.NewFake(now), warsaw(t), b, nil, nil, site.Demonstration)
		if _, err := s.ImportBundle(t.Context(), access.System, false); err != nil {
			t.Fatal(err)
		}
		snap, err := s.Snapshot(t.Context())
		if err != nil || len(snap.Articles) != 0 || len(snap.Services) != 0 {
			t.Fatalf("%d articles and %d services are published: %v", len(snap.Articles), len(snap.Services), err)
		}
	})
}

// draft begins a new version of a text.
func (k *desk) draft(actor access.Actor, lang, body string) (content.Text, error) {
	k.Helper()
	o, err := k.Article(k.Context(), actor, "rights")
	k.no(err)
	t := o.Texts[lang]
	return k.SaveDraft(k.Context(), actor, site.TextDraft{ArticleID: "rights", Lang: lang, Title: t.Title, Tab: t.Tab, Summary: t.Summary, Body: body, Base: t.Base()})
}

// again saves other words over a text that was read.
func (k *desk) again(actor access.Actor, t content.Text, body string) (content.Text, error) {
	k.Helper()
	return k.SaveDraft(k.Context(), actor, site.TextDraft{ArticleID: t.ArticleID, Lang: t.Lang, Title: t.Title, Tab: t.Tab, Summary: t.Summary, Body: body, Base: t.Base()})
}

func published(t content.Text) site.Verdict { return site.Verdict{Base: t.Base(), Publish: true} }

func TestASecondPersonPublishes(t *testing.T) {
	each(t, func(k *desk) {
		text, err := k.draft(k.first, "pl", "Nowa treść, zadzwoń: {national-line}.")
		k.no(err)
		k.fails(k.Review(k.Context(), k.second, text.ID, published(text)), errs.ErrConflict, "not-in-review")
		k.no(k.Submit(k.Context(), k.first, text.ID))
		k.no(k.Submit(k.Context(), k.first, text.ID)) // it goes on waiting
		k.fails(k.Review(k.Context(), k.first, text.ID, published(text)), errs.ErrForbidden, "second-person")
		k.fails(k.Review(k.Context(), access.System, text.ID, published(text)), errs.ErrForbidden, "second-person")
		k.fails(k.Review(k.Context(), k.second, text.ID, site.Verdict{Base: text.Base(), Note: " "}), errs.ErrInvalid, "fault.note")
		k.no(k.Review(k.Context(), k.second, text.ID, site.Verdict{Base: text.Base(), Note: "Popraw drugi akapit."}))
		k.no(k.Submit(k.Context(), k.first, text.ID))
		before := k.snapshot()
		k.no(k.Review(k.Context(), k.second, text.ID, published(text)))
		after := k.snapshot()
		a := after.Article("rights")
		if after.Revision <= before.Revision || a.Texts["pl"].ID != text.ID || a.Texts["pl"].ReviewerID != k.second.PersonID || a.Texts["pl"].ReviewDue != "2027-11-23" {
			k.Errorf("revision %d then %d, published %+v", before.Revision, after.Revision, a.Texts["pl"])
		}
		versions, err := k.Versions(k.Context(), k.first, "rights", "pl")
		k.no(err)
		if len(versions) != 2 || versions[1].State != content.Superseded {
			k.Errorf("versions: %+v", versions)
		}
		if !a.Stale("en") || a.Stale("pl") {
			k.Error("the translation does not know that its source has moved on")
		}
	})
}

// TestWhatIsPublishedIsWhatWasRead: between the reviewer's reading and their word the text was changed and passed on again.
func TestWhatIsPublishedIsWhatWasRead(t *testing.T) {
	each(t, func(k *desk) {
		read, err := k.draft(k.first, "pl", "To przeczytała druga osoba.")
		k.no(err)
		k.no(k.Submit(k.Context(), k.first, read.ID))
		changed, err := k.again(k.first, read, "Tego nikt nie przeczytał.")
		k.no(err)
		k.no(k.Submit(k.Context(), k.first, read.ID))
		k.fails(k.Review(k.Context(), k.second, read.ID, published(read)), errs.ErrConflict, "site.changed-since")
		k.fails(k.Review(k.Context(), k.second, read.ID, site.Verdict{Base: read.Base(), Note: "x"}), errs.ErrConflict, "site.changed-since")
		k.no(k.Review(k.Context(), k.second, read.ID, published(changed)))
	})
}

// TestNoWriterPublishes: who wrote a part of the text may not publish it, though somebody else saved it last; who saved it
// without a change may.
func TestNoWriterPublishes(t *testing.T) {
	each(t, func(k *desk) {
		third := editor("00000000-0000-7000-8000-000000000003")
		text, err := k.draft(k.first, "pl", "Pierwsza osoba pisze.")
		k.no(err)
		text, err = k.again(k.second, text, "Pierwsza osoba pisze, druga poprawia.")
		k.no(err)
		same, err := k.again(third, text, "Pierwsza osoba pisze, druga poprawia.")
		k.no(err)
		if same.Base() != text.Base() || same.AuthorID != k.second.PersonID {
			k.Errorf("saving without a change changed something: %+v", same)
		}
		k.no(k.Submit(k.Context(), k.first, text.ID))
		for _, writer := range []access.Actor{k.first, k.second} {
			k.fails(k.Review(k.Context(), writer, text.ID, published(text)), errs.ErrForbidden, "second-person")
		}
		k.no(k.Review(k.Context(), third, text.ID, published(text)))
	})
}

func TestATranslationCatchesUp(t *testing.T) {
	each(t, func(k *desk) {
		pl, err := k.draft(k.first, "pl", "Nowa treść.")
		k.no(err)
		k.no(k.Submit(k.Context(), k.first, pl.ID))
		k.no(k.Review(k.Context(), k.second, pl.ID, published(pl)))
		o, err := k.Article(k.Context(), k.first, "rights")
		k.no(err)
		en := o.Texts["en"]
		text, err := k.SaveDraft(k.Context(), k.first, site.TextDraft{
			ArticleID: "rights", Lang: "en", Title: en.Title, Tab: en.Tab, Summary: en.Summary, Body: "New text.", Base: en.Base(), Follows: 999,
		})
		k.no(err)
		if text.Follows != 2 { // what is not there yet, nobody has translated
			k.Errorf("it follows %d", text.Follows)
		}
		k.no(k.Submit(k.Context(), k.first, text.ID))
		k.no(k.Review(k.Context(), k.second, text.ID, published(text)))
		if k.snapshot().Article("rights").Stale("en") {
			k.Error("still stale")
		}
	})
}

// TestTheMeaningDidNotChange: translations that were up to date stay so when the reviewer says that the meaning is the same, and
// older ones stay behind.
func TestTheMeaningDidNotChange(t *testing.T) {
	each(t, func(k *desk) {
		publish := func(body string, same bool) {
			k.Helper()
			text, err := k.draft(k.first, "pl", body)
			k.no(err)
			k.no(k.Submit(k.Context(), k.first, text.ID))
			v := published(text)
			v.SameMeaning = same
			k.no(k.Review(k.Context(), k.second, text.ID, v))
		}
		publish("Literówka poprawiona.", true)
		if a := k.snapshot().Article("rights"); a.Stale("en") || a.Texts["pl"].Number != 2 {
			k.Error("the translation is called old")
		}
		if detail := k.audited("site.publish"); !strings.Contains(detail, `"translations_hold":5`) {
			k.Errorf("the audit record says %s", detail)
		}
		publish("Coś zupełnie innego.", false)
		publish("Coś zupełnie innego, bez literówki.", true)
		if !k.snapshot().Article("rights").Stale("en") {
			k.Error("a translation that was old is called up to date")
		}
	})
}

// audited returns the detail of the latest audit entry of an action.
func (k *desk) audited(action string) string {
	k.Helper()
	list, err := db.All[string](k.Context(), k.d, `SELECT detail FROM audit WHERE action = ? ORDER BY id DESC LIMIT 1`, action)
	k.no(err)
	if len(list) == 0 {
		return ""
	}
	return list[0]
}

// TestTranslationsFollowTheSourceThatWasTaken: while an editor is at work on another source text, the folder's translations are
// not called translations of it.
func TestTranslationsFollowTheSourceThatWasTaken(t *testing.T) {
	each(t, func(k *desk) {
		draft, err := k.draft(k.first, "pl", "Redakcja pisze coś innego.")
		k.no(err)
		b := k.Bundle()
		a := b.Articles[slices.IndexFunc(b.Articles, func(a *content.Article) bool { return a.ID == "rights" })]
		pl, en := *a.Texts["pl"], *a.Texts["en"]
		a.Texts["pl"].Body, a.Texts["en"].Body = pl.Body+"\nNowe w folderze.\n", en.Body+"\nNew in the folder.\n"
		n, err := k.ImportBundle(k.Context(), access.System, true)
		k.no(err)
		if n.Texts != 0 {
			k.Errorf("%d texts were taken", n.Texts)
		}
		k.no(k.Submit(k.Context(), k.first, draft.ID))
		k.no(k.Review(k.Context(), k.second, draft.ID, published(draft)))
		if !k.snapshot().Article("rights").Stale("en") {
			k.Error("the translation of another text is called up to date")
		}
	})
}

func TestADraftWithFaultsIsKeptButNotSubmitted(t *testing.T) {
	each(t, func(k *desk) {
		text, err := k.draft(k.first, "pl", "Zadzwoń <b>teraz</b>.")
		k.fails(err, errs.ErrInvalid, "site.fault.html")
		if text.ID == "" {
			k.Fatal("the draft is lost")
		}
		k.fails(k.Submit(k.Context(), k.first, text.ID), errs.ErrInvalid, "site.fault.html")
	})
}

// TestAPhoneNumberIsNotEvenSaved: a number in a draft would be copied from there.
func TestAPhoneNumberIsNotEvenSaved(t *testing.T) {
	each(t, func(k *desk) {
		text, err := k.draft(k.first, "pl", "Zadzwoń\n\n22 **628** 01 20 teraz.")
		k.fails(err, errs.ErrInvalid, "site.fault.digits")
		o, err := k.Article(k.Context(), k.first, "rights")
		k.no(err)
		if text.ID != "" || o.Languages[0].Open != nil {
			k.Errorf("kept: %+v", o.Languages[0].Open)
		}
	})
}

func TestNobodyWritesOverAnothersDraft(t *testing.T) {
	each(t, func(k *desk) {
		read := *k.snapshot().Article("rights").Texts["pl"]
		draft, err := k.again(k.first, read, "Pierwsza osoba pisze.")
		k.no(err)
		_, err = k.again(k.second, read, "Druga osoba pisze.")
		k.fails(err, errs.ErrConflict, "site.conflict")
		_, err = k.again(k.second, draft, "Druga osoba pisze dalej.")
		k.no(err)
		_, err = k.again(k.first, draft, "Pierwsza osoba pisze dalej.") // both had the same draft before their eyes
		k.fails(err, errs.ErrConflict, "site.conflict")
	})
}

func TestWhoMayNot(t *testing.T) {
	each(t, func(k *desk) {
		reviewer := access.Actor{PersonID: "r", At: now, Grants: []access.Grant{{Role: access.Reviewer}}}
		ofUnit := access.Actor{PersonID: "u", At: now, Grants: []access.Grant{{Role: access.Author, Path: "/x/"}}}
		learner := access.Actor{PersonID: "l", At: now, Grants: []access.Grant{{Role: access.Learner}}}
		if _, err := k.Articles(k.Context(), reviewer); err != nil {
			k.Errorf("a reviewer may not read: %v", err)
		}
		for _, a := range []access.Actor{reviewer, ofUnit, learner, {}} {
			_, err := k.anyDraft(a)
			k.fails(err, errs.ErrForbidden, "forbidden")
			k.fails(k.ProposeFact(k.Context(), a, *k.snapshot().Facts["emergency"], "1"), errs.ErrForbidden, "forbidden")
			k.fails(k.ProposeService(k.Context(), a, k.snapshot().Services[0], true, "", "1"), errs.ErrForbidden, "forbidden")
			k.fails(k.AcceptProposal(k.Context(), a, "x"), errs.ErrForbidden, "forbidden")
			k.fails(k.ReturnProposal(k.Context(), a, "x", "x"), errs.ErrForbidden, "forbidden")
			k.fails(k.WithdrawProposal(k.Context(), a, "x"), errs.ErrForbidden, "forbidden")
			k.fails(k.Withdraw(k.Context(), a, "rights", "pl"), errs.ErrForbidden, "forbidden")
			_, err = k.Confirm(k.Context(), a, []string{"emergency"}, "Zespół")
			k.fails(err, errs.ErrForbidden, "forbidden")
		}
		for _, a := range []access.Actor{ofUnit, learner, {}} {
			_, err := k.Articles(k.Context(), a)
			k.fails(err, errs.ErrForbidden, "forbidden")
			_, err = k.visits.Between(k.Context(), a, "2026-11-01", "2026-11-30")
			k.fails(err, errs.ErrForbidden, "forbidden")
			_, err = k.Proposals(k.Context(), a)
			k.fails(err, errs.ErrForbidden, "forbidden")
			_, err = k.Entry(k.Context(), a, site.OfFact, "emergency")
			k.fails(err, errs.ErrForbidden, "forbidden")
		}
	})
}

// anyDraft tries to write something as somebody.
func (k *desk) anyDraft(a access.Actor) (content.Text, error) {
	return k.SaveDraft(k.Context(), a, site.TextDraft{ArticleID: "rights", Lang: "pl", Title: "x", Tab: "x", Summary: "x", Body: "x"})
}

func TestFactsAge(t *testing.T) {
	zone := warsaw(t)
	f := content.Fact{ID: "x", ValidUntil: "2026-11-23", GraceDays: 2}
	at := func(text string) time.Time {
		parsed, err := time.ParseInLocation("2006-01-02 15:04", text, zone)
		if err != nil {
			t.Fatal(err)
		}
		return parsed
	}

	for when, want := range map[string]fact.Validity{
		"2026-11-23 00:00": fact.Valid, "2026-11-23 23:59": fact.Valid, "2026-11-24 00:00": fact.Overdue, "2026-11-25 23:59": fact.Overdue, "2026-11-26 00:00": fact.Expired,
	} {
		if got := f.Validity(at(when), zone); got != want {
			t.Errorf("at %s: %d, not %d", when, got, want)
		}
		for _, id := range []string{fact.NationalLine, fact.Emergency} {
			never := f
			never.ID = id
			if never.Validity(at(when), zone) == fact.Expired {
				t.Errorf("%s has gone", id)
			}
		}
	}
	snap := content.Snapshot{Zone: zone, Facts: map[string]*content.Fact{"x": &f}}
	for _, step := range [][2]string{{"2026-11-20 12:00", "2026-11-24 00:00"}, {"2026-11-24 00:00", "2026-11-26 00:00"}} {
		if got := snap.NextLapse(at(step[0])); !got.Equal(at(step[1])) {
			t.Errorf("after %s it changes at %s", step[0], got)
		}
	}
	if !snap.NextLapse(at("2026-11-26 00:00")).IsZero() {
		t.Error("it changes for ever")
	}
}

func TestConfirming(t *testing.T) {
	each(t, func(k *desk) {
		k.clock.Advance(200 * 24 * time.Hour)
		n, err := k.Confirm(k.Context(), k.first, []string{"emergency", "minimum-wage", "nothing"}, "Redakcja")
		k.no(err)
		f := k.snapshot().Facts["emergency"]
		if n != 2 || f.Checked != "2027-06-11" || f.By != "Redakcja" || f.Confirm || f.ValidUntil != "2027-09-11" {
			k.Errorf("%d confirmed: %+v", n, f)
		}
		_, err = k.Confirm(k.Context(), k.first, []string{"emergency"}, "  ")
		k.fails(err, errs.ErrInvalid, "fault.by")
	})
}

func TestPublicationsAndOrders(t *testing.T) {
	each(t, func(k *desk) {
		k.fails(k.CreateArticle(k.Context(), k.first, content.Article{ID: "Źle", Kind: "x"}), errs.ErrInvalid, "site.fault")
		k.no(k.CreateArticle(k.Context(), k.first, content.Article{ID: "poradnik", Kind: content.Publication, Topic: "rights", Day: "2026-11-23"}))
		k.fails(k.CreateArticle(k.Context(), k.first, content.Article{ID: "poradnik", Kind: content.Publication, Topic: "rights", Day: "2026-11-23"}), errs.ErrInvalid, "taken")
		k.fails(k.AddFile(k.Context(), k.first, content.File{ArticleID: "poradnik", Edition: "I", Lang: "pl", Name: "x.exe"}, []byte("MZ")), errs.ErrInvalid, "file-type")
		k.fails(k.AddFile(k.Context(), k.first, content.File{ArticleID: "rights", Edition: "I", Lang: "pl", Name: "x.pdf"}, []byte("%PDF-1.7")), errs.ErrInvalid, "error.invalid")
		k.no(k.AddFile(k.Context(), k.first, content.File{ArticleID: "poradnik", Edition: "I, 2026", Lang: "pl", Name: `C:\pliki\poradnik.pdf`}, []byte("%PDF-1.7")))
		o, err := k.Article(k.Context(), k.first, "poradnik")
		k.no(err)
		if len(o.Files) != 1 || o.Files[0].Name != "poradnik.pdf" || o.Files[0].Size != 8 {
			k.Fatalf("files: %+v", o.Files)
		}
		if _, _, err := k.FileContent(k.Context(), o.Files[0].Hash); !errors.Is(err, errs.ErrNotFound) {
			k.Errorf("a file of what is not published can be read: %v", err)
		}
		k.fails(k.AddOrder(k.Context(), k.first, site.Order{ArticleID: "poradnik", Lang: "pl"}), errs.ErrInvalid, "copies")
	})
}
