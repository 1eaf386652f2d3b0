package candidacy

import (
	"context"
	"slices"

	"ostoja/internal/access"
	"ostoja/internal/db"
	"ostoja/internal/errs"
)

// Due is something about a candidate that the office sees to by a day.
type Due struct {
	CandidateID string
	Name        string
	Kind        DueKind
	Step        Step      // of DueStep
	Check       CheckKind // of DueCheck and DueCopy
	On          string    // 2026-11-30
}

// DueKind is what is due.
type DueKind string

// The kinds.
const (
	DueStep  DueKind = "step"  // the day by which a step should be done
	DueCheck DueKind = "check" // the last day of a check
	DueCopy  DueKind = "copy"  // a copy that the candidate sent, of which nobody has noted a check
	DueMarks DueKind = "marks" // a talk that one of two has marked: the day of the talk
)

// Waiting lists what of the candidates of the actor's offices is due until a day, or was.
func (s *Service) Waiting(ctx context.Context, actor access.Actor, until string) (list []Due, err error) {
	defer errs.Wrap(&err, "candidacy.Waiting")
	if err := known(actor, access.GuardiansRead); err != nil {
		return nil, err
	}
	within, args := actor.Within(access.GuardiansRead, "u.path")
	err = s.DB.View(ctx, func(tx *db.Tx) error {
		list = nil
		// Rows choose the candidates; what is due of them follows from all that is known, as on their pages.
		some, err := db.All[Candidate](ctx, tx, selectCandidates+`WHERE c.state = 'applied' AND `+within+` AND (
			EXISTS (SELECT 1 FROM guardian_candidate_step x WHERE x.candidate_id = c.id AND x.due_on <> '' AND x.due_on <= ? AND x.done_on = '')
			OR EXISTS (SELECT 1 FROM guardian_check k WHERE k.candidate_id = c.id AND k.valid_until <= ?)
			OR EXISTS (SELECT 1 FROM guardian_document d WHERE d.candidate_id = c.id AND d.added_by IS NULL)
			OR EXISTS (SELECT 1 FROM guardian_talk t JOIN guardian_talk_mark m ON m.talk_id = t.id WHERE t.candidate_id = c.id AND m.given_at IS NOT NULL)) ORDER BY c.id`,
			append(args, until, until)...)
		if err != nil {
			return err
		}
		for _, c := range some {
			v, err := s.read(ctx, tx, c)
			if err != nil {
				return err
			}
			list = append(list, s.due(v, until)...)
		}
		return nil
	})
	return list, err
}

// due says what of one candidate is due until a day.
func (s *Service) due(v View, until string) (list []Due) {
	add := func(d Due) {
		d.CandidateID, d.Name = v.ID, v.Name()
		list = append(list, d)
	}
	for _, x := range v.Steps {
		if x.DoneOn == "" && x.DueOn != "" && x.DueOn <= until {
			add(Due{Kind: DueStep, Step: x.Step, On: x.DueOn})
		}
	}
	for _, r := range v.Rules {
		if c, ok := v.Newest[r.Kind]; ok && r.Asks(v.Application.Abroad) && c.ValidUntil <= until {
			add(Due{Kind: DueCheck, Check: r.Kind, On: c.ValidUntil})
		}
	}
	told := map[CheckKind]bool{}
	for _, d := range slices.Backward(v.Documents) { // the oldest first, one row a kind
		if v.ToCheck(d) && !told[d.Kind] && s.checkBy(d) <= until {
			told[d.Kind] = true
			add(Due{Kind: DueCopy, Check: d.Kind, On: s.checkBy(d)})
		}
	}
	if v.Talk != nil && len(v.Talk.Sheets) == 2 && v.Talk.Sheets[0].Given() != v.Talk.Sheets[1].Given() {
		add(Due{Kind: DueMarks, On: v.Talk.HeldOn})
	}
	return list
}
