package form

import (
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"agora/app/fail"
	"agora/app/text"
)

// broken is a form with one of every mistake.
func broken() Form {
	ok := en("Fine")
	two := []Option{{"a", en("A")}, {"b", en("B")}}
	return Form{Fields: []Field{
		{Key: "good", Kind: Choice, Label: ok, Purpose: ok, Options: two},
		{Key: "Bad key", Kind: Text, Label: ok, Purpose: ok},
		{Key: "email", Kind: Text, Label: ok, Purpose: ok},
		{Key: "good", Kind: "date", Label: text.Texts{"fi": "  "}},
		{Key: "few", Kind: Several, Label: en(strings.Repeat("x", 201)), Hint: en("\x00"), Purpose: text.Texts{"de": "Zweck"}, Options: two[:1]},
		{Key: "twice", Kind: Choice, Label: ok, Purpose: ok, Options: []Option{{"a", en("Same")}, {"a", en("same!")}, {"", nil}}},
		{Key: "many", Kind: Choice, Label: ok, Purpose: ok, Options: make([]Option, MaxOptions+1)},
		{Key: "none", Kind: YesNo, Label: ok, Purpose: ok, Options: two, KeepDays: -1},
		{Key: "long_kept", Kind: Text, Label: ok, Purpose: ok, Special: true, KeepDays: 31},
		{Key: "w1", Kind: Text, Label: ok, Purpose: ok, When: &Condition{"gone", "a"}},
		{Key: "w2", Kind: Text, Label: ok, Purpose: ok, When: &Condition{"w3", "a"}},
		{Key: "w3", Kind: Text, Label: ok, Purpose: ok, When: &Condition{"w2", "a"}},
		{Key: "w4", Kind: Text, Label: ok, Purpose: ok, When: &Condition{"good", "c"}},
		{Key: "w5", Kind: Text, Label: ok, Purpose: ok, When: &Condition{"w5", "yes"}},
	}}
}

func TestProblems(t *testing.T) {
	if err := dinner().Problems(); err != nil {
		t.Errorf("a good form: %v", err)
	}
	want := map[string]string{
		"fields.1.key": "form.key_form", "fields.2.key": "form.key_reserved", "fields.3.key": "form.key_twice",
		"fields.3.kind": "form.kind", "fields.3.label": "form.label_missing", "fields.3.purpose": "form.purpose_missing",
		"fields.4.label": "field.long", "fields.4.hint": "field.characters", "fields.4.purpose": "form.language", "fields.4.options": "form.options_few",
		"fields.5.options.1.key": "form.key_twice", "fields.5.options.1.label": "form.option_twice",
		"fields.5.options.2.key": "form.key_form", "fields.5.options.2.label": "form.label_missing",
		"fields.6.options": "form.options_many", "fields.7.options": "form.options_none", "fields.7.keep_days": "form.keep",
		"fields.8.keep_days": "form.keep_special", "fields.9.when": "form.when_missing", "fields.10.when": "form.when_earlier",
		"fields.11.when": "form.when_kind", "fields.12.when": "form.when_value", "fields.13.when": "form.when_earlier",
	}
	if got := problemsOf(broken().Problems()); !reflect.DeepEqual(got, want) {
		for name := range got {
			if want[name] != got[name] {
				t.Errorf("%s: got %q, want %q", name, got[name], want[name])
			}
		}
		for name := range want {
			if got[name] == "" {
				t.Errorf("%s: %s was not noticed", name, want[name])
			}
		}
	}
	if err := (Form{Fields: make([]Field, MaxFields+1)}).Problems(); problemsOf(err)["fields"] != "form.fields_many" {
		t.Errorf("too many fields: %v", err)
	}
}

func TestTidy(t *testing.T) {
	f := Form{Fields: []Field{{Kind: Text, Label: text.Texts{"fi": " Nimi\r\n", "sv": "  "}, Options: []Option{{"a", nil}}, When: &Condition{}}}}
	got := f.Tidy().Fields[0]
	if !reflect.DeepEqual(got.Label, text.Texts{"fi": "Nimi"}) || got.Options != nil || got.When != nil {
		t.Errorf("%+v", got)
	}
	if f.Fields[0].When == nil || len(f.Fields[0].Label) != 2 {
		t.Error("the form it was made of was changed")
	}
}

func TestNewKey(t *testing.T) {
	f := Form{Fields: []Field{{Key: "ruokavalio"}, {Key: "ruokavalio_2"}}}
	for label, want := range map[string]string{
		"Työnantajasi koko?": "tyonantajasi_koko", "Ruokavalio": "ruokavalio_3", "Émile Łódź Ørsted": "emile_lodz_orsted",
		"Name": "name_2", "日本語": "field", "  ?!": "field", "": "field", "A-b  c_d": "a_b_c_d",
		strings.Repeat("pitkä ", 30): "pitka_pitka_pitka_pitka_pitka_pi",
	} {
		got := f.NewKey(label)
		if got != want || !wellFormed(got) {
			t.Errorf("NewKey(%q) = %q, want %q", label, got, want)
		}
	}
	if got := dinner().Fields[1].NewKey("Vegan"); got != "vegan_2" {
		t.Errorf("option key %q", got)
	}
}

func order(f Form) (keys []string) {
	for _, x := range f.Fields {
		keys = append(keys, x.Key)
	}
	return keys
}

func TestBuilding(t *testing.T) {
	f := dinner()
	before := order(f)
	step := func(next Form, err error, want fail.Kind, keys ...string) {
		t.Helper()
		switch {
		case err != nil && (len(keys) > 0 || !fail.Is(err, want)):
			t.Errorf("refused: %v", err)
		case err == nil && !slices.Equal(order(next), keys):
			t.Errorf("order %v, want %v", order(next), keys)
		}
		if !slices.Equal(order(f), before) {
			t.Fatalf("the form itself was changed: %v", order(f))
		}
	}
	next, err := f.Insert(1, Field{Kind: Text, Label: en("T-shirt")})
	step(next, err, 0, "dinner", "t_shirt", "diet", "diet_other", "role", "years", "wishes")
	next, err = f.Insert(99, Field{Key: "last"})
	step(next, err, 0, "dinner", "diet", "diet_other", "role", "years", "wishes", "last")
	next, err = f.Insert(0, Field{Key: "role"})
	step(next, err, fail.Conflict)
	next, err = f.Insert(0, Field{Key: "early", When: &Condition{"dinner", "yes"}})
	step(next, err, fail.Conflict)
	next, err = f.Move("wishes", -3)
	step(next, err, 0, "dinner", "diet", "wishes", "diet_other", "role", "years")
	next, err = f.Move("role", 1)
	step(next, err, fail.Conflict)
	next, err = f.Move("years", -9)
	step(next, err, fail.Conflict)
	next, err = f.Move("wishes", -int(^uint(0)>>1)-1)
	step(next, err, 0, "wishes", "dinner", "diet", "diet_other", "role", "years")
	next, err = f.Move("years", int(^uint(0)>>1))
	step(next, err, 0, "dinner", "diet", "diet_other", "role", "wishes", "years")
	next, err = f.Move("gone", 1)
	step(next, err, fail.NotFound)
	next, err = f.Remove("years")
	step(next, err, 0, "dinner", "diet", "diet_other", "role", "wishes")
	next, err = f.Remove("diet")
	step(next, err, fail.Conflict)
	next, err = f.Remove("gone")
	step(next, err, fail.NotFound)
	if _, err := (Form{Fields: make([]Field, MaxFields)}).Insert(0, Field{Key: "x"}); !fail.Is(err, fail.Conflict) {
		t.Errorf("too many: %v", err)
	}
}

func TestWords(t *testing.T) {
	both := text.Texts{text.Finnish: "Vegaani", text.English: "Vegan"}
	several := Field{Kind: Several, Options: []Option{{"vegan", both}, {"gluten", text.Texts{text.Swedish: "Utan gluten"}}}}
	for _, c := range []struct {
		field  Field
		answer any
		want   string
	}{
		{several, []string{"vegan", "gluten", "gone"}, "Vegan; Utan gluten; gone"},
		{several, []any{"vegan"}, "Vegan"}, {several, nil, ""},
		{Field{Kind: Choice, Options: several.Options}, "gluten", "Utan gluten"}, {Field{Kind: Choice}, nil, ""},
		{Field{Kind: YesNo}, true, "yes"}, {Field{Kind: YesNo}, false, "no"}, {Field{Kind: YesNo}, nil, ""},
		{Field{Kind: Number}, int64(1007), "1007"}, {Field{Kind: Number}, 7.0, "7"}, {Field{Kind: Number}, nil, ""},
		{Field{Kind: Text}, "=1+1", "=1+1"}, {Field{Kind: Long}, 7, ""},
	} {
		if got := c.field.Words(text.English, []text.Lang{text.Swedish}, c.answer, "yes", "no"); got != c.want {
			t.Errorf("%v %v: %q, want %q", c.field.Kind, c.answer, got, c.want)
		}
	}
}

func TestAnswersOutliveTheirPurpose(t *testing.T) {
	ended := time.Date(2027, 1, 25, 15, 0, 0, 0, time.UTC)
	all := Answers{"dinner": true, "diet": []string{"vegan"}, "role": "dev", "wishes": "x", "removed": "y"}
	for _, c := range []struct {
		after time.Duration
		want  []string
	}{
		{-time.Second, []string{"diet", "dinner", "removed", "role", "wishes"}},
		{0, []string{"diet", "removed", "role", "wishes"}},
		{7*24*time.Hour - time.Second, []string{"diet", "removed", "role", "wishes"}},
		{7 * 24 * time.Hour, []string{"removed", "role", "wishes"}},
		{30 * 24 * time.Hour, []string{"wishes"}},
		{365 * 24 * time.Hour, nil},
	} {
		kept, some := dinner().Outlived(all, ended, ended.Add(c.after))
		if !slices.Equal(keysOf(kept), c.want) || some != (len(c.want) < len(all)) {
			t.Errorf("%v after: %v %v, want %v", c.after, keysOf(kept), some, c.want)
		}
	}
	if len(all) != 5 {
		t.Error("the answers given were changed")
	}
}

func TestSpecialAnswersAreNoticed(t *testing.T) {
	f := dinner()
	if f.HasSpecial(Answers{"role": "dev"}) || !f.HasSpecial(Answers{"diet": []string{"vegan"}}) {
		t.Error("special answers are confused with others")
	}
}

// Answers that were stored before the form changed hide as Check would.
func TestShownLooksAllTheWayBack(t *testing.T) {
	f := dinner()
	which, _ := f.Field("diet_other")
	if !f.Shown(which, Answers{"dinner": true, "diet": []string{"other"}}) || f.Shown(which, Answers{"dinner": false, "diet": []string{"other"}}) || f.Shown(which, Answers{"dinner": true}) {
		t.Error("a field is shown by an answer that is itself not shown, or hidden by one that is")
	}
	if f.Shown(Field{Key: "x", When: &Condition{"gone", "yes"}}, Answers{"gone": true}) {
		t.Error("a field is shown by one that is no longer there")
	}
}

// A form saved by a bug or by hand may depend in a circle: nobody may hang on it.
func TestACircleOfConditionsShowsNothing(t *testing.T) {
	f := Form{Fields: []Field{{Key: "a", Kind: YesNo, When: &Condition{"b", "yes"}}, {Key: "b", Kind: YesNo, When: &Condition{"a", "yes"}}}}
	got, err := f.Check(Answers{"a": true, "b": true})
	if err != nil || len(got) > 0 || f.Shown(f.Fields[0], Answers{"a": true, "b": true}) {
		t.Errorf("%v %v", got, err)
	}
}
