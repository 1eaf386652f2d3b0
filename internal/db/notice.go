package db

import (
	"context"
	"encoding/json"
	"sync"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"

	"ostoja/internal/errs"
)

// What a process keeps in memory of the database must go when another process changed it. Whoever changed something says so with
// Notify once it is committed; whoever keeps something hears of it by OnNotice, on every node, the one that said it included. On
// PostgreSQL notices travel by LISTEN and NOTIFY; a SQLite file has one process. While the connection that listens gives no sign of
// life, everybody drops everything again and again, so that nothing older than two seconds is kept on a node that hears nothing,
// whether the connection was closed, is silent or cannot be made. One notice is missed when its process dies between commit and
// Notify, so that what is kept needs an age of its own as well. PgBouncer passes them on in session mode only.

// channel is the one on which all topics travel, so that one connection listens for all.
const channel = "ostoja"

// notice is what travels.
type notice struct {
	Topic string `json:"t"`
	About string `json:"a"`
}

// notices are who hears what.
type notices struct {
	mu      sync.RWMutex
	hearers map[string][]func(about string)
}

func (n *notices) tell(x notice) {
	n.mu.RLock()
	hearers := n.hearers[x.Topic]
	n.mu.RUnlock()
	for _, fn := range hearers {
		fn(x.About)
	}
}

// tellAll says that notices may have been missed.
func (n *notices) tellAll() {
	n.mu.RLock()
	defer n.mu.RUnlock()
	for _, hearers := range n.hearers {
		for _, fn := range hearers {
			fn("")
		}
	}
}

// OnNotice has fn called with what [DB.Notify] was given for a topic, and with "" where notices may have been missed: whatever is kept
// may be old then. fn may use the database, but must not be long about it: other notices wait. It must be called before [DB.Listen].
func (db *DB) OnNotice(topic string, fn func(about string)) {
	db.notices.mu.Lock()
	defer db.notices.mu.Unlock()
	if db.notices.hearers == nil {
		db.notices.hearers = map[string][]func(string){}
	}
	db.notices.hearers[topic] = append(db.notices.hearers[topic], fn)
}

// Notify tells all nodes that something changed, which was committed before: what it is about, in a few bytes that are no secret.
func (db *DB) Notify(ctx context.Context, topic, about string) (err error) {
	defer errs.Wrap(&err, "db.Notify(%s)", topic)
	x := notice{topic, about}
	if db.engine == SQLite {
		db.notices.tell(x)
		return nil
	}
	text, err := json.Marshal(x)
	if err != nil {
		return err
	}
	_, err = db.write.ExecContext(ctx, `SELECT pg_notify($1, $2)`, channel, string(text))
	return err
}

// How long a node may be deaf: together at most two seconds.
const (
	listenPing = time.Second             // how long a connection may be silent before it is asked for a sign of life
	listenDeaf = 1300 * time.Millisecond // without a sign of life for so long notices may have been missed
	listenLook = 300 * time.Millisecond  // how often that is looked at
	listenWait = 5 * time.Second         // how long at most until a lost connection is made anew, and answers
)

// Listen hears other nodes' notices until the context ends; lost is told why it could not for a while. It has a connection of its own.
func (db *DB) Listen(ctx context.Context, lost func(error)) {
	if db.engine == SQLite {
		return
	}
	var alive atomic.Pointer[time.Time]
	alive.Store(&time.Time{})
	var beside sync.WaitGroup
	defer beside.Wait()
	beside.Go(func() { db.dropWhileDeaf(ctx, &alive) })
	for wait := 100 * time.Millisecond; ctx.Err() == nil; wait = min(2*wait, listenWait) {
		heard, err := db.listen(ctx, &alive)
		if ctx.Err() != nil {
			return
		}
		if lost(err); heard {
			wait = 100 * time.Millisecond
		}
		select {
		case <-ctx.Done():
		case <-time.After(wait):
		}
	}
}

// dropWhileDeaf says again and again that notices may have been missed while the connection gives no sign of life.
func (db *DB) dropWhileDeaf(ctx context.Context, alive *atomic.Pointer[time.Time]) {
	look := time.NewTicker(listenLook)
	defer look.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-look.C:
			if time.Since(*alive.Load()) > listenDeaf {
				db.notices.tellAll()
			}
		}
	}
}

// listen hears notices until its connection is lost; heard says that there was one.
func (db *DB) listen(ctx context.Context, alive *atomic.Pointer[time.Time]) (heard bool, err error) {
	defer errs.Wrap(&err, "db.Listen")
	dialing, cancel := context.WithTimeout(ctx, listenWait)
	defer cancel()
	conn, err := pgx.ConnectConfig(dialing, db.listener)
	if err != nil {
		return false, err
	}
	defer func() {
		closing, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Second) // what is silent does not say farewell either
		defer cancel()
		_ = conn.Close(closing) // nothing was written by it
	}()
	if _, err := conn.Exec(dialing, `LISTEN `+channel); err != nil {
		return false, err
	}
	db.notices.tellAll() // what was said before nobody heard
	for {
		now := time.Now()
		alive.Store(&now)
		waiting, cancel := context.WithTimeout(ctx, listenPing)
		n, err := conn.WaitForNotification(waiting)
		silent := waiting.Err() != nil && ctx.Err() == nil
		cancel()
		switch {
		case err == nil:
			var x notice
			if json.Unmarshal([]byte(n.Payload), &x) == nil { // else it is somebody else's, on our channel
				db.notices.tell(x)
			}
		case silent:
			asking, cancel := context.WithTimeout(ctx, listenWait)
			err := conn.Ping(asking)
			cancel()
			if err != nil {
				return true, err
			}
		default:
			return true, err
		}
	}
}
