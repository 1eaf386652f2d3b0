package desk

import (
	"context"
	"fmt"

	"ostoja/internal/access"
	"ostoja/internal/course/scenario"
	"ostoja/internal/db"
	"ostoja/internal/disclosure"
	"ostoja/internal/errs"
	"ostoja/internal/item"
)

// Tally is how many people came by something, where it may be told (decision 12).
type Tally struct {
	N     int
	Shown bool
}

// Decided is how people chose at one place of a story, by the rating of what they chose.
type Decided struct {
	Node *scenario.Node
	By   map[item.Rating]Tally
}

// Story is what may be told of the first ways of people through a story: sums, and nobody's way.
type Story struct {
	*scenario.Scenario
	People Tally
	Ends   map[item.Rating]Tally
	Places []Decided
}

// ratings are those of ends and choices; a choice without one is counted nowhere.
var ratings = []item.Rating{item.Good, item.Fair, item.Poor}

// Stories returns what may be told of how people within the actor's reach led a course's stories, told by its current version: of
// each the first way to an end. It moves on when five more people have come to an end, so that no difference of two days is one of them.
func (s *Service) Stories(ctx context.Context, actor access.Actor, c Course) (list []Story, err error) {
	defer errs.Wrap(&err, "desk.Stories(%q)", c.ID)
	told, err := s.courses.Stories(ctx, c.Current)
	if err != nil {
		return nil, err
	}
	runs := map[string][]scenario.Run{}
	err = s.db.View(ctx, func(tx *db.Tx) error {
		t, err := loadTree(ctx, tx)
		if err != nil {
			return err
		}
		w, err := s.filter(t, actor, access.DeskRead, c.ID, Filter{})
		if err != nil {
			return err
		}
		w.and(`r.version_id = ?`, c.Current)
		return eachStory(ctx, tx, w, func(scenarioID string, r scenario.Run) { runs[scenarioID] = append(runs[scenarioID], r) })
	})
	for _, story := range told {
		list = append(list, tally(story, runs[story.ID]))
	}
	return list, err
}

// eachStory calls fn with each first way to an end, in the order in which they were ended.
func eachStory(ctx context.Context, q db.Querier, w where, fn func(scenarioID string, r scenario.Run)) error {
	type row struct {
		ScenarioID string
		State      scenario.Run `db:"state,json"`
	}
	return db.Each(ctx, q, func(r row) { fn(r.ScenarioID, r.State) }, `SELECT r.scenario_id, r.state FROM learning_latest l CROSS JOIN identity_person p CROSS JOIN learning_story r
		WHERE p.id = l.person_id AND r.enrolment_id = l.id AND `+w.String()+` ORDER BY r.ended_at, r.enrolment_id`, w.args...)
}

// tally makes sums of ways, as many as make whole steps, and hides what would tell of fewer than five people.
func tally(story *scenario.Scenario, runs []scenario.Run) Story {
	runs = runs[:len(runs)/disclosure.LeastGroup*disclosure.LeastGroup]
	var places []*scenario.Node
	for _, name := range story.Order() {
		if n := story.Nodes[name]; n.End == "" {
			places = append(places, n)
		}
	}
	people := make([]disclosure.Membership, len(runs))
	counts := map[disclosure.Cell]int{}
	for i, r := range runs {
		groups := []string{string(story.Ended(r))}
		for _, n := range places {
			groups = append(groups, firstRating(story, n.ID, r))
		}
		for d, g := range groups {
			counts[disclosure.Cell{Dimension: d, Group: g}]++
		}
		people[i] = disclosure.Membership{Groups: groups}
	}
	shown := disclosure.Suppress(people)
	of := func(dimension int) map[item.Rating]Tally {
		by := map[item.Rating]Tally{}
		for _, r := range ratings {
			c := disclosure.Cell{Dimension: dimension, Group: string(r)}
			by[r] = Tally{counts[c], counts[c] > 0 && shown.Gain(c)}
		}
		return by
	}
	s := Story{Scenario: story, People: Tally{len(runs), len(runs) > 0 && shown.Total()}, Ends: of(0)}
	for d, n := range places {
		s.Places = append(s.Places, Decided{n, of(d + 1)})
	}
	return s
}

// firstRating is that of the first choice of a way at a place; a word of its own for one that did not come by, or has no rating.
func firstRating(story *scenario.Scenario, node string, r scenario.Run) string {
	for _, d := range r.Path {
		if d.Node == node {
			if c := story.Choice(d); c != nil && c.Rating != "" {
				return string(c.Rating)
			}
			break
		}
	}
	return fmt.Sprint("not at ", node)
}
