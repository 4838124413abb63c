package live

import (
	"strings"

	"agora/app/fail"
	"agora/app/web/page"
)

// joinPage takes the code from the hall's screen.
type joinPage struct {
	Code   string
	Errors []string
}

func (p joinPage) Shape(f *page.Frame) { f.Noindex = true }

// Join leads by an edition's short code to its day.
func (s Pages) Join(v *page.Visit) error {
	p := joinPage{Code: strings.TrimSpace(v.Query("code"))}
	if p.Code == "" {
		return v.Render("live/join", v.T("live.join_title"), p)
	}
	codes, err := s.JoinCodes(v)
	if err != nil {
		return err
	}
	for _, e := range codes {
		if e.Code == digits(p.Code) {
			return v.Redirect(e.Edition.Path() + "/live")
		}
	}
	p.Errors = []string{v.T("live.join_missing")}
	v.C.Status(page.Statuses[fail.NotFound])
	return v.Render("live/join", v.T("live.join_title"), p)
}

func digits(s string) string {
	return strings.Map(func(c rune) rune {
		if c < '0' || c > '9' {
			return -1
		}
		return c
	}, s)
}
