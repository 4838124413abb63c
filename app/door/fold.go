package door

import (
	"cmp"
	"slices"
	"time"
)

// samePress is within what time one source scanning somebody twice means one press.
const samePress = 10 * time.Second

// fold works out what all scans of a registration at one place come to, and gives
// each its verdict. It depends on nothing but the scans, and not on their order.
func fold(scans []*Scan) (p Presence) {
	slices.SortFunc(scans, func(a, b *Scan) int { return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.ID, b.ID)) })
	var since *Scan     // the scan by which they are inside
	var counted []*Scan // what an undo takes back
	for _, s := range scans {
		if s.Verdict.sticks() {
			continue
		}
		s.Against = ""
		switch s.Act {
		case In:
			switch {
			case p.Inside:
				s.Verdict, s.Against = repeat(since, s), since.ID
			case p.FirstAt == nil:
				at := s.At
				p.FirstAt, p.DeviceID, p.PersonID = &at, s.DeviceID, s.PersonID
				s.Verdict, p.Inside, since = Came, true, s
			default:
				s.Verdict, p.Inside, since = Back, true, s
			}
		case Out:
			if p.Inside {
				p.Seconds += int64(s.At.Sub(since.At) / time.Second)
			}
			s.Verdict, p.Inside, since = Left, false, nil
		case Undo:
			for _, c := range counted {
				c.Verdict, c.Against = Undone, ""
			}
			s.Verdict = Undone
			p, since, counted = Presence{}, nil, nil
		}
		counted = append(counted, s)
		p.LastAt = s.At
	}
	return p
}

// repeat tells the same ticket at two doors, or once more after a while, from one
// that was held before the same camera twice.
func repeat(first, second *Scan) Verdict {
	if first.source() == second.source() && second.At.Sub(first.At) < samePress {
		return Repeated
	}
	return Again
}
