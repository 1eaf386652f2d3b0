package assessment_test

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/assessment"
	"ostoja/internal/db"
	"ostoja/internal/errs"
	"ostoja/internal/id"
	"ostoja/internal/identity"
)

var missing = assessment.Missing

// planted is a participant as the report sees one: written into the store as if they had sat the tests.
type planted struct {
	measurement assessment.Measurement
	unit        string // the world's if empty
	org         string // the unit if empty
	region      string
	sex         string
	lang        string
	joined      time.Time
	pre, post   float64 // missing: not handed in
	later       map[assessment.Wave]float64
	use         string // asked | yes | no, at each follow-up
	note        string
}

// plant writes participants and returns their ids.
func (w *world) plant(list ...planted) (participantIDs []string) {
	w.t.Helper()
	w.no(w.d.Update(w.ctx, func(tx *db.Tx) error {
		participantIDs = nil
		for _, p := range list {
			participantID, err := w.plantOne(tx, p)
			if err != nil {
				return err
			}
			participantIDs = append(participantIDs, participantID)
		}
		return nil
	}))
	return participantIDs
}

func (w *world) plantOne(tx *db.Tx, p planted) (string, error) {
	people++
	personID, participantID := id.New(), id.New()
	if p.unit == "" {
		p.unit = w.unit
	}
	if p.org == "" {
		p.org = p.unit
	}
	if p.joined.IsZero() {
		p.joined = start
	}
	if err := db.Exec(w.ctx, tx, `INSERT INTO person (id, organisation_id, unit_id, given_name, family_name, sort_key, search_text, mail, lang, sex, region, state, created_at)
		VALUES (?, ?, ?, 'Anna', 'Zasiana', ?, '', ?, 'pl', ?, ?, 'active', ?)`,
		personID, p.org, p.unit, fmt.Sprintf("zasiana %06d", people), fmt.Sprintf("zasiana%d@example.org", people), p.sex, p.region, p.joined); err != nil {
		return "", err
	}
	if err := db.Exec(w.ctx, tx, `INSERT INTO participant (id, measurement_id, person_id, organisation_id, unit_id, region, sex, lang, joined_at, first_form)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 'A')`, participantID, p.measurement.ID, personID, p.org, p.unit, p.region, p.sex, p.lang, p.joined); err != nil {
		return "", err
	}
	fill := func(wave assessment.Wave, percent float64, use string) error {
		f := assessment.Filled{ParticipantID: participantID, Wave: wave, State: assessment.Asked, Use: use, At: p.joined.Add(time.Hour)}
		if !assessment.IsMissing(percent) {
			f.State, f.FormID, f.Percent = assessment.Done, w.test.Forms[0].ID, percent
			f.Topics = assessment.FormatTopics(map[string]float64{"identify": percent, "law": percent / 2})
		}
		return w.s.FillSitting(w.ctx, tx, f)
	}
	if !assessment.IsMissing(p.pre) {
		if err := fill(assessment.Before, p.pre, ""); err != nil {
			return "", err
		}
	}
	if !assessment.IsMissing(p.post) {
		if err := fill(assessment.After, p.post, ""); err != nil {
			return "", err
		}
	}
	for _, wave := range assessment.FollowUps {
		percent, asked := p.later[wave]
		if !asked {
			continue
		}
		if err := fill(wave, percent, p.use); err != nil {
			return "", err
		}
		if err := db.Exec(w.ctx, tx, `UPDATE sitting SET skills_note = ? WHERE participant_id = ? AND wave = ?`, p.note, participantID, string(wave)); err != nil {
			return "", err
		}
	}
	return participantID, nil
}

// at3 is a score three months later.
func at3(percent float64) map[assessment.Wave]float64 {
	return map[assessment.Wave]float64{assessment.Months3: percent}
}

// newUnit makes a unit below another, or an organisation.
func (w *world) newUnit(parent, name string) string {
	w.t.Helper()
	unitID, err := w.a.Identity.CreateUnit(w.ctx, access.System, identity.UnitDraft{ParentID: parent, Kind: identity.Region, Name: name})
	w.no(err)
	return unitID
}

// within returns a new person of a unit who has a role there and below.
func (w *world) within(role access.Role, unitID string) access.Actor {
	w.t.Helper()
	a := w.person("Maria", "Lokalna")
	path, err := db.One[string](w.ctx, w.d, `SELECT path FROM unit WHERE id = ?`, unitID)
	w.no(err)
	a.Grants = []access.Grant{{Role: role, Path: path}, {Role: access.Learner}}
	return a
}

// trained attaches the test, which must be approved, to a training of a title and a project.
func (w *world) trained(title, project, unitID string) assessment.Measurement {
	w.t.Helper()
	m, err := w.s.Attach(w.ctx, w.admin, assessment.MeasurementDraft{
		TestID: w.test.ID, Kind: assessment.OfTraining, Title: title, Project: project, UnitID: unitID, Waves: assessment.FollowUps, Survey: true,
		HeldFrom: start.Add(day), HeldUntil: start.Add(2 * day),
	})
	w.no(err)
	return m
}

func near(t testing.TB, what string, got, want, within float64) {
	t.Helper()
	if math.IsNaN(got) || math.Abs(got-want) > within {
		t.Errorf("%s is %v, not %v", what, got, want)
	}
}

// goldenLearners are the twelve of docs/evidence.md: nine of them sat the follow-up and seven of these use the skills.
func goldenLearners(m assessment.Measurement) []planted {
	pre := []float64{40, 45, 50, 55, 35, 60, 50, 65, 45, 55, 50, 80}
	post := []float64{70, 80, 75, 85, 60, 90, 85, 90, 65, 80, 75, 95}
	later := []float64{65, 70, missing, 75, 50, 85, missing, 85, 60, missing, 70, 90}
	use := []string{"yes", "yes", "asked", "yes", "no", "yes", "asked", "yes", "no", "asked", "yes", "yes"}
	list := make([]planted, len(pre))
	for i := range pre {
		list[i] = planted{measurement: m, region: "06", sex: "f", lang: "pl", pre: pre[i], post: post[i], later: at3(later[i]), use: use[i]}
	}
	return list
}

func TestTheGoldenNumbersComeOutOfTheStore(t *testing.T) {
	each(t, func(w *world) {
		w.plant(goldenLearners(w.attach())...)
		r := w.report(assessment.Months3)
		g := r.Group.Gain
		if g.Matched != 12 || g.Lost != 0 || g.Band != assessment.Medium || g.Ceiling || g.Later.N != 9 || r.Small || r.Group.LaterHidden {
			w.t.Errorf("%+v", r.Group)
		}
		near(w.t, "mean pre", g.MeanPre, 52.50, 0.005)
		near(w.t, "mean post", g.MeanPost, 79.17, 0.005)
		near(w.t, "difference", g.Difference, 26.67, 0.005)
		near(w.t, "sd of differences", g.SD, 5.774, 0.0005)
		near(w.t, "lower bound", g.Low, 23.00, 0.005)
		near(w.t, "upper bound", g.High, 30.34, 0.0051) // see gain_test.go for the last digit
		near(w.t, "dz", g.DZ, 4.62, 0.005)
		near(w.t, "g", g.G, 0.5614, 0.00005)
		near(w.t, "mean of individual g", g.MeanG, 0.5851, 0.00005)
		near(w.t, "later", g.Later.MeanLater, 72.22, 0.005)
		// Twelve less nine are three: what the nine had before and after is not shown beside what the twelve had.
		if !r.Group.RetainedHidden || !assessment.IsMissing(g.Later.MeanPre) || !assessment.IsMissing(g.Later.MeanPost) || !assessment.IsMissing(g.Later.Share) {
			w.t.Errorf("the retained share gives three people away: %+v", g.Later)
		}
		u := r.Group.Use
		low, high := u.Bounds()
		near(w.t, "use", u.Share(), 77.8, 0.05)
		near(w.t, "lower bound of use", low, 58.3, 0.05)
		near(w.t, "upper bound of use", high, 83.3, 0.05)
		if u.Asked != 12 || u.Answered != 9 || u.Yes != 7 {
			w.t.Errorf("use of skills: %+v", u)
		}
		if r.Spread != nil {
			w.t.Errorf("the distribution of twelve: %v", r.Spread)
		}
		if len(r.Topics) != 2 || r.Topics[0].Topic != "identify" || r.Topics[1].Topic != "law" {
			w.t.Fatalf("topics: %+v", r.Topics)
		}
		near(w.t, "g of a topic", r.Topics[0].G, 0.5614, 0.00005)
		near(w.t, "mean of a topic", r.Topics[1].MeanPost, 79.17/2, 0.005)
		near(w.t, "later mean of a topic", r.Topics[0].MeanLater, 72.22, 0.005)
		if t := r.Topics[0]; t.N != 12 || t.NLater != 9 {
			w.t.Errorf("a topic is of %d and later of %d", t.N, t.NLater)
		}
		if !r.From.Equal(start) || !r.To.Equal(start.Add(time.Hour)) {
			w.t.Errorf("from %v to %v", r.From, r.To)
		}
	})
}

// Of twice the twelve, six did not come to the follow-up: they are enough.
func TestTheGoldenRetainedShareComesOutOfTheStore(t *testing.T) {
	each(t, func(w *world) {
		m := w.attach()
		w.plant(goldenLearners(m)...)
		w.plant(goldenLearners(m)...)
		r := w.report(assessment.Months3)
		l := r.Group.Gain.Later
		if l.N != 18 || r.Group.RetainedHidden {
			w.t.Errorf("%+v", r.Group)
		}
		near(w.t, "later pre", l.MeanPre, 52.78, 0.005)
		near(w.t, "later post", l.MeanPost, 78.89, 0.005)
		near(w.t, "later", l.MeanLater, 72.22, 0.005)
		near(w.t, "retained", l.Share, 0.7447, 0.00005)
		if want := (assessment.Spread{{0, 2, 16, 4, 2}, {0, 0, 0, 10, 14}}); r.Spread == nil || *r.Spread != want {
			w.t.Errorf("the distribution: %v", r.Spread)
		}
	})
}

// One answer of six is not shown as "100 %": who answered are a group too.
func TestTheUseOfSkillsNeedsFiveAnswers(t *testing.T) {
	each(t, func(w *world) {
		m := w.attach()
		for i := range 6 {
			w.plant(planted{measurement: m, pre: 50, post: 60, later: at3(70), use: []string{"yes", "asked"}[min(i, 1)], note: "jedna"})
		}
		r := w.report(assessment.Months3)
		if r.Group.LaterHidden || !r.Group.UseHidden || r.Group.Use != (assessment.Use{}) {
			w.t.Errorf("%+v", r.Group)
		}
		for range 4 {
			w.plant(planted{measurement: m, pre: 50, post: 60, later: at3(70), use: "no"})
		}
		if r := w.report(assessment.Months3); r.Group.UseHidden || r.Group.Use != (assessment.Use{Asked: 10, Answered: 5, Yes: 1}) {
			w.t.Errorf("%+v", r.Group)
		}
	})
}

// Notes are shown from five on, and only those of people whom the report counts.
func TestNotesAreOfTheMatchedAndOfFive(t *testing.T) {
	each(t, func(w *world) {
		m := w.attach()
		note := func(n int, post float64) {
			for i := range n {
				w.plant(planted{measurement: m, pre: 50, post: post, later: at3(70), use: "yes", note: fmt.Sprintf("uwaga %d", i)})
			}
		}
		w.plant(slices.Repeat([]planted{{measurement: m, pre: 50, post: 60, later: at3(70), use: "yes"}}, 6)...)
		note(4, 60)
		note(3, missing) // without a test after
		if r := w.report(assessment.Months3); r.Notes != nil {
			w.t.Errorf("the notes of four: %v", r.Notes)
		}
		note(16, 60)
		orders := map[string]bool{}
		for range 10 {
			r := w.report(assessment.Months3)
			if len(r.Notes) != 20 {
				w.t.Fatalf("%d notes", len(r.Notes))
			}
			orders[strings.Join(r.Notes, "|")] = true
		}
		if len(orders) < 2 {
			w.t.Error("the notes stand in the same order each time")
		}
	})
}

func TestTheGoldenThirteenthAndFourteenth(t *testing.T) {
	each(t, func(w *world) {
		m := w.attach()
		w.plant(goldenLearners(m)...)
		w.plant(
			planted{measurement: m, region: "06", sex: "f", lang: "pl", pre: 100, post: 100},
			planted{measurement: m, region: "06", sex: "f", lang: "pl", pre: 50, post: missing},
		)
		r := w.report(assessment.Months3)
		g := r.Group.Gain
		if g.Matched != 13 || g.Lost != 1 || r.Group.Losses[assessment.LostUnderWay] != 1 || len(r.Group.Losses) != 1 || g.Ceiling {
			w.t.Errorf("%+v", r.Group)
		}
		near(w.t, "mean pre with the thirteenth", g.MeanPre, (52.5*12+100)/13, 1e-9)
		near(w.t, "mean of individual g, without the thirteenth", g.MeanG, 0.5851, 0.00005)
		w.plant(planted{measurement: m, region: "06", sex: "f", lang: "pl", pre: 90, post: 95}, planted{measurement: m, region: "06", sex: "f", lang: "pl", pre: 95, post: 95})
		if r := w.report(assessment.Months3); !r.Group.Gain.Ceiling { // 3 of 15 are more than 15 %
			w.t.Error("three of fifteen at the ceiling raise no flag")
		}
		// A group of three is suppressed, and so is what would give it away: the rest, which the total less it would be.
		for range 3 {
			w.plant(planted{measurement: m, region: "20", sex: "f", lang: "pl", pre: 10, post: 90})
		}
		r = w.report(assessment.Months3)
		if r.Group.Gain.Matched != 18 {
			w.t.Errorf("the total: %+v", r.Group.Gain)
		}
		for _, g := range r.Groups[assessment.ByRegion] {
			if !g.Hidden || g.Gain != (assessment.Gain{}) || g.Use != (assessment.Use{}) || g.Losses != nil {
				w.t.Errorf("the region %s is shown: %+v", g.Key, g)
			}
		}
		narrow, err := w.s.Report(w.ctx, w.admin, assessment.Query{Family: w.test.Family, By: assessment.ByRegion, Group: "20"})
		w.no(err)
		if !narrow.Small || !narrow.Group.Hidden || narrow.Group.Gain != (assessment.Gain{}) || narrow.Topics != nil || narrow.Spread != nil || !narrow.From.IsZero() {
			w.t.Errorf("the narrowed report of three: %+v", narrow)
		}
	})
}

// keyOf returns a participant's group in a dimension, as the test expects it.
func (p planted) keyOf(d assessment.Dimension) string {
	switch d {
	case assessment.ByMeasurement:
		return p.measurement.ID
	case assessment.ByProject:
		return p.measurement.Project
	case assessment.ByService:
		return p.org
	case assessment.ByRegion:
		return p.region
	case assessment.BySex:
		return p.sex
	case assessment.ByLanguage:
		return p.lang
	}
	if p.joined.Month() < time.October {
		return fmt.Sprintf("%d-Q3", p.joined.Year())
	}
	return fmt.Sprintf("%d-Q4", p.joined.Year())
}

func (p planted) matched() bool { return !assessment.IsMissing(p.pre) && !assessment.IsMissing(p.post) }

func (p planted) followed(w assessment.Wave) bool {
	percent, asked := p.later[w]
	return p.matched() && asked && !assessment.IsMissing(percent)
}

// everyCombination returns a participant of each combination of two groups in seven dimensions.
func everyCombination(measurements [4]assessment.Measurement, orgs [2]string) (list []planted) {
	for i := range 128 {
		p := planted{
			measurement: measurements[i%4], unit: orgs[i/4%2], org: orgs[i/4%2], region: []string{"06", "20"}[i/8%2], sex: []string{"f", "m"}[i/16%2], lang: []string{"pl", "en"}[i/32%2],
			joined: []time.Time{start.AddDate(0, -1, 0), start}[i/64%2], pre: 40, later: at3(missing), use: "asked",
		}
		p.post = p.pre + 5 + float64(i%4) + 4*float64(i/4%2) + 6*float64(i/8%2) + 8*float64(i/16%2) + 10*float64(i/32%2) + 12*float64(i/64%2)
		switch {
		case i*7%11 == 0:
			p.post, p.later = missing, nil
		case i*5%7 < 4:
			p.later, p.use = at3(p.post-3), "yes"
		}
		list = append(list, p)
	}
	return list
}

func TestReportByEveryDimension(t *testing.T) {
	each(t, func(w *world) {
		course := w.attach()
		other := w.newUnit("", "Pomoc społeczna (test)")
		list := everyCombination([4]assessment.Measurement{course, w.trained("Terespol", "Projekt A", w.unit), w.trained("Medyka", "Projekt B", w.unit), w.trained("Budomierz", "Projekt B", other)},
			[2]string{w.unit, other})
		w.plant(list...)
		r := w.report(assessment.Months3)
		checkGroup(w, "all", r.Group, list)
		for _, d := range assessment.Dimensions {
			byKey := map[string][]planted{}
			for _, p := range list {
				byKey[p.keyOf(d)] = append(byKey[p.keyOf(d)], p)
			}
			if len(r.Groups[d]) != len(byKey) {
				w.t.Errorf("%s: %d groups, not %d", d, len(r.Groups[d]), len(byKey))
			}
			for _, g := range r.Groups[d] {
				checkGroup(w, string(d)+" "+g.Key, g, byKey[g.Key])
				narrow, err := w.s.Report(w.ctx, w.admin, assessment.Query{Family: w.test.Family, Wave: assessment.Months3, By: d, Group: g.Key})
				w.no(err)
				checkGroup(w, "narrowed to "+string(d)+" "+g.Key, narrow.Group, byKey[g.Key])
				if narrow.Groups != nil || narrow.Notes != nil || narrow.OnlyName != g.Name || len(narrow.Topics) != 2 {
					w.t.Errorf("narrowed to %s %s: %+v", d, g.Key, narrow)
				}
			}
		}
		names := map[string]string{}
		for _, d := range []assessment.Dimension{assessment.ByMeasurement, assessment.ByService} {
			for _, g := range r.Groups[d] {
				names[g.Key] = g.Name
			}
		}
		if names[other] != "Pomoc społeczna (test)" || names[list[1].measurement.ID] != "Terespol" {
			w.t.Errorf("names: %v", names)
		}
	})
}

// checkGroup compares a group's figures with sums made here.
func checkGroup(w *world, what string, g assessment.Group, list []planted) {
	w.t.Helper()
	var n, lost, followed, yes int
	var post, later float64
	for _, p := range list {
		if !p.matched() {
			lost++
			continue
		}
		n, post = n+1, post+p.post
		if p.followed(assessment.Months3) {
			followed, later, yes = followed+1, later+p.later[assessment.Months3], yes+1
		}
	}
	if g.Hidden || g.LaterHidden || g.Gain.Matched != n || g.Gain.Lost != lost || g.Losses[assessment.LostUnderWay] != lost || g.Gain.Later.N != followed {
		w.t.Errorf("%s: %+v, and %d are matched, %d lost, %d followed", what, g, n, lost, followed)
		return
	}
	near(w.t, what+": mean pre", g.Gain.MeanPre, 40, 1e-9)
	near(w.t, what+": mean post", g.Gain.MeanPost, post/float64(n), 1e-9)
	near(w.t, what+": mean later", g.Gain.Later.MeanLater, later/float64(followed), 1e-9)
	if g.Use != (assessment.Use{Asked: n, Answered: followed, Yes: yes}) {
		w.t.Errorf("%s: use %+v", what, g.Use)
	}
}

func TestAReportThatCannotBe(t *testing.T) {
	each(t, func(w *world) {
		w.plant(goldenLearners(w.attach())...)
		for name, c := range map[string]struct {
			q    assessment.Query
			want error
		}{
			"no such family":        {assessment.Query{Family: id.New()}, errs.ErrNotFound},
			"not a family":          {assessment.Query{Family: "'; DROP TABLE participant"}, errs.ErrNotFound},
			"before is no later":    {assessment.Query{Family: w.test.Family, Wave: assessment.Before}, errs.ErrInvalid},
			"no such wave":          {assessment.Query{Family: w.test.Family, Wave: "percent"}, errs.ErrInvalid},
			"no such dimension":     {assessment.Query{Family: w.test.Family, By: "person"}, errs.ErrInvalid},
			"nobody in that region": {assessment.Query{Family: w.test.Family, By: assessment.ByRegion, Group: "32"}, errs.ErrNotFound},
		} {
			if _, err := w.s.Report(w.ctx, w.admin, c.q); !errors.Is(err, c.want) {
				w.t.Errorf("%s: %v", name, err)
			}
		}
	})
}

// TestAQuarterBeginsAtMidnightInWarsaw: 22:30 UTC on the last day of September is October there.
func TestAQuarterBeginsAtMidnightInWarsaw(t *testing.T) {
	each(t, func(w *world) {
		m := w.attach()
		for i := range 12 {
			at := []time.Time{time.Date(2026, 9, 30, 21, 59, 59, 0, time.UTC), time.Date(2026, 9, 30, 22, 0, 0, 0, time.UTC)}[i%2]
			w.plant(planted{measurement: m, joined: at, pre: 50, post: 60})
		}
		got := map[string]int{}
		for _, g := range w.report("").Groups[assessment.ByPeriod] {
			got[g.Key] = g.Gain.Matched
		}
		if len(got) != 2 || got["2026-Q3"] != 6 || got["2026-Q4"] != 6 {
			w.t.Errorf("%v", got)
		}
	})
}

func TestTheLatestFollowUpIsTheDefault(t *testing.T) {
	each(t, func(w *world) {
		m := w.attach()
		if r := w.report(""); r.Wave != assessment.Months3 || r.Waves != nil || !r.Small {
			w.t.Errorf("of nobody: %s of %v", r.Wave, r.Waves)
		}
		for range 6 {
			w.plant(planted{measurement: m, pre: 50, post: 60, use: "no", later: map[assessment.Wave]float64{assessment.Week: 58, assessment.Months6: 55}})
		}
		r := w.report("")
		if r.Wave != assessment.Months6 || !slices.Equal(r.Waves, []assessment.Wave{assessment.Week, assessment.Months6}) || r.Group.Gain.Later.MeanLater != 55 {
			w.t.Errorf("%s of %v: %+v", r.Wave, r.Waves, r.Group.Gain.Later)
		}
		if r := w.report(assessment.Week); r.Group.Gain.Later.MeanLater != 58 {
			w.t.Errorf("of the week: %+v", r.Group.Gain.Later)
		}
		if r := w.report(assessment.Months3); r.Group.Gain.Later.N != 0 || !r.Group.LaterHidden || r.Group.Gain.Matched != 6 {
			w.t.Errorf("of a follow-up that nobody sat: %+v", r.Group)
		}
	})
}

// A coordinator of a region sees the people of the region and the posts below it, in figures, notes, counts and names of groups.
func TestAReportReachesAsFarAsTheRole(t *testing.T) {
	each(t, func(w *world) {
		m := w.attach()
		east, west := w.newUnit(w.unit, "Oddział Wschodni"), w.newUnit(w.unit, "Oddział Zachodni")
		post := w.newUnit(east, "Placówka")
		groups := []struct {
			unit, region, note string
			n                  int
			post               float64
		}{{east, "06", "ze wschodu", 6, 60}, {post, "20", "z placówki", 7, 70}, {west, "32", "z zachodu", 8, 90}, {w.unit, "14", "z komendy", 9, 95}}
		for _, g := range groups {
			for range g.n {
				w.plant(planted{measurement: m, unit: g.unit, org: w.unit, region: g.region, pre: 50, post: g.post, later: at3(g.post), use: "yes", note: g.note})
			}
		}
		coordinator := func(unit string) access.Actor { return w.within(access.Coordinator, unit) }
		ended := coordinator(west)
		ended.Grants[0].Expires = start
		both := coordinator(west)
		both.Grants = append(both.Grants, coordinator(post).Grants...)
		for name, c := range map[string]struct {
			actor   access.Actor
			matched int
			notes   []string
		}{
			"of everything":   {w.admin, 30, []string{"z komendy", "z placówki", "z zachodu", "ze wschodu"}},
			"of the service":  {coordinator(w.unit), 30, []string{"z komendy", "z placówki", "z zachodu", "ze wschodu"}},
			"of the east":     {coordinator(east), 13, []string{"z placówki", "ze wschodu"}},
			"of the post":     {coordinator(post), 7, []string{"z placówki"}},
			"of two units":    {both, 15, []string{"z placówki", "z zachodu"}},
			"a trainer there": {w.within(access.Trainer, east), 13, []string{"z placówki", "ze wschodu"}},
		} {
			r, err := w.s.Report(w.ctx, c.actor, assessment.Query{Family: w.test.Family})
			w.no(err)
			slices.Sort(r.Notes)
			if r.Group.Gain.Matched != c.matched || len(r.Notes) != c.matched || !slices.Equal(slices.Compact(r.Notes), c.notes) {
				w.t.Errorf("%s: %d matched, notes %v", name, r.Group.Gain.Matched, r.Notes)
			}
			list, err := w.s.Measurements(w.ctx, c.actor)
			if err != nil || len(list) != 1 || list[0].Participants != c.matched || list[0].Done[assessment.Months3] != c.matched {
				w.t.Errorf("%s: the list has %+v, %v", name, list, err)
			}
		}
		r, err := w.s.Report(w.ctx, coordinator(east), assessment.Query{Family: w.test.Family})
		w.no(err)
		if keys := regionKeys(r); !slices.Equal(keys, []string{"06", "20"}) {
			w.t.Errorf("the east sees the regions %v", keys)
		}
		if _, err := w.s.Report(w.ctx, coordinator(east), assessment.Query{Family: w.test.Family, By: assessment.ByRegion, Group: "32"}); !errors.Is(err, errs.ErrNotFound) {
			w.t.Errorf("the east reads the west: %v", err)
		}
		for name, actor := range map[string]access.Actor{"a learner": w.person("Jan", "Zwykły"), "a role that has ended": ended, "nobody": {}} {
			if r, err := w.s.Report(w.ctx, actor, assessment.Query{Family: w.test.Family}); !errors.Is(err, errs.ErrNotFound) || r.Group.Gain.Matched != 0 {
				w.t.Errorf("%s reads the report: %v", name, err)
			}
			if list, err := w.s.Measurements(w.ctx, actor); len(list) > 0 {
				w.t.Errorf("%s reads the list of measurements: %+v, %v", name, list, err)
			}
		}
		elsewhere := w.within(access.Coordinator, w.newUnit("", "Inna służba"))
		if r, err := w.s.Report(w.ctx, elsewhere, assessment.Query{Family: w.test.Family}); err != nil || !r.Small || r.Group.Gain.Matched != 0 || regionKeys(r) != nil {
			w.t.Errorf("a coordinator elsewhere: %+v, %v", r, err)
		}
	})
}

func regionKeys(r assessment.Report) (keys []string) {
	for _, g := range r.Groups[assessment.ByRegion] {
		keys = append(keys, g.Key)
	}
	return keys
}

// TestReportsWhileAnswersArrive reads reports while people hand in. Everybody has 50 before, 100 after and the same note at the
// follow-up, so that each report tells whether it saw one state: counts add up, means do not move, and there are as many
// notes, which are read by themselves, as answers.
func TestReportsWhileAnswersArrive(t *testing.T) {
	each(t, func(w *world) {
		m := w.attach()
		const n = 24
		var list []planted
		for i := range n {
			p := planted{measurement: m, region: []string{"06", "20"}[i%2], sex: []string{"f", "m"}[i/2%2], pre: 50, post: 100, later: at3(missing), use: "asked"}
			if i >= n/2 {
				p.post, p.later = missing, nil
			}
			list = append(list, p)
		}
		var handIns []func() error
		for i, participantID := range w.plant(list...) {
			handIns = append(handIns, w.toHandIn(participantID, i < n/2))
		}
		var writers sync.WaitGroup
		done := make(chan struct{})
		for part := range slices.Chunk(handIns, n/4) {
			writers.Go(func() {
				for _, toHandIn := range part {
					if err := toHandIn(); err != nil {
						w.t.Error(err)
					}
				}
			})
		}
		go func() { writers.Wait(); close(done) }()
		last := 0
		for finished := false; !finished; {
			select {
			case <-done:
				finished = true // one more report, of the end
			default:
			}
			r := w.report(assessment.Months3)
			w.consistent(r, n)
			if g := r.Group.Gain; g.Matched < last {
				w.t.Errorf("%d matched after %d", g.Matched, last)
			}
			last = r.Group.Gain.Matched
		}
		if r := w.report(assessment.Months3); last != n || r.Group.Gain.Later.N != n/2 || len(r.Notes) != n/2 {
			w.t.Errorf("at the end %d are matched, %d followed, %d notes", last, r.Group.Gain.Later.N, len(r.Notes))
		}
	})
}

// toHandIn begins a planted participant's next sitting and returns what hands it in, all right.
func (w *world) toHandIn(participantID string, followUp bool) func() error {
	w.t.Helper()
	wave := assessment.After
	if followUp {
		wave = assessment.Months3
	} else {
		w.no(w.d.Update(w.ctx, func(tx *db.Tx) error {
			return w.s.FillSitting(w.ctx, tx, assessment.Filled{ParticipantID: participantID, Wave: wave, State: assessment.Asked, At: start})
		}))
	}
	sittingID, err := db.One[string](w.ctx, w.d, `SELECT id FROM sitting WHERE participant_id = ? AND wave = ?`, participantID, string(wave))
	w.no(err)
	form := w.answers(sittingID, 99)
	form[assessment.FieldUsed], form[assessment.FieldNote] = []string{"yes"}, []string{"przydało się"}
	return func() error {
		_, err := w.s.Save(w.ctx, sittingID, form, true, true)
		return err
	}
}

func (w *world) consistent(r assessment.Report, n int) {
	w.t.Helper()
	g := r.Group.Gain
	losses := 0
	for _, k := range r.Group.Losses {
		losses += k
	}
	if g.Matched+g.Lost != n || losses != g.Lost || g.MeanPre != 50 || g.MeanPost != 100 || g.Difference != 50 {
		w.t.Errorf("%d matched and %d lost (%v), from %v to %v", g.Matched, g.Lost, r.Group.Losses, g.MeanPre, g.MeanPost)
	}
	if (r.Spread != nil) != (g.Matched >= assessment.LeastSpread) {
		w.t.Errorf("the distribution of %d: %v", g.Matched, r.Spread)
		r.Spread = nil
	}
	if r.Spread == nil {
		r.Spread = &assessment.Spread{{g.Matched}, {g.Matched}}
	}
	for i, column := range r.Spread {
		sum := 0
		for _, k := range column {
			sum += k
		}
		if sum != g.Matched {
			w.t.Errorf("the distribution %d has %d of %d", i, sum, g.Matched)
		}
	}
	if !r.Group.LaterHidden && (r.Group.UseHidden || g.Later.N != r.Group.Use.Answered || len(r.Notes) != r.Group.Use.Answered || g.Later.MeanLater != 100) {
		w.t.Errorf("%d later, %d answers on use, %d notes", g.Later.N, r.Group.Use.Answered, len(r.Notes))
	}
	for d, groups := range r.Groups {
		matched, lost, hidden := 0, 0, false
		for _, x := range groups {
			matched, lost, hidden = matched+x.Gain.Matched, lost+x.Gain.Lost, hidden || x.Hidden
		}
		if !hidden && (matched != g.Matched || lost != g.Lost) || matched > g.Matched {
			w.t.Errorf("by %s there are %d matched and %d lost of %d and %d", d, matched, lost, g.Matched, g.Lost)
		}
	}
}
