package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/app/demo"
	"ostoja/internal/id"
)

const (
	inRoom     = 40                     // phones, each a group
	trainerAsk = 400 * time.Millisecond // data-every of the trainer's screen (laboratoryweb/room.templ)
	phoneAsk   = 2 * time.Second        // and of a phone
	roomWithin = time.Second            // from a decision to where the trainer sees it, for 95 in 100
)

var errSlowRoom = errors.New("a decision is shown too late")

var (
	roomCode = regexp.MustCompile(`class="lab-code">([0-9A-Z]{6})<`)
	roomSeen = regexp.MustCompile(`data-seen="(\d+)"`)
	roomOf   = regexp.MustCompile(`Decyzje: (\d+) z`)
)

// room measures a case laboratory: a trainer's screen that asks as the script does, and phones that ask too and decide within three seconds
// of each other in each step. What counts is the time from when a phone's group presses to when the trainer's screen has it; the phone
// is answered after the commit, so that what is shown is durable.
func room(ctx context.Context, p *program) error {
	trainer, err := newLearner(p.base())
	if err != nil {
		return err
	}
	if err := trainer.enterAs(ctx, access.Trainer); err != nil {
		return err
	}
	opened, err := trainer.post(ctx, "/app/laboratory/runs", url.Values{"case": {"packing-hall"}})
	if err != nil {
		return err
	}
	code := roomCode.FindStringSubmatch(opened.body)
	if code == nil {
		return errors.New("the room shows no code")
	}
	phones, groups, err := joined(ctx, p, code[1])
	if err != nil {
		return err
	}
	var took []time.Duration
	for i, step := range []string{"folder", "colleague", "sheet", "night"} {
		if _, err := trainer.post(ctx, opened.url, url.Values{"from": {fmt.Sprint(2 * i)}}); err != nil {
			return err
		}
		shown, err := decideAll(ctx, trainer, opened.url, phones, groups, step)
		if err != nil {
			return err
		}
		took = append(took, shown...)
		if _, err := trainer.post(ctx, opened.url, url.Values{"from": {fmt.Sprint(2*i + 1)}}); err != nil {
			return err
		}
	}
	p95 := percentile(took, 95)
	report("laboratory, %d phones: decision to shown (p50, p95)", "%d, %d ms", inRoom, percentile(took, 50).Milliseconds(), p95.Milliseconds())
	if p95 > roomWithin {
		return errSlowRoom
	}
	return nil
}

// enterAs signs in one of the demonstration's staff.
func (l *learner) enterAs(ctx context.Context, role access.Role) error {
	for _, s := range demo.Staff {
		if s.Role == role {
			_, err := l.post(ctx, "/app/sign-in", url.Values{"name": {s.Mail}, "password": {demo.Password}})
			return err
		}
	}
	return fmt.Errorf("no %s", role)
}

// joined returns phones that are signed in and have joined the room, and the addresses of their groups.
func joined(ctx context.Context, p *program, code string) (phones []*learner, groups []string, err error) {
	for n := range inRoom {
		l, err := newLearner(p.base())
		if err != nil {
			return nil, nil, err
		}
		if err := l.signIn(ctx, n); err != nil {
			return nil, nil, err
		}
		at, err := l.post(ctx, "/app/laboratory/join", url.Values{"code": {code}, "group": {"0"}})
		if err != nil {
			return nil, nil, err
		}
		phones, groups = append(phones, l), append(groups, at.url)
	}
	return phones, groups, nil
}

// decideAll has all phones decide in a step, and returns how long each decision took until the trainer's screen showed as many.
func decideAll(ctx context.Context, trainer *learner, run string, phones []*learner, groups []string, step string) ([]time.Duration, error) {
	ctx, stop := context.WithTimeout(ctx, time.Minute)
	defer stop()
	var lock sync.Mutex
	var pressed []time.Time // in the order in which the server answered, which is nearly that of the commits
	var failed error
	var all, asking sync.WaitGroup
	done := make(chan struct{})
	for i, l := range phones {
		all.Go(func() {
			time.Sleep(time.Duration(rand.IntN(3000)) * time.Millisecond)
			at := time.Now()
			_, err := l.post(ctx, groups[i], url.Values{"step": {step}, "once": {id.New()}, "letter": {"a"}, "reason": {"Tak uważa nasza grupa."}})
			lock.Lock()
			defer lock.Unlock()
			pressed, failed = append(pressed, at), errors.Join(failed, err)
		})
		asking.Go(func() {
			for {
				select {
				case <-done:
					return
				case <-time.After(phoneAsk):
					_, _, _ = l.ask(ctx, groups[i], "0") // what a phone is shown is not measured
				}
			}
		})
	}
	shown, err := watch(ctx, trainer, run, len(phones))
	all.Wait()
	close(done)
	asking.Wait()
	if err := errors.Join(err, failed); err != nil {
		return nil, err
	}
	took := make([]time.Duration, len(pressed))
	for i, at := range pressed {
		took[i] = shown[i].Sub(at)
	}
	return took, nil
}

// watch asks as the trainer's screen does, and returns when it showed the first decision, the second, and so on.
func watch(ctx context.Context, trainer *learner, run string, want int) (shown []time.Time, err error) {
	seen := "0"
	for len(shown) < want {
		status, body, err := trainer.ask(ctx, run, seen)
		if err != nil {
			return nil, err
		}
		if status == http.StatusOK {
			if m := roomSeen.FindStringSubmatch(body); m != nil {
				seen = m[1]
			}
			n := 0
			if m := roomOf.FindStringSubmatch(body); m != nil {
				_, _ = fmt.Sscan(m[1], &n) // digits by the pattern
			}
			for now := time.Now(); len(shown) < n; {
				shown = append(shown, now)
			}
		}
		time.Sleep(trainerAsk)
	}
	return shown, nil
}

// ask asks whether something happened.
func (l *learner) ask(ctx context.Context, path, seen string) (status int, body string, err error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, l.base+path+"/state?seen="+seen, nil)
	if err != nil {
		return 0, "", err
	}
	answer, err := l.client.Do(r)
	if err != nil {
		return 0, "", err
	}
	var b strings.Builder
	buffer := make([]byte, 32<<10)
	for {
		n, err := answer.Body.Read(buffer)
		b.Write(buffer[:n])
		if err != nil {
			break // the end; what is cut short matches no pattern
		}
	}
	return answer.StatusCode, b.String(), answer.Body.Close()
}
