package registration

import (
	"time"

	"agora/app/edition"
	"agora/app/fail"
	"agora/app/mail"
)

const (
	// leastOffer is how long an offer lasts at least: time to see a letter.
	leastOffer = time.Hour
	// shareOfRest bounds an offer near the day, so that a place that nobody takes
	// can still reach two more people.
	shareOfRest = 3
	// wakeful is what is given after the quiet hours: a morning to read mail.
	wakeful = time.Hour
)

func (h *hall) promoteAll(kinds []Kind) {
	for _, kind := range kinds {
		h.promote(kind)
	}
}

// promote hands every free place to the first in line that it fits. A party that
// stays together takes places only for all of it, and is passed until then.
func (h *hall) promote(kind Kind) {
	if !h.edition.EndsAt.IsZero() && !h.now.Before(h.edition.EndsAt) {
		return // a place in a day that is over is none
	}
	for {
		n, unlimited := h.places[kind].Free()
		if unlimited {
			n = int64(len(h.line[kind]))
		}
		next := h.nextFitting(kind, n)
		if next == nil {
			return
		}
		for _, r := range next {
			h.take(r)
		}
	}
}

// nextFitting is the first in line, or the first party, that n places are enough
// for; nil when there is none.
func (h *hall) nextFitting(kind Kind, n int64) []*Registration {
	if n <= 0 {
		return nil
	}
	passed := map[string]bool{}
	for i, r := range h.line[kind] {
		switch {
		case !r.Together:
			return h.line[kind][i : i+1 : i+1]
		case passed[r.Party]:
			continue
		}
		var party []*Registration
		for _, w := range h.line[kind][i:] {
			if w.Together && w.Party == r.Party {
				party = append(party, w)
			}
		}
		if int64(len(party)) <= n {
			return party
		}
		passed[r.Party] = true
	}
	return nil
}

// take gives r, the next in line, its place or the offer of it.
func (h *hall) take(r *Registration) {
	h.note(r)
	for i, w := range h.line[r.Kind] {
		if w == r {
			h.line[r.Kind] = append(h.line[r.Kind][:i:i], h.line[r.Kind][i+1:]...)
			break
		}
	}
	h.places[r.Kind].Waiting--
	h.seat(r)
	if h.rules.Offers(h.edition, h.now, r.Kind) {
		until := h.rules.Deadline(h.edition, h.now)
		r.State, r.OfferUntil = Offered, &until
		h.tell(r, 0)
		return
	}
	h.say(r, mail.Promoted)
	h.noMeanwhile(r)
}

// Offers tells whether free places of a kind are offered rather than given: when
// the organiser wants it so, and near the day always. Nothing is lost by a remote
// place that nobody uses, so those are given.
func (r Rules) Offers(e edition.Edition, now time.Time, kind Kind) bool {
	if kind != Onsite {
		return false
	}
	near := e.Local(e.StartsAt).AddDate(0, 0, -r.NearDays)
	return r.Promotion == ByOffer || r.NearDays > 0 && !now.Before(near)
}

// noMeanwhile gives back the remote place of somebody who now has a seat.
func (h *hall) noMeanwhile(r *Registration) {
	if r.Meanwhile {
		r.Meanwhile = false
		h.giveBack(r, Remote)
		h.promote(Remote)
	}
}

// accept takes up an offer. Pressing twice is no mistake; pressing too late is
// told, also when the place has not gone on to the next yet.
func (h *hall) accept(r *Registration) error {
	switch {
	case r.State == Confirmed:
		return nil
	case r.State != Offered:
		return fail.Clash("registration.no_offer")
	case r.OfferUntil != nil && !h.now.Before(*r.OfferUntil):
		return fail.Clash("registration.offer_over")
	}
	h.note(r)
	r.State, r.OfferUntil = Confirmed, nil
	h.noMeanwhile(r)
	h.tell(r, 0)
	return nil
}

// decline gives an offered seat to the next. Who holds a remote place keeps it.
func (h *hall) decline(r *Registration) error {
	if r.State != Offered {
		if r.Live() && r.State != Waiting {
			return fail.Clash("registration.no_offer")
		}
		return nil
	}
	h.leaveOffer(r, mail.OfferDeclined)
	return nil
}

// lapse is what time does to an offer that nobody answered.
func (h *hall) lapse(r *Registration) {
	if r.State == Offered && r.OfferUntil != nil && !h.now.Before(*r.OfferUntil) {
		h.leaveOffer(r, mail.OfferLapsed)
	}
}

func (h *hall) leaveOffer(r *Registration, kind string) {
	if !r.Meanwhile {
		h.cancel(r, kind)
		return
	}
	h.note(r)
	h.fallBack(r)
	h.say(r, kind)
}

// Deadline is until when an offer made now can be answered. It never falls into
// the quiet hours of the edition's clock, where it waits for the morning, and
// never after the day has begun, as long as the day has not.
func (r Rules) Deadline(e edition.Edition, now time.Time) time.Time {
	end := e.StartsAt
	if !now.Before(end) {
		end = e.EndsAt
	}
	length := min(time.Duration(r.OfferHours)*time.Hour, max(leastOffer, end.Sub(now)/shareOfRest))
	until := r.afterQuiet(e, now.Add(max(leastOffer, length)))
	if end.After(now) && until.After(end) {
		until = end
	}
	return until.UTC().Truncate(time.Second)
}

// Quiet tells whether an hour of the edition's clock is one in which no offer
// lapses and no letter leaves by itself.
func (r Rules) Quiet(hour int) bool {
	if r.QuietFrom <= r.QuietTo {
		return hour >= r.QuietFrom && hour < r.QuietTo
	}
	return hour >= r.QuietFrom || hour < r.QuietTo
}

// afterQuiet moves an instant in the quiet hours to an hour after their end.
// Hours are those of the clock on the wall, also in the nights when it is moved.
func (r Rules) afterQuiet(e edition.Edition, t time.Time) time.Time {
	local := e.Local(t)
	if !r.Quiet(local.Hour()) {
		return t
	}
	day := local.Day()
	if local.Hour() >= r.QuietTo {
		day++ // the quiet goes on over midnight
	}
	return time.Date(local.Year(), local.Month(), day, r.QuietTo, 0, 0, 0, local.Location()).Add(wakeful)
}
