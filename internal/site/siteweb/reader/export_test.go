package reader

// Settle waits until the pages are compressed.
func (s *Site) Settle() { s.packing.Wait() }
