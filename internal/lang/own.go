package lang

import "sync/atomic"

// own are texts that an installation wrote itself, by language and by the name that who sets them gave each.
type own struct {
	texts atomic.Pointer[map[string]map[string]string]
}

// Apart returns the catalogue with own texts apart from those of others that share its files: as many programs in one process as there
// are tests, each upon a database of its own.
func (c *Catalogue) Apart() *Catalogue {
	apart := *c
	apart.own = &own{}
	apart.printers, apart.papers = map[string]*Printer{}, map[string]*Printer{}
	for _, of := range []struct{ from, to map[string]*Printer }{{c.printers, apart.printers}, {c.papers, apart.papers}} {
		for tag, p := range of.from {
			mine := *p
			mine.own = apart.own
			of.to[tag] = &mine
		}
	}
	return &apart
}

// SetOwn takes the texts that the installation wrote itself in place of all earlier ones, by language and name. Whoever asks meanwhile gets either all
// of the old or all of the new. The map MUST NOT be changed afterwards.
func (c *Catalogue) SetOwn(texts map[string]map[string]string) { c.own.texts.Store(&texts) }

// Own returns the installation's own text of a name in the printer's language; there is false where it wrote none.
func (p *Printer) Own(name string) (text string, there bool) {
	if p.own == nil {
		return "", false
	}
	texts := p.own.texts.Load()
	if texts == nil {
		return "", false
	}
	text, there = (*texts)[p.tag][name]
	return text, there
}
