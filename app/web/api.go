package web

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
	"agora/app/text"
)

// apiError is every refusal of the API. Errors holds the problems by field.
type apiError struct {
	Error     string              `json:"error,omitempty"`
	Message   string              `json:"message,omitempty"`
	Errors    map[string][]string `json:"errors,omitempty"`
	Reference string              `json:"reference,omitempty"`
	OpensAt   *time.Time          `json:"opens_at,omitempty"`
	ClosesAt  *time.Time          `json:"closes_at,omitempty"`
}

// codes are the words programs tell refusals apart by, where the kind says too little.
var codes = map[string]string{
	"registration.already": "already_registered", "registration.not_open": "not_open", "registration.closed": "closed",
}

var kindCodes = map[fail.Kind]string{
	fail.Invalid: "invalid", fail.NotFound: "not_found", fail.SignIn: "sign_in", fail.Forbidden: "forbidden", fail.Conflict: "conflict",
	fail.Gone: "gone", fail.TooLarge: "too_large", fail.TooMany: "slow_down", fail.Busy: "busy", fail.Unwelcome: "foreign_origin", fail.Internal: "internal",
}

func (v *visit) jsonError(status int, e *fail.Error, reference string) error {
	body := apiError{Error: codes[e.Key], Message: v.sentence(e.Key, e.Args), Reference: reference}
	if body.Error == "" {
		body.Error = kindCodes[e.Kind]
	}
	if len(e.Fields) > 0 {
		body.Errors = map[string][]string{}
		for name, list := range e.Fields {
			for _, p := range list {
				body.Errors[name] = append(body.Errors[name], v.sentence(p.Key, p.Args))
			}
		}
	}
	if body.Error == "not_open" || body.Error == "closed" {
		opens, closes := v.edition.OpensAt, v.edition.ClosesAt
		body.OpensAt, body.ClosesAt = &opens, &closes
	}
	return v.json(status, body)
}

func (v *visit) json(status int, body any) error {
	b, err := json.Marshal(body)
	if err != nil {
		return err
	}
	v.c.Set(fiber.HeaderContentType, fiber.MIMEApplicationJSONCharsetUTF8)
	return v.c.Status(status).Send(b)
}

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
}

func (s *Site) apiEdition(v *visit) error {
	places, err := s.Registrations.Places(v.ctx, v.edition.ID)
	if err != nil {
		return err
	}
	e := v.edition
	body := apiEditionBody{
		Series: e.Series.Slug, Edition: e.Slug, Title: e.Title, City: e.City, Venue: e.Venue, TimeZone: e.Zone, Languages: e.Languages,
		StartsAt: e.StartsAt, EndsAt: e.EndsAt, OpensAt: e.OpensAt, ClosesAt: e.ClosesAt,
		Phase: e.Phase(v.now, places[registration.Onsite].Full()), Places: map[registration.Kind]apiPlaces{}, URL: s.Config.BaseURL + e.Path(),
	}
	for kind, p := range places {
		counts := apiPlaces{Capacity: p.Capacity, Taken: p.Taken, Waiting: p.Waiting}
		if free, unlimited := p.Free(); !unlimited {
			counts.Free = &free
		}
		body.Places[kind] = counts
	}
	v.c.Set(fiber.HeaderCacheControl, "no-cache")
	return v.json(fiber.StatusOK, body)
}

// apiRegistration is the body of a registration call.
type apiRegistration struct {
	Name     string                     `json:"name"`
	Email    string                     `json:"email"`
	Place    registration.Kind          `json:"place"`
	Language text.Lang                  `json:"language"`
	Answers  map[string]json.RawMessage `json:"answers"`
}

// apiRegistered is its answer; position is null for a confirmed place.
type apiRegistered struct {
	Code      string             `json:"code"`
	State     registration.State `json:"state"`
	Position  *int64             `json:"position"`
	TicketURL string             `json:"ticket_url"`
}

func (s *Site) apiRegister(v *visit) error {
	key := v.c.Get("Idempotency-Key")
	if key == "" || len(key) > maxKey || !plainText(key) {
		return v.json(fiber.StatusBadRequest, apiError{Error: "idempotency_key_missing", Message: v.t("api.key_missing")})
	}
	var body apiRegistration
	if bad, err := v.readJSON(&body); bad {
		return err
	}
	in := registration.Input{Name: body.Name, Email: body.Email, Place: body.Place, Language: body.Language}
	problems := fail.Fields{}
	for _, err := range []error{in.Read(body.Answers), s.Registrations.Check(v.ctx, v.edition, &in)} {
		if e, ok := fail.As(err); ok {
			for name, list := range e.Fields {
				problems[name] = append(problems[name], list...)
			}
		}
	}
	if err := problems.Err(); err != nil {
		return err
	}
	res, err := s.Registrations.Register(v.ctx, v.edition, in, actKey(registerScope(v.edition), key))
	if err != nil {
		return err
	}
	answer := apiRegistered{Code: res.Registration.Code, State: res.Registration.State, TicketURL: s.Registrations.TicketURL(res.Registration)}
	if res.Position > 0 {
		answer.Position = &res.Position
	}
	return v.json(fiber.StatusCreated, answer)
}

// readJSON reads the body of a call. bad tells that it has been refused already.
func (v *visit) readJSON(into any) (bad bool, err error) {
	kind, _, err := mime.ParseMediaType(v.c.Get(fiber.HeaderContentType))
	if err != nil || kind != fiber.MIMEApplicationJSON {
		return true, v.json(fiber.StatusUnsupportedMediaType, apiError{Error: "json_only", Message: v.t("api.json_only")})
	}
	d := json.NewDecoder(bytes.NewReader(v.c.Body()))
	d.DisallowUnknownFields()
	if err = d.Decode(into); err == nil {
		if _, more := d.Token(); !errors.Is(more, io.EOF) {
			err = errors.New("more than one value")
		}
	}
	if err != nil {
		return true, v.json(fiber.StatusBadRequest, apiError{Error: "bad_json", Message: v.t("api.bad_json")})
	}
	return false, nil
}
