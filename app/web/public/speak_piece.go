package public

import (
	"slices"

	"agora/app/fail"
	"agora/app/material"
	"agora/app/speaking"
	"agora/app/web/page"
)

// speakPiecePage changes one piece of material.
type speakPiecePage struct {
	Top     speakTop
	Session page.Words
	Action  string
	Back    string
	Form    speakMaterialForm
}

func (p speakPiecePage) Shape(f *page.Frame) { f.Scripts = append(f.Scripts, "upload") }

// SpeakPiece shows one piece, to be changed.
func (s Pages) SpeakPiece(v *page.Visit) error {
	return s.ownPiece(v, func(k ownSide, x speaking.SessionOwes, m material.Material) error {
		title, _ := v.Edition.In(m.Title, v.Lang)
		f := v.Blank().Set("kind", string(m.Kind)).Set("title", title).Set("url", m.URL).Set("shown", string(m.Shown)).Set("licence", m.Licence)
		return s.piecePage(v, k, x, m, f)
	})
}

// SpeakPieceSave changes it; another file or address is a new version at the
// same address of ours.
func (s Pages) SpeakPieceSave(v *page.Visit) error {
	return s.ownPiece(v, func(k ownSide, x speaking.SessionOwes, m material.Material) error {
		f := v.Sent()
		was := material.InputOf(m)
		in, err := readMaterial(v, f, k, was)
		if title, _ := v.Edition.In(m.Title, v.Lang); title == f.Get("title") {
			in.Title = was.Title // as it was, in all its languages
		}
		if err == nil && len(f.Problems) == 0 {
			_, err = s.Material.Change(v.Ctx, k.author(), v.Edition, m.ID, in)
			err = s.tellFull(v, k, m.SessionID, err)
		}
		if bad, err := f.Failed(err); bad {
			if err != nil {
				return err
			}
			return s.piecePage(v, k, x, m, f)
		}
		if err := s.Speaking.Noted(v.Ctx, v.Edition, k.X, speaking.SectionMaterial, k.handed(in, m.SessionID)); err != nil {
			return err
		}
		v.Say("success", "flash.speak_material")
		return v.Redirect(k.Self + "/sessions/" + x.Session.Slug + "/material")
	})
}

// SpeakPieceRemove takes it away.
func (s Pages) SpeakPieceRemove(v *page.Visit) error {
	return s.ownPiece(v, func(k ownSide, x speaking.SessionOwes, m material.Material) error {
		if err := s.Material.Remove(v.Ctx, k.author(), v.Edition, m.ID); err != nil {
			return err
		}
		change := k.handed(material.InputOf(m), m.SessionID)
		change.Was, change.Became = change.Became, ""
		if err := s.Speaking.Noted(v.Ctx, v.Edition, k.X, speaking.SectionMaterial, change); err != nil {
			return err
		}
		v.Say("success", "flash.speak_removed")
		return v.Redirect(k.Self + "/sessions/" + x.Session.Slug + "/material")
	})
}

// SpeakPieceFile sends the file of a piece to its speaker, shown or not.
func (s Pages) SpeakPieceFile(v *page.Visit) error {
	return s.opened(v, func(k ownSide) error {
		m, err := s.Material.ByID(v.Ctx, v.Edition, v.Param("material"))
		if err != nil {
			return err
		}
		theirs := slices.ContainsFunc(k.Owe.Sessions, func(x speaking.SessionOwes) bool { return x.Session.ID == m.SessionID })
		if !theirs || m.File == nil || m.SpeakerID != k.Who.ID && m.Visibility == material.Hidden {
			return fail.Missing("material.missing")
		}
		return v.SendFile(*m.File, true, "private, no-store")
	})
}

// ownPiece finds a piece that the speaker has handed in for one of their sessions.
func (s Pages) ownPiece(v *page.Visit, then func(k ownSide, x speaking.SessionOwes, m material.Material) error) error {
	return s.opened(v, func(k ownSide) error {
		m, err := s.Material.ByID(v.Ctx, v.Edition, v.Param("material"))
		if err != nil {
			return err
		}
		i := slices.IndexFunc(k.Owe.Sessions, func(x speaking.SessionOwes) bool { return x.Session.ID == m.SessionID })
		if i < 0 || m.SpeakerID != k.Who.ID || !slices.Contains(speakKinds, m.Kind) {
			return fail.Missing("material.missing")
		}
		return then(k, k.Owe.Sessions[i], m)
	})
}

func (s Pages) piecePage(v *page.Visit, k ownSide, x speaking.SessionOwes, m material.Material, f *page.Form) error {
	p := speakPiecePage{Session: v.SessionWords(x.Session, x.Session.Title), Action: k.Self + "/material/" + m.ID,
		Back: k.Self + "/sessions/" + x.Session.Slug + "/material", Form: newMaterialForm(v, f, k)}
	p.Form.Remove = p.Action + "/remove"
	if m.File != nil {
		p.Form.Now = m.File.Name
	}
	p.Top = k.top(v, f, "speak.piece")
	return v.Render("speak/piece", p.Top.Title, p)
}
