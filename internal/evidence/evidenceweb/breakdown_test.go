package evidenceweb

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"ostoja/internal/clock"
	"ostoja/internal/disclosure"
	"ostoja/internal/evidence"
	"ostoja/internal/gain"
	"ostoja/internal/lang"
	"ostoja/internal/list/listweb"
	"ostoja/internal/text"
	"ostoja/internal/web"
	"ostoja/translations"
)

// A list tells by more than its cells: by the order of its rows, by which of them a search finds, by what stands on which page.
// The tests below hold two breakdowns side by side that differ in nothing but hidden figures (decision 12). The figures are put
// in the rows on purpose, although evidence.Service leaves them out: two walls, each of which is tested alone. Whatever is asked,
// and as whatever it is sent, the answers must be the same to the byte.

func breakdownPages(t *testing.T) (*Pages, context.Context) {
	texts, err := lang.Load(translations.FS, time.UTC)
	if err != nil {
		t.Fatal(err)
	}
	site := &web.Site{Clock: clock.NewFake(time.Date(2026, 11, 29, 8, 0, 0, 0, time.UTC))}
	return &Pages{Site: site}, lang.With(t.Context(), texts.Printer("en"))
}

// answer is everything that a list sends to a query.
func answer[T any](t *rapid.T, ctx context.Context, l listweb.Of[T]) string {
	var b bytes.Buffer
	if l.Wanted() {
		w := httptest.NewRecorder()
		if err := l.Send(w, httptest.NewRequestWithContext(ctx, http.MethodGet, l.Path, nil)); err != nil {
			t.Fatal(err)
		}
		return fmt.Sprint(w.Header()) + w.Body.String()
	}
	shown, err := l.Open(ctx)
	if err == nil {
		err = shown.Render(ctx, &b)
	}
	if err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// drawGain draws figures, some of them missing.
func drawGain(t *rapid.T, name string) gain.Gain {
	percent := rapid.OneOf(rapid.Float64Range(0, 100), rapid.Just(gain.Missing))
	var g gain.Gain
	g.Matched, g.Lost = rapid.IntRange(0, 60).Draw(t, name+" matched"), rapid.IntRange(0, 9).Draw(t, name+" lost")
	for _, f := range []*float64{&g.MeanPre, &g.MeanPost, &g.G, &g.Difference, &g.Low, &g.High, &g.Later.MeanPre, &g.Later.MeanPost, &g.Later.MeanLater, &g.Later.Share} {
		*f = percent.Draw(t, name)
	}
	g.Later.N = rapid.IntRange(0, 60).Draw(t, name+" later")
	return g
}

// drawQuery asks a list for anything: its own orders and others, either direction, any page, a search, a file.
func drawQuery(t *rapid.T, prefix string, sorts []string) url.Values {
	q := url.Values{}
	for name, values := range map[string][]string{
		"sort": slices.Concat(sorts, []string{"", "hidden", "later"}), "desc": {"", "1"}, "page": {"", "1", "2", "9"},
		"q": {"", "a", "5", "hidden", "group-1"}, "as": {"", "", "xlsx", "csv"}, "size": {"", "1"}, "filter": {"", "x"},
	} {
		if v := rapid.SampledFrom(values).Draw(t, name); v != "" {
			q.Set(prefix+name, v)
		}
	}
	return q
}

func TestNoOrderOfTheBreakdownTellsOfHiddenGroups(t *testing.T) {
	h, ctx := breakdownPages(t)
	sorts := []string{"name", "matched", "lost", "before", "after", "gain", "difference", "retained", "-gain", "-retained"}
	rapid.Check(t, func(rt *rapid.T) {
		one, other := []evidence.Group{}, []evidence.Group{}
		for i := range rapid.IntRange(1, 60).Draw(rt, "groups") { // more than a page
			a := evidence.Group{Key: "group-" + strconv.Itoa(i), Name: rapid.StringMatching(`[a-c]{0,2}`).Draw(rt, "name"), Gain: drawGain(rt, "figures")}
			b := a
			switch rapid.SampledFrom([]string{"shown", "hidden", "later hidden", "retained hidden"}).Draw(rt, "what") {
			case "hidden":
				a.Hidden, a.LaterHidden, a.RetainedHidden, a.UseHidden = true, true, true, true
				b = a
				b.Gain = drawGain(rt, "other figures")
			case "later hidden":
				a.LaterHidden, a.RetainedHidden = true, true
				b = a
				b.Gain.Later = drawGain(rt, "other figures").Later
			case "retained hidden":
				a.RetainedHidden = true
				b = a
				later := drawGain(rt, "other figures").Later
				b.Gain.Later.MeanPre, b.Gain.Later.MeanPost, b.Gain.Later.Share = later.MeanPre, later.MeanPost, later.Share
			}
			one, other = append(one, a), append(other, b)
		}
		q := drawQuery(rt, "groups.", sorts)
		r := httptest.NewRequestWithContext(ctx, http.MethodGet, "/app/evidence/tests/x?"+q.Encode(), nil)
		by := rapid.SampledFrom(evidence.Dimensions).Draw(rt, "by")
		list := func(groups []evidence.Group) string {
			v := reportView{By: by, Report: evidence.Report{Family: "x", Only: disclosure.Whole, Groups: map[evidence.Dimension][]evidence.Group{by: groups}}}
			v.Names = func(_ evidence.Dimension, g evidence.Group) string { return g.Key + g.Name }
			return answer(rt, ctx, h.groupList(r, v))
		}
		if a, b := list(one), list(other); a != b {
			rt.Fatalf("?%s tells two breakdowns apart that differ in hidden figures alone:\n%s\n%s", q.Encode(), a, b)
		}
	})
}

func TestNoOrderOfTheReportsTellsOfSmallOnes(t *testing.T) {
	h, ctx := breakdownPages(t)
	rapid.Check(t, func(rt *rapid.T) {
		one, other := []evidence.Headline{}, []evidence.Headline{}
		for i := range rapid.IntRange(1, 60).Draw(rt, "reports") {
			a := evidence.Headline{Family: "f" + strconv.Itoa(i), Title: text.Translated{"en": "Test " + strconv.Itoa(i)}, Summary: drawGain(rt, "figures").Summary}
			b := a
			if a.Small = rapid.Bool().Draw(rt, "small"); a.Small {
				b = a
				b.Summary = drawGain(rt, "other figures").Summary
			}
			one, other = append(one, a), append(other, b)
		}
		q := drawQuery(rt, "reports.", []string{"title", "matched", "lost", "before", "after", "gain", "-gain"})
		r := httptest.NewRequestWithContext(ctx, http.MethodGet, "/app/evidence?"+q.Encode(), nil)
		if a, b := answer(rt, ctx, h.reportList(r, one)), answer(rt, ctx, h.reportList(r, other)); a != b {
			rt.Fatalf("?%s tells two lists of reports apart that differ in hidden figures alone:\n%s\n%s", q.Encode(), a, b)
		}
	})
}

// The report's own file holds every group of every dimension in the order of their keys.
func TestTheReportsFileTellsNothingHidden(t *testing.T) {
	_, ctx := breakdownPages(t)
	p := lang.From(ctx)
	rapid.Check(t, func(rt *rapid.T) {
		a := evidence.Group{Key: "g", Gain: drawGain(rt, "figures"), Hidden: true, LaterHidden: true, RetainedHidden: true, UseHidden: true}
		b := a
		b.Gain, b.Losses = drawGain(rt, "other figures"), map[evidence.Loss]int{"closed": rapid.IntRange(0, 9).Draw(rt, "lost")}
		b.Use = gain.Use{Asked: rapid.IntRange(0, 9).Draw(rt, "asked")}
		if x, y := fmt.Sprint(groupRow(p, "d", "n", a)), fmt.Sprint(groupRow(p, "d", "n", b)); x != y || strings.ContainsAny(strings.TrimPrefix(x, "[d n"), "0123456789") {
			rt.Fatalf("a hidden group's line holds figures: %s, %s", x, y)
		}
	})
}
