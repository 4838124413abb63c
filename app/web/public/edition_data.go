package public

import (
	"time"

	"agora/app/web/page"
)

// ldEdition is an edition as schema.org has it, for those who read pages by machine.
type ldEdition struct {
	Context     string    `json:"@context"`
	Type        string    `json:"@type"`
	Name        string    `json:"name"`
	Description string    `json:"description,omitempty"`
	Start       string    `json:"startDate"`
	End         string    `json:"endDate"`
	Status      string    `json:"eventStatus"`
	Attendance  string    `json:"eventAttendanceMode,omitempty"`
	Languages   []string  `json:"inLanguage,omitempty"`
	Location    []ldPlace `json:"location,omitempty"`
	URL         string    `json:"url"`
	Organizer   ldWho     `json:"organizer"`
}

func newLdEdition(v *page.Visit, remote bool) *ldEdition {
	e, root := v.Edition, Pages{v.Site}.root()
	data := &ldEdition{Context: "https://schema.org", Type: "Event", Name: e.Name(v.Lang), Description: page.Shorten(v.Words(e.Lead).Text, maxAbout),
		Start: e.Local(e.StartsAt).Format(time.RFC3339), End: e.Local(e.EndsAt).Format(time.RFC3339), URL: root + e.Path(),
		Status: "https://schema.org/EventScheduled", Organizer: ldSeries(v, root)}
	for _, l := range e.Languages {
		data.Languages = append(data.Languages, string(l))
	}
	online := ""
	if remote {
		online = data.URL + "/live"
	}
	data.Location, data.Attendance = ldWhere(v, online)
	return data
}
