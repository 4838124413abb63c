package main

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"agora/app/db/dbtest"
)

// abused is a room with a few who behave, and the passes of one who does not.
type abused struct {
	*hall
	t      *testing.T
	people []*roomViewer
	pass   string
}

func newAbused(t *testing.T) *abused {
	h := newHall(t, "")
	h.keeping = true
	h.sites[0].start(h.ctx)
	h.open()
	return &abused{hall: h, t: t, people: h.fill(8), pass: h.passes(1)[0]}
}

// attack opens a socket of the audience's, or of what the change makes of it.
func (a *abused) attack(change func(path *string, d *websocket.Dialer, header http.Header)) (*websocket.Conn, *http.Response, error) {
	d := websocket.Dialer{Subprotocols: []string{"agora.v1", a.pass}, HandshakeTimeout: answerTime}
	path, header := "/api/v1/live/"+a.session, http.Header{}
	if change != nil {
		change(&path, &d, header)
	}
	ws, res, err := d.DialContext(a.ctx, "ws"+a.sites[0].base[len("http"):]+path, header)
	if err == nil {
		a.t.Cleanup(func() { ws.Close() })
		err = ws.SetReadDeadline(time.Now().Add(patience))
	}
	return ws, res, err
}

// ends reads to the close code; 0 is an end without one.
func ends(t *testing.T, ws *websocket.Conn) int {
	t.Helper()
	for {
		_, _, err := ws.ReadMessage()
		var closed *websocket.CloseError
		if errors.As(err, &closed) {
			return closed.Code
		}
		if err != nil {
			return 0
		}
	}
}

// goesOn sees that those who behave noticed nothing, and can go on.
func (a *abused) goesOn() {
	a.t.Helper()
	for i, v := range a.people {
		v.vote(a.questions[i%2], !v.told.votes[a.questions[i%2]])
		v.cast(fmt.Sprintf("o%d", 1+i%3))
	}
	a.unharmed(int64(len(a.people) + 1))
}

func TestForeignPagesAreRefusedBeforeTheUpgrade(t *testing.T) {
	a := newAbused(t)
	own := a.sites[0].base
	for origin, want := range map[string]int{
		own: http.StatusSwitchingProtocols, "https://evil.example": 403, "null": 403, own + ".evil.example": 403, "file://": 403,
		strings.Replace(own, "http", "https", 1): 403, "http://127.0.0.1": 403,
	} {
		_, res, err := a.attack(func(_ *string, _ *websocket.Dialer, h http.Header) { h.Set("Origin", origin) })
		if res == nil || res.StatusCode != want {
			t.Errorf("%s: %v %v, want %d", origin, res, err, want)
		}
	}
	// What has cookies is a browser, and a browser says where it comes from.
	_, res, err := a.attack(func(_ *string, _ *websocket.Dialer, h http.Header) { h.Set("Cookie", "agora_voter=x") })
	if res == nil || res.StatusCode != http.StatusForbidden {
		t.Errorf("cookies without an origin: %v %v", res, err)
	}
	a.goesOn()
}

// moderatorActs are those that the protocol's page gives to moderators or the stage alone.
func moderatorActs(t *testing.T) (acts []string) {
	t.Helper()
	page, err := os.ReadFile(filepath.Join("..", "..", "realtime", "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range regexp.MustCompile("(?m)^\\| `([a-z_]+)` \\| ((?:moderator|stage)[a-z, ]*) \\|").FindAllStringSubmatch(string(page), -1) {
		acts = append(acts, m[1])
	}
	if len(acts) < 25 || !slices.Contains(acts, "approve") || !slices.Contains(acts, "poll_open") || !slices.Contains(acts, "seen") {
		t.Fatalf("the page names only %q", acts)
	}
	return acts
}

// A pass of the audience does what the audience may, whatever the frame says; a
// pass that somebody changed, or of another room or view, does nothing.
func TestForgedModeratorsAreRefused(t *testing.T) {
	a := newAbused(t)
	d := dbtest.Open(t, a.sites[0].address())
	version := func() (n int64) {
		if err := d.Read.NewRaw(`SELECT version FROM live_room WHERE session_id = ?`, a.session).Scan(a.ctx, &n); err != nil {
			t.Fatal(err)
		}
		return n
	}
	before, forger := version(), a.people[0]
	for _, act := range moderatorActs(t) {
		f, err := forger.act(fmt.Sprintf(`"do":%q,"view":"moderator","question":%q,"questions":[%q],"poll":%q,"text":"forged","reason":"forged","on":true,"live":true,"kind":"text","position":1,"labels":[],"was":"Question 0 of the hall","message":"x","item":"o1"`,
			act, a.questions[0], a.questions[1], a.poll))
		if err != nil || f.Error == nil || f.Error.Code != "forbidden" || f.Error.Message == "" {
			t.Errorf("%s: %+v %v", act, f, err)
		}
	}
	if after := version(); after != before {
		t.Errorf("the room went from version %d to %d", before, after)
	}
	// Only moderators name a source, and what they ask needs no approval.
	var state, source string
	f := forger.must(`"do":"ask","source":"floor","text":"forged"`)
	if err := d.Read.NewRaw(`SELECT state, source FROM question WHERE id = ?`, f.ID).Scan(a.ctx, &state, &source); err != nil || state != "new" || source != "audience" {
		t.Errorf("a question of the floor's by the audience is %s from %s: %v", state, source, err)
	}
	// The same act by who may shows that it would have done something.
	if f := a.moderator.must(`"do":"queue","question":"` + a.questions[0] + `"`); !f.OK || version() < before+2 {
		t.Error("the moderator cannot either, so this proves nothing")
	}
	for name, c := range map[string]struct {
		path, pass string
		want       int
	}{
		"as a moderator":  {"?view=moderator", a.pass, 4511},
		"as the stage":    {"?view=stage", a.pass, 4511},
		"another view":    {"?view=everything", a.pass, 4511},
		"no such view":    {"?view=moderator", altered(a.pass, 1), 4510},
		"another room":    {"x", a.pass, 4511},
		"changed at 10":   {"", altered(a.pass, 10), 4510},
		"changed its MAC": {"", altered(a.pass, -1), 4510},
		"shortened":       {"", a.pass[:len(a.pass)-4], 4510},
		"made up":         {"", strings.Repeat("A", 120), 4510},
	} {
		ws, res, err := a.attack(func(path *string, d *websocket.Dialer, _ http.Header) {
			*path += c.path
			d.Subprotocols[1] = c.pass
		})
		if err != nil {
			t.Errorf("%s: %v %v", name, res, err)
		} else if code := ends(t, ws); code != c.want {
			t.Errorf("%s: closed with %d, want %d", name, code, c.want)
		}
	}
	a.goesOn()
}

// altered turns one bit of a pass; its second byte is the view.
func altered(pass string, at int) string {
	raw, err := base64.RawURLEncoding.DecodeString(pass)
	if err != nil {
		return ""
	}
	raw[(at+len(raw))%len(raw)] ^= 1
	return base64.RawURLEncoding.EncodeToString(raw)
}

// Whatever cannot be an act is refused by a clear answer or close code, and ends
// nobody else's socket.
func TestBrokenFramesAreRefusedAndTheRoomGoesOn(t *testing.T) {
	a := newAbused(t)
	for _, c := range []struct {
		name, frame, want string
	}{
		{"an unknown act", `{"op":"1","do":"conquer"}`, "bad_act"},
		{"no act", `{"op":"1"}`, "bad_act"},
		{"no op", `{"do":"vote"}`, "bad_act"},
		{"no object", `["vote"]`, "bad_act"},
		{"no JSON", `vote!`, "bad_act"},
		{"nothing", ``, "bad_act"},
		{"a wrong kind", `{"op":"1","do":"vote","question":{"id":1},"on":"yes"}`, "bad_act"},
		{"a NUL", `{"op":"1","do":"ask","text":"a\u0000b"}`, "bad_text"},
		{"a text too long", `{"op":"1","do":"ask","text":"` + strings.Repeat("x", 601) + `"}`, "too_long"},
		{"no text", `{"op":"1","do":"ask","text":" \t\u200b "}`, "empty"},
		{"a depth that no act has", `{"op":"1","do":"ask","text":` + strings.Repeat("[", 3900) + strings.Repeat("]", 3900) + `}`, "bad_act"},
		{"another's question", `{"op":"1","do":"withdraw","question":"` + a.questions[0] + `","secret":"guessed"}`, "not_yours"},
		{"a question of nowhere", `{"op":"1","do":"vote","question":"` + strings.Repeat("x", 5000) + `","on":true}`, "not_found"},
	} {
		ws, res, err := a.attack(nil)
		if err != nil {
			t.Fatal(res, err)
		}
		if err := ws.WriteMessage(websocket.TextMessage, []byte(c.frame)); err != nil {
			t.Fatal(err)
		}
		if f := ackOf(ws); f.Error == nil || f.Error.Code != c.want || f.Error.Message == "" {
			t.Errorf("%s: %+v %+v, want %s", c.name, f, f.Error, c.want)
		}
		ws.Close()
	}
	for name, c := range map[string]struct {
		kind int
		body string
		want int
	}{
		"over 8 KB":     {websocket.TextMessage, `{"op":"1","do":"ask","text":"` + strings.Repeat("x", 8<<10) + `"}`, 4501},
		"megabytes":     {websocket.TextMessage, strings.Repeat("x", 4<<20), 4501},
		"invalid UTF-8": {websocket.TextMessage, "{\"op\":\"1\",\"do\":\"ask\",\"text\":\"\xff\xfe\"}", 4500},
		"a surrogate":   {websocket.TextMessage, "{\"op\":\"1\",\"do\":\"ask\",\"text\":\"\xed\xa0\x80\"}", 4500},
		"bytes":         {websocket.BinaryMessage, `{"op":"1","do":"mine"}`, 4500},
	} {
		ws, res, err := a.attack(nil)
		if err != nil {
			t.Fatal(res, err)
		}
		_ = ws.WriteMessage(c.kind, []byte(c.body)) // megabytes may be cut off in the middle
		if code := ends(t, ws); code != c.want && (name != "megabytes" || code != 0) {
			t.Errorf("%s: closed with %d, want %d", name, code, c.want)
		}
	}
	a.goesOn()
}

// ackOf lets other frames pass.
func ackOf(ws *websocket.Conn) (f liveFrame) {
	for {
		_, body, err := ws.ReadMessage()
		if err != nil || json.Unmarshal(body, &f) == nil && f.T == "ack" {
			return f
		}
	}
}

// Somebody who sends as fast as the wire takes it is slowed down, then sent away
// for good. The others are answered all the while.
func TestAFloodIsStopped(t *testing.T) {
	a := newAbused(t)
	ws, res, err := a.attack(nil)
	if err != nil {
		t.Fatal(res, err)
	}
	go func() {
		for n := 0; ; n++ {
			act := fmt.Sprintf(`{"op":"%d","do":"vote","question":%q,"on":%t}`, n, a.questions[0], n%2 == 0)
			if ws.WriteMessage(websocket.TextMessage, []byte(act)) != nil {
				return
			}
		}
	}()
	slowed, code := 0, 0
	for code == 0 {
		_, body, err := ws.ReadMessage()
		var closed *websocket.CloseError
		if errors.As(err, &closed) {
			code = closed.Code
		} else if err != nil {
			t.Fatal(err)
		} else if strings.Contains(string(body), `"slow_down"`) {
			slowed++
		}
	}
	if slowed == 0 || code != 4502 && code != 4002 {
		t.Errorf("%d acts were put off, closed with %d", slowed, code)
	}
	d := dbtest.Open(t, a.sites[0].address())
	if faults, _, err := lookAtRoom(a.ctx, d); err != nil || len(faults) > 0 {
		t.Errorf("%q %v", faults, err)
	}
	var own int64 // what the flooder left behind counts once at most
	if err := d.Read.NewRaw(`SELECT votes FROM question WHERE id = ?`, a.questions[0]).Scan(a.ctx, &own); err != nil || own > 1 {
		t.Errorf("%d votes of one person, %v", own, err)
	}
	if own == 1 { // the others' counts are compared with what they were told
		a.moderator.told.votes[a.questions[0]] = true
	}
	a.goesOn()
}
