package realtime

import (
	"context"
	"encoding/json"
	"fmt"
	"sync"
)

// board is a consumer small enough to reason about: items with a text, shown to moderators always and to the others
// when approved.
type board struct {
	mu      sync.Mutex
	epoch   string
	version int64
	items   map[string]*entry
	order   []string
	touched []string
	loads   int
	fail    error
	acts    []string          // "voter op do"
	done    map[string]string // op → id, as an idempotent consumer keeps it
	mine    map[string]string
	onAct   func(act Act) json.RawMessage
}

type entry struct {
	text     string
	approved bool
	version  int64
}

func newBoard() *board {
	return &board{epoch: "e1", version: 1, items: map[string]*entry{}, done: map[string]string{}, mine: map[string]string{}}
}

// put changes an item and returns the room's new version.
func (b *board) put(id, text string, approved bool) int64 {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.version++
	if b.items[id] == nil {
		b.order = append(b.order, id)
	}
	b.items[id] = &entry{text, approved, b.version}
	return b.version
}

func (b *board) set(change func(b *board)) {
	b.mu.Lock()
	defer b.mu.Unlock()
	change(b)
}

func (b *board) Changes(_ context.Context, room string, since int64) (Changes, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.loads++
	if room == "nowhere" {
		return Changes{}, ErrNoRoom
	}
	if b.fail != nil {
		return Changes{}, b.fail
	}
	c := Changes{Epoch: b.epoch, Version: b.version, RoomVersion: 1, Touched: b.touched}
	b.touched = nil
	for v := range c.Room {
		c.Room[v] = json.RawMessage(`{"title":"Aula"}`)
	}
	for _, id := range b.order {
		e := b.items[id]
		if e.version <= since {
			continue
		}
		raw := encode(map[string]string{"id": id, "text": e.text})
		item := Item{ID: id, Version: e.version}
		item.Views[Moderator] = raw
		if e.approved {
			item.Views[Audience], item.Views[Stage], item.Views[Screen] = raw, raw, raw
		}
		c.Items = append(c.Items, item)
	}
	return c, nil
}

func (b *board) Mine(_ context.Context, v Viewer) (json.RawMessage, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.mine[v.Voter] == "" {
		return nil, nil
	}
	return encode(map[string]any{"t": "mine", "votes": []string{b.mine[v.Voter]}}), nil
}

func (b *board) Act(_ context.Context, v Viewer, act Act) json.RawMessage {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.acts = append(b.acts, v.Voter+" "+act.Op+" "+act.Do)
	if b.onAct != nil {
		return b.onAct(act)
	}
	if act.Do == "panic" {
		panic("a broken act")
	}
	if act.Do != "ask" {
		return AckError(act.Op, "unknown_act", "unknown act")
	}
	if b.done[act.Op] == "" {
		b.done[act.Op] = fmt.Sprintf("id-%d", len(b.done)+1)
	}
	return AckOK(act.Op, b.done[act.Op], nil)
}
