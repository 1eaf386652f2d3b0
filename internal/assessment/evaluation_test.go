package assessment_test

import (
	"errors"
	"fmt"
	"maps"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"ostoja/internal/access"
	"ostoja/internal/assessment"
	"ostoja/internal/db"
	"ostoja/internal/errs"
	"ostoja/internal/schema"
)

// evaluating are participants of a course who have sat the test after it and are asked for an evaluation. It returns their
// sittings.
func (w *world) evaluating(m assessment.Measurement, n int) (sittingIDs []string) {
	w.t.Helper()
	var list []planted
	for range n {
		list = append(list, planted{measurement: m, region: "06", sex: "f", lang: "pl", pre: 50, post: 75})
	}
	for _, participantID := range w.plant(list...) {
		w.no(w.d.Update(w.ctx, func(tx *db.Tx) error {
			return db.Exec(w.ctx, tx, `UPDATE participant SET survey_state = 'asked' WHERE id = ?`, participantID)
		}))
		sittingID, err := db.One[string](w.ctx, w.d, `SELECT id FROM sitting WHERE participant_id = ? AND wave = 'after'`, participantID)
		w.no(err)
		sittingIDs = append(sittingIDs, sittingID)
	}
	return sittingIDs
}

// evaluation is the form of an evaluation with the same answer to each question.
func evaluation(answer int, comment string) map[string][]string {
	form := map[string][]string{assessment.FieldComment: {comment}}
	for _, q := range assessment.SurveyQuestions {
		form[q] = []string{fmt.Sprint(answer)}
	}
	return form
}

// answered returns how many answers are kept, shown or not.
func (w *world) answered(m assessment.Measurement) int {
	w.t.Helper()
	n, err := db.One[int](w.ctx, w.d, `SELECT responses FROM survey_result WHERE measurement_id = ?`, m.ID)
	w.no(err)
	return n
}

func (w *world) survey(m assessment.Measurement) assessment.SurveyReport {
	w.t.Helper()
	r, err := w.s.Survey(w.ctx, w.admin, m.ID)
	w.no(err)
	return r
}

// dump returns every row of every table as a text, by table. Its order is not the database's.
func (w *world) dump() map[string][]string {
	w.t.Helper()
	all := map[string][]string{}
	w.no(w.d.View(w.ctx, func(tx *db.Tx) error {
		for _, table := range schema.Tables {
			if err := db.Rows(w.ctx, tx, func(columns []string, values []any) error {
				var b strings.Builder
				for i, c := range columns {
					if raw, is := values[i].([]byte); is {
						values[i] = string(raw)
					}
					fmt.Fprintf(&b, "%s=%v|", c, values[i])
				}
				all[table] = append(all[table], b.String())
				return nil
			}, `SELECT * FROM `+table); err != nil {
				return err
			}
			slices.Sort(all[table])
		}
		return nil
	}))
	return all
}

// changes returns what a second dump has that a first one has not, by table.
func changes(before, after map[string][]string) map[string][]string {
	found := map[string][]string{}
	for table, rows := range after {
		for _, row := range rows {
			if _, there := slices.BinarySearch(before[table], row); !there {
				found[table] = append(found[table], row)
			}
		}
	}
	return found
}

// An answer changes two rows: the participant's, by the word "answered" alone, and the sums of all. There is no time, no key
// and no entry anywhere else (audit, record, mail, jobs) by which the two could be joined.
func TestAnEvaluationLeavesTwoMarksThatNothingJoins(t *testing.T) {
	each(t, func(w *world) {
		m := w.attach()
		sittings := w.evaluating(m, 8)
		for i, sittingID := range sittings[:6] {
			w.no(w.s.AnswerSurvey(w.ctx, sittingID, evaluation(1+i%5, fmt.Sprintf("uwaga %d", 9-i))))
		}
		before := w.dump()
		w.clock.Advance(17 * time.Minute)
		w.no(w.s.AnswerSurvey(w.ctx, sittings[6], evaluation(4, "Zasiany komentarz, którego szukamy")))
		w.measure() // whatever a job would write of it
		after := w.dump()
		found := changes(before, after)
		if len(found) != 2 || len(found["participant"]) != 1 || len(found["survey_result"]) != 1 {
			w.t.Fatalf("an answer left: %v", found)
		}
		for table := range after {
			if len(after[table]) != len(before[table]) {
				w.t.Errorf("%s has %d rows, and had %d", table, len(after[table]), len(before[table]))
			}
		}
		unmarked := strings.Replace(found["participant"][0], "survey_state=answered|", "survey_state=asked|", 1)
		if _, there := slices.BinarySearch(before["participant"], unmarked); !there {
			w.t.Errorf("more of the participant changed than the mark: %s", found["participant"][0])
		}
		for table, rows := range after {
			for _, row := range rows {
				if strings.Contains(row, "Zasiany komentarz") != (table == "survey_result") {
					w.t.Errorf("%s: %s", table, row)
				}
			}
		}
		// Nothing in the row of sums names anybody.
		for _, row := range append(after["participant"], append(after["sitting"], after["person"]...)...) {
			key := strings.TrimPrefix(strings.SplitN(row, "|", 2)[0], "id=")
			if strings.Contains(found["survey_result"][0], key) {
				w.t.Errorf("the sums name %s", key)
			}
		}
	})
}

// TestNoColumnBesideTheSumsHoldsAnEvaluation looks at the schema: a new column or table that keeps answers or times of
// evaluations must be thought about here first.
func TestNoColumnBesideTheSumsHoldsAnEvaluation(t *testing.T) {
	each(t, func(w *world) {
		var found []string
		for _, table := range schema.Tables {
			columns, err := db.Columns(w.ctx, w.d, table)
			w.no(err)
			for _, c := range columns {
				if strings.Contains(table+c, "survey") || strings.Contains(table+c, "evaluation") || strings.Contains(c, "comment") {
					found = append(found, table+"."+c)
				}
			}
		}
		slices.Sort(found)
		want := []string{
			"measurement.survey", "participant.survey_state",
			"survey_release.comments", "survey_release.measurement_id", "survey_release.responses", "survey_release.tally",
			"survey_result.comments", "survey_result.measurement_id", "survey_result.responses", "survey_result.tally",
		}
		if !slices.Equal(found, want) {
			w.t.Errorf("%v", found)
		}
	})
}

// TestWhoSaidWhatIsNotInTheDatabase is anonymity itself: let the same answers come from other people, and those of each step
// in another order, and every table holds the same as before.
func TestWhoSaidWhatIsNotInTheDatabase(t *testing.T) {
	each(t, func(w *world) {
		m := w.attach()
		sittings := w.evaluating(m, 11)
		rapid.Check(w.t.(*testing.T), func(rt *rapid.T) {
			forms := make([]map[string][]string, rapid.IntRange(1, len(sittings)).Draw(rt, "answers"))
			for i := range forms {
				forms[i] = drawEvaluation(rt)
			}
			said := w.answerAll(sittings[:len(forms)], forms)
			var other []map[string][]string
			for step := range slices.Chunk(forms, assessment.LeastGroup) {
				for _, i := range rapid.Permutation(indices(len(step))).Draw(rt, "order") {
					other = append(other, step[i])
				}
			}
			people := slices.Clone(sittings[:len(forms)])
			random := rand.New(rand.NewPCG(rapid.Uint64().Draw(rt, "who"), 1))
			random.Shuffle(len(people), func(i, j int) { people[i], people[j] = people[j], people[i] })
			if again := w.answerAll(people, other); !maps.EqualFunc(said, again, slices.Equal) {
				rt.Fatalf("the database tells who said what: %v", changes(said, again))
			}
		})
	})
}

func indices(n int) []int {
	list := make([]int, n)
	for i := range list {
		list[i] = i
	}
	return list
}

func drawEvaluation(rt *rapid.T) map[string][]string {
	form := map[string][]string{assessment.SurveyQuestions[0]: {fmt.Sprint(rapid.IntRange(1, 5).Draw(rt, "first"))}}
	for _, q := range assessment.SurveyQuestions[1:] {
		if n := rapid.IntRange(0, 5).Draw(rt, q); n > 0 {
			form[q] = []string{fmt.Sprint(n)}
		}
	}
	form[assessment.FieldComment] = []string{rapid.SampledFrom([]string{"", "", "dobre", "Dobre", "za szybko", "Żółwim tempem", "ok ok"}).Draw(rt, "comment")}
	return form
}

// answerAll lets people answer anew, each a minute after the other, and returns what the database holds then.
func (w *world) answerAll(sittings []string, forms []map[string][]string) map[string][]string {
	w.t.Helper()
	w.no(w.d.Update(w.ctx, func(tx *db.Tx) error {
		return errors.Join(db.Exec(w.ctx, tx, `DELETE FROM survey_release`), db.Exec(w.ctx, tx, `DELETE FROM survey_result`), db.Exec(w.ctx, tx, `UPDATE participant SET survey_state = 'asked'`))
	}))
	for i, sittingID := range sittings {
		w.clock.Advance(time.Minute)
		w.no(w.s.AnswerSurvey(w.ctx, sittingID, forms[i]))
	}
	return w.dump()
}

// The fifth answer also moves on what is shown, and nothing else; by that row, too, nobody can be told.
func TestAStepLeavesOneMarkMore(t *testing.T) {
	each(t, func(w *world) {
		m := w.attach()
		sittings := w.evaluating(m, 5)
		for i, sittingID := range sittings[:4] {
			w.no(w.s.AnswerSurvey(w.ctx, sittingID, evaluation(1+i%5, fmt.Sprintf("uwaga %d", 9-i))))
		}
		before := w.dump()
		w.no(w.s.AnswerSurvey(w.ctx, sittings[4], evaluation(4, "piąta uwaga")))
		found := changes(before, w.dump())
		if len(found) != 3 || len(found["participant"]) != 1 || len(found["survey_result"]) != 1 || len(found["survey_release"]) != 1 {
			w.t.Fatalf("the fifth answer left: %v", found)
		}
		if found["survey_release"][0] != found["survey_result"][0] {
			w.t.Errorf("%s is shown of %s", found["survey_release"], found["survey_result"])
		}
	})
}

// PostgreSQL keeps beside each row which transaction wrote it and where it lies. A row an answer would be joined to the mark
// of its person by either. The only row there is has been written by the last who answered, and it is the sum of all.
func TestPostgresKeepsNoTransactionOfASingleAnswer(t *testing.T) {
	each(t, func(w *world) {
		if w.d.Engine() != db.Postgres {
			w.t.Skip("SQLite keeps no transaction beside a row")
		}
		m := w.attach()
		sittings := w.evaluating(m, 7)
		for i, sittingID := range sittings {
			w.no(w.s.AnswerSurvey(w.ctx, sittingID, evaluation(1+i%5, fmt.Sprintf("uwaga %d", (i*4)%7))))
		}
		type joined struct {
			PersonID  string
			Responses int
		}
		for _, table := range []string{"participant", "sitting"} {
			list, err := db.All[joined](w.ctx, w.d, `SELECT x.id AS person_id, r.responses FROM survey_result r JOIN `+table+` x ON x.xmin = r.xmin`)
			w.no(err)
			if len(list) > 1 || len(list) == 1 && list[0].Responses != len(sittings) {
				w.t.Errorf("by transaction, %s joins %+v", table, list)
			}
		}
		shown, err := db.All[joined](w.ctx, w.d, `SELECT x.id AS person_id, r.responses FROM survey_release r JOIN participant x ON x.xmin = r.xmin`)
		if err != nil || len(shown) > 1 || len(shown) == 1 && shown[0].Responses != 5 {
			w.t.Errorf("by transaction, what is shown joins %+v, %v", shown, err)
		}
		places, err := db.All[string](w.ctx, w.d, `SELECT ctid::text FROM survey_result`)
		if err != nil || len(places) != 1 {
			w.t.Errorf("the sums lie at %v, %v", places, err)
		}
		// The participants lie in the order in which they answered; the comments in that of the alphabet.
		if r := w.survey(m); !slices.IsSorted(r.Comments) || len(r.Comments) != 5 {
			w.t.Errorf("%v", r.Comments)
		}
	})
}

func TestAnEvaluationIsAnsweredOnce(t *testing.T) {
	each(t, func(w *world) {
		m := w.attach()
		sittings := w.evaluating(m, 2)
		var devices sync.WaitGroup
		var mu sync.Mutex
		taken, refused := 0, 0
		for range 8 {
			devices.Go(func() {
				err := w.s.AnswerSurvey(w.ctx, sittings[0], evaluation(5, "raz"))
				mu.Lock()
				defer mu.Unlock()
				switch {
				case err == nil:
					taken++
				case errors.Is(err, errs.ErrConflict) && strings.Contains(err.Error(), "assessment.survey.done-already"):
					refused++
				default:
					w.t.Error(err)
				}
			})
		}
		devices.Wait()
		if taken != 1 || refused != 7 {
			w.t.Errorf("%d were taken and %d refused", taken, refused)
		}
		// Nor by another sitting of the same person.
		earlier, err := db.One[string](w.ctx, w.d, `SELECT b.id FROM sitting b JOIN sitting a ON a.participant_id = b.participant_id WHERE a.id = ? AND b.wave = 'before'`, sittings[0])
		w.no(err)
		if err := w.s.AnswerSurvey(w.ctx, earlier, evaluation(1, "")); !errors.Is(err, errs.ErrConflict) {
			w.t.Errorf("answered again by the sitting before: %v", err)
		}
		if r := w.survey(m); w.answered(m) != 1 || r.Asked != 2 || r.Responses != 0 {
			w.t.Errorf("%+v", r)
		}
	})
}

// Asked is who handed in the test after a training that has an evaluation; nobody else can answer.
func TestWhoIsAskedForAnEvaluation(t *testing.T) {
	each(t, func(w *world) {
		m := w.attach()
		a, b := w.person("Zofia", "Uczestna"), w.person("Anna", "Pomocna")
		w.enrol(a, b)
		before := w.task(a, assessment.Before)
		w.sit(before, 8)
		w.sit(w.task(b, assessment.Before), 8)
		if err := w.s.AnswerSurvey(w.ctx, before, evaluation(5, "za wcześnie")); !errors.Is(err, errs.ErrConflict) {
			w.t.Errorf("answered before the course: %v", err)
		}
		w.finish(a)
		after := w.task(a, assessment.After)
		w.sit(after, 12)
		w.no(w.s.AnswerSurvey(w.ctx, after, evaluation(5, "")))
		if r := w.survey(m); r.Asked != 1 || w.answered(m) != 1 || r.Responses != 0 {
			w.t.Errorf("%+v", r)
		}
		if err := w.s.AnswerSurvey(w.ctx, m.ID, evaluation(5, "")); !errors.Is(err, errs.ErrNotFound) {
			w.t.Errorf("a sitting that is none: %v", err)
		}
		without, err := w.s.Attach(w.ctx, w.admin, assessment.MeasurementDraft{
			TestID: w.test.ID, Kind: assessment.OfTraining, Title: "Bez oceny", UnitID: w.unit, HeldFrom: start.Add(day), HeldUntil: start.Add(2 * day),
		})
		w.no(err)
		_, err = w.s.AddParticipants(w.ctx, w.admin, without.ID, []string{a.PersonID})
		w.no(err)
		w.clock.Advance(3 * day)
		w.measure()
		x, err := w.s.UseLink(w.ctx, w.token())
		w.no(err)
		w.sit(x.ID, 10)
		if err := w.s.AnswerSurvey(w.ctx, x.ID, evaluation(5, "")); !errors.Is(err, errs.ErrConflict) {
			w.t.Errorf("answered where no evaluation is asked: %v", err)
		}
	})
}

// TestAnEvaluationIsTheSumOfItsAnswers draws answers of any number of people and compares what is shown after each: the sums
// of all as of the last step of five, of each question those of whole steps.
func TestAnEvaluationIsTheSumOfItsAnswers(t *testing.T) {
	each(t, func(w *world) {
		m := w.attach()
		sittings := w.evaluating(m, 17)
		if r := w.survey(m); r.Asked != 17 || r.Responses != 0 || r.Shown || r.Rate() != 0 {
			w.t.Errorf("of nobody: %+v", r)
		}
		rapid.Check(w.t.(*testing.T), func(rt *rapid.T) {
			w.answerAll(nil, nil)
			var views []assessment.SurveyReport
			all, want := sums{}, sums{}
			for i, sittingID := range sittings[:rapid.IntRange(0, len(sittings)).Draw(rt, "answers")] {
				form := drawEvaluation(rt)
				w.no(w.s.AnswerSurvey(w.ctx, sittingID, form))
				all.add(form)
				if (i+1)%5 == 0 {
					want.follow(all)
				}
				r := w.survey(m)
				want.compare(rt, r)
				views = append(views, r)
			}
			noFewerThanFive(rt, views)
		})
	})
}

// sums are those of some answers, made here.
type sums struct {
	n        int
	counts   map[string][assessment.SurveyMost]int
	comments []string
}

func (s *sums) add(form map[string][]string) {
	s.n++
	s.counts = maps.Clone(s.counts)
	if s.counts == nil {
		s.counts = map[string][assessment.SurveyMost]int{}
	}
	for _, q := range assessment.SurveyQuestions {
		if v := form[q]; v != nil {
			c := s.counts[q]
			c[v[0][0]-'1']++
			s.counts[q] = c
		}
	}
	if c := form[assessment.FieldComment][0]; c != "" {
		s.comments = append(slices.Clone(s.comments), c)
		slices.Sort(s.comments)
	}
}

func answersOf(counts [assessment.SurveyMost]int) (n, sum int) {
	for i, k := range counts {
		n, sum = n+k, sum+(i+1)*k
	}
	return n, sum
}

// follow takes over the sums of all, but those of a question only if five more answered it.
func (s *sums) follow(all sums) {
	counts := map[string][assessment.SurveyMost]int{}
	for _, q := range assessment.SurveyQuestions {
		before, _ := answersOf(s.counts[q])
		after, _ := answersOf(all.counts[q])
		if counts[q] = s.counts[q]; after-before >= 5 {
			counts[q] = all.counts[q]
		}
	}
	*s = sums{all.n, counts, all.comments}
}

func (s *sums) compare(rt *rapid.T, r assessment.SurveyReport) {
	if r.Responses != s.n || r.Asked != 17 || math.Abs(r.Rate()-float64(s.n)/17*100) > 1e-9 || r.Shown != (s.n >= 5) {
		rt.Fatalf("of %d: %+v", s.n, r)
	}
	if !r.Shown {
		if r.Questions != nil || r.Comments != nil {
			rt.Fatalf("%d answers are shown: %+v", s.n, r)
		}
		return
	}
	if !slices.Equal(r.Comments, s.comments) || len(r.Questions) != len(assessment.SurveyQuestions) {
		rt.Fatalf("%v, and they wrote %v", r.Comments, s.comments)
	}
	for _, a := range r.Questions {
		n, sum := answersOf(s.counts[a.Question])
		if a.Counts != s.counts[a.Question] || a.N != n || n > 0 && math.Abs(a.Mean-float64(sum)/float64(n)) > 1e-9 || n == 0 && !assessment.IsMissing(a.Mean) {
			rt.Fatalf("%+v of %v", a, s.counts[a.Question])
		}
	}
}

// noFewerThanFive compares every view with every later one: what changed are the answers of five people or more.
func noFewerThanFive(rt *rapid.T, views []assessment.SurveyReport) {
	few := func(n int) bool { return n < 0 || n > 0 && n < 5 }
	for i, a := range views {
		for _, b := range views[i:] {
			if few(b.Responses-a.Responses) || b.Responses == a.Responses && (!slices.Equal(a.Comments, b.Comments) || !slices.EqualFunc(a.Questions, b.Questions, sameAnswers)) {
				rt.Fatalf("%d answers, then %d: %+v, %+v", a.Responses, b.Responses, a, b)
			}
			for k, q := range b.Questions {
				before := assessment.SurveyAnswer{Question: q.Question}
				if a.Questions != nil {
					before = a.Questions[k]
				}
				if few(q.N-before.N) || q.N == before.N && q.Counts != before.Counts {
					rt.Fatalf("%+v, then %+v", before, q)
				}
			}
		}
	}
}

// sameAnswers compares all but the means, which may be missing.
func sameAnswers(a, b assessment.SurveyAnswer) bool {
	return a.Question == b.Question && a.Counts == b.Counts
}

func TestAnEvaluationNamesWhatItRefuses(t *testing.T) {
	each(t, func(w *world) {
		m := w.attach()
		sitting := w.evaluating(m, 1)[0]
		before := w.dump()
		for _, c := range []struct {
			name  string
			form  map[string][]string
			field string
			key   string
		}{
			{"a PESEL", evaluation(5, "Pani z numerem 44051401359 pytała"), assessment.FieldComment, "assessment.private.pesel"},
			{"a phone", evaluation(5, "Proszę dzwonić: +48 600 700 800"), assessment.FieldComment, "assessment.private.phone"},
			{"a document", evaluation(5, "paszport AB 1234567"), assessment.FieldComment, "assessment.private.document"},
			{"a mail address", evaluation(5, "piszcie na anna@example.org"), assessment.FieldComment, "assessment.private.mail"},
			{"too long", evaluation(5, strings.Repeat("ą", 1001)), assessment.FieldComment, "assessment.private.long"},
			{"above the scale", map[string][]string{"useful": {"6"}}, "useful", "error.invalid"},
			{"below the scale", map[string][]string{"clear": {"0"}, "useful": {"5"}}, "clear", "error.invalid"},
			{"no number", map[string][]string{"intend": {"tak"}}, "intend", "error.invalid"},
			{"nothing", map[string][]string{assessment.FieldComment: {"  \n"}}, "useful", "assessment.survey.empty"},
		} {
			w.refuses(c.name, w.s.AnswerSurvey(w.ctx, sitting, c.form), c.field, c.key)
		}
		if found := changes(before, w.dump()); len(found) > 0 {
			w.t.Errorf("a refused evaluation left %v", found)
		}
		// Nothing is lost: the person may answer still, with the text written otherwise.
		w.no(w.s.AnswerSurvey(w.ctx, sitting, evaluation(5, strings.Repeat("ą", 1000))))
		if n := w.answered(m); n != 1 {
			w.t.Errorf("%d answers are kept", n)
		}
	})
}

// refuses checks that an error names a field and why.
func (w *world) refuses(what string, err error, field, key string) {
	w.t.Helper()
	e := (*errs.Error)(nil)
	if !errors.As(err, &e) || !errors.Is(err, errs.ErrInvalid) {
		w.t.Errorf("%s: %v", what, err)
		return
	}
	if !slices.ContainsFunc(e.Fields, func(f errs.Field) bool { return f.Name == field && f.Key == key }) {
		w.t.Errorf("%s: %v, not %s at %s", what, err, key, field)
	}
}

// An evaluation is of all participants of a measurement or of none, so it is for who may read evidence of the measurement's
// own unit: a region of it would be few enough to tell who said what.
func TestWhoReadsAnEvaluation(t *testing.T) {
	each(t, func(w *world) {
		w.approve()
		east := w.newUnit(w.unit, "Oddział Wschodni")
		national, regional := w.trained("Krajowe", "", w.unit), w.trained("Regionalne", "", east)
		for _, sittingID := range append(w.evaluating(national, 5), w.evaluating(regional, 5)...) {
			w.no(w.s.AnswerSurvey(w.ctx, sittingID, evaluation(4, "dobrze")))
		}
		for name, c := range map[string]struct {
			actor              access.Actor
			national, regional bool
		}{
			"administrator":              {w.admin, true, true},
			"coordinator of the service": {w.within(access.Coordinator, w.unit), true, true},
			"coordinator of the region":  {w.within(access.Coordinator, east), false, true},
			"reviewer of the region":     {w.within(access.Reviewer, east), false, true},
			"coordinator elsewhere":      {w.within(access.Coordinator, w.newUnit("", "Inna służba")), false, false},
			"learner":                    {w.person("Jan", "Zwykły"), false, false},
			"nobody":                     {access.Actor{}, false, false},
		} {
			for m, may := range map[string]bool{national.ID: c.national, regional.ID: c.regional} {
				r, err := w.s.Survey(w.ctx, c.actor, m)
				if may && (err != nil || !r.Shown || r.Responses != 5 || r.Rate() != 100) {
					w.t.Errorf("%s: %+v, %v", name, r, err)
				}
				if !may && (!errors.Is(err, errs.ErrNotFound) || r.Asked != 0 || r.Shown) {
					w.t.Errorf("%s reads it: %+v, %v", name, r, err)
				}
			}
		}
	})
}
