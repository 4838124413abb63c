package live

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"slices"
	"strconv"
	"strings"

	"agora/app/edition"
	"agora/app/fail"
	"agora/app/web/page"
)

const (
	// joinFirst and joinCodes make codes of five digits that begin with none of zero:
	// short enough to be read from a screen and kept in mind on the way to the phone.
	joinFirst = 10_000
	joinCodes = 90_000
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
	codes, err := s.joinCodes(v)
	if err != nil {
		return err
	}
	for _, e := range codes {
		if e.code == digits(p.Code) {
			return v.Redirect(e.edition.Path() + "/live")
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

// JoinCode is the code of an edition's day, for all its rooms. It is no secret: it
// leads to a page that is open to all.
func (s Pages) JoinCode(v *page.Visit, e edition.Edition) (string, error) {
	codes, err := s.joinCodes(v)
	for _, c := range codes {
		if c.edition.ID == e.ID {
			return c.code, err
		}
	}
	return "", err
}

type joinCode struct {
	code    string
	edition edition.Edition
}

// joinCodes gives each edition a code made from its id. Of two that would have the
// same, the later gets the next one, so that a new edition changes no printed code.
func (s Pages) joinCodes(v *page.Visit) ([]joinCode, error) {
	series, err := s.Editions.AllSeries(v.Ctx)
	if err != nil {
		return nil, err
	}
	var all []edition.Edition
	for _, one := range series {
		list, err := s.Editions.Of(v.Ctx, one)
		if err != nil {
			return nil, err
		}
		all = append(all, list...)
	}
	slices.SortFunc(all, func(a, b edition.Edition) int { return strings.Compare(a.ID, b.ID) })
	taken := map[string]bool{}
	codes := make([]joinCode, 0, len(all))
	for _, e := range all {
		mac := hmac.New(sha256.New, liveKey(s.Config.Secret, "join"))
		mac.Write([]byte(e.ID))
		n := binary.BigEndian.Uint64(mac.Sum(nil)) % joinCodes
		code := strconv.FormatUint(joinFirst+n, 10)
		for taken[code] {
			n = (n + 1) % joinCodes
			code = strconv.FormatUint(joinFirst+n, 10)
		}
		taken[code] = true
		codes = append(codes, joinCode{code, e})
	}
	return codes, nil
}
