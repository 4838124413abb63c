package desk

import (
	"time"

	"agora/app/material"
	"agora/app/program"
	"agora/app/text"
	"agora/app/web/page"
	"agora/templates"
)

// materialsDeskPage is all material of an edition as organisers see it: who sees
// what, and how often each was opened.
type materialsDeskPage struct {
	Empty      *templates.Empty
	Figures    []templates.Fact
	Chart      *templates.Chart
	Sessions   []materialsDeskSession
	PublicHref string
}

type materialsDeskSession struct {
	Title page.Words
	Href  string
	Rows  []page.MaterialRow
}

func materialsPath(v *page.Visit) string { return "/desk" + v.Edition.Path() + "/materials" }

// Materials lists an edition's material with how often it was opened.
func (s Pages) Materials(v *page.Visit) error {
	draft, err := s.Program.Draft(v.Ctx, v.Edition)
	if err != nil {
		return err
	}
	public, err := s.Program.Programme(v.Ctx, v.Edition)
	if err != nil {
		return err
	}
	by, err := s.Material.OfEdition(v.Ctx, v.Edition)
	if err != nil {
		return err
	}
	seen, err := s.Material.Visible(v.Ctx, v.Edition, public, v.Now, true)
	if err != nil {
		return err
	}
	opened, err := s.Material.Downloads(v.Ctx, v.Edition)
	if err != nil {
		return err
	}
	days, err := s.Material.DownloadDays(v.Ctx, v.Edition)
	if err != nil {
		return err
	}
	p := materialsDeskPage{PublicHref: v.Edition.Path() + "/materials", Chart: openingsChart(v, days)}
	pieces, all := p.fill(v, draft, by, opened, seen)
	if pieces == 0 {
		p.Empty = &templates.Empty{Title: v.T("material_desk.empty_title"), Text: v.T("material_desk.empty_text"),
			Href: "/desk" + v.Edition.Path() + "/program", Action: v.T("material_desk.empty_act")}
	}
	p.Figures = []templates.Fact{{Term: v.T("material_desk.pieces"), Text: text.Number(v.Lang, int64(pieces))},
		{Term: v.T("material_desk.sessions"), Text: text.Number(v.Lang, int64(len(p.Sessions)))},
		{Term: v.T("material_desk.openings"), Text: text.Number(v.Lang, all)}}
	return v.Render("desk/materials", v.T("material_desk.title"), p)
}

// fill lists the sessions with material, and adds up pieces and openings.
func (p *materialsDeskPage) fill(v *page.Visit, draft *program.Programme, by map[string][]material.Material, opened map[string]int64,
	seen map[string][]material.Material) (pieces int, all int64) {
	for _, x := range append(append([]*program.Session{}, draft.Sessions...), draft.Waiting...) {
		if len(by[x.ID]) == 0 {
			continue
		}
		one := materialsDeskSession{Title: v.SessionWords(x, x.Title), Href: sessionMaterial(v, x)}
		for _, m := range by[x.ID] {
			one.Rows = append(one.Rows, v.MaterialRow(m, x, opened[m.ID], page.ShownAmong(seen, m)))
			pieces++
			all += opened[m.ID]
		}
		p.Sessions = append(p.Sessions, one)
	}
	return pieces, all
}

// openingsChart adds the openings up day by day; one day alone is no curve.
func openingsChart(v *page.Visit, days []material.Day) *templates.Chart {
	if len(days) < 2 {
		return nil
	}
	first, err := time.Parse(time.DateOnly, days[0].Day)
	last, err2 := time.Parse(time.DateOnly, days[len(days)-1].Day)
	if err != nil || err2 != nil {
		return nil
	}
	on := map[string]int64{}
	for _, d := range days {
		on[d.Day] = d.N
	}
	c := templates.Chart{Label: v.T("material_desk.curve")}
	sum := int64(0)
	for day := first; !day.After(last); day = day.AddDate(0, 0, 1) {
		sum += on[day.Format(time.DateOnly)]
		c.Values, c.Days = append(c.Values, int(sum)), append(c.Days, text.DayMonth(v.Lang, day))
	}
	return &c
}
