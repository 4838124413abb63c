package message

import (
	"context"
	"errors"
	"strconv"
	"time"

	"github.com/uptrace/bun"

	"agora/app/audit"
	"agora/app/db"
	"agora/app/edition"
	"agora/app/fail"
	"agora/app/mail"
	"agora/app/registration"
	"agora/app/text"
)

// chunk is how many people are read and written to with one statement.
const chunk = 200

// samplePosition is the number in the line that a preview shows.
const samplePosition = 14

// Send takes the message once and queues one letter per recipient, in one
// transaction. A second press of the same version changes nothing and gives the
// message as it was sent; Conflict when it was changed meanwhile, or when there
// is nobody to send it to.
func (s *Service) Send(ctx context.Context, e edition.Edition, by, id string, version int64) (Message, error) {
	var m Message
	err := s.db.Tx(ctx, func(ctx context.Context, tx bun.Tx) error {
		var mine bool
		var err error
		if m, mine, err = s.take(ctx, tx, e, by, id, version); err != nil || !mine {
			return err
		}
		if err := m.Draft().Problems(e); err != nil {
			return err
		}
		if m.Letters, err = s.queue(ctx, tx, e, m.Draft(), *m.SentAt); err != nil {
			return err
		}
		if m.Letters == 0 {
			return fail.Clash("message.nobody")
		}
		if _, err := tx.NewUpdate().Model(&m).WherePK().Column("letters").Exec(ctx); err != nil {
			return err
		}
		return audit.Write(ctx, tx, s.now(), audit.Entry{Person: by, Edition: e.ID, Act: "message.send", Subject: id,
			Detail: string(m.Audience) + " " + strconv.FormatInt(m.Letters, 10)})
	})
	return m, err
}

// take marks the message as sent if it still is the draft that was shown. mine
// is false when the same press has sent it before.
func (s *Service) take(ctx context.Context, tx bun.IDB, e edition.Edition, by, id string, version int64) (m Message, mine bool, err error) {
	var taken []Message
	now := s.now()
	err = tx.NewUpdate().Model((*Message)(nil)).Set("sent_at = ?", now).Set("changed_at = ?", now).Set("person_id = ?", by).
		Set("version = version + 1").Where("id = ? AND edition_id = ?", id, e.ID).Where("version = ? AND sent_at IS NULL", version).
		Returning("*").Scan(ctx, &taken)
	if err != nil {
		return m, false, err
	}
	if len(taken) == 1 {
		return taken[0], true, nil
	}
	m, err = get(ctx, tx, e.ID, id)
	if err == nil && m.SentAt != nil && m.Version == version+1 {
		return m, false, nil
	}
	return m, false, errors.Join(err, late(m))
}

// queue writes the letters, a chunk of people at a time. They bear the message's
// own time, by which the outbox tells what became of them.
func (s *Service) queue(ctx context.Context, tx bun.IDB, e edition.Edition, d Draft, at time.Time) (int64, error) {
	n, after := int64(0), ""
	for {
		people, err := recipients(ctx, tx, e.ID, d.Audience, after, chunk)
		if err != nil || len(people) == 0 {
			return n, err
		}
		letters := make([]mail.Letter, len(people))
		for i, r := range people {
			letters[i] = s.letter(e, d, r.Registration, r.Position)
		}
		if err := mail.Queue(ctx, tx, at, letters...); err != nil {
			return n, err
		}
		n += int64(len(people))
		after = people[len(people)-1].ID
	}
}

// letter writes the draft to one person, in their language or the one it falls
// back to.
func (s *Service) letter(e edition.Edition, d Draft, r registration.Registration, position int64) mail.Letter {
	r.Language = d.in(e, r.Language)
	place := r.Kind
	if d.Audience == Remote {
		place = registration.Remote
	}
	l := s.registrations.Letter(e, r, mail.OrganisersOwn, position)
	l.ICS = ""
	l.Args["subject"], l.Args["body"] = d.Subject[r.Language], d.Body[r.Language]
	l.Args["place"] = s.words.T(r.Language, "message.place."+string(place))
	if position == 0 {
		l.Args["position"] = ""
	}
	return l
}

// sample is the letter as somebody invented would get it. Its ticket leads to
// the edition's page.
func (s *Service) sample(e edition.Edition, d Draft, name string, l text.Lang) mail.Letter {
	r := registration.Registration{Kind: registration.Onsite, Name: name, Language: l}
	position := int64(0)
	if d.Audience == Waiting {
		position = samplePosition
	}
	letter := s.letter(e, d, r, position)
	letter.Args["ticket"] = letter.Args["page"]
	return letter
}

// Preview shows the draft as somebody who reads the language would get it.
func (s *Service) Preview(e edition.Edition, d Draft, l text.Lang) mail.Written {
	d = d.clean()
	l = d.in(e, l)
	args := s.sample(e, d, s.words.T(l, "message.sample_name"), l).Args
	values := make(map[string]string, len(args))
	for name, v := range args {
		values[name] = text.Show(l, v)
	}
	return mail.Write(values["subject"], values["body"], values)
}

// Test sends the message to the organiser alone, once per language it is in.
func (s *Service) Test(ctx context.Context, e edition.Edition, by, id string, key db.Key) error {
	m, err := s.Get(ctx, e.ID, id)
	if err != nil {
		return err
	}
	d := m.Draft()
	if err := d.Problems(e); err != nil {
		return err
	}
	me, err := s.accounts.ByID(ctx, by)
	if err != nil {
		return err
	}
	var letters []mail.Letter
	for _, l := range text.Langs {
		if d.Body[l] == "" {
			continue
		}
		letter := s.sample(e, d, me.Label(), l)
		letter.Email, letter.Name = me.Email, me.Name
		letter.Args["subject"] = s.words.T(l, "message.test_subject", "subject", d.Subject[l])
		letters = append(letters, letter)
	}
	return s.db.Tx(ctx, func(ctx context.Context, tx bun.Tx) error {
		if done, err := db.Did(ctx, tx, key, s.now()); err != nil || done {
			return err
		}
		return mail.Queue(ctx, tx, s.now(), letters...)
	})
}
