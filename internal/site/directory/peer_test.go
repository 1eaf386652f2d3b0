package directory

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// asOpenStreetMap are ways in which entries of OpenStreetMap are written; the peer reads each of them.
var asOpenStreetMap = []string{
	"24/7", "24/7; PH off", "24/7; We 08:00-16:00", "Mo-Su 08:00-20:00; Su off", "Mo-Fr 08:00-18:00; We 10:00-14:00", "Mo-Su 00:00-24:00; Mo 08:00-16:00 closed",
	"Mo-Fr 08:00-16:00; Sa,Su,PH off", "Mo-Fr 08:00-16:00; PH,Su off", "Mo-Fr 08:00-16:00; PH off", "PH off; Mo-Fr 08:00-16:00", "Mo-Fr 22:00-26:00", "Mo-Fr 8:00-16:00",
	"Mo–Fr 08:00–16:00", "mo-fr 08:00-16:00", "Mo-Fr 08:00-16:00, Sa 10:00-14:00", "Mo-Fr 08:00-12:00, 13:00-16:00", "08:00-16:00", "Mo-Fr", "Mo-Su,PH 00:00-24:00",
	"Dec 24 08:00-12:00", "Mo-Fr 10:00-10:00", "Su 01:30-02:30", "Mo-Su 22:00-06:00", "Fr 20:00-24:00; Sa 00:00-04:00", "Mo-Fr 08:00-16:00;", "Su-Mo 10:00-12:00", "Mo-Fr 08:00-24:00",
	"Mo-Fr 08:00-16:00; Mo-Fr 12:00-13:00 off", "Mo-Fr 08:00-12:00; Mo-Fr 13:00-16:00", "Mo-Fr 08:00-12:00, Mo-Fr 13:00-16:00", "Mo-Fr 08:00-12:00, We 10:00-18:00", "We off; Mo-Fr 08:00-16:00",
	"Mo-Fr 08:00-16:00; PH 10:00-12:00", "Mo-Fr,PH 08:00-16:00", "Mo-Fr 08:00-16:00; Nov 24-26 off", "Mo-Fr 08:00-16:00; 2026 Nov 25 off", "Mo-Fr 08:00-16:00; Nov 25 10:00-12:00",
	"Mo-Fr 08:00-16:00; Nov 24,26 off", "Mo-Fr 08:00-16:00; Nov 28-Dec 3 off", "Mo-Fr 08:00-16:00; Dec 28-Jan 2 off", "Mo-Fr 8:00 - 16:00", "Mo - Fr 08:00-16:00", "Mo-Fr: 08:00-16:00", "off", "closed", "open", "Mo-Fr open",
	"Mo-Fr 16:00-08:00", "Mo-Su 00:00-00:00", "Mo,We,Fr 08:00-16:00", "Mo-Th 08:00-16:00; Fr 08:00-14:00; Sa,Su off; PH off", "Sa-Su,PH off", "Su,PH 10:00-12:00", "Mo-Fr 08:00-16:00 off",
}

// TestAsThePeerReadsThem asks the library that most programs of OpenStreetMap read opening hours with about 12,000 instants of a year, for the
// spellings above and for 200 texts drawn from what can be written.
func TestAsThePeerReadsThem(t *testing.T) {
	modules, err := filepath.Abs("../../../node_modules")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(modules, "opening_hours")); err != nil {
		if os.Getenv("OSTOJA_TEST_POSTGRES") != "" { // make test installs it
			t.Fatal(err)
		}
		t.Skip("opening_hours is not installed (make setup)")
	}
	zone := warsaw(t)
	const seed = 11
	r := rand.New(rand.NewPCG(seed, 1))
	texts := slices.Clone(asOpenStreetMap)
	for range 200 {
		texts = append(texts, drawn(r))
	}
	type question struct {
		text     string
		instants []int64
	}
	var questions []question
	for _, text := range texts {
		q := question{text: text}
		for len(q.instants) < 48 {
			at := time.Date(2026, 11, 1, 0, 0, 0, 0, zone).Add(time.Duration(r.IntN(70*24*60)) * time.Minute)
			if len(q.instants)%3 == 0 { // the week with the date and holiday of the texts
				at = time.Date(2026, 11, 9, 0, 0, 0, 0, zone).Add(time.Duration(r.IntN(20*24*60)) * time.Minute)
			}
			if !differs(at.In(zone)) {
				q.instants = append(q.instants, at.Unix())
			}
		}
		questions = append(questions, q)
	}
	var asked []any
	for _, q := range questions {
		asked = append(asked, []any{q.text, q.instants})
	}
	in, err := json.Marshal(asked)
	if err != nil {
		t.Fatal(err)
	}
	node := exec.CommandContext(t.Context(), "node", "testdata/peer.mjs", modules)
	node.Env = append(os.Environ(), "TZ=Europe/Warsaw")
	node.Stdin, node.Stderr = bytes.NewReader(in), os.Stderr
	out, err := node.Output()
	if err != nil {
		t.Fatal(err)
	}
	var answers [][]bool
	if err := json.Unmarshal(out, &answers); err != nil {
		t.Fatal(err)
	}
	open, compared := 0, 0
	for i, q := range questions {
		if answers[i] == nil {
			t.Errorf("%s: the peer does not read it", q.text)
			continue
		}
		h, err := ParseHours(q.text)
		if err != nil {
			t.Errorf("%v", err)
			continue
		}
		for n, at := range q.instants {
			local := time.Unix(at, 0).In(zone)
			if afterMidnight(h, local) {
				continue // see TestNightsOffAreOffAsAWhole
			}
			compared++
			if answers[i][n] {
				open++
			}
			if got := h.Open(local, zone); got != answers[i][n] {
				t.Errorf("seed %d: %s at %s: %v, the peer says %v", seed, q.text, local.Format("Mon 2006-01-02 15:04"), got, answers[i][n])
			}
		}
	}
	if compared < 9000 || open < compared/8 || open > compared*7/8 {
		t.Errorf("%d of %d instants are open: the texts say little", open, compared)
	}
}

// differs says of the holidays on which the peer's list is not Poland's: it has no Easter Sunday and no Pentecost, and 24 December
// in every year.
func differs(at time.Time) bool {
	return at.Month() == time.December && at.Day() >= 24 && at.Day() <= 27
}

// afterMidnight says whether yesterday's shift, by any rule, reaches this minute while a rule may have taken it off.
func afterMidnight(h Hours, at time.Time) bool {
	minute := 60*at.Hour() + at.Minute() + dayMinutes
	return len(h.rules) > 1 && slices.ContainsFunc(h.rules, func(r rule) bool {
		return slices.ContainsFunc(r.spans, func(s Span) bool { return minute < s.To })
	})
}

// drawn returns a text of one to four rules.
func drawn(r *rand.Rand) string {
	pick := func(list ...string) string { return list[r.IntN(len(list))] }
	times := func() string {
		from := r.IntN(22)
		return fmt.Sprintf("%02d:%02d-%02d:%02d", from, 15*r.IntN(4), from+1+r.IntN(22-from), 15*r.IntN(4))
	}
	var b strings.Builder
	for i := range 1 + r.IntN(4) {
		if i > 0 {
			b.WriteString(pick("; ", "; ", ", "))
		}
		b.WriteString(pick("Mo", "Tu-Th", "Fr-Mo", "Mo-Su", "Sa,Su", "We,PH", "PH", "Nov 11", "Nov 24-26", "2026 Nov 12", "Nov 28-Dec 3") + " ")
		switch r.IntN(5) {
		case 0:
			b.WriteString(pick("off", "closed"))
		case 1:
			b.WriteString(times() + "," + times())
		case 2:
			b.WriteString(times() + " off")
		default:
			b.WriteString(times())
		}
	}
	return b.String()
}
