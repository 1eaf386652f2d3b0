package main

import (
	"fmt"
	"regexp"
	"strings"
)

// Directions of writing, as the dir attribute of HTML names them.
const (
	leftToRight = "ltr"
	rightToLeft = "rtl"
)

// logical are the properties of CSS Logical Properties and Values, level 1, and what each is where lines run from left to right and
// blocks follow each other downwards. A property that is two gets the first and the second value.
var logical = map[string][]string{
	"inline-size": {"width"}, "min-inline-size": {"min-width"}, "max-inline-size": {"max-width"},
	"block-size": {"height"}, "min-block-size": {"min-height"}, "max-block-size": {"max-height"},
	"margin-inline": {"margin-left", "margin-right"}, "margin-inline-start": {"margin-left"}, "margin-inline-end": {"margin-right"},
	"margin-block": {"margin-top", "margin-bottom"}, "margin-block-start": {"margin-top"}, "margin-block-end": {"margin-bottom"},
	"padding-inline": {"padding-left", "padding-right"}, "padding-inline-start": {"padding-left"}, "padding-inline-end": {"padding-right"},
	"padding-block": {"padding-top", "padding-bottom"}, "padding-block-start": {"padding-top"}, "padding-block-end": {"padding-bottom"},
	"border-inline-start": {"border-left"}, "border-inline-end": {"border-right"}, "border-block-start": {"border-top"}, "border-block-end": {"border-bottom"},
	"inset-inline-start": {"left"}, "inset-inline-end": {"right"}, "inset-block-start": {"top"}, "inset-block-end": {"bottom"},
	"scroll-padding-block-start": {"scroll-padding-top"},
}

var (
	// declaration is one as esbuild writes it: no comments, no space, and of our styles no sign of the grammar within a text.
	declaration = regexp.MustCompile(`([{;])([a-z-]+):([^;{}]+)`)
	stillKnown  = regexp.MustCompile(`(?:^|[{;-])(?:inline|block|inset)(?:-[a-z]+)*:|:inline-(?:start|end)`)
	turned      = strings.NewReplacer("left", "right", "right", "left")
)

// physical returns a minified sheet for pages written in one direction, without logical properties: Chromium learnt to read the last of
// them with version 87, and a page whose sides fall apart hides the way out. The sources stay logical, so that Arabic is the mirror
// image by itself. A property that it does not know is an error.
func physical(css, dir string) (string, error) {
	side := func(name string) string {
		if dir == rightToLeft {
			return turned.Replace(name)
		}
		return name
	}
	css = declaration.ReplaceAllStringFunc(css, func(s string) string {
		m := declaration.FindStringSubmatch(s)
		before, name, value := m[1], m[2], m[3]
		if name == "float" || name == "clear" || name == "text-align" {
			value = side(strings.NewReplacer("inline-start", "left", "inline-end", "right").Replace(value))
			return before + name + ":" + value
		}
		names := logical[name]
		switch len(names) {
		case 0:
			return s
		case 1:
			return before + side(names[0]) + ":" + value
		}
		value, important := strings.CutSuffix(value, "!important")
		mark := ""
		if important {
			mark = "!important"
		}
		values := strings.Fields(value)
		if strings.Contains(value, "(") { // one value with spaces of its own
			values = []string{value}
		}
		return before + side(names[0]) + ":" + values[0] + mark + ";" + side(names[1]) + ":" + values[len(values)-1] + mark
	})
	if found := stillKnown.FindString(css); found != "" {
		return "", fmt.Errorf("%q has no physical name in logical", found)
	}
	return css, nil
}
