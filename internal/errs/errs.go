// Package errs holds the error categories that every floor of the house shares, and the two ways to add to an error:
// [Wrap] says where it happened (for the log), [Error] says what a person should read (by the key of an interface text).
//
// Goals: a floor says once what went wrong, and it is mapped once to a status and a text; what the log gets and what a person
// reads never mix, since a cause may hold a table's name and a text somebody's own (OWASP ASVS 7.4.1: a generic message).
// Limits: there are seven categories, and an eighth needs a status that people or programs must tell from them; no stack is
// kept, since the chain of [Wrap] names the functions.
package errs

import (
	"errors"
	"fmt"
)

// Categories. A page maps each to one HTTP status; whatever is none of them is an internal error, of which a person is
// told only that it happened.
var (
	// ErrNotFound: there is no such thing, or the asker may not know that there is (a refusal would tell; RFC 9110,
	// section 15.5.4, allows 404 for that).
	ErrNotFound = errors.New("not found")
	// ErrInvalid: what was given does not fit; fields may say where.
	ErrInvalid = errors.New("invalid")
	// ErrForbidden: the asker is known and may not.
	ErrForbidden = errors.New("forbidden")
	// ErrConflict: it was right when asked but no longer is (seat taken, already submitted, version gone on).
	ErrConflict = errors.New("conflict")
	// ErrGone: it was there and has ended (a used link, an expired session).
	ErrGone = errors.New("gone")
	// ErrTooMany: asked too often; wait.
	ErrTooMany = errors.New("too many")
	// ErrUnavailable: what was asked was right, but what the program stands on (its database, the disk) cannot do it now. The same
	// request may succeed later (RFC 9110, section 15.6.4).
	ErrUnavailable = errors.New("unavailable")
)

// Error is an error with a message for people.
type Error struct {
	Category error          // one of the categories above
	Key      string         // key of the interface text
	Args     map[string]any // placeholders of the text
	Fields   []Field        // what is wrong in which field of a form
	cause    error
}

// Field is one fault of a form.
type Field struct {
	Name string         // the input's name
	Key  string         // key of the interface text
	Args map[string]any // placeholders of the text
}

// Error returns the log's words: category, key and cause, never the person's data.
func (e *Error) Error() string {
	s := e.Category.Error() + ": " + e.Key
	for _, f := range e.Fields {
		s += fmt.Sprintf(" [%s %s]", f.Name, f.Key)
	}
	if e.cause != nil {
		s += ": " + e.cause.Error()
	}
	return s
}

// Unwrap makes errors.Is see both the category and the cause.
func (e *Error) Unwrap() []error {
	if e.cause == nil {
		return []error{e.Category}
	}
	return []error{e.Category, e.cause}
}

// New returns an error of a category with the key of a text for people. Placeholders follow as name, value pairs.
func New(category error, key string, pairs ...any) *Error {
	return &Error{Category: category, Key: key, Args: Args(pairs...)}
}

// NotFound reports what is not there, or may not be known to be.
func NotFound(key string, pairs ...any) *Error { return New(ErrNotFound, key, pairs...) }

// Invalid reports input that does not fit.
func Invalid(key string, pairs ...any) *Error { return New(ErrInvalid, key, pairs...) }

// Forbidden reports an asker who may not.
func Forbidden(key string, pairs ...any) *Error { return New(ErrForbidden, key, pairs...) }

// Conflict reports that the state has moved on.
func Conflict(key string, pairs ...any) *Error { return New(ErrConflict, key, pairs...) }

// Gone reports what has ended.
func Gone(key string, pairs ...any) *Error { return New(ErrGone, key, pairs...) }

// Because adds the cause, which only the log sees.
func (e *Error) Because(cause error) *Error { e.cause = cause; return e }

// Fields collects the faults of a form; its Err is nil while there are none.
type Fields []Field

// Add notes a fault of the named field.
func (f *Fields) Add(name, key string, pairs ...any) {
	*f = append(*f, Field{Name: name, Key: key, Args: Args(pairs...)})
}

// Err returns the faults as one invalid error, or nil.
func (f Fields) Err() error {
	if len(f) == 0 {
		return nil
	}
	return &Error{Category: ErrInvalid, Key: "error.form", Fields: f}
}

// FieldsOf returns the faults of a form that an error holds, and whether it holds any.
func FieldsOf(err error) (Fields, bool) {
	var e *Error
	if !errors.As(err, &e) || len(e.Fields) == 0 {
		return nil, false
	}
	return e.Fields, true
}

// Args turns name, value pairs into the map that a text's placeholders are filled from. It panics on an odd count, which is
// a mistake in the code.
func Args(pairs ...any) map[string]any {
	if len(pairs) == 0 {
		return nil
	}
	if len(pairs)%2 != 0 {
		panic("errs: odd number of placeholder arguments")
	}
	m := make(map[string]any, len(pairs)/2)
	for i := 0; i < len(pairs); i += 2 {
		m[pairs[i].(string)] = pairs[i+1]
	}
	return m
}

// Wrap adds to a non-nil error where it happened. It is the first line of a fallible function:
//
//	defer errs.Wrap(&err, "published.Publish(%q)", id)
//
// The arguments go to the log, so they are never personal data.
func Wrap(err *error, format string, args ...any) {
	if *err != nil {
		*err = fmt.Errorf("%s: %w", fmt.Sprintf(format, args...), *err)
	}
}
