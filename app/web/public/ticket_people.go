package public

import (
	"slices"
	"strings"

	"agora/app/fail"
	"agora/app/meet"
	"agora/app/registration"
	"agora/app/text"
	"agora/app/web/page"
	"agora/templates"
)

// ticketPeoplePage is who is coming, for those who come.
type ticketPeoplePage struct {
	Tabs     ticketTabs
	Problems []templates.Problem
	Self     string
	Attends  bool
	Over     bool
	Topic    string
	All      int
	People   []listed
	Topics   []topicLink
	More     []topicLink // those that fewer have named, folded away
	Mine     bool
	Deleted  string
	Wish     templates.Field
	About    templates.Field
	Said     templates.Field
	// Closed stands there for those who do not take part, None where nobody is.
	Closed, None templates.Empty
}

// listed is somebody who is coming.
type listed struct {
	Face   templates.Person
	About  string
	Topics []string
	Remote bool
}

// topicLink narrows the list to who wants to talk about something.
type topicLink struct {
	Name    string
	People  int
	Current bool
}

// Folded tells whether the topics folded away may stay so: not with one chosen.
func (p ticketPeoplePage) Folded() bool {
	return !slices.ContainsFunc(p.More, func(t topicLink) bool { return t.Current })
}

// shownTopics is how many topics are read at a glance.
const shownTopics = 8

// listLife is for how long after the day the list is kept; see package meet.
const listLife = 1

// TicketPeople shows who is coming and wishes to be found.
func (s Pages) TicketPeople(v *page.Visit) error {
	h, err := s.holdingWhere(v, holding.meets)
	if err != nil {
		return err
	}
	mine, err := s.Meet.Mine(v.Ctx, h.Reg.ID)
	if err != nil {
		return err
	}
	f := v.Blank()
	f.Set("about", mine.About).Set("topics", strings.Join(mine.Topics, ", "))
	if mine.Wish {
		f.Set("wish", "1")
	}
	return s.peoplePage(v, h, f, mine.Wish)
}

// meets says that the edition does not show who is coming.
func (h holding) meets() error {
	if !h.Setup.Rules.Meet {
		return fail.Missing("meet.off")
	}
	return nil
}

// TicketPeopleSave puts the holder on the list, changes what stands there, or
// takes them off it.
func (s Pages) TicketPeopleSave(v *page.Visit) error {
	h, err := s.holdingWhere(v, holding.meets)
	if err != nil {
		return err
	}
	f := v.Sent()
	in := meet.Input{Wish: f.Has("wish"), About: f.Get("about"), Topics: strings.Split(f.Get("topics"), ",")}
	if bad, err := f.Failed(s.Meet.Save(v.Ctx, v.Edition, h.Reg, in)); bad {
		if err != nil {
			return err
		}
		mine, err := s.Meet.Mine(v.Ctx, h.Reg.ID)
		if err != nil {
			return err
		}
		return s.peoplePage(v, h, f, mine.Wish)
	}
	said := "flash.listed"
	if !in.Wish {
		said = "flash.unlisted"
	}
	v.Say("success", said)
	return v.Redirect(h.Self + "/people")
}

func (s Pages) peoplePage(v *page.Visit, h holding, f *page.Form, mine bool) error {
	e := v.Edition
	p := ticketPeoplePage{Self: h.Self, Attends: h.attends(), Over: h.Over, Mine: mine, Topic: v.Query("topic"),
		Deleted: text.LongDate(v.Lang, e.Local(e.EndsAt).AddDate(0, 0, listLife)),
		Wish:    f.Field("wish", "checkbox", "ticket.wish"), About: f.Field("about", "text", "ticket.about"), Said: f.Field("topics", "text", "ticket.topics")}
	p.Closed = templates.Empty{Title: v.T("ticket.people_closed"), Text: v.T("ticket.people_closed_how"), Href: h.Self, Action: v.T("ticket.back")}
	p.None = templates.Empty{Title: v.T("ticket.people_none"), Text: v.T("ticket.people_none_how")}
	switch {
	case h.Over:
		p.None = templates.Empty{Title: v.T("ticket.people_over"), Text: v.T("ticket.people_over_how")}
	case p.Topic != "":
		p.None = templates.Empty{Title: v.T("ticket.people_topic_none", "topic", p.Topic), Href: h.Self + "/people", Action: v.T("ticket.people_all")}
	}
	p.Problems = f.Summary()
	p.About.Optional, p.Said.Optional = true, true
	if p.Attends {
		list, err := s.Meet.List(v.Ctx, e.ID, p.Topic)
		if err != nil {
			return err
		}
		p.All = list.All
		for _, t := range list.Topics {
			p.Topics = append(p.Topics, topicLink{Name: t.Name, People: t.People, Current: strings.EqualFold(t.Name, p.Topic)})
		}
		if len(p.Topics) > shownTopics {
			p.Topics, p.More = p.Topics[:shownTopics], p.Topics[shownTopics:]
		}
		for _, one := range list.People {
			p.People = append(p.People, listed{Face: templates.Person{Name: one.Name, Initials: page.Initials(one.Name), Line: one.Organisation},
				About: one.About, Topics: one.Topics, Remote: one.Kind == registration.Remote})
		}
	}
	var err error
	if p.Tabs, err = s.ticketTabs(v, h); err != nil {
		return err
	}
	return v.Render("registration/ticket_people", v.T("ticket.people_title"), p)
}
