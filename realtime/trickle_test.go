package realtime

import (
	"fmt"
	"testing"
	"time"
)

// A viewer who takes a byte now and then makes no progress that counts: it is cut, the others get every version in
// order, and when it comes back it has everything in one frame.
func TestTricklingViewerIsCutAndComesBack(t *testing.T) {
	b := newBoard()
	n := startNode(t, b, func(o *Options) { o.Stall = 200 * time.Millisecond })
	others := make([]*client, 5)
	for i := range others {
		others[i] = n.join(t, dialing{pass: passFor("aula", Audience, fmt.Sprint("other", i))})
		others[i].want("snapshot")
	}
	slow := n.join(t, dialing{net: narrow})
	slow.want("snapshot")
	taken, rounds := 0, 0
	eventually(t, "the slow one is cut", func() bool {
		version := flood(n, b, others[0], 1)
		for _, c := range others[1:] {
			for c.version < version {
				before := c.version
				if c.want("patch"); c.version <= before {
					t.Fatalf("version %d after %d", c.version, before)
				}
			}
		}
		var one [1]byte
		must(t, slow.ws.NetConn().SetReadDeadline(time.Now().Add(patience)))
		got, err := slow.ws.NetConn().Read(one[:])
		taken, rounds = taken+got, rounds+1
		return err != nil || n.hub.Figures().Stalled == 1
	})
	if taken > 2*rounds || n.hub.Figures().Stalled != 1 {
		t.Fatalf("it took %d bytes in %d rounds, %+v", taken, rounds, n.hub.Figures())
	}
	back := n.join(t, dialing{since: fmt.Sprintf("%s.%d", slow.epoch, slow.version)})
	back.epoch, back.items = slow.epoch, slow.items
	back.want("patch")
	if back.version != others[0].version || back.items["q1"] != others[0].items["q1"] {
		t.Fatal("it came back to another state")
	}
}

// Without the hub's way of writing the same two viewers hold each other up: who writes to one after the other waits
// for the one that reads nothing.
func TestWritingInTurnWaitsForTheStalled(t *testing.T) {
	b := newBoard()
	n := startNode(t, b)
	stuck := n.join(t, dialing{net: narrow})
	stuck.want("snapshot")
	v := n.hub.room("aula").everybody()[0]
	frame := textFrame(make([]byte, 1<<20))
	if taken, err := v.line.try(frame); err != nil || taken == len(frame) {
		t.Fatalf("%d bytes fit into the buffers (%v), so this proves nothing", taken, err)
	}
	must(t, v.line.SetWriteDeadline(time.Now().Add(100*time.Millisecond)))
	if _, err := v.line.Conn.Write(frame); err == nil {
		t.Fatal("a plain write does not wait")
	}
}
