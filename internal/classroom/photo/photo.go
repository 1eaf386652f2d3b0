// Package photo takes photographs of signed sheets as evidence: turned upright, made as large as reading signatures needs, and written
// anew, so that nothing is kept of where, when and with what they were taken.
//
// Goals: what is kept is one JPEG whose SHA-256 can be shown years later; a photograph never takes the memory of a small server away,
// since its size is looked at before it is decoded and one is decoded at a time. Limits: JPEG and PNG alone. HEIC, which iPhones
// take, is refused by words: reading it would take 300 MB for one picture, and a browser's form that asks for JPEG gets it from them (decision
// 0046). PDF is refused, since it may hold more than it shows. Faces and signatures stay as they are: they are what the evidence is.
package photo

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"image"
	"image/color"
	"image/draw"
	"image/jpeg"
	_ "image/png" // scanners
	"slices"

	"ostoja/internal/errs"
)

// Most is how many bytes a file may have that is taken.
const Most = 20 << 20

// Accept is what a form's field for the file says. An iPhone that is asked for JPEG alone hands over JPEG, whatever its camera took.
const Accept = "image/jpeg,image/png"

// MediaType is that of what is kept.
const MediaType = "image/jpeg"

const (
	mostMemory  = 256 << 20 // while a picture is decoded
	mostDots    = 50_000_000
	longestSide = 3400 // at least half of it remains: 145 dots to the inch of an A4 sheet
	quality     = 85
)

// Kept is a photograph as it is kept.
type Kept struct {
	JPEG          []byte
	SHA256        string // of the bytes, in hexadecimal
	Width, Height int    // dots, upright
}

// one lets one picture be decoded at a time.
var one = make(chan struct{}, 1)

// Take makes of an uploaded file what is kept. What it does not take it refuses by words, an [errs.ErrInvalid].
func Take(ctx context.Context, data []byte) (_ Kept, err error) {
	defer errs.Wrap(&err, "photo.Take")
	if err := check(data); err != nil {
		return Kept{}, err
	}
	select {
	case one <- struct{}{}:
		defer func() { <-one }()
	case <-ctx.Done():
		return Kept{}, ctx.Err()
	}
	taken, _, err := image.Decode(bytes.NewReader(data))
	if err != nil {
		return Kept{}, errs.Invalid("papers.photo.broken").Because(err)
	}
	upright := turn(smaller(taken), orientation(data))
	var b bytes.Buffer
	if err := jpeg.Encode(&b, upright, &jpeg.Options{Quality: quality}); err != nil {
		return Kept{}, err
	}
	sum := sha256.Sum256(b.Bytes())
	return Kept{b.Bytes(), hex.EncodeToString(sum[:]), upright.Bounds().Dx(), upright.Bounds().Dy()}, nil
}

// check refuses what is no picture that is taken, or would be too large once decoded, by its first bytes alone.
func check(data []byte) error {
	switch {
	case len(data) == 0:
		return errs.Invalid("papers.photo.none")
	case len(data) > Most:
		return errs.Invalid("papers.photo.large")
	case isHEIC(data):
		return errs.Invalid("papers.photo.heic")
	case bytes.HasPrefix(data, []byte("%PDF-")):
		return errs.Invalid("papers.photo.pdf")
	}
	known, format, err := image.DecodeConfig(bytes.NewReader(data))
	if err != nil || format != "jpeg" && format != "png" {
		return errs.Invalid("papers.photo.unknown").Because(err)
	}
	if known.Width < 1 || known.Height < 1 {
		return errs.Invalid("papers.photo.broken")
	}
	if known.Width > mostDots/known.Height || known.Width*known.Height > mostMemory/perDot(data, format, known.ColorModel) {
		return errs.Invalid("papers.photo.large")
	}
	return nil
}

// isHEIC recognises pictures of the family that iPhones take by the box with which they begin (ISO/IEC 14496-12, 4.3).
func isHEIC(data []byte) bool {
	return len(data) >= 12 && string(data[4:8]) == "ftyp" &&
		slices.Contains([]string{"heic", "heix", "heim", "heis", "hevc", "hevx", "mif1", "msf1", "avif", "avis"}, string(data[8:12]))
}

// perDot is how many bytes a dot takes while a picture is decoded.
func perDot(data []byte, format string, model color.Model) int {
	switch {
	case format == "jpeg" && progressive(data):
		return 15 // three coefficients of four bytes are kept until the last pass
	case format == "jpeg":
		return 4
	case model == color.RGBA64Model || model == color.NRGBA64Model:
		return 8
	}
	return 4
}

// progressive says whether a JPEG comes in several passes (ITU-T T.81, table B.1: a frame that begins with SOF2).
func progressive(data []byte) (is bool) {
	segments(data, func(marker byte, _ []byte) bool {
		is = is || marker == 0xc2
		return true
	})
	return is
}

// smaller draws a picture on white, each square of so many dots as one that its longest side is as long as is kept at most. It draws by
// strips: beside the picture that was decoded it needs no more than what is kept.
func smaller(taken image.Image) *image.RGBA {
	from := taken.Bounds()
	square := max(1, (max(from.Dx(), from.Dy())+longestSide-1)/longestSide)
	size := image.Pt(max(1, from.Dx()/square), max(1, from.Dy()/square))
	drawn := image.NewRGBA(image.Rectangle{Max: size})
	strip := image.NewRGBA(image.Rect(0, 0, from.Dx(), min(square, from.Dy())))
	for y := range size.Y {
		draw.Draw(strip, strip.Bounds(), image.White, image.Point{}, draw.Src)
		draw.Draw(strip, strip.Bounds(), taken, from.Min.Add(image.Pt(0, y*square)), draw.Over)
		for x := range size.X {
			mean(drawn.Pix[drawn.PixOffset(x, y):][:4], strip, x*square, square)
		}
	}
	return drawn
}

// mean writes the mean colour of a square of a strip.
func mean(into []byte, strip *image.RGBA, left, square int) {
	n, sum := 0, [4]int{}
	for y := range strip.Rect.Dy() {
		for x := left; x < min(left+square, strip.Rect.Dx()); x++ {
			for i, part := range strip.Pix[strip.PixOffset(x, y):][:4] {
				sum[i] += int(part)
			}
			n++
		}
	}
	for i := range into {
		into[i] = byte(sum[i] / n) //nolint:gosec // the mean of bytes is one
	}
}

// turn makes a picture upright that was taken in one of the eight orientations of Exif (CIPA DC-008, 4.6.5: tag 274).
func turn(m *image.RGBA, orientation int) *image.RGBA {
	w, h := m.Bounds().Dx(), m.Bounds().Dy()
	// from returns the dot of the picture as taken that comes to x, y when upright.
	from, ok := map[int]func(x, y int) (int, int){
		2: func(x, y int) (int, int) { return w - 1 - x, y },
		3: func(x, y int) (int, int) { return w - 1 - x, h - 1 - y },
		4: func(x, y int) (int, int) { return x, h - 1 - y },
		5: func(x, y int) (int, int) { return y, x },
		6: func(x, y int) (int, int) { return y, h - 1 - x },
		7: func(x, y int) (int, int) { return w - 1 - y, h - 1 - x },
		8: func(x, y int) (int, int) { return w - 1 - y, x },
	}[orientation]
	if !ok {
		return m
	}
	size := image.Pt(w, h)
	if orientation >= 5 {
		size = image.Pt(h, w)
	}
	upright := image.NewRGBA(image.Rectangle{Max: size})
	for y := range size.Y {
		for x := range size.X {
			fx, fy := from(x, y)
			copy(upright.Pix[upright.PixOffset(x, y):][:4], m.Pix[m.PixOffset(fx, fy):][:4])
		}
	}
	return upright
}
