package evidenceweb

import (
	"encoding/json"
	"net/http"
	"time"

	"ostoja/internal/evidence"
	"ostoja/internal/gain"
	"ostoja/internal/sheet"
	"ostoja/internal/web"
)

// Columns of report files that say how far a result can be relied on: of every group, of the whole alone, and of topics.
var (
	sureColumns = []string{
		"sd-before", "sd", "lost-tested", "lost-before", "nothing-gained", "worst", "best", "slope", "regression", "regression-low", "regression-high", "needed",
	}
	wholeColumns = []string{
		"first-a", "first-b", "difference-a", "difference-b", "form-effect", "form-low", "form-high", "free", "free-low", "free-high", "form-df",
		"later-difference", "later-low", "later-high", "later-lost", "later-lost-before", "later-nothing", "later-regression", "later-regression-low", "later-regression-high",
		"pooled-k", "pooled", "pooled-low", "pooled-high", "pooled-q", "pooled-i2",
	}
	movedColumns = []string{"moved-up", "moved-down", "moved-share", "moved-share-low", "moved-share-high", "moved-net", "moved-net-low", "moved-net-high"}
)

// sureCells are the cells of sureColumns.
func sureCells(g evidence.Group) []any {
	a := g.Attrition
	var needed any
	if n := gain.Needed(g.Gain.SD, evidence.SmallDifference); n > 0 {
		needed = n
	}
	return []any{
		fraction(g.Gain.SDPre), fraction(g.Gain.SD), a.Lost, cell(a.MeanPre), cell(a.NothingGained), cell(a.Worst), cell(a.Best), fraction(a.Slope),
		cell(a.Regression.Value), cell(a.Regression.Low), cell(a.Regression.High), needed,
	}
}

// wholeCells are the cells of wholeColumns.
func wholeCells(v reportView) []any {
	cells := make([]any, 0, len(wholeColumns))
	if c := v.Forms; c != nil {
		cells = append(cells, c.FirstA, c.FirstB, cell(c.DifferenceA), cell(c.DifferenceB), cell(c.FormEffect.Value), cell(c.FormEffect.Low), cell(c.FormEffect.High),
			cell(c.FreeOfForm.Value), cell(c.FreeOfForm.Low), cell(c.FreeOfForm.High), fraction(c.FormEffect.DF))
	} else {
		cells = append(cells, make([]any, 11)...)
	}
	if f := v.FollowUp; f != nil {
		a := f.Attrition
		cells = append(cells, cell(f.Difference.Value), cell(f.Difference.Low), cell(f.Difference.High), a.Lost, cell(a.MeanPre), cell(a.NothingGained),
			cell(a.Regression.Value), cell(a.Regression.Low), cell(a.Regression.High))
	} else {
		cells = append(cells, make([]any, 9)...)
	}
	if t := v.Trainings; t != nil {
		return append(cells, t.K, cell(t.Value), cell(t.Low), cell(t.High), fraction(t.Q), fraction(t.I2))
	}
	return append(cells, make([]any, 6)...)
}

// sendData writes the report as a data file with its codebook: a row a group, figures by the names of reportColumns and with all their
// digits. It holds what the other files hold.
func (h *Pages) sendData(w http.ResponseWriter, r *http.Request, v reportView, header []string, rows [][]any) error {
	type variable struct {
		Name string `json:"name"`
		Text string `json:"text"`
	}
	file := struct {
		Test     string           `json:"test"`
		Later    string           `json:"later"`
		Codebook []variable       `json:"codebook"`
		Rows     []map[string]any `json:"rows"`
	}{Test: v.Family, Later: string(v.Wave)}
	for i, key := range reportColumns {
		file.Codebook = append(file.Codebook, variable{key, header[i]})
	}
	for _, row := range rows {
		line := make(map[string]any, len(row))
		for i, x := range row {
			if d, is := x.(sheet.Decimal); is {
				x = d.Value
			}
			line[reportColumns[i]] = x
		}
		file.Rows = append(file.Rows, line)
	}
	content, err := json.MarshalIndent(file, "", "  ")
	if err != nil {
		return err
	}
	web.Attachment(w, "application/json", "report-"+h.Site.Clock.Now().In(printer(r).Zone()).Format(time.DateOnly)+".json", content)
	return nil
}
