package desk

import (
	"net/url"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"agora/app/program"
	"agora/app/speaking"
	"agora/app/text"
	"agora/app/web/page"
	"agora/templates"
)

// The states by which the list of speakers is chosen, beside those of invitations.
const (
	stateNone   = "none"   // nobody has asked them yet
	stateOpened = "opened" // invited, and the link was used
	stateOwes   = "owes"
)

// maxSpeakerSearch is how much of a search is looked at.
const maxSpeakerSearch = 100

// speakersPage lists everybody who is to speak, how it stands with their link, and
// what they still owe.
type speakersPage struct {
	Base                  string
	Any                   bool
	States                []speakerState
	State                 string
	Search                templates.Field
	Rows                  []speakerRow
	Clear                 bool
	Uninvited, Remindable int // all of them, whatever is chosen
	Over                  bool
	NoMail                bool
}

type speakerState struct {
	Text, Href string
	N          int
	Current    bool
}

type speakerRow struct {
	Name, Slug, Href, Email string
	Face                    templates.Person
	Sessions                int
	When                    []string // stretches of time in words; none is any time
	State                   templates.Tag
	Marks                   []string // what an organiser has to know beside it
	Owes                    []string
	Late                    bool
	Before                  string // whom they may be: told when nobody has said so yet
}

func (p speakersPage) Shape(f *page.Frame) { f.Wide = true; f.Scripts = append(f.Scripts, "tick-all") }

// Speakers lists the edition's speakers by name.
func (s Pages) Speakers(v *page.Visit) error {
	board, err := s.everybody(v)
	if err != nil {
		return err
	}
	before, err := s.Program.SpokeBefore(v.Ctx, v.Edition)
	if err != nil {
		return err
	}
	p := speakersPage{Base: speakersPath(v), Any: len(board) > 0, State: v.Query("state"), NoMail: !s.Config.SMTP,
		Search: templates.Field{Name: "q", Type: "search", Label: v.T("speakers_desk.search"), Value: page.Shorten(v.Query("q"), maxSpeakerSearch), Max: maxSpeakerSearch}}
	p.Clear = p.Search.Value != "" || p.State != ""
	words := strings.Fields(strings.ToLower(p.Search.Value))
	count := map[string]int{}
	for _, o := range board {
		states := statesOf(o)
		for _, state := range states {
			count[state]++
		}
		if o.Mute == "" {
			p.Remindable++
		}
		if (p.State == "" || slices.Contains(states, p.State)) && matches(o, words) {
			p.Rows = append(p.Rows, newSpeakerRow(v, o, before[o.Speaker.ID]))
		}
	}
	compare := text.Collator(v.Lang)
	slices.SortStableFunc(p.Rows, func(a, b speakerRow) int { return compare(a.Name, b.Name) })
	p.Uninvited = count[stateNone] + count[string(speaking.Prepared)]
	p.States = speakerStates(v, p, len(board), count)
	return v.Render("program/desk_speakers", v.T("speakers_desk.title"), p)
}

// everybody is the board with those of whom nothing is known yet: on no session,
// and never asked.
func (s Pages) everybody(v *page.Visit) ([]speaking.Owe, error) {
	board, err := s.Speaking.Board(v.Ctx, v.Edition, v.Lang)
	if err != nil {
		return nil, err
	}
	draft, err := s.Program.Draft(v.Ctx, v.Edition)
	if err != nil {
		return nil, err
	}
	known := make(map[string]bool, len(board))
	for _, o := range board {
		known[o.Speaker.ID] = true
	}
	for _, who := range draft.Speakers {
		if !known[who.ID] {
			board = append(board, speaking.Owe{Speaker: who, Mute: "unasked"})
		}
	}
	return board, nil
}

// statesOf are the choices of the list under which somebody is found.
func statesOf(o speaking.Owe) []string {
	states := []string{stateOf(o.Speaking)}
	if states[0] == stateOpened {
		states = append(states, string(speaking.Invited))
	}
	if o.Owes() {
		states = append(states, stateOwes)
	}
	return states
}

// stateOf is how it stands with somebody's link, as stateKey tells it.
func stateOf(x speaking.Speaking) string {
	switch {
	case x.State == "":
		return stateNone
	case x.State == speaking.Invited && x.OpenedAt != nil:
		return stateOpened
	}
	return string(x.State)
}

// stateKey is the message that tells a state.
func stateKey(state string) string {
	if state == stateNone || state == stateOpened || state == stateOwes || state == string(speaking.Prepared) {
		return "speakers_desk.state." + state
	}
	return "speaking.state." + state
}

// matches looks for every word of a search in a name and an address.
func matches(o speaking.Owe, words []string) bool {
	said := strings.ToLower(o.Speaker.Name+"\n"+o.Speaking.Email) + "\n" + strings.ReplaceAll(o.Speaker.Slug, "-", " ")
	return !slices.ContainsFunc(words, func(w string) bool { return !strings.Contains(said, w) })
}

// speakerStates are the choices that have somebody under them.
func speakerStates(v *page.Visit, p speakersPage, all int, count map[string]int) []speakerState {
	add := func(list []speakerState, state, key string, n int) []speakerState {
		q := url.Values{}
		if state != "" {
			q.Set("state", state)
		}
		if p.Search.Value != "" {
			q.Set("q", p.Search.Value)
		}
		return append(list, speakerState{Text: v.T(key), N: n, Current: p.State == state, Href: strings.TrimSuffix(p.Base+"?"+q.Encode(), "?")})
	}
	list := add(nil, "", "speakers_desk.all", all)
	for _, state := range []string{stateOwes, stateNone, string(speaking.Prepared), string(speaking.Invited), string(speaking.Accepted), string(speaking.Declined)} {
		if count[state] > 0 || p.State == state {
			list = add(list, state, stateKey(state), count[state])
		}
	}
	return list
}

func newSpeakerRow(v *page.Visit, o speaking.Owe, before []program.Earlier) speakerRow {
	row := speakerRow{Name: o.Speaker.Name, Slug: o.Speaker.Slug, Href: speakersPath(v) + "/" + o.Speaker.Slug, Email: o.Speaking.Email,
		Face: deskFace(v, o.Speaker, "small"), Sessions: len(o.Sessions), When: stretches(v, o.Speaker.Availability),
		State: stateTag(v, o.Speaking), Owes: owedWords(v, o), Late: o.Late}
	row.Marks = speakerMarks(v, o)
	if len(before) > 0 {
		row.Before = v.T("speakers_desk.before", "edition", before[0].Edition.Name(v.Lang))
	}
	return row
}

// speakerMarks are what an organiser has to do something about.
func speakerMarks(v *page.Visit, o speaking.Owe) []string {
	var marks []string
	if o.Speaking.State == speaking.Accepted || o.Speaking.State == speaking.Invited {
		switch o.Seat {
		case speaking.SeatNone, speaking.SeatShared, speaking.SeatGivenUp:
			marks = append(marks, v.T("speaking.seat."+string(o.Seat)))
		}
	}
	if o.Speaking.State == speaking.Declined && len(o.Sessions) > 0 {
		marks = append(marks, v.T("speakers_desk.declined_on", "n", len(o.Sessions)))
	}
	if o.Speaking.Note != "" {
		marks = append(marks, v.T("speakers_desk.has_note"))
	}
	return marks
}

// stateTag says how it stands with a link, never by colour alone.
func stateTag(v *page.Visit, x speaking.Speaking) templates.Tag {
	state := stateOf(x)
	tag := templates.Tag{Kind: "plain", Text: v.T(stateKey(state))}
	switch state {
	case string(speaking.Accepted):
		tag.Kind, tag.Icon = "", "check"
	case string(speaking.Declined):
		tag.Kind, tag.Icon = "bad", "cross"
	case string(speaking.Invited):
		tag.Icon = "mail"
	}
	return tag
}

// owedWords names what a speaker still owes, each thing once.
func owedWords(v *page.Visit, o speaking.Owe) []string {
	var list []string
	add := func(needs []speaking.Need) {
		for _, need := range needs {
			word := v.T("speaking.need." + string(need))
			if len(list) > 0 {
				word = lowerFirst(word)
			}
			if need != speaking.NeedRecording && !slices.ContainsFunc(list, func(one string) bool { return strings.EqualFold(one, word) }) {
				list = append(list, word)
			}
		}
	}
	if o.Speaking.State == speaking.Declined {
		return nil
	}
	add(o.Needs)
	for _, x := range o.Sessions {
		add(x.Needs)
	}
	return list
}

// lowerFirst lets a word stand within a line.
func lowerFirst(s string) string {
	r, size := utf8.DecodeRuneInString(s)
	return string(unicode.ToLower(r)) + s[size:]
}

// deskFace is a speaker's picture or initials.
func deskFace(v *page.Visit, who *program.Speaker, size string) templates.Person {
	return templates.Person{Name: who.Name, Initials: page.Initials(who.Name), Size: size, Picture: page.PicturePath(v.Edition, who.Picture)}
}

func speakersPath(v *page.Visit) string { return "/desk" + v.Edition.Path() + "/speakers" }

// stretches writes stretches of time on the edition's clock.
func stretches(v *page.Visit, spans program.Spans) []string {
	list := make([]string, 0, len(spans))
	for _, one := range spans {
		from, to := v.Edition.Local(one.From), v.Edition.Local(one.To)
		if from.YearDay() == to.YearDay() && from.Year() == to.Year() {
			list = append(list, v.OnDay(v.DayTab(from), from, to))
			continue
		}
		list = append(list, v.DayTab(from)+" "+text.At(v.Lang, from)+" – "+v.DayTab(to)+" "+text.At(v.Lang, to))
	}
	return list
}
