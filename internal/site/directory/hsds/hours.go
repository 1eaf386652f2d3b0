package hsds

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"ostoja/internal/site/directory"
)

// schedules takes the schedules of the nearest level that has any: what holds for the service itself, then for it at a place, then for the
// place. They are not added up, since a house may be open when nobody is there for the service. Those of other levels are told of.
func (e *reading) schedules(all []level, ours bool) (list []schedule) {
	from := -1
	for i, l := range all {
		for _, o := range l.list("schedules") {
			if from < 0 {
				from = i
			}
			s := e.scheduleOf(o)
			notes, _ := o["notes"].(string)
			switch {
			case from == i && (ours || !conditional(s.Description, notes)):
				list = append(list, s)
				if ours { // of the rule that our attribute holds
					o.drop("description")
				}
			case from == i || !slices.ContainsFunc(list, func(t schedule) bool { return sameTimes(s, t) }):
				e.loseSchedule(l.path, s, notes)
				o.drop("description", "notes")
			}
		}
	}
	return list
}

func (e *reading) loseSchedule(path string, s schedule, notes string) {
	e.lose(path+"schedules:", s.Freq, s.ByDay, s.Opens, s.Closes, s.limits, s.Description, notes)
}

// scheduleOf reads a schedule. Its description stays, to be told of.
func (e *reading) scheduleOf(o object) schedule {
	s := schedule{Freq: o.text("freq"), ByDay: o.text("byday"), Opens: o.text("opens_at"), Closes: o.text("closes_at")}
	s.Description, _ = o["description"].(string)
	if n := o["interval"]; n != nil && fmt.Sprint(n) == "1" {
		o.drop("interval")
	}
	if zone := o["timezone"]; zone != nil && e.ourZone(fmt.Sprint(zone)) {
		o.drop("timezone")
	}
	for _, key := range []string{"interval", "count", "until", "valid_from", "valid_to", "bymonthday", "byweekno", "byyearday", "timezone"} {
		if v := o[key]; v != nil && v != "" {
			s.limits += " " + key + " " + fmt.Sprint(v)
			o.drop(key)
		}
	}
	return s
}

func sameTimes(a, b schedule) bool {
	return a.Freq == b.Freq && a.ByDay == b.ByDay && a.Opens == b.Opens && a.Closes == b.Closes && a.limits == b.limits
}

// clockPattern is a time of the clock. The specification wants two digits of the hour, most files have one where that is enough. It also says that
// a time without a zone is UTC's, which nobody who writes hours means: no week would have the same times in winter and in summer. They are
// read as the clock shows them at the place; with an offset that its clocks never have, they are told of.
var clockPattern = regexp.MustCompile(`^([0-9]{1,2}:[0-9]{2})(?::[0-9]{2}(?:\.0+)?)?(?:Z|([+-][0-9]{2})(?::?([0-9]{2}))?)?$`)

func (e *reading) clock(text string) string {
	text = strings.TrimSpace(text)
	m := clockPattern.FindStringSubmatch(text)
	if m == nil {
		return ""
	}
	if offset := m[2] + m[3]; offset != "" || strings.HasSuffix(text, "Z") {
		at, err := time.Parse("-0700", cmp.Or(m[2], "+00")+cmp.Or(m[3], "00"))
		if _, seconds := at.Zone(); err != nil || !slices.Contains(e.offsets(), seconds) {
			return ""
		}
	}
	return strings.Repeat("0", len("00:00")-len(m[1])) + m[1]
}

// ourZone says whether a zone, by name or by hours from UTC, is the one whose clocks are meant.
func (e *reading) ourZone(name string) bool {
	hours, err := strconv.ParseFloat(name, 64)
	return name == e.here.Location().String() || err == nil && slices.Contains(e.offsets(), int(hours*3600))
}

// offsets are the seconds by which the clocks of the place differ from UTC in winter and in summer.
func (e *reading) offsets() (list []int) {
	for _, month := range []time.Month{time.January, time.July} {
		_, seconds := time.Date(e.here.Year(), month, 1, 12, 0, 0, 0, e.here.Location()).Zone()
		list = append(list, seconds)
	}
	return list
}

// hours joins the rules of every week, which add up. What holds in some weeks only, for a time, or by another clock than the place's, is lost:
// somebody would stand before a closed door.
func (e *reading) hours(list []schedule) directory.Hours {
	var rules []string
	for _, s := range list {
		rule, ok := e.rule(s)
		if !ok {
			e.loseSchedule("", s, "")
			continue
		}
		if !slices.Contains(rules, rule) {
			rules = append(rules, rule)
		}
	}
	if len(rules) == 1 && rules[0] == "Mo,Tu,We,Th,Fr,Sa,Su 00:00-24:00" {
		rules[0] = "24/7"
	}
	h, err := directory.ParseHours(strings.Join(rules, ", "))
	if err != nil { // too long: each rule by itself was one
		e.lose("schedules")
	}
	return h
}

func (e *reading) rule(s schedule) (string, bool) {
	names := map[string]string{"MO": "Mo", "TU": "Tu", "WE": "We", "TH": "Th", "FR": "Fr", "SA": "Sa", "SU": "Su"}
	opens, closes, days := e.clock(s.Opens), e.clock(s.Closes), s.ByDay
	if s.Freq == "DAILY" && days == "" {
		days = everyDay // not of the specification, but clear
	}
	if s.Freq != "WEEKLY" && s.Freq != "DAILY" || opens == "" || closes == "" || s.limits != "" {
		return "", false
	}
	var ours []string
	for _, d := range strings.Split(days, ",") {
		ours = append(ours, names[strings.TrimSpace(d)])
	}
	if closes == "23:59" {
		closes = "24:00" // nobody closes then; it is how 24 hours are written
	}
	rule := strings.Join(ours, ",") + " " + opens + "-" + closes
	_, err := directory.ParseHours(rule)
	return rule, err == nil && !slices.Contains(ours, "") && opens != closes
}
