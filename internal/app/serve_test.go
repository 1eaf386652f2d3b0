package app

import (
	"bytes"
	"crypto/tls"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"
)

// TestConnectionsThatFailAreNotedWithoutAddresses: what net/http itself writes down names the visitor.
func TestConnectionsThatFailAreNotedWithoutAddresses(t *testing.T) {
	var said bytes.Buffer
	s := newServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic("planted-words") }), slog.New(slog.NewTextHandler(&said, nil)))
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	go func() { _ = s.Serve(l) }()
	if r, err := http.Get("http://" + l.Addr().String() + "/planted-path"); err == nil {
		_ = r.Body.Close()
	}
	s.ErrorLog.Printf("http: TLS handshake error from %s: %v", "203.0.113.77:4711", tls.AlertError(1))
	s.ErrorLog.Printf("http: Accept error: %v; retrying in %v", "accept tcp [::]:8080: too many open files", time.Second)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`kind="panic serving"`, `kind="TLS handshake error"`, "too many open files"} {
		if !strings.Contains(said.String(), want) {
			t.Errorf("no %s in %s", want, &said)
		}
	}
	for _, planted := range []string{"127.0.0.1", "203.0.113.77", "planted"} {
		if strings.Contains(said.String(), planted) {
			t.Errorf("%s stands in %s", planted, &said)
		}
	}
}
