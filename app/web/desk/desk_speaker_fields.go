package desk

import (
	"slices"

	"agora/app/fail"
	"agora/app/file/content"
	"agora/app/program"
	"agora/app/web/page"
	"agora/templates"
)

// newSpeakerFormPage draws the form of a speaker, who being nil for a new one,
// with what is known of them beside it.
func (s Pages) newSpeakerFormPage(v *page.Visit, f *page.Form, who *program.Speaker, notice *templates.Notice) error {
	base := speakersPath(v)
	p := speakerFormPage{Back: base, Action: base + "/new", Notice: notice, Zone: v.ZoneWords(), Version: f.Get("version")}
	title := v.T("speakers_desk.new")
	if who != nil {
		p.Action, p.Name, title, p.Face = base+"/"+who.Slug, who.Name, who.Name, deskFace(v, who, "big")
		if err := s.known(v, f, &p, who); err != nil {
			return err
		}
	}
	speakerFields(v, f, &p, who)
	if who != nil {
		p.Picture = newPictureForm(v, f, p.Action, who)
	}
	p.Problems = f.Summary()
	return v.Render("program/desk_speaker", title, p)
}

// known fills in what is beside the form of a speaker that is there.
func (s Pages) known(v *page.Visit, f *page.Form, p *speakerFormPage, who *program.Speaker) error {
	if err := speakerStanding(v, p, who); err != nil {
		return err
	}
	public, err := s.Program.Programme(v.Ctx, v.Edition)
	if err != nil {
		return err
	}
	if public.SpeakerBySlug(who.Slug) != nil {
		p.Public = v.Edition.Path() + "/speakers/" + who.Slug
	}
	if p.Notice != nil && f.Has("name") {
		p.Theirs = differences(v, f, who)
	}
	p.Side, err = s.newSpeakerSide(v, who)
	return err
}

// speakerFields draws what is told of a speaker.
func speakerFields(v *page.Visit, f *page.Form, p *speakerFormPage, who *program.Speaker) {
	rows, links := sentRows(f), sentLinks(f)
	if who != nil {
		rows, links = max(rows, len(who.Availability)+1), max(links, len(who.Extra.Links)+1)
	}
	p.NameField = f.Field("name", "text", "speakers_desk.name")
	p.NameField.Required = true
	taken := func(p fail.Problem) bool { return p.Key == "speakers_desk.name_taken" }
	if f.Has("another") || slices.ContainsFunc(f.Problems["name"], taken) {
		another := f.Field("another", "checkbox", "speakers_desk.another")
		p.Another = &another
	}
	p.Biography = f.TextGroup("biography", "textarea", "speakers_desk.biography")
	for i := range p.Biography.Fields {
		p.Biography.Fields[i].Rows, p.Biography.Fields[i].Optional = 6, p.Biography.Legend == ""
	}
	for i := range min(max(linkRows, links), mostLinkRows) {
		row := linkRow{Title: numberedField(v, f, titleName(i), "text", "link_title", i+1), URL: numberedField(v, f, urlName(i), "url", "link_url", i+1)}
		row.URL.Placeholder = "https://"
		p.Links = append(p.Links, row)
	}
	for i := range max(spanRows, rows) {
		p.Rows = append(p.Rows, spanRow{From: rowField(v, f, fromName(i), "from", i+1), To: rowField(v, f, toName(i), "to", i+1)})
	}
}

// numberedField is a field of row n; its name says which.
func numberedField(v *page.Visit, f *page.Form, name, kind, label string, n int) templates.Field {
	said := v.T("speakers_desk."+label, "n", n)
	f.Draws(name, said, name)
	t := f.Field(name, kind, "speakers_desk."+label)
	t.Label = said
	return t
}

// newPictureForm draws the form for a picture that somebody mailed.
func newPictureForm(v *page.Visit, f *page.Form, base string, who *program.Speaker) *pictureForm {
	p := &pictureForm{Action: base + "/picture", Has: who.Picture != "",
		Upload: f.Upload("picture", "speakers_desk.picture", "/desk"+v.Edition.Path()+"/uploads?for=speaker:"+who.ID, content.PNG, content.JPEG, content.WebP)}
	p.Allowed = f.Field("allowed", "checkbox", "speakers_desk.allowed")
	p.Allowed.Checked = f.Has("allowed")
	return p
}

// differences are the parts of what somebody else saved that the form says otherwise.
func differences(v *page.Visit, f *page.Form, who *program.Speaker) []templates.Fact {
	saved := v.Blank()
	fillSpeaker(v, saved, who)
	var facts []templates.Fact
	add := func(term, name string) {
		if _, sent := f.Values[name]; sent && f.Get(name) != saved.Get(name) {
			said := saved.Get(name)
			if said == "" {
				said = v.T("speakers_desk.theirs_empty")
			}
			facts = append(facts, templates.Fact{Term: term, Text: said})
		}
	}
	add(v.T("speakers_desk.name"), "name")
	for _, l := range page.FormLangs(v.Edition) {
		add(v.T("speakers_desk.biography")+" ("+l.Name()+")", page.TextName("biography", l))
	}
	for i := range sentLinks(f) {
		add(v.T("speakers_desk.link_title", "n", i+1), titleName(i))
		add(v.T("speakers_desk.link_url", "n", i+1), urlName(i))
	}
	for i := range sentRows(f) {
		add(v.T("speakers_desk.row_from", "n", i+1), fromName(i))
		add(v.T("speakers_desk.row_to", "n", i+1), toName(i))
	}
	return facts
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
	if len(who.Sessions) == 0 {
		p.Remove = p.Action + "/remove"
	}
	clashes, err := v.Site.Program.Clashes(v.Ctx, v.Edition)
	if err != nil {
		return err
	}
	for _, c := range clashes {
		if c.Kind == program.AwayClash && c.Speaker.ID == who.ID {
			p.Away = append(p.Away, v.ClashLine(c))
		}
	}
	return nil
}
