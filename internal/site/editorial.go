package site

import (
	"context"
	"slices"
	"strings"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/approval"
	"ostoja/internal/db"
	"ostoja/internal/errs"
	"ostoja/internal/id"
	"ostoja/internal/site/content"
	"ostoja/internal/text"
)

// Status is how far an article has come in a language.
type Status struct {
	Lang      string
	Published *content.Text // nil if none
	Open      *content.Text // the draft, the text in review or the returned one; nil if none
	Stale     bool          // the published translation is older than its source
	Due       bool          // the day of the next review has come
}

// Overview is an article with its states by language, in the order of the site's languages.
type Overview struct {
	*content.Article
	Languages []Status
}

// Articles returns all articles with their states.
func (s *Service) Articles(ctx context.Context, actor access.Actor) (list []Overview, err error) {
	defer errs.Wrap(&err, "site.Articles")
	if err := may(actor, access.SiteRead); err != nil {
		return nil, err
	}
	err = s.db.View(ctx, func(tx *db.Tx) error {
		within, args := actor.Within(access.SiteRead, "u.path")
		all, err := articlesWhere(ctx, tx, within, args...)
		if err != nil {
			return err
		}
		list, err = s.overviews(ctx, tx, all, `TRUE`)
		return err
	})
	return list, err
}

// Article returns one article with its states.
func (s *Service) Article(ctx context.Context, actor access.Actor, articleID string) (o Overview, err error) {
	defer errs.Wrap(&err, "site.Article(%s)", articleID)
	if err := may(actor, access.SiteRead); err != nil {
		return o, err
	}
	err = s.db.View(ctx, func(tx *db.Tx) error {
		a, err := articleByID(ctx, tx, articleID)
		if err != nil {
			return err
		}
		if err := mayRead(actor, a.UnitPath); err != nil {
			return err
		}
		list, err := s.overviews(ctx, tx, []*content.Article{a}, `article_id = ?`, articleID)
		if err == nil {
			o = list[0]
		}
		return err
	})
	return o, err
}

// overviews adds to articles their texts and files, which the condition chooses.
func (s *Service) overviews(ctx context.Context, tx *db.Tx, all []*content.Article, where string, args ...any) (list []Overview, err error) {
	texts, err := textsWhere(ctx, tx, `state <> 'superseded' AND `+where, args...)
	if err != nil {
		return nil, err
	}
	attached, err := files(ctx, tx, where, args...)
	for _, a := range all {
		for _, f := range attached {
			if f.ArticleID == a.ID {
				a.Files = append(a.Files, f)
			}
		}
		list = append(list, s.overview(a, texts))
	}
	return list, err
}

func (s *Service) overview(a *content.Article, texts []content.Text) Overview {
	o := Overview{Article: a}
	today := s.clock.Now().In(s.zone).Format(time.DateOnly)
	for _, l := range s.bundle.Languages {
		st := Status{Lang: l.Tag}
		for i := range texts {
			t := &texts[i]
			switch {
			case t.ArticleID != a.ID || t.Lang != l.Tag:
			case t.State == content.Published:
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
func (s *Service) Text(ctx context.Context, actor access.Actor, textID string) (t content.Text, a *content.Article, err error) {
	defer errs.Wrap(&err, "site.Text(%s)", textID)
	if err := may(actor, access.SiteRead); err != nil {
		return t, nil, err
	}
	err = s.db.View(ctx, func(tx *db.Tx) error {
		if t, err = textByID(ctx, tx, textID); err != nil {
			return err
		}
		if a, err = articleByID(ctx, tx, t.ArticleID); err != nil {
			return err
		}
		return mayRead(actor, a.UnitPath)
	})
	return t, a, err
}

// Writers returns who saved a version of a text: none of them may publish it.
func (s *Service) Writers(ctx context.Context, actor access.Actor, textID string) (_ []string, err error) {
	defer errs.Wrap(&err, "site.Writers(%s)", textID)
	if err := may(actor, access.SiteRead); err != nil {
		return nil, err
	}
	if err := read(ctx, s.db, actor, ofText(textID)); err != nil {
		return nil, err
	}
	return writers(ctx, s.db, textID)
}

// Versions returns all versions of an article's text in a language, the newest first.
func (s *Service) Versions(ctx context.Context, actor access.Actor, articleID, lang string) (_ []content.Text, err error) {
	defer errs.Wrap(&err, "site.Versions")
	if err := may(actor, access.SiteRead); err != nil {
		return nil, err
	}
	if err := read(ctx, s.db, actor, ofArticle(articleID)); err != nil {
		return nil, err
	}
	return textsWhere(ctx, s.db, `article_id = ? AND lang = ?`, articleID, lang)
}

// CreateArticle adds an article without a text. A guide gets a code that says nothing; the others are addressed by their id.
func (s *Service) CreateArticle(ctx context.Context, actor access.Actor, a content.Article) (err error) {
	defer errs.Wrap(&err, "site.CreateArticle")
	a.ID = trimmed(a.ID)
	if err := a.Check(s.zone); err != nil {
		return err
	}
	a.Code, a.SourceLang, a.Position = a.ID, s.bundle.SourceLang, content.LastPosition
	if a.Protected() {
		a.Code = "x" + strings.ToLower(id.Code(5))[:5]
	}
	return s.edit(ctx, actor, ofUnit(a.UnitID), "site.article", a.ID, func(tx *db.Tx) (any, error) {
		return nil, faultIfDuplicate(insertArticle(ctx, tx, &a, s.clock.Now()))
	})
}

// UpdateArticle changes what all languages have in common; its id, kind and address stay.
func (s *Service) UpdateArticle(ctx context.Context, actor access.Actor, a content.Article) (err error) {
	defer errs.Wrap(&err, "site.UpdateArticle(%s)", a.ID)
	return s.change(ctx, actor, ofArticle(a.ID), "site.article", a.ID, func(tx *db.Tx) (any, error) {
		old, err := articleByID(ctx, tx, a.ID)
		if err != nil {
			return nil, err
		}
		a.Kind = old.Kind
		if err := a.Check(s.zone); err != nil {
			return nil, err
		}
		return nil, updateArticle(ctx, tx, &a)
	})
}

// TextDraft is a text as an author sends it.
type TextDraft struct {
	ArticleID, Lang           string
	Title, Tab, Summary, Body string
	Follows                   int // number of the source text that a translation follows; 0 keeps what it followed
	// Base is the [Text.Base] of the version that the author began with, "" if there was none: what somebody else changed
	// meanwhile is not written over.
	Base string
}

// SaveDraft keeps a draft: the article's open text in that language is changed, or a new version is begun. It is checked, but
// kept whatever the check finds, so that nothing is lost; the faults come back with the text, as an error of category invalid.
// Only digits that look like a phone number are not kept: there is no text then.
func (s *Service) SaveDraft(ctx context.Context, actor access.Actor, d TextDraft) (saved content.Text, err error) {
	defer errs.Wrap(&err, "site.SaveDraft(%s, %s)", d.ArticleID, d.Lang)
	if !slices.Contains(s.tags(), d.Lang) {
		return saved, errs.Invalid("error.invalid")
	}
	const longest = 100_000
	if len(d.Body) > longest || len(d.Title)+len(d.Tab)+len(d.Summary) > 4000 {
		return saved, errs.Fields{{Name: "body", Key: "site.fault.long"}}.Err()
	}
	var faults errs.Fields
	err = s.edit(ctx, actor, ofArticle(d.ArticleID), "site.draft", d.ArticleID+" "+d.Lang, func(tx *db.Tx) (any, error) {
		a, err := articleByID(ctx, tx, d.ArticleID)
		if err != nil {
			return nil, err
		}
		t := content.Text{ArticleID: a.ID, Lang: d.Lang, Title: trimmed(d.Title), Tab: trimmed(d.Tab), Summary: trimmed(d.Summary), Body: trimmed(d.Body) + "\n"}
		k, err := s.references(ctx, tx)
		if err != nil {
			return nil, err
		}
		if faults = content.CheckText(&t, a.Protected(), k, s.bundle.Words[t.Lang]); content.HasPhoneDigits(faults) {
			return nil, faults.Err()
		}
		saved, err = s.saveText(ctx, tx, actor.PersonID, a, t, d)
		return nil, err
	})
	if err != nil {
		return content.Text{}, err
	}
	return saved, faults.Err()
}

// saveText writes the words of a text into the article's open text, or into a new one. Whoever changes them is a writer from then on.
func (s *Service) saveText(ctx context.Context, tx *db.Tx, personID string, a *content.Article, words content.Text, d TextDraft) (content.Text, error) {
	t, begun, err := s.openText(ctx, tx, a, d)
	if err != nil {
		return t, err
	}
	follows := t.Follows
	if d.Follows > 0 && d.Lang != a.SourceLang {
		published, err := publishedNumber(ctx, tx, a.ID, a.SourceLang)
		if err != nil {
			return t, err
		}
		follows = min(d.Follows, published) // nobody has translated what is not there yet
	}
	if !begun && t.SameContent(&words) && t.Follows == follows {
		return t, nil
	}
	t.Title, t.Tab, t.Summary, t.Body, t.Follows = words.Title, words.Tab, words.Summary, words.Body, follows
	if err := conflictIfNone(db.Changed(ctx, tx, `UPDATE site_text SET title = ?, tab = ?, summary = ?, body = ?, follows = ?, state = 'draft', author_id = ?, changed_at = ?, version = version + 1
		WHERE id = ? AND version = ? AND state IN ('draft', 'review', 'returned')`,
		t.Title, t.Tab, t.Summary, t.Body, t.Follows, personID, s.clock.Now(), t.ID, t.Version)); err != nil {
		return t, err
	}
	if err := s.answered(ctx, tx, approval.SiteText, t.ID, personID, approval.Withdrawn, ""); err != nil { // it does not wait any more
		return t, err
	}
	if err := db.Exec(ctx, tx, `INSERT INTO site_writer (text_id, person_id) VALUES (?, ?) ON CONFLICT (text_id, person_id) DO NOTHING`, t.ID, personID); err != nil {
		return t, err
	}
	return textByID(ctx, tx, t.ID)
}

// publishedNumber returns the number of an article's published text in a language, 0 if there is none.
func publishedNumber(ctx context.Context, tx *db.Tx, articleID, lang string) (int, error) {
	return db.One[int](ctx, tx, `SELECT COALESCE(MAX(number), 0) FROM site_text WHERE article_id = ? AND lang = ? AND state = 'published'`, articleID, lang)
}

// openText returns the article's open text in a language, or begins a new version.
func (s *Service) openText(ctx context.Context, tx *db.Tx, a *content.Article, d TextDraft) (t content.Text, begun bool, err error) {
	versions, err := textsWhere(ctx, tx, `article_id = ? AND lang = ?`, a.ID, d.Lang)
	if err != nil {
		return t, false, err
	}
	number, follows := 1, 0
	for _, t := range versions { // the newest first
		if t.Open() {
			if t.Base() != d.Base {
				return t, false, errs.Conflict("site.conflict")
			}
			return t, false, nil
		}
		number, follows = max(number, t.Number+1), max(follows, t.Follows)
	}
	if len(versions) > 0 && (d.Base != "" || versions[0].State == content.Published) && versions[0].Base() != d.Base {
		return t, false, errs.Conflict("site.conflict")
	}
	if d.Lang == a.SourceLang {
		follows = number
	}
	t = content.Text{ID: id.New(), ArticleID: a.ID, Lang: d.Lang, Number: number, Follows: follows, State: content.Draft, Version: 1, ChangedAt: s.clock.Now()}
	if err = insertText(ctx, tx, t); db.IsUnique(err) { // somebody else began one since
		err = errs.Conflict("site.conflict")
	}
	return t, true, err
}

// Submit asks for the second person's review, without saying why.
func (s *Service) Submit(ctx context.Context, actor access.Actor, textID string) error {
	return s.SubmitBecause(ctx, actor, textID, "")
}

// SubmitBecause asks for the second person's review, with a note to them. A text with faults stays a draft; one that waits already goes on
// waiting.
func (s *Service) SubmitBecause(ctx context.Context, actor access.Actor, textID, why string) (err error) {
	defer errs.Wrap(&err, "site.Submit(%s)", textID)
	return s.edit(ctx, actor, ofText(textID), "site.submit", textID, func(tx *db.Tx) (any, error) {
		t, err := s.validText(ctx, tx, textID)
		if err != nil {
			return nil, err
		}
		if !t.Open() {
			return nil, errs.Conflict("site.not-open")
		}
		if err := conflictIfNone(db.Changed(ctx, tx, `UPDATE site_text SET state = 'review' WHERE id = ? AND version = ?`, textID, t.Version)); err != nil {
			return nil, err
		}
		if t.State == content.InReview {
			return nil, nil
		}
		return nil, s.askText(ctx, tx, actor, &t, why)
	})
}

// validText returns a text that has no faults.
func (s *Service) validText(ctx context.Context, tx *db.Tx, textID string) (content.Text, error) {
	t, err := textByID(ctx, tx, textID)
	if err != nil {
		return t, err
	}
	a, err := articleByID(ctx, tx, t.ArticleID)
	if err != nil {
		return t, err
	}
	k, err := s.references(ctx, tx)
	if err != nil {
		return t, err
	}
	if faults := content.CheckText(&t, a.Protected(), k, s.bundle.Words[t.Lang]); len(faults) > 0 {
		return t, faults.Err()
	}
	same, err := db.One[int](ctx, tx, `SELECT COUNT(*) FROM site_text WHERE lang = ? AND article_id <> ? AND state = 'published' AND tab = ?`, t.Lang, t.ArticleID, t.Tab)
	if err == nil && (same > 0 || slices.Contains(s.bundle.Tabs(t.Lang), t.Tab)) {
		err = errs.Fields{{Name: "tab", Key: "site.fault.same-tab"}}.Err()
	}
	return t, err
}

// Verdict is what the second person says of a text.
type Verdict struct {
	Base        string // [Text.Base] of what they read
	Publish     bool   // else it is returned
	Note        string // wanted if it is returned
	SameMeaning bool   // of a new source text: translations that were up to date stay so
}

// Review publishes a text or returns it with a note. None of its writers may review it.
func (s *Service) Review(ctx context.Context, actor access.Actor, textID string, v Verdict) (err error) {
	defer errs.Wrap(&err, "site.Review(%s)", textID)
	v.Note = trimmed(v.Note)
	if v.Publish {
		return s.change(ctx, actor, ofText(textID), "site.publish", textID, func(tx *db.Tx) (any, error) {
			t, err := s.textToReview(ctx, tx, actor, textID, v)
			if err != nil {
				return nil, err
			}
			if _, err = s.validText(ctx, tx, textID); err != nil {
				return nil, err
			}
			if err := s.refuseUnconfirmed(ctx, tx, &t); err != nil {
				return nil, err
			}
			held, err := s.carryTranslations(ctx, tx, t, v.SameMeaning)
			if err != nil {
				return nil, err
			}
			if err := s.publish(ctx, tx, t, actor.PersonID, v.Note); err != nil {
				return nil, err
			}
			return map[string]any{"number": t.Number, "translations_hold": held}, s.answered(ctx, tx, approval.SiteText, t.ID, actor.PersonID, approval.Approved, v.Note)
		})
	}
	return s.edit(ctx, actor, ofText(textID), "site.return", textID, func(tx *db.Tx) (any, error) {
		t, err := s.textToReview(ctx, tx, actor, textID, v)
		if err == nil && v.Note == "" {
			err = errs.Fields{{Name: "note", Key: "site.fault.note"}}.Err()
		}
		if err != nil {
			return nil, err
		}
		if err := conflictIfNone(db.Changed(ctx, tx, `UPDATE site_text SET state = 'returned', reviewer_id = ?, reviewed_at = ?, note = ? WHERE id = ? AND version = ? AND state = 'review'`,
			actor.PersonID, s.clock.Now(), v.Note, textID, t.Version)); err != nil {
			return nil, err
		}
		return nil, s.answered(ctx, tx, approval.SiteText, t.ID, actor.PersonID, approval.Returned, v.Note)
	})
}

// textToReview returns the text that an actor reviews, if they may and it is what they read.
func (s *Service) textToReview(ctx context.Context, tx *db.Tx, actor access.Actor, textID string, v Verdict) (content.Text, error) {
	t, err := textByID(ctx, tx, textID)
	if err != nil {
		return t, err
	}
	wrote, err := writers(ctx, tx, textID)
	switch {
	case err != nil:
		return t, err
	case t.State != content.InReview:
		return t, errs.Conflict("site.not-in-review")
	case actor.PersonID == "" || slices.Contains(wrote, actor.PersonID):
		return t, errs.Forbidden("site.second-person")
	case t.Base() != v.Base:
		return t, errs.Conflict("site.changed-since")
	}
	return t, nil
}

// carryTranslations lets the translations of a source text that is about to be published follow it, if its meaning did not change, and
// returns how many there are.
func (s *Service) carryTranslations(ctx context.Context, tx *db.Tx, t content.Text, sameMeaning bool) (int, error) {
	a, err := articleByID(ctx, tx, t.ArticleID)
	if err != nil || !sameMeaning || t.Lang != a.SourceLang {
		return 0, err
	}
	before, err := publishedNumber(ctx, tx, a.ID, a.SourceLang)
	if err != nil {
		return 0, err
	}
	return db.Changed(ctx, tx, `UPDATE site_text SET follows = ? WHERE article_id = ? AND lang <> ? AND follows = ? AND state <> 'superseded'`, t.Number, a.ID, a.SourceLang, before)
}

// publish makes a text the published one of its article and language.
func (s *Service) publish(ctx context.Context, tx *db.Tx, t content.Text, reviewerID, note string) error {
	const reviewMonths = 12
	now := s.clock.Now()
	if err := db.Exec(ctx, tx, `UPDATE site_text SET state = 'superseded' WHERE article_id = ? AND lang = ? AND state = 'published'`, t.ArticleID, t.Lang); err != nil {
		return err
	}
	return conflictIfNone(db.Changed(ctx, tx, `UPDATE site_text SET state = 'published', reviewer_id = ?, reviewed_at = ?, review_due = ?, note = ? WHERE id = ? AND state = 'review' AND version = ?`,
		reviewerID, now, now.In(s.zone).AddDate(0, reviewMonths, 0).Format(time.DateOnly), note, t.ID, max(t.Version, 1)))
}

// Withdraw takes an article's published text off the site; its versions stay.
func (s *Service) Withdraw(ctx context.Context, actor access.Actor, articleID, lang string) (err error) {
	defer errs.Wrap(&err, "site.Withdraw(%s, %s)", articleID, lang)
	return s.change(ctx, actor, ofArticle(articleID), "site.withdraw", articleID+" "+lang, func(tx *db.Tx) (any, error) {
		n, err := db.Changed(ctx, tx, `UPDATE site_text SET state = 'superseded' WHERE article_id = ? AND lang = ? AND state = 'published'`, articleID, lang)
		if err == nil && n == 0 {
			return nil, errs.NotFound("error.not-found")
		}
		return nil, err
	})
}

// Titles returns what the published articles of a kind are called, by id: what every reader sees.
func (s *Service) Titles(ctx context.Context, q db.Querier, kind content.Kind) (_ map[string]text.Translated, err error) {
	defer errs.Wrap(&err, "site.Titles(%s)", kind)
	type row struct{ ArticleID, Lang, SourceLang, Title string }
	titles := map[string]text.Translated{}
	err = db.Each(ctx, q, func(x row) {
		if titles[x.ArticleID] == nil {
			titles[x.ArticleID] = text.Translated{}
		}
		titles[x.ArticleID][x.Lang] = x.Title
		if x.Lang == x.SourceLang {
			titles[x.ArticleID][""] = x.Title
		}
	}, `SELECT t.article_id, t.lang, a.source_lang, t.title FROM site_text t JOIN site_article a ON a.id = t.article_id WHERE a.kind = ? AND t.state = 'published'`, string(kind))
	return titles, err
}
