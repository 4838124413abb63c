package app_test

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/jung-kurt/gofpdf"

	"agora/app/speaking"
	"agora/app/text"
)

// handedIn is what the speaker calls their slides: words that stand nowhere else.
const handedIn = "Haapavetisen kylätoimikunnan mittarit"

// The speaker delivers: with one link and no password, on a phone. Everybody
// finds what was brought, and nobody any more once consent is taken back.
func TestSpeakerDelivers(t *testing.T) {
	browser := chromium(t)
	for _, lang := range text.Langs {
		t.Run(string(lang), func(t *testing.T) {
			s := newSite(t, helsinki(t, "2026-11-18 14:00"))
			var said bytes.Buffer
			if err := s.SeedDemo(t.Context(), &said); err != nil {
				t.Fatal(err)
			}
			link := regexp.MustCompile(regexp.QuoteMeta(s.base) + `/speak/\S+`).FindString(said.String())
			speaker, reader := s.person(browser, "speaker", lang, phone), s.person(browser, "reader", lang, desk)
			speaker.open(link)
			speaker.agrees("yes")
			speaker.handsPictureIn(link)
			session := speaker.handsSlidesIn(link)
			address := reader.finds(session)
			speaker.open(link)
			speaker.agrees("no")
			reader.findsNothing(session, address)
		})
	}
}

// agrees says the same of everything that may be published.
func (p *person) agrees(word string) {
	p.t.Helper()
	p.press(`main a[href$="/consent"]`)
	for _, what := range speaking.Subjects {
		p.choose("consent_"+string(what), word)
	}
	p.choose("licence", speaking.Licences()[0])
	p.press("main form .acts .btn")
}

// send puts a file into the page's form, which sends it at once.
func (p *person) send(path string) {
	p.t.Helper()
	p.do(chromedp.SetUploadFiles(chromedp.CSS(`main input[type=file]`), []string{path}))
}

const wasSent = `!document.querySelector('main .upload .sent').hidden && document.querySelector('main .upload input[type=hidden]').value !== ''`

func (p *person) handsPictureIn(link string) {
	p.t.Helper()
	face := image.NewRGBA(image.Rect(0, 0, 600, 400))
	for i := range face.Pix {
		face.Pix[i] = byte(i)
	}
	face.Set(1, 1, color.White)
	var b bytes.Buffer
	if err := png.Encode(&b, face); err != nil {
		p.t.Fatal(err)
	}
	p.open(link + "/picture")
	p.send(p.file("Kasvot.png", b.Bytes()))
	p.until(wasSent)
	p.press("main form .acts .btn")
	p.open(link + "/picture")
	p.until(`(() => { const i = document.querySelector('.speak-portrait img'); return i && i.complete && i.naturalWidth === i.naturalHeight && i.naturalWidth > 100 })()`)
	p.check("speak-picture")
}

// handsSlidesIn hands slides in for the speaker's last session, after something
// that only looks like slides was refused. It gives the session's address.
func (p *person) handsSlidesIn(link string) (session string) {
	p.t.Helper()
	p.open(link)
	material := p.get(`[...document.querySelectorAll('main a[href$="/material"]')].at(-1).getAttribute('href')`)
	p.open(material)
	p.expect("status of 422")
	p.send(p.file("Kalvot.pdf", []byte("<!DOCTYPE html><html><script>alert(1)</script></html>")))
	p.until(`document.querySelector('main .upload [id$="-error"]').textContent.trim() !== '' && document.querySelector('main .upload input[type=hidden]').value === ''`)
	p.check("speak-material-refused")
	p.send(p.file("Kalvot.pdf", slides(p.t)))
	p.until(wasSent)
	p.fill("title", handedIn)
	p.choose("kind", "slides")
	p.choose("shown", "now")
	p.press("main form .acts .btn")
	p.open(material)
	p.sees(handedIn)
	p.check("speak-material")
	slug := strings.Split(material, "/")
	return "/cmadfi/2027/sessions/" + slug[len(slug)-2]
}

// finds meets the slides wherever they belong, and gives their lasting address.
func (p *person) finds(session string) (address string) {
	p.t.Helper()
	p.open(session)
	p.sees(handedIn)
	p.check("session-material")
	address = p.get(fmt.Sprintf(`[...document.querySelectorAll('main a[href*="/materials/"]')].find((a) => a.closest('li, article, div').textContent.includes(%q)).getAttribute('href')`, handedIn))
	p.open("/cmadfi/2027/materials")
	p.sees(handedIn)
	p.expect("Synchronous XMLHttpRequest")
	p.until(`(() => { const x = new XMLHttpRequest(); x.open('GET', '/search?q=kylätoimikunta', false); x.send(); return x.responseText.includes('` + address + `') })()`)
	p.open("/search?q=kylätoimikunnassa")
	p.check("search-material")
	for _, path := range whereShown(session) {
		if got := p.site.fetch(path); !strings.Contains(got, handedIn) && !strings.Contains(got, address) {
			p.t.Errorf("%s does not tell of the slides", path)
		}
	}
	if got := p.site.fetch(address); !strings.HasPrefix(got, "%PDF-") {
		p.fail("the slides begin with %.20q", got)
	}
	return address
}

// whereShown lists everything that tells of a session's material.
func whereShown(session string) []string {
	return []string{session, "/cmadfi/2027/materials", "/search?q=kylätoimikunta", "/cmadfi/2027/feed.xml", "/cmadfi/2027/schedule.xml",
		"/cmadfi/2027/schedule.json", "/api/v1/editions/cmadfi/2027/materials"}
}

// findsNothing: at once, also where an index or a kept page could still know it.
func (p *person) findsNothing(session, address string) {
	p.t.Helper()
	for _, path := range whereShown(session) {
		if got := p.site.fetch(path); strings.Contains(got, handedIn) || strings.Contains(got, address) {
			p.t.Errorf("%s still tells of what may not be published", path)
		}
	}
	p.openRefused(address, 404)
}

// file writes what somebody has on their own disk.
func (p *person) file(name string, content []byte) (path string) {
	p.t.Helper()
	path = filepath.Join(p.t.TempDir(), name)
	if err := os.WriteFile(path, content, 0o600); err != nil {
		p.t.Fatal(err)
	}
	return path
}

// slides are a small PDF.
func slides(t *testing.T) []byte {
	t.Helper()
	f := gofpdf.New("L", "mm", "A4", "")
	f.SetFont("Helvetica", "", 24)
	for page := range 3 {
		f.AddPage()
		f.Cell(0, 20, fmt.Sprint("Slide ", page+1))
	}
	var b bytes.Buffer
	if err := f.Output(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}
