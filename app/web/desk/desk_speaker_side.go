package desk

import (
	"slices"
	"strings"
	"time"

	"agora/app/fail"
	"agora/app/program"
	"agora/app/speaking"
	"agora/app/text"
	"agora/app/web/page"
	"agora/templates"
)

// speakerSide is what organisers know of a speaker beside the form: the link, the
// place, what is owed, and what may be published.
type speakerSide struct {
	State     templates.Tag
	Facts     []templates.Fact
	Link      string // to be copied and handed over
	Invite    string // where the invitation is written
	Invited   bool
	Prepare   string
	Renew     string
	Remind    string
	Mute      string // why no reminder can go out
	Seat      string
	Place     string // makes another try for a place
	Beyond    bool   // and over the hall's size
	Note      string
	Equipment string
	Owed      []owedRow
	Spared    []owedRow
	Spare     string
	Consent   []templates.Fact
	Earlier   []earlierRow
	Same      []sameRow
	SameTo    string
	Apart     string
	Changes   []changeRow
}

// owedRow is one thing that a speaker or one of their sessions lacks.
type owedRow struct {
	Text, Session, SessionID, Need string
	Spare                          bool // it can be let off
}

// earlierRow is somebody of another edition who may be the same.
type earlierRow struct{ ID, Name, Edition, Href, Why string }

// sameRow is another edition in which the same human speaks.
type sameRow struct{ Edition, Href string }

// changeRow is what was changed through the link.
type changeRow struct {
	What, Lang, Was, Became string
	At                      time.Time
}

// mostChanges is how many changes the page tells.
const mostChanges = 20

// newSpeakerSide reads all of it.
func (s Pages) newSpeakerSide(v *page.Visit, who *program.Speaker) (*speakerSide, error) {
	x, err := s.Speaking.Of(v.Ctx, v.Edition, who.ID)
	if err != nil && !fail.Is(err, fail.NotFound) {
		return nil, err
	}
	x.SpeakerID = who.ID
	o, err := s.Speaking.OwedBy(v.Ctx, v.Edition, x)
	if err != nil {
		return nil, err
	}
	asked, base := x.State != "", speakersPath(v)+"/"+who.Slug
	if !asked {
		o.Speaking = speaking.Speaking{}
	}
	side := &speakerSide{State: stateTag(v, o.Speaking), Facts: linkFacts(v, x), Invite: speakersPath(v) + "/invite?row=" + who.Slug + "&speaker=" + who.Slug,
		Invited: x.InvitedAt != nil, Note: x.Note, Equipment: x.Equipment, Spare: chasePath(v) + "/spare?speaker=" + who.Slug,
		SameTo: base + "/same", Consent: consentFacts(v, x)}
	if asked {
		side.Link, side.Renew = s.Speaking.URL(x), base+"/renew"
	} else {
		side.Prepare = base + "/prepare"
	}
	if o.Mute == "" {
		side.Remind = speakersPath(v) + "/remind?row=" + who.Slug + "&speaker=" + who.Slug
	} else if asked && o.Mute != "nothing" {
		side.Mute = v.T("speaking.mute." + o.Mute)
	}
	if asked {
		side.seat(v, o, base)
	}
	side.owed(v, o)
	if err := s.others(v, side, who, base); err != nil {
		return nil, err
	}
	return side, s.changes(v, side, who)
}

// linkFacts tell what became of the link, step by step.
func linkFacts(v *page.Visit, x speaking.Speaking) []templates.Fact {
	var facts []templates.Fact
	add := func(key, said string) {
		if said != "" {
			facts = append(facts, templates.Fact{Term: v.T("speakers_desk." + key), Text: said})
		}
	}
	add("email", x.Email)
	if x.State != "" {
		add("language", x.Language.Name())
	}
	for _, step := range []struct {
		key string
		at  *time.Time
	}{{"was_invited", x.InvitedAt}, {"was_opened", x.OpenedAt}, {"has_answered", x.AnsweredAt}, {"was_reminded", x.RemindedAt}} {
		if step.at != nil {
			add(step.key, text.DateTime(v.Lang, v.Edition.Local(*step.at)))
		}
	}
	return facts
}

// seat tells how it stands with the speaker's place, and what can be done.
func (side *speakerSide) seat(v *page.Visit, o speaking.Owe, base string) {
	if o.Seat == "" {
		return
	}
	side.Seat = v.T("speaking.seat." + string(o.Seat))
	full := o.Seat == speaking.SeatNone || o.Seat == speaking.SeatGivenUp
	if full && o.Speaking.State != speaking.Declined && v.Now.Before(v.Edition.EndsAt) {
		side.Place, side.Beyond = base+"/place", o.Speaking.State == speaking.Accepted
	}
}

// owed lists what is lacking and what is let off.
func (side *speakerSide) owed(v *page.Visit, o speaking.Owe) {
	for _, need := range o.Needs {
		side.Owed = append(side.Owed, owedRow{Text: v.T("speaking.need." + string(need))})
	}
	for _, x := range o.Sessions {
		row := owedRow{Session: x.Session.Name(v.Lang), SessionID: x.Session.ID}
		for _, need := range x.Needs {
			row.Text, row.Need, row.Spare = v.T("speaking.need."+string(need)), string(need), slices.Contains(speaking.OfSession[:], need)
			side.Owed = append(side.Owed, row)
		}
		for _, need := range x.Spared {
			row.Text, row.Need = v.T("speaking.need."+string(need)), string(need)
			side.Spared = append(side.Spared, row)
		}
	}
}

// consentFacts tell what the speaker has said of each thing that may be published.
func consentFacts(v *page.Visit, x speaking.Speaking) []templates.Fact {
	if x.State == "" {
		return nil
	}
	facts := make([]templates.Fact, 0, len(speaking.Subjects)+1)
	for _, what := range speaking.Subjects {
		fact := templates.Fact{Term: v.T("speaking.consent." + string(what)), Text: v.T("speakers_desk.word_none")}
		if word, said := x.Consent[what]; said {
			fact.Text, fact.Note = v.T("speakers_desk.word_no"), text.Date(v.Lang, v.Edition.Local(word.At))
			if word.Yes {
				fact.Text = v.T("speakers_desk.word_yes")
			}
		}
		facts = append(facts, fact)
	}
	if x.Licence != "" {
		said := x.Licence
		if said == speaking.Reserved {
			said = v.T("speakers_desk.licence_reserved")
		}
		facts = append(facts, templates.Fact{Term: v.T("speakers_desk.licence"), Text: said})
	}
	return facts
}

// others tells where the same human speaks, and who may be the same.
func (s Pages) others(v *page.Visit, side *speakerSide, who *program.Speaker, base string) error {
	all, err := s.Program.SpeaksIn(v.Ctx, who.Who)
	if err != nil {
		return err
	}
	for _, one := range all {
		if one.Edition.ID != v.Edition.ID {
			side.Same = append(side.Same, sameRow{Edition: one.Edition.Name(v.Lang), Href: one.Edition.Path() + "/speakers/" + one.Slug})
		}
	}
	if len(side.Same) > 0 {
		side.Apart = base + "/apart"
	}
	before, err := s.Program.SpokeBefore(v.Ctx, v.Edition)
	for _, one := range before[who.ID] {
		why := "same_name"
		switch {
		case one.ByName && one.ByAddress:
			why = "same_both"
		case one.ByAddress:
			why = "same_address"
		}
		side.Earlier = append(side.Earlier, earlierRow{ID: one.SpeakerID, Name: one.Name, Edition: one.Edition.Name(v.Lang),
			Href: one.Edition.Path() + "/speakers/" + one.Slug, Why: v.T("speakers_desk." + why)})
	}
	return err
}

// changes tells what was last changed through the link.
func (s Pages) changes(v *page.Visit, side *speakerSide, who *program.Speaker) error {
	list, err := s.Speaking.Changes(v.Ctx, v.Edition, who.ID)
	for _, c := range list[:min(len(list), mostChanges)] {
		row := changeRow{What: v.T("speaking.field." + c.Field), Was: shortChange(c.Was), Became: shortChange(c.Became), At: v.Edition.Local(c.CreatedAt)}
		if c.Language != "" && c.Language != v.Lang {
			row.Lang = string(c.Language)
		}
		if c.Field == "picture" {
			row.Was, row.Became = "", ""
		}
		side.Changes = append(side.Changes, row)
	}
	return err
}

// maxChange is how much of a changed text stands in the list.
const maxChange = 240

func shortChange(s string) string { return page.Shorten(strings.TrimSpace(s), maxChange) }
