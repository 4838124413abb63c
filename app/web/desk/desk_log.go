package desk

import (
	"encoding/json"
	"net/url"
	"strconv"
	"strings"
	"time"

	"agora/app/account"
	"agora/app/audit"
	"agora/app/program"
	"agora/app/qa"
	"agora/app/registration"
	"agora/app/text"
	"agora/app/web/page"
)

// logPage tells who changed what.
type logPage struct {
	Lines  []logLine
	Groups []page.Pill
	Older  string
	Any    bool
	Zone   string
}

type logLine struct {
	At                             time.Time
	Who, Email, Act, Subject, Note string
	Href                           string
}

// linesShown is how many lines a page of the log holds.
const linesShown = 50

// logGroups are the acts by what they are about, in the order of the page.
var logGroups = []struct {
	name string
	acts []string
}{
	{"people", []string{"registration.add", "registration.approve", "registration.refuse", "registration.cancel", "registration.letter", "registration.import",
		"registration.export", "hold.", "certificate."}},
	{"settings", []string{"edition.", "thanks.", "door.", "registration.capacity", "registration.rules", "registration.form"}},
	{"program", []string{"session.", "speaker.", "room.save", "room.delete", "track.", "program.", "material.", "workshop.", "call.", "proposal."}},
	{"live", []string{"question.", "answer.", "poll.", "live.", "room.pause", "room.resume", "room.tell", "room.settings"}},
	{"messages", []string{"message.", "notice."}},
	{"roles", []string{"role."}},
}

// LogPage shows the newest acts, or those older than a line, of one group or all.
func (s Pages) LogPage(v *page.Visit) error {
	p := logPage{Zone: v.Edition.Zone}
	want := audit.Query{Edition: v.Edition.ID, Before: v.Query("before"), Limit: linesShown + 1}
	base := "/desk" + v.Edition.Path() + "/log"
	p.Groups = append(p.Groups, page.Pill{Text: v.T("log.group_all"), Href: base, Current: v.Query("group") == ""})
	for _, g := range logGroups {
		current := v.Query("group") == g.name
		if current {
			want.Acts = g.acts
		}
		p.Groups = append(p.Groups, page.Pill{Text: v.T("log.group_" + g.name), Href: base + "?group=" + g.name, Current: current})
	}
	lines, err := audit.Find(v.Ctx, s.DB.Read, want)
	if err != nil {
		return err
	}
	if len(lines) > linesShown {
		lines = lines[:linesShown]
		q := url.Values{"before": {lines[linesShown-1].ID}}
		if len(want.Acts) > 0 {
			q.Set("group", v.Query("group"))
		}
		p.Older = base + "?" + q.Encode()
	}
	draft, err := s.Program.Draft(v.Ctx, v.Edition)
	if err != nil {
		return err
	}
	names := namesOf(v, draft)
	for _, l := range lines {
		p.Lines = append(p.Lines, newLogLine(v, l, names))
	}
	p.Any = len(lines) > 0 || want.Before != "" || len(want.Acts) > 0
	return v.Render("desk/log", v.T("log.title"), p)
}

// namesOf is what the things of the programme are called today, by their ids.
func namesOf(v *page.Visit, p *program.Programme) map[string]string {
	names := map[string]string{}
	for _, list := range [][]*program.Session{p.Sessions, p.Waiting} {
		for _, x := range list {
			names[x.ID] = v.Words(x.Title).Text
		}
	}
	for _, x := range p.Rooms {
		names[x.ID] = v.Words(x.Name).Text
	}
	for _, x := range p.Tracks {
		names[x.ID] = v.Words(x.Name).Text
	}
	for _, x := range p.Speakers {
		names[x.ID] = x.Name
	}
	return names
}

func newLogLine(v *page.Visit, l audit.Line, names map[string]string) logLine {
	out := logLine{At: v.Edition.Local(l.At), Who: l.PersonName, Email: l.PersonEmail, Act: v.ActWords(l.Act), Subject: names[l.Subject], Note: note(v, l)}
	if out.Who == out.Email {
		out.Email = ""
	}
	if l.Link != "" {
		out.Who = v.T("log.by_link." + l.Link)
	}
	area, _, _ := strings.Cut(l.Act, ".")
	switch {
	case out.Subject != "":
	case area == "role":
		out.Subject = l.SubjectName
	case area == "workshop":
		out.Subject = workshopName(v, l.Detail, names)
	case area == "hold":
		out.Subject = l.Subject
	case area == "registration" && !strings.HasPrefix(l.Subject, "/"):
		out.Subject, out.Href = l.Subject, "/desk"+v.Edition.Path()+"/registrations/"+url.PathEscape(l.Subject)
	}
	return out
}

// note puts the details of an act into words; those it does not understand are
// left out.
func note(v *page.Visit, l audit.Line) string {
	n, _ := strconv.ParseInt(l.Detail, 10, 64)
	area, what, _ := strings.Cut(l.Act, ".")
	switch {
	case l.Act == "registration.capacity":
		return capacityNote(v, l.Detail)
	case l.Act == "registration.export":
		var x registration.Export
		if json.Unmarshal([]byte(l.Detail), &x) != nil {
			return ""
		}
		key := "log.note_export"
		if x.Special {
			key = "log.note_export_special"
		}
		return v.T(key, "n", x.N, "format", strings.ToUpper(x.Format))
	case l.Act == "registration.import":
		return v.T("log.note_people", "n", n)
	case area == "hold" && n > 0:
		return v.T("log.note_places", "n", n)
	case l.Act == "notice.send":
		return v.T("notice.life_" + l.Detail)
	case area == "message":
		return messageNote(v, l.Detail)
	case area == "role":
		role, _, _ := strings.Cut(l.Detail, " ")
		if key := "account.role." + string(account.Role(role)); v.Site.Words.Has(v.Lang, key) {
			return v.T(key)
		}
	case area == "question":
		return questionNote(v, l.Detail, what)
	case area == "workshop":
		return workshopNote(v, l.Detail, what)
	}
	return ""
}

// questionNote tells how a question stands since then, or what was undone.
func questionNote(v *page.Visit, detail, what string) string {
	if what == string(qa.ActUndo) || what == string(qa.ActRedo) {
		if key := "moderate.done." + detail; v.Site.Words.Has(v.Lang, key) {
			return v.T(key)
		}
		return ""
	}
	was, now, moved := strings.Cut(detail, " → ")
	from, to := "qa.state."+was, "qa.state."+now
	if !moved || !v.Site.Words.Has(v.Lang, from) || !v.Site.Words.Has(v.Lang, to) {
		return ""
	}
	return v.T("log.note_from_to", "from", v.T(from), "to", v.T(to))
}

// capacityNote tells how many places there are of each kind since then.
func capacityNote(v *page.Visit, detail string) string {
	var sizes map[registration.Kind]struct {
		Capacity *int64
		Overbook int64
	}
	if json.Unmarshal([]byte(detail), &sizes) != nil {
		return ""
	}
	var parts []string
	for _, kind := range registration.Kinds {
		size, named := sizes[kind]
		if !named {
			continue
		}
		key, n := "log.note_capacity", int64(0)
		switch {
		case size.Capacity == nil:
			key = "log.note_unlimited"
		case size.Overbook > 0:
			key = "log.note_overbook"
		}
		if size.Capacity != nil {
			n = *size.Capacity
		}
		parts = append(parts, v.T(key, "kind", v.T("place."+string(kind)), "capacity", n, "overbook", size.Overbook))
	}
	return strings.Join(parts, " · ")
}

// messageNote tells to how many a message went.
func messageNote(v *page.Visit, detail string) string {
	words := strings.Fields(detail)
	if len(words) == 0 {
		return ""
	}
	n, err := strconv.ParseInt(words[len(words)-1], 10, 64)
	if err != nil {
		return ""
	}
	return v.T("log.note_letters", "n", n)
}

// workshopDetail is what the log keeps of a workshop: its session or, for a table,
// its title; and its places, one number when it was opened, the old and the new
// one when they were changed.
type workshopDetail struct {
	Session  string
	Title    text.Texts
	Capacity json.RawMessage
}

// workshopName is what a workshop or table was called.
func workshopName(v *page.Visit, detail string, names map[string]string) string {
	var x workshopDetail
	if json.Unmarshal([]byte(detail), &x) != nil {
		return ""
	}
	if name := names[x.Session]; name != "" {
		return name
	}
	return v.Words(x.Title).Text
}

// workshopNote tells a workshop's places, where they were set.
func workshopNote(v *page.Visit, detail, what string) string {
	var x workshopDetail
	if json.Unmarshal([]byte(detail), &x) != nil {
		return ""
	}
	var one *int64
	var both []*int64
	switch {
	case what == "open" && json.Unmarshal(x.Capacity, &one) == nil && one != nil:
		return v.T("log.note_places", "n", *one)
	case what == "change" && json.Unmarshal(x.Capacity, &both) == nil && len(both) == 2:
		return v.T("log.note_resized", "from", limit(v, both[0]), "to", limit(v, both[1]))
	}
	return ""
}

func limit(v *page.Visit, n *int64) string {
	if n == nil {
		return v.T("frame.chart.unlimited")
	}
	return text.Number(v.Lang, *n)
}
