package desk

import (
	"strconv"

	"agora/app/fail"
	"agora/app/paper"
	"agora/app/printing"
	"agora/app/web/page"
	"agora/templates"
)

const (
	// lookedAt is how many badges the page looks through by itself; more are looked
	// through when somebody asks for it.
	lookedAt = 400
	// nearest is how many people a list shows before a search has to narrow it.
	nearest = 200
	// latest is how many printouts stand beside the badges; all have a page of their own.
	latest = 5
)

// badgesPage is where badges are chosen, looked through and printed.
type badgesPage struct {
	Base, Action string
	Total        int
	Counts       []badgeCount
	Designs      []designCard
	Chosen       string
	Who, Role    templates.Field
	Order        templates.Field
	Look         *badgeLook
	LookHref     string
	Printouts    []printRow
	Key          string
	PeopleHref   string
	AllPrintouts string
}

// badgeCount is how many badges are in one state.
type badgeCount struct {
	N    int
	Word string
	Href string
}

// designCard is a design to pick; its picture is drawn as it prints.
type designCard struct {
	Ref, Name, Size, Picture, Edit string
	Chosen, Own                    bool
}

// badgeLook is what should be seen before printing.
type badgeLook struct {
	Rows   []lookRow
	People int // who have something
	Looked int
}

type lookRow struct {
	Who, Href string
	Texts     []string
}

// Badges shows where the badges are.
func (s Pages) Badges(v *page.Visit) error {
	all, err := s.allBadges(v)
	if err != nil {
		return err
	}
	design, ref, err := badgeDesign(v, "")
	if err != nil {
		return err
	}
	p := badgesPage{Base: deskOf(v, "/badges"), Action: deskOf(v, "/badges/print"), Total: len(all), Chosen: designName(v, design), PeopleHref: deskOf(v, "/badges/people"), AllPrintouts: deskOf(v, "/printing")}
	p.count(v, all)
	if p.Designs, err = designCards(v, ref); err != nil {
		return err
	}
	f := v.Blank().Set("who", badgesDue).Set("order", badgeOrders[0])
	p.Key = f.Key()
	p.fields(v, f)
	if len(all) > lookedAt {
		p.LookHref = deskOf(v, "/badges/look")
	} else if p.Look, err = lookThrough(v, design, all); err != nil {
		return err
	}
	if p.Printouts, err = s.printRows(v, "badges"); err != nil {
		return err
	}
	p.Printouts = p.Printouts[:min(latest, len(p.Printouts))]
	return v.Render("desk/badges", v.T("badge.title"), p)
}

func (p *badgesPage) count(v *page.Visit, all []badgeOf) {
	n := map[string]int{}
	for _, b := range all {
		n[b.state()]++
	}
	for _, state := range []string{badgesNew, badgesChanged, "printed"} {
		p.Counts = append(p.Counts, badgeCount{N: n[state], Word: v.T("badge.count."+state, "n", n[state]), Href: p.PeopleHref + "?who=" + state})
	}
}

func (p *badgesPage) fields(v *page.Visit, f *page.Form) {
	options := func(prefix string, values []string) (list []templates.Option) {
		for _, x := range values {
			list = append(list, templates.Option{Value: x, Text: v.T(prefix + x)})
		}
		return list
	}
	p.Who, p.Role, p.Order = f.Field("who", "select", "badge.who"), f.Field("role", "select", "badge.role"), f.Field("order", "select", "badge.order")
	p.Who.Options = options("badge.who_", []string{badgesDue, badgesAll, badgesNew, badgesChanged})
	p.Order.Options = options("badge.order_", badgeOrders)
	p.Role.Options = []templates.Option{{Value: "", Text: v.T("badge.role_any")}}
	for _, k := range badgeRanks {
		p.Role.Options = append(p.Role.Options, templates.Option{Value: string(k), Text: v.T("paper.role_" + string(k))})
	}
}

// designCards are all designs that can be picked, the series' own first.
func designCards(v *page.Visit, chosen string) ([]designCard, error) {
	own, err := v.Site.Paper.OwnDesigns(v.Ctx, v.Edition.SeriesID)
	if err != nil {
		return nil, err
	}
	base := deskOf(v, "/badges/designs/")
	var list []designCard
	add := func(ref string, d paper.Design, version int64) {
		list = append(list, designCard{Ref: ref, Own: version > 0, Name: designName(v, d), Size: designSize(v, d), Edit: base + ref, Chosen: ref == chosen,
			Picture: base + ref + ".svg?v=" + strconv.FormatInt(version, 10) + "-" + v.Site.Static[max(0, len(v.Site.Static)-6):]})
	}
	for _, d := range own {
		add(d.ID, d.Design, d.Version)
	}
	for _, d := range paper.Designs() {
		add(d.Name, d, 0)
	}
	return list, nil
}

// designSize says how large a badge is and how many stand on a sheet.
func designSize(v *page.Visit, d paper.Design) string {
	key := "badge.size"
	n := d.Columns * d.Rows
	if n > 1 {
		key = "badge.size_sheet"
	}
	return v.T(key, "w", millimetres(v, d.Cell.W), "h", millimetres(v, d.Cell.H), "n", n)
}

// lookThrough lists everybody whose badge needs a look, with what it is and where
// to mend it.
func lookThrough(v *page.Visit, d paper.Design, list []badgeOf) (*badgeLook, error) {
	report, err := v.Site.Paper.Press.Look(v.Ctx, d, justBadges(list), badgeOptions(v))
	if err != nil {
		return nil, err
	}
	look := &badgeLook{Looked: len(list)}
	rows := map[int]int{}
	for _, r := range report.NeedsLook() {
		at, known := rows[r.Index]
		if !known {
			at = len(look.Rows)
			rows[r.Index] = at
			row := lookRow{Who: v.T("badge.everybody"), Href: ""}
			if r.Index >= 0 {
				row = lookRow{Who: list[r.Index].Who.Name, Href: deskOf(v, "/badges/people/"+list[r.Index].Who.Code)}
				look.People++
			}
			look.Rows = append(look.Rows, row)
		}
		look.Rows[at].Texts = append(look.Rows[at].Texts, remarkWords(v, r))
	}
	return look, nil
}

// remarkWords says what became of one field.
func remarkWords(v *page.Visit, r paper.Remark) string {
	words := v.T("paper.remark_"+string(r.Kind), "detail", r.Detail)
	if key := "badge.field." + r.Field; r.Field != "name" && v.Site.Words.Has(v.Lang, key) {
		return v.T("badge.remark_of", "field", v.T(key), "text", words)
	}
	return words
}

// BadgesLook looks through all badges, however many.
func (s Pages) BadgesLook(v *page.Visit) error {
	all, err := s.allBadges(v)
	if err != nil {
		return err
	}
	design, _, err := badgeDesign(v, v.Query("design"))
	if err != nil {
		return err
	}
	look, err := lookThrough(v, design, all)
	if err != nil {
		return err
	}
	return v.Render("desk/badges_look", v.T("badge.look_title"), badgesLookPage{Back: deskOf(v, "/badges"), Look: look, Design: designName(v, design)})
}

type badgesLookPage struct {
	Back, Design string
	Look         *badgeLook
}

// BadgesChoose sets the design that the edition prints with.
func (s Pages) BadgesChoose(v *page.Visit) error {
	if err := s.Paper.Choose(v.Ctx, v.Person.ID, v.Edition, v.Sent().Get("design")); err != nil {
		return err
	}
	v.Say("success", "badge.chosen")
	return v.Redirect(deskOf(v, "/badges"))
}

// BadgesPrint orders badges. They are printed in the background, and the page of
// the printout shows how far it is.
func (s Pages) BadgesPrint(v *page.Visit) error {
	f := v.Sent()
	choice := badgeChoice{Who: f.Get("who"), Role: paper.RoleKind(f.Get("role")), Order: f.Get("order")}.tidy()
	design, _, err := badgeDesign(v, f.Get("design"))
	if err != nil {
		return err
	}
	all, err := s.allBadges(v)
	if err != nil {
		return err
	}
	n := len(choice.chosen(all))
	if n == 0 {
		return fail.Missing("badge.nobody_chosen")
	}
	made, err := s.Printing.Order(v.Ctx, v.Edition, printing.Order{By: v.Person.ID, Kind: "badges", Name: v.Edition.Acronym() + "-" + v.T("badge.file"),
		Lang: v.Lang, Options: badgeOrder{Choice: choice, Design: design}, Total: n})
	if err != nil {
		return err
	}
	return v.Redirect(deskOf(v, "/printing/"+made.ID))
}

// badgePeoplePage lists people with how their badge stands.
type badgePeoplePage struct {
	Back, Action string
	Filters      []page.Pill
	Search       templates.Field
	Who          string
	Rows         []badgeRow
	More         int
	Total        int
}

type badgeRow struct {
	Code, Name, Organisation, Role, Href, PDF string
	State                                     templates.Tag
	At                                        string
}

// BadgePeople lists people one by one.
func (s Pages) BadgePeople(v *page.Visit) error {
	all, err := s.allBadges(v)
	if err != nil {
		return err
	}
	p := badgePeoplePage{Back: deskOf(v, "/badges"), Action: deskOf(v, "/badges/people"), Who: v.Query("who"), Total: len(all)}
	for _, who := range []string{"", badgesNew, badgesChanged, "printed"} {
		key := "badge.who_" + who
		if who == "" {
			key = "badge.who_all"
		}
		p.Filters = append(p.Filters, page.Pill{Text: v.T(key), Href: p.Action + "?who=" + who, Current: who == p.Who})
	}
	f := v.Blank().Set("q", v.Query("q"))
	p.Search = f.Field("q", "search", "badge.search")
	match := matcher(v.Query("q"))
	for _, b := range all {
		if p.Who != "" && b.state() != p.Who || !match(b) {
			continue
		}
		if len(p.Rows) == nearest {
			p.More++
			continue
		}
		p.Rows = append(p.Rows, newBadgeRow(v, b))
	}
	return v.Render("desk/badges_people", v.T("badge.people_title"), p)
}

func newBadgeRow(v *page.Visit, b badgeOf) badgeRow {
	state := b.state()
	row := badgeRow{Code: b.Who.Code, Name: b.Badge.Name, Organisation: b.Badge.Organisation, Role: v.T("paper.role_" + string(b.Badge.RoleKind)),
		Href: deskOf(v, "/badges/people/"+b.Who.Code), PDF: deskOf(v, "/badges/"+b.Who.Code+".pdf"), State: badgeTag(v, state)}
	if b.Print != nil {
		row.At = v.SentenceTime(b.Print.At)
	}
	return row
}

func badgeTag(v *page.Visit, state string) templates.Tag {
	kind := map[string]string{badgesNew: "plain", badgesChanged: "mine", "printed": ""}[state]
	icon := ""
	if state == "printed" {
		icon = "check"
	}
	return templates.Tag{Kind: kind, Icon: icon, Text: v.T("badge.state_" + state)}
}
