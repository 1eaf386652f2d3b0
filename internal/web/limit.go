package web

import (
	"math"
	"net/http"
	"strconv"
	"time"

	"golang.org/x/time/rate"

	"ostoja/internal/errs"
)

// Limit bounds how often the process answers something that asks for no session. It is one for whoever asks: no address of a reader has to be
// kept for it and no table of keys can grow. What stands behind it cannot be guessed, so that it only keeps the database from being flooded.
type Limit struct{ limiter *rate.Limiter }

// NewLimit returns a limit that lets so many pass at once, and grows back by so many a second.
func NewLimit(perSecond float64, burst int) *Limit {
	return &Limit{rate.NewLimiter(rate.Limit(perSecond), burst)}
}

// Take uses one up, or is an [errs.ErrTooMany] with the key of a text, and says in the answer when to come again (RFC 9110, section 10.2.3).
func (l *Limit) Take(w http.ResponseWriter, now time.Time, key string) error {
	if l.take(now) {
		return nil
	}
	const least = 5 // seconds: who is told to come sooner only adds to the flood
	w.Header().Set("Retry-After", strconv.Itoa(int(max(least, math.Ceil(1/float64(l.limiter.Limit()))))))
	return errs.New(errs.ErrTooMany, key)
}

func (l *Limit) take(now time.Time) bool {
	l.limiter.SetLimitAt(now, l.limiter.Limit()) // notes the time even if it went back: else nobody would pass until the clock came there again
	return l.limiter.AllowN(now, 1)
}

// Secret keeps a page whose address is a secret out of caches, and out of what other sites are told of where a reader comes from (RFC 9110, section
// 17.9).
func Secret(w http.ResponseWriter) {
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Referrer-Policy", "no-referrer")
}
