package templates

import (
	"bytes"
	"fmt"
	"html/template"
	"io/fs"
	"path"
	"regexp"
	"strings"
)

// Set holds the components and every page in one language, parsed together: a
// set per page would hold the components again for each. Once built it never
// changes, so requests share it without a lock.
type Set struct {
	all   *template.Template
	pages map[string]bool
	names map[string]string // what is defined, and in which file
}

// dot is what a page's template sees: the frame around it and its own struct.
// Content and head are the page itself, drawn before the frame around it.
type dot struct {
	F, P    any
	Content template.HTML
	Head    template.HTML
}

var definition = regexp.MustCompile(`\{\{-?\s*define "([^"]+)"`)

// NewSet parses the components.
func NewSet(funcs ...template.FuncMap) (*Set, error) {
	s := &Set{all: template.New("").Funcs(Funcs()), pages: map[string]bool{}, names: map[string]string{}}
	for _, f := range funcs {
		s.all.Funcs(f)
	}
	return s, s.addAll("base/*.html")
}

// AddPages parses every page. A file whose name starts with _ holds parts that
// the pages of its area share.
func (s *Set) AddPages() error { return s.addAll("pages/*/*.html") }

func (s *Set) addAll(pattern string) error {
	files, err := fs.Glob(FS, pattern)
	if err != nil {
		return err
	}
	for _, file := range files {
		source, err := FS.ReadFile(file)
		if err != nil {
			return err
		}
		name := strings.TrimSuffix(strings.TrimPrefix(file, "pages/"), ".html")
		if strings.HasPrefix(file, "base/") || strings.HasPrefix(path.Base(file), "_") {
			name = ""
		}
		if err := s.Add(file, name, string(source)); err != nil {
			return err
		}
	}
	return nil
}

// Add parses a file. With a page's name, its "content" and "head" become that
// page's own; every other name may be defined only once in the whole set, for
// html/template would silently take the last.
func (s *Set) Add(file, page, source string) error {
	if page != "" {
		s.pages[page] = true
		for _, part := range []string{"content", "head"} {
			source = strings.Replace(source, `{{define "`+part+`"`, `{{define "`+part+" of "+page+`"`, 1)
		}
	}
	for _, m := range definition.FindAllStringSubmatch(source, -1) {
		if other := s.names[m[1]]; other != "" {
			return fmt.Errorf("%s: %q is defined in %s too", file, m[1], other)
		}
		s.names[m[1]] = file
	}
	if _, err := s.all.New(file).Parse(source); err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	return nil
}

// Pages lists the names of the pages.
func (s *Set) Pages() []string {
	list := make([]string, 0, len(s.pages))
	for name := range s.pages {
		list = append(list, name)
	}
	return list
}

// Draw makes a whole page in memory, so that an error in a template never
// leaves half a page on the screen.
func (s *Set) Draw(page string, frame, p any) ([]byte, error) {
	if !s.pages[page] {
		return nil, fmt.Errorf("there is no page %q", page)
	}
	d := dot{F: frame, P: p}
	for part, into := range map[string]*template.HTML{"content of ": &d.Content, "head of ": &d.Head} {
		if s.names[part+page] == "" {
			continue
		}
		var b bytes.Buffer
		if err := s.all.ExecuteTemplate(&b, part+page, d); err != nil {
			return nil, fmt.Errorf("page %s: %w", page, err)
		}
		*into = template.HTML(b.String()) // #nosec G203 -- escaped by its own template
	}
	var b bytes.Buffer
	if err := s.all.ExecuteTemplate(&b, "frame", d); err != nil {
		return nil, fmt.Errorf("page %s: %w", page, err)
	}
	return b.Bytes(), nil
}
