package desk

import (
	"slices"

	"agora/app/fail"
	"agora/app/program"
	"agora/app/web/page"
	"agora/templates"
)

// newSpeakerFormPage draws the form of a speaker, who being nil for a new one.
func newSpeakerFormPage(v *page.Visit, f *page.Form, who *program.Speaker, notice *templates.Notice) error {
	base := speakersPath(v)
	p := speakerFormPage{Back: base, Action: base + "/new", Notice: notice, Zone: v.ZoneWords()}
	title, rows := v.T("speakers_desk.new"), sentRows(f)
	if who != nil {
		p.Action, p.Name, title = base+"/"+who.Slug, who.Name, who.Name
		rows = max(rows, len(who.Availability))
		if err := speakerStanding(v, &p, who); err != nil {
			return err
		}
	}
	p.NameField = f.Field("name", "text", "speakers_desk.name")
	p.NameField.Required = true
	taken := func(p fail.Problem) bool { return p.Key == "speakers_desk.name_taken" }
	if f.Has("another") || slices.ContainsFunc(f.Problems["name"], taken) {
		another := f.Field("another", "checkbox", "speakers_desk.another")
		p.Another = &another
	}
	p.Biography = newTextGroup(v, f, "biography", "textarea", "speakers_desk.biography")
	for i := range p.Biography.Fields {
		p.Biography.Fields[i].Rows, p.Biography.Fields[i].Optional = 6, p.Biography.Legend == ""
	}
	for i := range max(spanRows, rows) {
		p.Rows = append(p.Rows, spanRow{From: rowField(v, f, fromName(i), "from", i+1), To: rowField(v, f, toName(i), "to", i+1)})
	}
	p.Problems = f.Summary()
	return v.Render("program/desk_speaker", title, p)
}

// rowField draws one end of row n; its name says which, as does the list of problems.
func rowField(v *page.Visit, f *page.Form, name, end string, n int) templates.Field {
	label := v.T("speakers_desk.row_"+end, "n", n)
	f.Draws(name, label, name)
	t := f.Field(name, "datetime-local", "speakers_desk."+end)
	t.Label = label
	return t
}

// speakerStanding tells where the programme has the speaker at a time that does
// not suit, and whether they may be removed.
func speakerStanding(v *page.Visit, p *speakerFormPage, who *program.Speaker) error {
	draft, err := v.Site.Program.Draft(v.Ctx, v.Edition)
	if err != nil {
		return err
	}
	if sessionCounts(draft)[who.ID] == 0 {
		p.Remove = p.Action + "/remove"
	}
	clashes, err := v.Site.Program.Clashes(v.Ctx, v.Edition)
	if err != nil {
		return err
	}
	for _, c := range clashes {
		if c.Kind == program.AwayClash && c.Speaker.ID == who.ID {
			p.Away = append(p.Away, clashLine(v, c))
		}
	}
	return nil
}
