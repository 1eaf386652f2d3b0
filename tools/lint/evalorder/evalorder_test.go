package evalorder_test

import (
	"testing"

	"golang.org/x/tools/go/analysis/analysistest"

	"ostoja/tools/lint/evalorder"
)

func TestAnalyzer(t *testing.T) {
	analysistest.Run(t, analysistest.TestData(), evalorder.Analyzer, "a")
}
