package realtime

import (
	"fmt"
	"testing"
)

func TestMemoryIsGivenBackOnceACrowdIsIn(t *testing.T) {
	given := make(chan struct{}, 9)
	n := startNode(t, newBoard(), func(o *Options) {
		o.trimCrowd, o.trim = 3, func() { given <- struct{}{} }
	})
	come := func(number int) (came []*client) {
		for i := range number {
			c := n.join(t, dialing{pass: passFor("aula", Audience, fmt.Sprint("v", i))})
			c.want("snapshot")
			came = append(came, c)
		}
		return came
	}
	beats := func(want int) {
		t.Helper()
		for range TrimBeats + 1 {
			n.send(n.beat)
		}
		n.turn() // the last beat has surely ended
		n.gaveBack(t, given, want)
	}
	few := come(2)
	beats(0)
	come(1)
	beats(1)
	beats(0) // once is enough
	for _, c := range few {
		c.ws.Close()
	}
	eventually(t, "they left", func() bool { return n.hub.Health().Sockets == 1 })
	beats(0)
	come(3)
	beats(1)
}

// gaveBack counts how often memory was given back.
func (n *node) gaveBack(t *testing.T, given chan struct{}, want int) {
	t.Helper()
	if want > 0 {
		eventually(t, "memory is given back", func() bool { return len(given) == want })
	}
	if len(given) != want {
		t.Fatalf("memory was given back %d times, want %d", len(given), want)
	}
	for range want {
		<-given
	}
}
