package search

import (
	"context"
	"slices"
	"strings"
	"unicode"

	"github.com/uptrace/bun"

	"agora/app/edition"
	"agora/app/program"
	"agora/app/text"
)

const (
	// manyLetters is how much of one file is looked through for the place of a hit
	// when all the hits of a page are in files; a page with fewer looks further.
	manyLetters = 60_000
	// maxQuestion is how much of a question is shown, in bytes.
	maxQuestion = 320
)

// dress gives the hits of one page their texts. Everything is read from the
// tables of the areas, and only what is public was found.
func (v *view) dress(ctx context.Context, m *matcher, hits []Hit) error {
	t, err := v.texts(ctx, hits)
	if err != nil {
		return err
	}
	for i := range hits {
		h := &hits[i]
		if h.Session != nil {
			h.Session, h.Names = t.sessions[h.Session.ID], t.names[h.Session.ID]
		}
		switch h.Kind {
		case Edition:
			v.dressEdition(h, m)
		case Session:
			h.Title = v.title(m, h.Edition, h.Session, h.Session.Title)
			v.place(h, m, InAbstract, h.Session, h.Session.Abstract, h.Session.Description, h.Session.Subtitle)
		case Speaker:
			h.Title = m.whole("", h.Speaker.Name)
			v.place(h, m, InBiography, nil, t.biographies[h.Speaker.ID])
		case Material:
			v.dressMaterial(h, m, t.files)
		case Question:
			v.dressQuestion(h, m, t.questions[h.QuestionID])
		}
	}
	return nil
}

// texts are the long texts behind the hits of one page.
type texts struct {
	sessions    map[string]*program.Session
	names       map[string][]string // of who speaks, by session
	biographies map[string]text.Texts
	questions   map[string]asked
	files       map[string]string
}

// texts reads them with seven statements.
func (v *view) texts(ctx context.Context, hits []Hit) (texts, error) {
	idb := v.service.db.Read
	t := texts{sessions: map[string]*program.Session{}, biographies: map[string]text.Texts{}, questions: map[string]asked{}, files: map[string]string{}}
	var sessions, people, questionIDs, files []string
	for _, h := range hits {
		if h.Session != nil {
			t.sessions[h.Session.ID] = h.Session
			sessions = append(sessions, h.Session.ID)
		}
		switch h.Kind {
		case Speaker:
			people = append(people, h.Speaker.ID)
		case Question:
			questionIDs = append(questionIDs, h.QuestionID)
		case Material:
			files = append(files, allFiles(*h.Material)...)
		}
	}
	if err := v.fullSessions(ctx, idb, sessions, t.sessions); err != nil {
		return t, err
	}
	var err error
	if t.names, err = speakerNames(ctx, idb, nonEmpty(sessions)); err != nil {
		return t, err
	}
	if err := biographies(ctx, idb, people, t.biographies); err != nil {
		return t, err
	}
	list, err := questions(ctx, idb, "id IN (?)", bun.List(nonEmpty(questionIDs)))
	if err != nil {
		return t, err
	}
	for _, q := range list {
		t.questions[q.ID] = q
	}
	var read []struct{ FileID, Text string }
	letters := max(manyLetters, PageSize*manyLetters/max(1, len(files)))
	err = idb.NewRaw(`SELECT file_id, substr(text, 1, ?) AS text FROM file_text WHERE file_id IN (?)`,
		min(letters, maxFileText), bun.List(nonEmpty(files))).Scan(ctx, &read)
	for _, f := range read {
		t.files[f.FileID] = f.Text
	}
	return t, err
}

func biographies(ctx context.Context, idb bun.IDB, ids []string, by map[string]text.Texts) error {
	var list []program.Speaker
	err := idb.NewSelect().Model(&list).Column("id", "biography").Where("id IN (?)", bun.List(nonEmpty(ids))).Scan(ctx)
	for _, who := range list {
		by[who.ID] = who.Biography
	}
	return err
}

// fullSessions fills in what the pages show of sessions.
func (v *view) fullSessions(ctx context.Context, idb bun.IDB, ids []string, by map[string]*program.Session) error {
	var list []program.Session
	err := idb.NewSelect().Model(&list).Column("id", "slug", "title", "subtitle", "abstract", "description", "language", "kind", "extra").
		Where("id IN (?)", bun.List(nonEmpty(ids))).Scan(ctx)
	for i := range list {
		x, slot := &list[i], by[list[i].ID]
		x.EditionID, x.Cancelled, x.Room, x.StartsAt, x.EndsAt = slot.EditionID, slot.Cancelled, slot.Room, slot.StartsAt, slot.EndsAt
		by[x.ID] = x
	}
	return err
}

// title gives one of an organiser's short texts in the reader's language, marked.
func (v *view) title(m *matcher, e edition.Edition, x *program.Session, t text.Texts) Marked {
	s, key := t.In(v.lang, e.Languages...)
	return m.whole(spoken(x, key), s)
}

// place finds the words in the first of some texts that has them, in the reader's
// language before the others; a hit without a place shows how the first one
// begins.
func (v *view) place(h *Hit, m *matcher, at Place, x *program.Session, list ...text.Texts) {
	for _, t := range list {
		for _, key := range v.keys(h.Edition) {
			s := plain(t[key])
			if marked, _, found := m.around(spoken(x, key), s); found {
				h.Snippet = Snippet{Marked: marked, Place: at}
				return
			}
			if s != "" && len(h.Snippet.Parts) == 0 {
				h.Snippet = Snippet{Marked: beginning(spoken(x, key), s), Place: at}
			}
		}
	}
}

// keys are the languages of an organiser's text, the reader's first.
func (v *view) keys(e edition.Edition) []text.Lang {
	list := []text.Lang{v.lang}
	for _, l := range append(slices.Clone(e.Languages), text.Langs[:]...) {
		if !slices.Contains(list, l) {
			list = append(list, l)
		}
	}
	return list
}

func (v *view) dressEdition(h *Hit, m *matcher) {
	h.Title = v.title(m, h.Edition, nil, h.Edition.Title)
	v.place(h, m, InDescription, nil, h.Edition.Lead, h.Edition.Venue)
	if marked(h.Snippet.Marked) {
		return
	}
	lead := h.Snippet
	for _, topic := range edition.Topics {
		h.Snippet = Snippet{}
		if v.place(h, m, InPractical, nil, h.Edition.Practical[topic]); marked(h.Snippet.Marked) {
			return
		}
	}
	h.Snippet = lead
}

func (v *view) dressMaterial(h *Hit, m *matcher, files map[string]string) {
	h.Title = v.title(m, h.Edition, nil, h.Material.Title)
	for _, id := range allFiles(*h.Material) {
		words := files[id]
		l := languageOf(h.Material.Language, words)
		if out, at, found := m.around(l, words); found {
			h.Snippet = Snippet{Marked: out, Place: InText}
			if id != h.Material.FileID {
				h.Snippet.Place = InCaptions
			} else if pages := strings.Count(words, "\f"); pages > 0 {
				h.Snippet.Page = strings.Count(words[:at], "\f") + 1
			}
			return
		}
	}
}

func (v *view) dressQuestion(h *Hit, m *matcher, q asked) {
	l := languageOf("", q.Text)
	if h.Title = m.whole(l, q.Text); len(q.Text) > maxQuestion {
		var found bool
		if h.Title, _, found = m.around(l, q.Text); !found {
			h.Title = beginning(l, q.Text)
		}
	}
	for _, a := range q.answers {
		words := plain(a.Text)
		l := languageOf("", words)
		if out, _, found := m.around(l, words); found {
			h.Snippet = Snippet{Marked: out, Place: InAnswer, By: a.By}
			return
		}
		if len(h.Snippet.Parts) == 0 {
			h.Snippet = Snippet{Marked: beginning(l, words), Place: InAnswer, By: a.By}
		}
	}
}

// marked tells whether a text has any of the words.
func marked(m Marked) bool {
	return slices.ContainsFunc(m.Parts, func(p Part) bool { return p.Hit })
}

// tidy makes one line of a piece, and takes out what is not to be seen.
func tidy(s string) string {
	var b strings.Builder
	space := false
	for _, r := range s {
		switch {
		case unicode.IsSpace(r) && r != '\u00A0':
			if !space {
				b.WriteByte(' ')
			}
			space = true
			continue
		case unicode.IsControl(r), unicode.Is(unicode.Cf, r), r == unicode.ReplacementChar:
			continue
		}
		space = false
		b.WriteRune(r)
	}
	return b.String()
}
