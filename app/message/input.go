package message

import (
	"regexp"
	"slices"
	"strings"

	"agora/app/edition"
	"agora/app/fail"
	"agora/app/mail"
	"agora/app/text"
)

const (
	maxSubject = 150  // what the header of a letter shows
	maxBody    = 8000 // four pages; it is stored once per recipient
)

// mark is something that looks like a placeholder.
var mark = regexp.MustCompile(`\{([^{}\n]*)\}`)

// Draft is what an organiser writes, per language, and to whom. The body is
// Markdown; both may hold the placeholders of mail.Placeholders.
type Draft struct {
	Subject  text.Texts
	Body     text.Texts
	Audience Audience
}

// Input is a draft to save. Without an id it is a new one; else Version is that
// of the message that was shown. Key is the form's own: a new draft that is sent
// twice is made once.
type Input struct {
	ID      string
	Key     string
	Version int64
	Draft
}

func (d Draft) clean() Draft {
	d.Subject, d.Body = trimmed(d.Subject), trimmed(d.Body)
	return d
}

func trimmed(t text.Texts) text.Texts {
	clean := text.Texts{}
	for l, s := range t {
		if c, ok := text.Clean(s); ok {
			s = c
		}
		if s != "" {
			clean[l] = s
		}
	}
	return clean
}

// Problems gives everything that keeps a draft from being sent, beside the
// fields subject, body (with _fi, _sv, _en where it is of one language) and
// audience.
func (d Draft) Problems(e edition.Edition) error { return d.clean().check(e, true) }

// check looks at a draft; an unfinished one may still lack words.
func (d Draft) check(e edition.Edition, finished bool) error {
	f := fail.Fields{}
	if !slices.Contains(Audiences[:], d.Audience) {
		f.Add("audience", "field.required")
	}
	for _, l := range text.Langs {
		checkText(f, "subject_"+string(l), d.Subject[l], maxSubject)
		checkText(f, "body_"+string(l), d.Body[l], maxBody)
		if strings.ContainsAny(d.Subject[l], "\n\r") {
			f.Add("subject_"+string(l), "message.one_line")
		}
		for name, s := range map[string]string{"subject_": d.Subject[l], "body_": d.Body[l]} {
			d.checkMarks(f, name+string(l), s)
		}
	}
	switch {
	case d.Subject.Empty() && d.Body.Empty():
		f.Add("body_"+string(first(e)), "field.required")
	case finished:
		d.checkLanguages(f, e)
	}
	return f.Err()
}

func checkText(f fail.Fields, field, s string, most int) {
	if _, ok := text.Clean(s); !ok {
		f.Add(field, "field.characters")
	}
	if len([]rune(s)) > most {
		f.Add(field, "field.long", "max", most)
	}
}

// checkMarks names every placeholder that does not exist, and the one that says
// something only of those who wait.
func (d Draft) checkMarks(f fail.Fields, field, s string) {
	seen := map[string]bool{}
	for _, m := range mark.FindAllStringSubmatch(s, -1) {
		switch name := m[1]; {
		case seen[name]:
		case !slices.Contains(mail.Placeholders[:], name):
			f.Add(field, "message.placeholder_unknown", "placeholder", m[0], "list", placeholders())
		case name == "position" && d.Audience != Waiting:
			f.Add(field, "message.position_waiting")
		}
		seen[m[1]] = true
	}
}

// checkLanguages wants the language that others fall back to, and of each
// language both subject and body or neither.
func (d Draft) checkLanguages(f fail.Fields, e edition.Edition) {
	for _, l := range text.Langs {
		subject, body := d.Subject[l] != "", d.Body[l] != ""
		wanted := l == first(e) || subject || body
		if wanted && !subject {
			f.Add("subject_"+string(l), "field.required")
		}
		if wanted && !body {
			f.Add("body_"+string(l), "field.required")
		}
	}
}

func placeholders() string {
	return "{" + strings.Join(mail.Placeholders[:], "}, {") + "}"
}

// first is the language that an edition falls back to.
func first(e edition.Edition) text.Lang {
	if len(e.Languages) == 0 {
		return text.Finnish
	}
	return e.Languages[0]
}

// in is the language in which somebody gets the draft.
func (d Draft) in(e edition.Edition, wanted text.Lang) text.Lang {
	if d.Body[wanted] != "" {
		return wanted
	}
	_, l := d.Body.In(first(e), e.Languages...)
	return l
}
