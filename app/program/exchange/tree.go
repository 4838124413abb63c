package exchange

import "strings"

// node is an element, attribute, text, or JSON value. Both formats become such a tree and are interpreted by the same
// code. Interpreting marks what it takes; what stays unmarked at the end is what the report calls unknown. So nothing
// can be forgotten by mistake.
type node struct {
	name string // "@x" for attributes, "#" for text; items of a JSON array bear no name
	text string
	kids []*node
	line int
	used bool
	json bool // an object: its kids are fields, not markup
}

func (n *node) is(name string) bool {
	return strings.EqualFold(strings.TrimPrefix(n.name, "@"), name)
}

// has tells whether there is something of that name, without taking it.
func (n *node) has(name string) bool {
	if n == nil {
		return false
	}
	for _, k := range n.kids {
		if k.is(name) {
			return true
		}
	}
	return false
}

// all takes every child or attribute of the name.
func (n *node) all(name string) []*node {
	if n == nil {
		return nil
	}
	var list []*node
	for _, k := range n.kids {
		if !k.used && k.is(name) {
			k.used = true
			list = append(list, k)
		}
	}
	return list
}

// first takes the first of that name; a second one stays for the report.
func (n *node) first(name string) *node {
	if n == nil {
		return nil
	}
	for _, k := range n.kids {
		if !k.used && k.is(name) {
			k.used = true
			return k
		}
	}
	return nil
}

// str takes the first of the names that says something; empty ones are taken on the way.
func (n *node) str(names ...string) string {
	if n == nil {
		return ""
	}
	for _, name := range names {
		for _, k := range n.kids {
			if k.used || !k.is(name) {
				continue
			}
			k.used = true
			if v := k.value(); v != "" {
				return v
			}
		}
	}
	return ""
}

// value is the text of a node; markup inside (an abstract with real <p> elements) is kept as markup. Of a JSON object
// it is the text in the first of our languages, or else in its first; the others stay for the report.
func (n *node) value() string {
	if n == nil {
		return ""
	}
	if n.json {
		if v := n.str("fi", "sv", "en"); v != "" {
			return v
		}
		for _, k := range n.kids {
			if !k.used {
				k.used = true
				return k.value()
			}
		}
		return ""
	}
	if n.kids == nil {
		return strings.TrimSpace(n.text)
	}
	var b strings.Builder
	n.render(&b)
	return strings.TrimSpace(b.String())
}

func (n *node) render(b *strings.Builder) {
	for _, k := range n.kids {
		switch {
		case k.used:
		case k.name == "#":
			k.used = true
			b.WriteString(k.text)
		case strings.HasPrefix(k.name, "@"):
			// An attribute of the text's own element is no part of the text.
		case k.name == "":
			k.used = true
			if b.Len() > 0 {
				b.WriteString(", ")
			}
			b.WriteString(k.text)
		default:
			k.used = true
			b.WriteString("<" + k.name)
			for _, a := range k.kids {
				if strings.HasPrefix(a.name, "@") {
					a.used = true
					b.WriteString(" " + a.name[1:] + `="` + strings.ReplaceAll(a.text, `"`, "&quot;") + `"`)
				}
			}
			b.WriteString(">")
			k.render(b)
			b.WriteString("</" + k.name + ">")
		}
	}
}

// swallow marks everything below n as dealt with.
func swallow(n *node) {
	if n == nil {
		return
	}
	for _, k := range n.kids {
		k.used = true
		swallow(k)
	}
}

// blank tells that nothing would be lost with the node.
func (n *node) blank() bool {
	if strings.TrimSpace(n.text) != "" {
		return false
	}
	for _, k := range n.kids {
		if !k.blank() {
			return false
		}
	}
	return true
}

// leftovers reports everything below n that was not taken.
func (n *node) leftovers(notes *notes) {
	for _, k := range n.kids {
		switch {
		case k.used:
			k.leftovers(notes)
		case !k.blank():
			kind := unknownElement
			if knownButNotKept(n.name, strings.TrimPrefix(k.name, "@")) {
				kind = notKept
			}
			notes.add(kind, k.line, n.name+"/"+k.name)
		}
	}
}

// knownButNotKept are the fields we understand and have no place for.
func knownButNotKept(parent, name string) bool {
	switch strings.ToLower(name) {
	case "logo", "feedback_url", "origin_url", "answers", "do_not_stream", "code", "avatar", "avatar_url",
		"keywords", "color", "colors", "meta", "service",
		"stream_id", "features", "assembly", "online_qa", "venue", "city", "evaluation_url", "feedback":
		return true
	case "id":
		return parent == "person"
	case "slug", "url", "type":
		return parent == "room"
	case "subtitle":
		return parent == "conference"
	}
	return false
}
