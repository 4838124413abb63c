package realtime

// View is a way of seeing a room: what one view may read another may not.
type View uint8

// The views, in the order of Item.Views and Changes.Room.
const (
	Audience View = iota
	Moderator
	Stage
	Screen

	Views = 4
)

var viewNames = [Views]string{"audience", "moderator", "stage", "screen"}

// String is the view's name in addresses and frames.
func (v View) String() string {
	if v < Views {
		return viewNames[v]
	}
	return "unknown"
}

// ParseView reads a view's name; an empty one means the audience.
func ParseView(name string) (View, bool) {
	if name == "" {
		return Audience, true
	}
	for i, n := range viewNames {
		if n == name {
			return View(i), true
		}
	}
	return 0, false
}
