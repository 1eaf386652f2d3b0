package paper

import (
	"bytes"
	"image"
	"image/color"
	_ "image/jpeg" // the forms in which an office uploads an emblem
	_ "image/png"
	"strconv"

	pdfimage "github.com/carlos7ags/folio/image"
	"github.com/carlos7ags/folio/layout"
	"golang.org/x/image/draw"

	"ostoja/internal/errs"
)

// Picture is an emblem that may stand on pages. It is kept once in the file, on however many pages it stands.
type Picture struct {
	image         *pdfimage.Image
	Description   string // read out in its place
	Width, Height int    // dots
}

// Bounds of a picture: of what is uploaded, so that a small file cannot ask for all memory, and of what is printed, 300 dots to the
// inch at 60 mm.
const (
	maxDots     = 40_000_000
	printedDots = 700
)

// NewPicture reads a PNG or JPEG, as large as printing needs and without what else is in the file (where a photograph was taken).
func NewPicture(data []byte, description string) (_ *Picture, err error) {
	defer errs.Wrap(&err, "paper.NewPicture")
	known, _, err := image.DecodeConfig(bytes.NewReader(data))
	if err != nil {
		return nil, errs.Invalid("papers.picture.unknown").Because(err)
	}
	if known.Width < 1 || known.Height < 1 || known.Width > maxDots/known.Height {
		return nil, errs.Invalid("papers.picture.large")
	}
	read, _, err := image.Decode(bytes.NewReader(data))
	if err != nil {
		return nil, errs.Invalid("papers.picture.unknown").Because(err)
	}
	size := read.Bounds().Size()
	if longest := max(size.X, size.Y); longest > printedDots {
		size = image.Pt(max(1, size.X*printedDots/longest), max(1, size.Y*printedDots/longest))
	}
	// Paper is white: nothing shines through it.
	drawn := image.NewRGBA(image.Rectangle{Max: size})
	draw.Draw(drawn, drawn.Bounds(), image.NewUniform(color.White), image.Point{}, draw.Src)
	draw.CatmullRom.Scale(drawn, drawn.Bounds(), read, read.Bounds(), draw.Over, nil)
	return &Picture{pdfimage.NewFromGoImage(drawn), description, size.X, size.Y}, nil
}

// picture draws a picture in a box. One with the role of an artifact, as on each page after the first, is not read out.
func (p *Page) picture(role Role, m *Picture, x, y, width, height float64) {
	block := layout.PlacedBlock{Tag: string(role), Draw: func(ctx layout.DrawContext, _, _ float64) {
		s := ctx.Stream
		if role == artifact {
			beginArtifact(s)
			defer s.EndMarkedContent()
		}
		s.SaveState()
		s.ConcatMatrix(width*perMM, 0, 0, height*perMM, x*perMM, (p.size.Height-y-height)*perMM)
		s.Do(resource(ctx.Page, m.image))
		s.RestoreState()
	}}
	if role != artifact {
		block.AltText = m.Description
	}
	p.add(block)
}

// resource returns the name of a picture among the page's resources.
func resource(page *layout.PageResult, m *pdfimage.Image) string {
	for _, known := range page.Images {
		if known.Image == m {
			return known.Name
		}
	}
	name := "Im" + strconv.Itoa(len(page.Images)+1)
	page.Images = append(page.Images, layout.ImageEntry{Name: name, Image: m})
	return name
}
