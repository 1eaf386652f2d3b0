package reader

import (
	"bytes"
	"compress/gzip"
	"context"
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"github.com/andybalholm/brotli"

	"ostoja/internal/site/visits"
)

// page is a page ready to be sent. The header's values are made once, so that a visit allocates next to nothing.
type page struct {
	plain  encoded
	header []headerLine // without what depends on the encoding
	visits *atomic.Int64
	// gzip and brotli are nil until they were made, which no visit causes: whoever watches the network must not see by the
	// time an answer takes whether somebody was there before.
	gzip, brotli atomic.Pointer[encoded]
}

// brotliLevel is not the highest: that one takes three times as long for another fiftieth.
const brotliLevel = 10

type encoded struct {
	body   []byte
	length []string
}

func asEncoded(b []byte) *encoded { return &encoded{b, []string{strconv.Itoa(len(b))}} }

type headerLine struct {
	name  string
	value []string
}

// header returns what stands at the head of every answer with a page.
func (s *Site) header(d draft) []headerLine {
	store := "no-cache"
	if d.protected {
		store = "no-store"
	}
	list := []headerLine{
		{"Cache-Control", []string{store}}, {"Content-Type", []string{d.mediaType}}, {"Referrer-Policy", []string{"no-referrer"}},
		{"Vary", []string{"Accept-Encoding"}}, {"X-Content-Type-Options", []string{"nosniff"}},
	}
	if d.policy != "" {
		list = append(list, headerLine{"Content-Security-Policy", []string{d.policy}})
	}
	if s.secure {
		list = append(list, headerLine{"Strict-Transport-Security", []string{"max-age=31536000"}})
	}
	return list
}

func (s *Site) page(d draft) *page {
	p := &page{plain: *asEncoded(d.body), header: s.header(d)}
	p.visits = s.counter(d.visit)
	return p
}

func (s *Site) counter(v visits.Visit) *atomic.Int64 {
	counter, _ := s.counted.LoadOrStore(v, new(atomic.Int64))
	return counter.(*atomic.Int64)
}

// reuse takes over the compressed bodies of an earlier page that said the same.
func (p *page) reuse(old *page) {
	if old != nil && bytes.Equal(p.plain.body, old.plain.body) {
		p.gzip.Store(old.gzip.Load())
		p.brotli.Store(old.brotli.Load())
	}
}

// settleTime is how long the pages must stay before the longer work on them begins: changes come in groups, and a start has more to do.
const settleTime = 3 * time.Second

// CompressAndIndex does beside the visits what would make one of them slow, for the pages that are served and whenever newer ones come,
// until the context ends. Without it all pages are served, as they are: it takes minutes of a processor, which a command that serves
// nobody need not spend.
func (s *Site) CompressAndIndex(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-s.made:
			s.compressAndIndex(ctx, s.current.Load())
		}
	}
}

func (s *Site) compressAndIndex(ctx context.Context, of *built) {
	wanted := func() bool { return s.current.Load() == of && ctx.Err() == nil } // no newer pages have come
	// First all so that every browser is served well, then the searches, then all so that the newer browsers are served better.
	z, _ := gzip.NewWriterLevel(nil, gzip.BestCompression) // a level that there is
	of.compress(wanted, func(p *page) *atomic.Pointer[encoded] { return &p.gzip }, z)
	select {
	case <-ctx.Done():
	case <-time.After(settleTime):
	}
	for _, index := range of.b.indexes {
		if wanted() {
			index()
		}
	}
	of.compress(wanted, func(p *page) *atomic.Pointer[encoded] { return &p.brotli }, brotli.NewWriterLevel(nil, brotliLevel))
}

// compressor is used for one page after the other: a new one each time would be megabytes of garbage a page.
type compressor interface {
	io.WriteCloser
	Reset(w io.Writer)
}

// compress compresses those pages that are not compressed yet, one after the other, while they are wanted.
func (of *built) compress(wanted func() bool, to func(p *page) *atomic.Pointer[encoded], w compressor) {
	var out bytes.Buffer
	for _, p := range of.pages {
		if !wanted() {
			return
		}
		if to(p).Load() != nil {
			continue
		}
		out.Reset()
		w.Reset(&out)
		_, _ = w.Write(p.plain.body) // writing to memory does not fail
		_ = w.Close()                // nor does its end
		to(p).Store(asEncoded(bytes.Clone(out.Bytes())))
	}
}

var (
	encodedBrotli = []string{"br"}
	encodedGzip   = []string{"gzip"}
)

// send answers with the page in the best encoding that there is and that the browser understands.
func (p *page) send(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	for i := range p.header {
		h[p.header[i].name] = p.header[i].value
	}
	e, accepted := &p.plain, r.Header.Get("Accept-Encoding")
	if b := p.brotli.Load(); b != nil && accepts(accepted, "br") {
		e = b
		h["Content-Encoding"] = encodedBrotli
	} else if z := p.gzip.Load(); z != nil && accepts(accepted, "gzip") {
		e = z
		h["Content-Encoding"] = encodedGzip
	}
	h["Content-Length"] = e.length
	if r.Method != http.MethodHead {
		_, _ = w.Write(e.body) // a browser that went away is told nothing
	}
}

// accepts says whether an Accept-Encoding header names an encoding, and not with a quality of zero.
func accepts(header, encoding string) bool {
	for len(header) > 0 {
		var one string
		one, header, _ = strings.Cut(header, ",")
		name, q, _ := strings.Cut(one, ";")
		if strings.TrimSpace(name) == encoding {
			q = strings.TrimSpace(q)
			return q != "q=0" && q != "q=0.0" && q != "q=0.00" && q != "q=0.000"
		}
	}
	return false
}
