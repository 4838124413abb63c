package public

import (
	"slices"

	"agora/app/fail"
	"agora/app/program"
	"agora/app/registration"
	"agora/app/speaking"
	"agora/app/text"
	"agora/app/web/page"
	"agora/templates"
)

// ownSide is a speaker's own side of an edition, as the link of the address opens it.
type ownSide struct {
	X     speaking.Speaking
	Who   *program.Speaker
	Owe   speaking.Owe
	Rules speaking.Rules
	Self  string
}

// speakTop stands on top of each of a speaker's pages but the first.
type speakTop struct {
	Self, Name string
	Title      string
	Lead       string
	Problems   []templates.Problem
	Notice     *templates.Notice
	Theirs     []templates.Fact // what is saved now where somebody else saved meanwhile
}

// opened opens the link of the address and hands on what is behind it. A link that
// was renewed says whom to ask, and shows nothing of anybody.
func (s Pages) opened(v *page.Visit, then func(k ownSide) error) error {
	x, err := s.Speaking.ByToken(v.Ctx, v.Param("token"))
	if fail.Is(err, fail.Gone) {
		if v.Edition, err = s.Editions.ByID(v.Ctx, x.EditionID); err != nil {
			return err
		}
		return s.speakEnded(v)
	}
	if err != nil {
		return err
	}
	if v.Edition, err = s.Editions.ByID(v.Ctx, x.EditionID); err != nil {
		return err
	}
	owe, err := s.Speaking.OwedBy(v.Ctx, v.Edition, x)
	if err != nil {
		return err
	}
	if owe.Speaker == nil {
		return fail.Missing("speaking.link_missing")
	}
	setup, err := s.Speaking.Setup(v.Ctx, v.Edition.ID)
	if err != nil {
		return err
	}
	err = then(ownSide{X: x, Who: owe.Speaker, Owe: owe, Rules: setup.Rules, Self: "/speak/" + v.Param("token")})
	if fail.Is(err, fail.Gone) {
		return s.speakEnded(v) // renewed between the page and its saving
	}
	return err
}

// speakEndedPage says that a link was renewed.
type speakEndedPage struct {
	Contact page.Words
	Href    string
}

func (s Pages) speakEnded(v *page.Visit) error {
	v.C.Status(page.Statuses[fail.Gone])
	return v.Render("speak/ended", v.T("speak.ended_title"), speakEndedPage{Contact: v.Words(v.Edition.Practical["contact"]), Href: v.Edition.Path()})
}

// session gives one of the speaker's own sessions by the part of the address; any
// other is not there.
func (k ownSide) session(v *page.Visit) (speaking.SessionOwes, error) {
	i := slices.IndexFunc(k.Owe.Sessions, func(x speaking.SessionOwes) bool { return x.Session.Slug == v.Param("slug") })
	if i < 0 {
		return speaking.SessionOwes{}, fail.Missing("program.session_missing")
	}
	return k.Owe.Sessions[i], nil
}

func (k ownSide) top(v *page.Visit, f *page.Form, key string) speakTop {
	t := speakTop{Self: k.Self, Name: k.Who.Name, Title: v.T(key + "_title")}
	if v.Site.Words.Has(v.Lang, key+"_lead") {
		t.Lead = v.T(key + "_lead")
	}
	if f != nil {
		t.Problems = f.Summary()
	}
	return t
}

// saved says so on the first page, which leads on to what is still missing.
func (k ownSide) saved(v *page.Visit) error {
	v.Say("success", "flash.speak_saved")
	return v.Redirect(k.Self)
}

// asksIn are the languages in which texts are asked for.
func asksIn(v *page.Visit) []text.Lang {
	if len(v.Edition.Languages) > 0 {
		return v.Edition.Languages
	}
	return text.Langs[:1]
}

// theirTexts are the texts of a form in every language it asks for: also those
// that were emptied.
func theirTexts(v *page.Visit, f *page.Form, name string) text.Texts {
	t := text.Texts{}
	for _, l := range asksIn(v) {
		if _, sent := f.Values[page.TextName(name, l)]; sent {
			t[l] = f.Get(page.TextName(name, l))
		}
	}
	return t
}

// clashed tells a save that met somebody else's from any other error. The page is
// shown again with what was typed and what is there now.
func clashed(v *page.Visit, err error) (*templates.Notice, bool) {
	e, ok := fail.As(err)
	if !ok || e.Kind != fail.Conflict {
		return nil, false
	}
	v.C.Status(page.Statuses[fail.Conflict])
	return &templates.Notice{Kind: "bad", Text: v.Sentence(e.Key, e.Args)}, true
}

// refusal reminds of a no that stands in the way, and where to take it back.
func (k ownSide) refusal(v *page.Visit, key string) templates.Notice {
	return templates.Notice{Kind: "info", Text: v.T(key), Href: k.Self + "/consent", Action: v.T("speaking.section.consent")}
}

// wanted is how the speaker takes part, where there is a choice.
func (s Pages) wanted(v *page.Visit, f *page.Form, k ownSide) (*templates.Choice, error) {
	places, err := s.Registrations.Places(v.Ctx, v.Edition.ID)
	if err != nil {
		return nil, err
	}
	kinds := offered(places)
	if len(kinds) < 2 {
		return nil, nil
	}
	if !f.Has("place") {
		f.Set("place", string(registration.Onsite))
		if k.Owe.Seat == speaking.SeatRemote {
			f.Set("place", string(registration.Remote))
		}
	}
	options := make([]templates.Option, len(kinds))
	for i, kind := range kinds {
		options[i] = templates.Option{Value: string(kind), Text: v.T("speak.place_" + string(kind)), Hint: v.T("speak.place_" + string(kind) + "_hint")}
	}
	c := f.Choice("place", "speak.place", options...)
	return &c, nil
}
