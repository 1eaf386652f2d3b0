package siteweb

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"ostoja/internal/access"
	"ostoja/internal/errs"
	"ostoja/internal/lang"
	"ostoja/internal/site"
	"ostoja/internal/site/content"
	"ostoja/internal/ui"
	"ostoja/internal/web"
)

const figuresPath = "/app/site/figures"

type figuresView struct {
	site.FiguresPage
	Form     *web.Form
	MayWrite bool
	Site     bool // readers are let in, so that the page has an address
}

// figures shows which figures may be told to everybody, which were chosen, and what readers see.
func (h *Pages) figures(w http.ResponseWriter, r *http.Request) error {
	return h.showFigures(w, r, web.NewForm())
}

func (h *Pages) showFigures(w http.ResponseWriter, r *http.Request, f *web.Form) error {
	actor := web.Actor(r.Context())
	p, err := h.Service.Figures(r.Context(), actor)
	if err != nil {
		return err
	}
	if f.Get("act") == "" {
		for _, c := range p.Chosen {
			f.Add("figure", choiceValue(c.Year, c.Figure))
		}
	}
	return show(w, r, "site.figures.title", f, figuresPage(figuresView{p, f, actor.Everywhere(access.SiteWrite), len(p.Shown) > 0}))
}

func choiceValue(year int, figure string) string { return strconv.Itoa(year) + ":" + figure }

// changeFigures keeps a choice, shows it to readers, or takes the page away.
func (h *Pages) changeFigures(w http.ResponseWriter, r *http.Request) error {
	f, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	ctx, actor, act := r.Context(), web.Actor(r.Context()), f.Get("act")
	edition, _ := strconv.ParseInt(f.Get("edition"), 10, 64) // what is no number is no edition that there is
	switch act {
	case "choose":
		var chosen []site.FigureChoice
		for _, v := range f.Values["figure"] {
			year, figure, _ := strings.Cut(v, ":")
			n, _ := strconv.Atoi(year) // refused as a year of which nothing is told
			chosen = append(chosen, site.FigureChoice{Year: n, Figure: figure})
		}
		err = h.Service.ChooseFigures(ctx, actor, chosen, edition)
	case "confirm":
		err = h.Service.ConfirmFigures(ctx, actor, edition)
	case "withdraw":
		err = h.Service.WithdrawFigures(ctx, actor, edition)
	default:
		return errs.Invalid("error.invalid")
	}
	if f.Fail(printer(r), err) {
		return h.showFigures(w, r, f)
	}
	if err != nil {
		return err
	}
	h.Site.Say(w, "site.figures.said-"+act)
	return web.Redirect(w, r, figuresPath)
}

// yearsOf are the years of figures, in their order.
func yearsOf(list []content.PublicFigure) (years []int) {
	for _, f := range list {
		if !slices.Contains(years, f.Year) {
			years = append(years, f.Year)
		}
	}
	return years
}

// figureOptions offers the figures of a year, each with its number and the day on which it was counted.
func figureOptions(p *lang.Printer, list []content.PublicFigure, year int) (options []ui.Option) {
	for _, f := range list {
		if f.Year == year {
			options = append(options, ui.Option{Value: choiceValue(f.Year, f.Figure), Label: p.T("year.name-"+f.Figure) + ": " + figureText(p, f), Hint: p.T("site.figures.counted", "Day", p.DateOf(f.CountedOn))})
		}
	}
	return options
}

func figureText(p *lang.Printer, f content.PublicFigure) string {
	if f.AtLeast {
		return p.T("year.at-least", "N", p.Number(f.N))
	}
	return p.Number(f.N)
}
