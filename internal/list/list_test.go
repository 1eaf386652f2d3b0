package list_test

import (
	"errors"
	"fmt"
	"maps"
	"math"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"ostoja/internal/db"
	"ostoja/internal/db/dbtest"
	"ostoja/internal/list"
)

var asks = list.Asks{Sorts: []string{"name", "at"}, First: "-at", Filters: []string{"state"}, Size: 20}

func TestParse(t *testing.T) {
	window := func(sort string, desc bool, page int) list.Window {
		return list.Window{Sort: sort, Desc: desc, Page: page, Size: 20}
	}
	for query, want := range map[string]list.Query{
		"":                               {Window: window("at", true, 1)},
		"q=++a+b+&state=on&page=3":       {Search: "a b", Filters: map[string]string{"state": "on"}, Window: window("at", true, 3)},
		"sort=name":                      {Window: window("name", false, 1)},
		"sort=name&desc=1":               {Window: window("name", true, 1)},
		"sort=-name":                     {Window: window("name", true, 1)},
		"sort=at":                        {Window: window("at", false, 1)},
		"sort=password&desc=1":           {Window: window("at", true, 1)},
		"sort=name;DROP+TABLE+person":    {Window: window("at", true, 1)},
		"page=-1":                        {Window: window("at", true, 1)},
		"page=one":                       {Window: window("at", true, 1)},
		"page=9999999":                   {Window: window("at", true, 1_000_000)},
		"page=99999999999999999999":      {Window: window("at", true, 1)},
		"state=&unknown=1&as=xlsx":       {Window: window("at", true, 1)},
		"other.q=x&other.sort=name&q=me": {Search: "me", Window: window("at", true, 1)},
	} {
		v, err := url.ParseQuery(query)
		if err != nil && !strings.Contains(query, ";") {
			t.Fatal(err)
		}
		got := asks.Parse(v)
		if got.Search != want.Search || got.Window != want.Window || !maps.Equal(got.Filters, want.Filters) || got.Narrowed() != (want.Search != "" || len(want.Filters) > 0) {
			t.Errorf("%s: %+v, want %+v", query, got, want)
		}
	}
	prefixed := asks
	prefixed.Prefix = "other."
	if got := prefixed.Parse(url.Values{"other.q": {"x"}, "q": {"me"}, "sort": {"name"}, "other.page": {"2"}}); got.Search != "x" || got.Sort != "at" || got.Page != 2 {
		t.Errorf("prefixed: %+v", got)
	}
}

func TestWindow(t *testing.T) {
	for _, c := range []struct{ size, page, total, offset, pages int }{{20, 1, 0, 0, 1}, {20, 3, 41, 40, 3}, {20, 1, 40, 0, 2}, {0, 7, 100, 0, 1}, {20, 0, 1, 0, 1}} {
		w := list.Window{Size: c.size, Page: c.page}
		if w.Offset() != c.offset || w.Pages(c.total) != c.pages {
			t.Errorf("%+v: offset %d, pages %d", c, w.Offset(), w.Pages(c.total))
		}
	}
}

var orders = list.Orders{By: map[string][]string{"name": {"name"}, "at": {"at", "name"}}, First: "name", Last: []string{"id"}}

func TestOrdersAreChosenAndNeverMade(t *testing.T) {
	for _, c := range []struct {
		w    list.Window
		want string
		args int
	}{
		{list.Window{}, " ORDER BY name, id", 0},
		{list.Window{Sort: "name", Desc: true}, " ORDER BY name DESC, id DESC", 0},
		{list.Window{Sort: "at", Desc: true, Page: 3, Size: 10}, " ORDER BY at DESC, name DESC, id LIMIT ? OFFSET ?", 2},
		{list.Window{Sort: "1; DROP TABLE person", Page: 1, Size: 10}, " ORDER BY name, id LIMIT ? OFFSET ?", 2},
	} {
		text, args := orders.SQL(c.w)
		if text != c.want || len(args) != c.args || c.args > 0 && args[1] != c.w.Offset() {
			t.Errorf("%+v: %s %v", c.w, text, args)
		}
	}
}

// TestPagesOfTheDatabaseHoldEveryRowOnce reads a list page by page and in portions, in every order.
func TestPagesOfTheDatabaseHoldEveryRowOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		const rows = 4321 // three portions
		type row struct{ ID, Action string }
		err := d.Update(t.Context(), func(tx *db.Tx) error {
			for i := range rows {
				if err := db.Exec(t.Context(), tx, `INSERT INTO audit (id, at, actor_id, action, object, detail) VALUES (?, ?, '', ?, '', '{}')`,
					fmt.Sprintf("%05d", (i*7)%rows), time.UnixMicro(int64(i%5)), fmt.Sprint("act", i%3)); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		o := list.Orders{By: map[string][]string{"action": {"action"}, "at": {"at"}}, First: "at", Last: []string{"id"}}
		read := func(tx *db.Tx) func(w list.Window) ([]row, error) {
			return func(w list.Window) ([]row, error) {
				order, args := o.SQL(w)
				return db.All[row](t.Context(), tx, `SELECT id, action FROM audit`+order, args...)
			}
		}
		for _, sort := range []string{"", "action", "at"} {
			for _, desc := range []bool{false, true} {
				err := d.View(t.Context(), func(tx *db.Tx) error {
					w := list.Window{Sort: sort, Desc: desc, Size: 1000}
					var paged, streamed []row
					for w.Page = 1; w.Page <= w.Pages(rows); w.Page++ {
						list, err := read(tx)(w)
						if err != nil {
							return err
						}
						paged = append(paged, list...)
					}
					for r, err := range list.Portions(w, read(tx)) {
						if err != nil {
							return err
						}
						streamed = append(streamed, r)
					}
					if !slices.Equal(paged, streamed) || len(paged) != rows {
						t.Errorf("%s %v: %d rows on the pages, %d in the stream", sort, desc, len(paged), len(streamed))
					}
					seen := map[string]bool{}
					for _, r := range paged {
						seen[r.ID] = true
					}
					if len(seen) != rows {
						t.Errorf("%s %v: %d of %d rows", sort, desc, len(seen), rows)
					}
					return nil
				})
				if err != nil {
					t.Fatal(err)
				}
			}
		}
	})
}

func TestPortionsEndWithAnError(t *testing.T) {
	broken, calls := errors.New("gone"), 0
	for _, err := range list.Portions(list.Window{}, func(list.Window) ([]int, error) { calls++; return nil, broken }) {
		if !errors.Is(err, broken) {
			t.Error(err)
		}
	}
	if calls != 1 {
		t.Errorf("read %d times", calls)
	}
	for range list.Portions(list.Window{}, func(w list.Window) ([]int, error) { calls++; return make([]int, w.Size), nil }) {
		break // whoever has enough reads no further
	}
	if calls != 2 {
		t.Errorf("read %d times", calls)
	}
}

type thing struct {
	name string
	n    int
	at   time.Time
	kind string
}

var things = list.Table[thing]{
	Text: func(x thing) string { return x.name },
	Sorts: map[string]func(thing) any{
		"name": func(x thing) any { return x.name }, "n": func(x thing) any { return x.n }, "at": func(x thing) any { return x.at },
		"share": func(x thing) any { return float64(x.n) / 3 }, "odd": func(x thing) any { return x.n%2 == 1 }, "none": func(thing) any { return nil },
	},
	Filters: map[string]func(thing, string) bool{"kind": func(x thing, v string) bool { return x.kind == v }},
}

func names(rows []thing) string {
	var all []string
	for _, r := range rows {
		all = append(all, r.name)
	}
	return strings.Join(all, " ")
}

func TestRowsInMemory(t *testing.T) {
	day := time.Date(2026, 11, 29, 0, 0, 0, 0, time.UTC)
	rows := []thing{{"Zając", 3, day, "a"}, {"Łoś", 1, time.Time{}, "b"}, {"Lis", 2, day.Add(time.Hour), "a"}, {"Ćwik", 10, day.Add(-time.Hour), "b"}, {"Żubr", 2, day, "a"}, {"", 5, day, "c"}}
	for _, c := range []struct {
		q    list.Query
		want string
	}{
		{list.Query{}, "Zając Łoś Lis Ćwik Żubr "},
		{list.Query{Window: list.Window{Sort: "name"}}, "Ćwik Lis Łoś Zając Żubr "},
		{list.Query{Window: list.Window{Sort: "name", Desc: true}}, "Żubr Zając Łoś Lis Ćwik "},
		{list.Query{Window: list.Window{Sort: "n"}}, "Łoś Lis Żubr Zając  Ćwik"},
		{list.Query{Window: list.Window{Sort: "share", Desc: true}}, "Ćwik  Zając Lis Żubr Łoś"},
		{list.Query{Window: list.Window{Sort: "odd", Desc: true}}, "Zając Łoś  Lis Ćwik Żubr"},
		{list.Query{Window: list.Window{Sort: "at"}}, "Ćwik Zając Żubr  Lis Łoś"}, // never comes last
		{list.Query{Window: list.Window{Sort: "at", Desc: true}}, "Lis Zając Żubr  Ćwik Łoś"},
		{list.Query{Window: list.Window{Sort: "none", Desc: true}}, "Zając Łoś Lis Ćwik Żubr "},
		{list.Query{Window: list.Window{Sort: "unknown"}}, "Zając Łoś Lis Ćwik Żubr "},
		{list.Query{Search: "LOS"}, "Łoś"},
		{list.Query{Search: "z j"}, "Zając"},
		{list.Query{Search: "Ć"}, "Zając Ćwik"},
		{list.Query{Search: "%"}, ""},
		{list.Query{Filters: map[string]string{"kind": "a"}, Window: list.Window{Sort: "name"}}, "Lis Zając Żubr"},
		{list.Query{Filters: map[string]string{"kind": "x"}}, ""},
	} {
		if got := names(things.Choose(rows, c.q)); got != c.want {
			t.Errorf("%+v: %q, want %q", c.q, got, c.want)
		}
	}
	if names(rows) != "Zając Łoś Lis Ćwik Żubr " {
		t.Errorf("the caller's rows were moved: %s", names(rows))
	}
}

// TestEachRowStandsOnOnePage holds for any rows, size, order and search.
func TestEachRowStandsOnOnePage(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rows := make([]thing, rapid.IntRange(0, 60).Draw(t, "rows"))
		for i := range rows {
			rows[i] = thing{rapid.SampledFrom([]string{"", "a", "ą", "b", "Łoś"}).Draw(t, "name"), i, time.UnixMicro(int64(i % 3)), "a"}
		}
		q := list.Query{Search: rapid.SampledFrom([]string{"", "a"}).Draw(t, "search")}
		q.Sort = rapid.SampledFrom([]string{"", "name", "n", "at", "none", "x"}).Draw(t, "sort")
		q.Desc, q.Size = rapid.Bool().Draw(t, "desc"), rapid.IntRange(1, 70).Draw(t, "size")
		all := things.Choose(rows, q)
		var paged []thing
		for q.Page = 1; q.Page <= q.Pages(len(all)); q.Page++ {
			part := list.Cut(all, q.Window)
			if len(part) > q.Size || len(part) == 0 && len(all) > 0 {
				t.Fatalf("page %d has %d rows", q.Page, len(part))
			}
			paged = append(paged, part...)
		}
		if !slices.Equal(paged, all) {
			t.Fatalf("pages hold %v, the list %v", paged, all)
		}
		seen := map[int]bool{}
		for _, r := range all {
			seen[r.n] = true
		}
		want := len(rows)
		if q.Search != "" {
			want = 0
			for _, r := range rows {
				if strings.ContainsAny(r.name, "aą") {
					want++
				}
			}
		}
		if len(seen) != len(all) || len(all) != want {
			t.Fatalf("%d rows, %d different, of %d", len(all), len(seen), want)
		}
		q.Page = math.MaxInt32
		if len(all) > 0 && len(list.Cut(all, q.Window)) != 0 {
			t.Fatal("a page beyond the last has rows")
		}
	})
}
