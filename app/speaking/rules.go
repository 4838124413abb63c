package speaking

import (
	"context"
	"database/sql/driver"
	"slices"
	"time"

	"github.com/uptrace/bun"

	"agora/app/db"
	"agora/app/edition"
	"agora/app/program"
)

// Rules are what an edition's organisers ask of speakers and leave to them.
type Rules struct {
	// Due is until when everything is wished for; zero: no date.
	Due time.Time `json:"due,omitzero"`
	// Speaker are the needs that every speaker owes, Session those of each kind of
	// session.
	Speaker []Need                  `json:"speaker"`
	Session map[program.Kind][]Need `json:"session"`
	// Texts are the texts of a session that its speakers may change: title,
	// subtitle, abstract, description.
	Texts []string `json:"texts"`
}

// UsualRules are those of an edition whose organiser has not chosen yet.
func UsualRules() Rules {
	talk := []Need{NeedAbstract, NeedSlides, NeedRecording}
	return Rules{
		Speaker: []Need{NeedAnswer, NeedBiography, NeedPicture, NeedConsent},
		Session: map[program.Kind][]Need{program.Talk: talk, program.Keynote: talk, program.Lightning: {NeedAbstract, NeedSlides},
			program.Panel: {NeedAbstract, NeedRecording}, program.Workshop: {NeedAbstract}, program.Meetup: {NeedAbstract}},
		Texts: []string{"title", "subtitle", "abstract", "description"},
	}
}

// Allows reports whether speakers may change a session's text.
func (r Rules) Allows(name string) bool { return slices.Contains(r.Texts, name) }

// Value stores rules as JSON.
func (r Rules) Value() (driver.Value, error) { return db.ValueJSON(r) }

// Scan reads stored rules.
func (r *Rules) Scan(src any) error {
	*r = Rules{}
	return db.ScanJSON(src, r)
}

// Setup is an edition's rules with their version, which every change raises.
type Setup struct {
	bun.BaseModel `bun:"table:speaking_rules"`

	EditionID string `bun:",pk"`
	Rules     Rules
	Version   int64
}

// Setup gives what an edition asks of its speakers.
func (s *Service) Setup(ctx context.Context, editionID string) (Setup, error) {
	return Setup{EditionID: editionID, Rules: UsualRules()}, nil
}

// SaveRules changes what is asked. Conflict when somebody else did meanwhile.
func (s *Service) SaveRules(ctx context.Context, by string, e edition.Edition, version int64, r Rules) error {
	return errUnfinished
}
