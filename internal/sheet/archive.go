package sheet

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
)

// Limits of what is unpacked. A cell of a spreadsheet program holds 32,767 characters, so that no honest piece is near maxPiece;
// a full list of 20,000 rows with 40 cells has four million pieces.
const (
	maxUnpacked = 64 << 20
	maxPiece    = 1 << 20
	maxPieces   = 6_000_000
)

// archive is a ZIP archive that is unpacked piece by piece, in all no further than maxUnpacked.
type archive struct {
	files  map[string]*zip.File
	left   int64
	pieces int
}

func openArchive(content []byte) (*Book, error) {
	z, err := zip.NewReader(bytes.NewReader(content), int64(len(content)))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrUnreadable, err)
	}
	a := &archive{files: map[string]*zip.File{}, left: maxUnpacked}
	for _, f := range z.File {
		a.files[partName(f.Name)] = f
	}
	if a.files["content.xml"] != nil {
		return openODS(a)
	}
	return openXLSX(a)
}

// partName brings the name of a part into one form: programs differ in capitals, and some write backslashes.
func partName(name string) string {
	return strings.ToLower(strings.TrimPrefix(strings.ReplaceAll(name, `\`, "/"), "/"))
}

// part reads the tokens of a part; what is not there has none. Names come without their namespace: the formats' own are unambiguous,
// and "strict" files have others.
func (a *archive) part(name string, use func(*parser) error) (err error) {
	f := a.files[partName(name)]
	if f == nil {
		return nil
	}
	r, err := f.Open()
	if err != nil {
		return fmt.Errorf("%w: %w", ErrUnreadable, err)
	}
	defer func() { err = errors.Join(err, r.Close()) }()
	m := &meter{r: r, a: a}
	p := &parser{d: xml.NewDecoder(m), m: m}
	p.d.CharsetReader = func(label string, in io.Reader) (io.Reader, error) {
		if strings.EqualFold(label, "utf8") || strings.EqualFold(label, "us-ascii") {
			return in, nil
		}
		return nil, fmt.Errorf("encoding %q", label)
	}
	return use(p)
}

// meter counts what is unpacked.
type meter struct {
	r     io.Reader
	a     *archive
	piece int
}

func (m *meter) Read(b []byte) (n int, err error) {
	if m.a.left <= 0 || m.piece > maxPiece {
		return 0, ErrTooMuch
	}
	n, err = m.r.Read(b)
	m.a.left -= int64(n)
	m.piece += n
	return n, err
}

// parser hands out the pieces of an XML file.
type parser struct {
	d *xml.Decoder
	m *meter
}

// next returns the next piece, io.EOF at the end.
func (p *parser) next() (xml.Token, error) {
	p.m.piece = 0
	if p.m.a.pieces++; p.m.a.pieces > maxPieces {
		return nil, ErrTooMuch
	}
	t, err := p.d.RawToken()
	switch {
	case err == nil, errors.Is(err, io.EOF), errors.Is(err, ErrTooMuch):
		return t, err
	}
	return nil, fmt.Errorf("%w: %w", ErrUnreadable, err)
}

// each hands every element's beginning and end, and every text, to use, until the end of the part.
func (p *parser) each(begin func(xml.StartElement) error, text func([]byte), end func(name string) error) error {
	for {
		t, err := p.next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		switch t := t.(type) {
		case xml.StartElement:
			err = begin(t)
		case xml.EndElement:
			err = end(t.Name.Local)
		case xml.CharData:
			text(t)
		}
		if err != nil {
			return err
		}
	}
}

// elements hands every element's beginning to use, where nothing else of a part tells anything.
func (p *parser) elements(begin func(xml.StartElement) error) error {
	return p.each(begin, func([]byte) {}, func(string) error { return nil })
}

// attribute returns the value of an attribute, "" where it is not there.
func attribute(e xml.StartElement, name string) string {
	for _, a := range e.Attr {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

// textPiece collects the text of a cell, no more of it than a cell keeps.
type textPiece struct{ b []byte }

func (t *textPiece) add(s []byte) {
	if room := 4*maxCell - len(t.b); room > 0 {
		t.b = append(t.b, s[:min(len(s), room)]...)
	}
}

func (t *textPiece) take() string {
	s := strings.ToValidUTF8(string(t.b), "")
	t.b = t.b[:0]
	return cut(s)
}
