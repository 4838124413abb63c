package poll

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/uptrace/bun"

	"agora/app/qa"
)

// resultMax is how many words or texts of a result are told, the most given first.
const resultMax = 100

// Counted is one line of a result.
type Counted struct {
	Item   string `json:"item"`
	Text   string `json:"text"`
	N      int64  `json:"n"`
	Hidden bool   `json:"hidden,omitempty"` // from all but moderators
}

// Shown is a poll as pages and viewers see it. Result is nil while it is not told.
type Shown struct {
	ID       string     `json:"id"`
	Kind     Kind       `json:"kind"`
	State    State      `json:"state"`
	Text     string     `json:"text"`
	Options  Options    `json:"options"`
	Most     int64      `json:"most"`
	Live     bool       `json:"live"`
	Rank     int64      `json:"rank"`
	Voters   int64      `json:"voters"`
	OpenedAt *time.Time `json:"opened_at,omitempty"`
	ClosesAt *time.Time `json:"closes_at,omitempty"`
	Result   []Counted  `json:"result"`
}

// Average of a rating; 0 when nobody gave a mark or the result is not told.
func (s Shown) Average() float64 {
	sum, n := int64(0), int64(0)
	for i, c := range s.Result {
		sum, n = sum+int64(i+1)*c.N, n+c.N
	}
	if n == 0 || s.Kind != KindRating {
		return 0
	}
	return float64(sum) / float64(n)
}

// as is the poll for one view.
func (p *Poll) as(v qa.View, tallies []tally) Shown {
	s := Shown{
		ID: p.ID, Kind: p.Kind, State: p.State, Text: p.Text, Options: p.Options, Most: p.Most, Live: p.Live, Rank: p.Rank,
		Voters: p.Voters, OpenedAt: p.OpenedAt, ClosesAt: p.ClosesAt,
	}
	if p.Tells(v) {
		s.Result = p.result(v, tallies)
	}
	return s
}

// result lists the options and marks in their order, also those nobody chose; words
// and texts by how many gave them.
func (p *Poll) result(v qa.View, tallies []tally) []Counted {
	n := map[string]int64{}
	for _, t := range tallies {
		n[t.Item] = t.N
	}
	list := []Counted{}
	switch p.Kind {
	case KindChoice, KindChoices:
		for _, o := range p.Options {
			list = append(list, Counted{Item: o.ID, Text: o.Text, N: n[o.ID]})
		}
		return list
	case KindRating:
		for mark := int64(1); mark <= p.Most; mark++ {
			item := fmt.Sprint(mark)
			list = append(list, Counted{Item: item, Text: item, N: n[item]})
		}
		return list
	}
	for _, t := range tallies {
		if t.N > 0 && (!t.Hidden || v == qa.Moderator) {
			list = append(list, Counted{Item: t.Item, Text: t.Label, N: t.N, Hidden: t.Hidden})
		}
	}
	slices.SortFunc(list, func(a, b Counted) int { return cmp.Or(cmp.Compare(b.N, a.N), cmp.Compare(a.Item, b.Item)) })
	return list
}

// List gives the polls a view sees, in their order, with their results, for pages
// that are drawn without a script and for exports.
func (s *Service) List(ctx context.Context, session string, v qa.View) ([]Shown, error) {
	if v >= qa.Views {
		return nil, nil
	}
	polls, tallies, err := s.read(ctx, session, -1)
	list := []Shown{}
	for _, p := range polls {
		if Sees(v, p.State) {
			list = append(list, p.as(v, tallies[p.ID]))
		}
	}
	return list, err
}

// Items gives the polls that are newer than since, encoded for each view, as qa gives
// questions: both are parts of the same room. Read the questions first: their version
// must not be newer than what is beside it.
func (s *Service) Items(ctx context.Context, session string, since int64) ([]qa.Item, error) {
	polls, tallies, err := s.read(ctx, session, since)
	if err != nil {
		return nil, err
	}
	list := make([]qa.Item, len(polls))
	for i, p := range polls {
		list[i] = qa.Item{ID: p.ID, Version: p.Version}
		for v := range list[i].Views {
			if view := qa.View(v); Sees(view, p.State) {
				b, err := json.Marshal(p.as(view, tallies[p.ID]))
				if err != nil {
					return nil, err
				}
				list[i].Views[v] = b
			}
		}
	}
	return list, nil
}

func (s *Service) read(ctx context.Context, session string, since int64) ([]*Poll, map[string][]tally, error) {
	var polls []*Poll
	err := s.db.Read.NewSelect().Model(&polls).Where("session_id = ? AND version > ?", session, since).Order("rank", "id").Scan(ctx)
	if err != nil {
		return nil, nil, fmt.Errorf("reading polls: %w", err)
	}
	if len(polls) == 0 {
		return nil, nil, nil
	}
	ids := make([]string, len(polls))
	for i, p := range polls {
		ids[i] = p.ID
	}
	var rows []tally
	err = s.db.Read.NewRaw(`SELECT poll_id, item, label, n, hidden FROM (
			SELECT t.*, row_number() OVER (PARTITION BY poll_id ORDER BY n DESC, item) AS place FROM poll_tally AS t WHERE poll_id IN (?)
		) AS ranked WHERE place <= ? ORDER BY poll_id, place`, bun.List(ids), resultMax).Scan(ctx, &rows)
	tallies := map[string][]tally{}
	for _, t := range rows {
		tallies[t.PollID] = append(tallies[t.PollID], t)
	}
	if err != nil {
		err = fmt.Errorf("reading results of polls: %w", err)
	}
	return polls, tallies, err
}
