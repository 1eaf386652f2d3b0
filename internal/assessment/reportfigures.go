package assessment

import (
	"iter"
	"maps"
	"slices"
	"time"

	"ostoja/internal/course"
	"ostoja/internal/errs"
)

// judged are the participants of a report and what may be shown of them.
type judged struct {
	rows     []*row
	matched  []*row
	shown    Shown
	followUp int             // the chosen one, by its place in FollowUps
	use      func(Cell) bool // whose answers on the use of skills may be shown
	spread   func(Cell) bool // whose distribution of scores may be shown
	topics   []judgedTopic
}

// judgedTopic is a topic's scores by matched participant, and whose may be shown.
type judgedTopic struct {
	name       string
	scores     []Scores
	gain, late func(Cell) bool
}

func judge(rows []*row, wave Wave) *judged {
	j := &judged{rows: rows, followUp: slices.Index(FollowUps, wave)}
	for _, x := range rows {
		if x.scores.Matched() {
			j.matched = append(j.matched, x)
		}
	}
	members := make([]Membership, len(j.matched))
	for i, x := range j.matched {
		members[i] = Membership{Groups: x.groups[:], Followed: x.followed[:]}
	}
	j.shown = Suppress(members)
	// Who answered is a figure as well as what they answered.
	asked := j.shown.Among(func(i int) bool { return j.matched[i].use != "" })
	answered := j.shown.Among(func(i int) bool { return j.matched[i].use == "yes" || j.matched[i].use == "no" })
	j.spread = j.shown.Larger(LeastSpread)
	j.use = func(c Cell) bool { return asked(c) && answered(c) }
	j.judgeTopics()
	return j
}

func (j *judged) judgeTopics() {
	place := map[string]int{}
	for i, name := range course.Topics {
		place[name] = i
		scores := make([]Scores, len(j.matched))
		for k := range scores {
			scores[k] = Scores{Missing, Missing, Missing}
		}
		j.topics = append(j.topics, judgedTopic{name: name, scores: scores})
	}
	read := func(text string, into func(t *judgedTopic, percent float64)) {
		eachTopic(text, func(topic string, percent float64) {
			if i, known := place[topic]; known {
				into(&j.topics[i], percent)
			}
		})
	}
	for i, x := range j.matched {
		read(x.pre, func(t *judgedTopic, percent float64) { t.scores[i].Pre = percent })
		read(x.post, func(t *judgedTopic, percent float64) { t.scores[i].Post = percent })
		read(x.l, func(t *judgedTopic, percent float64) { t.scores[i].Later = percent })
	}
	j.topics = slices.DeleteFunc(j.topics, func(t judgedTopic) bool { return !slices.ContainsFunc(t.scores, Scores.Matched) })
	for i := range j.topics {
		t := &j.topics[i]
		t.gain = j.shown.Among(func(i int) bool { return t.scores[i].Matched() })
		t.late = j.shown.Among(func(i int) bool { return t.scores[i].Followed() })
	}
}

// fill computes the figures from the participants.
func (r *Report) fill(rows []*row, q Query, names map[string]string) error {
	j := judge(rows, r.Wave)
	chosen := rows
	if q.By != "" {
		d := slices.Index(Dimensions, q.By)
		r.Only, r.OnlyName = Cell{d, q.Group}, names[q.Group]
		chosen = slices.DeleteFunc(slices.Clone(rows), func(x *row) bool { return x.groups[d] != q.Group })
		if len(chosen) == 0 {
			return errs.NotFound("error.not-found")
		}
	} else {
		r.Groups = map[Dimension][]Group{}
		for d, dimension := range Dimensions {
			r.Groups[dimension] = j.breakdown(d, names)
		}
	}
	r.Group = j.group(r.Only, names, chosen)
	if r.Small = r.Group.Hidden; !r.Small {
		r.Topics = j.topicGains(r.Only)
		if j.spread(r.Only) {
			r.Spread = spreadOf(chosen)
		}
		r.From, r.To = period(chosen)
	}
	return nil
}

func (j *judged) breakdown(d int, names map[string]string) []Group {
	var list []Group
	for key, part := range parted(j.rows, func(x *row) string { return x.groups[d] }) {
		list = append(list, j.group(Cell{d, key}, names, part))
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
func (j *judged) group(c Cell, names map[string]string, rows []*row) Group {
	g := Group{
		Key: c.Group, Name: names[c.Group],
		Hidden: !j.shown.Gain(c), LaterHidden: !j.shown.Later(c, j.followUp), RetainedHidden: !j.shown.Retained(c, j.followUp), UseHidden: !j.use(c),
	}
	if g.Hidden {
		return g
	}
	scores := make([]Scores, len(rows))
	g.Losses = map[Loss]int{}
	for i, x := range rows {
		scores[i] = x.scores
		if x.loss != "" {
			g.Losses[x.loss]++
		}
		if !g.UseHidden && x.scores.Matched() {
			g.Use.add(x.use)
		}
	}
	g.Gain = Compute(scores)
	switch {
	case g.LaterHidden:
		g.Gain.Later = Retention{}
	case g.RetainedHidden:
		g.Gain.Later.forgetEarlier()
	}
	return g
}

// topicGains computes the means of each topic over those of a cell who have it at both times.
func (j *judged) topicGains(c Cell) []TopicGain {
	var list []TopicGain
	for _, t := range j.topics {
		if !t.gain(c) {
			continue
		}
		late := t.late(c) && j.shown.Later(c, j.followUp)
		g := TopicGain{Topic: t.name, MeanLater: Missing}
		var pre, post, later float64
		for i, x := range j.matched {
			s := t.scores[i]
			if !s.Matched() || c != whole && x.groups[c.Dimension] != c.Group {
				continue
			}
			g.N, pre, post = g.N+1, pre+s.Pre, post+s.Post
			if late && s.Followed() {
				g.NLater, later = g.NLater+1, later+s.Later
			}
		}
		g.MeanPre, g.MeanPost, g.MeanLater = ratio(pre, float64(g.N)), ratio(post, float64(g.N)), ratio(later, float64(g.NLater))
		g.G = ratio(g.MeanPost-g.MeanPre, 100-g.MeanPre)
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
func bin(percent float64) int { return max(0, min(Bins-1, int((percent+rounding)*Bins/100))) }
