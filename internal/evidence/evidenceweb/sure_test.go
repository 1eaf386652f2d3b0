package evidenceweb_test

import (
	"encoding/json"
	"math"
	"net/http"
	"strings"
	"testing"

	"ostoja/internal/access"
	"ostoja/internal/gain"
)

// data reads a data file.
func (w *world) data(path string) []map[string]any {
	w.t.Helper()
	var file struct {
		Codebook []struct{ Name, Text string }
		Rows     []map[string]any
	}
	if err := json.Unmarshal([]byte(w.get(access.Administrator, path, http.StatusOK).Body), &file); err != nil {
		w.t.Fatal(err)
	}
	known := map[string]bool{}
	for _, v := range file.Codebook {
		if known[v.Name] = true; v.Text == "" || strings.Contains(v.Text, "column.") {
			w.t.Errorf("%s is explained as %q", v.Name, v.Text)
		}
	}
	for _, row := range file.Rows {
		if len(row) != len(known) {
			w.t.Errorf("%d figures of %d", len(row), len(known))
		}
		for name := range row {
			if !known[name] {
				w.t.Errorf("%s stands in no codebook", name)
			}
		}
	}
	return file.Rows
}

// halved are the golden twelve, of whom the first six began with A, and some who did not sit the test after.
func halved(measurementID string, lost ...float64) []sat {
	list := golden(measurementID)
	for i := range list {
		list[i].first = []string{"A", "B"}[i/6]
	}
	for _, pre := range lost {
		list = append(list, sat{measurementID: measurementID, region: "06", pre: pre, post: gain.Missing, later: gain.Missing, closed: true})
	}
	return list
}

func TestHowFarAResultCanBeReliedOn(t *testing.T) {
	each(t, func(w *world) {
		m, path := w.training(), "/app/evidence/tests/"+w.test.Family
		w.plant(halved(m, 30, 35, 40, 25)...)
		w.says(w.get(access.Administrator, path, http.StatusOK),
			"Wyników tych osób (4) nie pokazujemy", "średnia różnica wszystkich wyniosłaby 20,0 pkt proc.", "przewaga wersji B wynosi 2,5 pkt proc. (od -1,1 do 6,1)",
			"Różnica przed i po bez wpływu wersji: 26,7 pkt proc. (od 23,1 do 30,3)", "wykryć różnicę 5 pkt proc., potrzeba około 13 osób z parą wyników, a 10 pkt proc. – około 5. Tu takich osób jest 12")
		rows := w.data(path + "/export/report.json")
		if rows[0]["lost-tested"] != 4.0 || rows[0]["lost-before"] != nil || rows[0]["regression"] != nil || rows[0]["needed"] != 13.0 || rows[0]["first-a"] != 6.0 {
			t.Errorf("%v", rows[0])
		}
		w.plant(halved(m, 32.5)[12])
		w.says(w.get(access.Administrator, path, http.StatusOK), "Brakuje osób: 5. Przed szkoleniem uzyskały średnio 32,5 %, a pozostałe 52,5 %.", "prawdopodobnie zaniżona", "Cochran, 1977")
		rows = w.data(path + "/export/report.json")
		var pairs []gain.Pair
		for _, s := range golden(m) {
			pairs = append(pairs, gain.Pair{Pre: s.pre, Post: s.post})
		}
		want := gain.AttritionOf(pairs, []float64{30, 35, 40, 25, 32.5})
		for key, x := range map[string]float64{
			"lost-before": 32.5, "nothing-gained": want.NothingGained, "worst": want.Worst, "best": want.Best, "slope": want.Slope, "regression": want.Regression.Value,
			"regression-low": want.Regression.Low, "regression-high": want.Regression.High, "form-effect": 2.5, "free": 80.0 / 3, "sd": 5.773503,
		} {
			if got, is := rows[0][key].(float64); !is || math.Abs(got-x) > 1e-6 {
				t.Errorf("%s is %v, not %v", key, rows[0][key], x)
			}
		}
		for _, file := range []string{"report.csv", "report.xlsx"} {
			text := strings.Join(cells(t, w.get(access.Administrator, path+"/export/"+file, http.StatusOK).Body)[0], "|")
			for _, column := range []string{"Różnica po uwzględnieniu tych osób, pkt proc.", "O ile wersja B jest łatwiejsza, pkt proc."} {
				if !strings.Contains(text, column) {
					t.Errorf("%s has no column %q: %s", file, column, text)
				}
			}
		}
		if topics := cells(t, w.get(access.Administrator, path+"/export/topics.csv", http.StatusOK).Body); len(topics) != 2 || len(topics[1]) != 15 {
			t.Errorf("%v", topics)
		}
		w.says(w.get(access.Administrator, path+"?only=region&group=06", http.StatusOK), "Brakuje osób: 5.")
		if narrow := w.get(access.Administrator, path+"?only=region&group=06", http.StatusOK).Text("main"); strings.Contains(narrow, "przewaga wersji") {
			t.Error("the form effect is told of a group")
		}
	})
}

// What the lost would change comes first, and so does a form that is easier.
func TestWhatChangesAResultComesFirst(t *testing.T) {
	each(t, func(w *world) {
		m, path := w.training(), "/app/evidence/tests/"+w.test.Family
		var list []sat
		for i := range 40 {
			pre := 60 + float64(i/2%4)*10
			list = append(list, sat{measurementID: m, region: "06", pre: pre, post: min(100, 82+pre/10+float64(i%3)), later: gain.Missing, use: "asked", first: []string{"A", "B"}[i%2]})
		}
		for range 60 {
			list = append(list, sat{measurementID: m, region: "06", pre: 5, post: gain.Missing, later: gain.Missing, closed: true})
		}
		w.plant(list...)
		p := w.get(access.Administrator, path, http.StatusOK)
		text := p.Text("main")
		if first, lead := strings.Index(text, "Te przedziały nie mają części wspólnej"), strings.Index(text, "W tym teście te same osoby"); first < 0 || lead < first {
			t.Errorf("the intervals at %d, the headline at %d: %s", first, lead, text)
		}
		if strings.Contains(text, "Wersje testu nie są równie trudne") {
			t.Error("a warning of forms that are alike")
		}
	})
	each(t, func(w *world) {
		m := w.training()
		var list []sat
		for i := range 20 {
			list = append(list, sat{measurementID: m, region: "06", pre: 50, post: 70 + float64(i%3) + 10*float64(i%2), later: gain.Missing, use: "asked", first: []string{"A", "B"}[i%2]})
		}
		w.plant(list...)
		p := w.get(access.Administrator, "/app/evidence/tests/"+w.test.Family, http.StatusOK)
		text := p.Text("main")
		if form, means := strings.Index(text, "Wersje testu nie są równie trudne"), strings.Index(text, "Średnie osób z parą wyników"); form < 0 || means < form {
			t.Errorf("the forms at %d, the means at %d: %s", form, means, text)
		}
		w.says(p, "Wersja B jest trudniejsza od wersji A o 5,1 pkt proc.", "Co zrobić: podawaj różnicę bez wpływu wersji", "Nikogo nie brakuje")
	})
}

// Before a measurement begins, and while it runs, its page says how many people it takes.
func TestAMeasurementSaysHowManyPeopleItNeeds(t *testing.T) {
	each(t, func(w *world) {
		m := w.training()
		w.says(w.get(access.Administrator, "/app/evidence/measurements/"+m, http.StatusOK),
			"potrzeba około 73 osób z parą wyników, a 10 pkt proc. – około 20. W tym pomiarze jest osób: 0. Wyników tego testu jest jeszcze za mało, więc przyjmujemy")
		for i := range 24 {
			w.plant(sat{measurementID: m, region: "06", pre: 40, post: 60 + float64(i%2)*10, later: gain.Missing, use: "asked"})
		}
		w.says(w.get(access.Administrator, "/app/evidence/measurements/"+m, http.StatusOK),
			"potrzeba około 11 osób z parą wyników, a 10 pkt proc. – około 5. W tym pomiarze jest osób: 24. Szacujemy to na podstawie wyników tego testu u osób, które wypełniły go dotąd (24)")
	})
}
