package photo_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"hash/crc32"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"strings"
	"testing"

	"ostoja/internal/classroom/photo"
	"ostoja/internal/errs"
)

var (
	red   = color.RGBA{220, 20, 20, 255}
	green = color.RGBA{20, 160, 20, 255}
	blue  = color.RGBA{20, 20, 220, 255}
	black = color.RGBA{10, 10, 10, 255}
)

// upright is a picture whose four corners differ: red, green, below them blue and black.
func upright() *image.RGBA {
	m := image.NewRGBA(image.Rect(0, 0, 60, 40))
	for x := range 60 {
		for y := range 40 {
			m.Set(x, y, [2][2]color.RGBA{{red, green}, {blue, black}}[y/20][x/30])
		}
	}
	return m
}

// taken returns the picture as a camera in an orientation stores it, by the words of the norm (CIPA DC-008, 4.6.5): where row 0 and
// column 0 of what is stored stand when upright.
func taken(orientation int) *image.RGBA {
	up := upright()
	w, h := up.Bounds().Dx(), up.Bounds().Dy()
	sides := map[int][2]string{1: {"top", "left"}, 2: {"top", "right"}, 3: {"bottom", "right"}, 4: {"bottom", "left"}, 5: {"left", "top"}, 6: {"right", "top"}, 7: {"right", "bottom"}, 8: {"left", "bottom"}}[orientation]
	place := func(side string, i int) (x, y int, vertical bool) {
		switch side {
		case "top":
			return 0, i, true
		case "bottom":
			return 0, h - 1 - i, true
		case "left":
			return i, 0, false
		}
		return w - 1 - i, 0, false
	}
	rows, columns := h, w
	if orientation >= 5 {
		rows, columns = w, h
	}
	stored := image.NewRGBA(image.Rect(0, 0, columns, rows))
	for row := range rows {
		for column := range columns {
			x1, y1, vertical := place(sides[0], row)
			x2, y2, _ := place(sides[1], column)
			x, y := x1, y2
			if vertical {
				x, y = x2, y1
			}
			stored.Set(column, row, up.At(x, y))
		}
	}
	return stored
}

// exif is what a phone writes: orientation and, in a directory of its own, where the picture was taken.
func exif(order binary.AppendByteOrder, orientation int) []byte {
	b := []byte("II*\x00")
	if order == binary.AppendByteOrder(binary.BigEndian) {
		b = []byte("MM\x00*")
	}
	b = order.AppendUint32(b, 8)
	b = order.AppendUint16(b, 3)
	entry := func(tag, kind uint16, n, value uint32) {
		b = order.AppendUint32(order.AppendUint32(order.AppendUint16(order.AppendUint16(b, tag), kind), n), value)
	}
	entry(0x010f, 2, 10, 100) // maker
	b = order.AppendUint16(order.AppendUint16(order.AppendUint32(order.AppendUint16(order.AppendUint16(b, 0x0112), 3), 1), uint16(orientation)), 0)
	entry(0x8825, 4, 1, 60) // GPS
	return append(append(b, make([]byte, 40)...), "GPSLatitude 51.4027 N 21.1471 E Acme Phone 9"...)
}

// shot returns a JPEG as a phone stores it.
func shot(t testing.TB, orientation int, order binary.AppendByteOrder) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, taken(orientation), &jpeg.Options{Quality: 100}); err != nil {
		t.Fatal(err)
	}
	content := append([]byte("Exif\x00\x00"), exif(order, orientation)...)
	segment := append(binary.BigEndian.AppendUint16([]byte{0xff, 0xe1}, uint16(len(content)+2)), content...)
	xmp := "http://ns.adobe.com/xap/1.0/\x00<x:xmpmeta>Radom, ul. Długa 5</x:xmpmeta>"
	more := append(binary.BigEndian.AppendUint16([]byte{0xff, 0xe1}, uint16(len(xmp)+2)), xmp...)
	whole := append(append(append([]byte{0xff, 0xd8}, segment...), more...), b.Bytes()[2:]...)
	return append(whole, "MotionPhoto_Data ftypmp42"...) // the short film that phones append
}

// scan returns a PNG with Exif in a chunk of its own.
func scan(t testing.TB, orientation int) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, taken(orientation)); err != nil {
		t.Fatal(err)
	}
	chunk := append([]byte("eXIf"), exif(binary.BigEndian, orientation)...)
	whole := binary.BigEndian.AppendUint32(bytes.Clone(b.Bytes()[:33]), uint32(len(chunk)-4))
	whole = binary.BigEndian.AppendUint32(append(whole, chunk...), crc32.ChecksumIEEE(chunk))
	return append(whole, b.Bytes()[33:]...)
}

func looksUpright(t *testing.T, kept photo.Kept) {
	t.Helper()
	m, format, err := image.Decode(bytes.NewReader(kept.JPEG))
	if err != nil || format != "jpeg" {
		t.Fatalf("kept as %s: %v", format, err)
	}
	if size := m.Bounds().Size(); size != image.Pt(60, 40) || kept.Width != 60 || kept.Height != 40 {
		t.Fatalf("kept with %v dots, said %d × %d", size, kept.Width, kept.Height)
	}
	for at, want := range map[image.Point]color.RGBA{{X: 8, Y: 8}: red, {X: 52, Y: 8}: green, {X: 8, Y: 32}: blue, {X: 52, Y: 32}: black} {
		r, g, b, _ := m.At(at.X, at.Y).RGBA()
		for i, part := range [3][2]int{{int(r >> 8), int(want.R)}, {int(g >> 8), int(want.G)}, {int(b >> 8), int(want.B)}} {
			if d := part[0] - part[1]; d > 30 || d < -30 {
				t.Errorf("at %v stands %d, %d, %d, want %v (part %d)", at, r>>8, g>>8, b>>8, want, i)
			}
		}
	}
}

// However the phone was held, what is kept is upright, says nothing of where it was taken, and is what its hash is of.
func TestWhatIsKept(t *testing.T) {
	for orientation := 1; orientation <= 8; orientation++ {
		for name, data := range map[string][]byte{
			"Intel": shot(t, orientation, binary.LittleEndian), "Motorola": shot(t, orientation, binary.BigEndian), "PNG": scan(t, orientation),
		} {
			t.Run(fmt.Sprint(orientation, name), func(t *testing.T) {
				if !bytes.Contains(data, []byte("GPSLatitude")) {
					t.Fatal("nothing to remove")
				}
				kept, err := photo.Take(t.Context(), data)
				if err != nil {
					t.Fatal(err)
				}
				looksUpright(t, kept)
				for _, gone := range []string{"Exif", "GPS", "51.4027", "Acme", "xmp", "Radom", "MotionPhoto", "eXIf"} {
					if bytes.Contains(kept.JPEG, []byte(gone)) {
						t.Errorf("%q is kept", gone)
					}
				}
				if sum := sha256.Sum256(kept.JPEG); kept.SHA256 != hex.EncodeToString(sum[:]) {
					t.Error("the hash is of something else")
				}
			})
		}
	}
}

// Exif that ends in the middle, or points beyond its end, is none: the picture is kept as it was stored. From the entry of the orientation
// on, the picture is turned.
func TestDamagedExifTurnsNothing(t *testing.T) {
	var stored bytes.Buffer
	if err := jpeg.Encode(&stored, taken(6), nil); err != nil {
		t.Fatal(err)
	}
	width := func(tiff []byte) int {
		content := append([]byte("Exif\x00\x00"), tiff...)
		segment := append(binary.BigEndian.AppendUint16([]byte{0xff, 0xe1}, uint16(len(content)+2)), content...)
		kept, err := photo.Take(t.Context(), append(append([]byte{0xff, 0xd8, 0xff}, segment...), stored.Bytes()[2:]...))
		if err != nil {
			t.Fatalf("%q: %v", tiff, err)
		}
		return kept.Width
	}
	const endOfEntry = 8 + 2 + 2*12
	whole := exif(binary.LittleEndian, 6)
	for n := range len(whole) {
		if got, want := width(whole[:n]), map[bool]int{true: 60, false: 40}[n >= endOfEntry]; got != want {
			t.Errorf("with %d bytes of Exif the picture is %d wide, want %d", n, got, want)
		}
	}
	for _, offset := range []uint32{0, 4, 7, uint32(len(whole) - 2), uint32(len(whole) - 1), uint32(len(whole)), 1 << 31} {
		moved := bytes.Clone(whole)
		binary.LittleEndian.PutUint32(moved[4:], offset)
		if got := width(moved); got != 40 {
			t.Errorf("a directory at %d turns the picture", offset)
		}
	}
	wrong := bytes.Clone(whole)
	wrong[8+2+12+8] = 9 // there is no ninth orientation
	if got := width(wrong); got != 40 {
		t.Error("an orientation that there is not turns the picture")
	}
}

// A large picture is kept as large as reading needs; the same file gives the same hash.
func TestLargePicturesAreMadeSmaller(t *testing.T) {
	var b bytes.Buffer
	if err := jpeg.Encode(&b, image.NewYCbCr(image.Rect(0, 0, 4000, 3000), image.YCbCrSubsampleRatio420), nil); err != nil {
		t.Fatal(err)
	}
	kept, err := photo.Take(t.Context(), b.Bytes())
	if err != nil || kept.Width != 2000 || kept.Height != 1500 {
		t.Errorf("kept with %d × %d dots, %v", kept.Width, kept.Height, err)
	}
	again, err := photo.Take(t.Context(), b.Bytes())
	if err != nil || again.SHA256 != kept.SHA256 {
		t.Error("the same file has another hash", err)
	}
}

// What is not taken is refused by words that say what to do, before it takes memory.
func TestWhatIsRefused(t *testing.T) {
	ihdr := func(width, height uint32, depth, kind byte) []byte {
		chunk := binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32([]byte("IHDR"), width), height)
		chunk = append(chunk, depth, kind, 0, 0, 0)
		b := binary.BigEndian.AppendUint32([]byte("\x89PNG\r\n\x1a\n"), 13)
		return binary.BigEndian.AppendUint32(append(b, chunk...), crc32.ChecksumIEEE(chunk))
	}
	whole := shot(t, 1, binary.LittleEndian)
	for name, c := range map[string]struct {
		data []byte
		key  string
	}{
		"nothing":                   {nil, "papers.photo.none"},
		"iPhone":                    {[]byte("\x00\x00\x00\x24ftypheic\x00\x00\x00\x00mif1"), "papers.photo.heic"},
		"AVIF":                      {[]byte("\x00\x00\x00\x24ftypavif\x00\x00\x00\x00mif1"), "papers.photo.heic"},
		"film":                      {[]byte("\x00\x00\x00\x24ftypmp42\x00\x00\x00\x00isom"), "papers.photo.unknown"},
		"PDF":                       {[]byte("%PDF-1.7\n"), "papers.photo.pdf"},
		"GIF":                       {[]byte("GIF89a\x01\x00\x01\x00\x00\x00\x00"), "papers.photo.unknown"},
		"page":                      {[]byte("<!doctype html>"), "papers.photo.unknown"},
		"cut off":                   {whole[:len(whole)-300], "papers.photo.broken"},
		"too many bytes":            {append(bytes.Clone(whole), make([]byte, photo.Most)...), "papers.photo.large"},
		"60,000 × 60,000":           {ihdr(60000, 60000, 8, 2), "papers.photo.large"},
		"6000 × 6000 of 16 bits":    {ihdr(6000, 6000, 16, 6), "papers.photo.large"},
		"2,000,000,000 wide":        {ihdr(2000000000, 1, 8, 0), "papers.photo.large"},
		"progressive, 5000 × 5000":  {frame(0xc2, 5000, 5000), "papers.photo.large"},
		"baseline, 65,000 × 65,000": {frame(0xc0, 65000, 65000), "papers.photo.large"},
	} {
		_, err := photo.Take(t.Context(), c.data)
		var refused *errs.Error
		if !errors.As(err, &refused) || refused.Key != c.key || !errors.Is(err, errs.ErrInvalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if !strings.Contains(photo.Accept, photo.MediaType) {
		t.Error("the form asks for other files than are kept")
	}
}

// frame is a JPEG that says how large it is, and ends.
func frame(marker byte, width, height uint16) []byte {
	b := []byte{0xff, 0xd8, 0xff, marker, 0, 17, 8}
	b = binary.BigEndian.AppendUint16(binary.BigEndian.AppendUint16(b, height), width)
	return append(b, 3, 1, 0x22, 0, 2, 0x11, 1, 3, 0x11, 1, 0xff, 0xda, 0, 8, 1, 1, 0, 0, 63, 0)
}

// Who waits for another picture to be decoded may give up.
func TestWaitingEnds(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	data := shot(t, 1, binary.LittleEndian)
	gaveUp := false
	for range 200 { // of two ways that are open, one is taken by chance
		if _, err := photo.Take(ctx, data); errors.Is(err, context.Canceled) {
			gaveUp = true
			break
		}
	}
	if !gaveUp {
		t.Error("nobody gives up")
	}
	if _, err := photo.Take(t.Context(), data); err != nil {
		t.Errorf("the next one: %v", err)
	}
}

// Whatever is uploaded is kept upright or refused by words.
func FuzzTake(f *testing.F) {
	f.Add(shot(f, 6, binary.LittleEndian))
	f.Add(scan(f, 8))
	f.Add([]byte("\xff\xd8\xff\xe1\x00\x08Exif\x00\x00"))
	f.Add([]byte("\x89PNG\r\n\x1a\n\x00\x00\x00\x04eXIfMM\x00*"))
	f.Fuzz(func(t *testing.T, data []byte) {
		if known, _, err := image.DecodeConfig(bytes.NewReader(data)); err == nil && known.Width*known.Height > 1<<22 {
			t.Skip("large pictures are slow, and nothing but large")
		}
		kept, err := photo.Take(t.Context(), data)
		if err != nil {
			if !errors.Is(err, errs.ErrInvalid) {
				t.Fatal(err)
			}
			return
		}
		if c, format, err := image.DecodeConfig(bytes.NewReader(kept.JPEG)); err != nil || format != "jpeg" || c.Width != kept.Width || c.Height != kept.Height {
			t.Fatalf("kept as %s %v, %v", format, c, err)
		}
	})
}

func BenchmarkTake(b *testing.B) {
	var buffer bytes.Buffer
	m := image.NewYCbCr(image.Rect(0, 0, 4000, 3000), image.YCbCrSubsampleRatio420)
	for i := range m.Y {
		m.Y[i] = byte(i * 7 / 5)
	}
	if err := jpeg.Encode(&buffer, m, nil); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := photo.Take(b.Context(), buffer.Bytes()); err != nil {
			b.Fatal(err)
		}
	}
}
