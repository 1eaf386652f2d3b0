package measurementweb

import (
	"io"
	"net/http"
	"strings"

	"ostoja/internal/errs"
	"ostoja/internal/list/listweb"
	"ostoja/internal/sheet"
	"ostoja/internal/web"
)

// exportSurvey writes what was said in an evaluation as a file, comments.xlsx or comments.csv. The answers are a list of the
// measurement's page, where their old address leads.
func (h *Pages) exportSurvey(w http.ResponseWriter, r *http.Request) error {
	what, ending, _ := strings.Cut(r.PathValue("file"), ".")
	format, ok := sheet.Parse(ending)
	if !ok || what != "answers" && what != "comments" {
		return errs.NotFound("error.not-found")
	}
	s, err := h.Service.Survey(r.Context(), web.Actor(r.Context()), r.PathValue("measurement"))
	if err != nil {
		return err
	}
	if !s.Shown {
		return errs.NotFound("error.not-found")
	}
	if what == "answers" {
		return listweb.Moved(func(r *http.Request) string { return measurementPath(r.PathValue("measurement"), "") })(w, r)
	}
	p := printer(r)
	return listweb.Send(w, r, what, format, h.Site.Clock.Now(), func(out io.Writer) error {
		rows := make([][]any, len(s.Comments))
		for i, c := range s.Comments {
			rows[i] = []any{c}
		}
		return sheet.Write(out, format, p.T("assessment.survey.title"), []string{p.T("assessment.survey.comment")}, sheet.Of(rows))
	})
}
