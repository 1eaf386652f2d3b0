// Command evalorder is a tool for go vet -vettool.
package main

import (
	"golang.org/x/tools/go/analysis/unitchecker"

	"ostoja/tools/lint/evalorder"
)

func main() { unitchecker.Main(evalorder.Analyzer) }
