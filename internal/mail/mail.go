// Package mail sends messages through an outbox: a message is written in the transaction that causes it and sent by a job,
// so that an outage of the SMTP server delays it and loses nothing.
//
// Goals: a letter leaves if and only if what it tells of was committed; nothing of a person is kept longer than the sending
// needs (the text goes when it has left, the row some time after); the token of a single-use link is made when its letter leaves
// and stands nowhere else, so that neither the database nor a backup opens what waits to be sent; errors name no address; the letters of
// an act that can be undone are held until it no longer can, and go with it (see [Hold]).
// Limits: letters are plain text to one recipient, without attachments but entries for a calendar and without HTML, so that they hold no
// tracker and are read aloud as they stand; a letter may come twice when the machine fails between sending and noting it, and its
// Message-ID tells the double, unless it brings a token: then the second is another letter, and its token the one that counts.
package mail

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"ostoja/internal/clock"
	"ostoja/internal/db"
	"ostoja/internal/errs"
	"ostoja/internal/id"
	"ostoja/internal/job"
)

// Message is one letter of plain text. The subject holds no personal data: it is shown on lock screens.
type Message struct {
	Kind    Kind // which letter it is, one of [Kinds]
	To      string
	Subject string
	Body    string
	Lang    string // of the text, for the Content-Language header
	Token   Token
	// Calendar are entries for the recipient's calendar. The first stands in the letter itself, where calendars look; the others are
	// attached, since of several in one place Outlook takes the first alone ([MS-STANOICAL] 2.2.175).
	Calendar []Entry
}

// Kind names a sort of letter, such as desk.remind.
type Kind string

// Entry is a message to the recipient's calendar (RFC 6047, section 2).
type Entry struct {
	Method string // REQUEST or CANCEL, as the text says too
	Text   string
}

// Token says what the single-use token opens that a letter brings; its zero value is for a letter that brings none.
type Token struct {
	Kind TokenKind
	Ref  string // names to [MakeToken] what it is for
}

// TokenKind says who makes a token; see [Outbox.Tokens].
type TokenKind string

// TokenMark stands in the Body for the token, which is not made yet. Unicode keeps U+FFFC for what is put in later.
const TokenMark = "\uFFFC"

// MakeToken makes the token of a letter that leaves now, in a transaction that is committed before it does. What an earlier attempt
// made SHOULD be useless afterwards. An error of category errs.ErrGone says that there is nothing to open any more: the letter does
// not leave.
type MakeToken func(ctx context.Context, tx *db.Tx, ref string) (token string, err error)

// Sender hands a message to a mail server.
type Sender interface {
	// Send MUST return nil only when somebody else has the message for good: the outbox forgets its text then. It MUST use
	// messageID, which is the same at each attempt to send the same text, as the Message-ID's left part. Its error MUST NOT hold the recipient's
	// address, since it is logged and shown to administrators. It is a [RefusedError] where trying again is of no use. It MUST be safe for use by several goroutines.
	Send(ctx context.Context, messageID string, m Message) error
}

// RefusedError says that a mail server refused a letter for good (RFC 5321, section 4.2.1: the same is not to be tried again).
type RefusedError struct {
	Address bool // the address is at fault: a letter to it never arrives
	Said    string
}

// Error returns what the server said.
func (e *RefusedError) Error() string { return e.Said }

// sendJob is the kind of the jobs that send.
const sendJob job.Kind = "mail.send"

type payload struct {
	MailID string `json:"mail_id"`
}

// Outbox stores messages and sends them.
type Outbox struct {
	db     *db.DB
	clock  clock.Clock
	queue  *job.Queue
	sender Sender
	tokens map[TokenKind]MakeToken
	unmake map[TokenKind]func(ctx context.Context, tx *db.Tx, ref string) error
	watch  func(ctx context.Context, tx *db.Tx, address string, refused bool) error
}

// NewOutbox returns an outbox that sends through sender by jobs of queue.
func NewOutbox(d *db.DB, c clock.Clock, q *job.Queue, sender Sender) *Outbox {
	o := &Outbox{db: d, clock: c, queue: q, sender: sender, tokens: map[TokenKind]MakeToken{}, unmake: map[TokenKind]func(context.Context, *db.Tx, string) error{}}
	q.Handle(sendJob, o.deliver)
	return o
}

// Tokens says who makes the tokens of a kind. It must be called before letters leave.
func (o *Outbox) Tokens(k TokenKind, make MakeToken) { o.tokens[k] = make }

// Watch has fn told, in the transaction that notes it, that a mail server took a letter to an address or refused the address for good.
// It must be called before letters leave.
func (o *Outbox) Watch(fn func(ctx context.Context, tx *db.Tx, address string, refused bool) error) {
	o.watch = fn
}

// Send writes the message into the transaction; it leaves after the commit.
func (o *Outbox) Send(ctx context.Context, tx *db.Tx, m Message) error {
	return o.SendAt(ctx, tx, m, time.Time{})
}

// SendAt is [Outbox.Send] for a letter that leaves at a time. One with a token whose cause is undone until then does not leave: see
// [MakeToken].
func (o *Outbox) SendAt(ctx context.Context, tx *db.Tx, m Message, at time.Time) (err error) {
	defer errs.Wrap(&err, "mail.Send")
	mailID, held := id.New(), hold(ctx)
	if m.Calendar == nil {
		m.Calendar = []Entry{}
	}
	var heldUntil any
	if held.Act != "" {
		heldUntil = held.Until
		if leaves := held.Until.Add(grace); at.Before(leaves) {
			at = leaves
		}
	}
	if err := db.Exec(ctx, tx, `INSERT INTO mail (id, kind, recipient, subject, body, lang, token_kind, token_ref, calendar, act_id, held_until, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		mailID, string(m.Kind), m.To, m.Subject, m.Body, m.Lang, m.Token.Kind, m.Token.Ref, db.JSON(m.Calendar), held.Act, heldUntil, o.clock.Now()); err != nil {
		return err
	}
	return o.queue.AddAs(ctx, tx, mailID, sendJob, payload{mailID}, at) // the job has the letter's id, by which it is hastened and taken back
}

type row struct {
	Recipient, Subject, Body, Lang string
	TokenKind                      TokenKind
	TokenRef                       string
	SentAt, HeldUntil              time.Time
	Calendar                       []Entry `db:",json"`
}

// deliver sends one message. That it was sent is noted even if the program is told to end meanwhile.
func (o *Outbox) deliver(ctx context.Context, raw json.RawMessage) (err error) {
	var p payload
	if err := json.Unmarshal(raw, &p); err != nil {
		return err
	}
	defer errs.Wrap(&err, "mail.deliver(%s)", p.MailID)
	r, err := db.One[row](ctx, o.db, `SELECT recipient, subject, body, lang, token_kind, token_ref, sent_at, held_until, calendar FROM mail WHERE id = ?`, p.MailID)
	if errors.Is(err, errs.ErrNotFound) || (err == nil && !r.SentAt.IsZero()) {
		return nil // erased, or sent by a worker that died before it could say so
	}
	if err != nil {
		return err
	}
	kept := context.WithoutCancel(ctx)
	if there, err := o.claim(kept, p.MailID, r.HeldUntil); err != nil || !there {
		return err
	}
	messageID, body, err := o.withToken(ctx, p.MailID, r)
	if errors.Is(err, errs.ErrGone) {
		return o.db.Batch(kept, func(tx *db.Tx) error { return db.Exec(kept, tx, `DELETE FROM mail WHERE id = ?`, p.MailID) })
	}
	if err != nil {
		return err
	}
	sendErr := o.sender.Send(ctx, messageID, Message{To: r.Recipient, Subject: r.Subject, Body: body, Lang: r.Lang, Calendar: r.Calendar})
	err = o.db.Batch(kept, func(tx *db.Tx) error { return o.note(kept, tx, p.MailID, r.Recipient, sendErr) })
	refused := (*RefusedError)(nil)
	switch {
	case !errors.As(sendErr, &refused):
		return errors.Join(sendErr, err)
	case refused.Address: // whoever wrote to the person is told at the person; nothing is left for an administrator to do
		return err
	}
	return errors.Join(job.Permanent(sendErr), err)
}

// note writes down what became of a letter. A letter whose address was refused is over; of one that was refused for another reason
// the text is kept for a while, since an administrator may have it sent again.
func (o *Outbox) note(ctx context.Context, tx *db.Tx, mailID, address string, sendErr error) error {
	now, refused := o.clock.Now(), (*RefusedError)(nil)
	if sendErr == nil {
		if err := db.Exec(ctx, tx, `UPDATE mail SET sent_at = ?, failed_at = NULL, body = '', calendar = '[]', last_error = '' WHERE id = ?`, now, mailID); err != nil {
			return err
		}
		return o.tell(ctx, tx, address, false)
	}
	if !errors.As(sendErr, &refused) {
		return db.Exec(ctx, tx, `UPDATE mail SET last_error = ? WHERE id = ?`, sendErr.Error(), mailID)
	}
	if err := db.Exec(ctx, tx, `UPDATE mail SET failed_at = ?, last_error = ?, body = CASE WHEN ? THEN '' ELSE body END, calendar = CASE WHEN ? THEN '[]' ELSE calendar END WHERE id = ?`,
		now, sendErr.Error(), refused.Address, refused.Address, mailID); err != nil || !refused.Address {
		return err
	}
	return o.tell(ctx, tx, address, true)
}

func (o *Outbox) tell(ctx context.Context, tx *db.Tx, address string, refused bool) error {
	if o.watch == nil {
		return nil
	}
	return o.watch(ctx, tx, address, refused)
}

// withToken returns a letter's body with its token, which it makes, and the letter's identifier: the row's, by which a receiver can
// drop the double that a crash between sending and noting would make; with a token another at each attempt, since one identifier
// is for one version of one letter (RFC 5322, section 3.6.4) and who drops the later would be left with the useless token.
func (o *Outbox) withToken(ctx context.Context, mailID string, r row) (messageID, body string, err error) {
	if r.TokenKind == "" {
		return mailID, r.Body, nil
	}
	make := o.tokens[r.TokenKind]
	if make == nil {
		return "", "", fmt.Errorf("nobody makes tokens of the kind %q", r.TokenKind)
	}
	var token string
	err = o.db.Batch(ctx, func(tx *db.Tx) (err error) {
		token, err = make(ctx, tx, r.TokenRef)
		return err
	})
	return id.New(), strings.ReplaceAll(r.Body, TokenMark, token), err
}

// Waiting returns how many messages have not left yet and still may.
func (o *Outbox) Waiting(ctx context.Context) (int, error) {
	return db.One[int](ctx, o.db, `SELECT COUNT(*) FROM mail WHERE sent_at IS NULL AND failed_at IS NULL`)
}

// Sweep forgets messages that were sent, refused for good or given up before a time: the outbox is no archive of addresses. The jobs of
// those that did not leave go with them, since nothing is left to be sent.
func (o *Outbox) Sweep(ctx context.Context, before time.Time) (err error) {
	defer errs.Wrap(&err, "mail.Sweep")
	return o.db.Update(ctx, func(tx *db.Tx) error {
		if err := db.Exec(ctx, tx, `DELETE FROM mail WHERE sent_at < ?`, before); err != nil {
			return err
		}
		ids, err := db.All[string](ctx, tx, `DELETE FROM mail WHERE sent_at IS NULL AND (failed_at < ? OR id IN (SELECT id FROM job_given_up WHERE failed_at < ?)) RETURNING id`, before, before)
		if err != nil {
			return err
		}
		return o.queue.Drop(ctx, tx, ids)
	})
}

// LogSender writes to a function instead of sending: for an installation that has no mail server yet.
type LogSender struct {
	// Print is given each message's text. The demonstration prints it, links included, to the console of whoever started it.
	Print func(text string)
}

// Send prints the message.
func (l LogSender) Send(_ context.Context, _ string, m Message) error {
	l.Print(fmt.Sprintf("--- mail to %s\n%s\n\n%s\n---", m.To, m.Subject, m.Body))
	return nil
}
