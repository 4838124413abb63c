package registration

import (
	"encoding/json"
	"maps"
	"slices"

	"agora/app/account"
	"agora/app/edition"
	"agora/app/fail"
	"agora/app/registration/form"
	"agora/app/text"
)

const (
	maxName         = 120 // fits a badge at its smallest size
	maxOrganisation = 120
	maxNeeds        = 500 // a sentence or two for the kitchen
)

// Input is what a person says when registering.
type Input struct {
	Name         string    `json:"name"`
	Email        string    `json:"email"`
	Place        Kind      `json:"place"`
	Meanwhile    bool      `json:"meanwhile"`
	Organisation string    `json:"organisation"`
	Language     text.Lang `json:"language"`
	Photo        Photo     `json:"photo"`
	Needs        string    `json:"needs"`
	// Answers are those to the edition's own form. Consent is the person's yes to
	// what is special among them, and to needs.
	Answers form.Answers `json:"answers,omitempty"`
	Consent bool         `json:"consent,omitempty"`
	// Code opens a hold: of an invitation, or one that several may use.
	Code string `json:"code,omitempty"`
}

// Check cleans the input and gives every problem at once, those of the edition's
// own form included.
func (in *Input) Check(e edition.Edition, own form.Form) error {
	f := in.problems(e)
	answers, err := own.Check(in.Answers)
	if bad, ok := fail.As(err); ok {
		maps.Copy(f, bad.Fields)
	}
	if err == nil {
		in.Answers = answers
	}
	if (in.Needs != "" || own.HasSpecial(in.Answers)) && !in.Consent {
		f.Add("consent", "registration.consent_missing")
	}
	return f.Err()
}

// checkAdded is Check for those whom others register: they answer the form
// themselves, on their ticket page.
func (in *Input) checkAdded(e edition.Edition) error { return in.problems(e).Err() }

// problems cleans the input. A language the program does not speak becomes the
// edition's first.
func (in *Input) problems(e edition.Edition) fail.Fields {
	f := fail.Fields{}
	in.Code = bareCode(in.Code)
	cleanField(f, "name", &in.Name, maxName, true)
	cleanField(f, "organisation", &in.Organisation, maxOrganisation, false)
	cleanField(f, "needs", &in.Needs, maxNeeds, false)
	email, problem := account.ParseEmail(in.Email)
	if problem != "" {
		f.Add("email", problem)
	} else {
		in.Email = email
	}
	switch {
	case in.Place == "":
		f.Add("place", "registration.place_missing")
	case !slices.Contains(Kinds[:], in.Place):
		f.Add("place", "registration.place_unknown")
	}
	if in.Photo == "" {
		in.Photo = PhotoAsk
	}
	if !slices.Contains([]Photo{PhotoYes, PhotoAsk, PhotoNo}, in.Photo) {
		f.Add("photo", "registration.photo_unknown")
	}
	if _, ok := text.ParseLang(string(in.Language)); !ok {
		in.Language = text.Finnish
		if len(e.Languages) > 0 {
			in.Language = e.Languages[0]
		}
	}
	return f
}

func cleanField(f fail.Fields, name string, value *string, most int, required bool) {
	s, ok := text.Clean(*value)
	switch {
	case !ok:
		f.Add(name, "field.characters")
		return
	case required && s == "":
		f.Add(name, "field.required")
	case len([]rune(s)) > most:
		f.Add(name, "field.long", "max", most)
	}
	*value = s
}

// Read takes the answers of an API call into the input. What is not one of the
// words every edition asks for is kept for the edition's own form, which refuses
// what it does not know, so that a misspelt name is not lost silently.
func (in *Input) Read(answers map[string]json.RawMessage) error {
	f := fail.Fields{}
	for name, raw := range answers {
		var err error
		switch name {
		case "organisation":
			err = json.Unmarshal(raw, &in.Organisation)
		case "photo":
			err = json.Unmarshal(raw, &in.Photo)
		case "needs":
			err = json.Unmarshal(raw, &in.Needs)
		case "consent":
			err = json.Unmarshal(raw, &in.Consent)
		case "meanwhile":
			err = json.Unmarshal(raw, &in.Meanwhile)
		default:
			var value any
			if err = json.Unmarshal(raw, &value); err == nil {
				if in.Answers == nil {
					in.Answers = form.Answers{}
				}
				in.Answers[name] = value
			}
		}
		if err != nil {
			f.Add("answers."+name, "registration.answer_form")
		}
	}
	return f.Err()
}
