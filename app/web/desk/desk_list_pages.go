package desk

import (
	"net/url"
	"strconv"

	"agora/app/web/page"
	"agora/templates"
)

// pagesOf leads through the list of this address, whose filter stays.
func pagesOf(v *page.Visit, page, last int) templates.Pages {
	return pageLinks(page, last, func(n int) string {
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

// pageLinks leads through a long list: the ends, the neighbours, and gaps between.
func pageLinks(page, last int, href func(int) string) templates.Pages {
	var p templates.Pages
	if last < 2 {
		return p
	}
	if page > 1 {
		p.Prev = href(page - 1)
	}
	if page < last {
		p.Next = href(page + 1)
	}
	for n := 1; n <= last; n++ {
		switch {
		case n == 1 || n == last || n >= page-1 && n <= page+1:
			p.Items = append(p.Items, templates.Page{Text: strconv.Itoa(n), Href: href(n), Current: n == page})
		case !p.Items[len(p.Items)-1].Gap:
			p.Items = append(p.Items, templates.Page{Gap: true})
		}
	}
	return p
}
