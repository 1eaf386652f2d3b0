// Package lawtext finds in a text what should be a fact: a period, an amount of money, a provision of law, a phone. Such a thing
// changes by a decision of somebody else, and in prose it cannot be changed everywhere at once.
//
// It reads Polish, Ukrainian and English and tells by rule what is no law: ages, and a story's own times ("od trzech miesięcy", "два тижні тому", "two weeks ago").
// It is a sieve for authors and no judge: what it stops wrongly they allow with a reason.
package lawtext

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// Kind is what was found.
type Kind string

// The kinds of findings, as faults name them.
const (
	ofPeriod  Kind = "a period"
	ofAmount  Kind = "an amount of money"
	ofArticle Kind = "a provision of law"
	ofPhone   Kind = "a phone"
)

// Finding is a piece of a text that should be a fact.
type Finding struct {
	Kind Kind
	At   int // byte at which it begins
	Text string
}

const (
	// Numbers in words, from ten on apart: so many years are an age.
	small = `jeden|jednego|jednym|dwa|dwie|dwóch|dwoma|trzy|trzech|trzema|cztery|czterech|pięć|pięciu|sześć|sześciu|siedem|siedmiu|osiem|ośmiu|dziewięć|dziewięciu|` +
		`один|одного|одним|два|дві|двох|двома|три|трьох|трьома|чотири|чотирьох|чотирма|п’ять|п’яти|шість|шести|сім|семи|вісім|восьми|дев’ять|дев’яти|` +
		`one|two|three|four|five|six|seven|eight|nine`
	large = `dziesięć|dziesięciu|jedenaście|dwanaście|dwunastu|trzynaście|czternaście|czternastu|piętnaście|piętnastu|szesnaście|szesnastu|siedemnaście|siedemnastu|` +
		`osiemnaście|osiemnastu|dwadzieścia|dwudziestu|trzydzieści|trzydziestu|sześćdziesiąt|sześćdziesięciu|dziewięćdziesiąt|dziewięćdziesięciu|` +
		`десять|десяти|одинадцять|одинадцяти|дванадцять|дванадцяти|тринадцять|тринадцяти|чотирнадцять|чотирнадцяти|п’ятнадцять|п’ятнадцяти|шістнадцять|шістнадцяти|` +
		`сімнадцять|сімнадцяти|вісімнадцять|вісімнадцяти|двадцять|двадцяти|тридцять|тридцяти|шістдесят|шістдесяти|дев’яносто|` +
		`ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|twenty|thirty|sixty|ninety`
	years = `lat|lata|latach|latom|latami|rok|roku|рік|роки|років|року|роках|рокам|роками|years?`
	units = `dzień|dni|dnia|dniach|dniom|dniami|tydzień|tygodnie|tygodni|tygodnia|tygodniach|miesiąc|miesiące|miesięcy|miesiąca|miesiącach|день|дня|дні|днів|днях|дням|днями|` +
		`тиждень|тижня|тижні|тижнів|тижнях|тижням|тижнями|місяць|місяця|місяці|місяців|місяцях|місяцям|місяцями|days?|weeks?|months?|` + years
)

var (
	hidden    = regexp.MustCompile(`\{[^}\n]*\}|\]\([^)\n]*\)|https?://\S+`)
	article   = regexp.MustCompile(`(?i)(?:^|[^\p{L}])(art\.\s*\d+\w*|artykuł\w*\s+\d+\w*|articles?\s+\d+\w*|(?:ст|стат\p{L}+)\.?\s*\d+[\p{L}\d]*|§\s*\d+|Dz\.\s?U\.|sections?\s+\d+\w*)`)
	amount    = regexp.MustCompile(`(?i)\d+(?:[\s\x{a0}.,]\d+)*[\s\x{a0}]?(?:zł|PLN|euro|EUR|€|грн|гривень|гривн\p{L}|злот\p{L}+|євро)|(?:PLN|EUR|€)\s?\d+(?:[\x{a0}.,]\d+)*`)
	isoDay    = regexp.MustCompile(`\d{4}-\d\d-\d\d`)
	phone     = regexp.MustCompile(`\+?\d(?:[ \x{a0}-]?\d){6,}`)
	shortCode = regexp.MustCompile(`(?:^|[^\d.,])(112|116[ \x{a0}]?\d{3}|99[789])(?:[^\d]|$)`)
	period    = regexp.MustCompile(`(?i)(?:^|[^\p{L}\d])((\d+(?:[–-]\d+)?|` + apostrophes(small+`|`+large) + `)(?:[\s\x{a0}]+(?:pełn\p{L}+|kolejn\p{L}+|robocz\p{L}+|kalendarzow\p{L}+|повн\p{L}+|робоч\p{L}+|календарн\p{L}+|working|calendar|full|consecutive))?[\s\x{a0}-]+(` + units + `))(?:[^\p{L}]|$)`)

	sinceBefore = regexp.MustCompile(`(?i)(?:^|[^\p{L}])(?:od|od ponad|od około|już|since|(?:last|past)|ostatni\p{L}+|minion\p{L}+|za|від|вже|уже|останн\p{L}+|минул\p{L}+|за|через)\s*$`)
	toAfter     = regexp.MustCompile(`(?i)^\s*(?:do|to|до)\s`)
	agoAfter    = regexp.MustCompile(`(?i)^\s*(?:temu|wcześniej|później|тому|раніше|пізніше|ago|later|earlier)`)
	ageBefore   = regexp.MustCompile(`(?i)(?:^|[^\p{L}])(?:ma|mam|mają|miał|miała|wieku|skończył\p{L}*|ukończył\p{L}*|ukończeni\p{L}+|poniżej|powyżej|має|мають|мав|мала|мало|віком|виповни\p{L}+|до виповнення|молодш\p{L}+(?: за)?|старш\p{L}+(?: за)?|aged?|under|over|below|turned)\s*$`)
	ageAfter    = regexp.MustCompile(`(?i)^(?:\s*(?:życia|життя|від роду)|[\s-]*old)`)
	penalty     = regexp.MustCompile(`(?i)więzieni|pozbawieni|ув[’']язненн|позбавленн|prison|imprison|kar[aąeyę]`)
)

// apostrophes lets words be written with either apostrophe that authors have on their keyboards.
func apostrophes(words string) string { return strings.ReplaceAll(words, "’", "[’']") }

// Find returns what of a text should be facts, in order. In a story people owe sums and wait for days: with story, only provisions of
// law and phones are found.
func Find(text string, story bool) (found []Finding) {
	text = blank(text, hidden)
	add := func(kind Kind, from, to int) {
		found = append(found, Finding{kind, from, strings.TrimSpace(text[from:to])})
	}
	for _, m := range article.FindAllStringSubmatchIndex(text, -1) {
		add(ofArticle, m[2], m[3])
	}
	if !story {
		for _, m := range amount.FindAllStringIndex(text, -1) {
			add(ofAmount, m[0], m[1])
		}
		for _, m := range period.FindAllStringSubmatchIndex(text, -1) {
			if !ownTime(text, m[2], m[3], text[m[4]:m[5]], text[m[6]:m[7]]) {
				add(ofPeriod, m[2], m[3])
			}
		}
	}
	rest := blank(blank(text, isoDay), amount)
	for _, m := range phone.FindAllStringIndex(rest, -1) {
		add(ofPhone, m[0], m[1])
	}
	for _, m := range shortCode.FindAllStringSubmatchIndex(rest, -1) {
		add(ofPhone, m[2], m[3])
	}
	slices.SortStableFunc(found, func(a, b Finding) int { return a.At - b.At })
	return found
}

// ownTime says whether a period is an age, or a time of a story.
func ownTime(text string, from, to int, number, unit string) bool {
	const context = 40
	before, after := text[max(0, from-context):from], text[to:min(len(text), to+context)]
	switch {
	case agoAfter.MatchString(after), sinceBefore.MatchString(before) && !toAfter.MatchString(after):
		return true
	case !slices.Contains(strings.FieldsFunc(years, func(r rune) bool { return r == '|' }), strings.ToLower(strings.TrimSuffix(unit, "s"))) && !strings.HasPrefix(strings.ToLower(unit), "year"):
		return false
	case ageAfter.MatchString(after), ageBefore.MatchString(before):
		return true
	}
	first, _, _ := strings.Cut(strings.ReplaceAll(number, "–", "-"), "-")
	n, err := strconv.Atoi(first)
	if err == nil && n >= 1900 && n < 2100 {
		return true // a year by the calendar, which passes by itself: "w 2026 roku", "2026 року"
	}
	old := err == nil && n >= 10 && n < 100 || slices.Contains(strings.Split(large, "|"), strings.ReplaceAll(strings.ToLower(number), "'", "’"))
	return old && !penalty.MatchString(before+" "+after)
}

// blank puts spaces for what a pattern matches, so that places stay.
func blank(text string, pattern *regexp.Regexp) string {
	return pattern.ReplaceAllStringFunc(text, func(s string) string { return strings.Repeat(" ", len(s)) })
}
