package program

import (
	"database/sql/driver"
	"slices"
	"time"

	"agora/app/db"
	"agora/app/fail"
)

// Span is a stretch of time.
type Span struct {
	From time.Time `json:"from"`
	To   time.Time `json:"to"`
}

// Spans are when somebody can be there, in order and apart from each other.
// None means any time.
type Spans []Span

// Value stores the spans as JSON.
func (x Spans) Value() (driver.Value, error) { return db.List[Span](x).Value() }

// Scan reads what Value stored.
func (x *Spans) Scan(src any) error { return (*db.List[Span])(x).Scan(src) }

// maxSpans is a span for every hour of a long conference.
const maxSpans = 100

// check puts the spans in order and joins those that touch.
func (x Spans) check(f fail.Fields) Spans {
	if x == nil {
		return nil
	}
	if len(x) > maxSpans {
		f.Add("availability", "program.spans_many", "max", maxSpans)
		return nil
	}
	list := make(Spans, 0, len(x))
	for _, one := range x {
		one.From, one.To = one.From.UTC().Truncate(time.Minute), one.To.UTC().Truncate(time.Minute)
		if !one.To.After(one.From) {
			f.Add("availability", "program.ends_before")
			return nil
		}
		list = append(list, one)
	}
	slices.SortFunc(list, func(a, b Span) int { return a.From.Compare(b.From) })
	joined := list[:0]
	for _, one := range list {
		if n := len(joined); n > 0 && !one.From.After(joined[n-1].To) {
			if one.To.After(joined[n-1].To) {
				joined[n-1].To = one.To
			}
			continue
		}
		joined = append(joined, one)
	}
	return joined
}

// hold reports whether all of the time lies in one of the spans.
func (x Spans) hold(from, to time.Time) bool {
	for _, one := range x {
		if !from.Before(one.From) && !to.After(one.To) {
			return true
		}
	}
	return len(x) == 0
}
