// Package search finds the pages of a small multilingual site in memory: some hundred short texts in each language.
//
// A word of a query finds a document by what it has in common with one of the document's words, best first:
//
//   - the same letters;
//   - the same after folding: no accents, no tones, no Arabic vowel signs, ё as е, ї as і, apostrophes left out, so that
//     "lodz" finds "Łódź" and "nguoi" finds "người";
//   - the same stem by the endings of the language, so that "pracodawcą" finds "pracodawca";
//   - the same sound when one is typed in Latin letters and the other in Cyrillic: "dokumenty" finds "документи" and
//     "документы". The romanisation is simple, knows a few spellings at a time and of endings only that a last vowel may be another:
//     "zarplata" finds "зарплату". Arabic, whose vowels are not written, has none;
//   - its beginning, from three letters;
//   - a group of words of one meaning, in any of the languages: "boss" finds "szef" and "pracodawca";
//   - what a group leads to: each group names documents that help, whatever words they hold. A group may be urgent: who types "he beats
//     me" is led to what to do in danger before everything else. A word that neither a text nor a group has may be a group's word
//     with a wrong letter, or in Latin letters;
//   - one wrong, missing, extra or swapped letter in words of five letters and more. That alone never ranks above a document
//     with the word itself.
//
// The search of the application's lists asks less and has fewer rules: package text. This one is built upon its letters and marks
// and adds what only readers in twenty languages need: scripts in which a mark is a vowel and stays, Cyrillic and Arabic
// letters that are exchanged, look-alikes typed in the middle of a word. It stores nothing, so its rules may change at will.
//
// Several words: first the documents that have all of them, then those that have some. Stop words count only in queries of
// nothing else. What is known of a language is data (see [Load]); a language without data is searched by folding, beginnings and
// wrong letters. The work for a query is bounded however long it is.
package search
