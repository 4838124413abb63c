package program

import "strings"

// kindWords are the words that schedule files use, in the order they are looked
// for: "Workshop stage" is a workshop, "Lightning talk" no talk.
var kindWords = [...]struct {
	word string
	kind Kind
}{
	{"keynote", Keynote}, {"opening", Keynote}, {"closing", Keynote}, {"avaus", Keynote}, {"öppning", Keynote},
	{"lightning", Lightning}, {"blitz", Lightning}, {"salama", Lightning}, {"blixt", Lightning},
	{"workshop", Workshop}, {"tutorial", Workshop}, {"hands-on", Workshop}, {"breakout", Workshop}, {"työpaja", Workshop}, {"verkstad", Workshop},
	{"panel", Panel}, {"paneeli", Panel}, {"podium", Panel}, {"discussion", Panel}, {"keskustelu", Panel}, {"diskussion", Panel},
	{"coffee", Break}, {"lunch", Break}, {"break", Break}, {"pause", Break}, {"tauko", Break}, {"lounas", Break}, {"kahvi", Break}, {"paus", Break},
	{"meetup", Meetup}, {"meet-up", Meetup}, {"meeting", Meetup}, {"birds of a feather", Meetup}, {"bof", Meetup}, {"assembly", Meetup}, {"tapaaminen", Meetup}, {"träff", Meetup},
	{"talk", Talk}, {"lecture", Talk}, {"vortrag", Talk}, {"presentation", Talk}, {"devroom", Talk}, {"maintrack", Talk}, {"puheenvuoro", Talk}, {"esitys", Talk}, {"föredrag", Talk},
}

// kindOf reads a file's own word for what a session is. Without one it is a talk.
func kindOf(word string) Kind {
	word = strings.ToLower(word)
	for _, k := range kindWords {
		if strings.Contains(word, k.word) {
			return k.kind
		}
	}
	if word == "" {
		return Talk
	}
	return Other
}
