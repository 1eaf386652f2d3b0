package assessment_test

import (
	"bytes"
	"testing"

	"ostoja/internal/assessment"
	"ostoja/internal/assessment/exchange"
)

// bankFile exports items of an origin in a language and reads the file back as drafts.
func (w *world) bankFile(origin string, f exchange.Format, lang string) []assessment.Draft {
	w.t.Helper()
	list, _, err := w.s.Items(w.ctx, w.admin, assessment.ItemFilter{Origin: origin}, 1, 0)
	w.no(err)
	items := make([]exchange.Item, len(list))
	for i, v := range list {
		items[i] = exchange.Item{Item: v.Content, Topic: v.Topic}
	}
	var b bytes.Buffer
	_, err = exchange.Write(&b, f, lang, items)
	w.no(err)
	read, _, err := exchange.Read(b.Bytes(), f, lang)
	w.no(err)
	drafts := make([]assessment.Draft, len(read))
	for i, it := range read {
		if f == exchange.Aiken { // which has no place for these; the form of the import asks for them
			it.Use, it.Topic, it.Objective, it.Level = "competence", "identify", "signals", 2
		}
		drafts[i] = assessment.Draft{Item: it.Item, Topic: it.Topic}
	}
	return drafts
}

// What was exported in each language changes nothing when it is imported again, in whichever order.
func TestLanguagesComeBackInAnyOrder(t *testing.T) {
	for _, f := range []exchange.Format{exchange.GIFT, exchange.MoodleXML, exchange.Aiken} {
		t.Run(string(f), func(t *testing.T) {
			each(t, func(w *world) {
				take := func(drafts []assessment.Draft) assessment.Taken {
					w.t.Helper()
					got, err := w.s.Take(w.ctx, w.second, drafts)
					w.no(err)
					if len(got.Faults) > 0 {
						w.t.Fatalf("%+v", got)
					}
					return got
				}
				pl, en := w.bankFile("border-guard", f, "pl"), w.bankFile("border-guard", f, "en")
				if len(pl) == 0 || len(pl) != len(en) {
					w.t.Fatalf("%d items in Polish, %d in English", len(pl), len(en))
				}
				if got := take(pl); got.New != len(pl) {
					w.t.Errorf("at first: %+v", got)
				}
				if got := take(en); got.Changed != len(en) {
					w.t.Errorf("with English: %+v", got)
				}
				if f != exchange.Aiken { // which numbers the questions of each file anew
					pl, en = w.bankFile(assessment.Here, f, "pl"), w.bankFile(assessment.Here, f, "en")
				}
				for i, drafts := range [][]assessment.Draft{en, pl, pl, en, en, pl} {
					if got := take(drafts); got.Same != len(drafts) {
						w.t.Errorf("file %d: %+v, not all %d the same", i, got, len(drafts))
					}
				}
				list, _, err := w.s.Items(w.ctx, w.admin, assessment.ItemFilter{Origin: assessment.Here}, 1, 0)
				w.no(err)
				for _, v := range list {
					if v.Content.Question[""] != v.Content.Question["pl"] {
						w.t.Errorf("%s falls back to %q", v.Code, v.Content.Question[""])
					}
				}
			})
		})
	}
}
