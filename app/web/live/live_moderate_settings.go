package live

import (
	"slices"
	"strconv"
	"strings"

	"agora/app/qa"
	"agora/app/text"
	"agora/app/web/page"
	"agora/templates"
)

// liveSettingsPage is how the rooms of an edition work, or one of them.
type liveSettingsPage struct {
	Title    page.Words // of the session
	BackHref string
	BackText string
	DeskHref string
	Lead     string
	Action   string
	Version  string
	Follows  bool // a session with settings of its own may follow the day's again
	Problems []templates.Problem
	Review   templates.Choice
	Names    templates.Choice
	Slow     templates.Field
	React    templates.Field
	Filter   templates.Choice
	Words    templates.Field
	Labels   []templates.Field
	Sources  templates.Choice
}

func (p liveSettingsPage) Shape(f *page.Frame) { here(f, p.DeskHref) }

// Settings shows what holds for all rooms of the edition that have nothing of their own.
func (s Pages) Settings(v *page.Visit) error {
	set, version, err := s.QA.Default(v.Ctx, v.Edition.ID)
	if err != nil {
		return err
	}
	return showSettings(v, fillSettings(v.Blank(), set).Set("version", strconv.FormatInt(version, 10)), set, editionSettings(v))
}

func editionSettings(v *page.Visit) liveSettingsPage {
	base := "/desk" + v.Edition.Path()
	return liveSettingsPage{BackHref: base + "/live", DeskHref: base + "/live", BackText: v.T("live.desk_title"), Lead: v.T("live_settings.lead"), Action: base + "/live-settings"}
}

// SettingsSave keeps them.
func (s Pages) SettingsSave(v *page.Visit) error {
	old, _, err := s.QA.Default(v.Ctx, v.Edition.ID)
	if err != nil {
		return err
	}
	f := v.Sent()
	set := readSettings(f, old)
	seen, _ := strconv.ParseInt(f.Get("version"), 10, 64)
	if len(f.Problems) == 0 {
		err = s.QA.SetDefault(v.Ctx, v.Person.ID, v.Edition.ID, seen, set)
	}
	if bad, err := f.Failed(err); bad {
		if err != nil {
			return err
		}
		return showSettings(v, f, old, editionSettings(v))
	}
	v.Say("success", "flash.saved")
	return v.Redirect("/desk" + v.Edition.Path() + "/live-settings")
}

func (d moderateDesk) settingsPage(own bool) liveSettingsPage {
	p := liveSettingsPage{Title: d.v.SessionWords(d.x, d.x.Title), BackHref: d.base, DeskHref: d.rooms(), BackText: d.v.T("moderate.back"),
		Lead: d.v.T("live_settings.room_lead"), Action: d.base + "/settings", Follows: own}
	if own {
		p.Lead = ""
	}
	return p
}

// RoomSettings shows how one session's room works.
func (s Pages) RoomSettings(v *page.Visit) error {
	return s.atDesk(v, moderateDesk.settings)
}

func (d moderateDesk) settings() error {
	v := d.v
	room, err := d.QA.Open(v.Ctx, d.x.ID)
	if err != nil {
		return err
	}
	return showSettings(v, fillSettings(v.Blank(), room.Settings), room.Settings, d.settingsPage(room.Own))
}

// RoomSettingsSave gives a room its own, or the edition's again.
func (s Pages) RoomSettingsSave(v *page.Visit) error {
	return s.atDesk(v, moderateDesk.saveSettings)
}

func (d moderateDesk) saveSettings() error {
	v := d.v
	room, err := d.QA.Open(v.Ctx, d.x.ID)
	if err != nil {
		return err
	}
	f := v.Sent()
	var own *qa.Settings
	if !f.Has("follow") {
		set := readSettings(f, room.Settings)
		own = &set
	}
	if len(f.Problems) == 0 {
		err = d.QA.SetRoom(v.Ctx, d.viewer().By(), d.x.ID, own)
	}
	if bad, err := f.Failed(err); bad {
		if err != nil {
			return err
		}
		return showSettings(v, f, room.Settings, d.settingsPage(room.Own))
	}
	v.Say("success", "flash.saved")
	return v.Redirect(d.base + "/settings")
}

// newLabels is how many labels may be added at once.
const newLabels = 3

func fillSettings(f *page.Form, set qa.Settings) *page.Form {
	f.Set("review", string(set.Review)).Set("names", string(set.Names)).Set("slow", strconv.Itoa(set.Slow)).Set("words", strings.Join(set.Words, "\n"))
	if set.Reactions {
		f.Set("reactions", "1")
	}
	for _, l := range set.Filter {
		f.Set("filter_"+string(l), "1")
	}
	for _, source := range set.Sources {
		f.Set("sources_"+string(source), "1")
	}
	for _, l := range set.Labels {
		f.Set("label_"+l.ID, l.Name)
	}
	return f
}

// readSettings keeps what the form does not show. A label keeps its id when its name
// is mended, and goes when its field is empty.
func readSettings(f *page.Form, old qa.Settings) qa.Settings {
	set := old
	set.Review, set.Names = qa.Review(f.Get("review")), qa.Names(f.Get("names"))
	set.Slow, set.Reactions = 0, f.Has("reactions")
	if n := f.Count("slow"); n != nil {
		set.Slow = int(min(max(*n, -1), qa.SlowMax+1))
	}
	set.Filter = []text.Lang{}
	for _, l := range text.Langs {
		if f.Has("filter_" + string(l)) {
			set.Filter = append(set.Filter, l)
		}
	}
	set.Sources = []qa.Source{}
	for _, source := range qa.OnBehalf {
		if f.Has("sources_" + string(source)) {
			set.Sources = append(set.Sources, source)
		}
	}
	set.Words = strings.Split(strings.ReplaceAll(f.Values["words"], "\r", ""), "\n")
	set.Labels = []qa.Label{}
	for _, l := range old.Labels {
		if name := f.Get("label_" + l.ID); name != "" {
			set.Labels = append(set.Labels, qa.Label{ID: l.ID, Name: name})
		}
	}
	for i := range newLabels {
		if name := f.Get("label_new_" + strconv.Itoa(i+1)); name != "" {
			set.Labels = append(set.Labels, qa.Label{Name: name})
		}
	}
	return set
}

func showSettings(v *page.Visit, f *page.Form, old qa.Settings, p liveSettingsPage) error {
	p.Version = f.Get("version")
	p.Review = f.Choice("review", "live_settings.review", options(v, "qa.review.", qa.Reviews[:])...)
	p.Names = f.Choice("names", "live_settings.names", options(v, "qa.names.", qa.NameRules[:])...)
	p.Slow = f.Field("slow", "number", "live_settings.slow")
	p.Slow.Min, p.Slow.Max = "0", qa.SlowMax
	p.React = f.Field("reactions", "checkbox", "live_settings.reactions")
	p.Filter = f.Choice("filter", "live_settings.filter")
	p.Filter.Several, p.Filter.Required = true, false
	for _, l := range text.Langs {
		p.Filter.Options = append(p.Filter.Options, templates.Option{Value: string(l), Text: l.Name(), Checked: f.Has("filter_" + string(l))})
	}
	p.Words = f.Field("words", "textarea", "live_settings.words")
	p.Labels = labelFields(f, old)
	p.Sources = f.Choice("sources", "live_settings.sources")
	p.Sources.Several, p.Sources.Required = true, false
	for _, source := range qa.OnBehalf {
		p.Sources.Options = append(p.Sources.Options, templates.Option{Value: string(source), Text: v.T("qa.source." + string(source)), Checked: f.Has("sources_" + string(source))})
	}
	p.Problems = f.Summary()
	return v.Render("live/settings", v.T("live_settings.title"), p)
}

// labelFields are one for each label and some for new ones. What is wrong with the
// labels together stands beside the first.
func labelFields(f *page.Form, old qa.Settings) []templates.Field {
	var names []string
	for _, l := range old.Labels {
		names = append(names, "label_"+l.ID)
	}
	for i := range min(newLabels, qa.LabelsMax-len(old.Labels)) {
		names = append(names, "label_new_"+strconv.Itoa(i+1))
	}
	if len(names) > 0 {
		f.Draws("labels", f.V.T("live_settings.labels"), names[0])
	}
	var list []templates.Field
	for i, name := range names {
		field := f.Field(name, "text", "live_settings.label")
		field.Label = f.V.T("live_settings.label", "n", i+1)
		field.Max = qa.LabelMax
		if i == 0 {
			field.Errors = slices.Concat(field.Errors, f.Errors("labels"))
		}
		list = append(list, field)
	}
	return list
}

func options[T ~string](v *page.Visit, prefix string, values []T) (list []templates.Option) {
	for _, value := range values {
		list = append(list, templates.Option{Value: string(value), Text: v.T(prefix + string(value))})
	}
	return list
}
