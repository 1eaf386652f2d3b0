package mail

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"time"

	gomail "github.com/wneessen/go-mail"

	"ostoja/internal/errs"
)

// SMTP sends through a mail server.
type SMTP struct {
	host    string
	options []gomail.Option
	from    string
}

// NewSMTP reads a server's address: smtp://[user:password@]host[:port] encrypts with STARTTLS and refuses to go on
// without (RFC 3207; going on in clear is what somebody in the middle would ask for); smtps:// encrypts from the start
// (RFC 8314); smtp://…?tls=none does not encrypt, for a server on the same machine.
// from is the sender of every message.
func NewSMTP(address, from string) (_ *SMTP, err error) {
	defer errs.Wrap(&err, "mail.NewSMTP")
	u, err := url.Parse(address)
	if err != nil {
		return nil, fmt.Errorf("the mail server's address cannot be read") // err would repeat the password
	}
	s := &SMTP{host: u.Hostname(), from: from, options: []gomail.Option{gomail.WithTimeout(30 * time.Second)}}
	switch {
	case u.Scheme == "smtps":
		s.options = append(s.options, gomail.WithSSLPort(false))
	case u.Scheme == "smtp" && u.Query().Get("tls") == "none":
		s.options = append(s.options, gomail.WithTLSPolicy(gomail.NoTLS))
	case u.Scheme == "smtp":
		s.options = append(s.options, gomail.WithTLSPortPolicy(gomail.TLSMandatory))
	default:
		return nil, fmt.Errorf("the mail server's address begins with smtp:// or smtps://")
	}
	if p := u.Port(); p != "" {
		port, err := strconv.Atoi(p)
		if err != nil {
			return nil, fmt.Errorf("port: %w", err)
		}
		s.options = append(s.options, gomail.WithPort(port))
	}
	if u.User != nil {
		password, _ := u.User.Password()
		s.options = append(s.options, gomail.WithSMTPAuth(gomail.SMTPAuthAutoDiscover), gomail.WithUsername(u.User.Username()), gomail.WithPassword(password))
	}
	if err := gomail.NewMsg().From(from); err != nil {
		return nil, fmt.Errorf("sender: %w", err)
	}
	return s, nil
}

// Send hands the message to the server and returns when the server has taken it.
func (s *SMTP) Send(ctx context.Context, messageID string, m Message) (err error) {
	defer errs.Wrap(&err, "mail.SMTP.Send")
	msg := gomail.NewMsg(gomail.WithNoDefaultUserAgent())
	if err := msg.From(s.from); err != nil {
		return err
	}
	if err := msg.To(m.To); err != nil {
		return fmt.Errorf("the recipient's address cannot be used") // err would carry it into the log
	}
	msg.Subject(m.Subject)
	msg.SetMessageIDWithValue(messageID + "@" + s.domain()) // RFC 5322, section 3.6.4: unique for ever; the double of a crash has the same
	msg.SetDate()                                           // RFC 5322, section 3.6.1: a letter without a date is often taken for junk
	msg.SetGenHeader("Content-Language", m.Lang)            // RFC 3282: screen readers of mail choose their voice by it (WCAG 3.1.1)
	msg.SetGenHeader("Auto-Submitted", "auto-generated")    // RFC 3834: no out-of-office note comes back
	msg.SetBodyString(gomail.TypeTextPlain, m.Body)
	if err := attach(msg, m.Calendar); err != nil {
		return err
	}
	client, err := gomail.NewClient(s.host, s.options...)
	if err != nil {
		return err
	}
	err = client.DialAndSendWithContext(ctx, msg)
	if msg.IsDelivered() {
		return nil // what went wrong afterwards (a server that hangs up without a farewell) would have it sent again and again
	}
	return refusal(err, m.To)
}

// attach adds entries for the recipient's calendar. The method stands in the part's type too (RFC 6047, section 2.4).
func attach(msg *gomail.Msg, list []Entry) error {
	for i, e := range list {
		kind := gomail.ContentType("text/calendar; method=" + e.Method)
		if i == 0 {
			msg.AddAlternativeString(kind, e.Text)
			continue
		}
		if err := msg.AttachReader(entryName(i), strings.NewReader(e.Text), gomail.WithFileContentType(kind+"; charset=UTF-8")); err != nil {
			return err
		}
	}
	return nil
}

// refusal returns a server's answer without the recipient's address, as a [RefusedError] if it is final and about this letter: its
// recipient or its content. A refusal of ourselves (our sender, our password) is one that an administrator mends, and is tried again.
func refusal(err error, address string) error {
	said := nameless(err, address)
	var e *gomail.SendError
	if !errors.As(err, &e) || e.ErrorCode()/100 != 5 {
		return said
	}
	switch e.Reason {
	case gomail.ErrSMTPRcptTo:
		// RFC 3463, section 3.8: X.7 is about who may send what to whom, such as a relay that does not know us.
		return &RefusedError{Address: !strings.HasPrefix(e.EnhancedStatusCode(), "5.7."), Said: said.Error()}
	case gomail.ErrSMTPData, gomail.ErrSMTPDataClose:
		return &RefusedError{Said: said.Error()}
	}
	return said
}

// nameless takes the recipient's address out of an error: it goes to the log and to the administrator's page. Servers repeat an
// address in letters of their own choice, most of them small (RFC 5321, section 2.4, lets them for the domain).
func nameless(err error, address string) error {
	if err == nil {
		return nil
	}
	return errors.New(regexp.MustCompile(`(?i)`+regexp.QuoteMeta(address)).ReplaceAllLiteralString(err.Error(), "the recipient"))
}

// domain returns what stands behind the @ of the sender, for identifiers that are unique beyond this installation.
func (s *SMTP) domain() string {
	from := strings.TrimSuffix(s.from, ">")
	if i := strings.LastIndexByte(from, '@'); i >= 0 {
		return from[i+1:]
	}
	return "localhost"
}
