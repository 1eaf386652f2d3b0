package search

import (
	"os"
	"path"
	"slices"
	"strings"
	"testing"
)

// articles returns an index of the site's articles in a language.
func articles(t *testing.T, tag string) *Index {
	t.Helper()
	x := New(tag, siteSynonyms(t))
	own := map[string]bool{}
	for _, lang := range []string{tag, "pl"} { // what is not translated is found in its source language, as on the site
		dir := path.Join("../../site", lang)
		files, err := os.ReadDir(dir)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range files {
			id, found := strings.CutSuffix(f.Name(), ".md")
			if !found || own[id] {
				continue
			}
			own[id] = true
			b, err := os.ReadFile(path.Join(dir, f.Name()))
			if err != nil {
				t.Fatal(err)
			}
			_, rest, _ := strings.Cut(string(b), "title: ")
			title, rest, _ := strings.Cut(rest, "\n")
			_, rest, _ = strings.Cut(rest, "summary: ")
			summary, body, _ := strings.Cut(rest, "\n")
			x.Add(Doc{ID: id, Lang: lang, Title: title, Summary: summary, Body: plain(body)})
		}
	}
	return x
}

// plain leaves out the lines that name sources and puts the number in that the page of danger tells.
func plain(body string) string {
	var out strings.Builder
	for line := range strings.Lines(body) {
		if !strings.HasPrefix(line, ":::") {
			out.WriteString(strings.ReplaceAll(line, "{emergency}", "112"))
		}
	}
	return out.String()
}

// asked are what readers type, and the article that has to be among the first three.
var asked = map[string]map[string]string{
	"pl": {
		"szef nie płaci":             "work",
		"pracodawca nie zapłacił":    "work",
		"boss":                       "before-you-go",
		"szef zabrał mi paszport":    "work",
		"umowe":                      "work",
		"kaucja za mieszkanie":       "housing-documents",
		"meldunek":                   "housing-documents",
		"chcę wrócić do domu":        "return",
		"deportacja":                 "return",
		"dzieci bez rodzicow":        "children",
		"szkola dla dziecka":         "children",
		"біженець":                   "rights-duties",
		"niewolnictwo":               "trafficking",
		"oferta z facebooka":         "before-you-go",
		"zezwolenie na prace":        "before-you-go",
		"boję się, ktoś mi grozi":    "danger",
		"112":                        "danger",
		"telefon zaufania anonimowo": "call",
		"торгівля людьми":            "trafficking",
		"зарплата":                   "work",
		"uchodzca":                   "rights-duties",
		"wniosek o kartę pobytu":     "rights-duties",
		"karta cukr":                 "ukraine",
		"kurier aplikacja":           "work",
		"haslo do banku":             "your-phone",
		"nie znam polskiego":         "say-it",
		"bezpłatny prawnik":          "your-case",
		"dziecko zaginelo":           "children",
		"etias":                      "before-you-go",
	},
	"en": {
		"boss does not pay":      "work",
		"salary":                 "work",
		"passport taken":         "work",
		"landlord deposit":       "housing-documents",
		"go home":                "return",
		"unaccompanied child":    "children",
		"modern slavery":         "trafficking",
		"asylum":                 "rights-duties",
		"helpline":               "call",
		"I am in danger":         "danger",
		"worried about a friend": "help-another",
		"facebook job":           "before-you-go",
		"szef":                   "work",
		"emergency number":       "danger",
		"apply for residence":    "rights-duties",
		"cukr card":              "ukraine",
		"free lawyer":            "your-case",
		"password hacked":        "your-phone",
		"I do not speak Polish":  "say-it",
		"missing child":          "children",
	},
	"uk": {
		"роботодавець не платить": "work",
		"начальник":               "work",
		"zarplata":                "work",
		"забрали паспорт":         "rights",
		"рабство":                 "trafficking",
		"лінія допомоги":          "call",
		"пропозиція роботи за кордоном": "before-you-go",
		"мені погрожують":               "danger",
		"лікар без документів":          "rights",
		"torgivlia liudmy":              "trafficking",
		"заява на перебування mos":      "rights-duties",
		"карта цукр":                    "ukraine",
		"безкоштовний юрист":            "your-case",
		"не знаю польської":             "say-it",
		"пароль":                        "your-phone",
		"дитина без батьків":            "children",
	},
	"ru": {
		"начальник не платит":     "work",
		"зарплаты":                "work",
		"zarplata":                "work",
		"отобрали паспорт":        "rights",
		"рабство":                 "trafficking",
		"линия помощи":            "call",
		"работа за границей":      "before-you-go",
		"мне угрожают":            "danger",
		"врач без документов":     "rights",
		"torgovlya lyudmi":        "trafficking",
		"заявление на пребывание": "rights-duties",
		"карта cukr":              "ukraine",
		"бесплатный юрист":        "your-case",
		"не знаю польского":       "say-it",
		"вернуться домой":         "return",
		"негде ночевать":          "housing-documents",
	},
	"ar": {
		"رب العمل لا يدفع":  "work",
		"راتبي":             "work",
		"أخذوا جوازي":       "rights",
		"العبودية":          "trafficking",
		"خط ساخن":           "call",
		"يهددونني":          "danger",
		"عروض عمل":          "before-you-go",
		"مستشفى بدون أوراق": "rights",
		"طلب إقامة":         "rights-duties",
		"بطاقة CUKR":        "ukraine",
		"محامي":             "your-case",
		"لا أعرف البولندية": "say-it",
		"كلمة المرور":       "your-phone",
		"العودة إلى بلدي":   "return",
	},
	"vi": {
		"sếp không trả lương":     "work",
		"luong":                   "work",
		"giu ho chieu":            "rights",
		"nô lệ":                   "trafficking",
		"đường dây nóng":          "call",
		"bị đe dọa":               "danger",
		"môi giới":                "before-you-go",
		"bác sĩ":                  "rights",
		"đơn xin cư trú":          "rights-duties",
		"thẻ CUKR":                "ukraine",
		"luật sư":                 "your-case",
		"không biết tiếng Ba Lan": "say-it",
		"mật khẩu":                "your-phone",
		"thuê nhà":                "housing-documents",
	},
}

func TestReadersFindTheArticle(t *testing.T) {
	for tag, queries := range asked {
		x := articles(t, tag)
		for query, want := range queries {
			if got := hits(x, query); !slices.Contains(got[:min(3, len(got))], want) {
				t.Errorf("%s: %q finds %q, want %s among the first three", tag, query, got, want)
			}
		}
	}
}
