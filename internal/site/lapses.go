package site

import (
	"context"
	"maps"
	"strings"

	"ostoja/internal/db"
	"ostoja/internal/errs"
	"ostoja/internal/fact"
	"ostoja/internal/site/content"
	"ostoja/internal/text"
)

// Fault is what is wrong with a fact or a place, as it is kept of whom was told and as the texts' keys end.
type Fault string

const (
	faultOverdue Fault = "overdue" // shown with "not confirmed since"
	faultExpired Fault = "gone"    // left out
	faultHours   Fault = "hours"   // a place is left out, since its opening hours cannot be read
)

// Lapse is a fact or a place that readers do not see as it was meant.
type Lapse struct {
	Object   string // fact:id or service:id
	Name     text.Translated
	Fault    Fault
	Path     string // of the page where it is mended
	UnitPath string // of who keeps it; "" is the installation
}

// Lapses returns what readers do not see as it was meant, in order. open is false while the site is not open, when nobody sees anything.
func (s *Service) Lapses(ctx context.Context, tx *db.Tx) (list []Lapse, open bool, err error) {
	defer errs.Wrap(&err, "site.Lapses")
	if open, err = isOpen(ctx, tx); err != nil || !open {
		return nil, open, err
	}
	stored, err := facts(ctx, tx)
	if err != nil {
		return nil, open, err
	}
	snap, now := content.Snapshot{Zone: s.zone, Facts: map[string]*content.Fact{}}, s.clock.Now()
	for i := range stored {
		f := &stored[i]
		snap.Facts[f.ID] = f
		if wrong := faultOf(f.Validity(now, s.zone)); wrong != "" {
			name := map[string]string{s.bundle.SourceLang: f.ID}
			for tag, label := range f.Label {
				name[tag] = strings.TrimSpace(label + " " + f.In(tag))
			}
			list = append(list, Lapse{"fact:" + f.ID, s.named(name), wrong, "/app/site/facts/" + f.ID, f.UnitPath})
		}
	}
	rows, err := services(ctx, tx)
	if err != nil {
		return nil, open, err
	}
	for i := range rows {
		x := &rows[i].Content
		if !rows[i].Listed || x.Shelter {
			continue
		}
		wrong := faultOf(snap.ServiceValidity(x, now))
		if x.Hours.Fault() != nil {
			wrong = faultHours
		}
		if wrong != "" {
			list = append(list, Lapse{"service:" + rows[i].ID, s.named(x.Name), wrong, "/app/site/services/" + rows[i].ID, rows[i].UnitPath})
		}
	}
	return list, open, nil
}

// named gives a name that falls back on the language of the source.
func (s *Service) named(names map[string]string) text.Translated {
	t := text.Translated(maps.Clone(names))
	t[""] = names[s.bundle.SourceLang]
	return t
}

func faultOf(s fact.Validity) Fault {
	switch s {
	case fact.Overdue:
		return faultOverdue
	case fact.Expired:
		return faultExpired
	}
	return ""
}
