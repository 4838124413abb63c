package web

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/valyala/fasthttp"

	"agora/app/account"
	"agora/app/db"
	"agora/app/db/dbtest"
	"agora/app/program"
	"agora/app/text"
)

// TestGridQueries: neither the page nor an edit, nor hearing of it, asks the
// database more often where there are more sessions.
func TestGridQueries(t *testing.T) {
	h := newGridHouse(t)
	count := &queries{}
	h.DB.Read, h.DB.Write = h.DB.Read.WithQueryHook(count), h.DB.Write.WithQueryHook(count)
	steps := func() (list []int64) {
		for _, step := range []func() reply{
			func() reply { return h.get(asOrganiser, gridPath) },
			func() reply {
				return h.call(asOrganiser, gridPath+"/edits", h.act("move", "Avaus", `,"start":"2027-01-21T08:05:00Z"`))
			},
			func() reply {
				return h.call(asOrganiser, gridPath+"/try", h.act("move", "Avaus", `,"start":"2027-01-21T08:10:00Z"`))
			},
			func() reply { return h.get(asOwner, gridPath+"/edits?since=1") },
		} {
			before := count.n.Load()
			if a := step(); a.status != http.StatusOK {
				t.Fatal(a.status, a.body)
			}
			list = append(list, count.n.Load()-before)
		}
		return list
	}
	steps() // what is kept in memory is there now
	h.call(asOrganiser, gridPath+"/edits", h.act("move", "Avaus", `,"start":"2027-01-21T08:00:00Z"`))
	few := steps()
	h.call(asOrganiser, gridPath+"/edits", h.act("move", "Avaus", `,"start":"2027-01-21T08:00:00Z"`))
	for i := range 12 {
		_, err := h.Program.SaveSession(t.Context(), "", h.find("2030"), "", program.SessionInput{Title: text.One(text.Finnish, fmt.Sprint("Lisää ", i)), Kind: program.Talk,
			RoomID: h.rooms["Aula"], StartsAt: gridAt("10:00"), EndsAt: gridAt("10:40"), Speakers: []program.SpeakerRef{{Name: fmt.Sprint("Puhuja ", i)}}})
		h.must(err)
	}
	if many := steps(); !slices.Equal(few, many) || slices.Contains(few, 0) {
		t.Errorf("queries %v with few sessions, %v with many", few, many)
	}
}

// BenchmarkGridEdit moves sessions of a programme of 1,007 through HTTP and tells
// how long the organiser waits for what the move has led to. The bar is 100 ms.
func BenchmarkGridEdit(b *testing.B) {
	s := newBenchSite(b, dbtest.OpenSQLite(b), 300, 1007)
	now := func() time.Time { return time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC) }
	accounts := account.New(s.db, now, s.base)
	token, _, err := accounts.MakeLink(b.Context(), account.Invite{Email: "grid@agora.test", Name: "Grid", Language: text.Finnish, Owner: true})
	check(b, err)
	login, err := accounts.Redeem(b.Context(), token, "bench")
	check(b, err)
	spots := benchSpots(b, s)
	client := &fasthttp.Client{ReadBufferSize: 64 << 10}
	send := func(method, path, body string) (time.Duration, []byte) {
		req, res := fasthttp.AcquireRequest(), fasthttp.AcquireResponse()
		defer fasthttp.ReleaseRequest(req)
		defer fasthttp.ReleaseResponse(res)
		req.SetRequestURI(s.base + "/desk/cmadfi/2027/program/grid" + path)
		req.Header.SetMethod(method)
		req.Header.Set("Cookie", "agora_login="+login.Token)
		req.Header.Set("Sec-Fetch-Site", "same-origin")
		req.Header.SetContentType("application/json")
		req.SetBodyString(body)
		start := time.Now()
		check(b, client.Do(req, res))
		took := time.Since(start)
		if res.StatusCode() != http.StatusOK {
			b.Fatal(res.StatusCode(), string(res.Body()))
		}
		return took, slices.Clone(res.Body())
	}
	times := map[string][]time.Duration{}
	for i := 0; b.Loop(); i++ {
		x := &spots[i*37%len(spots)]
		seen, _ := json.Marshal(x.spot)
		to := x.spot.StartsAt.Add(5 * time.Minute)
		rest := fmt.Sprintf(`"session":{"id":%q,"seen":%s},"room":%q,"start":%q}`, x.id, seen, x.spot.RoomID, to.Format(time.RFC3339))
		took, _ := send("POST", "/try", fmt.Sprintf(`{"op":%q,"act":"move",`, db.NewID())+rest)
		times["try"] = append(times["try"], took)
		took, body := send("POST", "/edits", fmt.Sprintf(`{"op":%q,"act":"move",`, db.NewID())+rest)
		times["edit"] = append(times["edit"], took)
		var said struct{ Seq int64 }
		check(b, json.Unmarshal(body, &said))
		took, _ = send("GET", fmt.Sprintf("/edits?since=%d", said.Seq-1), "")
		times["hear"] = append(times["hear"], took)
		x.spot.EndsAt, x.spot.StartsAt = to.Add(x.spot.EndsAt.Sub(x.spot.StartsAt)), to
		if i < 20 {
			took, body = send("GET", "", "")
			times["page"] = append(times["page"], took)
			b.ReportMetric(float64(len(body)), "page-bytes")
		}
	}
	for name, list := range times {
		slices.Sort(list)
		b.ReportMetric(list[len(list)/2].Seconds()*1000, name+"-ms")
		b.ReportMetric(list[len(list)*99/100].Seconds()*1000, name+"-p99-ms")
	}
}

type benchSpot struct {
	id   string
	spot program.Spot
}

func benchSpots(b *testing.B, s *benchSite) (list []benchSpot) {
	b.Helper()
	now := func() time.Time { return time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC) }
	draft, err := program.New(s.db, now, s.editions).Draft(context.Background(), s.edition)
	check(b, err)
	for _, x := range draft.Sessions {
		if !strings.Contains(x.StartsAt.Format(time.RFC3339), "T23") {
			list = append(list, benchSpot{x.ID, x.Spot()})
		}
	}
	return list
}
