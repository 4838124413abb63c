package desk

import (
	"agora/app/account"
	"agora/app/web/page"
)

// deskPage lists the series and editions the visitor works for.
type deskPage struct {
	Series []deskSeries
	Owner  bool
}

type deskSeries struct {
	Name     page.Words
	Href     string
	MayMake  bool
	Editions []page.EditionCard
	Plan     string // plans the next edition from the last one
}

// Home lists everything the visitor works for.
func (s Pages) Home(v *page.Visit) error {
	list, err := s.Editions.AllSeries(v.Ctx)
	if err != nil {
		return err
	}
	p := deskPage{Owner: v.Roles.Owner()}
	for _, one := range list {
		row := deskSeries{Name: v.Words(one.Title), Href: "/desk/" + one.Slug, MayMake: v.Roles.May(account.Organiser, one.ID, "")}
		editions, err := s.Editions.Of(v.Ctx, one)
		if err != nil {
			return err
		}
		if len(editions) > 0 {
			row.Plan = planFrom(v, editions[0])
		}
		for _, e := range editions {
			card := v.Card(e)
			switch {
			case v.Roles.May(account.Moderator, one.ID, e.ID):
				card.Href = "/desk" + e.Path()
			case v.Roles.May(account.Reviewer, one.ID, e.ID):
				card.Href = "/desk" + e.Path() + "/review"
			case v.Roles.May(account.Catering, one.ID, e.ID):
				card.Href = "/desk" + e.Path() + "/needs"
			default:
				continue
			}
			row.Editions = append(row.Editions, card)
		}
		if row.MayMake || len(row.Editions) > 0 {
			p.Series = append(p.Series, row)
		}
	}
	return v.Render("desk/desk", v.T("desk.title"), p)
}

// Series has no page of its own: the list has everything.
func (s Pages) Series(v *page.Visit) error { return v.Redirect("/desk") }
