package privacy

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
)

// Names says whether a text looks as if it named somebody: two words in capitals that are no institution's, a word in capitals after a
// title, or a given name. It cannot know all names, and is a warning to who writes rather than a proof; it refuses some that are none, and
// whoever is refused writes "the manager" instead.
func Names(text string) bool {
	words := capitals.FindAllStringIndex(text, -1)
	for i, at := range words {
		word := text[at[0]:at[1]]
		switch {
		case isGivenName(word):
			return true
		case titled.MatchString(text[:at[0]]) && !isInstitution(word):
			return true
		case i > 0 && strings.TrimSpace(text[words[i-1][1]:at[0]]) == "":
			if before := text[words[i-1][0]:words[i-1][1]]; !isInstitution(word) && !isInstitution(before) && !begins(text[:words[i-1][0]]) {
				return true
			}
		}
	}
	return false
}

var (
	capitals = regexp.MustCompile(`\p{Lu}[\p{Ll}'’]+(?:-\p{Lu}\p{Ll}+)?`)
	titled   = regexp.MustCompile(`(?i)(?:^|[^\pL])(?:pan|pani|panu|pana|panią|mr|mrs|ms|miss|dr|kpt|por|mjr|sierż)\.? $`)
)

// begins says whether what comes after a text begins a sentence: its capital says nothing then.
func begins(before string) bool {
	before = strings.TrimRightFunc(before, func(r rune) bool { return unicode.IsSpace(r) || strings.ContainsRune(`„"'«(–-`, r) })
	return before == "" || strings.ContainsRune(".!?", rune(before[len(before)-1]))
}

// institutions are beginnings of words that stand in capitals in what people write of their work and name nobody.
var institutions = strings.Fields(`straż graniczn policj państwow inspekcj pracy ośrod pomoc społeczn centrum krajow la strada urząd urzęd polsk sąd prokurat fundacj
	stowarzysz komend placówk biuro border guard police labour labor inspect welfare social services centre center national district court office poland polish ministry
	unii unia europejsk european union czerwon krzyż red cross okręgow powiatow wojewódzk rzecznik praw dzieck`)

func isInstitution(word string) bool {
	word = strings.ToLower(word)
	return slices.ContainsFunc(institutions, func(beginning string) bool { return strings.HasPrefix(word, beginning) })
}

// given are beginnings of given names that are common in Poland and among those who come to work there, as cases of Polish grammar change
// their ends. Each is at least four letters, and begins no other word that is written in capitals often.
var given = strings.Fields(`agnieszk aleksand andrij andriy andrzej bartosz barbar danuta dariusz dmytro dominik elżbiet ewelin grażyn grzegorz halyn iryn iwona jadwig jakub janusz
	joann jolant justyn kamil katarzyn kateryn krystyn krzysztof ludmił łukasz maciej małgorzat marcin mariusz mateusz michał mykoł natali oksan olena olha paweł paulin piotr
	rafał robert sebastian serhij serhiy stanisław svitlan swietłan tadeusz tatian teresa tetian tomasz urszul viktor wiktor wojciech wołodym yuliia zbigniew zofi`)

// exactly are short ones, of which only the whole word is one.
var exactly = strings.Fields(`adam adama adamem anna anny annie annę anną jan jana janem ewa ewy ewę maria marii marię ivan iwan iwana olga olgi igor igora nguyen linh mohammed ahmed ali fatima rajesh amit`)

func isGivenName(word string) bool {
	word = strings.ToLower(word)
	return slices.Contains(exactly, word) || slices.ContainsFunc(given, func(beginning string) bool {
		return strings.HasPrefix(word, beginning) && len([]rune(word)) <= len([]rune(beginning))+4
	})
}
