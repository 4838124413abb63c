package mail

import "time"

// The kinds of letter. Their texts are mail.<kind>.subject and mail.<kind>.body.
const (
	SignIn            = "sign_in"
	Confirmed         = "registration_confirmed"
	Waiting           = "registration_waiting"
	Promoted          = "registration_promoted"
	Cancelled         = "registration_cancelled"
	Remote            = "registration_remote"
	AlreadyRegistered = "already_registered"
	QuestionsAnswered = "questions_answered"
)

// Kinds lists them.
func Kinds() []string {
	return []string{SignIn, Confirmed, Waiting, Promoted, Cancelled, Remote, AlreadyRegistered, QuestionsAnswered}
}

const (
	// signInLife is how long a sign-in link works; later the letter is pointless.
	signInLife = 30 * time.Minute
	// letterLife keeps a server that was without mail for long from telling old news.
	letterLife = 72 * time.Hour
)

// kind says what a letter needs and how long it is worth sending. args is the
// closed list of placeholders of its texts.
type kind struct {
	args []string
	// secret are those that open something, dropped once the letter is sent.
	secret []string
	// many are those that may hold several lines.
	many []string
	life time.Duration
}

func kindOf(name string) (kind, bool) {
	switch name {
	case SignIn:
		return kind{args: []string{"link", "code", "minutes"}, secret: []string{"link", "code"}, life: signInLife}, true
	case Confirmed, Promoted:
		return kind{args: []string{"name", "edition", "when", "where", "ticket"}, life: letterLife}, true
	case Waiting:
		return kind{args: []string{"name", "edition", "when", "where", "ticket", "position"}, life: letterLife}, true
	case Remote:
		return kind{args: []string{"name", "edition", "when", "ticket", "live"}, life: letterLife}, true
	case Cancelled:
		return kind{args: []string{"name", "edition"}, life: letterLife}, true
	case AlreadyRegistered:
		return kind{args: []string{"name", "edition", "ticket"}, life: letterLife}, true
	case QuestionsAnswered:
		return kind{args: []string{"name", "edition", "question", "link"}, many: []string{"question"}, life: letterLife}, true
	}
	return kind{}, false
}
