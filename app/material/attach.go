package material

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"github.com/uptrace/bun"

	"agora/app/edition"
	"agora/app/fail"
	"agora/app/file"
	"agora/app/text"
)

const (
	// maxSlug keeps addresses short enough to be read from a slide.
	maxSlug = 120
	// maxTitleSlug leaves the session's part of the address readable.
	maxTitleSlug = 40
)

// attach takes the files up that the input names and m does not have yet, lets
// those captions go that it no longer names, and looks whose consent it is.
func (in *Input) attach(ctx context.Context, tx bun.IDB, by Author, e edition.Edition, m Material) error {
	f := fail.Fields{}
	scope := by.Scope(m.SessionID)
	if in.FileID != "" && in.FileID != m.FileID {
		if _, err := takeUp(ctx, tx, f, "file", in.FileID, e.ID, scope); err != nil {
			return err
		}
	}
	had := func(list Captions, id string) bool {
		return slices.ContainsFunc(list, func(c Caption) bool { return c.FileID == id })
	}
	for _, c := range in.Captions {
		if had(m.Captions, c.FileID) {
			continue
		}
		got, err := takeUp(ctx, tx, f, "captions", c.FileID, e.ID, scope)
		if err != nil {
			return err
		}
		if got.ID != "" && (got.Kind != "vtt" && got.Kind != "srt" || got.Size > MaxCaption) {
			f.Add("captions", "material.captions_kind")
		}
	}
	for _, c := range m.Captions {
		if !had(in.Captions, c.FileID) {
			if err := file.Drop(ctx, tx, c.FileID); err != nil {
				return err
			}
		}
	}
	if in.SpeakerID != "" && in.SpeakerID != m.SpeakerID {
		known, err := tx.NewSelect().Table("session_speaker").Where("session_id = ?", m.SessionID).Where("speaker_id = ?", in.SpeakerID).Exists(ctx)
		if err != nil {
			return err
		}
		if !known {
			f.Add("speaker", "material.speaker_missing")
		}
	}
	return f.Err()
}

// takeUp keeps a file that nothing else of ours is made of: it goes with the one
// piece of material that it belongs to.
func takeUp(ctx context.Context, tx bun.IDB, f fail.Fields, field, id, editionID, scope string) (file.File, error) {
	used, err := tx.NewSelect().Table("material_version").Where("file_id = ?", id).Exists(ctx)
	if err != nil {
		return file.File{}, err
	}
	if used {
		f.Add(field, "material.file_used")
		return file.File{}, nil
	}
	got, err := file.Keep(ctx, tx, id, editionID, scope)
	if fail.Is(err, fail.NotFound) {
		f.Add(field, "material.file_gone")
		return file.File{}, nil
	}
	return got, err
}

// freeSlug makes the last part of the address: of the session's and the title,
// or the kind where there is none.
func freeSlug(ctx context.Context, tx bun.IDB, e edition.Edition, session string, m Material) (string, error) {
	var used []string
	if err := tx.NewSelect().Table("material").Column("slug").Where("edition_id = ?", e.ID).Scan(ctx, &used); err != nil {
		return "", err
	}
	return newSlug(used, session, titleIn(e, m)), nil
}

// titleIn is what an address is made of.
func titleIn(e edition.Edition, m Material) string {
	order := append(slices.Clone(e.Languages), text.Finnish)
	title, _ := m.Title.In(order[0], order...)
	if title = text.Slug(title, maxTitleSlug); title == "" {
		title = string(m.Kind)
	}
	return title
}

func newSlug(used []string, session, title string) string {
	slug := title
	if !strings.HasPrefix(title, session) {
		slug = text.Slug(session+"-"+title, maxSlug)
	}
	free := slug
	for n := 2; slices.Contains(used, free); n++ {
		free = slug + "-" + strconv.Itoa(n)
	}
	return free
}
