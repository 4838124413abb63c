package realtime

// Code is a websocket close code. 4000–4499: come back; 4500–4999: do not.
type Code uint16

// The close codes, all of them.
const (
	CodeStopping    Code = 4001 // the server stops; come back after retry_ms
	CodeBehind      Code = 4002 // too many unread answers; come back and repeat what was not acknowledged
	CodeUnavailable Code = 4003 // the room cannot be read now; come back after retry_ms
	CodePassExpired Code = 4010 // come back with a new pass

	CodeBadFrame   Code = 4500 // not a text frame, not UTF-8, or against the websocket protocol
	CodeTooBig     Code = 4501 // a frame over MaxFrame
	CodeFlood      Code = 4502 // went on acting in spite of slow_down
	CodePassBad    Code = 4510 // the pass is not one of this server's
	CodeElsewhere  Code = 4511 // the pass is for another room or view
	CodeNoRoom     Code = 4512 // there is no such room
	CodeNotAllowed Code = 4513 // the pass was withdrawn
)

// Word is the reason sent beside the code.
func (c Code) Word() string {
	switch c {
	case CodeStopping:
		return "stopping"
	case CodeBehind:
		return "behind"
	case CodeUnavailable:
		return "unavailable"
	case CodePassExpired:
		return "pass_expired"
	case CodeBadFrame:
		return "bad_frame"
	case CodeTooBig:
		return "too_big"
	case CodeFlood:
		return "flood"
	case CodePassBad:
		return "pass_bad"
	case CodeElsewhere:
		return "pass_elsewhere"
	case CodeNoRoom:
		return "no_room"
	case CodeNotAllowed:
		return "not_allowed"
	}
	return "closed"
}

// ComeBack tells whether a client may try again by itself.
func (c Code) ComeBack() bool { return c < 4500 }

// The error codes of acks that the transport itself gives; the consumer adds its own.
const (
	ErrorBadAct   = "bad_act"   // not an object with "op" (1–64 characters) and "do" (1–32)
	ErrorBadText  = "bad_text"  // a NUL in a text
	ErrorSlowDown = "slow_down" // over ActsPerSecond; send it again later
	ErrorInternal = "internal"  // failed in here; may be repeated with the same op
)
