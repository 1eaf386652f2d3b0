package desk

import (
	"context"
	"slices"
	"strings"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/db"
	"ostoja/internal/errs"
	"ostoja/internal/lang"
	"ostoja/internal/mail"
	"ostoja/internal/mail/wording"
	"ostoja/internal/paper"
)

// Plan says what an act on many would do, before it is done: to whom it would write, and what; and whom it would pass over, and why.
type Plan struct {
	Due                   []Name // who is written to
	NoMail                []Name // who would be, had they an address: their letter can be printed
	Recent, Over, Blocked []Name
	Samples               []Sample
	sheets                []sheet
}

// Name is somebody of a plan.
type Name struct{ PersonID, Name string }

// Sample is a letter as one of its readers gets it, without what its link opens.
type Sample struct {
	Lang          string
	Letters       int // of this text, to others with their own names
	Subject, Body string
}

// sheet is the letter of somebody without an address.
type sheet struct {
	name, unit    string
	lang          string
	subject, body string
}

// parted are the people of a selection, by what is done about them.
type parted struct {
	due, recent, noMail, over, blocked []recipient
}

// sortOut parts people for a reminder.
func sortOut(list []recipient, now time.Time) (c parted) {
	for _, p := range list {
		switch {
		case p.Ended:
			c.over = append(c.over, p)
		case p.State == "blocked":
			c.blocked = append(c.blocked, p)
		case p.Mail == "":
			c.noMail = append(c.noMail, p)
		case !p.LastAt.IsZero() && now.Sub(p.LastAt) < Between:
			c.recent = append(c.recent, p)
		default:
			c.due = append(c.due, p)
		}
	}
	return c
}

func (p recipient) name() string { return p.GivenName + " " + p.FamilyName }

func namesOf(list []recipient) (names []Name) {
	for _, p := range list {
		names = append(names, Name{p.PersonID, p.name()})
	}
	slices.SortFunc(names, func(a, b Name) int { return strings.Compare(a.Name, b.Name) })
	return names
}

// add counts a letter among the samples; the first of its text is shown.
func (p *Plan) add(of map[string]int, text string, m mail.Message) {
	i, ok := of[text]
	if !ok {
		i = len(p.Samples)
		of[text] = i
		p.Samples = append(p.Samples, Sample{Lang: m.Lang, Subject: m.Subject, Body: mail.Shown(m.Body)})
	}
	p.Samples[i].Letters++
}

// PlanReminder says what [Service.Remind] would do now.
func (s *Service) PlanReminder(ctx context.Context, actor access.Actor, courseID string, chosen Selection) (p Plan, err error) {
	defer errs.Wrap(&err, "desk.PlanReminder(%q)", courseID)
	c, err := s.courses.One(ctx, courseID)
	if err != nil {
		return p, err
	}
	if !chosen.All && len(chosen.Enrolments) == 0 {
		return p, errs.Invalid("desk.remind.nobody")
	}
	list, err := s.recipients(ctx, actor, courseID, chosen)
	if err != nil {
		return p, err
	}
	people := sortOut(list, s.clock.Now())
	p = Plan{Due: namesOf(people.due), NoMail: namesOf(people.noMail), Recent: namesOf(people.recent), Over: namesOf(people.over), Blocked: namesOf(people.blocked)}
	of := map[string]int{}
	for _, x := range people.due {
		m := s.letter(c, x)
		text := m.Lang
		if x.Started {
			text += " begun"
		}
		p.add(of, text, m)
	}
	for _, x := range people.noMail {
		printer := s.catalogue.Printer(x.Lang)
		subject, body := letterText(printer, c, x, s.signIn())
		p.sheets = append(p.sheets, sheet{name: x.name(), lang: printer.Tag(), subject: subject, body: body})
	}
	return p, nil
}

// signIn is the address that somebody types who has no letter with a link to press.
func (s *Service) signIn() string { return s.baseURL + "/app/sign-in" }

// InvitationText is the letter that tells somebody of a course in which they were enrolled.
func InvitationText(t *lang.Printer, title, organisation, link string) (subject, body string) {
	return wording.Compose(t, wording.CourseInvitation, "Course", title, "Organisation", organisation, "Link", link)
}

// PlanEnrolment says what enrolling persons in a course would do now. Who is in it, is blocked or beyond the actor's reach is left out; with
// again, who passed is not, since they begin another round.
func (s *Service) PlanEnrolment(ctx context.Context, actor access.Actor, courseID string, personIDs []string, again bool) (p Plan, err error) {
	defer errs.Wrap(&err, "desk.PlanEnrolment(%q, %d)", courseID, len(personIDs))
	c, err := s.courses.One(ctx, courseID)
	if err != nil {
		return p, err
	}
	type row struct {
		ID, GivenName, FamilyName, UnitID, Lang string
		HasMail                                 bool
	}
	in := open
	if again {
		in += ` AND l.passed_at IS NULL`
	}
	err = s.db.View(ctx, func(tx *db.Tx) error {
		p = Plan{}
		of := map[string]int{}
		t, err := loadTree(ctx, tx)
		if err != nil {
			return err
		}
		for some := range slices.Chunk(personIDs, portion) {
			w := where{}
			w.and(`p.id IN (`+db.In(len(some))+`) AND p.state <> 'blocked' AND NOT EXISTS (SELECT 1`+in+` AND l.person_id = p.id)`, append(db.Args(some), courseID)...)
			if err := w.within(t, actor, access.DeskWrite, "", false); err != nil {
				return err
			}
			rows, err := db.All[row](ctx, tx, `SELECT p.id, p.given_name, p.family_name, p.unit_id, p.lang, p.mail IS NOT NULL AS has_mail FROM identity_person p WHERE `+w.String()+` ORDER BY p.sort_key, p.id`, w.args...)
			if err != nil {
				return err
			}
			for _, x := range rows {
				name, printer := Name{x.ID, x.GivenName + " " + x.FamilyName}, s.catalogue.Printer(x.Lang)
				link := s.signIn()
				if x.HasMail {
					link = s.baseURL + "/app/link/" + mail.TokenMark // made when the letter leaves
				}
				subject, body := InvitationText(printer, c.Title.In(printer.Tag()), t.organisation(x.UnitID).Name, link)
				if x.HasMail {
					p.Due = append(p.Due, name)
					p.add(of, printer.Tag(), mail.Message{Kind: "course.invitation", Lang: printer.Tag(), Subject: subject, Body: body})
					continue
				}
				p.NoMail = append(p.NoMail, name)
				p.sheets = append(p.sheets, sheet{name.Name, t.name(x.UnitID), printer.Tag(), subject, body})
			}
		}
		return nil
	})
	return p, err
}

// Print draws the letters of those who have no address, a sheet for each, with how they sign in, and records that it was taken away.
func (s *Service) Print(ctx context.Context, actor access.Actor, courseID string, p Plan) (pdf []byte, err error) {
	defer errs.Wrap(&err, "desk.Print(%q)", courseID)
	if len(p.sheets) == 0 {
		return nil, errs.Invalid("desk.plan.nobody-on-paper")
	}
	first := s.catalogue.Printer(p.sheets[0].lang)
	doc := paper.NewDocument(paper.About{Title: first.T("desk.plan.paper"), Lang: first.Tag(), At: s.clock.Now()})
	plain := paper.Style{Size: 12}
	for _, x := range p.sheets {
		t := s.catalogue.Printer(x.lang)
		f := doc.Flow(paper.Frame{Size: paper.Portrait, Count: func(int, int) string { return "" }})
		f.Text(paper.Paragraph, plain, printable(x.name))
		if x.unit != "" {
			f.Text(paper.Paragraph, plain, printable(x.unit))
		}
		f.Space(14)
		f.Text(paper.Heading, paper.Style{Weight: paper.Bold, Size: 18}, printable(x.subject))
		for part := range strings.SplitSeq(strings.TrimSpace(x.body), "\n\n") {
			f.Space(5)
			f.Text(paper.Paragraph, plain, printable(part))
		}
		f.Space(8)
		f.Text(paper.Subheading, paper.Style{Weight: paper.Bold, Size: 13}, t.T("desk.plan.paper-how"))
		f.Space(2)
		f.Text(paper.Paragraph, plain, t.T("desk.plan.paper-sign-in"))
		f.Close()
	}
	if pdf, err = doc.PDF(); err != nil {
		return nil, err
	}
	return pdf, s.RecordExport(ctx, actor, courseID, len(p.sheets), "pdf")
}

// printable leaves out letters that no font of ours has.
func printable(s string) string {
	missing := paper.Missing(s)
	return strings.Map(func(r rune) rune {
		if slices.Contains(missing, r) {
			return '□'
		}
		return r
	}, s)
}
