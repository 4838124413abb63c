package templates_test

import (
	"strconv"
	"testing"

	"agora/templates"
)

func itoa(n int) string { return strconv.Itoa(n) }

// samples are what the gallery's pages show: full, with long Finnish words and wrong input.
func samples(t *testing.T) map[string]any {
	return map[string]any{
		"Code":   sampleCode(t),
		"Facts":  []templates.Fact{{Term: "Paikka", Text: "Agora, Jyväskylän yliopisto", Note: "Mattilanniemi 2"}, {Term: "Etänä", Text: "Suora lähetys ja samat kysymykset"}, {Term: "Hinta", Text: "Maksuton"}, {Term: "Aihetunniste", Text: "#cmadfi", Href: "#tag"}},
		"Slots":  sampleSlots(),
		"People": []templates.Person{{Name: "Åsa Öhman", Initials: "ÅÖ", Line: "Energiayhtiö", Href: "#a"}, {Name: "Maximiliana Featherstonehaugh-Järvenpää", Initials: "MF", Line: "Yhteisömanageri, kunta"}, {Name: "Bo Exempel", Initials: "BE"}},
		"Countdown": templates.Countdown{
			Until: 1_796_119_200_000, Now: 1_795_946_277_000,
			Text: "Ilmoittautuminen avautuu tiistaina 1.12.2026 klo 12.00.", OpenText: "Ilmoittautuminen on auki.",
		},
		"Problems": []templates.Problem{{Field: "email", Text: "Osoitteesta puuttuu loppu, esimerkiksi .fi"}, {Field: "photo", Text: "Valitse, saako sinua kuvata"}},
		"Place": templates.Choice{Name: "place", Legend: "Miten osallistut?", Required: true, Options: []templates.Option{
			{Value: "onsite", Text: "Paikan päällä", Hint: "Agora, Jyväskylä. 89 paikkaa vapaana.", Checked: true}, {Value: "remote", Text: "Etänä", Hint: "Suora lähetys ja samat kysymykset."}}},
		"Photo": templates.Choice{Name: "photo", Legend: "Saako sinua kuvata?", Hint: "Näkyy merkkinä nimilapussa. Voit vaihtaa milloin vain.", Errors: []string{"Valitse, saako sinua kuvata"}, Options: []templates.Option{
			{Value: "yes", Text: "Kyllä", Icon: "camera"}, {Value: "ask", Text: "Kysy ensin", Icon: "camera-ask"}, {Value: "no", Text: "Ei", Icon: "camera-no"}}},
		"Fields": sampleFields(),
		"Notice": templates.Notice{Kind: "live", Title: "Sessio on käynnissä", Text: "Kysy ja äänestä livehuoneessa.", Href: "#live", Action: "Avaa livehuone"},
		"Icons":  []string{"calendar", "pin", "check", "cross", "up", "down", "left", "right", "search", "mic", "screen", "download", "upload", "link", "copy", "lock", "wifi-off", "camera", "camera-ask", "camera-no", "mail", "clock", "alert", "info", "plus", "edit", "star", "file", "play", "print", "people", "menu"},
		"Empty":  templates.Empty{Title: "Materiaaleja ei ole vielä", Text: "Puhujien diat ja tallenteet tulevat tänne päivän jälkeen.", Href: "#p", Action: "Katso ohjelma"},
		"Pages":  templates.Pages{Prev: "#1", Next: "#3", Items: []templates.Page{{Text: "1", Href: "#1"}, {Text: "2", Href: "#2", Current: true}, {Text: "3", Href: "#3"}, {Gap: true}, {Text: "21", Href: "#21"}}},
		"Chart":  templates.Chart{Label: "Paikkoja varattu", Values: []int{0, 96, 141, 160, 171, 178, 184, 190, 195, 199, 204, 207, 211}, Days: []string{"9.11.", "10.11.", "11.11.", "12.11.", "13.11.", "14.11.", "15.11.", "16.11.", "17.11.", "18.11.", "19.11.", "20.11.", "21.11."}, Capacity: 300},
		"Meters": []templates.Meter{{Taken: 211, Capacity: 300}, {Taken: 300, Waiting: 120, Capacity: 300}, {Taken: 486}},
	}
}

func sampleFields() []templates.Field {
	return []templates.Field{
		{Name: "name", Label: "Nimi", Hint: "Näin kuin haluat sen nimilappuun.", Value: "Åsa", Required: true, Autocomplete: "name", Max: 120},
		{Name: "organisation", Label: "Organisaatio", Optional: true, Autocomplete: "organization"},
		{Name: "email", Label: "Sähköposti", Type: "email", Value: "asa@esimerkki", Required: true, Autocomplete: "email", Errors: []string{"Osoitteesta puuttuu loppu, esimerkiksi .fi"}},
		{Name: "language", Label: "Kieli", Value: "sv", Options: []templates.Option{{Value: "fi", Text: "Suomi"}, {Value: "sv", Text: "Svenska"}, {Value: "en", Text: "English"}}},
		{Name: "diet", Label: "Ruokavalio tai esteettömyystarpeet", Hint: "Vain tarjoilusta vastaava näkee; poistetaan viikon kuluttua päivästä.", Type: "textarea", Rows: 3, Optional: true},
		{Name: "seats", Label: "Paikkoja", Type: "number", Value: "300", Min: "0", Max: 5000},
		{Name: "coming", Label: "Näytä nimeni muille tulijoille", Hint: "Vain ilmoittautuneet näkevät; poistetaan päivän jälkeen.", Type: "checkbox", Checked: true},
		{Name: "key", Type: "hidden", Value: "0190"},
	}
}

func sampleSlots() []templates.Slot {
	return []templates.Slot{
		{ID: "s1", Time: "9.00–9.30", Datetime: "2027-01-25T09:00:00+02:00", Sessions: []templates.SessionRow{{Href: "#1", Title: "Alan tila: tutkimuksen tulokset", Kind: "Avaus", Room: "Sali 1"}}},
		{Time: "9.40–10.20", Now: true, Sessions: []templates.SessionRow{
			{Href: "#2", Title: "Tiedolla vaikuttaminen verkossa", Speakers: []string{"Anna Esimerkki"}, Room: "Sali 1", Track: "Ulkoiset yhteisöt", TrackClass: "track-out", Tags: []templates.Tag{{Kind: "live", Text: "Livenä"}}},
			{Href: "#3", Title: "Internal community as a means of change", Lang: "en", Speakers: []string{"Bo Exempel", "Åsa Öhman"}, Room: "Sali 2", Track: "Sisäiset yhteisöt", TrackClass: "track-in"}}},
		{Time: "10.20–10.50", Break: "Kahvi"},
		{Time: "10.50–11.40", Sessions: []templates.SessionRow{
			{Href: "#4", Title: "Työpaja: avainviesteistä asiakaslupauksiksi", Kind: "Työpaja", Room: "Ryhmätila 3", Tags: []templates.Tag{{Text: "4 paikkaa jäljellä"}}},
			{Href: "#5", Title: "Peruttu puhe", Room: "Sali 2", Gone: true, Tags: []templates.Tag{{Kind: "bad", Text: "Peruttu"}}}}},
	}
}
