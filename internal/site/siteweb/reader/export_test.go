package reader

// Settle waits until the pages are compressed.
func (s *Site) Settle() { s.compressing.Wait() }

// Names of the files that the tests of an exported folder change.
const (
	SumsFile      = sumsFile
	SignatureFile = signatureFile
	KeyFile       = keyFile
)
