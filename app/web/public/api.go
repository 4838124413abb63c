package public

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"time"

	"github.com/gofiber/fiber/v2"

	"agora/app/edition"
	"agora/app/fail"
	"agora/app/registration"
	"agora/app/registration/form"
	"agora/app/text"
	"agora/app/web/page"
)

// apiPlaces are the counts of a kind of place; capacity null is unlimited.
type apiPlaces struct {
	Capacity *int64 `json:"capacity"`
	Taken    int64  `json:"taken"`
	Free     *int64 `json:"free"`
	Waiting  int64  `json:"waiting"`
}

// apiEditionBody are the public facts of an edition.
type apiEditionBody struct {
	Series    string                          `json:"series"`
	Edition   string                          `json:"edition"`
	Title     text.Texts                      `json:"title"`
	City      text.Texts                      `json:"city"`
	Venue     text.Texts                      `json:"venue"`
	TimeZone  string                          `json:"time_zone"`
	Languages edition.Languages               `json:"languages"`
	StartsAt  time.Time                       `json:"starts_at"`
	EndsAt    time.Time                       `json:"ends_at"`
	OpensAt   time.Time                       `json:"opens_at"`
	ClosesAt  time.Time                       `json:"closes_at"`
	Phase     edition.Phase                   `json:"phase"`
	Places    map[registration.Kind]apiPlaces `json:"places"`
	URL       string                          `json:"url"`
	// How people are taken, and what the edition asks of them: the keys of
	// answers.
	InvitedOnly bool         `json:"invited_only"`
	Approval    bool         `json:"approval"`
	Form        []form.Field `json:"form"`
}

// APIEdition tells programs about an edition.
func (s Pages) APIEdition(v *page.Visit) error {
	r, err := newRegistering(v)
	if err != nil {
		return err
	}
	e, rules := v.Edition, r.setup.Rules
	body := apiEditionBody{
		Series: e.Series.Slug, Edition: e.Slug, Title: e.Title, City: e.City, Venue: e.Venue, TimeZone: e.Zone, Languages: e.Languages,
		StartsAt: e.StartsAt, EndsAt: e.EndsAt, OpensAt: e.OpensAt, ClosesAt: e.ClosesAt,
		Phase: e.Phase(v.Now, r.places[r.kinds[0]].Full()), Places: map[registration.Kind]apiPlaces{}, URL: s.Config.BaseURL + e.Path(),
		InvitedOnly: rules.InvitedOnly, Approval: rules.Approval, Form: append([]form.Field{}, r.setup.Form.Fields...),
	}
	for kind, p := range r.places {
		counts := apiPlaces{Capacity: p.Capacity, Taken: p.Taken, Waiting: p.Waiting}
		if free, unlimited := p.Free(); !unlimited {
			counts.Free = &free
		}
		body.Places[kind] = counts
	}
	v.C.Set(fiber.HeaderCacheControl, "no-cache")
	return v.JSON(fiber.StatusOK, body)
}

// apiRegistration is the body of a registration call.
type apiRegistration struct {
	Name     string                     `json:"name"`
	Email    string                     `json:"email"`
	Place    registration.Kind          `json:"place"`
	Language text.Lang                  `json:"language"`
	Answers  map[string]json.RawMessage `json:"answers"`
	Code     string                     `json:"code"`
}

// apiRegistered is its answer; position is null for a confirmed place
// and for one that organisers have still to decide on.
type apiRegistered struct {
	Code      string             `json:"code"`
	State     registration.State `json:"state"`
	Position  *int64             `json:"position"`
	TicketURL string             `json:"ticket_url"`
}

// APIRegister registers somebody on behalf of a program.
func (s Pages) APIRegister(v *page.Visit) error {
	key := v.C.Get("Idempotency-Key")
	if key == "" || len(key) > page.MaxKey || !page.PlainText(key) {
		return v.JSON(fiber.StatusBadRequest, page.ApiError{Error: "idempotency_key_missing", Message: v.T("api.key_missing")})
	}
	var body apiRegistration
	if bad, err := readJSON(v, &body); bad {
		return err
	}
	in := registration.Input{Name: body.Name, Email: body.Email, Place: body.Place, Language: body.Language, Code: body.Code}
	if e, bad := fail.As(in.Read(body.Answers)); bad {
		// The rest is looked at too, so that one call tells everything.
		if more, also := fail.As(s.Registrations.Check(v.Ctx, v.Edition, &in)); also {
			for name, list := range more.Fields {
				e.Fields[name] = append(e.Fields[name], list...)
			}
		}
		return e
	}
	res, err := s.Registrations.Register(v.Ctx, v.Edition, in, page.ActKey(registerScope(v.Edition), key))
	if err != nil {
		return err
	}
	answer := apiRegistered{Code: res.Registration.Code, State: res.Registration.State, TicketURL: s.Registrations.TicketURL(res.Registration)}
	if res.Position > 0 {
		answer.Position = &res.Position
	}
	return v.JSON(fiber.StatusCreated, answer)
}

// readJSON reads the body of a call. bad tells that it has been refused already.
func readJSON(v *page.Visit, into any) (bad bool, err error) {
	kind, _, err := mime.ParseMediaType(v.C.Get(fiber.HeaderContentType))
	if err != nil || kind != fiber.MIMEApplicationJSON {
		return true, v.JSON(fiber.StatusUnsupportedMediaType, page.ApiError{Error: "json_only", Message: v.T("api.json_only")})
	}
	d := json.NewDecoder(bytes.NewReader(v.C.Body()))
	d.DisallowUnknownFields()
	if err = d.Decode(into); err == nil {
		if _, more := d.Token(); !errors.Is(more, io.EOF) {
			err = errors.New("more than one value")
		}
	}
	if err != nil {
		return true, v.JSON(fiber.StatusBadRequest, page.ApiError{Error: "bad_json", Message: v.T("api.bad_json")})
	}
	return false, nil
}
