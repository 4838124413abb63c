package registration

import (
	"bytes"
	"net/url"
	"strings"

	"agora/app/edition"
	"agora/app/program/exchange"
)

// Calendar is the edition as an entry for one person's calendar (RFC 5545). The
// entry keeps its UID, so a newer one replaces it.
func (s *Service) Calendar(e edition.Edition, r Registration) ([]byte, error) {
	venue, _ := e.In(e.Venue, r.Language)
	city, _ := e.In(e.City, r.Language)
	lead, _ := e.In(e.Lead, r.Language)
	where := []string{}
	for _, part := range []string{venue, city} {
		if part != "" {
			where = append(where, part)
		}
	}
	host := "agora"
	if u, err := url.Parse(s.baseURL); err == nil && u.Hostname() != "" {
		host = u.Hostname()
	}
	var b bytes.Buffer
	err := exchange.WriteICS(&b, exchange.Calendar{
		Name: e.Name(r.Language), TimeZone: e.Zone, Stamp: r.ChangedAt,
		Events: []exchange.Event{{
			UID: "registration-" + r.ID + "@" + host, Sequence: int(e.Revision), Title: e.Name(r.Language),
			Description: lead, Location: strings.Join(where, ", "), URL: s.TicketURL(r), Language: string(r.Language),
			Start: e.StartsAt, End: e.EndsAt, Tentative: r.State == Waiting, Cancelled: !r.Live(),
		}},
	})
	return b.Bytes(), err
}
