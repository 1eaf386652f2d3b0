package measurementweb_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"ostoja/internal/db"
)

// TestATrainingIsChanged: the form is filled in, a fault keeps what was typed, and the new day stands on the page.
func TestATrainingIsChanged(t *testing.T) {
	each(t, func(w *world) {
		m, _ := w.invited()
		path := "/app/evidence/measurements/" + m
		p := w.status(w.Get("coordinator", path+"/edit"), http.StatusOK)
		form := url.Values{}
		for _, name := range []string{"title", "place", "project", "from", "from-time", "until", "until-time"} {
			form.Set(name, p.Find("input[name="+name+"]").AttrOr("value", ""))
		}
		form.Set("title", "Nowa nazwa")
		day := form.Get("until")
		form.Set("until", "2020-01-01")
		bad := w.status(w.Post("coordinator", path+"/edit", form), http.StatusUnprocessableEntity)
		if got := bad.Find("input[name=title]").AttrOr("value", ""); got != "Nowa nazwa" {
			t.Errorf("the name that was typed is %q", got)
		}
		w.says(bad, "Koniec musi być późniejszy")
		form.Set("until", day)
		form.Set("project", "Projekt C")
		w.status(w.Post("coordinator", path+"/edit", form), http.StatusSeeOther)
		w.says(w.status(w.Get("coordinator", path), http.StatusOK), "Nowa nazwa", "Projekt C")
		if n := w.Get("coordinator", path+"/edit").Find("datalist option[value='Projekt C']").Length(); n != 1 {
			t.Error("a project in use is not offered again")
		}
	})
}

// TestPeopleOfATraining: the list shows how far they are, is searched and exported, and they are taken out and brought back.
func TestPeopleOfATraining(t *testing.T) {
	each(t, func(w *world) {
		m, b := w.invited()
		path := "/app/evidence/measurements/" + m + "/people"
		w.says(w.status(w.Get("coordinator", path), http.StatusOK), "Osoba5", "czeka", "jeszcze nie")
		w.says(w.status(w.Get("coordinator", path+"?q=nikt"), http.StatusOK), "Nikogo tu nie ma")
		w.status(b.post(w.link(), url.Values{}), http.StatusSeeOther)
		p := w.status(w.Get("coordinator", path), http.StatusOK)
		w.says(p, "rozpoczęty")
		action := p.Find("td form").AttrOr("action", "")
		moved := w.status(w.Get("coordinator", path+"/export/people.csv?q=osoba5"), http.StatusMovedPermanently)
		if to := moved.Header.Get("Location"); to != path+"?as=csv&q=osoba5" {
			t.Errorf("the file's old address leads to %s", to)
		}
		file := w.status(w.Get("coordinator", moved.Header.Get("Location")), http.StatusOK)
		if !strings.Contains(file.Body, "Osoba5") || !strings.Contains(file.Body, "rozpoczęty") {
			t.Errorf("the file: %s", file.Body)
		}
		recorded, err := db.All[string](t.Context(), w.d, `SELECT object || ' ' || detail FROM audit WHERE action = 'person.export'`)
		if err != nil || len(recorded) != 1 || !strings.HasPrefix(recorded[0], "measurement:"+m+" ") || !strings.Contains(recorded[0], `"rows":1`) {
			t.Errorf("the file is recorded as %v, %v", recorded, err)
		}
		w.status(w.Get("coordinator", path+"/export/other.csv"), http.StatusNotFound)
		w.status(w.Post("coordinator", action, url.Values{}), http.StatusSeeOther)
		w.says(w.status(w.Get("coordinator", path), http.StatusOK), "poza szkoleniem od", "Przywróć")
		for query, want := range map[string]bool{"missing=before": true, "missing=after": true, "missing=week": false, "out=yes": true, "out=no": false, "out=maybe": false} {
			if got := strings.Contains(w.status(w.Get("coordinator", path+"?"+query), http.StatusOK).Text("main"), "Osoba5"); got != want {
				t.Errorf("%s lets a person through who is out and has begun: %v", query, got)
			}
		}
		w.status(w.Post("coordinator", action, url.Values{"back": {"1"}}), http.StatusSeeOther)
		w.says(w.status(w.Get("coordinator", path), http.StatusOK), "Wypisz")
	})
}

// TestOneFilledButton: adding people is what the page of a training is for; once that ended, the report is.
func TestOneFilledButton(t *testing.T) {
	each(t, func(w *world) {
		m, _ := w.invited()
		path := "/app/evidence/measurements/" + m
		for _, want := range []string{path + "/participants", "/app/evidence/tests/"} {
			main := w.status(w.Get("coordinator", path), http.StatusOK).Find("a.button.action, button.action")
			if main.Length() != 1 || !strings.HasPrefix(main.AttrOr("href", ""), want) {
				t.Errorf("%d filled buttons, the first leads to %q, want %s", main.Length(), main.AttrOr("href", ""), want)
			}
			w.status(w.Post("coordinator", path+"/close", url.Values{}), http.StatusSeeOther)
		}
	})
}
