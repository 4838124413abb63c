package form

import (
	"encoding/json"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"

	"agora/app/fail"
	"agora/app/text"
)

func en(s string) text.Texts { return text.Texts{text.English: s} }

// dinner is a form with every kind and conditions two deep.
func dinner() Form {
	why := en("For the kitchen.")
	return Form{Fields: []Field{
		{Key: "dinner", Kind: YesNo, Label: en("Do you stay for dinner?"), Purpose: why, Required: true},
		{Key: "diet", Kind: Several, Label: en("Diet"), Purpose: why, Special: true, KeepDays: 7, Required: true,
			When: &Condition{"dinner", "yes"}, Options: []Option{{"vegan", en("Vegan")}, {"gluten", en("No gluten")}, {"other", en("Other")}}},
		{Key: "diet_other", Kind: Text, Label: en("Which?"), Purpose: why, Special: true, KeepDays: 7, Required: true, When: &Condition{"diet", "other"}},
		{Key: "role", Kind: Choice, Label: en("Role"), Purpose: why, KeepDays: 30, Options: []Option{{"dev", en("Developer")}, {"boss", en("Manager")}}},
		{Key: "years", Kind: Number, Label: en("Years"), Purpose: why, KeepDays: 30, When: &Condition{"role", "dev"}},
		{Key: "wishes", Kind: Long, Label: en("Wishes"), Purpose: why, KeepDays: 365},
	}}
}

func TestCheck(t *testing.T) {
	for _, c := range []struct {
		name  string
		given Answers
		want  Answers
		wrong map[string]string // answer to problem key
	}{
		{"typed", Answers{"dinner": true, "diet": []any{"other", "vegan", "vegan"}, "diet_other": " nuts ", "role": "dev", "years": 12.0, "wishes": "a\r\nb"},
			Answers{"dinner": true, "diet": []string{"vegan", "other"}, "diet_other": "nuts", "role": "dev", "years": int64(12), "wishes": "a\nb"}, nil},
		{"from a page", Answers{"dinner": "on", "diet": "vegan", "role": []string{"dev"}, "years": " 1 007 ", "wishes": ""},
			Answers{"dinner": true, "diet": []string{"vegan"}, "role": "dev", "years": int64(1007)}, nil},
		{"hidden is dropped, also what hangs on it", Answers{"dinner": "no", "diet": []string{"other"}, "diet_other": "nuts", "role": "boss", "years": "many"},
			Answers{"dinner": false, "role": "boss"}, nil},
		{"required", Answers{}, nil, map[string]string{"dinner": "field.required"}},
		{"required when shown", Answers{"dinner": "yes"}, nil, map[string]string{"diet": "field.required"}},
		{"required two deep", Answers{"dinner": "yes", "diet": "other", "diet_other": "  "}, nil, map[string]string{"diet_other": "field.required"}},
		{"all at once", Answers{"dinner": "perhaps", "role": "king", "wishes": strings.Repeat("å", MaxLong+1), "nose": "red"}, nil,
			map[string]string{"dinner": "form.yes_no", "role": "form.option_unknown", "wishes": "field.long", "nose": "form.unknown"}},
		{"kinds mixed up", Answers{"dinner": []string{"yes", "no"}, "role": 7, "wishes": map[string]any{}}, nil,
			map[string]string{"dinner": "form.yes_no", "role": "form.option_unknown", "wishes": "form.text"}},
		{"several of the wrong kind", Answers{"dinner": true, "diet": []any{"vegan", 3}}, nil, map[string]string{"diet": "form.option_unknown"}},
		{"as long as may be", Answers{"dinner": false, "wishes": strings.Repeat("😀", MaxLong)}, Answers{"dinner": false, "wishes": strings.Repeat("😀", MaxLong)}, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			before := maps.Clone(c.given)
			got, err := dinner().Check(c.given)
			if !reflect.DeepEqual(got, c.want) {
				t.Errorf("got %#v, want %#v", got, c.want)
			}
			if !reflect.DeepEqual(problemsOf(err), answered(c.wrong)) {
				t.Errorf("problems %v, want %v", problemsOf(err), c.wrong)
			}
			if !reflect.DeepEqual(before, c.given) {
				t.Error("what was given was changed")
			}
		})
	}
	got, err := dinner().CheckSome(Answers{"role": "dev"})
	if err != nil || !reflect.DeepEqual(got, Answers{"role": "dev"}) {
		t.Errorf("CheckSome = %v %v", got, err)
	}
}

func answered(wrong map[string]string) map[string]string {
	out := map[string]string{}
	for key, problem := range wrong {
		out["answers."+key] = problem
	}
	return out
}

// problemsOf gives the first problem of every field.
func problemsOf(err error) map[string]string {
	out := map[string]string{}
	if e, ok := fail.As(err); ok {
		for name, problems := range e.Fields {
			out[name] = problems[0].Key
		}
	}
	return out
}

func TestNumbers(t *testing.T) {
	f := Field{Kind: Number}
	for _, c := range []struct {
		given   any
		want    any
		problem string
	}{
		{"12", int64(12), ""}, {"−5", int64(-5), ""}, {"1\u00a0007", int64(1007), ""}, {7, int64(7), ""}, {int64(7), int64(7), ""},
		{json.Number("7"), int64(7), ""}, {json.Number("7.0"), int64(7), ""}, {"", nil, ""}, {nil, nil, ""}, {[]string{"3"}, int64(3), ""},
		{"1.5", nil, "field.number"}, {1.5, nil, "field.number"}, {"twelve", nil, "field.number"}, {true, nil, "field.number"},
		{"0x10", nil, "field.number"}, {"1e3", nil, "field.number"}, {"NaN", nil, "field.number"},
		{1e300, nil, "form.number_range"}, {"99999999999999999999", nil, "form.number_range"}, {MaxNumber + 1, nil, "form.number_range"},
		{-MaxNumber, int64(-MaxNumber), ""}, {"1\x00", nil, "field.number"},
	} {
		got, problem := f.clean(c.given)
		key := ""
		if problem != nil {
			key = problem.Key
		}
		if got != c.want || key != c.problem {
			t.Errorf("%#v: got %v %q, want %v %q", c.given, got, key, c.want, c.problem)
		}
	}
}

func TestHostileTexts(t *testing.T) {
	long10k := strings.Repeat("x", 10_000)
	for _, kind := range []Kind{Text, Long} {
		f := Form{Fields: []Field{{Key: "a", Kind: kind}}}
		for given, want := range map[string]string{"a\x00b": "field.characters", "\xff\xfe": "field.characters", "a\xc3": "field.characters", long10k: "field.long"} {
			_, err := f.Check(Answers{"a": given})
			if got := problemsOf(err)["answers.a"]; got != want {
				t.Errorf("%s %.10q: %q, want %q", kind, given, got, want)
			}
		}
		for _, given := range []string{"👩‍👩‍👧‍👦", "שלום עולם", "\u202eevil", "Z͑ͫ̓ͪ̂ͫ̽͏̴", "=1+1", "<b>&amp;", "'; DROP TABLE person; --", "{{.}}"} {
			got, err := f.Check(Answers{"a": given})
			if err != nil || got["a"] != given {
				t.Errorf("%s %q became %v %v", kind, given, got, err)
			}
		}
	}
	if s, _ := plain("a\r\r\nb\x1b[31m\vc\u2028d\te", false); s != "a  b[31m c d e" {
		t.Errorf("one line: %q", s)
	}
	if s, _ := plain("a\rb\x07\tc", true); s != "a\nb\tc" {
		t.Errorf("lines: %q", s)
	}
	_, err := dinner().Check(Answers{"\x00\xff" + long10k: "x", "dinner": true, "diet": "vegan"})
	for name := range problemsOf(err) {
		if len(name) > len("answers.")+maxKey || strings.ContainsRune(name, 0) {
			t.Errorf("a hostile key is given on: %q", name)
		}
	}
	if err == nil {
		t.Error("a hostile key was taken")
	}
}

// The messages stand in every language with the words they are given.
func TestProblemsHaveWords(t *testing.T) {
	c, err := text.Load()
	if err != nil {
		t.Fatal(err)
	}
	_, checked := dinner().Check(Answers{"dinner": "x", "role": "x", "wishes": strings.Repeat("x", 2000), "nose": "", "years": ""})
	for _, err := range []error{checked, broken().Problems(), Form{Fields: make([]Field, MaxFields+1)}.Problems()} {
		e, _ := fail.As(err)
		for name, problems := range e.Fields {
			for _, p := range problems {
				for _, l := range text.Langs {
					if s := c.T(l, p.Key, p.Args...); strings.ContainsAny(s, "⟦{") {
						t.Errorf("%s: %s", name, s)
					}
				}
			}
		}
	}
}

func keysOf(a Answers) []string { return slices.Sorted(maps.Keys(a)) }
