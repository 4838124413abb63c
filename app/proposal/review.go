package proposal

import (
	"time"

	"github.com/uptrace/bun"
)

// Stance is how a reviewer answers.
type Stance string

// The stances.
const (
	Scored    Stance = "score"
	Abstained Stance = "abstain"
	Conflict  Stance = "conflict" // too close to judge, and to see what others say
)

// Review is one reviewer's word on a proposal.
type Review struct {
	bun.BaseModel `bun:"table:review"`

	ProposalID string `bun:",pk"`
	PersonID   string `bun:",pk"`
	Stance     Stance
	Score      *int64
	Comment    string
	ChangedAt  time.Time

	Reviewer string `bun:"-"` // what the person is called
}
