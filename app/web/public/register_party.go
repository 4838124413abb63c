package public

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"agora/app/registration"
	"agora/app/registration/form"
	"agora/app/web/page"
	"agora/templates"
)

// rowFields are what is asked of each colleague.
var rowFields = [...]string{"name", "email", "organisation"}

// colleague is a row of the form: somebody who is registered along. Row 0 is the
// one that scripts copy.
type colleague struct {
	N                int
	Legend           string
	Name, Email, Org templates.Field
	Remove           string
}

// partyPart asks for colleagues.
type partyPart struct {
	Most     int // colleagues beside the one who registers
	Rows     []colleague
	Blank    colleague
	Together templates.Choice
	Problem  templates.Field // what is wrong with the list as a whole
	Free     string          // the seats of each limited kind, for scripts: onsite:3
	Count    string
	Words    string // Count with its places left open, for scripts
	Short    bool   // fewer seats than people
}

// rowField tells of which row and which field of it a control is.
func rowField(name string) (row int, field string, ok bool) {
	rest, ok := strings.CutPrefix(name, "people.")
	if !ok {
		return 0, "", false
	}
	number, field, _ := strings.Cut(rest, ".")
	row, err := strconv.Atoi(number)
	return row, field, err == nil && row > 0 && strconv.Itoa(row) == number && slices.Contains(rowFields[:], field)
}

func rowName(row int, field string) string { return fmt.Sprintf("people.%d.%s", row, field) }

// rows are the numbers of the rows in the form, in order.
func rows(f *page.Form) []int {
	seen := map[int]bool{}
	for name := range f.Values {
		if n, _, ok := rowField(name); ok {
			seen[n] = true
		}
	}
	return slices.Sorted(maps.Keys(seen))
}

// changesRows adds or takes away a row when that is what was pressed: the way
// of browsers without scripts.
func changesRows(f *page.Form) bool {
	switch {
	case f.Has("add"):
		list := rows(f)
		keepRows(f, list)
		f.Set(rowName(len(list)+1, "name"), "")
	case f.Has("remove"):
		list := rows(f)
		keepRows(f, slices.DeleteFunc(list, func(n int) bool { return strconv.Itoa(n) == f.Get("remove") }))
	default:
		return false
	}
	return true
}

// dropBlankRows leaves out rows that nobody wrote anything into.
func dropBlankRows(f *page.Form) {
	keepRows(f, slices.DeleteFunc(rows(f), func(n int) bool {
		return !slices.ContainsFunc(rowFields[:], func(field string) bool { return f.Get(rowName(n, field)) != "" })
	}))
}

// mostRows is beyond the largest group an edition can take, and keeps a hand-made
// form from being answered by a page many times its size.
const mostRows = 60

// keepRows numbers the rows of the list from 1 on and forgets the others.
func keepRows(f *page.Form, list []int) {
	list = list[:min(len(list), mostRows)]
	kept := map[string]string{}
	for i, n := range list {
		for _, field := range rowFields {
			kept[rowName(i+1, field)] = f.Values[rowName(n, field)]
		}
	}
	for name := range f.Values {
		if _, _, ok := rowField(name); ok {
			delete(f.Values, name)
		}
	}
	for name, value := range kept {
		f.Values[name] = value
	}
}

// partyOf reads who is registered: the person, and the colleagues they bring.
func partyOf(v *page.Visit, f *page.Form, own form.Form) registration.Party {
	p := registration.Party{Together: f.Get("together") != "split", People: []registration.Input{{
		Name: f.Get("name"), Email: f.Get("email"), Place: registration.Kind(f.Get("place")),
		Meanwhile: f.Has("meanwhile"), Organisation: f.Get("organisation"), Language: v.Lang,
		Photo: registration.Photo(f.Get("photo")), Needs: f.Get("needs"), Consent: f.Has("consent"),
		Answers: answersOf(f, own), Code: f.Get("code"),
	}}}
	for _, n := range rows(f) {
		p.People = append(p.People, registration.Input{Name: f.Get(rowName(n, "name")), Email: f.Get(rowName(n, "email")),
			Organisation: f.Get(rowName(n, "organisation")), Language: v.Lang})
	}
	return p
}

// newPartyPart draws the rows, or nothing where the edition takes no groups.
func newPartyPart(v *page.Visit, f *page.Form, r *registering) *partyPart {
	if r.setup.Rules.GroupMost < 2 {
		return nil
	}
	p := &partyPart{Most: r.setup.Rules.GroupMost - 1}
	for i := range rows(f) {
		p.Rows = append(p.Rows, newColleague(v, f, i+1))
	}
	f.Draws("people", v.T("register.party"), "people-add")
	p.Problem = templates.Field{Name: "people", Errors: f.Errors("people")}
	p.Blank = newColleague(v, v.Blank(), 0)
	p.Together = f.Choice("together", "register.together",
		templates.Option{Value: "yes", Text: v.T("register.together_yes"), Hint: v.T("register.together_yes_hint")},
		templates.Option{Value: "split", Text: v.T("register.together_split"), Hint: v.T("register.together_split_hint")})
	if f.Get("together") == "" {
		p.Together.Options[0].Checked = true
	}
	for _, kind := range r.kinds {
		if n := r.free(kind); n >= 0 {
			p.Free += fmt.Sprintf(" %s:%d", kind, n)
		}
	}
	free, people := r.free(r.kind(f)), int64(1+len(p.Rows))
	p.Words = v.T("register.party_count", "free", "{free}", "people", "{people}")
	if free >= 0 {
		p.Count = v.T("register.party_count", "free", free, "people", people)
		p.Short = free < people
	}
	return p
}

func newColleague(v *page.Visit, f *page.Form, n int) colleague {
	// The summary has to say whose field it means.
	for _, field := range rowFields {
		f.Draws(rowName(n, field), v.T("register.colleague_field", "number", n, "field", v.T("register."+field)), rowName(n, field))
	}
	c := colleague{N: n, Legend: v.T("register.colleague", "number", n), Remove: v.T("register.colleague_remove", "number", n),
		Name:  f.Field(rowName(n, "name"), "text", "register.name"),
		Email: f.Field(rowName(n, "email"), "email", "register.email"),
		Org:   f.Field(rowName(n, "organisation"), "text", "register.organisation")}
	// Said once is enough: the hints stand beside the person's own fields. Nor may
	// a browser put the person's own name here.
	for _, field := range []*templates.Field{&c.Name, &c.Email, &c.Org} {
		field.Hint, field.Autocomplete = "", "off"
	}
	c.Name.Required, c.Email.Required, c.Org.Optional = true, true, true
	return c
}
