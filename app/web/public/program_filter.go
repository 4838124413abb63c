package public

import (
	"cmp"
	"net/url"
	"slices"
	"strings"

	"agora/app/fail"
	"agora/app/program"
	"agora/app/text"
	"agora/app/web/page"
	"agora/templates"
)

// maxSearch is how much of a search is looked at: a line, not an essay.
const maxSearch = 100

// programFilter is what of the programme is asked for. Its zero value takes all.
type programFilter struct {
	search   string
	words    []string // of the search, folded; all of them have to be there
	track    *program.Track
	room     *program.Room
	language string
	kind     program.Kind
	// mine leaves what a signed-in person has marked; strangers' marks are on
	// their device, and their script does the same.
	mine   bool
	marked map[string]bool
}

// newProgramFilter reads ?q, ?track, ?room, ?language, ?kind and ?mine.
func newProgramFilter(v *page.Visit, p *program.Programme) (f programFilter, err error) {
	f.search = page.Shorten(v.Query("q"), maxSearch)
	f.words = strings.Fields(strings.ToLower(f.search))
	f.mine = v.Query("mine") != ""
	if slug := v.Query("track"); slug != "" {
		i := slices.IndexFunc(p.Tracks, func(t *program.Track) bool { return t.Slug == slug })
		if i < 0 {
			return f, fail.Missing("programme.track_gone")
		}
		f.track = p.Tracks[i]
	}
	if slug := v.Query("room"); slug != "" {
		if f.room = p.RoomBySlug(slug); f.room == nil {
			return f, fail.Missing("program_page.room_gone")
		}
	}
	if f.kind = program.Kind(v.Query("kind")); f.kind != "" && !slices.Contains(program.Kinds[:], f.kind) {
		return f, fail.Missing("web.not_found")
	}
	f.language = page.Shorten(v.Query("language"), maxSearch)
	return f, nil
}

// any tells whether not all of the programme is asked for.
func (f programFilter) any() bool { return f.chosen() > 0 || f.mine }

// chosen counts what is asked for that is decided here.
func (f programFilter) chosen() (n int) {
	for _, on := range []bool{len(f.words) > 0, f.track != nil, f.room != nil, f.language != "", f.kind != "", f.mine && f.marked != nil} {
		if on {
			n++
		}
	}
	return n
}

// takes decides about one session.
func (f programFilter) takes(x *program.Session) bool {
	switch {
	case f.track != nil && x.Track != f.track, f.room != nil && x.Room != f.room, f.kind != "" && x.Kind != f.kind,
		f.mine && f.marked != nil && !f.marked[x.ID],
		f.language != "" && !slices.Contains(languages(x.Language), f.language):
		return false
	}
	return len(f.words) == 0 || holds(x, f.words)
}

// holds looks for every word in what a session says of itself.
func holds(x *program.Session, words []string) bool {
	var b strings.Builder
	add := func(t text.Texts) {
		for _, l := range text.Langs {
			b.WriteString(t[l])
			b.WriteByte('\n')
		}
	}
	add(x.Title)
	add(x.Subtitle)
	add(x.Abstract)
	for _, who := range x.Speakers {
		b.WriteString(who.Name)
		b.WriteByte('\n')
	}
	all := strings.ToLower(b.String())
	return !slices.ContainsFunc(words, func(w string) bool { return !strings.Contains(all, w) })
}

// languages are language tags without their regions.
func languages(tags string) []string {
	var list []string
	for tag := range strings.SplitSeq(tags, ",") {
		base, _, _ := strings.Cut(strings.TrimSpace(tag), "-")
		if base != "" {
			list = append(list, strings.ToLower(base))
		}
	}
	return list
}

// programSearch is the form above the programme.
type programSearch struct {
	Action  string
	Hidden  []templates.Field
	Search  templates.Field
	Selects []templates.Field
	Mine    bool
	// Own says that the server knows what is marked; else the device does.
	Own    bool
	Open   bool
	Active bool
	Clear  string
	Found  string
}

// newProgramSearch offers only what there is a choice of.
func newProgramSearch(v *page.Visit, p *program.Programme, c programChoice, found int) *programSearch {
	f := c.filter
	s := &programSearch{Action: v.Edition.Path() + "/program", Mine: f.mine, Own: v.SignedIn(), Active: f.any(),
		Open:   f.track != nil || f.room != nil || f.language != "" || f.kind != "",
		Search: templates.Field{Name: "q", Type: "search", Label: v.T("program_page.search"), Value: f.search, Max: maxSearch}}
	keep := url.Values{}
	for _, name := range []string{"day", "view"} {
		if value := v.Query(name); value != "" {
			s.Hidden = append(s.Hidden, templates.Field{Type: "hidden", Name: name, Value: value})
			keep.Set(name, value)
		}
	}
	s.Clear = strings.TrimSuffix(s.Action+"?"+keep.Encode(), "?")
	if f.chosen() > 0 && found > 0 {
		s.Found = v.T("program_page.found", "n", found)
	}
	add := func(name, label, all, value string, options []templates.Option) {
		if len(options) > 1 || value != "" {
			options = append([]templates.Option{{Text: v.T(all)}}, options...)
			s.Selects = append(s.Selects, templates.Field{Name: name, Label: v.T(label), Value: value, Options: options})
		}
	}
	track, room := "", ""
	if f.track != nil {
		track = f.track.Slug
	}
	if f.room != nil {
		room = f.room.Slug
	}
	add("track", "program_page.track", "programme.all_tracks", track, trackOptions(v, p))
	add("room", "program_page.room", "program_page.all_rooms", room, roomOptions(v, p))
	add("kind", "program_page.kind", "program_page.all_kinds", string(f.kind), kindOptions(v, p))
	add("language", "program_page.language", "program_page.all_languages", f.language, languageOptions(v, p))
	return s
}

func trackOptions(v *page.Visit, p *program.Programme) []templates.Option {
	var list []templates.Option
	for _, t := range p.Tracks {
		list = append(list, templates.Option{Value: t.Slug, Text: v.Words(t.Name).Text})
	}
	return list
}

func roomOptions(v *page.Visit, p *program.Programme) []templates.Option {
	var list []templates.Option
	for _, r := range p.Rooms {
		if len(p.ByRoom(r.ID)) > 0 {
			list = append(list, templates.Option{Value: r.Slug, Text: v.Words(r.Name).Text})
		}
	}
	return list
}

func kindOptions(v *page.Visit, p *program.Programme) []templates.Option {
	var list []templates.Option
	for _, k := range program.Kinds {
		if slices.ContainsFunc(p.Sessions, func(x *program.Session) bool { return x.Kind == k }) {
			list = append(list, templates.Option{Value: string(k), Text: v.T("program.kind." + string(k))})
		}
	}
	return list
}

func languageOptions(v *page.Visit, p *program.Programme) []templates.Option {
	seen := map[string]bool{}
	var list []templates.Option
	for _, x := range p.Sessions {
		for _, tag := range languages(x.Language) {
			if !seen[tag] {
				seen[tag] = true
				list = append(list, templates.Option{Value: tag, Text: cmp.Or(page.LanguageNames(v.Lang, tag), tag)})
			}
		}
	}
	compare := text.Collator(v.Lang)
	slices.SortFunc(list, func(a, b templates.Option) int { return compare(a.Text, b.Text) })
	return list
}
