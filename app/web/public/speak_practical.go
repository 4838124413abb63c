package public

import (
	"strconv"
	"time"

	"agora/app/program"
	"agora/app/speaking"
	"agora/app/text"
	"agora/app/web/page"
	"agora/templates"
)

const (
	dayLayout   = "2006-01-02"
	clockLayout = "15:04"
	// mostTimes bounds the rows of times that a form may bring.
	mostTimes = 60
	// nightEnds is the hour up to which an end before its beginning is of the night
	// after; a later one is a slip of the finger.
	nightEnds = 6
)

// speakPracticalPage asks what only the organisers see: when the speaker can be
// there, what they need and what else they want to say.
type speakPracticalPage struct {
	Top             speakTop
	Version, Theirs string // the versions of what is saved
	Any             templates.Choice
	Days            []speakDay
	Equipment, Note templates.Field
	Zone            string
}

// speakDay is one stretch of time on one of the edition's days.
type speakDay struct {
	Legend, Name, Date string
	From, To           templates.Field
}

// SpeakPractical shows what was said.
func (s Pages) SpeakPractical(v *page.Visit) error {
	return s.opened(v, func(k ownSide) error {
		f := v.Blank()
		fillPractical(v, f, k)
		return s.practicalPage(v, k, f, nil)
	})
}

func fillPractical(v *page.Visit, f *page.Form, k ownSide) {
	f.Set("version", strconv.FormatInt(k.X.Version, 10)).Set("theirs", strconv.FormatInt(k.Who.Version, 10))
	f.Set("equipment", k.X.Equipment).Set("note", k.X.Note)
	if len(k.Who.Availability) > 0 {
		f.Set("any", "some")
	} else if k.X.PracticalAt != nil {
		f.Set("any", "any")
	}
	for i, row := range spanDays(v, k.Who.Availability) {
		f.Set(dayName("date", i), row.date)
		if !row.from.IsZero() {
			f.Set(dayName("from", i), row.from.Format(clockLayout)).Set(dayName("to", i), row.to.Format(clockLayout))
		}
	}
}

func dayName(part string, i int) string { return part + "_" + strconv.Itoa(i) }

// spanDay is a day of the edition with a stretch of time on it, or none yet.
type spanDay struct {
	date     string
	from, to time.Time
}

// spanDays lays out what was said by day: each day of the edition has a row, and
// a stretch of time on any other day too.
func spanDays(v *page.Visit, said program.Spans) []spanDay {
	e := v.Edition
	var rows []spanDay
	at := 0
	put := func(upTo string) {
		for ; at < len(said); at++ {
			from := e.Local(said[at].From)
			if upTo != "" && from.Format(dayLayout) > upTo {
				return
			}
			rows = append(rows, spanDay{from.Format(dayLayout), from, e.Local(said[at].To)})
		}
	}
	last := e.Local(e.EndsAt).Format(dayLayout)
	for day := e.Local(e.StartsAt); day.Format(dayLayout) <= last && len(rows) < mostTimes; day = day.AddDate(0, 0, 1) {
		date := day.Format(dayLayout)
		if put(date); len(rows) == 0 || rows[len(rows)-1].date != date {
			rows = append(rows, spanDay{date: date})
		}
	}
	put("")
	return rows
}

// readSpans reads the rows back. A time may go on past midnight.
func readSpans(v *page.Visit, f *page.Form) program.Spans {
	spans := program.Spans{}
	for i := range mostTimes {
		from, to := f.Get(dayName("from", i)), f.Get(dayName("to", i))
		if from == "" && to == "" {
			continue
		}
		day, err := time.ParseInLocation(dayLayout, f.Get(dayName("date", i)), v.Edition.Location())
		begin, errFrom := time.Parse(clockLayout, from)
		end, errTo := time.Parse(clockLayout, to)
		for name, wrong := range map[string]bool{"from": err != nil || errFrom != nil, "to": errTo != nil} {
			if wrong {
				f.Note(dayName(name, i), "speak.time_wrong")
			}
		}
		if err != nil || errFrom != nil || errTo != nil {
			continue
		}
		at := func(t time.Time, days int) time.Time {
			return time.Date(day.Year(), day.Month(), day.Day()+days, t.Hour(), t.Minute(), 0, 0, day.Location())
		}
		one := program.Span{From: at(begin, 0), To: at(end, 0)}
		if !one.To.After(one.From) {
			if end.Hour()*60+end.Minute() > nightEnds*60 {
				f.Note(dayName("to", i), "speak.time_order", "last", text.At(v.Lang, time.Date(0, 1, 1, nightEnds, 0, 0, 0, time.UTC)))
				continue
			}
			one.To = at(end, 1)
		}
		spans = append(spans, one)
	}
	return spans
}

// SpeakPracticalSave takes it.
func (s Pages) SpeakPracticalSave(v *page.Visit) error {
	return s.opened(v, func(k ownSide) error {
		f := v.Sent()
		in := speaking.PracticalInput{Equipment: f.Get("equipment"), Note: f.Get("note"), Availability: program.Spans{}}
		in.Version, _ = strconv.ParseInt(f.Get("version"), 10, 64) // one that is none is nobody's
		in.SpeakerVersion, _ = strconv.ParseInt(f.Get("theirs"), 10, 64)
		in.SpeakerVersion = max(in.SpeakerVersion, 1)
		switch f.Get("any") {
		case "any":
		case "some":
			if in.Availability = readSpans(v, f); len(in.Availability) == 0 && len(f.Problems) == 0 {
				f.Note("any", "speak.times_missing")
			}
		default:
			f.Note("any", "speak.times_choose")
		}
		err := in.Check()
		if err == nil && len(f.Problems) == 0 {
			_, err = s.Speaking.SavePractical(v.Ctx, v.Edition, k.X, in)
		}
		if notice, ok := clashed(v, err); ok {
			notice.Text = v.T("speaking.meanwhile")
			f.Set("version", strconv.FormatInt(k.X.Version, 10)).Set("theirs", strconv.FormatInt(k.Who.Version, 10))
			return s.practicalPage(v, k, f, notice)
		}
		if bad, err := f.Failed(err); bad {
			if err != nil {
				return err
			}
			return s.practicalPage(v, k, f, nil)
		}
		return k.saved(v)
	})
}

func (s Pages) practicalPage(v *page.Visit, k ownSide, f *page.Form, notice *templates.Notice) error {
	p := speakPracticalPage{Version: f.Get("version"), Theirs: f.Get("theirs"), Zone: v.ZoneWords()}
	p.Any = f.Choice("any", "speak.any", templates.Option{Value: "any", Text: v.T("speak.any_any")}, templates.Option{Value: "some", Text: v.T("speak.any_some")})
	p.Any.Errors = append(p.Any.Errors, f.Errors("availability")...)
	for i, row := range spanDays(v, k.Who.Availability) {
		date := f.Get(dayName("date", i))
		if date == "" {
			date = row.date
		}
		day, err := time.ParseInLocation(dayLayout, date, v.Edition.Location())
		if err != nil {
			day = v.Edition.Local(v.Edition.StartsAt)
		}
		one := speakDay{Legend: page.UpperFirst(text.LongDate(v.Lang, day)), Name: dayName("date", i), Date: day.Format(dayLayout)}
		for _, name := range []string{dayName("from", i), dayName("to", i)} {
			f.Draws(name, one.Legend, name) // which day is meant, in the list of what is wrong
		}
		one.From, one.To = f.Field(dayName("from", i), "time", "speak.from"), f.Field(dayName("to", i), "time", "speak.to")
		p.Days = append(p.Days, one)
	}
	p.Equipment, p.Note = f.Field("equipment", "textarea", "speak.equipment"), f.Field("note", "textarea", "speak.note")
	p.Equipment.Rows, p.Equipment.Optional, p.Note.Rows, p.Note.Optional = 3, true, 4, true
	p.Top = k.top(v, f, "speak.practical")
	if p.Top.Notice = notice; notice != nil {
		saved := v.Blank()
		fillPractical(v, saved, k)
		fields := []templates.Field{p.Equipment, p.Note}
		for _, d := range p.Days {
			d.From.Label, d.To.Label = d.Legend+": "+d.From.Label, d.Legend+": "+d.To.Label
			fields = append(fields, d.From, d.To)
		}
		p.Top.Theirs = theirs(v, f, saved, fields)
	}
	return v.Render("speak/practical", p.Top.Title, p)
}
