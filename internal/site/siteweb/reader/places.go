package reader

import (
	"slices"
	"strings"

	"ostoja/internal/fact"
	"ostoja/internal/search"
	"ostoja/internal/site/content"
	"ostoja/internal/site/directory"
)

// serviceMark begins the id of a service in the search index.
const serviceMark = "service:"

// serviceDoc is a service as it is found: by what it does, and by where it is.
func (v *view) serviceDoc(s *directory.Service) search.Doc {
	where := []string{v.place(s)}
	if s.Region != "" { // in the reader's language, and as it stands on signs
		where = append(where, v.T("region."+s.Region), v.b.bundle.Catalogue.Printer(v.b.bundle.SourceLang).T("region."+s.Region))
	}
	return search.Doc{ID: serviceMark + s.ID, Lang: v.Tag(), Title: v.text(s.Name), Summary: v.text(s.Summary), Body: strings.Join(append(where, v.text(s.Audience)), "\n")}
}

// serviceHit leads to the page that lists a service.
func (v *view) serviceHit(id string) hit {
	i := slices.IndexFunc(v.b.snap.Services, func(s *directory.Service) bool { return s.ID == id })
	s, page := v.b.snap.Services[i], v.b.bundle.Pages["services"]
	if s.Region != "" {
		page += "-" + s.Region
	}
	summary := v.text(s.Summary)
	if v.validity(s) == fact.Expired {
		summary = ""
	}
	return hit{string(v.to(page)) + "#" + s.ID, v.text(s.Name), summary, nil}
}

// ordering says where printed copies are ordered, "" while nobody has told or it cannot be trusted any more.
func (v *view) ordering() string {
	f := v.b.snap.Facts[content.OfficeContact]
	if f == nil || f.Validity(v.b.now, v.b.snap.Zone) == fact.Expired {
		return ""
	}
	return v.fact(f.ID)
}
