package page

import "time"

// localLayout is how a browser sends <input type="datetime-local">.
const localLayout = "2006-01-02T15:04"

// wasSuffix names the hidden field beside a time that holds the instant it was
// filled in from.
const wasSuffix = "_was"

// At reads a date and time of the form on a clock; a problem is noted. A time
// that the clock skips in spring is one: nobody could say which was meant. One
// that comes twice in autumn is the first, unless the field was filled in from
// the second and left as it was: saving a form unchanged moves nothing.
func (f *Form) At(name string, loc *time.Location) time.Time {
	s := f.Get(name)
	if s == "" {
		return time.Time{}
	}
	if was, err := time.Parse(time.RFC3339Nano, f.Get(name+wasSuffix)); err == nil && was.In(loc).Format(localLayout) == s {
		return was.In(loc)
	}
	t, err := time.ParseInLocation(localLayout, s, loc)
	if err != nil || t.Format(localLayout) != s {
		f.Note(name, "field.time")
	}
	return first(t)
}

// first gives the earlier of the two instants that a clock shows alike in the
// night when it is set back; the standard library promises neither.
func first(t time.Time) time.Time {
	since, _ := t.ZoneBounds()
	if since.IsZero() {
		return t
	}
	_, before := since.Add(-time.Second).Zone()
	_, after := t.Zone()
	earlier := t.Add(time.Duration(after-before) * time.Second)
	if before > after && earlier.Before(since) && earlier.Format(localLayout) == t.Format(localLayout) {
		return earlier
	}
	return t
}

// SetTime fills in what At reads.
func (f *Form) SetTime(name string, t time.Time, loc *time.Location) {
	if !t.IsZero() {
		f.Values[name] = t.In(loc).Format(localLayout)
		f.Values[name+wasSuffix] = t.UTC().Format(time.RFC3339Nano)
	}
}
