// Package app puts the house together: it opens the database, wires services and pages, serves, and shuts down. It is the
// only package that knows all areas.
//
// Goals: what one area needs of another is seen in one place (adapters.go), what follows from what in another (events.go), and what is
// done from time to time in a third (periodic.go); several programs may run on one database, so that each of these bears being done
// twice. Limits: it decides nothing. A rule that can only be written here belongs to an area that does not exist yet.
package app

import (
	"context"
	"crypto/ed25519"
	"fmt"
	"io/fs"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"ostoja/funds"
	"ostoja/indicators"
	"ostoja/internal/act"
	"ostoja/internal/act/actweb"
	"ostoja/internal/app/helpweb"
	"ostoja/internal/app/systemweb"
	"ostoja/internal/approval"
	"ostoja/internal/approval/approvalweb"
	"ostoja/internal/audit"
	"ostoja/internal/certificate"
	"ostoja/internal/certificate/certificateweb"
	"ostoja/internal/certificate/renewal"
	"ostoja/internal/certificate/renewal/renewalweb"
	"ostoja/internal/classroom"
	"ostoja/internal/classroom/attendance"
	"ostoja/internal/classroom/attendance/attendanceweb"
	"ostoja/internal/classroom/dossier"
	"ostoja/internal/classroom/dossier/dossierweb"
	"ostoja/internal/classroom/letters"
	"ostoja/internal/classroom/need"
	"ostoja/internal/classroom/need/needweb"
	"ostoja/internal/classroom/overview"
	"ostoja/internal/classroom/seat"
	"ostoja/internal/classroom/seat/seatweb"
	"ostoja/internal/classroom/teaching"
	"ostoja/internal/classroom/teaching/teachingweb"
	"ostoja/internal/clock"
	"ostoja/internal/config"
	"ostoja/internal/course/angoff"
	"ostoja/internal/course/courseweb"
	"ostoja/internal/course/indicatorfile"
	"ostoja/internal/course/lapse"
	"ostoja/internal/course/published"
	"ostoja/internal/db"
	"ostoja/internal/desk"
	"ostoja/internal/desk/deskweb"
	"ostoja/internal/desk/reminder"
	"ostoja/internal/desk/reminder/reminderweb"
	"ostoja/internal/errs"
	"ostoja/internal/event"
	"ostoja/internal/evidence"
	"ostoja/internal/evidence/evidenceweb"
	"ostoja/internal/fact"
	"ostoja/internal/finder/finderweb"
	"ostoja/internal/firstline/agreement"
	"ostoja/internal/firstline/agreement/agreementweb"
	"ostoja/internal/firstline/card"
	"ostoja/internal/firstline/card/cardweb"
	"ostoja/internal/guardian"
	"ostoja/internal/guardian/appointment"
	"ostoja/internal/guardian/candidacy"
	"ostoja/internal/guardian/complaint"
	"ostoja/internal/guardian/request"
	duty "ostoja/internal/guardian/roster"
	"ostoja/internal/guardian/support"
	"ostoja/internal/guardian/week"
	"ostoja/internal/identity"
	"ostoja/internal/identity/credential"
	"ostoja/internal/identity/duplicate"
	"ostoja/internal/identity/identityweb"
	"ostoja/internal/identity/people"
	"ostoja/internal/identity/roster"
	"ostoja/internal/indicator"
	"ostoja/internal/itembank"
	"ostoja/internal/itembank/itembankweb"
	"ostoja/internal/job"
	"ostoja/internal/keeping"
	"ostoja/internal/keeping/keepingweb"
	"ostoja/internal/keeping/owndata"
	"ostoja/internal/keeping/owndata/owndataweb"
	"ostoja/internal/laboratory"
	"ostoja/internal/laboratory/casefile"
	"ostoja/internal/laboratory/laboratoryweb"
	"ostoja/internal/lang"
	"ostoja/internal/learning"
	"ostoja/internal/learning/learningweb"
	"ostoja/internal/mail"
	"ostoja/internal/mail/mailweb"
	"ostoja/internal/mail/wording"
	"ostoja/internal/measurement"
	"ostoja/internal/measurement/measurementweb"
	"ostoja/internal/measurement/onpaper"
	"ostoja/internal/measurement/onpaper/onpaperweb"
	"ostoja/internal/measurement/results"
	"ostoja/internal/project"
	"ostoja/internal/project/fund"
	"ostoja/internal/project/fund/fundweb"
	"ostoja/internal/publication"
	"ostoja/internal/report"
	"ostoja/internal/report/freeze"
	"ostoja/internal/report/journal"
	"ostoja/internal/report/notice"
	"ostoja/internal/report/retain"
	"ostoja/internal/report/review"
	"ostoja/internal/report/spot"
	"ostoja/internal/report/year"
	"ostoja/internal/schema"
	"ostoja/internal/seal"
	"ostoja/internal/signed"
	"ostoja/internal/site"
	"ostoja/internal/site/confirmation"
	"ostoja/internal/site/confirmation/confirmationweb"
	"ostoja/internal/site/content"
	sitelapse "ostoja/internal/site/lapse"
	"ostoja/internal/site/siteweb"
	"ostoja/internal/site/siteweb/reader"
	"ostoja/internal/site/visits"
	"ostoja/internal/today"
	"ostoja/internal/today/todayweb"
	"ostoja/internal/ui/assets"
	"ostoja/internal/web"
	"ostoja/packs"
	"ostoja/translations"
)

// Options are what a caller can give the program besides its configuration.
type Options struct {
	Clock clock.Clock       // the machine's if nil
	Log   *slog.Logger      // silent if nil
	Mail  func(text string) // where mail is printed while no mail server is configured; dropped if nil
	// Sender takes the place of the configured mail server, for tests; Hasher and LinkFloor make signing in quick for them (see
	// identity.Deps).
	Sender    mail.Sender
	Hasher    *credential.Hasher
	LinkFloor time.Duration
	// Content is what [ReadContent] read; it is read anew if nil. Many programs in one process, as in tests, may share one.
	Content *Content
	// Purpose is what the public site is for; see [site.Purpose].
	Purpose site.Purpose
	// Command says that the program ends at once and serves nobody: what the country's pack brings is for who serves to show.
	Command bool
	// Observe, if set, is told of each answered request.
	Observe func(pattern string, status int, took time.Duration)
}

// App is the program, ready to serve.
type App struct {
	DB           *db.DB
	Identity     *identity.Service
	People       *people.Finder
	Roster       *roster.Service
	Duplicates   *duplicate.Service
	Courses      *published.Service
	Marks        *angoff.Service
	CourseAlerts *lapse.Alerts
	Certs        *certificate.Service
	Renewal      *renewal.Service // of certificates
	Learning     *learning.Service
	Bank         *itembank.Service
	Classroom    *classroom.Service
	Overview     *overview.Service
	Attendance   *attendance.Service
	Needs        *need.Service
	Teaching     *teaching.Service
	Trainers     *letters.Service
	Cards        *card.Service
	CardAlerts   *card.Reminders
	Agreement    *agreement.Service
	Dossier      *dossier.Service
	Keeping      *keeping.Service
	Guardians    *guardian.Service
	Requests     *request.Service // for guardians
	Candidacy    *candidacy.Service
	Appointments *appointment.Service
	Complaints   *complaint.Service
	Funds        *fund.Service // their rules
	Duty         *duty.Service
	GuardianWeek *week.Service
	Support      *support.Service // of guardians
	Laboratory   *laboratory.Service
	Seats        *seat.Service
	Measurement  *measurement.Service
	Projects     *project.Service
	Publications *publication.Service
	Reports      *report.Service
	Year         *year.Service // the office's, in figures
	Notices      *notice.Service
	Spot         *spot.Service
	Freeze       *freeze.Service  // of reports
	Journal      *journal.Service // of projects: visibility, risks, changes
	Review       *review.Service  // of projects, by reviewers of funds
	Retain       *retain.Service  // of evidence
	OwnData      *owndata.Service
	OnPaper      *onpaper.Service
	Evidence     *evidence.Service
	Desk         *desk.Service
	Reminders    *reminder.Service // by rules
	Facts        *fact.Service
	Site         *site.Service
	Visits       *visits.Service
	Alerts       *sitelapse.Alerts
	Confirmation *confirmation.Service
	Reader       *reader.Site
	Approvals    *approval.Service // of second persons
	Queue        *job.Queue
	Outbox       *mail.Outbox
	Words        *wording.Service
	Acts         *act.Service
	Mux          *web.Mux

	clock      clock.Clock
	log        *slog.Logger
	events     *event.Bus
	siteKey    ed25519.PrivateKey // signs exports of the public site
	mailServer bool               // letters leave, and are not printed
	siteOld    chan struct{}      // the public site's pages may be older than what another node changed
}

// Content is what comes in files with the program: texts of the interface, scripts and styles, the public site's folder.
type Content struct {
	zone      *time.Location
	catalogue *lang.Catalogue
	assets    *assets.Assets
	site      *content.Bundle
	pack      fs.FS      // of the country
	facts     *fact.Pack // the facts of it

	indicators indicator.List   // of trafficking, which courses name
	cases      []casefile.Case  // of the laboratory
	situations *agreement.Table // in which two people say what they would do
	guardians  *guardianContent
	funds      *fund.Shipped // rule sets of funds
}

// ReadContent reads and checks the files that come with the program, or that its configuration names.
func ReadContent(c *config.Config) (_ *Content, err error) {
	defer errs.Wrap(&err, "app.ReadContent")
	zone, err := c.Location()
	if err != nil {
		return nil, err
	}
	catalogue, err := lang.Load(translations.FS, zone)
	if err != nil {
		return nil, err
	}
	built, err := assets.Load()
	if err != nil {
		return nil, err
	}
	pack, err := packs.Open(c.Pack)
	if err != nil {
		return nil, err
	}
	facts, err := fact.ReadPack(pack)
	if err != nil {
		return nil, err
	}
	known, err := indicatorfile.Load(indicators.Folder)
	if err != nil {
		return nil, err
	}
	cases, err := readCases(known)
	if err != nil {
		return nil, err
	}
	bundle, err := content.ReadBundle(siteFolder(c.Site), facts, zone)
	if err != nil {
		return nil, err
	}
	situations, err := takeKit(c, bundle, known, zone)
	if err != nil {
		return nil, err
	}
	guardians, err := readGuardians()
	if err != nil {
		return nil, err
	}
	rules, err := fund.ReadShipped(funds.Files)
	if err != nil {
		return nil, err
	}
	return &Content{zone, catalogue, built, bundle, pack, facts, known, cases, situations, guardians, rules}, nil
}

// New wires the program upon an open, migrated database.
func New(ctx context.Context, c *config.Config, d *db.DB, o Options) (_ *App, err error) {
	defer errs.Wrap(&err, "app.New")
	if o.Clock == nil {
		o.Clock = clock.System{}
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Content == nil {
		if o.Content, err = ReadContent(c); err != nil {
			return nil, err
		}
	}
	mine := *o.Content
	mine.catalogue = mine.catalogue.Apart() // the office's own words are of this database
	o.Content = &mine
	zone, catalogue := mine.zone, mine.catalogue
	key, err := installationKey(ctx, d)
	if err != nil {
		return nil, err
	}
	sender, err := mailSender(c, o)
	if err != nil {
		return nil, err
	}
	a := &App{DB: d, clock: o.Clock, log: o.Log, events: event.New(), Queue: job.New(d, o.Clock, o.Log), siteOld: make(chan struct{}, 1)}
	a.Outbox = mail.NewOutbox(d, o.Clock, a.Queue, sender)
	a.Acts = act.New(d, o.Clock, a.Outbox)
	a.Identity = identity.New(identity.Deps{DB: d, Clock: o.Clock, Key: key, Outbox: a.Outbox, Catalogue: catalogue, BaseURL: c.BaseURL, Hasher: o.Hasher, LinkFloor: o.LinkFloor})
	a.Words = wording.New(wording.Deps{DB: d, Clock: o.Clock, Outbox: a.Outbox, Catalogue: catalogue, BaseURL: c.BaseURL, Log: o.Log, Address: a.addressOf})
	if err := a.Words.Refresh(ctx); err != nil {
		return nil, err
	}
	a.Approvals = approval.New(approval.Deps{DB: d, Clock: o.Clock, People: a.Identity, Outbox: a.Outbox, Queue: a.Queue, Catalogue: catalogue, BaseURL: c.BaseURL})
	a.People = people.NewFinder(d, o.Clock)
	a.Roster = roster.New(d, o.Clock, catalogue, a.Identity, a.Queue)
	a.Duplicates = duplicate.New(d, o.Clock)
	a.Courses = published.New(d, o.Clock, a.events)
	a.Courses.Knowing(o.Content.indicators)
	a.Marks = angoff.NewService(d, o.Clock, a.Courses)
	a.CourseAlerts = lapse.NewAlerts(d, o.Clock, a.Courses, a.Identity, a.Outbox, catalogue, c.BaseURL)
	a.Certs = certificate.New(d, o.Clock, zone)
	a.Learning = learning.New(learning.Deps{
		DB: d, Clock: o.Clock, Courses: a.Courses, People: participants{a.Identity}, Certs: a.Certs, Outbox: a.Outbox,
		Inviter: inviter{a.Identity, catalogue}, Events: a.events, Issuer: c.Issuer, Acts: a.Acts,
	})
	a.Bank = itembank.New(d, o.Clock, results.Difficulty, a.events)
	a.Keeping = keeping.New(d, o.Clock)
	a.Classroom = classroom.New(classroom.Deps{DB: d, Clock: o.Clock, Zone: zone, Events: a.events})
	a.Trainers = letters.New(letters.Deps{Clock: o.Clock, Outbox: a.Outbox, Catalogue: catalogue, BaseURL: c.BaseURL, Organizer: c.MailFrom})
	a.Overview = overview.New(d, o.Clock)
	a.Attendance = attendance.New(d, o.Clock, zone, a.Keeping)
	a.Laboratory = laboratory.New(laboratory.Deps{
		DB: d, Clock: o.Clock, Cases: o.Content.cases, Keeping: a.Keeping, Sessions: halves{a.Attendance}.today, Outbox: a.Outbox, Catalogue: catalogue, Key: key, BaseURL: c.BaseURL,
	})
	a.Needs = need.New(d, o.Clock, a.Keeping)
	a.Teaching = teaching.New(d, o.Clock, a.Keeping)
	a.Cards = card.New(d, o.Clock)
	if err := a.openGuardians(c, zone, catalogue, key, o); err != nil {
		return nil, err
	}
	a.Funds = fund.New(d, o.Clock, o.Content.funds)
	if !o.Command {
		if err := a.Funds.Start(ctx); err != nil {
			return nil, err
		}
	}
	a.Agreement = agreement.New(d, o.Clock, a.Keeping, o.Content.situations)
	a.CardAlerts = card.NewReminders(d, o.Clock, a.Identity, a.Outbox, catalogue, c.BaseURL)
	a.Seats = seat.New(seat.Deps{
		DB: d, Clock: o.Clock, Zone: zone, Events: a.events, Trainings: a.Classroom, People: attendants{a.Identity}, Outbox: a.Outbox, Queue: a.Queue, Keeping: a.Keeping,
		Catalogue: catalogue, BaseURL: c.BaseURL, Organizer: c.MailFrom, Enrol: a.Learning.EnrolQuietly, Dates: a.datesOf(c.BaseURL, zone),
	})
	known := measured{a.Courses, a.Learning, a.Classroom}
	a.Measurement = measurement.New(measurement.Deps{
		DB: d, Clock: o.Clock, Zone: zone, People: subjects{a.Identity}, Courses: known, Measured: known, Bank: a.Bank, Outbox: a.Outbox,
		Catalogue: catalogue, BaseURL: c.BaseURL,
	})
	a.OnPaper = onpaper.New(d, o.Clock, a.Measurement, tries{&credential.Throttle{Clock: o.Clock, Key: key}})
	a.Evidence = evidence.New(d, zone, a.Identity, a.Measurement, a.Bank)
	a.openProjects(zone, c.BaseURL, catalogue)
	a.openFreeze(zone, catalogue, key)
	a.openReview(c, zone, catalogue, o)
	a.openOwnData(catalogue, c.BaseURL)
	a.Dossier = dossier.New(dossier.Deps{
		DB: d, Clock: o.Clock, Trainings: a.Classroom, Programmes: agendas{a.Courses}, Evaluations: evaluations{a.Measurement, a.Evidence, a.Bank, d, catalogue},
		Certs: a.Certs, Hours: a.Attendance, Issuer: c.Issuer,
	})
	a.Desk = desk.New(desk.Deps{DB: d, Clock: o.Clock, Zone: zone, Courses: desk.CoursesOf(a.Courses), Rounds: a.Learning, Outbox: a.Outbox, Catalogue: catalogue, BaseURL: c.BaseURL, Acts: a.Acts})
	a.Renewal = renewal.New(renewal.Deps{DB: d, Clock: o.Clock, Zone: zone, People: a.Identity, Keeping: a.Keeping, Outbox: a.Outbox, Catalogue: catalogue, BaseURL: c.BaseURL})
	a.Reminders = reminder.New(reminder.Deps{
		DB: d, Clock: o.Clock, Zone: zone, Keeping: a.Keeping, Title: a.Courses.TitleIn, Rounds: a.Learning, Outbox: a.Outbox, Catalogue: catalogue, BaseURL: c.BaseURL,
	})
	a.siteKey = signed.Key(key.Derive("site export"))
	if err := a.openSite(ctx, c, d, key, o); err != nil {
		return nil, err
	}
	a.mailServer = c.SMTP != "" || o.Sender != nil
	a.Outbox.Watch(a.noteMail)
	a.Outbox.Tokens(identity.TokenKind, a.Identity.MakeToken)
	a.Outbox.Untoken(identity.TokenKind, a.Identity.DropToken)
	a.Outbox.Tokens(measurement.TokenKind, a.Measurement.MakeToken)
	a.Outbox.Tokens(seat.TokenKind, a.Seats.MakeToken)
	a.Outbox.Tokens(confirmation.TokenKind, a.Confirmation.MakeToken)
	a.follow()
	d.OnNotice(siteTopic, a.siteChanged)
	a.Queue.Every(a.periodic()...)
	pages := &web.Site{
		Catalogue: catalogue, Sessions: identityweb.Sessions(a.Identity), Key: key, Clock: o.Clock, Log: o.Log, Assets: o.Content.assets, BaseURL: c.BaseURL, ContentURL: c.ContentURL, Observe: o.Observe,
		Front: a.Reader.Serve, Missing: a.Reader.Missing,
	}
	a.Mux = web.NewMux(pages)
	return a, a.routes(ctx, c, pages, o.Content.assets, o.Content.indicators)
}

// routes registers the pages of all areas.
func (a *App) routes(ctx context.Context, c *config.Config, site *web.Site, built *assets.Assets, noticed indicator.List) error {
	_, newest, err := a.DB.SchemaVersion(ctx, schema.FS)
	if err != nil {
		return err
	}
	certificates := certificateweb.New(site, a.Certs)
	deskPages := deskweb.New(deskweb.Deps{Site: site, Service: a.Desk, Enroller: a.Learning, Withdrawer: a.Learning, Mover: a.Learning, Acts: a.Acts})
	persons := identityweb.New(identityweb.Deps{
		Site: site, Service: a.Identity, People: a.People, Roster: a.Roster, Duplicates: a.Duplicates, Audit: audit.NewService(a.DB), BehindProxy: c.BehindProxy,
		Own: a.ownPages, Courses: a.enrolling, Sections: []identityweb.Section{deskPages.PersonSection, certificates.PersonSection},
	})
	site.SignInPage = persons.SignInPage
	persons.Routes(a.Mux)
	certificates.Routes(a.Mux)
	(&renewalweb.Pages{Site: site, Service: a.Renewal}).Routes(a.Mux)
	deskPages.Routes(a.Mux)
	notices := a.projectPages(site)
	player := learningweb.New(site, a.Learning, a.Courses, tasksOf(a))
	rules := &reminderweb.Pages{Site: site, Service: a.Reminders, Desk: a.Desk}
	rules.Routes(a.Mux)
	player.Above, player.Below = notices.Tasks, rules.Below
	player.Routes(a.Mux)
	courseweb.New(site, a.Courses, a.Marks).Routes(a.Mux)
	itembankweb.New(itembankweb.Deps{Site: site, Service: a.Bank, Courses: a.Courses, Names: a.Identity.Names, Approvals: a.Approvals}).Routes(a.Mux)
	trainings := a.trainingPages(site)
	trainings.Routes(a.Mux)
	(&seatweb.Pages{Site: site, Service: a.Seats, Trainings: trainings, Tasks: testsIn(a), Above: notices.Tasks}).Routes(a.Mux)
	(&needweb.Pages{Site: site, Service: a.Needs}).Routes(a.Mux)
	(&teachingweb.Pages{Site: site, Service: a.Teaching}).Routes(a.Mux)
	(&cardweb.Pages{Site: site, Service: a.Cards}).Routes(a.Mux)
	(&agreementweb.Pages{Site: site, Service: a.Agreement}).Routes(a.Mux)
	(&dossierweb.Pages{Site: site, Service: a.Dossier, Trainings: trainings}).Routes(a.Mux)
	(&keepingweb.Pages{Service: a.Keeping}).Routes(a.Mux)
	(&owndataweb.Pages{Site: site, Service: a.OwnData}).Routes(a.Mux)
	laboratoryweb.New(site, a.Laboratory, noticed).Routes(a.Mux)
	a.guardianPages(site, persons.Network)
	(&todayweb.Pages{Site: site, Service: today.New(today.Deps{Log: a.log, Visited: a.visited, Parts: a.today()}), Letter: a.letterToOneself(site.Catalogue)}).Routes(a.Mux)
	(&fundweb.Pages{Site: site, Service: a.Funds}).Routes(a.Mux)
	sheets := onpaperweb.New(site, a.OnPaper, a.Measurement)
	sheets.Routes(a.Mux)
	evidencePages := &evidenceweb.Pages{Site: site, Service: a.Evidence, Bank: a.Bank, Measurements: a.Measurement, KitUse: kitUse(a)}
	sittings := measurementweb.New(measurementweb.Deps{
		Site: site, Service: a.Measurement, Bank: a.Bank, Courses: a.Courses, Units: unitsOf(a.Desk), Candidates: candidatesOf(a.People),
		Trainings: trainingsOf(a.Classroom, trainings, a.Measurement.Zone()), Paper: sheets.Part,
		Needed: evidencePages.Needed,
	})
	sittings.Routes(a.Mux)
	evidencePages.Routes(a.Mux)
	attendanceweb.New(site, a.Attendance, foundAmong(a.People), testsIn(a), rowOf(a, persons, sittings)).Routes(a.Mux)
	system := &systemweb.Pages{Site: site, Queue: a.Queue, Outbox: a.Outbox, Version: Version, Schema: newest, Ready: a.ready}
	system.Routes(a.Mux)
	helping, err := helpweb.New(site, &helpweb.Offices{DB: a.DB, Clock: site.Clock})
	if err != nil {
		return err
	}
	site.Help = helpweb.Of
	helping.Routes(a.Mux)
	(&mailweb.Pages{Site: site, Outbox: a.Outbox, Words: a.Words, Names: a.Identity.Names}).Routes(a.Mux)
	(&actweb.Pages{Site: site, Service: a.Acts}).Routes(a.Mux)
	(&finderweb.Pages{Site: site, Finder: a.search()}).Routes(a.Mux)
	a.Reader.Routes(a.Mux)
	(&siteweb.Pages{Site: site, Service: a.Site, Visits: a.Visits, Facts: a.Facts, Reader: a.Reader, Names: a.Identity.Names, Approvals: a.Approvals}).Routes(a.Mux)
	(&approvalweb.Pages{Site: site, Service: a.Approvals, Clock: a.clock}).Routes(a.Mux)
	confirmationweb.New(site, a.Confirmation).Routes(a.Mux)
	a.Mux.HandleStatic("GET /assets/{name}", built)
	return nil
}

// Handler returns the program as one handler.
func (a *App) Handler() (http.Handler, error) { return a.Mux.Handler() }

// ready says whether requests can be served: the database answers, and its schema is the one that this program knows.
func (a *App) ready(ctx context.Context) error {
	current, newest, err := a.DB.SchemaVersion(ctx, schema.FS)
	if err == nil && current != newest {
		err = fmt.Errorf("the schema is at %d, the program at %d", current, newest)
	}
	if err == nil && a.DB.Trouble() != nil { // the last write failed: whether the next one would is best asked by one
		err = a.tryToWrite(ctx)
	}
	return err
}

// tryToWrite writes something that needs space, and takes it away again.
func (a *App) tryToWrite(ctx context.Context) error {
	const name, size = "probe", 64 << 10
	return a.DB.Update(ctx, func(tx *db.Tx) error {
		if err := db.Exec(ctx, tx, `INSERT INTO setting (name, value) VALUES (?, ?) ON CONFLICT (name) DO NOTHING`, name, strings.Repeat("0", size)); err != nil {
			return err
		}
		return db.Exec(ctx, tx, `DELETE FROM setting WHERE name = ?`, name)
	})
}

func mailSender(c *config.Config, o Options) (mail.Sender, error) {
	switch {
	case o.Sender != nil:
		return o.Sender, nil
	case c.SMTP != "":
		return mail.NewSMTP(c.SMTP, c.MailFrom)
	case o.Mail == nil:
		return mail.LogSender{Print: func(string) {}}, nil
	}
	return mail.LogSender{Print: o.Mail}, nil
}

// installationKey returns the installation's secret, which the first start makes. It is kept in the database, so that
// several nodes share it and a backup holds it.
func installationKey(ctx context.Context, d *db.DB) (key seal.Key, err error) {
	defer errs.Wrap(&err, "installation key")
	err = d.Update(ctx, func(tx *db.Tx) error {
		if err := db.Exec(ctx, tx, `INSERT INTO setting (name, value) VALUES ('key', ?) ON CONFLICT (name) DO NOTHING`, seal.NewKey().String()); err != nil {
			return err
		}
		text, err := db.One[string](ctx, tx, `SELECT value FROM setting WHERE name = 'key'`)
		if err != nil {
			return err
		}
		key, err = seal.ParseKey(text)
		return err
	})
	return key, err
}
