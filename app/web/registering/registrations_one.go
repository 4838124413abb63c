package registering

import (
	"slices"
	"time"

	"agora/app/audit"
	"agora/app/registration"
	"agora/app/web/page"
	"agora/templates"
)

const (
	// lettersOfOne bounds the letters shown beside a registration.
	lettersOfOne = 30
	// linesOfOne bounds what the log tells of it.
	linesOfOne = 50
)

// registrationPage is one registration with everything about it.
type registrationPage struct {
	listedRow
	Base, Back string
	Facts      []templates.Fact
	Answers    []templates.Fact
	// Special are diet, access and other answers of that kind: folded away until
	// somebody needs them.
	Special  []templates.Fact
	Consent  string
	Party    []page.RegistrationRow
	Workshop []templates.Fact
	Letters  []page.LetterRow
	History  []happened
	Live     bool
	Badge    bool
}

// happened is a line of a registration's history.
type happened struct {
	At       time.Time
	Text, By string
}

// RegistrationPage shows one registration.
func (s Pages) RegistrationPage(v *page.Visit) error {
	r, err := s.Registrations.ByCode(v.Ctx, v.Edition.ID, v.Param("code"))
	if err != nil {
		return err
	}
	list, err := s.listed(v, []registration.Registration{r})
	if err != nil {
		return err
	}
	base := "/desk" + v.Edition.Path()
	p := registrationPage{listedRow: list[0], Base: base, Back: base + "/registrations", Live: r.Live(),
		Badge: r.State == registration.Confirmed && r.Kind == registration.Onsite}
	for _, part := range []func(*page.Visit, registration.Registration) error{p.facts, p.answers, p.others, p.letters, p.history} {
		if err := part(v, r); err != nil {
			return err
		}
	}
	return v.Render("desk/registration", r.Name, p)
}

func (p *registrationPage) facts(v *page.Visit, r registration.Registration) error {
	add := func(key, text string) {
		if text != "" {
			p.Facts = append(p.Facts, templates.Fact{Term: v.T(key), Text: text})
		}
	}
	position, err := v.Site.Registrations.Position(v.Ctx, r)
	if err != nil {
		return err
	}
	add("desk.kind", v.T("place."+string(r.Kind)))
	if position > 0 {
		add("desk_people.position", v.T("desk_people.position_n", "n", position))
	}
	add("ticket.code", r.Code)
	add("desk_people.language", r.Language.Name())
	add("desk_people.photo", v.T("paper.photo_"+string(r.Photo)))
	return nil
}

// answers puts what was answered to the edition's own form into words.
func (p *registrationPage) answers(v *page.Visit, r registration.Registration) error {
	setup, err := v.Site.Registrations.Setup(v.Ctx, v.Edition.ID)
	if err != nil {
		return err
	}
	if r.Needs != "" {
		p.Special = append(p.Special, templates.Fact{Term: v.T("register.needs"), Text: r.Needs})
	}
	for _, field := range setup.Form.Fields {
		fact := templates.Fact{Term: v.Words(field.Label).Text, Text: v.Answer(field, r.Answers[field.Key])}
		switch {
		case fact.Text == "":
		case field.Special:
			p.Special = append(p.Special, fact)
		default:
			p.Answers = append(p.Answers, fact)
		}
	}
	if r.ConsentAt != nil {
		p.Consent = v.SentenceTime(*r.ConsentAt)
	}
	return nil
}

// others are who came along, and what the person is signed up to.
func (p *registrationPage) others(v *page.Visit, r registration.Registration) error {
	if r.Party != "" {
		rows, _, err := v.Site.Registrations.List(v.Ctx, v.Edition.ID, registration.Filter{Party: r.Party, Limit: perPage})
		if err != nil {
			return err
		}
		for _, one := range rows {
			if one.ID != r.ID {
				p.Party = append(p.Party, v.RegistrationRow(one))
			}
		}
	}
	agenda, err := v.Site.Workshops.Agenda(v.Ctx, r.ID)
	if err != nil {
		return err
	}
	for _, entry := range agenda {
		p.Workshop = append(p.Workshop, templates.Fact{Term: entry.Workshop.Name(v.Edition, v.Lang), Text: v.T("desk_people.signed_" + string(entry.State))})
	}
	return nil
}

func (p *registrationPage) letters(v *page.Visit, r registration.Registration) error {
	list, err := v.Site.Mail.To(v.Ctx, v.Edition.ID, r.Email, lettersOfOne)
	for _, l := range list {
		p.Letters = append(p.Letters, v.LetterRow(l))
	}
	return err
}

// history is what the registration says of itself, and what organisers did, the
// newest first.
func (p *registrationPage) history(v *page.Visit, r registration.Registration) error {
	add := func(at *time.Time, key string) {
		if at != nil {
			p.History = append(p.History, happened{At: v.Edition.Local(*at), Text: v.T(key)})
		}
	}
	add(&r.CreatedAt, "desk_people.happened_came")
	add(r.AskedAt, "desk_people.happened_asked")
	add(r.ComingAt, "desk_people.happened_coming")
	in, err := Pages{v.Site}.arrived(v, r)
	if err != nil {
		return err
	}
	if c, arrived := in[r.ID]; arrived {
		add(&c.At, "desk.arrived")
	}
	lines, err := audit.Find(v.Ctx, v.Site.DB.Read, audit.Query{Edition: v.Edition.ID, Acts: []string{"registration."}, Subject: r.Code, Limit: linesOfOne})
	if err != nil {
		return err
	}
	for _, l := range lines {
		p.History = append(p.History, happened{At: v.Edition.Local(l.At), Text: v.ActWords(l.Act), By: l.PersonName})
	}
	slices.SortStableFunc(p.History, func(a, b happened) int { return b.At.Compare(a.At) })
	return nil
}
