package paper

// Designs are the ready ones, in the order in which they are offered.
func Designs() []Design {
	return []Design{A6(), A7(), Sheet8(), Sheet4(), Label100(), Label90()}
}

// words is a textual element.
func words(kind string, b Box, max, good, min float64, lines int) Element {
	return Element{Kind: kind, Box: b, Max: max, Good: good, Min: min, Lines: lines}
}

func (e Element) bold() Element   { e.Bold = true; return e }
func (e Element) quiet() Element  { e.Quiet = true; return e }
func (e Element) bottom() Element { e.Bottom = true; return e }
func (e Element) right() Element  { e.Right = true; return e }
func (e Element) centre() Element { e.Centre = true; return e }

// A6 is one badge a page, upright, with room for a lanyard's slot above. The code's white margin is part of its box,
// so the box reaches past the margin by that much and the dark modules stand in line with the text.
func A6() Design {
	return Design{Name: "a6", Page: Size{105, 148}, Cell: Size{105, 148}, Columns: 1, Rows: 1, Elements: []Element{
		{Kind: ElementHall, Box: Box{-22.5, 52, 150, 79}},
		{Kind: ElementMark, Box: Box{9, 13.8, 9.4, 6}},
		words(ElementSeries, Box{20.2, 12.4, 36, 8}, 13, 11, 7, 1).bold().bottom(),
		words(ElementEdition, Box{56, 12.4, 40, 7.75}, 10, 9, 6, 1).quiet().right().bottom(),
		words(ElementName, Box{9, 26, 87, 44}, 46, 24, 12, 3).bold().bottom(),
		words(ElementOrganisation, Box{9, 71.5, 87, 14}, 14, 11, 8, 2).quiet(),
		{Kind: ElementQR, Box: Box{66.5, 89, 33, 33}},
		words(ElementCode, Box{66.5, 120.4, 33, 5}, 9, 8, 5, 1).centre(),
		words(ElementFirst, Box{9, 108.4, 54, 7}, 10, 9, 6, 1),
		words(ElementPhoto, Box{9, 117.8, 54, 7}, 10, 9, 6, 1),
		words(ElementRole, Box{0, 131, 105, 17}, 20, 15, 9, 1).bold(),
	}}
}

// A7 is the small pocket of a lanyard, lying.
func A7() Design {
	return Design{Name: "a7", Page: Size{105, 74}, Cell: Size{105, 74}, Columns: 1, Rows: 1, Elements: lying(Size{105, 74})}
}

// Sheet8 is eight badges of 90 × 65 mm on an A4 sheet, with cut marks.
func Sheet8() Design {
	return Design{Name: "a4-8", Page: Size{210, 297}, Cell: Size{90, 65}, Columns: 2, Rows: 4, Cuts: true, Elements: lying(Size{90, 65})}
}

// lying is the layout of badges that are wider than high.
func lying(s Size) []Element {
	k := s.W / 90 // everything was measured for the smallest
	band := s.H - 10*k
	return []Element{
		{Kind: ElementHall, Box: Box{-6 * k, 4 * k, 102 * k, band - 4*k}},
		{Kind: ElementMark, Box: Box{6 * k, 6.2 * k, 7.4 * k, 4.8 * k}},
		words(ElementSeries, Box{14.8 * k, 5.2 * k, 32 * k, 6.4 * k}, 10, 9, 6, 1).bold().bottom(),
		words(ElementEdition, Box{46 * k, 5.2 * k, 38 * k, 6.23 * k}, 8, 7, 5, 1).quiet().right().bottom(),
		words(ElementName, Box{6 * k, 12 * k, 78 * k, band - 35.5*k}, 26*k, 17, 9, 2).bold().bottom(),
		words(ElementOrganisation, Box{6 * k, band - 22.8*k, 57 * k, 8 * k}, 10, 8.5, 6, 2).quiet(),
		{Kind: ElementQR, Box: Box{65.2 * k, band - 23.8*k, 21 * k, 21 * k}},
		words(ElementCode, Box{65.2 * k, band - 4.4*k, 21 * k, 3.8 * k}, 6.5, 6, 4, 1).centre(),
		words(ElementFirst, Box{6 * k, band - 14*k, 56 * k, 5.6 * k}, 8, 7, 5, 1),
		words(ElementPhoto, Box{6 * k, band - 7.4*k, 56 * k, 5.6 * k}, 8, 7, 5, 1),
		words(ElementRole, Box{0, band, s.W, s.H - band}, 13, 10, 6, 1).bold(),
	}
}

// Sheet4 is four badges of 96 × 134 mm on an A4 sheet, upright, with cut marks.
func Sheet4() Design {
	d := A6()
	d.Name, d.Page, d.Cell, d.Columns, d.Rows, d.Cuts = "a4-4", Size{210, 297}, Size{96, 134}, 2, 2, true
	kx, ky := 96.0/105, 134.0/148
	for i, e := range d.Elements {
		e.Box = Box{e.Box.X * kx, e.Box.Y * ky, e.Box.W * kx, e.Box.H * ky}
		d.Elements[i] = e
	}
	return d
}

// black is for printers of labels, which know no grey: the band of every role is ink.
func black() map[RoleKind]string {
	roles := map[RoleKind]string{}
	for _, k := range RoleKinds {
		roles[k] = ink.hex()
	}
	return roles
}

// Label100 is a label of a 62 mm roll, cut after 100 mm.
func Label100() Design {
	return Design{Name: "label-62x100", Page: Size{100, 62}, Cell: Size{100, 62}, Columns: 1, Rows: 1, Roles: black(), Elements: []Element{
		words(ElementSeries, Box{5, 3.4, 52, 6}, 10, 9, 6, 1).bold().bottom(),
		words(ElementEdition, Box{57, 3.4, 38, 5.84}, 8, 7, 5, 1).right().bottom(),
		words(ElementName, Box{5, 10, 90, 19.5}, 32, 18, 9, 2).bold().bottom(),
		words(ElementOrganisation, Box{5, 30.4, 64, 8}, 11, 9, 6, 2),
		{Kind: ElementQR, Box: Box{72, 29, 24.6, 24.6}},
		words(ElementFirst, Box{5, 39.4, 64, 5.4}, 8, 7, 5, 1),
		words(ElementPhoto, Box{5, 45.6, 64, 5.4}, 8, 7, 5, 1),
		words(ElementRole, Box{0, 53.6, 100, 8.4}, 12, 10, 6, 1).bold(),
	}}
}

// Label90 is the usual label of 90 × 54 mm, which is also the size of a calling card.
func Label90() Design {
	return Design{Name: "label-90x54", Page: Size{90, 54}, Cell: Size{90, 54}, Columns: 1, Rows: 1, Roles: black(), Elements: []Element{
		words(ElementSeries, Box{5, 3, 45, 5.4}, 9, 8, 6, 1).bold().bottom(),
		words(ElementEdition, Box{50, 3, 35, 5.26}, 7.5, 7, 5, 1).right().bottom(),
		words(ElementName, Box{5, 9, 80, 16.5}, 28, 16, 8, 2).bold().bottom(),
		words(ElementOrganisation, Box{5, 26.2, 57, 7}, 10, 8, 6, 2),
		{Kind: ElementQR, Box: Box{65, 25, 21.6, 21.6}},
		words(ElementFirst, Box{5, 34, 57, 5}, 7.5, 7, 5, 1),
		words(ElementPhoto, Box{5, 40, 57, 5}, 7.5, 7, 5, 1),
		words(ElementRole, Box{0, 46.6, 90, 7.4}, 11, 9, 6, 1).bold(),
	}}
}
