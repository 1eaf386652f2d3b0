package identity

import (
	"sync"
	"time"
)

// Sessions are kept in memory for so long, so that a page costs no SQL. A session that ends, or a person who is blocked or whose
// roles change, is forgotten at once on this node and within moments on others (see [Service.forget]), where it takes effect after
// this time at the latest.
const (
	cacheFor   = 30 * time.Second
	cacheLimit = 20_000
)

type cached struct {
	row    sessionRow
	loaded time.Time
}

// cache holds sessions by the hash of their token.
type cache struct {
	mu      sync.RWMutex
	byToken map[string]cached
	epoch   uint64 // grows when something is forgotten: what was read from the database before is not kept
}

func newCache() *cache { return &cache{byToken: map[string]cached{}} }

func (c *cache) get(tokenHash string, now time.Time) (r sessionRow, epoch uint64, ok bool) {
	c.mu.RLock()
	defer c.mu.RUnlock()
	e, ok := c.byToken[tokenHash]
	if ok && (now.Sub(e.loaded) >= cacheFor || now.Before(e.loaded)) {
		ok = false
	}
	return e.row, c.epoch, ok
}

// put keeps a session that was read after the epoch began.
func (c *cache) put(tokenHash string, r sessionRow, epoch uint64, now time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.epoch != epoch {
		return
	}
	if _, there := c.byToken[tokenHash]; !there && len(c.byToken) >= cacheLimit {
		for key := range c.byToken { // any: which one costs a read at most
			delete(c.byToken, key)
			break
		}
	}
	c.byToken[tokenHash] = cached{r, now}
}

// touch notes that the session was used, without making it any younger.
func (c *cache) touch(tokenHash string, at time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if e, ok := c.byToken[tokenHash]; ok {
		e.row.SeenAt = at
		c.byToken[tokenHash] = e
	}
}

// drop drops everything.
func (c *cache) drop() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.epoch++
	clear(c.byToken)
}

// forget drops all sessions of a person.
func (c *cache) forget(personID string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.epoch++
	for key, e := range c.byToken {
		if e.row.PersonID == personID {
			delete(c.byToken, key)
		}
	}
}
