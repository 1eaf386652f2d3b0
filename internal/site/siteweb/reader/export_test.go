package reader

import (
	"context"
	"net/http"

	"ostoja/internal/signed"
)

// Pick answers the bare address, without the mux.
func (s *Site) Pick(w http.ResponseWriter, r *http.Request) { s.pick(w, r) }

// Settle compresses the pages that are served.
func (s *Site) Settle(ctx context.Context) { s.compressAndIndex(ctx, s.current.Load()) }

// Names of the files that the tests of an exported folder change.
const (
	SumsFile      = signed.Sums
	SignatureFile = signed.Signature
	KeyFile       = signed.PublicKey
)

// Fetches says whether a request begins to fetch a file.
var Fetches = fetches
