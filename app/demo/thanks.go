package demo

import (
	"context"
	"time"

	"agora/app/edition"
	"agora/app/text"
)

// thanked are those who made a day. The firms are invented, as the people are.
var thanked = map[string][]edition.ThanksInput{
	Archive: {
		{Kind: edition.Partner, Name: "Esimerkkileipomo Pulla & Pojat", URL: "https://leipomo.example.org/", What: text.Texts{
			text.Finnish: "Aamukahvin pullat.", text.Swedish: "Bullarna till morgonkaffet.", text.English: "The buns for the morning coffee."}},
		{Kind: edition.Partner, Name: "Mallipaino", URL: "https://mallipaino.example.org/", What: text.Texts{
			text.Finnish: "Nimilaput ja kyltit.", text.Swedish: "Namnbrickor och skyltar.", text.English: "Badges and signs."}},
		{Kind: edition.Host, Name: "Jyväskylän yliopisto", What: text.Texts{
			text.Finnish: "Talo ja auditorio.", text.Swedish: "Huset och auditoriet.", text.English: "The house and its auditorium."}},
		{Kind: edition.Host, Name: "Hilla Esimerkki", What: text.Texts{
			text.Finnish: "Juonsi päivän.", text.Swedish: "Ledde dagen.", text.English: "Led through the day."}},
		{Kind: edition.Volunteer, Name: "Aino Esimerkkinen", What: text.Texts{text.Finnish: "Ovi.", text.Swedish: "Dörren.", text.English: "The door."}},
		{Kind: edition.Volunteer, Name: "Oskar Modell", What: text.Texts{text.Finnish: "Lähetys.", text.Swedish: "Sändningen.", text.English: "The broadcast."}},
		{Kind: edition.Volunteer, Name: "Väinö Mallikas"},
		{Kind: edition.Volunteer, Name: "Žydrė Pavyzdė"},
	},
	Coming: {
		{Kind: edition.Partner, Name: "Näytepaahtimo", URL: "https://paahtimo.example.org/", What: text.Texts{
			text.Finnish: "Päivän kahvit.", text.Swedish: "Dagens kaffe.", text.English: "Coffee all day."}},
	},
}

// thank lists who made an edition, some days after it or before.
func (h *house) thank(ctx context.Context, e edition.Edition, at time.Time) error {
	h.clock.set(at)
	for _, in := range thanked[e.Slug] {
		if _, err := h.editions.AddThanks(ctx, h.organiser, e, in); err != nil {
			return err
		}
	}
	return nil
}
