package realtime

import (
	"context"
	"errors"
	"time"
)

// Shutdown tells every viewer to come back, each at another moment within ByeSpread, closes all sockets and ends the
// hub. It takes no new viewers from its first instant on, and returns by the end of ctx, which leaves nobody behind
// either: what is still open then is cut.
func (h *Hub) Shutdown(ctx context.Context) error {
	h.mu.Lock()
	if h.stopping {
		h.mu.Unlock()
		return errors.New("realtime: already shut down")
	}
	h.stopping = true
	close(h.stop)
	if h.sockets == 0 {
		close(h.empty)
	}
	rooms := make([]*room, 0, len(h.rooms))
	for _, r := range h.rooms {
		rooms = append(rooms, r)
	}
	h.mu.Unlock()

	for _, r := range rooms {
		for _, v := range r.everybody() {
			v.part(CodeStopping, h.comeBack())
		}
	}
	var err error
	select {
	case <-h.empty:
	case <-ctx.Done():
		err = ctx.Err()
		for _, r := range rooms {
			for _, v := range r.everybody() {
				v.cut()
			}
		}
	}
	if late := h.finish(ctx); late != nil {
		return late
	}
	return err
}

// comeBack is when a viewer of a stopping server comes back. Nobody returns within the first twentieth: they would find
// the same server at its end.
func (h *Hub) comeBack() time.Duration {
	first := h.opt.ByeSpread / 20
	return first + jitter(h.opt.ByeSpread-first)
}

// finish ends what the hub does by itself.
func (h *Hub) finish(ctx context.Context) error {
	h.cancel()
	if h.opt.Broker != nil {
		h.opt.Broker.Close()
	}
	ended := make(chan struct{})
	go func() {
		h.work.Wait()
		close(ended)
	}()
	select {
	case <-ended:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
