package registration

import (
	"context"
	"fmt"
	"time"

	"agora/app/account"
	"agora/app/db"
	"agora/app/edition"
	"agora/app/fail"
)

// Check cleans an input and gives every problem at once.
func (s *Service) Check(ctx context.Context, e edition.Edition, in *Input) error {
	setup, err := s.Setup(ctx, e.ID)
	if err != nil {
		return err
	}
	return in.Check(e, setup.Form)
}

// Register claims a place. The key makes repeating safe; its zero value is for
// callers that cannot repeat. What is refused: Conflict when registration is
// not open or the address is known, Invalid for problems in the input.
func (s *Service) Register(ctx context.Context, e edition.Edition, in Input, key db.Key) (Result, error) {
	if err := s.Check(ctx, e, &in); err != nil {
		return Result{}, err
	}
	if !key.Zero() {
		key.BodyHash = db.HashBody(in)
	}
	return s.group.Do(ctx, s.coming(e, "", key, false, in))
}

// Add registers somebody on behalf of an organiser, whatever the clock says and
// without the questions of the form having to be answered.
func (s *Service) Add(ctx context.Context, e edition.Edition, by string, in Input) (Result, error) {
	if err := in.checkAdded(e); err != nil {
		return Result{}, err
	}
	return s.group.Do(ctx, s.coming(e, by, db.Key{}, false, in))
}

// Party is several colleagues who are registered in one go.
type Party struct {
	People []Input `json:"people"`
	// Together keeps them from being split when there are too few places.
	Together bool `json:"together"`
}

// RegisterParty claims places for colleagues, the first of whom does it for all
// and gets the list. Either all are taken up, with places or in the line, or
// nobody is. Problems stand under "people.N.field", N counting from 0.
func (s *Service) RegisterParty(ctx context.Context, e edition.Edition, p Party, key db.Key) (Result, error) {
	setup, err := s.Setup(ctx, e.ID)
	if err != nil {
		return Result{}, err
	}
	problems := fail.Fields{}
	switch n := len(p.People); {
	case n == 0:
		return Result{}, fail.Wrong("people", "field.required")
	case n > max(1, setup.Rules.GroupMost):
		return Result{}, fail.Wrong("people", "registration.party_most", "n", setup.Rules.GroupMost)
	}
	seen := map[string]bool{}
	for i := range p.People {
		in := &p.People[i]
		in.Place, in.Code, in.Meanwhile = p.People[0].Place, p.People[0].Code, p.People[0].Meanwhile
		check := in.Check(e, setup.Form)
		if i > 0 {
			check = in.checkAdded(e) // the questions are each person's own to answer
		}
		if bad, ok := fail.As(check); ok {
			for name, list := range bad.Fields {
				problems[partyField(i, name)] = list
			}
		}
		if in.Email != "" && seen[in.Email] {
			problems.Add(partyField(i, "email"), "registration.party_twice")
		}
		seen[in.Email] = true
	}
	if err := problems.Err(); err != nil {
		return Result{}, err
	}
	if !key.Zero() {
		key.BodyHash = db.HashBody(p)
	}
	return s.group.Do(ctx, s.coming(e, "", key, p.Together, p.People...))
}

// partyField is the name of a field of one of several people. The first one's
// fields keep the names they have on a form for one.
func partyField(i int, name string) string {
	if i == 0 {
		return name
	}
	return fmt.Sprintf("people.%d.%s", i, name)
}

// coming is the act of one or several people who want places.
func (s *Service) coming(e edition.Edition, by string, key db.Key, together bool, people ...Input) act {
	a := act{edition: e, at: s.now(), by: by, key: key, code: people[0].Code}
	if by != "" || e.Takes(a.at) {
		for _, in := range people {
			a.people = append(a.people, account.NewPerson{Email: in.Email, Name: in.Name, Language: in.Language})
		}
	}
	a.decide = func(t *turn, a *act) (Result, error) { return t.come(a, together, people) }
	return a
}

func (t *turn) come(a *act, together bool, people []Input) (Result, error) {
	with, err := t.admit(a, people)
	if err != nil {
		return Result{}, err
	}
	all := make([]*Registration, len(people))
	for i, in := range people {
		all[i] = t.fresh(a, in)
	}
	if len(all) == 1 {
		position := t.hall.register(all[0], with)
		t.log(a, "registration.add", all[0].Code, "")
		return Result{Registration: *all[0], Position: position}, nil
	}
	t.hall.party(all, with, together)
	lead, position := all[0], int64(0)
	if lead.State == Waiting && !lead.Pending {
		position = lead.Joined
	}
	return Result{Registration: *lead, Position: position}, nil
}

// admit decides whether these people may come at all at this moment.
func (t *turn) admit(a *act, people []Input) (terms, error) {
	with := terms{meanwhile: people[0].Meanwhile, free: a.by != ""}
	if a.by == "" && !a.edition.Takes(a.at) {
		return with, closedNow(a.edition, a.at)
	}
	problems := fail.Fields{}
	for i, in := range people {
		r := t.hall.byPerson[t.people[in.Email].ID]
		switch {
		case r == nil:
		case len(people) == 1:
			if a.by == "" {
				t.again = append(t.again, r)
			}
			return with, fail.Clash("registration.already", "email", in.Email)
		default:
			problems.Add(partyField(i, "email"), "registration.party_known", "email", in.Email)
		}
	}
	if a.by == "" && !t.hall.places[people[0].Place].offered() {
		problems.Add("place", "registration.place_closed")
	}
	with.hold = t.codes[a.code]
	switch hold := with.hold; {
	case a.code == "" && t.hall.rules.InvitedOnly && a.by == "":
		problems.Add("code", "registration.invited_only")
	case a.code == "":
	case hold == nil:
		problems.Add("code", "registration.code_unknown")
	case hold.Kind != people[0].Place:
		problems.Add("code", "registration.code_kind_"+string(hold.Kind))
	case hold.Left() <= 0 || !hold.lasts(t.now):
		problems.Add("code", "registration.code_used")
	}
	return with, problems.Err()
}

func (t *turn) fresh(a *act, in Input) *Registration {
	r := &Registration{
		ID: db.NewID(), EditionID: a.edition.ID, PersonID: t.people[in.Email].ID, Kind: in.Place, Code: newCode(), Version: 1,
		Name: in.Name, Email: in.Email, Organisation: in.Organisation, Language: in.Language,
		Photo: in.Photo, Needs: in.Needs, Answers: in.Answers, CreatedAt: a.at, ChangedAt: a.at,
	}
	if in.Consent {
		at := a.at
		r.ConsentAt = &at
	}
	return r
}

// closedNow says why nobody can register at this moment, with the times.
func closedNow(e edition.Edition, at time.Time) error {
	if at.Before(e.OpensAt) {
		return fail.Clash("registration.not_open", "opens", e.OpensAt)
	}
	return fail.Clash("registration.closed", "closed", e.ClosesAt)
}
