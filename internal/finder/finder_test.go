package finder_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"ostoja/internal/access"
	"ostoja/internal/errs"
	"ostoja/internal/finder"
)

// source finds so many things of a kind, for who has a permission.
func source(kind string, n int, p access.Permission) finder.Source {
	return finder.Source{
		Kind: kind, List: "/app/" + kind,
		May: func(a access.Actor) bool { return a.Has(p) },
		Find: func(_ context.Context, a access.Actor, q finder.Question) ([]finder.Hit, error) {
			if !a.Has(p) {
				return nil, errors.New("asked without a right")
			}
			var out []finder.Hit
			for i := range min(n, q.Most) {
				out = append(out, finder.Hit{Title: fmt.Sprint(kind, i, q.Words)})
			}
			return out, nil
		},
	}
}

func actor(roles ...access.Role) access.Actor {
	a := access.Actor{PersonID: "p"}
	for _, r := range roles {
		a.Grants = append(a.Grants, access.Grant{Role: r})
	}
	return a
}

// Whoever asks gets the kinds that they may read, in their order, each with so many at most, and are told where there are more.
func TestKindsAreBoundedAndByRight(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		permissions := []access.Permission{access.PeopleRead, access.ItemsRead, access.SiteRead, access.Learn}
		var sources []finder.Source
		counts := map[string]int{}
		for i, p := range permissions {
			kind := fmt.Sprint("k", i)
			counts[kind] = rapid.IntRange(0, 9).Draw(t, kind)
			sources = append(sources, source(kind, counts[kind], p))
		}
		who := actor(rapid.SliceOfDistinct(rapid.SampledFrom(access.Roles), rapid.ID).Draw(t, "roles")...)
		most := rapid.IntRange(0, 6).Draw(t, "most")
		f := finder.New(sources...)
		groups, err := f.Find(t.Context(), who, finder.Question{Words: "ab", Most: most})
		if err != nil {
			t.Fatal(err)
		}
		if most == 0 {
			most = finder.Most
		}
		var got, want, kinds []string
		for _, g := range groups {
			got = append(got, g.Kind)
			if len(g.Hits) != min(most, counts[g.Kind]) || g.More != (counts[g.Kind] > most) {
				t.Fatalf("%s: %d of %d, %v", g.Kind, len(g.Hits), counts[g.Kind], g.More)
			}
		}
		for i, p := range permissions {
			kind := fmt.Sprint("k", i)
			if may := who.Has(p); may {
				kinds = append(kinds, kind)
				if counts[kind] > 0 {
					want = append(want, kind)
				}
			}
			if list := f.List(who, kind); (list != "") != who.Has(p) {
				t.Fatalf("%s goes on at %q", kind, list)
			}
		}
		if !slices.Equal(got, want) || !slices.Equal(f.Kinds(who), kinds) {
			t.Fatalf("found %v of %v, want %v of %v", got, f.Kinds(who), want, kinds)
		}
	})
}

func TestWordsAreBounded(t *testing.T) {
	for words, want := range map[string]string{
		"": "find.fault.short", "  a ": "find.fault.short", "\u200b\u200b": "find.fault.short", "ab": "", "ł ó": "", strings.Repeat("ą", finder.Longest): "",
		strings.Repeat("ą", finder.Longest+1): "find.fault.long",
	} {
		f := finder.Check(words)
		got := ""
		if len(f) > 0 {
			got = f[0].Key
		}
		if got != want {
			t.Errorf("%q: %q, want %q", words, got, want)
		}
	}
	if _, err := finder.New().Find(t.Context(), actor(), finder.Question{Words: "a"}); !errors.Is(err, errs.ErrInvalid) {
		t.Errorf("one letter: %v", err)
	}
}

// An area that cannot answer fails the whole: half of the answers would be taken for all of them.
func TestWhatFailsIsTold(t *testing.T) {
	broken := errors.New("gone")
	s := source("b", 1, access.Learn)
	s.Find = func(context.Context, access.Actor, finder.Question) ([]finder.Hit, error) { return nil, broken }
	groups, err := finder.New(source("a", 3, access.Learn), s).Find(t.Context(), actor(access.Learner), finder.Question{Words: "ab"})
	if !errors.Is(err, broken) || groups != nil {
		t.Errorf("%v, %v", groups, err)
	}
}
