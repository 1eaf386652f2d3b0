package candidacy

import (
	_ "embed"
	"testing/fstest"
	"time"

	"ostoja/internal/lang"
)

// ukrainianTexts are the texts of the form, of what it shows and of its letters, in a language that the rest of the program does not speak.
//
//go:embed uk.yaml
var ukrainianTexts []byte

const uk = "uk"

func ukrainian(zone *time.Location) (*lang.Printer, error) {
	c, err := lang.Load(fstest.MapFS{uk + "/apply.yaml": {Data: ukrainianTexts}}, zone)
	if err != nil {
		return nil, err
	}
	return c.Printer(uk), nil
}

// Printer returns the printer of one of [FormLangs]; of any other language, the program's default.
func (s *Service) Printer(tag string) *lang.Printer {
	if tag == uk {
		return s.uk
	}
	return s.Catalogue.Printer(tag)
}
