package edition

import (
	"testing"

	"agora/app/text"
)

func TestCityAt(t *testing.T) {
	for name, want := range map[string]float64{"Jyväskylä": 62.24, " turku ": 60.45, "Sankt Michel": 61.69, "": 0, "Jyväs": 0, "kylä": 0, "Uppsala": 0} {
		if _, lat, found := CityAt(text.One(text.Finnish, name)); lat != want || found != (want > 0) {
			t.Errorf("%q: %v %v", name, lat, found)
		}
	}
	if _, lat, _ := CityAt(text.Texts{text.Swedish: "Åbo"}); lat != 60.45 {
		t.Error("in Swedish:", lat)
	}
}
