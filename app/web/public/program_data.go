package public

import (
	"time"

	"agora/app/program"
	"agora/app/web/page"
)

// ldEvent is a session as schema.org has it, for those who read pages by machine.
type ldEvent struct {
	Context     string        `json:"@context"`
	Type        string        `json:"@type"`
	Name        string        `json:"name"`
	Description string        `json:"description,omitempty"`
	Start       string        `json:"startDate"`
	End         string        `json:"endDate"`
	Status      string        `json:"eventStatus"`
	Attendance  string        `json:"eventAttendanceMode"`
	Language    string        `json:"inLanguage,omitempty"`
	Location    []ldPlace     `json:"location,omitempty"`
	URL         string        `json:"url"`
	Performers  []ldPerson    `json:"performer,omitempty"`
	Organizer   ldOrganizer   `json:"organizer"`
	Super       *ldSuperEvent `json:"superEvent,omitempty"`
}

type ldPlace struct {
	Type    string `json:"@type"`
	Name    string `json:"name,omitempty"`
	Address string `json:"address,omitempty"`
	URL     string `json:"url,omitempty"`
}

type ldPerson struct {
	Type string `json:"@type"`
	Name string `json:"name"`
	URL  string `json:"url"`
}

type ldOrganizer struct {
	Type string `json:"@type"`
	Name string `json:"name"`
	URL  string `json:"url"`
}

type ldSuperEvent struct {
	Type  string `json:"@type"`
	Name  string `json:"name"`
	URL   string `json:"url"`
	Start string `json:"startDate"`
	End   string `json:"endDate"`
}

func newLdEvent(v *page.Visit, x *program.Session, p sessionPage) *ldEvent {
	if x.Kind == program.Break {
		return nil
	}
	e, root := v.Edition, Pages{v.Site}.root()
	at := func(t time.Time) string { return t.Format(time.RFC3339) }
	data := &ldEvent{Context: "https://schema.org", Type: "Event", Name: p.Title.Text, Description: p.about,
		Start: at(x.StartsAt), End: at(x.EndsAt), URL: root + v.SessionHref(x), Language: x.Language,
		Status: "https://schema.org/EventScheduled", Attendance: "https://schema.org/OfflineEventAttendanceMode",
		Organizer: ldOrganizer{Type: "Organization", Name: v.SeriesName(), URL: root + "/" + e.Series.Slug},
		Super: &ldSuperEvent{Type: "Event", Name: e.Name(v.Lang), URL: root + e.Path(),
			Start: at(e.Local(e.StartsAt)), End: at(e.Local(e.EndsAt))},
	}
	if x.Cancelled {
		data.Status = "https://schema.org/EventCancelled"
	}
	venue, city := v.Words(e.Venue).Text, v.Words(e.City).Text
	if venue != "" || city != "" {
		data.Location = append(data.Location, ldPlace{Type: "Place", Name: venue, Address: city})
	}
	if stream := v.StreamOf(x); stream != "" {
		data.Location = append(data.Location, ldPlace{Type: "VirtualLocation", URL: root + v.SessionHref(x) + "/live"})
		data.Attendance = "https://schema.org/MixedEventAttendanceMode"
		if len(data.Location) == 1 {
			data.Attendance = "https://schema.org/OnlineEventAttendanceMode"
		}
	}
	for _, who := range x.Speakers {
		data.Performers = append(data.Performers, ldPerson{Type: "Person", Name: who.Name, URL: root + e.Path() + "/speakers/" + who.Slug})
	}
	return data
}

// root is the site's address without a slash at its end.
func (s Pages) root() string {
	root := s.Base.String()
	for len(root) > 0 && root[len(root)-1] == '/' {
		root = root[:len(root)-1]
	}
	return root
}
