package desk

import (
	"strconv"
	"strings"
	"time"

	"agora/app/fail"
	"agora/app/program"
	"agora/app/text"
	"agora/app/web/page"
	"agora/templates"
)

const (
	// spanRows is how many stretches of time the form offers; a speaker who has
	// more gets a row for each.
	spanRows = 6
	// mostSpanRows is how many are read, whatever is sent.
	mostSpanRows = 100
)

// speakerFormPage is where a speaker is made and changed.
type speakerFormPage struct {
	Back, Action, Remove, Name, Zone string
	Problems                         []templates.Problem
	Notice                           *templates.Notice
	Away                             []deskLine // sessions at times the speaker cannot be there
	NameField                        templates.Field
	Another                          *templates.Field // asked when the name is taken
	Biography                        textGroup
	Rows                             []spanRow
}

// spanRow is one stretch of time in the form.
type spanRow struct{ From, To templates.Field }

// SpeakerForm shows the form empty, or as the speaker is.
func (s Pages) SpeakerForm(v *page.Visit) error {
	_, who, err := draftSpeaker(v)
	if err != nil {
		return err
	}
	f := v.Blank()
	if who != nil {
		fillSpeaker(v, f, who)
	}
	return newSpeakerFormPage(v, f, who, nil)
}

func fillSpeaker(v *page.Visit, f *page.Form, who *program.Speaker) {
	f.Set("name", who.Name)
	f.SetTexts("biography", who.Biography)
	for i, one := range who.Availability {
		f.SetTime(fromName(i), one.From, v.Edition.Location())
		f.SetTime(toName(i), one.To, v.Edition.Location())
	}
}

func fromName(i int) string { return "from_" + strconv.Itoa(i+1) }
func toName(i int) string   { return "to_" + strconv.Itoa(i+1) }

// draftSpeaker finds the speaker of the address; without one it is to be made.
func draftSpeaker(v *page.Visit) (*program.Programme, *program.Speaker, error) {
	return ofDraft(v, (*program.Programme).SpeakerBySlug, "program.speaker_missing")
}

// SpeakerSave makes or changes a speaker. Who is on the programme already is
// made again only when the organiser says that it is somebody else: a form that
// is sent twice makes one.
func (s Pages) SpeakerSave(v *page.Visit) error {
	draft, who, err := draftSpeaker(v)
	if err != nil {
		return err
	}
	f := v.Sent()
	in := program.SpeakerInput{Name: f.Get("name"), Availability: readSpans(v, f)}
	id, was := "", text.Texts(nil)
	if who != nil {
		id, was = who.ID, who.Biography
		if who.PersonID != nil {
			in.PersonID = *who.PersonID
		}
	} else if !f.Has("another") && named(draft, in.Name) {
		f.Note("name", "speakers_desk.name_taken")
	}
	in.Biography = sentTexts(f, "biography", was)
	if bad, err := f.Failed(saveSpeaker(v, f, id, in)); bad {
		if err != nil {
			return err
		}
		return newSpeakerFormPage(v, f, who, nil)
	}
	v.Say("success", "flash.speaker_saved")
	return v.Redirect(speakersPath(v))
}

// named reports whether somebody of the name is on the programme.
func named(draft *program.Programme, name string) bool {
	name = strings.Join(strings.Fields(name), " ")
	for _, who := range draft.Speakers {
		if strings.EqualFold(who.Name, name) {
			return true
		}
	}
	return false
}

// saveSpeaker saves what the form says. When a part of it cannot even be read, it
// is offered with a time that is refused, so that nothing is saved and the
// problems of the other fields come back all the same.
func saveSpeaker(v *page.Visit, f *page.Form, id string, in program.SpeakerInput) error {
	if len(f.Problems) == 0 {
		_, err := v.Site.Program.SaveSpeaker(v.Ctx, v.Person.ID, v.Edition, id, in)
		return err
	}
	in.Availability = program.Spans{{From: v.Now, To: v.Now}}
	_, err := v.Site.Program.SaveSpeaker(v.Ctx, v.Person.ID, v.Edition, id, in)
	if e, ok := fail.As(err); ok {
		delete(e.Fields, "availability")
	}
	return err
}

// sentTexts reads a text of the form. A language that the form did not ask for
// keeps what it had: files bring more languages than an edition has.
func sentTexts(f *page.Form, name string, was text.Texts) text.Texts {
	t := f.Texts(name)
	for l, s := range was {
		if _, sent := f.Values[page.TextName(name, l)]; !sent {
			t[l] = s
		}
	}
	return t
}

// readSpans reads the rows of the form and notes what is wrong beside the field
// it is about. No row filled in is any time; no row sent leaves it as it was.
func readSpans(v *page.Visit, f *page.Form) program.Spans {
	var spans program.Spans
	loc := v.Edition.Location()
	for i := range sentRows(f) {
		if spans == nil {
			spans = program.Spans{}
		}
		from, to := f.At(fromName(i), loc), f.At(toName(i), loc)
		switch {
		case len(f.Problems[fromName(i)])+len(f.Problems[toName(i)]) > 0 || from.IsZero() && to.IsZero():
		case from.IsZero():
			f.Note(fromName(i), "speakers_desk.from_missing", "n", i+1)
		case to.IsZero():
			f.Note(toName(i), "speakers_desk.to_missing", "n", i+1)
		case !to.After(from):
			f.Note(toName(i), "speakers_desk.ends_before", "n", i+1)
		case !touchesDays(v, from, to):
			f.Note(fromName(i), "speakers_desk.outside", "n", i+1)
		default:
			spans = append(spans, program.Span{From: from, To: to})
		}
	}
	return spans
}

// sentRows is how many rows the form had.
func sentRows(f *page.Form) int {
	for i := mostSpanRows; i > 0; i-- {
		_, from := f.Values[fromName(i-1)]
		_, to := f.Values[toName(i-1)]
		if from || to {
			return i
		}
	}
	return 0
}

// touchesDays: a time wholly apart from the edition's days, and the night after
// them, is a slip of the date.
func touchesDays(v *page.Visit, from, to time.Time) bool {
	const day = 24 * time.Hour
	return to.After(v.Edition.StartsAt.Add(-day)) && from.Before(v.Edition.EndsAt.Add(day))
}

// SpeakerRemove takes away a speaker who is on no session. Who is gone already
// was removed by somebody else, or by the same press twice.
func (s Pages) SpeakerRemove(v *page.Visit) error {
	_, who, err := draftSpeaker(v)
	if err == nil {
		err = s.Program.DeleteSpeaker(v.Ctx, v.Person.ID, v.Edition, who.ID)
	}
	switch e, _ := fail.As(err); {
	case err == nil || fail.Is(err, fail.NotFound):
		v.Say("success", "flash.speaker_removed")
		return v.Redirect(speakersPath(v))
	case e != nil && e.Kind == fail.Conflict:
		v.C.Status(page.Statuses[fail.Conflict])
		f := v.Blank()
		fillSpeaker(v, f, who)
		return newSpeakerFormPage(v, f, who, &templates.Notice{Kind: "bad", Text: v.Sentence(e.Key, e.Args)})
	}
	return err
}
