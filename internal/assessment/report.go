package assessment

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/course"
	"ostoja/internal/db"
	"ostoja/internal/errs"
	"ostoja/internal/id"
)

// Dimension is what a report's groups are formed by.
type Dimension string

// The dimensions. Unit, region, sex and language are those of the day on which the person joined; a period is the quarter of
// that day, so that the matched and the lost of a group are of the same people.
const (
	ByMeasurement Dimension = "measurement" // course or training
	ByProject     Dimension = "project"
	ByService     Dimension = "service" // organisation
	ByRegion      Dimension = "region"
	BySex         Dimension = "sex"
	ByLanguage    Dimension = "language"
	ByPeriod      Dimension = "period"
	byReach       Dimension = "reach"
)

// Dimensions lists the dimensions in order.
var Dimensions = []Dimension{ByMeasurement, ByProject, ByService, ByRegion, BySex, ByLanguage, ByPeriod}

// Loss is why somebody who takes part is not matched.
type Loss string

// The losses, in order.
const (
	LostWithdrawn Loss = "withdrawn"    // taken out of the course
	LostDeclined  Loss = "declined"     // would rather not sit a test
	LostBefore    Loss = "no-before"    // did not sit it before
	LostMidBefore Loss = "begun-before" // began before and did not hand it in
	LostUnderWay  Loss = "under-way"    // sat it before; the course or training goes on
	LostAfter     Loss = "no-after"     // did not sit it after, or not yet
	LostMidAfter  Loss = "begun-after"  // began after and did not hand it in
	LostClosed    Loss = "closed"       // the time was over
)

// Losses lists the losses in order.
var Losses = []Loss{LostWithdrawn, LostDeclined, LostBefore, LostMidBefore, LostUnderWay, LostAfter, LostMidAfter, LostClosed}

// row is one participant as the report reads them.
type row struct {
	groups        [7]string // in the order of Dimensions
	scores        Scores
	followed      [3]bool // a score at each of FollowUps
	use           string
	loss          Loss   // "" if matched
	pre, post, l  string // topics
	joined, after int64  // microseconds
}

// Report is what a family of competence tests says.
type Report struct {
	Family   string
	Title    course.Text
	Wave     Wave   // which follow-up "later" is
	Waves    []Wave // follow-ups that were sat by anybody
	Only     Cell   // the group that the report is narrowed to; Dimension -1 is all
	OnlyName string
	Group    Group // the totals, of all or of the chosen group
	// Small says that there are too few people, or that the figures would give away a small group.
	Small  bool
	Topics []TopicGain
	// Histogram counts the matched by their score: below 10, 10 to below 20, …, 90 to 100; before and after.
	Histogram [2][10]int
	Groups    map[Dimension][]Group // of all; nil where the report is narrowed
	From, To  time.Time             // when the first of the matched joined and the last sat the test after
	Notes     []string              // how skills were used, sorted; shown from five on
}

// Group is a line of a breakdown.
type Group struct {
	Key    string
	Name   string // "" for those that pages name: region, sex, language, period
	Gain   Gain
	Use    Use
	Losses map[Loss]int
	Hidden bool // too small, or it would give a small one away
	// LaterHidden says the same of the later figures and the use of skills.
	LaterHidden bool
}

// TopicGain is the gain in one topic.
type TopicGain struct {
	Topic                        string
	MeanPre, MeanPost, MeanLater float64 // MeanLater is Missing where it is not shown
	G                            float64
}

// Query asks for a report.
type Query struct {
	Family string
	Wave   Wave      // "" is the latest follow-up that anybody sat
	By     Dimension // narrow to one group of this dimension; "" is all
	Group  string
}

// Report computes the gain of everybody within the actor's reach who took part in measurements with tests of a family. It
// reads one consistent state, whatever answers arrive meanwhile.
func (s *Service) Report(ctx context.Context, actor access.Actor, q Query) (r Report, err error) {
	defer errs.Wrap(&err, "assessment.Report")
	if !actor.Has(access.EvidenceRead) || !id.Valid(q.Family) {
		return r, errs.NotFound("error.not-found")
	}
	if q.Wave != "" && !q.Wave.IsFollowUp() || q.By != "" && !slices.Contains(Dimensions, q.By) {
		return r, errs.Invalid("error.invalid")
	}
	err = s.db.View(ctx, func(tx *db.Tx) error {
		if r, err = s.head(ctx, tx, actor, q); err != nil {
			return err
		}
		rows, err := s.rows(ctx, tx, actor, q.Family, r.Wave)
		if err != nil {
			return err
		}
		names, err := s.groupNames(ctx, tx)
		if err != nil {
			return err
		}
		if err := r.fill(rows, q, names); err != nil || q.By != "" || r.Group.LaterHidden || r.Group.Use.Answered < LeastGroup {
			return err
		}
		r.Notes, err = notes(ctx, tx, actor, q.Family, r.Wave)
		return err
	})
	return r, err
}

// notes returns what people wrote of how they used the skills, sorted, without who wrote it.
func notes(ctx context.Context, tx *db.Tx, actor access.Actor, family string, w Wave) ([]string, error) {
	const most = 500
	condition, args := actor.Within(access.EvidenceRead, "u.path")
	return db.All[string](ctx, tx, `SELECT s.skills_note FROM sitting s JOIN participant p ON p.id = s.participant_id JOIN unit u ON u.id = p.unit_id
		WHERE s.wave = ? AND s.state = 'done' AND s.skills_note <> ''
		AND p.measurement_id IN (SELECT m.id FROM measurement m JOIN competence_test t ON t.id = m.test_id WHERE t.family = ?) AND `+condition+` ORDER BY s.skills_note LIMIT ?`,
		append(append([]any{string(w), family}, args...), most)...)
}

// head chooses the follow-up and checks that the family is there.
func (s *Service) head(ctx context.Context, tx *db.Tx, actor access.Actor, q Query) (r Report, err error) {
	r.Family, r.Only = q.Family, whole
	type titled struct {
		Title course.Text `db:"title,json"`
	}
	t, err := db.One[titled](ctx, tx, `SELECT title FROM competence_test WHERE family = ? ORDER BY edition DESC LIMIT 1`, q.Family)
	if err != nil {
		return r, err
	}
	r.Title = t.Title
	condition, args := actor.Within(access.EvidenceRead, "u.path")
	type count struct{ Week, Months3, Months6 int }
	c, err := db.One[count](ctx, tx, `SELECT COUNT(p.week_percent) AS week, COUNT(p.months3_percent) AS months3, COUNT(p.months6_percent) AS months6`+
		fromParticipants+` AND `+condition, append([]any{q.Family}, args...)...)
	for w, n := range map[Wave]int{Week: c.Week, Months3: c.Months3, Months6: c.Months6} {
		if n > 0 {
			r.Waves = append(r.Waves, w)
		}
	}
	slices.SortFunc(r.Waves, func(a, b Wave) int { return cmp.Compare(slices.Index(Waves, a), slices.Index(Waves, b)) })
	r.Wave = q.Wave
	if r.Wave == "" {
		r.Wave = Months3
		if n := len(r.Waves); n > 0 {
			r.Wave = r.Waves[n-1]
		}
	}
	return r, err
}

const fromParticipants = ` FROM participant p JOIN unit u ON u.id = p.unit_id
	WHERE p.measurement_id IN (SELECT m.id FROM measurement m JOIN competence_test t ON t.id = m.test_id WHERE t.family = ?)`

// rows reads the participants within the actor's reach, one row a person.
func (s *Service) rows(ctx context.Context, tx *db.Tx, actor access.Actor, family string, wave Wave) (list []row, err error) {
	projects, err := db.All[Measurement](ctx, tx, `SELECT `+measurementColumns+` FROM measurement m JOIN competence_test t ON t.id = m.test_id WHERE t.family = ?`, family)
	if err != nil {
		return nil, err
	}
	projectOf := map[string]string{}
	for _, m := range projects {
		projectOf[m.ID] = m.Project
	}
	condition, args := actor.Within(access.EvidenceRead, "u.path")
	from := fromParticipants + ` AND ` + condition
	if condition == "TRUE" { // spare the look at each person's unit
		from = strings.Replace(fromParticipants, " JOIN unit u ON u.id = p.unit_id", "", 1)
	}
	w := string(wave)
	quarters := quarterNames{zone: s.zone}
	err = db.Rows(ctx, tx, func(_ []string, v []any) error {
		list = append(list, readRow(v, projectOf, &quarters))
		return nil
	}, `SELECT p.measurement_id, p.organisation_id, p.region, p.sex, p.lang, p.joined_at, p.withdrawn_at IS NOT NULL, p.before_state, p.after_state,
		p.before_percent, p.after_percent, p.`+w+`_percent, p.`+w+`_use, p.before_topics, p.after_topics, p.`+w+`_topics, p.after_at,
		p.week_percent IS NOT NULL, p.months3_percent IS NOT NULL, p.months6_percent IS NOT NULL`+from, append([]any{family}, args...)...)
	return list, err
}

func readRow(v []any, projectOf map[string]string, quarters *quarterNames) row {
	text := func(i int) string { x, _ := v[i].(string); return x }
	number := func(i int) float64 {
		if x, ok := v[i].(float64); ok {
			return x
		}
		return Missing
	}
	joined, _ := v[5].(int64)
	r := row{
		groups: [7]string{text(0), projectOf[text(0)], text(1), text(2), text(3), text(4), quarters.of(joined)},
		scores: Scores{number(9), number(10), number(11)}, use: text(12), pre: text(13), post: text(14), l: text(15), joined: joined,
	}
	r.after, _ = v[16].(int64) // NULL: not handed in
	yes := func(i int) bool {  // SQLite has numbers for it
		switch x := v[i].(type) {
		case bool:
			return x
		case int64:
			return x != 0
		}
		return false
	}
	for i := range r.followed {
		r.followed[i] = yes(17 + i)
	}
	if !r.scores.Matched() {
		r.loss = lossOf(State(text(7)), State(text(8)), yes(6))
	}
	return r
}

// lossOf says why somebody is not matched.
func lossOf(before, after State, withdrawn bool) Loss {
	switch {
	case before == Declined || after == Declined:
		return LostDeclined
	case withdrawn:
		return LostWithdrawn
	case before == Closed || after == Closed:
		return LostClosed
	case before == Begun:
		return LostMidBefore
	case before != Done:
		return LostBefore
	case after == NotAsked:
		return LostUnderWay
	case after == Begun:
		return LostMidAfter
	}
	return LostAfter
}

// quarterNames names the quarter of a time in the installation's zone, as 2026-Q4. It keeps the bounds that it met, to spare
// the arithmetic of zones for tens of thousands of people.
type quarterNames struct {
	zone *time.Location
	met  []struct {
		from, to int64
		name     string
	}
}

func (q *quarterNames) of(micro int64) string {
	for _, m := range q.met {
		if micro >= m.from && micro < m.to {
			return m.name
		}
	}
	t := time.UnixMicro(micro).In(q.zone)
	n := (int(t.Month()) - 1) / 3
	from := time.Date(t.Year(), time.Month(3*n+1), 1, 0, 0, 0, 0, q.zone)
	name := fmt.Sprintf("%d-Q%d", t.Year(), n+1)
	q.met = append(q.met, struct {
		from, to int64
		name     string
	}{from.UnixMicro(), from.AddDate(0, 3, 0).UnixMicro(), name})
	return name
}

// groupNames returns the names of measurements and organisations by id.
func (s *Service) groupNames(ctx context.Context, tx *db.Tx) (map[string]string, error) {
	names, err := s.people.UnitNames(ctx, tx)
	if err != nil {
		return nil, err
	}
	list, err := db.All[Measurement](ctx, tx, `SELECT `+measurementColumns+` FROM measurement m`)
	if err != nil {
		return nil, err
	}
	for _, m := range list {
		names[m.ID] = m.Title
	}
	return names, nil
}

// fill computes the figures from the participants.
func (r *Report) fill(rows []row, q Query, names map[string]string) error {
	shown, followUp := Suppress(memberships(rows)), slices.Index(FollowUps, r.Wave)
	chosen := rows
	if q.By != "" {
		d := slices.Index(Dimensions, q.By)
		r.Only, r.OnlyName = Cell{d, q.Group}, names[q.Group]
		chosen = slices.DeleteFunc(slices.Clone(rows), func(x row) bool { return x.groups[d] != q.Group })
		if len(chosen) == 0 {
			return errs.NotFound("error.not-found")
		}
		r.Small = !shown.Gain(r.Only)
		r.Group = group(q.Group, names, chosen, shown.Gain(r.Only), shown.Later(r.Only, followUp))
	} else {
		r.Small = !shown.Total()
		r.Group = group("", names, rows, shown.Total(), shown.TotalLater(followUp))
		r.Groups = map[Dimension][]Group{}
		for d, dimension := range Dimensions {
			r.Groups[dimension] = breakdown(rows, d, shown, followUp, names)
		}
	}
	if !r.Small {
		r.Topics = topicGains(chosen, !r.Group.LaterHidden)
		r.Histogram = histogram(chosen)
		r.From, r.To = span(chosen)
	}
	return nil
}

// memberships returns the groups of the matched.
func memberships(rows []row) []Membership {
	list := make([]Membership, 0, len(rows))
	for i := range rows {
		if rows[i].scores.Matched() {
			list = append(list, Membership{Groups: rows[i].groups[:], Followed: rows[i].followed[:]})
		}
	}
	return list
}

func breakdown(rows []row, d int, shown Shown, followUp int, names map[string]string) []Group {
	byKey := map[string][]row{}
	for _, x := range rows {
		byKey[x.groups[d]] = append(byKey[x.groups[d]], x)
	}
	list := make([]Group, 0, len(byKey))
	for _, key := range slices.Sorted(maps.Keys(byKey)) {
		c := Cell{d, key}
		list = append(list, group(key, names, byKey[key], shown.Gain(c), shown.Later(c, followUp)))
	}
	return list
}

// group computes a group's figures; those that may not be shown are not even there.
func group(key string, names map[string]string, rows []row, shown, later bool) Group {
	g := Group{Key: key, Name: names[key], Hidden: !shown, LaterHidden: !later}
	if !shown {
		return g
	}
	scores := make([]Scores, len(rows))
	g.Losses = map[Loss]int{}
	for i, x := range rows {
		scores[i] = x.scores
		if x.loss != "" {
			g.Losses[x.loss]++
		}
		if !later || x.use == "" || !x.scores.Matched() {
			continue
		}
		g.Use.Asked++
		switch x.use {
		case "yes":
			g.Use.Yes++
			g.Use.Answered++
		case "no":
			g.Use.Answered++
		}
	}
	g.Gain = Compute(scores)
	if !later {
		g.Gain.Later = Retention{}
	}
	return g
}

// topicGains computes the means of each topic over the matched, and later over those who have all three.
func topicGains(rows []row, later bool) []TopicGain {
	type sum struct {
		pre, post, later float64
		nPre, nPost, nL  float64
	}
	sums := map[string]*sum{}
	of := func(topic string) *sum {
		if sums[topic] == nil {
			sums[topic] = &sum{}
		}
		return sums[topic]
	}
	for i := range rows {
		x := &rows[i]
		if !x.scores.Matched() {
			continue
		}
		eachTopic(x.pre, func(topic string, p float64) { t := of(topic); t.pre += p; t.nPre++ })
		eachTopic(x.post, func(topic string, p float64) { t := of(topic); t.post += p; t.nPost++ })
		if later && x.scores.Followed() {
			eachTopic(x.l, func(topic string, p float64) { t := of(topic); t.later += p; t.nL++ })
		}
	}
	var list []TopicGain
	for _, topic := range course.Topics {
		t := sums[topic]
		if t == nil {
			continue
		}
		g := TopicGain{Topic: topic, MeanPre: ratio(t.pre, t.nPre), MeanPost: ratio(t.post, t.nPost), MeanLater: ratio(t.later, t.nL)}
		g.G = ratio(g.MeanPost-g.MeanPre, 100-g.MeanPre)
		list = append(list, g)
	}
	return list
}

// span returns when the first of the matched joined and the last sat the test after.
func span(rows []row) (from, to time.Time) {
	for i := range rows {
		x := &rows[i]
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

func histogram(rows []row) (h [2][10]int) {
	for i := range rows {
		if s := rows[i].scores; s.Matched() {
			h[0][min(9, int(s.Pre/10))]++
			h[1][min(9, int(s.Post/10))]++
		}
	}
	return h
}
