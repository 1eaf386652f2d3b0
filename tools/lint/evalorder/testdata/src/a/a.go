package a

type T struct {
	n    int
	sub  struct{ n int }
	many [2]int
}

func (t *T) change() error  { t.n++; return nil }
func (t *T) through() error { return t.change() }
func (t *T) get() error     { _ = t.n; return nil }
func (t T) look() error     { return nil }

func fill(*T) error          { return nil }
func fillInt(*int) error     { return nil }
func see(T) error            { return nil }
func run(func() error) error { return nil }
func wrap(error) error       { return nil }
func pair(T, error) error    { return nil }

func form() (v T, err error) {
	return v, fill(&v) // want "v is read beside a call that may change it"
}

func wrapped() (v T, err error) {
	return v, wrap(fill(&v)) // want "v is read"
}

func field() (int, error) {
	var v T
	return v.n, fill(&v) // want "v is read"
}

func ofField() (T, error) {
	var v T
	return v, fillInt(&v.sub.n) // want "v is read"
}

func element() (T, error) {
	var v T
	return v, fillInt(&v.many[1]) // want "v is read"
}

func method() (T, error) {
	var v T
	return v, v.change() // want "v is read"
}

func otherMethod() (T, error) {
	var v T
	return v, v.through() // want "v is read"
}

func closure() (id string, err error) {
	return id, run(func() error { id = "x"; return nil }) // want "id is read"
}

func counting() (n int, err error) {
	return n, run(func() error { n++; return nil }) // want "n is read"
}

func closureTakesAddress() (v T, err error) {
	return v, run(func() error { return fill(&v) }) // want "v is read"
}

func literal() []any {
	var v T
	return []any{v, fill(&v)} // want "v is read"
}

func keyed() any {
	var v T
	return struct {
		v   T
		err error
	}{v: v, err: fill(&v)} // want "v is read"
}

func assignment() {
	var v T
	a, b := v, fill(&v) // want "v is read"
	_, _ = a, b
}

func argument() {
	var v T
	_ = pair(v, fill(&v)) // want "v is read"
}

func sum() int {
	var n int
	count := func(p *int) int { *p++; return *p }
	return n + count(&n) // want "n is read"
}

func laterCall() []error {
	var v T
	return []error{fill(&v), see(v)} // want "v is read"
}

func conversion() (any, error) {
	var v T
	return any(v), fill(&v) // want "v is read"
}

// What follows is ordered, or changes nothing that is read.

func statements() (v T, err error) {
	err = fill(&v)
	return v, err
}

func pointer() (*T, error) {
	v := &T{}
	return v, fill(v)
}

func address() (*T, error) {
	var v T
	return &v, fill(&v)
}

func earlierCall() []error {
	var v T
	return []error{see(v), fill(&v)}
}

func valueMethod() (T, error) {
	var v T
	return v, v.look()
}

func getter() (T, error) {
	var v T
	return v, v.get()
}

func onlyReads() (v T, err error) {
	return v, run(func() error { return see(v) })
}

func notRun() (T, func()) {
	var v T
	return v, func() { v.n++ }
}

func shortCircuit() bool {
	var n int
	return n > 0 && fillInt(&n) == nil
}

func otherVariable() (v, w T, err error) {
	return v, w, run(func() error { u := v; return fill(&u) })
}
