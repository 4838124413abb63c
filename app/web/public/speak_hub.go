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

// speakPage is the first of a speaker's pages: their answer, and everything that is
// done once, with what is still missing.
type speakPage struct {
	Self, Name     string
	Edition        page.Words
	When, Where    string
	Zone           string
	Notice         *templates.Notice
	Problems       []templates.Problem
	State          speaking.State
	Over           bool // the day is past: nothing to accept
	Certificate    bool // theirs can be had
	Place          *templates.Choice
	Email          *templates.Field
	Seat, Ticket   string
	NoSeat         bool
	Due            string
	Late, Complete bool
	Next           *speakStep
	Steps          []speakStep
	Sessions       []speakSession
	Contact        page.Words
	Public         string
	Empty          templates.Empty
}

// speakStep is one of the pages behind the first: State is done, todo or open.
type speakStep struct {
	Section           speaking.Section
	Href, Title, Text string
	State             string
}

// speakSession is one of the speaker's sessions.
type speakSession struct {
	Title  page.Words
	When   string
	Public string
	Steps  []speakStep
}

// Speak shows a speaker's own side to who holds its address.
func (s Pages) Speak(v *page.Visit) error {
	return s.opened(v, func(k ownSide) error { return s.speakPage(v, k, v.Blank(), nil) })
}

// SpeakAnswer takes the speaker's yes or no.
func (s Pages) SpeakAnswer(v *page.Visit) error {
	return s.opened(v, func(k ownSide) error {
		f := v.Sent()
		said, flash := error(nil), "flash.speak_accepted"
		switch f.Get("say") {
		case "yes":
			_, said = s.Speaking.Accept(v.Ctx, v.Edition, k.X, speaking.Yes{Kind: registration.Kind(f.Get("place")), Email: f.Get("email")})
		case "no":
			flash = "flash.speak_declined"
			_, said = s.Speaking.Decline(v.Ctx, v.Edition, k.X)
		default:
			said = fail.Wrong("say", "speak.say_missing")
		}
		if notice, ok := clashed(v, said); ok {
			return s.speakPage(v, k, f, notice)
		}
		if bad, err := f.Failed(said); bad {
			if err != nil {
				return err
			}
			return s.speakPage(v, k, f, nil)
		}
		v.Say("success", flash)
		return v.Redirect(k.Self)
	})
}

func (s Pages) speakPage(v *page.Visit, k ownSide, f *page.Form, notice *templates.Notice) error {
	e := v.Edition
	p := speakPage{Self: k.Self, Name: k.Who.Name, Edition: v.Words(e.Title), Notice: notice, State: k.X.State, Over: !v.Now.Before(e.EndsAt),
		When: text.Days(v.Lang, e.Local(e.StartsAt), e.Local(e.EndsAt)) + " " + text.At(v.Lang, e.Local(e.StartsAt)), Zone: v.ZoneWords(),
		Contact: v.Words(e.Practical["contact"]), Empty: templates.Empty{Title: v.T("speak.no_sessions"), Text: v.T("speak.no_sessions_how")}}
	p.Where = v.Words(e.Venue).Text
	if city := v.Words(e.City).Text; city != "" && p.Where != "" {
		p.Where += ", " + city
	} else {
		p.Where += city
	}
	var err error
	if p.Place, err = s.wanted(v, f, k); err != nil {
		return err
	}
	if k.X.Email == "" {
		email := f.Field("email", "email", "speak.email")
		email.Required, email.Autocomplete = true, "email"
		p.Email = &email
	}
	if err := s.seat(v, k, &p); err != nil {
		return err
	}
	if p.Over {
		if p.Certificate, err = s.Certificates.SpeakerHas(v.Ctx, e, k.Who.ID); err != nil {
			return err
		}
	}
	if err := s.steps(v, k, &p); err != nil {
		return err
	}
	p.Problems = f.Summary()
	return v.Render("speak/hub", v.T("speak.title"), p)
}

// seat tells how it stands with the place of who has accepted.
func (s Pages) seat(v *page.Visit, k ownSide, p *speakPage) error {
	if k.X.State != speaking.Accepted {
		return nil
	}
	p.Seat = v.T("speaking.letter.seat_" + string(k.Owe.Seat))
	p.NoSeat = k.Owe.Seat == speaking.SeatGivenUp && !p.Over
	var err error
	p.Ticket, err = s.Speaking.Ticket(v.Ctx, k.X)
	return err
}

// step is a page behind the first, and whether anything is to be done there.
func (k ownSide) step(v *page.Visit, section speaking.Section, owed, done bool, href string) speakStep {
	state := "open"
	switch {
	case done:
		state = "done"
	case owed:
		state = "todo"
	}
	return speakStep{Section: section, Href: k.Self + href, Title: v.T("speaking.section." + string(section)),
		Text: v.T("speak.step_" + string(section) + "_" + state), State: state}
}

// steps are the pages in the order in which a speaker goes through them.
func (s Pages) steps(v *page.Visit, k ownSide, p *speakPage) error {
	owes := func(n speaking.Need) bool { return slices.Contains(k.Owe.Needs, n) }
	p.Steps = []speakStep{
		k.step(v, speaking.SectionConsent, owes(speaking.NeedConsent), k.X.Consent.Complete(), "/consent"),
		k.step(v, speaking.SectionProfile, owes(speaking.NeedBiography), !k.Who.Biography.Empty(), "/profile"),
		k.step(v, speaking.SectionPicture, owes(speaking.NeedPicture), k.picture() != "", "/picture"),
		k.step(v, speaking.SectionPractical, owes(speaking.NeedAvailability), k.X.PracticalAt != nil, "/practical"),
	}
	programme, err := s.Program.Programme(v.Ctx, v.Edition)
	if err != nil {
		return err
	}
	if programme.SpeakerBySlug(k.Who.Slug) != nil {
		p.Public = v.Edition.Path() + "/speakers/" + k.Who.Slug
	}
	for _, x := range k.Owe.Sessions {
		own, err := s.ownMaterial(v, k, x.Session.ID)
		if err != nil {
			return err
		}
		p.Sessions = append(p.Sessions, k.talk(v, x, programme.ByID(x.Session.ID), len(own) > 0))
	}
	asked, err := s.Speaking.Questions(v.Ctx, k.Who)
	if err != nil {
		return err
	}
	if len(asked) > 0 {
		open := slices.ContainsFunc(asked, waitsFor)
		p.Steps = append(p.Steps, k.step(v, speaking.SectionQuestions, open, !open, "/questions"))
	}
	k.next(v, p)
	return nil
}

// talk is one of the speaker's sessions; public is the same as it was released, if
// it was, and brought says that the speaker has handed something in.
func (k ownSide) talk(v *page.Visit, x speaking.SessionOwes, public *program.Session, brought bool) speakSession {
	one := speakSession{Title: v.SessionWords(x.Session, x.Session.Title)}
	if public != nil {
		day := page.UpperFirst(text.Weekday(v.Lang, public.StartsAt)) + " " + text.DayMonth(v.Lang, public.StartsAt)
		one.Public, one.When = v.SessionHref(public), v.OnDay(day, public.StartsAt, public.EndsAt)
	}
	at := "/sessions/" + x.Session.Slug
	owed := slices.ContainsFunc(x.Needs, func(n speaking.Need) bool { return n == speaking.NeedSlides || n == speaking.NeedWriteup })
	one.Steps = []speakStep{
		k.step(v, speaking.SectionSession, slices.Contains(x.Needs, speaking.NeedAbstract), !x.Session.Abstract.Empty() || !x.Session.Description.Empty(), at),
		k.step(v, speaking.SectionMaterial, owed, !owed && brought, at+"/material"),
	}
	return one
}

// next finds what is still missing first.
func (k ownSide) next(v *page.Visit, p *speakPage) {
	all := slices.Clone(p.Steps)
	for _, x := range p.Sessions {
		all = append(all, x.Steps...)
	}
	i := slices.IndexFunc(all, func(x speakStep) bool { return x.State == "todo" })
	if i >= 0 {
		p.Next = &all[i]
	}
	p.Complete = i < 0 && k.X.State == speaking.Accepted
	if !k.Owe.Due.IsZero() && i >= 0 {
		p.Due, p.Late = text.LongDate(v.Lang, v.Edition.Local(k.Owe.Due)), k.Owe.Late
	}
}

// picture is the speaker's picture, whether or not it is shown.
func (k ownSide) picture() string {
	if k.Who.Picture != "" {
		return k.Who.Picture
	}
	return k.X.Withheld
}
