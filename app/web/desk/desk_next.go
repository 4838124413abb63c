package desk

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"agora/app/carry"
	"agora/app/edition"
	"agora/app/registration"
	"agora/app/text"
	"agora/app/web/page"
	"agora/templates"
)

// nextPage plans the next edition of a series from an earlier one: when, where,
// and what comes along.
type nextPage struct {
	From      page.Words
	FromDesk  string
	Proposal  []string // how the dates were chosen, in sentences
	Problems  []templates.Problem
	Action    string
	Key       string
	Titles    page.TextGroup
	Slug      templates.Field
	Languages templates.Choice
	Times     []templates.Field
	Zone      templates.Field
	Cities    page.TextGroup
	Venues    page.TextGroup
	Capacity  []templates.Field
	Texts     templates.Choice
	Parts     templates.Choice
}

// longSkeleton is how many sessions a programme has whose empty slots are more
// in the way than of help.
const longSkeleton = 60

// venueTopics tell of one venue, and so are offered but not proposed.
var venueTopics = []string{"arrival", "doors", "wifi", "cloakroom", "food", "access"}

// usualParts are proposed: they are alike from year to year.
var usualParts = []carry.Part{carry.Form, carry.Rules, carry.Tracks, carry.Skeleton, carry.Workshops, carry.Call, carry.Team, carry.Certificates}

// NextForm proposes the next edition.
func (s Pages) NextForm(v *page.Visit) error {
	n, err := s.openNext(v)
	if err != nil {
		return err
	}
	f, e := v.Blank(), v.Edition
	fillEdition(f, e)
	loc := e.Location()
	f.Set("slug", n.proposed.Slug).Set("stream_url", "")
	for _, l := range text.Langs {
		for _, name := range []string{"city", "venue"} {
			f.Set(page.TextName(name, l), "")
		}
	}
	f.SetTexts("title", nextTitle(e, n.proposed.StartsAt.In(loc).Year()))
	for name, t := range map[string]time.Time{"starts_at": n.proposed.StartsAt, "ends_at": n.proposed.EndsAt, "opens_at": n.proposed.OpensAt, "closes_at": n.proposed.ClosesAt} {
		f.SetTime(name, t, loc)
	}
	for _, kind := range registration.Kinds {
		f.SetCount("capacity_"+string(kind), n.places[kind].Capacity)
	}
	if !ofOneYear(e, e.Lead) {
		f.Set("texts_lead", "1")
	}
	for _, topic := range edition.Topics {
		if !slices.Contains(venueTopics, topic) && !ofOneYear(e, e.Practical[topic]) {
			f.Set("texts_"+topic, "1")
		}
	}
	for _, part := range usualParts {
		if part != carry.Skeleton || n.offered[part] <= longSkeleton {
			f.Set("parts_"+string(part), "1")
		}
	}
	return newNextPage(v, f, n)
}

// ofOneYear tells of a text that names the edition's city, venue or year: next
// year's is another.
func ofOneYear(e edition.Edition, t text.Texts) bool {
	names := []string{strconv.Itoa(e.Local(e.StartsAt).Year())}
	for _, l := range text.Langs {
		names = append(names, e.City[l], e.Venue[l])
	}
	for _, s := range t {
		if slices.ContainsFunc(names, func(name string) bool { return name != "" && strings.Contains(s, name) }) {
			return true
		}
	}
	return false
}

// NextSave makes it.
func (s Pages) NextSave(v *page.Visit) error {
	n, err := s.openNext(v)
	if err != nil {
		return err
	}
	f, from := v.Sent(), v.Edition
	p := nextPlan(f, from, n)
	var e edition.Edition
	if len(f.Problems) == 0 {
		e, err = s.Carry.Next(v.Ctx, v.Person.ID, from, p)
	} else {
		err = f.Unsaid(s.Carry.Check(v.Ctx, from, p))
	}
	if bad, err := f.Failed(err); bad {
		if err != nil {
			return err
		}
		return newNextPage(v, f, n)
	}
	v.Say("success", "flash.next_planned")
	return v.Redirect("/desk" + e.Path())
}

// next is what both the form and the act look at.
type next struct {
	proposed edition.Next
	places   registration.Places
	offered  map[carry.Part]int
}

// openNext finds the edition to plan from, which the address names after the
// series; only organisers of the whole series come here.
func (s Pages) openNext(v *page.Visit) (n next, err error) {
	if v.Edition, err = s.Editions.Find(v.Ctx, v.Param("series"), v.Param("from")); err != nil {
		return n, err
	}
	others, err := s.Editions.Of(v.Ctx, v.Edition.Series)
	if err != nil {
		return n, err
	}
	n.proposed = edition.Propose(v.Edition, others, v.Now)
	if n.places, err = s.Registrations.Places(v.Ctx, v.Edition.ID); err != nil {
		return n, err
	}
	setup, err := s.Registrations.Setup(v.Ctx, v.Edition.ID)
	if err != nil {
		return n, err
	}
	n.offered, err = s.Carry.Offer(v.Ctx, v.Edition, setup)
	return n, err
}

// nextPlan reads the form. Of texts and parts only what was offered can come.
func nextPlan(f *page.Form, from edition.Edition, n next) carry.Plan {
	in := editionInput(f)
	in.Lead, in.Practical, in.StreamURL = nil, edition.Practical{}, ""
	if f.Has("texts_lead") {
		in.Lead = from.Lead
	}
	for _, topic := range edition.Topics {
		if f.Has("texts_" + topic) {
			in.Practical[topic] = from.Practical[topic]
		}
	}
	p := carry.Plan{Input: in, Key: page.ActKey("next:"+from.SeriesID, f.Key()),
		Capacity: map[registration.Kind]*int64{registration.Onsite: f.Count("capacity_onsite"), registration.Remote: f.Count("capacity_remote")}}
	for _, part := range carry.Parts {
		if f.Has("parts_"+string(part)) && n.offered[part] > 0 {
			p.Parts = append(p.Parts, part)
		}
	}
	return p
}
