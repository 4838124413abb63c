package material

import "time"

// longest is the longest recording there is: a room's whole day, and the night.
const longest = 24 * time.Hour

// Moment finds the recording in which something that happened at a moment can be
// seen, and how far into it: of several the one that began last before it. There
// is none without a recording that had begun.
func Moment(list []Material, at time.Time) (m Material, offset time.Duration, ok bool) {
	for _, one := range list {
		if one.Kind != Recording || one.RecordedAt.IsZero() {
			continue
		}
		since := at.Sub(one.RecordedAt)
		if since < 0 || since > longest || ok && !one.RecordedAt.After(m.RecordedAt) {
			continue
		}
		m, offset, ok = one, since, true
	}
	return m, offset, ok
}

// BeganAt is when a recording began in which something that happened at a moment
// is seen at an offset.
func BeganAt(happened time.Time, offset time.Duration) time.Time { return happened.Add(-offset) }
