package demo

import (
	"context"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/clock"
	"ostoja/internal/db"
	"ostoja/internal/errs"
	"ostoja/internal/laboratory"
)

// FillLaboratory plays a case to its end some days ago, by groups that wrote on paper, and opens another: the demonstration's participant
// holds the phone of its first group, and the others have decided in the first step.
func (f *Filler) FillLaboratory(ctx context.Context, s *laboratory.Service, past *clock.Fake) (err error) {
	defer errs.Wrap(&err, "demo.FillLaboratory")
	const ago = 5 * 24 * time.Hour
	past.Advance(-ago)
	ended, err := f.play(ctx, s, s.Cases()[0].ID, "", []string{"aabc", "babb", "cbab", "aacb", "bbaa", "abba", "baab"})
	past.Advance(ago)
	if err != nil {
		return err
	}
	trainer, err := f.leader(ctx)
	if err != nil {
		return err
	}
	if err := s.End(ctx, trainer, ended); err != nil {
		return err
	}
	participant, err := f.staffActor(ctx, access.Learner)
	if err != nil {
		return err
	}
	_, err = f.play(ctx, s, "packing-hall", participant.PersonID, []string{"a", "b", "b", "c", "a"})
	return err
}

// leader is the demonstration's trainer with the unit in which they work.
func (f *Filler) leader(ctx context.Context) (access.Actor, error) {
	trainer, err := f.staffActor(ctx, access.Trainer)
	if err != nil {
		return trainer, err
	}
	trainer.Path, err = db.One[string](ctx, f.DB, `SELECT u.path FROM person p JOIN unit u ON u.id = p.unit_id WHERE p.id = ?`, trainer.PersonID)
	return trainer, err
}

// play opens a case and has groups decide: on the phone of somebody, who has not decided yet, if it names one, and on paper, each by its
// letters step by step. The room stands in the debriefing if the letters are of all steps, or else in the first step.
func (f *Filler) play(ctx context.Context, s *laboratory.Service, caseID, phone string, groups []string) (runID string, err error) {
	trainer, err := f.leader(ctx)
	if err != nil {
		return "", err
	}
	c, err := s.Case(caseID)
	if err != nil {
		return "", err
	}
	if runID, err = s.Open(ctx, trainer, laboratory.Opening{CaseID: caseID}); err != nil {
		return "", err
	}
	room, err := s.Room(ctx, trainer, runID)
	if err != nil {
		return "", err
	}
	if phone != "" {
		if _, err := s.Join(ctx, access.Actor{PersonID: phone, At: f.Clock.Now()}, *room.Code, 0); err != nil {
			return "", err
		}
	}
	for _, letters := range groups {
		typed := map[string]string{}
		for i, step := range c.Steps {
			if i < len(letters) {
				typed[step.ID] = step.Decisions[int(letters[i]-'a')%len(step.Decisions)].Letter
			}
		}
		if _, err := s.Paper(ctx, trainer, runID, 0, typed); err != nil {
			return "", err
		}
	}
	moves := 1
	if len(groups[0]) >= len(c.Steps) {
		moves = 2*len(c.Steps) + 1
	}
	for from := range moves {
		if _, err := s.Move(ctx, trainer, runID, from); err != nil {
			return "", err
		}
	}
	return runID, nil
}
