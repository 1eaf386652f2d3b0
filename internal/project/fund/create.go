package fund

import (
	"bytes"
	"context"
	"image"
	_ "image/jpeg" // the forms in which an office uploads an emblem
	_ "image/png"
	"slices"

	"ostoja/internal/access"
	"ostoja/internal/blob"
	"ostoja/internal/course/folder"
	"ostoja/internal/db"
	"ostoja/internal/errs"
	"ostoja/internal/item"
	"ostoja/internal/text"
)

// Draft is a set of the office's own that is being made.
type Draft struct {
	ID    string
	Title text.Translated
	From  string // the set to begin with, "" for an empty one
}

// Create makes a set of the office's own, by hand or as a copy, in which nothing is confirmed.
func (s *Service) Create(ctx context.Context, actor access.Actor, d Draft) (err error) {
	defer errs.Wrap(&err, "fund.Create")
	if !actor.Everywhere(access.ProjectsWrite) {
		return errs.Forbidden("error.forbidden")
	}
	return s.db.Update(ctx, func(tx *db.Tx) error {
		r := Rules{State: Open, Named: OfficeSource}
		var faults errs.Fields
		if d.From != "" {
			from, err := s.Current(ctx, tx, d.From)
			if err != nil {
				return err
			}
			r = from.Rules
			r.State, r.Named = Open, OfficeSource // the office names its own
		}
		r.ID = d.ID
		if !item.ValidID(d.ID) {
			faults.Add("id", "fund.fault.identifier")
		}
		if r.Title = written(d.Title); len(r.Title) == 0 {
			faults.Add("title-"+Languages[0], "fund.fault.title")
		}
		tooLong(&faults, "title-", r.Title, MostTitle)
		if err := faults.Err(); err != nil {
			return err
		}
		return s.insert(ctx, tx, actor, r, "fund.create")
	})
}

// Import makes a set out of a file. One with a fault is refused, with all that is wrong.
func (s *Service) Import(ctx context.Context, actor access.Actor, content []byte) (fundID string, faults []folder.Fault, err error) {
	defer errs.Wrap(&err, "fund.Import")
	if !actor.Everywhere(access.ProjectsWrite) {
		return "", nil, errs.Forbidden("error.forbidden")
	}
	r, faults := Read("fund.yaml", content)
	if len(faults) > 0 {
		return "", faults, errs.Fields{{Name: "file", Key: "fund.fault.file"}}.Err()
	}
	return r.ID, nil, s.db.Update(ctx, func(tx *db.Tx) error { return s.insert(ctx, tx, actor, r, "fund.import") })
}

// reserved are ids under which a page of another thing stands.
var reserved = []string{"new", "import"}

func (s *Service) insert(ctx context.Context, tx *db.Tx, actor access.Actor, r Rules, action string) error {
	if slices.Contains(reserved, r.ID) {
		return errs.Fields{{Name: "id", Key: "fund.fault.exists"}}.Err()
	}
	n, err := db.Changed(ctx, tx, `INSERT INTO fund (id, edition, edited) VALUES (?, 1, TRUE) ON CONFLICT (id) DO NOTHING`, r.ID)
	if err != nil {
		return err
	}
	if n == 0 {
		return errs.Fields{{Name: "id", Key: "fund.fault.exists"}}.Err()
	}
	if err := insertVersion(ctx, tx, r.ID, 1, r.canonical(), s.clock.Now(), actor); err != nil {
		return err
	}
	for _, p := range r.Emblem.Pictures { // a copy's
		if err := hold(ctx, tx, r.ID, p.Hash); err != nil {
			return err
		}
	}
	return s.record(ctx, tx, actor, action, r.ID, map[string]any{"version": 1})
}

// hold keeps a picture for as long as a version of the set may name it.
func hold(ctx context.Context, tx *db.Tx, fundID, hash string) error {
	return db.Exec(ctx, tx, `INSERT INTO fund_emblem (fund_id, blob_hash) VALUES (?, ?) ON CONFLICT (fund_id, blob_hash) DO NOTHING`, fundID, hash)
}

// The limits of an emblem.
const (
	MostEmblemBytes = 1 << 20
	mostEmblemSide  = 4000 // pixels
	mostDescription = 200
)

// AddEmblem stores the emblem for a language, PNG or JPEG, in the place of the one that was there.
func (s *Service) AddEmblem(ctx context.Context, actor access.Actor, fundID string, edition int, lang string, picture []byte, description string) (err error) {
	defer errs.Wrap(&err, "fund.AddEmblem")
	description = text.Clean(description)
	format, faults := checkEmblem(lang, picture, description)
	return s.change(ctx, actor, fundID, edition, func(tx *db.Tx, set Set) error {
		if err := faults.Err(); err != nil {
			return err
		}
		hash, err := blob.Put(ctx, tx, "image/"+format, picture, s.clock.Now())
		if err != nil {
			return err
		}
		if err := hold(ctx, tx, fundID, hash); err != nil {
			return err
		}
		after := set.Rules.clone()
		after.setPicture(Picture{lang, hash, description})
		_, err = s.write(ctx, tx, actor, set, after, "fund.emblem")
		return err
	})
}

// checkEmblem finds what is wrong with a picture, and says which format it has.
func checkEmblem(lang string, picture []byte, description string) (format string, faults errs.Fields) {
	size, format, err := image.DecodeConfig(bytes.NewReader(picture))
	switch {
	case len(picture) > MostEmblemBytes:
		faults.Add("file", "fund.fault.emblem-size", "Kilobytes", MostEmblemBytes>>10)
	case err != nil || format != "png" && format != "jpeg":
		faults.Add("file", "fund.fault.emblem-format")
	case size.Width > mostEmblemSide || size.Height > mostEmblemSide:
		faults.Add("file", "fund.fault.emblem-side", "Pixels", mostEmblemSide)
	}
	if !slices.Contains(Languages, lang) {
		faults.Add("lang", "fund.fault.choose")
	}
	if n := len([]rune(description)); n == 0 || n > mostDescription {
		faults.Add("emblem-text", "fund.fault.emblem-text", "Most", mostDescription)
	}
	return format, faults
}

// setPicture puts a picture in the place of its language.
func (r *Rules) setPicture(p Picture) {
	r.dropPicture(p.Lang)
	r.Emblem.Pictures = append(r.Emblem.Pictures, p)
	slices.SortFunc(r.Emblem.Pictures, func(a, b Picture) int { return slices.Index(Languages, a.Lang) - slices.Index(Languages, b.Lang) })
}

func (r *Rules) dropPicture(lang string) {
	r.Emblem.Pictures = slices.DeleteFunc(r.Emblem.Pictures, func(p Picture) bool { return p.Lang == lang })
}

// RemoveEmblem takes the emblem of a language out. Versions that name it still have it.
func (s *Service) RemoveEmblem(ctx context.Context, actor access.Actor, fundID string, edition int, lang string) (err error) {
	defer errs.Wrap(&err, "fund.RemoveEmblem")
	return s.change(ctx, actor, fundID, edition, func(tx *db.Tx, set Set) error {
		after := set.Rules.clone()
		after.dropPicture(lang)
		if len(after.Emblem.Pictures) == 0 {
			after.Emblem.Pictures = nil
		}
		_, err := s.write(ctx, tx, actor, set, after, "fund.emblem")
		return err
	})
}

// Emblem returns the picture of a language in the newest version, for who may read sets.
func (s *Service) Emblem(ctx context.Context, actor access.Actor, fundID, lang string) (mediaType string, content []byte, err error) {
	defer errs.Wrap(&err, "fund.Emblem")
	set, err := s.Get(ctx, actor, fundID)
	if err != nil {
		return "", nil, err
	}
	at := slices.IndexFunc(set.Rules.Emblem.Pictures, func(p Picture) bool { return p.Lang == lang })
	if at < 0 {
		return "", nil, errs.NotFound("error.not-found")
	}
	b, err := blob.Get(ctx, s.db, set.Rules.Emblem.Pictures[at].Hash)
	return b.MediaType, b.Content, err
}
