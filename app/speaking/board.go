package speaking

import (
	"context"
	"time"

	"agora/app/edition"
	"agora/app/program"
)

// Need is something that is still owed; each is called by the message
// speaking.need.NEED.
type Need string

// The needs: of a speaker, then of a session. A recording is owed by the
// organisers, once the session is over.
const (
	NeedAnswer       Need = "answer"
	NeedBiography    Need = "biography"
	NeedPicture      Need = "picture"
	NeedConsent      Need = "consent"
	NeedAvailability Need = "availability"
	NeedAbstract     Need = "abstract"
	NeedSlides       Need = "slides"
	NeedWriteup      Need = "writeup"
	NeedRecording    Need = "recording"
)

// OfSpeaker and OfSession list the needs in the order they are shown.
var (
	OfSpeaker = [...]Need{NeedAnswer, NeedBiography, NeedPicture, NeedConsent, NeedAvailability}
	OfSession = [...]Need{NeedAbstract, NeedSlides, NeedWriteup, NeedRecording}
)

// SessionOwes is what one of a speaker's sessions still lacks.
type SessionOwes struct {
	Session *program.Session
	Needs   []Need
	// Spared are those others of its kind owe and this one does not.
	Spared []Need
}

// Owe is one speaker's line on the board.
type Owe struct {
	Speaker  *program.Speaker
	Speaking Speaking // the zero value: never invited
	Needs    []Need
	Sessions []SessionOwes // all of theirs, also those that lack nothing
	Seat     Seat
	Due      time.Time // zero: no date was given
	Late     bool
	// Mute says why no reminder can go out, as a message's key: nothing is owed,
	// no address, declined, reminded within a day.
	Mute string
}

// Owes reports whether the speaker themselves still owes anything.
func (o Owe) Owes() bool { return false }

// Board tells who owes what, the speakers by name. Declined ones are last.
func (s *Service) Board(ctx context.Context, e edition.Edition) ([]Owe, error) {
	return nil, errUnfinished
}

// Reminded is what became of a press on the button.
type Reminded struct {
	Sent    []string          // ids of speakers
	Skipped map[string]string // why not, as a message's key, by the speaker's id
}

// Remind writes to each of the speakers one letter that lists what they owe.
// Nobody is reminded twice in a day, whoever presses.
func (s *Service) Remind(ctx context.Context, by string, e edition.Edition, speakerIDs []string) (Reminded, error) {
	return Reminded{}, errUnfinished
}
