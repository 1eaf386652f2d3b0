// Package schema holds the migrations: one text for both engines, a file per area, in the order in which they were made.
// A file that has been released never changes; what comes later is a new file.
//
// Goals: a database of any release comes to today's schema in one run, each step of which is done whole or not at all; both engines hold the same
// tables, so that a backup of one is restored into the other. Limits: there is no way down (docs/operate/backup-and-move.md says how to
// go back), and what needs Go, because SQL has no function for it that both engines share, is a function beside its file.
package schema

import (
	"embed"

	"ostoja/internal/db"
)

//go:embed *.sql
var files embed.FS

// FS holds the migrations: files in goose's form, and steps in Go for what SQL cannot say.
var FS db.StepFS = migrations{files}

type migrations struct{ embed.FS }

// Steps returns the migrations written in Go.
func (migrations) Steps() []db.Step {
	return []db.Step{{Version: 17, Up: searchKeys}, {Version: 21, Up: courseTitles}, {Version: 27, Up: imports}}
}

// Tables lists every table in an order in which rows can be written: what is referred to comes first. Backup and restore
// follow it; a test compares it with the database.
var Tables = []string{
	"setting", "job", "periodic", "mail", "mail_wording", "act", "act_of", "blob",
	"unit", "person", "person_distinct", "role_grant", "session", "access_link", "sign_in_throttle", "import_preview", "import_taken", "audit", "approval", "approval_word", "approval_line",
	"course", "course_version", "course_medium", "course_judgement", "course_told",
	"enrolment", "part_progress", "check_answer", "scenario_run", "attempt", "response", "statement",
	"certificate", "certificate_ending", "certificate_told", "reminder_rule", "reminder_sent", "reminder_hush",
	"project", "training", "bank_item", "bank_version", "competence_test", "test_form", "measurement", "participant", "result_tally", "sitting", "sitting_answer", "paper_batch", "paper_sheet", "paper_reading", "survey_result", "survey_release",
	"site_article", "site_text", "site_writer", "site_fact", "site_call", "site_service", "site_proposal", "site_file", "site_order", "site_visit", "site_told", "site_confirmation", "site_confirmation_auto",
	"fact_version",
	"training_session", "training_trainer", "session_trainer", "training_wanted", "training_quota", "training_emblem", "training_act", "training_act_of",
	"booking", "booking_event", "booking_link", "booking_places", "training_interest", "calendar_feed",
	"attendance_mark", "attendance", "walk_in", "session_entry", "session_closing", "session_code", "session_device", "session_sheet", "refused_scan", "early_scan",
	"kept", "kept_request", "training_need", "teaching_observation", "training_notice", "contact_card", "agreement_round", "agreement_reader", "agreement_answer",
	"guardian_court", "guardian", "guardian_language", "guardian_before", "guardian_absence", "guardian_event", "guardian_institution", "guardian_appointment",
	"guardian_duty", "guardian_ask", "guardian_gap", "guardian_statement",
	"guardian_office", "guardian_request", "guardian_proposal", "guardian_seen", "guardian_release",
	"guardian_candidate", "guardian_candidate_link", "guardian_candidate_step", "guardian_check_rule", "guardian_check", "guardian_document", "guardian_document_look", "guardian_talk", "guardian_talk_mark", "guardian_candidate_distinct",
	"guardian_appointment_act", "guardian_tick", "guardian_complaint", "guardian_notice",
	"fund", "fund_version", "fund_confirmation", "fund_emblem",
	"guardian_cover", "guardian_week_letter", "guardian_note", "guardian_court_paper", "guardian_court_distinct", "guardian_entry_distinct", "guardian_answers_to",
	"project_fund", "project_partner", "project_period", "project_period_act", "project_annex", "project_target", "project_part", "project_staff", "project_pair", "project_same", "project_anchor",
	"report_counted", "report_gain", "report_told", "report_block", "report_age", "report_notice", "report_handout", "report_figure", "report_frozen", "report_past", "report_closed",
	"spot_check", "spot_check_person", "spot_check_act", "review_link", "review_code", "review_use", "journal_entry",
	"publication", "publication_place", "publication_run", "publication_stock", "publication_order", "publication_order_act", "publication_move", "site_download",
	"report_year", "report_year_told", "site_figures",
	"guardian_meeting", "guardian_meeting_answer", "guardian_expert", "guardian_refreshed", "guardian_signal",
	"laboratory_run", "laboratory_group", "laboratory_member", "laboratory_decision", "laboratory_refresher",
}
