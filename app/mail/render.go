package mail

import (
	"encoding/json"
	"html/template"
	"regexp"
	"slices"
	"strings"

	"agora/app/text"
)

// Placeholders are those that may stand in an organiser's own letter.
var Placeholders = [...]string{"name", "edition", "when", "where", "ticket", "position", "place"}

// hole is a run of empty lines, as a line that went leaves it.
var hole = regexp.MustCompile(`\n{3,}`)

// Written is an organiser's own letter to one person.
type Written struct {
	Subject string
	HTML    template.HTML
	Text    string
}

// Write fills an organiser's subject and Markdown body with one person's
// values. What people are called stays words, and ticket becomes a link.
func Write(subject, body string, values map[string]string) Written {
	fill := text.Fill{Words: map[string]string{}, Addresses: map[string]string{}}
	for _, name := range Placeholders {
		if name == "ticket" {
			fill.Addresses[name] = values[name]
		} else {
			fill.Words[name] = values[name]
		}
	}
	return Written{Subject: oneLine(fill.Line(subject)), HTML: text.Markdown(body, fill), Text: text.Plain(body, fill)}
}

// Render writes the letter in its language, as plain text.
func (s *Service) Render(r Row) (subject, body string) {
	if r.Kind == OrganisersOwn {
		w := r.own()
		subject, body = w.Subject, w.Text
	} else {
		k, _ := kindOf(r.Kind)
		args, part := r.values(k), ".body"
		if k.remote && args["where"] == "" {
			part = ".remote"
		}
		fill := k.filler(r.Language, args)
		subject = oneLine(fill(s.catalogue.T(r.Language, "mail."+r.Kind+".subject")))
		body = fill(s.catalogue.T(r.Language, "mail."+r.Kind+part))
	}
	return subject, body + "\n\n-- \n" + s.footer(r) + "\n"
}

// Drafted writes a letter that is not in the outbox, for who is about to send it.
func (s *Service) Drafted(l Letter) (subject, body string, err error) {
	r, err := l.row(s.now())
	if err != nil {
		return "", "", err
	}
	subject, body = s.Render(r)
	return subject, body, nil
}

// html gives the same letter as HTML, where it has a form that plain text lacks.
func (s *Service) html(r Row) string {
	if r.Kind != OrganisersOwn {
		return ""
	}
	w := r.own()
	return "<!doctype html>\n<html lang=\"" + string(r.Language) + "\"><head><meta charset=\"utf-8\"><title>" +
		template.HTMLEscapeString(w.Subject) + "</title></head>\n<body>\n" + string(w.HTML) +
		"<hr>\n<p>" + template.HTMLEscapeString(s.footer(r)) + "</p>\n</body></html>\n"
}

func (s *Service) footer(r Row) string {
	return s.catalogue.T(r.Language, "mail.footer", "site", s.site.String())
}

// own writes an organiser's own letter.
func (r Row) own() Written {
	k, _ := kindOf(r.Kind)
	values := map[string]string{}
	for name, v := range r.values(k) {
		values[name] = text.Show(r.Language, v)
	}
	return Write(values["subject"], values["body"], values)
}

// filler puts the arguments in the place of their placeholders. A line whose
// optional argument is empty goes as a whole.
func (k kind) filler(l text.Lang, args map[string]any) func(string) string {
	var gone, pairs []string
	for name, v := range args {
		if v == "" && slices.Contains(k.optional, name) {
			gone = append(gone, "{"+name+"}")
		}
		if slices.Contains(k.many, name) { // several lines begin below the words before them
			pairs = append(pairs, ": {"+name+"}", ":\n"+text.Show(l, v))
		}
		pairs = append(pairs, "{"+name+"}", text.Show(l, v))
	}
	replacer := strings.NewReplacer(pairs...)
	return func(template string) string {
		lines := slices.DeleteFunc(strings.Split(template, "\n"), func(line string) bool {
			return slices.ContainsFunc(gone, func(name string) bool { return strings.Contains(line, name) })
		})
		return replacer.Replace(strings.Trim(hole.ReplaceAllString(strings.Join(lines, "\n"), "\n\n"), "\n"))
	}
}

// values gives every argument of the kind. What is missing (a secret that was
// dropped, an erased name) is shown as such instead of as a placeholder.
func (r Row) values(k kind) map[string]any {
	given := r.args()
	values := make(map[string]any, len(k.args)+len(k.optional))
	for _, name := range slices.Concat(k.args, k.optional) {
		values[name] = value(given[name], slices.Contains(k.many, name))
	}
	return values
}

func value(v any, many bool) any {
	switch v := v.(type) {
	case string:
		if many {
			return v
		}
		// A name of several lines could pretend to be a letter of its own.
		return text.OneLine(v)
	case json.Number:
		if n, err := v.Int64(); err == nil {
			return n
		}
		return v.String()
	}
	return hidden
}
