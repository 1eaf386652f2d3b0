package demo

import "strings"

// regions are the codes of voivodeships (TERYT) and invented names of regional units.
var regions = []struct{ code, name string }{
	{"20", "Podlaski"}, {"06", "Nadbużański"}, {"18", "Podkarpacki"}, {"24", "Śląski"}, {"22", "Pomorski"}, {"28", "Mazurski"}, {"14", "Mazowiecki"}, {"02", "Nadodrzański"},
}

var women = strings.Fields(`Anna Maria Katarzyna Małgorzata Agnieszka Barbara Ewa Magdalena Elżbieta Joanna Aleksandra Zofia Monika Teresa Natalia
	Julia Karolina Marta Beata Dorota Alicja Oliwia Jadwiga Danuta Irena Izabela Sylwia Iwona Patrycja Weronika Łucja Żaneta Olena Iryna`)

var men = strings.Fields(`Piotr Krzysztof Andrzej Tomasz Jan Paweł Michał Marcin Jakub Adam Łukasz Grzegorz Wojciech Mateusz Stanisław Mariusz
	Dariusz Zbigniew Jerzy Maciej Rafał Robert Kamil Jacek Sławomir Bartosz Artur Szymon Radosław Hubert Damian Wiesław Oleh Taras`)

var families = strings.Fields(`Nowak Kowalski Wiśniewski Wójcik Kowalczyk Kamiński Lewandowski Zieliński Szymański Woźniak Dąbrowski Kozłowski
	Mazur Jankowski Kwiatkowski Wojciechowski Krawczyk Kaczmarek Piotrowski Grabowski Pawłowski Michalski Król Wieczorek Jabłoński Wróbel
	Nowakowski Majewski Olszewski Stępień Malinowski Jaworski Adamczyk Dudek Nowicki Pawlak Górski Witkowski Walczak Sikora Baran Rutkowski
	Michalak Szewczyk Ostrowski Tomaszewski Pietrzak Zalewski Wróblewski Marciniak Jasiński Sadowski Bąk Zawadzki Duda Jakubowski Wilk Chmielewski
	Borkowski Włodarczyk Sokołowski Szczepański Sawicki Kucharski Lis Maciejewski Kubiak Kalinowski Mazurek Kołodziej Ćwik Łuczak Śliwa Żak Źródło`)

// feminine returns the form of a family name that a woman bears, where it has one.
func feminine(name string) string {
	if stem, ok := strings.CutSuffix(name, "ski"); ok {
		return stem + "ska"
	}
	if stem, ok := strings.CutSuffix(name, "cki"); ok {
		return stem + "cka"
	}
	if stem, ok := strings.CutSuffix(name, "dzki"); ok {
		return stem + "dzka"
	}
	return name
}
