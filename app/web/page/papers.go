package page

import (
	"strings"

	"agora/app/paper"
	"agora/app/program"
	"agora/app/text"
)

// PaperEdition is what a paper says of the edition it is of.
func (v *Visit) PaperEdition() string {
	return strings.TrimSpace(v.Words(v.Edition.City).Text + " " + v.Edition.Local(v.Edition.StartsAt).Format("2006"))
}

// PaperPage counts the pages of a paper.
func (v *Visit) PaperPage(n, total int) string { return v.T("papers.page", "page", n, "pages", total) }

// PaperProgramme puts a programme into the words of paper, in the page's language.
func (v *Visit) PaperProgramme(p *program.Programme) paper.Programme {
	d := paper.Programme{Series: v.SeriesName(), Edition: v.PaperEdition(), Title: v.T("papers.program"), QR: v.Site.Config.BaseURL + v.Edition.Path() + "/program",
		Newest: v.T("papers.newest"), Page: v.PaperPage, Date: p.Release.ReleasedAt, Accent: paper.Accent(v.Edition.Series.Accent)}
	if p.Release.Number > 0 {
		d.Release = v.T("papers.release", "number", p.Release.Number, "when", text.Date(v.Lang, v.Edition.Local(p.Release.ReleasedAt)))
	}
	for _, day := range p.Days {
		d.Days = append(d.Days, v.paperDay(p, day))
	}
	return d
}

// paperDay is one day; its columns are the rooms that something takes place in.
func (v *Visit) paperDay(p *program.Programme, day *program.Day) paper.ProgrammeDay {
	out := paper.ProgrammeDay{Name: UpperFirst(text.LongDate(v.Lang, day.Opens))}
	columns := map[string]int{}
	for _, room := range p.Rooms {
		for _, x := range p.ByRoom(room.ID) {
			if inDay(x, day) && x.Kind != program.Break {
				columns[room.ID] = len(out.Rooms)
				out.Rooms = append(out.Rooms, v.Words(room.Name).Text)
				break
			}
		}
	}
	for _, x := range p.Sessions {
		if !inDay(x, day) || x.Cancelled {
			continue
		}
		item := v.paperItem(x)
		item.From = int(x.StartsAt.Sub(day.Opens).Minutes())
		item.To = item.From + int(x.Length().Minutes())
		if x.Room != nil {
			if column, there := columns[x.Room.ID]; there {
				item.Room = column
			}
		}
		if n := len(out.Slots); n > 0 && out.Slots[n-1].Items[0].From == item.From {
			out.Slots[n-1].Items = append(out.Slots[n-1].Items, item)
			continue
		}
		out.Slots = append(out.Slots, paper.ProgrammeSlot{Time: text.Clock(v.Lang, x.StartsAt), Items: []paper.ProgrammeItem{item}})
	}
	return out
}

func inDay(x *program.Session, day *program.Day) bool {
	return !x.StartsAt.Before(day.Opens) && x.StartsAt.Before(day.Closes)
}

func (v *Visit) paperItem(x *program.Session) paper.ProgrammeItem {
	item := paper.ProgrammeItem{Title: v.SessionWords(x, x.Title).Text, Speakers: SpeakerNames(x), Room: -1, Break: x.Kind == program.Break}
	var place []string
	if x.Room != nil {
		place = append(place, v.Words(x.Room.Name).Text)
	}
	if x.Track != nil {
		place = append(place, v.Words(x.Track.Name).Text)
		if c, err := paper.Hex(x.Track.Color); err == nil {
			item.Track = c
		}
	}
	if !item.Break {
		place = append(place, text.Length(x.Length()))
	}
	item.Place = strings.Join(place, " · ")
	return item
}

// SpeakerNames are the names of who speaks, as they stand in a line.
func SpeakerNames(x *program.Session) string {
	names := make([]string, len(x.Speakers))
	for i, who := range x.Speakers {
		names[i] = who.Name
	}
	return strings.Join(names, ", ")
}
