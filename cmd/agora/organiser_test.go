package main

import (
	"bytes"
	"context"
	"html"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
)

// organiser is an owner who is signed in to the site with a browser.
type organiser struct {
	site   *site
	client *http.Client
}

// newOrganiser signs in by the link that the program prints.
func newOrganiser(ctx context.Context, s *site) *organiser {
	s.t.Helper()
	return enter(ctx, s, ownerLink(ctx, s))
}

// ownerLink asks the program for a link.
func ownerLink(ctx context.Context, s *site) string {
	s.t.Helper()
	cmd := exec.CommandContext(ctx, program(s.t), "sign-in", "--owner", "owner@example.org")
	var out bytes.Buffer
	cmd.Env, cmd.Stdout, cmd.Stderr = s.env, &out, &out
	err := cmd.Run()
	link := regexp.MustCompile(`http\S+/sign-in/\S+`).FindString(out.String())
	if err != nil || link == "" {
		s.t.Fatalf("%v\n%s", err, out.String())
	}
	return link
}

// enter signs in with a link.
func enter(ctx context.Context, s *site, link string) *organiser {
	s.t.Helper()
	var err error
	o := &organiser{site: s, client: browser(2)}
	if o.client.Jar, err = cookiejar.New(nil); err != nil {
		s.t.Fatal(err)
	}
	if a := o.post(ctx, strings.TrimPrefix(link, s.base), nil); a.Status != http.StatusSeeOther {
		s.t.Fatalf("signing in: %d %s %v", a.Status, a.Body, a.Err)
	}
	return o
}

func (o *organiser) post(ctx context.Context, path string, values url.Values) answer {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, o.site.base+path, strings.NewReader(values.Encode()))
	if err != nil {
		return answer{Err: err}
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("Origin", o.site.base)
	return o.site.ask(o.client, path, req)
}

// capacity opens the page of places, types another number of seats and saves,
// having said yes to letters to those who gain by it. It reports whether the
// number was taken.
func (o *organiser) capacity(ctx context.Context, seats int64) bool {
	path := "/desk" + siteEdition + "/places"
	for ctx.Err() == nil {
		page := o.site.get(ctx, o.client, path)
		if page.Status == http.StatusServiceUnavailable {
			pause(ctx, page.restOf())
			continue
		}
		form := fields(string(page.Body))
		if page.Status != http.StatusOK || form.Get("capacity_onsite") == "" {
			o.site.t.Errorf("the places: %d %v\n%s", page.Status, page.Err, page.Body)
			return false
		}
		form.Set("capacity_onsite", strconv.FormatInt(seats, 10))
		form.Set("sure", "1")
		switch a := o.post(ctx, path, form); {
		case a.Status == http.StatusSeeOther:
			return true
		case a.Status == http.StatusUnprocessableEntity && strings.Contains(string(a.Body), `id="capacity_onsite-error"`):
			return false
		case a.Status == http.StatusServiceUnavailable:
			pause(ctx, a.restOf())
		default:
			o.site.t.Errorf("saving the places: %d %v\n%s", a.Status, a.Err, a.Body)
			return false
		}
	}
	return false
}

var (
	inputTag    = regexp.MustCompile(`<input [^>]*>`)
	textareaTag = regexp.MustCompile(`(?s)<textarea [^>]*name="([^"]*)"[^>]*>\n?(.*?)</textarea>`)
	attribute   = regexp.MustCompile(`([a-z-]+)="([^"]*)"`)
)

// fields reads what the forms of a page would send.
func fields(page string) url.Values {
	values := url.Values{}
	for _, tag := range inputTag.FindAllString(page, -1) {
		a := map[string]string{}
		for _, m := range attribute.FindAllStringSubmatch(tag, -1) {
			a[m[1]] = html.UnescapeString(m[2])
		}
		box := a["type"] == "checkbox" || a["type"] == "radio"
		if a["name"] != "" && (!box || strings.Contains(tag, " checked")) {
			values.Add(a["name"], a["value"])
		}
	}
	for _, m := range textareaTag.FindAllStringSubmatch(page, -1) {
		values.Add(m[1], html.UnescapeString(m[2]))
	}
	return values
}
