package live

import (
	"encoding/json"
	"strconv"

	"agora/app/fail"
	"agora/app/printing"
	"agora/realtime"
)

// printRoom is a printout as those who watch it see it: its page has the words.
type printRoom struct {
	State printing.State `json:"state"`
	Done  int64          `json:"done"`
	Total int64          `json:"total"`
}

// printChanges shows a printout to the transport as a room without items, which
// organisers watch. Its version is counted in its row, like a live room's.
func printChanges(p printing.Printout, err error) (c realtime.Changes, _ error) {
	if fail.Is(err, fail.NotFound) {
		return c, realtime.ErrNoRoom
	}
	if err != nil {
		return c, err
	}
	raw, err := json.Marshal(printRoom{State: p.State, Done: p.Done, Total: p.Total})
	c = realtime.Changes{Epoch: strconv.FormatInt(p.CreatedAt.UnixMicro(), 36), Version: p.Version, RoomVersion: p.Version}
	for view := range c.Room {
		c.Room[view] = json.RawMessage("{}")
	}
	c.Room[realtime.Moderator] = raw
	return c, err
}
