package proposal

import (
	"context"
	"strings"
	"time"

	"github.com/uptrace/bun"

	"agora/app/edition"
	"agora/app/mail"
	"agora/app/text"
)

// confirm writes to the proposer with their link: what was sent in, or is kept.
func (s *Service) confirm(ctx context.Context, tx bun.IDB, e edition.Edition, p Proposal) error {
	c, err := callOf(ctx, tx, e.ID)
	if err != nil {
		return err
	}
	kind := mail.ProposalKept
	if p.State != Draft {
		kind = mail.ProposalReceived
	}
	l := s.letter(e, p, kind)
	l.Args["until"] = text.DateTime(p.Language, e.Local(c.ClosesAt))
	return mail.Queue(ctx, tx, s.now(), l)
}

// decision is the letter that tells one.
func (s *Service) decision(e edition.Edition, p Proposal) mail.Letter {
	kind := map[State]string{Accepted: mail.ProposalAccepted, Waiting: mail.ProposalWaiting, Declined: mail.ProposalDeclined}[p.State]
	l := s.letter(e, p, kind)
	l.Args["words"] = p.Words
	return l
}

func (s *Service) letter(e edition.Edition, p Proposal, kind string) mail.Letter {
	return mail.Letter{EditionID: e.ID, Email: p.Email, Name: p.Name, Language: p.Language, Kind: kind,
		Args: map[string]any{"name": p.Name, "edition": e.Name(p.Language), "title": p.Title, "link": s.URL(p)}}
}

// Preview is the letter that Tell would write, for the organisers to read. The
// link in it is the proposer's own and left out.
func (s *Service) Preview(e edition.Edition, p Proposal, words Words) mail.Letter {
	p.Words = words.For(p)
	l := s.decision(e, p)
	l.Args["link"] = s.baseURL + "/proposal/…"
	return l
}

// linksPause keeps a stranger from filling somebody's letterbox by asking for
// their links again and again.
const linksPause = 15 * time.Minute

// MailLinks writes to an address the links of all its proposals in an edition.
// Whether there are any is told to nobody else.
func (s *Service) MailLinks(ctx context.Context, e edition.Edition, email string) error {
	return s.db.Tx(ctx, func(ctx context.Context, tx bun.Tx) error {
		if _, err := hold(ctx, tx, e.ID); err != nil {
			return err
		}
		lately, err := tx.NewSelect().Table("mail").Where("edition_id = ?", e.ID).Where("kind = ?", mail.ProposalLinks).
			Where("email = ?", email).Where("created_at > ?", s.now().Add(-linksPause)).Exists(ctx)
		if err != nil || lately {
			return err
		}
		var list []Proposal
		err = tx.NewSelect().Model(&list).Where("edition_id = ?", e.ID).Where("email = ?", email).Where("state <> ?", Withdrawn).
			Order("created_at", "id").Scan(ctx)
		if err != nil || len(list) == 0 {
			return err
		}
		lines := make([]string, len(list))
		for i, p := range list {
			lines[i] = "– " + text.OneLine(p.Title) + "\n  " + s.URL(p)
		}
		newest := list[len(list)-1]
		return mail.Queue(ctx, tx, s.now(), mail.Letter{EditionID: e.ID, Email: email, Name: newest.Name, Language: newest.Language, Kind: mail.ProposalLinks,
			Args: map[string]any{"edition": e.Name(newest.Language), "list": strings.Join(lines, "\n")}})
	})
}
