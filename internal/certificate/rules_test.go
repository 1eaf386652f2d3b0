package certificate

import (
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"ostoja/internal/errs"
	"ostoja/internal/id"
)

func TestParseCode(t *testing.T) {
	for typed, want := range map[string]string{
		"7K3MQ9TX2B4DWZ8N":             "7K3MQ9TX2B4DWZ8N",
		"7K3M-Q9TX-2B4D-WZ8N":          "7K3MQ9TX2B4DWZ8N",
		" 7k3m q9tx\t2b4d  wz8n ":      "7K3MQ9TX2B4DWZ8N",
		"7K3M–Q9TX—2B4D‑WZ8N":          "7K3MQ9TX2B4DWZ8N", // dashes that word processors put in
		"OoIiLl00-1111-0000":           "0011110011110000",
		"7K3M.Q9TX.2B4D.WZ8N":          "7K3MQ9TX2B4DWZ8N",
		"":                             "",
		"7K3MQ9TX2B4DWZ8":              "",
		"7K3MQ9TX2B4DWZ8NN":            "",
		"7K3MQ9TX2B4DWZ8U":             "",
		"7K3MQ9TX2B4DWZ8Ł":             "",
		strings.Repeat("A", 1_000_000): "",
		"OST-2026-000123":              "",
	} {
		if got := ParseCode(typed); got != want {
			t.Errorf("ParseCode(%.40q) = %q, want %q", typed, got, want)
		}
	}
}

// Whatever way a code is typed, it is read as the one on the paper.
func TestParseCodeProperty(t *testing.T) {
	confused := map[byte][]string{'0': {"0", "O", "o"}, '1': {"1", "I", "i", "L", "l"}}
	rapid.Check(t, func(t *rapid.T) {
		code := id.Code(codeBytes)
		var typed strings.Builder
		for i := range len(code) {
			typed.WriteString(rapid.SampledFrom([]string{"", "", "", " ", "-", "\u00a0"}).Draw(t, "gap"))
			ways := confused[code[i]]
			if ways == nil {
				ways = []string{code[i : i+1], strings.ToLower(code[i : i+1])}
			}
			typed.WriteString(rapid.SampledFrom(ways).Draw(t, "letter"))
		}
		if got := ParseCode(typed.String()); got != code {
			t.Fatalf("ParseCode(%q) = %q, want %q", typed.String(), got, code)
		}
		if ParseCode(Grouped(code)) != code {
			t.Fatalf("the printed form of %q is not read back", code)
		}
	})
}

func FuzzParseCode(f *testing.F) {
	f.Add("7k3m-q9tx-2b4d-wz8n")
	f.Add("\xff\xfe\u200b")
	f.Fuzz(func(t *testing.T, typed string) {
		code := ParseCode(typed)
		if code != "" && (len(code) != codeLength || ParseCode(code) != code) {
			t.Errorf("ParseCode(%q) = %q", typed, code)
		}
	})
}

func warsaw(t testing.TB) *time.Location {
	t.Helper()
	zone, err := time.LoadLocation("Europe/Warsaw")
	if err != nil {
		t.Fatal(err)
	}
	return zone
}

func TestValidUntil(t *testing.T) {
	zone := warsaw(t)
	for _, c := range []struct {
		issued string
		months int
		day    string
	}{
		{"2026-11-23T10:00", 24, "2028-11-23"},
		{"2026-08-31T10:00", 6, "2027-02-28"},
		{"2027-08-31T10:00", 6, "2028-02-29"},
		{"2026-12-31T23:59", 1, "2027-01-31"},
		{"2026-03-29T01:30", 12, "2027-03-29"}, // the night the clocks change
	} {
		issued, err := time.ParseInLocation("2006-01-02T15:04", c.issued, zone)
		if err != nil {
			t.Fatal(err)
		}
		end := validUntil(issued, c.months, zone)
		if got := end.In(zone).Format("2006-01-02 15:04:05.999999"); got != c.day+" 23:59:59.999999" {
			t.Errorf("%s and %d months end %s, want the end of %s", c.issued, c.months, got, c.day)
		}
	}
	if !validUntil(time.Now(), 0, zone).IsZero() {
		t.Error("no months should be no end")
	}
}

func TestANegativeValidityIsNone(t *testing.T) {
	if !validUntil(time.Now(), -1, time.UTC).IsZero() {
		t.Error("a certificate ended before it was issued")
	}
	if got := number(2026, 1234567); got != "OST-2026-1234567" {
		t.Errorf("the millionth number is %s", got) // longer, not cut
	}
	for code, want := range map[string]string{"": "", "7K3M": "7K3M", "7K3MQ": "7K3M-Q"} {
		if got := Grouped(code); got != want {
			t.Errorf("%q is grouped %q", code, got)
		}
	}
}

// The faults are named each at its field, with the text that says what is wrong.
func TestTheFaultsOfARevocation(t *testing.T) {
	for reason, want := range map[string]string{
		"": "reason-missing", "za krótko": "reason-short", strings.Repeat("a", reasonLimit+1): "reason-long",
	} {
		faults, ok := errs.FieldsOf(checkReason(reason, false))
		if !ok || len(faults) != 2 || faults[0].Name != "reason" || faults[0].Key != "certificate.revoke."+want || faults[1].Name != "confirm" {
			t.Errorf("%.10q: %+v", reason, faults)
		}
	}
}

func TestStatus(t *testing.T) {
	at := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	before, after := at.Add(-time.Hour), at.Add(time.Hour)
	for name, c := range map[string]struct {
		c    Certificate
		want Status
	}{
		"without end":                {Certificate{}, Valid},
		"before its end":             {Certificate{ValidUntil: after}, Valid},
		"on its last moment":         {Certificate{ValidUntil: at}, Valid},
		"after its end":              {Certificate{ValidUntil: before}, Expired},
		"with a newer one":           {Certificate{SupersededAt: before}, Superseded},
		"newer one to come":          {Certificate{SupersededAt: after}, Valid},
		"expired and superseded":     {Certificate{ValidUntil: before, SupersededAt: before}, Superseded},
		"revoked":                    {Certificate{RevokedAt: before, ValidUntil: after}, Revoked},
		"revoked, expired and newer": {Certificate{RevokedAt: at, ValidUntil: before, SupersededAt: before}, Revoked},
		"revoked later":              {Certificate{RevokedAt: after}, Valid},
	} {
		if got := c.c.Status(at); got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
}

func TestCheckReason(t *testing.T) {
	for reason, ok := range map[string]bool{strings.Repeat("ą", 9): false, strings.Repeat("ą", 10): true, "": false, "krótko": false, "Wynik uzyskała inna osoba.": true, strings.Repeat("ą", reasonLimit): true, strings.Repeat("ą", reasonLimit+1): false} {
		if err := checkReason(reason, true); (err == nil) != ok {
			t.Errorf("checkReason(%.20q…) = %v", reason, err)
		}
		if checkReason(reason, false) == nil {
			t.Error("an unconfirmed revocation passed")
		}
	}
}
