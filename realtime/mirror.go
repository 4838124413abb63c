package realtime

import (
	"encoding/json"
	"strconv"
)

// mirror is a room's newest state as this node knows it. Its room guards it.
type mirror struct {
	epoch   string
	version int64

	room        [Views]json.RawMessage
	roomVersion int64

	items []*mirrored
	byID  map[string]*mirrored
}

// mirrored is an item and what is known about who may have seen it. born is the mirror's version before the load
// that first showed the item, base the one before its last load: at these versions this node knows what was there,
// between them another node may have shown more.
type mirrored struct {
	Item
	born, base int64
	seen       [Views]bool
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
	}
	for _, item := range c.Items {
		// What came before this node looked is unknown, so each view may have seen it.
		it := &mirrored{Item: item, seen: [Views]bool{true, true, true, true}}
		m.items = append(m.items, it)
		m.byID[item.ID] = it
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
	if c.RoomVersion > m.roomVersion {
		m.room, m.roomVersion = c.Room, c.RoomVersion
	}
	for _, item := range c.Items {
		it := m.byID[item.ID]
		if it == nil {
			it = &mirrored{born: base}
			m.items = append(m.items, it)
			m.byID[item.ID] = it
		}
		for v := range item.Views {
			a.hid[v] = a.hid[v] || item.Views[v] == nil && it.Views[v] != nil
			it.seen[v] = it.seen[v] || item.Views[v] != nil
		}
		it.Item, it.base = item, base
	}
	return a
}

// goneFor tells whether a viewer at version from may hold the item although its view must not see it now.
func (it *mirrored) goneFor(view View, from int64) bool {
	return from > it.born && (it.seen[view] || from > it.base)
}

// snapshot is everything a view may see.
func (m *mirror) snapshot(view View, itemsKey string) []byte {
	size := 128 + len(m.room[view])
	for _, it := range m.items {
		size += len(it.Views[view]) + 1
	}
	b := m.head(newFrame(size), "snapshot")
	b = appendMember(b, "room", m.room[view])
	b = append(append(append(b, `,"`...), itemsKey...), `":[`...)
	first := true
	for _, it := range m.items {
		if it.Views[view] != nil {
			b = appendItem(b, it.Views[view], &first)
		}
	}
	return seal(opText, append(b, "]}"...))
}

// patch is what a view may see of everything newer than from; the second value is false when that is nothing.
func (m *mirror) patch(view View, from int64, itemsKey string) ([]byte, bool) {
	b := m.head(newFrame(512), "patch")
	some := false
	if m.roomVersion > from && m.room[view] != nil {
		b = appendMember(b, "room", m.room[view])
		some = true
	}
	b = append(append(append(b, `,"`...), itemsKey...), `":[`...)
	first := true
	var gone []string
	for _, it := range m.items {
		switch {
		case it.Version <= from:
		case it.Views[view] != nil:
			b = appendItem(b, it.Views[view], &first)
		case it.goneFor(view, from):
			gone = append(gone, it.ID)
		}
	}
	b = append(b, `],"gone":[`...)
	some = some || !first || len(gone) > 0
	first = true
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
