package fundweb_test

import (
	"bytes"
	"image"
	"image/png"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"ostoja/internal/access"
	"ostoja/internal/db"
	"ostoja/internal/project/fund"
	"ostoja/internal/testrig"
	"ostoja/internal/text"
)

const (
	base = "/app/funds"
	amif = base + "/amif-2021"
)

// Who reads projects reads what funds ask; who keeps them for the whole installation changes it; everybody else is refused, and finds no link to what is refused.
func TestWhoOpensThePages(t *testing.T) {
	w := testrig.New(t)
	reads := []string{base, amif, amif + "/file", amif + "/history", amif + "/history/1"}
	writes := []string{base + "/new", amif + "/edit/name", amif + "/edit/indicator:useful", amif + "/edit/new-source", amif + "/drop/useful"}
	posts := []string{base + "/new", base + "/import", amif + "/confirm", amif + "/unconfirm", amif + "/shipped", amif + "/edit/name", amif + "/drop/useful", amif + "/emblem", amif + "/emblem/pl"}
	for name, actor := range w.Everybody() {
		b := w.Browse(actor)
		refused, unsent := http.StatusForbidden, http.StatusForbidden
		if actor.PersonID == "" {
			refused, unsent = http.StatusSeeOther, http.StatusUnauthorized
		}
		for _, path := range reads {
			want := http.StatusOK
			if !actor.Has(access.ProjectsRead) {
				want = refused
			}
			if p := b.Get(path); p.Status != want {
				t.Errorf("%s, %s: %d", name, path, p.Status)
			}
		}
		if actor.Everywhere(access.ProjectsWrite) {
			for _, path := range writes {
				w.Status(b.Get(path), http.StatusOK)
			}
			continue
		}
		for _, path := range writes {
			if p := b.Get(path); p.Status != refused {
				t.Errorf("%s, %s: %d", name, path, p.Status)
			}
		}
		for _, path := range posts {
			p := b.Upload(path, url.Values{"edition": {"1"}, "rule": {"ages"}, "title-pl": {"X"}, "id": {"x"}, "state": {"open"}, "source": {"regulation"}, "lang": {"pl"}}, "x.yaml", "id: x\n")
			if p.Status != unsent && p.Status != http.StatusForbidden {
				t.Errorf("%s sends %s: %d", name, path, p.Status)
			}
		}
		if actor.Has(access.ProjectsRead) {
			if p := w.Status(b.Get(amif), http.StatusOK); p.Find(`main a[href*="/edit/"], main a[href*="/drop/"], main input[type=checkbox], main button`).Length() != 0 {
				t.Errorf("%s finds what is refused", name)
			}
			if p := b.Get(base); p.Find(`main a[href="`+base+`/new"]`).Length() != 0 {
				t.Errorf("%s finds a way to a new set", name)
			}
		}
	}
	if set := testrig.Must(w.Funds.Get(t.Context(), w.Admin, "amif-2021"))(t); set.Edition != 1 || len(set.Confirmed) != 0 {
		t.Errorf("%+v", set)
	}
	admin := w.Browse(w.Admin)
	for _, path := range []string{base + "/x", base + "/x/file", base + "/x/history", amif + "/history/2", amif + "/history/x", amif + "/edit/x", amif + "/edit/source:x", amif + "/edit/indicator:x", amif + "/drop/x", amif + "/emblem/pl"} {
		w.Status(admin.Get(path), http.StatusNotFound)
	}
}

// A page says at each line whose words it is: an empty row from where to copy it, and how we count as ours.
func TestWhoseWordsALineIs(t *testing.T) {
	w := testrig.New(t)
	for lang, words := range map[string]struct{ list, empty, none, ours, measure string }{
		"pl": {"Czego wymagają fundusze", "Przepisz treść ze źródła podanego niżej", "Dodaj źródło", "(opis nasz, nie słowa funduszu)", "Wskaźnik bez nazwy. Ostoja liczy: osoby, które po trzech miesiącach mówią, że z tego korzystają"},
		"en": {"What funds ask", "Copy it from the source named below", "Add the source", "(our description, not the fund's words)", "Indicator without a wording. Counted here: people who say three months later that they use it"},
	} {
		b := w.Browse(w.Admin)
		b.Post("/app/language", url.Values{"lang": {lang}, "return": {base}})
		list := w.Status(b.Get(base), http.StatusOK)
		if !strings.Contains(list.Text("main h1"), words.list) || list.Find(`main tbody tr`).Length() != 6 || strings.Contains(list.Body, "⟦") {
			t.Errorf("%s: %s", lang, list.Text("main"))
		}
		p := w.Status(b.Get(amif), http.StatusOK)
		used := `section[id="rule-indicator:used-later"]`
		for selector, want := range map[string]string{
			used + " h2": words.measure, used: words.ours, used + " p.muted": words.empty, `section[id="rule-notice"]`: words.none, `section[id="rule-retention"]`: "5",
			`section[id="rule-statement"] dd[lang=en]`: "Co-funded by the European Union",
		} {
			if !strings.Contains(p.Text(selector), want) {
				t.Errorf("%s, %s: %q is not in %q", lang, selector, want, p.Text(selector))
			}
		}
		if strings.Contains(p.Body, "⟦") || p.Find(used+` a[href^="https://eur-lex"][rel=noreferrer]`).Length() != 1 || p.Find(`main .button.action`).Length() != 1 {
			t.Errorf("%s: %s", lang, p.Text("main"))
		}
		for _, path := range []string{"name", "period", "statement", "emblem", "notice", "counted", "ages", "retention", "evidence", "indicator:useful", "new-indicator", "source:regulation", "new-source"} {
			if p := w.Status(b.Get(amif+"/edit/"+path), http.StatusOK); strings.Contains(p.Body, "⟦") || p.Find("main form .button.action").Length() != 1 {
				t.Errorf("%s, %s: %s", lang, path, p.Text("main"))
			}
		}
		for _, path := range []string{base + "/new", amif + "/history", amif + "/history/1", amif + "/drop/useful"} {
			if p := w.Status(b.Get(path), http.StatusOK); strings.Contains(p.Body, "⟦") {
				t.Errorf("%s, %s: %s", lang, path, p.Text("main"))
			}
		}
	}
}

// What is ticked is confirmed with the name of who ticked it; a row that is empty has no box where it must be filled; an edit takes the confirmation away.
func TestConfirmingAndEditing(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		b := w.Browse(w.Coordinator)
		p := w.Status(b.Get(amif), http.StatusOK)
		if p.Find(`input[name=rule][value="indicator:useful"]`).Length() != 0 || p.Find(`input[name=rule][value=ages]`).Length() != 1 {
			t.Error("boxes of empty rows")
		}
		w.Status(b.Post(amif+"/confirm", url.Values{"edition": {"1"}}), http.StatusUnprocessableEntity)
		w.Status(b.Post(amif+"/confirm", url.Values{"edition": {"1"}, "rule": {"retention", "ages"}}), http.StatusSeeOther)
		p = w.Status(b.Get(amif), http.StatusOK)
		coordinator := testrig.Must(w.Identity.Person(t.Context(), w.Admin, w.Coordinator.PersonID))(t)
		if !strings.Contains(p.Text(`section[id="rule-retention"]`), coordinator.FamilyName) || p.Find(`input[value=retention]`).Length() != 0 || !strings.Contains(p.Text("main p.lead"), "2 z 13") {
			t.Error(p.Text("main"))
		}
		fault := w.Status(b.Post(amif+"/edit/retention", url.Values{"edition": {"1"}, "anchor": {"project-end"}, "years": {"pięć"}, "source": {"keeping"}}), http.StatusUnprocessableEntity)
		if fault.Find(`#f-years[value="pięć"][aria-invalid]`).Length() != 1 || fault.Find(`#f-anchor option[value=project-end][selected]`).Length() != 1 {
			t.Error(fault.Text("main"))
		}
		w.Status(b.Post(amif+"/edit/retention", url.Values{"edition": {"1"}, "anchor": {"project-end"}, "years": {"7"}, "source": {"keeping"}}), http.StatusSeeOther)
		p = w.Status(b.Get(amif), http.StatusOK)
		if said := p.Text(`section[id="rule-retention"]`); !strings.Contains(said, "7 lat, licząc od: końca projektu") || !strings.Contains(said, "niepotwierdzone") {
			t.Error(said)
		}
		// Somebody else was faster: nothing is lost, and sending it again means it.
		stale := w.Status(b.Post(amif+"/edit/ages", url.Values{"edition": {"1"}, "bands": {"0-17\n18+"}, "source": {"regulation"}}), http.StatusUnprocessableEntity)
		if stale.Find(`input[name=edition][value="2"]`).Length() == 0 || !strings.Contains(stale.Text("#f-bands"), "18+") {
			t.Error(stale.Text("main"))
		}
		if p := w.Status(b.Post(amif+"/confirm", url.Values{"edition": {"1"}, "rule": {"evidence"}}), http.StatusUnprocessableEntity); p.Find("input[name=rule][checked]").Length() != 0 {
			t.Error("ticks of what has moved on")
		}
		w.Status(b.Post(amif+"/edit/ages", url.Values{"edition": {"2"}, "bands": {"0-17\r\n 18 – 60\n\n61+"}, "source": {"regulation"}}), http.StatusSeeOther)
		if r := testrig.Must(w.Funds.Get(t.Context(), w.Admin, "amif-2021"))(t).Rules; len(r.Ages.Bands) != 3 || r.Ages.Bands[1] != (fund.Band{From: 18, Until: 60}) || r.Ages.Bands[2] != (fund.Band{From: 61}) {
			t.Errorf("%+v", r.Ages)
		}
		if p := w.Status(b.Get(amif+"/edit/ages"), http.StatusOK); p.Text("#f-bands") != "0–17 18–60 61+" {
			t.Errorf("%q", p.Text("#f-bands"))
		}
		for _, bad := range []string{"x", "5-0", "18", "60-18", "0-17\n17+"} {
			w.Status(b.Post(amif+"/edit/ages", url.Values{"edition": {"3"}, "bands": {bad}, "source": {"regulation"}}), http.StatusUnprocessableEntity)
		}
		w.Status(b.Post(amif+"/confirm", url.Values{"edition": {"3"}, "rule": {"ages"}}), http.StatusSeeOther)
		if p := w.Status(b.Get(amif+"/edit/ages"), http.StatusOK); !strings.Contains(p.Text("main"), "Ta zasada jest potwierdzona") {
			t.Error(p.Text("main"))
		}
		w.Status(b.Post(amif+"/unconfirm", url.Values{"edition": {"3"}, "rule": {"ages"}}), http.StatusSeeOther)
		history := w.Status(b.Get(amif+"/history"), http.StatusOK)
		if history.Find("main ol[reversed] > li").Length() != 3 || !strings.Contains(history.Text("main ol[reversed] > li:first-child"), "Grupy wieku") || !strings.Contains(history.Text("main ol[reversed] > li:last-child"), "z programem") {
			t.Error(history.Text("main"))
		}
		if old := w.Status(b.Get(amif+"/history/1"), http.StatusOK); !strings.Contains(old.Text(`section[id="rule-retention"]`), "5 lat") || old.Find("main button, main input[type=checkbox]").Length() != 0 {
			t.Error(old.Text("main"))
		}
	})
}

// Every form writes what its fields say and shows it again.
func TestEachFormKeepsWhatItShows(t *testing.T) {
	w := testrig.New(t)
	b := w.Browse(w.Admin)
	edit := func(what string, fields url.Values) {
		t.Helper()
		p := w.Status(b.Get(amif+"/edit/"+what), http.StatusOK)
		fields.Set("edition", p.Find(`main form.form input[name=edition]`).AttrOr("value", ""))
		if p := b.Post(amif+"/edit/"+what, fields); p.Status != http.StatusSeeOther {
			t.Errorf("%s: %d %s", what, p.Status, p.Text("main"))
		}
	}
	edit("new-source", url.Values{"key": {"contract"}, "title": {"Umowa o dofinansowanie, par. 8"}, "address": {""}, "read": {"2026-11-30"}})
	edit("source:contract", url.Values{"title": {"Umowa, par. 9"}, "read": {"2026-11-29"}})
	edit("name", url.Values{"title-pl": {"FAMI"}, "title-uk": {"Фонд"}, "short-en": {"A"}, "state": {"closed"}, "source": {"contract"}})
	edit("period", url.Values{"from": {"2022-01-01"}, "until": {"2023-12-31"}, "source": {"contract"}})
	edit("statement", url.Values{"text-pl": {"Zdanie"}, "source": {"contract"}})
	edit("notice", url.Values{"text-pl": {"Wiersz\r\nDrugi"}, "source": {"contract"}})
	edit("emblem", url.Values{"required": {"no"}, "source": {"contract"}})
	edit("counted", url.Values{"limits": {"once", "notice-needed"}, "source": {"office"}})
	edit("evidence", url.Values{"required": {"test", "notice"}, "source": {"office"}})
	edit("new-indicator", url.Values{"id": {"days"}, "title-pl": {"Osobodni"}, "definition-pl": {"Definicja"}, "unit": {"person-days"}, "measure": {"person-days"}, "by": {"region", "sex"}, "source": {"contract"}})
	edit("indicator:useful", url.Values{"title-en": {"Useful"}, "unit": {"percent"}, "measure": {"useful"}, "source": {"contract"}})
	r := testrig.Must(w.Funds.Get(t.Context(), w.Admin, "amif-2021"))(t).Rules
	days, _ := r.Indicator("days")
	useful, _ := r.Indicator("useful")
	source, _ := r.SourceOf("contract")
	switch {
	case r.Title["uk"] != "Фонд" || len(r.Title) != 2 || r.State != fund.Closed || r.Named != "contract", r.Period != (fund.Period{From: "2022-01-01", Until: "2023-12-31", Source: "contract"}),
		r.Statement.Text["pl"] != "Zdanie" || len(r.Statement.Text) != 1, r.Notice.Text["pl"] != "Wiersz\nDrugi", r.Emblem.Required != fund.NeedNo, !r.Counted.Has(fund.OncePerson) || r.Counted.Has(fund.NoOwnStaff),
		len(r.Evidence.Required) != 2 || r.Evidence.Required[0] != fund.ProofNotice, days.Measure != fund.MeasureDays || len(days.By) != 2 || days.Definition["pl"] != "Definicja", useful.Unit != fund.Percent || useful.Title["en"] != "Useful",
		source.Title != "Umowa, par. 9" || source.Read != "2026-11-29":
		t.Errorf("%+v", r)
	}
	for what, selector := range map[string]string{
		"name": `#f-title-uk[value="Фонд"]`, "period": `#f-until[value="2023-12-31"]`, "emblem": `input[name=required][value=no][checked]`, "counted": `input[name=limits][value=once][checked]`,
		"evidence": `input[value=test][checked]`, "indicator:days": `input[name=by][value=region][checked]`, "source:contract": `#f-read[value="2026-11-29"]`, "notice": `#f-source option[value=contract][selected]`,
	} {
		if p := w.Status(b.Get(amif+"/edit/"+what), http.StatusOK); p.Find("main "+selector).Length() != 1 {
			t.Errorf("%s: no %s", what, selector)
		}
	}
	w.Status(b.Post(amif+"/drop/days", url.Values{"edition": {"1"}}), http.StatusUnprocessableEntity)
	asked := w.Status(b.Get(amif+"/drop/days"), http.StatusOK)
	w.Status(b.Post(amif+"/drop/days", asked.Form("main form")), http.StatusSeeOther)
	w.Status(b.Get(amif+"/edit/indicator:days"), http.StatusNotFound)
}

// A set is made by hand, as a copy, and from a file; a file with an unknown indicator measure is refused with its line, and a set goes out as a file.
func TestMakingSets(t *testing.T) {
	w := testrig.New(t)
	b := w.Browse(w.Admin)
	fault := w.Status(b.Post(base+"/new", url.Values{"title-pl": {"Nasz"}, "id": {"Nasz Fundusz"}, "from": {"amif-2021"}}), http.StatusUnprocessableEntity)
	if fault.Find(`#f-id[value="Nasz Fundusz"][aria-invalid]`).Length() != 1 || fault.Find(`#f-title-pl[value=Nasz]`).Length() != 1 || fault.Find(`#f-from option[value=amif-2021][selected]`).Length() != 1 {
		t.Error(fault.Text("main"))
	}
	if p := w.Status(b.Post(base+"/new", url.Values{"title-pl": {"Nasz"}, "id": {"nasz"}, "from": {"amif-2021"}}), http.StatusSeeOther); p.Header.Get("Location") != base+"/nasz" {
		t.Error(p.Header)
	}
	file := w.Status(b.Get(base+"/nasz/file"), http.StatusOK)
	if file.Header.Get("Content-Disposition") != `attachment; filename="nasz.yaml"` || !strings.HasPrefix(file.Body, "format: 1\nid: nasz\n") {
		t.Errorf("%v\n%s", file.Header, file.Body)
	}
	bad := w.Status(b.Upload(base+"/import", url.Values{}, "x.yaml", strings.Replace(file.Body, "measure: useful", "measure: heads", 1)), http.StatusUnprocessableEntity)
	if !strings.Contains(bad.Text("main ul[lang=en]"), `"heads" is not one of participants`) || bad.Find("#f-file[aria-invalid]").Length() != 1 {
		t.Error(bad.Text("main"))
	}
	w.Status(b.Upload(base+"/import", url.Values{}, "x.yaml", file.Body), http.StatusUnprocessableEntity) // it is there already
	if p := w.Status(b.Upload(base+"/import", url.Values{}, "x.yaml", strings.Replace(file.Body, "id: nasz", "id: wasz", 1)), http.StatusSeeOther); p.Header.Get("Location") != base+"/wasz" {
		t.Error(p.Header)
	}
	rows := w.Status(b.Get(base+"?q=nasz"), http.StatusOK)
	if rows.Find("main tbody tr").Length() != 2 {
		t.Error(rows.Text("main"))
	}
	if p := w.Status(b.Get(base+"?state=closed"), http.StatusOK); p.Find("main tbody tr").Length() != 2 {
		t.Error(p.Text("main"))
	}
	if p := w.Status(b.Get(base+"?as=csv"), http.StatusOK); !strings.Contains(p.Body, "Nasz") {
		t.Error(p.Body)
	}
}

// An emblem is uploaded for a language, shown as the picture that it is, and taken out.
func TestAnEmblem(t *testing.T) {
	w := testrig.New(t)
	b := w.Browse(w.Admin)
	var picture bytes.Buffer
	w.OK(png.Encode(&picture, image.NewGray(image.Rect(0, 0, 3, 2))))
	fault := w.Status(b.Upload(amif+"/emblem", url.Values{"edition": {"1"}, "lang": {"en"}, "emblem-text": {"Flag"}}, "x.svg", "<svg onload='x'/>"), http.StatusUnprocessableEntity)
	if fault.Find(`#f-emblem-text[value=Flag]`).Length() != 1 || fault.Find("#f-file[aria-invalid]").Length() != 1 || fault.Find(`#f-lang option[value=en][selected]`).Length() != 1 {
		t.Error(fault.Text("main"))
	}
	w.Status(b.Upload(amif+"/emblem", url.Values{"edition": {"1"}, "lang": {"en"}, "emblem-text": {"Flag"}}, "x.png", picture.String()), http.StatusSeeOther)
	if p := w.Status(b.Get(amif), http.StatusOK); p.Find(`img[src="`+amif+`/emblem/en"][alt=Flag]`).Length() != 1 {
		t.Error(p.Text("main"))
	}
	shown := w.Status(w.Browse(w.Reviewer).Get(amif+"/emblem/en"), http.StatusOK)
	if shown.Header.Get("Content-Type") != "image/png" || shown.Body != picture.String() || shown.Header.Get("X-Content-Type-Options") != "nosniff" {
		t.Errorf("%v", shown.Header)
	}
	w.Status(b.Post(amif+"/emblem/en", url.Values{"edition": {"2"}}), http.StatusSeeOther)
	w.Status(b.Get(amif+"/emblem/en"), http.StatusNotFound)
}

// A newer set that comes with the program is shown beside the office's, which takes of it what it ticks.
func TestNewsOfTheProgram(t *testing.T) {
	w := testrig.New(t)
	ctx := t.Context()
	w.OK(w.Funds.Edit(ctx, w.Admin, "amif-2021", 1, fund.SetStatement{Statement: fund.Wording{Text: text.Translated{"pl": "Zdanie"}, Source: "visibility"}}))
	b := w.Browse(w.Admin)
	if p := w.Status(b.Get(amif), http.StatusOK); strings.Contains(p.Text("main"), "dostarczony z programem") {
		t.Error("news where there is none")
	}
	w.OK(w.DB.Update(ctx, func(tx *db.Tx) error { // as after a release: no service makes the past
		return db.Exec(ctx, tx, `UPDATE fund SET shipped_digest = 'older' WHERE id = 'amif-2021'`)
	}))
	p := w.Status(b.Get(amif), http.StatusOK)
	if p.Find(`form[action="`+amif+`/shipped"] input[value=statement]`).Length() != 1 || w.Status(w.Browse(w.Reviewer).Get(amif), http.StatusOK).Find(`form[action$="/shipped"]`).Length() != 0 {
		t.Error(p.Text("main"))
	}
	w.Status(b.Post(amif+"/shipped", url.Values{"edition": {"2"}, "rule": {"statement"}}), http.StatusSeeOther)
	p = w.Status(b.Get(amif), http.StatusOK)
	if p.Text(`section[id="rule-statement"] dd[lang=en]`) != "Co-funded by the European Union" || strings.Contains(p.Text("main"), "dostarczony z programem") {
		t.Error(p.Text("main"))
	}
}

// No statement that fails leaves a page with less than it should show, or a form that seems to be saved.
func TestNoFailureIsSilent(t *testing.T) {
	w := testrig.New(t)
	b := w.Browse(w.Admin)
	var picture bytes.Buffer
	w.OK(png.Encode(&picture, image.NewGray(image.Rect(0, 0, 3, 2))))
	b.FragileUpload(t, amif+"/emblem", url.Values{"edition": {"1"}, "lang": {"en"}, "emblem-text": {"Flag"}}, "file", "x.png", picture.String())
	b.Fragile(t, []string{base, base + "?as=csv", base + "/new", amif, amif + "/file", amif + "/history", amif + "/history/1", amif + "/edit/name", amif + "/edit/emblem", amif + "/drop/useful", amif + "/emblem/en"})
	b.FragileForm(t, amif+"/confirm", url.Values{"edition": {"2"}, "rule": {"retention"}})
	b.FragileForm(t, amif+"/edit/retention", url.Values{"edition": {"2"}, "anchor": {"project-end"}, "years": {"9"}, "source": {"keeping"}})
	b.FragileForm(t, base+"/new", url.Values{"title-pl": {"Kopia"}, "id": {"kopia"}, "from": {"amif-2021"}})
	b.FragileFault(t, amif+"/edit/retention", url.Values{"edition": {"3"}, "anchor": {"project-end"}, "years": {"x"}, "source": {"keeping"}})
	b.FragileFault(t, amif+"/confirm", url.Values{"edition": {"3"}})
}
