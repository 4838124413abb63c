package realtime

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"testing"
	"time"
)

// counting lets viewers clap and laugh, unless it is switched off.
func counting(off *bool) func(*Options) {
	return func(o *Options) {
		o.TallyType = "reactions"
		o.Tally = func(_ context.Context, _ Viewer, act Act) (string, string, bool) {
			var with struct {
				Kind string `json:"kind"`
			}
			switch {
			case act.Do != "react":
				return "", "", false
			case *off:
				return "", "reactions_off", true
			case json.Unmarshal(act.Frame, &with) != nil || with.Kind == "":
				return "", ErrorBadAct, true
			case with.Kind == "panic":
				panic("a broken count")
			}
			return with.Kind, "", true
		}
	}
}

func (c *client) react(op, kind string) frameIn {
	c.Helper()
	c.send(fmt.Sprintf(`{"op":%q,"do":"react","kind":%q}`, op, kind))
	for {
		if f := c.next(); f.T == "ack" {
			return f
		}
	}
}

// counts reads frames of counts until their sum is as large as wanted, and then up to an answer, so that what is too
// much shows as well.
func (c *client) counts(want int64) map[string]int64 {
	c.Helper()
	sum, all := map[string]int64{}, int64(0)
	for asked := false; ; {
		if all >= want && !asked {
			c.send(`{"op":"probe","do":"nothing"}`)
			asked = true
		}
		must(c, c.ws.SetReadDeadline(time.Now().Add(patience)))
		_, raw, err := c.ws.ReadMessage()
		must(c, err)
		var f struct {
			T      string           `json:"t"`
			Counts map[string]int64 `json:"counts"`
		}
		must(c, json.Unmarshal(raw, &f))
		switch f.T {
		case "reactions":
			for name, n := range f.Counts {
				sum[name] += n
				all += n
			}
		case "ack":
			return sum
		}
	}
}

func (c *client) counted(want map[string]int64) {
	c.Helper()
	all := int64(0)
	for _, n := range want {
		all += n
	}
	if got := c.counts(all); !maps.Equal(got, want) {
		c.Errorf("counted %v, want %v", got, want)
	}
}

// settle ends a beat.
func (n *node) settle() {
	n.t.Helper()
	n.send(n.beat)
	n.turn() // the beat has surely ended
}

func TestCountsAreGatheredForABeat(t *testing.T) {
	off := false
	n := startNode(t, newBoard(), counting(&off))
	one, two := n.join(t, dialing{pass: passFor("aula", Audience, "one")}), n.join(t, dialing{view: Stage})
	one.want("snapshot")
	two.want("snapshot")
	for i, kind := range []string{"clap", "clap", "laugh"} {
		if f := one.react(fmt.Sprint(i), kind); !f.OK {
			t.Fatalf("refused: %+v", f)
		}
	}
	one.counted(map[string]int64{}) // not before the beat
	n.settle()
	for _, c := range []*client{one, two} {
		c.counted(map[string]int64{"clap": 2, "laugh": 1})
	}
	n.settle()
	one.counted(map[string]int64{}) // only what is new
	// Who comes later is not told of a wave that is over.
	late := n.join(t, dialing{pass: passFor("aula", Audience, "late")})
	late.want("snapshot")
	late.counted(map[string]int64{})
}

func TestOneViewerAddsOnlySoMuch(t *testing.T) {
	off := false
	n := startNode(t, newBoard(), counting(&off))
	tabs := []*client{n.join(t, dialing{}), n.join(t, dialing{})} // of one person
	other := n.join(t, dialing{pass: passFor("aula", Audience, "other")})
	for _, c := range append(tabs, other) {
		c.want("snapshot")
	}
	done, slow := 0, 0
	for i := range 2 * TalliesPerBeat {
		switch f := tabs[i%2].react(fmt.Sprint(i), "clap"); {
		case f.OK:
			done++
		case f.Error != nil && f.Error.Code == ErrorSlowDown:
			slow++
		default:
			t.Errorf("answered %+v", f)
		}
	}
	if done != TalliesPerBeat || slow != TalliesPerBeat {
		t.Errorf("%d were taken and %d put off", done, slow)
	}
	other.react("o", "clap")
	n.settle()
	other.counted(map[string]int64{"clap": TalliesPerBeat + 1})
	if f := tabs[0].react("again", "clap"); !f.OK {
		t.Errorf("the next beat: %+v", f)
	}
}

func TestCountsSwitchedOff(t *testing.T) {
	off := true
	b := newBoard()
	n := startNode(t, b, counting(&off))
	c := n.join(t, dialing{})
	c.want("snapshot")
	if f := c.react("1", "clap"); f.Error == nil || f.Error.Code != "reactions_off" {
		t.Errorf("answered %+v", f)
	}
	n.settle()
	c.counted(map[string]int64{})
	off = false
	if f := c.react("2", ""); f.Error == nil || f.Error.Code != ErrorBadAct {
		t.Errorf("no kind: %+v", f)
	}
	if f := c.react("3", "panic"); f.Error == nil || f.Error.Code != ErrorInternal {
		t.Errorf("a broken consumer: %+v", f)
	}
	// The control: the same viewer, switched on.
	if f := c.react("4", "clap"); !f.OK {
		t.Errorf("answered %+v", f)
	}
	n.settle()
	c.counted(map[string]int64{"clap": 1})
	if b.set(func(b *board) {}); len(b.acts) != 2 { // the probes alone
		t.Errorf("counts reached the acts: %v", b.acts)
	}
}

func TestNodesAgreeOnCounts(t *testing.T) {
	off := false
	s := newNATSServer(t)
	s.up()
	var between Memory
	for name, end := range map[string]func() Broker{"memory": between.Join, "nats": func() Broker { return natsBroker(t, s) }} {
		t.Run(name, func(t *testing.T) {
			one := startNode(t, newBoard(), counting(&off), withBroker(end()))
			two := startNode(t, newBoard(), counting(&off), withBroker(end()))
			eventually(t, "both hear", func() bool { return one.hub.Health().OK && two.hub.Health().OK })
			here, there := one.join(t, dialing{}), two.join(t, dialing{pass: passFor("aula", Audience, "b")})
			here.want("snapshot")
			there.want("snapshot")
			for _, way := range [][2]*node{{one, two}, {two, one}} {
				eventually(t, "they hear each other", func() bool {
					way[0].hub.Notify("aula", 0)
					way[0].turn()
					return marked(way[1].hub, "aula")
				})
			}
			here.react("1", "clap")
			here.react("2", "heart")
			there.react("3", "clap")
			one.settle()
			sum := here.counts(2)
			eventually(t, "the second node hears of the first's", func() bool { return heardOf(two.hub, "aula") == 2 })
			two.settle()
			want := map[string]int64{"clap": 2, "heart": 1}
			there.counted(want)
			eventually(t, "and the other way round", func() bool { return heardOf(one.hub, "aula") == 1 })
			one.settle()
			for name, n := range here.counts(1) {
				sum[name] += n
			}
			if !maps.Equal(sum, want) {
				t.Errorf("the first node counted %v", sum)
			}
		})
	}
}

// heardOf is how many a room has from other nodes for its next frame.
func heardOf(h *Hub, name string) (sum int64) {
	r := h.room(name)
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, n := range r.passing.heard {
		sum += n
	}
	return sum
}

// Whatever other nodes say, a beat's counts stay small.
func TestCountsFromElsewhereAreBounded(t *testing.T) {
	off := false
	n := startNode(t, newBoard(), counting(&off))
	c := n.join(t, dialing{})
	c.want("snapshot")
	for i := range 10 * talliesKept {
		n.hub.receive(Message{Room: "aula", Node: "other", Counts: map[string]int64{fmt.Sprint("kind", i): 1, "minus": -5}})
	}
	n.hub.receive(Message{Room: "nobody is here", Node: "other", Counts: map[string]int64{"clap": 1}})
	n.settle()
	if got := c.counts(talliesKept); len(got) != talliesKept {
		t.Errorf("%d kinds", len(got))
	}
}

func TestSayingInEverybodysLanguage(t *testing.T) {
	b := newBoard()
	var between Memory
	one := startNode(t, b, withBroker(between.Join()))
	two := startNode(t, b, withBroker(between.Join()))
	speaks := func(lang string) string {
		return Pass{Room: "aula", View: Audience, Voter: "v" + lang, Lang: lang, Expires: time.Now().Add(time.Hour)}.Sign(testKey)
	}
	fi, sv := one.join(t, dialing{pass: speaks("fi")}), two.join(t, dialing{pass: speaks("sv")})
	en := two.join(t, dialing{pass: speaks("en")})
	elsewhere := two.join(t, dialing{room: "sali"})
	for _, c := range []*client{fi, sv, en, elsewhere} {
		c.want("snapshot")
	}
	one.hub.Say([]string{"aula", "unknown"}, Saying{ID: "n1", Texts: map[string]string{"fi": "Sali vaihtui", "sv": "Salen har bytts"}, First: "fi"})
	for c, want := range map[*client][2]string{fi: {"Sali vaihtui", ""}, sv: {"Salen har bytts", ""}, en: {"Sali vaihtui", "fi"}} {
		if f := c.want("notice"); f.ID != "n1" || f.Text != want[0] || f.Lang != want[1] {
			t.Errorf("got %+v, want %v", f, want)
		}
	}
	one.hub.Say([]string{"aula"}, Saying{ID: "n1"})
	if f := en.want("notice"); f.ID != "n1" || f.Text != "" || f.Lang != "" {
		t.Errorf("taken back: %+v", f)
	}
	elsewhere.counted(map[string]int64{}) // the control: nothing was said there
}
