package desk

import (
	"bytes"
	"context"

	"agora/app/fail"
	"agora/app/paper"
	"agora/app/program"
	"agora/app/registration"
	"agora/app/text"
	"agora/app/web/page"
)

// RoomsPDF prints a sign for each room and day, with the way to its questions.
func (s Pages) RoomsPDF(v *page.Visit) error {
	p, err := s.Program.Programme(v.Ctx, v.Edition)
	if err != nil {
		return err
	}
	code, err := s.JoinCode(v, v.Edition)
	if err != nil {
		return err
	}
	signs := roomSigns(v, p, code)
	if len(signs) == 0 {
		return fail.Missing("papers.no_program")
	}
	return v.SendPDF("rooms", func(ctx context.Context, b *bytes.Buffer) (paper.Report, error) {
		return s.Paper.Press.Signs(ctx, b, signs, paper.SignOptions{Title: v.T("papers.rooms"), Page: v.PaperPage, Date: p.Release.ReleasedAt,
			Accent: paper.Accent(v.Edition.Series.Accent)})
	})
}

func roomSigns(v *page.Visit, p *program.Programme, code string) (signs []paper.Sign) {
	for _, room := range p.Rooms {
		for _, day := range p.Days {
			sign := paper.Sign{Series: v.SeriesName(), Edition: v.PaperEdition(), Room: v.Words(room.Name).Text, Day: page.UpperFirst(text.LongDate(v.Lang, day.Opens)),
				QR: v.Site.Config.BaseURL + v.Edition.Path() + "/live?room=" + room.Slug, Ask: v.T("papers.ask", "address", v.Site.Base.Host+"/join"), Code: code}
			for _, x := range p.ByRoom(room.ID) {
				if x.StartsAt.Before(day.Opens) || !x.StartsAt.Before(day.Closes) || x.Cancelled {
					continue
				}
				sign.Slots = append(sign.Slots, paper.SignSlot{Time: text.Span(v.Lang, x.StartsAt, x.EndsAt), Title: v.SessionWords(x, x.Title).Text,
					Speakers: page.SpeakerNames(x), Break: x.Kind == program.Break})
			}
			if len(sign.Slots) > 0 {
				signs = append(signs, sign)
			}
		}
	}
	return signs
}

// NamesPDF prints the door's list, for the day when nothing else works.
func (s Pages) NamesPDF(v *page.Visit) error {
	people, err := s.badgePeople(v)
	if err != nil {
		return err
	}
	roster, err := s.Door.Roster(v.Ctx, v.Edition)
	if err != nil {
		return err
	}
	l := paper.NameList{Series: v.SeriesName(), Edition: v.PaperEdition(), Title: v.T("papers.names"), How: v.T("papers.names_how"), Name: v.T("register.name"),
		Code: v.T("ticket.code"), Marks: v.T("papers.marks"), Page: v.PaperPage, Date: v.Edition.StartsAt, Accent: paper.Accent(v.Edition.Series.Accent)}
	for _, r := range people {
		who := paper.Named{Letter: text.Initial(v.Lang, r.Name), Name: r.Name, Organisation: r.Organisation, Code: r.Code}
		entry, _ := roster.One(r.ID)
		if entry.Speaker {
			who.Marks = append(who.Marks, v.T("paper.role_speaker"))
		}
		if entry.First {
			who.Marks = append(who.Marks, v.T("papers.first"))
		}
		if r.Photo != registration.PhotoYes && r.Photo != "" {
			who.Marks = append(who.Marks, v.T("paper.photo_"+string(r.Photo)))
		}
		if entry.Note != "" {
			who.Marks = append(who.Marks, entry.Note)
		}
		l.People = append(l.People, who)
	}
	if len(l.People) == 0 {
		return fail.Missing("paper.nobody")
	}
	return v.SendPDF("names", func(ctx context.Context, b *bytes.Buffer) (paper.Report, error) {
		return s.Paper.Press.Names(ctx, b, l)
	})
}
