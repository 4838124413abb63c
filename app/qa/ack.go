package qa

import (
	"time"

	"agora/app/fail"
)

// Code says to programs why an act was not done.
type Code string

// The error codes, all of them; CodeBadAct, CodeBadText, CodeSlowDown and
// CodeInternal are given by the transport too.
const (
	CodeBadAct     Code = "bad_act"       // not an act this program knows, or a member of a wrong kind
	CodeBadText    Code = "bad_text"      // a NUL or invalid UTF-8 in a text
	CodeEmpty      Code = "empty"         // a text that must not be empty
	CodeTooLong    Code = "too_long"      // a text over its limit
	CodeSlowDown   Code = "slow_down"     // over AskMax or VotesPerSecond
	CodeWrongState Code = "wrong_state"   // the question's state does not allow the act
	CodeNotYours   Code = "not_yours"     // somebody else's question
	CodeNotFound   Code = "not_found"     // no such question in this room
	CodePaused     Code = "paused"        // no asking at the moment
	CodeClosed     Code = "closed"        // the room is over
	CodeForbidden  Code = "forbidden"     // not an act of this view
	CodeOpUsed     Code = "op_used"       // the op was used for another act
	CodeStale      Code = "stale"         // somebody changed it since the viewer saw it
	CodeNothing    Code = "nothing"       // there is nothing to undo or redo
	CodeSlowMode   Code = "slow_mode"     // the room is in slow mode
	CodeName       Code = "name_needed"   // the room takes no question without a name
	CodeSpeaker    Code = "no_speaker"    // not a speaker of this session
	CodeBlocked    Code = "blocked"       // may not ask in this room any more
	CodeReactions  Code = "reactions_off" // the room takes none
	CodeBusy       Code = "busy"          // could not be done now; repeat it with the same op
	CodeInternal   Code = "internal"      // failed in here; may be repeated with the same op
)

// Codes lists them.
var Codes = [...]Code{
	CodeBadAct, CodeBadText, CodeEmpty, CodeTooLong, CodeSlowDown, CodeWrongState, CodeNotYours, CodeNotFound, CodePaused, CodeClosed, CodeForbidden, CodeOpUsed,
	CodeStale, CodeNothing, CodeSlowMode, CodeName, CodeSpeaker, CodeBlocked, CodeReactions, CodeBusy, CodeInternal,
}

// Key is the code's message in the catalogue.
func (c Code) Key() string { return "qa.error." + string(c) }

// kind is what the code is to the rest of the program.
func (c Code) kind() fail.Kind {
	switch c {
	case CodeBadAct, CodeBadText, CodeEmpty, CodeTooLong, CodeName, CodeSpeaker:
		return fail.Invalid
	case CodeSlowDown, CodeSlowMode:
		return fail.TooMany
	case CodeWrongState, CodePaused, CodeClosed, CodeOpUsed, CodeStale, CodeNothing:
		return fail.Conflict
	case CodeNotYours, CodeForbidden, CodeBlocked, CodeReactions:
		return fail.Forbidden
	case CodeNotFound:
		return fail.NotFound
	case CodeBusy:
		return fail.Busy
	}
	return fail.Internal
}

// Ack is the answer to one act. With a Code the act was not done.
type Ack struct {
	Op     string
	ID     string   // of the question
	Secret string   // proves a question to be the asker's own; only they get it
	Mine   *Mine    // for ActMine
	Alike  []Alike  // for ActAlike
	Pairs  []Pair   // for ActAlike of a moderator without a question
	Done   []string // of an act on many: the questions it was done to
	Left   []string // and those whose state did not allow it
	Undo   *Undo    // what the moderator who acted may take back
	Code   Code
	Args   []any // name/value pairs of the code's message
	Cause  error // for the log, when something failed in here
}

// More gives the members of the ack's frame beside op, ok and id.
func (a Ack) More() map[string]any {
	m := map[string]any{}
	if a.Secret != "" {
		m["secret"] = a.Secret
	}
	if a.Mine != nil {
		m["votes"], m["questions"] = a.Mine.Votes, a.Mine.Questions
		if len(a.Mine.Ballots) > 0 {
			m["ballots"] = a.Mine.Ballots
		}
	}
	if a.Alike != nil {
		m["alike"] = a.Alike
	}
	if a.Pairs != nil {
		m["pairs"] = a.Pairs
	}
	if a.Done != nil {
		m["done"], m["left"] = a.Done, a.Left
	}
	if a.Undo != nil {
		m["undo"], m["redo"] = a.Undo.Undo, a.Undo.Redo
	}
	return m
}

// Err gives the refusal as an error for a page: nil when the act was done.
func (a Ack) Err() error {
	if a.Code == "" {
		return nil
	}
	if field := a.field(); field != "" {
		return fail.Wrong(field, a.Code.Key(), a.Args...)
	}
	e := fail.New(a.Code.kind(), a.Code.Key(), a.Args...)
	e.Err = a.Cause
	if a.Code == CodeBusy || a.Code == CodeSlowDown {
		e.RetryAfter = time.Second
	}
	return e
}

// field is the one a refused text came from; it stands in the message's args.
func (a Ack) field() string {
	for i := 0; i+1 < len(a.Args); i += 2 {
		if a.Args[i] == "field" {
			s, _ := a.Args[i+1].(string)
			return s
		}
	}
	return ""
}

func refuse(op string, code Code, args ...any) Ack { return Ack{Op: op, Code: code, Args: args} }

// Failed is the ack of an act that an error kept from being done.
func Failed(op string, err error) Ack { return Ack{Op: op}.failing(err) }

// failing turns an error of the database or the writer into a code.
func (a Ack) failing(err error) Ack {
	switch {
	case err == nil:
	case fail.Is(err, fail.NotFound):
		a = refuse(a.Op, CodeNotFound)
	case fail.Is(err, fail.Busy):
		a = Ack{Op: a.Op, Code: CodeBusy, Cause: err}
	default:
		a = Ack{Op: a.Op, Code: CodeInternal, Cause: err}
	}
	return a
}
