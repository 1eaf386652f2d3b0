package bankcheck

import (
	"math"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"ostoja/internal/item"
	"ostoja/internal/text"
)

// question is an item as its reader sees it in one language.
type question struct {
	item    *item.Item
	stem    []string // words of the question
	choices []choice
	key     int // the one right choice; -1 if there is none, or several
}

// choice is an option as its reader sees it.
type choice struct {
	plain string
	long  int      // in characters
	words []string // folded, in order
	right bool
}

func inWords(it *item.Item, lang string) question {
	q := question{item: it, stem: wordsOf(plain(it.Question.In(lang))), key: -1}
	for i, o := range it.Options {
		c := choice{plain: plain(o.Text.In(lang)), right: o.Best()}
		c.long, c.words = utf8.RuneCountInString(c.plain), wordsOf(c.plain)
		if c.right && it.Keys() == 1 {
			q.key = i
		}
		q.choices = append(q.choices, c)
	}
	return q
}

var (
	term = regexp.MustCompile(`\[\[(?:[^|\]]*\|)?([^\]]*)\]\]`)
	link = regexp.MustCompile(`!?\[([^\]]*)\]\([^)]*\)`)
)

// plain returns a text without the signs of Markdown that authors of items use.
func plain(markdown string) string {
	s := link.ReplaceAllString(term.ReplaceAllString(markdown, "$1"), "$1")
	return strings.Join(strings.Fields(strings.NewReplacer("*", "", "`", "", "_", " ").Replace(s)), " ")
}

// wordsOf returns the words of a text, folded: lower case, without diacritics.
func wordsOf(s string) []string {
	return strings.FieldsFunc(text.Search(s), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
}

// Words that tell of nothing but of how authors write, folded, by language. Right choices are hedged more often, wrong ones more
// often absolute (Haladyna, Downing and Rodriguez 2002, guidelines 27 and 28). Another language needs a line in each; the words of
// Ukrainian stand without the marks over и and і, as folding leaves them, and in two where an apostrophe parts them.
var (
	hedges = map[string][]string{
		"pl": {"moze", "moga", "mozna", "czasem", "czasami", "czesto", "zwykle", "zazwyczaj", "niekiedy", "raczej", "prawdopodobnie", "przewaznie", "na ogol"},
		"en": {"may", "might", "could", "sometimes", "often", "usually", "generally", "rather", "probably", "likely", "perhaps", "possibly", "mostly"},
		"uk": {"може", "можуть", "можна", "іноді", "інколи", "часом", "часто", "зазвичаи", "здебільшого", "переважно", "радше", "мабуть", "певно", "імовірно", "имовірно", "ледве чи", "як правило"},
	}
	absolutes = map[string][]string{
		"pl": {"zawsze", "nigdy", "tylko", "jedynie", "wylacznie", "na pewno", "bezwzglednie", "absolutnie", "calkowicie", "bez wyjatku", "zadnych", "zadnej", "zadnego", "zaden", "zadna"},
		"en": {"always", "never", "only", "certainly", "definitely", "absolutely", "exclusively", "completely", "entirely", "none"},
		"uk": {"завжди", "ніколи", "тільки", "лише", "виключно", "неодмінно", "обов язково", "безумовно", "напевно", "абсолютно", "цілком", "повністю", "без винятку", "жоден", "жодна", "жодне", "жодного", "жоднои", "жодних"},
	}
	// "All of the above" and its kin, as folded text.
	allOrNone = map[string]*regexp.Regexp{
		"pl": regexp.MustCompile(`^((wszystkie|zadn\w+|obie|obydwie)( z)?( tych| powyzsz\w+| wymienion\w+| podan\w+| odpowied\w+)+|wszystko( to| powyzsze)?|nic z tego)( sa \w+)?$`),
		"en": regexp.MustCompile(`^(all|none|both|neither) of (the |these )?(above|these|them|answers|options)( are \w+)?$`),
		"uk": regexp.MustCompile(`^((усі|всі|жод\p{L}+|обидва|обидві)( з)?( цих| тих| наведен\p{L}+| перелічен\p{L}+| вказан\p{L}+| відповід\p{L}+| варіант\p{L}+)+|(усе|все)( це| наведене| перелічене)?|нічого з (цього|наведеного|переліченого))( правильн\p{L}+)?$`),
	}
	// Words of four letters and more that stand in any text.
	common = map[string][]string{
		"pl": {"jest", "jako", "ktory", "ktora", "ktore", "tego", "przez", "jesli", "zeby", "kiedy", "gdzie", "oraz", "albo", "jaki", "jaka", "jakie", "czego", "bardzo", "osob", "czlowiek", "robisz", "teraz", "najpierw", "moze", "tylko", "przed", "przy", "jego", "jej", "sobie", "tych", "bedzie", "masz"},
		"en": {"that", "this", "with", "from", "what", "which", "when", "they", "them", "their", "have", "does", "your", "person", "people", "first", "now", "says", "before", "there", "then", "would", "will", "into", "about"},
		"uk": {"якии", "якого", "цього", "того", "тому", "щоб", "коли", "якщо", "через", "перед", "після", "потім", "тепер", "також", "треба", "варто", "може", "тільки", "дуже", "людина", "робите", "робить", "каже", "иого", "себе", "вона", "вони", "буде", "бути", "маєте", "першим", "далі"},
	}
	negations = map[string][]string{
		"pl": {"nie", "nigdy", "zaden", "zadna", "zadne", "zadnego", "nikt", "nikomu", "nic", "niczego", "bez"},
		"en": {"not", "no", "never", "nobody", "nothing", "cannot", "none", "without", "don", "doesn", "isn", "mustn"},
		"uk": {"не", "ні", "ніколи", "жоден", "жодна", "жодне", "жодного", "ніхто", "нікому", "нічого", "ніщо", "без", "немає"},
	}
)

// count says how many of the words or phrases stand in a text.
func count(words, phrases []string) (n int) {
	line := " " + strings.Join(words, " ") + " "
	for _, p := range phrases {
		n += strings.Count(line, " "+p+" ")
	}
	return n
}

// leastWord is the least number of letters of a word that says something, and of the beginning that two forms of a word share.
const leastWord = 4

// content returns the words that say something.
func content(words []string, lang string) []string {
	return slices.DeleteFunc(slices.Clone(words), func(w string) bool {
		return utf8.RuneCountInString(w) < leastWord || slices.ContainsFunc(common[lang], func(c string) bool { return sameWord(c, w) })
	})
}

// sameWord says whether two folded words are forms of one: they begin alike for four letters and for three quarters of the shorter.
// Polish and Ukrainian inflect, so that equal words would hardly ever be found.
func sameWord(a, b string) bool {
	x, y := []rune(a), []rune(b)
	n := 0
	for n < len(x) && n < len(y) && x[n] == y[n] {
		n++
	}
	return a == b || n >= leastWord && 4*n >= 3*min(len(x), len(y))
}

// shared returns the words of a that stand in b too, in some form.
func shared(a, b []string) []string {
	return slices.DeleteFunc(slices.Clone(a), func(w string) bool {
		return !slices.ContainsFunc(b, func(v string) bool { return sameWord(w, v) })
	})
}

// alike returns how alike two texts are, from 0 to 1: the cosine of how often each three letters in a row stand in them. Whole
// words would miss what is inflected, and a distance of edits what is only put in another order.
func alike(a, b string) float64 {
	x, y := trigrams(a), trigrams(b)
	dot, xx, yy := 0.0, 0.0, 0.0
	for t, n := range x {
		dot, xx = dot+n*y[t], xx+n*n
	}
	for _, n := range y {
		yy += n * n
	}
	if xx == 0 || yy == 0 {
		return 0
	}
	return dot / math.Sqrt(xx*yy)
}

func trigrams(s string) map[string]float64 {
	counts := map[string]float64{}
	r := []rune(" " + strings.Join(wordsOf(s), " ") + " ")
	for i := 0; i+3 <= len(r); i++ {
		counts[string(r[i:i+3])]++
	}
	return counts
}
