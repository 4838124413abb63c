package speaking

import (
	"context"
	"strings"

	"github.com/uptrace/bun"

	"agora/app/edition"
	"agora/app/fail"
	"agora/app/file"
	"agora/app/program"
	"agora/app/text"
)

const (
	maxNote      = 2000 // a page for the organisers, no more
	maxEquipment = 1000
)

// ProfileInput is what a speaker says of themselves.
type ProfileInput struct {
	Version   int64 // the speaker's, which the form was filled from
	Name      string
	Biography text.Texts // the languages that are in it; others stay
	Links     []program.Link
}

// Check gives every problem of the input at once.
func (in ProfileInput) Check() error {
	return program.CheckSpeaker(program.SpeakerInput{Name: in.Name, Biography: in.Biography, Links: in.Links})
}

// SaveProfile changes what is told of a speaker. Conflict when an organiser has
// changed it since the form was filled.
func (s *Service) SaveProfile(ctx context.Context, e edition.Edition, x Speaking, in ProfileInput) (Speaking, error) {
	return s.act(ctx, e, x, SectionProfile, func(ctx context.Context, tx bun.Tx, x *Speaking) ([]Change, error) {
		before, err := speaker(ctx, tx, e, x.SpeakerID)
		if err != nil {
			return nil, err
		}
		if in.Links == nil {
			in.Links = []program.Link{}
		}
		after, err := program.WriteSpeaker(ctx, tx, e, x.SpeakerID, program.SpeakerInput{Version: in.Version, Name: in.Name,
			Biography: over(before.Biography, in.Biography), Links: in.Links})
		if err != nil {
			return nil, err
		}
		changes := differences("biography", "", before.Biography, after.Biography)
		if before.Name != after.Name {
			changes = append(changes, Change{Field: "name", Was: before.Name, Became: after.Name})
		}
		if was, became := addresses(before.Extra.Links), addresses(after.Extra.Links); was != became {
			changes = append(changes, Change{Field: "links", Was: was, Became: became})
		}
		return changes, nil
	})
}

// over lays the languages of one text over another.
func over(below, above text.Texts) text.Texts {
	both := text.Texts{}
	for l, s := range below {
		both[l] = s
	}
	for l, s := range above {
		both[l] = s
	}
	return both
}

// addresses are links in lines.
func addresses(list []program.Link) string {
	lines := make([]string, len(list))
	for i, l := range list {
		lines[i] = l.URL
	}
	return strings.Join(lines, "\n")
}

// PracticalInput is when a speaker can be there and what they need.
type PracticalInput struct {
	Version        int64 // of the speaker's own side
	SpeakerVersion int64 // of the speaker in the programme
	Availability   program.Spans
	Equipment      string
	Note           string
}

// Check cleans the input and gives every problem of its texts at once.
func (in *PracticalInput) Check() error {
	f := fail.Fields{}
	in.Equipment, in.Note = paragraphs(f, "equipment", in.Equipment, maxEquipment), paragraphs(f, "note", in.Note, maxNote)
	if in.Availability == nil {
		in.Availability = program.Spans{}
	}
	return f.Err()
}

// SavePractical takes what a speaker says to the organisers alone.
func (s *Service) SavePractical(ctx context.Context, e edition.Edition, x Speaking, in PracticalInput) (Speaking, error) {
	if err := in.Check(); err != nil {
		return x, err
	}
	return s.act(ctx, e, x, SectionPractical, func(ctx context.Context, tx bun.Tx, x *Speaking) ([]Change, error) {
		if x.Version != in.Version {
			return nil, fail.Clash("speaking.meanwhile")
		}
		before, err := speaker(ctx, tx, e, x.SpeakerID)
		if err != nil {
			return nil, err
		}
		after, err := program.WriteSpeaker(ctx, tx, e, x.SpeakerID, program.SpeakerInput{Version: in.SpeakerVersion, Name: before.Name,
			Biography: before.Biography, Availability: in.Availability})
		if err != nil {
			return nil, err
		}
		changes := plainChanges([]Change{
			{Field: "availability", Was: spans(e, x.Language, before.Availability), Became: spans(e, x.Language, after.Availability)},
			{Field: "equipment", Was: x.Equipment, Became: in.Equipment},
			{Field: "note", Was: x.Note, Became: in.Note},
		})
		at := s.now()
		x.Equipment, x.Note, x.PracticalAt = in.Equipment, in.Note, &at
		x.Version++
		return changes, nil
	})
}

// plainChanges are those that change something.
func plainChanges(all []Change) (list []Change) {
	for _, c := range all {
		if c.Was != c.Became {
			list = append(list, c)
		}
	}
	return list
}

// spans tells times in lines, on the edition's clock.
func spans(e edition.Edition, l text.Lang, list program.Spans) string {
	lines := make([]string, len(list))
	for i, one := range list {
		from, to := e.Local(one.From), e.Local(one.To)
		lines[i] = text.DateTime(l, from) + " – " + text.DateTime(l, to)
	}
	return strings.Join(lines, "\n")
}

// paragraphs cleans a text of several lines.
func paragraphs(f fail.Fields, field, s string, most int) string {
	clean, ok := text.Clean(s)
	switch {
	case !ok:
		f.Add(field, "field.characters")
	case len([]rune(clean)) > most:
		f.Add(field, "field.long", "max", most)
	}
	return clean
}

// PictureScope is what a speaker's published picture is kept for; Scope is what
// anything they send in is sent for.
func (x Speaking) PictureScope() string { return "picture:" + x.SpeakerID }

// Scope is what a speaker's files are sent in for.
func (x Speaking) Scope() string { return "speaker:" + x.SpeakerID }

// SavePicture takes up a picture: the one that was handed in, and what was cut of
// it for the public. It shows at once, unless the speaker refuses that.
func (s *Service) SavePicture(ctx context.Context, e edition.Edition, x Speaking, originalID, cutID string) (Speaking, error) {
	return s.act(ctx, e, x, SectionPicture, func(ctx context.Context, tx bun.Tx, x *Speaking) ([]Change, error) {
		who, err := speaker(ctx, tx, e, x.SpeakerID)
		if err != nil {
			return nil, err
		}
		if _, err := file.Keep(ctx, tx, originalID, e.ID, x.Scope()); err != nil {
			return nil, err
		}
		if _, err := file.Keep(ctx, tx, cutID, e.ID, x.PictureScope()); err != nil {
			return nil, err
		}
		return []Change{{Field: "picture", Became: "new"}}, x.change(ctx, tx, who, originalID, cutID)
	})
}

// RemovePicture takes the picture away for good.
func (s *Service) RemovePicture(ctx context.Context, e edition.Edition, x Speaking) (Speaking, error) {
	return s.act(ctx, e, x, SectionPicture, func(ctx context.Context, tx bun.Tx, x *Speaking) ([]Change, error) {
		who, err := speaker(ctx, tx, e, x.SpeakerID)
		if err != nil {
			return nil, err
		}
		return []Change{{Field: "picture", Was: "new"}}, x.change(ctx, tx, who, "", "")
	})
}

// change puts other pictures in the place of those that there are.
func (x *Speaking) change(ctx context.Context, tx bun.IDB, who program.Speaker, originalID, cutID string) error {
	var old []string
	for _, id := range []string{x.Original, x.Withheld, who.Picture} {
		if id != "" && id != originalID && id != cutID {
			old = append(old, id)
		}
	}
	shown := cutID
	if x.Original, x.Withheld = originalID, ""; x.Consent.Refuses(Picture) {
		shown, x.Withheld = "", cutID
	}
	if err := file.Drop(ctx, tx, old...); err != nil {
		return err
	}
	if shown == who.Picture {
		return nil
	}
	return program.SetPicture(ctx, tx, x.EditionID, x.SpeakerID, shown)
}
