package page

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"slices"
	"strconv"
	"strings"

	"agora/app/edition"
)

const (
	// joinFirst and joinCodes make codes of five digits that begin with none of zero:
	// short enough to be read from a screen and kept in mind on the way to the phone.
	joinFirst = 10_000
	joinCodes = 90_000
)

// JoinCode is the code of an edition's day, for all its rooms. It is no secret: it
// leads to a page that is open to all.
func (s *Site) JoinCode(v *Visit, e edition.Edition) (string, error) {
	codes, err := s.JoinCodes(v)
	for _, c := range codes {
		if c.Edition.ID == e.ID {
			return c.Code, err
		}
	}
	return "", err
}

// JoinCode leads to the day of an edition.
type JoinCode struct {
	Code    string
	Edition edition.Edition
}

// JoinCodes gives each edition a code made from its id. Of two that would have the
// same, the later gets the next one, so that a new edition changes no printed code.
func (s *Site) JoinCodes(v *Visit) ([]JoinCode, error) {
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
	codes := make([]JoinCode, 0, len(all))
	for _, e := range all {
		mac := hmac.New(sha256.New, LiveKey(s.Config.Secret, "join"))
		mac.Write([]byte(e.ID))
		n := binary.BigEndian.Uint64(mac.Sum(nil)) % joinCodes
		code := strconv.FormatUint(joinFirst+n, 10)
		for taken[code] {
			n = (n + 1) % joinCodes
			code = strconv.FormatUint(joinFirst+n, 10)
		}
		taken[code] = true
		codes = append(codes, JoinCode{code, e})
	}
	return codes, nil
}
