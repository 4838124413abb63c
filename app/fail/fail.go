// Package fail holds the few kinds of error that the rest of Agora tells apart.
//
// An area returns one of these kinds with the key of a catalogue message; the
// web turns the kind into a status and the key into a sentence in the reader's
// language. Every other error is ours: the visitor gets a reference and the
// text stays in the log.
package fail

import (
	"errors"
	"fmt"
	"time"
)

// Kind says whose mistake it was and what may be done about it.
type Kind uint8

// The kinds. Internal is the zero value: what nobody has classified is ours.
const (
	Internal  Kind = iota
	Invalid        // the input has problems, named field by field
	NotFound       // there is no such thing, or it is not for this person to know
	SignIn         // nobody is signed in
	Forbidden      // somebody is, and may not
	Conflict       // the state of things does not allow it (now)
	Gone           // it was there and is over: a used link, a past offer
	TooLarge       // more bytes than the limit
	TooMany        // more often than the limit
	Busy           // cannot be served at this moment; try again
	Unwelcome      // a request from a foreign origin, or without its protection
)

// Error is an error of a known kind. Key names a catalogue message, Args are
// its name/value pairs.
type Error struct {
	Kind       Kind
	Key        string
	Args       []any
	Fields     Fields
	RetryAfter time.Duration
	Err        error
}

// Problem is one thing that is wrong with one field.
type Problem struct {
	Key  string
	Args []any
}

// Fields collects every problem of a form or a call, by field name.
type Fields map[string][]Problem

// Add notes a problem of a field.
func (f Fields) Add(field, key string, args ...any) {
	f[field] = append(f[field], Problem{Key: key, Args: args})
}

// Err returns nil when there is no problem, else an Invalid error holding all of them.
func (f Fields) Err() error {
	if len(f) == 0 {
		return nil
	}
	return &Error{Kind: Invalid, Key: "fail.invalid", Fields: f}
}

// Error is for logs; visitors are shown the message of Key.
func (e *Error) Error() string {
	s := e.Key
	if len(e.Args) > 0 {
		s += fmt.Sprint(" ", e.Args)
	}
	for name, problems := range e.Fields {
		s += fmt.Sprintf(" %s:%v", name, problems)
	}
	if e.Err != nil {
		s += ": " + e.Err.Error()
	}
	return s
}

// Unwrap gives the cause, when there is one.
func (e *Error) Unwrap() error { return e.Err }

// New makes an error of a kind.
func New(kind Kind, key string, args ...any) *Error {
	return &Error{Kind: kind, Key: key, Args: args}
}

// Missing says that a thing does not exist (or is not for this person to know).
func Missing(key string, args ...any) *Error { return New(NotFound, key, args...) }

// Clash says that the state of things does not allow an act.
func Clash(key string, args ...any) *Error { return New(Conflict, key, args...) }

// Wrong is an Invalid error with a single problem.
func Wrong(field, key string, args ...any) error {
	f := Fields{}
	f.Add(field, key, args...)
	return f.Err()
}

// Later says that the process is too busy for this now.
func Later(after time.Duration, cause error) *Error {
	return &Error{Kind: Busy, Key: "fail.busy", RetryAfter: after, Err: cause}
}

// KindOf classifies any error; one nobody classified is Internal.
func KindOf(err error) Kind {
	if e, ok := As(err); ok {
		return e.Kind
	}
	return Internal
}

// As finds the classified error inside err.
func As(err error) (*Error, bool) {
	var e *Error
	ok := errors.As(err, &e)
	return e, ok
}

// Is reports whether err is of the kind.
func Is(err error, kind Kind) bool { return err != nil && KindOf(err) == kind }
