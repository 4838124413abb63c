package desk

import (
	"slices"
	"strings"

	"agora/app/paper"
	"agora/app/web/page"
	"agora/templates"
)

// Samples to look at a design with.
const (
	sampleUsual   = "usual"
	sampleLong    = "long"
	sampleLongest = "longest" // of those who have registered
)

// designView draws a design with a sample. One with faults has no picture, but says
// what they are.
func (s Pages) designView(v *page.Visit, d paper.Design, sample string) (view designView, err error) {
	view.Texts = []string{}
	faults := d.Faults()
	for _, fault := range faults {
		view.Texts = append(view.Texts, faultWords(v, d, fault))
	}
	if len(faults) > 0 {
		return view, nil
	}
	badge, err := s.sampleBadge(v, sample)
	if err != nil {
		return view, err
	}
	svg, report, err := s.Paper.Press.Show(d, badge, badgeOptions(v))
	view.SVG, view.Picture = svg, picture(svg)
	for _, r := range report.Remarks {
		if r.NeedsLook() {
			view.Texts = append(view.Texts, remarkWords(v, r))
		}
	}
	return view, err
}

func faultWords(v *page.Visit, d paper.Design, fault *paper.Fault) string {
	words := v.Sentence(fault.Key, fault.Args)
	if fault.Element < 0 || fault.Element >= len(d.Elements) {
		return words
	}
	return v.T("badge.fault_of", "n", fault.Element+1, "what", v.T("badge.element."+kindKey(d.Elements[fault.Element].Kind)), "text", words)
}

// kindKey is a kind of element that the catalogue knows.
func kindKey(kind string) string {
	if !slices.Contains(paper.ElementKinds[:], kind) {
		return paper.ElementText
	}
	return kind
}

// sampleBadge is somebody to try a design on.
func (s Pages) sampleBadge(v *page.Visit, sample string) (paper.Badge, error) {
	v = inPrint(v)
	b := paper.Badge{Name: "Åsa Öhman", Given: "Åsa", Organisation: v.T("badge.sample_organisation"), Role: v.T("paper.role_attendee"), RoleKind: paper.RoleAttendee,
		QR: v.Site.Config.BaseURL + "/t/SAMPLE-K7M4-PQ2X", Code: "K7M4-PQ2X", Photo: paper.PhotoAsk, PhotoWord: v.T("paper.photo_ask"), First: v.T("paper.first_time")}
	setup, err := v.Site.Registrations.Setup(v.Ctx, v.Edition.ID)
	if err != nil {
		return b, err
	}
	b.Answers = map[string]string{}
	for _, f := range openQuestions(setup.Form) {
		b.Answers[f.Key] = v.Words(f.Label).Text
	}
	switch sample {
	case sampleLong:
		b.Name, b.Organisation = "Maximiliana-Konstantina von Württemberg-Papadopoulos", v.T("badge.sample_organisation_long")
		b.Given, b.Role, b.RoleKind = "Maximiliana-Konstantina", v.T("paper.role_organiser"), paper.RoleOrganiser
	case sampleLongest:
		return s.longestBadge(v, b)
	}
	return b, nil
}

// longestBadge is that of the person with the longest name, if there is anybody.
func (s Pages) longestBadge(v *page.Visit, none paper.Badge) (paper.Badge, error) {
	all, err := s.allBadges(v)
	if err != nil || len(all) == 0 {
		return none, err
	}
	return slices.MaxFunc(all, func(a, b badgeOf) int { return len([]rune(a.Badge.Name)) - len([]rune(b.Badge.Name)) }).Badge, nil
}

// designForm draws the editor.
func (s Pages) designForm(v *page.Visit, f *page.Form, d paper.Design, own paper.OwnDesign, clashed bool) (err error) {
	p := designPage{Back: deskOf(v, "/badges"), Action: deskOf(v, "/badges/designs/"+newDesign), Own: own.ID != "", Clashed: clashed,
		Version: f.Get("version"), From: f.Get("from"), Title: v.T("badge.design_new"), W: measured(d.Cell.W), H: measured(d.Cell.H)}
	if p.Own {
		p.Action = deskOf(v, "/badges/designs/"+own.ID)
		p.Title, p.Export, p.Remove = own.Name, p.Action+".json", p.Action+"/remove"
	}
	p.Show = p.Action + "/show"
	p.Name = f.Field("name", "text", "badge.name")
	p.Name.Required, p.Name.Max = true, 80
	for _, name := range []string{"cell_w", "cell_h", "page_w", "page_h", "columns", "rows"} {
		p.Sizes = append(p.Sizes, numberField(f, name, "badge."+name))
	}
	p.Cuts = f.Field("cuts", "checkbox", "badge.cuts")
	for _, k := range badgeRanks {
		one := f.Field("colour_"+string(k), "text", "paper.role_"+string(k))
		one.Optional, one.Max, one.Placeholder = true, 7, "#"
		p.Roles = append(p.Roles, roleColour{Field: one})
	}
	questions, err := questionOptions(v)
	if err != nil {
		return err
	}
	for i, e := range d.Elements {
		p.Elements = append(p.Elements, newElementFields(f, i, e, len(d.Elements), questions))
	}
	p.Add = f.Field("add", "select", "badge.add")
	for _, k := range paper.ElementKinds {
		p.Add.Options = append(p.Add.Options, templates.Option{Value: k, Text: v.T("badge.element." + k)})
	}
	p.Logo, p.NoLogo, p.HasLogo = f.Field("logo", "file", "badge.logo"), f.Field("no_logo", "checkbox", "badge.no_logo"), len(d.Logo) > 0
	p.Logo.Optional = true
	p.Sample = f.Field("sample", "select", "badge.sample")
	for _, x := range []string{sampleUsual, sampleLong, sampleLongest} {
		p.Sample.Options = append(p.Sample.Options, templates.Option{Value: x, Text: v.T("badge.sample_" + x)})
	}
	if p.View, err = s.designView(v, d, f.Get("sample")); err != nil {
		return err
	}
	p.Problems = f.Summary()
	return v.Render("desk/badge_design", p.Title, p)
}

// Shape loads the editor's script.
func (p designPage) Shape(f *page.Frame) { f.Scripts = append(f.Scripts, "badge") }

func numberField(f *page.Form, name, label string) templates.Field {
	t := f.Field(name, "number", label)
	t.Step = "any"
	return t
}

// questionOptions are the questions whose answers may stand on a badge.
func questionOptions(v *page.Visit) ([]templates.Option, error) {
	setup, err := v.Site.Registrations.Setup(v.Ctx, v.Edition.ID)
	list := []templates.Option{{Value: "", Text: v.T("badge.question_none")}}
	for _, f := range openQuestions(setup.Form) {
		list = append(list, templates.Option{Value: f.Key, Text: v.Words(f.Label).Text})
	}
	return list, err
}

func newElementFields(f *page.Form, i int, e paper.Element, n int, questions []templates.Option) elementFields {
	v := f.V
	out := elementFields{Index: i, Number: i + 1, Kind: e.Kind, Title: v.T("badge.element." + kindKey(e.Kind)), First: i == 0, Last: i == n-1, HasWords: e.Textual()}
	for _, what := range []string{"x", "y", "w", "h"} {
		one := numberField(f, elementName(i, what), "badge.box_"+what)
		out.Errors = append(out.Errors, one.Errors...)
		one.Errors = nil
		out.Box = append(out.Box, one)
	}
	if !e.Textual() {
		return out
	}
	for _, what := range []string{"max", "good", "min"} {
		out.Type = append(out.Type, numberField(f, elementName(i, what), "badge.type_"+what))
	}
	box := func(what string) *templates.Field {
		one := f.Field(elementName(i, what), "checkbox", "badge."+what)
		return &one
	}
	lines := numberField(f, elementName(i, "lines"), "badge.lines")
	align := f.Field(elementName(i, "align"), "select", "badge.align")
	for _, x := range []string{"left", "centre", "right"} {
		align.Options = append(align.Options, templates.Option{Value: x, Text: v.T("badge.align_" + x)})
	}
	out.Lines, out.Align, out.Bold, out.Quiet, out.Bottom = &lines, &align, box("bold"), box("quiet"), box("bottom")
	switch e.Kind {
	case paper.ElementText:
		one := f.Field(elementName(i, "text"), "text", "badge.text")
		out.Text = &one
	case paper.ElementAnswer:
		one := f.Field(elementName(i, "field"), "select", "badge.question")
		one.Options = questions
		if key := f.Get(elementName(i, "field")); key != "" && !slices.ContainsFunc(questions, func(o templates.Option) bool { return o.Value == key }) {
			one.Options = append(slices.Clone(questions), templates.Option{Value: key, Text: v.T("badge.question_gone", "key", strings.TrimSpace(key))})
		}
		out.Question = &one
	}
	return out
}
