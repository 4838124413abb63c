package desk

import (
	"encoding/json"
	"time"

	"agora/app/paper"
	"agora/app/printing"
	"agora/app/web/page"
	"agora/templates"
)

// printRow is a printout in a list.
type printRow struct {
	Href, What  string
	State       templates.Tag
	At          time.Time
	Pages       string
	Done, Total int64
	Open        bool
}

// printRows lists the newest printouts of a kind; "" is any.
func (s Pages) printRows(v *page.Visit, kind string) ([]printRow, error) {
	list, err := s.Printing.List(v.Ctx, v.Edition.ID)
	if err != nil {
		return nil, err
	}
	var rows []printRow
	for _, p := range list {
		if kind != "" && p.Kind != kind {
			continue
		}
		row := printRow{Href: deskOf(v, "/printing/"+p.ID), What: v.T("printing.kind." + p.Kind), State: printTag(v, p), At: v.Edition.Local(p.CreatedAt),
			Done: p.Done, Total: p.Total, Open: p.State.Open()}
		if p.Pages > 0 {
			row.Pages = v.T("printing.pages", "n", p.Pages)
		}
		rows = append(rows, row)
	}
	return rows, nil
}

func printTag(v *page.Visit, p printing.Printout) templates.Tag {
	tag := templates.Tag{Kind: "plain", Text: v.T("printing.state." + string(p.State))}
	switch {
	case p.State == printing.Working:
		tag.Kind = "live"
	case p.State == printing.Failed:
		tag.Kind, tag.Icon = "bad", "alert"
	case p.State == printing.Ready && p.FileID == "":
		tag.Text = v.T("printing.gone")
	case p.State == printing.Ready:
		tag.Kind, tag.Icon = "", "check"
	}
	return tag
}

// printoutPage follows one printout.
type printoutPage struct {
	Back, BackText   string
	What             string
	State            templates.Tag
	Lead             string
	At               time.Time
	Open             bool
	Done, Total      int64
	Count            string
	File, Cancel     string
	Until            string
	Rows             []lookRow
	Room, Pass, Said string // Said is the words of a count, with {done} and {total}
	Here             string
}

// Shape loads the script that moves the bar.
func (p printoutPage) Shape(f *page.Frame) {
	if p.Open {
		f.Scripts = append(f.Scripts, "printing")
	}
}

// Printings lists everything that was ordered lately.
func (s Pages) Printings(v *page.Visit) error {
	rows, err := s.printRows(v, "")
	if err != nil {
		return err
	}
	return v.Render("desk/printing", v.T("printing.all"), printingPage{Back: deskOf(v, "/paper"), Badges: deskOf(v, "/badges"), Rows: rows})
}

// printingPage is everything ordered lately; empty, it says where to begin.
type printingPage struct {
	Back, Badges string
	Rows         []printRow
}

// Printout shows how far a printout is, and its file when it is ready.
func (s Pages) Printout(v *page.Visit) error {
	one, err := s.Printing.ByID(v.Ctx, v.Edition.ID, v.Param("printout"))
	if err != nil {
		return err
	}
	here := deskOf(v, "/printing/"+one.ID)
	p := printoutPage{Back: deskOf(v, "/printing"), BackText: v.T("printing.all"), What: v.T("printing.kind." + one.Kind), State: printTag(v, one), At: v.Edition.Local(one.CreatedAt),
		Open: one.State.Open(), Done: one.Done, Total: max(one.Total, 1), Here: here, Lead: v.T("printing.lead." + string(one.State))}
	if one.Kind == "badges" {
		p.Back, p.BackText = deskOf(v, "/badges"), v.T("badge.title")
	}
	switch {
	case p.Open:
		p.Cancel, p.Room, p.Pass = here+"/cancel", printing.Room(one.ID), v.WatchPass(printing.Room(one.ID))
		p.Said = v.T("printing.count", "done", "{done}", "total", "{total}")
		p.Count = v.T("printing.count", "done", one.Done, "total", one.Total)
	case one.State == printing.Ready && one.FileID == "":
		p.Lead = v.T("printing.gone_lead")
	case one.State == printing.Ready:
		p.File, p.Until = here+"/file.pdf", v.SentenceTime(*one.ExpiresAt)
		p.Lead = v.T("printing.lead.ready", "pages", v.T("printing.pages", "n", one.Pages))
		if err := p.remarks(v, one); err != nil {
			return err
		}
	}
	return v.Render("desk/printout", p.What, p)
}

// remarks lists what should be looked at, each with whom it is about.
func (p *printoutPage) remarks(v *page.Visit, one printing.Printout) error {
	var list []printRemark
	if err := json.Unmarshal([]byte(one.Remarks), &list); err != nil || len(list) == 0 {
		return nil //nolint:nilerr // another kind's remarks are not for this list
	}
	codes := make([]string, len(list))
	for i, m := range list {
		codes[i] = m.Code
	}
	people, err := v.Site.Registrations.ByCodes(v.Ctx, one.EditionID, codes)
	if err != nil {
		return err
	}
	names := map[string]string{}
	for _, r := range people {
		names[r.Code] = r.Name
	}
	for _, m := range list {
		row := lookRow{Who: names[m.Code], Texts: []string{remarkWords(v, paper.Remark{Field: m.Field, Kind: m.Kind, Detail: m.Detail})}}
		switch {
		case m.Code == "":
			row.Who = v.T("badge.everybody")
		case row.Who == "":
			row.Who = m.Code
		}
		if m.Code != "" && one.Kind == "badges" {
			row.Href = deskOf(v, "/badges/people/"+m.Code)
		}
		p.Rows = append(p.Rows, row)
	}
	return nil
}

// PrintoutFile sends the file of a printout.
func (s Pages) PrintoutFile(v *page.Visit) error {
	one, err := s.Printing.ByID(v.Ctx, v.Edition.ID, v.Param("printout"))
	if err != nil {
		return err
	}
	f, err := s.Printing.File(v.Ctx, one)
	if err != nil {
		return err
	}
	return v.SendFile(f, v.Query("save") != "", "private, no-store")
}

// PrintoutCancel ends a printout that waits or is under way.
func (s Pages) PrintoutCancel(v *page.Visit) error {
	id := v.Param("printout")
	if err := s.Printing.Cancel(v.Ctx, v.Edition, v.Person.ID, id); err != nil {
		return err
	}
	return v.Redirect(deskOf(v, "/printing/"+id))
}
