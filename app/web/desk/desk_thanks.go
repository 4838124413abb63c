package desk

import (
	"slices"

	"agora/app/account"
	"agora/app/edition"
	"agora/app/web/page"
	"agora/templates"
)

// thanksPage lists who is thanked for a day, by kind and in the order of the
// edition's own page.
type thanksPage struct {
	Groups []thanksGroup
	Base   string
	Team   []string // who works on the edition and is not thanked yet
	Any    bool
	Public string
}

type thanksGroup struct {
	Kind edition.ThanksKind
	Rows []thanksRow
}

type thanksRow struct {
	ID, Name, URL string
	What          page.Words
	Logo          string
	First, Last   bool
}

// Thanks shows the list.
func (s Pages) Thanks(v *page.Visit) error {
	list, err := s.Editions.Thanked(v.Ctx, v.Edition)
	if err != nil {
		return err
	}
	p := thanksPage{Base: deskOf(v, "/thanks"), Any: len(list) > 0, Public: v.Edition.Path() + "#thanks"}
	for _, kind := range edition.ThanksKinds {
		g := thanksGroup{Kind: kind}
		for _, t := range list {
			if t.Kind == kind {
				g.Rows = append(g.Rows, thanksRow{ID: t.ID, Name: t.Name, URL: t.URL, What: v.Words(t.What), Logo: page.LogoPath(v.Edition, t)})
			}
		}
		if n := len(g.Rows); n > 0 {
			g.Rows[0].First, g.Rows[n-1].Last = true, true
			p.Groups = append(p.Groups, g)
		}
	}
	team, err := s.unthanked(v, list)
	if err != nil {
		return err
	}
	for _, h := range team {
		p.Team = append(p.Team, h.Name)
	}
	return v.Render("desk/thanks", v.T("thanks.title"), p)
}

// unthanked are those who work on the edition, by name, and are not thanked yet.
func (s Pages) unthanked(v *page.Visit, list []edition.Thanks) ([]edition.Helper, error) {
	holders, err := s.Accounts.Holders(v.Ctx, account.OfEdition(v.Edition.ID))
	if err != nil {
		return nil, err
	}
	var team []edition.Helper
	for _, h := range holders {
		named := slices.ContainsFunc(list, func(t edition.Thanks) bool { return t.PersonID == h.ID || t.Name == h.Name })
		twice := slices.ContainsFunc(team, func(x edition.Helper) bool { return x.PersonID == h.ID })
		if h.Name != "" && h.Role != account.Speaker && !named && !twice {
			team = append(team, edition.Helper{PersonID: h.ID, Name: h.Name})
		}
	}
	return team, nil
}

// ThanksTeam thanks everybody who works on the edition.
func (s Pages) ThanksTeam(v *page.Visit) error {
	team, err := s.unthanked(v, nil)
	if err != nil {
		return err
	}
	if _, err := s.Editions.ThankTeam(v.Ctx, v.Person.ID, v.Edition, team); err != nil {
		return err
	}
	return thanksDone(v, "flash.thanks_team")
}

// ThanksMove moves a name one place up or down.
func (s Pages) ThanksMove(v *page.Visit) error {
	if err := s.Editions.MoveThanks(v.Ctx, v.Person.ID, v.Edition, v.Param("thanks"), v.Sent().Get("by") == "up"); err != nil {
		return err
	}
	return thanksDone(v, "flash.thanks_moved")
}

// ThanksRemove takes a name away.
func (s Pages) ThanksRemove(v *page.Visit) error {
	if err := s.Editions.RemoveThanks(v.Ctx, v.Person.ID, v.Edition, v.Param("thanks")); err != nil {
		return err
	}
	return thanksDone(v, "flash.thanks_removed")
}

func thanksDone(v *page.Visit, flash string) error {
	v.Say("success", flash)
	return v.Redirect(deskOf(v, "/thanks"))
}

// thanksFormPage thanks somebody more, or changes what is said of them.
type thanksFormPage struct {
	New      bool
	Heading  string
	Problems []templates.Problem
	Action   string
	Back     string
	Key      string
	Kind     templates.Choice
	Name     templates.Field
	What     page.TextGroup
	URL      templates.Field
	Upload   templates.Upload
	Logo     string
	LogoName string
	NoLogo   templates.Field
}

// ThanksForm shows the form, empty or filled.
func (s Pages) ThanksForm(v *page.Visit) error {
	f := v.Blank().Set("kind", string(edition.Volunteer))
	t, err := s.thanksOf(v)
	if err != nil {
		return err
	}
	if t.ID != "" {
		f.Set("kind", string(t.Kind)).Set("name", t.Name).Set("url", t.URL).SetTexts("what", t.What)
	}
	return newThanksFormPage(v, f, t)
}

// thanksOf is whom the address names; nobody where somebody new is thanked.
func (s Pages) thanksOf(v *page.Visit) (edition.Thanks, error) {
	if v.Param("thanks") == "" {
		return edition.Thanks{}, nil
	}
	return s.Editions.OneThanks(v.Ctx, v.Edition.ID, v.Param("thanks"))
}

// ThanksSave keeps what was typed.
func (s Pages) ThanksSave(v *page.Visit) error {
	t, err := s.thanksOf(v)
	if err != nil {
		return err
	}
	f := v.Sent()
	in := edition.ThanksInput{Key: f.Key(), Kind: edition.ThanksKind(f.Get("kind")), Name: f.Get("name"), What: f.Texts("what"), URL: f.Get("url")}
	none := ""
	if f.Has("no_logo") {
		in.Logo = &none
	}
	// A picture is looked at only when the rest can be kept, so that it is not sent twice.
	err = edition.CheckThanks(in)
	if err == nil {
		if in.Logo, err = s.sentLogo(v, f, in.Logo); err == nil && len(f.Problems) == 0 {
			err = s.keepThanks(v, t, in)
		}
	}
	if bad, err := f.Failed(err); bad {
		if err != nil {
			return err
		}
		return newThanksFormPage(v, f, t)
	}
	return thanksDone(v, "flash.thanks_saved")
}

func (s Pages) keepThanks(v *page.Visit, t edition.Thanks, in edition.ThanksInput) error {
	if t.ID == "" {
		_, err := s.Editions.AddThanks(v.Ctx, v.Person.ID, v.Edition, in)
		return err
	}
	return s.Editions.ChangeThanks(v.Ctx, v.Person.ID, v.Edition, t.ID, in)
}
