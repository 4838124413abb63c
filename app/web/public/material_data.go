package public

import (
	"time"

	"github.com/gofiber/fiber/v2"

	"agora/app/material"
	"agora/app/program"
	"agora/app/text"
	"agora/app/web/page"
)

// materialEntries are the feed's lines about material that strangers see.
func (s Pages) materialEntries(v *page.Visit, p *program.Programme) ([]atomEntry, error) {
	by, err := s.Material.Visible(v.Ctx, v.Edition, p, v.Now, false)
	if err != nil {
		return nil, err
	}
	var entries []atomEntry
	for _, x := range p.Sessions {
		for _, m := range by[x.ID] {
			title := v.Words(m.Title).Text
			if title == "" {
				title = v.T("material.kind." + string(m.Kind))
			}
			at := m.ChangedAt
			if from, _ := m.Opens(x.EndsAt); from.After(at) {
				at = from
			}
			entries = append(entries, atomEntry{ID: "urn:uuid:" + m.ID, at: at, Updated: atomTime(at),
				Title: v.T("feed.material", "material", title, "session", x.Name(v.Lang)),
				Link:  atomLink{Rel: "alternate", Type: "text/html", Href: s.root() + v.SessionHref(x)}})
		}
	}
	return entries, nil
}

// apiMaterial is a piece of material as programs read it. url stays for ever;
// source is where a link leads now, and none for a file.
type apiMaterial struct {
	URL        string        `json:"url"`
	Session    string        `json:"session"`
	Kind       material.Kind `json:"kind"`
	Title      text.Texts    `json:"title"`
	Language   string        `json:"language"`
	Licence    string        `json:"licence"`
	Source     string        `json:"source,omitempty"`
	Name       string        `json:"name,omitempty"`
	Type       string        `json:"type,omitempty"`
	Size       int64         `json:"size,omitempty"`
	RecordedAt *time.Time    `json:"recorded_at,omitempty"`
	Captions   []string      `json:"captions,omitempty"`
	Transcript string        `json:"transcript,omitempty"`
	ChangedAt  time.Time     `json:"changed_at"`
}

// APIMaterials tells programs of the material that everybody sees.
func (s Pages) APIMaterials(v *page.Visit) error {
	p, err := s.Program.Programme(v.Ctx, v.Edition)
	if err != nil {
		return err
	}
	by, err := s.Material.Visible(v.Ctx, v.Edition, p, v.Now, false)
	if err != nil {
		return err
	}
	list := []apiMaterial{}
	for _, x := range p.Sessions {
		for _, m := range by[x.ID] {
			list = append(list, s.apiMaterial(v, x, m))
		}
	}
	v.C.Set(fiber.HeaderCacheControl, "no-cache")
	return v.JSON(fiber.StatusOK, map[string]any{"materials": list})
}

func (s Pages) apiMaterial(v *page.Visit, x *program.Session, m material.Material) apiMaterial {
	one := apiMaterial{URL: s.root() + m.Path(v.Edition), Session: x.Slug, Kind: m.Kind, Title: m.Title, Language: m.Language, Licence: m.Licence,
		Source: m.URL, Transcript: m.TranscriptURL, ChangedAt: m.ChangedAt}
	if m.File != nil {
		one.Name, one.Type, one.Size = m.File.Name, m.File.Kind.ContentType(), m.File.Size
	}
	if !m.RecordedAt.IsZero() {
		one.RecordedAt = &m.RecordedAt
	}
	for _, c := range m.Captions {
		one.Captions = append(one.Captions, one.URL+"/captions/"+c.Language+".vtt")
	}
	return one
}
