package onpaper

import (
	"cmp"
	"context"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/db"
	"ostoja/internal/errs"
	"ostoja/internal/measurement"
	"ostoja/internal/measurement/survey"
	"ostoja/internal/quiz"
)

// Names of fields.
const (
	FieldSpare  = "spare"
	FieldCode   = "code"
	FieldReason = "reason"
	FieldPerson = "person"
	FieldDay    = "day"
)

const cellPrefix = "cell."

// CellField returns the name of the field of a sheet's question, from 0.
func CellField(sheetID string, question int) string {
	return cellPrefix + sheetID + "." + strconv.Itoa(question+1)
}

// NoteField returns the name of the field of a sheet's free text.
func NoteField(sheetID string) string { return cellPrefix + sheetID + "." + KeyNote }

// RowField returns the name under which a form says what it has seen of a sheet: see [quiz.SeenName].
func RowField(sheetID string) string { return quiz.SeenName(cellPrefix + sheetID) }

// Seen returns what a form says of the cells of a sheet with which it was filled.
func (s Sheet) Seen(r Reading) string {
	fields := url.Values{}
	for i, q := range s.Questions {
		if v := r.Cells[q.Key]; v != "" {
			fields.Set(strconv.Itoa(i+1), v)
		}
	}
	if note := r.Cells[KeyNote]; note != "" {
		fields.Set(KeyNote, note)
	}
	return fields.Encode()
}

// Grid is what is typed of a wave: the first reading of all sheets, or the second one of those that were drawn.
type Grid struct {
	measurement.Described
	Wave    measurement.Wave
	Reading int
	Rows    []Sheet
	Spare   []Sheet // nobody's yet
	Far     Wave
	Batches []*Batch
}

// Noted says whether the free text of a sheet is typed now: at a follow-up, until the first reading has ended. From then on nobody sees it beside
// the person, as nobody does of one written online.
func (g Grid) Noted(h Sheet) bool { return g.Wave.IsFollowUp() && g.Reading == 1 && g.Open(h) }

// Values returns the reading of a sheet that the grid shows. While the second reading of a sheet is awaited nobody sees the first.
func (g Grid) Values(h Sheet) Reading {
	switch {
	case g.Reading == 2:
		return h.Second
	case h.Awaits():
		return Reading{TypedAt: h.First.TypedAt, TypedBy: h.First.TypedBy}
	case h.Batch != nil && !h.Batch.DoneAt.IsZero():
		final := Reading{Cells: map[string]string{}, TypedAt: h.First.TypedAt, TypedBy: h.First.TypedBy}
		for _, q := range h.Questions {
			final.Cells[q.Key] = h.Final(q.Key)
		}
		return final
	}
	return h.First
}

// Open says whether the cells of a sheet can be typed.
func (g Grid) Open(h Sheet) bool {
	if g.Reading == 2 {
		return h.Drawn && h.Batch != nil && h.Batch.DoneAt.IsZero() && !h.settling()
	}
	return h.BatchID == "" && !h.Kept()
}

// settling says whether a difference of the sheet has been decided: what was read stays then as it was.
func (s Sheet) settling() bool { return len(s.Settled) > 0 }

// Done returns how many rows are whole.
func (g Grid) Done() (n int) {
	for _, h := range g.Rows {
		if h.Whole(g.Values(h)) || h.Awaits() && g.Reading == 1 {
			n++
		}
	}
	return n
}

// SavedAt returns when something was last saved.
func (g Grid) SavedAt() (at time.Time) {
	for _, h := range g.Rows {
		if r := g.Values(h); r.TypedAt.After(at) {
			at = r.TypedAt
		}
	}
	return at
}

func (x *set) grid(reading int) Grid {
	g := Grid{Described: x.Described, Wave: x.wave, Reading: reading, Rows: shown(x.live()), Far: x.far(), Batches: x.batch}
	if reading == 1 {
		g.Spare = x.spare()
		return g
	}
	g.Rows = slices.DeleteFunc(g.Rows, func(h Sheet) bool { return !h.Drawn || h.Batch == nil || !h.Batch.DoneAt.IsZero() })
	return g
}

// Grid returns what is typed of a wave at a reading, 1 or 2.
func (s *Service) Grid(ctx context.Context, actor access.Actor, measurementID string, w measurement.Wave, reading int) (g Grid, err error) {
	defer errs.Wrap(&err, "onpaper.Grid")
	x, err := s.named(ctx, actor, measurementID, w)
	return x.grid(reading), err
}

// Row is what came of a row of a form.
type Row struct {
	SheetID string
	Cells   map[string]string // as they are kept now
	Faults  errs.Fields       // cells that cannot be read, and what was typed there by others meanwhile
	Newer   []quiz.Newer      // by the names of cells
}

// Outcome is what came of a form.
type Outcome struct {
	Rows    []Row
	Written int // rows that were changed
}

// Row returns what came of a sheet's row; nil if the form did not name it.
func (o Outcome) Row(sheetID string) *Row {
	for i, r := range o.Rows {
		if r.SheetID == sheetID {
			return &o.Rows[i]
		}
	}
	return nil
}

// Faults returns all faults, in the order of the rows.
func (o Outcome) Faults() (list errs.Fields) {
	for _, r := range o.Rows {
		list = append(list, r.Faults...)
	}
	return list
}

// merge takes the cells of a form into a reading: see [quiz.Outcome.Text]. What cannot be read is named, and what was kept there stays.
func (s Sheet) merge(form url.Values, kept map[string]string) (r Row) {
	r = Row{SheetID: s.ID, Cells: map[string]string{}}
	maps.Copy(r.Cells, kept)
	for i, q := range s.Questions {
		name := CellField(s.ID, i)
		typed, named := form[name]
		if !named {
			continue
		}
		cell, err := q.Read(strings.Join(typed, " "))
		if err != nil {
			if e, is := err.(*errs.Error); is { //nolint:errorlint // as Read makes it
				r.Faults = append(r.Faults, errs.Field{Name: name, Key: e.Key, Args: e.Args})
			}
			continue
		}
		r.take(form[RowField(s.ID)], name, q.Key, strconv.Itoa(i+1), cell)
	}
	return r
}

// note takes the free text of a form into a reading. What looks like a person's number is refused, as online.
func (r *Row) note(form url.Values) {
	name := NoteField(r.SheetID)
	if !form.Has(name) {
		return
	}
	note := strings.TrimSpace(form.Get(name))
	if key := survey.NoteFault(note); key != "" {
		r.Faults.Add(name, key, "High", survey.MostNote)
		return
	}
	r.take(form[RowField(r.SheetID)], name, KeyNote, KeyNote, note)
}

// take takes what was typed in one field into the row, unless somebody else typed there what the form has not seen: seen are the fields of
// [Sheet.Seen], in which it stands under a name of its own.
func (r *Row) take(seen []string, name, key, seenAs, typed string) {
	one := url.Values{name: {typed}}
	for _, sent := range seen {
		if fields, err := url.ParseQuery(sent); err == nil {
			one.Add(quiz.SeenName(name), quiz.Seen(url.Values{name: {fields.Get(seenAs)}}))
		}
	}
	var o quiz.Outcome
	value := o.Text(one, name, r.Cells[key])
	r.Newer = append(r.Newer, o.Newer...)
	for _, n := range o.Newer {
		if n.Conflict {
			r.Faults.Add(name, "typed.fault.newer", "Kept", cmp.Or(n.Kept.Text, gap), "Mine", cmp.Or(n.Mine.Text, gap))
		}
	}
	if r.Cells[key] = value; value == "" {
		delete(r.Cells, key)
	}
}

// gap is how a cell is named in which nothing stands.
const gap = "·"

// named returns the ids of the sheets whose cells a form has.
func named(form url.Values) (sheetIDs []string) {
	for field := range form {
		if rest, is := strings.CutPrefix(field, cellPrefix); is {
			sheetID, _, _ := strings.Cut(rest, ".")
			sheetIDs = append(sheetIDs, sheetID)
		}
	}
	slices.Sort(sheetIDs)
	return slices.Compact(sheetIDs)
}

// Type keeps the cells of a form: of one row, as a script sends it on leaving the row, or of all. Rows that take nothing any more are
// left as they are, and so is what somebody else typed meanwhile: both are told, and nothing of the rest is lost by it.
func (s *Service) Type(ctx context.Context, actor access.Actor, measurementID string, w measurement.Wave, reading int, form url.Values) (g Grid, o Outcome, err error) {
	defer errs.Wrap(&err, "onpaper.Type")
	people, err := s.tests.Participants(ctx, actor, measurementID)
	if err != nil {
		return g, o, err
	}
	err = s.db.Update(ctx, func(tx *db.Tx) error {
		o = Outcome{}
		if _, err := s.tests.TrainingIn(ctx, tx, actor, measurementID); err != nil {
			return err
		}
		if err := hold(ctx, tx, measurementID, named(form)...); err != nil {
			return err
		}
		x, err := s.read(ctx, tx, actor, measurementID, w)
		if err != nil {
			return err
		}
		x.name(people)
		if err := s.typeRows(ctx, tx, actor, &x, reading, form, &o); err != nil {
			return err
		}
		if o.Written > 0 && reading == 2 {
			if err := s.advance(ctx, tx, actor, &x); err != nil {
				return err
			}
		}
		if x, err = s.read(ctx, tx, actor, measurementID, w); err != nil {
			return err
		}
		x.name(people)
		g = x.grid(reading)
		return nil
	})
	return g, o, err
}

func (s *Service) typeRows(ctx context.Context, tx *db.Tx, actor access.Actor, x *set, reading int, form url.Values, o *Outcome) error {
	g := x.grid(reading)
	for _, sheetID := range named(form) {
		h := x.sheet(sheetID)
		if h == nil || h.Hidden || !h.VoidAt.IsZero() || h.SittingID == "" {
			return errs.NotFound("error.not-found")
		}
		kept := g.Values(*h).Cells
		row := h.merge(form, kept)
		if !g.Open(*h) {
			if changed(*h, kept, row.Cells) {
				row.Faults = errs.Fields{{Name: CellField(h.ID, 0), Key: "typed.fault.locked", Args: errs.Args("Code", h.Code)}}
			}
			row.Cells = kept
			o.Rows = append(o.Rows, row)
			continue
		}
		if g.Noted(*h) {
			row.note(form)
		}
		o.Rows = append(o.Rows, row)
		if !changed(*h, kept, row.Cells) {
			continue
		}
		o.Written++
		now := s.clock.Now()
		if err := db.Exec(ctx, tx, `INSERT INTO paper_reading (sheet_id, reading, cells, typed_at, typed_by) VALUES (?, ?, ?, ?, ?)
			ON CONFLICT (sheet_id, reading) DO UPDATE SET cells = excluded.cells, typed_at = excluded.typed_at, typed_by = excluded.typed_by`,
			h.ID, reading, db.JSON(row.Cells), now, actor.PersonID); err != nil {
			return err
		}
		r := Reading{row.Cells, now, actor.PersonID}
		if reading == 2 {
			h.Second = r
		} else {
			h.First = r
		}
		if err := s.record(ctx, tx, actor, "type", *x, map[string]any{"sheet": h.Code, "reading": reading, "cells": h.Filled(r)}); err != nil {
			return err
		}
	}
	return nil
}

// changed says whether two readings of a sheet differ.
func changed(h Sheet, a, b map[string]string) bool {
	return a[KeyNote] != b[KeyNote] || slices.ContainsFunc(h.Questions, func(q Question) bool { return a[q.Key] != b[q.Key] })
}
