package scorefile

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
)

// asJSON returns what a researcher's script reads of a file.
func asJSON(t *testing.T, r FileReport) map[string]any {
	t.Helper()
	var b bytes.Buffer
	if err := r.WriteJSON(&b); err != nil {
		t.Fatal(err)
	}
	var got map[string]any
	if err := json.Unmarshal(b.Bytes(), &got); err != nil {
		t.Fatal(err)
	}
	return got
}

func TestGoldenHalvesAndLost(t *testing.T) {
	got := asJSON(t, report(t, "halves.csv"))
	check := func(key string, want map[string]any) {
		of, _ := got[key].(map[string]any)
		if len(of) != len(want) {
			t.Errorf("%s has %v", key, of)
		}
		for name, value := range want {
			switch value := value.(type) {
			case float64:
				x, _ := of[name].(float64)
				near(t, key+"."+name, x, value, 0.0051)
			case [2]float64:
				pair, _ := of[name].([]any)
				if len(pair) != 2 {
					t.Errorf("%s.%s is %v", key, name, of[name])
					continue
				}
				for i := range pair {
					x, _ := pair[i].(float64)
					near(t, key+"."+name, x, value[i], 0.0051)
				}
			}
		}
	}
	check("form_effect", map[string]any{"estimate": 2.50, "ci95": [2]float64{-1.10, 6.10}, "df": 7.91})
	check("difference_free_of_form", map[string]any{"estimate": 26.67, "ci95": [2]float64{23.06, 30.27}, "df": 7.91})
	check("lost", map[string]any{
		"n": 4.0, "mean_pre": 32.50, "difference_if_nothing_gained": 20.00, "bounds": [2]float64{11.88, 36.88}, "regression": 27.78, "regression_ci95": [2]float64{23.83, 31.73},
	})
	if got["n_matched"] != 12.0 || got["n_lost"] != 4.0 {
		t.Errorf("%v matched and %v lost", got["n_matched"], got["n_lost"])
	}
	var table strings.Builder
	if err := report(t, "halves.csv").WriteTable(&table); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"lost after a first test", "20.00", "11.88 to 36.88", "27.78 (23.83 to 31.73)", "2.50 (-1.10 to 6.10)", "26.67 (23.06 to 30.27)"} {
		if !strings.Contains(table.String(), want) {
			t.Errorf("%q is not in\n%s", want, table.String())
		}
	}
}

// TestWhichHalves: the forms' names are a file's own, and who was not crossed over belongs to no half.
func TestWhichHalves(t *testing.T) {
	const header = "person,form_pre,pre,form_post,post\n"
	five := header + "1,x,40,y,60\n2,X,50,Y,65\n3,y,40,x,50\n4,Y,50,,65\n5,,50,y,60\n"
	for name, c := range map[string]struct {
		file   string
		effect any
	}{
		"two forms":               {five, 2.5}, // (17.5 - 12.5) / 2
		"one form twice":          {five + "6,x,10,x,90\n", 2.5},
		"a third form after":      {five + "6,x,10,z,90\n", 2.5},
		"a third form before":     {five + "6,z,10,x,90\n", nil},
		"a half of one":           {header + "1,x,40,y,60\n2,x,50,y,65\n3,y,40,x,50\n4,,50,,65\n5,,50,y,60\n", nil},
		"nothing said":            {header + "1,,40,,60\n2,,50,,65\n3,,40,,50\n4,,50,,65\n5,,50,,60\n", nil},
		"fewer than five matched": {header + "1,x,40,y,60\n2,x,50,y,65\n3,y,40,x,50\n4,y,50,x,65\n", nil},
	} {
		f, err := ReadFile(strings.NewReader(c.file), Unsaid)
		if err != nil {
			t.Fatal(err)
		}
		got := asJSON(t, ReportFile(f))
		of, there := got["form_effect"].(map[string]any)
		if there != (c.effect != nil) || there && of["estimate"] != c.effect {
			t.Errorf("%s: %v", name, got["form_effect"])
		}
		lost, _ := got["lost"].(map[string]any)
		if lost["n"] != 0.0 || lost["mean_pre"] != nil {
			t.Errorf("%s: lost %v", name, lost)
		}
		if suppressed := got["suppressed"] == true; suppressed != (lost["bounds"] == nil) {
			t.Errorf("%s: lost %v", name, lost)
		}
	}
}

// Where nobody spreads there is an estimate and no interval.
func TestHalvesWithoutSpread(t *testing.T) {
	f, err := ReadFile(strings.NewReader("person,form_pre,pre,form_post,post\n1,A,40,B,60\n2,A,50,B,70\n3,B,40,A,50\n4,B,50,A,60\n5,B,60,A,70\n6,A,60,,\n"), Unsaid)
	if err != nil {
		t.Fatal(err)
	}
	of, _ := asJSON(t, ReportFile(f))["form_effect"].(map[string]any)
	if of["estimate"] != 5.0 || of["ci95"] != nil || of["df"] != nil {
		t.Errorf("%v", of)
	}
}
