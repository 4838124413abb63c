package live

import (
	"net/http"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"agora/app/fail"
	"agora/app/program"
	"agora/app/qa"
	"agora/app/web/page"
)

// Whoever leaves addresses by script would have letters written to others: these
// are more than anybody wants to follow, and an address stands for a whole hall.
const (
	tellsPerVoter   = 20
	tellsPerAddress = 1000
	tellsWithin     = time.Hour
)

// liveTell is the form of somebody who wants to be told of an answer.
type liveTell struct {
	ID, Text string // the question
	Email    string
	Errors   []string
	BackHref string
}

// tellForm is drawn when a question was chosen for it; the script draws its own.
func (p *livePage) tellForm(v *page.Visit, f *page.Form) {
	id := f.Get("tell")
	if id == "" {
		id = v.Query("tell")
	}
	rows := append(append([]liveQuestion{}, p.Own...), p.Questions...)
	if p.Now != nil {
		rows = append(rows, *p.Now)
	}
	for _, q := range rows {
		if q.ID == id && q.CanTell {
			p.Tell = liveTell{ID: id, Text: q.Text, Email: f.Get("email"), Errors: f.Errors("email"), BackHref: p.ActHref}
			if p.Tell.Email == "" {
				p.Tell.Email = v.Person.Email
			}
		}
	}
}

// liveTellMe keeps an address for one letter. Nothing of it is stored with the
// question, and a script gets the refusal in words.
func (s Pages) liveTellMe(v *page.Visit, x *program.Session, viewer qa.Viewer, f *page.Form) error {
	program := strings.Contains(v.C.Get(fiber.HeaderAccept), fiber.MIMEApplicationJSON)
	err := s.keepWish(v, viewer, f)
	switch {
	case err == nil && program:
		return v.C.SendStatus(http.StatusNoContent)
	case err == nil:
		v.Say("success", "flash.told")
		return v.Redirect(livePlace(v, x))
	case program:
		kind := fail.KindOf(err)
		e, known := fail.As(err)
		if !known || kind == fail.Internal {
			return err
		}
		message := v.Sentence(e.Key, e.Args)
		for _, problem := range e.Fields["email"] {
			message = v.Sentence(problem.Key, problem.Args)
		}
		return v.JSON(page.Statuses[kind], page.ApiError{Message: message})
	case f.Refused(err):
		return s.showLive(v, f)
	}
	return err
}

// keepWish tries the secrets this browser holds, for an own question that nobody else sees.
func (s Pages) keepWish(v *page.Visit, viewer qa.Viewer, f *page.Form) (err error) {
	if !s.Wishes.Take("voter "+viewer.Voter, tellsPerVoter, tellsWithin, v.Now) ||
		!s.Wishes.Take("address "+s.ClientAddress(v.C), tellsPerAddress, tellsWithin, v.Now) {
		return fail.New(fail.TooMany, "live.tell_many")
	}
	secrets := append([]string{f.Get("secret")}, askedSecrets(v)...)
	for _, secret := range secrets {
		if err = s.QA.TellMe(v.Ctx, viewer, f.Get("tell"), secret, f.Get("email"), v.Lang); !fail.Is(err, fail.NotFound) {
			return err
		}
	}
	return err
}
