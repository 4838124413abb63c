package desk

import (
	"slices"
	"strconv"

	"agora/app/fail"
	"agora/app/program"
	"agora/app/speaking"
	"agora/app/web/page"
	"agora/templates"
)

// chaseRulesPage is where organisers say what is asked of speakers and sessions.
type chaseRulesPage struct {
	Back, Action, Version, Zone string
	Problems                    []templates.Problem
	Notice                      *templates.Notice
	Due                         templates.Field
	Speaker                     templates.Choice
	Needs                       []string
	Kinds                       []kindNeeds
	Texts                       templates.Choice
}

// kindNeeds is what is asked of one kind of session.
type kindNeeds struct {
	Kind  string
	Boxes []needBox
}

type needBox struct {
	ID, Name, Value, Need, Label string
	Checked                      bool
}

// ChaseRules shows what is asked now.
func (s Pages) ChaseRules(v *page.Visit) error {
	setup, err := s.Speaking.Setup(v.Ctx, v.Edition.ID)
	if err != nil {
		return err
	}
	f := v.Blank()
	f.Set("version", strconv.FormatInt(setup.Version, 10))
	f.SetTime("due", setup.Rules.Due, v.Edition.Location())
	for _, n := range setup.Rules.Speaker {
		f.Set("speaker_"+string(n), "1")
	}
	for kind, needs := range setup.Rules.Session {
		for _, n := range needs {
			f.Set("kind_"+string(kind)+"_"+string(n), "1")
		}
	}
	for _, name := range setup.Rules.Texts {
		f.Set("texts_"+name, "1")
	}
	return newChaseRulesPage(v, f, nil)
}

func newChaseRulesPage(v *page.Visit, f *page.Form, notice *templates.Notice) error {
	p := chaseRulesPage{Back: chasePath(v), Action: chasePath(v) + "/rules", Version: f.Get("version"), Notice: notice, Zone: v.ZoneWords()}
	p.Due = f.Field("due", "datetime-local", "chase.due_field")
	p.Due.Optional = true
	p.Speaker = several(f, "speaker", "chase.of_speaker", needOptions(v, f, "speaker", speaking.OfSpeaker[:]))
	for _, n := range speaking.OfSession {
		p.Needs = append(p.Needs, v.T("speaking.need."+string(n)))
	}
	for _, kind := range program.Kinds {
		if kind != program.Break {
			p.Kinds = append(p.Kinds, newKindNeeds(v, f, kind))
		}
	}
	var texts []templates.Option
	for _, name := range speaking.Texts {
		texts = append(texts, templates.Option{Value: name, Text: v.T("speaking.field." + name), Checked: f.Has("texts_" + name)})
	}
	p.Texts = several(f, "texts", "chase.texts", texts)
	p.Problems = f.Summary()
	return v.Render("desk/chase_rules", v.T("chase.rules_title"), p)
}

func newKindNeeds(v *page.Visit, f *page.Form, kind program.Kind) kindNeeds {
	row := kindNeeds{Kind: v.T("program.kind." + string(kind))}
	for _, n := range speaking.OfSession {
		box := needBox{Name: "kind_" + string(kind), Value: string(n), Need: v.T("speaking.need." + string(n))}
		box.ID = box.Name + "_" + box.Value
		box.Checked, box.Label = f.Has(box.ID), v.T("chase.ask_for", "need", box.Need, "kind", row.Kind)
		row.Boxes = append(row.Boxes, box)
	}
	return row
}

// several is a group of boxes; each stands as it is, not as the last of its group.
func several(f *page.Form, name, label string, options []templates.Option) templates.Choice {
	c := f.Choice(name, label, slices.Clone(options)...)
	c.Several = true
	for i := range c.Options {
		c.Options[i].Checked = options[i].Checked
	}
	return c
}

func needOptions(v *page.Visit, f *page.Form, name string, needs []speaking.Need) []templates.Option {
	list := make([]templates.Option, len(needs))
	for i, n := range needs {
		list[i] = templates.Option{Value: string(n), Text: v.T("speaking.need." + string(n)), Checked: f.Has(name + "_" + string(n))}
	}
	return list
}

// ChaseRulesSave changes what is asked.
func (s Pages) ChaseRulesSave(v *page.Visit) error {
	f := v.Sent()
	r := speaking.Rules{Due: f.At("due", v.Edition.Location()), Speaker: sentNeeds(f, "speaker", speaking.OfSpeaker[:]), Session: map[program.Kind][]speaking.Need{}}
	for _, kind := range program.Kinds {
		if needs := sentNeeds(f, "kind_"+string(kind), speaking.OfSession[:]); kind != program.Break && len(needs) > 0 {
			r.Session[kind] = needs
		}
	}
	for _, name := range speaking.Texts {
		if f.Has("texts_" + name) {
			r.Texts = append(r.Texts, name)
		}
	}
	var err error
	if len(f.Problems) == 0 {
		version, _ := strconv.ParseInt(f.Get("version"), 10, 64)
		err = s.Speaking.SaveRules(v.Ctx, v.Person.ID, v.Edition, version, r)
	}
	if e, _ := fail.As(err); e != nil && e.Kind == fail.Conflict {
		setup, err := s.Speaking.Setup(v.Ctx, v.Edition.ID)
		if err != nil {
			return err
		}
		v.C.Status(page.Statuses[fail.Conflict])
		f.Set("version", strconv.FormatInt(setup.Version, 10)) // whoever saves again has been told
		return newChaseRulesPage(v, f, &templates.Notice{Kind: "bad", Text: v.T("chase.meanwhile")})
	}
	if bad, err := f.Failed(err); bad {
		if err != nil {
			return err
		}
		return newChaseRulesPage(v, f, nil)
	}
	v.Say("success", "flash.chase_rules")
	return v.Redirect(chasePath(v))
}

func sentNeeds(f *page.Form, name string, needs []speaking.Need) []speaking.Need {
	var list []speaking.Need
	for _, n := range needs {
		if f.Has(name + "_" + string(n)) {
			list = append(list, n)
		}
	}
	return list
}
