package certificate

import (
	"context"
	"errors"
	"slices"

	"agora/app/edition"
	"agora/app/fail"
)

// Verify looks a code up. Unknown and mistyped codes are the same. One whose
// check-in was taken back is revoked: nobody was there.
func (s *Service) Verify(ctx context.Context, code string) (Issued, error) {
	var list []Issued
	if err := s.db.Read.NewSelect().Model(&list).Where("code = ?", CleanCode(code)).Scan(ctx); err != nil {
		return Issued{}, err
	}
	if len(list) == 0 {
		return Issued{}, fail.Missing("verify.unknown")
	}
	i := list[0]
	if !i.Facts.Door || !i.Holds() {
		return i, nil
	}
	var stands bool
	err := s.db.Read.NewRaw(`SELECT EXISTS (SELECT 1 FROM check_in WHERE registration_id = ?)
		OR EXISTS (SELECT 1 FROM certificate_word WHERE registration_id = ? AND present)`, i.RegistrationID, i.RegistrationID).Scan(ctx, &stands)
	if !stands {
		at := s.now()
		i.RevokedAt, i.Reason = &at, Absent
	}
	return i, err
}

// OfPerson gives the certificates that hold of one person, the newest first.
func (s *Service) OfPerson(ctx context.Context, personID string) ([]Issued, error) {
	var list []Issued
	if personID == "" {
		return nil, nil
	}
	err := s.db.Read.NewSelect().Model(&list).Where("person_id = ? AND revoked_at IS NULL", personID).Order("issued_at DESC", "number DESC").Scan(ctx)
	return list, err
}

// History gives all certificates that were given out to whom a standing is about,
// the newest first.
func (s *Service) History(ctx context.Context, e edition.Edition, st Standing) ([]Issued, error) {
	var list []Issued
	about := st.about()
	err := s.db.Read.NewSelect().Model(&list).Where("edition_id = ? AND kind = ? AND registration_id = ? AND speaker_id = ?",
		e.ID, about.kind, about.registrationID, about.speaker).Order("number DESC").Scan(ctx)
	return list, err
}

// About tells whether two certificates are for the same person and thing.
func (i Issued) About(j Issued) bool { return i.about() == j.about() }

// OfSpeaker gives a speaker their certificate, made now if there is none yet.
func (s *Service) OfSpeaker(ctx context.Context, e edition.Edition, speakerID string) (Issued, error) {
	if !Ready(e, s.now()) {
		return Issued{}, fail.Missing("certificate.none")
	}
	list, err := s.Speakers(ctx, e)
	if err != nil {
		return Issued{}, err
	}
	list = slices.DeleteFunc(list, func(st Standing) bool { return st.Speaker.ID != speakerID })
	given, err := s.Issue(ctx, e, list)
	if err != nil || len(given) == 0 {
		return Issued{}, errors.Join(err, ifNil(err, fail.Missing("certificate.none")))
	}
	return given[0], nil
}

// SpeakerHas tells whether a speaker's certificate is to be had.
func (s *Service) SpeakerHas(ctx context.Context, e edition.Edition, speakerID string) (bool, error) {
	list, err := s.Speakers(ctx, e)
	return slices.ContainsFunc(list, func(st Standing) bool { return st.Speaker.ID == speakerID && st.Entitled }), err
}
