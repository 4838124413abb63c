package planning

import (
	"slices"
	"strconv"
	"strings"

	"agora/app/fail"
	"agora/app/program"
	"agora/app/web/page"
	"agora/templates"
)

// sessionFormPage is where a session is made and changed, with its material below.
type sessionFormPage struct {
	New, Session, PublicHref, BackHref, Action string
	Problems                                   []templates.Problem
	Notice                                     *templates.Notice
	Texts                                      []page.TextGroup
	Kind, Language, Track, Room                templates.Field
	Starts, Ends, Speakers, Capacity           templates.Field
	Cancelled, NoRecord                        templates.Field
	Version, Zone, Key                         string
	Material                                   *page.MaterialList
}

var sessionTexts = [...]string{"title", "subtitle", "abstract", "description"}

// SessionForm shows the form empty, or as the session is in the draft.
func (s Pages) SessionForm(v *page.Visit) error {
	draft, x, err := v.DraftSession()
	if err != nil {
		return err
	}
	f := v.Blank()
	f.Set("kind", string(program.Talk))
	if x != nil {
		fillSession(v, f, x)
	}
	return newSessionFormPage(v, f, draft, x, nil)
}

func fillSession(v *page.Visit, f *page.Form, x *program.Session) {
	f.SetTexts("title", x.Title)
	f.SetTexts("subtitle", x.Subtitle)
	f.SetTexts("abstract", x.Abstract)
	f.SetTexts("description", x.Description)
	f.Set("kind", string(x.Kind)).Set("language", x.Language).Set("version", strconv.FormatInt(x.Version, 10))
	if x.Track != nil {
		f.Set("track", x.Track.ID)
	}
	if x.Room != nil {
		f.Set("room", x.Room.ID)
	}
	f.SetTime("starts_at", x.StartsAt, v.Edition.Location())
	f.SetTime("ends_at", x.EndsAt, v.Edition.Location())
	f.SetCount("capacity", x.Capacity)
	names := make([]string, len(x.Speakers))
	for i, who := range x.Speakers {
		names[i] = who.Name
	}
	f.Set("speakers", strings.Join(names, "\n"))
	if x.Cancelled {
		f.Set("cancelled", "1")
	}
	if x.Extra.DoNotRecord {
		f.Set("no_record", "1")
	}
}

// SessionSave makes or changes a session of the draft.
func (s Pages) SessionSave(v *page.Visit) error {
	draft, x, err := v.DraftSession()
	if err != nil {
		return err
	}
	f := v.Sent()
	id := ""
	if x != nil {
		id = x.ID
	}
	saved, err := saveSession(v, f, id, sessionInput(v, f, x))
	switch e, _ := fail.As(err); {
	case err == nil:
		v.Say("success", "flash.session_saved")
		return v.Redirect("/desk" + v.Edition.Path() + "/program/" + saved.Slug)
	case f.Refused(err):
		return newSessionFormPage(v, f, draft, x, nil)
	case e != nil && e.Kind == fail.Conflict:
		v.C.Status(page.Statuses[fail.Conflict])
		return newSessionFormPage(v, f, draft, x, &templates.Notice{Kind: "bad", Text: v.Sentence(e.Key, e.Args)})
	}
	return err
}

// saveSession saves what the form says. When a part of it cannot even be read,
// it is offered with a kind that is refused, so that nothing is saved and the
// problems of all other fields come back with those of this one.
func saveSession(v *page.Visit, f *page.Form, id string, in program.SessionInput) (program.Session, error) {
	if len(f.Problems) == 0 {
		return v.Site.Program.SaveSession(v.Ctx, v.Person.ID, v.Edition, id, in)
	}
	known := slices.Contains(program.Kinds[:], in.Kind)
	in.Kind, in.Version = "", 0
	_, err := v.Site.Program.SaveSession(v.Ctx, v.Person.ID, v.Edition, id, in)
	if e, ok := fail.As(err); ok && known {
		delete(e.Fields, "kind")
	}
	for name := range f.Problems { // said once, by whoever could not read it
		if e, ok := fail.As(err); ok {
			delete(e.Fields, name)
		}
	}
	return program.Session{}, err
}

// sessionInput reads the form. A session keeps the speakers it has: two people
// of one name stay who they are.
func sessionInput(v *page.Visit, f *page.Form, x *program.Session) program.SessionInput {
	loc := v.Edition.Location()
	in := program.SessionInput{
		Key:   f.Get("key"),
		Title: f.Texts("title"), Subtitle: f.Texts("subtitle"), Abstract: f.Texts("abstract"), Description: f.Texts("description"),
		Kind: program.Kind(f.Get("kind")), Language: f.Get("language"), TrackID: f.Get("track"), RoomID: f.Get("room"),
		StartsAt: f.At("starts_at", loc), EndsAt: f.At("ends_at", loc), Capacity: f.Count("capacity"),
		Cancelled: f.Has("cancelled"), DoNotRecord: f.Has("no_record"),
	}
	in.Version, _ = strconv.ParseInt(f.Get("version"), 10, 64) // a missing one is looked at by nobody
	has := map[string][]string{}
	if x != nil {
		for _, who := range x.Speakers {
			has[who.Name] = append(has[who.Name], who.ID)
		}
	}
	for line := range strings.SplitSeq(f.Get("speakers"), "\n") {
		name := strings.Join(strings.Fields(line), " ")
		if name == "" {
			continue
		}
		ref := program.SpeakerRef{Name: name}
		if ids := has[name]; len(ids) > 0 {
			ref.ID, has[name] = ids[0], ids[1:]
		}
		in.Speakers = append(in.Speakers, ref)
	}
	return in
}
