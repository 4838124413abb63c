package page

import (
	"time"

	"agora/app/door"
	"agora/app/fail"
)

// doorLife is how long a device stays one: longer than from the first rehearsal of
// a door to its day.
const doorLife = 60 * 24 * time.Hour

// DoorCookie is the name of the cookie that makes a browser a device of a door.
func (s *Site) DoorCookie() string {
	if s.Secure {
		return "__Host-agora-door"
	}
	return "agora_door"
}

// Doorkeeper finds the device that the visitor's browser is, if it is one of this
// edition. Gone says that it was one and was revoked: it has to forget its list.
func (v *Visit) Doorkeeper() (bool, error) {
	if v.Device.ID != "" {
		return true, nil
	}
	secret := v.C.Cookies(v.Site.DoorCookie())
	if secret == "" || v.Site.Door == nil {
		return false, nil
	}
	d, err := v.Site.Door.BySecret(v.Ctx, secret)
	switch {
	case fail.Is(err, fail.NotFound), err == nil && d.EditionID != v.Edition.ID:
		return false, nil
	case err != nil:
		return false, err
	case !d.Works():
		return false, fail.New(fail.Gone, "door.revoked")
	}
	v.Device = d
	return true, nil
}

// StartDevice makes the visitor's browser a device.
func (v *Visit) StartDevice(d door.Device, secret string) {
	v.Device = d
	v.SetCookie(v.Site.DoorCookie(), secret, doorLife, true)
}

// EndDevice makes the browser forget that it was one.
func (v *Visit) EndDevice() { v.DropCookie(v.Site.DoorCookie()) }

// DoorSource is who stands at the door: the device, or the person signed in.
func (v *Visit) DoorSource() door.Source {
	return door.Source{Device: v.Device.ID, Person: v.Person.ID}
}
