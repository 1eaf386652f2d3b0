package web_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"ostoja/internal/web"
)

// TestASignInPageThatFails is an error page, not an empty answer that looks as if the form had been taken.
func TestASignInPageThatFails(t *testing.T) {
	s, _ := site(t)
	s.SignInPage = func(http.ResponseWriter, *http.Request, string) error { return errors.New("secret cause") }
	mux := web.NewMux(s)
	mux.Handle("POST /app/account/password", func(http.ResponseWriter, *http.Request) error { t.Error("it was let in"); return nil })
	handler, err := mux.Handler()
	if err != nil {
		t.Fatal(err)
	}
	w, r := httptest.NewRecorder(), httptest.NewRequest(http.MethodPost, "/app/account/password", strings.NewReader(url.Values{"old": {"x"}}.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	handler.ServeHTTP(w, r)
	if w.Code != http.StatusInternalServerError || strings.Contains(w.Body.String(), "secret") {
		t.Errorf("status %d\n%s", w.Code, w.Body)
	}
}
