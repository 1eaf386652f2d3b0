package candidacyweb_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"ostoja/internal/access"
	"ostoja/internal/db"
	"ostoja/internal/testrig"
)

// zeros is a body without an end that counts how much of it was read.
type zeros struct{ read int }

func (z *zeros) Read(p []byte) (int, error) {
	clear(p)
	z.read += len(p)
	return len(p), nil
}

const foreign = "foreign-certificate"

// sendFromAbroad is somebody who has lived abroad and has sent an application.
func sendFromAbroad(t *testing.T, o *testrig.GuardianOffice) (b *testrig.Browser, page string) {
	t.Helper()
	b = begin(t, o, "")
	form := typed(o, "1")
	form.Set("abroad", "yes")
	o.Status(b.Post(apply+"/mine", form), http.StatusSeeOther)
	return b, "/app/guardians/candidates/" + testrig.Must(db.One[string](t.Context(), o.DB, `SELECT id FROM guardian_candidate WHERE state = 'applied'`))(t)
}

// A candidate sends a copy from the page of the application in each language, the office has it to check and opens it with a reason, and the candidate
// takes it back.
func TestACandidateSendsACopy(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		o := w.GuardianOffice()
		mine, page := sendFromAbroad(t, o)
		office := w.Browse(o.Coordinator)
		for tail, words := range map[string]string{"": "Prześlij kopię", "?lang=uk": "Надіслати копію"} {
			p := w.Status(mine.Get(apply+"/mine"+tail), http.StatusOK)
			if p.Find(`main a[href="`+apply+`/document`+tail+`"]`).Length() != 1 {
				t.Errorf("nothing leads there: %s", p.Text("main"))
			}
			if p := w.Status(mine.Get(apply+"/document"+tail), http.StatusOK); !strings.Contains(p.Text("main form"), words) || !strings.Contains(p.Text("main"), "10 M") && !strings.Contains(p.Text("main"), "10 МБ") {
				t.Errorf("%s", p.Text("main"))
			}
		}
		kind := url.Values{"kind": {foreign}}
		for what, content := range map[string]string{"a page": "<html>", "nothing": ""} {
			if p := w.Status(mine.Upload(apply+"/document", kind, "x.pdf", content), http.StatusUnprocessableEntity); p.Find(`a[href="#f-file"]`).Length() != 1 || p.Find(`input[value="`+foreign+`"][checked]`).Length() != 1 {
				t.Errorf("%s: %s", what, p.Text("main"))
			}
		}
		w.Status(mine.Upload(apply+"/document", kind, "../x.html", "%PDF-1.7 tajne"), http.StatusSeeOther)
		p := w.Status(office.Get(page), http.StatusOK)
		if !strings.Contains(p.Text("main"), "do sprawdzenia") || p.Find(`main a[href="`+page+`/check?kind=`+foreign+`"]`).Length() != 1 {
			t.Errorf("%s", p.Text("main"))
		}
		if p := office.Get("/app/guardians/week"); !strings.Contains(p.Text("main"), "Sprawdź przesłaną kopię: Helena Nowa") {
			t.Errorf("%s", p.Text("main"))
		}
		doc := p.Find(`main a[href^="`+page+`/document/"]`).AttrOr("href", "")
		if p := w.Status(office.Post(doc, url.Values{"why": {"check"}}), http.StatusOK); p.Body != "%PDF-1.7 tajne" {
			t.Errorf("%q", p.Body)
		}
		p = w.Status(mine.Get(apply+"/mine"), http.StatusOK)
		back := p.Find(`main form[action^="`+apply+`/document/"]`).AttrOr("action", "")
		if !strings.Contains(p.Text("main"), "Gabriela Rejestrowa") || back == "" {
			t.Fatalf("%s", p.Text("main"))
		}
		w.Status(mine.Post(back, nil), http.StatusSeeOther)
		w.Status(mine.Post(back, nil), http.StatusSeeOther) // pressed twice
		w.Status(office.Get(doc), http.StatusNotFound)
		if p := mine.Get(apply + "/mine"); p.Find(`main form[action^="`+apply+`/document/"]`).Length() != 0 {
			t.Errorf("%s", p.Text("main"))
		}
	})
}

// 200 MB are refused with the limit in words, of which no more is read than the limit and a little; that it was refused is in the record. From somebody
// without an application nothing is read.
func TestTwoHundredMegabytes(t *testing.T) {
	w := testrig.New(t)
	o := w.GuardianOffice()
	mine, _ := sendFromAbroad(t, o)
	const boundary = "grenze"
	head := fmt.Sprintf("--%s\r\nContent-Disposition: form-data; name=\"kind\"\r\n\r\n%s\r\n--%s\r\nContent-Disposition: form-data; name=\"file\"; filename=\"x.pdf\"\r\nContent-Type: application/pdf\r\n\r\n%%PDF-1.7", boundary, foreign, boundary)
	large := func() (*http.Request, *zeros) {
		z := &zeros{}
		r := httptest.NewRequest(http.MethodPost, apply+"/document", io.MultiReader(strings.NewReader(head), io.LimitReader(z, 200<<20)))
		r.Header.Set("Content-Type", "multipart/form-data; boundary="+boundary)
		return r, z
	}
	r, z := large()
	p := w.Status(mine.Do(r), http.StatusUnprocessableEntity)
	if p.Find(`a[href="#f-file"]`).Length() != 1 || !strings.Contains(p.Text("main"), "Najwyżej 10 MB") || p.Find(`input[value="`+foreign+`"][checked]`).Length() != 1 {
		t.Errorf("%s", p.Text("main"))
	}
	if z.read > 14<<20 {
		t.Errorf("%d bytes were read", z.read)
	}
	if n := testrig.Must(db.One[int](t.Context(), w.DB, `SELECT COUNT(*) FROM audit WHERE action = 'candidacy.document.refuse'`))(t); n != 1 {
		t.Errorf("the record has %d of them", n)
	}
	for name, b := range map[string]*testrig.Browser{"a stranger": w.Browse(access.Actor{}), "somebody else": w.Browse(w.Learner)} {
		r, z := large()
		if p := w.Status(b.Do(r), http.StatusSeeOther); p.Header.Get("Location") != apply || z.read != 0 {
			t.Errorf("%s: %s, %d bytes were read", name, p.Header.Get("Location"), z.read)
		}
	}
}

// Who has no application, or one of which nothing is asked that can be sent, is led to where they see why; nobody sends or takes away for another.
func TestWhoSendsCopies(t *testing.T) {
	w := testrig.New(t)
	o := w.GuardianOffice()
	mine, _ := sendFromAbroad(t, o)
	w.Status(mine.Upload(apply+"/document", url.Values{"kind": {foreign}}, "x.pdf", "%PDF-1.7"), http.StatusSeeOther)
	back := mine.Get(apply+"/mine").Find(`main form[action^="`+apply+`/document/"]`).AttrOr("action", "")
	everybody := w.Everybody()
	everybody["coordinator of guardians"] = o.Coordinator
	for name, a := range everybody {
		b := w.Browse(a)
		if p := w.Status(b.Get(apply+"/document"), http.StatusSeeOther); p.Header.Get("Location") != apply {
			t.Errorf("%s: %s", name, p.Header.Get("Location"))
		}
		if p := w.Status(b.Upload(apply+"/document", url.Values{"kind": {foreign}}, "x.pdf", "%PDF-1.7"), http.StatusSeeOther); p.Header.Get("Location") != apply {
			t.Errorf("%s: %s", name, p.Header.Get("Location"))
		}
		w.Status(b.Post(back, nil), http.StatusSeeOther)
	}
	if n := testrig.Must(db.One[int](t.Context(), w.DB, `SELECT COUNT(*) FROM guardian_document`))(t); n != 1 {
		t.Errorf("%d copies", n)
	}
	mine.Fragile(t, []string{apply + "/document"})
	mine.FragileUpload(t, apply+"/document", url.Values{"kind": {foreign}}, "file", "x.pdf", "%PDF-1.4")
	mine.FragileForm(t, back, nil)
}
