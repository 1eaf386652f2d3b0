package deskweb

import (
	"net/http"
	"strings"

	"ostoja/internal/desk"
	"ostoja/internal/item"
	"ostoja/internal/lang"
	"ostoja/internal/web"
)

func (h *Pages) stories(w http.ResponseWriter, r *http.Request) error {
	v, err := h.view(r)
	if err != nil {
		return err
	}
	list, err := h.Service.Stories(r.Context(), web.Actor(r.Context()), v.Course)
	if err != nil {
		return err
	}
	return web.Show(w, r, web.View{Title: v.Title, Nav: "desk", Wide: true}, storiesPage(v, list))
}

// storyRow is a line of a table of ratings.
type storyRow struct {
	label string
	by    map[item.Rating]desk.Tally
}

// placeRows names each place of a story by how its text begins.
func placeRows(p *lang.Printer, s desk.Story) []storyRow {
	rows := make([]storyRow, len(s.Places))
	for i, d := range s.Places {
		rows[i] = storyRow{beginning(d.Node.Text.In(p.Tag())), d.By}
	}
	return rows
}

// mostWords is how many words of a place's text name it.
const mostWords = 9

func beginning(text string) string {
	words := strings.Fields(text)
	if len(words) <= mostWords {
		return strings.Join(words, " ")
	}
	return strings.TrimRight(strings.Join(words[:mostWords], " "), ".,:;–") + " …"
}

// told is a sum, or a word in its place where it would tell of a few people.
func told(p *lang.Printer, t desk.Tally) string {
	switch {
	case t.N == 0:
		return p.Int(0)
	case t.Shown:
		return p.Int(t.N)
	}
	return p.T("desk.stories.hidden")
}
