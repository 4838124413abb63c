package desk

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"agora/app/account"
	"agora/app/carry"
	"agora/app/edition"
	"agora/app/text"
	"agora/app/web/page"
	"agora/templates"
)

// yearPattern finds a year in a title.
var yearPattern = regexp.MustCompile(`\b(19|20)\d\d\b`)

// maxPeek is how much of a text is shown beside its box.
const maxPeek = 90

func newNextPage(v *page.Visit, f *page.Form, n next) error {
	e := v.Edition
	p := nextPage{From: v.Words(e.Title), FromDesk: "/desk" + e.Path(), Proposal: proposedDates(v, n.proposed), Action: v.C.Path(), Key: f.Key()}
	for _, name := range []string{"starts_at", "ends_at", "opens_at", "closes_at"} {
		p.Times = append(p.Times, f.Field(name, "datetime-local", "edition_form."+name))
	}
	p.Zone = f.Field("zone", "text", "edition_form.zone")
	p.Cities, p.Venues = f.TextGroup("city", "text", "edition_form.city"), f.TextGroup("venue", "text", "edition_form.venue")
	p.Capacity = []templates.Field{f.Field("capacity_onsite", "text", "edition_form.onsite"), f.Field("capacity_remote", "text", "edition_form.remote")}
	p.Titles, p.Slug, p.Languages = f.TextGroup("title", "text", "edition_form.name"), f.Field("slug", "text", "edition_form.slug"), languages(f)
	p.Texts = nextTexts(v, f)
	parts, err := nextParts(v, f, n)
	if err != nil {
		return err
	}
	p.Parts, p.Problems = parts, f.Summary()
	return v.Render("desk/next", v.T("next.title"), p)
}

// proposedDates says how the dates were chosen.
func proposedDates(v *page.Visit, n edition.Next) []string {
	loc := v.Edition.Location()
	day := text.LongDate(v.Lang, n.StartsAt.In(loc))
	var list []string
	if n.ByRule {
		list = append(list, v.T("next.by_rule", "day", day, "rule", v.RuleWords(v.Edition.Series.DateRule)))
	} else {
		list = append(list, v.T("next.no_rule", "day", day))
	}
	list = append(list, v.T("next.opens", "when", text.LongDate(v.Lang, n.OpensAt.In(loc))+" "+text.At(v.Lang, n.OpensAt.In(loc))))
	if n.Late {
		list = append(list, v.T("next.late"))
	}
	if n.Skipped {
		list = append(list, v.T("next.skipped"))
	}
	if n.Endless {
		list = append(list, v.T("next.endless"))
	}
	return list
}

// nextTexts are the texts of the edition that there are, each with its beginning.
func nextTexts(v *page.Visit, f *page.Form) templates.Choice {
	c := templates.Choice{Name: "texts", Legend: v.T("next.texts"), Hint: v.T("next.texts_hint"), Several: true, Stacked: true, Optional: true}
	add := func(name, title string, t text.Texts) {
		if !t.Empty() {
			peek := text.Plain(v.Words(t).Text, text.Fill{})
			c.Options = append(c.Options, templates.Option{Value: name, Text: title, Hint: page.Shorten(peek, maxPeek), Checked: f.Has("texts_" + name)})
		}
	}
	add("lead", v.T("edition_form.lead"), v.Edition.Lead)
	for _, topic := range edition.Topics {
		add(topic, v.T("practical."+topic), v.Edition.Practical[topic])
	}
	return c
}

// nextParts are the parts that have something to offer, each with how much.
func nextParts(v *page.Visit, f *page.Form, n next) (templates.Choice, error) {
	c := templates.Choice{Name: "parts", Legend: v.T("next.parts"), Hint: v.T("next.parts_hint"), Several: true, Stacked: true, Optional: true}
	for _, part := range carry.Parts {
		count := n.offered[part]
		if count == 0 {
			continue
		}
		hint := v.T("next.part_hint."+string(part), "n", count)
		if part == carry.Team {
			names, err := teamNames(v)
			if err != nil {
				return c, err
			}
			hint = v.T("next.part_hint.team", "names", names)
		}
		c.Options = append(c.Options, templates.Option{Value: string(part), Text: v.T("next.part." + string(part)), Hint: hint, Checked: f.Has("parts_" + string(part))})
	}
	return c, nil
}

// teamNames lists who works on the edition: giving somebody a role is done with
// open eyes.
func teamNames(v *page.Visit) (string, error) {
	holders, err := v.Site.Accounts.Holders(v.Ctx, account.OfEdition(v.Edition.ID))
	if err != nil {
		return "", err
	}
	var names []string
	for _, h := range holders {
		if name := h.Label(); h.Role != account.Speaker && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return strings.Join(names, ", "), nil
}

// nextTitle writes the new year where the title names the old one, and after it
// where it names none. The old city goes: the next one is another.
func nextTitle(e edition.Edition, year int) text.Texts {
	was, now := strconv.Itoa(e.Local(e.StartsAt).Year()), strconv.Itoa(year)
	t := text.Texts{}
	for l, title := range e.Title {
		for _, city := range e.City {
			if rest := strings.Trim(strings.Join(strings.Fields(strings.ReplaceAll(title, city, "")), " "), " ,–-"); city != "" && rest != "" {
				title = rest
			}
		}
		switch {
		case strings.Contains(title, was):
			t[l] = strings.ReplaceAll(title, was, now)
		case !yearPattern.MatchString(title):
			t[l] = title + " " + now
		default:
			t[l] = title
		}
	}
	return t
}

// planFrom is the address that plans after an edition, for those who may.
func planFrom(v *page.Visit, e edition.Edition) string {
	if !v.Roles.May(account.Organiser, e.SeriesID, "") {
		return ""
	}
	return "/desk/" + e.Series.Slug + "/new/" + e.Slug
}
