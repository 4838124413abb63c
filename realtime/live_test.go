package realtime

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

func TestSnapshotThenPatchesConverge(t *testing.T) {
	b := newBoard()
	b.put("q1", "first", true)
	b.put("q2", "pending", false)
	n := startNode(t, b)
	audience := n.join(t, dialing{})
	moderator := n.join(t, dialing{view: Moderator})
	if f := audience.want("snapshot"); f.V != 3 || string(f.Room) != `{"title":"Aula"}` {
		t.Fatalf("snapshot %+v", f)
	}
	audience.shows("q1=first")
	moderator.want("snapshot")
	moderator.shows("q1=first q2=pending")

	n.hub.Notify("aula", b.put("q2", "approved", true))
	n.turn()
	f := audience.want("patch")
	if len(f.Questions) != 1 || len(f.Gone) != 0 || f.Room != nil {
		t.Fatalf("a patch holds what changed and nothing else: %+v", f)
	}
	audience.shows("q1=first q2=approved")
	moderator.want("patch")

	n.hub.Notify("aula", b.put("q1", "hidden", false))
	n.turn()
	if f := audience.want("patch"); len(f.Gone) != 1 || f.Gone[0] != "q1" {
		t.Fatalf("gone %+v", f)
	}
	audience.shows("q2=approved")
	moderator.want("patch")
	moderator.shows("q1=hidden q2=approved")
}

func TestHiddenItemsNeverReachAView(t *testing.T) {
	b := newBoard()
	n := startNode(t, b)
	audience := n.join(t, dialing{})
	moderator := n.join(t, dialing{view: Moderator})
	audience.want("snapshot")
	moderator.want("snapshot")
	// Pending ones: not their texts, and not even their ids.
	for i := range 3 {
		n.hub.Notify("aula", b.put("q1", fmt.Sprint("draft ", i), false))
		n.turn()
		moderator.want("patch")
	}
	n.hub.Notify("aula", b.put("q2", "open", true))
	n.turn()
	if f := audience.want("patch"); f.V != 5 || len(f.Gone) != 0 || len(f.Questions) != 1 {
		t.Fatalf("audience learnt of something it may not see: %+v", f)
	}
}

func TestResumeBySince(t *testing.T) {
	b := newBoard()
	b.put("q1", "one", true) // version 2
	n := startNode(t, b)
	first := n.join(t, dialing{})
	first.want("snapshot")
	b.put("q2", "two", true)
	n.hub.Notify("aula", b.put("q3", "three", true)) // 4
	n.turn()
	first.want("patch")

	back := n.join(t, dialing{since: "e1.2"})
	back.epoch, back.items["q1"] = "e1", "one"
	if f := back.want("patch"); f.V != 4 || len(f.Questions) != 2 {
		t.Fatalf("resumed with %+v", f)
	}
	back.shows("q1=one q2=two q3=three")

	same := n.join(t, dialing{since: "e1.4"})
	same.epoch = "e1"
	if f := same.want("patch"); f.V != 4 || len(f.Questions) != 0 {
		t.Fatalf("nothing was new, but got %+v", f)
	}
	for _, since := range []string{"old.4", "e1.99", "e1.-1", "e1", ".4", "e1.4x"} {
		n.join(t, dialing{since: since}).want("snapshot")
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.loads != 2 {
		t.Fatalf("%d readings; a viewer must not cost one", b.loads)
	}
	if got := n.hub.Figures().Snapshots; got > 2 {
		t.Fatalf("%d snapshots of one view at two versions", got)
	}
}

func TestEpochChangeGivesEverybodyASnapshot(t *testing.T) {
	b := newBoard()
	b.put("q1", "one", true)
	n := startNode(t, b)
	c := n.join(t, dialing{})
	c.want("snapshot")
	b.set(func(b *board) { b.epoch, b.version = "e2", 1; delete(b.items, "q1"); b.order = nil })
	b.put("q9", "after", true)
	n.hub.Notify("aula", 0)
	n.turn()
	if f := c.want("snapshot"); f.Epoch != "e2" {
		t.Fatalf("got %+v", f)
	}
	c.shows("q9=after")
}

func TestThousandNotifiesAreOnePatch(t *testing.T) {
	b := newBoard()
	n := startNode(t, b)
	c := n.join(t, dialing{})
	c.want("snapshot")
	before := n.hub.Figures()
	for i := range 1000 {
		n.hub.Notify("aula", b.put("q1", fmt.Sprint(i), true))
	}
	n.turn()
	if f := c.want("patch"); f.V != 1001 {
		t.Fatalf("got version %d", f.V)
	}
	c.shows("q1=999")
	n.turn()
	n.hub.Notify("aula", b.put("q2", "next", true))
	n.turn()
	if f := c.want("patch"); f.V != 1002 || len(f.Questions) != 1 {
		t.Fatalf("something came between: %+v", f)
	}
	if after := n.hub.Figures(); after.Patches-before.Patches != 2 || after.Loads-before.Loads != 2 {
		t.Fatalf("from %+v to %+v", before, after)
	}
}

func TestUrgentDoesNotWaitForTheTick(t *testing.T) {
	b := newBoard()
	n := startNode(t, b)
	c := n.join(t, dialing{})
	c.want("snapshot")
	n.hub.Urgent("aula", b.put("q1", "now answering", true))
	c.want("patch")
}

func TestOneSnapshotForAStormOfNewcomers(t *testing.T) {
	b := newBoard()
	b.put("q1", "one", true)
	n := startNode(t, b, func(o *Options) { o.SocketsPerVoter = 1000 })
	const crowd = 60
	joined := make(chan *client, crowd)
	for range crowd {
		go func() {
			ws, _, err := n.dial(dialing{})
			if err != nil {
				joined <- nil
				return
			}
			joined <- &client{T: t, ws: ws, items: map[string]string{}}
		}()
	}
	for range crowd {
		c := <-joined
		if c == nil {
			t.Fatal("could not join")
		}
		c.want("snapshot")
		c.ws.Close()
	}
	if f := n.hub.Figures(); f.Snapshots != 1 || f.Loads != 1 {
		t.Fatalf("%+v for one room, view and version", f)
	}
}

func TestNewcomersShareASnapshotWhilePeopleVote(t *testing.T) {
	b := newBoard()
	b.put("q1", "one", true)
	now := time.Now()
	n := startNode(t, b, func(o *Options) { o.Now = func() time.Time { return now } })
	first := n.join(t, dialing{})
	first.want("snapshot")
	for i := range 5 {
		version := b.put("q2", fmt.Sprint("vote ", i), true)
		n.hub.Notify("aula", version)
		n.turn()
		first.until(version)
		c := n.join(t, dialing{})
		c.want("snapshot")
		c.until(version)
		c.shows(fmt.Sprint("q1=one q2=vote ", i))
	}
	if f := n.hub.Figures(); f.Snapshots != 1 {
		t.Fatalf("%d snapshots", f.Snapshots)
	}
	// But what was hidden is not shown to anybody new, not even for a moment.
	version := b.put("q1", "hidden", false)
	n.hub.Notify("aula", version)
	n.turn()
	first.until(version)
	c := n.join(t, dialing{})
	if f := c.want("snapshot"); f.V != version {
		t.Fatalf("an old snapshot %+v", f)
	}
	c.shows("q2=vote 4")
}

func TestMine(t *testing.T) {
	b := newBoard()
	b.mine["anna"] = "q1"
	n := startNode(t, b)
	tab := n.join(t, dialing{pass: passFor("aula", Audience, "anna")})
	other := n.join(t, dialing{pass: passFor("aula", Audience, "anna")})
	stranger := n.join(t, dialing{pass: passFor("aula", Audience, "bo")})
	for _, c := range []*client{tab, other, stranger} {
		c.want("snapshot")
	}
	tab.want("mine")
	if f := other.want("mine"); len(f.Votes) != 1 || f.Votes[0] != "q1" {
		t.Fatalf("got %+v", f)
	}
	// What happens to somebody's question reaches all their tabs, and an act in one tab the others.
	b.set(func(b *board) { b.mine["anna"] = "q2"; b.touched = []string{"anna"} })
	n.hub.Notify("aula", b.put("q2", "hers", false))
	n.turn()
	tab.want("mine")
	other.want("mine")
	b.set(func(b *board) { b.mine["anna"] = "q3" })
	tab.send(`{"op":"1","do":"ask"}`)
	tab.want("ack")
	if f := other.want("mine"); f.Votes[0] != "q3" {
		t.Fatalf("got %+v", f)
	}
	n.hub.Notice("aula", "the hall has changed")
	if f := stranger.next(); f.T != "notice" || f.Text != "the hall has changed" {
		t.Fatalf("a stranger got %+v", f)
	}
}

func TestPresence(t *testing.T) {
	b := newBoard()
	n := startNode(t, b)
	c := n.join(t, dialing{})
	m := n.join(t, dialing{view: Moderator})
	c.want("snapshot")
	m.want("snapshot")
	n.send(n.beat)
	if f := c.want("presence"); f.N != 1 || f.Views["moderator"] != 1 {
		t.Fatalf("got %+v", f)
	}
	m.ws.Close()
	eventually(t, "the moderator is counted out", func() bool { return n.hub.Present("aula")[Moderator] == 0 })
	for range PresenceBeats {
		n.send(n.beat)
	}
	if f := c.want("presence"); f.N != 1 || f.Views["moderator"] != 0 {
		t.Fatalf("got %+v", f)
	}
}

func TestRoomThatCannotBeRead(t *testing.T) {
	b := newBoard()
	n := startNode(t, b)
	c := n.join(t, dialing{room: "nowhere"})
	if code, _ := c.closedWith(); code != CodeNoRoom {
		t.Fatalf("closed with %d", code)
	}
	b.set(func(b *board) { b.fail = fmt.Errorf("the database is away") })
	c = n.join(t, dialing{})
	if f := c.want("bye"); f.RetryMS == nil {
		t.Fatalf("got %+v", f)
	}
	if code, reason := c.closedWith(); code != CodeUnavailable || !strings.Contains(reason, "retry_ms=") {
		t.Fatalf("closed with %d %q", code, reason)
	}
	b.set(func(b *board) { b.fail = nil })
	c = n.join(t, dialing{})
	c.want("snapshot")
	// Who has a state keeps it, and gets the next one when reading works again.
	b.set(func(b *board) { b.fail = fmt.Errorf("the database is away") })
	n.hub.Notify("aula", b.put("q1", "late", true))
	n.turn()
	eventually(t, "a reading failed", func() bool { return n.hub.Figures().Loads == 4 })
	b.set(func(b *board) { b.fail = nil })
	eventually(t, "the beat tries again", func() bool {
		n.send(n.beat)
		n.turn()
		return n.hub.Figures().Loads > 4
	})
	for c.version < 2 {
		c.next()
	}
	c.shows("q1=late")
}
