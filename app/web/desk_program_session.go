package web

import (
	"slices"
	"strconv"
	"strings"

	"agora/app/fail"
	"agora/app/program"
	"agora/templates"
)

// sessionFormPage is where a session is made and changed, with its material below.
type sessionFormPage struct {
	New, Session, PublicHref, BackHref, Action string
	Problems                                   []templates.Problem
	Notice                                     *templates.Notice
	Texts                                      []textGroup
	Kind, Language, Track, Room                templates.Field
	Starts, Ends, Speakers, Capacity           templates.Field
	Cancelled, NoRecord                        templates.Field
	Version, Zone, Key                         string
	Material                                   *materialForm
}

// textGroup is one text in the edition's languages. With several of them the
// text's name and hint stand above its fields, and each is called by its language.
type textGroup struct {
	Legend, Hint string
	Fields       []templates.Field
}

var sessionTexts = [...]string{"title", "subtitle", "abstract", "description"}

// sessionForm shows the form empty, or as the session is in the draft.
func (s *Site) sessionForm(v *visit) error {
	draft, x, err := v.draftSession()
	if err != nil {
		return err
	}
	f := v.blank()
	f.set("kind", string(program.Talk))
	if x != nil {
		v.fillSession(f, x)
	}
	return v.sessionFormPage(f, v.blank(), draft, x, nil)
}

// draftSession finds the session of the address; without one it is to be made.
func (v *visit) draftSession() (*program.Programme, *program.Session, error) {
	draft, err := v.site.Program.Draft(v.ctx, v.edition)
	if err != nil {
		return nil, nil, err
	}
	slug := v.param("slug")
	if slug == "" {
		return draft, nil, nil
	}
	x := draft.BySlug(slug)
	if x == nil {
		return nil, nil, fail.Missing("program.session_missing")
	}
	return draft, x, nil
}

func (v *visit) fillSession(f *form, x *program.Session) {
	f.setTexts("title", x.Title)
	f.setTexts("subtitle", x.Subtitle)
	f.setTexts("abstract", x.Abstract)
	f.setTexts("description", x.Description)
	f.set("kind", string(x.Kind)).set("language", x.Language).set("version", strconv.FormatInt(x.Version, 10))
	if x.Track != nil {
		f.set("track", x.Track.ID)
	}
	if x.Room != nil {
		f.set("room", x.Room.ID)
	}
	f.setTime("starts_at", x.StartsAt, v.edition.Location())
	f.setTime("ends_at", x.EndsAt, v.edition.Location())
	f.setCount("capacity", x.Capacity)
	names := make([]string, len(x.Speakers))
	for i, who := range x.Speakers {
		names[i] = who.Name
	}
	f.set("speakers", strings.Join(names, "\n"))
	if x.Cancelled {
		f.set("cancelled", "1")
	}
	if x.Extra.DoNotRecord {
		f.set("no_record", "1")
	}
}

// sessionSave makes or changes a session of the draft.
func (s *Site) sessionSave(v *visit) error {
	draft, x, err := v.draftSession()
	if err != nil {
		return err
	}
	f := v.sent()
	id := ""
	if x != nil {
		id = x.ID
	}
	saved, err := v.saveSession(f, id, v.sessionInput(f, x))
	switch e, _ := fail.As(err); {
	case err == nil:
		v.say("success", "flash.session_saved")
		return v.redirect("/desk" + v.edition.Path() + "/program/" + saved.Slug)
	case f.refused(err):
		return v.sessionFormPage(f, v.blank(), draft, x, nil)
	case e != nil && e.Kind == fail.Conflict:
		v.c.Status(statuses[fail.Conflict])
		return v.sessionFormPage(f, v.blank(), draft, x, &templates.Notice{Kind: "bad", Text: v.sentence(e.Key, e.Args)})
	}
	return err
}

// saveSession saves what the form says. When a part of it cannot even be read,
// it is offered with a kind that is refused, so that nothing is saved and the
// problems of all other fields come back with those of this one.
func (v *visit) saveSession(f *form, id string, in program.SessionInput) (program.Session, error) {
	if len(f.problems) == 0 {
		return v.site.Program.SaveSession(v.ctx, v.person.ID, v.edition, id, in)
	}
	known := slices.Contains(program.Kinds[:], in.Kind)
	in.Kind, in.Version = "", 0
	_, err := v.site.Program.SaveSession(v.ctx, v.person.ID, v.edition, id, in)
	if e, ok := fail.As(err); ok && known {
		delete(e.Fields, "kind")
	}
	for name := range f.problems { // said once, by whoever could not read it
		if e, ok := fail.As(err); ok {
			delete(e.Fields, name)
		}
	}
	return program.Session{}, err
}

// sessionInput reads the form. A session keeps the speakers it has: two people
// of one name stay who they are.
func (v *visit) sessionInput(f *form, x *program.Session) program.SessionInput {
	loc := v.edition.Location()
	in := program.SessionInput{
		Key:   f.get("key"),
		Title: f.texts("title"), Subtitle: f.texts("subtitle"), Abstract: f.texts("abstract"), Description: f.texts("description"),
		Kind: program.Kind(f.get("kind")), Language: f.get("language"), TrackID: f.get("track"), RoomID: f.get("room"),
		StartsAt: f.at("starts_at", loc), EndsAt: f.at("ends_at", loc), Capacity: f.count("capacity"),
		Cancelled: f.has("cancelled"), DoNotRecord: f.has("no_record"),
	}
	in.Version, _ = strconv.ParseInt(f.get("version"), 10, 64) // a missing one is looked at by nobody
	has := map[string][]string{}
	if x != nil {
		for _, who := range x.Speakers {
			has[who.Name] = append(has[who.Name], who.ID)
		}
	}
	for line := range strings.SplitSeq(f.get("speakers"), "\n") {
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
