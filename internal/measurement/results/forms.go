package results

import (
	"context"
	"slices"
	"time"

	"ostoja/internal/db"
	"ostoja/internal/item"
	"ostoja/internal/itembank"
	"ostoja/internal/measurement"
)

// RecentSittings is how many sittings of a form tell the difficulty of its items; more would cost time and tell no more.
const RecentSittings = 3000

// answeredSitting is a sitting with an answer. One without tells nothing of the items: nobody looked at them, or the answers were
// not kept.
const answeredSitting = `EXISTS (SELECT 1 FROM sitting_answer a WHERE a.sitting_id = s.id)`

// sittingsOf chooses the newest finished sittings of a form at some waves, on demand only of matched participants.
func sittingsOf(formID string, most int, matchedOnly bool, waves ...measurement.Wave) (query string, args []any) {
	args = append([]any{formID}, db.Args(waves)...)
	from, of := `sitting s`, answeredSitting
	if matchedOnly {
		from, of = from+` JOIN participant p ON p.id = s.participant_id`, of+` AND `+matched
	}
	return `SELECT s.id FROM ` + from + ` WHERE s.form_id = ? AND s.state = 'done' AND s.wave IN (` + db.In(len(waves)) + `) AND ` + of + ` ORDER BY s.submitted_at DESC, s.id LIMIT ?`, append(args, most)
}

// Difficulty returns the mean share of each version in recent sittings before a training, if there were
// [itembank.LeastSittings] of forms with it. As in the item analysis, no answer is a share of 0.
func Difficulty(ctx context.Context, q db.Querier, forms []itembank.Form) (map[string]float64, error) {
	type row struct {
		VersionID string
		Share     float64
	}
	sum, sat := map[string]float64{}, map[string]int{}
	for _, f := range forms {
		newest, args := sittingsOf(f.ID, RecentSittings, false, measurement.Before)
		n, err := db.One[int](ctx, q, `SELECT COUNT(*) FROM (`+newest+`) newest`, args...)
		if err != nil {
			return nil, err
		}
		if n == 0 {
			continue
		}
		list, err := db.All[row](ctx, q, `SELECT version_id, SUM(share) AS share FROM sitting_answer
			WHERE sitting_id IN (SELECT id FROM (`+newest+`) newest) AND share IS NOT NULL GROUP BY version_id`, args...)
		if err != nil {
			return nil, err
		}
		for _, versionID := range f.Items {
			sat[versionID] += n
		}
		for _, r := range list {
			sum[r.VersionID] += r.Share
		}
	}
	byID := make(map[string]float64, len(sat))
	for versionID, n := range sat {
		if n >= itembank.LeastSittings {
			byID[versionID] = sum[versionID] / float64(n)
		}
	}
	return byID, nil
}

// FormCount is how many finished sittings a form has at some waves, and how many of them are of people whom the gain report
// counts too.
type FormCount struct {
	FormID  string
	N       int
	Matched int
}

// CountForms counts the finished sittings of each form at some waves, in the forms' order; forms without any are left out.
func CountForms(ctx context.Context, q db.Querier, forms []itembank.Form, waves []measurement.Wave) ([]FormCount, error) {
	var args []any
	for _, f := range forms {
		args = append(args, f.ID)
	}
	args = append(args, db.Args(waves)...)
	counted, err := db.All[FormCount](ctx, q, `
		SELECT s.form_id, COUNT(*) AS n, COUNT(CASE WHEN `+matched+` THEN 1 END) AS matched
		FROM sitting s JOIN participant p ON p.id = s.participant_id
		WHERE s.form_id IN (`+db.In(len(forms))+`) AND s.state = 'done' AND s.wave IN (`+db.In(len(waves))+`) AND `+answeredSitting+` GROUP BY s.form_id`, args...)
	var list []FormCount
	for _, f := range forms {
		if i := slices.IndexFunc(counted, func(c FormCount) bool { return c.FormID == f.ID }); i >= 0 {
			list = append(list, counted[i])
		}
	}
	return list, err
}

// Responses are those of one finished sitting of a form.
type Responses struct {
	Shares  []float64  // of each item, in the form's order; no answer is 0
	Choices [][]string // chosen options of each item that has options
}

// ResponsesTo reads the newest finished sittings of a form, so many at most, on demand only of matched participants. more says that there are
// others, which were not read.
func ResponsesTo(ctx context.Context, tx *db.Tx, f *itembank.Form, most int, waves []measurement.Wave, matchedOnly bool) (list []Responses, more bool, err error) {
	newest, args := sittingsOf(f.ID, most+1, matchedOnly, waves...)
	type row struct {
		SittingID, VersionID string
		Answer               item.Answer `db:"answer,json"`
		Share                *float64
	}
	ids, err := db.All[string](ctx, tx, newest, args...)
	if err != nil {
		return nil, false, err
	}
	if more = len(ids) > most; more {
		ids = ids[:most]
	}
	at := make(map[string]int, len(ids))
	list = make([]Responses, len(ids))
	for i, sittingID := range ids {
		at[sittingID] = i
		list[i] = Responses{Shares: make([]float64, len(f.Items)), Choices: make([][]string, len(f.Items))}
	}
	for portion := range slices.Chunk(ids, 500) {
		rows, err := db.All[row](ctx, tx, `SELECT sitting_id, version_id, answer, share FROM sitting_answer WHERE sitting_id IN (`+db.In(len(portion))+`)`, db.Args(portion)...)
		if err != nil {
			return nil, false, err
		}
		for _, r := range rows {
			j := slices.Index(f.Items, r.VersionID)
			if j < 0 || r.Share == nil {
				continue
			}
			x := &list[at[r.SittingID]]
			x.Shares[j], x.Choices[j] = *r.Share, r.Answer.Chosen
		}
	}
	return list, more, nil
}

// Stamp is what changes when somebody hands in one of some forms.
type Stamp struct {
	N    int
	Last time.Time
}

// StampOf returns the stamp of the finished sittings of some forms.
func StampOf(ctx context.Context, q db.Querier, forms []itembank.Form) (Stamp, error) {
	var args []any
	for _, f := range forms {
		args = append(args, f.ID)
	}
	return db.One[Stamp](ctx, q, `SELECT COUNT(*) AS n, MAX(submitted_at) AS last FROM sitting WHERE form_id IN (`+db.In(len(forms))+`) AND state = 'done'`, args...)
}

// SatSince returns when the form had been handed in so many times with answers, at whatever wave; zero if it has not.
func SatSince(ctx context.Context, tx *db.Tx, formID string, times int) (time.Time, error) {
	list, err := db.All[time.Time](ctx, tx, `SELECT s.submitted_at FROM sitting s WHERE s.form_id = ? AND s.state = 'done' AND `+answeredSitting+` ORDER BY s.submitted_at LIMIT 1 OFFSET ?`, formID, times-1)
	if err != nil || len(list) == 0 {
		return time.Time{}, err
	}
	return list[0], nil
}
