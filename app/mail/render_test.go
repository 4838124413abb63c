package mail_test

import (
	"io"
	"maps"
	"mime/quotedprintable"
	"regexp"
	"strings"
	"testing"
	"time"

	"agora/app/apptest"
	"agora/app/db"
	"agora/app/db/dbtest"
	"agora/app/mail"
	"agora/app/text"
)

// bare are the arguments that may be missing.
var bare = map[string][]string{
	mail.Offered: {"when", "where"}, mail.Pending: {"when", "where"}, mail.Refused: {"reason"}, mail.Party: {"when", "where", "list", "waiting"},
	mail.HandedTo: {"when", "where"}, mail.Invitation: {"name", "when", "where", "until"}, mail.ReminderWeek: {"where", "facts"},
	mail.ReminderDay: {"where", "facts"}, mail.Confirm: {"where", "facts"}, mail.WorkshopPromoted: {"when", "where"},
}

// What is not known leaves no hole: no heading without its words, no greeting
// of nobody.
func TestWhatIsMissingTakesItsLineAlong(t *testing.T) {
	d, c := dbtest.OpenSQLite(t), apptest.NewClock(start)
	s := service(t, d, c, nil)
	for kind, names := range bare {
		for _, l := range text.Langs {
			one := letter(kind, "a@example.fi")
			one.Language, one.Args = l, maps.Clone(all)
			for i, name := range names {
				delete(one.Args, name)
				if i%2 == 1 {
					one.Args[name] = ""
				}
			}
			queue(t, d, c, one)
		}
	}
	hole := regexp.MustCompile(`[{}⟦⟧]|•••|\n\n\n|Hei !|Hej !|Hello ,`)
	heading := regexp.MustCompile(`(?m)^(Milloin|Missä|När|Var|When|Where|Vastaa viimeistään|Ilmoittaudu viimeistään|Register by|Anmäl dig senast): *$`)
	for _, m := range outbox(t, s, "e") {
		if hole.MatchString(m.Body) || heading.MatchString(m.Body) || !regexp.MustCompile(`^\p{Lu}`).MatchString(m.Body) {
			t.Errorf("%s %s:\n%s", m.Language, m.Kind, m.Body)
		}
	}
	full := letter(mail.Invitation, "b@example.fi")
	queue(t, d, c, full)
	if body := outbox(t, s, "e")[0].Body; !strings.HasPrefix(body, "Hei Aino Åberg!\n") || !strings.Contains(body, "Missä: Agora, Jyväskylä\n") {
		t.Errorf("what is known went too:\n%s", body)
	}
}

// Who takes part remotely is told where to watch and shown no door.
func TestARemoteReminderNamesNoDoor(t *testing.T) {
	d, c := dbtest.OpenSQLite(t), apptest.NewClock(start)
	s := service(t, d, c, nil)
	for _, kind := range []string{mail.ReminderWeek, mail.ReminderDay} {
		for _, where := range []string{"", "Agora, Jyväskylä"} {
			one := letter(kind, "a@example.fi")
			one.Args = maps.Clone(all)
			one.Args["where"] = where
			queue(t, d, c, one)
			body := outbox(t, s, "e")[0].Body
			if strings.Contains(body, "/live\n") != (where == "") || strings.Contains(body, "ovella") == (where == "") {
				t.Errorf("%s at %q:\n%s", kind, where, body)
			}
		}
	}
}

func TestAnOrganisersLetterHasTwoForms(t *testing.T) {
	d, c, wire := dbtest.OpenSQLite(t), apptest.NewClock(start), startServer(t)
	s := service(t, d, c, dial(t, wire))
	one := letter(mail.OrganisersOwn, "aino@example.fi")
	one.Args = maps.Clone(all)
	one.Args["name"] = "[a](http://evil.example)\r\nBcc: x@example.com <b>{ticket}"
	one.Args["subject"] = "Tule,\r\nBcc: y@example.com {name}"
	one.Args["body"] = "Hei **{name}**!\n\n[Lippusi]({ticket}) <script>alert(1)</script>\n\n- sija {position}"
	one.ICS = "BEGIN:VCALENDAR\r\nMETHOD:PUBLISH\r\nEND:VCALENDAR\r\n"
	queue(t, d, c, one)
	deliver(t, s, 1)
	raw := wire.got()[0].raw
	m := wire.got()[0].parse(t)
	for _, header := range []string{"Bcc", "Cc"} {
		if m.Header.Get(header) != "" {
			t.Errorf("a header %s came in", header)
		}
	}
	html, plain := part(t, raw, "text/html"), part(t, raw, "text/plain")
	const name = "[a](http://evil.example) Bcc: x@example.com "
	if !strings.Contains(plain, "Hei "+name+"<b>{ticket}!\n\nLippusi (https://agora.example/ticket/abc)") || !strings.Contains(plain, "- sija 1\u00a0007") {
		t.Errorf("plain\n%s", plain)
	}
	if !strings.Contains(html, "<strong>"+name+"&lt;b&gt;{ticket}</strong>") || strings.Contains(html, "<script") || strings.Contains(html, "evil.example\"") ||
		!strings.Contains(html, `<a href="https://agora.example/ticket/abc" rel="nofollow">Lippusi</a>`) || !strings.Contains(html, `<html lang="fi">`) {
		t.Errorf("html\n%s", html)
	}
	if !strings.Contains(raw, "multipart/alternative") || strings.Index(raw, "text/plain") > strings.Index(raw, "text/html") || !strings.Contains(raw, "text/calendar") {
		t.Errorf("parts\n%s", raw)
	}
	if others := outbox(t, s, "e")[0]; strings.Contains(others.Subject, "\n") || !strings.HasPrefix(others.Subject, "Tule, Bcc: y@example.com ") {
		t.Errorf("subject %q", others.Subject)
	}
}

// part gives the decoded part of a type.
func part(t *testing.T, raw, kind string) string {
	t.Helper()
	_, rest, ok := strings.Cut(raw, "Content-Type: "+kind)
	_, body, split := strings.Cut(rest, "\r\n\r\n")
	body, _, ended := strings.Cut(body, "\r\n--")
	if !ok || !split || !ended {
		t.Fatalf("no %s in\n%s", kind, raw)
	}
	b, err := io.ReadAll(quotedprintable.NewReader(strings.NewReader(body)))
	if err != nil {
		t.Fatal(err)
	}
	return strings.ReplaceAll(string(b), "\r\n", "\n")
}

// "Tomorrow" is not said on the day itself.
func TestALateReminderIsNotSent(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		c, b := apptest.NewClock(start), &box{}
		s := service(t, d, c, b)
		queue(t, d, c, letter(mail.ReminderDay, "a@example.fi"), letter(mail.ReminderWeek, "b@example.fi"))
		c.Move(13 * time.Hour)
		deliver(t, s, 1)
		if len(b.sent) != 1 || b.sent[0].To.Address != "b@example.fi" || b.sent[0].HTML != "" {
			t.Errorf("%+v", b.sent)
		}
	})
}

// Who registers colleagues reads who got a place and who waits, and no heading
// stands over nobody.
func TestAPartyReadsHowItWent(t *testing.T) {
	d, c := dbtest.OpenSQLite(t), apptest.NewClock(start)
	s := service(t, d, c, nil)
	const in, out = "Have a place:\nAino Åberg <aino@example.fi>\nBo Öhman <bo@example.fi>\n\n", "Waiting for a place:\nCia Ek <cia@example.fi>\n\n"
	for _, named := range []struct{ without, want string }{{"", in + out}, {"list", out}, {"waiting", in}} {
		one := letter(mail.Party, "a@example.fi")
		one.Language, one.Args = text.English, maps.Clone(all)
		one.Args[named.without] = ""
		queue(t, d, c, one)
		want := "Where: Agora, Jyväskylä\n\n" + named.want + "Everybody gets"
		if body := outbox(t, s, "e")[0].Body; !strings.Contains(body, want) {
			t.Errorf("without %q:\n%s", named.without, body)
		}
	}
}
