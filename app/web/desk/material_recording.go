package desk

import (
	"regexp"
	"strconv"
	"time"

	"agora/app/material"
	"agora/app/program"
	"agora/app/qa"
	"agora/app/text"
	"agora/app/web/page"
	"agora/templates"
)

// recordingFields are the part of the form that is for recordings alone.
type recordingFields struct {
	Begins          templates.Choice
	Clock, At       templates.Field
	Question        *templates.Field // none where nothing was answered on stage
	Moments         string           // what comes of it now
	Captions        []templates.Field
	CaptionFile     templates.Upload
	CaptionLanguage templates.Field
	Transcript      templates.Field
}

// The ways to say when a recording begins.
const (
	beginsUnknown  = "unknown"
	beginsClock    = "clock"
	beginsQuestion = "question"
)

func recordingForm(v *page.Visit, f *page.Form, x *program.Session, m *material.Material, p *recordingFields, uploads string) error {
	answered, err := onStage(v, x)
	if err != nil {
		return err
	}
	ways := []string{beginsUnknown, beginsClock}
	if len(answered) > 0 {
		ways = append(ways, beginsQuestion)
	}
	p.Begins = f.Choice("begins", "material_form.begins", options(v, ways, "material_form.begins_")...)
	p.Begins.Stacked = true
	p.Clock = f.Field("recorded_clock", "text", "material_form.begins_at")
	p.Clock.Placeholder = text.Clock(v.Lang, x.StartsAt)
	if len(answered) > 0 {
		field := f.Field("moment_question", "", "material_form.begins_which")
		for _, q := range answered {
			field.Options = append(field.Options, templates.Option{Value: q.ID, Text: text.Clock(v.Lang, v.Edition.Local(*q.NowAt)) + " · " + page.Shorten(q.Text, 80)})
		}
		p.Question, p.At = &field, f.Field("moment_offset", "text", "material_form.begins_offset")
		p.At.Placeholder = text.Offset(v.Lang, 23*time.Minute+14*time.Second)
	}
	if m != nil {
		p.Moments = momentWords(v, *m, answered)
		for _, c := range m.Captions {
			field := f.Field("caption_drop_"+c.Language, "checkbox", "material_form.caption_drop")
			field.Label = v.T("material_form.caption_drop", "language", page.LanguageNames(v.Lang, c.Language))
			p.Captions = append(p.Captions, field)
		}
	}
	p.CaptionFile = f.Upload("captions", "material_form.captions", uploads, "vtt", "srt")
	p.CaptionFile.Optional = true
	p.CaptionLanguage, p.Transcript = f.Field("caption_language", "text", "material_form.caption_language"), f.Field("transcript_url", "url", "material_form.transcript")
	p.Transcript.Optional = true
	return nil
}

// onStage are the session's questions that were answered on stage, in their order.
func onStage(v *page.Visit, x *program.Session) ([]qa.Question, error) {
	all, err := v.Site.QA.Questions(v.Ctx, x.ID)
	var list []qa.Question
	for _, q := range all {
		if q.State == qa.StateAnswered && q.AnsweredAt != nil && q.NowAt != nil {
			list = append(list, q)
		}
	}
	return list, err
}

// momentWords say what comes of the beginning that was given: how many answers
// have their moment, and the first of them to check it by.
func momentWords(v *page.Visit, m material.Material, answered []qa.Question) string {
	if m.RecordedAt.IsZero() || len(answered) == 0 {
		return ""
	}
	n, first := 0, ""
	for _, q := range answered {
		if _, offset, ok := material.Moment([]material.Material{m}, *q.NowAt); ok {
			if n++; n == 1 {
				first = v.T("material_form.first_moment", "at", text.Offset(v.Lang, offset), "question", page.Shorten(q.Text, 80))
			}
		}
	}
	if n == 0 {
		return v.T("material_form.no_moments")
	}
	return v.T("material_form.moments", "n", n) + " " + first
}

func fillBegins(v *page.Visit, f *page.Form, m material.Material) {
	f.Set("begins", beginsUnknown)
	if !m.RecordedAt.IsZero() {
		at := v.Edition.Local(m.RecordedAt)
		f.Set("begins", beginsClock).Set("recorded_clock", at.Format(map[bool]string{true: "15:04:05", false: "15.04.05"}[v.Lang == text.English]))
	}
}

var (
	clockWords  = regexp.MustCompile(`^(\d{1,2})[.:](\d\d)(?:[.:](\d\d))?$`)
	offsetWords = regexp.MustCompile(`^(?:(\d{1,2})[.:])?(\d{1,3})[.:](\d\d)$`)
)

// sentBegins reads when the recording begins: by the clock on the wall, or by
// where one answer is found in it.
func sentBegins(v *page.Visit, f *page.Form, x *program.Session) time.Time {
	switch f.Get("begins") {
	case beginsClock:
		at, ok := readClock(f.Get("recorded_clock"), x.StartsAt, v.Edition.Location())
		if !ok {
			f.Note("recorded_clock", "material_form.clock_wrong")
		} else if x.StartsAt.IsZero() {
			f.Note("recorded_clock", "material_form.no_slot")
		}
		return at
	case beginsQuestion:
		offset, ok := readOffset(f.Get("moment_offset"))
		if !ok {
			f.Note("moment_offset", "material_form.offset_wrong")
			return time.Time{}
		}
		answered, err := onStage(v, x)
		for _, q := range answered {
			if err == nil && q.ID == f.Get("moment_question") {
				return material.BeganAt(*q.NowAt, offset)
			}
		}
		f.Note("moment_question", "material_form.question_gone")
	}
	return time.Time{}
}

// readClock reads 9.58.20 as that time of the day nearest to a moment: what
// began before midnight is of the evening before.
func readClock(s string, near time.Time, loc *time.Location) (time.Time, bool) {
	p := clockWords.FindStringSubmatch(s)
	if p == nil {
		return time.Time{}, false
	}
	h, m, sec := number(p[1]), number(p[2]), number(p[3])
	if h > 23 || m > 59 || sec > 59 {
		return time.Time{}, false
	}
	var best time.Time
	year, month, day := near.In(loc).Date()
	for shift := -1; shift <= 1; shift++ {
		at := time.Date(year, month, day+shift, h, m, sec, 0, loc)
		if best.IsZero() || at.Sub(near).Abs() < best.Sub(near).Abs() {
			best = at
		}
	}
	return best, true
}

// readOffset reads 23.14 or 1:02:03.
func readOffset(s string) (time.Duration, bool) {
	p := offsetWords.FindStringSubmatch(s)
	if p == nil || number(p[3]) > 59 || p[1] != "" && number(p[2]) > 59 {
		return 0, false
	}
	return time.Duration(number(p[1]))*time.Hour + time.Duration(number(p[2]))*time.Minute + time.Duration(number(p[3]))*time.Second, true
}

// number reads digits that were matched; none are zero.
func number(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil {
		return 0
	}
	return n
}

// sentCaptions are those that stay, and the one that was sent in.
func sentCaptions(v *page.Visit, f *page.Form, scope string, m material.Material) (material.Captions, error) {
	var kept material.Captions
	for _, c := range m.Captions {
		if !f.Has("caption_drop_" + c.Language) {
			kept = append(kept, c)
		}
	}
	id, err := f.File(v, "captions", v.Edition.ID, scope)
	if err != nil && !f.Refused(err) {
		return nil, err
	}
	if id == "" {
		return kept, nil
	}
	if f.Get("caption_language") == "" {
		f.Note("caption_language", "material.captions_language")
		return kept, nil
	}
	return append(kept, material.Caption{Language: f.Get("caption_language"), FileID: id}), nil
}
