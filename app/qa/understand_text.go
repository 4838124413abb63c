package qa

import (
	"regexp"
	"strings"

	"agora/app/text"
)

// numbered is how a list marks where a question begins.
var numbered = regexp.MustCompile(`(?i)^\s*(?:(?:kysymys|question|fråga)\s*\d*\s*[:.)]|(?:k|q|f)\s*\d*\s*:|\d{1,3}\s*[.)])\s+`)

// spoken is a line that begins somebody's answer.
var spoken = regexp.MustCompile(`^\s*(?:[-–—•*]\s*)?\*{0,2}([^:\n*]{1,80}?)\*{0,2}\s*:\*{0,2}\s+(\S.*)?$`)

// UnderstandText reads a pasted text: questions, each with answers below that begin
// with the name of who gives them and a colon. Questions are told from answers by
// their numbers where there are any, else by their question mark after an empty line.
func UnderstandText(pasted string, voices []Voice) Understood {
	var u Understood
	pasted, ok := text.Clean(pasted)
	if !ok {
		u.wrong(1, CodeBadText.Key())
		return u
	}
	lines := strings.Split(strings.ReplaceAll(pasted, "\r", "\n"), "\n")
	marks := 0
	for _, line := range lines {
		if numbered.MatchString(line) {
			marks++
		}
	}
	r := reading{u: &u, voices: voices, marked: marks > 1}
	for i, line := range lines {
		r.line(i+1, line)
	}
	r.end()
	u.unite()
	return u
}

// reading is where a text has come to.
type reading struct {
	u      *Understood
	voices []Voice
	marked bool // questions have numbers

	from     int // line
	question []string
	answers  []CollectedAnswer
	blank    bool
}

func (r *reading) line(n int, line string) {
	trimmed := strings.TrimSpace(line)
	if trimmed == "" {
		r.blank = true
		return
	}
	defer func() { r.blank = false }()
	if r.starts(line, trimmed) {
		r.end()
		r.from, r.question = n, []string{numbered.ReplaceAllString(trimmed, "")}
		return
	}
	if m := spoken.FindStringSubmatch(line); m != nil && len(r.question) > 0 {
		if v := voiceOf(m[1], r.voices); v.ID != "" {
			r.answers = append(r.answers, CollectedAnswer{SpeakerID: v.ID, By: v.Name, Text: strings.TrimSpace(m[2])})
			return
		}
	}
	switch {
	case len(r.answers) > 0:
		last := &r.answers[len(r.answers)-1]
		last.Text = r.join(last.Text, trimmed)
	case len(r.question) > 0:
		r.question = append(r.question, trimmed)
	default:
		r.u.wrong(n, "qa.import.before_first", "text", short(trimmed))
	}
}

// starts reports whether a line begins a question.
func (r *reading) starts(line, trimmed string) bool {
	if r.marked {
		return numbered.MatchString(line)
	}
	if len(r.question) > 0 && len(r.answers) == 0 && !r.blank {
		return false // the same question goes on
	}
	if m := spoken.FindStringSubmatch(line); m != nil && voiceOf(m[1], r.voices).ID != "" {
		return false
	}
	return (r.blank || len(r.question) == 0) && strings.HasSuffix(strings.TrimRight(trimmed, ` "'”»)*😀🙂😊🎉!`), "?")
}

// join keeps paragraphs apart.
func (r *reading) join(text, line string) string {
	switch {
	case text == "":
		return line
	case r.blank:
		return text + "\n\n" + line
	}
	return text + "\n" + line
}

func (r *reading) end() {
	if len(r.question) > 0 {
		r.u.List = append(r.u.List, Collected{Line: r.from, Text: strings.Join(r.question, "\n"), Answers: r.answers})
	}
	r.question, r.answers = nil, nil
}

// short is the beginning of a line, enough to find it.
func short(s string) string {
	if r := []rune(s); len(r) > 40 {
		return string(r[:40]) + "…"
	}
	return s
}
