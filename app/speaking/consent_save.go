package speaking

import (
	"context"
	"slices"

	"github.com/uptrace/bun"

	"agora/app/edition"
	"agora/app/fail"
	"agora/app/file"
	"agora/app/mail"
	"agora/app/material"
	"agora/app/program"
)

// Reserved is the licence that allows nothing without asking.
const Reserved = "All rights reserved"

// Licences are those a speaker chooses from, the freest first.
func Licences() []string { return append(slices.Clone(material.Licences[:]), Reserved) }

// ConsentInput is a speaker's word on all that may be published.
type ConsentInput struct {
	Version int64 // the one the form was filled from
	Words   map[Subject]bool
	Licence string
}

func (in ConsentInput) check() error {
	f := fail.Fields{}
	for _, what := range Subjects {
		if _, said := in.Words[what]; !said {
			f.Add("consent_"+string(what), "speaking.consent_missing_"+string(what))
		}
	}
	switch {
	case in.Licence == "" && in.Words[Slides]:
		f.Add("licence", "speaking.licence_missing")
	case in.Licence != "" && !slices.Contains(Licences(), in.Licence):
		f.Add("licence", "speaking.licence_unknown")
	}
	return f.Err()
}

// SaveConsent takes a speaker's word. What hangs on a no disappears from the public
// pages in the same transaction and is kept; a yes brings it back.
func (s *Service) SaveConsent(ctx context.Context, e edition.Edition, x Speaking, in ConsentInput) (Speaking, error) {
	if err := in.check(); err != nil {
		return x, err
	}
	organisers, err := s.organisers(ctx, e)
	if err != nil {
		return x, err
	}
	var tell func()
	saved, err := s.act(ctx, e, x, SectionConsent, func(ctx context.Context, tx bun.Tx, x *Speaking) (_ []Change, err error) {
		if x.Version != in.Version {
			return nil, fail.Clash("speaking.meanwhile")
		}
		who, err := speaker(ctx, tx, e, x.SpeakerID)
		if err != nil {
			return nil, err
		}
		changes, withdrawn := x.say(in, s.now())
		if err := x.follow(ctx, tx, who); err != nil {
			return nil, err
		}
		if tell, err = s.qa.Reshow(ctx, tx, x.SpeakerID); err != nil {
			return nil, err
		}
		for _, what := range withdrawn {
			if err := mail.Queue(ctx, tx, s.now(), s.tell(e, organisers, who, "withdrawn_"+string(what))...); err != nil {
				return nil, err
			}
		}
		return changes, nil
	})
	if err == nil {
		tell()
	}
	return saved, err
}

// follow makes what is public what the consent says, in the consent's transaction.
func (x *Speaking) follow(ctx context.Context, tx bun.IDB, who program.Speaker) error {
	if err := x.followPicture(ctx, tx, who); err != nil {
		return err
	}
	for what, part := range map[Subject]material.Part{Slides: material.PartMaterial, Recording: material.PartRecording, Answers: material.PartAnswers} {
		turn := material.RestoreSpeaker
		if x.Consent.Refuses(what) {
			turn = material.WithdrawSpeaker
		}
		if err := turn(ctx, tx, x.EditionID, x.SpeakerID, part); err != nil {
			return err
		}
	}
	return nil
}

func (x *Speaking) followPicture(ctx context.Context, tx bun.IDB, who program.Speaker) error {
	switch refused := x.Consent.Refuses(Picture); {
	case refused && who.Picture != "":
		x.Withheld = who.Picture
		return program.SetPicture(ctx, tx, x.EditionID, x.SpeakerID, "")
	case !refused && x.Withheld != "":
		back := x.Withheld
		x.Withheld = ""
		if who.Picture != "" { // an organiser has set another meanwhile
			return file.Drop(ctx, tx, back)
		}
		return program.SetPicture(ctx, tx, x.EditionID, x.SpeakerID, back)
	}
	return nil
}
