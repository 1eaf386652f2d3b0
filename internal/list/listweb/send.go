package listweb

import (
	"bufio"
	"errors"
	"io"
	"iter"
	"net/http"
	"net/url"
	"os"
	"strconv"
	"strings"
	"time"

	"ostoja/internal/errs"
	"ostoja/internal/lang"
	"ostoja/internal/sheet"
	"ostoja/internal/web"
)

// Wanted says whether the request is for the list's file and not for its page.
func (l *Of[T]) Wanted() bool {
	_, ok := sheet.Parse(l.Query.Get(l.Prefix + "as"))
	return ok && l.sends()
}

// sends says whether the list has files.
func (l *Of[T]) sends() bool { return !l.Once && !l.Private && (l.Page == nil || l.Each != nil) }

// Send answers with the file that the request asks for: all rows that match, in the list's order.
func (l *Of[T]) Send(w http.ResponseWriter, r *http.Request) (err error) {
	defer errs.Wrap(&err, "listweb.Send(%s)", l.Name)
	f, ok := sheet.Parse(l.Query.Get(l.Prefix + "as"))
	if !ok || !l.sends() {
		return errs.NotFound("error.not-found")
	}
	return Send(w, r, l.Name, f, l.Now, func(out io.Writer) error {
		count := 0
		err := l.each(r, f, func(rows iter.Seq2[T, error]) error {
			return sheet.Write(out, f, l.Title, l.header(), l.cells(counted(rows, &count)))
		})
		if err != nil || l.Record == nil {
			return err
		}
		return l.Record(r.Context(), count, f)
	})
}

// counted hands rows on and counts them.
func counted[T any](rows iter.Seq2[T, error], n *int) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		for row, err := range rows {
			*n++
			if !yield(row, err) {
				return
			}
		}
	}
}

func (l *Of[T]) each(r *http.Request, f sheet.Format, use func(iter.Seq2[T, error]) error) error {
	q := l.Asked()
	switch {
	case l.strange(q):
		return use(func(func(T, error) bool) {})
	case l.Each != nil:
		q.Page, q.Size = 0, 0
		return l.Each(r.Context(), q, f, use)
	}
	return use(func(yield func(T, error) bool) {
		for _, row := range l.table().Choose(l.Rows, q) {
			if !yield(row, nil) {
				return
			}
		}
	})
}

func (l *Of[T]) header() (labels []string) {
	for _, c := range l.Columns {
		if c.Value != nil {
			labels = append(labels, c.Label)
		}
	}
	return labels
}

// cells returns what the file holds of the rows. The line is used again for each row, which the writer allows.
func (l *Of[T]) cells(rows iter.Seq2[T, error]) sheet.Rows {
	return func(yield func([]any, error) bool) {
		var line []any
		fill := func(row T) []any {
			line = line[:0]
			for _, c := range l.Columns {
				if c.Value != nil {
					line = append(line, c.Value(row))
				}
			}
			return line
		}
		for row, err := range rows {
			if err != nil {
				yield(nil, err)
				return
			}
			if !yield(fill(row), nil) {
				return
			}
		}
		if l.Foot != nil {
			yield(fill(*l.Foot), nil)
		}
	}
}

// Send answers with a file that write makes. It is made whole before it is sent, so that an error becomes an error page and
// not half a file, and so that no transaction waits for a slow network; and on the disk, so that its size does not matter.
// The file has no name any more while it is written: whatever becomes of the program, nothing of it stays.
func Send(w http.ResponseWriter, r *http.Request, name string, f sheet.Format, now time.Time, write func(io.Writer) error) (err error) {
	defer spareMemory()()
	file, err := os.CreateTemp("", "ostoja-*")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	if err := os.Remove(file.Name()); err != nil {
		return err
	}
	buffer := bufio.NewWriterSize(file, 64<<10)
	if err := write(buffer); err != nil {
		return err
	}
	if err := buffer.Flush(); err != nil {
		return err
	}
	size, err := file.Seek(0, io.SeekCurrent)
	if err != nil {
		return err
	}
	if _, err := file.Seek(0, io.SeekStart); err != nil {
		return err
	}
	day := now.In(lang.From(r.Context()).Zone()).Format(time.DateOnly)
	w.Header().Set("Content-Type", f.MediaType())
	w.Header().Set("Content-Disposition", `attachment; filename="`+name+"-"+day+"."+string(f)+`"`)
	w.Header().Set("Content-Length", strconv.FormatInt(size, 10))
	_, err = io.Copy(w, file)
	return err
}

// Moved leads from the address that a list's file had of its own, which ended with its format, to the list's page, with the
// query that it had. The page's address may fix parameters of its own: "/app/desk/x?by=months".
func Moved(to func(r *http.Request) string) web.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		f, ok := sheet.Parse(r.URL.Path[strings.LastIndex(r.URL.Path, ".")+1:])
		if !ok {
			return errs.NotFound("error.not-found")
		}
		path, own, _ := strings.Cut(to(r), "?")
		q := r.URL.Query()
		fixed, err := url.ParseQuery(own)
		if err != nil {
			return err
		}
		for name := range fixed {
			q.Set(name, fixed.Get(name))
		}
		q.Set("as", string(f))
		http.Redirect(w, r, address(path, q), http.StatusMovedPermanently) //nolint:gosec // path is one of ours, given by the route's owner
		return nil
	}
}
