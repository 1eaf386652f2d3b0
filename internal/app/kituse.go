package app

import (
	"context"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/evidence/evidenceweb"
	"ostoja/internal/firstline"
	"ostoja/internal/site/visits"
)

// kitUse tells what of the first-line kit was opened, from the counts of the public site: nothing where the office does not count it.
func kitUse(a *App) evidenceweb.KitUse {
	return func(ctx context.Context, actor access.Actor, tag string) (out evidenceweb.KitOpened, err error) {
		b := a.Site.Bundle()
		if b.Kit == nil || !b.KitCounts || !actor.Everywhere(access.SiteRead) {
			return out, nil
		}
		today := a.clock.Now().In(a.Site.Zone())
		list, err := a.Visits.Between(ctx, actor, today.AddDate(0, 0, -evidenceweb.KitDays).Format(time.DateOnly), today.Format(time.DateOnly))
		if err != nil {
			return out, err
		}
		opened := map[string][]visits.Count{}
		for _, c := range list {
			opened[c.Page] = append(opened[c.Page], c)
		}
		for _, u := range firstline.Urgencies {
			name, _ := b.Kit.Text(tag, "aid."+string(u))
			out.Steps = append(out.Steps, name)
		}
		for _, p := range b.Kit.Places {
			row := evidenceweb.KitPlace{}
			row.Name, _ = b.Kit.Text(tag, "place."+p.ID+".title")
			for _, u := range firstline.Urgencies {
				row.Opened = append(row.Opened, evidenceweb.KitCount(visits.Sum(opened[firstline.StepCode(p, u)])))
			}
			out.Places = append(out.Places, row)
		}
		return out, nil
	}
}
