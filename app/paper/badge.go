package paper

import "time"

// Badge is one person's badge, in words ready to print.
type Badge struct {
	Name         string
	Given        string // printed larger, on a line of its own, when Name begins with it; "" for names as one
	Organisation string
	Role         string // the role's word
	RoleKind     RoleKind
	QR           string // content of the code, an address
	Code         string // ticket code in letters, for the door's hand entry
	Photo        PhotoConsent
	PhotoWord    string            // the consent in words; the sign never stands alone
	First        string            // the words for one who comes for the first time, or ""
	Answers      map[string]string // by the key of the form's question, in words
}

// RoleKind chooses the colour of the band. Its word always stands in it.
type RoleKind string

// The roles that badges tell apart.
const (
	RoleAttendee  RoleKind = "attendee"
	RoleSpeaker   RoleKind = "speaker"
	RoleModerator RoleKind = "moderator"
	RoleOrganiser RoleKind = "organiser"
	RoleDoor      RoleKind = "door"
)

// RoleKinds are all of them.
var RoleKinds = [...]RoleKind{RoleAttendee, RoleSpeaker, RoleModerator, RoleOrganiser, RoleDoor}

// colour has at least 4.5:1 against white in every case but the accent, which its owner checks.
func (k RoleKind) colour(accent Colour) Colour {
	switch k {
	case RoleSpeaker:
		return plum
	case RoleModerator:
		return sea
	case RoleOrganiser:
		return ink
	case RoleDoor:
		return live
	}
	return accent
}

// PhotoConsent has three values, as people gave it.
type PhotoConsent string

// An unknown value prints as PhotoAsk: the careful reading.
const (
	PhotoYes PhotoConsent = "yes"
	PhotoAsk PhotoConsent = "ask"
	PhotoNo  PhotoConsent = "no"
)

func (c PhotoConsent) colour() Colour {
	switch c {
	case PhotoYes:
		return quiet
	case PhotoNo:
		return bad
	}
	return mine
}

// BadgeOptions is what all badges of a batch share.
type BadgeOptions struct {
	Series   string // the series' name
	Edition  string // city and year
	Title    string // of the file
	Accent   Colour // of the series; the zero value is the program's own
	Seats    int    // how many dots the ground has; 0 is 300
	Date     time.Time
	Progress func(done, total int) // may be nil; called after each badge
}
