package realtime

import "cmp"

// Saying is a sentence for everybody who watches some rooms, in the languages it was given in. With an ID, a later
// saying may take it back: the same ID without texts.
type Saying struct {
	ID    string            `json:"id,omitempty"`
	Texts map[string]string `json:"texts,omitempty"`
	// First is the language of those whose own is missing.
	First string `json:"first,omitempty"`
}

// Notice shows a sentence once to everybody who watches the room now, on every node. What should still be there for
// those who come later belongs into the room's state.
func (h *Hub) Notice(name, text string) {
	h.Say([]string{name}, Saying{Texts: map[string]string{"": text}})
}

// Say shows a saying to everybody who watches one of the rooms now, on every node, each in their language.
func (h *Hub) Say(rooms []string, s Saying) {
	h.say(rooms, s)
	h.send(Message{Rooms: rooms, Say: &s})
}

func (h *Hub) say(rooms []string, s Saying) {
	frames := map[string][]byte{}
	for _, name := range rooms {
		r := h.room(name)
		if r == nil {
			continue
		}
		for _, v := range r.everybody() {
			frame, made := frames[v.Lang]
			if !made {
				frame = noticeFrame(s, v.Lang)
				frames[v.Lang] = frame
			}
			v.give(frame)
		}
	}
}

// noticeFrame is the saying for viewers of a language; where it is in another, the frame names that.
func noticeFrame(s Saying, lang string) []byte {
	text, in := s.Texts[lang], ""
	if text == "" {
		in = s.First
		text = cmp.Or(s.Texts[in], s.Texts[""])
	}
	m := map[string]string{"t": "notice", "text": text}
	if s.ID != "" {
		m["id"] = s.ID
	}
	if in != "" && text != "" {
		m["lang"] = in
	}
	return textFrame(encode(m))
}
