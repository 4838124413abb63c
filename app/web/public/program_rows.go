package public

import (
	"strings"
	"time"

	"agora/app/program"
	"agora/app/text"
	"agora/app/web/page"
	"agora/templates"
)

// slots is a day as a list by time.
func slots(v *page.Visit, d *program.Day, st stars) []templates.Slot {
	return slotsOf(v, d, programFilter{}, st)
}

// slotsOf is of a day what the filter takes.
func slotsOf(v *page.Visit, d *program.Day, f programFilter, st stars) []templates.Slot {
	var list []templates.Slot
	for i := 0; i < len(d.Sessions); {
		j := i
		var same []*program.Session
		for ; j < len(d.Sessions) && d.Sessions[j].StartsAt.Equal(d.Sessions[i].StartsAt); j++ {
			if f.takes(d.Sessions[j]) {
				same = append(same, d.Sessions[j])
			}
		}
		if i = j; len(same) > 0 {
			list = append(list, slot(v, same, st))
		}
	}
	return list
}

// slot is what starts at one moment. Where all of it ends together too, its
// time says both; else each session tells its own.
func slot(v *page.Visit, same []*program.Session, st stars) templates.Slot {
	first := same[0]
	t := templates.Slot{ID: "at-" + first.StartsAt.Format("2006-01-02-1504"), Datetime: first.StartsAt.Format(time.RFC3339)}
	together := true
	for _, x := range same {
		together = together && x.EndsAt.Equal(first.EndsAt)
		t.Now = t.Now || x.On(v.Now)
	}
	t.Time = text.Clock(v.Lang, first.StartsAt)
	if together {
		t.Time = text.Span(v.Lang, first.StartsAt, first.EndsAt)
	}
	if len(same) == 1 && first.Kind == program.Break && !first.Cancelled {
		title := v.SessionWords(first, first.Title)
		t.Break, t.Lang = title.Text, title.Lang
		return t
	}
	for _, x := range same {
		row := sessionRow(v, x, st)
		if !together {
			row.Time = text.Span(v.Lang, x.StartsAt, x.EndsAt)
		}
		t.Sessions = append(t.Sessions, row)
	}
	return t
}

// sessionRow is a session in a list. Its time stands around it.
func sessionRow(v *page.Visit, x *program.Session, st stars) templates.SessionRow {
	title := v.SessionWords(x, x.Title)
	row := templates.SessionRow{Href: v.SessionHref(x), Title: title.Text, Lang: title.Lang, Speakers: speakerNames(x), Kind: kindWord(v, x), Gone: x.Cancelled, Star: st.of(x)}
	if list := languages(x.Language); len(list) > 0 && len(v.Edition.Languages) > 0 && list[0] != string(v.Edition.Languages[0]) {
		row.Language = page.LanguageNames(v.Lang, list[0])
	}
	if x.Room != nil {
		row.Room = v.Words(x.Room.Name).Text
	}
	if x.Track != nil {
		row.Track, row.TrackClass = v.Words(x.Track.Name).Text, "track-"+x.Track.Slug
	}
	switch {
	case x.Cancelled:
		row.Tags = append(row.Tags, templates.Tag{Kind: "bad", Text: v.T("program.cancelled")})
	case x.On(v.Now):
		row.Tags = append(row.Tags, templates.Tag{Kind: "live", Text: v.T("programme.on_now")})
	}
	return row
}

// speakerNames are who is on a session, in the order of its programme.
func speakerNames(x *program.Session) []string {
	names := make([]string, len(x.Speakers))
	for i, who := range x.Speakers {
		names[i] = who.Name
	}
	return names
}

// kindWord names what a session is, where that says more than "a talk". A file's
// own word stands for kinds that have none here.
func kindWord(v *page.Visit, x *program.Session) string {
	switch x.Kind {
	case program.Talk:
		return ""
	case program.Other:
		if strings.EqualFold(x.Extra.Word, "other") {
			return ""
		}
		return page.UpperFirst(x.Extra.Word)
	}
	return v.T("program.kind." + string(x.Kind))
}
