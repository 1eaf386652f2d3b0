package site_test

import (
	"slices"
	"testing"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/clock"
	"ostoja/internal/db"
	"ostoja/internal/db/dbtest"
	"ostoja/internal/fact"
	"ostoja/internal/fact/facttest"
	"ostoja/internal/site"
	"ostoja/internal/site/content"
	"ostoja/internal/site/directory"
	"ostoja/internal/site/sitetest"
	shipped "ostoja/site"
)

// TestANewSiteOpensWhenItIsWhole: after an import that publishes nothing, readers are let in by the change that brings the last of the
// numbers, guides and places that a person in danger needs, and not before.
func TestANewSiteOpensWhenItIsWhole(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b, err := content.ReadBundle(shipped.FS, facttest.Poland(t), warsaw(t))
		if err != nil {
			t.Fatal(err)
		}
		k := &desk{T: t, d: d, clock: clock.NewFake(now)}
		k.Service = site.New(d, k.clock, warsaw(t), b, nil, nil, site.Production)
		lacks := func() []content.Part {
			t.Helper()
			o, err := k.Opening(t.Context(), sitetest.Editor("1"))
			k.no(err)
			if o.Open != (len(o.Missing)+len(o.Unconfirmed) == 0) || k.snapshot().Open != o.Open {
				t.Errorf("open %v although it lacks %v, and %s is unconfirmed", o.Open, o.Missing, idsOf(o.Unconfirmed))
			}
			return o.Missing
		}
		unconfirmed := func() []string {
			t.Helper()
			o, err := k.Opening(t.Context(), sitetest.Editor("1"))
			k.no(err)
			return idsOf(o.Unconfirmed)
		}
		doors := []content.Part{"door-help", "door-worry", "door-plan"}
		if got := lacks(); !slices.Equal(got, slices.Concat([]content.Part{content.PartEmergency, content.PartNationalLine}, doors, []content.Part{content.PartPlaces})) {
			t.Errorf("an empty site lacks %v", got)
		}
		_, err = k.ImportBundle(t.Context(), access.System, false)
		k.no(err)
		if got := lacks(); !slices.Equal(got, append(slices.Clone(doors), content.PartPlaces)) {
			t.Errorf("after an import it lacks %v", got)
		}
		waiting, err := k.Articles(t.Context(), sitetest.Editor("2"))
		k.no(err)
		for _, o := range waiting {
			for _, l := range o.Languages {
				if l.Lang == o.SourceLang && l.Open != nil {
					k.no(k.Review(t.Context(), sitetest.Editor("2"), l.Open.ID, site.Verdict{Base: l.Open.Base(), Publish: true}))
				}
			}
		}
		if got := lacks(); !slices.Equal(got, []content.Part{content.PartPlaces}) {
			t.Errorf("with all texts it lacks %v", got)
		}
		all, err := k.Directory(t.Context(), sitetest.Editor("1"))
		k.no(err)
		sitetest.Service(t, k.Service, all[0].Service, true)
		if got := lacks(); len(got) > 0 {
			t.Errorf("with a place it lacks %v", got)
		}
		// The last thing is that somebody has confirmed the numbers that a person in danger would call.
		numbers := []string{fact.NationalLine, fact.Emergency, "child-line", "child-ombudsman-line", "la-strada-line", "missing-child-line"}
		if got := unconfirmed(); !slices.Equal(got, numbers) {
			t.Errorf("%v are to be confirmed, not %v", got, numbers)
		}
		for i, id := range numbers {
			if k.snapshot().Open || k.audited("site.open") != "" {
				t.Fatalf("open before %s is confirmed", id)
			}
			_, err := k.Confirm(t.Context(), sitetest.Editor("1"), []string{id}, "Redakcja")
			k.no(err)
			if got := unconfirmed(); !slices.Equal(got, numbers[i+1:]) {
				t.Errorf("after %s %v are to be confirmed", id, got)
			}
		}
		if got := lacks(); len(got) > 0 {
			t.Errorf("with confirmed numbers it lacks %v", got)
		}
		if k.audited("site.open") == "" {
			t.Error("the record does not say that it opened")
		}
		// Once open it stays so, whatever lapses or is taken away.
		k.clock.Advance(5 * 365 * 24 * time.Hour)
		k.no(k.RemoveService(t.Context(), sitetest.Editor("1"), all[0].ID))
		if got := lacks(); len(got) > 0 {
			t.Errorf("it closed for want of %v", got)
		}
		if _, err := k.Opening(t.Context(), access.Actor{PersonID: "a learner", Grants: []access.Grant{{Role: access.Learner}}}); err == nil {
			t.Error("a learner is told how the site stands")
		}
	})
}

func idsOf(list []*content.Fact) (ids []string) {
	for _, f := range list {
		ids = append(ids, f.ID)
	}
	return ids
}

// TestAPlaceThatHasGoneOpensNothing: a listed place whose term has passed is not shown, and so is none.
func TestAPlaceThatHasGoneOpensNothing(t *testing.T) {
	each(t, func(k *desk) {
		snap := k.snapshot()
		snap.Services = []*directory.Service{{ID: "biuro", Phones: []directory.Phone{{Number: "+48 22 628 01 20"}}, ValidUntil: "2026-12-01"}}
		if got := snap.Missing(now); len(got) > 0 {
			k.Errorf("with a place it lacks %v", got)
		}
		if got := snap.Missing(now.AddDate(1, 0, 0)); !slices.Equal(got, []content.Part{content.PartPlaces}) {
			k.Errorf("a year later it lacks %v", got)
		}
	})
}
