package exchange

import "time"

// times finds when the session is. Without any time it has no slot, and that is no fault.
func (r *sheetReading) times(x *Session, row TableRow) {
	dateCell, startCell, endCell := r.cell(row, ColumnDate), r.cell(row, ColumnStart), r.cell(row, ColumnEnd)
	day, clock, clocked := r.date, time.Duration(0), false
	if dateCell != "" {
		d, at, dated, withClock := r.clock.when(dateCell, false)
		if !dated {
			r.wrong(ColumnDate, "exchange.sheet.date", "cell", shorten(dateCell))
			return
		}
		day, clock, clocked, r.date = d, at, withClock, d
	}
	if startCell != "" {
		from, to := clockRange(startCell)
		d, at, dated, withClock := r.clock.when(from, true)
		if !withClock && to != "" {
			d, at, dated, withClock = r.clock.when(startCell, true)
			to = ""
		}
		if !withClock {
			r.wrong(ColumnStart, "exchange.sheet.start", "cell", shorten(startCell))
			return
		}
		if dated {
			day, r.date = d, d
		}
		if clock, clocked = at, true; endCell == "" {
			endCell = to
		}
	}
	switch {
	case !clocked && endCell != "" || clocked && day.IsZero():
		r.wrong(ColumnDate, "exchange.sheet.no_day")
		return
	case !clocked:
		x.Duration = r.lengthOf(row)
		return
	}
	x.Start = at(day, clock, r.clock.loc).UTC()
	r.span(x, row, day, endCell)
	if first, last := r.clock.first, r.clock.last; day.Before(first) || day.After(last) {
		r.remark(ColumnDate, "exchange.sheet.outside", "cell", day.Format(time.DateOnly))
	}
}

func (r *sheetReading) lengthOf(row TableRow) time.Duration {
	cell := r.cell(row, ColumnDuration)
	if cell == "" {
		return defaultDuration
	}
	d, ok := r.clock.length(cell)
	if !ok || d > maxDuration {
		r.wrong(ColumnDuration, "exchange.sheet.duration", "cell", shorten(cell))
	}
	return d
}

// span ends the session: by its end, which may be after midnight, or by its length.
func (r *sheetReading) span(x *Session, row TableRow, day time.Time, endCell string) {
	if endCell == "" {
		if x.Duration = r.lengthOf(row); r.cell(row, ColumnDuration) == "" {
			r.remark(ColumnEnd, "exchange.sheet.no_end", "minutes", int(defaultDuration/time.Minute))
		}
		return
	}
	date, clock, dated, clocked := r.clock.when(endCell, true)
	if !clocked {
		r.wrong(ColumnEnd, "exchange.sheet.end", "cell", shorten(endCell))
		return
	}
	end := at(day, clock, r.clock.loc)
	switch {
	case dated:
		end = at(date, clock, r.clock.loc)
	case !end.After(x.Start) && clock < 12*time.Hour: // into the night
		end = at(day.AddDate(0, 0, 1), clock, r.clock.loc)
	}
	if x.Duration = end.Sub(x.Start); x.Duration <= 0 || x.Duration > maxDuration {
		r.wrong(ColumnEnd, "exchange.sheet.end_first", "cell", shorten(endCell))
	}
}
