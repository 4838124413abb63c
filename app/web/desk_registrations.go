package web

import (
	"net/url"
	"strconv"

	"agora/app/registration"
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

func (s *Site) deskRegistrations(v *visit) error {
	page := max(1, atoi(v.query("page")))
	filter := registration.Filter{Search: v.query("q"), State: registration.State(v.query("state")), Kind: registration.Kind(v.query("kind")),
		Limit: perPage, Offset: (page - 1) * perPage}
	rows, total, err := s.Registrations.List(v.ctx, v.edition.ID, filter)
	if err != nil {
		return err
	}
	arrived, err := s.Door.All(v.ctx, v.edition.ID)
	if err != nil {
		return err
	}
	f := v.blank().set("q", v.query("q")).set("state", v.query("state")).set("kind", v.query("kind"))
	p := deskRegistrationsPage{Total: total, Base: "/desk" + v.edition.Path(), Arrived: map[string]bool{},
		Search: f.field("q", "search", "desk.search"), State: f.field("state", "select", "desk.state"), Kind: f.field("kind", "select", "desk.kind"),
		Any: total > 0 || filter.Search != "" || filter.State != "" || filter.Kind != ""}
	p.State.Options = []templates.Option{{Text: v.t("desk.any_state")}}
	for _, state := range []registration.State{registration.Confirmed, registration.Waiting, registration.Cancelled} {
		p.State.Options = append(p.State.Options, templates.Option{Value: string(state), Text: v.t("state." + string(state))})
	}
	p.Kind.Options = []templates.Option{{Text: v.t("desk.any_kind")}}
	for _, kind := range registration.Kinds {
		p.Kind.Options = append(p.Kind.Options, templates.Option{Value: string(kind), Text: v.t("place." + string(kind))})
	}
	for _, r := range rows {
		p.Rows = append(p.Rows, v.deskRow(r))
		if _, in := arrived[r.ID]; in {
			p.Arrived[r.Code] = true
		}
	}
	p.Pages = v.pagesOf(page, int((total+perPage-1)/perPage))
	return v.render("desk/registrations", v.t("desk.nav_registrations"), p)
}

// deskCancel cancels on behalf of somebody who asked for it by mail.
func (s *Site) deskCancel(v *visit) error {
	r, err := s.Registrations.ByCode(v.ctx, v.edition.ID, v.param("code"))
	if err != nil {
		return err
	}
	if _, err := s.Registrations.Cancel(v.ctx, v.edition, v.person.ID, r); err != nil {
		return err
	}
	v.say("success", "flash.registration_cancelled")
	return v.redirect("/desk" + v.edition.Path() + "/registrations")
}

func atoi(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil {
		return 0
	}
	return n
}

// pagesOf leads through a long list: the ends, the neighbours, and gaps between.
func (v *visit) pagesOf(page, last int) templates.Pages {
	if last < 2 {
		return templates.Pages{}
	}
	href := func(n int) string {
		q := url.Values{}
		for key, value := range v.c.Queries() {
			if key != "page" && key != "lang" && value != "" {
				q.Set(key, value)
			}
		}
		q.Set("page", strconv.Itoa(n))
		return v.c.Path() + "?" + q.Encode()
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
