package web

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"time"

	"ostoja/internal/errs"
	"ostoja/internal/lang"
)

// The application's cookies are confined to its path, so that a reader of the public site never carries one.
const (
	cookiePath    = "/app/"
	sessionCookie = "ostoja_session"
	langCookie    = "ostoja_lang"
	flashCookie   = "ostoja_said"
	deviceCookie  = "ostoja_device"
	slashCookie   = "ostoja_slash" // there: the key / is left to the browser
)

// session returns the request's session. ended says that there was one.
func (m *Mux) session(r *http.Request) (s Session, ended bool, err error) {
	c, err := r.Cookie(sessionCookie)
	if err != nil || c.Value == "" {
		return Session{}, false, nil
	}
	s, err = m.site.Sessions.Session(r.Context(), c.Value)
	switch {
	case err == nil:
		return s, false, nil
	case errors.Is(err, errs.ErrGone):
		return Session{EndedFor: s.Actor.PersonID}, true, nil
	case errors.Is(err, errs.ErrNotFound):
		return Session{}, true, nil
	}
	return Session{}, false, err
}

// secure says whether the site is served over https, so that its cookies are never sent otherwise.
func (s *Site) secure() bool { return strings.HasPrefix(s.BaseURL, "https://") }

func (s *Site) setCookie(w http.ResponseWriter, name, value string, maxAge int) {
	http.SetCookie(w, &http.Cookie{ //nolint:gosec // Secure wherever the site is served over https
		Name: name, Value: value, Path: cookiePath, MaxAge: maxAge,
		HttpOnly: true, Secure: s.secure(), SameSite: http.SameSiteLaxMode,
	})
}

// SetSession gives the browser a session's token until it expires.
func (s *Site) SetSession(w http.ResponseWriter, token string, expires time.Time) {
	s.setCookie(w, sessionCookie, token, int(expires.Sub(s.Clock.Now()).Seconds()))
}

// ClearSession takes the session's token from the browser, and with it the keys that were given there: see [Site.SetKey].
func (s *Site) ClearSession(w http.ResponseWriter) {
	s.setCookie(w, sessionCookie, "", -1)
	for name, path := range s.keys {
		s.setKey(w, name, path, "", -1)
	}
}

// KeyCookie announces a cookie that opens something other than an account, for a path of its own. It is called before the
// program serves.
func (s *Site) KeyCookie(name, path string) {
	if s.keys == nil {
		s.keys = map[string]string{}
	}
	s.keys[name] = path
}

// SetKey gives the browser, until it is closed or somebody signs out there, a key that was announced by [Site.KeyCookie].
func (s *Site) SetKey(w http.ResponseWriter, name, value string) {
	s.setKey(w, name, s.keys[name], value, 0)
}

func (s *Site) setKey(w http.ResponseWriter, name, path, value string, maxAge int) {
	http.SetCookie(w, &http.Cookie{ //nolint:gosec // Secure wherever the site is served over https
		Name: name, Value: value, Path: path, MaxAge: maxAge, HttpOnly: true, SameSite: http.SameSiteLaxMode, Secure: s.secure(),
	})
}

// SessionToken returns the token that the request carries, "" if none.
func SessionToken(r *http.Request) string {
	if c, err := r.Cookie(sessionCookie); err == nil {
		return c.Value
	}
	return ""
}

// SetDevice marks the browser as one in which a person has signed in. The value is sealed; who slows sign-in uses it to tell
// the owner from a guesser. It outlives the session.
func (s *Site) SetDevice(w http.ResponseWriter, sealed string) {
	s.setCookie(w, deviceCookie, sealed, int((365 * 24 * time.Hour).Seconds()))
}

// Device returns the browser's mark, "" if it has none.
func Device(r *http.Request) string {
	if c, err := r.Cookie(deviceCookie); err == nil {
		return c.Value
	}
	return ""
}

// SetLang remembers the language that somebody who is not signed in has chosen.
func (s *Site) SetLang(w http.ResponseWriter, tag string) {
	s.setCookie(w, langCookie, tag, int((365 * 24 * time.Hour).Seconds()))
}

// flash is a message for the next page: the key of a text and its placeholders.
type flash struct {
	Key  string         `json:"k"`
	N    *int           `json:"n,omitempty"`
	Args map[string]any `json:"a,omitempty"`
}

// Say leaves a message that the next page shows once.
func (s *Site) Say(w http.ResponseWriter, key string, pairs ...any) {
	s.sayFlash(w, flash{Key: key, Args: errs.Args(pairs...)})
}

// SayN is Say with a text that counts.
func (s *Site) SayN(w http.ResponseWriter, key string, n int) {
	s.sayFlash(w, flash{Key: key, N: &n})
}

func (s *Site) sayFlash(w http.ResponseWriter, f flash) {
	if sealed, err := s.Key.Close("flash", f); err == nil {
		s.setCookie(w, flashCookie, sealed, 60)
	}
}

// said takes the message that an earlier answer left.
func (s *Site) said(w http.ResponseWriter, r *http.Request) string {
	c, err := r.Cookie(flashCookie)
	if err != nil {
		return ""
	}
	s.setCookie(w, flashCookie, "", -1)
	var f flash
	if s.Key.Open("flash", c.Value, &f) != nil {
		return ""
	}
	p := lang.From(r.Context())
	if f.N != nil {
		return p.N(f.Key, *f.N)
	}
	return p.Args(f.Key, f.Args)
}

// Kept is a form that was sent after its session had ended.
type Kept struct {
	Path   string     `json:"path"`
	Values url.Values `json:"values"`
	Person string     `json:"person"` // whose session it was, "" if unknown
	At     time.Time  `json:"at"`
}

// keptFor bounds how long a kept form can be sent again.
const keptFor = 24 * time.Hour

// keep seals the request's form, so that it survives signing in again without being stored anywhere.
func (s *Site) keep(r *http.Request, person string) (string, error) {
	if strings.HasPrefix(r.Header.Get("Content-Type"), "multipart/") {
		return "", errs.Invalid("error.invalid") // files are not kept: they are still where they were chosen
	}
	if err := r.ParseForm(); err != nil {
		return "", err
	}
	if len(r.PostForm) == 0 {
		return "", nil
	}
	return s.Key.Close("kept", Kept{Path: r.URL.Path, Values: r.PostForm, Person: person, At: s.Clock.Now()})
}

// OpenKept returns the form that was kept, for the person who has signed in now. It is refused for another person than
// the one whose session had ended.
func (s *Site) OpenKept(sealed, person string) (Kept, error) {
	var k Kept
	if err := s.Key.Open("kept", sealed, &k); err != nil {
		return Kept{}, errs.Invalid("error.invalid").Because(err)
	}
	if s.Clock.Now().Sub(k.At) > keptFor || (k.Person != "" && k.Person != person) || LocalPath(k.Path) == "" {
		return Kept{}, errs.Gone("error.gone")
	}
	return k, nil
}

// LocalPath returns p if it is a path of the application on this site, else "". It keeps a sign-in link from being used to lead elsewhere.
func LocalPath(p string) string {
	if !strings.HasPrefix(p, "/app/") || strings.ContainsAny(p, "\\\r\n\t") || strings.Contains(p, "..") {
		return ""
	}
	if u, err := url.Parse(p); err != nil || u.Host != "" || u.Scheme != "" {
		return ""
	}
	return p
}

// JSON answers with v, for scripts that improve a page.
func JSON(w http.ResponseWriter, status int, v any) error {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	return json.NewEncoder(w).Encode(v)
}
