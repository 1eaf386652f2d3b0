package reader_test

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"ostoja/internal/site/siteweb/reader"
)

// TestADownloadIsCountedOnce: where it begins, and not again for its further parts, for who asks what it is, or for whom it has not changed.
func TestADownloadIsCountedOnce(t *testing.T) {
	for name, x := range map[string]struct {
		method string
		header map[string]string
		counts bool
	}{
		"whole":             {http.MethodGet, nil, true},
		"the first part":    {http.MethodGet, map[string]string{"Range": "bytes=0-65535"}, true},
		"a further part":    {http.MethodGet, map[string]string{"Range": "bytes=65536-"}, false},
		"the end":           {http.MethodGet, map[string]string{"Range": "bytes=-500"}, false},
		"what it is":        {http.MethodHead, nil, false},
		"whether it is new": {http.MethodGet, map[string]string{"If-None-Match": `"abc"`}, false},
	} {
		r := httptest.NewRequest(x.method, "/files/abc/poradnik.pdf", nil)
		for key, value := range x.header {
			r.Header.Set(key, value)
		}
		if got := reader.Fetches(r); got != x.counts {
			t.Errorf("%s: %v", name, got)
		}
	}
}
