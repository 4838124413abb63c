package qa

import (
	"encoding/json"
	"slices"
	"strings"
	"unicode/utf8"
)

// Request is one act of a viewer. Op names it: repeated, it is answered again.
type Request struct {
	Op        string   `json:"op"`
	Do        Act      `json:"do"`
	Question  string   `json:"question,omitempty"`
	Questions []string `json:"questions,omitempty"` // many at once; merge: those that go into Question
	Text      string   `json:"text,omitempty"`      // ask, revise, edit, alike, tell
	Texts     []string `json:"texts,omitempty"`     // split: the two halves
	Was       *string  `json:"was,omitempty"`       // revise, edit, split: the text as it was seen
	Speaker   string   `json:"speaker,omitempty"`   // ask, address: whom it is for; empty: all
	Labels    []string `json:"labels,omitempty"`    // label: those it has then
	Message   string   `json:"message,omitempty"`   // untell, seen
	Name      *string  `json:"name,omitempty"`      // ask; null or empty: anonymous
	Source    Source   `json:"source,omitempty"`    // ask by a moderator
	On        *bool    `json:"on,omitempty"`        // vote
	Reason    string   `json:"reason,omitempty"`    // reject
	Position  int      `json:"position,omitempty"`  // queue: 1 is next, none is last
	Secret    string   `json:"secret,omitempty"`    // revise, withdraw
	Secrets   []string `json:"secrets,omitempty"`   // mine
}

// ReadRequest takes a frame apart. With a code it is refused; Op is set whenever
// it could be read, so that the viewer knows what was refused.
func ReadRequest(frame []byte) (Request, Code) {
	var r Request
	if op, code := ReadFrame(frame, &r, &r.Op); code != "" {
		return Request{Op: op}, code
	}
	return r, ""
}

// ReadFrame reads a frame into a request, of which op is the name. With a code the
// request is not to be used; the name it gives is one that can be answered.
func ReadFrame(frame []byte, request any, op *string) (string, Code) {
	if !utf8.Valid(frame) {
		return "", CodeBadText
	}
	err := json.Unmarshal(frame, request)
	switch {
	case len(*op) > OpMax:
		return "", CodeBadAct
	case err != nil || *op == "":
		return *op, CodeBadAct
	}
	return *op, ""
}

// check refuses what needs no database to be refused, and cleans the texts.
func (r *Request) check(v View) (Code, []any) {
	rule, known := rules[r.Do]
	switch {
	case !known || r.Op == "" || len(r.Op) > OpMax:
		return CodeBadAct, nil
	case !slices.Contains(rule.views, v):
		return CodeForbidden, nil
	case !r.checkIDs(rule):
		return CodeNotFound, nil
	case len(r.Secret) > secretMax || len(r.Secrets) > SecretsMax || len(r.Questions) > BulkMax || len(r.Labels) > LabelsMax:
		return CodeBadAct, nil
	}
	switch r.Do {
	case ActAsk:
		return r.checkAsk(v)
	case ActEdit, ActRevise:
		return checkText(&r.Text, "text", QuestionMax, paragraphs)
	case ActTell:
		return checkText(&r.Text, "text", MessageMax, oneLine)
	case ActReject:
		return checkText(&r.Reason, "reason", ReasonMax, paragraphs)
	case ActSplit:
		return r.checkSplit()
	case ActMerge:
		if slices.Contains(r.Questions, r.Question) {
			return CodeBadAct, nil
		}
	case ActVote:
		if r.On == nil {
			return CodeBadAct, nil
		}
	}
	return "", nil
}

// checkIDs refuses ids that could be none, and an act without what it is about.
// One question and many are the same to an act that takes many.
func (r *Request) checkIDs(rule rule) bool {
	for _, id := range append([]string{r.Question, r.Speaker, r.Message}, append(r.Questions, r.Labels...)...) {
		if !ValidID(id) {
			return false
		}
	}
	switch {
	case r.Do == ActMerge:
		return r.Question != "" && len(r.Questions) > 0
	case r.Do == ActUntell || r.Do == ActSeen:
		return r.Message != ""
	case len(rule.from) == 0:
		return true
	case rule.bulk && len(r.Questions) > 0:
		return true
	}
	r.Questions = nil
	return r.Question != ""
}

func (r *Request) checkSplit() (Code, []any) {
	if len(r.Texts) != 2 {
		return CodeBadAct, nil
	}
	for i := range r.Texts {
		if code, args := checkText(&r.Texts[i], "text", QuestionMax, paragraphs); code != "" {
			return code, args
		}
	}
	return "", nil
}

func (r *Request) checkAsk(v View) (Code, []any) {
	if v != Moderator {
		r.Source = SourceAudience
	} else if r.Source == "" {
		r.Source = SourceOther
	} else if !slices.Contains(OnBehalf, r.Source) {
		return CodeBadAct, nil
	}
	if code, args := checkText(&r.Text, "text", QuestionMax, paragraphs); code != "" {
		return code, args
	}
	return checkName(&r.Name)
}

// checkName cleans a name; an empty one is none.
func checkName(name **string) (Code, []any) {
	if *name == nil {
		return "", nil
	}
	s := **name
	code, args := checkText(&s, "name", NameMax, oneLine)
	*name = &s
	if code == CodeEmpty {
		*name, code, args = nil, "", nil
	}
	return code, args
}

// ValidID refuses what could not be an id before it reaches the database.
func ValidID(s string) bool {
	return len(s) <= idMax && !strings.ContainsFunc(s, func(c rune) bool { return c <= ' ' || c > '~' })
}
