package live

import (
	"encoding/json"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"agora/app/notice"
	"agora/app/text"
	"agora/app/web/page"
	"agora/realtime"
	"agora/templates"
)

// noticePage is where an organiser tells everybody something at once.
type noticePage struct {
	Action   string
	Key      string
	Standing *noticeShown
	Before   []noticeShown
	Texts    []templates.Field
	Life     templates.Choice
	Preview  []page.Words
	Problems []templates.Problem
}

// noticeShown is a notice that was sent.
type noticeShown struct {
	ID    string
	Texts []page.Words
	Sent  string
	Until string
}

// Notice shows what stands, the form for another, and what was said before.
func (s Pages) Notice(v *page.Visit) error {
	return s.showNotice(v, v.Blank().Set("life", string(notice.Hour)), nil)
}

func (s Pages) showNotice(v *page.Visit, f *page.Form, preview text.Texts) error {
	list, err := s.Notices.List(v.Ctx, v.Edition.ID)
	if err != nil {
		return err
	}
	p := noticePage{Action: "/desk" + v.Edition.Path() + "/notice", Key: f.Key()}
	for _, n := range list {
		switch shown := newNoticeShown(v, n); {
		case n.Stands(v.Now) && p.Standing == nil:
			p.Standing = &shown
		default:
			p.Before = append(p.Before, shown)
		}
	}
	p.Texts = f.TextFields("body", "textarea", "notice.body", v.Edition.Languages)
	for i := range p.Texts {
		p.Texts[i].Rows, p.Texts[i].Max, p.Texts[i].Optional = 2, notice.TextMax, i > 0
	}
	p.Life = f.Choice("life", "notice.life", options(v, "notice.life_", notice.Lives[:])...)
	p.Preview = perLanguage(v, preview)
	p.Problems = f.Summary()
	return v.Render("live/notice", v.T("notice.title"), p)
}

func newNoticeShown(v *page.Visit, n notice.Notice) noticeShown {
	shown := noticeShown{ID: n.ID, Texts: perLanguage(v, n.Body), Sent: v.SentenceTime(n.SentAt)}
	switch {
	case n.EndedAt != nil:
		shown.Until = v.T("notice.ended", "time", v.SentenceTime(*n.EndedAt))
	case n.UntilAt == nil:
		shown.Until = v.T("notice.until_back")
	case n.UntilAt.After(v.Now):
		shown.Until = v.T("notice.until", "time", v.SentenceTime(*n.UntilAt))
	default:
		shown.Until = v.T("notice.ended", "time", v.SentenceTime(*n.UntilAt))
	}
	return shown
}

// perLanguage lists a text in the order of the edition's languages.
func perLanguage(v *page.Visit, t text.Texts) (list []page.Words) {
	for _, l := range v.Edition.Languages {
		if t[l] != "" {
			list = append(list, page.Words{Text: t[l], Lang: string(l)})
		}
	}
	return list
}

// NoticeAct sends a notice, takes one back, or shows what it will look like.
func (s Pages) NoticeAct(v *page.Visit) error {
	f := v.Sent()
	if f.Has("back") {
		return s.takeBack(v, f.Get("back"))
	}
	in := notice.Input{Body: f.Texts("body"), Life: notice.Life(f.Get("life")), Key: f.Key()}
	if f.Has("preview") {
		if bad, err := f.Failed(in.Check(v.Edition)); bad && err != nil {
			return err
		}
		return s.showNotice(v, f, in.Body)
	}
	n, err := s.Notices.Send(v.Ctx, v.Person.ID, v.Edition, in)
	if bad, err := f.Failed(err); bad {
		if err != nil {
			return err
		}
		return s.showNotice(v, f, nil)
	}
	if n.Stands(v.Now) { // sent again after it was taken back, it stays so
		if err := s.tellRooms(v, n.ID, n.Body); err != nil {
			return err
		}
	}
	v.Say("success", "flash.notice_sent")
	return v.Redirect(v.C.Path())
}

func (s Pages) takeBack(v *page.Visit, id string) error {
	if err := s.Notices.End(v.Ctx, v.Person.ID, v.Edition, id); err != nil {
		return err
	}
	if err := s.tellRooms(v, id, nil); err != nil {
		return err
	}
	v.Say("success", "flash.notice_ended")
	return v.Redirect(v.C.Path())
}

// tellRooms brings a notice to every socket of the edition's live rooms, on all
// nodes. Other pages ask for news.
func (s Pages) tellRooms(v *page.Visit, id string, body text.Texts) error {
	if s.Hub == nil {
		return nil
	}
	programme, err := s.Program.Programme(v.Ctx, v.Edition)
	if err != nil {
		return err
	}
	said := realtime.Saying{ID: id}
	if len(body) > 0 {
		said.Texts, said.First = map[string]string{}, string(v.Edition.Languages[0])
		for l, s := range body {
			said.Texts[string(l)] = s
		}
	}
	s.Hub.Say(sessionIDs(programme), said)
	return nil
}

// noticeNews is what open pages ask for.
type noticeNews struct {
	ID   string `json:"id"`
	Text string `json:"text,omitempty"`
	Lang string `json:"lang,omitempty"` // where it is not the page's
}

// NoticeNews tells open pages what stands. It comes from memory, and is nearly
// always only confirmed.
func (s Pages) NoticeNews(v *page.Visit) error {
	n := v.Standing()
	return v.SendMade("notice\x00"+v.Edition.ID+"\x00"+string(v.Lang)+"\x00"+strconv.FormatInt(v.Edition.Revision, 10)+"\x00"+n.ID, "no-cache", func() ([]byte, string, error) {
		news := noticeNews{ID: n.ID}
		if n.ID != "" {
			words := v.Words(n.Body)
			news.Text, news.Lang = words.Text, words.Lang
		}
		b, err := json.Marshal(news)
		return b, fiber.MIMEApplicationJSON, err
	})
}
