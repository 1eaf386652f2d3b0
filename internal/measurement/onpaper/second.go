package onpaper

import (
	"context"
	"net/url"
	"slices"
	"strconv"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/db"
	"ostoja/internal/errs"
	"ostoja/internal/id"
	"ostoja/internal/item"
	"ostoja/internal/measurement"
)

// The second reading (docs/decisions/0045): one sheet in [OneIn], at least one, is read again without a look at the first reading. Where more
// than [MostDifferences] of the cells that were read twice differ, every sheet is.
const (
	OneIn           = 10
	MostDifferences = 0.02
)

// draw chooses which of n sheets are read a second time, from 0: one in ten, rounded up. The seed is made when the first reading has
// ended, so that nobody knows beforehand, and kept, so that everybody can look afterwards that nobody chose.
func draw(seed int64, n int) []int {
	order := make([]int, n)
	for i := range order {
		order[i] = i
	}
	order = item.Shuffle(item.Source(seed, "second-reading"), order)[:(n+OneIn-1)/OneIn]
	slices.Sort(order)
	return order
}

// Check is how the second reading of a batch goes, or went.
type Check struct {
	Batch
	Sheets      int
	Drawn       int
	Read        int // of those drawn, read a second time whole
	Cells       int // that were read twice
	Differences int
	Unsettled   int
	Alone       bool // somebody read a sheet twice
}

// Rate returns the share of the cells read twice that differed.
func (c Check) Rate() float64 { return rate(c.Differences, c.Cells) }

func rate(differences, cells int) float64 {
	if cells == 0 {
		return 0
	}
	return float64(differences) / float64(cells)
}

// check sums up a batch.
func (x *set) check(b *Batch) (c Check) {
	c.Batch = *b
	for _, h := range x.sheets {
		if h.BatchID != b.ID || !h.VoidAt.IsZero() {
			continue
		}
		c.Sheets++
		if !h.Drawn {
			continue
		}
		c.Drawn++
		if !h.Whole(h.Second) {
			continue
		}
		c.Read++
		c.Alone = c.Alone || h.First.TypedBy == h.Second.TypedBy
		for _, q := range h.Questions {
			c.Cells++
			if q.same(h.First.Cells[q.Key], h.Second.Cells[q.Key]) {
				continue
			}
			c.Differences++
			if len(h.Settled[q.Key]) == 0 {
				c.Unsettled++
			}
		}
	}
	return c
}

// Draw ends the first reading of all whole sheets of a wave, which were written at a time, and draws those that are read again. What was
// typed of them stays as it is from now on.
func (s *Service) Draw(ctx context.Context, actor access.Actor, measurementID string, w measurement.Wave, written time.Time) (drawn int, err error) {
	defer errs.Wrap(&err, "onpaper.Draw")
	err = s.db.Update(ctx, func(tx *db.Tx) error {
		x, err := s.read(ctx, tx, actor, measurementID, w)
		if err != nil {
			return err
		}
		if err := hold(ctx, tx, x.ID, ids(x.sheets)...); err != nil {
			return err
		}
		if x, err = s.read(ctx, tx, actor, measurementID, w); err != nil {
			return err
		}
		now := s.clock.Now()
		if written.IsZero() || written.After(now) {
			return errs.Fields{{Name: FieldDay, Key: "typed.fault.day"}}.Err()
		}
		list := slices.DeleteFunc(x.live(), func(h Sheet) bool { return h.BatchID != "" || h.Kept() || !h.Whole(h.First) })
		if len(list) == 0 {
			return errs.Conflict("typed.fault.nothing")
		}
		slices.SortFunc(list, byNumber)
		batchID, seed := id.New(), s.seed()
		if err := db.Exec(ctx, tx, `INSERT INTO paper_batch (id, measurement_id, wave, number, seed, every, written_at, drawn_at, drawn_by) VALUES (?, ?, ?, ?, ?, FALSE, ?, ?, ?)`,
			batchID, x.ID, string(w), len(x.batch)+1, seed, written, now, actor.PersonID); err != nil {
			return err
		}
		chosen := draw(seed, len(list))
		drawn = len(chosen)
		for i, h := range list {
			if err := db.Exec(ctx, tx, `UPDATE paper_sheet SET batch_id = ?, drawn = ? WHERE id = ?`, batchID, slices.Contains(chosen, i), h.ID); err != nil {
				return err
			}
		}
		return s.record(ctx, tx, actor, "draw", x, map[string]any{"sheets": len(list), "drawn": drawn, "seed": strconv.FormatInt(seed, 10)})
	})
	return drawn, err
}

// Difference is a cell that the two readings do not agree on.
type Difference struct {
	Sheet         Sheet
	Number        int // of the question, from 1
	Question      Question
	First, Second string
	Settled       *Settled
}

// Field returns the name of the field in which the difference is decided.
func (d Difference) Field() string { return CellField(d.Sheet.ID, d.Number-1) }

// differences returns those of the batch that goes on, once all its drawn sheets are read: before, whoever reads again would see the
// first reading.
func (x *set) differences() (list []Difference) {
	for _, b := range x.batch {
		if c := x.check(b); !b.DoneAt.IsZero() || c.Read < c.Drawn {
			continue
		}
		for _, h := range x.sheets {
			if h.BatchID != b.ID || !h.Drawn || h.Hidden {
				continue
			}
			for i, q := range h.Questions {
				first, second := h.First.Cells[q.Key], h.Second.Cells[q.Key]
				if q.same(first, second) {
					continue
				}
				d := Difference{Sheet: h, Number: i + 1, Question: q, First: first, Second: second}
				if decided := h.Settled[q.Key]; len(decided) > 0 {
					d.Settled = &decided[len(decided)-1]
				}
				list = append(list, d)
			}
		}
	}
	return list
}

// Differences returns what the two readings do not agree on, with the grid of the second reading.
func (s *Service) Differences(ctx context.Context, actor access.Actor, measurementID string, w measurement.Wave) (g Grid, list []Difference, err error) {
	defer errs.Wrap(&err, "onpaper.Differences")
	x, err := s.named(ctx, actor, measurementID, w)
	if err != nil {
		return g, nil, err
	}
	return x.grid(2), x.differences(), nil
}

// Settle decides differences by what stands on the sheets, each with a reason; those that a form leaves open wait. With the last one the
// batch is handed in.
func (s *Service) Settle(ctx context.Context, actor access.Actor, measurementID string, w measurement.Wave, form url.Values) (left int, err error) {
	defer errs.Wrap(&err, "onpaper.Settle")
	err = s.db.Update(ctx, func(tx *db.Tx) error {
		x, err := s.read(ctx, tx, actor, measurementID, w)
		if err != nil {
			return err
		}
		if err := hold(ctx, tx, x.ID, ids(x.sheets)...); err != nil {
			return err
		}
		if x, err = s.read(ctx, tx, actor, measurementID, w); err != nil {
			return err
		}
		var faults errs.Fields
		left = 0
		for _, d := range x.differences() {
			if d.Settled != nil {
				continue
			}
			typed := form.Get(d.Field())
			if typed == "" {
				left++
				continue
			}
			value, fault := d.Question.Read(typed)
			if fault != nil || value == "" {
				faults.Add(d.Field(), "typed.fault.cell", "Code", d.Sheet.Code, "Number", d.Number)
				continue
			}
			why, fault := reason(form.Get(d.Field() + "." + FieldReason))
			if fault != nil {
				faults.Add(d.Field()+"."+FieldReason, "typed.fault.why", "Code", d.Sheet.Code, "Number", d.Number)
				continue
			}
			if err := s.settle(ctx, tx, actor, x.sheet(d.Sheet.ID), d.Question.Key, value, why); err != nil {
				return err
			}
		}
		if err := faults.Err(); err != nil {
			return err
		}
		if err := s.record(ctx, tx, actor, "settle", x, map[string]any{"left": left}); err != nil {
			return err
		}
		return s.advance(ctx, tx, actor, &x)
	})
	return left, err
}

func (s *Service) settle(ctx context.Context, tx *db.Tx, actor access.Actor, h *Sheet, key, value, why string) error {
	if h.Settled == nil {
		h.Settled = map[string][]Settled{}
	}
	h.Settled[key] = append(h.Settled[key], Settled{value, why, actor.PersonID, s.clock.Now()})
	return db.Exec(ctx, tx, `UPDATE paper_sheet SET settled = ? WHERE id = ?`, db.JSON(h.Settled), h.ID)
}

// advance goes on with the batch that was worked on: too many differences ask for every sheet, and once all is read and settled it is
// handed in.
func (s *Service) advance(ctx context.Context, tx *db.Tx, actor access.Actor, x *set) error {
	for _, b := range x.batch {
		c := x.check(b)
		switch {
		case !b.DoneAt.IsZero() || c.Read < c.Drawn:
			continue
		case c.Rate() > MostDifferences && !b.Every && c.Drawn < c.Sheets:
			if err := db.Exec(ctx, tx, `UPDATE paper_batch SET every = TRUE WHERE id = ?`, b.ID); err != nil {
				return err
			}
			if err := db.Exec(ctx, tx, `UPDATE paper_sheet SET drawn = TRUE WHERE batch_id = ?`, b.ID); err != nil {
				return err
			}
			if err := s.record(ctx, tx, actor, "every", *x, map[string]any{"cells": c.Cells, "differences": c.Differences}); err != nil {
				return err
			}
		case c.Unsettled == 0:
			if err := s.enterBatch(ctx, tx, actor, x, b); err != nil {
				return err
			}
		}
	}
	return nil
}

// enterBatch hands in the sheets of a batch. It holds all sittings, then all participants, before the first result is counted: who sits
// online takes them in this order too.
func (s *Service) enterBatch(ctx context.Context, tx *db.Tx, actor access.Actor, x *set, b *Batch) error {
	all, err := db.All[Sheet](ctx, tx, `SELECT `+sheetColumns+` FROM paper_sheet h LEFT JOIN sitting s ON s.id = h.sitting_id WHERE h.batch_id = ? ORDER BY s.id`, b.ID)
	if err != nil {
		return err
	}
	for _, text := range []string{`UPDATE sitting SET letters = letters WHERE id = ?`, `UPDATE participant SET lang = lang WHERE id = (SELECT participant_id FROM sitting WHERE id = ?)`} {
		for _, h := range all {
			if err := db.Exec(ctx, tx, text, h.SittingID); err != nil {
				return err
			}
		}
	}
	n := 0
	for _, h := range all {
		whole := x.sheet(h.ID)
		online, err := db.One[bool](ctx, tx, `SELECT typed_at IS NULL AND EXISTS (SELECT 1 FROM sitting_answer a WHERE a.sitting_id = sitting.id) AS online FROM sitting WHERE id = ?`, h.SittingID)
		if err != nil {
			return err
		}
		if whole == nil || !h.VoidAt.IsZero() || online && h.Reason == "" {
			continue // answered online meanwhile: that stands until somebody says why the sheet should
		}
		if err := s.enter(ctx, tx, *whole, b.WrittenAt); err != nil {
			return err
		}
		n++
	}
	now := s.clock.Now()
	if err := db.Exec(ctx, tx, `UPDATE paper_batch SET done_at = ? WHERE id = ?`, now, b.ID); err != nil {
		return err
	}
	b.DoneAt = now
	c := x.check(b)
	return s.record(ctx, tx, actor, "enter", *x, map[string]any{"sheets": n, "cells": c.Cells, "differences": c.Differences})
}

// enter hands in one sheet.
func (s *Service) enter(ctx context.Context, tx *db.Tx, h Sheet, written time.Time) error {
	p := measurement.OnPaper{FormID: h.FormID, Answers: map[string]item.Answer{}, Note: h.First.Cells[KeyNote], WrittenAt: written}
	for _, q := range h.Questions {
		cell := h.Final(q.Key)
		if q.Key == KeyUse {
			p.Used = map[string]string{"a": "yes", "b": "no"}[cell]
		} else if a, given := q.Answer(cell); given {
			p.Answers[q.Key] = a
		}
	}
	return s.tests.EnterPaper(ctx, tx, h.SittingID, p)
}
