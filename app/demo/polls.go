package demo

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"agora/app/poll"
	"agora/app/qa"
)

// pollPace is between one poll of the half hour and the next.
const pollPace = 7 * time.Minute

// fillPolls asks the room of the live session: what is over has its result, what runs
// takes ballots, and a draft waits for its moment.
func (s *stage) fillPolls(ctx context.Context, session string, list []pollText, cast *Cast) error {
	h := s.h
	r := pollRoom{h: h, session: session, desk: qa.Viewer{Room: session, View: qa.Moderator, Voter: "demo moderator", Person: cast.Moderator.ID}}
	for i, p := range list {
		h.clock.set(h.liveStart().Add(time.Duration(i+1) * pollPace))
		if err := r.play(ctx, i, p); err != nil {
			return fmt.Errorf("poll %d: %w", i+1, err)
		}
	}
	return nil
}

type pollRoom struct {
	h       *house
	session string
	desk    qa.Viewer
}

func (r pollRoom) do(ctx context.Context, v qa.Viewer, op string, in poll.Request) (string, error) {
	in.Op = op
	ack := r.h.polls.Do(ctx, v, in)
	return ack.ID, ack.Err()
}

func (r pollRoom) play(ctx context.Context, i int, p pollText) error {
	op := func(what string, n int) string { return fmt.Sprintf("demo %s %d %d", what, i, n) }
	in := poll.Request{Do: poll.ActAdd, Kind: p.Kind, Text: p.Text, Most: p.Most, Live: p.Live}
	for _, o := range p.Options {
		in.Options = append(in.Options, poll.Option{Text: o})
	}
	id, err := r.do(ctx, r.desk, op("poll", 0), in)
	if err != nil || p.Draft {
		return err
	}
	if _, err := r.do(ctx, r.desk, op("open", 0), poll.Request{Do: poll.ActOpen, Poll: id}); err != nil {
		return err
	}
	var ballots []string
	for _, b := range p.Ballots {
		for range b.N {
			ballots = append(ballots, b.Choice)
		}
	}
	err = together(len(ballots), func(n int) error {
		v := qa.Viewer{Room: r.session, View: qa.Audience, Voter: "demo voter " + strconv.Itoa(n)}
		_, err := r.do(ctx, v, op("ballot", n), poll.Request{Do: poll.ActBallot, Poll: id, Choice: []string{ballots[n]}})
		return err
	})
	if err != nil || !p.Closed {
		return err
	}
	// The first press leaves those who watch the stream their time, the second ends it.
	for n := range 2 {
		if _, err := r.do(ctx, r.desk, op("close", n), poll.Request{Do: poll.ActClose, Poll: id}); err != nil {
			return err
		}
	}
	return nil
}
