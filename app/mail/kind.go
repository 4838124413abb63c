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
	Offered           = "registration_offered"
	OfferLapsed       = "offer_lapsed"
	OfferDeclined     = "offer_declined"
	Pending           = "registration_pending"
	Refused           = "registration_refused"
	SeatGiven         = "seat_given"         // to somebody who had not come
	Party             = "registration_party" // to the one who registered colleagues
	HandedOver        = "handed_over"        // to the former holder of a place
	HandedTo          = "handed_to"          // to the new one
	Invitation        = "invitation"
	AlreadyRegistered = "already_registered"
	ReminderWeek      = "reminder_week"
	ReminderDay       = "reminder_day"
	Confirm           = "confirm" // asks whether somebody comes
	WorkshopPromoted  = "workshop_promoted"
	WorkshopRemoved   = "workshop_removed"
	WorkshopDropped   = "workshop_dropped"
	QuestionsAnswered = "questions_answered" // to whoever asked to be told
	ProgramChanged    = "program_changed"    // to those whose own sessions a release moved
	Certificate       = "certificate"        // the day after: where theirs is
	OrganisersOwn     = "message"            // an organiser's own subject and body
	ProposalKept      = "proposal_kept"      // begun, not sent in yet
	ProposalReceived  = "proposal_received"
	ProposalLinks     = "proposal_links" // all of one address
	ProposalAccepted  = "proposal_accepted"
	ProposalWaiting   = "proposal_waiting"
	ProposalDeclined  = "proposal_declined"
	SpeakerInvited    = "speaker_invited"
	SpeakerRenewed    = "speaker_renewed" // another link in the place of the old one
	SpeakerAccepted   = "speaker_accepted"
	SpeakerDeclined   = "speaker_declined"
	SpeakerReminder   = "speaker_reminder"
	SpeakerChanged    = "speaker_changed" // what was done through the link
	SpeakerNews       = "speaker_news"    // to organisers
)

// Kinds lists them.
func Kinds() []string {
	return []string{SignIn, Confirmed, Waiting, Promoted, Cancelled, Remote, Offered, OfferLapsed, OfferDeclined, Pending, Refused, SeatGiven,
		Party, HandedOver, HandedTo, Invitation, AlreadyRegistered, ReminderWeek, ReminderDay, Confirm,
		WorkshopPromoted, WorkshopRemoved, WorkshopDropped, QuestionsAnswered, ProgramChanged, Certificate, OrganisersOwn,
		ProposalKept, ProposalReceived, ProposalLinks, ProposalAccepted, ProposalWaiting, ProposalDeclined,
		SpeakerInvited, SpeakerRenewed, SpeakerAccepted, SpeakerDeclined, SpeakerReminder, SpeakerChanged, SpeakerNews}
}

const (
	// signInLife is how long a sign-in link works; later the letter is pointless.
	signInLife = 30 * time.Minute
	// letterLife keeps a server that was without mail for long from telling old news.
	letterLife = 72 * time.Hour
	// decisionLife: a decision somebody waits for is news also after a week without mail.
	decisionLife = 14 * 24 * time.Hour
	// dayLife keeps "tomorrow" from being said on the day itself.
	dayLife = 12 * time.Hour
)

// kind says what a letter needs and how long it is worth sending. args is the
// closed list of placeholders of its texts.
type kind struct {
	args []string
	// optional may be missing or empty: the line that holds one then goes too.
	optional []string
	// secret are those that open something, dropped once the letter is sent.
	secret []string
	// many are those that may hold several lines.
	many []string
	// remote says that there is a second text, mail.<kind>.remote, for a letter
	// that names no place where to come.
	remote bool
	life   time.Duration
}

func kindOf(name string) (kind, bool) {
	k := kind{life: letterLife}
	switch name {
	case SignIn:
		k = kind{args: []string{"link", "code", "minutes"}, secret: []string{"link", "code"}, life: signInLife}
	case Confirmed, Promoted:
		k.args = []string{"name", "edition", "when", "where", "ticket"}
	case Waiting:
		k.args = []string{"name", "edition", "when", "where", "ticket", "position"}
	case Remote:
		k.args = []string{"name", "edition", "when", "ticket", "live"}
	case Cancelled:
		k.args = []string{"name", "edition"}
	case Offered:
		k.args, k.optional = []string{"name", "edition", "until", "ticket"}, []string{"when", "where"}
	case OfferLapsed, OfferDeclined, SeatGiven:
		k.args = []string{"name", "edition", "page"}
	case Pending:
		k.args, k.optional = []string{"name", "edition", "ticket"}, []string{"when", "where"}
	case Refused:
		k.args, k.optional, k.many = []string{"name", "edition", "page"}, []string{"reason"}, []string{"reason"}
	case Party:
		k.args, k.optional = []string{"name", "edition", "ticket"}, []string{"when", "where", "list", "waiting"}
		k.many = []string{"list", "waiting"}
	case HandedOver:
		k.args = []string{"name", "edition", "other"}
	case HandedTo:
		k.args, k.optional = []string{"name", "edition", "other", "ticket"}, []string{"when", "where"}
	case Invitation:
		k.args, k.optional = []string{"edition", "link"}, []string{"name", "when", "where", "until"}
	default:
		return laterKind(name)
	}
	return k, true
}

// laterKind holds the kinds of the time around the day.
func laterKind(name string) (kind, bool) {
	k := kind{life: letterLife}
	switch name {
	case AlreadyRegistered:
		k.args = []string{"name", "edition", "ticket"}
	case ReminderWeek, ReminderDay:
		k.args, k.optional, k.many = []string{"name", "edition", "when", "ticket", "live", "link"}, []string{"where", "facts"}, []string{"facts"}
		k.remote = true
		if name == ReminderDay {
			k.life = dayLife
		}
	case Confirm:
		k.args, k.optional, k.many = []string{"name", "edition", "when", "ticket", "link"}, []string{"where", "facts"}, []string{"facts"}
	case WorkshopPromoted, WorkshopRemoved, WorkshopDropped:
		k.args, k.optional = []string{"name", "edition", "workshop", "ticket"}, []string{"when", "where"}
	case QuestionsAnswered:
		// Neither the question nor a name: who reads the outbox learns of nobody what they asked.
		k.args, k.secret = []string{"edition", "link"}, []string{"link"}
	case ProgramChanged:
		k.args, k.many, k.optional = []string{"name", "edition", "changes", "link"}, []string{"changes", "note"}, []string{"note"}
	case Certificate:
		k.args, k.secret, k.life = []string{"name", "edition", "link"}, []string{"link"}, decisionLife
	case OrganisersOwn:
		k.args, k.many = []string{"subject", "body", "name", "edition", "ticket"}, []string{"body"}
		k.optional = []string{"when", "where", "position", "place"}
	default:
		return proposalKind(name)
	}
	return k, true
}

// proposalKind holds the kinds of the open call.
func proposalKind(name string) (kind, bool) {
	k := kind{life: letterLife}
	switch name {
	case ProposalKept, ProposalReceived:
		k.args = []string{"name", "edition", "title", "link", "until"}
	case ProposalLinks:
		k.args, k.many = []string{"edition", "list"}, []string{"list"}
	case ProposalAccepted, ProposalWaiting, ProposalDeclined:
		k.args, k.optional, k.many = []string{"name", "edition", "title", "link"}, []string{"words"}, []string{"words"}
		k.life = decisionLife
	default:
		return speakerKind(name)
	}
	return k, true
}

// speakerKind holds the kinds of the speakers' own side. Their link opens what
// others may not see, so it goes once the letter is sent.
func speakerKind(name string) (kind, bool) {
	k := kind{life: decisionLife, args: []string{"name", "edition", "link"}, secret: []string{"link"}}
	switch name {
	case SpeakerInvited:
		k.optional, k.many = []string{"when", "where", "sessions", "due"}, []string{"sessions"}
	case SpeakerRenewed:
	case SpeakerAccepted:
		k.args = append(k.args, "when", "seat")
		k.optional, k.many = []string{"where", "ticket"}, []string{"seat"}
	case SpeakerDeclined:
	case SpeakerReminder:
		k.args = append(k.args, "list")
		k.optional, k.many, k.life = []string{"due"}, []string{"list"}, letterLife
	case SpeakerChanged:
		k.args, k.secret = []string{"name", "edition", "list"}, nil
		k.optional, k.many = []string{"contact"}, []string{"list"}
	case SpeakerNews:
		k.args, k.secret, k.many = []string{"name", "edition", "news", "link"}, nil, []string{"news"}
	default:
		return kind{}, false
	}
	return k, true
}
