package public

import (
	"html/template"
	"slices"
	"strconv"

	"agora/app/fail"
	"agora/app/qa"
	"agora/app/speaking"
	"agora/app/text"
	"agora/app/web/page"
	"agora/templates"
)

// speakQuestionsPage are the audience's questions of the speaker's past sessions.
type speakQuestionsPage struct {
	Top      speakTop
	Sessions []speakAsked
	// Refusal says that they have said no to their answers being published.
	Refusal templates.Notice
	Empty   templates.Empty
}

// speakAsked are the questions of one session.
type speakAsked struct {
	Title page.Words
	Rows  []speakQuestion
}

// speakQuestion is one of them, as its public page shows it.
type speakQuestion struct {
	Text, Name string
	Votes      int64
	Waits      bool
	Answers    []speakAnswer
	Href       string
	// Mine and Draft tell whether the speaker has answered it, or begun to; ForMe
	// that it was asked of them by name.
	Mine, Draft, ForMe bool
}

type speakAnswer struct {
	By   string
	Text template.HTML
	Mine bool
}

// waitsFor tells whether nobody has answered a question yet.
func waitsFor(q speaking.Asked) bool { return len(q.Answers) == 0 && q.State != qa.StateAnswered }

// SpeakQuestions lists them, those first that nobody has answered.
func (s Pages) SpeakQuestions(v *page.Visit) error {
	return s.opened(v, func(k ownSide) error {
		asked, err := s.Speaking.Questions(v.Ctx, k.Who)
		if err != nil {
			return err
		}
		p := speakQuestionsPage{Empty: templates.Empty{Title: v.T("speak.questions_none"), Text: v.T("speak.questions_none_how")}}
		if k.X.Consent.Refuses(speaking.Answers) {
			p.Refusal = k.refusal(v, "speaking.answers_refused")
		}
		for _, x := range k.Who.Sessions {
			one := speakAsked{Title: v.SessionWords(x, x.Title)}
			for _, q := range asked {
				if q.Of.ID == x.ID {
					one.Rows = append(one.Rows, k.question(q))
				}
			}
			if len(one.Rows) > 0 {
				p.Sessions = append(p.Sessions, one)
			}
		}
		p.Top = k.top(v, nil, "speak.questions")
		return v.Render("speak/questions", p.Top.Title, p)
	})
}

func (k ownSide) question(q speaking.Asked) speakQuestion {
	one := speakQuestion{Text: q.Text, Votes: q.Votes, Waits: waitsFor(q), ForMe: q.ForMe, Href: k.Self + "/questions/" + q.ID}
	if q.Mine != nil {
		one.Mine, one.Draft = q.Mine.Published, q.Mine.Draft != ""
	}
	if q.Name != nil {
		one.Name = *q.Name
	}
	for _, a := range q.Answers {
		one.Answers = append(one.Answers, speakAnswer{By: a.By, Text: text.Prose(a.Text), Mine: a.SpeakerID == k.Who.ID})
	}
	return one
}

// speakQuestionPage is where one question is answered.
type speakQuestionPage struct {
	Top      speakTop
	Session  page.Words
	Question speakQuestion
	Seen     string // the version of the answer that the form was filled from
	Answer   templates.Field
	Previews []speakPreview
}

func (p speakQuestionPage) Shape(f *page.Frame) { f.Scripts = append(f.Scripts, "speak") }

// SpeakQuestion shows one question with what was answered.
func (s Pages) SpeakQuestion(v *page.Visit) error {
	return s.asked(v, func(k ownSide, q speaking.Asked) error {
		f := v.Blank()
		f.FillWritten(q.Mine)
		return s.questionPage(v, k, q, f, nil)
	})
}

// SpeakQuestionSave publishes the speaker's answer, keeps it for later, or shows
// how it will look.
func (s Pages) SpeakQuestionSave(v *page.Visit) error {
	return s.asked(v, func(k ownSide, q speaking.Asked) error {
		f := v.Sent()
		if f.Has("preview") {
			return s.questionPage(v, k, q, f, nil)
		}
		seen, _ := strconv.ParseInt(f.Get("seen"), 10, 64) // one that is none is nobody's
		later := f.Has("later")
		err := s.Speaking.Answer(v.Ctx, v.Edition, k.X, q.ID, speaking.Written{Text: f.Get("text"), Publish: !later, Seen: max(seen, 0)})
		if notice, ok := clashed(v, err); ok {
			saved := v.Blank()
			saved.FillWritten(q.Mine)
			f.Set("seen", saved.Get("seen"))
			return s.questionPage(v, k, q, f, notice)
		}
		if bad, err := f.Failed(err); bad {
			if err != nil {
				return err
			}
			return s.questionPage(v, k, q, f, nil)
		}
		if v.Say("success", "flash.speak_answered"); later {
			v.Say("success", "flash.speak_draft")
		}
		return v.Redirect(k.Self + "/questions")
	})
}

// asked finds one question of the speaker's own sessions.
func (s Pages) asked(v *page.Visit, then func(k ownSide, q speaking.Asked) error) error {
	return s.opened(v, func(k ownSide) error {
		list, err := s.Speaking.Questions(v.Ctx, k.Who)
		if err != nil {
			return err
		}
		i := slices.IndexFunc(list, func(q speaking.Asked) bool { return q.ID == v.Param("question") })
		if i < 0 {
			return fail.Missing("qa.error.not_found")
		}
		return then(k, list[i])
	})
}

func (s Pages) questionPage(v *page.Visit, k ownSide, q speaking.Asked, f *page.Form, notice *templates.Notice) error {
	p := speakQuestionPage{Session: v.SessionWords(q.Of, q.Of.Title), Question: k.question(q), Seen: f.Get("seen")}
	p.Answer = f.Field("text", "textarea", "speak.answer")
	p.Answer.Rows, p.Answer.Required, p.Answer.Max = 8, true, qa.AnswerMax
	p.Previews = previews(v, f, nil, p.Answer)
	p.Top = k.top(v, f, "speak.question")
	if p.Top.Notice = notice; notice != nil {
		saved := v.Blank()
		saved.FillWritten(q.Mine)
		p.Top.Theirs = theirs(v, f, saved, []templates.Field{p.Answer})
	}
	if notice == nil && k.X.Consent.Refuses(speaking.Answers) {
		refusal := k.refusal(v, "speaking.answers_refused")
		p.Top.Notice = &refusal
	}
	return v.Render("speak/question", p.Top.Title, p)
}
