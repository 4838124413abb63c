package web

import (
	"crypto/sha256"
	"encoding/hex"
	"os"
	"path/filepath"
	"testing"

	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"

	"agora/app/demo"
	"agora/app/file"
)

// enter signs a window in, of somebody who leaves a page whatever it asks.
func (w *window) enter(h *webHouse, who string) {
	w.t.Helper()
	h.must(chromedp.Listen(w.ctx, func(event any) {
		if _, asks := event.(*page.EventJavascriptDialogOpening); asks {
			go func() {
				_, _ = chromedp.Call(w.ctx, page.HandleJavaScriptDialog, page.HandleJavaScriptDialogParams{Accept: true}) // the window may have gone
			}()
		}
	}))
	w.open("/healthz")
	w.run(`document.cookie = '` + h.login(who) + `; path=/'`)
}

// choose picks a file as a person does.
func (w *window) choose(field, path string) {
	w.t.Helper()
	w.do(chromedp.SetUploadFiles(chromedp.CSS("#"+field), []string{path}))
}

// lose lets the next requests of a kind fail as they do without a network, or
// hang for ever.
func (w *window) lose(method string, after, times int, hang bool) {
	w.t.Helper()
	how := map[bool]string{true: "new Promise(() => { window.hung = true })", false: "Promise.reject(new TypeError('no network'))"}[hang]
	w.run(`window.sentParts = 0; window.hung = false; const real = window.fetch.bind(window); let n = 0;
		window.fetch = (address, options = {}) => {
			if (options.method !== '` + method + `') return real(address, options);
			n += 1;
			if (n > ` + itoa(after) + ` && n <= ` + itoa(after+times) + `) return ` + how + `;
			window.sentParts += 1;
			return real(address, options);
		}`)
}

func itoa(n int) string { return string(rune('0'+n/10)) + string(rune('0'+n%10)) }

// A file is sent as soon as it is chosen, over a lost connection and a reload, and
// the form carries only its id; what is refused is said beside the field.
func TestUploadInABrowser(t *testing.T) {
	h := demoHouse(t)
	e := h.find(demo.Coming)
	w := h.browse(t)()
	w.enter(h, asOrganiser)
	body := somePDF(6 << 20)
	folder := t.TempDir()
	write := func(name, body string) string {
		path := filepath.Join(folder, name)
		h.must(os.WriteFile(path, []byte(body), 0o600))
		return path
	}
	good, bad := write("Päivän diat.pdf", body), write("diat.pdf", "MZ\x90 not a document at all")
	programme, err := h.Program.Programme(t.Context(), e)
	h.must(err)
	form := "/desk/cmadfi/2027/program/" + programme.Sessions[0].Slug + "/material/new?lang=en"
	const (
		box  = `document.querySelector('[data-upload]')`
		id   = `document.querySelector('[name=file]').value`
		said = box + `.querySelector('.sending p').textContent`
	)
	w.open(form)
	w.choose("file_upload", bad)
	w.until(box + `.querySelector('.error')?.textContent.includes('really a program') && ` + box + `.querySelector('.sending').hidden && ` + id + ` === ''`)
	w.shot("upload-refused")
	w.choose("file_upload", write("tyhja.pdf", ""))
	w.until(box + `.querySelector('.error')?.textContent.includes('empty') && ` + box + `.querySelector('.sending').hidden`)

	// The network goes for a moment, and the page says so and goes on.
	w.lose("PATCH", 1, 2, false)
	w.choose("file_upload", good)
	w.until(said + `.includes('connection was lost')`)
	w.shot("upload-lost")
	w.until(id + `.length === 36 && ` + box + `.querySelector('.sent').textContent.includes('Päivän diat.pdf has arrived') && !` + box + `.querySelector('.error')`)
	w.shot("upload-here")

	// A reload in the middle: the same file goes on from where it stopped.
	w.open(form)
	w.lose("PATCH", 2, 1, true)
	w.choose("file_upload", good)
	w.until(`window.hung`)
	had := h.count("SELECT MAX(received) FROM upload WHERE file_id = ''")
	if had < 1<<20 {
		t.Errorf("%d bytes before the reload", had)
	}
	w.open(form)
	w.until(`document.querySelector('[data-left]').textContent.includes('left unfinished: Päivän diat.pdf')`)
	w.shot("upload-again")
	w.lose("POST", 0, 9, false) // nothing may be begun anew
	w.choose("file_upload", good)
	w.until(id + `.length === 36`)

	// Cancelled: nothing is left of it.
	w.open(form)
	w.lose("PATCH", 1, 1, true)
	w.choose("file_upload", good)
	w.until(`window.hung`)
	w.shot("upload-sending")
	w.run(box + `.querySelector('.sending button').click()`)
	w.until(box + `.querySelector('.sending').hidden && document.querySelector('[data-left]').textContent === 'Sending was cancelled.' && localStorage.length === 0`)

	// Sent while the file is still on its way, the form waits for it.
	w.run(`document.querySelector('[name=kind]').value = 'slides'; document.querySelector('#title_fi, [name^=title]').value = 'Diat'`)
	w.choose("file_upload", good)
	w.run(`document.querySelector('[name=file]').form.requestSubmit()`)
	w.until(`!location.pathname.endsWith('/material/new')`)
	var files []file.File
	h.must(h.DB.Read.NewSelect().Model(&files).Where("kept").Where("name = ?", "Päivän diat.pdf").Scan(t.Context()))
	sum := sha256.Sum256([]byte(body))
	if len(files) != 1 || files[0].SHA256 != hex.EncodeToString(sum[:]) {
		t.Errorf("%+v", files)
	}
	if n := h.count("SELECT count(*) FROM upload WHERE file_id = ''"); n != 0 {
		t.Errorf("%d sendings are left", n)
	}
}
