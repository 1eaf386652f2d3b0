package main

import "testing"

// TestPhysical: what follows lines and blocks becomes sides, mirrored where lines begin on the right; whatever else stays.
func TestPhysical(t *testing.T) {
	for css, want := range map[string][2]string{
		`a{margin-inline:auto;color:red}`:                  {`a{margin-left:auto;margin-right:auto;color:red}`, `a{margin-right:auto;margin-left:auto;color:red}`},
		`a{margin-block:0 14px}`:                           {`a{margin-top:0;margin-bottom:14px}`, `a{margin-top:0;margin-bottom:14px}`},
		`a{margin-block:4px!important}`:                    {`a{margin-top:4px!important;margin-bottom:4px!important}`, `a{margin-top:4px!important;margin-bottom:4px!important}`},
		`a{padding-inline:calc(1px + 2em)}`:                {`a{padding-left:calc(1px + 2em);padding-right:calc(1px + 2em)}`, `a{padding-right:calc(1px + 2em);padding-left:calc(1px + 2em)}`},
		`a,b{border-inline-start:4px solid var(--teal)}`:   {`a,b{border-left:4px solid var(--teal)}`, `a,b{border-right:4px solid var(--teal)}`},
		`@media print{a{inset-inline-start:0;top:1px}}`:    {`@media print{a{left:0;top:1px}}`, `@media print{a{right:0;top:1px}}`},
		`legend{float:inline-start;max-inline-size:44rem}`: {`legend{float:left;max-width:44rem}`, `legend{float:right;max-width:44rem}`},
		`legend{clear:both;block-size:100%}`:               {`legend{clear:both;height:100%}`, `legend{clear:both;height:100%}`},
		`a{display:inline-block;flex:1 1 12em}`:            {`a{display:inline-block;flex:1 1 12em}`, `a{display:inline-block;flex:1 1 12em}`},
		`a:focus{outline:0}b::before{content:"●"}`:         {`a:focus{outline:0}b::before{content:"●"}`, `a:focus{outline:0}b::before{content:"●"}`},
	} {
		for i, dir := range []string{leftToRight, rightToLeft} {
			if got, err := physical(css, dir); err != nil || got != want[i] {
				t.Errorf("%s, %s:\n got %s, %v\nwant %s", css, dir, got, err, want[i])
			}
		}
	}
	for _, css := range []string{`a{inset:0}`, `a{margin-inline-around:0}`, `a{border-block-start-color:red}`, `a{text-align:inline-start;resize:inline-end}`} {
		if got, err := physical(css, leftToRight); err == nil {
			t.Errorf("%s became %s", css, got)
		}
	}
}
