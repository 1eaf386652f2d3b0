package main

import (
	"go/ast"
	"regexp"
	"slices"
	"strings"
)

// Statements stand in string literals, whole or in pieces. Keywords are written in capitals here, which prose is not.
var (
	statement = regexp.MustCompile(`\b(SELECT|INSERT INTO|UPDATE|DELETE FROM|FROM|WHERE|JOIN|ORDER BY|GROUP BY|AND|OR|EXISTS|HAVING|RETURNING|DESC|IS NULL|IS NOT NULL|NOT IN|IN)\b|^.\(?[a-z_]+\.?[a-z_]* (=|<>|<|>|<=|>=|LIKE) `)
	sqlToken  = regexp.MustCompile(`'[^']*'|[A-Za-z_][\w.]*|\d+|->>|->|<=|>=|<>|!=|\|\||\\.|[^\s\w]`)
)

// sqlWords says what a word or operator of a predicate becomes.
var sqlWords = map[string]string{"=": "<>", "<>": "=", "!=": "=", "<": "<=", "<=": "<", ">": ">=", ">=": ">", "AND": "OR", "OR": "AND", "DESC": "ASC", "MIN": "MAX", "MAX": "MIN", "min": "max", "max": "min"}

// ends are the words with which a term of a predicate ends.
var ends = []string{"AND", "OR", "ORDER", "GROUP", "LIMIT", "HAVING", "RETURNING", "UNION", "EXCEPT", "LEFT", "INNER", "JOIN", "WHERE", "ON", "WINDOW", "SET", "WHEN", "THEN", "ELSE", "FOR", "SELECT"}

// sql lists the faults of the predicates and orders in a string literal. What would only be no SQL any more is left out:
// any test that runs it would fail, and that would say nothing about the test.
func (f *finder) sql(lit *ast.BasicLit) {
	if !statement.MatchString(lit.Value) {
		return
	}
	base, text := f.offset(lit.Pos()), lit.Value[:len(lit.Value)-1]
	spans := sqlToken.FindAllStringIndex(text[1:], -1)
	words := make([]string, len(spans))
	for i, s := range spans {
		spans[i] = []int{s[0] + 1, s[1] + 1}
		words[i] = text[s[0]+1 : s[1]+1]
	}
	word := func(i int) string {
		if i < 0 || i >= len(words) {
			return ""
		}
		return words[i]
	}
	change := func(from, to int, with string) {
		before, after := max(0, from-30), min(len(text), to+30)
		f.at(base+from, base+to, with, "sql", "sql "+short(text[before:after])+" → "+short(text[before:from]+with+text[to:after]))
	}
	assigning := !strings.Contains(text, "WHERE") && !strings.Contains(text, "AND") && strings.Contains(text, ",") // a list of columns to set
	between := false
	for i, w := range words {
		start, end := spans[i][0], spans[i][1]
		switch w {
		case "SET":
			assigning = true
		case "WHERE", "ON", "HAVING", "WHEN", "FILTER", "SELECT", "FROM":
			assigning = false
		case "BETWEEN":
			between = true
		}
		switch {
		case w == "AND" && between:
			between = false
			continue
		case w == "=" && assigning, w == "OR" && slices.Contains([]string{"INSERT", "UPDATE"}, word(i-1)):
		case strings.EqualFold(w, "min") || strings.EqualFold(w, "max"):
			if word(i+1) == "(" {
				change(start, end, sqlWords[w])
			}
		case sqlWords[w] != "":
			change(start, end, sqlWords[w])
		case w == "IS" && word(i+1) == "NOT":
			change(end, spans[i+1][1], "")
		case w == "IS" && word(i+1) == "NULL":
			change(end, end, " NOT")
		case w == "EXISTS" && word(i-1) == "NOT" && word(i-2) != "IF", w == "IN" && word(i-1) == "NOT", w == "LIKE" && word(i-1) == "NOT":
			change(spans[i-1][0], start, "")
		case w == "EXISTS" && word(i-1) != "IF" && word(i-1) != "NOT", w == "IN" && word(i+1) == "(", w == "LIKE":
			change(start, start, "NOT ")
		case w == "LEFT" && word(i+1) == "JOIN":
			change(start, spans[i+1][0], "")
		case w == "BY" && word(i-1) == "ORDER" && word(i+2) != "DESC" && word(i+2) != "ASC" && word(i+2) != "(" && word(i+1) != "" && word(i+1) != "?":
			change(spans[i+1][1], spans[i+1][1], " DESC")
		}
		if w == "WHERE" || w == "AND" {
			if from, to, ok := term(words, i+1); ok {
				start, end := spans[from][0], spans[to][1]
				change(start, end, "("+text[start:end]+" OR 1 = 1)")
			}
		}
	}
}

// term finds the term that begins at a token. The dropped term keeps its place, true whatever it says, since its
// parameters are still given.
func term(words []string, from int) (first, last int, ok bool) {
	depth, between := 0, false
	i := from
loop:
	for ; i < len(words); i++ {
		switch w := words[i]; {
		case w == "(" || w == "CASE":
			depth++
		case w == ")" || w == "END":
			if depth == 0 {
				break loop
			}
			depth--
		case w == "BETWEEN":
			between = true
		case w == "AND" && between:
			between = false
		case depth == 0 && slices.Contains(ends, w):
			break loop
		}
	}
	if i == from || depth > 0 {
		return 0, 0, false // empty, or it goes on in the next literal
	}
	if strings.ContainsAny(words[i-1], "=<>|,(") || slices.Contains([]string{"IN", "LIKE", "NOT", "IS", "EXISTS"}, words[i-1]) || words[from] == "?" && i == from+1 {
		return 0, 0, false
	}
	return from, i - 1, true
}
