package app_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"ostoja/internal/app"
)

var golden = filepath.Join("..", "evidence", "scorefile", "testdata", "golden.csv")

// gain runs `ostoja gain` and returns what it prints, and what it says of faults.
func gain(t *testing.T, in string, args ...string) (out, faults string, err error) {
	t.Helper()
	var o, e bytes.Buffer
	cmd := app.Command(func(string) string { return "" }, &o)
	cmd.SetIn(strings.NewReader(in))
	cmd.SetErr(&e)
	cmd.SetArgs(append([]string{"gain"}, args...))
	err = cmd.ExecuteContext(t.Context())
	return o.String(), e.String(), err
}

// The golden numbers of docs/evidence.md, as a researcher gets them.
func TestGainOfTheGoldenFile(t *testing.T) {
	table, _, err := gain(t, "", golden)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"matched               12", "lost                  0", "mean before           52.50", "mean after            79.17", "difference            26.67",
		"23.00 to 30.33", "dz                    4.62", "gain g                0.5614 medium", "mean of individual g  0.5851", "later: n              9",
		"mean before         52.78", "mean after          78.89", "mean later          72.22", "retained share      0.7447",
	} {
		if !strings.Contains(table, want) {
			t.Errorf("no %q in\n%s", want, table)
		}
	}
	content, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	text, _, err := gain(t, string(content), "-", "--json")
	if err != nil {
		t.Fatal(err)
	}
	var got map[string]any
	if err := json.Unmarshal([]byte(text), &got); err != nil {
		t.Fatal(err)
	}
	for _, key := range []string{"n_matched", "n_lost", "mean_pre", "mean_post", "difference", "ci95", "dz", "g", "g_band", "mean_individual_g", "ceiling_flag", "later", "groups"} {
		if _, there := got[key]; !there {
			t.Errorf("no %s in\n%s", key, text)
		}
	}
	later, _ := got["later"].(map[string]any)
	for _, key := range []string{"n", "mean_pre", "mean_post", "mean_later", "retained_share"} {
		if later[key] == nil {
			t.Errorf("no later.%s in\n%s", key, text)
		}
	}
}

// What cannot be computed fails, names the line, and prints no figure.
func TestGainNamesWhatIsWrong(t *testing.T) {
	header := "person,form_pre,pre,form_post,post,later\n"
	for name, c := range map[string]struct {
		in, want string
		reported bool
	}{
		"one bad row":      {header + "P1,A,40,B,70,\nP2,A,x,B,70,\n", "line 3: pre is \"x\", which is not a number\n1 bad row; nothing was computed", true},
		"two bad rows":     {header + "P1,A,0x10,B,70,\nP1,A,4,B,101,\n", "2 bad rows", true},
		"a header alone":   {header, "no person", false},
		"nothing":          {"", "empty", false},
		"a workbook":       {"PK\x03\x04rest", "workbook", false},
		"no such column":   {"person,pre\nP1,40\n", `no column "post"`, true},
		"quotation marks":  {header + "P1,\"A,40,B,70,\n", "quotation marks", true},
		"another encoding": {header + "P\xb3,A,40,B,70,\n", "UTF-8", false},
	} {
		out, faults, err := gain(t, c.in, "-")
		said := faults
		if err != nil && !c.reported {
			said += err.Error()
		}
		if err == nil || out != "" || !strings.Contains(said, c.want) || errors.Is(err, app.ErrReported) != c.reported {
			t.Errorf("%s: %v, said %q, printed %q", name, err, said, out)
		}
	}
	if _, _, err := gain(t, "", filepath.Join(t.TempDir(), "none.csv")); err == nil {
		t.Error("a file that is not there")
	}
}

// Of fewer than five the number is told and no figure; the keys stay, so that a script can read them.
func TestGainOfFew(t *testing.T) {
	text, _, err := gain(t, "person,pre,post\nP1,40,70\nP2,50,60\nP3,50,\n", "-", "--json")
	if err != nil {
		t.Fatal(err)
	}
	var got struct {
		Suppressed bool     `json:"suppressed"`
		Matched    int      `json:"n_matched"`
		Lost       int      `json:"n_lost"`
		Mean       *float64 `json:"mean_pre"`
		Later      struct {
			N *int `json:"n"`
		} `json:"later"`
	}
	if err := json.Unmarshal([]byte(text), &got); err != nil {
		t.Fatal(err)
	}
	if !got.Suppressed || got.Matched != 2 || got.Lost != 1 || got.Mean != nil || got.Later.N == nil || *got.Later.N != 0 {
		t.Errorf("%s", text)
	}
}
