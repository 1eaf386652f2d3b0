package measurementweb

import (
	"bytes"
	"net/http"
	"strconv"
	"strings"
	"time"

	"ostoja/internal/errs"
	"ostoja/internal/gain"
	"ostoja/internal/lang"
	"ostoja/internal/measurement"
	"ostoja/internal/sheet"
	"ostoja/internal/web"
)

// send writes a sheet; an error becomes an error page and not half a file.
func (h *Pages) send(w http.ResponseWriter, p *lang.Printer, format sheet.Format, name, title string, header []string, rows [][]any) error {
	var b bytes.Buffer
	if err := sheet.Write(&b, format, title, header, sheet.Of(rows)); err != nil {
		return err
	}
	web.Attachment(w, format.MediaType(), name+"-"+h.Site.Clock.Now().In(p.Zone()).Format(time.DateOnly)+"."+string(format), b.Bytes())
	return nil
}

// exportSurvey writes an evaluation as a file: answers.xlsx, comments.csv …
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
	p := printer(r)
	var rows [][]any
	if what == "comments" {
		for _, c := range s.Comments {
			rows = append(rows, []any{c})
		}
		return h.send(w, p, format, what, p.T("assessment.survey.title"), []string{p.T("assessment.survey.comment")}, rows)
	}
	header := []string{p.T("assessment.survey.question")}
	for i := range measurement.SurveyMost {
		header = append(header, p.T("assessment.survey.scale-"+strconv.Itoa(i+1)))
	}
	header = append(header, p.T("assessment.survey.answers"), p.T("assessment.survey.mean"))
	for _, q := range s.Questions {
		row := []any{p.T("assessment.survey.q-" + q.Question)}
		for _, n := range q.Counts {
			row = append(row, n)
		}
		var mean any // empty without answers
		if !gain.IsMissing(q.Mean) {
			mean = q.Mean
		}
		rows = append(rows, append(row, q.N, mean))
	}
	return h.send(w, p, format, what, p.T("assessment.survey.title"), header, rows)
}
