package reader

import (
	"net/http"

	"ostoja/internal/signed"
)

// Pick answers the bare address, without the mux.
func (s *Site) Pick(w http.ResponseWriter, r *http.Request) { s.pick(w, r) }

// Settle waits until the pages are compressed.
func (s *Site) Settle() { s.compressing.Wait() }

// Names of the files that the tests of an exported folder change.
const (
	SumsFile      = signed.Sums
	SignatureFile = signed.Signature
	KeyFile       = signed.PublicKey
)
