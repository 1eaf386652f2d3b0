package site

import (
	"archive/zip"
	"bytes"
	"context"
	"io"
	"path"
	"regexp"
	"slices"
	"strings"

	"ostoja/internal/access"
	"ostoja/internal/blob"
	"ostoja/internal/db"
	"ostoja/internal/errs"
	"ostoja/internal/id"
	"ostoja/internal/site/content"
)

// MaxFileSize is the largest file of a publication, in bytes.
const MaxFileSize = 50 << 20

const (
	mediaPDF  = "application/pdf"
	mediaDOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
)

// fileTypes are the kinds of files that a publication may have, by the ending of their names.
var fileTypes = map[string]string{".pdf": mediaPDF, ".epub": "application/epub+zip", ".odt": "application/vnd.oasis.opendocument.text", ".docx": mediaDOCX}

// fileName is what every system and every address can bear.
var fileName = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$`)

// isOf says whether a file's content is of a kind of file: by its first bytes, and of a ZIP by what it holds.
func isOf(mediaType string, data []byte) bool {
	if mediaType == mediaPDF {
		return bytes.HasPrefix(data, []byte("%PDF-"))
	}
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil || mediaType == "" {
		return false
	}
	if mediaType == mediaDOCX {
		_, err := z.Open("word/document.xml")
		return err == nil
	}
	f, err := z.Open("mimetype") // of EPUB and OpenDocument
	if err != nil {
		return false
	}
	defer func() { _ = f.Close() }() // it was only read
	const most = 100                 // bytes
	says, err := io.ReadAll(io.LimitReader(f, most))
	return err == nil && string(bytes.TrimSpace(says)) == mediaType
}

// AddFile adds an edition's file in a language to a publication.
func (s *Service) AddFile(ctx context.Context, actor access.Actor, f content.File, data []byte) (err error) {
	defer errs.Wrap(&err, "site.AddFile(%s)", f.ArticleID)
	f.Edition, f.Name = trimmed(f.Edition), path.Base(strings.ReplaceAll(trimmed(f.Name), `\`, "/"))
	f.MediaType = fileTypes[strings.ToLower(path.Ext(f.Name))]
	if err := s.checkFile(f, data); err != nil {
		return err
	}
	return s.change(ctx, actor, ofArticle(f.ArticleID), "site.file", f.ArticleID, func(tx *db.Tx) (any, error) {
		a, err := articleByID(ctx, tx, f.ArticleID)
		if err != nil {
			return nil, err
		}
		if a.Kind != content.Publication {
			return nil, errs.Invalid("error.invalid")
		}
		now := s.clock.Now()
		if f.Hash, err = blob.Put(ctx, tx, f.MediaType, data, now); err != nil {
			return nil, err
		}
		return map[string]string{"name": f.Name, "hash": f.Hash}, db.Exec(ctx, tx, `INSERT INTO site_file (id, article_id, edition, lang, name, media_type, size, hash, added_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
			id.New(), f.ArticleID, f.Edition, f.Lang, f.Name, f.MediaType, len(data), f.Hash, now)
	})
}

func (s *Service) checkFile(f content.File, data []byte) error {
	var faults errs.Fields
	switch word := s.bundle.RevealingWord(f.Name); {
	case len(data) == 0:
		faults.Add("file", "site.fault.file")
	case len(data) > MaxFileSize:
		faults.Add("file", "site.fault.file-size", "Most", MaxFileSize>>20)
	case f.MediaType == "":
		faults.Add("file", "site.fault.file-type")
	case !fileName.MatchString(f.Name):
		faults.Add("file", "site.fault.file-name")
	case word != "":
		faults.Add("file", "site.fault.file-word", "Word", word)
	case !isOf(f.MediaType, data):
		faults.Add("file", "site.fault.file-content")
	}
	if f.Edition == "" || len(f.Edition) > 200 {
		faults.Add("edition", "site.fault.empty")
	}
	if !slices.Contains(s.tags(), f.Lang) {
		faults.Add("lang", "site.fault.choose")
	}
	return faults.Err()
}

// RemoveFile takes a file off a publication.
func (s *Service) RemoveFile(ctx context.Context, actor access.Actor, fileID string) (err error) {
	defer errs.Wrap(&err, "site.RemoveFile(%s)", fileID)
	return s.change(ctx, actor, ofFile(fileID), "site.file.remove", fileID, func(tx *db.Tx) (any, error) {
		n, err := db.Changed(ctx, tx, `DELETE FROM site_file WHERE id = ?`, fileID)
		if err == nil && n == 0 {
			return nil, errs.NotFound("error.not-found")
		}
		return nil, err
	})
}

// FileContent returns the content of a published file by the hash that its address names.
func (s *Service) FileContent(ctx context.Context, hash string) (f content.File, data []byte, err error) {
	defer errs.Wrap(&err, "site.FileContent")
	list, err := db.All[content.File](ctx, s.db, `SELECT `+fileColumns+` FROM site_file WHERE hash = ? AND EXISTS
		(SELECT 1 FROM site_text t WHERE t.article_id = site_file.article_id AND t.state = 'published') LIMIT 1`, hash)
	if err != nil {
		return f, nil, err
	}
	if len(list) == 0 {
		return f, nil, errs.NotFound("error.not-found")
	}
	b, err := blob.Get(ctx, s.db, hash)
	return list[0], b.Content, err
}
