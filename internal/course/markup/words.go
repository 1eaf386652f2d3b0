package markup

import (
	"fmt"
	"time"
)

// labels are the words that blocks show, by language. Another language of courses needs a line here.
var labels = map[string]map[string]string{
	"pl": {
		"definition": "Definicja", "key": "Najważniejsze", "law": "Prawo", "warning": "Ostrzeżenie o treści", "example": "Przykład fikcyjny", "compare": "Porównanie",
		"source": "Źródło", "checked": "stan na", "confirm": "czeka na potwierdzenie przez osobę redagującą", "transcript": "Zapis treści",
		"gone": "[do sprawdzenia: zapytaj osobę koordynującą]", "unconfirmed": "do potwierdzenia", "overdue": "niepotwierdzone od", "as-of": "stan na",
	},
	"en": {
		"definition": "Definition", "key": "Key point", "law": "Law", "warning": "Content warning", "example": "Fictional example", "compare": "Comparison",
		"source": "Source", "checked": "checked on", "confirm": "an editor has yet to confirm this", "transcript": "Transcript",
		"gone": "[to be checked: ask your coordinator]", "unconfirmed": "to be confirmed", "overdue": "not confirmed since", "as-of": "as of",
	},
	"uk": {
		"definition": "Визначення", "key": "Найважливіше", "law": "Право", "warning": "Застереження щодо змісту", "example": "Вигаданий приклад", "compare": "Порівняння",
		"source": "Джерело", "checked": "станом на", "confirm": "редакція ще має це підтвердити", "transcript": "Текстовий запис",
		"gone": "[треба перевірити: запитайте в координаторки або координатора]", "unconfirmed": "ще не підтверджено", "overdue": "не підтверджено з", "as-of": "станом на",
	},
}

// months are the names of the months as dates have them.
var months = map[string][]string{
	"pl": {"stycznia", "lutego", "marca", "kwietnia", "maja", "czerwca", "lipca", "sierpnia", "września", "października", "listopada", "grudnia"},
	"en": {"January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"},
	"uk": {"січня", "лютого", "березня", "квітня", "травня", "червня", "липня", "серпня", "вересня", "жовтня", "листопада", "грудня"},
}

// yearMark is what a language puts behind the year of a day.
var yearMark = map[string]string{"uk": "\u00a0р."}

// inWords writes a day as the course's language does, such as 23 listopada 2026; as 2026-11-23 where we do not know how.
func inWords(day time.Time, lang string) string {
	m, ok := months[lang]
	if !ok {
		return day.Format(time.DateOnly)
	}
	return fmt.Sprintf("%d\u00a0%s %d%s", day.Day(), m[day.Month()-1], day.Year(), yearMark[lang])
}

func label(lang, key string) string {
	if m, ok := labels[lang]; ok {
		return m[key]
	}
	return labels["en"][key]
}
