package public

import (
	"agora/app/program"
	"agora/app/web/page"
)

// ldSpeaker is a speaker as schema.org has a person, for those who read pages by
// machine.
type ldSpeaker struct {
	Context     string   `json:"@context"`
	Type        string   `json:"@type"`
	Name        string   `json:"name"`
	Description string   `json:"description,omitempty"`
	URL         string   `json:"url"`
	Image       string   `json:"image,omitempty"`
	SameAs      []string `json:"sameAs,omitempty"`
}

func newLdSpeaker(v *page.Visit, who *program.Speaker, p speakerPage) ldSpeaker {
	root := Pages{v.Site}.root()
	data := ldSpeaker{Context: "https://schema.org", Type: "Person", Name: who.Name, URL: root + v.Edition.Path() + "/speakers/" + who.Slug}
	if p.Biography.Text != "" {
		data.Description = p.about
	}
	if p.Face.Picture != "" {
		data.Image = root + p.Face.Picture
	}
	for _, l := range p.Links {
		data.SameAs = append(data.SameAs, l.URL)
	}
	for _, o := range p.Others { // the same human's pages of other editions
		data.SameAs = append(data.SameAs, root+o.Page)
	}
	return data
}
