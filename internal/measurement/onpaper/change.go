package onpaper

import (
	"context"
	"net/url"
	"slices"

	"ostoja/internal/access"
	"ostoja/internal/db"
	"ostoja/internal/errs"
	"ostoja/internal/measurement"
)

// One is a sheet with what can be done with it.
type One struct {
	Grid
	Sheet    Sheet
	People   []measurement.Participant // to whom a spare sheet can be given: those without a typed sheet
	Before   *Sheet                    // the one before it in the stack, and the one after; nil at the ends
	After    *Sheet
	Planned  string // the form that the person is to have, where it is not the sheet's
	MayUndo  bool   // whose sheet it is can be taken back
	Editable bool
}

// One returns a sheet at a reading.
func (s *Service) One(ctx context.Context, actor access.Actor, measurementID string, w measurement.Wave, reading int, sheetID string) (o One, err error) {
	defer errs.Wrap(&err, "onpaper.One")
	people, err := s.tests.Participants(ctx, actor, measurementID)
	if err != nil {
		return o, err
	}
	x, err := s.read(ctx, s.db, actor, measurementID, w)
	if err != nil {
		return o, err
	}
	x.name(people)
	h := x.sheet(sheetID)
	if h == nil || h.Hidden || !h.VoidAt.IsZero() {
		return o, errs.NotFound("error.not-found")
	}
	o = One{Grid: x.grid(reading), Sheet: *h}
	if i := slices.IndexFunc(o.Rows, func(r Sheet) bool { return r.ID == h.ID }); i >= 0 {
		if i > 0 {
			o.Before = &o.Rows[i-1]
		}
		if i+1 < len(o.Rows) {
			o.After = &o.Rows[i+1]
		}
	} else if reading == 2 {
		return o, errs.NotFound("error.not-found")
	}
	o.Editable = o.Open(*h)
	o.MayUndo = h.SittingID != "" && h.Spare && h.BatchID == ""
	if h.SittingID == "" {
		for _, p := range people {
			typed := slices.ContainsFunc(x.live(), func(r Sheet) bool { return r.ParticipantID == p.ID && (r.BatchID != "" || r.Filled(r.First) > 0) })
			if !typed {
				o.People = append(o.People, p)
			}
		}
	}
	return o, nil
}

// change holds a sheet and runs fn on it, within a transaction.
func (s *Service) change(ctx context.Context, actor access.Actor, measurementID string, w measurement.Wave, sheetID string, fn func(tx *db.Tx, x *set, h *Sheet) error) error {
	people, err := s.tests.Participants(ctx, actor, measurementID)
	if err != nil {
		return err
	}
	return s.db.Update(ctx, func(tx *db.Tx) error {
		if err := hold(ctx, tx, measurementID, sheetID); err != nil {
			return err
		}
		x, err := s.read(ctx, tx, actor, measurementID, w)
		if err != nil {
			return err
		}
		x.name(people)
		h := x.sheet(sheetID)
		if h == nil || h.Hidden || !h.VoidAt.IsZero() {
			return errs.NotFound("error.not-found")
		}
		return fn(tx, &x, h)
	})
}

// Assign says whose a spare sheet is. The person's own sheet, on which then nobody wrote, is void. A form other than the person is to have
// needs a reason: it was answered, and so it is kept, but the halves are crossed over no more.
func (s *Service) Assign(ctx context.Context, actor access.Actor, measurementID string, w measurement.Wave, sheetID, participantID, why string) (err error) {
	defer errs.Wrap(&err, "onpaper.Assign")
	people, err := s.tests.Participants(ctx, actor, measurementID)
	if err != nil {
		return err
	}
	if !slices.ContainsFunc(people, func(p measurement.Participant) bool { return p.ID == participantID }) {
		return errs.Fields{{Name: FieldPerson, Key: "typed.fault.person"}}.Err()
	}
	return s.change(ctx, actor, measurementID, w, sheetID, func(tx *db.Tx, x *set, h *Sheet) error {
		if h.SittingID != "" {
			return errs.Conflict("typed.fault.assigned")
		}
		sitting, err := s.tests.SittingFor(ctx, tx, x.Described, participantID, w)
		if err != nil {
			return err
		}
		for _, own := range x.live() {
			if own.ParticipantID != participantID {
				continue
			}
			if own.BatchID != "" || own.Filled(own.First) > 0 {
				return errs.Fields{{Name: FieldPerson, Key: "typed.fault.own-typed", Args: errs.Args("Code", own.Code)}}.Err()
			}
			if err := s.void(ctx, tx, own.ID); err != nil {
				return err
			}
		}
		planned, err := s.planned(ctx, tx, x, sitting, h)
		if err != nil {
			return err
		}
		written := h.Reason
		if planned != h.Form {
			if written, err = reason(why); err != nil {
				return errs.Fields{{Name: FieldReason, Key: "typed.fault.other-form", Args: errs.Args("Planned", planned, "Form", h.Form)}}.Err()
			}
		}
		if err := db.Exec(ctx, tx, `UPDATE paper_sheet SET sitting_id = ?, reason = ? WHERE id = ?`, sitting.ID, written, h.ID); err != nil {
			return err
		}
		if err := db.Exec(ctx, tx, `UPDATE sitting SET paper_form_id = ? WHERE id = ?`, h.FormID, sitting.ID); err != nil {
			return err
		}
		return s.record(ctx, tx, actor, "assign", *x, map[string]any{"sheet": h.Code, "participant": participantID, "planned": planned, "reason": written})
	})
}

// planned returns the form that a person is to have: of who has had none and is to have none, that of the sheet, whose place in the order
// of the halves is then theirs.
func (s *Service) planned(ctx context.Context, tx *db.Tx, x *set, sitting measurement.Sitting, h *Sheet) (string, error) {
	n, err := db.One[int](ctx, tx, `SELECT COUNT(*) FROM sitting WHERE participant_id = ? AND COALESCE(form_id, paper_form_id) IS NOT NULL`, sitting.ParticipantID)
	if err != nil {
		return "", err
	}
	if n > 0 {
		return s.tests.ChooseForm(ctx, tx, x.Measurement, x.test, sitting)
	}
	return h.Form, db.Exec(ctx, tx, `UPDATE participant SET first_form = ? WHERE id = ?`, h.Form, sitting.ParticipantID)
}

// Unassign takes back whose a spare sheet is, until its first reading has ended. What was typed of it stays with the sheet.
func (s *Service) Unassign(ctx context.Context, actor access.Actor, measurementID string, w measurement.Wave, sheetID string) (err error) {
	defer errs.Wrap(&err, "onpaper.Unassign")
	return s.change(ctx, actor, measurementID, w, sheetID, func(tx *db.Tx, x *set, h *Sheet) error {
		if h.SittingID == "" || h.BatchID != "" || !h.Spare {
			return errs.Conflict("typed.fault.assigned")
		}
		if err := db.Exec(ctx, tx, `UPDATE paper_sheet SET sitting_id = NULL, reason = '' WHERE id = ?`, h.ID); err != nil {
			return err
		}
		if err := db.Exec(ctx, tx, `UPDATE sitting SET paper_form_id = NULL WHERE id = ?`, h.SittingID); err != nil {
			return err
		}
		if err := db.Exec(ctx, tx, `UPDATE participant SET first_form = '' WHERE id = ? AND NOT EXISTS (SELECT 1 FROM sitting s WHERE s.participant_id = participant.id
			AND COALESCE(s.form_id, s.paper_form_id) IS NOT NULL)`, h.ParticipantID); err != nil {
			return err
		}
		return s.record(ctx, tx, actor, "unassign", *x, map[string]any{"sheet": h.Code, "participant": h.ParticipantID})
	})
}

// Override says why a sheet counts although the person answered online. From then on it can be typed; where it was typed already and
// only the answers online stood against it, it is handed in.
func (s *Service) Override(ctx context.Context, actor access.Actor, measurementID string, w measurement.Wave, sheetID, why string) (err error) {
	defer errs.Wrap(&err, "onpaper.Override")
	written, err := reason(why)
	if err != nil {
		return err
	}
	return s.change(ctx, actor, measurementID, w, sheetID, func(tx *db.Tx, x *set, h *Sheet) error {
		if !h.Kept() {
			return errs.Conflict("typed.fault.not-online")
		}
		if err := db.Exec(ctx, tx, `UPDATE paper_sheet SET reason = ? WHERE id = ?`, written, h.ID); err != nil {
			return err
		}
		if h.Batch != nil && !h.Batch.DoneAt.IsZero() {
			if err := s.enter(ctx, tx, *h, h.Batch.WrittenAt); err != nil {
				return err
			}
		}
		return s.record(ctx, tx, actor, "override", *x, map[string]any{"sheet": h.Code, "participant": h.ParticipantID, "reason": written})
	})
}

// Correct changes cells of a sheet that was handed in, with a reason. What stood there is kept, and the result is computed anew.
func (s *Service) Correct(ctx context.Context, actor access.Actor, measurementID string, w measurement.Wave, sheetID string, form url.Values) (err error) {
	defer errs.Wrap(&err, "onpaper.Correct")
	written, noReason := reason(form.Get(FieldReason))
	return s.change(ctx, actor, measurementID, w, sheetID, func(tx *db.Tx, x *set, h *Sheet) error {
		if h.Batch == nil || h.Batch.DoneAt.IsZero() || h.EnteredAt.IsZero() {
			return errs.Conflict("typed.fault.not-entered")
		}
		kept := x.grid(1).Values(*h).Cells
		row := h.merge(form, kept)
		for i, q := range h.Questions {
			if row.Cells[q.Key] == "" && kept[q.Key] != "" {
				row.Faults.Add(CellField(h.ID, i), "typed.fault.cell", "Code", h.Code, "Number", i+1)
			}
		}
		faults := row.Faults
		if noReason != nil {
			fields, _ := errs.FieldsOf(noReason)
			faults = append(faults, fields...)
		}
		if err := faults.Err(); err != nil {
			return err
		}
		n := 0
		for _, q := range h.Questions {
			if value := row.Cells[q.Key]; value != kept[q.Key] {
				n++
				if err := s.settle(ctx, tx, actor, h, q.Key, value, written); err != nil {
					return err
				}
			}
		}
		if n == 0 {
			return errs.Invalid("typed.fault.unchanged")
		}
		if err := s.enter(ctx, tx, *h, h.Batch.WrittenAt); err != nil {
			return err
		}
		return s.record(ctx, tx, actor, "correct", *x, map[string]any{"sheet": h.Code, "cells": n, "reason": written})
	})
}
