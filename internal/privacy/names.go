package privacy

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
)

// Names says whether a text looks as if it named somebody: two words in capitals that are no institution's, a word in capitals after a
// title, a word with the end of a Polish or Ukrainian surname after one, or a given name, in whatever letters a phone made of it. It cannot
// know all names, and is a warning to who writes rather than a proof; it refuses some that are none, and whoever is refused writes "the
// manager" instead.
func Names(text string) bool {
	if surnamed.MatchString(text) || slices.ContainsFunc(words.FindAllString(text, -1), isGivenName) {
		return true
	}
	words := capitals.FindAllStringIndex(text, -1)
	for i, at := range words {
		word := text[at[0]:at[1]]
		switch {
		case titled.MatchString(text[:at[0]]) && !isInstitution(word):
			return true
		case i > 0 && strings.TrimSpace(text[words[i-1][1]:at[0]]) == "":
			if before := text[words[i-1][0]:words[i-1][1]]; !isInstitution(word) && !isInstitution(before) && (!opens(before) || !begins(text[:words[i-1][0]])) {
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

// words are what given names are looked for among: "jan", "JAN" and "Jan" are one.
var words = regexp.MustCompile(`\p{L}+`)

// surnamed is a title and the end that surnames have, also in small letters: who writes on a phone leaves capitals out.
var surnamed = regexp.MustCompile(`(?i)(?:^|[^\pL])(?:pan|pani|panu|pana|panią|panem)\.? \pL{2,}(?:ski|ska|skiego|skiej|skiemu|skim|ską|cki|cka|ckiego|ckiej|ckiemu|ckim|cką|wicz|wicza|wiczem|enko|czuk|czuka)(?:$|[^\pL])`)

// openers are words with which sentences begin before a name of a place: of two words in capitals the first says nothing then.
var openers = strings.Fields(`a ale bo by co czy dla do dlaczego gdy gdzie i jak jest jeśli każdy kiedy kto który lecz między na nad nie o od oraz osoba osoby po pod poza przed przez przy skoro
	są ta ten to tu tylko u w we więc z za ze że żeby and as at because but by for from if in it no not of on or so the this to we when where who why with`)

func opens(word string) bool { return slices.Contains(openers, strings.ToLower(word)) }

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
var given = strings.Fields(`agnieszk aleksand alicj andrij andriy andrzej anastas bartosz barbar bogusław bohdan czesław damian daniel danuta dariusz dawid dmytro elżbiet ewelin grażyn
	grzegorz halin halyn henryk hussain ibrahim iryn iwona izabel jadwig jakub janusz jarosław joann jolant justyn kacper kamil karolin katarzyn kateryn krystyn krzysztof ludmił łukasz
	maciej małgorzat marcin mariusz mateusz michał mirosław monik muhamm mustafa mykoł natali oksan olena olha patrycj paweł paulin pham piotr przemysław radosław
	rafał robert ryszard sebastian serhij serhiy sławomir stanisław svitlan swietłan szymon tadeusz tatian teresa tetian tomasz urszul viktor volodym wasyl weronik wiktor wojciech wołodym
	władysław yuliia zbigniew zdzisław zofi zuzann
	александ анастас андрей андрій володим владим дмитр екатерин ирин ірин катерин микол михайл михаил натал оксан олександ олен серге сергій светлан світлан татьян тетян юлия юлія`)

// exactly are short ones, of which only the whole word is one.
var exactly = strings.Fields(`adam adama adamem anna anny annie annę anną beata beaty dominik dominika jacek jacka jan jana janem jerzy jerzego kasia kasi kasię ewa ewy ewę maria marii
	marię ivan iwan iwana ola oli oleg oleh olga olgi igor igora tomek tomka nguyen linh mohammed ahmed fatima rajesh amit singh
	анна анни анны іван івана иван ивана марія мария ольга ольги`)

func isGivenName(word string) bool {
	word = strings.ToLower(word)
	return slices.Contains(exactly, word) || slices.ContainsFunc(given, func(beginning string) bool {
		return strings.HasPrefix(word, beginning) && len([]rune(word)) <= len([]rune(beginning))+4
	})
}
