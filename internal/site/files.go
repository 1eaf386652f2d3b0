package site

import (
	"context"
	"path"
	"strings"

	"ostoja/internal/access"
	"ostoja/internal/blob"
	"ostoja/internal/db"
	"ostoja/internal/errs"
	"ostoja/internal/id"
	"ostoja/internal/site/content"
)

// AddFile adds an edition's file in a language to a publication.
func (s *Service) AddFile(ctx context.Context, actor access.Actor, f content.File, data []byte) (err error) {
	defer errs.Wrap(&err, "site.AddFile(%s)", f.ArticleID)
	f.Edition, f.Name = trimmed(f.Edition), path.Base(strings.ReplaceAll(trimmed(f.Name), `\`, "/"))
	f.MediaType = content.FileType(f.Name)
	if err := f.Check(data, s.tags(), s.bundle.RevealingWord).Err(); err != nil {
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
