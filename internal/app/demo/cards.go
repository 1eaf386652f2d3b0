package demo

import (
	"context"
	"strings"

	"ostoja/internal/access"
	"ostoja/internal/db"
	"ostoja/internal/errs"
	"ostoja/internal/firstline/card"
)

// FillCards gives the demonstration's largest service a contact card, and the participant's own unit another. The numbers are
// nobody's and say so.
func (f *Filler) FillCards(ctx context.Context, s *card.Service) (err error) {
	defer errs.Wrap(&err, "demo.FillCards")
	editor, err := f.staffActor(ctx, access.Author)
	if err != nil {
		return err
	}
	path, err := db.One[string](ctx, f.DB, `SELECT u.path FROM person p JOIN unit u ON u.id = p.unit_id WHERE p.mail = ?`, Staff[0].Mail)
	if err != nil {
		return err
	}
	own := path[strings.LastIndex(strings.TrimSuffix(path, "/"), "/")+1 : len(path)-1]
	for unitID, d := range map[string]card.Draft{
		f.units[0].organisation: {Shared: true, Lines: []card.Line{
			{Who: "Koordynatorka lub koordynator do spraw handlu ludźmi", Phone: "00 000 00 01", When: card.ByDay, Note: "numer wymyślony"},
			{Who: "Oficer dyżurny", Phone: "00 000 00 02", When: card.ByNight, Note: "numer wymyślony", Inside: true},
		}},
		own: {Note: "Karta przykładowa: żaden z tych numerów nie istnieje.", Lines: []card.Line{
			{Who: "Kierownik zmiany", Phone: "00 000 00 03 wew. 1", When: card.Always, Note: "numer wymyślony", Inside: true},
			{Who: "Tłumaczka przysięgła (ukraiński, rosyjski)", Phone: "00 000 00 04", When: card.ByDay, Note: "numer wymyślony"},
			{Who: "Powiatowe centrum pomocy rodzinie", Phone: "00 000 00 05", When: card.ByDay, Note: "numer wymyślony; miejsce na noc i opieka nad dzieckiem"},
		}},
	} {
		if err := s.Write(ctx, editor, unitID, d); err != nil {
			return err
		}
	}
	return nil
}
