package certificate

import (
	"context"

	"github.com/uptrace/bun"

	"agora/app/edition"
	"agora/app/program"
	"agora/app/registration"
	"agora/app/speaking"
	"agora/app/text"
)

// Speakers tells how it stands with the certificates of those who spoke, by name.
func (s *Service) Speakers(ctx context.Context, e edition.Edition) ([]Standing, error) {
	return s.speakers(ctx, s.db.Read, e)
}

// speakers are those with a session that was released and not called off. Who has
// declined is none; who was only named in the programme is one without a link.
func (s *Service) speakers(ctx context.Context, idb bun.IDB, e edition.Edition) ([]Standing, error) {
	rules, err := rulesOf(ctx, idb, e.ID)
	if err != nil || !rules.Speaking {
		return nil, err
	}
	p, err := s.programs.Programme(ctx, e)
	if err != nil {
		return nil, err
	}
	own, err := s.speakings.OfEdition(ctx, e.ID)
	if err != nil {
		return nil, err
	}
	issued, _, err := newest(ctx, idb, e.ID)
	if err != nil {
		return nil, err
	}
	regs, err := registrationsOf(ctx, idb, e.ID, own)
	if err != nil {
		return nil, err
	}
	var list []Standing
	for _, who := range p.Speakers {
		st := Standing{Kind: Speaking, Speaker: who, Name: who.Name, Why: OnStage, Entitled: true}
		for _, x := range who.Sessions {
			if !x.Cancelled && x.Kind != program.Break {
				st.Facts.Sessions = append(st.Facts.Sessions, partOf(x))
			}
		}
		x, known := own[who.ID]
		if len(st.Facts.Sessions) == 0 || known && x.State == speaking.Declined || who.Name == "" {
			continue
		}
		st.Facts.Minutes, st.Language = total(st.Facts.Sessions), x.Language
		if who.PersonID != nil {
			st.PersonID = *who.PersonID
		}
		if r, seated := regs[x.RegistrationID]; seated {
			st.Registration, st.PersonID, st.Language = r, r.PersonID, r.Language
		}
		st.Issued = issued[st.about()]
		if st.Withdrawn() && st.Issued.Reason != Replaced {
			st.Entitled, st.Why = false, Withdrawn
		}
		list = append(list, st)
	}
	return list, nil
}

// registrationsOf gives the registrations by which speakers attend.
func registrationsOf(ctx context.Context, idb bun.IDB, editionID string, own map[string]speaking.Speaking) (map[string]registration.Registration, error) {
	ids := []string{""}
	for _, x := range own {
		if x.State == speaking.Accepted && x.RegistrationID != "" {
			ids = append(ids, x.RegistrationID)
		}
	}
	var rows []registration.Registration
	err := idb.NewSelect().Model(&rows).Where("edition_id = ? AND id IN (?)", editionID, bun.List(ids)).Scan(ctx)
	by := make(map[string]registration.Registration, len(rows))
	for _, r := range rows {
		if r.Live() {
			by[r.ID] = r
		}
	}
	return by, err
}

func partOf(x *program.Session) Part {
	title := text.Texts{}
	for l, words := range x.Title {
		if words != "" {
			title[l] = words
		}
	}
	return Part{ID: x.ID, Title: title, Minutes: int64(x.Length().Minutes())}
}

// attended gives the sessions that people were scanned in at, by registration, in
// the order of the programme.
func (s *Service) attended(ctx context.Context, e edition.Edition) (map[string][]Part, error) {
	p, err := s.programs.Programme(ctx, e)
	if err != nil {
		return nil, err
	}
	scanned, err := s.scanned(ctx, e.ID)
	by := make(map[string][]Part, len(scanned))
	for id, sessions := range scanned {
		in := make(map[string]bool, len(sessions))
		for _, session := range sessions {
			in[session] = true
		}
		for _, x := range p.Sessions {
			if in[x.ID] && !x.Cancelled && x.Kind != program.Break {
				by[id] = append(by[id], partOf(x))
			}
		}
	}
	return by, err
}

// scanned gives the sessions that people were scanned in at, by registration.
func (s *Service) scanned(ctx context.Context, editionID string) (map[string][]string, error) {
	at, err := s.door.Sessions(ctx, editionID)
	by := make(map[string][]string, len(at))
	for id, list := range at {
		for _, a := range list {
			by[id] = append(by[id], a.Session)
		}
	}
	return by, err
}
