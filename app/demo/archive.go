package demo

import (
	"context"
	"errors"
	"time"

	"agora/app/db"
	"agora/app/edition"
	"agora/app/qa"
	"agora/app/registration"
	"agora/app/text"
)

// The figures of both editions. The real day of 2016 had almost 300 guests, and
// many more who watched.
const (
	capacity = 300

	archiveOnsite  = 290
	archiveRemote  = 160
	archiveArrived = 240
)

// noKey is of people who do not repeat themselves.
var noKey db.Key

var releaseNote = text.Texts{
	text.Finnish: "Ohjelma on julkaistu.",
	text.Swedish: "Programmet har publicerats.",
	text.English: "The programme is out.",
}

// archive makes the edition of 2016 as it stands eleven years later: people
// came, questions were answered, material is in one place. It gives the path
// that proves one certificate, the attendee's.
func (h *house) archive(ctx context.Context) (verify string, err error) {
	var t editionText
	var speakers []speakerText
	if err := errors.Join(read("2016", &t), read("2016-speakers", &speakers)); err != nil {
		return "", err
	}
	day := time.Date(2016, time.January, 25, 9, 0, 0, 0, h.zone)
	opens, closes := time.Date(2015, time.November, 2, 9, 0, 0, 0, h.zone), time.Date(2016, time.January, 18, 23, 59, 0, 0, h.zone)
	h.clock.set(opens.AddDate(0, 0, -21))
	e, err := h.newEdition(ctx, Archive, t, day, h.day(day, 0, 16, 0), opens, closes)
	if err != nil {
		return "", err
	}
	s, err := h.newStage(ctx, e, t, speakers)
	if err != nil {
		return "", err
	}
	if err := s.addSessions(ctx, t.Sessions); err != nil {
		return "", err
	}
	h.clock.set(opens.Add(-time.Hour))
	if _, err := h.program.Release(ctx, h.organiser, e, "", releaseNote); err != nil {
		return "", err
	}
	regs, err := h.archiveRush(ctx, e, opens, closes)
	if err != nil {
		return "", err
	}
	if err := h.arrive(ctx, e, regs); err != nil {
		return "", err
	}
	if err := s.answerInWriting(ctx, h.day(day, 0, 14, 50)); err != nil {
		return "", err
	}
	if err := h.recording(ctx, e, day); err != nil {
		return "", err
	}
	if err := h.thank(ctx, e, h.day(day, 0, 20, 0)); err != nil {
		return "", err
	}
	h.clock.set(h.day(day, 1, 8, 0))
	all, err := h.certificates.All(ctx, e)
	if err != nil {
		return "", err
	}
	issued, err := h.certificates.Issue(ctx, e, all)
	if err != nil {
		return "", err
	}
	for _, i := range issued {
		if i.Name == attendee.Name {
			return "/verify/" + i.Code, nil
		}
	}
	return "", errors.New("the attendee was not there")
}

func (h *house) archiveRush(ctx context.Context, e edition.Edition, opens, closes time.Time) ([]registration.Registration, error) {
	onsite := append([]visitor{attendee}, h.crowd[:archiveOnsite-1]...)
	remote := h.crowd[archiveOnsite : archiveOnsite+archiveRemote]
	r := rush{opens: opens, until: closes.Add(-time.Hour), first: 0.42, tail: 0.9}
	list := claims(onsite, registration.Onsite, r.times(h, len(onsite)))
	r.first = 0.25
	list = append(list, claims(remote, registration.Remote, r.times(h, len(remote)))...)
	return h.register(ctx, e, list)
}

// arrive lets those who came in through the door between 8.15 and 9.40. A sixth
// of the seats stayed empty, as at every free day.
func (h *house) arrive(ctx context.Context, e edition.Edition, regs []registration.Registration) error {
	arrived, seats := 0, 0
	for _, r := range regs {
		if r.Kind != registration.Onsite {
			continue
		}
		seats++
		if comes := seats*archiveArrived/archiveOnsite > arrived || r.Email == attendee.email; !comes || arrived == archiveArrived {
			continue
		}
		h.clock.set(h.day(e.StartsAt, 0, 8, 15).Add(time.Duration(arrived*85*60/archiveArrived) * time.Second))
		if _, _, err := h.door.Arrive(ctx, e, h.organiser, r); err != nil {
			return err
		}
		arrived++
	}
	return nil
}

// answerInWriting collects what was left open in the session of two voices and
// has both write their answers in the fortnight after it.
func (s *stage) answerInWriting(ctx context.Context, from time.Time) error {
	var list []writtenText
	if err := read("2016-questions", &list); err != nil {
		return err
	}
	session := s.sessions["webinar"].ID
	collected := make([]qa.Collected, len(list))
	for i, q := range list {
		collected[i] = qa.Collected{Text: q.Text, Name: q.Name, AskedAt: from.Add(time.Duration(i*5) * time.Minute)}
	}
	s.h.clock.set(s.h.day(from, 1, 9, 0))
	if _, err := s.h.qa.Collect(ctx, session, collected); err != nil {
		return err
	}
	asked, err := s.h.qa.Questions(ctx, session)
	if err != nil {
		return err
	}
	ids := map[string]string{}
	for _, q := range asked {
		ids[q.Text] = q.ID
	}
	for i, q := range list {
		for j, a := range q.Answers {
			s.h.clock.set(s.h.day(from, 2+i+j*2, 15, 10*i))
			if _, err := s.h.qa.AnswerInWriting(ctx, ids[q.Text], s.speakers[a.By].ID, s.speakers[a.By].Name, a.Text); err != nil {
				return err
			}
		}
	}
	return s.h.qa.Close(ctx, session)
}
