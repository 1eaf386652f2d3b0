package errs_test

import (
	"errors"
	"fmt"
	"reflect"
	"testing"

	"ostoja/internal/errs"
)

var categories = []error{errs.ErrNotFound, errs.ErrInvalid, errs.ErrForbidden, errs.ErrConflict, errs.ErrGone, errs.ErrTooMany, errs.ErrUnavailable}

// Pages ask errors.Is of an error that came up through several floors: it must hold for its own category, and for no other.
func TestEachErrorIsOfItsCategoryAlone(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ got, want error }{
		"NotFound": {errs.NotFound("k"), errs.ErrNotFound}, "Invalid": {errs.Invalid("k"), errs.ErrInvalid},
		"Forbidden": {errs.Forbidden("k"), errs.ErrForbidden}, "Conflict": {errs.Conflict("k"), errs.ErrConflict},
		"Gone": {errs.Gone("k"), errs.ErrGone}, "New": {errs.New(errs.ErrTooMany, "k"), errs.ErrTooMany},
	} {
		err := fmt.Errorf("above: %w", c.got)
		errs.Wrap(&err, "page(%d)", 7)
		for _, category := range categories {
			wanted := category == c.want //nolint:errorlint // the same category, not one that wraps it
			if errors.Is(err, category) != wanted {
				t.Errorf("%s is %v: not %v", name, category, wanted)
			}
		}
		var e *errs.Error
		if !errors.As(err, &e) || e.Key != "k" {
			t.Errorf("%s: the text for people is lost under wrapping: %v", name, err)
		}
	}
}

func TestTheLogGetsTheCauseAndThePersonTheText(t *testing.T) {
	t.Parallel()
	cause := errors.New("disk full")
	e := errs.Conflict("seat.gone", "Left", 0).Because(cause)
	if got := e.Error(); got != "conflict: seat.gone: disk full" {
		t.Errorf("the log says %q", got)
	}
	if !errors.Is(e, cause) || !errors.Is(e, errs.ErrConflict) {
		t.Error("an error with a cause is not both")
	}
	if !reflect.DeepEqual(e.Args, map[string]any{"Left": 0}) {
		t.Errorf("placeholders %v", e.Args)
	}
	if bare := errs.Gone("link.used"); bare.Error() != "gone: link.used" || len(bare.Unwrap()) != 1 {
		t.Errorf("without a cause: %q, %v", bare.Error(), bare.Unwrap())
	}
}

// What somebody typed may be a name: the log names fields and faults, never values.
func TestTheLogNamesFieldsWithoutWhatWasTyped(t *testing.T) {
	t.Parallel()
	var f errs.Fields
	if f.Err() != nil {
		t.Error("a form without faults is an error")
	}
	f.Add("email", "form.email", "Typed", "jan@example.org")
	f.Add("name", "form.missing")
	err := f.Err()
	if !errors.Is(err, errs.ErrInvalid) || err.Error() != "invalid: error.form [email form.email] [name form.missing]" {
		t.Errorf("%v", err)
	}
	errs.Wrap(&err, "save")
	back, ok := errs.FieldsOf(err)
	if !ok || len(back) != 2 || back[0].Name != "email" || back[0].Args["Typed"] != "jan@example.org" || back[1].Args != nil {
		t.Errorf("FieldsOf: %+v, %v", back, ok)
	}
	for name, other := range map[string]error{"nil": nil, "plain": errors.New("x"), "without fields": errs.Invalid("k")} {
		if list, ok := errs.FieldsOf(other); ok || list != nil {
			t.Errorf("%s has faults of a form: %v", name, list)
		}
	}
}

func TestWrapLeavesNoErrorAlone(t *testing.T) {
	t.Parallel()
	var err error
	if errs.Wrap(&err, "f"); err != nil {
		t.Errorf("no error became %v", err)
	}
	inner := errors.New("inner")
	err = inner
	errs.Wrap(&err, "f(%d)", 3)
	if err.Error() != "f(3): inner" || !errors.Is(err, inner) {
		t.Errorf("%v", err)
	}
}

func TestPlaceholdersComeInPairs(t *testing.T) {
	t.Parallel()
	if errs.Args() != nil {
		t.Error("no pairs are an empty map, which texts without placeholders would be looked up for")
	}
	if got := errs.Args("A", 1, "B", "x"); !reflect.DeepEqual(got, map[string]any{"A": 1, "B": "x"}) {
		t.Errorf("%v", got)
	}
	defer func() {
		if recover() == nil {
			t.Error("an odd number was taken")
		}
	}()
	errs.Args("A")
}
