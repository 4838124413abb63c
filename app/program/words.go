package program

import (
	"agora/app/edition"
	"agora/app/text"
)

// titled is a session's title as an argument of a message.
type titled struct{ *Session }

// Say puts the title into a language.
func (x titled) Say(l text.Lang) string { return x.Name(l) }

// String is for logs.
func (x titled) String() string { return x.Name(text.English) }

// where is a slot as an argument of a message.
type where struct {
	e    edition.Edition
	room *Room
	spot Spot
}

// Say writes day, time and room.
func (x where) Say(l text.Lang) string {
	from, to := x.e.Local(x.spot.StartsAt), x.e.Local(x.spot.EndsAt)
	said := text.At(l, from) + "–" + text.Clock(l, to)
	if first, last := x.e.Local(x.e.StartsAt), x.e.Local(x.e.EndsAt); dayOf(first) != dayOf(last) {
		said = text.LongDate(l, from) + " " + said
	}
	if x.room != nil {
		name, _ := x.room.Name.In(l, x.e.Languages...)
		said += ", " + name
	}
	return said
}

// String is for logs.
func (x where) String() string { return x.Say(text.English) }

// Words are the key and the arguments of the sentence that tells the clash.
func (c Clash) Words() (key string, args []any) {
	args = []any{"n", c.N, "first", titled{c.First}}
	if c.Second != nil {
		args = append(args, "second", titled{c.Second})
	}
	if c.Room != nil {
		args = append(args, "room", inOrder{c.Room.Name, c.First.order})
		if c.Room.Capacity != nil {
			args = append(args, "seats", *c.Room.Capacity)
		}
	}
	if c.Speaker != nil {
		args = append(args, "speaker", c.Speaker.Name)
	}
	return "program.clash." + string(c.Kind), args
}

// inOrder is an organiser's text as an argument of a message.
type inOrder struct {
	text.Texts
	order []text.Lang
}

// Say puts the text into a language.
func (x inOrder) Say(l text.Lang) string {
	said, _ := x.In(l, x.order...)
	return said
}
