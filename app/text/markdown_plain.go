package text

import (
	"strconv"
	"strings"

	"github.com/yuin/goldmark/ast"
	extended "github.com/yuin/goldmark/extension/ast"
	reader "github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// Plain writes a Markdown text as one reads it without any mark-up: what a
// letter holds for those whose mail shows no HTML.
func Plain(s string, fill Fill) string {
	src := []byte(fill.mark(s))
	w := plain(src)
	doc := markdownParser.Parser().Parse(reader.NewReader(src))
	return fill.values(func(v string) string { return v }).Replace(w.blocks(doc, "\n\n"))
}

// plain writes the nodes of its source.
type plain []byte

func (w plain) blocks(n ast.Node, between string) string {
	var list []string
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		if s := w.block(c); s != "" {
			list = append(list, s)
		}
	}
	return strings.Join(list, between)
}

func (w plain) block(n ast.Node) string {
	switch n := n.(type) {
	case *ast.ThematicBreak:
		return "* * *"
	case *ast.HTMLBlock:
		return ""
	case *ast.CodeBlock, *ast.FencedCodeBlock:
		var b strings.Builder
		for i := range n.Lines().Len() {
			line := n.Lines().At(i)
			b.Write(line.Value(w))
		}
		return hang("    ", "    ", strings.TrimRight(b.String(), "\n"))
	case *ast.Blockquote:
		return hang("> ", "> ", w.blocks(n, "\n\n"))
	case *ast.List:
		return w.list(n)
	case *extended.Table:
		return w.blocks(n, "\n")
	case *extended.TableHeader, *extended.TableRow:
		return w.cells(n)
	}
	return strings.TrimSpace(w.inline(n))
}

func (w plain) list(n *ast.List) string {
	between := "\n\n"
	if n.IsTight {
		between = "\n"
	}
	var items []string
	number := n.Start
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		first := "- "
		if n.IsOrdered() {
			first = strconv.Itoa(number) + ". "
			number++
		}
		items = append(items, hang(first, strings.Repeat(" ", len(first)), w.blocks(c, between)))
	}
	return strings.Join(items, between)
}

func (w plain) cells(n ast.Node) string {
	var cells []string
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		cells = append(cells, w.inline(c))
	}
	return strings.Join(cells, " | ")
}

// hang puts first before the first line and rest before the others.
func hang(first, rest, s string) string {
	return first + strings.ReplaceAll(s, "\n", "\n"+rest)
}

func (w plain) inline(n ast.Node) string {
	var b strings.Builder
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		switch c := c.(type) {
		case *ast.Text:
			value := c.Segment.Value(w)
			if _, code := n.(*ast.CodeSpan); !code {
				value = util.ResolveEntityNames(util.ResolveNumericReferences(util.UnescapePunctuations(value)))
			}
			b.Write(value)
			if c.SoftLineBreak() || c.HardLineBreak() {
				b.WriteByte('\n')
			}
		case *ast.String:
			b.Write(c.Value)
		case *ast.AutoLink:
			b.Write(c.Label(w))
		case *ast.Link:
			b.WriteString(withAddress(w.inline(c), string(c.Destination)))
		case *ast.RawHTML:
		default:
			b.WriteString(w.inline(c))
		}
	}
	return b.String()
}

// withAddress follows the words of a link with where it leads.
func withAddress(words, address string) string {
	if words == "" || words == address {
		return address
	}
	return words + " (" + address + ")"
}
