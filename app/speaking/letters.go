package speaking

import (
	"context"
	"strings"
	"time"

	"github.com/uptrace/bun"

	"agora/app/account"
	"agora/app/edition"
	"agora/app/mail"
	"agora/app/program"
	"agora/app/registration"
	"agora/app/text"
)

// letter is a letter to a speaker, in their language.
func (s *Service) letter(e edition.Edition, who program.Speaker, x Speaking, kind string, args map[string]any) mail.Letter {
	return mail.Letter{EditionID: e.ID, Email: x.Email, Name: who.Name, Language: x.Language, Kind: kind, Args: args}
}

// about are the words that every letter to a speaker may use.
func (s *Service) about(e edition.Edition, who program.Speaker, x Speaking) map[string]any {
	l := x.Language
	from, to := e.Local(e.StartsAt), e.Local(e.EndsAt)
	where := make([]string, 0, 2)
	for _, part := range []text.Texts{e.Venue, e.City} {
		if name, _ := e.In(part, l); name != "" {
			where = append(where, name)
		}
	}
	return map[string]any{"name": who.Name, "edition": e.Name(l), "when": text.Days(l, from, to) + " " + text.At(l, from),
		"where": strings.Join(where, ", "), "link": s.URL(x)}
}

// contact is whom a speaker writes to: what the edition's practical page says of
// it, in one line.
func contact(e edition.Edition, l text.Lang) string {
	said, _ := e.In(e.Practical["contact"], l)
	return text.OneLine(text.Plain(said, text.Fill{}))
}

// due is until when things are wished for, in words; empty for no date.
func due(e edition.Edition, l text.Lang, at time.Time) string {
	if at.IsZero() {
		return ""
	}
	return text.LongDate(l, e.Local(at))
}

// invitationLetter asks somebody to speak, or tells who has said yes where their
// pages are.
func (s *Service) invitationLetter(ctx context.Context, idb bun.IDB, e edition.Edition, who program.Speaker, x Speaking) (mail.Letter, error) {
	setup, err := setupOf(ctx, idb, e.ID)
	if err != nil {
		return mail.Letter{}, err
	}
	titles, err := titlesOf(ctx, idb, e, who.ID, x.Language)
	if err != nil {
		return mail.Letter{}, err
	}
	args := s.about(e, who, x)
	args["sessions"], args["due"] = strings.Join(titles, "\n"), due(e, x.Language, setup.Rules.Due)
	kind := mail.SpeakerInvited
	if x.State == Accepted {
		kind = mail.SpeakerRenewed
	}
	return s.letter(e, who, x, kind, args), nil
}

// titlesOf names a speaker's sessions.
func titlesOf(ctx context.Context, idb bun.IDB, e edition.Edition, speakerID string, l text.Lang) ([]string, error) {
	var rows []struct{ Title text.Texts }
	err := idb.NewRaw(`SELECT s.title FROM session AS s JOIN session_speaker AS ss ON ss.session_id = s.id
		WHERE ss.speaker_id = ? AND s.edition_id = ? AND NOT s.cancelled ORDER BY s.id`, speakerID, e.ID).Scan(ctx, &rows)
	titles := make([]string, len(rows))
	for i, row := range rows {
		titles[i], _ = row.Title.In(l, e.Languages...)
	}
	return titles, err
}

// acceptedLetter thanks a speaker for their yes and gives the ticket, or says how
// it stands with their place.
func (s *Service) acceptedLetter(e edition.Edition, who program.Speaker, x Speaking, r *registration.Registration, seat Seat) mail.Letter {
	args := s.about(e, who, x)
	args["seat"], args["ticket"] = s.words.T(x.Language, "speaking.letter.seat_"+string(seat)), ""
	if seat == SeatRemote {
		args["where"] = ""
	}
	letter := s.letter(e, who, x, mail.SpeakerAccepted, args)
	if r != nil && r.Live() && !r.Pending {
		args["ticket"] = s.registrations.TicketURL(*r)
		if ics, err := s.registrations.Calendar(e, *r); err == nil && r.State == registration.Confirmed {
			letter.ICS = string(ics) // a letter without its calendar entry is still a letter
		}
	}
	return letter
}

// organisers are those who are told what speakers do: the edition's, else the
// series', else the owners.
func (s *Service) organisers(ctx context.Context, e edition.Edition) ([]account.Person, error) {
	for _, scope := range []account.Scope{account.OfEdition(e.ID), account.OfSeries(e.SeriesID), account.All} {
		holders, err := s.accounts.Holders(ctx, scope)
		if err != nil {
			return nil, err
		}
		var people []account.Person
		for _, h := range holders {
			if h.Email != "" && (h.Role == account.Organiser || h.Role == account.Owner) {
				people = append(people, h.Person)
			}
		}
		if len(people) > 0 {
			return people, nil
		}
	}
	return nil, nil
}

// tell writes one piece of news about a speaker to each organiser. news is the
// name of a message speaking.news.NEWS, which says what may be done.
func (s *Service) tell(e edition.Edition, people []account.Person, who program.Speaker, news string) []mail.Letter {
	list := make([]mail.Letter, len(people))
	for i, p := range people {
		l := own(e, p.Language)
		list[i] = mail.Letter{EditionID: e.ID, Email: p.Email, Name: p.Name, Language: l, Kind: mail.SpeakerNews, Args: map[string]any{
			"name": p.Label(), "edition": e.Name(l), "news": s.words.T(l, "speaking.news."+news, "speaker", who.Name),
			"link": s.baseURL + "/desk" + e.Path() + "/speakers/" + who.Slug}}
	}
	return list
}
