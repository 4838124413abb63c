package registering

import (
	"strconv"
	"time"

	"agora/app/db"
	"agora/app/fail"
	"agora/app/registration"
	"agora/app/text"
	"agora/app/web/page"
	"agora/templates"
)

// rulesPage says how an edition takes registrations; each rule has a sentence
// about what it does.
type rulesPage struct {
	Tabs     []page.NavLink
	Problems []templates.Problem
	Theirs   []templates.Fact // what somebody else has saved meanwhile
	Clashed  bool
	Action   string
	Version  int64
	Was      string
	Promote  templates.Choice
	Offers   []templates.Field
	Deadline string
	Direct   bool
	Who      []templates.Field
	Ask      []templates.Field
}

// ruleNumbers and ruleSwitches are the rules by the names of their fields, as
// the area names their problems too.
func ruleNumbers(r *registration.Rules) map[string]*int {
	return map[string]*int{"offer_hours": &r.OfferHours, "quiet_from": &r.QuietFrom, "quiet_to": &r.QuietTo,
		"near_days": &r.NearDays, "group_most": &r.GroupMost, "confirm_days": &r.ConfirmDays}
}

func ruleSwitches(r *registration.Rules) map[string]*bool {
	return map[string]*bool{"approval": &r.Approval, "invited_only": &r.InvitedOnly, "remind_week": &r.RemindWeek,
		"remind_day": &r.RemindDay, "meet": &r.Meet}
}

// ruleOrder is the order in which they stand on the page.
var ruleOrder = [...]string{"offer_hours", "near_days", "quiet_from", "quiet_to", "group_most", "approval", "invited_only", "confirm_days", "remind_week", "remind_day", "meet"}

// RulesPage shows them.
func (s Pages) RulesPage(v *page.Visit) error {
	setup, err := s.Registrations.Setup(v.Ctx, v.Edition.ID)
	if err != nil {
		return err
	}
	f := v.Blank().Set("promotion", string(setup.Rules.Promotion)).Set("version", strconv.FormatInt(setup.Version, 10)).Set("was", db.HashBody(setup.Rules))
	for name, n := range ruleNumbers(&setup.Rules) {
		f.Set(name, strconv.Itoa(*n))
	}
	for name, on := range ruleSwitches(&setup.Rules) {
		if *on {
			f.Set(name, "1")
		}
	}
	return s.rulesPage(v, f, setup.Rules, nil)
}

// RulesSave changes them, or shows what an offer would be like by them.
func (s Pages) RulesSave(v *page.Visit) error {
	f := v.Sent()
	setup, err := s.Registrations.Setup(v.Ctx, v.Edition.ID)
	if err != nil {
		return err
	}
	rules := rulesSent(f)
	err = f.Unsaid(rules.Check())
	tried := err == nil && len(f.Problems) == 0
	if tried && !f.Has("try") {
		err = s.Registrations.SaveRules(v.Ctx, v.Edition, v.Person.ID, rules, versionOf(f, setup, setup.Rules))
	}
	if fail.Is(err, fail.Conflict) {
		return s.rulesClashed(v, f, rules)
	}
	if bad, err := f.Failed(err); bad && err != nil {
		return err
	} else if bad {
		return s.rulesPage(v, f, setup.Rules, nil)
	}
	if f.Has("try") {
		return s.rulesPage(v, f, rules, nil)
	}
	v.Say("success", "flash.rules_saved")
	return v.Redirect(v.C.Path())
}

// rulesSent reads the form. What is no number is a problem of its field.
func rulesSent(f *page.Form) registration.Rules {
	rules := registration.Rules{Promotion: registration.Promotion(f.Get("promotion"))}
	for name, into := range ruleNumbers(&rules) {
		n, err := strconv.Atoi(f.Get(name))
		if err != nil {
			f.Note(name, "field.number")
			continue
		}
		*into = n
	}
	for name, into := range ruleSwitches(&rules) {
		*into = f.Has(name)
	}
	return rules
}

// versionOf is the version a change is made on. Rules and form share one, so a
// change of the other half is none of this half, which is known by its hash.
func versionOf(f *page.Form, setup registration.Setup, half any) int64 {
	if f.Get("was") == db.HashBody(half) {
		return setup.Version
	}
	return f.Version()
}

// rulesClashed keeps what was typed and shows beside it what somebody else has
// saved. Sending once more is then a decision.
func (s Pages) rulesClashed(v *page.Visit, f *page.Form, mine registration.Rules) error {
	setup, err := s.Registrations.Setup(v.Ctx, v.Edition.ID)
	if err != nil {
		return err
	}
	f.Set("version", strconv.FormatInt(setup.Version, 10)).Set("was", db.HashBody(setup.Rules))
	v.C.Status(page.Statuses[fail.Conflict])
	theirs := []templates.Fact{}
	add := func(name, value string) {
		theirs = append(theirs, templates.Fact{Term: v.T("rules." + name), Text: value})
	}
	if setup.Rules.Promotion != mine.Promotion {
		add("promotion", v.T("rules.promotion_"+string(setup.Rules.Promotion)))
	}
	numbers, switches := ruleNumbers(&mine), ruleSwitches(&mine)
	theirNumbers, theirSwitches := ruleNumbers(&setup.Rules), ruleSwitches(&setup.Rules)
	for _, name := range ruleOrder {
		switch n, on := theirNumbers[name], theirSwitches[name]; {
		case n != nil && *n != *numbers[name]:
			add(name, strconv.Itoa(*n))
		case on != nil && *on != *switches[name]:
			add(name, v.T(map[bool]string{true: "rules.on", false: "rules.off"}[*on]))
		}
	}
	return s.rulesPage(v, f, mine, theirs)
}

func (s Pages) rulesPage(v *page.Visit, f *page.Form, shown registration.Rules, theirs []templates.Fact) error {
	p := rulesPage{Tabs: placeTabs(v), Theirs: theirs, Clashed: theirs != nil, Version: f.Version(), Was: f.Get("was"), Action: v.C.Path()}
	p.Promote = f.Choice("promotion", "rules.promotion",
		templates.Option{Value: string(registration.Direct), Text: v.T("rules.promotion_direct"), Hint: v.T("rules.promotion_direct_hint")},
		templates.Option{Value: string(registration.ByOffer), Text: v.T("rules.promotion_offer"), Hint: v.T("rules.promotion_offer_hint")})
	number := func(name string) templates.Field { return f.Field(name, "number", "rules."+name) }
	p.Offers = []templates.Field{number("offer_hours"), number("near_days"), hourField(v, f, "quiet_from"), hourField(v, f, "quiet_to")}
	box := func(name string) templates.Field { return f.Field(name, "checkbox", "rules."+name) }
	p.Who = []templates.Field{number("group_most"), box("approval"), box("invited_only")}
	p.Ask = []templates.Field{number("confirm_days"), box("remind_week"), box("remind_day"), box("meet")}
	p.Problems = f.Summary()
	if v.Now.Before(v.Edition.EndsAt) {
		until := shown.Deadline(v.Edition, v.Now)
		p.Deadline = v.T("rules.deadline", "until", text.DateTime(v.Lang, v.Edition.Local(until)), "zone", v.Edition.Zone)
	}
	p.Direct = !shown.Offers(v.Edition, v.Now, registration.Onsite)
	return v.Render("desk/rules", v.T("places.tab_rules"), p)
}

// hourField picks an hour of the edition's clock.
func hourField(v *page.Visit, f *page.Form, name string) templates.Field {
	t := f.Field(name, "select", "rules."+name)
	for hour := range 24 {
		// Of a day without daylight saving, so that every hour is there.
		at := time.Date(2000, time.January, 1, hour, 0, 0, 0, time.UTC)
		t.Options = append(t.Options, templates.Option{Value: strconv.Itoa(hour), Text: text.At(v.Lang, at)})
	}
	return t
}
