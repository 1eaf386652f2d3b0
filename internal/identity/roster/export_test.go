package roster

import (
	"context"
	"testing"

	"ostoja/internal/access"
	"ostoja/internal/db"
	"ostoja/internal/identity"
	"ostoja/internal/text"
)

// ReadForFuzzing reads a file and checks what must hold for every one.
func ReadForFuzzing(t *testing.T, content []byte) {
	f, err := readFile(content)
	if err != nil {
		return
	}
	for _, r := range f.read(Choice{}).rows {
		if r.Number < 2 || r.Cells[fieldFull] != "" {
			t.Fatalf("row %+v", r)
		}
		d := identity.Draft{GivenName: r.Cells[fieldGiven], FamilyName: r.Cells[fieldFamily], Mail: r.Cells[fieldMail], ServiceNumber: r.Cells[fieldNumber], Lang: "pl"}
		if faults := d.Check([]string{"pl"}); len(faults) == 0 && (d.GivenName != text.Clean(d.GivenName) || (d.Mail == "" && d.ServiceNumber == "")) {
			t.Fatalf("a draft without faults: %+v", d)
		}
	}
}

// ProperCase is what the tests of names ask many cases.
var ProperCase = properCase

// What the tests of the order of names ask many cases.
var (
	Evidence    = evidence
	SplitName   = splitName
	TurnedRound = exchanged
	Misread     = misread
)

// OnePortion writes the next portion of an import that is under way, as a program that was started anew.
func OnePortion(ctx context.Context, s *Service, previewID string) (ended bool, err error) {
	kept, err := db.One[stored](ctx, s.db, `SELECT `+storedColumns+` FROM import_preview WHERE id = ?`, previewID)
	if err != nil {
		return false, err
	}
	w := s.newRun(access.Actor{PersonID: kept.OwnerID}, previewID, kept)
	err = s.db.Update(ctx, func(tx *db.Tx) error {
		ended, err = s.next(ctx, tx, w)
		return err
	})
	return ended, err
}

// KeptText is what a preview keeps in the database.
func KeptText(ctx context.Context, s *Service, previewID string) (string, error) {
	return db.One[string](ctx, s.db, `SELECT lines || options FROM import_preview WHERE id = ?`, previewID)
}
