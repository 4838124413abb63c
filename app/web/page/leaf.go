package page

import (
	"net/url"
	"strconv"

	"agora/templates"
)

// LeafAt is the leaf of a list that the address asks for, counted from 1.
func (v *Visit) LeafAt() int {
	n, err := strconv.Atoi(v.Query("page"))
	if err != nil {
		return 1
	}
	return max(1, n)
}

// Leaf leads through the list of this address, whose filter stays.
func (v *Visit) Leaf(at, last int) templates.Pages {
	return Leaf(at, last, func(n int) string {
		q := url.Values{}
		for key, value := range v.C.Queries() {
			if key != "page" && key != "lang" && value != "" {
				q.Set(key, value)
			}
		}
		q.Set("page", strconv.Itoa(n))
		return v.C.Path() + "?" + q.Encode()
	})
}

// Leaf leads through a long list: the ends, the neighbours, and gaps between.
func Leaf(at, last int, href func(int) string) templates.Pages {
	var p templates.Pages
	if last < 2 {
		return p
	}
	if at > 1 {
		p.Prev = href(at - 1)
	}
	if at < last {
		p.Next = href(at + 1)
	}
	for n := 1; n <= last; n++ {
		switch {
		case n == 1 || n == last || n >= at-1 && n <= at+1:
			p.Items = append(p.Items, templates.Page{Text: strconv.Itoa(n), Href: href(n), Current: n == at})
		case !p.Items[len(p.Items)-1].Gap:
			p.Items = append(p.Items, templates.Page{Gap: true})
		}
	}
	return p
}
