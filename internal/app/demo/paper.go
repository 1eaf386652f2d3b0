package demo

import (
	"context"
	"net/url"
	"strings"

	"ostoja/internal/db"
	"ostoja/internal/item"
	"ostoja/internal/measurement"
	"ostoja/internal/measurement/onpaper"
)

// onPaper gives people of a training their test on paper, types it in and has one sheet in ten drawn for the second reading, which is
// left to who looks at the demonstration. Three sheets never came back.
func (h *hall) onPaper(ctx context.Context, trainingID string, people []string) error {
	m, err := h.Measurement.Attach(ctx, h.coordinator, measurement.Draft{TestID: h.measured[0].test.ID, Kind: measurement.OfTraining, SubjectID: trainingID, UnitID: h.units[0].id})
	if err != nil {
		return err
	}
	if _, err := h.Measurement.AddParticipants(ctx, h.coordinator, m.ID, people); err != nil {
		return err
	}
	if _, err := h.Paper.Prepare(ctx, h.coordinator, m.ID, measurement.Before, 3, "pl"); err != nil {
		return err
	}
	g, err := h.Paper.Grid(ctx, h.coordinator, m.ID, measurement.Before, 1)
	if err != nil {
		return err
	}
	form := url.Values{}
	for _, sheet := range g.Rows[:len(g.Rows)-3] {
		for i, q := range sheet.Questions {
			form.Set(onpaper.CellField(sheet.ID, i), h.written(q))
		}
	}
	if _, _, err := h.Paper.Type(ctx, h.coordinator, m.ID, measurement.Before, 1, form); err != nil {
		return err
	}
	if _, err := h.Paper.Draw(ctx, h.coordinator, m.ID, measurement.Before, h.Past.Now()); err != nil {
		return err
	}
	return h.db(ctx, func(tx *db.Tx) error { // who was asked on paper is not asked by letter weeks later
		return db.Exec(ctx, tx, `UPDATE sitting SET mail_at = NULL WHERE participant_id IN (SELECT id FROM participant WHERE measurement_id = ?)`, m.ID)
	})
}

// written is what somebody put down on paper: a choice by chance, and a blank where words or a number are asked for.
func (h *hall) written(q onpaper.Question) string {
	if q.Item == nil {
		return onpaper.Letter(0)
	}
	switch q.Item.Type {
	case item.Match:
		var b strings.Builder
		for range q.Item.Pairs {
			b.WriteString(onpaper.Letter(h.random.IntN(len(q.Rights))))
		}
		return b.String()
	case item.Number, item.ShortText:
		return onpaper.Blank
	}
	if n := len(q.Item.Options); n > 0 {
		return onpaper.Letter(h.random.IntN(n))
	}
	return onpaper.Blank
}
