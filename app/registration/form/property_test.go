package form

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"

	"agora/app/fail"
)

// randomForm makes a form whose conditions look back, as a saved one does.
func randomForm(r *rand.Rand) Form {
	var f Form
	for i := range 1 + r.IntN(12) {
		field := Field{Key: fmt.Sprintf("f%d", i), Kind: Kinds[r.IntN(len(Kinds))], Label: en("F"), Purpose: en("P"),
			Required: r.IntN(3) == 0, Special: r.IntN(3) == 0, KeepDays: r.IntN(30)}
		if field.chosen() {
			for j := range 2 + r.IntN(4) {
				field.Options = append(field.Options, Option{Key: fmt.Sprintf("o%d", j), Label: en(fmt.Sprint("O", j))})
			}
		}
		if i > 0 && r.IntN(2) == 0 {
			before := f.Fields[r.IntN(i)]
			switch {
			case before.chosen():
				field.When = &Condition{before.Key, before.Options[r.IntN(2)].Key}
			case before.Kind == YesNo:
				field.When = &Condition{before.Key, yesNo(r.IntN(2) == 0)}
			}
		}
		f.Fields = append(f.Fields, field)
	}
	return f
}

var pieces = []string{"", " ", "a", "yes", "no", "o0", "o1", "o2", "12", "-3", "\r\n", "\r", "\n", "\t", "\x00", "\xff", "\x1b", "😀", "שלום", "\u202e", "é", "\u0301", "\u2028", "=1", strings.Repeat("x", 1001)}

func randomAnswer(r *rand.Rand) any {
	s := pieces[r.IntN(len(pieces))]
	for range r.IntN(3) {
		s += pieces[r.IntN(len(pieces)-1)]
	}
	switch r.IntN(12) {
	case 0:
		return r.IntN(2) == 0
	case 1:
		return float64(r.IntN(100)) / 2
	case 2:
		return []any{"o0", s}
	case 3:
		return []string{"o1", "o0", "o1"}
	case 4:
		return nil
	case 5:
		return json.Number("7")
	case 6:
		return map[string]any{"a": s}
	case 7, 8:
		return "o0"
	case 9:
		return "yes"
	}
	return s
}

func TestCheckHoldsForRandomFormsAndAnswers(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 17))
	passed := 0
	for range 20_000 {
		f, given := randomForm(r), Answers{}
		if err := f.Problems(); problemsOf(err)["fields.0.key"] != "" {
			t.Fatal(err)
		}
		for _, field := range f.Fields {
			if r.IntN(3) > 0 {
				given[field.Key] = randomAnswer(r)
			}
		}
		kept, err := f.Check(given)
		if err != nil {
			if !fail.Is(err, fail.Invalid) || kept != nil {
				t.Fatalf("%v with %v", err, kept)
			}
			continue
		}
		passed++
		again, err := f.Check(kept)
		if err != nil || !reflect.DeepEqual(kept, again) {
			t.Fatalf("checked twice: %#v became %#v, %v", kept, again, err)
		}
		for key, answer := range kept {
			field, ok := f.Field(key)
			if !ok || !f.Shown(field, kept) || answer == nil {
				t.Fatalf("%s is kept and not shown: %#v", key, kept)
			}
		}
		for _, field := range f.Fields {
			if field.Required && f.Shown(field, kept) && kept[field.Key] == nil {
				t.Fatalf("%s is required and missing: %#v", field.Key, kept)
			}
		}
		stored, err := kept.Value()
		if err != nil {
			t.Fatal(err)
		}
		var read Answers
		if err := read.Scan(stored); err != nil || !reflect.DeepEqual(read, kept) {
			t.Fatalf("stored %#v, read %#v, %v", kept, read, err)
		}
	}
	if passed < 1000 {
		t.Errorf("only %d of the random answers were good: the test says little", passed)
	}
}

func FuzzCheck(f *testing.F) {
	f.Add(`{"dinner":true,"diet":["vegan"]}`)
	f.Add(`{"dinner":"yes","years":1e999,"wishes":"\u0000"}`)
	f.Add(`{"dinner":[["yes"]],"role":{"a":[null]}}`)
	f.Fuzz(func(t *testing.T, raw string) {
		var given Answers
		if json.Unmarshal([]byte(raw), &given) != nil {
			return
		}
		kept, err := dinner().Check(given)
		if err != nil {
			return
		}
		if again, err := dinner().Check(kept); err != nil || !reflect.DeepEqual(kept, again) {
			t.Errorf("%#v became %#v, %v", kept, again, err)
		}
	})
}
