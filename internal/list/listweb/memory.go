package listweb

import (
	"runtime/debug"
	"sync"
)

// files counts those that are being made, and keeps how much garbage is let grow when there is none.
var files struct {
	sync.Mutex
	making int
	usual  int
}

// spareMemory keeps garbage small until done is called, the last time if files are made side by side. Pages are served faster
// when garbage may grow to a multiple of what is in use; a file of very many rows makes that much of it, and a small server
// would give up to a file what the whole program needs at rest. A file takes some hundredths longer for it.
func spareMemory() (done func()) {
	const growth = 25 // per cent of what is in use
	files.Lock()
	defer files.Unlock()
	if files.making++; files.making == 1 {
		files.usual = debug.SetGCPercent(growth)
		if files.usual < growth { // the operator wants it smaller, or (-1) bounded by GOMEMLIMIT alone
			debug.SetGCPercent(files.usual)
		}
	}
	return func() {
		files.Lock()
		defer files.Unlock()
		if files.making--; files.making == 0 {
			debug.SetGCPercent(files.usual)
		}
	}
}
