package access

// Need is what a route asks of the person who calls it.
type Need struct {
	kind       needKind
	permission Permission
	host       Host
}

// Host is where a route stands. Nothing is answered at another: what somebody uploaded to be run in a browser must never meet the
// program's cookies, pages or origin (decision 0028).
type Host int

// The hosts.
const (
	ProgramHost Host = iota // the program's own, which people type
	ContentHost             // the content origin, for what runs scripts that are not ours; it has no session and no cookie
	AnyHost                 // whatever the request calls us: probes come by a machine's address
)

type needKind int

const (
	needNobody     needKind = iota // a route that is not in the table: refused
	needNothing                    // open to the world; no session is read, and no cookie set but one confined to the page that a secret opens
	needAnyone                     // application pages before sign-in
	needSignedIn                   // any signed-in person, for what is their own
	needPermission                 // a signed-in person with the permission somewhere
)

var (
	nothing  = Need{kind: needNothing}
	anyone   = Need{kind: needAnyone}
	signedIn = Need{kind: needSignedIn}
)

func with(p Permission) Need { return Need{kind: needPermission, permission: p} }

// On returns the need of a route that stands at another host than the program's own.
func (n Need) On(h Host) Need {
	n.host = h
	return n
}

// Host says at which host the route stands.
func (n Need) Host() Host { return n.host }

// Open says whether the route asks for no sign-in.
func (n Need) Open() bool { return n.kind == needNothing || n.kind == needAnyone }

// Public says whether the route belongs to the world outside the application: no session is read and no cookie is set.
func (n Need) Public() bool { return n.kind == needNothing }

// Known says whether the route is in the table.
func (n Need) Known() bool { return n.kind != needNobody }

// Permission returns the permission that the route asks for, "" if none.
func (n Need) Permission() Permission { return n.permission }

// MetBy says whether a signed-in actor meets the need. What the actor may see on the page is decided row by row with
// [Actor.May] and [Actor.Within].
func (n Need) MetBy(a Actor) bool {
	switch n.kind {
	case needNothing, needAnyone:
		return true
	case needSignedIn:
		return a.PersonID != ""
	case needPermission:
		return a.PersonID != "" && a.Has(n.permission)
	}
	return false
}

// NeedOf returns what the route with this pattern asks. A pattern that is not in [Routes] asks what nobody has.
func NeedOf(pattern string) Need { return Routes[pattern] }

// Routes is the table of all routes, of which two areas have files of their own. Who builds a route writes its line there, states in
// testdata/routes.txt who opens it, and writes a test of who is refused. Reading and changing are lines of their own, for they ask different rights: GET changes
// nothing (RFC 9110, section 9.2.1), so that a link in a mail or a scanner that follows it does no harm.
var Routes = together(programRoutes, publicationRoutes, guardianRoutes)

// together makes one table of several. A route that two of them name would be decided by chance.
func together(tables ...map[string]Need) map[string]Need {
	all := map[string]Need{}
	for _, t := range tables {
		for pattern, need := range t {
			if _, twice := all[pattern]; twice {
				panic("access: two tables name " + pattern)
			}
			all[pattern] = need
		}
	}
	return all
}

var programRoutes = map[string]Need{
	// The world.
	"GET /{$}":           nothing, // picks the language of the public site
	"GET /healthz":       nothing.On(AnyHost),
	"GET /readyz":        nothing.On(AnyHost),
	"GET /assets/{name}": nothing,
	"GET /verify":        nothing, // type in a certificate's code
	"GET /verify/{code}": nothing,
	// A service answers whether its entry in the directory is right, by a letter's link. A page with buttons: scanners that follow links use nothing up.
	"GET /confirm/{token}":  nothing,
	"POST /confirm/{token}": nothing,
	// A reviewer of a fund reads a project, by a letter's link and a code that only their address is sent. The one cookie is confined to /review/, for a browser that showed a code.
	"GET /review/{token}":                   nothing,
	"POST /review/{token}":                  nothing,
	"GET /review/{token}/proofs/{entry}":    nothing,
	"GET /review/{token}/packages/{report}": nothing,
	"GET /robots.txt":                       nothing,
	"GET /favicon.ico":                      nothing,

	// The public site.
	"GET /exit":                nothing, // a blank page on the way out
	"GET /files/{hash}/{name}": nothing, // of publications
	"GET /{lang}":              nothing, // leads to the home page
	"GET /{lang}/{page...}":    nothing,
	"POST /{lang}/{page...}":   nothing, // search

	// Signing in.
	"GET /app/sign-in":         anyone,
	"POST /app/sign-in":        anyone,
	"POST /app/sign-in/link":   anyone, // ask for a one-time link by mail
	"GET /app/link/{token}":    anyone, // a page with a button: mail scanners that follow links must not use it up
	"POST /app/link/{token}":   anyone,
	"GET /app/set-up/{token}":  anyone, // first administrator of an empty installation
	"POST /app/set-up/{token}": anyone,
	"POST /app/sign-out":       anyone,
	"POST /app/language":       anyone,
	"GET /app/help":            anyone, // who cannot sign in needs it most
	"GET /app/help/{topic}":    anyone,
	"GET /app/office":          anyone,
	"GET /app/privacy":         anyone,
	"GET /app/accessibility":   anyone,
	"GET /app/office/edit":     with(SystemOperate),
	"POST /app/office/edit":    with(SystemOperate),
	"GET /app/{$}":             signedIn,
	"GET /app/today":           with(Work), // the first page of every role; learners begin at their courses
	// What was done to many, by who did it: who else may undo it is decided by the act's kind.
	"GET /app/acts/{act}":                     signedIn,
	"POST /app/acts/{act}/undo":               signedIn,
	"POST /app/acts/{act}/send":               signedIn,
	"POST /app/today/letter":                  with(SystemOperate), // a letter to oneself
	"GET /app/find":                           signedIn,            // each area answers with the asker's own rights
	"POST /app/find":                          signedIn,
	"POST /app/find/quick":                    signedIn,
	"POST /app/find/list":                     signedIn,
	"POST /app/find/keys":                     signedIn,
	"GET /app/account":                        signedIn,
	"POST /app/account":                       signedIn,
	"POST /app/account/password":              signedIn,
	"POST /app/account/session/end":           signedIn,
	"GET /app/account/data":                   signedIn, // all that is kept about oneself
	"POST /app/account/data":                  signedIn, // what one asks of it
	"GET /app/account/data.json":              signedIn,
	"GET /app/account/data.txt":               signedIn,
	"GET /app/data-requests":                  with(PeopleWrite),
	"POST /app/data-requests":                 with(PeopleWrite),
	"GET /app/data-requests/{request}/erase":  with(PeopleWrite),
	"POST /app/data-requests/{request}/erase": with(PeopleWrite),
	"GET /app/account/kept":                   signedIn, // what is kept about oneself, and until when

	// Trainings in a room: one's own.
	"GET /app/my-trainings/{training}/needs":  signedIn,
	"POST /app/my-trainings/{training}/needs": signedIn,
	// Trainings in a room: who arranges or teaches them.
	"GET /app/trainings/{training}/papers":         with(Attendance), // of those, who keeps the roll prints what the hall needs
	"GET /app/trainings/{training}/papers/file":    with(Attendance),
	"GET /app/trainings/{training}/papers/notice":  with(TrainingsWrite),
	"POST /app/trainings/{training}/papers/notice": with(TrainingsWrite),
	"GET /app/trainings/{training}/certificates":   with(TrainingsWrite),
	"POST /app/trainings/{training}/certificates":  with(TrainingsWrite),
	"GET /app/my-trainings/{training}/notice":      signedIn,
	"POST /app/my-trainings/{training}/notice":     signedIn,
	// Contact cards. Everybody signed in reads those of their own units, and what others share; of the rest, only who keeps the unit's part of the site.

	"GET /app/contacts":                 signedIn,
	"GET /app/contacts/{unit}":          signedIn,
	"GET /app/contacts/{unit}/edit":     with(SiteWrite),
	"POST /app/contacts/{unit}/edit":    with(SiteWrite),
	"POST /app/contacts/{unit}/checked": with(SiteWrite),
	"GET /app/contacts/{unit}/remove":   with(SiteWrite),
	"POST /app/contacts/{unit}/remove":  with(SiteWrite),
	// Do two people agree on the first-line kit's twenty situations? Of those who may write the site, the two of a round and who keeps the unit's part.
	"GET /app/agreement":                              with(SiteWrite),
	"POST /app/agreement":                             with(SiteWrite),
	"GET /app/agreement/{round}":                      with(SiteWrite),
	"POST /app/agreement/{round}/join":                with(SiteWrite),
	"GET /app/agreement/{round}/situations/{number}":  with(SiteWrite), // of those, only the two, each their own
	"POST /app/agreement/{round}/situations/{number}": with(SiteWrite),
	"POST /app/agreement/{round}/finish":              with(SiteWrite),
	"GET /app/agreement/{round}/result":               with(SiteWrite), // once both are done
	"GET /app/agreement/{round}/result/{file}":        with(SiteWrite),
	"GET /app/agreement/{round}/remove":               with(SiteWrite), // of those, only the two
	"POST /app/agreement/{round}/remove":              with(SiteWrite),

	"GET /app/teaching":                              with(TrainingsRead), // one's own record of teaching
	"GET /app/teaching/sessions/{session}/{person}":  with(TrainingsRead), // of those, only who was there or arranges it
	"POST /app/teaching/sessions/{session}/{person}": with(TrainingsRead),
	"GET /app/teaching/observations/{observation}":   with(TrainingsRead), // of those, only the two it is about and who arranges it
	"POST /app/teaching/observations/{observation}":  with(TrainingsRead),
	"GET /app/trainings/{training}/needs":            with(TrainingsRead), // of those, only who arranges or teaches it

	// Learning.
	"GET /app/courses":                                       with(Learn),
	"GET /app/courses/{course}":                              with(Learn),
	"POST /app/courses/{course}/enrol":                       with(Learn),
	"POST /app/courses/{course}/again":                       with(Learn), // a new round after a pass
	"GET /app/learn/{enrolment}":                             with(Learn),
	"POST /app/learn/{enrolment}/language":                   with(Learn),
	"POST /app/reminders/{enrolment}":                        with(Learn),
	"GET /app/learn/{enrolment}/finish":                      with(Learn), // why am I not finished?
	"GET /app/learn/{enrolment}/lesson/{lesson}":             with(Learn),
	"POST /app/learn/{enrolment}/lesson/{lesson}":            with(Learn), // done, go on
	"POST /app/learn/{enrolment}/lesson/{lesson}/check":      with(Learn),
	"GET /app/learn/{enrolment}/scenario/{scenario}":         with(Learn),
	"POST /app/learn/{enrolment}/scenario/{scenario}/choose": with(Learn),
	"POST /app/learn/{enrolment}/scenario/{scenario}/again":  with(Learn),
	"GET /app/learn/{enrolment}/test":                        with(Learn),
	"POST /app/learn/{enrolment}/test":                       with(Learn), // begin an attempt
	"GET /app/learn/{enrolment}/test/{attempt}":              with(Learn),
	"POST /app/learn/{enrolment}/test/{attempt}":             with(Learn), // save, or save and submit
	"GET /app/learn/{enrolment}/test/{attempt}/result":       with(Learn),
	"GET /app/media/{version}/{name...}":                     signedIn,
	"GET /app/certificates":                                  with(Learn),
	"GET /app/certificates/{certificate}/pdf":                signedIn, // the holder, or who may read the person
	"GET /app/certificates/{certificate}/spelling":           signedIn, // the holder, or who may correct the person
	"POST /app/certificates/{certificate}/spelling":          signedIn,

	// People.
	"GET /app/people":                       with(PeopleRead),
	"GET /app/people/export.xlsx":           with(PeopleRead),
	"GET /app/people/export.csv":            with(PeopleRead),
	"GET /app/people/new":                   with(PeopleWrite),
	"POST /app/people/new":                  with(PeopleWrite),
	"GET /app/people/duplicates":            with(PeopleWrite),
	"POST /app/people/duplicates":           with(PeopleWrite), // of two accounts within reach
	"GET /app/people/import":                with(PeopleWrite),
	"POST /app/people/import":               with(PeopleWrite), // preview
	"POST /app/people/import/reading":       with(PeopleWrite),
	"POST /app/people/import/confirm":       with(PeopleWrite),
	"GET /app/people/import/example.xlsx":   with(PeopleWrite),
	"GET /app/people/import/example.csv":    with(PeopleWrite),
	"GET /app/people/import/bad.xlsx":       with(PeopleWrite), // of the reader's own preview
	"GET /app/people/import/bad.csv":        with(PeopleWrite),
	"GET /app/people/{person}":              with(PeopleRead),
	"GET /app/people/{person}/edit":         with(PeopleWrite),
	"POST /app/people/{person}/edit":        with(PeopleWrite),
	"POST /app/people/{person}/invite":      with(PeopleWrite),
	"POST /app/people/{person}/block":       with(PeopleWrite),
	"POST /app/people/{person}/unblock":     with(PeopleWrite),
	"POST /app/people/{person}/roles":       with(RolesGrant),
	"POST /app/people/{person}/roles/take":  with(RolesGrant),
	"GET /app/organisations":                with(PeopleRead),
	"POST /app/organisations":               with(UnitsWrite),
	"GET /app/organisations/{unit}":         with(PeopleRead),
	"POST /app/organisations/{unit}":        with(UnitsWrite), // rename, code, region
	"POST /app/organisations/{unit}/units":  with(UnitsWrite), // a unit below
	"POST /app/organisations/{unit}/delete": with(UnitsWrite), // only an empty one

	// The coordinator's desk.
	"GET /app/desk":                                with(DeskRead),
	"GET /app/desk/{course}":                       with(DeskRead),
	"GET /app/desk/{course}/people":                with(DeskRead),
	"GET /app/desk/{course}/stories":               with(DeskRead), // sums of many, nobody's way
	"GET /app/desk/{course}/export/{file}":         with(DeskRead), // people.xlsx, months.csv …
	"GET /app/desk/{course}/enrol":                 with(DeskWrite),
	"POST /app/desk/{course}/enrol":                with(DeskWrite),
	"POST /app/desk/{course}/letters":              with(DeskWrite), // what an act would send; it sends nothing
	"POST /app/desk/{course}/paper":                with(DeskWrite),
	"POST /app/desk/{course}/remind":               with(DeskWrite),
	"POST /app/desk/{course}/due":                  with(DeskWrite),
	"POST /app/desk/{course}/hush":                 with(DeskWrite),
	"GET /app/desk/{course}/reminders":             with(DeskWrite), // rules, and to whom they would write
	"POST /app/desk/{course}/reminders":            with(DeskWrite),
	"GET /app/desk/{course}/reminders/new":         with(DeskWrite),
	"GET /app/desk/{course}/reminders/{rule}":      with(DeskWrite),
	"POST /app/desk/{course}/reminders/{rule}":     with(DeskWrite),
	"POST /app/desk/{course}/move":                 with(DeskWrite), // to the current version
	"POST /app/desk/{course}/withdraw/{enrolment}": with(DeskWrite),
	"POST /app/desk/{course}/restore/{enrolment}":  with(DeskWrite), // undo of withdraw
	"GET /app/certificates/ending":                 with(DeskRead),  // of people within reach
	"GET /app/certificates/{certificate}/revoke":   with(Revoke),
	"POST /app/certificates/{certificate}/revoke":  with(Revoke),

	// Competence tests, for who sits them: by the single-use link of a letter, or from their course.
	"GET /app/s/{token}":           anyone, // a page with a button: mail scanners that follow links must not use it up
	"POST /app/s/{token}":          anyone,
	"POST /app/s/{token}/again":    anyone, // a new link, to the address of the first
	"GET /app/sitting":             anyone, // with the key that the link gave
	"POST /app/sitting":            anyone,
	"GET /app/sitting/done":        anyone,
	"GET /app/sitting/evaluation":  anyone,
	"POST /app/sitting/evaluation": anyone,
	"POST /app/sittings/{sitting}": with(Learn), // one's own

	// Evidence of learning.
	"GET /app/evidence":                                                         with(EvidenceRead),
	"GET /app/evidence/how":                                                     with(EvidenceRead),
	"GET /app/evidence/export/{file}":                                           with(EvidenceRead),
	"GET /app/evidence/tests/{family}":                                          with(EvidenceRead),
	"GET /app/evidence/tests/{family}/export/{file}":                            with(EvidenceRead),
	"GET /app/evidence/attach":                                                  with(Measure),
	"POST /app/evidence/attach":                                                 with(Measure),
	"GET /app/evidence/measurements/{measurement}":                              with(EvidenceRead),
	"GET /app/evidence/measurements/{measurement}/evaluation/{file}":            with(EvidenceRead),
	"POST /app/evidence/measurements/{measurement}/close":                       with(Measure),
	"POST /app/evidence/measurements/{measurement}/announce":                    with(Measure),
	"GET /app/evidence/measurements/{measurement}/edit":                         with(Measure),
	"POST /app/evidence/measurements/{measurement}/edit":                        with(Measure),
	"GET /app/evidence/measurements/{measurement}/people":                       with(Measure),
	"GET /app/evidence/measurements/{measurement}/people/export/{file}":         with(Measure),
	"POST /app/evidence/measurements/{measurement}/people/{participant}":        with(Measure),
	"GET /app/evidence/measurements/{measurement}/participants":                 with(Measure),
	"POST /app/evidence/measurements/{measurement}/participants":                with(Measure),
	"GET /app/evidence/measurements/{measurement}/paper":                        with(Measure),
	"POST /app/evidence/measurements/{measurement}/paper/{wave}":                with(Measure),
	"GET /app/evidence/measurements/{measurement}/paper/{wave}/print":           with(Measure),
	"GET /app/evidence/measurements/{measurement}/paper/{wave}/codes":           with(Measure),
	"GET /app/evidence/measurements/{measurement}/paper/{wave}/type":            with(Measure),
	"POST /app/evidence/measurements/{measurement}/paper/{wave}/type":           with(Measure),
	"GET /app/evidence/measurements/{measurement}/paper/{wave}/second":          with(Measure),
	"POST /app/evidence/measurements/{measurement}/paper/{wave}/second":         with(Measure),
	"POST /app/evidence/measurements/{measurement}/paper/{wave}/draw":           with(Measure),
	"GET /app/evidence/measurements/{measurement}/paper/{wave}/settle":          with(Measure),
	"POST /app/evidence/measurements/{measurement}/paper/{wave}/settle":         with(Measure),
	"POST /app/evidence/measurements/{measurement}/paper/{wave}/discard":        with(Measure),
	"GET /app/evidence/measurements/{measurement}/paper/{wave}/sheets/{sheet}":  with(Measure),
	"POST /app/evidence/measurements/{measurement}/paper/{wave}/sheets/{sheet}": with(Measure),
	"GET /app/evidence/measurements/{measurement}/paper/{wave}/export/{file}":   with(Measure),
	"GET /app/evidence/measurements/{measurement}/paper/evaluation/print":       with(Measure),
	"GET /app/evidence/measurements/{measurement}/paper/evaluation/type":        with(Measure),
	"POST /app/evidence/measurements/{measurement}/paper/evaluation/type":       with(Measure),
	"POST /app/evidence/measurements/{measurement}/paper/evaluation/undo":       with(Measure),

	// Classroom trainings. What may be done in one hangs on its unit, or on teaching in it.
	// Seats: one's own, by a letter's link, and those of a list that somebody keeps.
	"GET /app/my-trainings":                                   signedIn,
	"POST /app/my-trainings":                                  signedIn,
	"GET /app/my-trainings/{training}":                        signedIn,
	"POST /app/my-trainings/{training}":                       signedIn,
	"GET /app/l/{token}":                                      anyone, // a page with a button: mail scanners that follow links must not use it up
	"POST /app/l/{token}":                                     anyone,
	"GET /app/my-places":                                      signedIn, // of those, only units whose people one answers for
	"GET /app/my-places/{training}/{unit}":                    signedIn,
	"POST /app/my-places/{training}/{unit}":                   signedIn,
	"GET /app/account/calendar":                               signedIn,
	"POST /app/account/calendar":                              signedIn,
	"GET /calendar/{token}":                                   nothing, // a program follows it, by a secret of 256 bits
	"GET /app/trainings/{training}/people":                    with(TrainingsRead),
	"GET /app/trainings/{training}/people/invite":             with(SignUps),
	"GET /app/trainings/{training}/people/add":                with(Participants),
	"POST /app/trainings/{training}/people/sign-ups":          with(SignUps),
	"POST /app/trainings/{training}/people/participants":      with(Participants),
	"POST /app/trainings/{training}/people/undo":              with(TrainingsRead), // of those, only who did it
	"GET /app/trainings/{training}/places":                    with(SignUps),
	"POST /app/trainings/{training}/places":                   with(SignUps),
	"GET /app/interest":                                       with(SignUps),
	"GET /app/trainings":                                      with(TrainingsRead),
	"GET /app/trainings/calendar":                             with(TrainingsRead),
	"GET /app/trainings/desk":                                 with(TrainingsRead),
	"GET /app/trainings/new":                                  with(TrainingsWrite),
	"POST /app/trainings/new":                                 with(TrainingsWrite),
	"GET /app/trainings/{training}":                           with(TrainingsRead),
	"GET /app/trainings/{training}/session":                   with(TrainingsWrite),
	"POST /app/trainings/{training}/session":                  with(TrainingsWrite),
	"GET /app/trainings/{training}/session/{session}":         with(TrainingsWrite),
	"POST /app/trainings/{training}/session/{session}":        with(TrainingsWrite),
	"GET /app/trainings/{training}/session/{session}/cancel":  with(TrainingsWrite),
	"POST /app/trainings/{training}/session/{session}/cancel": with(TrainingsWrite),
	"GET /app/trainings/{training}/act/{kind}":                with(TrainingsWrite),
	"POST /app/trainings/{training}/act/{kind}":               with(TrainingsWrite),
	"POST /app/trainings/{training}/undo":                     with(TrainingsWrite),
	"GET /app/trainings/{training}/duplicate":                 with(TrainingsWrite),
	"POST /app/trainings/{training}/duplicate":                with(TrainingsWrite),
	"GET /app/trainings/{training}/data":                      with(TrainingsRead),
	"GET /app/trainings/{training}/edit/{section}":            with(TrainingsWrite),
	"POST /app/trainings/{training}/edit/{section}":           with(TrainingsWrite),
	"POST /app/trainings/{training}/emblem":                   with(TrainingsWrite),
	"GET /app/trainings/{training}/emblem/{position}":         with(TrainingsRead),
	"POST /app/trainings/{training}/emblem/{position}":        with(TrainingsWrite),
	"POST /app/trainings/{training}/announce":                 with(TrainingsWrite),
	"GET /app/trainings/{training}/results":                   with(TrainingsRead),

	// What waits for a second person, what one asked of others, and what came of it; of each, who asked and who may answer.
	"GET /app/approvals":                   signedIn,
	"GET /app/approvals/{approval}":        signedIn,
	"POST /app/approvals/{approval}/words": signedIn,
	"POST /app/approvals/{approval}/seen":  signedIn,

	// The public site as its editors keep it.
	"GET /app/site":                                     with(SiteRead),
	"GET /app/site/export/{file}":                       with(SiteRead),
	"GET /app/site/new":                                 with(SiteWrite),
	"POST /app/site/new":                                with(SiteWrite),
	"GET /app/site/articles/{article}":                  with(SiteRead),
	"POST /app/site/articles/{article}":                 with(SiteWrite),
	"GET /app/site/articles/{article}/{lang}":           with(SiteRead),
	"POST /app/site/articles/{article}/{lang}":          with(SiteWrite),
	"POST /app/site/articles/{article}/{lang}/withdraw": with(SiteWrite),
	"POST /app/site/articles/{article}/files":           with(SiteWrite),
	"POST /app/site/files/{file}/remove":                with(SiteWrite),
	"GET /app/site/texts/{text}":                        with(SiteRead),
	"GET /app/site/texts/{text}/preview":                with(SiteRead),
	"POST /app/site/texts/{text}/submit":                with(SiteWrite),
	"POST /app/site/texts/{text}/review":                with(SiteWrite),
	"GET /app/site/proposals/{proposal}":                with(SiteRead),
	"POST /app/site/proposals/{proposal}":               with(SiteWrite),
	"GET /app/site/facts":                               with(SiteRead),
	"POST /app/site/facts/confirm":                      with(SiteWrite),
	"GET /app/site/facts/export/{file}":                 with(SiteRead),
	"GET /app/site/facts/{fact}":                        with(SiteRead),
	"POST /app/site/facts/{fact}":                       with(SiteWrite),
	"POST /app/site/calls":                              with(SiteWrite),
	"GET /app/site/services":                            with(SiteRead),
	"GET /app/site/services/export":                     with(SiteRead),
	"POST /app/site/services/import":                    with(SiteWrite),
	"GET /app/site/services/{service}":                  with(SiteRead),
	"POST /app/site/services/{service}":                 with(SiteWrite),
	"POST /app/site/services/{service}/remove":          with(SiteWrite),
	"GET /app/site/services/{service}/confirmation":     with(SiteRead),
	"POST /app/site/services/{service}/confirmation":    with(SiteWrite),
	"GET /app/site/orders":                              with(SiteRead),
	"POST /app/site/orders":                             with(SiteWrite),
	"GET /app/site/orders/export/{file}":                with(SiteRead),
	"POST /app/site/orders/{order}":                     with(SiteWrite),
	"GET /app/site/visits":                              with(SiteRead),
	"GET /app/site/figures":                             with(SiteRead),
	"POST /app/site/figures":                            with(SiteWrite),
	"GET /app/site/visits/export/{file}":                with(SiteRead),

	// The item bank.
	"GET /app/bank":                       with(ItemsRead),
	"GET /app/bank/new":                   with(ItemsWrite),
	"POST /app/bank/new":                  with(ItemsWrite),
	"GET /app/bank/items/{item}":          with(ItemsRead),
	"GET /app/bank/items/{item}/edit":     with(ItemsWrite),
	"POST /app/bank/items/{item}/edit":    with(ItemsWrite),
	"POST /app/bank/items/{item}/retire":  with(ItemsWrite),
	"POST /app/bank/review":               with(ItemsWrite),
	"GET /app/bank/import":                with(ItemsWrite),
	"POST /app/bank/import":               with(ItemsWrite),
	"GET /app/bank/export/{file}":         with(ItemsRead),
	"GET /app/bank/tests":                 with(ItemsRead),
	"GET /app/bank/tests/new":             with(ItemsWrite),
	"POST /app/bank/tests/new":            with(ItemsWrite),
	"GET /app/bank/tests/{test}":          with(ItemsRead),
	"GET /app/bank/tests/{test}/analysis": with(ItemsRead),

	// Authors.
	"GET /app/authoring":                        with(CoursesRead),
	"GET /app/authoring/{course}":               with(CoursesRead),
	"POST /app/authoring":                       with(CoursesWrite), // check and publish a ZIP
	"POST /app/authoring/{course}/catalogue":    with(CoursesWrite),
	"GET /app/authoring/{course}/export.zip":    with(CoursesRead),
	"GET /app/authoring/{course}/pass-mark":     with(CoursesWrite), // shows the test's items with their keys
	"POST /app/authoring/{course}/pass-mark":    with(CoursesWrite),
	"GET /app/authoring/{course}/pass-mark.csv": with(CoursesWrite),
	"GET /app/programmes":                       with(CoursesRead), // of trainings in a classroom
	"GET /app/programmes/{programme}":           with(CoursesRead),
	"GET /app/programmes/{programme}/{sheet}":   with(CoursesRead), // to print: agenda, guide, slides, handouts, cases, answers, card

	// Letters: the service shows each only to whom its kind and its reader's unit are open.
	"GET /app/letters":          with(DeskWrite),
	"GET /app/letters/{letter}": with(DeskWrite),
	"POST /app/letters/again":   with(DeskWrite),
	// The words of letters, of the whole installation: wording.May.
	"GET /app/letters/words":                        with(DeskWrite),
	"GET /app/letters/words/{form}/{lang}":          with(DeskWrite),
	"POST /app/letters/words/{form}/{lang}":         with(DeskWrite),
	"POST /app/letters/words/{form}/{lang}/restore": with(DeskWrite),

	// The system.
	"GET /app/system":                  with(SystemRead),
	"POST /app/system/job/{job}/retry": with(SystemOperate),
	"GET /app/audit":                   with(SystemRead),
	"GET /app/design":                  signedIn, // the design system's page

	// Rule sets of funds belong to no unit: who reads projects reads them; who writes must have the right for the whole installation, which the service asks.
	"GET /app/funds":                          with(ProjectsRead),
	"GET /app/funds/new":                      with(ProjectsWrite),
	"POST /app/funds/new":                     with(ProjectsWrite),
	"POST /app/funds/import":                  with(ProjectsWrite),
	"GET /app/funds/{fund}":                   with(ProjectsRead),
	"GET /app/funds/{fund}/file":              with(ProjectsRead),
	"GET /app/funds/{fund}/history":           with(ProjectsRead),
	"GET /app/funds/{fund}/history/{version}": with(ProjectsRead),
	"POST /app/funds/{fund}/confirm":          with(ProjectsWrite),
	"POST /app/funds/{fund}/unconfirm":        with(ProjectsWrite),
	"POST /app/funds/{fund}/shipped":          with(ProjectsWrite),
	"GET /app/funds/{fund}/edit/{rule}":       with(ProjectsWrite),
	"POST /app/funds/{fund}/edit/{rule}":      with(ProjectsWrite),
	"GET /app/funds/{fund}/drop/{indicator}":  with(ProjectsWrite),
	"POST /app/funds/{fund}/drop/{indicator}": with(ProjectsWrite),
	"POST /app/funds/{fund}/emblem":           with(ProjectsWrite),
	"GET /app/funds/{fund}/emblem/{lang}":     with(ProjectsRead),
	"POST /app/funds/{fund}/emblem/{lang}":    with(ProjectsWrite),
	// The case laboratory: one's own group or play; who leads one, of those only in the units or sessions that are theirs.
	"GET /app/laboratory":                      signedIn,
	"GET /app/laboratory/cases/{case}":         signedIn,
	"POST /app/laboratory/cases/{case}":        signedIn, // begin alone
	"GET /app/laboratory/cases/{case}/sheet":   with(Laboratory),
	"POST /app/laboratory/refresher":           signedIn,
	"GET /app/laboratory/stop/{token}":         anyone, // a page with a button: mail scanners that follow links must not end anything
	"POST /app/laboratory/stop/{token}":        anyone,
	"GET /app/laboratory/join":                 signedIn,
	"POST /app/laboratory/join":                signedIn,
	"GET /app/laboratory/groups/{group}":       signedIn,
	"POST /app/laboratory/groups/{group}":      signedIn,
	"POST /app/laboratory/groups/{group}/on":   signedIn, // alone
	"GET /app/laboratory/groups/{group}/state": signedIn,
	"GET /app/laboratory/runs":                 with(Laboratory),
	"POST /app/laboratory/runs":                with(Laboratory),
	"GET /app/laboratory/runs/{run}":           with(Laboratory),
	"POST /app/laboratory/runs/{run}":          with(Laboratory), // move on
	"GET /app/laboratory/runs/{run}/state":     with(Laboratory),
	"GET /app/laboratory/runs/{run}/paper":     with(Laboratory),
	"POST /app/laboratory/runs/{run}/paper":    with(Laboratory),
	"GET /app/laboratory/runs/{run}/debrief":   with(Laboratory),
	"GET /app/laboratory/runs/{run}/end":       with(Laboratory),
	"POST /app/laboratory/runs/{run}/end":      with(Laboratory),
	"GET /app/laboratory/figures":              with(Laboratory),

	// Projects and what they are told to funds by. Who reads a project reads its figures; names of people are for who may see the people.
	"GET /app/projects":                                          with(ProjectsRead),
	"GET /app/projects/new":                                      with(ProjectsWrite),
	"POST /app/projects/new":                                     with(ProjectsWrite),
	"GET /app/projects/pairs":                                    with(ProjectsWrite),
	"POST /app/projects/pairs":                                   with(ProjectsWrite),
	"GET /app/projects/{project}":                                with(ProjectsRead),
	"POST /app/projects/{project}":                               with(ProjectsRead), // hands in and approves: the service asks for more
	"GET /app/projects/{project}/indicators/{fund}/{indicator}":  with(ProjectsRead),
	"POST /app/projects/{project}/indicators/{fund}/{indicator}": with(ProjectsWrite),
	"GET /app/projects/{project}/people":                         with(ProjectsRead),
	"GET /app/projects/{project}/notices":                        with(ProjectsRead),
	"POST /app/projects/{project}/notices":                       with(ProjectsWrite),
	"GET /app/notices/{project}":                                 signedIn, // of a project in which one takes part
	"POST /app/notices/{project}":                                signedIn,
	"GET /app/projects/keeping":                                  with(ProjectsWrite),
	"GET /app/projects/{project}/keeping":                        with(ProjectsRead),
	"POST /app/projects/{project}/keeping":                       with(ProjectsWrite),
	"GET /app/projects/{project}/check":                          with(ProjectsRead),
	"POST /app/projects/{project}/check":                         with(ProjectsWrite),
	"GET /app/projects/{project}/check/{check}":                  with(ProjectsRead),
	"POST /app/projects/{project}/check/{check}":                 with(ProjectsRead), // a name: the service asks whether the actor may see the person
	"POST /app/projects/{project}/check/{check}/papers":          with(ProjectsWrite),
	"GET /app/projects/{project}/edit":                           with(ProjectsWrite),
	"POST /app/projects/{project}/edit":                          with(ProjectsWrite),
	"GET /app/projects/{project}/funds":                          with(ProjectsRead),
	"POST /app/projects/{project}/funds":                         with(ProjectsWrite),
	"GET /app/projects/{project}/periods":                        with(ProjectsRead),
	"POST /app/projects/{project}/periods":                       with(ProjectsWrite),
	"GET /app/projects/{project}/targets":                        with(ProjectsRead),
	"POST /app/projects/{project}/targets":                       with(ProjectsWrite),
	"GET /app/projects/{project}/parts":                          with(ProjectsRead),
	"POST /app/projects/{project}/parts":                         with(ProjectsWrite),
	"GET /app/projects/{project}/staff":                          with(ProjectsRead),
	"POST /app/projects/{project}/staff":                         with(ProjectsWrite),

	// Frozen reports: who reads the project takes them; who freezes signs as the second person.
	"GET /app/projects/{project}/reports":               with(ProjectsRead),
	"GET /app/projects/{project}/reports/new":           with(ProjectsSign),
	"POST /app/projects/{project}/reports/new":          with(ProjectsSign),
	"GET /app/projects/{project}/reports/{report}":      with(ProjectsRead),
	"GET /app/projects/{project}/reports/{report}/file": with(ProjectsRead),
	"GET /app/projects/{project}/reports/{report}/iati": with(ProjectsRead),
	"GET /app/projects/{project}/visibility":            with(ProjectsRead),
	"GET /app/projects/{project}/visibility/{duty}":     with(ProjectsRead),
	"POST /app/projects/{project}/visibility/{duty}":    with(ProjectsWrite),
	"GET /app/projects/{project}/proofs/{entry}":        with(ProjectsRead),
	"POST /app/projects/{project}/proofs/{entry}":       with(ProjectsWrite), // erases the file
	"GET /app/projects/{project}/log":                   with(ProjectsRead),
	"GET /app/projects/{project}/log/{kind}/{item}":     with(ProjectsRead),
	"POST /app/projects/{project}/log/{kind}/{item}":    with(ProjectsWrite),
	"GET /app/projects/{project}/reviewers":             with(ProjectsWrite), // who of a fund reads the project, for whom and until when
	"POST /app/projects/{project}/reviewers":            with(ProjectsWrite),

	// The hall. Who may mark in a session is decided by it: who has the right in its unit, and who holds it.
	"GET /app/hall":                                    signedIn,
	"GET /app/hall/{session}":                          signedIn,
	"POST /app/hall/{session}":                         signedIn,
	"GET /app/hall/device":                             anyone, // the same for everybody; a device without network opens it from its cache
	"GET /app/hall/worker.js":                          anyone,
	"GET /app/hall/now":                                signedIn,
	"POST /app/hall/erase":                             anyone, // has the browser drop what it stored
	"POST /app/hall/{session}/open":                    signedIn,
	"POST /app/hall/{session}/items":                   signedIn,
	"POST /app/hall/{session}/erased":                  signedIn,
	"GET /app/hall/{session}/walk-in":                  signedIn,
	"POST /app/hall/{session}/walk-in":                 signedIn,
	"GET /app/hall/{session}/person/{who}":             signedIn,
	"POST /app/hall/{session}/person/{who}":            signedIn,
	"POST /app/hall/{session}/person/{who}/undo":       signedIn,
	"POST /app/hall/{session}/person/{who}/link":       signedIn,
	"GET /app/hall/{session}/close":                    signedIn,
	"POST /app/hall/{session}/close":                   signedIn,
	"POST /app/hall/{session}/count":                   signedIn,
	"POST /app/hall/{session}/note":                    signedIn,
	"GET /app/hall/{session}/reopen":                   signedIn,
	"POST /app/hall/{session}/reopen":                  signedIn,
	"GET /app/hall/{session}/code":                     signedIn,
	"GET /app/hall/{session}/scans":                    signedIn,
	"GET /app/hall/{session}/sheets":                   signedIn,
	"POST /app/hall/{session}/sheets":                  signedIn,
	"GET /app/hall/{session}/sheets/{sheet}":           signedIn,
	"POST /app/hall/{session}/sheets/{sheet}/withdraw": signedIn,
	"GET /app/trainings/{training}/hours":              signedIn, // who sees trainings, and who holds one of its sessions
	"GET /app/here":                                    anyone,   // type the code on the screen
	"GET /app/here/{code}":                             anyone,   // scanned: the moment is sealed before signing in, and nothing is recorded
	"GET /app/here/scan":                               signedIn,
	"POST /app/here/scan":                              signedIn,
	"GET /app/here/row":                                anyone, // who has no account, with a scan: asks the code of their sheet
	"POST /app/here/row":                               anyone, // gives the key of that sheet's sitting and of nothing else
}
