package door

import (
	"encoding/json"
	"io/fs"
	"strings"

	"github.com/gofiber/fiber/v2"

	"agora/app/web/page"
	"agora/static"
)

const (
	workerPath = "/door/worker.js"
	scriptKind = "text/javascript; charset=utf-8"
)

// Worker is the script that lets the door's page open without network. Its address
// never changes, its text does whenever any of our files does: then browsers take
// the new ones.
func (s Pages) Worker(v *page.Visit) error {
	v.C.Set("Service-Worker-Allowed", "/") // tickets' codes have an address of their own
	return s.worker(v, "door")
}

// TicketWorker does the same for a ticket's own page, and for nothing beside it.
func (s Pages) TicketWorker(v *page.Visit) error {
	return s.worker(v, "ticket")
}

// worker puts a part's own text below what all of them do.
func (s Pages) worker(v *page.Visit, part string) error {
	return v.SendMade("worker\x00"+part, "no-cache", func() ([]byte, string, error) {
		files, err := workerFiles(s.Static, part)
		if err != nil {
			return nil, "", err
		}
		list, err := json.Marshal(files)
		if err != nil {
			return nil, "", err
		}
		body := []byte("const PART = '" + part + "';\nconst HASH = '" + strings.TrimPrefix(s.Static, "/static/") + "';\nconst FILES = " + string(list) + ";\n")
		for _, name := range []string{"kept", part} {
			text, err := fs.ReadFile(static.FS, "js/"+name+"-worker.js")
			if err != nil {
				return nil, "", err
			}
			body = append(body, text...)
		}
		return body, scriptKind, nil
	})
}

// workerFiles are what a page needs besides itself: every stylesheet, for they name
// each other, and its own scripts.
func workerFiles(base, part string) (files []string, err error) {
	err = fs.WalkDir(static.FS, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		script, isScript := strings.CutPrefix(name, "js/")
		needed := strings.HasPrefix(name, "css/") || strings.HasPrefix(name, "icon") ||
			isScript && (strings.HasPrefix(script, part) || script == "enhance.js" || script == "scheme.js") ||
			part == "door" && strings.HasPrefix(name, "decoder/") && strings.HasSuffix(name, ".js")
		if needed && !strings.Contains(script, "worker") {
			files = append(files, base+"/"+name)
		}
		return nil
	})
	return files, err
}

// manifest is what makes the page an app on a phone's home screen.
type manifest struct {
	ID         string         `json:"id"`
	Name       string         `json:"name"`
	ShortName  string         `json:"short_name"`
	Lang       string         `json:"lang"`
	StartURL   string         `json:"start_url"`
	Scope      string         `json:"scope"`
	Display    string         `json:"display"`
	Background string         `json:"background_color"`
	Theme      string         `json:"theme_color"`
	Icons      []manifestIcon `json:"icons"`
}

type manifestIcon struct {
	Src     string `json:"src"`
	Sizes   string `json:"sizes"`
	Type    string `json:"type"`
	Purpose string `json:"purpose"`
}

// Manifest describes the door of an edition to a phone that keeps it as an app.
func (s Pages) Manifest(v *page.Visit) error {
	base := "/door" + v.Edition.Path()
	m := manifest{ID: base, Name: v.T("door.title") + " · " + v.Edition.Name(v.Lang), ShortName: v.T("door.title"), Lang: string(v.Lang),
		StartURL: base, Scope: "/door/", Display: "standalone", Background: "#ffffff", Theme: "#ffffff",
		Icons: []manifestIcon{{s.Static + "/icon.svg", "any", "image/svg+xml", "any"}, {s.Static + "/icon-192.png", "192x192", "image/png", "any maskable"},
			{s.Static + "/icon-512.png", "512x512", "image/png", "any maskable"}}}
	b, err := json.Marshal(m)
	v.C.Set(fiber.HeaderContentType, "application/manifest+json")
	v.C.Set(fiber.HeaderCacheControl, "no-cache")
	if err != nil {
		return err
	}
	return v.C.Send(b)
}
