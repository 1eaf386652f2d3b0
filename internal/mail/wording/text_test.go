package wording_test

import (
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"ostoja/internal/errs"
	"ostoja/internal/lang"
	"ostoja/internal/mail"
	"ostoja/internal/mail/wording"
	"ostoja/translations"
)

func catalogue(t *testing.T) *lang.Catalogue {
	t.Helper()
	zone, err := time.LoadLocation("Europe/Warsaw")
	if err != nil {
		t.Fatal(err)
	}
	c, err := lang.Load(translations.FS, zone)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// each runs fn for each form in each language in which letters are written.
func each(t *testing.T, fn func(t *testing.T, c *lang.Catalogue, k *wording.Known, p *lang.Printer)) {
	c := catalogue(t)
	for i := range wording.Forms {
		for _, tag := range c.Langs() {
			t.Run(string(wording.Forms[i].Form)+" "+tag, func(t *testing.T) {
				c := c.Apart()
				fn(t, c, &wording.Forms[i], c.Printer(tag))
			})
		}
	}
}

func own(c *lang.Catalogue, k *wording.Known, tag string, t wording.Text) {
	c.SetOwn(map[string]map[string]string{tag: {string(k.Form): t.Subject + "\n" + t.Body}})
}

// TestTheShippedTextAsOnesOwnIsTheSame, byte for byte, whatever fills its places; and passes the rules that are made for others.
func TestTheShippedTextAsOnesOwnIsTheSame(t *testing.T) {
	each(t, func(t *testing.T, c *lang.Catalogue, k *wording.Known, p *lang.Printer) {
		shipped := k.Shipped(p)
		if strings.Contains(shipped.Subject+shipped.Body, "<no value>") || strings.Contains(shipped.Subject+shipped.Body, "⟦") {
			t.Fatalf("the shipped text has a place that the form does not know: %+v", shipped)
		}
		if err := k.Check(shipped); err != nil {
			t.Errorf("the shipped text is refused: %v", err)
		}
		// As a browser sends it back.
		sent := wording.Text{Subject: " " + shipped.Subject, Body: strings.ReplaceAll(shipped.Body, "\n", "\r\n") + "\r\n"}
		if got := k.Tidy(sent, shipped); got != shipped {
			t.Errorf("typed and unchanged it is\n%q, not\n%q", got, shipped)
		}
		rapid.Check(t, func(t *rapid.T) {
			var values []any
			for _, x := range k.Places {
				v := rapid.SampledFrom([]string{"Maria", "", "{{.Link}}", "{{.Gone}}", "a „b” & <c>", "$1", "https://x.example.org/app/l/" + mail.TokenMark, "za 3 dni\n- drugi", "<no value>"}).Draw(t, x.Name)
				if rapid.Bool().Draw(t, "other") {
					v += rapid.String().Draw(t, x.Name+" other")
				}
				values = append(values, x.Name, v)
			}
			c.SetOwn(nil)
			subject, body := wording.Compose(p, k.Form, values...)
			own(c, k, p.Tag(), shipped)
			mine, text := wording.Compose(p, k.Form, values...)
			if mine != subject || text != body {
				t.Fatalf("own:\n%q\n%q\nshipped:\n%q\n%q", mine, text, subject, body)
			}
		})
	})
}

// TestNoAcceptedTextLeavesAPlaceOpen, and none lacks what its reader needs.
func TestNoAcceptedTextLeavesAPlaceOpen(t *testing.T) {
	c := catalogue(t)
	accepted := 0
	rapid.Check(t, func(t *rapid.T) {
		k := &wording.Forms[rapid.IntRange(0, len(wording.Forms)-1).Draw(t, "form")]
		shipped := k.Shipped(c.Printer("pl"))
		pieces := []string{"słowo", " ", "\n", "{{.Gone}}", "{{Link}}", "{{ .name }}", "{.Link}", "{{{.Link}}}", "}}", "{{", "{{.Link", "{{if .Link}}", "\t", "{{.}}", "{{.Li nk}}"}
		base := []string{}
		for _, x := range k.Places {
			pieces = append(pieces, "{{."+x.Name+"}}", "{{"+strings.ToLower(x.Name)+"}}", "{{."+x.Name+"X}}")
			if x.Must && rapid.IntRange(0, 9).Draw(t, "must") > 0 {
				base = append(base, "{{."+x.Name+"}}")
			}
		}
		text := func(name string, most int) string {
			return strings.Join(rapid.SliceOfN(rapid.OneOf(rapid.SampledFrom(pieces), rapid.StringMatching(`[a-zą ]{1,9}`)), 1, most).Draw(t, name), "")
		}
		typed := wording.Text{Subject: text("subject", 2), Body: text("body", 5) + strings.Join(base, " ")}
		tidy := k.Tidy(typed, shipped)
		if k.Tidy(tidy, shipped) != tidy {
			t.Fatalf("%q is not tidy yet", tidy)
		}
		if k.Check(tidy) != nil {
			return
		}
		accepted++
		mine := c.Apart()
		own(mine, k, "pl", tidy)
		values, secret := []any{}, map[string]string{}
		for i, x := range k.Places {
			secret[x.Name] = fmt.Sprintf("<%d>", i)
			values = append(values, x.Name, secret[x.Name])
		}
		subject, body := wording.Compose(mine.Printer("pl"), k.Form, values...)
		if strings.ContainsAny(subject+body, "{}") {
			t.Fatalf("a place is left in %q %q", subject, body)
		}
		for _, x := range k.Places {
			if x.Must && !strings.Contains(body, secret[x.Name]) {
				t.Fatalf("%s is missing in %q", x.Name, body)
			}
			if !x.Subject && strings.Contains(subject, secret[x.Name]) {
				t.Fatalf("%s stands in the subject %q", x.Name, subject)
			}
		}
	})
	if accepted == 0 {
		t.Error("no text was accepted: the test says nothing")
	}
}

// TestWhatIsWrongWithATextIsSaid at its field, with what was probably meant.
func TestWhatIsWrongWithATextIsSaid(t *testing.T) {
	k := wording.Of(wording.RemindNew)
	good := wording.Text{Subject: "Kurs", Body: "{{.Name}}, {{.Course}}: {{.Link}}"}
	for name, x := range map[string]struct {
		subject, body, field, key, place string
	}{
		"misspelt":              {good.Subject, good.Body + " {{.Nmae}}", "body", "fault-unknown", "{{.Name}}"},
		"of another letter":     {good.Subject, good.Body + " {{.Links}}", "body", "fault-unknown", "{{.Link}}"},
		"one brace":             {good.Subject, good.Body + " {Course}", "body", "fault-unknown", "{{.Course}}"},
		"a brace":               {good.Subject, good.Body + " }", "body", "fault-braces", "{{.Link}}"},
		"a template":            {good.Subject, good.Body + " {{if .Name}}x{{end}}", "body", "fault-braces", "{{.Link}}"},
		"without the link":      {good.Subject, "{{.Course}}", "body", "fault-missing", "{{.Link}}"},
		"nothing":               {good.Subject, " \n ", "body", "fault-no-body", ""},
		"no subject":            {" ", good.Body, "subject", "fault-no-subject", ""},
		"a link in the subject": {"Kurs {{.Link}}", good.Body, "subject", "fault-subject", "{{.Link}}"},
		"a name in the subject": {"{{ name }}, kurs", good.Body, "subject", "fault-subject", "{{.Name}}"},
		"an address":            {"Kurs na www.example.org", good.Body, "subject", "fault-address", ""},
		"a mailbox":             {"Pisz do a@example.org", good.Body, "subject", "fault-address", ""},
		"a long subject":        {strings.Repeat("ą", 121), good.Body, "subject", "fault-long", ""},
		"a long text":           {good.Subject, good.Body + strings.Repeat("ą", 6000), "body", "fault-long", ""},
		"the token's place":     {good.Subject, good.Body + mail.TokenMark, "body", "fault-hidden", ""},
		"the other direction":   {"Kurs \u202egnp", good.Body, "subject", "fault-hidden", ""},
	} {
		err := k.Check(k.Tidy(wording.Text{Subject: x.subject, Body: x.body}, k.Shipped(catalogue(t).Printer("pl"))))
		fields, _ := errs.FieldsOf(err)
		i := slices.IndexFunc(fields, func(f errs.Field) bool { return f.Name == x.field && f.Key == "letters.words."+x.key })
		if !errors.Is(err, errs.ErrInvalid) || i < 0 {
			t.Errorf("%s: %+v", name, fields)
			continue
		}
		if got := fields[i].Args["Place"]; x.place != "" && got != x.place {
			t.Errorf("%s: proposed is %v", name, got)
		}
	}
	if err := k.Check(good); err != nil {
		t.Error(err)
	}
	if k := wording.Of(wording.CertificateEnds); k.Check(wording.Text{Subject: "Ważne do {{.Day}}", Body: "{{.Day}} {{.Link}}"}) != nil {
		t.Error("a day may stand in a subject")
	}
}

// TestATextThatLacksAValueGivesWay: a letter is never lost, and no place is left open, where the program gives a form less than it says.
func TestATextThatLacksAValueGivesWay(t *testing.T) {
	c := catalogue(t)
	p := c.Printer("pl")
	own(c, wording.Of(wording.RemindNew), "pl", wording.Text{Subject: "S", Body: "{{.Name}} {{.Gone}}"})
	subject, body := wording.Compose(p, wording.RemindNew, "Name", "Maria", "Course", "Kurs", "Link", "https://x")
	if subject == "S" || !strings.Contains(body, "Maria") || strings.Contains(body, "{{") {
		t.Errorf("%q %q", subject, body)
	}
}

// TestCountsStandInTheirPlural: what is counted is one place, so that an own text is right for each number.
func TestCountsStandInTheirPlural(t *testing.T) {
	c := catalogue(t)
	for tag, texts := range map[string]map[int]string{
		"pl": {1: "jutro, D, mija termin", 3: "za 3 dni, D, mija termin", 5: "za 5 dni, D, mija termin"},
		"en": {1: "is due tomorrow, D.", 3: "is due in 3 days, on D."},
	} {
		p := c.Printer(tag)
		for n, want := range texts {
			_, body := wording.Compose(p, wording.RuleBefore, "Name", "M", "Course", "C", "Link", "L", "Why", "W", "Ask", "A", "Day", "D", "Left", p.N("reminder.letter.left", n, "Day", "D"), "Since", "")
			if !strings.Contains(body, want) || strings.Contains(body, "{{") {
				t.Errorf("%s, %d: %q", tag, n, body)
			}
		}
	}
	_, body := wording.Compose(c.Printer("pl"), wording.RuleIdle, "Name", "M", "Course", "C", "Link", "L", "Why", "W", "Ask", "A", "Day", "D", "Left", "", "Since", c.Printer("pl").N("reminder.letter.since", 8))
	if want := "Dzień dobry, M,\n\nod 8 dni nie było kolejnego kroku w kursie „C”. Otworzy się tam, gdzie został przerwany.\n\nPrzejdź do kursu:\nL\n\nW\nA\n"; body != want {
		t.Errorf("%q", body)
	}
}

// TestEachFormIsSaid: it is of a kind that the program writes, no other has its name, and all its places have words.
func TestEachFormIsSaid(t *testing.T) {
	seen, slugs := map[wording.Form]bool{}, map[string]bool{}
	each(t, func(t *testing.T, _ *lang.Catalogue, k *wording.Known, p *lang.Printer) {
		if !slices.ContainsFunc(mail.Kinds, func(x mail.Known) bool { return x.Kind == k.Kind }) {
			t.Errorf("%s is no kind of letter", k.Kind)
		}
		if wording.Of(k.Form) != k || wording.Slugged(k.Slug()) != k.Form {
			t.Errorf("%s is found by another name", k.Form)
		}
		key := "letters.words.form-" + k.Slug()
		if strings.Contains(string(k.Form), "/") != p.Has(key) {
			t.Errorf("%s is called %s", k.Form, p.T(key))
		}
		for _, x := range k.Places {
			if !p.Has("letters.words.about-" + x.About) {
				t.Errorf("nothing is said of %s", x.About)
			}
		}
		seen[k.Form], slugs[k.Slug()] = true, true
	})
	if len(seen) != len(wording.Forms) || len(slugs) != len(seen) {
		t.Errorf("%d forms, %d names, %d addresses", len(wording.Forms), len(seen), len(slugs))
	}
	if wording.Of("people.sign-in") != nil || wording.Of("report.code") != nil || wording.Slugged("none") != "" {
		t.Error("a letter that guards an account is worded")
	}
	if s, _ := wording.Compose(catalogue(t).Printer("pl"), "none"); !strings.Contains(s, "none") {
		t.Errorf("%q", s)
	}
}

// TestAreasFillAllPlaces reads the sources: whoever writes a letter names each place of its form.
func TestAreasFillAllPlaces(t *testing.T) {
	forms := map[string][]wording.Form{"Seat": {}}
	for _, about := range []string{"invited", "offered", "consent", "waiting", "confirmed", "changed", "put-off", "cancelled", "refused", "lapsed"} {
		forms["Seat"] = append(forms["Seat"], wording.Seat(about))
	}
	names := token.NewFileSet()
	file, err := parser.ParseFile(names, "forms.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	ast.Inspect(file, func(n ast.Node) bool {
		if v, ok := n.(*ast.ValueSpec); ok && len(v.Values) == 1 && len(v.Names) == 1 {
			if lit, ok := v.Values[0].(*ast.BasicLit); ok && v.Type != nil {
				forms[v.Names[0].Name] = []wording.Form{wording.Form(strings.Trim(lit.Value, `"`))}
			}
		}
		return true
	})
	filled := map[wording.Form]bool{}
	err = filepath.WalkDir("../..", func(path string, _ fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") || strings.Contains(path, "mail/") {
			return err
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
		if err != nil {
			return err
		}
		mentioned, direct, calls := map[string]bool{}, map[string]map[string]bool{}, []map[string]bool{}
		ast.Inspect(file, func(n ast.Node) bool {
			if s, ok := n.(*ast.SelectorExpr); ok {
				if x, ok := s.X.(*ast.Ident); ok && x.Name == "wording" && forms[s.Sel.Name] != nil {
					mentioned[s.Sel.Name] = true
				}
			}
			call, ok := n.(*ast.CallExpr)
			if !ok {
				return true
			}
			f, ok := call.Fun.(*ast.SelectorExpr)
			if x, is := fieldOf(f, ok); !is || x != "wording.Compose" {
				return true
			}
			given := map[string]bool{}
			for _, a := range call.Args[2:] {
				if lit, ok := a.(*ast.BasicLit); ok {
					given[strings.Trim(lit.Value, `"`)] = true
				}
			}
			form := call.Args[1]
			if c, ok := form.(*ast.CallExpr); ok {
				form = c.Fun
			}
			if s, ok := form.(*ast.SelectorExpr); ok {
				direct[s.Sel.Name] = given
			} else {
				calls = append(calls, given)
			}
			return true
		})
		for name := range mentioned {
			given := direct[name]
			if given == nil && len(calls) == 1 {
				given = calls[0]
			}
			for _, f := range forms[name] {
				filled[f] = true
				for _, x := range wording.Of(f).Places {
					if !given[x.Name] {
						t.Errorf("%s does not fill %s of %s", path, x.Name, f)
					}
				}
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, k := range wording.Forms {
		if !filled[k.Form] {
			t.Errorf("nobody writes %s: %v", k.Form, slices.Sorted(maps.Keys(filled)))
		}
	}
}

func fieldOf(f *ast.SelectorExpr, ok bool) (string, bool) {
	if !ok {
		return "", false
	}
	x, is := f.X.(*ast.Ident)
	if !is {
		return "", false
	}
	return x.Name + "." + f.Sel.Name, true
}
