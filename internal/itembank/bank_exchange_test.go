package itembank_test

import (
	"bytes"
	"strings"
	"testing"

	"ostoja/internal/item"
	"ostoja/internal/itembank"
	"ostoja/internal/itembank/exchange"
	"ostoja/internal/text"
)

// bankFile exports items of an origin in a language and reads the file back as drafts.
func (w *world) bankFile(origin string, f exchange.Format, lang string) []itembank.Draft {
	w.T.Helper()
	list, _, err := w.Bank.Items(w.Ctx, w.Admin, itembank.ItemFilter{Origin: origin}, 1, 0)
	w.No(err)
	items := make([]exchange.Item, len(list))
	for i, v := range list {
		items[i] = exchange.Item{Item: v.Content, Topic: v.Topic}
	}
	var b bytes.Buffer
	_, err = exchange.Write(&b, f, lang, items)
	w.No(err)
	read, _, err := exchange.Read(b.Bytes(), f, lang)
	w.No(err)
	drafts := make([]itembank.Draft, len(read))
	for i, it := range read {
		if f == exchange.Aiken { // which has no place for these; the form of the import asks for them
			it.Use, it.Topic, it.Objective, it.Level = "competence", "identify", "signals", 2
		}
		drafts[i] = itembank.Draft{Item: it.Item, Topic: it.Topic}
	}
	return drafts
}

// What was exported in each language changes nothing when it is imported again, in whichever order.
func TestLanguagesComeBackInAnyOrder(t *testing.T) {
	for _, f := range []exchange.Format{exchange.GIFT, exchange.MoodleXML, exchange.Aiken} {
		t.Run(string(f), func(t *testing.T) {
			each(t, func(w *world) {
				take := func(drafts []itembank.Draft) itembank.Imported {
					w.T.Helper()
					got, err := w.Bank.Import(w.Ctx, w.Second, drafts)
					w.No(err)
					if len(got.Faults) > 0 {
						w.T.Fatalf("%+v", got)
					}
					return got
				}
				pl, en := w.bankFile("border-guard", f, "pl"), w.bankFile("border-guard", f, "en")
				if len(pl) == 0 || len(pl) != len(en) {
					w.T.Fatalf("%d items in Polish, %d in English", len(pl), len(en))
				}
				if got := take(pl); got.New != len(pl) {
					w.T.Errorf("at first: %+v", got)
				}
				if got := take(en); got.Changed != len(en) {
					w.T.Errorf("with English: %+v", got)
				}
				if f != exchange.Aiken { // which numbers the questions of each file anew
					pl, en = w.bankFile(itembank.Here, f, "pl"), w.bankFile(itembank.Here, f, "en")
				}
				for i, drafts := range [][]itembank.Draft{en, pl, pl, en, en, pl} {
					if got := take(drafts); got.Same != len(drafts) {
						w.T.Errorf("file %d: %+v, not all %d the same", i, got, len(drafts))
					}
				}
				list, _, err := w.Bank.Items(w.Ctx, w.Admin, itembank.ItemFilter{Origin: itembank.Here}, 1, 0)
				w.No(err)
				for _, v := range list {
					if v.Content.Question[""] != v.Content.Question["pl"] {
						w.T.Errorf("%s falls back to %q", v.Code, v.Content.Question[""])
					}
				}
			})
		})
	}
}

// An item goes out and comes back respelt: what shows the same is no new version, and one changed word is.
func TestWhatWasRespeltIsTheSame(t *testing.T) {
	each(t, func(w *world) {
		d := itembank.Draft{Topic: "law", Item: item.Item{
			ID: "respelt", Use: "competence", Objective: "signals", Level: 2, Type: item.Single, Question: text.Translated{"pl": "Co __tu__\njest ~5?\n* a\n* b", "": "Co __tu__\njest ~5?\n* a\n* b"},
			Options: []item.Option{{ID: "a", Text: text.Translated{"pl": "_tak_ > nie", "": "_tak_ > nie"}, Correct: true}, {ID: "b", Text: text.Translated{"pl": "nie", "": "nie"}}},
		}}
		_, err := w.Bank.Import(w.Ctx, w.Second, []itembank.Draft{d})
		w.No(err)
		for _, f := range []exchange.Format{exchange.GIFT, exchange.MoodleXML} {
			var b bytes.Buffer
			losses, err := exchange.Write(&b, f, "pl", []exchange.Item{{Item: d.Item, Topic: d.Topic}})
			w.No(err)
			for file, want := range map[string]itembank.Imported{b.String(): {Same: 1}, strings.Replace(b.String(), "tak", "tak!", 1): {Changed: 1}} {
				read, _, err := exchange.Read([]byte(file), f, "pl")
				w.No(err)
				if len(read) != 1 || len(losses) > 0 {
					w.T.Fatalf("%s: %d items, %v\n%s", f, len(read), losses, file)
				}
				got, err := w.Bank.Import(w.Ctx, w.Second, []itembank.Draft{{Item: read[0].Item, Topic: read[0].Topic}})
				w.No(err)
				if got.Same != want.Same || got.Changed != want.Changed || len(got.Faults) > 0 {
					w.T.Errorf("%s: %+v, want %+v\n%s", f, got, want, file)
				}
				_, err = w.Bank.Import(w.Ctx, w.Second, []itembank.Draft{d})
				w.No(err)
			}
		}
	})
}
