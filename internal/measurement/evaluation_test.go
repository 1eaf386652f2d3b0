package measurement_test

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
	"ostoja/internal/classroom"
	"ostoja/internal/db"
	"ostoja/internal/disclosure"
	"ostoja/internal/errs"
	"ostoja/internal/gain"
	"ostoja/internal/measurement"
	"ostoja/internal/measurement/survey"
	"ostoja/internal/schema"
	"ostoja/internal/testrig/measured"
)

// evaluating are participants of a course who have sat the test after it and are asked for an evaluation. It returns their
// sittings.
func (w *world) evaluating(m measurement.Measurement, n int) (sittingIDs []string) {
	w.T.Helper()
	var list []measured.Planted
	for range n {
		list = append(list, measured.Planted{Measurement: m, Region: "06", Sex: "f", Lang: "pl", Pre: 50, Post: 75})
	}
	for _, participantID := range w.Plant(list...) {
		w.No(w.DB.Update(w.Ctx, func(tx *db.Tx) error {
			return db.Exec(w.Ctx, tx, `UPDATE participant SET survey_state = 'asked' WHERE id = ?`, participantID)
		}))
		sittingID, err := db.One[string](w.Ctx, w.DB, `SELECT id FROM sitting WHERE participant_id = ? AND wave = 'after'`, participantID)
		w.No(err)
		sittingIDs = append(sittingIDs, sittingID)
	}
	return sittingIDs
}

// evaluation is the form of an evaluation with the same answer to each question.
func evaluation(answer int, comment string) map[string][]string {
	form := map[string][]string{survey.FieldComment: {comment}}
	for _, q := range survey.Questions {
		form[q] = []string{fmt.Sprint(answer)}
	}
	return form
}

// answered returns how many answers are kept, shown or not.
func (w *world) answered(m measurement.Measurement) int {
	w.T.Helper()
	n, err := db.One[int](w.Ctx, w.DB, `SELECT responses FROM survey_result WHERE measurement_id = ?`, m.ID)
	w.No(err)
	return n
}

func (w *world) survey(m measurement.Measurement) survey.Report {
	w.T.Helper()
	r, err := w.Measurements.Survey(w.Ctx, w.Admin, m.ID)
	w.No(err)
	return r
}

// An answer changes two rows: the participant's, by the word "answered" alone, and the sums of all. There is no time, no key
// and no entry anywhere else (audit, record, mail, jobs) by which the two could be joined.
func TestAnEvaluationLeavesTwoMarksThatNothingJoins(t *testing.T) {
	each(t, func(w *world) {
		m := w.Attach()
		sittings := w.evaluating(m, 8)
		for i, sittingID := range sittings[:6] {
			w.No(w.Measurements.AnswerSurvey(w.Ctx, sittingID, evaluation(1+i%5, fmt.Sprintf("uwaga %d", 9-i))))
		}
		before := w.Dump()
		w.Clock.Advance(17 * time.Minute)
		w.No(w.Measurements.AnswerSurvey(w.Ctx, sittings[6], evaluation(4, "Zasiany komentarz, którego szukamy")))
		w.Measure() // whatever a job would write of it
		after := w.Dump()
		found := measured.Changes(before, after)
		if len(found) != 2 || len(found["participant"]) != 1 || len(found["survey_result"]) != 1 {
			w.T.Fatalf("an answer left: %v", found)
		}
		for table := range after {
			if len(after[table]) != len(before[table]) {
				w.T.Errorf("%s has %d rows, and had %d", table, len(after[table]), len(before[table]))
			}
		}
		unmarked := strings.Replace(found["participant"][0], "survey_state=answered|", "survey_state=asked|", 1)
		if _, there := slices.BinarySearch(before["participant"], unmarked); !there {
			w.T.Errorf("more of the participant changed than the mark: %s", found["participant"][0])
		}
		for table, rows := range after {
			for _, row := range rows {
				if strings.Contains(row, "Zasiany komentarz") != (table == "survey_result") {
					w.T.Errorf("%s: %s", table, row)
				}
			}
		}
		// Nothing in the row of sums names anybody.
		for _, row := range append(after["participant"], append(after["sitting"], after["person"]...)...) {
			key := strings.TrimPrefix(strings.SplitN(row, "|", 2)[0], "id=")
			if strings.Contains(found["survey_result"][0], key) {
				w.T.Errorf("the sums name %s", key)
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
			columns, err := db.Columns(w.Ctx, w.DB, table)
			w.No(err)
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
			"survey_result.comments", "survey_result.measurement_id", "survey_result.recent", "survey_result.responses", "survey_result.tally",
		}
		if !slices.Equal(found, want) {
			w.T.Errorf("%v", found)
		}
	})
}

// TestWhoSaidWhatIsNotInTheDatabase is anonymity itself: let the same answers come from other people, and those of each step
// in another order, and every table holds the same as before.
func TestWhoSaidWhatIsNotInTheDatabase(t *testing.T) {
	each(t, func(w *world) {
		m := w.Attach()
		sittings := w.evaluating(m, 11)
		rapid.Check(w.T.(*testing.T), func(rt *rapid.T) {
			forms := make([]map[string][]string, rapid.IntRange(1, len(sittings)).Draw(rt, "answers"))
			for i := range forms {
				forms[i] = drawEvaluation(rt)
			}
			said := w.answerAll(sittings[:len(forms)], forms)
			var other []map[string][]string
			for step := range slices.Chunk(forms, disclosure.LeastGroup) {
				for _, i := range rapid.Permutation(indices(len(step))).Draw(rt, "order") {
					other = append(other, step[i])
				}
			}
			people := slices.Clone(sittings[:len(forms)])
			random := rand.New(rand.NewPCG(rapid.Uint64().Draw(rt, "who"), 1))
			random.Shuffle(len(people), func(i, j int) { people[i], people[j] = people[j], people[i] })
			if again := w.answerAll(people, other); !maps.EqualFunc(said, again, slices.Equal) {
				rt.Fatalf("the database tells who said what: %v", measured.Changes(said, again))
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
	form := map[string][]string{survey.Questions[0]: {fmt.Sprint(rapid.IntRange(1, 5).Draw(rt, "first"))}}
	for _, q := range survey.Questions[1:] {
		if n := rapid.IntRange(0, 5).Draw(rt, q); n > 0 {
			form[q] = []string{fmt.Sprint(n)}
		}
	}
	form[survey.FieldComment] = []string{rapid.SampledFrom([]string{"", "", "dobre", "Dobre", "za szybko", "Żółwim tempem", "ok ok"}).Draw(rt, "comment")}
	return form
}

// answerAll lets people answer anew, each a minute after the other, and returns what the database holds then.
func (w *world) answerAll(sittings []string, forms []map[string][]string) map[string][]string {
	w.T.Helper()
	w.No(w.DB.Update(w.Ctx, func(tx *db.Tx) error {
		return errors.Join(db.Exec(w.Ctx, tx, `DELETE FROM survey_release`), db.Exec(w.Ctx, tx, `DELETE FROM survey_result`), db.Exec(w.Ctx, tx, `UPDATE participant SET survey_state = 'asked'`))
	}))
	for i, sittingID := range sittings {
		w.Clock.Advance(time.Minute)
		w.No(w.Measurements.AnswerSurvey(w.Ctx, sittingID, forms[i]))
	}
	return w.Dump()
}

// The fifth answer also moves on what is shown, and nothing else; by that row, too, nobody can be told.
func TestAStepLeavesOneMarkMore(t *testing.T) {
	each(t, func(w *world) {
		m := w.Attach()
		sittings := w.evaluating(m, 5)
		for i, sittingID := range sittings[:4] {
			w.No(w.Measurements.AnswerSurvey(w.Ctx, sittingID, evaluation(1+i%5, fmt.Sprintf("uwaga %d", 9-i))))
		}
		before := w.Dump()
		w.No(w.Measurements.AnswerSurvey(w.Ctx, sittings[4], evaluation(4, "piąta uwaga")))
		found := measured.Changes(before, w.Dump())
		if len(found) != 3 || len(found["participant"]) != 1 || len(found["survey_result"]) != 1 || len(found["survey_release"]) != 1 {
			w.T.Fatalf("the fifth answer left: %v", found)
		}
		if found["survey_release"][0]+"recent=[]|" != found["survey_result"][0] {
			w.T.Errorf("%s is shown of %s", found["survey_release"], found["survey_result"])
		}
	})
}

// PostgreSQL keeps beside each row which transaction wrote it and where it lies. A row an answer would be joined to the mark
// of its person by either. The only row there is has been written by the last who answered, and it is the sum of all.
func TestPostgresKeepsNoTransactionOfASingleAnswer(t *testing.T) {
	each(t, func(w *world) {
		if w.DB.Engine() != db.Postgres {
			w.T.Skip("SQLite keeps no transaction beside a row")
		}
		m := w.Attach()
		sittings := w.evaluating(m, 7)
		for i, sittingID := range sittings {
			w.No(w.Measurements.AnswerSurvey(w.Ctx, sittingID, evaluation(1+i%5, fmt.Sprintf("uwaga %d", (i*4)%7))))
		}
		type joined struct {
			PersonID  string
			Responses int
		}
		for _, table := range []string{"participant", "sitting"} {
			list, err := db.All[joined](w.Ctx, w.DB, `SELECT x.id AS person_id, r.responses FROM survey_result r JOIN `+table+` x ON x.xmin = r.xmin`)
			w.No(err)
			if len(list) > 1 || len(list) == 1 && list[0].Responses != len(sittings) {
				w.T.Errorf("by transaction, %s joins %+v", table, list)
			}
		}
		shown, err := db.All[joined](w.Ctx, w.DB, `SELECT x.id AS person_id, r.responses FROM survey_release r JOIN participant x ON x.xmin = r.xmin`)
		if err != nil || len(shown) > 1 || len(shown) == 1 && shown[0].Responses != 5 {
			w.T.Errorf("by transaction, what is shown joins %+v, %v", shown, err)
		}
		places, err := db.All[string](w.Ctx, w.DB, `SELECT ctid::text FROM survey_result`)
		if err != nil || len(places) != 1 {
			w.T.Errorf("the sums lie at %v, %v", places, err)
		}
		// The participants lie in the order in which they answered; the comments in that of the alphabet.
		if r := w.survey(m); !slices.IsSorted(r.Comments) || len(r.Comments) != 5 {
			w.T.Errorf("%v", r.Comments)
		}
	})
}

func TestAnEvaluationIsAnsweredOnce(t *testing.T) {
	each(t, func(w *world) {
		m := w.Attach()
		sittings := w.evaluating(m, 2)
		var devices sync.WaitGroup
		var mu sync.Mutex
		taken, refused := 0, 0
		for range 8 {
			devices.Go(func() {
				err := w.Measurements.AnswerSurvey(w.Ctx, sittings[0], evaluation(5, "raz"))
				mu.Lock()
				defer mu.Unlock()
				switch {
				case err == nil:
					taken++
				case errors.Is(err, errs.ErrConflict) && strings.Contains(err.Error(), "assessment.survey.done-already"):
					refused++
				default:
					w.T.Error(err)
				}
			})
		}
		devices.Wait()
		if taken != 1 || refused != 7 {
			w.T.Errorf("%d were taken and %d refused", taken, refused)
		}
		// Nor by another sitting of the same person.
		earlier, err := db.One[string](w.Ctx, w.DB, `SELECT b.id FROM sitting b JOIN sitting a ON a.participant_id = b.participant_id WHERE a.id = ? AND b.wave = 'before'`, sittings[0])
		w.No(err)
		if err := w.Measurements.AnswerSurvey(w.Ctx, earlier, evaluation(1, "")); !errors.Is(err, errs.ErrConflict) {
			w.T.Errorf("answered again by the sitting before: %v", err)
		}
		if r := w.survey(m); w.answered(m) != 1 || r.Asked != 2 || r.Responses != 0 {
			w.T.Errorf("%+v", r)
		}
	})
}

// Asked is who handed in the test after a training that has an evaluation; nobody else can answer.
func TestWhoIsAskedForAnEvaluation(t *testing.T) {
	each(t, func(w *world) {
		m := w.Attach()
		a, b := w.Person("Zofia", "Uczestna"), w.Person("Anna", "Pomocna")
		w.Enrol(a, b)
		before := w.Task(a, measurement.Before)
		w.Sit(before, 8)
		w.Sit(w.Task(b, measurement.Before), 8)
		if err := w.Measurements.AnswerSurvey(w.Ctx, before, evaluation(5, "za wcześnie")); !errors.Is(err, errs.ErrConflict) {
			w.T.Errorf("answered before the course: %v", err)
		}
		w.Finish(a)
		after := w.Task(a, measurement.After)
		w.Sit(after, 12)
		w.No(w.Measurements.AnswerSurvey(w.Ctx, after, evaluation(5, "")))
		if r := w.survey(m); r.Asked != 1 || w.answered(m) != 1 || r.Responses != 0 {
			w.T.Errorf("%+v", r)
		}
		if err := w.Measurements.AnswerSurvey(w.Ctx, m.ID, evaluation(5, "")); !errors.Is(err, errs.ErrNotFound) {
			w.T.Errorf("a sitting that is none: %v", err)
		}
		without, err := w.AttachTraining(w.Admin,
			classroom.Draft{Title: "Bez oceny", HeldFrom: measured.Start.Add(day), HeldUntil: measured.Start.Add(2 * day)}, measurement.Draft{TestID: w.Test.ID, UnitID: w.Unit})
		w.No(err)
		_, err = w.Measurements.AddParticipants(w.Ctx, w.Admin, without.ID, []string{a.PersonID})
		w.No(err)
		w.Clock.Advance(3 * day)
		w.Measure()
		x, err := w.Measurements.UseLink(w.Ctx, w.Token())
		w.No(err)
		w.Sit(x.ID, 10)
		if err := w.Measurements.AnswerSurvey(w.Ctx, x.ID, evaluation(5, "")); !errors.Is(err, errs.ErrConflict) {
			w.T.Errorf("answered where no evaluation is asked: %v", err)
		}
	})
}

// TestAnEvaluationIsTheSumOfItsAnswers draws answers of any number of people and compares what is shown after each: the sums
// of all as of the last step of five, of each question those of whole steps.
func TestAnEvaluationIsTheSumOfItsAnswers(t *testing.T) {
	each(t, func(w *world) {
		m := w.Attach()
		sittings := w.evaluating(m, 17)
		if r := w.survey(m); r.Asked != 17 || r.Responses != 0 || r.Shown || r.Rate() != 0 {
			w.T.Errorf("of nobody: %+v", r)
		}
		rapid.Check(w.T.(*testing.T), func(rt *rapid.T) {
			w.answerAll(nil, nil)
			var views []survey.Report
			all, want := sums{}, sums{}
			for i, sittingID := range sittings[:rapid.IntRange(0, len(sittings)).Draw(rt, "answers")] {
				form := drawEvaluation(rt)
				w.No(w.Measurements.AnswerSurvey(w.Ctx, sittingID, form))
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
	counts   map[string][survey.Most]int
	comments []string
}

func (s *sums) add(form map[string][]string) {
	s.n++
	s.counts = maps.Clone(s.counts)
	if s.counts == nil {
		s.counts = map[string][survey.Most]int{}
	}
	for _, q := range survey.Questions {
		if v := form[q]; v != nil {
			c := s.counts[q]
			c[v[0][0]-'1']++
			s.counts[q] = c
		}
	}
	if c := form[survey.FieldComment][0]; c != "" {
		s.comments = append(slices.Clone(s.comments), c)
		slices.Sort(s.comments)
	}
}

func answersOf(counts [survey.Most]int) (n, sum int) {
	for i, k := range counts {
		n, sum = n+k, sum+(i+1)*k
	}
	return n, sum
}

// follow takes over the sums of all, but those of a question only if five more answered it.
func (s *sums) follow(all sums) {
	counts := map[string][survey.Most]int{}
	for _, q := range survey.Questions {
		before, _ := answersOf(s.counts[q])
		after, _ := answersOf(all.counts[q])
		if counts[q] = s.counts[q]; after-before >= 5 {
			counts[q] = all.counts[q]
		}
	}
	*s = sums{all.n, counts, all.comments}
}

func (s *sums) compare(rt *rapid.T, r survey.Report) {
	if r.Responses != s.n || r.Asked != 17 || math.Abs(r.Rate()-float64(s.n)/17*100) > 1e-9 || r.Shown != (s.n >= 5) {
		rt.Fatalf("of %d: %+v", s.n, r)
	}
	if !r.Shown {
		if r.Questions != nil || r.Comments != nil {
			rt.Fatalf("%d answers are shown: %+v", s.n, r)
		}
		return
	}
	if !slices.Equal(r.Comments, s.comments) || len(r.Questions) != len(survey.Questions) {
		rt.Fatalf("%v, and they wrote %v", r.Comments, s.comments)
	}
	for _, a := range r.Questions {
		n, sum := answersOf(s.counts[a.Question])
		if a.Counts != s.counts[a.Question] || a.N != n || n > 0 && math.Abs(a.Mean-float64(sum)/float64(n)) > 1e-9 || n == 0 && !gain.IsMissing(a.Mean) {
			rt.Fatalf("%+v of %v", a, s.counts[a.Question])
		}
	}
}

// noFewerThanFive compares every view with every later one: what changed are the answers of five people or more.
func noFewerThanFive(rt *rapid.T, views []survey.Report) {
	few := func(n int) bool { return n < 0 || n > 0 && n < 5 }
	for i, a := range views {
		for _, b := range views[i:] {
			if few(b.Responses-a.Responses) || b.Responses == a.Responses && (!slices.Equal(a.Comments, b.Comments) || !slices.EqualFunc(a.Questions, b.Questions, sameAnswers)) {
				rt.Fatalf("%d answers, then %d: %+v, %+v", a.Responses, b.Responses, a, b)
			}
			for k, q := range b.Questions {
				before := survey.Answered{Question: q.Question}
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
func sameAnswers(a, b survey.Answered) bool {
	return a.Question == b.Question && a.Counts == b.Counts
}

func TestAnEvaluationNamesWhatItRefuses(t *testing.T) {
	each(t, func(w *world) {
		m := w.Attach()
		sitting := w.evaluating(m, 1)[0]
		before := w.Dump()
		for _, c := range []struct {
			name  string
			form  map[string][]string
			field string
			key   string
		}{
			{"a PESEL", evaluation(5, "Pani z numerem 44051401359 pytała"), survey.FieldComment, "assessment.private.pesel"},
			{"a phone", evaluation(5, "Proszę dzwonić: +48 600 700 800"), survey.FieldComment, "assessment.private.phone"},
			{"a document", evaluation(5, "paszport AB 1234567"), survey.FieldComment, "assessment.private.document"},
			{"a mail address", evaluation(5, "piszcie na anna@example.org"), survey.FieldComment, "assessment.private.mail"},
			{"too long", evaluation(5, strings.Repeat("ą", 1001)), survey.FieldComment, "assessment.private.long"},
			{"above the scale", map[string][]string{"useful": {"6"}}, "useful", "error.invalid"},
			{"below the scale", map[string][]string{"clear": {"0"}, "useful": {"5"}}, "clear", "error.invalid"},
			{"no number", map[string][]string{"intend": {"tak"}}, "intend", "error.invalid"},
			{"nothing", map[string][]string{survey.FieldComment: {"  \n"}}, "useful", "assessment.survey.empty"},
		} {
			w.Refuses(c.name, w.Measurements.AnswerSurvey(w.Ctx, sitting, c.form), c.field, c.key)
		}
		if found := measured.Changes(before, w.Dump()); len(found) > 0 {
			w.T.Errorf("a refused evaluation left %v", found)
		}
		// Nothing is lost: the person may answer still, with the text written otherwise.
		w.No(w.Measurements.AnswerSurvey(w.Ctx, sitting, evaluation(5, strings.Repeat("ą", 1000))))
		if n := w.answered(m); n != 1 {
			w.T.Errorf("%d answers are kept", n)
		}
	})
}

// An evaluation is of all participants of a measurement or of none, so it is for who may read evidence of the measurement's
// own unit: a region of it would be few enough to tell who said what.
func TestWhoReadsAnEvaluation(t *testing.T) {
	each(t, func(w *world) {
		w.Approve()
		east := w.NewUnit(w.Unit, "Oddział Wschodni")
		national, regional := w.Trained("Krajowe", "", w.Unit), w.Trained("Regionalne", "", east)
		for _, sittingID := range append(w.evaluating(national, 5), w.evaluating(regional, 5)...) {
			w.No(w.Measurements.AnswerSurvey(w.Ctx, sittingID, evaluation(4, "dobrze")))
		}
		for name, c := range map[string]struct {
			actor              access.Actor
			national, regional bool
		}{
			"administrator":              {w.Admin, true, true},
			"coordinator of the service": {w.Within(access.Coordinator, w.Unit), true, true},
			"coordinator of the region":  {w.Within(access.Coordinator, east), false, true},
			"reviewer of the region":     {w.Within(access.Reviewer, east), false, true},
			"coordinator elsewhere":      {w.Within(access.Coordinator, w.NewUnit("", "Inna służba")), false, false},
			"learner":                    {w.Person("Jan", "Zwykły"), false, false},
			"nobody":                     {access.Actor{}, false, false},
		} {
			for m, may := range map[string]bool{national.ID: c.national, regional.ID: c.regional} {
				r, err := w.Measurements.Survey(w.Ctx, c.actor, m)
				if may && (err != nil || !r.Shown || r.Responses != 5 || r.Rate() != 100) {
					w.T.Errorf("%s: %+v, %v", name, r, err)
				}
				if !may && (!errors.Is(err, errs.ErrNotFound) || r.Asked != 0 || r.Shown) {
					w.T.Errorf("%s reads it: %+v, %v", name, r, err)
				}
			}
		}
	})
}
