package desk

import (
	"agora/app/fail"
	"agora/app/file"
	"agora/app/program"
	"agora/app/speaking"
	"agora/app/web/page"
	"agora/templates"
)

// speakerAct does one thing to the speaker of the address and comes back to their
// page. What the state of things does not allow is told there.
func (s Pages) speakerAct(v *page.Visit, said string, act func(who *program.Speaker) error) error {
	_, who, err := draftSpeaker(v)
	if err != nil {
		return err
	}
	err = act(who)
	switch e, _ := fail.As(err); {
	case err == nil:
		v.Say("success", said)
		return v.Redirect(speakersPath(v) + "/" + who.Slug)
	case e != nil && (e.Kind == fail.Conflict || e.Kind == fail.Invalid):
		v.C.Status(page.Statuses[e.Kind])
		f := v.Blank()
		fillSpeaker(v, f, who)
		told := v.Sentence(e.Key, e.Args)
		if len(e.Fields) > 0 {
			told = firstProblem(v, e)
		}
		return s.newSpeakerFormPage(v, f, who, &templates.Notice{Kind: "bad", Text: told})
	}
	return err
}

// firstProblem is the sentence of one of the fields; these acts have one each.
func firstProblem(v *page.Visit, e *fail.Error) string {
	for _, problems := range e.Fields {
		for _, p := range problems {
			return v.Sentence(p.Key, p.Args)
		}
	}
	return v.Sentence(e.Key, e.Args)
}

// SpeakerPrepare gives the speaker a link that an organiser hands over by other
// means.
func (s Pages) SpeakerPrepare(v *page.Visit) error {
	return s.speakerAct(v, "flash.speaker_prepared", func(who *program.Speaker) error {
		known, err := s.Program.Addresses(v.Ctx, v.Edition, []string{who.ID})
		if err != nil {
			return err
		}
		a := known[who.ID]
		if a.Language == "" {
			a.Language = page.FormLangs(v.Edition)[0]
		}
		_, err = s.Speaking.Prepare(v.Ctx, v.Person.ID, v.Edition, who.ID, a.Email, a.Language)
		return err
	})
}

// SpeakerRenew ends the speaker's link and mails the new one.
func (s Pages) SpeakerRenew(v *page.Visit) error {
	return s.speakerAct(v, "flash.speaker_renewed", func(who *program.Speaker) error {
		_, err := s.Speaking.Renew(v.Ctx, v.Person.ID, v.Edition, who.ID)
		return err
	})
}

// SpeakerPlace tries again to give the speaker a place.
func (s Pages) SpeakerPlace(v *page.Visit) error {
	said := "flash.speaker_placed"
	return s.speakerAct(v, said, func(who *program.Speaker) error {
		out, err := s.Speaking.Place(v.Ctx, v.Person.ID, v.Edition, who.ID, v.Sent().Has("beyond"))
		if err == nil && out.Seat != speaking.SeatTaken && out.Seat != speaking.SeatKept && out.Seat != speaking.SeatRemote {
			return fail.Clash("speakers_desk.still_full")
		}
		return err
	})
}

// SpeakerSame says that the speaker is somebody of another edition.
func (s Pages) SpeakerSame(v *page.Visit) error {
	return s.speakerAct(v, "flash.speaker_same", func(who *program.Speaker) error {
		return s.Program.Same(v.Ctx, v.Person.ID, v.Edition, who.ID, v.Sent().Get("earlier"))
	})
}

// SpeakerApart says that they are not after all.
func (s Pages) SpeakerApart(v *page.Visit) error {
	return s.speakerAct(v, "flash.speaker_apart", func(who *program.Speaker) error {
		return s.Program.Apart(v.Ctx, v.Person.ID, v.Edition, who.ID)
	})
}

// portrait is what a speaker's picture is cut to: a little above the middle, where
// faces are.
var portrait = file.Crop{Width: 640, Height: 640, FocusX: 0.5, FocusY: 0.4}

// SpeakerPicture takes a picture that an organiser was given, or takes it away.
func (s Pages) SpeakerPicture(v *page.Visit) error {
	_, who, err := draftSpeaker(v)
	if err != nil {
		return err
	}
	f := v.Sent()
	if f.Has("remove") {
		return s.speakerAct(v, "flash.speaker_picture_gone", func(who *program.Speaker) error {
			return s.Speaking.GivePicture(v.Ctx, v.Person.ID, v.Edition, who.ID, "", "")
		})
	}
	err = s.givePicture(v, f, who)
	if e, _ := fail.As(err); e != nil && e.Kind == fail.Conflict {
		v.C.Status(page.Statuses[fail.Conflict])
		fillSpeaker(v, f, who)
		return s.newSpeakerFormPage(v, f, who, &templates.Notice{Kind: "bad", Text: v.Sentence(e.Key, e.Args)})
	}
	if bad, err := f.Failed(renamed(err, "file", "picture")); bad {
		if err != nil {
			return err
		}
		fillSpeaker(v, f, who)
		return s.newSpeakerFormPage(v, f, who, nil)
	}
	v.Say("success", "flash.speaker_picture")
	return v.Redirect(speakersPath(v) + "/" + who.Slug)
}

// givePicture cuts what was sent in and gives it to the speaker.
func (s Pages) givePicture(v *page.Visit, f *page.Form, who *program.Speaker) error {
	if !f.Has("allowed") {
		f.Note("allowed", "speakers_desk.allowed_missing")
	}
	scope := "speaker:" + who.ID
	original, err := f.File(v, "picture", v.Edition.ID, scope)
	switch {
	case err != nil:
		return err
	case original == "":
		f.Note("picture", "speakers_desk.picture_missing")
		return nil
	case len(f.Problems) > 0:
		return nil
	}
	cut, err := s.Files.Picture(v.Ctx, original, scope, "picture:"+who.ID, portrait)
	if err != nil {
		return err
	}
	return s.Speaking.GivePicture(v.Ctx, v.Person.ID, v.Edition, who.ID, original, cut.ID)
}

// renamed says what is wrong with one field beside another.
func renamed(err error, from, to string) error {
	e, ok := fail.As(err)
	if !ok || len(e.Fields[from]) == 0 {
		return err
	}
	f := fail.Fields{}
	for _, p := range e.Fields[from] {
		f.Add(to, p.Key, p.Args...)
	}
	return f.Err()
}
