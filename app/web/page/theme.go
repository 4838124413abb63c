package page

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"regexp"
	"sort"
	"strings"
	"sync"

	"github.com/gofiber/fiber/v2"

	"agora/app/fail"
)

var (
	hexColor  = regexp.MustCompile(`^#[0-9a-fA-F]{6}$`)
	className = regexp.MustCompile(`^[a-z0-9-]+$`)
)

// themes keeps the style sheets made for series by the hash in their address.
type themes struct {
	mu     sync.RWMutex
	sheets map[string][]byte
}

// maxThemes bounds them; a sheet that was dropped is made again when a page asks.
const maxThemes = 200

func newThemes() *themes { return &themes{sheets: map[string][]byte{}} }

// themeHref is the address of the visitor's series' sheet: its accent, its
// tracks' colours. The hash is of the content, so it may be kept for ever.
func (s *Site) themeHref(v *Visit) string {
	colors := map[string]string{}
	if v.Edition.ID != "" {
		if p, err := s.Program.Programme(v.Ctx, v.Edition); err == nil {
			for _, t := range p.Tracks {
				colors[t.Slug] = t.Color
			}
		}
	}
	return "/" + v.Edition.Series.Slug + "/theme." + s.themes.keep(themeSheet(v.Edition.Series.Accent, colors)) + ".css"
}

func (t *themes) keep(sheet string) string {
	sum := sha256.Sum256([]byte(sheet))
	hash := hex.EncodeToString(sum[:8])
	t.mu.RLock()
	_, known := t.sheets[hash]
	t.mu.RUnlock()
	if !known {
		t.mu.Lock()
		defer t.mu.Unlock()
		if len(t.sheets) >= maxThemes {
			clear(t.sheets)
		}
		t.sheets[hash] = []byte(sheet)
	}
	return hash
}

// Theme serves a sheet. One that this node has not made yet, because another
// served the page or this one has just started, is made now.
func (s *Site) Theme(v *Visit) error {
	hash, isSheet := strings.CutSuffix(v.Param("file"), ".css")
	sheet := s.themes.sheet(hash)
	if isSheet && sheet == nil {
		if err := s.allThemes(v); err != nil {
			return err
		}
		sheet = s.themes.sheet(hash)
	}
	if !isSheet || sheet == nil {
		return fail.Missing("web.not_found")
	}
	v.C.Set(fiber.HeaderContentType, SheetKind)
	v.C.Set(fiber.HeaderCacheControl, ForYears)
	return v.C.Send(sheet)
}

func (t *themes) sheet(hash string) []byte {
	t.mu.RLock()
	defer t.mu.RUnlock()
	return t.sheets[hash]
}

// allThemes makes the sheets of the series' own pages and of its editions.
func (s *Site) allThemes(v *Visit) error {
	s.themeHref(v)
	editions, err := s.Editions.Of(v.Ctx, v.Edition.Series)
	if err != nil {
		return err
	}
	for _, e := range editions {
		v.Edition = e
		s.themeHref(v)
	}
	return nil
}

// themeSheet writes the sheet from values that are checked once more here: it
// is the one place where data becomes CSS.
func themeSheet(accent string, tracks map[string]string) string {
	var b strings.Builder
	if hexColor.MatchString(accent) {
		light, dark := readableOnSoft(accent, lightPaper, darker, lightSoft), readableOnSoft(accent, darkPaper, lighter, darkSoft)
		fmt.Fprintf(&b, ":root{--accent:light-dark(%s,%s);--accent-ink:light-dark(%s,%s);--accent-soft:light-dark(%s,%s)}\n",
			light, dark, inkOn(light), inkOn(dark), mix(light, lightPaper, lightSoft), mix(dark, darkPaper, darkSoft))
	}
	slugs := make([]string, 0, len(tracks))
	for slug := range tracks {
		slugs = append(slugs, slug)
	}
	sort.Strings(slugs)
	for _, slug := range slugs {
		if c := tracks[slug]; className.MatchString(slug) && hexColor.MatchString(c) {
			light, dark := TrackShades(c)
			fmt.Fprintf(&b, ".track-%s{--track:light-dark(%s,%s)}\n", slug, light, dark)
		}
	}
	return b.String()
}
