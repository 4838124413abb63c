package web

import (
	"strings"

	"agora/app/program"
	"agora/app/qa"
	"agora/app/text"
)

// walls opens a screen in the language that its address names: the browser's does
// not matter there.
func (h *webHouse) walls(path string) (list []func(string) reply) {
	for _, query := range []string{"?lang=", "?overlay=1&lang=", "?counts=0&lang="} {
		list = append(list, func(lang string) reply { return h.get(asOwner, path+query+lang) })
	}
	return list
}

// emptyBoards opens stage and screen of a room with nothing in it.
func (h *webHouse) emptyBoards(slug string) []func(string) reply {
	h.t.Helper()
	e := h.find(slug)
	room, err := h.Program.SaveRoom(h.t.Context(), "", e, "", program.RoomInput{Name: text.One(text.Finnish, "Aula")})
	h.must(err)
	path := func(view qa.View) string {
		return "/" + view.String() + "/" + h.QA.Token(qa.Link{RoomID: room.ID, View: view, Number: 1})
	}
	return append(h.walls(path(qa.Screen)), h.opening(asOwner, path(qa.Stage))...)
}

// renewedLink opens a stage's link that has been replaced.
func (h *webHouse) renewedLink(stage string) func(string) reply {
	h.t.Helper()
	l, err := h.QA.OpenLink(h.t.Context(), qa.Stage, strings.TrimPrefix(stage, "/stage/"))
	h.must(err)
	h.must(h.QA.RenewLink(h.t.Context(), "", l))
	return func(lang string) reply { return h.get(asOwner, stage, "Accept-Language", lang) }
}
