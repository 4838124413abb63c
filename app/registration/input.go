package registration

import (
	"encoding/json"
	"slices"

	"agora/app/account"
	"agora/app/edition"
	"agora/app/fail"
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
}

// Check cleans the input and gives every problem at once. A language the
// program does not speak becomes the edition's first.
func (in *Input) Check(e edition.Edition) error {
	f := fail.Fields{}
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
	return f.Err()
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

// Answers reads the answers of an API call into the input. Every answer nobody
// asked for is a problem, so that a misspelt name is not lost silently.
func (in *Input) Answers(answers map[string]json.RawMessage) error {
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
		case "meanwhile":
			err = json.Unmarshal(raw, &in.Meanwhile)
		default:
			f.Add("answers."+name, "registration.answer_unknown")
		}
		if err != nil {
			f.Add("answers."+name, "registration.answer_form")
		}
	}
	return f.Err()
}
