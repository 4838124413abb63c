package public

import (
	"strconv"
	"strings"

	"agora/app/speaking"
	"agora/app/text"
	"agora/app/web/page"
	"agora/templates"
)

// speakConsentPage asks what of a speaker's may be published, and on what terms.
type speakConsentPage struct {
	Top      speakTop
	Version  string
	Subjects []speakSubject
	Licence  templates.Choice
	Said     string
}

// speakSubject is one question of consent.
type speakSubject struct {
	Choice templates.Choice
	Said   string // when the word was given
}

// SpeakConsent shows what the speaker has said.
func (s Pages) SpeakConsent(v *page.Visit) error {
	return s.opened(v, func(k ownSide) error {
		f := v.Blank()
		fillConsent(f, k.X)
		return s.consentPage(v, k, f, nil)
	})
}

func fillConsent(f *page.Form, x speaking.Speaking) {
	f.Set("version", strconv.FormatInt(x.Version, 10)).Set("licence", x.Licence)
	for what, word := range x.Consent {
		f.Set("consent_"+string(what), map[bool]string{true: "yes", false: "no"}[word.Yes])
	}
}

// SpeakConsentSave takes their word.
func (s Pages) SpeakConsentSave(v *page.Visit) error {
	return s.opened(v, func(k ownSide) error {
		f := v.Sent()
		in := speaking.ConsentInput{Words: map[speaking.Subject]bool{}, Licence: f.Get("licence")}
		in.Version, _ = strconv.ParseInt(f.Get("version"), 10, 64) // one that is none is nobody's
		for _, what := range speaking.Subjects {
			switch f.Get("consent_" + string(what)) {
			case "yes":
				in.Words[what] = true
			case "no":
				in.Words[what] = false
			}
		}
		_, err := s.Speaking.SaveConsent(v.Ctx, v.Edition, k.X, in)
		if notice, ok := clashed(v, err); ok {
			f.Set("version", strconv.FormatInt(k.X.Version, 10))
			return s.consentPage(v, k, f, notice)
		}
		if bad, err := f.Failed(err); bad {
			if err != nil {
				return err
			}
			return s.consentPage(v, k, f, nil)
		}
		return k.saved(v)
	})
}

func (s Pages) consentPage(v *page.Visit, k ownSide, f *page.Form, notice *templates.Notice) error {
	p := speakConsentPage{Version: f.Get("version")}
	for _, what := range speaking.Subjects {
		name := "consent_" + string(what)
		one := speakSubject{Choice: f.Choice(name, "speak."+name,
			templates.Option{Value: "yes", Text: v.T("speak.yes"), Hint: v.T("speak." + name + "_yes")},
			templates.Option{Value: "no", Text: v.T("speak.no"), Hint: v.T("speak." + name + "_no")})}
		if word, said := k.X.Consent[what]; said {
			one.Said = v.T("speak.said_"+map[bool]string{true: "yes", false: "no"}[word.Yes], "when", text.Date(v.Lang, v.Edition.Local(word.At)))
		}
		p.Subjects = append(p.Subjects, one)
	}
	var options []templates.Option
	for _, name := range speaking.Licences() {
		options = append(options, templates.Option{Value: name, Text: licenceName(v, name), Hint: licenceHint(v, name)})
	}
	p.Licence = f.Choice("licence", "speak.licence", options...)
	p.Licence.Stacked = true
	p.Top = k.top(v, f, "speak.consent")
	p.Top.Notice = notice
	return v.Render("speak/consent", p.Top.Title, p)
}

// licenceName is a licence's own name, or words for the one that is none.
func licenceName(v *page.Visit, name string) string {
	if name == speaking.Reserved {
		return v.T("speak.reserved")
	}
	return name
}

// licenceHint says in plain words what a licence allows.
func licenceHint(v *page.Visit, name string) string {
	key := "speak.licence_" + strings.ReplaceAll(text.Slug(name, len(name)), "-", "_")
	if !v.Site.Words.Has(v.Lang, key) {
		return ""
	}
	return v.T(key)
}
