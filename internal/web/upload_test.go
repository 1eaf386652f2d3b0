package web_test

import (
	"bytes"
	"errors"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"ostoja/internal/errs"
	"ostoja/internal/lang"
	"ostoja/internal/web"
)

// TestAnUploadLeavesNothingBehind: lists of people are uploaded. What of them had to wait in a temporary file is gone when the answer
// is, however the request ended, also where the form was read from a copy of the request in another language.
func TestAnUploadLeavesNothingBehind(t *testing.T) {
	folder := t.TempDir()
	t.Setenv("TMPDIR", folder)
	waiting := func() int {
		files, err := os.ReadDir(folder)
		if err != nil {
			t.Fatal(err)
		}
		return len(files)
	}
	read := func(r *http.Request) error {
		if _, err := web.ReadForm(r); err != nil {
			return err
		}
		content, name, err := web.File(r, "file")
		if err == nil && (len(content) != 2<<20 || name != "people.csv" || waiting() != 1) {
			t.Errorf("%d bytes of %q were read, and %d files wait", len(content), name, waiting())
		}
		return err
	}
	for name, handler := range map[string]web.Handler{
		"answered": func(_ http.ResponseWriter, r *http.Request) error { return read(r) },
		"failed":   func(_ http.ResponseWriter, r *http.Request) error { return errors.Join(read(r), errors.New("planted")) },
		"panicked": func(_ http.ResponseWriter, r *http.Request) error { panic(errors.Join(read(r), errors.New("planted"))) },
		"from a copy": func(_ http.ResponseWriter, r *http.Request) error {
			return read(r.WithContext(lang.With(r.Context(), lang.From(r.Context()))))
		},
		"broken off": func(w http.ResponseWriter, r *http.Request) error {
			_, err := io.WriteString(w, strings.Repeat("a row\n", 10_000))
			return errors.Join(err, read(r), errors.New("planted"))
		},
		"lost": func(_ http.ResponseWriter, r *http.Request) error { // somebody tidied up the folder meanwhile
			if _, err := web.ReadForm(r); err != nil {
				return err
			}
			files, err := os.ReadDir(folder)
			for _, f := range files {
				err = errors.Join(err, os.Remove(filepath.Join(folder, f.Name())))
			}
			content, _, gone := web.File(r, "file")
			if err != nil || len(files) != 1 || len(content) > 0 || gone == nil {
				t.Errorf("of %d files, %d bytes were read of the one that is gone: %v, %v", len(files), len(content), gone, err)
			}
			return gone
		},
		"not asked for": func(_ http.ResponseWriter, r *http.Request) error {
			content, _, err := web.File(r, "file") // the form was not read
			if len(content) > 0 || !errors.Is(err, errs.ErrInvalid) {
				t.Errorf("%d bytes of a form that was not read: %v", len(content), err)
			}
			return err
		},
	} {
		t.Run(name, func(t *testing.T) {
			s, _ := site(t)
			mux := web.NewMux(s)
			mux.HandleUpload("POST /app/sign-in", 3<<20, handler)
			h, err := mux.Handler()
			if err != nil {
				t.Fatal(err)
			}
			server := httptest.NewServer(h)
			defer server.Close()
			var body bytes.Buffer
			form := multipart.NewWriter(&body)
			part, err := form.CreateFormFile("file", "people.csv")
			if err != nil {
				t.Fatal(err)
			}
			_, err = part.Write(make([]byte, 2<<20))
			if err := errors.Join(err, form.Close()); err != nil {
				t.Fatal(err)
			}
			r, err := http.Post(server.URL+"/app/sign-in", form.FormDataContentType(), &body)
			if err == nil {
				_, err = io.Copy(io.Discard, r.Body)
				err = errors.Join(err, r.Body.Close())
			}
			if err != nil && name != "broken off" {
				t.Error(err)
			}
			server.Close()
			if n := waiting(); n != 0 {
				t.Errorf("%d files stay", n)
			}
		})
	}
}
