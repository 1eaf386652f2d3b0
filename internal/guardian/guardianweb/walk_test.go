package guardianweb_test

import (
	"archive/zip"
	"io"
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/guardian"
	"ostoja/internal/guardian/appointment"
	"ostoja/internal/guardian/candidacy"
	"ostoja/internal/guardian/complaint"
	"ostoja/internal/guardian/request"
	"ostoja/internal/guardian/roster"
	"ostoja/internal/testrig"
)

// What nobody but their office may meet, in any form: of somebody in the register, of a candidate, and of a complaint.
var secrets = []string{"777 123 987", "777123987", "777-123-987", "jaszczurcz", "borsucz", "kandydacka", "szczypiork"}

// What the accounts of the two say of them as of everybody: names and addresses, which who keeps accounts sees, and not what they are.
var names = []string{"kuratorska"}

// namePages are the pages on which who keeps accounts meets everybody who has one.
var namePages = []string{"/app/people", "/app/people/{person}", "/app/people/{person}/edit", "/app/audit"}

// complaintPage is where who decides on complaints, and nobody else, reads one.
const complaintPage = "/app/guardians/complaints/{complaint}"

// planted is a register with everything that could leak.
type planted struct {
	*testrig.GuardianOffice
	entry, candidate, request, proposal, appointment, complaint string
	person                                                      access.Actor
}

func plant(t *testing.T, w *testrig.World) planted {
	t.Helper()
	ctx := t.Context()
	o, who, entryID := listed(t, w)
	x := planted{GuardianOffice: o, entry: entryID, person: who}
	edition := testrig.Must(w.Guardians.Entry(ctx, o.Coordinator, entryID))(t).Edition
	w.OK(w.Guardians.Edit(ctx, o.Coordinator, entryID, guardian.Draft{
		Phone: "+48 777 123 987", MostChildren: 2, Strengths: "Cierpliwość jaszczurcza", Langs: []string{"pl", "uk"}, Courts: []string{o.NearCourt}, Edition: edition,
	}))
	terms := request.Institution{Phone: "22 555 00 00", SignedOn: "2026-01-01", TermsUntil: "2027-06-30"}
	for unit, kind := range map[string]string{w.Guard: request.Requester, w.Lublin: request.Requester, o.CourtUnit: request.CourtKind} {
		terms.UnitID, terms.Kind, terms.CourtID = unit, kind, ""
		if kind == request.CourtKind {
			terms.CourtID = o.NearCourt
		}
		w.OK(w.Requests.PutInstitution(ctx, o.Coordinator, terms))
	}
	w.OK(w.Requests.PutOffice(ctx, o.Coordinator, request.Office{UnitID: w.Office, Phone: "22 555 11 22", CourtView: true}))
	today := w.Clock.Now().Format(time.DateOnly)
	x.request = testrig.Must(w.Requests.Ask(ctx, o.Requester, request.Draft{Purpose: "protection", Reference: "V Nmo 12/26", CourtID: o.NearCourt, Lang: "uk", FromDay: today}))(t)
	proposals := testrig.Must(w.Requests.Open(ctx, o.Requester, x.request))(t).Proposals
	if len(proposals) != 1 {
		t.Fatalf("%+v", proposals)
	}
	x.proposal = proposals[0].ID
	x.appointment = testrig.Must(w.Appointments.Enter(ctx, o.Coordinator, appointment.Draft{GuardianID: entryID, Kind: "kurator", Scope: []string{"protection"}, DecidedOn: today, StartedOn: today}))(t).ID
	week := guardian.WeekOf(w.Clock.Now(), w.Candidacy.Zone)
	for _, n := range []int{0, 1} {
		_, refused, err := w.Duty.Assign(ctx, o.Coordinator, o.NearCourt, []roster.Change{{Lang: "uk", Week: week.Add(n), To: entryID}})
		if w.OK(err); len(refused) != 0 {
			t.Fatalf("%+v", refused)
		}
	}
	x.candidate = x.applied(t)
	w.OK(w.Complaints.File(ctx, complaint.Draft{Statement: complaint.Statement{Text: "Szczypiorkowa historia, Kuratorska."}, Lang: "pl"}))
	x.complaint = testrig.Must(w.Complaints.All(ctx, o.Complaints))(t)[0].ID
	return x
}

// applied makes a candidate with a document.
func (x planted) applied(t *testing.T) (candidateID string) {
	t.Helper()
	ctx, w := t.Context(), x.World
	w.OK(w.Candidacy.Ask(ctx, candidacy.Asked{Address: "nadia.kandydacka@example.org", OfficeID: w.Office, Lang: "pl"}, "network"))
	token := regexp.MustCompile(`/link/([A-Za-z0-9_-]{43})`).FindStringSubmatch(w.LastLetter().Body)
	candidateID = testrig.Must(w.Candidacy.UseLink(ctx, token[1]))(t)
	w.OK(w.Candidacy.Save(ctx, candidacy.Self{CandidateID: candidateID}, candidacy.Form{
		GivenName: "Nadia", FamilyName: "Kandydacka", Agreed: true, Edition: 1, Application: candidacy.Application{
			Phone: "+48 777 123 987", Motivation: "Wytrwałość borsucza.", Background: "Szkoła.", Conflicts: "Nie ma.", Availability: "Rano.", Abroad: candidacy.AbroadNo, Langs: []string{"pl"}, Courts: []string{x.NearCourt},
		},
	}, true))
	w.OK(w.Candidacy.AddDocument(ctx, x.Coordinator, candidateID, candidacy.ForeignCertificate, []byte("%PDF-1.7 borsucze")))
	return candidateID
}

// strangers are all who are not of the office that keeps the entry, nor the person.
func (x planted) strangers() map[string]access.Actor {
	all := x.Everybody()
	maps.Copy(all, map[string]access.Actor{
		"coordinator elsewhere": x.Elsewhere, "assessor": x.First, "requester": x.Requester, "requester of the police": x.PoliceRequester, "court": x.CourtClerk, "complaints": x.Complaints,
	})
	return all
}

// readable is what can be read of an answer: of a spreadsheet what its parts say.
func readable(t *testing.T, body string) string {
	t.Helper()
	if !strings.HasPrefix(body, "PK\x03\x04") {
		return body
	}
	z, err := zip.NewReader(strings.NewReader(body), int64(len(body)))
	if err != nil {
		t.Fatal(err)
	}
	var all strings.Builder
	for _, f := range z.File {
		part := testrig.Must(f.Open())(t)
		_, err := io.Copy(&all, part)
		if err != nil {
			t.Fatal(err)
		}
	}
	return all.String()
}

// finds returns which of the words stand in a text, however they are written.
func finds(text string, words []string) (found []string) {
	text = strings.ToLower(text)
	for _, s := range words {
		if strings.Contains(text, s) {
			found = append(found, s)
		}
	}
	return found
}

var holes = regexp.MustCompile(`\{[^}]*\}`)

// addresses fills the holes of a pattern with each thing that there is.
func (x planted) addresses(pattern string) (list []string) {
	if !strings.Contains(pattern, "{") || strings.HasSuffix(pattern, "{$}") {
		return []string{strings.TrimSuffix(pattern, "{$}")}
	}
	values := []string{x.entry, x.person.PersonID}
	if strings.Contains(pattern, "guardian") {
		values = append(values, x.candidate, x.request, x.proposal, x.appointment, x.complaint, x.NearCourt, x.Office)
	}
	for _, v := range values {
		list = append(list, holes.ReplaceAllString(pattern, v))
	}
	return list
}

// walk asks for each page of the program and returns what is found where, by the words, and how many pages and files there were.
func (x planted) walk(t *testing.T, b *testrig.Browser) (met map[string][]string, pages, files int) {
	t.Helper()
	met = map[string][]string{}
	for _, pattern := range slices.Sorted(maps.Keys(access.Routes)) {
		path, get := strings.CutPrefix(pattern, "GET ")
		if !get || strings.Contains(path, "sign-out") {
			continue
		}
		for _, address := range x.addresses(path) {
			p := b.Get(address)
			pages++
			said := p.Body
			if p.Status == http.StatusOK && p.Find(".exports").Length() > 0 {
				for _, as := range []string{"csv", "xlsx"} {
					files++
					said += readable(t, b.Get(address+"?as="+as).Body)
				}
			}
			for _, word := range finds(said, append(slices.Clone(secrets), names...)) {
				if !slices.Contains(met[word], path) {
					met[word] = append(met[word], path)
				}
			}
		}
	}
	return met, pages, files
}

// No page, file, error or form of the whole program shows to a stranger who is in the register or wants to be, how to reach them, or what is said of
// them; nor does the log, or a letter to anybody but the person and their office.
func TestNobodyElseMeetsTheRegister(t *testing.T) {
	w := testrig.New(t)
	var log strings.Builder
	w.Logging(&log)
	x := plant(t, w)
	all, sent := map[string]bool{}, 0
	for name, actor := range x.strangers() {
		b := w.Browse(actor)
		met, pages, files := x.walk(t, b)
		if sent += files; pages < 500 {
			t.Errorf("%s asked for %d pages", name, pages)
		}
		for word, paths := range met {
			for _, path := range paths {
				all[path] = true
				if allowed := slices.Contains(names, word) && slices.Contains(namePages, path) || name == "complaints" && path == complaintPage; !allowed {
					t.Errorf("%s reads %s at %s", name, word, path)
				}
			}
		}
		x.tries(t, name, b)
	}
	for _, path := range append([]string{complaintPage}, namePages...) {
		if !all[path] {
			t.Errorf("nothing was found at %s, where it may be", path) // then the walk does not find what is there
		}
	}
	if sent < 100 {
		t.Errorf("%d files were read", sent)
	}
	// The same walk by the office finds what is its own.
	met, _, _ := x.walk(t, w.Browse(x.Coordinator))
	for _, word := range []string{"777 123 987", "jaszczurcz", "borsucz", "kandydacka", "kuratorska"} {
		if len(met[word]) == 0 {
			t.Errorf("the office does not find %s", word)
		}
	}
	if len(met["szczypiork"]) != 0 {
		t.Error("the office reads a complaint")
	}
	x.letters(t)
	if s := finds(log.String(), append(slices.Clone(secrets), names...)); len(s) > 0 || log.Len() == 0 {
		t.Errorf("the log of %d bytes says %q", log.Len(), s)
	}
}

// tries sends the forms of the area, whole: nothing is told, and nothing changes.
func (x planted) tries(t *testing.T, name string, b *testrig.Browser) {
	t.Helper()
	before := testrig.Must(x.Guardians.Entry(t.Context(), x.Coordinator, x.entry))(t)
	entry, until := register+"/entries/"+x.entry, x.Clock.Now().AddDate(0, 6, 0).Format(time.DateOnly)
	candidate := register + "/candidates/" + x.candidate
	for path, form := range map[string]url.Values{
		register + "/many":             {"act": {"pause"}, "sure": {"1"}, "reason": {"person"}, "entry": {x.entry}},
		entry:                          {"act": {"phone"}},
		entry + "/edit":                {"most": {"1"}, "phone": {"1"}, "edition": {"2"}},
		entry + "/renew":               {"until": {until}, "reason": {"person"}},
		entry + "/remove":              {"reason": {"person"}},
		entry + "/statement":           {},
		register + "/roster":           {"court": {x.NearCourt}},
		candidate + "/decision":        {"decision": {"decline"}, "reasons": {"Bez powodu."}, "edition": {"1"}},
		candidate + "/check":           {"kind": {"criminal-record"}, "clear": {"yes"}},
		register + "/appointments/new": {"guardian": {x.entry}, "kind": {"kurator"}},
		register + "/requests/" + x.request + "/pack": {},
		register + "/court/" + x.request + "/pack":    {},
		"/app/guardian":                     {"act": {"cannot"}},
		"/app/guardian/withdraw":            {},
		"/app/guardian/asked/" + x.proposal: {"answer": {"yes"}, "consent": {"1"}, "conflict": {"1"}},
	} {
		p := b.Post(path, form)
		if s := finds(p.Body, append(slices.Clone(secrets), names...)); len(s) > 0 {
			t.Errorf("%s is told %q by a form at %s", name, s, path)
		}
	}
	if e := testrig.Must(x.Guardians.Entry(t.Context(), x.Coordinator, x.entry))(t); e.State != before.State || e.Edition != before.Edition {
		t.Fatalf("%s changed the entry: %s", name, e.State)
	}
}

// letters lets everything that is due be written, and reads what was sent to strangers, and each subject.
func (x planted) letters(t *testing.T) {
	t.Helper()
	ctx, w := t.Context(), x.World
	for range 9 {
		for _, do := range []func() error{
			func() error { return w.Guardians.Remind(ctx) }, func() error { return w.Duty.AskNextWeek(ctx) }, func() error { return w.Duty.TellGaps(ctx) },
			func() error { return w.Requests.Drive(ctx) }, func() error { return w.Keeping.EraseDue(ctx) },
		} {
			w.OK(do())
		}
		w.Clock.Advance(40 * 24 * time.Hour)
	}
	to := map[string]int{}
	for _, l := range w.Letters() {
		to[l.To]++
		said := l.Subject
		if l.To != "helena.kuratorska@example.org" && l.To != "nadia.kandydacka@example.org" {
			said += l.Body
		}
		if s := finds(said, append(slices.Clone(secrets), names...)); len(s) > 0 {
			t.Errorf("a letter to %s says %q:\n%s", l.To, s, l.Body)
		}
	}
	if len(to) < 4 {
		t.Errorf("only these were written to: %v", to)
	}
}
