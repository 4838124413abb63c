package exchange

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"strconv"
	"strings"

	"agora/app/fail"
)

// xmlTree reads a document. A bare "&" is the one fault so common that it is mended; everything else that breaks the
// grammar refuses the file, because half a programme is worse than none.
func xmlTree(text []byte, n *notes) (*node, error) {
	root, err := parseXML(text)
	if errors.Is(err, ErrBroken) {
		mended, count := mendAmpersands(text)
		if count == 0 {
			return nil, err
		}
		if root, err = parseXML(mended); err == nil {
			n.addMany(bareAmpersand, 0, "&", count)
		}
	}
	return root, err
}

func parseXML(text []byte) (*node, error) {
	d := xml.NewDecoder(bytes.NewReader(text))
	d.CharsetReader = func(_ string, in io.Reader) (io.Reader, error) { return in, nil }
	d.Entity = xml.HTMLEntity // a fixed list; what a file declares itself is never expanded
	b := treeBuilder{names: map[string]string{}}
	top := b.open("", 0)
	stack := []*node{top}
	for {
		token, err := d.Token()
		line, _ := d.InputPos()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, broken(line, err)
		}
		parent := stack[len(stack)-1]
		switch t := token.(type) {
		case xml.Directive:
			if bytes.Contains(t, []byte("[")) || bytes.Contains(bytes.ToUpper(t), []byte("ENTITY")) {
				return nil, &fail.Error{Kind: fail.Invalid, Key: "exchange.declares_entities", Err: ErrEntities}
			}
		case xml.StartElement:
			e := b.open(t.Name.Local, line)
			for _, a := range t.Attr {
				if a.Name.Space != "xmlns" && a.Name.Local != "xmlns" {
					b.leaf(e, "@"+a.Name.Local, a.Value, line)
				}
			}
			parent.kids = append(parent.kids, e)
			stack = append(stack, e)
		case xml.EndElement:
			stack = stack[:len(stack)-1]
		case xml.CharData:
			if len(stack) > 1 && (len(bytes.TrimSpace(t)) > 0 || !bytes.ContainsRune(t, '\n')) {
				b.leaf(parent, "#", string(t), line)
			}
		}
		if b.count > maxNodes || len(stack) > maxDepth {
			return nil, tooLarge()
		}
	}
	if len(top.kids) != 1 {
		return nil, notSchedule()
	}
	return top.kids[0], nil
}

// treeBuilder counts nodes and keeps each name once: a file has a dozen names and a hundred thousand nodes.
type treeBuilder struct {
	names map[string]string
	count int
}

func (b *treeBuilder) open(name string, line int) *node {
	b.count++
	kept, ok := b.names[name]
	if !ok {
		kept = strings.Clone(name)
		b.names[kept] = kept
	}
	return &node{name: kept, line: line}
}

func (b *treeBuilder) leaf(parent *node, name, text string, line int) {
	k := b.open(name, line)
	k.text = text
	parent.kids = append(parent.kids, k)
}

// mendAmpersands escapes every "&" that starts no reference we know and drops references to forbidden characters.
func mendAmpersands(text []byte) ([]byte, int) {
	out := make([]byte, 0, len(text)+len(text)/64)
	count := 0
	for {
		i := bytes.IndexByte(text, '&')
		if i < 0 {
			return append(out, text...), count
		}
		out, text = append(out, text[:i]...), text[i:]
		length, allowed := reference(text)
		switch {
		case length == 0:
			out = append(out, "&amp;"...)
			text = text[1:]
			count++
		case !allowed:
			text = text[length:]
			count++
		default:
			out = append(out, text[:length]...)
			text = text[length:]
		}
	}
}

// reference measures the reference at the start of text: 0 when it is none.
func reference(text []byte) (length int, allowed bool) {
	end := bytes.IndexByte(text[:min(len(text), 32)], ';')
	if end < 2 {
		return 0, false
	}
	name := string(text[1:end])
	if name[0] != '#' {
		switch name {
		case "amp", "lt", "gt", "quot", "apos":
			return end + 1, true
		}
		if _, known := xml.HTMLEntity[name]; known {
			return end + 1, true
		}
		return 0, false
	}
	digits, base := name[1:], 10
	if strings.HasPrefix(digits, "x") {
		digits, base = digits[1:], 16
	}
	code, err := strconv.ParseUint(digits, base, 32)
	if err != nil {
		return 0, false
	}
	return end + 1, code <= 0x10ffff && !forbidden(rune(code))
}
