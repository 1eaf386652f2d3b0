package itembankweb

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"ostoja/internal/itembank"
	"ostoja/internal/lang"
	"ostoja/internal/text"
	"ostoja/internal/ui"
)

// objectives knows what the objectives of items are called: the course's words for them. The zero value knows none.
type objectives struct {
	of map[[2]string]text.Translated // by course and objective; by objective alone too, for items that were made here
}

// objectives reads the objectives of the courses as they are now.
func (h *Pages) objectives(ctx context.Context) (o objectives, err error) {
	list, err := h.Courses.List(ctx)
	if err != nil {
		return o, err
	}
	o.of = map[[2]string]text.Translated{}
	for _, entry := range list {
		c, err := h.Courses.Version(ctx, entry.CurrentVersionID)
		if err != nil {
			return o, err
		}
		for _, x := range c.Objectives {
			o.of[[2]string{c.ID, x.ID}] = x.Text
			if _, twice := o.of[[2]string{"", x.ID}]; !twice {
				o.of[[2]string{"", x.ID}] = x.Text
			}
		}
	}
	return o, nil
}

// title returns an objective in a language; its id where no course has it.
func (o objectives) title(origin, id, tag string) string {
	text, ok := o.of[[2]string{origin, id}]
	if !ok {
		text = o.of[[2]string{"", id}]
	}
	if title := strings.TrimSuffix(text.In(tag), "."); title != "" {
		return title
	}
	return id
}

// ofItem returns the objective of a version.
func (o objectives) ofItem(v itembank.Version, tag string) string {
	return o.title(v.Origin, v.Objective, tag)
}

// options offers objectives by their titles, after all where all is a text.
func (o objectives) options(all string, ids []string, tag string) []ui.Option {
	var list []ui.Option
	if all != "" {
		list = append(list, ui.Option{Label: all})
	}
	for _, id := range ids {
		list = append(list, ui.Option{Value: id, Label: o.title("", id, tag)})
	}
	return list
}

// offered offers all objectives of the courses and those in the bank by name, after a line that none is chosen; chosen is among them.
func (o objectives) offered(ids []string, chosen string, p *lang.Printer) []ui.Option {
	all := slices.Clone(ids)
	for key := range o.of {
		all = append(all, key[1])
	}
	if chosen != "" {
		all = append(all, chosen)
	}
	slices.Sort(all)
	list := o.options("", slices.Compact(all), p.Tag())
	slices.SortStableFunc(list, func(a, b ui.Option) int { return cmp.Compare(text.Search(a.Label), text.Search(b.Label)) })
	return append([]ui.Option{{Label: p.T("assessment.item.objective-choose")}}, list...)
}

// titles returns the titles of objectives.
func (o objectives) titles(ids []string, tag string) []string {
	list := make([]string, len(ids))
	for i, id := range ids {
		list[i] = o.title("", id, tag)
	}
	return list
}
