package qa

import (
	"sync"
	"time"
)

// Limits, each with what it protects.
const (
	// QuestionMax is in characters; real questions reach 456, and longer ones
	// cannot be read from a screen.
	QuestionMax = 600
	// NameMax keeps a name on one line.
	NameMax = 80
	// ReasonMax keeps the word to a rejected asker short.
	ReasonMax = 300
	// AnswerMax gives room for a thorough written answer and stops whole files.
	AnswerMax = 6000
	// AskMax questions within AskWindow protect moderators from one busy asker.
	AskMax    = 3
	AskWindow = time.Minute
	// VotesPerSecond protects the writer from one viewer's script.
	VotesPerSecond = 10
	// SecretsMax is how many own questions one viewer may ask about at once.
	SecretsMax = 100
	// AlikePerSecond protects the processor from one viewer who types.
	AlikePerSecond = 4
	// BulkMax keeps one press within one frame and one patch.
	BulkMax = 100
	// SlowMax is an hour: longer is a pause.
	SlowMax = 3600
	// WordMax and WordsMax keep the filter quick and its list readable.
	WordMax  = 60
	WordsMax = 500
	// LabelMax and LabelsMax keep labels on one line of a phone.
	LabelMax  = 30
	LabelsMax = 12
	// MessageMax is what a host takes in at a glance; MessagesMax how many stand.
	MessageMax  = 200
	MessagesMax = 5
	// UndoMax is how many of a room's newest edits undo looks back over.
	UndoMax = 100
	// CollectMax protects a transaction from a list that is no list of questions.
	CollectMax = 2000

	// OpMax bounds the name of an act, which is stored with its answer.
	OpMax = 64

	secretMax = 64
	idMax     = 64
)

// Pace counts per viewer in the running second. It lives in memory: what it
// protects is this process, and a count that is lost harms nobody.
type Pace struct {
	mu     sync.Mutex
	second int64
	counts map[string]int
}

// Allows counts one more and reports whether it is within the limit. The counts
// are dropped with their second, so they cannot grow.
func (p *Pace) Allows(who string, most int, now time.Time) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if s := now.Unix(); s != p.second || p.counts == nil {
		p.second, p.counts = s, map[string]int{}
	}
	p.counts[who]++
	return p.counts[who] <= most
}
