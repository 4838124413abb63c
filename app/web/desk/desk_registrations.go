package desk

import (
	"net/url"
	"strconv"

	"agora/app/registration"
	"agora/app/web/page"
	"agora/templates"
)

// perPage is how many registrations a page of the list holds.
const perPage = 50

// deskRegistrationsPage is the organiser's list of registrations.
type deskRegistrationsPage struct {
	Rows    []deskRegistration
	Total   int64
	Search  templates.Field
	State   templates.Field
	Kind    templates.Field
	Pages   templates.Pages
	Base    string
	Arrived map[string]bool
	Any     bool
}

// RegistrationsPage lists who has registered.
func (s Pages) RegistrationsPage(v *page.Visit) error {
	page := max(1, atoi(v.Query("page")))
	filter := registration.Filter{Search: v.Query("q"), State: registration.State(v.Query("state")), Kind: registration.Kind(v.Query("kind")),
		Limit: perPage, Offset: (page - 1) * perPage}
	rows, total, err := s.Registrations.List(v.Ctx, v.Edition.ID, filter)
	if err != nil {
		return err
	}
	arrived, err := s.Door.All(v.Ctx, v.Edition.ID)
	if err != nil {
		return err
	}
	f := v.Blank().Set("q", v.Query("q")).Set("state", v.Query("state")).Set("kind", v.Query("kind"))
	p := deskRegistrationsPage{Total: total, Base: "/desk" + v.Edition.Path(), Arrived: map[string]bool{},
		Search: f.Field("q", "search", "desk.search"), State: f.Field("state", "select", "desk.state"), Kind: f.Field("kind", "select", "desk.kind"),
		Any: total > 0 || filter.Search != "" || filter.State != "" || filter.Kind != ""}
	p.State.Options = []templates.Option{{Text: v.T("desk.any_state")}}
	for _, state := range []registration.State{registration.Confirmed, registration.Waiting, registration.Cancelled} {
		p.State.Options = append(p.State.Options, templates.Option{Value: string(state), Text: v.T("state." + string(state))})
	}
	p.Kind.Options = []templates.Option{{Text: v.T("desk.any_kind")}}
	for _, kind := range registration.Kinds {
		p.Kind.Options = append(p.Kind.Options, templates.Option{Value: string(kind), Text: v.T("place." + string(kind))})
	}
	for _, r := range rows {
		p.Rows = append(p.Rows, deskRow(v, r))
		if _, in := arrived[r.ID]; in {
			p.Arrived[r.Code] = true
		}
	}
	p.Pages = pagesOf(v, page, int((total+perPage-1)/perPage))
	return v.Render("desk/registrations", v.T("desk.nav_registrations"), p)
}

// RegistrationCancel cancels on behalf of somebody who asked for it by mail.
func (s Pages) RegistrationCancel(v *page.Visit) error {
	r, err := s.Registrations.ByCode(v.Ctx, v.Edition.ID, v.Param("code"))
	if err != nil {
		return err
	}
	if _, err := s.Registrations.Cancel(v.Ctx, v.Edition, v.Person.ID, r); err != nil {
		return err
	}
	v.Say("success", "flash.registration_cancelled")
	return v.Redirect("/desk" + v.Edition.Path() + "/registrations")
}

func atoi(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil {
		return 0
	}
	return n
}

// pagesOf leads through a long list: the ends, the neighbours, and gaps between.
func pagesOf(v *page.Visit, page, last int) templates.Pages {
	if last < 2 {
		return templates.Pages{}
	}
	href := func(n int) string {
		q := url.Values{}
		for key, value := range v.C.Queries() {
			if key != "page" && key != "lang" && value != "" {
				q.Set(key, value)
			}
		}
		q.Set("page", strconv.Itoa(n))
		return v.C.Path() + "?" + q.Encode()
	}
	var p templates.Pages
	if page > 1 {
		p.Prev = href(page - 1)
	}
	if page < last {
		p.Next = href(page + 1)
	}
	for n := 1; n <= last; n++ {
		switch {
		case n == 1 || n == last || n >= page-1 && n <= page+1:
			p.Items = append(p.Items, templates.Page{Text: strconv.Itoa(n), Href: href(n), Current: n == page})
		case !p.Items[len(p.Items)-1].Gap:
			p.Items = append(p.Items, templates.Page{Gap: true})
		}
	}
	return p
}
