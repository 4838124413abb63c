package public

import (
	"agora/app/edition"
	"agora/app/web/page"
)

// thanksPart is one kind of those who made the day.
type thanksPart struct {
	Kind  edition.ThanksKind
	Logos bool // some have one: they are shown as plates
	Rows  []thanksRow
}

// thanksRow is somebody who is thanked. With a logo its picture stands for the
// name.
type thanksRow struct {
	Name, URL, Logo string
	What            page.Words
}

// thanks lists who made the day, as long as the edition is kept.
func (s Pages) thanks(v *page.Visit) ([]thanksPart, error) {
	list, err := s.Editions.Thanked(v.Ctx, v.Edition)
	if err != nil {
		return nil, err
	}
	var parts []thanksPart
	for _, t := range list {
		if n := len(parts); n == 0 || parts[n-1].Kind != t.Kind {
			parts = append(parts, thanksPart{Kind: t.Kind})
		}
		p := &parts[len(parts)-1]
		p.Rows = append(p.Rows, thanksRow{Name: t.Name, URL: t.URL, Logo: page.LogoPath(v.Edition, t), What: v.Words(t.What)})
		p.Logos = p.Logos || t.Logo != ""
	}
	return parts, nil
}
