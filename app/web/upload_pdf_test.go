package web

import (
	"bytes"
	"testing"

	"github.com/jung-kurt/gofpdf"

	"agora/app/demo"
	"agora/app/material"
)

// A PDF shows inside of our own page, in the browser's own viewer, under the
// policies of both; what is for saving does not, and no other site may show it.
func TestPDFInABrowser(t *testing.T) {
	h := demoHouse(t)
	e := h.find(demo.Coming)
	programme, err := h.Program.Programme(t.Context(), e)
	h.must(err)
	session, by := programme.Sessions[0], material.Author{}
	add := func(name string, body []byte) string {
		f, err := h.Files.Take(t.Context(), e.ID, by.Scope(session.ID), name, bytes.NewReader(body))
		h.must(err)
		m, err := h.Material.Add(t.Context(), by, e, session.ID, material.Input{Kind: material.Slides, FileID: f.ID})
		h.must(err)
		return "/cmadfi/2027/materials/" + m.Slug
	}
	p := gofpdf.New("L", "mm", "A4", "")
	p.AddPage()
	var document bytes.Buffer
	h.must(p.Output(&document))
	shown, saved := add("diat.pdf", document.Bytes()), add("muistio.txt", []byte("Muistio\n"))
	w := h.browse(t)()
	w.open("/cmadfi/2027/sessions/" + session.Slug + "?lang=en")
	w.run(`document.querySelector('[data-play]').click()`)
	w.until(`document.querySelector('iframe')?.contentDocument?.contentType === 'application/pdf'`)
	w.run(`const other = document.createElement('iframe'); other.id = 'other'; other.src = '` + saved + `'; document.body.append(other)`)
	w.run(`const again = document.createElement('iframe'); again.id = 'again'; again.src = '` + shown + `'; document.body.append(again)`)
	w.until(`document.getElementById('again').contentDocument?.contentType === 'application/pdf'`)
	w.until(`document.getElementById('other').contentDocument?.contentType !== 'text/plain' && document.getElementById('other').contentDocument?.URL !== location.origin + '` + saved + `'`)
	if got := h.get(asStranger, shown).header.Get("Content-Security-Policy"); got != "default-src 'none'; style-src 'unsafe-inline'; img-src 'self'; object-src 'self'; frame-ancestors 'self'" {
		t.Errorf("its policy is %q", got)
	}
}
