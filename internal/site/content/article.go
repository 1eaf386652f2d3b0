package content

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/errs"
	"ostoja/internal/site/directory"
)

// Door is what brings a reader: the home page has one for each.
type Door string

// The doors.
const (
	DoorHelp  Door = "help"  // I need help
	doorWorry Door = "worry" // I worry about someone
	DoorPlan  Door = "plan"  // I plan to go, or I have a job offer
)

// Doors lists the doors in the order in which they stand.
var Doors = []Door{DoorHelp, doorWorry, DoorPlan}

// Audience is whom an article is written for.
type Audience string

// The audiences.
const (
	forForeigners    Audience = "foreigner"    // people from abroad
	forWorkers       Audience = "worker"       // people who work or look for work
	forYoung         Audience = "young"        // children, young people and those who care for them
	forNear          Audience = "near"         // family, neighbours, friends
	ForProfessionals Audience = "professional" // people who meet foreigners in their work
)

// Audiences lists the audiences in the order in which they stand.
var Audiences = []Audience{forForeigners, forWorkers, forYoung, forNear, ForProfessionals}

// Topics are what articles are about.
var Topics = []string{"danger", "rights", "work", "papers", "children", "travel"}

// Kind is a kind of article.
type Kind string

// The kinds. Guides are the protected part of the site: neutral titles, addresses that say nothing, no copy in a cache.
const (
	Guide       Kind = "guide"
	News        Kind = "news"
	Publication Kind = "publication"
)

// Kinds lists the kinds.
var Kinds = []Kind{Guide, News, Publication}

// Article is what all languages of a text have in common.
type Article struct {
	ID         string // names it in links: [text](article:ID)
	Code       string // its address; of a guide it says nothing
	Kind       Kind
	Topic      string
	Doors      []Door
	Audiences  []Audience
	Leaflet    bool   // has sheets to print
	SourceLang string // the language that translations follow
	Position   int    // within lists; news are sorted by day
	Day        string // of news and publications: 2026-11-23
	Owner
	Texts map[string]*Text
	Files []File // of publications, newest edition first
}

// Protected says whether the article belongs to the part that leaves no trace, as far as a page can.
func (a *Article) Protected() bool { return a.Kind == Guide }

// HasDoor says whether the article stands behind a door.
func (a *Article) HasDoor(d Door) bool { return slices.Contains(a.Doors, d) }

// Check finds what is wrong with what all languages have in common; days are those of zone.
func (a *Article) Check(zone *time.Location) error {
	var faults errs.Fields
	switch {
	case !directory.IsMark(a.ID):
		faults.Add("id", "site.fault.mark")
	case reservedArticle(a.ID):
		faults.Add("id", "site.fault.reserved")
	}
	if a.Position < 0 || a.Position > LastPosition {
		faults.Add("position", "site.fault.position", "Most", LastPosition)
	}
	if !slices.Contains(Kinds, a.Kind) {
		faults.Add("kind", "site.fault.choose")
	}
	faults = append(faults, a.checkPlace()...)
	if a.Kind != Guide && day(a.Day, zone).IsZero() {
		faults.Add("day", "site.fault.day")
	}
	return faults.Err()
}

// LastPosition is the last place in lists; new articles stand there.
const LastPosition = 1000

// checkPlace finds what is unknown of where the article stands: topic, doors, audiences.
func (a *Article) checkPlace() (faults errs.Fields) {
	if !slices.Contains(Topics, a.Topic) {
		faults.Add("topic", "site.fault.choose")
	}
	if slices.ContainsFunc(a.Doors, func(d Door) bool { return !slices.Contains(Doors, d) }) {
		faults.Add("doors", "site.fault.choose")
	}
	if slices.ContainsFunc(a.Audiences, func(x Audience) bool { return !slices.Contains(Audiences, x) }) {
		faults.Add("audiences", "site.fault.choose")
	}
	return faults
}

// reservedArticle says whether an article cannot be named or addressed so: a page, a sheet to print or a count has the name.
func reservedArticle(mark string) bool {
	has := func(fits func(s, part string) bool, parts ...string) bool {
		return slices.ContainsFunc(parts, func(part string) bool { return fits(mark, part) })
	}
	return directory.IsReserved(mark) || slices.Contains(fixedPages, mark) || slices.Contains([]string{"home", "news", "publications", "single", "figures"}, mark) ||
		has(strings.HasPrefix, "services-", "info-", "keep-", "door-") || has(strings.HasSuffix, "-a3", "-a4", "-a6")
}

// State is how far a text has come.
type State string

// The states.
const (
	Draft      State = "draft"
	InReview   State = "review"
	Returned   State = "returned" // by the second person, with a note
	Published  State = "published"
	Superseded State = "superseded" // by a newer one, or withdrawn
)

// Text is one version of an article in one language. The words of a published version never change.
type Text struct {
	ID         string
	ArticleID  string `db:"article_id"`
	Lang       string
	Number     int // 1, 2, 3 … within article and language
	Title      string
	Tab        string // title of the browser's tab; neutral if the article is protected
	Summary    string
	Body       string // Markdown with the blocks of docs/public-site.md
	Follows    int    // the number of the source text that this translation follows; its own number for the source
	State      State
	Version    int       // rises with each change of a draft
	AuthorID   string    `db:"author_id"` // who saved it last; "" is the program
	ChangedAt  time.Time `db:"changed_at"`
	ReviewerID string    `db:"reviewer_id"` // none of the writers
	ReviewedAt time.Time `db:"reviewed_at"`
	ReviewDue  string    `db:"review_due"` // 2027-11-23: when somebody should read it again
	Note       string    // the reviewer's
}

// Base names the text as it is now: who changes or publishes it says what they had before their eyes.
func (t *Text) Base() string { return t.ID + "." + strconv.Itoa(t.Version) }

// Open says whether the version is still being written or read by the second person.
func (t *Text) Open() bool { return t.State == Draft || t.State == InReview || t.State == Returned }

// SameContent says whether another version says the same.
func (t *Text) SameContent(x *Text) bool {
	return t.Title == x.Title && t.Tab == x.Tab && t.Summary == x.Summary && t.Body == x.Body
}

// Activity is a training that the coordinator agreed to name on the site.
type Activity struct {
	Title, Place string
	From, Until  time.Time
}

// Language is a language of the site.
type Language struct {
	Tag  string
	Name string // in the language itself
	Dir  string // ltr | rtl
}

// day parses a date of the calendar in a zone; the zero time if it is none.
func day(text string, zone *time.Location) time.Time {
	t, err := time.ParseInLocation(time.DateOnly, text, zone)
	if err != nil {
		return time.Time{}
	}
	return t
}

// Owner is the unit that keeps something on the site. The zero value is the installation: the national lines, and all that
// was there before units kept anything.
type Owner struct {
	UnitID   string
	UnitPath string
	UnitName string
}

// MayChange says whether the actor may change what the owner keeps, for the pages that offer it.
func (k Owner) MayChange(actor access.Actor) bool { return actor.May(access.SiteWrite, k.UnitPath) }
