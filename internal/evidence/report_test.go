package evidence_test

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
	"ostoja/internal/db"
	"ostoja/internal/errs"
	"ostoja/internal/evidence"
	"ostoja/internal/gain"
	"ostoja/internal/id"
	"ostoja/internal/measurement"
	"ostoja/internal/testrig/measured"
)

var missing = gain.Missing

func near(t testing.TB, what string, got, want, within float64) {
	t.Helper()
	if math.IsNaN(got) || math.Abs(got-want) > within {
		t.Errorf("%s is %v, not %v", what, got, want)
	}
}

func TestTheGoldenNumbersComeOutOfTheStore(t *testing.T) {
	each(t, func(w *world) {
		w.Plant(measured.GoldenLearners(w.Attach())...)
		r := w.Report(measurement.Months3)
		g := r.Group.Gain
		if g.Matched != 12 || g.Lost != 0 || g.Band != "medium" || g.Ceiling || g.Later.N != 9 || r.Small || r.Group.LaterHidden {
			w.T.Errorf("%+v", r.Group)
		}
		near(w.T, "mean pre", g.MeanPre, 52.50, 0.005)
		near(w.T, "mean post", g.MeanPost, 79.17, 0.005)
		near(w.T, "difference", g.Difference, 26.67, 0.005)
		near(w.T, "sd of differences", g.SD, 5.774, 0.0005)
		near(w.T, "lower bound", g.Low, 23.00, 0.005)
		near(w.T, "upper bound", g.High, 30.34, 0.0051) // see gain_test.go for the last digit
		near(w.T, "dz", g.DZ, 4.62, 0.005)
		near(w.T, "g", g.G, 0.5614, 0.00005)
		near(w.T, "mean of individual g", g.MeanG, 0.5851, 0.00005)
		near(w.T, "later", g.Later.MeanLater, 72.22, 0.005)
		// Twelve less nine are three: what the nine had before and after is not shown beside what the twelve had.
		if !r.Group.RetainedHidden || !gain.IsMissing(g.Later.MeanPre) || !gain.IsMissing(g.Later.MeanPost) || !gain.IsMissing(g.Later.Share) {
			w.T.Errorf("the retained share gives three people away: %+v", g.Later)
		}
		u := r.Group.Use
		low, high := u.Bounds()
		near(w.T, "use", u.Share(), 77.8, 0.05)
		near(w.T, "lower bound of use", low, 58.3, 0.05)
		near(w.T, "upper bound of use", high, 83.3, 0.05)
		if u.Asked != 12 || u.Answered != 9 || u.Yes != 7 {
			w.T.Errorf("use of skills: %+v", u)
		}
		if r.Spread != nil {
			w.T.Errorf("the distribution of twelve: %v", r.Spread)
		}
		if len(r.Topics) != 2 || r.Topics[0].Topic != "identify" || r.Topics[1].Topic != "law" {
			w.T.Fatalf("topics: %+v", r.Topics)
		}
		near(w.T, "g of a topic", r.Topics[0].G, 0.5614, 0.00005)
		near(w.T, "mean of a topic", r.Topics[1].MeanPost, 79.17/2, 0.005)
		near(w.T, "later mean of a topic", r.Topics[0].MeanLater, 72.22, 0.005)
		if t := r.Topics[0]; t.N != 12 || t.NLater != 9 {
			w.T.Errorf("a topic is of %d and later of %d", t.N, t.NLater)
		}
		if !r.From.Equal(measured.Start) || !r.To.Equal(measured.Start.Add(time.Hour)) {
			w.T.Errorf("from %v to %v", r.From, r.To)
		}
	})
}

// Of twice the twelve, six did not come to the follow-up: they are enough.
func TestTheGoldenRetainedShareComesOutOfTheStore(t *testing.T) {
	each(t, func(w *world) {
		m := w.Attach()
		w.Plant(measured.GoldenLearners(m)...)
		w.Plant(measured.GoldenLearners(m)...)
		r := w.Report(measurement.Months3)
		l := r.Group.Gain.Later
		if l.N != 18 || r.Group.RetainedHidden {
			w.T.Errorf("%+v", r.Group)
		}
		near(w.T, "later pre", l.MeanPre, 52.78, 0.005)
		near(w.T, "later post", l.MeanPost, 78.89, 0.005)
		near(w.T, "later", l.MeanLater, 72.22, 0.005)
		near(w.T, "retained", l.Share, 0.7447, 0.00005)
		if want := (evidence.Spread{{0, 2, 16, 4, 2}, {0, 0, 0, 10, 14}}); r.Spread == nil || *r.Spread != want {
			w.T.Errorf("the distribution: %v", r.Spread)
		}
	})
}

// One answer of six is not shown as "100 %": who answered are a group too.
func TestTheUseOfSkillsNeedsFiveAnswers(t *testing.T) {
	each(t, func(w *world) {
		m := w.Attach()
		for i := range 6 {
			w.Plant(measured.Planted{Measurement: m, Pre: 50, Post: 60, Later: measured.At3(70), Use: []string{"yes", "asked"}[min(i, 1)], Note: "jedna"})
		}
		r := w.Report(measurement.Months3)
		if r.Group.LaterHidden || !r.Group.UseHidden || r.Group.Use != (gain.Use{}) {
			w.T.Errorf("%+v", r.Group)
		}
		for range 4 {
			w.Plant(measured.Planted{Measurement: m, Pre: 50, Post: 60, Later: measured.At3(70), Use: "no"})
		}
		if r := w.Report(measurement.Months3); r.Group.UseHidden || r.Group.Use != (gain.Use{Asked: 10, Answered: 5, Yes: 1}) {
			w.T.Errorf("%+v", r.Group)
		}
	})
}

// Notes are shown from five on, and only those of people whom the report counts.
func TestNotesAreOfTheMatchedAndOfFive(t *testing.T) {
	each(t, func(w *world) {
		m := w.Attach()
		note := func(n int, post float64) {
			for i := range n {
				w.Plant(measured.Planted{Measurement: m, Pre: 50, Post: post, Later: measured.At3(70), Use: "yes", Note: fmt.Sprintf("uwaga %d", i)})
			}
		}
		w.Plant(slices.Repeat([]measured.Planted{{Measurement: m, Pre: 50, Post: 60, Later: measured.At3(70), Use: "yes"}}, 6)...)
		note(4, 60)
		note(3, missing) // without a test after
		if r := w.Report(measurement.Months3); r.Notes != nil {
			w.T.Errorf("the notes of four: %v", r.Notes)
		}
		note(16, 60)
		orders := map[string]bool{}
		for range 10 {
			r := w.Report(measurement.Months3)
			if len(r.Notes) != 20 {
				w.T.Fatalf("%d notes", len(r.Notes))
			}
			orders[strings.Join(r.Notes, "|")] = true
		}
		if len(orders) < 2 {
			w.T.Error("the notes stand in the same order each time")
		}
	})
}

func TestTheGoldenThirteenthAndFourteenth(t *testing.T) {
	each(t, func(w *world) {
		m := w.Attach()
		w.Plant(measured.GoldenLearners(m)...)
		w.Plant(
			measured.Planted{Measurement: m, Region: "06", Sex: "f", Lang: "pl", Pre: 100, Post: 100},
			measured.Planted{Measurement: m, Region: "06", Sex: "f", Lang: "pl", Pre: 50, Post: missing},
		)
		r := w.Report(measurement.Months3)
		g := r.Group.Gain
		if g.Matched != 13 || g.Lost != 1 || r.Group.Losses["under-way"] != 1 || len(r.Group.Losses) != 1 || g.Ceiling {
			w.T.Errorf("%+v", r.Group)
		}
		near(w.T, "mean pre with the thirteenth", g.MeanPre, (52.5*12+100)/13, 1e-9)
		near(w.T, "mean of individual g, without the thirteenth", g.MeanG, 0.5851, 0.00005)
		w.Plant(measured.Planted{Measurement: m, Region: "06", Sex: "f", Lang: "pl", Pre: 90, Post: 95}, measured.Planted{Measurement: m, Region: "06", Sex: "f", Lang: "pl", Pre: 95, Post: 95})
		if r := w.Report(measurement.Months3); !r.Group.Gain.Ceiling { // 3 of 15 are more than 15 %
			w.T.Error("three of fifteen at the ceiling raise no flag")
		}
		// A group of three is suppressed, and so is what would give it away: the rest, which the total less it would be.
		for range 3 {
			w.Plant(measured.Planted{Measurement: m, Region: "20", Sex: "f", Lang: "pl", Pre: 10, Post: 90})
		}
		r = w.Report(measurement.Months3)
		if r.Group.Gain.Matched != 18 {
			w.T.Errorf("the total: %+v", r.Group.Gain)
		}
		for _, g := range r.Groups[evidence.ByRegion] {
			if !g.Hidden || g.Gain != (gain.Gain{}) || g.Use != (gain.Use{}) || g.Losses != nil {
				w.T.Errorf("the region %s is shown: %+v", g.Key, g)
			}
		}
		narrow, err := w.Evidence.Report(w.Ctx, w.Admin, evidence.Query{Family: w.Test.Family, By: evidence.ByRegion, Group: "20"})
		w.No(err)
		if !narrow.Small || !narrow.Group.Hidden || narrow.Group.Gain != (gain.Gain{}) || narrow.Topics != nil || narrow.Spread != nil || !narrow.From.IsZero() {
			w.T.Errorf("the narrowed report of three: %+v", narrow)
		}
	})
}

// everyCombination returns a participant of each combination of two groups in seven dimensions.
func everyCombination(measurements [4]measurement.Measurement, orgs [2]string) (list []measured.Planted) {
	for i := range 128 {
		p := measured.Planted{
			Measurement: measurements[i%4], Unit: orgs[i/4%2], Org: orgs[i/4%2], Region: []string{"06", "20"}[i/8%2], Sex: []string{"f", "m"}[i/16%2], Lang: []string{"pl", "en"}[i/32%2],
			Joined: []time.Time{measured.Start.AddDate(0, -1, 0), measured.Start}[i/64%2], Pre: 40, Later: measured.At3(missing), Use: "asked",
		}
		p.Post = p.Pre + 5 + float64(i%4) + 4*float64(i/4%2) + 6*float64(i/8%2) + 8*float64(i/16%2) + 10*float64(i/32%2) + 12*float64(i/64%2)
		switch {
		case i*7%11 == 0:
			p.Post, p.Later = missing, nil
		case i*5%7 < 4:
			p.Later, p.Use = measured.At3(p.Post-3), "yes"
		}
		list = append(list, p)
	}
	return list
}

func TestReportByEveryDimension(t *testing.T) {
	each(t, func(w *world) {
		course := w.Attach()
		other := w.NewUnit("", "Pomoc społeczna (test)")
		list := everyCombination([4]measurement.Measurement{course, w.Trained("Terespol", "Projekt A", w.Unit), w.Trained("Medyka", "Projekt B", w.Unit), w.Trained("Budomierz", "Projekt B", other)},
			[2]string{w.Unit, other})
		w.Plant(list...)
		r := w.Report(measurement.Months3)
		checkGroup(w, "all", r.Group, list)
		for _, d := range evidence.Dimensions {
			byKey := map[string][]measured.Planted{}
			for _, p := range list {
				byKey[w.KeyOf(p, d)] = append(byKey[w.KeyOf(p, d)], p)
			}
			if len(r.Groups[d]) != len(byKey) {
				w.T.Errorf("%s: %d groups, not %d", d, len(r.Groups[d]), len(byKey))
			}
			for _, g := range r.Groups[d] {
				checkGroup(w, string(d)+" "+g.Key, g, byKey[g.Key])
				narrow, err := w.Evidence.Report(w.Ctx, w.Admin, evidence.Query{Family: w.Test.Family, Wave: measurement.Months3, By: d, Group: g.Key})
				w.No(err)
				checkGroup(w, "narrowed to "+string(d)+" "+g.Key, narrow.Group, byKey[g.Key])
				if narrow.Groups != nil || narrow.Notes != nil || narrow.OnlyName != g.Name || len(narrow.Topics) != 2 {
					w.T.Errorf("narrowed to %s %s: %+v", d, g.Key, narrow)
				}
			}
		}
		names := map[string]string{}
		for _, d := range []evidence.Dimension{evidence.ByMeasurement, evidence.ByService} {
			for _, g := range r.Groups[d] {
				names[g.Key] = g.Name
			}
		}
		if names[other] != "Pomoc społeczna (test)" || names[list[1].Measurement.ID] != "Terespol" {
			w.T.Errorf("names: %v", names)
		}
	})
}

// checkGroup compares a group's figures with sums made here.
func checkGroup(w *world, what string, g evidence.Group, list []measured.Planted) {
	w.T.Helper()
	var n, lost, followed, yes int
	var post, later float64
	for _, p := range list {
		if !p.Matched() {
			lost++
			continue
		}
		n, post = n+1, post+p.Post
		if p.Followed(measurement.Months3) {
			followed, later, yes = followed+1, later+p.Later[measurement.Months3], yes+1
		}
	}
	if g.Hidden || g.LaterHidden || g.Gain.Matched != n || g.Gain.Lost != lost || g.Losses["under-way"] != lost || g.Gain.Later.N != followed {
		w.T.Errorf("%s: %+v, and %d are matched, %d lost, %d followed", what, g, n, lost, followed)
		return
	}
	near(w.T, what+": mean pre", g.Gain.MeanPre, 40, 1e-9)
	near(w.T, what+": mean post", g.Gain.MeanPost, post/float64(n), 1e-9)
	near(w.T, what+": mean later", g.Gain.Later.MeanLater, later/float64(followed), 1e-9)
	if g.Use != (gain.Use{Asked: n, Answered: followed, Yes: yes}) {
		w.T.Errorf("%s: use %+v", what, g.Use)
	}
}

func TestAReportThatCannotBe(t *testing.T) {
	each(t, func(w *world) {
		w.Plant(measured.GoldenLearners(w.Attach())...)
		for name, c := range map[string]struct {
			q    evidence.Query
			want error
		}{
			"no such family":        {evidence.Query{Family: id.New()}, errs.ErrNotFound},
			"not a family":          {evidence.Query{Family: "'; DROP TABLE participant"}, errs.ErrNotFound},
			"before is no later":    {evidence.Query{Family: w.Test.Family, Wave: measurement.Before}, errs.ErrInvalid},
			"no such wave":          {evidence.Query{Family: w.Test.Family, Wave: "percent"}, errs.ErrInvalid},
			"no such dimension":     {evidence.Query{Family: w.Test.Family, By: "person"}, errs.ErrInvalid},
			"nobody in that region": {evidence.Query{Family: w.Test.Family, By: evidence.ByRegion, Group: "32"}, errs.ErrNotFound},
		} {
			if _, err := w.Evidence.Report(w.Ctx, w.Admin, c.q); !errors.Is(err, c.want) {
				w.T.Errorf("%s: %v", name, err)
			}
		}
	})
}

// TestAQuarterBeginsAtMidnightInWarsaw: 22:30 UTC on the last day of September is October there.
func TestAQuarterBeginsAtMidnightInWarsaw(t *testing.T) {
	each(t, func(w *world) {
		m := w.Attach()
		for i := range 12 {
			at := []time.Time{time.Date(2026, 9, 30, 21, 59, 59, 0, time.UTC), time.Date(2026, 9, 30, 22, 0, 0, 0, time.UTC)}[i%2]
			w.Plant(measured.Planted{Measurement: m, Joined: at, Pre: 50, Post: 60})
		}
		got := map[string]int{}
		for _, g := range w.Report("").Groups[evidence.ByPeriod] {
			got[g.Key] = g.Gain.Matched
		}
		if len(got) != 2 || got["2026-Q3"] != 6 || got["2026-Q4"] != 6 {
			w.T.Errorf("%v", got)
		}
	})
}

func TestTheLatestFollowUpIsTheDefault(t *testing.T) {
	each(t, func(w *world) {
		m := w.Attach()
		if r := w.Report(""); r.Wave != measurement.Months3 || r.Waves != nil || !r.Small {
			w.T.Errorf("of nobody: %s of %v", r.Wave, r.Waves)
		}
		for range 6 {
			w.Plant(measured.Planted{Measurement: m, Pre: 50, Post: 60, Use: "no", Later: map[measurement.Wave]float64{measurement.Week: 58, measurement.Months6: 55}})
		}
		r := w.Report("")
		if r.Wave != measurement.Months6 || !slices.Equal(r.Waves, []measurement.Wave{measurement.Week, measurement.Months6}) || r.Group.Gain.Later.MeanLater != 55 {
			w.T.Errorf("%s of %v: %+v", r.Wave, r.Waves, r.Group.Gain.Later)
		}
		if r := w.Report(measurement.Week); r.Group.Gain.Later.MeanLater != 58 {
			w.T.Errorf("of the week: %+v", r.Group.Gain.Later)
		}
		if r := w.Report(measurement.Months3); r.Group.Gain.Later.N != 0 || !r.Group.LaterHidden || r.Group.Gain.Matched != 6 {
			w.T.Errorf("of a follow-up that nobody sat: %+v", r.Group)
		}
	})
}

// A coordinator of a region sees the people of the region and the posts below it, in figures, notes, counts and names of groups.
func TestAReportReachesAsFarAsTheRole(t *testing.T) {
	each(t, func(w *world) {
		m := w.Attach()
		east, west := w.NewUnit(w.Unit, "Oddział Wschodni"), w.NewUnit(w.Unit, "Oddział Zachodni")
		post := w.NewUnit(east, "Placówka")
		groups := []struct {
			unit, region, note string
			n                  int
			post               float64
		}{{east, "06", "ze wschodu", 6, 60}, {post, "20", "z placówki", 7, 70}, {west, "32", "z zachodu", 8, 90}, {w.Unit, "14", "z komendy", 9, 95}}
		for _, g := range groups {
			for range g.n {
				w.Plant(measured.Planted{Measurement: m, Unit: g.unit, Org: w.Unit, Region: g.region, Pre: 50, Post: g.post, Later: measured.At3(g.post), Use: "yes", Note: g.note})
			}
		}
		coordinator := func(unit string) access.Actor { return w.Within(access.Coordinator, unit) }
		ended := coordinator(west)
		ended.Grants[0].Expires = measured.Start
		both := coordinator(west)
		both.Grants = append(both.Grants, coordinator(post).Grants...)
		for name, c := range map[string]struct {
			actor   access.Actor
			matched int
			notes   []string
		}{
			"of everything":   {w.Admin, 30, []string{"z komendy", "z placówki", "z zachodu", "ze wschodu"}},
			"of the service":  {coordinator(w.Unit), 30, []string{"z komendy", "z placówki", "z zachodu", "ze wschodu"}},
			"of the east":     {coordinator(east), 13, []string{"z placówki", "ze wschodu"}},
			"of the post":     {coordinator(post), 7, []string{"z placówki"}},
			"of two units":    {both, 15, []string{"z placówki", "z zachodu"}},
			"a trainer there": {w.Within(access.Trainer, east), 13, []string{"z placówki", "ze wschodu"}},
		} {
			r, err := w.Evidence.Report(w.Ctx, c.actor, evidence.Query{Family: w.Test.Family})
			w.No(err)
			slices.Sort(r.Notes)
			if r.Group.Gain.Matched != c.matched || len(r.Notes) != c.matched || !slices.Equal(slices.Compact(r.Notes), c.notes) {
				w.T.Errorf("%s: %d matched, notes %v", name, r.Group.Gain.Matched, r.Notes)
			}
			list, err := w.Measurements.Measurements(w.Ctx, c.actor)
			if err != nil || len(list) != 1 || list[0].Participants != c.matched || list[0].Done[measurement.Months3] != c.matched {
				w.T.Errorf("%s: the list has %+v, %v", name, list, err)
			}
		}
		r, err := w.Evidence.Report(w.Ctx, coordinator(east), evidence.Query{Family: w.Test.Family})
		w.No(err)
		if keys := regionKeys(r); !slices.Equal(keys, []string{"06", "20"}) {
			w.T.Errorf("the east sees the regions %v", keys)
		}
		if _, err := w.Evidence.Report(w.Ctx, coordinator(east), evidence.Query{Family: w.Test.Family, By: evidence.ByRegion, Group: "32"}); !errors.Is(err, errs.ErrNotFound) {
			w.T.Errorf("the east reads the west: %v", err)
		}
		for name, actor := range map[string]access.Actor{"a learner": w.Person("Jan", "Zwykły"), "a role that has ended": ended, "nobody": {}} {
			if r, err := w.Evidence.Report(w.Ctx, actor, evidence.Query{Family: w.Test.Family}); !errors.Is(err, errs.ErrNotFound) || r.Group.Gain.Matched != 0 {
				w.T.Errorf("%s reads the report: %v", name, err)
			}
			if list, err := w.Measurements.Measurements(w.Ctx, actor); len(list) > 0 {
				w.T.Errorf("%s reads the list of measurements: %+v, %v", name, list, err)
			}
		}
		elsewhere := w.Within(access.Coordinator, w.NewUnit("", "Inna służba"))
		if r, err := w.Evidence.Report(w.Ctx, elsewhere, evidence.Query{Family: w.Test.Family}); err != nil || !r.Small || r.Group.Gain.Matched != 0 || regionKeys(r) != nil {
			w.T.Errorf("a coordinator elsewhere: %+v, %v", r, err)
		}
	})
}

func regionKeys(r evidence.Report) (keys []string) {
	for _, g := range r.Groups[evidence.ByRegion] {
		keys = append(keys, g.Key)
	}
	return keys
}

// TestReportsWhileAnswersArrive reads reports while people hand in. Everybody has 50 before, 100 after and the same note at the
// follow-up, so that each report tells whether it saw one state: counts add up, means do not move, and there are as many
// notes, which are read by themselves, as answers.
func TestReportsWhileAnswersArrive(t *testing.T) {
	each(t, func(w *world) {
		m := w.Attach()
		const n = 24
		var list []measured.Planted
		for i := range n {
			p := measured.Planted{Measurement: m, Region: []string{"06", "20"}[i%2], Sex: []string{"f", "m"}[i/2%2], Pre: 50, Post: 100, Later: measured.At3(missing), Use: "asked"}
			if i >= n/2 {
				p.Post, p.Later = missing, nil
			}
			list = append(list, p)
		}
		var handIns []func() error
		for i, participantID := range w.Plant(list...) {
			handIns = append(handIns, w.toHandIn(participantID, i < n/2))
		}
		var writers sync.WaitGroup
		done := make(chan struct{})
		for part := range slices.Chunk(handIns, n/4) {
			writers.Go(func() {
				for _, toHandIn := range part {
					if err := toHandIn(); err != nil {
						w.T.Error(err)
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
			r := w.Report(measurement.Months3)
			w.consistent(r, n)
			if g := r.Group.Gain; g.Matched < last {
				w.T.Errorf("%d matched after %d", g.Matched, last)
			}
			last = r.Group.Gain.Matched
		}
		if r := w.Report(measurement.Months3); last != n || r.Group.Gain.Later.N != n/2 || len(r.Notes) != n/2 {
			w.T.Errorf("at the end %d are matched, %d followed, %d notes", last, r.Group.Gain.Later.N, len(r.Notes))
		}
	})
}

// toHandIn begins a measured.Planted participant's next sitting and returns what hands it in, all right.
func (w *world) toHandIn(participantID string, followUp bool) func() error {
	w.T.Helper()
	wave := measurement.After
	if followUp {
		wave = measurement.Months3
	} else {
		w.No(w.DB.Update(w.Ctx, func(tx *db.Tx) error {
			return w.Measurements.FillSitting(w.Ctx, tx, measurement.Filled{ParticipantID: participantID, Wave: wave, State: measurement.Asked, At: measured.Start})
		}))
	}
	sittingID, err := db.One[string](w.Ctx, w.DB, `SELECT id FROM sitting WHERE participant_id = ? AND wave = ?`, participantID, string(wave))
	w.No(err)
	form := w.Answers(sittingID, 99)
	form[measurement.FieldUsed], form[measurement.FieldNote] = []string{"yes"}, []string{"przydało się"}
	return func() error {
		_, err := w.Measurements.Save(w.Ctx, sittingID, form, true, true)
		return err
	}
}

func (w *world) consistent(r evidence.Report, n int) {
	w.T.Helper()
	g := r.Group.Gain
	losses := 0
	for _, k := range r.Group.Losses {
		losses += k
	}
	if g.Matched+g.Lost != n || losses != g.Lost || g.MeanPre != 50 || g.MeanPost != 100 || g.Difference != 50 {
		w.T.Errorf("%d matched and %d lost (%v), from %v to %v", g.Matched, g.Lost, r.Group.Losses, g.MeanPre, g.MeanPost)
	}
	if (r.Spread != nil) != (g.Matched >= evidence.LeastSpread) {
		w.T.Errorf("the distribution of %d: %v", g.Matched, r.Spread)
		r.Spread = nil
	}
	if r.Spread == nil {
		r.Spread = &evidence.Spread{{g.Matched}, {g.Matched}}
	}
	for i, column := range r.Spread {
		sum := 0
		for _, k := range column {
			sum += k
		}
		if sum != g.Matched {
			w.T.Errorf("the distribution %d has %d of %d", i, sum, g.Matched)
		}
	}
	if !r.Group.LaterHidden && (r.Group.UseHidden || g.Later.N != r.Group.Use.Answered || len(r.Notes) != r.Group.Use.Answered || g.Later.MeanLater != 100) {
		w.T.Errorf("%d later, %d answers on use, %d notes", g.Later.N, r.Group.Use.Answered, len(r.Notes))
	}
	for d, groups := range r.Groups {
		matched, lost, hidden := 0, 0, false
		for _, x := range groups {
			matched, lost, hidden = matched+x.Gain.Matched, lost+x.Gain.Lost, hidden || x.Hidden
		}
		if !hidden && (matched != g.Matched || lost != g.Lost) || matched > g.Matched {
			w.T.Errorf("by %s there are %d matched and %d lost of %d and %d", d, matched, lost, g.Matched, g.Lost)
		}
	}
}

// Notes stand in the report of all alone: beside a group's name they would say whose they may be.
func TestAGroupHasNoNotes(t *testing.T) {
	each(t, func(w *world) {
		w.Approve()
		m := w.Trained("Szkolenie", "Projekt", w.Unit)
		var list []measured.Planted
		for range 20 {
			list = append(list, measured.Planted{Measurement: m, Region: "06", Sex: "f", Lang: "pl", Pre: 40, Post: 60, Later: measured.At3(55), Use: "yes", Note: "Pomogła lista pytań."})
		}
		w.Plant(list...)
		if r := w.Report(measurement.Months3); len(r.Notes) != 20 {
			w.T.Errorf("%d notes of all", len(r.Notes))
		}
		for by, group := range map[evidence.Dimension]string{evidence.ByMeasurement: m.ID, evidence.ByRegion: "06", evidence.BySex: "f"} {
			r, err := w.Evidence.Report(w.Ctx, w.Admin, evidence.Query{Family: w.Test.Family, Wave: measurement.Months3, By: by, Group: group})
			if err != nil || r.Small || r.Group.Gain.Matched != 20 || r.Notes != nil {
				w.T.Errorf("by %s: small %v, %d matched, %d notes, %v", by, r.Small, r.Group.Gain.Matched, len(r.Notes), err)
			}
		}
	})
}
