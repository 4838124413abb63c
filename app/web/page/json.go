package page

import (
	"encoding/json"
	"time"

	"github.com/gofiber/fiber/v2"

	"agora/app/fail"
)

// ApiError is every refusal of the API. Errors holds the problems by field.
type ApiError struct {
	Error     string              `json:"error,omitempty"`
	Message   string              `json:"message,omitempty"`
	Errors    map[string][]string `json:"errors,omitempty"`
	Reference string              `json:"reference,omitempty"`
	OpensAt   *time.Time          `json:"opens_at,omitempty"`
	ClosesAt  *time.Time          `json:"closes_at,omitempty"`
}

var kindCodes = map[fail.Kind]string{
	fail.Invalid: "invalid", fail.NotFound: "not_found", fail.SignIn: "sign_in", fail.Forbidden: "forbidden", fail.Conflict: "conflict",
	fail.Gone: "gone", fail.TooLarge: "too_large", fail.TooMany: "slow_down", fail.Busy: "busy", fail.Unwelcome: "foreign_origin", fail.Internal: "internal",
}

// codes are the words programs tell refusals apart by, where the kind says too little.
var codes = map[string]string{
	"registration.already": "already_registered", "registration.not_open": "not_open", "registration.closed": "closed",
}

// JSON answers a program.
func (v *Visit) JSON(status int, body any) error {
	b, err := json.Marshal(body)
	if err != nil {
		return err
	}
	v.C.Set(fiber.HeaderContentType, fiber.MIMEApplicationJSONCharsetUTF8)
	return v.C.Status(status).Send(b)
}

func (v *Visit) jsonError(status int, e *fail.Error, reference string) error {
	body := ApiError{Error: codes[e.Key], Message: v.Sentence(e.Key, e.Args), Reference: reference}
	if body.Error == "" {
		body.Error = kindCodes[e.Kind]
	}
	if len(e.Fields) > 0 {
		body.Errors = map[string][]string{}
		for name, list := range e.Fields {
			for _, p := range list {
				body.Errors[name] = append(body.Errors[name], v.Sentence(p.Key, p.Args))
			}
		}
	}
	if body.Error == "not_open" || body.Error == "closed" {
		opens, closes := v.Edition.OpensAt, v.Edition.ClosesAt
		body.OpensAt, body.ClosesAt = &opens, &closes
	}
	return v.JSON(status, body)
}
