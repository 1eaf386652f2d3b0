package roster

import (
	"context"

	"ostoja/internal/access"
	"ostoja/internal/db"
	"ostoja/internal/errs"
)

// Template are the columns of the file that is offered to be filled in, by the names of their fields.
var Template = []string{
	string(fieldGiven), string(fieldFamily), string(fieldMail), string(fieldNumber), string(fieldUnit), string(fieldLang), string(fieldSex), string(fieldRegion), string(fieldUntil),
}

// BadRow is a row that cannot be taken in, to be corrected and sent again: what was read of it, in the columns of [Template], and what is
// wrong. What a formula stood for is empty.
type BadRow struct {
	Cells  []string
	Faults []Fault
}

// Repair returns the rows of a preview of the actor's that are wrong as things are now, before and after the others were taken in. It tells
// no more of other people than the preview does.
func (s *Service) Repair(ctx context.Context, actor access.Actor, previewID string) (bad []BadRow, err error) {
	defer errs.Wrap(&err, "roster.Repair(%q)", previewID)
	err = s.db.View(ctx, func(tx *db.Tx) error {
		kept, err := s.kept(ctx, tx, actor, previewID)
		if err != nil {
			return err
		}
		p, err := s.evaluate(ctx, tx, actor, kept.Lines, kept.Options)
		if err != nil {
			return err
		}
		bad = badRows(kept.Lines.read(kept.Options.Choice).rows, p.Lines)
		return nil
	})
	return bad, err
}

// badRows takes those rows whose lines are bad: rows and lines are of the same file, in its order.
func badRows(rows []importRow, lines []Line) (bad []BadRow) {
	for i, l := range lines {
		if l.State != LineBad {
			continue
		}
		b := BadRow{Faults: l.Faults}
		for _, name := range Template {
			b.Cells = append(b.Cells, rows[i].Cells[field(name)])
		}
		bad = append(bad, b)
	}
	return bad
}

// OptionsOf returns what the actor chose with the file of a preview, so that the corrected one need not be told the same again. The way in
// which that file was read is not part of it: the next is another file.
func (s *Service) OptionsOf(ctx context.Context, actor access.Actor, previewID string) (o Options, err error) {
	defer errs.Wrap(&err, "roster.OptionsOf(%q)", previewID)
	kept, err := s.kept(ctx, s.db, actor, previewID)
	if err != nil {
		return Options{}, err
	}
	o = kept.Options
	o.Choice = Choice{}
	return o, nil
}
