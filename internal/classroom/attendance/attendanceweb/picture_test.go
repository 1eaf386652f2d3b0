package attendanceweb_test

import (
	"bytes"
	"image"
	"image/color"
	"image/jpeg"
	"testing"
)

// photograph returns a small JPEG of a sheet.
func photograph(t *testing.T) string {
	t.Helper()
	m := image.NewRGBA(image.Rect(0, 0, 64, 96))
	for y := range 96 {
		for x := range 64 {
			m.Set(x, y, color.RGBA{uint8(200 + x/2), uint8(200 + y/3), 220, 255})
		}
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, m, nil); err != nil {
		t.Fatal(err)
	}
	return b.String()
}
