package web

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"agora/app/poll"
	"agora/app/qa"
	"agora/app/speaking"
	"agora/app/text"
)

// madeUp are the acts whose names are put together while running.
func madeUp() (list []string) {
	for _, act := range qa.Acts {
		switch act {
		case qa.ActRevise, qa.ActVote, qa.ActWithdraw, qa.ActMine, qa.ActAlike, qa.ActUntell, qa.ActSeen: // are not logged
		case qa.ActPause, qa.ActResume, qa.ActTell:
			list = append(list, "room."+string(act))
		default:
			list = append(list, "question."+string(act))
		}
	}
	for _, act := range poll.Acts {
		if name, found := strings.CutPrefix(string(act), "poll_"); found {
			list = append(list, "poll."+name)
		}
	}
	list = append(list, "room.delete", "track.delete", "speaker.delete", "session.delete", "registration.approve", "registration.refuse", "registration.cancel")
	for _, section := range []speaking.Section{speaking.SectionProfile, speaking.SectionPicture, speaking.SectionSession, speaking.SectionMaterial,
		speaking.SectionConsent, speaking.SectionPractical, speaking.SectionQuestions} {
		list = append(list, "speaking."+string(section))
	}
	return list
}

// madeUpIn are the packages that madeUp knows all acts of.
var madeUpIn = []string{"poll", "program", "qa", "registration", "speaking"}

// logged looks for the acts that a package writes into the log.
type logged struct {
	t     *testing.T
	dir   string
	funcs []*ast.FuncDecl
	files []*ast.File
	acts  []string
	met   map[string]bool
}

// namedActs finds the acts in all packages by what their code hands to the log.
func namedActs(t *testing.T) (list []string) {
	t.Helper()
	packages := map[string]*logged{}
	err := filepath.WalkDir("..", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
		if err != nil {
			return err
		}
		dir := filepath.Dir(path)
		if packages[dir] == nil {
			packages[dir] = &logged{t: t, dir: filepath.Base(dir), met: map[string]bool{}}
		}
		p := packages[dir]
		p.files = append(p.files, file)
		for _, d := range file.Decls {
			if f, ok := d.(*ast.FuncDecl); ok && f.Body != nil {
				p.funcs = append(p.funcs, f)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range packages {
		for _, f := range p.funcs {
			p.entries(f)
		}
		list = append(list, p.acts...)
	}
	return list
}

// entries resolves the act of every line for the log that a function makes.
func (p *logged) entries(f *ast.FuncDecl) {
	ast.Inspect(f, func(n ast.Node) bool {
		made, ok := n.(*ast.CompositeLit)
		if !ok {
			return true
		}
		if kind, ok := made.Type.(*ast.SelectorExpr); !ok || kind.Sel.Name != "Entry" || fmt.Sprint(kind.X) != "audit" {
			return true
		}
		for _, e := range made.Elts {
			if pair, ok := e.(*ast.KeyValueExpr); ok && fmt.Sprint(pair.Key) == "Act" {
				p.resolve(f, pair.Value)
			}
		}
		return true
	})
}

// resolve finds what an expression within a function may be.
func (p *logged) resolve(f *ast.FuncDecl, x ast.Expr) {
	switch x := x.(type) {
	case *ast.BasicLit:
		s, _ := strconv.Unquote(x.Value)
		p.acts = append(p.acts, s)
	case *ast.Ident:
		if key := f.Name.Name + " " + x.Name; !p.met[key] {
			p.met[key] = true
			if !p.given(f, x.Name) && !p.assigned(f, x.Name) {
				p.t.Errorf("app/%s: %s hands %s to the log, and nobody knows what it is", p.dir, f.Name.Name, x.Name)
			}
		}
	default:
		if !slices.Contains(madeUpIn, p.dir) {
			p.t.Errorf("app/%s: %s puts the name of an act together; madeUp has to know it", p.dir, f.Name.Name)
		}
	}
}

// given follows a parameter to what the package's calls give for it.
func (p *logged) given(f *ast.FuncDecl, name string) (found bool) {
	at := -1
	i := 0
	for _, field := range f.Type.Params.List {
		for _, param := range field.Names {
			if param.Name == name {
				at = i
			}
			i++
		}
	}
	if at < 0 {
		return false
	}
	for _, caller := range p.funcs {
		ast.Inspect(caller, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok || len(call.Args) <= at {
				return true
			}
			called := ""
			switch fn := call.Fun.(type) {
			case *ast.Ident:
				called = fn.Name
			case *ast.SelectorExpr:
				called = fn.Sel.Name
			}
			if called == f.Name.Name {
				found = true
				p.resolve(caller, call.Args[at])
			}
			return true
		})
	}
	return found
}

// assigned follows a variable or constant to what it is set to.
func (p *logged) assigned(f *ast.FuncDecl, name string) (found bool) {
	set := func(left, right []ast.Expr) {
		for i, l := range left {
			if id, ok := l.(*ast.Ident); ok && id.Name == name && i < len(right) {
				found = true
				p.resolve(f, right[i])
			}
		}
	}
	look := func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.AssignStmt:
			set(n.Lhs, n.Rhs)
		case *ast.ValueSpec:
			for i, id := range n.Names {
				if i < len(n.Values) {
					set([]ast.Expr{id}, n.Values[i:i+1])
				}
			}
		}
		return true
	}
	if ast.Inspect(f, look); found {
		return true
	}
	for _, file := range p.files {
		for _, d := range file.Decls {
			if general, ok := d.(*ast.GenDecl); ok {
				ast.Inspect(general, look)
			}
		}
	}
	return found
}

// TestEveryActHasWords: the log tells what was done in every language, and who did it.
func TestEveryActHasWords(t *testing.T) {
	words, err := text.Load()
	if err != nil {
		t.Fatal(err)
	}
	named := namedActs(t)
	if len(named) < 60 {
		t.Fatalf("only %d acts were found", len(named))
	}
	var keys []string
	for _, act := range append(named, madeUp()...) {
		keys = append(keys, "log.act."+act)
	}
	for _, view := range []qa.View{qa.Moderator, qa.Stage} {
		keys = append(keys, "log.by_link."+view.String())
	}
	for _, key := range keys {
		for _, l := range text.Langs {
			if !words.Has(l, key) {
				t.Errorf("%s: no words for %s", l, key)
			}
		}
	}
}
