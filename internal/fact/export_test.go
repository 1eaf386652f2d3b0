package fact

import "time"

// Next is [Book.next], for tests outside the package, which have the packs that come with the program.
func (b *Book) Next() time.Time { return b.next() }

// Validity is [Fact.validity].
func (f *Fact) Validity(now time.Time, zone *time.Location) Validity { return f.validity(now, zone) }
