package internal_test

import (
	"maps"
	"slices"
	"strings"
	"testing"
)

// The maps of who may know whom. Arrows run downwards: cmd, app, pages, areas, ground floor, kernel. What the maps do not
// allow, the rules of arch_rules_test.go forbid; arch_proof_test.go shows that they do.

// kernel lists the pure packages from the bottom up: each may know those before it, and nothing else of ours.
var kernel = []string{"text", "diff", "holiday", "expiry", "privacy", "gain", "disclosure", "indicator", "item", "quiz"}

// ground lists the technical packages from the bottom up: each may know those before it and the kernel, and no area.
var ground = []string{
	"clock", "id", "errs", "seal", "signed", "prose", "list", "access",
	"config", "search", "sheet", "lang", "db", "schema",
	"event", "blob", "backup", "record", "job", "audit", "mail", "mail/wording", "act", "approval", "paper",
	"ui/assets", "ui", "web", "itemweb", "list/listweb", "act/actweb", "approval/approvalweb", "mail/mailweb",
}

// showing lists the packages of the ground floor that make pages: an area's core may know none of them.
var showing = []string{"ui", "web", "itemweb", "list/listweb", "act/actweb", "approval/approvalweb", "mail/mailweb"}

// areas is the acyclic map of which area may know which. It is meant to stay short: an area that needs little of another
// names what it needs as an interface of its own, and app ties them together.
var areas = map[string][]string{
	"identity":    {},
	"fact":        {},
	"finder":      {},
	"course":      {"fact"},
	"certificate": {"keeping"},
	"learning":    {"course", "certificate"},
	"desk":        {"course", "keeping"},
	"itembank":    {"course", "fact"},
	"measurement": {"course", "itembank", "project"},
	"evidence":    {"course", "itembank", "measurement"},
	"classroom":   {"certificate", "keeping", "project"},
	"project":     {"course"}, // its reader of YAML
	"report":      {"keeping", "project"},
	"publication": {},
	"firstline":   {"keeping"},
	"guardian":    {"fact", "identity", "keeping"},
	"keeping":     {},
	"laboratory":  {"course", "keeping"},
	"site":        {"fact", "firstline"},
	"today":       {}, // what waits in any of them: app tells it
}

// only says which packages alone may import certain modules and packages. The word pages stands for all pages, app for the
// composition.
var only = map[string][]string{
	"database/sql":                  {"db"},
	"github.com/ncruces/":           {"db"},
	"github.com/jackc/":             {"db"},
	"github.com/pressly/goose":      {"db"},
	"filippo.io/":                   {"backup", "guardian"},
	"github.com/wneessen/go-mail":   {"mail"},
	"github.com/emersion/go-smtp":   {"mail"},
	"github.com/emersion/go-ical":   {"classroom"},
	"github.com/xuri/excelize":      {"sheet"},
	"gonum.org/":                    {"gain", "disclosure", "evidence"},
	"github.com/nyaruka/":           {"site"},
	"codeberg.org/go-fonts":         {"paper"},
	"eliasnaur.com/font":            {"paper"},
	"github.com/carlos7ags/folio":   {"paper"},
	"github.com/go-text/":           {"paper"},
	"github.com/klippa-app/":        {"paper/papertest"},
	"github.com/spf13/":             {"app", "config"},
	"github.com/nicksnyder/go-i18n": {"lang"},
	"github.com/evanw/esbuild":      {"tools"},
	"github.com/a-h/templ":          {"ui", "web", "itemweb", "list/listweb", "act/actweb", "approval/approvalweb", "mail/mailweb", "pages", "app"},
	"net/http":                      {"ui", "ui/assets", "web", "itemweb", "list/listweb", "act/actweb", "approval/approvalweb", "mail/mailweb", "pages", "app", "tools"},
	"html/template":                 {"ui", "web", "itemweb", "list/listweb", "act/actweb", "approval/approvalweb", "pages", "app"},
}

// owners says which area or package each table belongs to: it alone writes it. A view belongs to the area whose name it begins
// with (identity_person), which shows by it what all may read.
var owners = map[string][]string{
	"identity":    {"unit", "person", "person_distinct", "role_grant", "session", "access_link", "sign_in_throttle", "import_preview", "import_taken"},
	"course":      {"course", "course_version", "course_medium", "course_judgement", "course_told"},
	"learning":    {"enrolment", "part_progress", "check_answer", "attempt", "response", "scenario_run"},
	"certificate": {"certificate", "certificate_ending", "certificate_told"},
	"desk":        {"reminder_rule", "reminder_sent", "reminder_hush"},
	"classroom": {
		"training", "training_session", "training_trainer", "session_trainer", "training_wanted", "training_quota", "training_emblem", "training_act", "training_act_of",
		"booking", "booking_event", "booking_link", "booking_places", "training_interest", "calendar_feed",
		"attendance_mark", "attendance", "walk_in", "session_entry", "session_closing", "session_code", "session_device", "session_sheet", "refused_scan", "early_scan",
		"training_need", "teaching_observation", "training_notice",
	},
	"project": {
		"project", "project_fund", "project_partner", "project_period", "project_period_act", "project_annex", "project_target", "project_part", "project_staff", "project_pair", "project_same", "project_anchor",
		"fund", "fund_version", "fund_confirmation", "fund_emblem",
	},
	"report":      {"report_counted", "report_gain", "report_told", "report_block", "report_age", "report_notice", "report_handout", "report_figure", "report_frozen", "report_past", "report_closed", "report_year", "report_year_told", "spot_check", "spot_check_person", "spot_check_act", "review_link", "review_code", "review_use", "journal_entry"},
	"publication": {"publication", "publication_place", "publication_run", "publication_stock", "publication_order", "publication_order_act", "publication_move"},
	"firstline":   {"contact_card", "agreement_round", "agreement_reader", "agreement_answer"},
	"itembank":    {"bank_item", "bank_version", "competence_test", "test_form"},
	"measurement": {"measurement", "participant", "sitting", "sitting_answer", "paper_batch", "paper_sheet", "paper_reading", "result_tally", "survey_release", "survey_result"},
	"guardian": {
		"guardian_court", "guardian", "guardian_language", "guardian_before", "guardian_absence", "guardian_event", "guardian_institution", "guardian_appointment",
		"guardian_duty", "guardian_ask", "guardian_gap", "guardian_statement",
		"guardian_office", "guardian_request", "guardian_proposal", "guardian_seen", "guardian_release",
		"guardian_candidate", "guardian_candidate_link", "guardian_candidate_step", "guardian_check_rule", "guardian_check", "guardian_document", "guardian_document_look",
		"guardian_talk", "guardian_talk_mark", "guardian_candidate_distinct",
		"guardian_appointment_act", "guardian_tick", "guardian_complaint", "guardian_notice",
		"guardian_cover", "guardian_week_letter", "guardian_note", "guardian_court_paper", "guardian_court_distinct", "guardian_entry_distinct", "guardian_answers_to",
		"guardian_meeting", "guardian_meeting_answer", "guardian_expert", "guardian_refreshed", "guardian_signal",
	},
	"keeping":    {"kept", "kept_request"},
	"laboratory": {"laboratory_run", "laboratory_group", "laboratory_member", "laboratory_decision", "laboratory_refresher"},
	"site":       {"site_article", "site_text", "site_file", "site_fact", "site_call", "site_service", "site_proposal", "site_order", "site_visit", "site_writer", "site_told", "site_confirmation", "site_confirmation_auto", "site_download", "site_figures"},
	"fact":       {"fact_version"},
	"audit":      {"audit"},
	"blob":       {"blob"},
	"job":        {"job", "periodic"},
	"mail":       {"mail", "mail_wording"},
	"act":        {"act", "act_of"},
	"approval":   {"approval", "approval_word", "approval_line"},
	"record":     {"statement"},
	"schema":     {"setting"}, // each has rows of its own name
}

// mayRead says which tables of others an area may read in SQL of its own. It is meant to become empty: better is a read method
// of the owner, or a view that the owner defines.
var mayRead = map[string][]string{
	"app":         {"person"},                   // is this installation empty?
	"measurement": {"unit"},                     // within which units somebody may look, and groups by organisation
	"backup":      {"course", "person", "unit"}, // is this installation empty?
	"certificate": {"person", "unit"},           // who holds it, and within which units somebody may look
}

// mayWrite says which tables of others an area may write.
var mayWrite = map[string][]string{
	"certificate": {"setting"}, // the year's counter
	"identity":    {"setting"},
	"fact":        {"setting"}, // when its history began
	"project":     {"setting"}, // a row to wait at
	"site":        {"setting"}, // the revision of what readers see
	"app":         {"setting"},
}

// everywhere lists who handles all tables: the migrations, and the demonstration, which makes up a past that no service could.
var everywhere = []string{"schema", "app/demo"}

// unnamed says which packages may put the name of a table into a statement when it runs, where the rule cannot see it.
var unnamed = []string{"backup", "db"}

func TestArrowsRunOneWay(t *testing.T) { report(t, arrows(sources(t))) }

func TestRulesKnowNoWebAndPagesNoDatabase(t *testing.T) { report(t, floors(sources(t))) }

func TestModulesStayInTheirPlace(t *testing.T) { report(t, places(sources(t))) }

func TestTestsHelpTestsAlone(t *testing.T) { report(t, helpers(sources(t))) }

func TestTablesBelongToOneArea(t *testing.T) { report(t, foreignTables(sources(t), tables(t))) }

func TestWhatIsAllowedIsUsed(t *testing.T) { report(t, idle(sources(t), tables(t))) }

func TestFilesAreShortEnoughToRead(t *testing.T) { report(t, long(sources(t))) }

// Each table has one owner, and the map names no table that there is not.
func TestEachTableHasAnOwner(t *testing.T) {
	known := tables(t)
	owner := map[string]string{}
	for area, list := range owners {
		for _, table := range list {
			if owner[table] != "" {
				t.Errorf("%s belongs to %s and %s", table, owner[table], area)
			}
			owner[table] = area
			if _, ok := known[table]; !ok {
				t.Errorf("%s is owned by %s, but no migration makes it", table, area)
			}
		}
	}
	for _, name := range slices.Sorted(maps.Keys(known)) {
		area, _, _ := strings.Cut(name, "_")
		if _, ok := areas[area]; known[name] && !ok && owners[area] == nil {
			t.Errorf("the view %s does not begin with the name of an area or of who owns a table", name)
		}
		if !known[name] && owner[name] == "" {
			t.Errorf("the table %s has no owner; add it to the map", name)
		}
	}
	for area, list := range merged(mayRead, mayWrite) {
		for _, table := range list {
			if owner[table] == area || owner[table] == "" {
				t.Errorf("%s need not be allowed to read %s", area, table)
			}
		}
	}
}

func TestAreasHaveNoCircle(t *testing.T) {
	var visit func(area string, trail []string)
	visit = func(area string, trail []string) {
		if slices.Contains(trail, area) {
			t.Fatalf("a circle: %v", append(trail, area))
		}
		for _, next := range areas[area] {
			visit(next, append(trail, area))
		}
	}
	for area := range areas {
		visit(area, nil)
	}
}

func report(t *testing.T, findings []string) {
	t.Helper()
	for _, f := range findings {
		t.Error(f)
	}
}

func merged(a, b map[string][]string) map[string][]string {
	all := maps.Clone(a)
	for area, list := range b {
		all[area] = append(slices.Clone(all[area]), list...)
	}
	return all
}
