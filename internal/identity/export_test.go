package identity

import "testing"

// SessionFor is what the tests measure by.
const SessionFor = sessionFor

// Female is an answer that the tests give.
const Female = female

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
		d := Draft{GivenName: r.Cells[fieldGiven], FamilyName: r.Cells[fieldFamily], Mail: r.Cells[fieldMail], ServiceNumber: r.Cells[fieldNumber], Lang: "pl"}
		if faults := d.check([]string{"pl"}); len(faults) == 0 && (d.GivenName != clean(d.GivenName) || (d.Mail == "" && d.ServiceNumber == "")) {
			t.Fatalf("a draft without faults: %+v", d)
		}
	}
}
