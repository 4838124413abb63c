package app_test

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// order is the one place where the order of packages stands: a package may
// import only what stands on an earlier line. Packages of one line do not know
// each other.
var order = [][]string{
	{"app/apptest", "app/fail", "app/text", "migrations", "static", "templates", "realtime"},
	{"app/db"},
	{"app/audit", "app/db/dbtest", "app/file/content"},
	{"app/file"},
	{"app/mail"},
	{"app/account"},
	{"app/edition"},
	{"app/program/exchange"},
	{"app/program"},
	{"app/registration/form"},
	{"app/registration/sheet"},
	{"app/registration"},
	{"app/workshop", "app/meet"},
	{"app/agenda"},
	{"app/message", "app/notice"},
	{"app/search/stem"},
	{"app/qa/alike", "app/qa/mirror"},
	{"app/material", "app/qa", "app/paper", "app/door", "app/printing"},
	{"app/poll"},
	{"app/speaking"},
	{"app/proposal", "app/certificate"},
	{"app/search", "app/carry"},
	{"app/demo"},
	{"app/rehearse"},
	{"app/web/page"},
	{"app/web/public", "app/web/desk", "app/web/planning", "app/web/registering", "app/web/asking", "app/web/live", "app/web/door"},
	{"app/web", "app/jobs"},
	{"app"},
	{"cmd/agora"},
}

// besides stand outside the areas: they serve, wire, open or test, and may hold
// the clock, the framework and the transport.
var besides = []string{"app", "app/web", "app/web/page", "app/web/public", "app/web/desk", "app/web/planning", "app/web/registering", "app/web/asking", "app/web/live", "app/web/door", "app/jobs", "app/apptest", "app/db/dbtest", "cmd/agora", "realtime", "templates", "static", "migrations"}

// emptyWords say nothing about what a package or a file is for.
var emptyWords = []string{"util", "utils", "common", "helper", "helpers", "model", "models", "misc"}

const maxLines = 500

// source is one file of the house.
type source struct{ path, text string }

func TestLayout(t *testing.T) {
	files := house(t)
	if len(files) < 100 {
		t.Fatalf("only %d files were found", len(files))
	}
	for _, fault := range layoutFaults(t, files) {
		t.Error(fault)
	}
}

// Every rule is broken once, or a silent checker would look like a tidy house.
func TestLayoutNoticesFaults(t *testing.T) {
	clean := source{"app/edition/a.go", "package edition\n\nimport _ \"agora/app/db\"\n\nfunc (x) init() {}\n\nfunc a() { clock.Now() }\n"}
	if found := layoutFaults(t, []source{clean}); len(found) > 0 {
		t.Errorf("clean, yet %q", found)
	}
	for _, c := range []struct {
		path, text, want string
	}{
		{"app/edition/a.go", "package edition\nimport _ \"agora/app/program\"", "app/edition/a.go imports app/program, which stands later"},
		{"app/qa/a.go", "package qa\nimport _ \"agora/app/paper\"", "app/qa/a.go imports app/paper, which stands beside it"},
		{"app/program/exchange/a.go", "package exchange\nimport _ \"agora/app/program\"", "app/program/exchange/a.go imports app/program, which stands later"},
		{"app/qa/a.go", "package qa\nimport _ \"agora/realtime\"", "app/qa/a.go: an area imports realtime"},
		{"app/door/a.go", "package door\nimport _ \"agora/templates\"", "app/door/a.go: an area imports templates"},
		{"app/door/a.go", "package door\nimport _ \"github.com/gofiber/fiber/v2\"", "app/door/a.go: an area imports the web framework"},
		{"realtime/a.go", "package realtime\nimport _ \"agora/app/qa\"", "realtime/a.go imports app/qa, which stands later"},
		{"app/salon/a.go", "package salon", "app/salon has no place in the order"},
		{"app/edition/a.go", "package edition\nimport _ \"agora/app/salon\"", "app/edition/a.go imports app/salon, which has no place in the order"},
		{"app/web/desk/a.go", "package desk\nimport _ \"agora/app/web/public\"", "app/web/desk/a.go imports app/web/public, which stands beside it"},
		{"app/web/a.go", "package web\nfunc init() {}", "app/web/a.go has an init function"},
		{"app/mail/a.go", "package mail\nimport \"time\"\nfunc a() { _ = time.Now() }", "app/mail/a.go: an area calls time.Now"},
		{"app/mail/a.go", "package mail\nimport clock \"time\"\nvar a = clock.Now", "app/mail/a.go: an area calls time.Now"},
		{"app/util/a.go", "package util", `app/util/a.go: the name "util" says nothing`},
		{"app/web/form_helpers.go", "package web", `app/web/form_helpers.go: the name "helpers" says nothing`},
		{"static/js/a.js", strings.Repeat("a()\n", maxLines+1), "static/js/a.js has 501 lines"},
		{"app/web/a.go", "package", "app/web/a.go cannot be read"},
	} {
		found := layoutFaults(t, []source{{c.path, c.text}})
		if !slices.ContainsFunc(found, func(f string) bool { return strings.HasPrefix(f, c.want) }) {
			t.Errorf("%s %q: %q was not noticed; noticed: %q", c.path, c.text, c.want, found)
		}
	}
}

// house reads every file that we write ourselves.
func house(t *testing.T) (files []source) {
	t.Helper()
	root := os.DirFS("..")
	err := fs.WalkDir(root, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			if name != "." && (strings.HasPrefix(d.Name(), ".") || d.Name() == "node_modules" || name == "static/decoder" || d.Name() == "testdata" || name == "data") {
				return fs.SkipDir
			}
			return nil
		}
		if slices.Contains([]string{".go", ".js", ".mjs", ".css", ".html", ".sql"}, path.Ext(name)) {
			b, err := fs.ReadFile(root, name)
			if err != nil {
				return err
			}
			files = append(files, source{name, string(b)})
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// layoutFaults names everything in the files that breaks the house's rules.
func layoutFaults(t *testing.T, files []source) (faults []string) {
	t.Helper()
	add := func(format string, args ...any) { faults = append(faults, fmt.Sprintf(format, args...)) }
	homeless := map[string]bool{}
	for _, f := range files {
		if n := strings.Count(f.text, "\n"); n > maxLines {
			add("%s has %d lines", f.path, n)
		}
		folder := path.Dir(f.path)
		if path.Ext(f.path) != ".go" {
			continue
		}
		for _, word := range strings.FieldsFunc(f.path, func(r rune) bool { return r == '/' || r == '_' || r == '.' || r == '-' }) {
			if slices.Contains(emptyWords, word) {
				add("%s: the name %q says nothing", f.path, word)
			}
		}
		if line(folder) < 0 && !homeless[folder] {
			homeless[folder] = true
			add("%s has no place in the order", folder)
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), f.path, f.text, parser.SkipObjectResolution)
		if err != nil {
			add("%s cannot be read: %v", f.path, err)
			continue
		}
		if strings.HasSuffix(f.path, "_test.go") {
			continue
		}
		faults = append(faults, importFaults(f.path, folder, parsed)...)
		faults = append(faults, bodyFaults(f.path, folder, parsed)...)
	}
	return faults
}

func importFaults(file, folder string, parsed *ast.File) (faults []string) {
	for _, spec := range parsed.Imports {
		name, _ := strconv.Unquote(spec.Path.Value)
		if area(folder) && strings.HasPrefix(name, "github.com/gofiber/") {
			faults = append(faults, file+": an area imports the web framework")
		}
		ours, found := strings.CutPrefix(name, "agora/")
		if !found {
			continue
		}
		at, mine := line(ours), line(folder)
		switch {
		case at < 0:
			faults = append(faults, fmt.Sprintf("%s imports %s, which has no place in the order", file, ours))
		case at > mine && mine >= 0:
			faults = append(faults, fmt.Sprintf("%s imports %s, which stands later", file, ours))
		case at == mine:
			faults = append(faults, fmt.Sprintf("%s imports %s, which stands beside it", file, ours))
		}
		if area(folder) && slices.Contains(besides, ours) {
			faults = append(faults, fmt.Sprintf("%s: an area imports %s", file, ours))
		}
	}
	return faults
}

// bodyFaults looks for what starts by itself and for clocks nobody can set.
func bodyFaults(file, folder string, parsed *ast.File) (faults []string) {
	clock := "time"
	for _, spec := range parsed.Imports {
		if spec.Path.Value == `"time"` && spec.Name != nil {
			clock = spec.Name.Name
		}
	}
	for _, d := range parsed.Decls {
		if f, ok := d.(*ast.FuncDecl); ok && f.Recv == nil && f.Name.Name == "init" {
			faults = append(faults, file+" has an init function")
		}
	}
	if !area(folder) {
		return faults
	}
	ast.Inspect(parsed, func(n ast.Node) bool {
		if s, ok := n.(*ast.SelectorExpr); ok && s.Sel.Name == "Now" {
			if x, ok := s.X.(*ast.Ident); ok && x.Name == clock {
				faults = append(faults, file+": an area calls time.Now")
			}
		}
		return true
	})
	return faults
}

// line is where a package stands in the order, or -1.
func line(folder string) int {
	return slices.IndexFunc(order, func(l []string) bool { return slices.Contains(l, folder) })
}

// area tells packages of rules from those that serve, wire or test them.
func area(folder string) bool {
	return strings.HasPrefix(folder, "app/") && !slices.Contains(besides, folder)
}
