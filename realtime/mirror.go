package realtime

import (
	"encoding/json"
	"slices"
	"strconv"
)

// mirror is a room's newest state as this node knows it. Its room guards it.
type mirror struct {
	epoch   string
	version int64

	room        [Views]json.RawMessage
	roomVersion int64

	items []*mirrored
	lists []string // names of lists beside the room's own, in the order they came
	byID  map[string]*mirrored
	steps []int64 // versions this node loaded, rising; the newest stepsKept of them
}

// stepsKept covers several minutes of a busy room: who is behind further may be told of hidden items' ids.
const stepsKept = 4096

// mirrored is an item and what is known about who may have seen it. born is the mirror's version before the load that
// first showed the item: nobody at that version or below has it.
type mirrored struct {
	Item
	born int64
	seen [Views]bool // visible in some load
}

// applied says what a load did.
type applied struct {
	changed bool
	hid     [Views]bool // something a view could see is gone from it
}

// replace takes everything anew: first load, or another epoch.
func (m *mirror) replace(c Changes) {
	*m = mirror{
		epoch: c.Epoch, version: c.Version,
		room: c.Room, roomVersion: c.RoomVersion,
		items: make([]*mirrored, 0, len(c.Items)),
		byID:  make(map[string]*mirrored, len(c.Items)),
		steps: []int64{c.Version},
	}
	for _, item := range c.Items {
		// What came before this node looked is unknown, so each view may have seen it.
		it := &mirrored{Item: item, seen: [Views]bool{true, true, true, true}}
		m.items = append(m.items, it)
		m.byID[item.ID] = it
		m.know(item.List)
	}
}

// know notes the name of a further list.
func (m *mirror) know(list string) {
	if list != "" && !slices.Contains(m.lists, list) {
		m.lists = append(m.lists, list)
	}
}

// apply takes what is newer. A load that is older than the mirror, which two readers of one database may give,
// changes nothing.
func (m *mirror) apply(c Changes) (a applied) {
	if c.Version <= m.version {
		return a
	}
	base := m.version
	a.changed, m.version = true, c.Version
	if m.steps = append(m.steps, c.Version); len(m.steps) > 2*stepsKept {
		m.steps = slices.Clone(m.steps[stepsKept:])
	}
	if c.RoomVersion > m.roomVersion {
		m.room, m.roomVersion = c.Room, c.RoomVersion
	}
	for _, item := range c.Items {
		it := m.byID[item.ID]
		if it == nil {
			it = &mirrored{born: base}
			m.items = append(m.items, it)
			m.byID[item.ID] = it
			m.know(item.List)
		}
		for v := range item.Views {
			a.hid[v] = a.hid[v] || item.Views[v] == nil && it.Views[v] != nil
			it.seen[v] = it.seen[v] || item.Views[v] != nil
		}
		it.Item = item
	}
	return a
}

// goneFor tells whether a viewer at version from may hold the item although its view must not see it now. A viewer
// whose version this node never loaded comes from another one, which may have shown what this one did not see.
func (it *mirrored) goneFor(view View, from int64, foreign bool) bool {
	return from > it.born && (it.seen[view] || foreign)
}

// snapshot is everything a view may see.
func (m *mirror) snapshot(view View, itemsKey string) []byte {
	size := 128 + len(m.room[view])
	for _, it := range m.items {
		size += len(it.Views[view]) + 1
	}
	b := m.head(newFrame(size), "snapshot")
	b = appendMember(b, "room", m.room[view])
	b, _ = m.list(b, itemsKey, "", view, -1, true)
	for _, list := range m.lists {
		b, _ = m.list(b, list, list, view, -1, false)
	}
	return seal(opText, append(b, '}'))
}

// list writes the items of one list that are newer than from and may be seen. It tells whether there were any; without,
// only a list that is always there is written.
func (m *mirror) list(b []byte, name, list string, view View, from int64, always bool) ([]byte, bool) {
	before := len(b)
	b = append(append(append(b, `,"`...), name...), `":[`...)
	first := true
	for _, it := range m.items {
		if it.List == list && it.Version > from && it.Views[view] != nil {
			b = appendItem(b, it.Views[view], &first)
		}
	}
	if first && !always {
		return b[:before], false
	}
	return append(b, ']'), !first
}

// patch is what a view may see of everything newer than from; the second value is false when that is nothing.
func (m *mirror) patch(view View, from int64, itemsKey string) ([]byte, bool) {
	b := m.head(newFrame(512), "patch")
	some := false
	if m.roomVersion > from && m.room[view] != nil {
		b = appendMember(b, "room", m.room[view])
		some = true
	}
	b, news := m.list(b, itemsKey, "", view, from, true)
	some = some || news
	for _, list := range m.lists {
		b, news = m.list(b, list, list, view, from, false)
		some = some || news
	}
	var gone []string
	_, ours := slices.BinarySearch(m.steps, from)
	for _, it := range m.items {
		if it.Version > from && it.Views[view] == nil && it.goneFor(view, from, !ours) {
			gone = append(gone, it.ID)
		}
	}
	b = append(b, `,"gone":[`...)
	some = some || len(gone) > 0
	first := true
	for _, id := range gone {
		b = appendItem(b, encode(id), &first)
	}
	return seal(opText, append(b, "]}"...)), some
}

func (m *mirror) head(b []byte, t string) []byte {
	b = append(append(append(b, `{"t":"`...), t...), `","epoch":`...)
	b = append(b, encode(m.epoch)...)
	return strconv.AppendInt(append(b, `,"v":`...), m.version, 10)
}

func appendMember(b []byte, name string, value json.RawMessage) []byte {
	if value == nil {
		value = json.RawMessage("null")
	}
	b = append(append(append(b, `,"`...), name...), `":`...)
	return append(b, value...)
}

func appendItem(b, value []byte, first *bool) []byte {
	if !*first {
		b = append(b, ',')
	}
	*first = false
	return append(b, value...)
}
