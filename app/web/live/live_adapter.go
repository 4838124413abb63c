package live

import (
	"context"
	"encoding/json"
	"log/slog"
	"net/url"
	"sync/atomic"

	"github.com/gofiber/fiber/v2"

	"agora/app/account"
	"agora/app/fail"
	"agora/app/poll"
	"agora/app/printing"
	"agora/app/qa"
	"agora/app/text"
	"agora/app/web/page"
	"agora/realtime"
)

// Announcer takes what qa announces to the hub. qa is made before the hub,
// which reads from it: until Connect, nobody watches and nothing has to be told.
type Announcer struct{ hub atomic.Pointer[realtime.Hub] }

// Connect gives the announcer its hub.
func (a *Announcer) Connect(h *realtime.Hub) { a.hub.Store(h) }

// Changed tells that a room has a newer version.
func (a *Announcer) Changed(room string, version int64) {
	if h := a.hub.Load(); h != nil {
		h.Notify(room, version)
	}
}

// Now tells that what is being answered changed.
func (a *Announcer) Now(room string, version int64) {
	if h := a.hub.Load(); h != nil {
		h.Urgent(room, version)
	}
}

// Options are what the hub of live rooms stands on; deps needs no Hub yet.
// The caller may add a broker.
func Options(d page.Deps) (realtime.Options, error) {
	base, err := url.Parse(d.Config.BaseURL)
	if err != nil {
		return realtime.Options{}, err
	}
	// Whose page asks and from where is decided by the same rules as for forms.
	s := &page.Site{Deps: d, Base: base}
	return realtime.Options{
		Source:   liveSource{d.QA, d.Polls, d.Printing},
		Acts:     liveActs{d.QA, d.Polls, d.Words, d.Log},
		Tally:    reactions(d.QA),
		PassKey:  liveKey(d.Config.Secret, "pass"),
		Origin:   Pages{s}.socketOrigin,
		Admit:    Pages{s}.liveAdmit,
		Address:  s.ClientAddress,
		Say:      func(lang, code string) string { return d.Words.T(liveLang(lang), qa.Code(code).Key()) },
		ItemsKey: "questions", TallyType: "reactions",
		Log: d.Log,
		Now: d.Now,
	}, nil
}

// liveKey keeps what is signed for live rooms apart from every other use of the
// installation's secret.
func liveKey(secret []byte, purpose string) []byte {
	return page.LiveKey(secret, purpose)
}

// socketOrigin refuses foreign pages before the upgrade. Programs send no origin;
// they have no cookies either.
func (s Pages) socketOrigin(c *fiber.Ctx) bool {
	if origin := c.Get(fiber.HeaderOrigin); origin != "" {
		return s.OwnOrigin(origin)
	}
	return len(c.Request().Header.Peek(fiber.HeaderCookie)) == 0
}

// liveAdmit asks again whether somebody may see more than the audience: a pass
// outlives the role it was given for.
func (s Pages) liveAdmit(ctx context.Context, who realtime.Viewer) error {
	if l, ok := linkOf(who); ok {
		return s.linkAdmit(ctx, who, l)
	}
	role := account.Moderator
	e, err := s.liveEdition(ctx, who.Room)
	if one, ok, watched := s.Printing.Watched(ctx, who.Room); ok {
		if role, err = account.Organiser, watched; err == nil {
			e, err = s.Editions.ByID(ctx, one.EditionID)
		}
	}
	if fail.Is(err, fail.NotFound) {
		return realtime.ErrNotAllowed
	}
	if err != nil {
		return err
	}
	var roles account.Roles
	for _, scope := range []account.Scope{account.All, account.OfSeries(e.SeriesID), account.OfEdition(e.ID)} {
		holders, err := s.Accounts.Holders(ctx, scope)
		if err != nil {
			return err
		}
		for _, h := range holders {
			if h.ID == who.Person && who.Person != "" {
				roles = append(roles, account.Held{Scope: scope, Role: h.Role})
			}
		}
	}
	if !roles.May(role, e.SeriesID, e.ID) {
		return realtime.ErrNotAllowed
	}
	return nil
}

// liveSource shows questions and polls to the transport as things with four views.
type liveSource struct {
	qa     *qa.Service
	polls  *poll.Service // nil: there are none
	prints *printing.Service
}

// pollsList is the member of snapshots and patches that polls stand in.
const pollsList = "polls"

// Changes gives what a viewer has not seen yet.
func (s liveSource) Changes(ctx context.Context, room string, since int64) (realtime.Changes, error) {
	if p, ok, err := s.prints.Watched(ctx, room); ok {
		return printChanges(p, err)
	}
	c, err := s.qa.Changes(ctx, room, since)
	if fail.Is(err, fail.NotFound) {
		return realtime.Changes{}, realtime.ErrNoRoom
	}
	if err != nil {
		return realtime.Changes{}, err
	}
	out := realtime.Changes{Epoch: c.Epoch, Version: c.Version, Room: c.Room, RoomVersion: c.RoomVersion}
	out.Items = make([]realtime.Item, len(c.Items))
	for i, item := range c.Items {
		out.Items[i] = realtime.Item{ID: item.ID, Version: item.Version, Views: item.Views}
	}
	if s.polls == nil {
		return out, nil
	}
	items, err := s.polls.Items(ctx, room, since)
	for _, item := range items {
		out.Items = append(out.Items, realtime.Item{ID: item.ID, List: pollsList, Version: item.Version, Views: item.Views})
	}
	return out, err
}

// liveActs does what viewers' frames say and answers in their language.
type liveActs struct {
	qa    *qa.Service
	polls *poll.Service
	words *text.Catalogue
	log   *slog.Logger
}

// Mine is for the audience: the others have neither votes nor questions of their own.
func (a liveActs) Mine(ctx context.Context, v realtime.Viewer) (json.RawMessage, error) {
	if v.View != realtime.Audience {
		return nil, nil
	}
	m, err := a.qa.Mine(ctx, liveViewer(v))
	if err != nil {
		return nil, err
	}
	if m.Ballots, err = a.ballots(ctx, v); err != nil {
		return nil, err
	}
	return m.Frame(), nil
}

// ballots are the viewer's own.
func (a liveActs) ballots(ctx context.Context, v realtime.Viewer) (map[string][]string, error) {
	if a.polls == nil {
		return nil, nil
	}
	return a.polls.Mine(ctx, liveViewer(v))
}

// do hands an act to the area that knows it.
func (a liveActs) do(ctx context.Context, v realtime.Viewer, act realtime.Act) qa.Ack {
	if a.polls != nil && poll.Knows(qa.Act(act.Do)) {
		return a.polls.Act(ctx, liveViewer(v), act.Frame)
	}
	ack := a.qa.Act(ctx, liveViewer(v), act.Frame)
	if ack.Mine != nil && ack.Code == "" {
		ballots, err := a.ballots(ctx, v)
		if err != nil {
			return qa.Failed(act.Op, err)
		}
		ack.Mine.Ballots = ballots
	}
	return ack
}

// Act does what a viewer asks for.
func (a liveActs) Act(ctx context.Context, v realtime.Viewer, act realtime.Act) json.RawMessage {
	ack := a.do(ctx, v, act)
	if ack.Cause != nil {
		a.log.Warn("an act in a live room failed", "room", v.Room, "do", act.Do, "error", ack.Cause.Error())
	}
	if ack.Code != "" {
		return realtime.AckError(act.Op, string(ack.Code), a.words.T(liveLang(v.Lang), ack.Code.Key(), ack.Args...))
	}
	return realtime.AckOK(act.Op, ack.ID, ack.More())
}

// reactions lets the transport count what qa allows: a reaction passes, so that it
// is no act on the room.
func reactions(s *qa.Service) realtime.Tally {
	return func(ctx context.Context, v realtime.Viewer, act realtime.Act) (string, string, bool) {
		if qa.Act(act.Do) != qa.ActReact {
			return "", "", false
		}
		reaction, code := s.React(ctx, liveViewer(v), act.Frame)
		return string(reaction), string(code), true
	}
}

// The views of both sides are the same, in the same order: either line does not
// compile when they are not.
const (
	_ = uint(qa.Screen) - uint(realtime.Screen)
	_ = uint(realtime.Screen) - uint(qa.Screen)
)

func liveViewer(v realtime.Viewer) qa.Viewer {
	return qa.Viewer{Room: v.Room, View: qa.View(v.View), Voter: v.Voter, Person: v.Person}
}

// liveLang reads a pass's language; one from a later version reads as the first.
func liveLang(code string) text.Lang {
	if l, ok := text.ParseLang(code); ok {
		return l
	}
	return text.Langs[0]
}
