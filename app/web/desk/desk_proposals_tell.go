package desk

import (
	"slices"

	"agora/app/fail"
	"agora/app/proposal"
	"agora/app/text"
	"agora/app/web/page"
	"agora/templates"
)

// tellPage shows what is to be told to whom, with the letters as they will be.
type tellPage struct {
	Groups   []tellGroup
	N        int
	NoMail   bool
	Problems []templates.Problem
	Action   string
	Back     string
	Fresh    bool // the preview was asked for
}

// tellGroup are those who are told one decision.
type tellGroup struct {
	State   proposal.State
	Rows    []tellRow
	Words   []templates.Field // one for each language they read
	Letters []writtenLetter
}

type tellRow struct {
	Pick, Code, Title, Who, Lang string
	Own                          bool // somebody has written to this one alone
	Off                          bool // not ticked
}

// TellForm shows the decisions that nobody was told of.
func (s Pages) TellForm(v *page.Visit) error { return s.tellPage(v, v.Blank(), nil) }

// TellSend tells them, or shows the letters once more with the words added.
func (s Pages) TellSend(v *page.Visit) error {
	f := v.Sent()
	picks, err := picked(v)
	if err != nil {
		return err
	}
	if f.Get("act") != "send" {
		return s.tellPage(v, f, picks)
	}
	back := "/desk" + v.Edition.Path() + "/proposals"
	if len(picks) == 0 {
		v.Say("bad", "flash.proposals_none")
		return v.Redirect(back + "/tell")
	}
	done, err := s.Proposals.Tell(v.Ctx, v.Person.ID, v.Edition, picks, tellWords(f))
	if bad, err := f.Failed(err); bad {
		if err != nil {
			return err
		}
		return s.tellPage(v, f, picks)
	}
	switch {
	case done.Done == 0:
		v.Say("bad", "flash.proposals_told_before")
	case done.Late:
		v.Say("info", "flash.proposals_told_late")
	case done.Passed > 0:
		v.Say("info", "flash.proposals_told_some")
	default:
		v.Say("success", "flash.proposals_told")
	}
	return v.Redirect(back)
}

func tellWords(f *page.Form) proposal.Words {
	words := proposal.Words{}
	for _, state := range proposal.Decisions {
		words[state] = f.Texts(string(state))
	}
	return words
}

// tellPage draws it; picks are those that were ticked, nil for all.
func (s Pages) tellPage(v *page.Visit, f *page.Form, picks []proposal.Pick) error {
	list, err := s.Proposals.Untold(v.Ctx, v.Edition.ID)
	if err != nil {
		return err
	}
	p := tellPage{N: len(list), NoMail: !s.Config.SMTP, Action: "/desk" + v.Edition.Path() + "/proposals/tell", Back: "/desk" + v.Edition.Path() + "/proposals",
		Fresh: f.Get("act") == "preview"}
	words := tellWords(f)
	for _, state := range proposal.Decisions {
		g := tellGroup{State: state}
		var langs []text.Lang
		for _, one := range list {
			if one.State != state {
				continue
			}
			off := picks != nil && !slices.ContainsFunc(picks, func(pick proposal.Pick) bool { return pick.Code == one.Code })
			g.Rows = append(g.Rows, tellRow{Pick: pickOf(one), Code: one.Code, Title: one.Title, Who: one.Name, Lang: v.OtherLang(one.Spoken), Own: one.Words != "", Off: off})
			if !slices.Contains(langs, one.Language) {
				langs = append(langs, one.Language)
				letter, err := s.tellLetter(v, one, words)
				if err != nil {
					return err
				}
				g.Letters = append(g.Letters, letter)
			}
		}
		if len(g.Rows) == 0 {
			continue
		}
		for i, field := range f.TextFields(string(state), "textarea", "proposal_desk.words_all", langs) {
			field.Optional, field.Rows = true, 2
			if i > 0 {
				field.Hint = ""
			}
			g.Words = append(g.Words, field)
		}
		p.Groups = append(p.Groups, g)
	}
	p.Problems = f.Summary()
	if len(p.Problems) > 0 {
		v.C.Status(page.Statuses[fail.Invalid])
	}
	return v.Render("proposal/tell", v.T("proposal_desk.tell"), p)
}

// tellLetter is the letter that one of them gets.
func (s Pages) tellLetter(v *page.Visit, p proposal.Proposal, words proposal.Words) (writtenLetter, error) {
	subject, body, err := s.Mail.Drafted(s.Proposals.Preview(v.Edition, p, words))
	return writtenLetter{Lang: v.OtherLang(p.Language), LangName: p.Language.Name(), Subject: subject, Text: body}, err
}
