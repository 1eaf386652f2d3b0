// Package web is what every page stands on: routing through the access table, sessions, limits, cross-site protection,
// security headers, errors that people can read, and forms that keep what was typed.
//
// Goals: a handler that forgets something is refused rather than open: a pattern without a line in the access table cannot be
// registered, a page is marked no-store unless it is public, an error without a text for people shows none of its own. Limits: it
// knows no area and no database; who somebody is comes through [Sessions].
package web

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"mime/multipart"
	"net/http"
	"net/url"
	"runtime"
	"runtime/debug"
	"strings"
	"syscall"
	"time"

	"github.com/klauspost/compress/gzhttp"

	"ostoja/internal/access"
	"ostoja/internal/clock"
	"ostoja/internal/errs"
	"ostoja/internal/lang"
	"ostoja/internal/seal"
	"ostoja/internal/ui/assets"
)

// Handler answers a request, or returns the error that [Mux] shows.
type Handler func(w http.ResponseWriter, r *http.Request) error

// Session is what a signed-in request knows about its person.
type Session struct {
	ID    string // names the session; not the token
	Actor access.Actor
	Name  string // shown in the header
	Lang  string
	// EndedFor is whose session this was, by the person's id, where it has ended and that is still known. Nobody is signed in
	// then: ID and Actor are empty, lest somebody be taken for who sat there before.
	EndedFor string
}

// Sessions finds the session of a token. It MUST be quick, since every page asks, and MUST see an end or a lost right within seconds
// on whichever node it happened (OWASP ASVS 5.0 7.4.1). It returns errs.ErrGone for one that has ended or expired, with the session's
// person filled in if it is still known, so that kept answers go back to the same person only.
type Sessions interface {
	Session(ctx context.Context, token string) (Session, error)
}

// Site is what the installation says of itself and all pages need.
type Site struct {
	Catalogue *lang.Catalogue
	Sessions  Sessions
	Key       seal.Key
	Clock     clock.Clock
	Log       *slog.Logger
	Assets    *assets.Assets
	BaseURL   string // https://example.org, without a slash at the end
	// ContentURL is the content origin, of another host than BaseURL's, "" if there is none: see access.ContentHost.
	ContentURL string
	// SignInPage shows the sign-in form; kept holds a sealed form that was sent after the session's end, "" if none.
	SignInPage func(w http.ResponseWriter, r *http.Request, kept string) error
	// Help, if set, returns the address of the help for a page, by its path.
	Help func(path string) string
	// Front, if set, is asked before anything else: it answers what needs no session, language, form or log line, such as the
	// public site's pages, and says whether it did.
	Front func(w http.ResponseWriter, r *http.Request) bool
	// Missing, if set, answers addresses outside the application that there are not.
	Missing Handler
	// Observe, if set, is told of each answered request.
	Observe func(pattern string, status int, took time.Duration)

	keys map[string]string // paths of the cookies that end with a session, by name
}

// Mux routes requests, at each host to the routes that stand there. A route that the access table does not know cannot be registered.
type Mux struct {
	site     *Site
	mux      *http.ServeMux // the program's own host
	content  *http.ServeMux // the content origin
	unknown  *http.ServeMux // requests that call us otherwise
	patterns []string
}

// NewMux returns a Mux without routes.
func NewMux(site *Site) *Mux {
	return &Mux{site: site, mux: http.NewServeMux(), content: http.NewServeMux(), unknown: http.NewServeMux()}
}

// Site returns what the pages need of the installation.
func (m *Mux) Site() *Site { return m.site }

// Patterns returns the patterns of all routes.
func (m *Mux) Patterns() []string { return m.patterns }

// Uncompressed is the header by which an answer asks to be sent as it is, since compressing it would be work for nothing. It is not sent.
const Uncompressed = gzhttp.HeaderNoCompression

// FormLimit bounds the body of an ordinary form, in bytes.
const FormLimit = 256 << 10

// Handle registers a page. It panics on a pattern that is not in access.Routes.
func (m *Mux) Handle(pattern string, h Handler) { m.HandleUpload(pattern, FormLimit, h) }

// HandleUpload is Handle for a form that may be up to limit bytes.
func (m *Mux) HandleUpload(pattern string, limit int64, h Handler) {
	need := access.NeedOf(pattern)
	if !need.Known() {
		panic("web: the route " + pattern + " is not in access.Routes")
	}
	m.register(pattern, need, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r.Body = http.MaxBytesReader(w, r.Body, limit)
		m.answer(w, r, need, h)
	}))
}

// HandleStatic registers what needs no person, language or error page, such as the assets.
func (m *Mux) HandleStatic(pattern string, h http.Handler) {
	need := access.NeedOf(pattern)
	if !need.Public() {
		panic("web: the static route " + pattern + " is not public in access.Routes")
	}
	m.register(pattern, need, h)
}

func (m *Mux) answer(w http.ResponseWriter, r *http.Request, need access.Need, h Handler) {
	session, ended := Session{}, false
	if !need.Public() {
		w.Header().Set("Cache-Control", "no-store") // shared computers: nothing of a person stays in a cache
		var err error
		session, ended, err = m.session(r)
		if err != nil { // the database is out of reach: that is no reason to say "signed out"
			m.fail(w, m.localise(r, session, need), err)
			return
		}
	}
	r = m.localise(r, session, need)
	defer m.forgetUploads(r)
	switch {
	case session.Actor.PersonID == "" && !need.Open():
		if err := m.refuseUnsigned(w, r, session, ended); err != nil {
			m.fail(w, r, err)
		}
		return
	case session.Actor.PersonID != "" && !need.MetBy(session.Actor):
		m.fail(w, r, errs.Forbidden("error.forbidden"))
		return
	}
	r, sought := m.unseal(r)
	if !sought {
		h = m.tooOld
	}
	begun := &statusWriter{ResponseWriter: w}
	if err := h(begun, r); err != nil {
		m.failed(begun, r, err)
	}
}

// forgetUploads removes the temporary files of what was uploaded. net/http removes those of the request that it made itself; a form
// is read from the copy that carries the language and the session.
func (m *Mux) forgetUploads(r *http.Request) {
	uploaded := stateOf(r.Context()).uploaded
	if uploaded == nil {
		return
	}
	if err := uploaded.RemoveAll(); err != nil {
		m.site.Log.Error("an uploaded file stays in the folder for temporary files", "route", r.Pattern, "error", err)
	}
}

// failed answers for a handler's error. Where the answer has begun no error page can follow it (RFC 9110, section 15: one status
// for one answer): the connection is cut, so that a browser does not take half a file for the whole. A browser that went away is
// no fault of anybody's.
func (m *Mux) failed(w *statusWriter, r *http.Request, err error) {
	switch {
	case w.status == 0:
		m.fail(w, r, err)
	case gone(err):
		m.site.Log.Debug("the browser went away", "route", r.Pattern, "error", err)
	default:
		m.site.Log.Error("an answer broke off", "route", r.Pattern, "error", err)
		panic(http.ErrAbortHandler)
	}
}

// gone says whether an error tells of nothing but a browser that closed its connection.
func gone(err error) bool {
	return !errors.Is(err, errs.ErrUnavailable) && (errors.Is(err, syscall.EPIPE) || errors.Is(err, syscall.ECONNRESET) || errors.Is(err, context.Canceled))
}

// refuseUnsigned leads to the sign-in page: a read comes back to where it wanted to go, a sent form is kept.
func (m *Mux) refuseUnsigned(w http.ResponseWriter, r *http.Request, ended Session, wasSignedIn bool) error {
	if r.Method == http.MethodGet || r.Method == http.MethodHead {
		return Redirect(w, r, "/app/sign-in?next="+url.QueryEscape(r.URL.RequestURI()))
	}
	kept, err := m.site.keep(r, ended.EndedFor)
	if err != nil || !wasSignedIn {
		kept = ""
	}
	return m.site.SignInPage(w, r, kept)
}

func (m *Mux) localise(r *http.Request, s Session, need access.Need) *http.Request {
	tag := s.Lang
	if q := r.URL.Query().Get("lang"); tag == "" && m.site.Catalogue.Has(q) {
		tag = q
	}
	if c, err := r.Cookie(langCookie); tag == "" && !need.Public() && err == nil && m.site.Catalogue.Has(c.Value) {
		tag = c.Value
	}
	if !m.site.Catalogue.Has(tag) {
		tag = m.site.Catalogue.Match(r.Header.Get("Accept-Language"))
	}
	ctx := lang.With(r.Context(), m.site.Catalogue.Printer(tag))
	return r.WithContext(context.WithValue(ctx, stateKey{}, &state{site: m.site, session: s, public: need.Public()}))
}

type (
	stateKey struct{}
	state    struct {
		site    *Site
		session Session
		public  bool // a page outside the application
		// uploaded is the form that [ReadForm] read, if it came with files. It stands here, where every copy of the request finds it.
		uploaded *multipart.Form
		address  string // as it was asked for, where it holds sealed words: see [Site.Sought]
	}
)

func stateOf(ctx context.Context) *state {
	s, _ := ctx.Value(stateKey{}).(*state)
	return s
}

// Actor returns who asks; without a session, nobody, who may do nothing.
func Actor(ctx context.Context) access.Actor {
	if s := stateOf(ctx); s != nil {
		return s.session.Actor
	}
	return access.Actor{}
}

// CurrentSession returns the request's session, empty if there is none.
func CurrentSession(ctx context.Context) Session {
	if s := stateOf(ctx); s != nil {
		return s.session
	}
	return Session{}
}

// Handler returns the whole as one handler with everything around it.
func (m *Mux) Handler() (http.Handler, error) {
	csrf := http.NewCrossOriginProtection()
	if err := csrf.AddTrustedOrigin(m.site.BaseURL); err != nil {
		return nil, fmt.Errorf("base URL: %w", err)
	}
	csrf.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		m.fail(w, m.localise(r, Session{}, access.Need{}), &errs.Error{Category: errs.ErrForbidden, Key: "error.cross-site"})
	}))
	gzip, err := gzhttp.NewWrapper(gzhttp.MinSize(1024), gzhttp.CompressionLevel(1))
	if err != nil {
		return nil, err
	}
	m.mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		m.answer(w, r, access.NeedOf("GET /healthz"), func(w http.ResponseWriter, r *http.Request) error {
			if m.site.Missing != nil {
				return m.site.Missing(w, r)
			}
			return errs.NotFound("error.not-found")
		})
	})
	inner := m.observe(m.recover(m.headers(csrf.Handler(gzip(m.mux))), m.sorry()))
	if m.site.Front == nil {
		return m.byHost(inner)
	}
	return m.byHost(m.recover(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !m.site.Front(w, r) {
			inner.ServeHTTP(w, r)
		}
	}), m.sorry()))
}

// headers sets what holds for every answer. The policy allows our own files and nothing else, no inline script or style.
func (m *Mux) headers(next http.Handler) http.Handler {
	return protected(m.site.BaseURL, "same-origin",
		"default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; media-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'", next)
}

// protected sets the headers that every answer of an origin has, with the origin's own policies of referrers and of content.
func protected(origin, referrers, policy string, next http.Handler) http.Handler {
	secure := strings.HasPrefix(origin, "https://")
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", policy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", referrers)
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
		if secure {
			h.Set("Strict-Transport-Security", "max-age=31536000")
		}
		next.ServeHTTP(w, r)
	})
}

// sorry is the error page after a panic; what panicked may have set no header yet.
func (m *Mux) sorry() http.Handler {
	return m.headers(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Cache-Control", "no-store")
		m.fail(w, m.localise(r, Session{}, access.Need{}), errors.New("panic"))
	}))
}

// recover answers a panic by sorry. Left to net/http, it would be written to the log with the visitor's address; what
// a panic says may hold what was asked, so that only the errors of Go itself are written.
func (m *Mux) recover(next, sorry http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer func() {
			p := recover()
			if p == nil {
				return
			}
			if p == http.ErrAbortHandler { //nolint:errorlint // compared by identity, as net/http does
				panic(p)
			}
			said := fmt.Sprintf("%T", p)
			if err, ok := p.(runtime.Error); ok {
				said = err.Error()
			}
			m.site.Log.Error("panic", "route", r.Pattern, "panic", said, "stack", string(debug.Stack()))
			sorry.ServeHTTP(w, r)
		}()
		next.ServeHTTP(w, r)
	})
}

// observe logs route and status, never the address, the query or the person.
func (m *Mux) observe(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		begin := time.Now()
		sw := &statusWriter{ResponseWriter: w}
		next.ServeHTTP(sw, r)
		if sw.status == 0 {
			sw.status = http.StatusOK
		}
		took := time.Since(begin)
		if m.site.Observe != nil {
			m.site.Observe(r.Pattern, sw.status, took)
		}
		m.site.Log.Debug("request", "method", r.Method, "route", r.Pattern, "status", sw.status, "took", took)
	})
}

type statusWriter struct {
	http.ResponseWriter
	status int
}

// WriteHeader notes the status on its way.
func (w *statusWriter) WriteHeader(status int) {
	if w.status == 0 {
		w.status = status
	}
	w.ResponseWriter.WriteHeader(status)
}

// Write sends the status 200 first where none was sent, as net/http does.
func (w *statusWriter) Write(b []byte) (int, error) {
	if w.status == 0 {
		w.status = http.StatusOK
	}
	return w.ResponseWriter.Write(b)
}

// Unwrap lets http.ResponseController reach the connection.
func (w *statusWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }
