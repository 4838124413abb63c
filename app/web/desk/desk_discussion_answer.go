package desk

import (
	"html/template"
	"net/url"
	"slices"
	"strconv"

	"agora/app/fail"
	"agora/app/qa"
	"agora/app/speaking"
	"agora/app/text"
	"agora/app/web/page"
	"agora/templates"
)

// discussionAnswerPage is where an organiser writes what a speaker has answered, in
// a letter for example.
type discussionAnswerPage struct {
	Top       discussionTop
	Problems  []templates.Problem
	Notice    *templates.Notice
	Row       discussionRow
	Voices    []discussionVoice
	Action    string
	Voice     string // the speaker's id; empty: somebody else
	Who       string
	Name      templates.Field
	Text      templates.Field
	Seen      string
	Saved     template.HTML // what somebody else has saved meanwhile
	Preview   template.HTML
	Published bool
}

// discussionVoice is somebody who may answer.
type discussionVoice struct {
	Name, Href, State string
	Current           bool
}

// voice is whose answer is being written.
type voice struct {
	id, name string
	written  *qa.Written
}

// question finds a question of the session that may be answered in writing.
func (d *discussion) question() (qa.Discussed, error) {
	id := d.v.Param("question")
	i := slices.IndexFunc(d.asked, func(q qa.Discussed) bool { return q.ID == id })
	if i < 0 || !qa.Audience.Sees(d.asked[i].State) {
		return qa.Discussed{}, fail.Missing("qa.error.not_found")
	}
	return d.asked[i], nil
}

// voices are the session's speakers, then whoever else has answered this question.
func (d *discussion) voices(q qa.Discussed) []voice {
	var list []voice
	for _, who := range d.x.Speakers {
		list = append(list, voice{id: who.ID, name: who.Name})
	}
	for _, w := range d.written[q.ID] {
		i := slices.IndexFunc(list, func(o voice) bool { return o.id == w.SpeakerID && (o.id != "" || o.name == w.By) })
		if i < 0 {
			i = len(list)
			list = append(list, voice{id: w.SpeakerID, name: w.By})
		}
		list[i].written = &w
	}
	return list
}

// chosen is the voice a form or an address names: a speaker, somebody else by name,
// or the first speaker who has not answered.
func chosen(list []voice, id, name string, other bool) voice {
	for _, o := range list {
		if o.id == id && (id != "" || o.name == name) {
			return o
		}
	}
	if id == "" && name == "" && !other && len(list) > 0 {
		if i := slices.IndexFunc(list, func(o voice) bool { return o.written == nil }); i >= 0 {
			return list[i]
		}
		return list[0]
	}
	return voice{name: name}
}

// DiscussionAnswer shows a question with the form for one voice's answer.
func (s Pages) DiscussionAnswer(v *page.Visit) error {
	d, err := s.discussed(v)
	if err != nil {
		return err
	}
	q, err := d.question()
	if err != nil {
		return err
	}
	who := chosen(d.voices(q), v.Query("speaker"), v.Query("name"), v.Query("other") != "")
	f := v.Blank()
	f.Set("name", who.name).FillWritten(who.written)
	return d.answerPage(f, q, who, nil)
}

// DiscussionAnswerSave publishes an answer for somebody, keeps it, takes it back, or
// shows how it will look.
func (s Pages) DiscussionAnswerSave(v *page.Visit) error {
	d, err := s.discussed(v)
	if err != nil {
		return err
	}
	q, err := d.question()
	if err != nil {
		return err
	}
	f := v.Sent()
	who := chosen(d.voices(q), f.Get("speaker"), f.Get("name"), true)
	if who.id != f.Get("speaker") {
		return fail.Wrong("speaker", "qa.error.no_speaker")
	}
	if f.Has("preview") {
		return d.answerPage(f, q, who, nil)
	}
	said, err := d.save(f, q, who)
	if e, ok := fail.As(err); ok && e.Kind == fail.Conflict {
		v.C.Status(page.Statuses[fail.Conflict])
		saved := v.Blank()
		saved.Set("name", who.name).FillWritten(who.written)
		f.Set("seen", saved.Get("seen"))
		return d.answerPage(f, q, who, &templates.Notice{Kind: "bad", Text: v.Sentence(e.Key, e.Args)})
	}
	if bad, err := f.Failed(err); bad {
		if err != nil {
			return err
		}
		return d.answerPage(f, q, who, nil)
	}
	v.Say("success", said)
	return v.Redirect(d.self)
}

// save does what the pressed button says and gives the word for having done it.
func (d *discussion) save(f *page.Form, q qa.Discussed, who voice) (string, error) {
	v := d.v
	if f.Has("unpublish") {
		_, err := d.QA.UnpublishBy(v.Ctx, v.Person.ID, q.ID, who.id, who.name)
		return "flash.discussion_unpublished", err
	}
	later := f.Has("later")
	if !later && d.refused[who.id].Refuses(speaking.Answers) {
		return "", fail.Clash("discussion.refused", "name", who.name)
	}
	seen, _ := strconv.ParseInt(f.Get("seen"), 10, 64) // one that is none is nobody's
	_, err := d.QA.Write(v.Ctx, qa.Writing{Question: q.ID, Speaker: who.id, Name: who.name, Text: f.Get("text"), Publish: !later, Seen: max(seen, 0), By: v.Person.ID})
	if later {
		return "flash.discussion_draft", err
	}
	return "flash.discussion_published", err
}

func (d *discussion) answerPage(f *page.Form, q qa.Discussed, who voice, notice *templates.Notice) error {
	v := d.v
	p := discussionAnswerPage{Top: d.top(), Notice: notice, Row: d.row(q, true), Action: d.self + "/" + q.ID, Voice: who.id, Seen: f.Get("seen"), Who: who.name}
	p.Published = who.written != nil && who.written.Published
	if who.id == "" {
		p.Name = f.Field("name", "text", "discussion.name")
		p.Name.Required, p.Name.Max = true, qa.NameMax
	}
	p.Text = f.Field("text", "textarea", "discussion.answer")
	p.Text.Rows, p.Text.Required, p.Text.Max, p.Text.Hint = 10, true, qa.AnswerMax, v.T("discussion.markdown")
	if f.Has("preview") {
		p.Preview = text.Prose(f.Get("text"))
	}
	if notice != nil && who.written != nil {
		saved := v.Blank()
		saved.Set("name", who.name).FillWritten(who.written)
		p.Saved = text.Prose(saved.Get("text"))
	}
	if notice == nil && d.refused[who.id].Refuses(speaking.Answers) {
		p.Notice = &templates.Notice{Kind: "info", Text: v.T("discussion.refused", "name", who.name)}
	}
	p.Voices = d.voiceLinks(q, who)
	p.Problems = f.Summary()
	return v.Render("desk/discussion_answer", v.T("discussion.write"), p)
}

// voiceLinks lead to the others' answers, and to one of somebody else.
func (d *discussion) voiceLinks(q qa.Discussed, who voice) []discussionVoice {
	v, base := d.v, d.self+"/"+q.ID+"?"
	var list []discussionVoice
	found := false
	for _, o := range d.voices(q) {
		address := url.Values{"name": {o.name}}
		if o.id != "" {
			address = url.Values{"speaker": {o.id}}
		}
		one := discussionVoice{Name: o.name, Href: base + address.Encode(), Current: o.id == who.id && o.name == who.name, State: v.T("discussion.voice_none")}
		switch {
		case o.written == nil:
		case o.written.Draft != "":
			one.State = v.T("discussion.draft")
		case o.written.Published:
			one.State = v.T("discussion.published")
		}
		found = found || one.Current
		list = append(list, one)
	}
	return append(list, discussionVoice{Name: v.T("discussion.other"), Href: base + "other=1", Current: !found})
}
