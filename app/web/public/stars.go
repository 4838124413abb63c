package public

import (
	"net/url"
	"strings"

	"github.com/gofiber/fiber/v2"

	"agora/app/program"
	"agora/app/web/page"
	"agora/templates"
)

// stars are the marks of the person who looks. For a stranger there are none:
// the page is the same for all of them, and their script draws what is kept on
// their device.
type stars struct {
	v  *page.Visit
	on map[string]bool // by session id; nil for strangers
}

// starBox tells the page's script what it needs to draw stars.
type starBox struct {
	Edition, Action, Next, Agenda string
	Own                           bool
	Count                         int
}

// newStars reads what the person has marked, in one query.
func (s Pages) newStars(v *page.Visit) (stars, error) {
	if !v.SignedIn() || s.Agendas == nil {
		return stars{v: v}, nil
	}
	ids, err := s.Agendas.Marked(v.Ctx, v.Edition.ID, v.Person.ID)
	st := stars{v: v, on: make(map[string]bool, len(ids))}
	for _, id := range ids {
		st.on[id] = true
	}
	return st, err
}

func (st stars) box() starBox {
	base := st.v.Edition.Path()
	b := starBox{Edition: strings.TrimPrefix(base, "/"), Action: base + "/favourites", Agenda: base + "/agenda", Own: st.on != nil, Count: len(st.on)}
	b.Next = st.v.C.Path()
	if q := string(st.v.C.Request().URI().QueryString()); q != "" {
		b.Next += "?" + q
	}
	return b
}

// of is the button beside a session; none for strangers and for breaks.
func (st stars) of(x *program.Session) *templates.Star {
	if st.on == nil || x.Kind == program.Break {
		return nil
	}
	return &templates.Star{Slug: x.Slug, On: st.on[x.ID], Label: st.v.T("agenda.star", "title", st.v.SessionWords(x, x.Title).Text)}
}

// favouritesAnswer is what a device is told: everything that is marked now.
type favouritesAnswer struct {
	Sessions []string `json:"sessions"`
}

// Favourites marks sessions and takes them off: one by its button, or all that a
// device has kept, when its person signs in. A script gets the whole list back.
func (s Pages) Favourites(v *page.Visit) error {
	p, err := s.Program.Programme(v.Ctx, v.Edition)
	if err != nil {
		return err
	}
	var mark, unmark []string
	next, last := "", ""
	for key, value := range v.C.Request().PostArgs().All() {
		switch x := p.BySlug(string(value)); {
		case string(key) == "next":
			next = string(value)
		case x == nil:
		case string(key) == "mark":
			mark, last = append(mark, x.ID), x.Slug
		case string(key) == "unmark":
			unmark, last = append(unmark, x.ID), x.Slug
		}
	}
	ids, err := s.Agendas.Set(v.Ctx, v.Edition, v.Person.ID, mark, unmark)
	if err != nil {
		return err
	}
	if strings.Contains(v.C.Get(fiber.HeaderAccept), fiber.MIMEApplicationJSON) {
		answer := favouritesAnswer{Sessions: []string{}}
		for _, id := range ids {
			if x := p.ByID(id); x != nil {
				answer.Sessions = append(answer.Sessions, x.Slug)
			}
		}
		return v.JSON(fiber.StatusOK, answer)
	}
	return v.Redirect(backTo(v, next, last))
}

// backTo is the page of the edition that the button was pressed on, at the
// session it was pressed for.
func backTo(v *page.Visit, next, slug string) string {
	base := v.Edition.Path()
	to, err := url.Parse(next)
	if err != nil || to.Host != "" || to.Scheme != "" || to.Path != base && !strings.HasPrefix(to.Path, base+"/") {
		return base + "/agenda"
	}
	if slug != "" && to.Path != base+"/agenda" {
		to.Fragment = "s-" + slug
	}
	return to.String()
}
