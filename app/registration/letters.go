package registration

import (
	"strings"

	"agora/app/edition"
	"agora/app/mail"
	"agora/app/text"
)

// letters turns what the hall decided into rows of the outbox.
func (t *turn) letters() []mail.Letter {
	e := t.acts[0].edition
	list := make([]mail.Letter, 0, len(t.hall.news)+len(t.again)+len(t.post))
	for _, n := range t.hall.news {
		list = append(list, t.s.letter(e, n))
	}
	for _, r := range t.again {
		list = append(list, t.s.letter(e, news{reg: *r, kind: mail.AlreadyRegistered}))
	}
	return append(list, t.post...)
}

// letter writes what a person is told of a registration, in their language.
func (s *Service) letter(e edition.Edition, n news) mail.Letter {
	r := n.reg
	args := s.words(e, r.Language)
	args["name"], args["position"], args["ticket"], args["code"] = r.Name, n.pos, s.TicketURL(r), r.Code
	args["other"] = n.other
	args["list"], args["waiting"] = partyLists(n.party)
	if r.OfferUntil != nil {
		args["until"] = text.DateTime(r.Language, e.Local(*r.OfferUntil))
	}
	ics := ""
	if n.kind != mail.AlreadyRegistered && n.kind != mail.Party && n.kind != mail.HandedOver && r.State == Confirmed {
		// A letter without its calendar entry is still a letter.
		if b, err := s.Calendar(e, r); err == nil {
			ics = string(b)
		}
	}
	return mail.Letter{EditionID: e.ID, Email: r.Email, Name: r.Name, Language: r.Language, Kind: n.kind, ICS: ics, Args: args}
}

// words are what every letter about an edition may say of it.
func (s *Service) words(e edition.Edition, l text.Lang) map[string]any {
	from, to := e.Local(e.StartsAt), e.Local(e.EndsAt)
	venue, _ := e.In(e.Venue, l)
	city, _ := e.In(e.City, l)
	where := venue
	if city != "" {
		where = strings.TrimPrefix(where+", "+city, ", ")
	}
	return map[string]any{
		"edition": e.Name(l), "when": text.Days(l, from, to) + " " + text.At(l, from), "where": where,
		"live": s.baseURL + e.Path() + "/live", "page": s.baseURL + e.Path(),
	}
}

// partyLists names in lines who of a registration of several got a place, and
// who waits for one or for an organiser's word.
func partyLists(party []*Registration) (places, waiting string) {
	var in, out []string
	for _, r := range party {
		line := r.Name + " <" + r.Email + ">"
		switch {
		case r.State == Confirmed:
			in = append(in, line)
		case r.State == Waiting || r.State == Offered:
			out = append(out, line)
		}
	}
	return strings.Join(in, "\n"), strings.Join(out, "\n")
}

// invitation writes to somebody a place is kept for.
func (s *Service) invitation(e edition.Edition, h Hold, l text.Lang) mail.Letter {
	args := s.words(e, l)
	args["link"] = s.baseURL + e.Path() + "/register?code=" + h.Code
	until := e.ClosesAt
	if h.ReleaseAt != nil {
		until = *h.ReleaseAt
	}
	args["until"], args["name"] = text.DateTime(l, e.Local(until)), ""
	return mail.Letter{EditionID: e.ID, Email: h.Email, Language: l, Kind: mail.Invitation, Args: args}
}
