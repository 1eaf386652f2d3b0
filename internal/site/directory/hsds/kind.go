package hsds

import (
	"bytes"
	"strings"
	"unicode/utf8"
)

// KindError says that a file is not a list of services in HSDS 3, and what it seems to be.
type KindError struct {
	Kind  string // csv, workbook, zip, html, xml, pdf, oruk, organizations, table, json, broken, large, other
	cause error
}

// Error says what the file seems to be.
func (e *KindError) Error() string { return "not a list of services in HSDS 3, but " + e.Kind }

// Unwrap returns why it could not be read.
func (e *KindError) Unwrap() error { return e.cause }

// foreignKind tells by its beginning what a file is that is not JSON; "" may be JSON.
func foreignKind(b []byte) string {
	b = bytes.TrimSpace(b)
	start := bytes.ToLower(b[:min(len(b), 1<<10)])
	switch {
	case len(b) == 0:
		return "other"
	case b[0] == '{' || b[0] == '[':
		return ""
	case bytes.HasPrefix(b, []byte("PK\x03\x04")):
		if bytes.Contains(b, []byte("xl/")) || bytes.Contains(start, []byte("mimetypeapplication/vnd.oasis.opendocument.spreadsheet")) {
			return "workbook"
		}
		return "zip"
	case bytes.HasPrefix(b, []byte("\xd0\xcf\x11\xe0")): // the container of Excel up to 2003
		return "workbook"
	case bytes.HasPrefix(b, []byte("%PDF-")):
		return "pdf"
	case bytes.Contains(start, []byte("<html")) || bytes.HasPrefix(start, []byte("<!doctype html")):
		return "html"
	case b[0] == '<':
		return "xml"
	case utf8.Valid(b) && table(b):
		return "csv"
	}
	return "other"
}

// table says whether the first two lines have the same separators.
func table(b []byte) bool {
	lines := strings.SplitN(string(b[:min(len(b), 1<<14)]), "\n", 3)
	for _, mark := range []string{",", ";", "\t"} {
		if n := strings.Count(lines[0], mark); n > 0 && (len(lines) == 1 || strings.Count(lines[1], mark) >= n) {
			return true
		}
	}
	return false
}

// kindOf tells other lists from lists of services; page is what is around the list, if anything.
func kindOf(page map[string]any, list []any) error {
	has := func(o map[string]any, keys ...string) bool {
		for _, k := range keys {
			if _, ok := o[k]; ok {
				return true
			}
		}
		return false
	}
	var first map[string]any
	named := false
	for _, x := range list {
		if o, ok := x.(map[string]any); ok {
			if first == nil {
				first = o
			}
			named = named || has(o, "name")
		}
	}
	switch {
	case has(page, "totalElements", "content") || has(first, "regular_schedules", "eligibilitys", "service_taxonomys"): // Open Referral UK 1
		return &KindError{"oruk", nil}
	case has(page, "resources"): // a Tabular Data Package, of which HSDS 2 and 3 have one each
		return &KindError{"table", nil}
	case !has(first, "status") && has(first, "services", "legal_status", "year_incorporated", "tax_status", "organization_identifiers", "parent_organization_id"):
		return &KindError{"organizations", nil}
	case page != nil && !has(page, "contents") || page != nil && list == nil || len(list) > 0 && !named:
		return &KindError{"json", nil}
	}
	return nil
}
