package public

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"agora/app/program"
	"agora/app/text"
	"agora/app/web/page"
	"agora/templates"
)

// manySpeakers is the number from which a list gets letters to jump to.
const manySpeakers = 40

// speakersPage is everybody who speaks at an edition.
type speakersPage struct {
	Empty       *templates.Empty
	ProgramHref string
	Count       int
	Search      templates.Field
	Action      string
	Found       string // told when something was searched
	Letters     []speakerLetter
	Jump        bool
	about       string
}

// speakerLetter is the speakers under one letter, or all of a short list.
type speakerLetter struct {
	Letter, ID string
	Cards      []speakerCard
}

// speakerCard is a speaker with what they speak about.
type speakerCard struct {
	Person templates.Person
	Talks  []speakerTitle
}

type speakerTitle struct {
	Title page.Words
	Class string // its track's
	Gone  bool
}

func (p speakersPage) Shape(f *page.Frame) {
	f.Description, f.Wide, f.Scripts = p.about, true, append(f.Scripts, "program")
}

// Speakers lists everybody on the newest release by name, as the page's language
// orders names, and finds them without accents too.
func (s Pages) Speakers(v *page.Visit) error {
	p, err := s.Program.Programme(v.Ctx, v.Edition)
	if err != nil {
		return err
	}
	return v.PublicPage("program/speakers", v.T("speakers_page.title"), fmt.Sprint(p.Edition.Revision), func() (any, error) {
		base := v.Edition.Path()
		made := speakersPage{ProgramHref: base + "/program", Count: len(p.Speakers), Action: base + "/speakers",
			Search: templates.Field{Name: "q", Type: "search", Label: v.T("speakers_page.search"), Value: page.Shorten(v.Query("q"), maxSearch), Max: maxSearch},
			about:  v.T("speakers_page.about", "name", v.Edition.Name(v.Lang))}
		if made.Count == 0 {
			made.Empty = &templates.Empty{Title: v.T("speakers_page.empty_title"), Text: v.T("speakers_page.empty_text"),
				Href: made.ProgramHref, Action: v.T("speakers_page.empty_act")}
			return made, nil
		}
		found := findSpeakers(p.Speakers, made.Search.Value)
		if made.Search.Value != "" {
			made.Found = v.T("speakers_page.found", "n", len(found))
		}
		made.Jump = len(found) > manySpeakers
		made.Letters = speakerLetters(v, found, made.Jump)
		return made, nil
	})
}

// findSpeakers takes those in whose name, or in a title of theirs, every word of
// the search stands; accents make no difference.
func findSpeakers(all []*program.Speaker, search string) []*program.Speaker {
	words := strings.Fields(plain(search))
	var found []*program.Speaker
	for _, who := range all {
		var b strings.Builder
		b.WriteString(plain(who.Name))
		for _, x := range who.Sessions {
			for _, l := range text.Langs {
				b.WriteString("\n" + plain(x.Title[l]))
			}
		}
		said := b.String()
		if !slices.ContainsFunc(words, func(w string) bool { return !strings.Contains(said, w) }) {
			found = append(found, who)
		}
	}
	return found
}

// plain is a text without case and accents.
func plain(s string) string {
	var b strings.Builder
	for _, r := range norm.NFKD.String(strings.ToLower(s)) {
		switch {
		case unicode.Is(unicode.Mn, r):
		case r == 'ø':
			b.WriteByte('o')
		case r == 'æ':
			b.WriteString("ae")
		case r == 'ł':
			b.WriteByte('l')
		case r == 'ß':
			b.WriteString("ss")
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

// speakerLetters puts speakers in order, under their letters where there are many.
func speakerLetters(v *page.Visit, found []*program.Speaker, many bool) []speakerLetter {
	compare := text.Collator(v.Lang)
	found = slices.Clone(found)
	slices.SortStableFunc(found, func(a, b *program.Speaker) int { return compare(a.Name, b.Name) })
	var letters []speakerLetter
	for _, who := range found {
		letter := ""
		if many {
			letter = firstLetter(v.Lang, who.Name)
		}
		if n := len(letters); n == 0 || letters[n-1].Letter != letter {
			letters = append(letters, speakerLetter{Letter: letter, ID: fmt.Sprint("letter-", n+1)})
		}
		last := &letters[len(letters)-1]
		last.Cards = append(last.Cards, newSpeakerCard(v, who))
	}
	return letters
}

// firstLetter is the letter under which a name stands: å, ä and ö are letters of
// their own in Finnish and Swedish, and accents are none anywhere.
func firstLetter(l text.Lang, name string) string {
	r, _ := utf8.DecodeRuneInString(strings.ToUpper(name))
	if l != text.English && strings.ContainsRune("ÅÄÖ", r) {
		return string(r)
	}
	r, _ = utf8.DecodeRuneInString(strings.ToUpper(plain(string(r))))
	if !unicode.IsLetter(r) {
		return "#"
	}
	return string(r)
}

func newSpeakerCard(v *page.Visit, who *program.Speaker) speakerCard {
	card := speakerCard{Person: speakerFace(v, who, "large")}
	card.Person.Href = v.Edition.Path() + "/speakers/" + who.Slug
	for _, x := range who.Sessions {
		one := speakerTitle{Title: v.SessionWords(x, x.Title), Gone: x.Cancelled}
		if x.Track != nil {
			one.Class = "track-" + x.Track.Slug
		}
		card.Talks = append(card.Talks, one)
	}
	return card
}
