package db

import (
	"database/sql"
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"sync"
	"time"
	"unicode"
)

// plan says into which field of a T each column goes.
type plan struct {
	fields []field // nil if T is a single value
}

type field struct {
	index []int
	json  bool
}

type planKey struct {
	t       reflect.Type
	columns string
}

var plans sync.Map // planKey -> *plan

func planFor[T any](columns []string) (*plan, error) {
	t := reflect.TypeFor[T]()
	key := planKey{t, strings.Join(columns, ",")}
	if p, ok := plans.Load(key); ok {
		return p.(*plan), nil
	}
	p := &plan{}
	if t.Kind() == reflect.Struct && t != reflect.TypeFor[time.Time]() {
		byName := map[string]field{}
		collect(t, nil, byName)
		for _, c := range columns {
			f, ok := byName[c]
			if !ok {
				return nil, fmt.Errorf("column %s has no field in %s", c, t)
			}
			p.fields = append(p.fields, f)
		}
	} else if len(columns) != 1 {
		return nil, fmt.Errorf("%d columns for the single value %s", len(columns), t)
	}
	plans.Store(key, p)
	return p, nil
}

func collect(t reflect.Type, at []int, byName map[string]field) {
	for i := range t.NumField() {
		f := t.Field(i)
		index := append(append([]int{}, at...), i)
		if f.Anonymous && f.Type.Kind() == reflect.Struct {
			collect(f.Type, index, byName)
			continue
		}
		if !f.IsExported() {
			continue
		}
		name, option, _ := strings.Cut(f.Tag.Get("db"), ",")
		if name == "" {
			name = snake(f.Name)
		}
		byName[name] = field{index, option == "json"}
	}
}

// snake turns PersonID into person_id.
func snake(name string) string {
	var b strings.Builder
	runes := []rune(name)
	for i, r := range runes {
		if unicode.IsUpper(r) && i > 0 && (unicode.IsLower(runes[i-1]) || (i+1 < len(runes) && unicode.IsLower(runes[i+1]))) {
			b.WriteByte('_')
		}
		b.WriteRune(unicode.ToLower(r))
	}
	return b.String()
}

// targets returns where Scan shall put the columns of one row.
func (p *plan) targets(v any) []any {
	if p.fields == nil {
		return []any{target(reflect.ValueOf(v).Elem(), false)}
	}
	s := reflect.ValueOf(v).Elem()
	out := make([]any, len(p.fields))
	for i, f := range p.fields {
		out[i] = target(s.FieldByIndex(f.index), f.json)
	}
	return out
}

func target(v reflect.Value, isJSON bool) any {
	p := v.Addr().Interface()
	if isJSON {
		return &jsonTarget{p}
	}
	switch p := p.(type) {
	case *time.Time:
		return &timeTarget{p}
	case **time.Time:
		return &timePointerTarget{p}
	}
	return p
}

type timeTarget struct{ t *time.Time }

// Scan reads microseconds; NULL is the zero time.
func (s *timeTarget) Scan(src any) error {
	var n sql.NullInt64
	if err := n.Scan(src); err != nil {
		return err
	}
	*s.t = time.Time{}
	if n.Valid {
		*s.t = time.UnixMicro(n.Int64).UTC()
	}
	return nil
}

type timePointerTarget struct{ t **time.Time }

// Scan reads microseconds; NULL is nil.
func (s *timePointerTarget) Scan(src any) error {
	*s.t = nil
	if src == nil {
		return nil
	}
	var t time.Time
	if err := (&timeTarget{&t}).Scan(src); err != nil {
		return err
	}
	*s.t = &t
	return nil
}

type jsonTarget struct{ v any }

// Scan reads a JSON text; NULL leaves the value as it is.
func (s *jsonTarget) Scan(src any) error {
	switch src := src.(type) {
	case nil:
		return nil
	case string:
		return json.Unmarshal([]byte(src), s.v)
	case []byte:
		return json.Unmarshal(src, s.v)
	}
	return fmt.Errorf("a JSON column holds a %T", src)
}
