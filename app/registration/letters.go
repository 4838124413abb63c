package registration

import (
	"crypto/hmac"

	"agora/app/edition"
	"agora/app/mail"
	"agora/app/text"
)

func equalMAC(a, b []byte) bool { return hmac.Equal(a, b) }

// letter writes what a person is told of a registration, in their language.
func (s *Service) letter(e edition.Edition, r Registration, kind string, position int64) mail.Letter {
	from, to := e.Local(e.StartsAt), e.Local(e.EndsAt)
	when := text.Days(r.Language, from, to) + " " + text.At(r.Language, from)
	venue, _ := e.In(e.Venue, r.Language)
	city, _ := e.In(e.City, r.Language)
	where := venue
	if city != "" {
		where += ", " + city
	}
	ics := ""
	if kind != "already_registered" && r.State == Confirmed {
		// A letter without its calendar entry is still a letter.
		if b, err := s.Calendar(e, r); err == nil {
			ics = string(b)
		}
	}
	return mail.Letter{
		EditionID: e.ID, Email: r.Email, Name: r.Name, Language: r.Language, Kind: kind, ICS: ics,
		Args: map[string]any{
			"name": r.Name, "edition": e.Name(r.Language), "when": when, "where": where, "position": position,
			"ticket": s.TicketURL(r), "code": r.Code, "live": s.baseURL + e.Path() + "/live", "page": s.baseURL + e.Path(),
		},
	}
}
