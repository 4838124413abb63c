package realtime

import "time"

// Limits of the transport, each with what it protects.
const (
	// MaxFrame protects memory: no act of a person needs more than a question and its envelope.
	MaxFrame = 8 << 10
	// MaxSockets leaves room for files, the database and plain pages below the 20,000 open files of a process.
	MaxSockets = 15_000
	// MaxSocketsPerRoom keeps one room from taking the places of all others.
	MaxSocketsPerRoom = 10_000
	// MaxSocketsPerVoter stops one person's script; nobody has more open tabs of one room.
	MaxSocketsPerVoter = 20
	// MaxSocketsPerAddress comes last and is wide, because a whole venue shares one address.
	MaxSocketsPerAddress = 5_000

	// ActsPerSecond and ActsBurst protect the consumer from one viewer; the burst lets a phone that was offline
	// repeat what it had not seen acknowledged.
	ActsPerSecond = 15
	ActsBurst     = 30
	// RefusedInARow acts over the limit mean a script that does not listen; it is closed for good.
	RefusedInARow = 200

	// TalliesPerBeat is how much one viewer adds to the counts that pass: a hall's applause is the hall's, not one
	// finger's.
	TalliesPerBeat = 3

	// OwnQueue bounds the frames meant for one viewer alone. More unread answers than this: it must come back.
	OwnQueue = 64

	// TickEvery gathers changes: what happens within it reaches everyone as one patch.
	TickEvery = 100 * time.Millisecond
	// BeatEvery paces what is slower: presence, pings, polling without a broker, letting empty rooms go.
	BeatEvery = time.Second
	// PresenceBeats between two presence frames keep a moving crowd from costing a frame per arrival.
	PresenceBeats = 2
	// PingBeats is how many beats pass between two pings of one viewer; proxies close silent sockets after 60 s.
	PingBeats = 25
	// SafetyBeats is how often rooms are read although the broker is well: a node cut off from it cannot say so.
	SafetyBeats = 5
	// ReadmitBeats is how often the passes of moderators, stages and screens are checked again.
	ReadmitBeats = 10
	// EmptyBeats is how long a room without viewers stays in memory, so that a reload costs no reading.
	EmptyBeats = 60
	// TrimCrowd is how many have to come before memory is worth giving back, TrimBeats after how long without more of them.
	TrimCrowd = 500
	TrimBeats = 3

	// HandshakeTime bounds the upgrade's own answer.
	HandshakeTime = 5 * time.Second
	// SilenceTime is how long a viewer may send nothing, pongs included, before it counts as lost.
	SilenceTime = 70 * time.Second
	// StallTime is how long a socket may take nothing of a frame; FrameTime is the most one frame may take.
	StallTime = 10 * time.Second
	FrameTime = 60 * time.Second
	// FarewellTime is how long a closed viewer may take to answer the close.
	FarewellTime = 2 * time.Second

	// LoadTime, ActTime and MineTime bound the consumer, so that a stuck database does not hold sockets for ever.
	LoadTime = 10 * time.Second
	ActTime  = 10 * time.Second
	MineTime = 5 * time.Second
	// MineAtOnce bounds how many personal states are read at a time after a restart.
	MineAtOnce = 16

	// ByeSpread is over how long the viewers of a stopping server come back.
	ByeSpread = 5 * time.Second
	// RetryUnavailable is the mean wait told to viewers of a room that cannot be read now.
	RetryUnavailable = 2 * time.Second
	// SnapshotLife is how long a snapshot serves newcomers, who get a patch after it; a crowd arriving while people
	// vote then costs no snapshot per tick.
	SnapshotLife = 2 * time.Second
)
