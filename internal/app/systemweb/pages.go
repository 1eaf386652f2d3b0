// Package systemweb shows an administrator what the program is doing: jobs and mail that are stuck, the versions of program
// and schema; and holds the few addresses that belong to no area.
//
// Goals: what waits for a person is seen on one page before somebody misses a letter; probes get an answer within five
// seconds whatever the database does. Limits: the page shows no letter's text, no recipient (mailweb is for letters) and no job's payload, since who
// operates the machine need not know who is in the programme; measures over time are /metrics.
package systemweb

import (
	"context"
	"net/http"
	"time"

	"ostoja/internal/job"
	"ostoja/internal/lang"
	"ostoja/internal/list/listweb"
	"ostoja/internal/mail"
	"ostoja/internal/web"
)

// Pages are the system's pages.
type Pages struct {
	Site    *web.Site
	Queue   *job.Queue
	Outbox  *mail.Outbox
	Version string
	Schema  int64
	// Ready says whether the program can serve: the database answers and its schema is this program's.
	Ready func(ctx context.Context) error
}

// Routes registers the pages.
func (h *Pages) Routes(m *web.Mux) {
	m.Handle("GET /healthz", h.healthz)
	m.Handle("GET /readyz", h.readyz)
	m.Handle("GET /robots.txt", h.robots)
	m.Handle("GET /favicon.ico", h.favicon)
	m.Handle("GET /app/system", h.system)
	m.Handle("POST /app/system/job/{job}/retry", h.retry)
	m.Handle("GET /app/design", h.design)
}

// healthz says that the process lives. It asks nothing of the database: a process that is restarted because its database is
// away comes back no better, and loses what it was doing.
func (h *Pages) healthz(w http.ResponseWriter, _ *http.Request) error {
	w.Header().Set("Cache-Control", "no-store")
	_, _ = w.Write([]byte("ok\n")) // a prober that went away is told nothing
	return nil
}

// readyz says whether the program can serve; what is wrong is for the log, not for whoever asks.
func (h *Pages) readyz(w http.ResponseWriter, r *http.Request) error {
	w.Header().Set("Cache-Control", "no-store")
	ctx, cancel := context.WithTimeout(r.Context(), 5*time.Second)
	defer cancel()
	if err := h.Ready(ctx); err != nil {
		h.Site.Log.Error("not ready", "error", err)
		http.Error(w, "not ready", http.StatusServiceUnavailable)
		return nil
	}
	_, _ = w.Write([]byte("ready\n")) // likewise
	return nil
}

// robots keeps the application and certificates that somebody verified out of search engines (RFC 9309). It protects nothing:
// the pages say noindex as well, and ask for a session.
func (h *Pages) robots(w http.ResponseWriter, _ *http.Request) error {
	_, _ = w.Write([]byte("User-agent: *\nDisallow: /app/\nDisallow: /verify\n")) // a crawler that went away asks again
	return nil
}

// favicon is empty: pages carry their mark within themselves, and browsers that ask all the same get a short answer.
func (h *Pages) favicon(w http.ResponseWriter, _ *http.Request) error {
	w.Header().Set("Cache-Control", "public, max-age=31536000")
	w.WriteHeader(http.StatusNoContent)
	return nil
}

func (h *Pages) system(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	jobs, err := h.Queue.List(ctx, 1000)
	if err != nil {
		return err
	}
	waiting, failed, err := h.Queue.Waiting(ctx)
	if err != nil {
		return err
	}
	letters, err := h.Outbox.Waiting(ctx)
	if err != nil {
		return err
	}
	works, err := h.Queue.Periodics(ctx)
	if err != nil {
		return err
	}
	l, periodic := h.jobList(r, jobs), h.periodicList(r, works)
	switch {
	case l.Wanted():
		return l.Send(w, r)
	case periodic.Wanted():
		return periodic.Send(w, r)
	}
	shown, err := l.Open(ctx)
	if err != nil {
		return err
	}
	v := view{Version: h.Version, Schema: h.Schema, Waiting: waiting, Failed: failed, Letters: letters, Jobs: shown}
	if len(works) > 0 {
		if v.Periodic, err = periodic.Open(ctx); err != nil {
			return err
		}
	}
	return web.Show(w, r, web.View{Title: lang.T(ctx, "system.title"), Nav: "system", Wide: true}, systemPage(v))
}

type view struct {
	Version                  string
	Schema                   int64
	Waiting, Failed, Letters int
	Jobs                     *listweb.Shown
	Periodic                 *listweb.Shown // nil if there is none
}

func (h *Pages) retry(w http.ResponseWriter, r *http.Request) error {
	if err := h.Queue.Retry(r.Context(), r.PathValue("job")); err != nil {
		return err
	}
	h.Site.Say(w, "system.said.retried")
	return web.Redirect(w, r, "/app/system")
}

func (h *Pages) design(w http.ResponseWriter, r *http.Request) error {
	l := h.exampleList(r)
	if l.Wanted() {
		return l.Send(w, r)
	}
	shown, err := l.Open(r.Context())
	if err != nil {
		return err
	}
	return web.Show(w, r, web.View{Title: lang.T(r.Context(), "system.design"), Wide: true, Charts: true}, designPage(shown))
}
