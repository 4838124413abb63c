package web

import (
	"testing"

	"agora/app/db/dbtest"
	"agora/app/edition"
	"agora/app/text"
)

func TestAnEditionsDataForMachines(t *testing.T) {
	h := openHouse(t, dbtest.OpenSQLite(t))
	e := h.newEdition("2028", seats(3), nil, func(in *edition.Input) {
		in.Title, in.Lead = text.One(text.Finnish, hostile), text.One(text.Finnish, hostile)
		in.Venue, in.City = text.One(text.Finnish, "Agora </script>"), text.One(text.Finnish, "Jyväskylä")
	})
	data := linked(t, h.page(asStranger, "/cmadfi/2028", "Accept-Language", "fi"))
	if data["name"] != e.Name(text.Finnish) || data["startDate"] != e.Local(e.StartsAt).Format("2006-01-02T15:04:05Z07:00") || data["@type"] != "Event" {
		t.Errorf("%v", data)
	}
	place, _ := data["location"].([]any)
	if first, _ := place[0].(map[string]any); len(place) == 0 || first["name"] != "Agora </script>" {
		t.Errorf("%v", data["location"])
	}
}
