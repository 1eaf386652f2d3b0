package hsds

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"

	"ostoja/internal/site/directory"
)

// Loss is what a file says and the directory has no place for. Of more than 200 only the number is told, in the last one.
type Loss struct{ Service, What string }

const (
	mostLosses  = 200
	longestLoss = 120 // letters
	mostRead    = 10_000
)

// Read reads services from a page of the API, a bare list or one service. Texts without a language of their own are taken for
// lang, times without a zone for those of the clocks of here's location, of which here is any moment of this year. What the directory has no place for, or could only guess at, comes back as losses; what is missing in a service,
// [directory.Service.Check] finds later. The street of a location that was not written here is left out: it might be a shelter's.
// A file of another kind is a [*KindError].
func Read(r io.Reader, lang string, here time.Time) (list []*directory.Service, losses []Loss, err error) {
	b, err := io.ReadAll(io.LimitReader(r, Most+1))
	if err != nil {
		return nil, nil, err
	}
	if len(b) > Most {
		return nil, nil, &KindError{"large", nil}
	}
	// RFC 8259 section 8.1 asks for UTF-8 without a mark; programs on Windows write one, or UTF-16.
	if b, _, err = transform.Bytes(unicode.BOMOverride(transform.Nop), b); err != nil {
		return nil, nil, err
	}
	raw, losses, err := entries(b)
	if err != nil {
		return nil, nil, fmt.Errorf("hsds: %w", err)
	}
	if len(raw) > mostRead {
		return nil, nil, &KindError{"large", nil}
	}
	ids, known, names, more := map[string]bool{}, map[string]bool{}, map[string]bool{}, 0
	for i, m := range raw {
		e := reading{lang: lang, here: here}
		if s := e.entry(m, known); s != nil {
			s.ID = unique(s.ID, ids)
			list = append(list, s)
			if names[e.name] {
				e.lose("name:", e.name, "(2)") // one place under two ids, or two of one name
			}
			names[e.name] = true
		} else if len(e.lost) == 0 {
			e.lose("#" + strconv.Itoa(i+1))
		}
		slices.Sort(e.lost)
		for _, what := range slices.Compact(e.lost) {
			if len(losses) < mostLosses {
				losses = append(losses, Loss{clip(e.name), clip(what)})
			} else {
				more++
			}
		}
	}
	if more > 0 {
		losses = append(losses, Loss{"…", "+" + strconv.Itoa(more)})
	}
	return list, losses, nil
}

// object is an object of the file. Who reads a key takes it out, so that what is left at the end was not read.
type object map[string]any

// entries finds the services of a file.
func entries(b []byte) (raw []any, losses []Loss, err error) {
	if kind := foreignKind(b); kind != "" {
		return nil, nil, &KindError{kind, nil}
	}
	var file any
	d := json.NewDecoder(bytes.NewReader(b))
	d.UseNumber()
	if err := d.Decode(&file); err != nil {
		return nil, nil, &KindError{"broken", err}
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, nil, &KindError{"broken", err}
	}
	if list, ok := file.([]any); ok {
		return list, nil, kindOf(nil, list)
	}
	page, _ := file.(map[string]any)
	if page == nil {
		return nil, nil, &KindError{"json", nil}
	}
	if _, ok := page["name"].(string); ok && page["resources"] == nil {
		return []any{page}, nil, nil
	}
	raw, _ = page["contents"].([]any)
	if err := kindOf(page, raw); err != nil {
		return nil, nil, err
	}
	if n, ok := page["total_pages"].(json.Number); ok && n != "0" && n != "1" { // else nobody would miss the others
		losses = []Loss{{"…", fmt.Sprintf("page_number: %v, total_pages: %s", page["page_number"], n)}}
	}
	return raw, losses, nil
}

func clip(s string) string {
	if r := []rune(s); len(r) > longestLoss {
		return string(r[:longestLoss-1]) + "…"
	}
	return s
}

// unique makes an id that no other entry of the file has.
func unique(id string, taken map[string]bool) string {
	free := id
	for n := 2; taken[free]; n++ {
		free = strings.TrimRight(id[:min(len(id), 54)], "-") + "-" + strconv.Itoa(n)
	}
	taken[free] = true
	return free
}

var (
	notLetters = regexp.MustCompile(`[^a-z0-9]+`)
	plain      = strings.NewReplacer("ą", "a", "ć", "c", "ę", "e", "ł", "l", "ń", "n", "ó", "o", "ś", "s", "ź", "z", "ż", "z")
)

// slug makes an id of ours from a name, or from the file's id where the name has no Latin letters.
func slug(name, id string) string {
	ascii := func(t string) string {
		return strings.Trim(notLetters.ReplaceAllString(plain.Replace(strings.ToLower(t)), "-"), "-")
	}
	s := ascii(name)
	if len(s) > 50 {
		s = strings.Trim(s[:50], "-")
	}
	if s == "" || s[0] < 'a' {
		s = "s-" + ascii(id)
	}
	return strings.Trim(s[:min(len(s), 60)], "-")
}
