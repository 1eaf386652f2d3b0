package evidence

import (
	"iter"
	"maps"
	"slices"
	"time"

	"ostoja/internal/course"
	"ostoja/internal/disclosure"
	"ostoja/internal/errs"
	"ostoja/internal/gain"
	"ostoja/internal/measurement"
	"ostoja/internal/measurement/topic"
)

// population are the participants of a report and what may be shown of them.
type population struct {
	rows    []*row
	matched []*row
	shown   disclosure.Shown
	// oneEdition says that all of the matched sat the same two forms: those of another edition are called A and B too.
	oneEdition bool
	followUp   int                        // the chosen one, by its place in FollowUps
	use        func(disclosure.Cell) bool // whose answers on the use of skills may be shown
	spread     func(disclosure.Cell) bool // whose distribution of scores may be shown
	topics     []topicScores
}

// topicScores is a topic's scores by matched participant, and whose may be shown.
type topicScores struct {
	name       string
	scores     []gain.Scores
	gain, late func(disclosure.Cell) bool
}

func populationOf(rows []*row, wave measurement.Wave) *population {
	j := &population{rows: rows, followUp: slices.Index(measurement.FollowUps, wave)}
	for _, x := range rows {
		if x.scores.Matched() {
			j.matched = append(j.matched, x)
		}
	}
	j.shown = disclosure.Suppress(j.members())
	// Who answered is a figure as well as what they answered.
	asked := j.shown.Among(func(i int) bool { return j.matched[i].use != "" })
	answered := j.shown.Among(func(i int) bool { return j.matched[i].use == "yes" || j.matched[i].use == "no" })
	j.spread = j.shown.Larger(LeastSpread)
	j.use = func(c disclosure.Cell) bool { return asked(c) && answered(c) }
	j.readTopics()
	return j
}

// Parts of everybody, as [disclosure.Membership] has them: the halves that began with each form, if one edition of the test was sat; and
// those whom each follow-up lost.
const (
	partA = iota
	partB
	partLost // of the first follow-up; those of the others come next
	parts    = partLost + 3
)

// members are the matched, in their order, and then the lost, whose scores before are told too.
func (j *population) members() []disclosure.Membership {
	list := make([]disclosure.Membership, 0, len(j.rows))
	j.oneEdition = !slices.ContainsFunc(j.matched, func(x *row) bool { return x.test != j.matched[0].test })
	partsOf := func(x *row) []bool {
		of := make([]bool, parts)
		if j.oneEdition && x.scores.Matched() {
			of[partA], of[partB] = x.first == "A", x.first == "B"
		}
		copy(of[partLost:], x.lostAt[:])
		return of
	}
	for _, x := range j.matched {
		list = append(list, disclosure.Membership{Groups: x.groups[:], Followed: x.followed[:], Parts: partsOf(x)})
	}
	var nowhen [3]bool
	for _, x := range j.rows {
		if x.lost {
			list = append(list, disclosure.Membership{Groups: x.groups[:], Followed: nowhen[:], Lost: true, Parts: partsOf(x)})
		}
	}
	return list
}

func (j *population) readTopics() {
	place := map[string]int{}
	for i, name := range course.Topics {
		place[name] = i
		scores := make([]gain.Scores, len(j.matched))
		for k := range scores {
			scores[k] = gain.Scores{Pre: gain.Missing, Post: gain.Missing, Later: gain.Missing}
		}
		j.topics = append(j.topics, topicScores{name: name, scores: scores})
	}
	read := func(topics topic.Percents, into func(t *topicScores, percent float64)) {
		topics.Each(func(topic string, percent float64) {
			if i, known := place[topic]; known {
				into(&j.topics[i], percent)
			}
		})
	}
	for i, x := range j.matched {
		read(x.pre, func(t *topicScores, percent float64) { t.scores[i].Pre = percent })
		read(x.post, func(t *topicScores, percent float64) { t.scores[i].Post = percent })
		read(x.l, func(t *topicScores, percent float64) { t.scores[i].Later = percent })
	}
	j.topics = slices.DeleteFunc(j.topics, func(t topicScores) bool { return !slices.ContainsFunc(t.scores, gain.Scores.Matched) })
	for i := range j.topics {
		t := &j.topics[i]
		t.gain = j.shown.Among(func(i int) bool { return t.scores[i].Matched() })
		t.late = j.shown.Among(func(i int) bool { return t.scores[i].Followed() })
	}
}

// fill computes the figures from the participants.
func (r *Report) fill(rows []*row, q Query, names map[string]string) error {
	j := populationOf(rows, r.Wave)
	chosen := rows
	if q.By != "" {
		d := slices.Index(Dimensions, q.By)
		r.Only, r.OnlyName = disclosure.Cell{Dimension: d, Group: q.Group}, names[q.Group]
		chosen = slices.DeleteFunc(slices.Clone(rows), func(x *row) bool { return x.groups[d] != q.Group })
		if len(chosen) == 0 {
			return errs.NotFound("error.not-found")
		}
	} else {
		r.Groups = map[Dimension][]Group{}
		for d, dimension := range Dimensions {
			r.Groups[dimension] = j.breakdown(d, names)
		}
		r.Forms, r.FollowUp, r.Trainings = j.forms(), j.ofFollowUp(), pooled(r.Groups[ByMeasurement])
	}
	r.Group = j.group(r.Only, names, chosen)
	if r.Small = r.Group.Hidden; r.Small {
		r.Forms, r.FollowUp, r.Trainings = nil, nil, nil
	} else {
		r.Topics = j.topicGains(r.Only)
		if j.spread(r.Only) {
			r.Spread = spreadOf(chosen)
		}
		r.From, r.To = period(chosen)
	}
	return nil
}

func (j *population) breakdown(d int, names map[string]string) []Group {
	var list []Group
	for key, part := range parted(j.rows, func(x *row) string { return x.groups[d] }) {
		list = append(list, j.group(disclosure.Cell{Dimension: d, Group: key}, names, part))
	}
	return list
}

// parted yields the parts of a list that have the same key, by the order of keys.
func parted[T any](list []T, key func(T) string) iter.Seq2[string, []T] {
	parts := map[string][]T{}
	for _, x := range list {
		parts[key(x)] = append(parts[key(x)], x)
	}
	return func(yield func(string, []T) bool) {
		for _, k := range slices.Sorted(maps.Keys(parts)) {
			if !yield(k, parts[k]) {
				return
			}
		}
	}
}

// group computes the figures of a cell, whose rows these are; those that may not be shown are not even there.
func (j *population) group(c disclosure.Cell, names map[string]string, rows []*row) Group {
	g := Group{
		Key: c.Group, Name: names[c.Group],
		Hidden: !j.shown.Gain(c), LaterHidden: !j.shown.Later(c, j.followUp), RetainedHidden: !j.shown.Retained(c, j.followUp), UseHidden: !j.use(c),
	}
	if g.Hidden {
		return g
	}
	scores := make([]gain.Scores, len(rows))
	g.Losses = map[Loss]int{}
	g.Attrition, g.AttritionHidden = j.attrition(c, rows)
	for i, x := range rows {
		scores[i] = x.scores
		if x.loss != "" {
			g.Losses[x.loss]++
		}
		if !g.UseHidden && x.scores.Matched() {
			g.Use.Add(x.use)
		}
	}
	g.Gain = gain.Compute(scores)
	switch {
	case g.LaterHidden:
		g.Gain.Later = gain.Retention{}
	case g.RetainedHidden:
		g.Gain.Later.ForgetEarlier()
	}
	return g
}

// topicGains computes the means of each topic over those of a cell who have it at both times.
func (j *population) topicGains(c disclosure.Cell) []TopicGain {
	var list []TopicGain
	for _, t := range j.topics {
		if !t.gain(c) {
			continue
		}
		late := t.late(c) && j.shown.Later(c, j.followUp)
		g := TopicGain{Topic: t.name, MeanLater: gain.Missing}
		var pre, post, later float64
		var pairs []gain.Pair
		for i, x := range j.matched {
			s := t.scores[i]
			if !s.Matched() || c != disclosure.Whole && x.groups[c.Dimension] != c.Group {
				continue
			}
			g.N, pre, post = g.N+1, pre+s.Pre, post+s.Post
			pairs = append(pairs, gain.Pair{Pre: s.Pre, Post: s.Post})
			if late && s.Followed() {
				g.NLater, later = g.NLater+1, later+s.Later
			}
		}
		g.MeanPre, g.MeanPost, g.MeanLater = gain.Ratio(pre, float64(g.N)), gain.Ratio(post, float64(g.N)), gain.Ratio(later, float64(g.NLater))
		g.G = gain.Ratio(g.MeanPost-g.MeanPre, 100-g.MeanPre)
		g.Moved = gain.MovedOver(gain.DefaultCut, pairs)
		list = append(list, g)
	}
	return list
}

// period returns when the first of the matched joined and the last sat the test after.
func period(rows []*row) (from, to time.Time) {
	for _, x := range rows {
		if !x.scores.Matched() {
			continue
		}
		if joined := time.UnixMicro(x.joined).UTC(); from.IsZero() || joined.Before(from) {
			from = joined
		}
		if after := time.UnixMicro(x.after).UTC(); after.After(to) {
			to = after
		}
	}
	return from, to
}

// spreadOf counts the matched by their scores.
func spreadOf(rows []*row) *Spread {
	s := &Spread{}
	for _, x := range rows {
		if x.scores.Matched() {
			s[0][bin(x.scores.Pre)]++
			s[1][bin(x.scores.Post)]++
		}
	}
	return s
}

// bin returns the bin of a score.
func bin(percent float64) int { return max(0, min(Bins-1, int((percent+gain.Rounding)*Bins/100))) }
