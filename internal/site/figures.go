package site

import (
	"context"
	"slices"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/db"
	"ostoja/internal/errs"
	"ostoja/internal/site/content"
)

// FigureChoice is a figure of a year that an editor wants on the public page.
type FigureChoice struct {
	Year   int    `json:"year"`
	Figure string `json:"figure"`
}

// FiguresPage is the page of public figures as its editors keep it.
type FiguresPage struct {
	Told        []content.PublicFigure // everything that may be told, the latest year first
	Chosen      []FigureChoice
	Shown       []content.PublicFigure // what readers see, nothing while nobody confirmed the page
	Edition     int64
	ConfirmedAt time.Time
	ConfirmedBy string // name
}

// Next returns what readers would see if the page were confirmed now.
func (p FiguresPage) Next() (list []content.PublicFigure) {
	for _, f := range p.Told {
		if slices.Contains(p.Chosen, FigureChoice{f.Year, f.Figure}) {
			list = append(list, f)
		}
	}
	return list
}

// Differs says whether readers see something else than what was chosen and may be told now.
func (p FiguresPage) Differs() bool { return !slices.Equal(p.Next(), p.Shown) }

// Figures returns the page of public figures to who reads the whole site.
func (s *Service) Figures(ctx context.Context, actor access.Actor) (p FiguresPage, err error) {
	defer errs.Wrap(&err, "site.Figures")
	if !actor.Everywhere(access.SiteRead) {
		return p, errs.NotFound("error.not-found")
	}
	err = s.db.View(ctx, func(tx *db.Tx) error {
		p, err = figures(ctx, tx)
		return err
	})
	return p, err
}

func figures(ctx context.Context, q db.Querier) (p FiguresPage, err error) {
	if p.Told, err = db.All[content.PublicFigure](ctx, q, `SELECT year, figure, n, at_least, counted_on FROM report_year_figure`); err != nil {
		return p, err
	}
	p.Told = slices.DeleteFunc(p.Told, func(f content.PublicFigure) bool { return !slices.Contains(content.FigureKeys, f.Figure) })
	content.SortFigures(p.Told)
	type row struct {
		Chosen      []FigureChoice         `db:",json"`
		Shown       []content.PublicFigure `db:",json"`
		Edition     int64
		ConfirmedAt time.Time
		ConfirmedBy string
	}
	rows, err := db.All[row](ctx, q, `
		SELECT f.chosen, f.shown, f.edition, f.confirmed_at, COALESCE(p.given_name || ' ' || p.family_name, '') AS confirmed_by
		FROM site_figures f LEFT JOIN identity_person p ON p.id = f.confirmed_by`)
	for _, x := range rows { // one, or none
		p.Chosen, p.Shown, p.Edition, p.ConfirmedAt, p.ConfirmedBy = x.Chosen, x.Shown, x.Edition, x.ConfirmedAt, x.ConfirmedBy
	}
	return p, err
}

// ChooseFigures keeps which figures an editor wants. Readers see them once somebody has confirmed the page.
func (s *Service) ChooseFigures(ctx context.Context, actor access.Actor, chosen []FigureChoice, edition int64) (err error) {
	defer errs.Wrap(&err, "site.ChooseFigures")
	return s.edit(ctx, actor, ofInstallation, "site.figures-chosen", "figures", func(tx *db.Tx) (any, error) {
		p, err := figures(ctx, tx)
		if err != nil {
			return nil, err
		}
		for _, c := range chosen {
			if !slices.ContainsFunc(p.Told, func(f content.PublicFigure) bool { return f.Year == c.Year && f.Figure == c.Figure }) {
				return nil, errs.Invalid("error.invalid")
			}
		}
		return map[string]int{"figures": len(chosen)}, s.putFigures(ctx, tx, p.Edition, edition, chosen, p.Shown, p.ConfirmedAt, "")
	})
}

// ConfirmFigures shows readers what was chosen, as it may be told now.
func (s *Service) ConfirmFigures(ctx context.Context, actor access.Actor, edition int64) (err error) {
	defer errs.Wrap(&err, "site.ConfirmFigures")
	return s.change(ctx, actor, ofInstallation, "site.figures-confirmed", "figures", func(tx *db.Tx) (any, error) {
		p, err := figures(ctx, tx)
		if err != nil {
			return nil, err
		}
		next := p.Next()
		if len(next) == 0 {
			return nil, errs.Conflict("site.fault.no-figures")
		}
		return map[string]int{"figures": len(next)}, s.putFigures(ctx, tx, p.Edition, edition, p.Chosen, next, s.clock.Now(), actor.PersonID)
	})
}

// WithdrawFigures takes the page away from readers. What was chosen stays.
func (s *Service) WithdrawFigures(ctx context.Context, actor access.Actor, edition int64) (err error) {
	defer errs.Wrap(&err, "site.WithdrawFigures")
	return s.change(ctx, actor, ofInstallation, "site.figures-withdrawn", "figures", func(tx *db.Tx) (any, error) {
		p, err := figures(ctx, tx)
		if err != nil {
			return nil, err
		}
		return nil, s.putFigures(ctx, tx, p.Edition, edition, p.Chosen, nil, time.Time{}, "")
	})
}

// putFigures writes the page, unless somebody was faster. Without by, who confirmed it stays.
func (s *Service) putFigures(ctx context.Context, tx *db.Tx, now, seen int64, chosen []FigureChoice, shown []content.PublicFigure, confirmed time.Time, by string) error {
	if now != seen {
		return errs.Conflict("site.figures.changed-meanwhile")
	}
	var at any
	if !confirmed.IsZero() {
		at = confirmed
	}
	n, err := db.Changed(ctx, tx, `
		INSERT INTO site_figures (id, chosen, shown, edition, confirmed_at, confirmed_by) VALUES ('page', ?, ?, 1, ?, ?)
		ON CONFLICT (id) DO UPDATE SET chosen = excluded.chosen, shown = excluded.shown, edition = site_figures.edition + 1, confirmed_at = excluded.confirmed_at,
			confirmed_by = CASE WHEN excluded.confirmed_by = '' THEN site_figures.confirmed_by ELSE excluded.confirmed_by END
		WHERE site_figures.edition = ?`, db.JSON(append([]FigureChoice{}, chosen...)), db.JSON(append([]content.PublicFigure{}, shown...)), at, by, seen)
	if err == nil && n == 0 {
		err = errs.Conflict("site.figures.changed-meanwhile")
	}
	return err
}
