package site

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strings"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/db"
	"ostoja/internal/errs"
	"ostoja/internal/id"
)

// Status is how far an article has come in a language.
type Status struct {
	Lang      string
	Published *Text // nil if none
	Open      *Text // the draft, the text in review or the returned one; nil if none
	Stale     bool  // the published translation is older than its source
	Due       bool  // the day of the next review has come
}

// Overview is an article with its states by language, in the order of the site's languages.
type Overview struct {
	*Article
	Languages []Status
}

// Articles returns all articles with their states.
func (s *Service) Articles(ctx context.Context, actor access.Actor) (list []Overview, err error) {
	defer errs.Wrap(&err, "site.Articles")
	if err := may(actor, access.SiteRead); err != nil {
		return nil, err
	}
	return list, s.db.View(ctx, func(tx *db.Tx) error {
		all, err := articles(ctx, tx)
		if err != nil {
			return err
		}
		texts, err := textsWhere(ctx, tx, `state <> 'superseded'`)
		if err != nil {
			return err
		}
		attached, err := files(ctx, tx)
		for _, a := range all {
			for _, f := range attached {
				if f.ArticleID == a.ID {
					a.Files = append(a.Files, f)
				}
			}
			list = append(list, s.overview(a, texts))
		}
		return err
	})
}

// Article returns one article with its states.
func (s *Service) Article(ctx context.Context, actor access.Actor, articleID string) (_ Overview, err error) {
	list, err := s.Articles(ctx, actor)
	if err != nil {
		return Overview{}, err
	}
	for _, o := range list {
		if o.ID == articleID {
			return o, nil
		}
	}
	return Overview{}, errs.NotFound("error.not-found")
}

func (s *Service) overview(a *Article, texts []Text) Overview {
	o := Overview{Article: a}
	today := s.clock.Now().In(s.zone).Format(time.DateOnly)
	for _, l := range s.bundle.Languages {
		st := Status{Lang: l.Tag}
		for i := range texts {
			t := &texts[i]
			switch {
			case t.ArticleID != a.ID || t.Lang != l.Tag:
			case t.State == Published:
				st.Published, a.Texts[l.Tag] = t, t
				st.Due = t.ReviewDue != "" && t.ReviewDue <= today
			default:
				st.Open = t
			}
		}
		o.Languages = append(o.Languages, st)
	}
	for i := range o.Languages {
		o.Languages[i].Stale = a.Stale(o.Languages[i].Lang)
	}
	return o
}

// Text returns one version of a text with its article.
func (s *Service) Text(ctx context.Context, actor access.Actor, textID string) (t Text, a *Article, err error) {
	defer errs.Wrap(&err, "site.Text(%s)", textID)
	if err := may(actor, access.SiteRead); err != nil {
		return t, nil, err
	}
	return t, a, s.db.View(ctx, func(tx *db.Tx) error {
		if t, err = textByID(ctx, tx, textID); err != nil {
			return err
		}
		a, err = articleByID(ctx, tx, t.ArticleID)
		return err
	})
}

// Versions returns all versions of an article's text in a language, the newest first.
func (s *Service) Versions(ctx context.Context, actor access.Actor, articleID, lang string) (_ []Text, err error) {
	defer errs.Wrap(&err, "site.Versions")
	if err := may(actor, access.SiteRead); err != nil {
		return nil, err
	}
	return textsWhere(ctx, s.db, `article_id = ? AND lang = ?`, articleID, lang)
}

// CreateArticle adds an article without a text. A guide gets a code that says nothing; the others are addressed by their id.
func (s *Service) CreateArticle(ctx context.Context, actor access.Actor, a Article) (err error) {
	defer errs.Wrap(&err, "site.CreateArticle")
	a.ID = trimmed(a.ID)
	if err := s.checkArticle(&a); err != nil {
		return err
	}
	a.Code, a.SourceLang, a.Position = a.ID, s.bundle.SourceLang, 1000
	if a.Protected() {
		a.Code = "x" + strings.ToLower(id.Code(5))[:5]
	}
	return s.change(ctx, actor, "site.article", a.ID, func(tx *db.Tx) error {
		if _, err := articleByID(ctx, tx, a.ID); err == nil {
			return errs.Fields{{Name: "id", Key: "site.fault.taken"}}.Err()
		} else if !errors.Is(err, errs.ErrNotFound) {
			return err
		}
		return insertArticle(ctx, tx, &a, s.clock.Now())
	})
}

// UpdateArticle changes what all languages have in common; its id, kind and address stay.
func (s *Service) UpdateArticle(ctx context.Context, actor access.Actor, a Article) (err error) {
	defer errs.Wrap(&err, "site.UpdateArticle(%s)", a.ID)
	return s.change(ctx, actor, "site.article", a.ID, func(tx *db.Tx) error {
		old, err := articleByID(ctx, tx, a.ID)
		if err != nil {
			return err
		}
		a.Kind = old.Kind
		if err := s.checkArticle(&a); err != nil {
			return err
		}
		return updateArticle(ctx, tx, &a)
	})
}

func (s *Service) checkArticle(a *Article) error {
	var faults errs.Fields
	if !idPattern.MatchString(a.ID) {
		faults.Add("id", "site.fault.mark")
	}
	if !slices.Contains(Kinds, a.Kind) {
		faults.Add("kind", "site.fault.choose")
	}
	faults = append(faults, a.checkPlace()...)
	if a.Kind != Guide && day(a.Day, s.zone).IsZero() {
		faults.Add("day", "site.fault.day")
	}
	return faults.Err()
}

// TextDraft is a text as an author sends it.
type TextDraft struct {
	ArticleID, Lang           string
	Title, Tab, Summary, Body string
	Follows                   int // number of the source text that a translation follows; 0 keeps what it followed
	// Base is the id of the version that the author began with, "" if there was none: a draft that somebody else changed
	// meanwhile is not written over.
	Base string
}

// SaveDraft keeps a draft: the article's open text in that language is changed, or a new version is begun. It is checked, but
// kept whatever the check finds, so that nothing is lost; the faults come back with the id, as an error of category invalid.
func (s *Service) SaveDraft(ctx context.Context, actor access.Actor, d TextDraft) (textID string, err error) {
	defer errs.Wrap(&err, "site.SaveDraft(%s, %s)", d.ArticleID, d.Lang)
	if !slices.Contains(s.tags(), d.Lang) {
		return "", errs.Invalid("error.invalid")
	}
	const longest = 100_000
	if len(d.Body) > longest || len(d.Title)+len(d.Tab)+len(d.Summary) > 4000 {
		return "", errs.Fields{{Name: "body", Key: "site.fault.long"}}.Err()
	}
	var faults errs.Fields
	err = s.change(ctx, actor, "site.draft", d.ArticleID+" "+d.Lang, func(tx *db.Tx) error {
		a, err := articleByID(ctx, tx, d.ArticleID)
		if err != nil {
			return err
		}
		t, err := s.openText(ctx, tx, a, d)
		if err != nil {
			return err
		}
		t.Title, t.Tab, t.Summary, t.Body = trimmed(d.Title), trimmed(d.Tab), trimmed(d.Summary), trimmed(d.Body)+"\n"
		t.State, t.AuthorID, t.ChangedAt = Draft, actor.PersonID, s.clock.Now()
		if d.Follows > 0 && d.Lang != a.SourceLang {
			t.Follows = d.Follows
		}
		textID = t.ID
		if err := db.Exec(ctx, tx, `UPDATE site_text SET title = ?, tab = ?, summary = ?, body = ?, follows = ?, state = 'draft', author_id = ?, changed_at = ? WHERE id = ?`,
			t.Title, t.Tab, t.Summary, t.Body, t.Follows, t.AuthorID, t.ChangedAt, t.ID); err != nil {
			return err
		}
		k, err := s.knows(ctx, tx)
		faults = checkText(&t, a.Protected(), k, s.bundle.Words[t.Lang])
		return err
	})
	if err != nil {
		return "", err
	}
	return textID, faults.Err()
}

// openText returns the article's open text in a language, or begins a new version.
func (s *Service) openText(ctx context.Context, tx *db.Tx, a *Article, d TextDraft) (Text, error) {
	versions, err := textsWhere(ctx, tx, `article_id = ? AND lang = ?`, a.ID, d.Lang)
	if err != nil {
		return Text{}, err
	}
	number, follows := 1, 0
	for _, t := range versions { // the newest first
		if t.State == Draft || t.State == InReview || t.State == Returned {
			if t.ID != d.Base {
				return t, errs.Conflict("site.conflict")
			}
			return t, nil
		}
		number, follows = max(number, t.Number+1), max(follows, t.Follows)
	}
	if len(versions) > 0 && d.Base != "" && versions[0].ID != d.Base {
		return Text{}, errs.Conflict("site.conflict")
	}
	if d.Lang == a.SourceLang {
		follows = number
	}
	t := Text{ID: id.New(), ArticleID: a.ID, Lang: d.Lang, Number: number, Follows: follows, State: Draft, ChangedAt: s.clock.Now()}
	return t, insertText(ctx, tx, t)
}

// Submit asks for the second person's review. A text with faults stays a draft.
func (s *Service) Submit(ctx context.Context, actor access.Actor, textID string) (err error) {
	defer errs.Wrap(&err, "site.Submit(%s)", textID)
	return s.change(ctx, actor, "site.submit", textID, func(tx *db.Tx) error {
		t, err := s.checked(ctx, tx, textID)
		if err != nil {
			return err
		}
		if t.State != Draft && t.State != Returned {
			return errs.Conflict("site.not-open")
		}
		return db.Exec(ctx, tx, `UPDATE site_text SET state = 'review' WHERE id = ?`, textID)
	})
}

// checked returns a text that has no faults.
func (s *Service) checked(ctx context.Context, tx *db.Tx, textID string) (Text, error) {
	t, err := textByID(ctx, tx, textID)
	if err != nil {
		return t, err
	}
	a, err := articleByID(ctx, tx, t.ArticleID)
	if err != nil {
		return t, err
	}
	k, err := s.knows(ctx, tx)
	if err != nil {
		return t, err
	}
	if faults := checkText(&t, a.Protected(), k, s.bundle.Words[t.Lang]); len(faults) > 0 {
		return t, faults.Err()
	}
	same, err := db.One[int](ctx, tx, `SELECT COUNT(*) FROM site_text WHERE lang = ? AND article_id <> ? AND state = 'published' AND tab = ?`, t.Lang, t.ArticleID, t.Tab)
	if err == nil && same > 0 {
		err = errs.Fields{{Name: "tab", Key: "site.fault.same-tab"}}.Err()
	}
	return t, err
}

// Review publishes a text or returns it with a note. Who wrote it may not review it.
func (s *Service) Review(ctx context.Context, actor access.Actor, textID string, publish bool, note string) (err error) {
	defer errs.Wrap(&err, "site.Review(%s)", textID)
	note = trimmed(note)
	action := "site.return"
	if publish {
		action = "site.publish"
	}
	return s.change(ctx, actor, action, textID, func(tx *db.Tx) error {
		t, err := textByID(ctx, tx, textID)
		switch {
		case err != nil:
			return err
		case t.State != InReview:
			return errs.Conflict("site.not-in-review")
		case actor.PersonID == "" || t.AuthorID == actor.PersonID:
			return errs.Forbidden("site.second-person")
		case !publish && note == "":
			return errs.Fields{{Name: "note", Key: "site.fault.note"}}.Err()
		case !publish:
			return db.Exec(ctx, tx, `UPDATE site_text SET state = 'returned', reviewer_id = ?, reviewed_at = ?, note = ? WHERE id = ?`, actor.PersonID, s.clock.Now(), note, textID)
		}
		if t, err = s.checked(ctx, tx, textID); err != nil {
			return err
		}
		return s.publish(ctx, tx, t, actor.PersonID, note)
	})
}

// Withdraw takes an article's published text off the site; its versions stay, and an older one can be brought back as a draft.
func (s *Service) Withdraw(ctx context.Context, actor access.Actor, articleID, lang string) (err error) {
	defer errs.Wrap(&err, "site.Withdraw(%s, %s)", articleID, lang)
	return s.change(ctx, actor, "site.withdraw", articleID+" "+lang, func(tx *db.Tx) error {
		n, err := db.Changed(ctx, tx, `UPDATE site_text SET state = 'superseded' WHERE article_id = ? AND lang = ? AND state = 'published'`, articleID, lang)
		if err == nil && n == 0 {
			return errs.NotFound("error.not-found")
		}
		return err
	})
}

// Facts returns all facts, in order.
func (s *Service) Facts(ctx context.Context, actor access.Actor) (_ []Fact, err error) {
	defer errs.Wrap(&err, "site.Facts")
	if err := may(actor, access.SiteRead); err != nil {
		return nil, err
	}
	return facts(ctx, s.db)
}

// SaveFact keeps a fact, in all texts at once.
func (s *Service) SaveFact(ctx context.Context, actor access.Actor, f Fact) (err error) {
	defer errs.Wrap(&err, "site.SaveFact(%s)", f.ID)
	for lang := range f.Value {
		f.Value[lang] = trimmed(f.Value[lang])
	}
	maps.DeleteFunc(f.Value, func(_, v string) bool { return v == "" })
	f.Source, f.URL, f.By = trimmed(f.Source), trimmed(f.URL), trimmed(f.By)
	if err := f.Check(s.tags(), s.bundle.Telling).Err(); err != nil {
		return err
	}
	return s.change(ctx, actor, "site.fact", f.ID, func(tx *db.Tx) error { return putFact(ctx, tx, &f, s.clock.Now()) })
}

// Confirm notes that somebody checked facts today and found them right. by is who, as readers see it.
func (s *Service) Confirm(ctx context.Context, actor access.Actor, ids []string, by string) (n int, err error) {
	defer errs.Wrap(&err, "site.Confirm")
	if by = trimmed(by); by == "" {
		return 0, errs.Fields{{Name: "by", Key: "site.fault.by"}}.Err()
	}
	err = s.change(ctx, actor, "site.confirm", strings.Join(ids, " "), func(tx *db.Tx) error {
		n = 0
		all, err := facts(ctx, tx)
		if err != nil {
			return err
		}
		now := s.clock.Now()
		for _, f := range all {
			if !slices.Contains(ids, f.ID) {
				continue
			}
			today := now.In(s.zone)
			f.Checked, f.By, f.Confirm = today.Format(time.DateOnly), by, false
			if until := today.AddDate(0, f.Kind.Lasts(), 0).Format(time.DateOnly); f.Kind == Phone || f.Kind == Web || f.Kind == Name || f.ValidUntil < f.Checked {
				f.ValidUntil = until // of law and money the end is known and stays, unless it has passed
			}
			n++
			if err := putFact(ctx, tx, &f, now); err != nil {
				return err
			}
		}
		return nil
	})
	return n, err
}
