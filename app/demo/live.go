package demo

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"agora/app/program"
	"agora/app/program/exchange"
	"agora/app/qa"
	"agora/app/text"
)

const (
	// liveBefore and liveLength place the session around the start: it has gone
	// on for a while and lasts for as long as somebody may look around.
	liveBefore = 30 * time.Minute
	liveLength = 8 * time.Hour
	// voters is how many different people vote in the live session.
	voters = 96
)

var warmUpNote = text.Texts{
	text.Finnish: "Mukana ovat nyt myös etkot verkossa.",
	text.Swedish: "Nu finns också uppvärmningen på nätet med.",
	text.English: "The online warm-up has been added.",
}

// live makes the warm-up that is on now, with its room, and gives its path.
//
// The form takes sessions of the edition's own days only. So the warm-up gets
// its texts through the form and its time through an import, as it would from an
// organiser who plans in a spreadsheet.
func (s *stage) live(ctx context.Context, cast *Cast) (string, error) {
	var t liveText
	if err := read("2027-live", &t); err != nil {
		return "", err
	}
	h := s.h
	h.clock.set(h.now.AddDate(0, 0, -3))
	in, err := s.input(t.Session)
	if err != nil {
		return "", err
	}
	room := s.rooms[t.Session.Room]
	in.RoomID = ""
	x, err := h.program.SaveSession(ctx, h.organiser, s.e, "", in)
	if err != nil {
		return "", err
	}
	title := x.Title[text.Finnish]
	_, err = h.program.Import(ctx, h.organiser, s.e, exchange.Schedule{
		Title: s.e.Name(text.Finnish), TimeZone: s.e.Zone,
		Sessions: []exchange.Session{{GUID: x.GUID, Title: title, Room: room.Name[text.Finnish],
			Start: h.liveStart(), Duration: liveLength}},
	}, program.ImportOptions{Release: true, Note: warmUpNote})
	if err != nil {
		return "", err
	}
	return s.e.Path() + "/sessions/" + x.Slug + "/live", errors.Join(s.fillRoom(ctx, x.ID, t.Questions, cast), s.fillPolls(ctx, x.ID, t.Polls, cast))
}

// liveStart is half an hour ago, on a full five minutes.
func (h *house) liveStart() time.Time { return h.now.Add(-liveBefore).Truncate(5 * time.Minute) }

// fillRoom plays the first half hour of the session.
func (s *stage) fillRoom(ctx context.Context, session string, list []askedText, cast *Cast) error {
	h := s.h
	h.clock.set(h.liveStart())
	if _, err := h.qa.Open(ctx, session); err != nil {
		return err
	}
	r := &liveRoom{h: h, session: session, moderator: cast.Moderator.ID, ids: make([]string, len(list))}
	minute := func(m float64) { h.clock.set(h.now.Add(-time.Duration(m * float64(time.Minute)))) }
	for i, q := range list {
		minute(28 - 2*float64(i))
		if err := r.ask(ctx, i, q); err != nil {
			return err
		}
		if q.End == qa.StateNew {
			continue
		}
		if q.Source == "" { // a moderator's own needs nobody's approval
			if err := r.act(ctx, i, qa.Request{Do: qa.ActApprove}); err != nil {
				return err
			}
		}
	}
	minute(3)
	if err := r.vote(ctx, list); err != nil {
		return err
	}
	answering := 20.0
	for i, q := range list {
		var err error
		switch q.End {
		case qa.StateRejected:
			err = r.act(ctx, i, qa.Request{Do: qa.ActReject, Reason: q.Reason})
		case qa.StateQueued:
			err = r.act(ctx, i, qa.Request{Do: qa.ActQueue})
		case qa.StateNow, qa.StateAnswered:
			// The next one taken ends the one before.
			minute(answering)
			answering -= 8
			err = r.act(ctx, i, qa.Request{Do: qa.ActNow})
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// liveRoom is the room while its first half hour is played. ids are the
// questions' in the order of the list.
type liveRoom struct {
	h         *house
	session   string
	moderator string
	ids       []string
}

func (r *liveRoom) do(ctx context.Context, v qa.Viewer, in qa.Request) (string, error) {
	v.Room = r.session
	ack := r.h.qa.Do(ctx, v, in)
	if err := ack.Err(); err != nil {
		return "", fmt.Errorf("%s: %w", in.Do, err)
	}
	return ack.ID, nil
}

func (r *liveRoom) ask(ctx context.Context, i int, q askedText) (err error) {
	v := qa.Viewer{View: qa.Audience, Voter: "demo asker " + strconv.Itoa(i)}
	in := qa.Request{Op: "demo ask " + strconv.Itoa(i), Do: qa.ActAsk, Text: q.Text, Source: q.Source}
	if q.Name != "" {
		in.Name = &q.Name
	}
	if q.Source != "" {
		v = r.desk()
	}
	r.ids[i], err = r.do(ctx, v, in)
	return err
}

// act is a moderator's, on the i-th question.
func (r *liveRoom) act(ctx context.Context, i int, in qa.Request) error {
	in.Op, in.Question = fmt.Sprintf("demo %s %d", in.Do, i), r.ids[i]
	_, err := r.do(ctx, r.desk(), in)
	return err
}

func (r *liveRoom) desk() qa.Viewer {
	return qa.Viewer{View: qa.Moderator, Voter: "demo moderator", Person: r.moderator}
}

// vote casts all votes at once. Whose they are goes round, so that nobody votes
// faster than a person may.
func (r *liveRoom) vote(ctx context.Context, list []askedText) error {
	type ballot struct{ question, voter int }
	var all []ballot
	for i, q := range list {
		for range q.Votes {
			all = append(all, ballot{i, len(all) % voters})
		}
	}
	on := true
	return together(len(all), func(n int) error {
		b := all[n]
		v := qa.Viewer{View: qa.Audience, Voter: "demo voter " + strconv.Itoa(b.voter)}
		_, err := r.do(ctx, v, qa.Request{Op: "demo vote " + strconv.Itoa(n), Do: qa.ActVote, Question: r.ids[b.question], On: &on})
		return err
	})
}
