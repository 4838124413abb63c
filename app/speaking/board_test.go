package speaking

import (
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"agora/app/material"
	"agora/app/program"
	"agora/app/text"
)

var morning = time.Date(2027, 1, 25, 9, 0, 0, 0, time.UTC)

// talkOf is a session of a kind at nine, by some speakers.
func talkOf(kind program.Kind, speakers ...*program.Speaker) *program.Session {
	x := &program.Session{ID: "x", Kind: kind, Title: text.One(text.Finnish, "Puhe"), StartsAt: morning, EndsAt: morning.Add(time.Hour), Speakers: speakers}
	for _, who := range speakers {
		who.Sessions = append(who.Sessions, x)
	}
	return x
}

// told is what a line of the board says, in short.
func told(o Owe) string {
	parts := make([]string, 0, 8)
	for _, n := range o.Needs {
		parts = append(parts, string(n))
	}
	for _, x := range o.Sessions {
		for _, n := range x.Needs {
			parts = append(parts, "+"+string(n))
		}
		for _, n := range x.Spared {
			parts = append(parts, "-"+string(n))
		}
	}
	return strings.Join(append(parts, "("+o.Mute+")"), " ")
}

func TestBoard(t *testing.T) {
	at := morning.AddDate(0, 0, -10)
	word := func(yes bool) Word { return Word{Yes: yes, At: at} }
	all := Consent{Picture: word(true), Slides: word(true), Recording: word(true), Answers: word(true)}
	asked := Speaking{SpeakerID: "a", State: Invited, Email: "a@example.fi"}
	for name, c := range map[string]struct {
		change func(f *facts, who *program.Speaker, x *program.Session, side *Speaking)
		want   string
	}{
		"asked":    {func(*facts, *program.Speaker, *program.Session, *Speaking) {}, "answer biography picture consent +abstract +slides ()"},
		"accepted": {func(_ *facts, _ *program.Speaker, _ *program.Session, x *Speaking) { x.State = Accepted }, "biography picture consent +abstract +slides ()"},
		"has all": {func(f *facts, who *program.Speaker, s *program.Session, x *Speaking) {
			x.State, x.Consent, who.Biography, who.Picture, s.Abstract = Accepted, all, text.One("sv", "Är"), "p", text.One("fi", "On")
			f.material["x"] = []material.Material{{Kind: material.Slides}}
		}, "(nothing)"},
		"never asked": {func(_ *facts, _ *program.Speaker, _ *program.Session, x *Speaking) { *x = Speaking{} }, "answer biography picture consent +abstract +slides (unasked)"},
		"no address":  {func(_ *facts, _ *program.Speaker, _ *program.Session, x *Speaking) { x.Email = "" }, "answer biography picture consent +abstract +slides (address)"},
		"declined":    {func(_ *facts, _ *program.Speaker, _ *program.Session, x *Speaking) { x.State = Declined }, "(declined)"},
		"reminded": {func(_ *facts, _ *program.Speaker, _ *program.Session, x *Speaking) {
			then := at.Add(-23 * time.Hour)
			x.State, x.RemindedAt = Accepted, &then
		}, "biography picture consent +abstract +slides (today)"},
		"reminded long ago": {func(_ *facts, _ *program.Speaker, _ *program.Session, x *Speaking) {
			then := at.Add(-24 * time.Hour)
			x.State, x.RemindedAt = Accepted, &then
		}, "biography picture consent +abstract +slides ()"},
		"refuses picture and slides": {func(_ *facts, _ *program.Speaker, _ *program.Session, x *Speaking) {
			x.State, x.Consent = Accepted, Consent{Picture: word(false), Slides: word(false), Recording: word(true), Answers: word(true)}
		}, "biography +abstract ()"},
		"a picture that is withheld": {func(_ *facts, _ *program.Speaker, _ *program.Session, x *Speaking) {
			x.State, x.Withheld = Accepted, "p"
		}, "biography consent +abstract +slides ()"},
		"spared": {func(f *facts, _ *program.Speaker, _ *program.Session, x *Speaking) {
			x.State, f.spared["x"] = Accepted, []Need{NeedSlides}
		}, "biography picture consent +abstract -slides ()"},
		"a workshop": {func(_ *facts, _ *program.Speaker, s *program.Session, x *Speaking) {
			x.State, s.Kind = Accepted, program.Workshop
		}, "biography picture consent +abstract ()"},
		"cancelled": {func(_ *facts, _ *program.Speaker, s *program.Session, x *Speaking) {
			x.State, s.Cancelled = Accepted, true
		}, "biography picture consent ()"},
		"after the session": {func(f *facts, _ *program.Speaker, _ *program.Session, x *Speaking) {
			x.State, x.Consent, f.now, f.questions["x"] = Accepted, all, morning.Add(time.Hour), 3
		}, "biography picture +abstract +slides +recording +questions ()"},
		"during it": {func(f *facts, _ *program.Speaker, _ *program.Session, x *Speaking) {
			x.State, f.now, f.questions["x"] = Accepted, morning.Add(time.Minute), 3
		}, "biography picture consent +abstract +slides ()"},
		"not to be recorded": {func(f *facts, who *program.Speaker, s *program.Session, x *Speaking) {
			x.State, x.Consent, f.now, s.Extra.DoNotRecord = Accepted, all, morning.Add(time.Hour), true
		}, "biography picture +abstract +slides ()"},
		"availability asked": {func(f *facts, _ *program.Speaker, _ *program.Session, x *Speaking) {
			x.State, f.rules.Speaker = Accepted, []Need{NeedAvailability}
		}, "availability +abstract +slides ()"},
		"any time said": {func(f *facts, _ *program.Speaker, _ *program.Session, x *Speaking) {
			x.State, x.PracticalAt, f.rules.Speaker = Accepted, &at, []Need{NeedAvailability}
		}, "+abstract +slides ()"},
	} {
		who := &program.Speaker{ID: "a", Name: "Aino"}
		x, side := talkOf(program.Talk, who), asked
		p := &program.Programme{Speakers: []*program.Speaker{who}, Sessions: []*program.Session{x}}
		p.Edition.EndsAt = morning.Add(8 * time.Hour)
		f := facts{rules: UsualRules(), now: at, programme: p, speaking: map[string]Speaking{}, material: map[string][]material.Material{}, spared: map[string][]Need{}, questions: map[string]int64{}}
		c.change(&f, who, x, &side)
		if side.SpeakerID != "" {
			f.speaking["a"] = side
		}
		list := f.board(func(a, b string) int { return strings.Compare(a, b) })
		if len(list) != 1 || told(list[0]) != c.want {
			t.Errorf("%s: %v, want %s", name, list, c.want)
			continue
		}
		if list[0].Late || list[0].Owes() != (list[0].Mute != "nothing" && list[0].Mute != "declined") {
			t.Errorf("%s: late %v, owes %v", name, list[0].Late, list[0].Owes())
		}
	}
}

func TestBoardOrderAndDate(t *testing.T) {
	people := make([]*program.Speaker, 4)
	f := facts{rules: UsualRules(), now: morning, programme: &program.Programme{}, speaking: map[string]Speaking{}}
	f.programme.Edition.EndsAt = morning.Add(time.Hour)
	f.rules.Due, f.rules.Speaker = morning.Add(-time.Minute), []Need{NeedAnswer}
	for i, name := range []string{"Ville", "Anna", "Outi", "Kaarina"} {
		people[i] = &program.Speaker{ID: name, Name: name}
	}
	f.programme.Speakers = people
	f.speaking["Ville"] = Speaking{SpeakerID: "Ville", State: Invited}
	f.speaking["Anna"] = Speaking{SpeakerID: "Anna", State: Declined}
	f.speaking["Outi"] = Speaking{SpeakerID: "Outi", State: Accepted}
	var got []string
	for _, o := range f.board(strings.Compare) { // Kaarina is on no session and was not asked
		got = append(got, fmt.Sprint(o.Speaker.Name, " ", o.Late))
	}
	if want := []string{"Ville true", "Outi false", "Anna false"}; !reflect.DeepEqual(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}
