package registering

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
	p := needsPage{}
	if v.May(account.Organiser) {
		p.Back = "/desk" + v.Edition.Path() + "/registrations"
	}
	diets := question{title: page.Words{Text: v.T("register.needs")}, counts: tallied{},
		said: func(r registration.Registration) []string { return []string{r.Needs} }}
	questions := []*question{&diets}
	for _, f := range setup.Form.Fields {
		if f.Special {
			questions = append(questions, &question{title: v.Words(f.Label), counts: tallied{},
				said: func(r registration.Registration) []string { return eachSaid(f, v.Answer(f, r.Answers[f.Key])) }})
		}
	}
	seated := registration.Filter{State: registration.Confirmed, Kind: registration.Onsite}
	err = s.Registrations.Each(v.Ctx, v.Edition.ID, seated, func(r registration.Registration) error {
		p.People++
		for _, q := range questions {
			q.ask(r)
		}
		return nil
	})
	if err != nil {
		return err
	}
	for _, q := range questions {
		p.Lists = append(p.Lists, needsList{Title: q.title, Rows: q.counts.rows(v.Lang), Other: q.silent})
		p.Any = p.Any || len(q.counts) > 0
	}
	return v.Render("desk/needs", v.T("desk_people.needs"), p)
}

// question is one thing that is counted.
type question struct {
	title  page.Words
	said   func(registration.Registration) []string
	counts tallied
	silent int
}

func (q *question) ask(r registration.Registration) {
	said := q.said(r)
	if strings.TrimSpace(strings.Join(said, "")) == "" {
		q.silent++
	}
	for _, one := range said {
		q.counts.add(one)
	}
}

// eachSaid parts the answers to a field that takes several, which are counted one
// by one.
func eachSaid(f form.Field, said string) []string {
	if f.Kind == form.Several {
		return strings.Split(said, "; ")
	}
	return []string{said}
}
