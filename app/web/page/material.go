package page

import (
	"strings"

	"agora/app/material"
	"agora/app/program"
	"agora/app/text"
)

// MaterialList is a session's material on its page of the desk.
type MaterialList struct {
	Rows    []MaterialRow
	NewHref string
}

// MaterialRow is a piece of material as organisers see it: also what nobody
// else sees yet.
type MaterialRow struct {
	Title                          Words
	Icon, Kind, Note, Shown, Count string
	State                          string // why it is not there for everybody now; empty: it is
	Href, EditHref, MoveHref       string
	First, Last                    bool
}

// MaterialPath is below which organisers add to a session's material and change it.
func (v *Visit) MaterialPath(x *program.Session) string {
	return "/desk" + v.Edition.Path() + "/program/" + x.Slug + "/material"
}

// MaterialOf lists a session's material for its page.
func (v *Visit) MaterialOf(x *program.Session) (*MaterialList, error) {
	list, err := v.Site.Material.OfSession(v.Ctx, v.Edition, x.ID)
	if err != nil {
		return nil, err
	}
	m := &MaterialList{NewHref: v.MaterialPath(x) + "/new"}
	if len(list) == 0 {
		return m, nil
	}
	opened, err := v.Site.Material.Downloads(v.Ctx, v.Edition)
	if err != nil {
		return nil, err
	}
	public, err := v.Site.Program.Programme(v.Ctx, v.Edition)
	if err != nil {
		return nil, err
	}
	seen, err := v.Site.Material.Visible(v.Ctx, v.Edition, public, v.Now, true)
	if err != nil {
		return nil, err
	}
	for i, one := range list {
		row := v.MaterialRow(one, x, opened[one.ID], ShownAmong(seen, one))
		row.MoveHref, row.First, row.Last = row.EditHref+"/move", i == 0, i == len(list)-1
		m.Rows = append(m.Rows, row)
	}
	return m, nil
}

// ShownAmong tells whether a piece of material is among those that are seen.
func ShownAmong(seen map[string][]material.Material, m material.Material) bool {
	for _, o := range seen[m.SessionID] {
		if o.ID == m.ID {
			return true
		}
	}
	return false
}

// MaterialRow says what a piece of material is, who sees it and how often it was opened.
func (v *Visit) MaterialRow(m material.Material, x *program.Session, opened int64, shown bool) MaterialRow {
	row := MaterialRow{Title: v.Words(m.Title), Kind: v.T("material.kind." + string(m.Kind)), Icon: "link", Href: m.Path(v.Edition),
		EditHref: v.MaterialPath(x) + "/" + m.ID, Shown: v.shownWords(m), Count: v.T("material_desk.opened", "n", opened)}
	switch {
	case m.Kind == material.Recording:
		row.Icon = "play"
	case m.File != nil:
		row.Icon = "file"
	}
	if row.Title.Text == "" {
		row.Title.Text = row.Kind
	}
	if row.Title.Text == row.Kind {
		row.Kind = ""
	}
	if opened == 0 {
		row.Count = v.T("material_desk.opened_none")
	}
	row.Note = v.SourceWords(m)
	if !shown && m.Visibility != material.Hidden {
		row.State = v.waitsWords(m)
	}
	return row
}

// SourceWords say what a piece of material is: a file of a size, or whose site.
func (v *Visit) SourceWords(m material.Material) string {
	if m.File != nil {
		return strings.ToUpper(strings.TrimPrefix(m.File.Kind.Extension(), ".")) + ", " + text.Size(v.Lang, m.File.Size)
	}
	return ShownURL(m.URL)
}

// shownWords say who sees it from when on.
func (v *Visit) shownWords(m material.Material) string {
	switch {
	case m.Visibility == material.Hidden:
		return v.T("material_desk.who.hidden")
	case m.Shown == material.At:
		return v.T("material_desk.who."+string(m.Visibility)+"_at", "at", text.DateTime(v.Lang, v.Edition.Local(m.ShownAt)))
	}
	return v.T("material_desk.who." + string(m.Visibility) + "_" + string(m.Shown))
}

// waitsWords say why those it is for do not see it at this moment.
func (v *Visit) waitsWords(m material.Material) string {
	if m.Shown == material.At && v.Now.Before(m.ShownAt) || m.Shown == material.After {
		return v.T("material_desk.waits_time")
	}
	return v.T("material_desk.waits")
}
