package web

import (
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"agora/app/program"
	"agora/app/text"
	"agora/templates"
)

// slots is a day as a list by time.
func (v *visit) slots(d *program.Day) []templates.Slot { return v.slotsOf(d, nil) }

// slotsOf is a day, or what a track has on it.
func (v *visit) slotsOf(d *program.Day, track *program.Track) []templates.Slot {
	var list []templates.Slot
	for i := 0; i < len(d.Sessions); {
		j := i
		var same []*program.Session
		for ; j < len(d.Sessions) && d.Sessions[j].StartsAt.Equal(d.Sessions[i].StartsAt); j++ {
			if track == nil || d.Sessions[j].Track == track {
				same = append(same, d.Sessions[j])
			}
		}
		if i = j; len(same) > 0 {
			list = append(list, v.slot(same))
		}
	}
	return list
}

// slot is what starts at one moment. Where all of it ends together too, its
// time says both; else each session tells its own.
func (v *visit) slot(same []*program.Session) templates.Slot {
	first := same[0]
	t := templates.Slot{ID: "at-" + first.StartsAt.Format("2006-01-02-1504"), Datetime: first.StartsAt.Format(time.RFC3339)}
	together := true
	for _, x := range same {
		together = together && x.EndsAt.Equal(first.EndsAt)
		t.Now = t.Now || x.On(v.now)
	}
	t.Time = text.Clock(v.lang, first.StartsAt)
	if together {
		t.Time = text.Span(v.lang, first.StartsAt, first.EndsAt)
	}
	if len(same) == 1 && first.Kind == program.Break && !first.Cancelled {
		title := v.sessionWords(first, first.Title)
		t.Break, t.Lang = title.Text, title.Lang
		return t
	}
	for _, x := range same {
		row := v.sessionRow(x)
		if !together {
			row.Time = text.Span(v.lang, x.StartsAt, x.EndsAt)
		}
		t.Sessions = append(t.Sessions, row)
	}
	return t
}

// sessionRow is a session in a list. Its time stands around it.
func (v *visit) sessionRow(x *program.Session) templates.SessionRow {
	title := v.sessionWords(x, x.Title)
	row := templates.SessionRow{Href: v.sessionHref(x), Title: title.Text, Lang: title.Lang, Kind: v.kindWord(x), Gone: x.Cancelled}
	for _, who := range x.Speakers {
		row.Speakers = append(row.Speakers, who.Name)
	}
	if x.Room != nil {
		row.Room = v.words(x.Room.Name).Text
	}
	if x.Track != nil {
		row.Track, row.TrackClass = v.words(x.Track.Name).Text, "track-"+x.Track.Slug
	}
	switch {
	case x.Cancelled:
		row.Tags = append(row.Tags, templates.Tag{Kind: "bad", Text: v.t("program.cancelled")})
	case x.On(v.now):
		row.Tags = append(row.Tags, templates.Tag{Kind: "live", Text: v.t("programme.on_now")})
	}
	return row
}

func (v *visit) sessionHref(x *program.Session) string {
	return v.edition.Path() + "/sessions/" + x.Slug
}

// sessionWords is a text of a session in the visitor's language; an imported one
// may be in a language that the program does not speak.
func (v *visit) sessionWords(x *program.Session, t text.Texts) words {
	s, l := x.In(t, v.lang)
	if l == v.lang {
		return words{Text: s}
	}
	return words{Text: s, Lang: string(l)}
}

// kindWord names what a session is, where that says more than "a talk". A file's
// own word stands for kinds that have none here.
func (v *visit) kindWord(x *program.Session) string {
	switch x.Kind {
	case program.Talk:
		return ""
	case program.Other:
		if strings.EqualFold(x.Extra.Word, "other") {
			return ""
		}
		return upperFirst(x.Extra.Word)
	}
	return v.t("program.kind." + string(x.Kind))
}

// dayTab is a day as short as a tab: ma 27.12.
func (v *visit) dayTab(date time.Time) string {
	weekday := [...]string{"sun", "mon", "tue", "wed", "thu", "fri", "sat"}[date.Weekday()]
	return v.t("programme.day_"+weekday) + " " + text.DayMonth(v.lang, date)
}

// zoneWords says whose clock the times are on.
func (v *visit) zoneWords() string {
	if v.edition.Zone == "Europe/Helsinki" {
		return v.t("programme.zone_finland")
	}
	return v.t("programme.zone", "zone", strings.ReplaceAll(v.edition.Zone, "_", " "))
}

func upperFirst(s string) string {
	r, size := utf8.DecodeRuneInString(s)
	if size == 0 {
		return s
	}
	return string(unicode.ToUpper(r)) + s[size:]
}
