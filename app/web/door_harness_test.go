package web

import (
	"agora/app/door"
	"agora/app/edition"
)

// aDoor is something real for every address of a door: devices, one of which waits
// for its phone, and a ticket's code.
func (h *webHouse) aDoor(e edition.Edition, code string) map[string]string {
	h.t.Helper()
	add := func(name string) (door.Device, string) {
		d, link, err := h.Door.AddDevice(h.t.Context(), e, "", door.DeviceInput{Name: name})
		h.must(err)
		return d, link
	}
	one, link := add("Pääovi")
	other, _ := add("Sivuovi")
	r, err := h.Registrations.ByCode(h.t.Context(), e.ID, code)
	h.must(err)
	devices := "/desk" + e.Path() + "/door/devices/"
	return map[string]string{
		"/desk/:series/:edition/door/devices/:device/renew":  devices + one.ID + "/renew",
		"/desk/:series/:edition/door/devices/:device/revoke": devices + other.ID + "/revoke",
		"/door/:series/:edition/join/:link":                  "/door" + e.Path() + "/join/" + link,
		"/door/:series/:edition/badges/:code":                "/door" + e.Path() + "/badges/" + code,
		"/T/:code":                                           "/T/" + h.Seal.Code(e.ID, r.ID, r.Version),
	}
}
