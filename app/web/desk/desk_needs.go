package desk

import (
	"cmp"
	"slices"
	"strings"

	"agora/app/account"
	"agora/app/registration"
	"agora/app/registration/form"
	"agora/app/text"
	"agora/app/web/page"
)

// needsPage is what the kitchen and the house have to know: what is needed and by
// how many, and nobody's name or address.
type needsPage struct {
	Back   string // for organisers; the kitchen has nothing else to see
	People int
	Lists  []needsList
	Any    bool
}

// needsList is one question with its answers, the most frequent first.
type needsList struct {
	Title page.Words
	Rows  []needsRow
	Other int // said nothing
}

type needsRow struct {
	Text string
	N    int
}

// tallied counts answers that mean the same when case and blanks are left aside.
type tallied map[string]*needsRow

func (t tallied) add(answer string) {
	answer = strings.Join(strings.Fields(answer), " ")
	if answer == "" {
		return
	}
	key := strings.TrimRight(strings.ToLower(answer), ".! ")
	if t[key] == nil {
		t[key] = &needsRow{Text: answer}
	}
	t[key].N++
}

func (t tallied) rows(l text.Lang) []needsRow {
	rows := make([]needsRow, 0, len(t))
	for _, r := range t {
		rows = append(rows, *r)
	}
	compare := text.Collator(l)
	slices.SortFunc(rows, func(a, b needsRow) int { return cmp.Or(cmp.Compare(b.N, a.N), compare(a.Text, b.Text)) })
	return rows
}

// Needs counts diet, access and the special answers of those who have a seat.
func (s Pages) Needs(v *page.Visit) error {
	setup, err := s.Registrations.Setup(v.Ctx, v.Edition.ID)
	if err != nil {
		return err
	}
	var special []form.Field
	for _, f := range setup.Form.Fields {
		if f.Special {
			special = append(special, f)
		}
	}
	p := needsPage{}
	if v.May(account.Organiser) {
		p.Back = "/desk" + v.Edition.Path() + "/registrations"
	}
	needs, answers := tallied{}, make([]tallied, len(special))
	silent := make([]int, len(special)+1)
	for i := range special {
		answers[i] = tallied{}
	}
	seated := registration.Filter{State: registration.Confirmed, Kind: registration.Onsite}
	err = s.Registrations.Each(v.Ctx, v.Edition.ID, seated, func(r registration.Registration) error {
		p.People++
		needs.add(r.Needs)
		if r.Needs == "" {
			silent[0]++
		}
		for i, f := range special {
			said := saidInWords(v, f, r.Answers[f.Key])
			if said == "" {
				silent[i+1]++
			}
			for _, part := range eachSaid(f, said) {
				answers[i].add(part)
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	p.Lists = append(p.Lists, needsList{Title: page.Words{Text: v.T("register.needs")}, Rows: needs.rows(v.Lang), Other: silent[0]})
	for i, f := range special {
		p.Lists = append(p.Lists, needsList{Title: v.Words(f.Label), Rows: answers[i].rows(v.Lang), Other: silent[i+1]})
	}
	for _, l := range p.Lists {
		p.Any = p.Any || len(l.Rows) > 0
	}
	return v.Render("desk/needs", v.T("desk_people.needs"), p)
}

// eachSaid parts the answers to a field that takes several, which are counted one
// by one.
func eachSaid(f form.Field, said string) []string {
	if f.Kind == form.Several {
		return strings.Split(said, "; ")
	}
	return []string{said}
}
