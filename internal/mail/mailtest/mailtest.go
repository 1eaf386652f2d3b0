// Package mailtest runs a real SMTP server in the test's process, to read the mail that was sent.
package mailtest

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net"
	"net/mail"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-smtp"
)

// Letter is a message as a recipient sees it.
type Letter struct {
	To      string
	Subject string
	Body    string
	Header  mail.Header
	Entries []Entry
}

// Entry is an entry for the recipient's calendar that a letter brings.
type Entry struct {
	Type     string // of the part, with its parameters
	Attached bool   // and not in the letter itself
	Text     string
}

// Server is a mail server that keeps what it is given.
type Server struct {
	mu      sync.Mutex
	letters []Letter
	server  *smtp.Server
	address string
	down    bool
	refuse  bool
	answers map[string]*smtp.SMTPError // by "MAIL", "DATA" or a recipient
	hangs   map[string]chan struct{}   // by recipient
	leaves  bool
}

// Start starts a server on a free loopback port; it ends with the test.
func Start(t testing.TB) *Server {
	t.Helper()
	s := &Server{answers: map[string]*smtp.SMTPError{}, hangs: map[string]chan struct{}{}}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s.address = listener.Addr().String()
	s.server = smtp.NewServer(smtp.BackendFunc(func(conn *smtp.Conn) (smtp.Session, error) {
		s.mu.Lock()
		defer s.mu.Unlock()
		if s.down {
			return nil, &smtp.SMTPError{Code: 421, Message: "out of service"}
		}
		return &session{server: s, conn: conn}, nil
	}))
	s.server.Domain = "localhost"
	go func() { _ = s.server.Serve(listener) }() // ends with Close below
	t.Cleanup(func() { _ = s.server.Close() })
	return s
}

// URL returns the server's address for mail.NewSMTP.
func (s *Server) URL() string { return "smtp://" + s.address + "?tls=none" }

// SetDown makes the server refuse mail, or take it again.
func (s *Server) SetDown(down bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.down = down
}

// RefuseRecipients makes the server refuse every recipient by name, or take them again.
func (s *Server) RefuseRecipients(refuse bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.refuse = refuse
}

// Answer makes the server answer "MAIL" or "DATA" of every letter, or a recipient's address, with an error, "550 5.1.1 no such user"
// for instance, or with none again if it is "".
func (s *Server) Answer(to, text string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if text == "" {
		delete(s.answers, to)
		return
	}
	e := &smtp.SMTPError{Message: text}
	if _, err := fmt.Sscanf(text, "%d %d.%d.%d", &e.Code, &e.EnhancedCode[0], &e.EnhancedCode[1], &e.EnhancedCode[2]); err != nil {
		panic("mailtest: " + text) // a mistake in a test
	}
	s.answers[to] = e
}

// Hang makes the server keep who writes to a recipient waiting until the returned function is called or the test ends.
func (s *Server) Hang(t testing.TB, to string) (release func()) {
	t.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	until := make(chan struct{})
	s.hangs[to] = until
	release = sync.OnceFunc(func() { close(until) })
	t.Cleanup(release)
	return release
}

// Leave makes the server hang up without a word once it has taken a letter.
func (s *Server) Leave() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.leaves = true
}

// Letters returns what has come so far.
func (s *Server) Letters() []Letter {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]Letter(nil), s.letters...)
}

// Wait returns the first letter to a recipient that came after the first skip ones to them, or fails the test after 15 seconds.
func (s *Server) Wait(t testing.TB, to string, skip int) Letter {
	t.Helper()
	for end := time.Now().Add(15 * time.Second); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		n := 0
		for _, l := range s.Letters() {
			if l.To == to {
				if n == skip {
					return l
				}
				n++
			}
		}
	}
	t.Fatalf("no letter came to %s", to)
	return Letter{}
}

type session struct {
	server *Server
	conn   *smtp.Conn
	to     string
	taken  bool
}

// Mail takes any sender, unless told otherwise.
func (s *session) Mail(string, *smtp.MailOptions) error { return s.server.answer("MAIL") }

// answer returns the error with which a command is to be answered.
func (s *Server) answer(to string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if e := s.answers[to]; e != nil {
		return e
	}
	return nil
}

// Rcpt notes the recipient.
func (s *session) Rcpt(to string, _ *smtp.RcptOptions) error {
	s.server.mu.Lock()
	hang := s.server.hangs[to]
	s.server.mu.Unlock()
	if hang != nil {
		<-hang
	}
	if err := s.server.answer(to); err != nil {
		return err
	}
	s.server.mu.Lock()
	defer s.server.mu.Unlock()
	if s.server.refuse {
		return &smtp.SMTPError{Code: 451, Message: "greylisted: <" + to + ">"}
	}
	s.to = to
	return nil
}

// Reset forgets the recipient.
func (s *session) Reset() {
	s.server.mu.Lock()
	leaves := s.server.leaves
	s.server.mu.Unlock()
	if s.to = ""; s.taken && leaves {
		_ = s.conn.Conn().Close() // as a server that hangs up does
	}
}

// Logout has nothing to do.
func (s *session) Logout() error { return nil }

// Data reads the letter.
func (s *session) Data(r io.Reader) error {
	if err := s.server.answer("DATA"); err != nil {
		return err
	}
	m, err := mail.ReadMessage(r)
	if err != nil {
		return err
	}
	body := m.Body
	switch encoding := m.Header.Get("Content-Transfer-Encoding"); strings.ToLower(encoding) {
	case "quoted-printable":
		body = quotedprintable.NewReader(m.Body)
	case "", "7bit", "8bit":
	default:
		return errors.New("an encoding that the test server does not read: " + encoding)
	}
	text, err := io.ReadAll(body)
	if err != nil {
		return err
	}
	letter := Letter{To: s.to, Body: string(text), Header: m.Header}
	if err := letter.parts(m.Header.Get("Content-Type"), text); err != nil {
		return err
	}
	subject, err := new(mime.WordDecoder).DecodeHeader(m.Header.Get("Subject"))
	if err != nil {
		return err
	}
	s.server.mu.Lock()
	defer s.server.mu.Unlock()
	s.taken = true
	letter.Subject, letter.Body = subject, strings.ReplaceAll(letter.Body, "\r\n", "\n")
	s.server.letters = append(s.server.letters, letter)
	return nil
}

// parts reads a letter of several parts, as deep as they lie in each other: the plain text is its body.
func (l *Letter) parts(kind string, content []byte) error {
	media, params, err := mime.ParseMediaType(kind)
	if err != nil || !strings.HasPrefix(media, "multipart/") {
		return err
	}
	r := multipart.NewReader(bytes.NewReader(content), params["boundary"])
	for {
		part, err := r.NextRawPart()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		kind, in := part.Header.Get("Content-Type"), io.Reader(part)
		switch part.Header.Get("Content-Transfer-Encoding") {
		case "quoted-printable":
			in = quotedprintable.NewReader(part)
		case "base64":
			in = base64.NewDecoder(base64.StdEncoding, part)
		}
		text, err := io.ReadAll(in)
		if err != nil {
			return err
		}
		switch {
		case strings.HasPrefix(kind, "multipart/"):
			if err := l.parts(kind, text); err != nil {
				return err
			}
		case strings.HasPrefix(kind, "text/plain"):
			l.Body = string(text)
		case strings.HasPrefix(kind, "text/calendar"):
			l.Entries = append(l.Entries, Entry{kind, strings.HasPrefix(part.Header.Get("Content-Disposition"), "attachment"), string(text)})
		}
	}
}
