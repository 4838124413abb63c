package asking

import (
	"agora/app/fail"
	"agora/app/registration/form"
	"agora/app/web/page"
)

// callQuestions are the call's own, asked beside what every proposal says.
func (s Pages) callQuestions(v *page.Visit) (questions, error) {
	c, err := s.Proposals.Call(v.Ctx, v.Edition.ID)
	if err == nil && c.Version == 0 {
		err = fail.Missing("proposal.no_call")
	}
	return questions{base: "/desk" + v.Edition.Path() + "/call/questions", title: "call_desk.questions", lead: "call_desk.questions_lead", none: "call_desk.questions_none",
		form: c.Form, version: c.Version, changed: "proposal.call_meanwhile", call: true, unseen: c.Rules.Unseen,
		save: func(next form.Form, version int64, unseen []string) error {
			_, err := s.Proposals.SaveForm(v.Ctx, v.Person.ID, v.Edition, version, next, unseen)
			return err
		}}, err
}

// CallQuestions lists the call's own questions.
func (s Pages) CallQuestions(v *page.Visit) error { return showQuestions(v, s.callQuestions, nil) }

// CallQuestion shows one of them, or an empty one.
func (s Pages) CallQuestion(v *page.Visit) error { return showField(v, s.callQuestions) }

// CallQuestionSave puts it into the call.
func (s Pages) CallQuestionSave(v *page.Visit) error { return saveField(v, s.callQuestions) }

// CallQuestionMove puts it one place up or down.
func (s Pages) CallQuestionMove(v *page.Visit) error { return moveQuestion(v, s.callQuestions) }

// CallQuestionRemove takes it away.
func (s Pages) CallQuestionRemove(v *page.Visit) error { return removeQuestion(v, s.callQuestions) }
