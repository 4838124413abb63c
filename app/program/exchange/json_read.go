package exchange

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

// jsonTree reads a JSON object into nodes, token by token, so that depth and size stay bounded and lines are known.
func jsonTree(text []byte) (*node, error) {
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	p := jsonParser{d: d, text: text, line: 1, b: treeBuilder{names: map[string]string{}}}
	root, err := p.value("", 0)
	if err == nil {
		if _, end := d.Token(); !errors.Is(end, io.EOF) {
			err = broken(p.where(), errors.New("more than one value"))
		}
	}
	if err != nil {
		return nil, err
	}
	return root, nil
}

type jsonParser struct {
	d      *json.Decoder
	text   []byte
	offset int64
	line   int
	b      treeBuilder
}

// where counts lines up to the decoder's place; offsets only grow, so the text is walked once.
func (p *jsonParser) where() int {
	if now := p.d.InputOffset(); now > p.offset {
		p.line += bytes.Count(p.text[p.offset:now], []byte("\n"))
		p.offset = now
	}
	return p.line
}

func (p *jsonParser) token() (json.Token, error) {
	t, err := p.d.Token()
	if err != nil {
		return nil, broken(p.where(), err)
	}
	return t, nil
}

func (p *jsonParser) value(name string, depth int) (*node, error) {
	t, err := p.token()
	if err != nil {
		return nil, err
	}
	n := p.b.open(name, p.where())
	if depth > maxDepth || p.b.count > maxNodes {
		return nil, tooLarge()
	}
	delim, nested := t.(json.Delim)
	if !nested {
		if t != nil {
			n.text = fmt.Sprint(t)
		}
		return n, nil
	}
	n.json = delim == '{'
	for p.d.More() {
		key := ""
		if delim == '{' {
			k, err := p.token()
			if err != nil {
				return nil, err
			}
			key, _ = k.(string)
		}
		kid, err := p.value(key, depth+1)
		if err != nil {
			return nil, err
		}
		n.kids = append(n.kids, kid)
	}
	_, err = p.token()
	return n, err
}
