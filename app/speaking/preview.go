package speaking

import (
	"context"
	"strings"

	"agora/app/edition"
	"agora/app/mail"
	"agora/app/text"
)

// Writer writes one letter to a speaker, for organisers who want to read it before
// it is sent.
type Writer func(ctx context.Context, e edition.Edition, o Owe, l text.Lang) (mail.Letter, error)

// InvitationTo writes the invitation. The link in it leads nowhere: whoever reads
// it is not the speaker.
func (s *Service) InvitationTo(ctx context.Context, e edition.Edition, o Owe, l text.Lang) (mail.Letter, error) {
	letter, err := s.invitationLetter(ctx, s.db.Read, e, *o.Speaker, s.toRead(e, o, l))
	if err == nil {
		letter.Args["link"] = s.linkToRead()
	}
	return letter, err
}

// ReminderTo writes the letter that lists what a speaker owes.
func (s *Service) ReminderTo(_ context.Context, e edition.Edition, o Owe, l text.Lang) (mail.Letter, error) {
	o.Speaking = s.toRead(e, o, l)
	args := s.about(e, *o.Speaker, o.Speaking)
	args["list"], args["due"] = strings.Join(s.owedLines(o), "\n"), due(e, l, o.Due)
	args["link"] = s.linkToRead()
	return s.letter(e, *o.Speaker, o.Speaking, mail.SpeakerReminder, args), nil
}

// toRead is the speaker's side as it would be, also where there is none yet.
func (s *Service) toRead(e edition.Edition, o Owe, l text.Lang) Speaking {
	x := o.Speaking
	x.SpeakerID, x.EditionID, x.Language = o.Speaker.ID, e.ID, own(e, l)
	return x
}

func (s *Service) linkToRead() string { return s.baseURL + "/speak/…" }
