package desk

import (
	"net/url"
	"slices"

	"agora/app/account"
	"agora/app/fail"
	"agora/app/speaking"
	"agora/app/text"
	"agora/app/web/page"
	"agora/templates"
)

// speakerLettersPage shows, before anything is sent, to whom letters go and how they read.
type speakerLettersPage struct {
	Invites  bool // else reminders
	Back     string
	BackText string
	Action   string
	Problems []templates.Problem
	Notice   *templates.Notice
	Rows     []speakerLetter
	Left     []speakerLeft
	Letters  []letterSample
	NoMail   bool
}

// speakerLetter is one who gets a letter.
type speakerLetter struct {
	Slug, Name, Email string
	Face              templates.Person
	Sessions          []string
	Owes              []string
	Late              bool
	To, Language      templates.Field // asked of who is invited
	Again             string          // when they were written to last
}

// speakerLeft is one who gets none, and why.
type speakerLeft struct{ Name, Why string }

// letterSample is how the letter reads in one language.
type letterSample struct{ Name, LangName, Lang, Subject, Text string }

// mostInvited is how many speakers one press can write to.
const mostInvited = 500

// ticked are the speakers whom the form names; without any it is everybody for
// whom the act is meant.
func ticked(v *page.Visit, board []speaking.Owe, meant func(speaking.Owe) bool) ([]speaking.Owe, error) {
	wanted := map[string]bool{}
	for _, args := range [][][]byte{v.C.Request().PostArgs().PeekMulti("row"), v.C.Request().URI().QueryArgs().PeekMulti("row")} {
		for _, slug := range args {
			wanted[string(slug)] = true
		}
	}
	var list []speaking.Owe
	for _, o := range board {
		if wanted[o.Speaker.Slug] || len(wanted) == 0 && meant(o) {
			list = append(list, o)
		}
	}
	switch {
	case len(list) > mostInvited:
		return nil, fail.New(fail.Invalid, "speakers_desk.too_many", "max", mostInvited)
	case len(wanted) > 0 && len(list) == 0:
		return nil, fail.Missing("program.speaker_missing")
	}
	return list, nil
}

// SpeakersInvite asks for the addresses of those who are to be invited, and shows
// the letter; a press on it sends one to each.
func (s Pages) SpeakersInvite(v *page.Visit) error {
	board, err := s.everybody(v)
	if err != nil {
		return err
	}
	list, err := ticked(v, board, func(o speaking.Owe) bool {
		return stateOf(o.Speaking) == stateNone || o.Speaking.State == speaking.Prepared
	})
	if err != nil {
		return err
	}
	f := v.Sent()
	if !f.Has("send") {
		if err := s.fillInvites(v, f, list); err != nil {
			return err
		}
		return s.newInvitesPage(v, f, list)
	}
	for _, o := range list {
		if _, problem := account.ParseEmail(f.Get("email_" + o.Speaker.Slug)); problem != "" {
			f.Note("email_"+o.Speaker.Slug, problem)
		}
	}
	if len(f.Problems) > 0 {
		v.C.Status(page.Statuses[fail.Invalid])
		return s.newInvitesPage(v, f, list)
	}
	full := false
	for _, o := range list {
		out, err := s.Speaking.Invite(v.Ctx, v.Person.ID, v.Edition, o.Speaker.ID, f.Get("email_"+o.Speaker.Slug), text.Lang(f.Get("language_"+o.Speaker.Slug)))
		if err != nil {
			return err
		}
		full = full || out.Seat == speaking.SeatNone
	}
	if full {
		v.Say("info", "flash.speakers_invited_full")
	} else {
		v.Say("success", "flash.speakers_invited")
	}
	return v.Redirect(speakersBack(v))
}

// speakersBack is where a press leads: to the speaker it was pressed on, or to the list.
func speakersBack(v *page.Visit) string {
	if slug := v.Query("speaker"); slug != "" {
		return speakersPath(v) + "/" + url.PathEscape(slug)
	}
	if v.Query("from") == "material" {
		return chasePath(v)
	}
	return speakersPath(v)
}

// fillInvites proposes the address and the language that are known.
func (s Pages) fillInvites(v *page.Visit, f *page.Form, list []speaking.Owe) error {
	ids := make([]string, len(list))
	for i, o := range list {
		ids[i] = o.Speaker.ID
	}
	known, err := s.Program.Addresses(v.Ctx, v.Edition, ids)
	if err != nil {
		return err
	}
	for _, o := range list {
		slug := o.Speaker.Slug
		a := known[o.Speaker.ID]
		if f.Get("email_"+slug) == "" {
			f.Set("email_"+slug, a.Email)
		}
		lang := a.Language
		if lang == "" {
			lang = page.FormLangs(v.Edition)[0]
		}
		if f.Get("language_"+slug) == "" {
			f.Set("language_"+slug, string(lang))
		}
	}
	return nil
}

func (s Pages) newInvitesPage(v *page.Visit, f *page.Form, list []speaking.Owe) error {
	p := speakerLettersPage{Invites: true, Back: speakersBack(v), BackText: v.T("speakers_desk.title"), Action: v.C.OriginalURL(), NoMail: !s.Config.SMTP}
	for _, o := range list {
		row := newSpeakerLetter(v, o)
		name := "email_" + o.Speaker.Slug
		f.Draws(name, v.T("speakers_desk.email_of", "name", o.Speaker.Name), name) // the list of problems says whose
		row.To = f.Field(name, "email", "speakers_desk.email")
		row.To.Required, row.To.Autocomplete = true, "off"
		row.Language = f.Field("language_"+o.Speaker.Slug, "", "speakers_desk.language")
		for _, l := range text.Langs {
			row.Language.Options = append(row.Language.Options, templates.Option{Value: string(l), Text: l.Name()})
		}
		p.Rows = append(p.Rows, row)
	}
	var err error
	if p.Letters, err = s.samples(v, list, func(o speaking.Owe) text.Lang { return text.Lang(f.Get("language_" + o.Speaker.Slug)) }, s.Speaking.InvitationTo); err != nil {
		return err
	}
	p.Problems = f.Summary()
	return v.Render("program/desk_speaker_letters", v.T("speakers_desk.invite_title"), p)
}

func newSpeakerLetter(v *page.Visit, o speaking.Owe) speakerLetter {
	row := speakerLetter{Slug: o.Speaker.Slug, Name: o.Speaker.Name, Email: o.Speaking.Email, Face: deskFace(v, o.Speaker, "small"), Owes: owedWords(v, o), Late: o.Late}
	for _, x := range o.Sessions {
		row.Sessions = append(row.Sessions, x.Session.Name(v.Lang))
	}
	if at := o.Speaking.RemindedAt; at != nil {
		row.Again = v.T("speakers_desk.reminded", "when", text.DateTime(v.Lang, v.Edition.Local(*at)))
	} else if at := o.Speaking.InvitedAt; at != nil {
		row.Again = v.T("speakers_desk.invited", "when", text.DateTime(v.Lang, v.Edition.Local(*at)))
	}
	return row
}

// samples are one letter in each language that is about to be used.
func (s Pages) samples(v *page.Visit, list []speaking.Owe, langOf func(speaking.Owe) text.Lang, write speaking.Writer) ([]letterSample, error) {
	var samples []letterSample
	for _, l := range text.Langs {
		i := slices.IndexFunc(list, func(o speaking.Owe) bool { return langOf(o) == l })
		if i < 0 {
			continue
		}
		letter, err := write(v.Ctx, v.Edition, list[i], l)
		if err != nil {
			return nil, err
		}
		one := letterSample{Name: list[i].Speaker.Name, LangName: l.Name()}
		if one.Subject, one.Text, err = s.Mail.Preview(letter); err != nil {
			return nil, err
		}
		if l != v.Lang {
			one.Lang = string(l)
		}
		samples = append(samples, one)
	}
	return samples, nil
}

// SpeakersRemind shows who owes what and how the reminder reads; a press on it
// writes to each once.
func (s Pages) SpeakersRemind(v *page.Visit) error {
	board, err := s.everybody(v)
	if err != nil {
		return err
	}
	list, err := ticked(v, board, speaking.Owe.Owes)
	if err != nil {
		return err
	}
	f := v.Sent()
	if f.Has("send") {
		ids := make([]string, len(list))
		for i, o := range list {
			ids[i] = o.Speaker.ID
		}
		done, err := s.Speaking.Remind(v.Ctx, v.Person.ID, v.Edition, ids)
		if err != nil {
			return err
		}
		switch {
		case len(done.Sent) == 0:
			v.Say("info", "flash.speakers_reminded_none")
		case len(done.Skipped) > 0:
			v.Say("success", "flash.speakers_reminded_some")
		default:
			v.Say("success", "flash.speakers_reminded")
		}
		return v.Redirect(speakersBack(v))
	}
	return s.newRemindersPage(v, list)
}

// newRemindersPage tells who gets the letter, who does not and why, and how it reads.
func (s Pages) newRemindersPage(v *page.Visit, list []speaking.Owe) (err error) {
	p := speakerLettersPage{Back: speakersBack(v), BackText: v.T("speakers_desk.title"), Action: v.C.OriginalURL(), NoMail: !s.Config.SMTP}
	if v.Query("from") == "material" {
		p.BackText = v.T("chase.title")
	}
	var get []speaking.Owe
	for _, o := range list {
		if o.Mute != "" {
			p.Left = append(p.Left, speakerLeft{Name: o.Speaker.Name, Why: v.T("speaking.mute." + o.Mute)})
			continue
		}
		get, p.Rows = append(get, o), append(p.Rows, newSpeakerLetter(v, o))
	}
	p.Letters, err = s.samples(v, get, func(o speaking.Owe) text.Lang { return o.Speaking.Language }, s.Speaking.ReminderTo)
	if err != nil {
		return err
	}
	return v.Render("program/desk_speaker_letters", v.T("speakers_desk.remind_title"), p)
}
