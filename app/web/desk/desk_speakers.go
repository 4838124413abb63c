package desk

import (
	"agora/app/program"
	"agora/app/text"
	"agora/app/web/page"
)

// speakersPage lists everybody who is to speak, and when they can be there.
type speakersPage struct {
	Base     string
	Speakers []speakerRow
}

type speakerRow struct {
	Name, Href string
	Sessions   int
	When       []string // stretches of time in words; none is any time
}

// Speakers lists the edition's speakers by name.
func (s Pages) Speakers(v *page.Visit) error {
	draft, err := s.Program.Draft(v.Ctx, v.Edition)
	if err != nil {
		return err
	}
	p := speakersPage{Base: speakersPath(v)}
	count := sessionCounts(draft)
	for _, who := range draft.Speakers {
		p.Speakers = append(p.Speakers, speakerRow{Name: who.Name, Href: p.Base + "/" + who.Slug, Sessions: count[who.ID], When: stretches(v, who.Availability)})
	}
	return v.Render("program/desk_speakers", v.T("speakers_desk.title"), p)
}

func speakersPath(v *page.Visit) string { return "/desk" + v.Edition.Path() + "/speakers" }

// sessionCounts says how many sessions each speaker is on, with and without a time.
func sessionCounts(draft *program.Programme) map[string]int {
	count := map[string]int{}
	for _, list := range [][]*program.Session{draft.Sessions, draft.Waiting} {
		for _, x := range list {
			for _, who := range x.Speakers {
				count[who.ID]++
			}
		}
	}
	return count
}

// stretches writes stretches of time on the edition's clock.
func stretches(v *page.Visit, spans program.Spans) []string {
	list := make([]string, 0, len(spans))
	for _, one := range spans {
		from, to := v.Edition.Local(one.From), v.Edition.Local(one.To)
		if from.YearDay() == to.YearDay() && from.Year() == to.Year() {
			list = append(list, v.OnDay(v.DayTab(from), from, to))
			continue
		}
		list = append(list, v.DayTab(from)+" "+text.At(v.Lang, from)+" – "+v.DayTab(to)+" "+text.At(v.Lang, to))
	}
	return list
}
