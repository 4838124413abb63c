package public

import (
	"cmp"
	"strings"
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
	Performers  []ldWho       `json:"performer,omitempty"`
	Organizer   ldWho         `json:"organizer"`
	Super       *ldSuperEvent `json:"superEvent,omitempty"`
}

type ldPlace struct {
	Type    string `json:"@type"`
	Name    string `json:"name,omitempty"`
	Address string `json:"address,omitempty"`
	URL     string `json:"url,omitempty"`
}

// ldWho is a person or an organisation.
type ldWho struct {
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
		Status:    "https://schema.org/EventScheduled",
		Organizer: ldSeries(v, root),
		Super: &ldSuperEvent{Type: "Event", Name: e.Name(v.Lang), URL: root + e.Path(),
			Start: at(e.Local(e.StartsAt)), End: at(e.Local(e.EndsAt))},
	}
	if x.Cancelled {
		data.Status = "https://schema.org/EventCancelled"
	}
	online := ""
	if v.StreamOf(x) != "" {
		online = data.URL + "/live"
	}
	data.Location, data.Attendance = ldWhere(v, online)
	data.Attendance = cmp.Or(data.Attendance, ldOffline)
	for _, who := range x.Speakers {
		data.Performers = append(data.Performers, ldWho{Type: "Person", Name: who.Name, URL: root + e.Path() + "/speakers/" + who.Slug})
	}
	return data
}

const ldOffline = "https://schema.org/OfflineEventAttendanceMode"

// ldWhere is where people meet, in the city and at the address online, and how
// they attend then; both are empty where neither is known.
func ldWhere(v *page.Visit, online string) (list []ldPlace, attendance string) {
	if venue, city := v.Words(v.Edition.Venue).Text, v.Words(v.Edition.City).Text; venue != "" || city != "" {
		list, attendance = append(list, ldPlace{Type: "Place", Name: venue, Address: city}), ldOffline
	}
	if online != "" {
		list, attendance = append(list, ldPlace{Type: "VirtualLocation", URL: online}), "https://schema.org/MixedEventAttendanceMode"
		if len(list) == 1 {
			attendance = "https://schema.org/OnlineEventAttendanceMode"
		}
	}
	return list, attendance
}

// ldSeries is who organises.
func ldSeries(v *page.Visit, root string) ldWho {
	return ldWho{Type: "Organization", Name: v.SeriesName(), URL: root + "/" + v.Edition.Series.Slug}
}

// root is the site's address without a slash at its end.
func (s Pages) root() string { return strings.TrimRight(s.Base.String(), "/") }
