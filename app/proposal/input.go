package proposal

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/uptrace/bun"

	"agora/app/account"
	"agora/app/fail"
	"agora/app/program"
	"agora/app/registration/form"
	"agora/app/text"
)

// Limits of what a proposer writes. Title and abstract become the session's, so
// they are not longer than those may be.
const (
	MaxName      = 120
	MaxTitle     = 150
	MaxAbstract  = 2000
	MaxBiography = 1500
	MaxNote      = 1000
	// MaxOthers keeps a proposal from being a mailing list.
	MaxOthers = 5
)

// Input is what a proposer says.
type Input struct {
	Name      string       `json:"name"`
	Email     string       `json:"email"`
	Others    Others       `json:"others"`
	Language  text.Lang    `json:"language"` // of letters
	Biography string       `json:"biography"`
	Title     string       `json:"title"`
	Abstract  string       `json:"abstract"`
	Kind      program.Kind `json:"kind"`
	Minutes   int64        `json:"minutes"`
	Spoken    text.Lang    `json:"spoken"` // and of the texts
	TrackID   string       `json:"track"`
	Note      string       `json:"note"`
	Answers   form.Answers `json:"answers"`
}

// check cleans the input and notes every problem at once. What is only kept for
// later may have gaps, but must be reachable and have a name to be found by.
func (in *Input) check(c Call, whole bool) error {
	f := fail.Fields{}
	one(f, "name", &in.Name, MaxName, whole)
	in.address(f)
	in.others(f)
	one(f, "title", &in.Title, MaxTitle, true)
	many(f, "abstract", &in.Abstract, MaxAbstract, whole)
	many(f, "biography", &in.Biography, MaxBiography, whole)
	many(f, "note", &in.Note, MaxNote, false)
	in.offer(f, c, whole)
	if in.Spoken != "" || whole {
		if _, ok := text.ParseLang(string(in.Spoken)); !ok {
			f.Add("spoken", "proposal.spoken_missing")
		}
	}
	if l, ok := text.ParseLang(string(in.Language)); ok {
		in.Language = l
	} else {
		in.Language = text.Finnish
	}
	if !c.Rules.Tracks {
		in.TrackID = ""
	}
	answered := c.Form.Check
	if !whole {
		answered = c.Form.CheckSome
	}
	answers, err := answered(in.Answers)
	if bad, ok := fail.As(err); ok {
		maps.Copy(f, bad.Fields)
	}
	in.Answers = answers
	return f.Err()
}

func (in *Input) address(f fail.Fields) {
	email, problem := account.ParseEmail(in.Email)
	if problem != "" {
		f.Add("email", problem)
		return
	}
	in.Email = email
}

// offer: the kind and the length must be among those the call names.
func (in *Input) offer(f fail.Fields, c Call, whole bool) {
	switch {
	case in.Kind == "" && in.Minutes == 0:
		if whole {
			f.Add("kind", "proposal.kind_missing")
		}
	case !c.Kinds.Has(in.Kind, in.Minutes):
		f.Add("kind", "proposal.kind_unknown")
	}
}

// others drops lines left empty and looks at the rest.
func (in *Input) others(f fail.Fields) {
	in.Others = slices.DeleteFunc(slices.Clone(in.Others), func(o Other) bool {
		return strings.TrimSpace(o.Name) == "" && strings.TrimSpace(o.Email) == ""
	})
	if len(in.Others) > MaxOthers {
		f.Add("others", "proposal.others_many", "max", MaxOthers)
		return
	}
	seen := map[string]bool{in.Email: true}
	for i := range in.Others {
		o := &in.Others[i]
		one(f, OtherField(i, "name"), &o.Name, MaxName, true)
		email, problem := account.ParseEmail(o.Email)
		switch {
		case problem != "":
			f.Add(OtherField(i, "email"), problem)
			continue
		case seen[email]:
			f.Add(OtherField(i, "email"), "proposal.others_twice")
		}
		o.Email, seen[email] = email, true
	}
}

// OtherField names a field of the co-speaker at a place.
func OtherField(i int, name string) string { return fmt.Sprintf("others.%d.%s", i, name) }

// one cleans a text of one line.
func one(f fail.Fields, field string, s *string, most int, required bool) {
	*s = strings.Join(strings.Fields(*s), " ")
	many(f, field, s, most, required)
}

func many(f fail.Fields, field string, s *string, most int, required bool) {
	clean, ok := text.Clean(*s)
	switch {
	case !ok:
		f.Add(field, "field.characters")
		return
	case clean == "" && required:
		f.Add(field, "field.required")
	case len([]rune(clean)) > most:
		f.Add(field, "field.long", "max", most)
	}
	*s = clean
}

// fill puts what was said into the proposal.
func (p *Proposal) fill(in Input) {
	p.Name, p.Email, p.Others, p.Language = in.Name, in.Email, in.Others, in.Language
	p.Biography, p.Title, p.Abstract, p.Note = in.Biography, in.Title, in.Abstract, in.Note
	p.Kind, p.Minutes, p.Spoken, p.TrackID, p.Answers = in.Kind, in.Minutes, in.Spoken, in.TrackID, in.Answers
}

// Input gives back what was said, for a form that is filled again.
func (p Proposal) Input() Input {
	return Input{Name: p.Name, Email: p.Email, Others: p.Others, Language: p.Language, Biography: p.Biography, Title: p.Title,
		Abstract: p.Abstract, Kind: p.Kind, Minutes: p.Minutes, Spoken: p.Spoken, TrackID: p.TrackID, Note: p.Note, Answers: p.Answers}
}

// taken lists the columns fill writes.
var taken = []string{"name", "email", "others", "language", "biography", "title", "abstract", "note", "kind", "minutes", "spoken", "track_id", "answers"}

// ofEdition narrows a query to an edition's proposals that were sent in.
func ofEdition(q *bun.SelectQuery, editionID string) *bun.SelectQuery {
	return q.Where("edition_id = ?", editionID).Where("state <> ?", Draft)
}
