package mail_test

import (
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"strings"
	"testing"
	"time"

	"agora/app/apptest"
	"agora/app/db/dbtest"
	"agora/app/mail"
)

func dial(t *testing.T, s *server) *mail.SMTP {
	t.Helper()
	sender, err := mail.NewSMTP(s.address())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { sender.Close() })
	return sender
}

func TestOverTheWire(t *testing.T) {
	d, c, wire := dbtest.OpenSQLite(t), apptest.NewClock(start), startServer(t)
	s := service(t, d, c, dial(t, wire))
	one := letter(mail.Confirmed, "aino@example.fi")
	one.ICS = "BEGIN:VCALENDAR\r\nMETHOD:PUBLISH\r\nEND:VCALENDAR\r\n"
	queue(t, d, c, one, letter(mail.Promoted, "bo@example.fi"))
	id := outbox(t, s, "e")[1].ID
	deliver(t, s, 2)
	got := wire.got()
	if len(got) != 2 || wire.dialled() != 1 {
		t.Fatalf("%d letters over %d connections", len(got), wire.dialled())
	}
	m := got[0].parse(t)
	words := new(mime.WordDecoder)
	subject, _ := words.DecodeHeader(m.Header.Get("Subject"))
	to, err := m.Header.AddressList("To")
	if err != nil || to[0].Name != "Aino Åberg" || to[0].Address != "aino@example.fi" {
		t.Errorf("to %v %v", to, err)
	}
	if subject != "Paikkasi on varattu: CMADFI 2027" || m.Header.Get("Message-ID") != "<"+id+"@agora.example>" ||
		m.Header.Get("Auto-Submitted") != "auto-generated" || m.Header.Get("Content-Language") != "fi" {
		t.Errorf("headers %v", m.Header)
	}
	if !strings.Contains(got[0].from, "<cmadfi@agora.example>") || !strings.Contains(got[0].to, "<aino@example.fi>") {
		t.Errorf("envelope %s %s", got[0].from, got[0].to)
	}
	bodies := parts(t, m.Header.Get("Content-Type"), m.Body)
	if !strings.Contains(bodies["text/plain"], "Missä: Agora, Jyväskylä") {
		t.Errorf("body %q", bodies["text/plain"])
	}
	if bodies["text/calendar"] != "PUBLISH" {
		t.Errorf("the calendar's method is %q", bodies["text/calendar"])
	}
}

// parts gives the text of a plain part and the method of a calendar.
func parts(t *testing.T, contentType string, body io.Reader) map[string]string {
	t.Helper()
	_, params, err := mime.ParseMediaType(contentType)
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]string{}
	for r := multipart.NewReader(body, params["boundary"]); ; {
		p, err := r.NextRawPart()
		if err != nil {
			return found
		}
		kind, params, err := mime.ParseMediaType(p.Header.Get("Content-Type"))
		if err != nil {
			t.Fatal(err)
		}
		found[kind] = params["method"]
		if kind == "text/plain" {
			b, _ := io.ReadAll(quotedprintable.NewReader(p))
			found[kind] = string(b)
		}
	}
}

func TestNothingTypedBecomesAHeader(t *testing.T) {
	d, c, wire := dbtest.OpenSQLite(t), apptest.NewClock(start), startServer(t)
	s := service(t, d, c, dial(t, wire))
	for _, evil := range []string{
		"Aino\r\nBcc: victim@example.com", "Aino\nX-Evil: 1\n\nbody", "Aino\" <victim@example.com>, \"", "\u2028X-Evil: 1", "\x00\x1b[31mX",
		"Åsa\r\nBcc: victim@example.com", strings.Repeat("å", 300) + "\r\nX-Evil: 1",
	} {
		l := letter(mail.Cancelled, "aino@example.fi")
		l.Name = evil
		l.Args = map[string]any{"name": evil, "edition": evil}
		queue(t, d, c, l)
	}
	deliver(t, s, 7)
	for _, l := range wire.got() {
		m := l.parse(t)
		for _, name := range []string{"Bcc", "X-Evil", "Cc"} {
			if m.Header.Get(name) != "" {
				t.Errorf("a header %s came in:\n%s", name, l.raw)
			}
		}
		to, err := m.Header.AddressList("To")
		if err != nil || len(to) != 1 || to[0].Address != "aino@example.fi" {
			t.Errorf("to %v %v", to, err)
		}
		subject, err := new(mime.WordDecoder).DecodeHeader(m.Header.Get("Subject"))
		if err != nil || strings.ContainsAny(subject, "\r\n\x00\x1b\u2028") {
			t.Errorf("subject %q %v", subject, err)
		}
	}
}

func TestAServerThatFailsAndRecovers(t *testing.T) {
	d, c, wire := dbtest.OpenSQLite(t), apptest.NewClock(start), startServer(t)
	s := service(t, d, c, dial(t, wire))
	queue(t, d, c, letter(mail.Confirmed, "a@example.fi"))
	wire.answer("RCPT", "451 4.7.1 greylisted, come back")
	deliver(t, s, 0)
	m := outbox(t, s, "e")[0]
	if m.State != mail.Due || !strings.Contains(m.Problem, "greylisted") || m.NextAt.Sub(c.Now()) != time.Minute {
		t.Errorf("%s %q %v", m.State, m.Problem, m.NextAt)
	}
	wire.answer("RCPT", "")
	c.Move(time.Minute)
	deliver(t, s, 1)
	if m := outbox(t, s, "e")[0]; m.State != mail.Sent || m.Problem != "" || len(wire.got()) != 1 {
		t.Errorf("%s %q", m.State, m.Problem)
	}
}

func TestAMailboxThatIsNotThereIsNotTriedAgain(t *testing.T) {
	d, c, wire := dbtest.OpenSQLite(t), apptest.NewClock(start), startServer(t)
	s := service(t, d, c, dial(t, wire))
	queue(t, d, c, letter(mail.Confirmed, "a@example.fi"))
	wire.answer("RCPT", "550 5.1.1 no such mailbox")
	deliver(t, s, 0)
	if m := outbox(t, s, "e")[0]; m.State != mail.Failed || !strings.Contains(m.Problem, "no such mailbox") {
		t.Errorf("%s %q", m.State, m.Problem)
	}
}

func TestAConnectionCutBetweenLettersIsDialledAgain(t *testing.T) {
	wire := startServer(t)
	sender := dial(t, wire)
	send := func() {
		t.Helper()
		err := sender.Send(t.Context(), mail.Message{
			ID: "1@agora.example", Date: start, Language: "fi", Subject: "Hei", Text: "Hei",
			From: address("agora@agora.example"), To: address("a@example.fi"),
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	send()
	wire.hangUp()
	send()
	if len(wire.got()) != 2 || wire.dialled() != 2 {
		t.Errorf("%d letters over %d connections", len(wire.got()), wire.dialled())
	}
	// A letter that was taken counts, even when the server fails right after it.
	wire.answer("RSET", "421 closing")
	send()
}

func TestNobodyAtTheAddress(t *testing.T) {
	d, c, wire := dbtest.OpenSQLite(t), apptest.NewClock(start), startServer(t)
	s := service(t, d, c, dial(t, wire))
	wire.listener.Close()
	queue(t, d, c, letter(mail.Confirmed, "a@example.fi"))
	if _, err := s.Deliver(t.Context()); err == nil {
		t.Error("nobody noticed")
	}
	if m := outbox(t, s, "e")[0]; m.State != mail.Due || m.Problem == "" {
		t.Errorf("%s %q", m.State, m.Problem)
	}
}

func TestAddressesOfMailServers(t *testing.T) {
	for _, good := range []string{
		"smtp://mail.example.fi", "smtps://me:secret@mail.example.fi", "smtp://me%40example.fi:se%2Fcret@mail.example.fi:2525?from=Agora%20%3Ca@example.fi%3E",
	} {
		if _, err := mail.NewSMTP(good); err != nil {
			t.Errorf("%s: %v", good, err)
		}
	}
	for _, bad := range []string{"", "mail.example.fi:587", "http://mail.example.fi", "smtp://", "smtp://me:secret@mail.example.fi:99999", "smtp://mail.example.fi?tls=off", "smtp://me:secret@h:x"} {
		if _, err := mail.NewSMTP(bad); err == nil || strings.Contains(err.Error(), "secret") {
			t.Errorf("%q: %v", bad, err)
		}
	}
}

// A password is not sent to a foreign machine in the clear: without STARTTLS
// the connection fails. (0.0.0.0 is this machine too, but does not look like it.)
func TestAPasswordNeedsEncryption(t *testing.T) {
	wire := startServer(t)
	_, port, _ := strings.Cut(strings.TrimPrefix(wire.address(), "smtp://"), ":")
	sender, err := mail.NewSMTP("smtp://me:secret@0.0.0.0:" + port)
	if err != nil {
		t.Fatal(err)
	}
	err = sender.Send(t.Context(), mail.Message{ID: "1@a", Date: start, From: address("a@example.fi"), To: address("b@example.fi"), Text: "x"})
	if !errors.Is(err, mail.ErrUnreachable) || !strings.Contains(err.Error(), "STARTTLS") || len(wire.got()) != 0 {
		t.Errorf("%d letters went out in the clear, %v", len(wire.got()), err)
	}
}
