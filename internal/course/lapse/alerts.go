package lapse

import (
	"context"
	"slices"
	"strings"

	"ostoja/internal/access"
	"ostoja/internal/clock"
	"ostoja/internal/course/published"
	"ostoja/internal/db"
	"ostoja/internal/errs"
	"ostoja/internal/lang"
	"ostoja/internal/mail"
)

// People finds who holds a permission and can be written to.
type People interface {
	Holders(ctx context.Context, q db.Querier, p access.Permission) ([]access.Holder, error)
}

// Alerts tells authors by mail, once, of what items rest on that was not confirmed in time.
type Alerts struct {
	db        *db.DB
	clock     clock.Clock
	courses   *published.Service
	people    People
	outbox    *mail.Outbox
	catalogue *lang.Catalogue
	baseURL   string
}

// NewAlerts returns what tells authors; baseURL is how their browsers reach the program.
func NewAlerts(d *db.DB, c clock.Clock, courses *published.Service, p People, o *mail.Outbox, texts *lang.Catalogue, baseURL string) *Alerts {
	return &Alerts{d, c, courses, p, o, texts, baseURL}
}

// news is what of a course authors were not told yet.
type news struct {
	course *published.Course
	report Report   // of which Facts holds those that they were not told of
	mended []string // facts of which they were told and that are in order again
}

// Send writes to the authors of what lapsed since their last letter, one letter each with all courses. What nobody can be written to
// about waits until somebody can. Where nothing changed it takes reads alone, which hold no lock.
func (a *Alerts) Send(ctx context.Context) (err error) {
	defer errs.Wrap(&err, "lapse.Send")
	current, err := a.current(ctx) // before the transaction, which no course is parsed in
	if err != nil {
		return err
	}
	var list []news
	err = a.db.View(ctx, func(tx *db.Tx) error {
		list, err = pending(ctx, tx, current)
		return err
	})
	if err != nil || len(list) == 0 {
		return err
	}
	return a.db.Update(ctx, func(tx *db.Tx) error {
		list, err := pending(ctx, tx, current) // another node may have told it meanwhile
		if err != nil {
			return err
		}
		return a.send(ctx, tx, list)
	})
}

// current returns the current version of each course.
func (a *Alerts) current(ctx context.Context) (list []*published.Course, err error) {
	entries, err := a.courses.List(ctx)
	for _, e := range entries {
		c, err := a.courses.Version(ctx, e.CurrentVersionID)
		if err != nil {
			return nil, err
		}
		list = append(list, c)
	}
	return list, err
}

// pending compares what lapsed with what authors were told.
func pending(ctx context.Context, tx *db.Tx, current []*published.Course) (list []news, err error) {
	type note struct{ CourseID, Fact, Fault string }
	notes, err := db.All[note](ctx, tx, `SELECT course_id, fact, fault FROM course_told`)
	if err != nil {
		return nil, err
	}
	for _, c := range current {
		n := news{course: c, report: Of(c.Course)}
		for _, x := range notes {
			if x.CourseID == c.ID && !slices.ContainsFunc(n.report.Facts, func(f Fact) bool { return f.ID == x.Fact }) {
				n.mended = append(n.mended, x.Fact)
			}
		}
		n.report.Facts = slices.DeleteFunc(n.report.Facts, func(f Fact) bool { return slices.Contains(notes, note{c.ID, f.ID, string(f.Fault)}) })
		if len(n.report.Facts)+len(n.mended) > 0 {
			list = append(list, n)
		}
	}
	return list, nil
}

func (a *Alerts) send(ctx context.Context, tx *db.Tx, list []news) error {
	authors, err := a.people.Holders(ctx, tx, access.CoursesWrite)
	if err != nil {
		return err
	}
	told := false
	for _, n := range list {
		for _, name := range n.mended {
			if err := db.Exec(ctx, tx, `DELETE FROM course_told WHERE course_id = ? AND fact = ?`, n.course.ID, name); err != nil {
				return err
			}
		}
		if len(authors) == 0 {
			continue
		}
		for _, f := range n.report.Facts {
			told = true
			if err := db.Exec(ctx, tx, `INSERT INTO course_told (course_id, fact, fault, told_at) VALUES (?, ?, ?, ?) ON CONFLICT (course_id, fact) DO UPDATE SET fault = excluded.fault, told_at = excluded.told_at`,
				n.course.ID, f.ID, string(f.Fault), a.clock.Now()); err != nil {
				return err
			}
		}
	}
	if !told {
		return nil
	}
	for _, author := range authors {
		if err := a.outbox.Send(ctx, tx, a.letter(author, list)); err != nil {
			return err
		}
	}
	return nil
}

// letter is in the author's language: of each course its title and page, a line for each fact, and one for each objective of which too
// few items count.
func (a *Alerts) letter(to access.Holder, list []news) mail.Message {
	p := a.catalogue.Printer(to.Lang)
	var lines []string
	for _, n := range list {
		if len(n.report.Facts) == 0 {
			continue
		}
		lines = append(lines, n.course.Title.In(p.Tag())+"\n"+a.baseURL+"/app/authoring/"+n.course.ID)
		for _, f := range n.report.Facts {
			lines = append(lines, "- "+Line(p, f)+" "+p.T("authoring.lapse.items", "Items", strings.Join(f.Items, ", ")))
		}
		for _, s := range n.report.Short {
			lines = append(lines, "- "+ShortLine(p, s))
		}
	}
	return mail.Message{Kind: "course.lapse", To: to.Mail, Lang: p.Tag(), Subject: p.T("authoring.lapse.subject"), Body: p.T("authoring.lapse.body", "Lines", strings.Join(lines, "\n\n"))}
}

// Line says what is wrong with a fact.
func Line(p *lang.Printer, f Fact) string {
	return p.T("authoring.lapse."+string(f.Fault), "Name", f.Name(p.Tag()), "Day", p.DateOf(f.ValidUntil))
}

// ShortLine says of which objective too few items count.
func ShortLine(p *lang.Printer, s Shortage) string {
	return p.T("authoring.lapse.short", "Objective", s.Objective.Text.In(p.Tag()), "Left", s.Left, "Of", s.Of)
}
