package desk

import (
	"strings"

	"agora/app/fail"
	"agora/app/material"
	"agora/app/program"
	"agora/app/text"
	"agora/app/web/page"
)

// materialList is a session's material on its page of the desk.
type materialList struct {
	Rows    []materialDeskRow
	NewHref string
}

// materialDeskRow is a piece of material as organisers see it: also what nobody
// else sees yet.
type materialDeskRow struct {
	Title                          page.Words
	Icon, Kind, Note, Shown, Count string
	State                          string // why it is not there for everybody now; empty: it is
	Href, EditHref, MoveHref       string
	First, Last                    bool
}

func materialPath(v *page.Visit, x *program.Session) string {
	return "/desk" + v.Edition.Path() + "/program/" + x.Slug + "/material"
}

func newMaterialList(v *page.Visit, x *program.Session) (*materialList, error) {
	list, err := v.Site.Material.OfSession(v.Ctx, v.Edition, x.ID)
	if err != nil {
		return nil, err
	}
	m := &materialList{NewHref: materialPath(v, x) + "/new"}
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
		row := newMaterialDeskRow(v, one, x, opened[one.ID], shownAmong(seen, one))
		row.MoveHref, row.First, row.Last = row.EditHref+"/move", i == 0, i == len(list)-1
		m.Rows = append(m.Rows, row)
	}
	return m, nil
}

// shownAmong tells whether a piece of material is among those that are seen.
func shownAmong(seen map[string][]material.Material, m material.Material) bool {
	for _, o := range seen[m.SessionID] {
		if o.ID == m.ID {
			return true
		}
	}
	return false
}

func newMaterialDeskRow(v *page.Visit, m material.Material, x *program.Session, opened int64, shown bool) materialDeskRow {
	row := materialDeskRow{Title: v.Words(m.Title), Kind: v.T("material.kind." + string(m.Kind)), Icon: "link", Href: m.Path(v.Edition),
		EditHref: materialPath(v, x) + "/" + m.ID, Shown: shownWords(v, m), Count: v.T("material_desk.opened", "n", opened)}
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
	row.Note = sourceWords(v, m)
	if !shown && m.Visibility != material.Hidden {
		row.State = waitsWords(v, m)
	}
	return row
}

// sourceWords say what a piece of material is: a file of a size, or whose site.
func sourceWords(v *page.Visit, m material.Material) string {
	if m.File != nil {
		return strings.ToUpper(strings.TrimPrefix(m.File.Kind.Extension(), ".")) + ", " + text.Size(v.Lang, m.File.Size)
	}
	return page.ShownURL(m.URL)
}

// shownWords say who sees it from when on.
func shownWords(v *page.Visit, m material.Material) string {
	switch {
	case m.Visibility == material.Hidden:
		return v.T("material_desk.who.hidden")
	case m.Shown == material.At:
		return v.T("material_desk.who."+string(m.Visibility)+"_at", "at", text.DateTime(v.Lang, v.Edition.Local(m.ShownAt)))
	}
	return v.T("material_desk.who." + string(m.Visibility) + "_" + string(m.Shown))
}

// waitsWords say why those it is for do not see it at this moment.
func waitsWords(v *page.Visit, m material.Material) string {
	if m.Shown == material.At && v.Now.Before(m.ShownAt) || m.Shown == material.After {
		return v.T("material_desk.waits_time")
	}
	return v.T("material_desk.waits")
}

// MaterialMove puts a piece of material before or after its neighbour.
func (s Pages) MaterialMove(v *page.Visit) error {
	_, x, err := draftSession(v)
	if err != nil {
		return err
	}
	if err := s.Material.Move(v.Ctx, material.Organiser(v.Person.ID), v.Edition, v.Param("material"), v.Sent().Get("to") == "up"); err != nil {
		return err
	}
	return v.Redirect(sessionMaterial(v, x))
}

// MaterialRemove takes one away. What is gone already was removed by somebody
// else, or by the same press twice.
func (s Pages) MaterialRemove(v *page.Visit) error {
	_, x, err := draftSession(v)
	if err != nil {
		return err
	}
	err = s.Material.Remove(v.Ctx, material.Organiser(v.Person.ID), v.Edition, v.Param("material"))
	if err != nil && !fail.Is(err, fail.NotFound) {
		return err
	}
	v.Say("success", "flash.material_removed")
	return v.Redirect(sessionMaterial(v, x))
}

// sessionMaterial is where a session's material stands on the desk.
func sessionMaterial(v *page.Visit, x *program.Session) string {
	return "/desk" + v.Edition.Path() + "/program/" + x.Slug + "#material"
}
