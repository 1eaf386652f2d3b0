package content

import (
	"slices"
	"strings"
	"time"

	"ostoja/internal/site/directory"
)

// Snapshot is everything that is published at one moment: what the reader's pages are made from.
type Snapshot struct {
	Revision   int64  // rises with each change
	Open       bool   // readers are let in: see [Snapshot.Missing]
	Unheard    bool   // the demonstration: numbers that nobody has called may stand anywhere
	SecondLine string // as in [Bundle]
	Zone       *time.Location
	Languages  []Language
	Articles   []*Article // with their published texts only, in order
	Facts      map[string]*Fact
	FactOrder  []string
	Services   []*directory.Service
	Activities []Activity
	Figures    []PublicFigure // of the office's years, as an editor confirmed them; none: there is no page
	Feeds      [16]byte       // as in [site.Service]
}

// Article returns the article with an id, nil if none is published.
func (s *Snapshot) Article(id string) *Article {
	for _, a := range s.Articles {
		if a.ID == id {
			return a
		}
	}
	return nil
}

// ByKind returns the articles of a kind: guides in their order, news and publications by day, the newest first.
func (s *Snapshot) ByKind(kind Kind) []*Article {
	var out []*Article
	for _, a := range s.Articles {
		if a.Kind == kind {
			out = append(out, a)
		}
	}
	if kind != Guide {
		slices.SortStableFunc(out, func(a, b *Article) int { return strings.Compare(b.Day, a.Day) })
	}
	return out
}

// Text returns the article's text in a language, or in its source language where it is not translated.
func (a *Article) Text(lang string) (t *Text, own bool) {
	if t := a.Texts[lang]; t != nil {
		return t, true
	}
	return a.Texts[a.SourceLang], false
}

// Stale says whether a language's text is older than the source that it translates.
func (a *Article) Stale(lang string) bool {
	t, source := a.Texts[lang], a.Texts[a.SourceLang]
	return lang != a.SourceLang && t != nil && source != nil && t.Follows < source.Number
}
