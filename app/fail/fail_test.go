package fail

import (
	"errors"
	"fmt"
	"testing"
)

func TestUnclassifiedErrorsAreOurs(t *testing.T) {
	if got := KindOf(errors.New("disk on fire")); got != Internal {
		t.Errorf("kind of a plain error = %v, want Internal", got)
	}
}

func TestKindSurvivesWrapping(t *testing.T) {
	err := fmt.Errorf("registering: %w", Missing("registration.gone"))
	if !Is(err, NotFound) {
		t.Errorf("wrapped error lost its kind: %v", KindOf(err))
	}
	if Is(nil, Internal) {
		t.Error("no error is of no kind")
	}
}

func TestFieldsKeepEveryProblem(t *testing.T) {
	f := Fields{}
	if f.Err() != nil {
		t.Fatal("no problems must be no error")
	}
	f.Add("email", "field.required")
	f.Add("email", "field.email")
	f.Add("name", "field.long", "max", 80)
	e, ok := As(f.Err())
	if !ok || e.Kind != Invalid || len(e.Fields["email"]) != 2 || e.Fields["name"][0].Args[1] != 80 {
		t.Errorf("problems lost: %#v", e)
	}
}
