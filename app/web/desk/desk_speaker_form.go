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
	// spanRows is how many stretches of time the form offers; a speaker who has as
	// many gets a row for each and one to add.
	spanRows = 3
	// mostSpanRows is how many are read, whatever is sent.
	mostSpanRows = 100
)

// linkRows is how many links the form offers; a speaker who has more gets a row for
// each and one to add.
const (
	linkRows     = 2
	mostLinkRows = 30
)

// speakerFormPage is where a speaker is made and changed.
type speakerFormPage struct {
	Back, Action, Remove, Name, Zone string
	Public                           string // their page, once it is published
	Face                             templates.Person
	Version                          string
	Problems                         []templates.Problem
	Notice                           *templates.Notice
	Theirs                           []templates.Fact // what somebody else saved meanwhile
	Away                             []page.ClashLine // sessions at times the speaker cannot be there
	NameField                        templates.Field
	Another                          *templates.Field // asked when the name is taken
	Biography                        page.TextGroup
	Links                            []linkRow
	Rows                             []spanRow
	Picture                          *pictureForm
	Side                             *speakerSide
}

// spanRow is one stretch of time in the form.
type spanRow struct{ From, To templates.Field }

// linkRow is one of the speaker's places on the web.
type linkRow struct{ Title, URL templates.Field }

// pictureForm takes a picture that an organiser was given.
type pictureForm struct {
	Action  string
	Has     bool
	Upload  templates.Upload
	Allowed templates.Field
}

func (p speakerFormPage) Shape(f *page.Frame) {
	if f.Wide = p.Side != nil; f.Wide {
		f.Scripts = append(f.Scripts, "upload")
	}
}

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
	return s.newSpeakerFormPage(v, f, who, nil)
}

func fillSpeaker(v *page.Visit, f *page.Form, who *program.Speaker) {
	f.Set("name", who.Name).Set("version", strconv.FormatInt(who.Version, 10))
	for i, l := range who.Extra.Links {
		f.Set(titleName(i), l.Title).Set(urlName(i), l.URL)
	}
	f.SetTexts("biography", who.Biography)
	for i, one := range who.Availability {
		f.SetTime(fromName(i), one.From, v.Edition.Location())
		f.SetTime(toName(i), one.To, v.Edition.Location())
	}
}

func fromName(i int) string { return "from_" + strconv.Itoa(i+1) }
func toName(i int) string   { return "to_" + strconv.Itoa(i+1) }

func titleName(i int) string { return "link_title_" + strconv.Itoa(i+1) }
func urlName(i int) string   { return "link_url_" + strconv.Itoa(i+1) }

// draftSpeaker finds the speaker of the address; without one it is to be made.
func draftSpeaker(v *page.Visit) (*program.Programme, *program.Speaker, error) {
	return page.OfDraft(v, (*program.Programme).SpeakerBySlug, "program.speaker_missing")
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
	in := program.SpeakerInput{Name: f.Get("name"), Availability: readSpans(v, f), Links: readLinks(f)}
	in.Version, _ = strconv.ParseInt(f.Get("version"), 10, 64)
	id, was := "", text.Texts(nil)
	if who != nil {
		id, was = who.ID, who.Biography
	} else if !f.Has("another") && named(draft, in.Name) {
		f.Note("name", "speakers_desk.name_taken")
	}
	in.Biography = f.TextsOver("biography", was)
	err = saveSpeaker(v, f, id, in)
	if e, _ := fail.As(err); e != nil && e.Kind == fail.Conflict && who != nil {
		v.C.Status(page.Statuses[fail.Conflict])
		f.Set("version", strconv.FormatInt(who.Version, 10)) // whoever saves again has seen it
		return s.newSpeakerFormPage(v, f, who, &templates.Notice{Kind: "bad", Text: v.Sentence(e.Key, e.Args)})
	}
	if bad, err := f.Failed(err); bad {
		if err != nil {
			return err
		}
		return s.newSpeakerFormPage(v, f, who, nil)
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

// readLinks reads the rows of links; no row sent leaves them as they were.
func readLinks(f *page.Form) []program.Link {
	var list []program.Link
	for i := range sentLinks(f) {
		if list == nil {
			list = []program.Link{}
		}
		one := program.Link{Title: f.Get(titleName(i)), URL: f.Get(urlName(i))}
		switch {
		case one.URL == "" && one.Title != "":
			f.Note(urlName(i), "speakers_desk.link_missing")
		case one.URL != "" && !program.WebAddress(one.URL):
			f.Note(urlName(i), "field.url")
		case one.URL != "":
			list = append(list, one)
		}
	}
	return list
}

// sentLinks is how many rows of links the form had.
func sentLinks(f *page.Form) int {
	for i := mostLinkRows; i > 0; i-- {
		if _, sent := f.Values[urlName(i-1)]; sent {
			return i
		}
	}
	return 0
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
		return s.newSpeakerFormPage(v, f, who, &templates.Notice{Kind: "bad", Text: v.Sentence(e.Key, e.Args)})
	}
	return err
}
