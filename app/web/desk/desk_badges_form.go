package desk

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"agora/app/paper"
	"agora/app/web/page"
	"agora/templates"
)

// elementFields is one element in the editor's form.
type elementFields struct {
	Index, Number         int
	Kind, Title           string
	Box, Type             []templates.Field
	Lines, Align          *templates.Field
	Bold, Quiet, Bottom   *templates.Field
	Text, Question        *templates.Field
	Errors                []string
	First, Last, HasWords bool
}

// maxElementRows bounds how many elements are read out of a form.
const maxElementRows = 60

func elementName(i int, what string) string { return "e" + strconv.Itoa(i) + "_" + what }

// fillDesign writes a design into the form's fields.
func fillDesign(f *page.Form, d paper.Design) {
	f.Set("name", d.Name).Set("page_w", measured(d.Page.W)).Set("page_h", measured(d.Page.H)).Set("cell_w", measured(d.Cell.W)).Set("cell_h", measured(d.Cell.H))
	f.Set("columns", strconv.Itoa(d.Columns)).Set("rows", strconv.Itoa(d.Rows)).Set("cuts", on(d.Cuts))
	for _, k := range paper.RoleKinds {
		f.Set("colour_"+string(k), d.Roles[k])
	}
	f.Set("parts", strconv.Itoa(len(d.Elements)))
	for i, e := range d.Elements {
		set := func(what, value string) { f.Set(elementName(i, what), value) }
		set("kind", e.Kind)
		for what, n := range map[string]float64{"x": e.Box.X, "y": e.Box.Y, "w": e.Box.W, "h": e.Box.H, "max": e.Max, "good": e.Good, "min": e.Min} {
			set(what, measured(n))
		}
		set("lines", strconv.Itoa(e.Lines))
		set("bold", on(e.Bold))
		set("quiet", on(e.Quiet))
		set("bottom", on(e.Bottom))
		set("align", alignOf(e))
		set("text", e.Text)
		set("field", e.Field)
	}
}

func alignOf(e paper.Element) string {
	switch {
	case e.Centre:
		return "centre"
	case e.Right:
		return "right"
	}
	return "left"
}

func on(b bool) string {
	if b {
		return "1"
	}
	return ""
}

// measured writes a measure with at most two decimals.
func measured(f float64) string {
	return strings.TrimRight(strings.TrimRight(strconv.FormatFloat(f, 'f', 2, 64), "0"), ".")
}

// designForm is the editor's form as it was sent.
type designForm struct{ *page.Form }

// clearElements forgets the typed elements, which a step has moved.
func (f designForm) clearElements() {
	for name := range f.Values {
		if len(name) > 1 && name[0] == 'e' && name[1] >= '0' && name[1] <= '9' {
			delete(f.Values, name)
		}
	}
}

// measure reads a number as people write it; what is none counts as 0, which the
// design's own check refuses where it matters.
func (f designForm) measure(name string) float64 {
	n, err := strconv.ParseFloat(strings.Replace(f.Get(name), ",", ".", 1), 64)
	if err != nil || n != n {
		return 0
	}
	return n
}

func (f designForm) whole(name string) int { return int(f.measure(name)) }

// designSent reads the design out of the form.
func designSent(f designForm) paper.Design {
	d := paper.Design{Name: f.Get("name"), Page: paper.Size{W: f.measure("page_w"), H: f.measure("page_h")}, Cell: paper.Size{W: f.measure("cell_w"), H: f.measure("cell_h")},
		Columns: f.whole("columns"), Rows: f.whole("rows"), Cuts: f.Has("cuts")}
	for _, k := range paper.RoleKinds {
		if c := f.Get("colour_" + string(k)); c != "" {
			if d.Roles == nil {
				d.Roles = map[paper.RoleKind]string{}
			}
			d.Roles[k] = strings.ToLower(c)
		}
	}
	for i := range min(max(f.whole("parts"), 0), maxElementRows) {
		d.Elements = append(d.Elements, elementSent(f, i))
	}
	return d
}

func elementSent(f designForm, i int) paper.Element {
	name := func(what string) string { return elementName(i, what) }
	e := paper.Element{Kind: f.Get(name("kind")), Box: paper.Box{X: f.measure(name("x")), Y: f.measure(name("y")), W: f.measure(name("w")), H: f.measure(name("h"))}}
	if !e.Textual() {
		return e
	}
	e.Max, e.Good, e.Min, e.Lines = f.measure(name("max")), f.measure(name("good")), f.measure(name("min")), f.whole(name("lines"))
	e.Bold, e.Quiet, e.Bottom = f.Has(name("bold")), f.Has(name("quiet")), f.Has(name("bottom"))
	e.Centre, e.Right = f.Get(name("align")) == "centre", f.Get(name("align")) == "right"
	switch e.Kind {
	case paper.ElementText:
		e.Text = f.Get(name("text"))
	case paper.ElementAnswer:
		e.Field = f.Get(name("field"))
	}
	return e
}

// editStep does what a button of the editor says: "look", "add", "remove 3",
// "up 3" or "down 3". What is first is drawn first and lies below.
func editStep(d paper.Design, step, kind string) paper.Design {
	what, at := step, -1
	if _, err := fmt.Sscanf(step, "%s %d", &what, &at); err != nil && step != "look" && step != "add" {
		return d
	}
	list := slices.Clone(d.Elements)
	inside := at >= 0 && at < len(list)
	switch {
	case what == "add" && slices.Contains(paper.ElementKinds[:], kind) && len(list) < maxElementRows:
		list = append(list, newElement(d, kind))
	case what == "remove" && inside:
		list = slices.Delete(list, at, at+1)
	case what == "up" && inside && at > 0:
		list[at], list[at-1] = list[at-1], list[at]
	case what == "down" && inside && at < len(list)-1:
		list[at], list[at+1] = list[at+1], list[at]
	}
	d.Elements = list
	return d
}

// newElement stands in the middle of the badge, at a size that fits most.
func newElement(d paper.Design, kind string) paper.Element {
	w, h := d.Cell.W, d.Cell.H
	e := paper.Element{Kind: kind, Box: paper.Box{X: round(w * .1), Y: round(h * .4), W: round(w * .8), H: round(h * .1)}, Max: 14, Good: 10, Min: 7, Lines: 1}
	side := round(min(w, h) * .3)
	switch kind {
	case paper.ElementName:
		e.Max, e.Good, e.Min, e.Lines, e.Bold, e.Box.H = 30, 18, 10, 2, true, round(h*.25)
	case paper.ElementQR, paper.ElementLogo, paper.ElementMark:
		e = paper.Element{Kind: kind, Box: paper.Box{X: round((w - side) / 2), Y: round((h - side) / 2), W: side, H: side}}
	case paper.ElementHall:
		e = paper.Element{Kind: kind, Box: paper.Box{X: 0, Y: round(h * .3), W: w, H: round(w / 2)}}
	case paper.ElementRole:
		e.Box, e.Bold = paper.Box{X: 0, Y: round(h * .88), W: w, H: round(h*.12) - .1}, true
	}
	return e
}

func round(f float64) float64 { return float64(int(f*10+.5)) / 10 }
