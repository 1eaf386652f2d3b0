// Package territory lists the voivodeships, by the codes of the national register of territory (TERYT).
//
// Goals: a code that the register does not know is refused wherever one is typed or imported. Limits: powiaty are free text, since their list
// changes and the programme only adds them up.
package territory

// Voivodeship is a region of Poland, by the code of the national register of territory (TERYT).
type Voivodeship struct {
	Code string
	PL   string
	EN   string
}

// Voivodeships lists the sixteen in the order of the Polish alphabet.
var Voivodeships = []Voivodeship{
	{"02", "dolnośląskie", "Lower Silesia"},
	{"04", "kujawsko-pomorskie", "Kuyavia-Pomerania"},
	{"06", "lubelskie", "Lublin"},
	{"08", "lubuskie", "Lubusz"},
	{"10", "łódzkie", "Łódź"},
	{"12", "małopolskie", "Lesser Poland"},
	{"14", "mazowieckie", "Masovia"},
	{"16", "opolskie", "Opole"},
	{"18", "podkarpackie", "Subcarpathia"},
	{"20", "podlaskie", "Podlasie"},
	{"22", "pomorskie", "Pomerania"},
	{"24", "śląskie", "Silesia"},
	{"26", "świętokrzyskie", "Świętokrzyskie"},
	{"28", "warmińsko-mazurskie", "Warmia-Masuria"},
	{"30", "wielkopolskie", "Greater Poland"},
	{"32", "zachodniopomorskie", "West Pomerania"},
}

// Name returns the name in a language.
func (v Voivodeship) Name(lang string) string {
	if lang == "pl" {
		return v.PL
	}
	return v.EN
}

// RegionName returns the name of the voivodeship with a code, "" if there is none.
func RegionName(code, lang string) string {
	for _, v := range Voivodeships {
		if v.Code == code {
			return v.Name(lang)
		}
	}
	return ""
}

// Known says whether the code is a voivodeship's, or none.
func Known(code string) bool { return code == "" || RegionName(code, "pl") != "" }
