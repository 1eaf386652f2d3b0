package reader

// Settle waits until the pages are compressed.
func (s *Site) Settle() { s.packing.Wait() }

// Stop ends the work on pages that no test waits for.
func (s *Site) Stop() { s.current.Store(nil) }
