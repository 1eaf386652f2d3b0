package site_test

import (
	"strings"
	"testing"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/errs"
	"ostoja/internal/fact"
	"ostoja/internal/site"
)

// TestTheCallLog: who called, when, with what; the newest first, and never a call that is still to come or to what is no phone.
func TestTheCallLog(t *testing.T) {
	each(t, func(k *desk) {
		ctx := k.Context()
		sunday := time.Date(2026, 11, 22, 22, 30, 0, 0, time.UTC) // 23:30 in Warsaw
		k.no(k.AddCall(ctx, k.first, site.Call{FactID: fact.NationalLine, CalledAt: now, Answered: true, Languages: " polski,  ukraiński ", Nights: "yes", Note: "Krótka rozmowa."}))
		k.no(k.AddCall(ctx, k.second, site.Call{FactID: fact.NationalLine, CalledAt: sunday}))
		k.no(k.AddCall(ctx, k.second, site.Call{FactID: fact.Emergency, CalledAt: sunday.Add(-time.Hour)}))
		k.fails(k.AddCall(ctx, k.first, site.Call{FactID: fact.NationalLine, CalledAt: now.Add(time.Minute)}), errs.ErrInvalid, "day-ahead")
		k.fails(k.AddCall(ctx, k.first, site.Call{FactID: fact.NationalLine}), errs.ErrInvalid, "site.fault.day")
		k.fails(k.AddCall(ctx, k.first, site.Call{FactID: fact.NationalLine, CalledAt: now, Nights: "maybe", Note: strings.Repeat("ż", 501)}), errs.ErrInvalid, "call-note")
		k.fails(k.AddCall(ctx, k.first, site.Call{FactID: "prosecutor", CalledAt: now}), errs.ErrNotFound, "not found")
		reader := access.Actor{PersonID: "r", At: now, Grants: []access.Grant{{Role: access.Reviewer}}}
		k.fails(k.AddCall(ctx, reader, site.Call{FactID: fact.NationalLine, CalledAt: now}), errs.ErrForbidden, "forbidden")
		if _, err := k.Calls(ctx, access.Actor{PersonID: "l", At: now, Grants: []access.Grant{{Role: access.Learner}}}, ""); err == nil {
			k.Error("a learner reads the log")
		}
		all, err := k.Calls(ctx, reader, "")
		k.no(err)
		one, err := k.Calls(ctx, reader, fact.NationalLine)
		k.no(err)
		if len(all) != 3 || len(one) != 2 || one[0].CallerID != k.first.PersonID || one[0].Languages != "polski, ukraiński" || one[0].Nights != "yes" || !one[0].Answered {
			k.Fatalf("%+v %+v", all, one)
		}
		zone := warsaw(k.T)
		if one[0].AtNight(zone) || one[0].OnFreeDay(zone) || !one[1].AtNight(zone) || !one[1].OnFreeDay(zone) {
			k.Errorf("a Monday morning and a Sunday night: %+v", one)
		}
		if (&site.Call{CalledAt: time.Date(2026, 11, 10, 23, 30, 0, 0, time.UTC)}).OnFreeDay(zone) == false {
			k.Error("11 November in Warsaw, while it is the 10th in UTC")
		}
	})
}
