package mail_test

import (
	"context"
	"errors"
	"maps"
	"os"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/uptrace/bun"

	"agora/app/apptest"
	"agora/app/db"
	"agora/app/db/dbtest"
	"agora/app/fail"
	"agora/app/mail"
	"agora/app/text"
)

func TestMain(m *testing.M) { os.Exit(dbtest.Run(m)) }

var start = time.Date(2027, 1, 11, 7, 0, 0, 0, time.UTC)

// box is a sender that keeps what it is given, or fails as told.
type box struct {
	mu   sync.Mutex
	sent []mail.Message
	fail error
}

func (b *box) Send(_ context.Context, m mail.Message) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.fail != nil {
		return b.fail
	}
	b.sent = append(b.sent, m)
	return nil
}

func service(t *testing.T, d *db.DB, c *apptest.Clock, sender mail.Sender) *mail.Service {
	t.Helper()
	catalogue, err := text.Load()
	if err != nil {
		t.Fatal(err)
	}
	s, err := mail.New(d, c.Now, catalogue, sender, "CMADFI <cmadfi@agora.example>", "https://agora.example")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// all are arguments enough for every kind.
var all = map[string]any{
	"name": "Aino Åberg", "edition": "CMADFI 2027", "when": "maanantaina 25.1.2027 klo 9.00",
	"where": "Agora, Jyväskylä", "ticket": "https://agora.example/ticket/abc", "position": 1007,
	"live": "https://agora.example/cmadfi/2027/live", "question": "Miksi?\nMiten?",
	"link": "https://agora.example/sign-in/token", "code": "1234 5678", "minutes": 30,
	"workshop": "Viestintä & minä", "until": "tiistaina 19.1.2027 klo 20.00", "other": "Bo Öhman",
	"list": "Aino Åberg <aino@example.fi>\nBo Öhman <bo@example.fi>", "waiting": "Cia Ek <cia@example.fi>", "reason": "Sali on pieni.", "page": "https://agora.example/kevat/2027",
	"facts": "Saapuminen\nBussi 5 tuo ovelle.\n\nRuoka\nLounas on klo 12.", "subject": "Tervetuloa, {name}", "body": "Hei **{name}**!\n\n[Lippusi]({ticket})",
	"place": "paikan päällä", "changes": "- Aika muuttui: ”Avaus”\n- Peruttu: ”Kahvi”", "note": "Sali oli varattu.",
	"title": "Yhteisö puhuu", "words": "Kiitos vielä kerran.",
	"sessions": "Yhteisö puhuu\nLuottamus", "due": "perjantaina 15.1.2027", "seat": "Paikkasi on varattu.", "contact": "posti@example.fi",
	"news": "Bo Öhman ilmoitti, ettei pääse puhumaan.",
}

func letter(kind, email string) mail.Letter {
	return mail.Letter{EditionID: "e", Email: email, Name: "Aino Åberg", Language: text.Finnish, Kind: kind, Args: all}
}

func queue(t *testing.T, d *db.DB, c *apptest.Clock, letters ...mail.Letter) {
	t.Helper()
	err := d.Tx(t.Context(), func(ctx context.Context, tx bun.Tx) error { return mail.Queue(ctx, tx, c.Now(), letters...) })
	if err != nil {
		t.Fatal(err)
	}
}

func deliver(t *testing.T, s *mail.Service, want int) {
	t.Helper()
	if n, err := s.Deliver(t.Context()); err != nil || n != want {
		t.Errorf("delivered %d, %v; want %d", n, err, want)
	}
}

func outbox(t *testing.T, s *mail.Service, edition string) []mail.Shown {
	t.Helper()
	shown, _, err := s.Outbox(t.Context(), mail.Filter{EditionID: edition, Limit: 1000})
	if err != nil {
		t.Fatal(err)
	}
	return shown
}

func TestEveryKindReadsWellInEveryLanguage(t *testing.T) {
	d, c := dbtest.OpenSQLite(t), apptest.NewClock(start)
	s := service(t, d, c, nil)
	for _, l := range text.Langs {
		for _, kind := range mail.Kinds() {
			one := letter(kind, "aino@example.fi")
			one.Language = l
			queue(t, d, c, one)
		}
	}
	hole := regexp.MustCompile(`[{}⟦⟧]|•••`)
	for _, m := range outbox(t, s, "e") {
		if hole.MatchString(m.Subject+m.Body) || strings.Contains(m.Subject, "\n") {
			t.Errorf("%s %s: %s\n%s", m.Language, m.Kind, m.Subject, m.Body)
		}
		for _, name := range []string{"link", "ticket", "live", "page"} {
			address := all[name].(string)
			if m.Kind != mail.OrganisersOwn && strings.Contains(m.Body, address) && !strings.Contains(m.Body, "\n"+address+"\n") {
				t.Errorf("%s %s: %s is not on a line of its own", m.Language, m.Kind, name)
			}
		}
	}
	if got := len(outbox(t, s, "e")); got != len(text.Langs)*len(mail.Kinds()) {
		t.Errorf("%d letters", got)
	}
}

func TestALetterThatLacksSomethingIsRefused(t *testing.T) {
	d, c := dbtest.OpenSQLite(t), apptest.NewClock(start)
	for _, kind := range mail.Kinds() {
		args := maps.Clone(all)
		delete(args, "edition")
		delete(args, "link")
		bad := letter(kind, "aino@example.fi")
		bad.Args = args
		if err := mail.Queue(t.Context(), d.Write, c.Now(), letter(mail.Confirmed, "a@example.fi"), bad); err == nil {
			t.Errorf("%s passed", kind)
		}
	}
	if err := mail.Queue(t.Context(), d.Write, c.Now(), letter("unheard_of", "aino@example.fi")); err == nil {
		t.Error("an unknown kind passed")
	}
	if err := mail.Queue(t.Context(), d.Write, c.Now()); err != nil {
		t.Errorf("no letters at all: %v", err)
	}
}

func TestAnUndoneFactSendsNothing(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		c, b := apptest.NewClock(start), &box{}
		s := service(t, d, c, b)
		undone := errors.New("undone")
		err := d.Tx(t.Context(), func(ctx context.Context, tx bun.Tx) error {
			return errors.Join(mail.Queue(ctx, tx, c.Now(), letter(mail.Confirmed, "a@example.fi")), undone)
		})
		if !errors.Is(err, undone) {
			t.Fatal(err)
		}
		deliver(t, s, 0)
	})
}

func TestArgumentsCannotPretendToBeTheLetter(t *testing.T) {
	d, c := dbtest.OpenSQLite(t), apptest.NewClock(start)
	s := service(t, d, c, nil)
	evil := letter(mail.Confirmed, "a@example.fi")
	evil.Args = maps.Clone(all)
	evil.Args["name"] = "Aino\n\nKlikkaa: https://evil.example\n{ticket}"
	queue(t, d, c, evil)
	body := outbox(t, s, "e")[0].Body
	if strings.Contains(body, "\nKlikkaa") || strings.Count(body, "https://agora.example/ticket/abc") != 1 {
		t.Errorf("a name took over the letter:\n%s", body)
	}
}

func TestWithoutAServerLettersWaitOnTheDesk(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		c := apptest.NewClock(start)
		s := service(t, d, c, nil)
		queue(t, d, c, letter(mail.Confirmed, "a@example.fi"))
		signIn := letter(mail.SignIn, "b@example.fi")
		signIn.EditionID = ""
		queue(t, d, c, signIn)
		deliver(t, s, 0)
		mine := outbox(t, s, "e")
		if len(mine) != 1 || mine[0].State != mail.Held || mine[0].Attempts != 0 || s.Sending() {
			t.Fatalf("an edition's outbox holds %+v", mine)
		}
		if everything := outbox(t, s, ""); len(everything) != 2 || everything[0].Kind != mail.SignIn {
			t.Errorf("the whole outbox holds %d", len(everything))
		}
		one, err := s.ByID(t.Context(), mine[0].ID)
		if err != nil || one.Subject != "Paikkasi on varattu: CMADFI 2027" {
			t.Errorf("%q %v", one.Subject, err)
		}
		if _, err := s.ByID(t.Context(), "nothing"); !fail.Is(err, fail.NotFound) {
			t.Errorf("no letter: %v", err)
		}
	})
}

func TestExportAndErasureReachOnlyThePersonsLetters(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		c, b := apptest.NewClock(start), &box{}
		s := service(t, d, c, b)
		_, err := d.Write.NewRaw(`INSERT INTO person (id, email, name, language, created_at)
			VALUES ('p1', 'a@example.fi', 'Aino', 'fi', ?), ('p2', 'b@example.fi', 'Bo', 'sv', ?)`, start, start).Exec(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		queue(t, d, c, letter(mail.SignIn, "a@example.fi"), letter(mail.Confirmed, "b@example.fi"))
		got, err := s.Export(t.Context(), "p1")
		if letters := got.([]mail.Exported); err != nil || len(letters) != 1 || strings.Contains(letters[0].Body, "1234 5678") {
			t.Errorf("exported %+v %v", got, err)
		}
		if err := s.Erase(t.Context(), d.Write, "p1"); err != nil {
			t.Fatal(err)
		}
		deliver(t, s, 1)
		for _, m := range outbox(t, s, "e") {
			kept := m.Email == "b@example.fi" && m.State == mail.Sent && strings.Contains(m.Body, "Aino Åberg")
			gone := m.Email == "" && m.Name == "" && m.Args == "{}" && m.State == mail.Failed
			if !kept && !gone {
				t.Errorf("%+v", m)
			}
			if err := s.TryAgain(t.Context(), m.ID); !fail.Is(err, fail.Conflict) {
				t.Errorf("tried an erased or sent letter again: %v", err)
			}
		}
	})
}
