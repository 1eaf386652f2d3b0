package main

import (
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"ostoja/internal/app/demo"
)

// concurrent is how many learners are at work at once.
const concurrent = 16

// learner is a client with a session of its own.
type learner struct {
	base   string
	client *http.Client
}

func newLearner(base string) (*learner, error) {
	jar, err := cookiejar.New(nil)
	if err != nil {
		return nil, err
	}
	return &learner{base: base, client: &http.Client{Jar: jar, Timeout: 30 * time.Second, Transport: transport}}, nil
}

var transport = &http.Transport{MaxIdleConnsPerHost: 2 * concurrent, MaxConnsPerHost: 0}

// page is an answer that was read whole.
type page struct {
	url  string
	body string
}

func (l *learner) get(ctx context.Context, path string) (page, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, l.base+path, nil)
	if err != nil {
		return page{}, err
	}
	return l.do(r)
}

func (l *learner) post(ctx context.Context, path string, form url.Values) (page, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, l.base+path, strings.NewReader(form.Encode()))
	if err != nil {
		return page{}, err
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return l.do(r)
}

func (l *learner) do(r *http.Request) (page, error) {
	answer, err := l.client.Do(r)
	if err != nil {
		return page{}, err
	}
	body, err := io.ReadAll(answer.Body)
	if err := answer.Body.Close(); err != nil {
		return page{}, err
	}
	if err == nil && answer.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s %s: status %d", r.Method, r.URL.Path, answer.StatusCode)
	}
	return page{answer.Request.URL.Path, string(body)}, err
}

// signIn signs the n-th synthetic learner in with a real password hash.
func (l *learner) signIn(ctx context.Context, n int) error {
	p, err := l.post(ctx, "/app/sign-in", url.Values{"name": {demo.LearnerMail(n)}, "password": {demo.Password}})
	if err == nil && strings.HasPrefix(p.url, "/app/sign-in") {
		err = fmt.Errorf("learner %d was not signed in", n)
	}
	return err
}

var (
	enrolmentLink = regexp.MustCompile(`/app/learn/([0-9a-f-]{36})`)
	lessonLink    = regexp.MustCompile(`/app/learn/[0-9a-f-]{36}/lesson/[a-z0-9-]+`)
	itemChoice    = regexp.MustCompile(`name="(item\.[^"]+)" value="([^"]+)"`)
)

// enrolment returns the learner's enrolment, found as a person would: from the list of courses.
func (l *learner) enrolment(ctx context.Context) (string, error) {
	p, err := l.get(ctx, "/app/courses")
	if err != nil {
		return "", err
	}
	m := enrolmentLink.FindStringSubmatch(p.body)
	if m == nil {
		return "", fmt.Errorf("no course in the list")
	}
	return m[1], nil
}

// inStage returns the numbers of synthetic learners at a stage.
func inStage(s demo.Stage, learners int) []int {
	var list []int
	for n := range learners {
		if demo.StageOf(n) == s {
			list = append(list, n)
		}
	}
	return list
}

// fetch gets a page as it comes over the wire, compressed, without unpacking it: that is the browser's work on another
// machine.
func (l *learner) fetch(ctx context.Context, path string) error {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, l.base+path, nil)
	if err != nil {
		return err
	}
	r.Header.Set("Accept-Encoding", "gzip")
	answer, err := l.client.Do(r)
	if err != nil {
		return err
	}
	n, err := io.Copy(io.Discard, answer.Body)
	if err := answer.Body.Close(); err != nil {
		return err
	}
	if err == nil && (answer.StatusCode != http.StatusOK || n < 3000) {
		err = fmt.Errorf("GET %s: status %d, %d bytes", path, answer.StatusCode, n)
	}
	return err
}

// lessons measures lesson pages per second.
func lessons(ctx context.Context, p *program) error {
	who := inStage(demo.UnderWay, p.learners)
	readers, paths := make([]*learner, concurrent), make([]string, concurrent)
	for i := range readers {
		l, err := newLearner(p.base())
		if err != nil {
			return err
		}
		if err := l.signIn(ctx, who[i]); err != nil {
			return err
		}
		enrolment, err := l.enrolment(ctx)
		if err != nil {
			return err
		}
		overview, err := l.get(ctx, "/app/learn/"+enrolment)
		if err != nil {
			return err
		}
		links := lessonLink.FindAllString(overview.body, -1)
		if len(links) == 0 {
			return fmt.Errorf("no lesson on the course's page")
		}
		readers[i], paths[i] = l, links[rand.IntN(len(links))]
	}
	m := measure(ctx, p.seconds, func(ctx context.Context, i int) error {
		return readers[i].fetch(ctx, paths[i])
	})
	return m.report("lesson pages", 38)
}

// journeys measures whole journeys: sign in, courses, course, lesson, begin the test, ten answers each saved, submit, result.
func journeys(ctx context.Context, p *program) error {
	who := inStage(demo.BeforeTest, p.learners)
	var next atomic.Int64
	m := measure(ctx, p.seconds, func(ctx context.Context, _ int) error {
		n := int(next.Add(1)) - 1
		if n >= len(who) {
			return errNoLearners
		}
		l, err := newLearner(p.base())
		if err != nil {
			return err
		}
		return l.journey(ctx, who[n])
	})
	return m.report("journeys", 3.7)
}

var errNoLearners = fmt.Errorf("no learner is left who has not taken the test: more learners or fewer seconds")

func (l *learner) journey(ctx context.Context, n int) error {
	if err := l.signIn(ctx, n); err != nil {
		return err
	}
	enrolment, err := l.enrolment(ctx)
	if err != nil {
		return err
	}
	course, err := l.get(ctx, "/app/learn/"+enrolment)
	if err != nil {
		return err
	}
	if _, err := l.get(ctx, lessonLink.FindString(course.body)); err != nil {
		return err
	}
	test, err := l.post(ctx, "/app/learn/"+enrolment+"/test", url.Values{})
	if err != nil {
		return err
	}
	choices := itemChoice.FindAllStringSubmatch(test.body, -1)
	answers := url.Values{}
	for _, c := range choices {
		if answers.Has(c[1]) || len(answers) == 10 {
			continue
		}
		answers.Set(c[1], c[2])
		// Each answer is saved by itself, as the page does while one goes on.
		if _, err := l.post(ctx, test.url, url.Values{c[1]: {c[2]}, "autosave": {"1"}}); err != nil {
			return err
		}
	}
	if len(answers) < 10 {
		return fmt.Errorf("the test offers %d questions to choose in", len(answers))
	}
	answers.Set("submit", "sure")
	result, err := l.post(ctx, test.url, answers)
	if err == nil && !strings.HasSuffix(result.url, "/result") {
		err = fmt.Errorf("the journey ended at %s", result.url)
	}
	return err
}

// measurement is what a load did.
type measurement struct {
	took    []time.Duration
	elapsed time.Duration
	err     error
}

// measure lets 16 clients repeat do for some seconds.
func measure(ctx context.Context, seconds int, do func(ctx context.Context, client int) error) measurement {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	var mu sync.Mutex
	var m measurement
	var clients sync.WaitGroup
	begin := time.Now()
	end := begin.Add(time.Duration(seconds) * time.Second)
	for i := range concurrent {
		clients.Go(func() {
			var own []time.Duration
			var err error
			for err == nil && time.Now().Before(end) && ctx.Err() == nil {
				start := time.Now()
				if err = do(ctx, i); err == nil {
					own = append(own, time.Since(start))
				}
			}
			mu.Lock()
			defer mu.Unlock()
			m.took = append(m.took, own...)
			if err != nil && m.err == nil && ctx.Err() == nil {
				m.err = err
				cancel()
			}
		})
	}
	clients.Wait()
	m.elapsed = time.Since(begin)
	return m
}

// report prints rate and latency beside the compared figure (Moodle 4.3, tuned by hand, two such cores).
func (m measurement) report(what string, moodle float64) error {
	if m.err != nil {
		return fmt.Errorf("%s: %w", what, m.err)
	}
	rate := float64(len(m.took)) / m.elapsed.Seconds()
	report("%s a second, 16 at once (Moodle 4.3: %.1f)", "%.1f, that is %.0f times", what, moodle, rate, rate/moodle)
	report("   p50 / p95 / p99", "%.1f / %.1f / %.1f ms", ms(m.took, 50), ms(m.took, 95), ms(m.took, 99))
	return nil
}

func ms(took []time.Duration, p int) float64 {
	return float64(percentile(took, p).Microseconds()) / 1000
}

func percentile(took []time.Duration, p int) time.Duration {
	if len(took) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(took))
	return sorted[min(len(sorted)-1, len(sorted)*p/100)]
}
