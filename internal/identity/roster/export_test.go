package roster

import (
	"testing"

	"ostoja/internal/identity"
	"ostoja/internal/text"
)

// ReadForFuzzing reads a file and checks what must hold for every one.
func ReadForFuzzing(t *testing.T, content []byte) {
	table, err := readTable(content)
	if err != nil {
		return
	}
	for _, r := range table.Rows {
		if r.Number < 2 || r.Cells[fieldFull] != "" {
			t.Fatalf("row %+v", r)
		}
		d := identity.Draft{GivenName: r.Cells[fieldGiven], FamilyName: r.Cells[fieldFamily], Mail: r.Cells[fieldMail], ServiceNumber: r.Cells[fieldNumber], Lang: "pl"}
		if faults := d.Check([]string{"pl"}); len(faults) == 0 && (d.GivenName != text.Clean(d.GivenName) || (d.Mail == "" && d.ServiceNumber == "")) {
			t.Fatalf("a draft without faults: %+v", d)
		}
	}
}
