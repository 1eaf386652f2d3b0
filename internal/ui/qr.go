package ui

import (
	"strconv"
	"strings"

	"rsc.io/qr"
)

const quiet = 4 // squares around a drawing (ISO/IEC 18004, 9.1)

// QR returns the dark squares of an address's drawing as the path of an SVG, and how many squares wide the drawing is.
func QR(address string) (path string, size int, err error) {
	c, err := qr.Encode(address, qr.M)
	if err != nil {
		return "", 0, err
	}
	var b strings.Builder
	for y := range c.Size {
		for x := range c.Size {
			if c.Black(x, y) {
				b.WriteString("M" + strconv.Itoa(x+quiet) + " " + strconv.Itoa(y+quiet) + "h1v1h-1z")
			}
		}
	}
	return b.String(), c.Size + 2*quiet, nil
}
