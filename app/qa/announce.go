package qa

// Announcer is told, after the commit, that a room has a newer version: Now when
// it is about what is being answered and should be seen at once, else Changed.
// It must not block.
type Announcer interface {
	Changed(room string, version int64)
	Now(room string, version int64)
}

// News gathers what a committed set made of rooms, so that each is announced once.
type News map[string]latest

type latest struct {
	version int64
	urgent  bool
}

// Add notes a room's version; 0 is none.
func (n News) Add(room string, version int64, urgent bool) {
	was := n[room]
	n[room] = latest{max(was.version, version), was.urgent || urgent}
}

// Announce tells of every room that has a newer version.
func (n News) Announce(a Announcer) {
	for room, x := range n {
		switch {
		case a == nil || x.version == 0:
		case x.urgent:
			a.Now(room, x.version)
		default:
			a.Changed(room, x.version)
		}
	}
}
