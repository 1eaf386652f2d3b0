package guardian

import (
	"context"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"ostoja/internal/access"
	"ostoja/internal/db"
	"ostoja/internal/errs"
	"ostoja/internal/id"
	"ostoja/internal/privacy"
	"ostoja/internal/text"
)

// WorkNote is what a coordinator noted of a guardian's work. Nothing of any child is in it. Its author reads it, and other coordinators of the office once it
// was released; the person of the entry reads all of them (decision 0063).
type WorkNote struct {
	ID         string
	AuthorID   string
	Author     string // name
	At         time.Time
	Text       string // "" where the reader may not read it, or has not asked for it
	ReleasedAt time.Time
	ReleasedBy string // name
	Reason     string // of a release by somebody else than the author
}

// ReadBy says whether a coordinator of the office may read the note.
func (n WorkNote) ReadBy(personID string) bool {
	return personID != "" && n.AuthorID == personID || !n.ReleasedAt.IsZero()
}

const (
	mostNote    = 1000 // characters
	leastReason = 10
	mostReason  = 300
	caseLetters = 9 // of a case code, see package appointment
)

var codeForm = regexp.MustCompile(`(?i)[0-9a-z]{3}-?[0-9a-z]{3}-?[0-9a-z]{3}`)

// namesCase says whether a text looks as if it named a case: by a code as it is printed, or by one without its dashes. A word of nine letters in small
// letters is none.
func namesCase(s string) bool {
	for _, at := range codeForm.FindAllStringIndex(s, -1) {
		before, _ := utf8.DecodeLastRuneInString(s[:at[0]])
		after, _ := utf8.DecodeRuneInString(s[at[1]:])
		if unicode.IsLetter(before) || unicode.IsLetter(after) || unicode.IsDigit(before) || unicode.IsDigit(after) {
			continue
		}
		found := s[at[0]:at[1]]
		written := strings.Contains(found, "-") || strings.ContainsAny(found, "0123456789") || found == strings.ToUpper(found)
		if code := id.Typed(found, caseLetters); written && len(code) == caseLetters && id.Checked(code) {
			return true
		}
	}
	return false
}

// checkNote finds what is wrong with a cleaned text about somebody's work.
func checkNote(field, said string, least, most int) (faults errs.Fields) {
	switch n := utf8.RuneCountInString(said); {
	case n < least:
		faults.Add(field, "guardian.fault.short", "Low", least)
	case n > most:
		faults.Add(field, "guardian.fault.long", "High", most)
	case privacy.Find(said) != privacy.Nothing, privacy.Names(said), namesCase(said):
		faults.Add(field, "guardian.fault.private")
	}
	return faults
}

// AddNote notes something about the work of somebody in the register.
func (s *Service) AddNote(ctx context.Context, actor access.Actor, entryID, said string) (err error) {
	defer errs.Wrap(&err, "guardian.AddNote")
	said = text.CleanLines(said)
	return s.change(ctx, actor, entryID, func(tx *db.Tx, e Entry) error {
		if e.State == Removed {
			return errs.Conflict("guardian.state-removed")
		}
		if err := checkNote("note", said, 1, mostNote).Err(); err != nil {
			return err
		}
		if err := db.Exec(ctx, tx, `INSERT INTO guardian_note (id, guardian_id, author_id, at, text) VALUES (?, ?, ?, ?, ?)`, id.New(), e.ID, actor.PersonID, s.clock.Now(), said); err != nil {
			return err
		}
		return s.tell(ctx, tx, e.ID, actor.PersonID, "note-added", nil)
	})
}

// ReleaseNote lets the other coordinators of the office read a note. Somebody else than its author says why.
func (s *Service) ReleaseNote(ctx context.Context, actor access.Actor, entryID, noteID, reason string) (err error) {
	defer errs.Wrap(&err, "guardian.ReleaseNote")
	reason = text.Clean(reason)
	return s.change(ctx, actor, entryID, func(tx *db.Tx, e Entry) error {
		list, err := notesOf(ctx, tx, e.ID)
		if err != nil {
			return err
		}
		i := slices.IndexFunc(list, func(n WorkNote) bool { return n.ID == noteID })
		if i < 0 {
			return errs.NotFound("error.not-found")
		}
		if list[i].AuthorID == actor.PersonID {
			reason = ""
		} else if err := checkNote("reason", reason, leastReason, mostReason).Err(); err != nil {
			return err
		}
		err = db.Change(ctx, tx, errMeanwhile, `UPDATE guardian_note SET released_at = ?, released_by = ?, reason = ? WHERE id = ? AND released_at IS NULL`, s.clock.Now(), actor.PersonID, reason, noteID)
		if err != nil {
			return err
		}
		return s.tell(ctx, tx, e.ID, actor.PersonID, "note-released", nil)
	})
}

// notesOf reads the notes of an entry, the newest first.
func notesOf(ctx context.Context, q db.Querier, entryID string) ([]WorkNote, error) {
	return db.All[WorkNote](ctx, q, `
		SELECT n.id, n.author_id, a.given_name || ' ' || a.family_name AS author, n.at, n.text, n.released_at,
			COALESCE(r.given_name || ' ' || r.family_name, '') AS released_by, n.reason
		FROM guardian_note n JOIN identity_person a ON a.id = n.author_id LEFT JOIN identity_person r ON r.id = n.released_by
		WHERE n.guardian_id = ? ORDER BY n.at DESC, n.id DESC`, entryID)
}

// Notes lists what there is of notes to the office: the actor's own with their texts, of the others who wrote them and when.
func (s *Service) Notes(ctx context.Context, actor access.Actor, entryID string) (list []WorkNote, err error) {
	defer errs.Wrap(&err, "guardian.Notes")
	err = s.db.View(ctx, func(tx *db.Tx) error {
		e, err := within(ctx, tx, actor, access.GuardiansRead, entryID)
		if err != nil {
			return err
		}
		list, err = notesOf(ctx, tx, e.ID)
		return err
	})
	for i, n := range list {
		if n.AuthorID != actor.PersonID {
			list[i].Text = ""
		}
	}
	return list, err
}

// ReadNotes lists notes with all texts that the actor may read. That somebody read what others wrote is told to the person, as every look is.
func (s *Service) ReadNotes(ctx context.Context, actor access.Actor, entryID string) (list []WorkNote, err error) {
	defer errs.Wrap(&err, "guardian.ReadNotes")
	err = s.change(ctx, actor, entryID, func(tx *db.Tx, e Entry) error {
		if list, err = notesOf(ctx, tx, e.ID); err != nil {
			return err
		}
		others := false
		for i, n := range list {
			if !n.ReadBy(actor.PersonID) {
				list[i].Text = ""
			} else if n.AuthorID != actor.PersonID {
				others = true
			}
		}
		if !others {
			return nil
		}
		return s.tell(ctx, tx, e.ID, actor.PersonID, "notes-read", nil)
	})
	return list, err
}

// OwnNotes lists the notes about the actor's own work with their texts, released or not (art. 15 GDPR, decision 0063).
func (s *Service) OwnNotes(ctx context.Context, actor access.Actor) (list []WorkNote, err error) {
	defer errs.Wrap(&err, "guardian.OwnNotes")
	err = s.db.View(ctx, func(tx *db.Tx) error {
		e, err := ownEntry(ctx, tx, actor)
		if err != nil {
			return err
		}
		list, err = notesOf(ctx, tx, e.ID)
		return err
	})
	return list, err
}
