package demo

import (
	"bytes"
	"context"
	"fmt"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/errs"
	"ostoja/internal/fact"
	"ostoja/internal/site"
	"ostoja/internal/site/content"
	"ostoja/internal/site/directory"
)

// siteDesk has the demonstration's author write for the public site, and its coordinator look at it, as two persons do.
type siteDesk struct {
	*site.Service
	author, second access.Actor
}

// FillSite adds to the public site what an office would: a news item, a publication with a file, two places of help and the
// office's contact. All of it is invented and says so.
func (f *Filler) FillSite(ctx context.Context, s *site.Service) (err error) {
	defer errs.Wrap(&err, "demo.FillSite")
	d := siteDesk{Service: s}
	if d.author, err = f.staffActor(ctx, access.Author); err != nil {
		return err
	}
	if d.second, err = f.staffActor(ctx, access.Coordinator); err != nil {
		return err
	}
	today := f.Clock.Now().In(s.Zone())
	if err := d.texts(ctx, today.Format(time.DateOnly)); err != nil {
		return err
	}
	file := content.File{ArticleID: "przyklad-poradnik", Edition: "I (przykład)", Lang: "pl", Name: "przyklad.pdf"}
	if err := s.AddFile(ctx, d.author, file, onePage("Ostoja: an invented publication, to show how one looks.")); err != nil {
		return err
	}
	for _, x := range places(today) {
		if err := d.agreed(ctx, site.OfService, x.ID, s.ProposeService(ctx, d.author, x, true, "", site.NewBase)); err != nil {
			return err
		}
	}
	return d.agreed(ctx, site.OfFact, content.OfficeContact, s.ProposeFact(ctx, d.author, officeContact(today), site.NewBase))
}

func (d siteDesk) texts(ctx context.Context, day string) error {
	for _, a := range []struct {
		id     string
		kind   content.Kind
		pl, en site.TextDraft
	}{
		{"przyklad-dyzur", content.News,
			site.TextDraft{Title: "Przykład: dyżur w bibliotece", Tab: "Dyżur w bibliotece", Summary: "Wymyślona aktualność: tak wygląda wiadomość od biura.",
				Body: ":::example\nW sobotę w wymyślonej bibliotece można porozmawiać o umowie i dokumentach. Nikt nie pyta o nazwisko.\n:::\n\nTa aktualność jest wymyślona. Zobacz prawdziwy poradnik: [Praca i umowa](article:work)."},
			site.TextDraft{Title: "Example: an open hour in the library", Tab: "An hour in the library", Summary: "Invented news: this is how the office tells of something.",
				Body: ":::example\nOn Saturday, in an invented library, you can talk about contracts and papers. Nobody asks for a name.\n:::\n\nThis news is invented. See a real guide: [Work and contract](article:work)."}},
		{"przyklad-poradnik", content.Publication,
			site.TextDraft{Title: "Przykład: poradnik dla instytucji", Tab: "Poradnik dla instytucji", Summary: "Wymyślona publikacja z plikiem do pobrania.",
				Body: "Ta publikacja jest wymyślona. Pokazuje, jak wyglądają wydania, pliki i zamówienia."},
			site.TextDraft{Title: "Example: a handbook for institutions", Tab: "A handbook", Summary: "An invented publication with a file to download.",
				Body: "This publication is invented. It shows how editions, files and orders look."}},
	} {
		if err := d.CreateArticle(ctx, d.author, content.Article{ID: a.id, Kind: a.kind, Topic: "work", Day: day}); err != nil {
			return err
		}
		a.pl.Lang, a.en.Lang, a.en.Follows = "pl", "en", 1
		for _, t := range []site.TextDraft{a.pl, a.en} {
			t.ArticleID = a.id
			if err := d.publish(ctx, t); err != nil {
				return fmt.Errorf("%s, %s: %w", a.id, t.Lang, err)
			}
		}
	}
	return nil
}

func (d siteDesk) publish(ctx context.Context, t site.TextDraft) error {
	saved, err := d.SaveDraft(ctx, d.author, t)
	if err == nil {
		err = d.Submit(ctx, d.author, saved.ID)
	}
	if err != nil {
		return err
	}
	return d.Review(ctx, d.second, saved.ID, site.Verdict{Base: saved.Base(), Publish: true})
}

// agreed has the second person accept what was proposed without an error.
func (d siteDesk) agreed(ctx context.Context, kind site.ProposalKind, objectID string, err error) error {
	if err != nil {
		return err
	}
	k, err := d.Entry(ctx, d.second, kind, objectID)
	if err != nil {
		return err
	}
	return d.AcceptProposal(ctx, d.second, k.Proposal.ID)
}

// places are two places of help. No number in Poland begins like theirs.
func places(today time.Time) []*directory.Service {
	place := func(id, region, town, hours, number string) *directory.Service {
		h, err := directory.ParseHours(hours)
		if err != nil {
			panic(err) // the text is ours
		}
		return &directory.Service{
			ID: id, Region: region, Town: town, Address: "ul. Przykładowa 1", Hours: h, Phones: []directory.Phone{{Number: number}}, Languages: []string{"pl", "en", "uk"}, Web: "https://www.example.org",
			Name:     map[string]string{"pl": "Przykład: punkt porad, " + town, "en": "Example: advice point, " + town},
			Summary:  map[string]string{"pl": "To miejsce jest wymyślone. Pokazuje, jak wygląda wpis.", "en": "This place is invented. It shows how an entry looks."},
			Cost:     map[string]string{"pl": "Bezpłatnie (przykład).", "en": "Free (example)."},
			Operator: "Przykład", Source: "Wpis wymyślony do pokazu programu", Checked: today.Format(time.DateOnly), By: "Przykład", ValidUntil: today.AddDate(1, 0, 0).Format(time.DateOnly),
		}
	}
	return []*directory.Service{
		place("przyklad-lodz", "10", "Łódź", "Mo-Fr 09:00-16:00; PH off", "+48 42 000 00 01"),
		place("przyklad-warszawa", "14", "Warszawa", "Mo-Fr 10:00-18:00; Sa 10:00-14:00; PH off", "+48 22 000 00 01"),
	}
}

func officeContact(today time.Time) content.Fact {
	return content.Fact{
		ID: content.OfficeContact, Kind: fact.Name, Value: map[string]string{fact.AnyLang: "Biuro (przykład), ul. Przykładowa 1, 00-000 Warszawa"},
		Label: map[string]string{
			"pl": "Kontakt biura (przykład)", "en": "The office's contact (example)", "uk": "Контакт офісу (приклад)", "ru": "Контакт офиса (пример)", "ar": "عنوان المكتب (مثال)", "vi": "Liên hệ văn phòng (ví dụ)",
		},
		Source: "Wymyślony do pokazu programu", Checked: today.Format(time.DateOnly), By: "Przykład", ValidUntil: today.AddDate(1, 0, 0).Format(time.DateOnly), GraceDays: 30,
	}
}

// onePage makes a PDF of one page with a line of Latin text.
func onePage(text string) []byte {
	var b bytes.Buffer
	var offsets []int
	b.WriteString("%PDF-1.4\n")
	line := fmt.Sprintf("BT /F1 16 Tf 60 760 Td (%s) Tj ET", text)
	for i, object := range []string{
		"<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Kids[3 0 R]/Count 1>>",
		"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
		fmt.Sprintf("<</Length %d>>stream\n%s\nendstream", len(line), line), "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
	} {
		offsets = append(offsets, b.Len())
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", i+1, object)
	}
	start := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", len(offsets)+1)
	for _, at := range offsets {
		fmt.Fprintf(&b, "%010d 00000 n \n", at)
	}
	fmt.Fprintf(&b, "trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n", len(offsets)+1, start)
	return b.Bytes()
}
