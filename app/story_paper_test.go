package app_test

import (
	"encoding/base64"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"agora/app/apptest"
)

// arriveAndPrint: the door lets people in; badges and certificates come out
// with every name on them.
func (s *story) arriveAndPrint() {
	p := s.organiser
	p.open("/door" + s.public)
	p.check("door")
	p.until(`document.querySelector('[data-door]').dataset.ready === '1'`)
	p.fill("q", "ozlem")
	p.sees(waiterName)
	p.check("door-found")
	p.click(p.link(p.words("door.arrive") + " " + waiterName))
	p.sees(p.words("door.welcome"))
	p.until(`document.querySelector('[data-part=net]').hidden`)
	p.check("door-arrived")
	p.open(s.desk + "/door")
	p.check("door-desk")
	p.open("/door" + s.public + "/new")
	p.check("door-new")
	code := s.waiter.codeOf(s.tickets[waiterName])
	p.open("/door" + s.public + "?code=" + code)
	p.sees(p.words("door.again"))
	p.check("door-again")
	p.open("/door" + s.public + "?code=NOSUCHCODE")
	p.sees(p.words("door.unknown_title"))
	p.check("door-unknown")

	p.open(s.desk + "/paper")
	p.sees(p.words("certificates.to"))
	p.check("paper")
	for _, list := range []string{"/badges.pdf", "/badges.pdf?design=a4-8"} {
		badges := p.pdf(s.desk + list)
		for _, name := range []string{firstName, longName, waiterName} {
			for _, word := range strings.FieldsFunc(name, func(r rune) bool { return r == ' ' || r == '-' || r == '🦊' }) {
				if !strings.Contains(badges, word) {
					s.t.Errorf("%s: %q of %q is missing", list, word, name)
				}
			}
		}
	}
	p.open(s.desk + "/certificates")
	p.sees(waiterName)
	p.check("certificates")
	p.press(`form[action$="/certificates/print"] button`)
	const file = `document.querySelector('main .acts a[href*="/file"]')`
	p.until(file + ` !== null`)
	p.settle()
	p.check("printout")
	certificates := p.pdf(p.get(file + `.getAttribute('href')`))
	if !strings.Contains(certificates, waiterName) {
		s.t.Errorf("the certificate names somebody else:\n%s", certificates)
	}
	if strings.Contains(certificates, "Maximiliane") {
		s.t.Error("somebody who was not there has a certificate")
	}
}

// afterwards: the edition is an archive; who was there gets a certificate, and
// anybody can prove it.
func (s *story) afterwards() {
	w := s.waiter
	w.open(s.tickets[waiterName])
	w.check("ticket-attended")
	certificate := w.pdf(w.get(`document.querySelector('main a[href$="certificate.pdf"]').getAttribute('href')`))
	if !strings.Contains(certificate, waiterName) {
		s.t.Errorf("the certificate names somebody else:\n%s", certificate)
	}
	code := regexp.MustCompile(`/verify/([A-Z0-9-]+)`).FindStringSubmatch(certificate)
	if code == nil {
		s.t.Fatalf("the certificate has no address to prove it:\n%s", certificate)
	}
	stranger := s.first
	stranger.open("/verify")
	stranger.check("verify-form")
	stranger.fill("code", code[1])
	stranger.press("main form .btn")
	stranger.sees(w.words("verify.valid"))
	stranger.sees(waiterName)
	stranger.check("verify")
	stranger.openRefused("/verify/AAAA-AAAA-AAAA", 404)
	stranger.sees(w.words("verify.unknown"))
	stranger.check("verify-unknown")

	stranger.open(s.public)
	stranger.check("edition-archive")
	stranger.open(s.public + "/materials")
	stranger.check("materials")
	stranger.open(s.public + "/live")
	stranger.check("live-over")
	stranger.open(s.public + "/program")
	stranger.press(stranger.link("Oma ääni kuuluviin"))
	stranger.sees(question)
	stranger.check("session-archive")
}

// codeOf reads a ticket's code off its page.
func (p *person) codeOf(ticket string) string {
	p.t.Helper()
	p.open(ticket)
	return p.get(`document.querySelector('.ticket .code').textContent.trim()`)
}

// pdf downloads a file as the person and gives its text in reading order.
func (p *person) pdf(path string) string {
	p.t.Helper()
	encoded := p.get(fmt.Sprintf(`fetch(%q).then(async (r) => {
		if (!r.ok || !r.headers.get('content-type').startsWith('application/pdf')) throw new Error(r.status + ' ' + await r.text());
		const bytes = new Uint8Array(await r.arrayBuffer());
		let s = ''; for (const b of bytes) s += String.fromCharCode(b); return btoa(s) })`, path))
	body, err := base64.StdEncoding.DecodeString(encoded)
	if err != nil {
		p.t.Fatal(err)
	}
	file := filepath.Join(p.t.TempDir(), "paper.pdf")
	if err := os.WriteFile(file, body, 0o600); err != nil {
		p.t.Fatal(err)
	}
	if folder := os.Getenv("AGORA_SHOTS"); folder != "" {
		name := strings.NewReplacer("/", "_", "?", "_").Replace(strings.Trim(path, "/"))
		if err := os.WriteFile(filepath.Join(folder, name[:min(60, len(name))]+"-"+string(p.lang)+".pdf"), body, 0o600); err != nil {
			p.t.Fatal(err)
		}
	}
	run := func(name string, args ...string) string {
		out, err := exec.Command(apptest.Program(p.t, name), args...).CombinedOutput()
		if err != nil {
			p.t.Fatalf("%s: %v\n%s", name, err, out)
		}
		return string(out)
	}
	run("qpdf", "--check", file)
	return strings.Join(strings.Fields(run("pdftotext", "-layout", file, "-")), " ")
}

func absolute(t *testing.T, file string) string {
	t.Helper()
	path, err := filepath.Abs(file)
	if err != nil {
		t.Fatal(err)
	}
	return path
}
