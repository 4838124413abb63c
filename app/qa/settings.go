package qa

import (
	"database/sql/driver"
	"slices"
	"strconv"

	"agora/app/db"
	"agora/app/fail"
	"agora/app/text"
)

// Review says whether moderators look at a question before all do, or after.
type Review string

// The two ways of reviewing.
const (
	ReviewBefore Review = "before"
	ReviewAfter  Review = "after"
)

// Reviews lists them.
var Reviews = [...]Review{ReviewBefore, ReviewAfter}

// Names says whether askers give a name.
type Names string

// What is asked of askers' names.
const (
	NamesAllowed  Names = "allowed"
	NamesRequired Names = "required"
)

// NameRules lists them.
var NameRules = [...]Names{NamesAllowed, NamesRequired}

// Label is a moderators' mark on questions. ID is short and stays when the name
// is mended.
type Label struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// Settings are how a room works. A room has its edition's until it is given own.
type Settings struct {
	Review    Review      `json:"review"`
	Names     Names       `json:"names"`
	Slow      int         `json:"slow"`      // seconds between two questions of one asker, 0: off
	Reactions bool        `json:"reactions"` // off unless switched on
	Filter    []text.Lang `json:"filter"`    // languages whose words of ours hold a question for review
	Words     []string    `json:"words"`     // the organiser's own; one ending in * holds all that begin so
	Sources   []Source    `json:"sources"`   // those moderators may name when asking for somebody
	Labels    []Label     `json:"labels"`
}

// DefaultSettings are those of an edition that set nothing.
func DefaultSettings() Settings {
	return Settings{Review: ReviewBefore, Names: NamesAllowed, Filter: slices.Clone(text.Langs[:]), Words: []string{}, Sources: slices.Clone(OnBehalf), Labels: []Label{}}
}

// Value stores settings as JSON.
func (s Settings) Value() (driver.Value, error) { return db.ValueJSON(s) }

// Scan reads what Value stored; what is missing is as in DefaultSettings.
func (s *Settings) Scan(src any) error {
	*s = DefaultSettings()
	return db.ScanJSON(src, s)
}

// check cleans settings and names everything that is wrong with them.
func (s *Settings) check() error {
	wrong := fail.Fields{}
	if !slices.Contains(Reviews[:], s.Review) {
		wrong.Add("review", "qa.settings.unknown")
	}
	if !slices.Contains(NameRules[:], s.Names) {
		wrong.Add("names", "qa.settings.unknown")
	}
	if s.Slow < 0 || s.Slow > SlowMax {
		wrong.Add("slow", "qa.settings.slow", "max", SlowMax)
	}
	sources := s.Sources
	s.Sources = []Source{}
	for _, known := range OnBehalf {
		if slices.Contains(sources, known) {
			s.Sources = append(s.Sources, known)
		}
	}
	if len(s.Sources) < len(slices.Compact(slices.Sorted(slices.Values(sources)))) {
		wrong.Add("sources", "qa.settings.unknown")
	}
	for _, l := range s.Filter {
		if ownWords[l] == nil {
			wrong.Add("filter", "qa.settings.unknown")
		}
	}
	s.checkWords(wrong)
	s.checkLabels(wrong)
	return wrong.Err()
}

func (s *Settings) checkWords(wrong fail.Fields) {
	words := []string{}
	for i, w := range s.Words {
		code, args := checkText(&w, "words", WordMax, oneLine)
		switch {
		case code == CodeEmpty || slices.Contains(words, w):
		case code != "":
			wrong.Add("words", code.Key(), args...)
		case i >= WordsMax:
			wrong.Add("words", "qa.settings.many", "max", WordsMax)
			return
		default:
			words = append(words, w)
		}
	}
	s.Words = words
}

// checkLabels gives new labels an id that none of the others has or had.
func (s *Settings) checkLabels(wrong fail.Fields) {
	if len(s.Labels) > LabelsMax {
		wrong.Add("labels", "qa.settings.many", "max", LabelsMax)
		return
	}
	taken := map[string]bool{}
	for _, l := range s.Labels {
		taken[l.ID] = true
	}
	named, seen := map[string]bool{}, map[string]bool{}
	labels := []Label{}
	for _, l := range s.Labels {
		code, args := checkText(&l.Name, "labels", LabelMax, oneLine)
		if code == CodeEmpty {
			continue
		}
		if code != "" {
			wrong.Add("labels", code.Key(), args...)
		}
		if named[l.Name] || l.ID != "" && seen[l.ID] || !ValidID(l.ID) {
			wrong.Add("labels", "qa.settings.twice", "name", l.Name)
		}
		for n := 1; l.ID == ""; n++ {
			if id := "l" + strconv.Itoa(n); !taken[id] {
				l.ID, taken[id] = id, true
			}
		}
		named[l.Name], seen[l.ID] = true, true
		labels = append(labels, l)
	}
	s.Labels = labels
}

func (s *Settings) label(id string) bool {
	return slices.ContainsFunc(s.Labels, func(l Label) bool { return l.ID == id })
}
