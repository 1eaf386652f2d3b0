package web

import (
	"errors"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"strings"

	"ostoja/internal/errs"
	"ostoja/internal/lang"
	"ostoja/internal/text"
	"ostoja/internal/ui"
)

// Form is what a person sent, and what is wrong with it. A page that is shown again is filled from it, so that nothing
// typed is lost.
type Form struct {
	url.Values
	errors []ui.FieldError
}

// NewForm returns a form with first values, as name, value pairs.
func NewForm(pairs ...string) *Form {
	f := &Form{Values: url.Values{}}
	for i := 0; i+1 < len(pairs); i += 2 {
		f.Set(pairs[i], pairs[i+1])
	}
	return f
}

// ReadForm reads a sent form. Surrounding space is cut from single-line values by Text, not here.
func ReadForm(r *http.Request) (*Form, error) {
	if !strings.HasPrefix(r.Header.Get("Content-Type"), "multipart/") {
		if err := r.ParseForm(); err != nil {
			return nil, bodyError(err)
		}
		return &Form{Values: r.PostForm}, nil
	}
	if err := r.ParseMultipartForm(1 << 20); err != nil { //nolint:gosec // Mux bounds the body; what is larger waits in a temporary file
		return nil, bodyError(err)
	}
	if s := stateOf(r.Context()); s != nil {
		s.uploaded = r.MultipartForm
	}
	return &Form{Values: r.PostForm}, nil
}

// File returns the content and the name of a file that came with a form read by [ReadForm]; both are empty if none was chosen. The
// route's limit bounds it.
func File(r *http.Request, name string) (content []byte, filename string, err error) {
	if r.MultipartForm == nil { // FormFile would read the body itself, and nobody would clean up after it
		return nil, "", bodyError(http.ErrNotMultipart)
	}
	f, header, err := r.FormFile(name)
	if errors.Is(err, http.ErrMissingFile) {
		return nil, "", nil
	}
	if err != nil {
		return nil, "", bodyError(err)
	}
	defer func(f multipart.File) { err = errors.Join(err, f.Close()) }(f)
	content, err = io.ReadAll(f)
	return content, header.Filename, err
}

func bodyError(err error) error {
	if tooLarge := (*http.MaxBytesError)(nil); errors.As(err, &tooLarge) {
		return errs.Invalid("error.too-large", "Limit", tooLarge.Limit).Because(err)
	}
	return errs.Invalid("error.invalid").Because(err)
}

// Text returns a value without the space around it.
func (f *Form) Text(name string) string { return strings.TrimSpace(f.Get(name)) }

// Translated returns the text of the fields whose names are the prefix and a language; the first language in which there is one is
// what the others fall back to. Line ends are \n, as nothing else in the program has those of a browser.
func (f *Form) Translated(langs []string, prefix string) text.Translated {
	t := text.Translated{}
	for _, l := range langs {
		if s := f.Text(prefix + l); s != "" {
			t[l] = strings.ReplaceAll(s, "\r\n", "\n")
			if t[""] == "" {
				t[""] = t[l]
			}
		}
	}
	return t
}

// Fail takes the faults from an error of category errs.ErrInvalid or errs.ErrConflict, so that the form can be shown again
// with them, and reports whether it was one; any other error is for the handler to return.
func (f *Form) Fail(p *lang.Printer, err error) bool {
	var e *errs.Error
	if !errors.As(err, &e) || (!errors.Is(err, errs.ErrInvalid) && !errors.Is(err, errs.ErrConflict) && !errors.Is(err, errs.ErrTooMany)) {
		return false
	}
	for _, field := range e.Fields {
		f.errors = append(f.errors, ui.FieldError{Name: field.Name, Text: p.Args(field.Key, field.Args)})
	}
	if len(e.Fields) == 0 {
		f.errors = append(f.errors, ui.FieldError{Text: p.Args(e.Key, e.Args)})
	}
	return true
}

// Errors returns the faults in the order found, for the summary.
func (f *Form) Errors() []ui.FieldError { return f.errors }

// Error returns the first fault of a field, "" if none.
func (f *Form) Error(name string) string {
	for _, e := range f.errors {
		if e.Name == name {
			return e.Text
		}
	}
	return ""
}

// Status is the HTTP status with which a page with this form is shown.
func (f *Form) Status() int {
	if len(f.errors) > 0 {
		return http.StatusUnprocessableEntity
	}
	return http.StatusOK
}
