package certificate

import (
	"context"
	"io"
	"slices"
	"strings"
	"time"

	"agora/app/edition"
	"agora/app/paper"
	"agora/app/registration"
	"agora/app/text"
)

// maxPictureBytes bounds a signature on paper; drawn anew at the upload, they are
// far smaller.
const maxPictureBytes = 4 << 20

// form is what all certificates of an edition share.
type form struct {
	*Service
	edition  edition.Edition
	rules    Rules
	pictures map[string][]byte
	seats    int64
}

func (s *Service) form(ctx context.Context, e edition.Edition, pictures bool) (*form, error) {
	f := &form{Service: s, edition: e, pictures: map[string][]byte{}}
	var err error
	if f.rules, err = s.Rules(ctx, e.ID); err != nil {
		return nil, err
	}
	places, err := s.registrations.Places(ctx, e.ID)
	if err != nil {
		return nil, err
	}
	if seats := places[registration.Onsite].Capacity; seats != nil {
		f.seats = min(*seats, paper.MaxDots)
	}
	if !pictures || s.files == nil {
		return f, nil
	}
	for _, id := range f.rules.Signers.pictures() {
		if f.pictures[id], err = s.read(ctx, id); err != nil {
			return nil, err
		}
	}
	return f, nil
}

func (s *Service) read(ctx context.Context, fileID string) ([]byte, error) {
	picture, err := s.files.ByID(ctx, fileID)
	if err != nil {
		return nil, err
	}
	r, err := s.files.Open(ctx, picture, 0, -1)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	return io.ReadAll(io.LimitReader(r, maxPictureBytes))
}

// Sheet is what a certificate says in a language, in the words of the paper; its
// page shows the same.
func (s *Service) Sheet(ctx context.Context, e edition.Edition, l text.Lang, i Issued) (paper.Certificate, error) {
	f, err := s.form(ctx, e, false)
	if err != nil {
		return paper.Certificate{}, err
	}
	return f.sheet(l, i), nil
}

// Address is where a certificate can be checked.
func (s *Service) Address(i Issued) string { return s.baseURL + "/verify/" + i.Code }

func (f *form) sheet(l text.Lang, i Issued) paper.Certificate {
	e := f.edition
	t := func(key string, args ...any) string { return f.words.T(l, key, args...) }
	in := func(texts text.Texts) string { words, _ := e.In(texts, l); return words }
	series, _ := e.Series.Title.In(l, e.Languages...)
	city, address := in(e.City), f.Address(i)
	c := paper.Certificate{
		Series: series, Edition: strings.TrimSpace(city + " " + e.Local(e.StartsAt).Format("2006")),
		Title: t("certificate.title." + string(i.Kind)), Before: t("certificate.before"), Name: i.Name, After: f.after(l, i),
		Facts: f.facts(l, i), Parts: f.parts(l, i), Own: in(f.rules.Own),
		Signed: strings.TrimSpace(city + " " + text.Date(l, e.Local(i.IssuedAt))),
		Number: t("certificate.number", "number", text.Number(l, i.Number), "code", i.Code),
		Verify: t("certificate.verify", "address", strings.TrimPrefix(strings.TrimPrefix(address, "https://"), "http://")),
		QR:     address, Caption: t("certificate.caption"), Seats: int(f.seats), Accent: paper.Accent(e.Series.Accent),
	}
	if i.RegistrationID != "" && !i.Facts.Remote {
		c.Dot = registration.Registration{ID: i.RegistrationID}.Dot(max(f.seats, 1))
	}
	for _, who := range f.rules.Signers {
		c.Signers = append(c.Signers, paper.Signature{Name: who.Name, Title: in(who.Title), Picture: f.pictures[who.Picture]})
	}
	if len(c.Signers) == 0 {
		c.Signers = []paper.Signature{{Name: series, Title: t("certificate.signer")}}
	}
	return c
}

// after is the sentence that goes on after the name.
func (f *form) after(l text.Lang, i Issued) string {
	key := "certificate.after.attendance"
	switch {
	case i.Kind == Speaking:
		return f.words.T(l, "certificate.after.speaking", "n", len(i.Facts.Sessions), "edition", f.edition.Name(l))
	case i.Facts.Remote:
		key = "certificate.after.remote"
	}
	return f.words.T(l, key, "edition", f.edition.Name(l))
}

func (f *form) facts(l text.Lang, i Issued) []paper.Fact {
	e := f.edition
	t := func(key string) string { return f.words.T(l, key) }
	from, to := e.Local(e.StartsAt), e.Local(e.EndsAt)
	venue, _ := e.In(e.Venue, l)
	city, _ := e.In(e.City, l)
	place := strings.Trim(venue+", "+city, ", ")
	if i.Facts.Remote {
		place = t("certificate.remotely")
	}
	facts := []paper.Fact{{Label: t("certificate.fact_date"), Value: text.Days(l, from, to)}}
	if place != "" {
		facts = append(facts, paper.Fact{Label: t("certificate.fact_place"), Value: place})
	}
	switch {
	case i.Facts.Minutes > 0:
		facts = append(facts, paper.Fact{Label: t("certificate.fact_length"), Value: text.Length(time.Duration(i.Facts.Minutes) * time.Minute)})
	case from.Format(time.DateOnly) == to.Format(time.DateOnly):
		facts = append(facts, paper.Fact{Label: t("certificate.fact_hours"), Value: text.Span(l, from, to)})
	}
	return facts
}

// parts are the sessions, each with its length, as many as there is room for.
func (f *form) parts(l text.Lang, i Issued) []string {
	var lines []string
	for k, p := range i.Facts.Sessions {
		if rest := len(i.Facts.Sessions) - k; k == paper.MaxParts-1 && rest > 1 {
			return append(lines, f.words.T(l, "certificate.more", "n", rest))
		}
		title, _ := f.edition.In(p.Title, l)
		if p.Minutes > 0 {
			title += " · " + text.Length(time.Duration(p.Minutes)*time.Minute)
		}
		lines = append(lines, title)
	}
	return lines
}

// Print writes certificates into one file, a page each, each in the language that
// is given for it.
func (s *Service) Print(ctx context.Context, w io.Writer, e edition.Edition, title text.Lang, list []Issued, language func(Issued) text.Lang, progress func(done, total int)) (paper.Report, error) {
	f, err := s.form(ctx, e, true)
	if err != nil {
		return paper.Report{}, err
	}
	sheets := make([]paper.Certificate, len(list))
	for k, i := range list {
		sheets[k] = f.sheet(language(i), i)
	}
	return s.press.Certificates(ctx, w, sheets, paper.CertificateOptions{
		Title: s.words.T(title, "certificate.file_title", "edition", e.Name(title)), Date: e.StartsAt, Progress: progress})
}

// Bulk is what an organiser wants printed: kinds that are not named are all,
// without a language each is in that of its holder.
type Bulk struct {
	Kind     Kind      `json:"kind,omitempty"`
	Language text.Lang `json:"language,omitempty"`
}

// Print writes all that hold, as the order asks.
func (b Bulk) Print(ctx context.Context, s *Service, w io.Writer, e edition.Edition, l text.Lang, progress func(done, total int)) (paper.Report, error) {
	all, err := s.All(ctx, e)
	if err != nil {
		return paper.Report{}, err
	}
	all = b.of(all)
	own := make(map[string]text.Lang, len(all))
	var list []Issued
	for _, st := range all {
		if st.Issued != nil && st.Issued.Holds() {
			list = append(list, *st.Issued)
			own[st.Issued.ID] = languageOf(e, st.Language)
		}
	}
	return s.Print(ctx, w, e, l, list, func(i Issued) text.Lang {
		if b.Language != "" {
			return b.Language
		}
		return own[i.ID]
	}, progress)
}

// of leaves those of the kind that is wanted.
func (b Bulk) of(list []Standing) []Standing {
	return slices.DeleteFunc(list, func(st Standing) bool { return b.Kind != "" && st.Kind != b.Kind })
}

// Prepare gives out what the order will print, before it is given: printing itself
// changes nothing. It tells how many there are.
func (b Bulk) Prepare(ctx context.Context, s *Service, e edition.Edition) (int, error) {
	all, err := s.All(ctx, e)
	if err != nil {
		return 0, err
	}
	given, err := s.Issue(ctx, e, b.of(all))
	return len(given), err
}

// languageOf is the language somebody is written to.
func languageOf(e edition.Edition, l text.Lang) text.Lang {
	if l == "" && len(e.Languages) > 0 {
		return e.Languages[0]
	}
	if l == "" {
		return text.Finnish
	}
	return l
}

// sampleCode is no certificate's: its letters are no code's.
const sampleCode = "0000-0000-0000"

// Sample prints what a certificate of the edition looks like, for nobody.
func (s *Service) Sample(ctx context.Context, w io.Writer, e edition.Edition, l text.Lang, kind Kind) (paper.Report, error) {
	rules, err := s.Rules(ctx, e.ID)
	if err != nil {
		return paper.Report{}, err
	}
	i := Issued{Kind: kind, RegistrationID: "sample", Code: sampleCode, Name: s.words.T(l, "certificate.sample_name"), IssuedAt: s.now(), Facts: Facts{Minutes: rules.Minutes}}
	if kind == Speaking || rules.Basis == Sessions {
		p, err := s.programs.Programme(ctx, e)
		if err != nil {
			return paper.Report{}, err
		}
		for _, x := range p.Sessions {
			if len(x.Speakers) > 0 && len(i.Facts.Sessions) < 2 {
				i.Facts.Sessions = append(i.Facts.Sessions, partOf(x))
			}
		}
		i.Facts.Minutes = total(i.Facts.Sessions)
	}
	return s.Print(ctx, w, e, l, []Issued{i}, func(Issued) text.Lang { return l }, nil)
}
