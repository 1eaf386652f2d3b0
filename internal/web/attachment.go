package web

import (
	"net/http"
	"strconv"
)

// Attachment sends a file that the browser saves. Its name is plain ASCII without quotation marks.
func Attachment(w http.ResponseWriter, mediaType, name string, content []byte) {
	w.Header().Set("Content-Type", mediaType)
	w.Header().Set("Content-Disposition", `attachment; filename="`+name+`"`)
	w.Header().Set("Content-Length", strconv.Itoa(len(content)))
	_, _ = w.Write(content) // fails only where the browser has gone
}
