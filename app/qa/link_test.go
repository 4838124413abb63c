package qa

import (
	"testing"

	"agora/app/db"
	"agora/app/fail"
)

func TestLinks(t *testing.T) {
	each(t, func(h *house) {
		const edition = "edition-1"
		room := db.NewID()
		h.row("room", map[string]any{"id": room, "edition_id": edition, "guid": room, "slug": "aula"})
		links := func() map[View]Link {
			h.t.Helper()
			all, err := h.Links(h.t.Context(), edition, []string{room})
			h.fine(err)
			return all[room]
		}
		first := links()
		if len(first) != len(LinkViews) {
			h.t.Fatalf("%d links", len(first))
		}
		tokens := map[string]bool{}
		for view, l := range first {
			token := h.Token(l)
			tokens[token] = true
			if got, err := h.OpenLink(h.t.Context(), view, token); err != nil || got != l {
				h.t.Errorf("%s opens as %+v, %v", view, got, err)
			}
			for _, other := range []View{Audience, Moderator, Stage, Screen} {
				if _, err := h.OpenLink(h.t.Context(), other, token); other != view && !fail.Is(err, fail.NotFound) {
					h.t.Errorf("the link of the %s opens the %s: %v", view, other, err)
				}
			}
		}
		if len(tokens) != len(LinkViews) {
			h.t.Error("two views have one link")
		}
		for _, forged := range []string{"", "x", h.Token(first[Stage])[1:], h.Token(first[Stage]) + "A", "Z" + h.Token(first[Stage])[1:],
			h.Token(Link{RoomID: db.NewID(), View: Stage, Number: 1})} {
			if _, err := h.OpenLink(h.t.Context(), Stage, forged); !fail.Is(err, fail.NotFound) {
				h.t.Errorf("%q opens: %v", forged, err)
			}
		}

		// Two presses of one button renew once; the second renewal is of the second link.
		old := first[Stage]
		for range 2 {
			h.fine(h.RenewLink(h.t.Context(), "", old))
		}
		now := links()
		if now[Stage].Number != 2 || now[Screen].Number != 1 || now[Moderator].Number != 1 {
			h.t.Errorf("after renewing once: %+v", now)
		}
		if l, err := h.OpenLink(h.t.Context(), Stage, h.Token(old)); !fail.Is(err, fail.Gone) || l != (Link{EditionID: edition}) {
			h.t.Errorf("the renewed link gives %+v, %v", l, err)
		}
		if stands, err := h.LinkStands(h.t.Context(), &old); stands || err != nil {
			h.t.Errorf("the renewed link stands: %v", err)
		}
		h.fine(h.RenewLink(h.t.Context(), "", now[Stage]))
		if now = links(); now[Stage].Number != 3 {
			h.t.Errorf("after renewing again: %+v", now[Stage])
		}
		for _, wrong := range []Link{{EditionID: "other", RoomID: room, View: Stage, Number: 3}, {EditionID: edition, RoomID: room, Number: 1},
			{EditionID: edition, RoomID: "none", View: Stage, Number: 1}} {
			if err := h.RenewLink(h.t.Context(), "", wrong); !fail.Is(err, fail.NotFound) {
				h.t.Errorf("renewing %+v: %v", wrong, err)
			}
		}
		var noted int
		h.fine(h.db.Read.NewRaw("SELECT count(*) FROM audit WHERE act = 'live.link' AND detail = 'stage'").Scan(h.t.Context(), &noted))
		if noted != 2 {
			h.t.Errorf("%d renewals were noted", noted)
		}
		h.fine(RemoveEdition(h.t.Context(), h.db.Write, edition))
		if now = links(); now[Stage].Number != 1 {
			h.t.Error("removing the edition leaves its links")
		}
	})
}

func (h *house) fine(err error) {
	h.t.Helper()
	if err != nil {
		h.t.Fatal(err)
	}
}
