package paper

import "strings"

const (
	givenShare = 0.58 // of the name's box goes to the given name when it has a line of its own
	familySize = 0.62 // the rest of the name, of the size the given name may have
)

// name draws the person's name. Where nothing of it can be printed, a line to write on takes its place: a blank
// badge would be handed out unseen.
func (b *batch) name(i int, e Element, badge Badge, name string) error {
	if name == "" {
		if !b.report.Has(i, Missing) {
			b.report.add(i, "", "name", []note{{Missing, ""}})
		}
		x, y, w, h := e.Box.points()
		b.rule(x, y+h-4, x+w, y+h-4, .7, quiet)
		return nil
	}
	given, notes := b.press.pass(badge.Given)
	rest, ok := strings.CutPrefix(name, given)
	if given == "" || !ok || !strings.HasPrefix(rest, " ") {
		set := b.press.fit(name, e.Box.W*mm, e.Box.H*mm, b.press.style(e))
		b.report.add(i, "", "name", set.notes)
		return b.place(e, set, ink)
	}
	return b.twoSizes(i, e, given, strings.TrimSpace(rest), notes)
}

// twoSizes sets the given name large above the rest of the name.
func (b *batch) twoSizes(i int, e Element, given, rest string, notes []note) error {
	st := b.press.style(e)
	st.lines = 2
	w, h := e.Box.W*mm, e.Box.H*mm
	first := b.press.fit(given, w, h*givenShare, st)
	st.max, st.good = max(st.min, st.max*familySize), max(st.min, st.good*familySize)
	second := b.press.fit(rest, w, h*(1-givenShare), st)
	b.report.add(i, "", "name", append(append(notes, first.notes...), second.notes...))
	x, y, _, _ := e.Box.points()
	y += h - second.height()
	if err := b.block(second, x, y, w, e.align(), ink); err != nil {
		return err
	}
	return b.block(first, x, y-first.height(), w, e.align(), ink)
}

// cuts draws marks for the cutter: short hairlines outside the badges, where each row and column ends.
func (b *batch) cuts() {
	const gap, long = 1.2 * mm, 5 * mm
	left, top := b.margins()
	d := b.design
	right, bottom := b.w-left, b.h-top
	b.stroke(quiet).num(.35).op("w")
	for c := range d.Columns + 1 {
		x := left + float64(c)*d.Cell.W*mm
		b.move(x, top-gap).to(x, max(0, top-gap-long)).move(x, bottom+gap).to(x, min(b.h, bottom+gap+long))
	}
	for r := range d.Rows + 1 {
		y := top + float64(r)*d.Cell.H*mm
		b.move(left-gap, y).to(max(0, left-gap-long), y).move(right+gap, y).to(min(b.w, right+gap+long), y)
	}
	b.op("S").draw()
}
