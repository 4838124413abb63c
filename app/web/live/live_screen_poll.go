package live

import (
	"math"
	"strconv"
	"strings"
	"time"

	"agora/app/poll"
	"agora/app/text"
	"agora/app/web/page"
)

// screenPoll is a poll on the wall: what can be chosen, and the result when it is told.
type screenPoll struct {
	Text    string
	Long    bool
	Tag     string
	Running bool
	Closes  int64  // while closing
	Left    string // until then
	Voters  string // empty where counts are hidden
	Average string
	Bars    []screenBar
	Words   []screenWord
	Texts   []string
}

// screenBar is a line of the chart. Width is of a hundred.
type screenBar struct {
	Text, Share string
	Told        bool
	Width       int
}

// screenWord is a word of the cloud. Size goes from 1 to 5.
type screenWord struct {
	Text string
	Size int
}

const (
	// cloudWords and wallTexts are as many as the wall has room for.
	cloudWords = 40
	wallTexts  = 6
	// longPoll is from where a poll's question is set smaller, for its answers need room.
	longPoll = 40
)

func newScreenPoll(v *page.Visit, shown poll.Shown, counts bool) *screenPoll {
	p := &screenPoll{Text: shown.Text, Long: len([]rune(shown.Text)) > longPoll, Running: shown.State != poll.StateClosed, Tag: v.T("board.poll_open")}
	if !p.Running {
		p.Tag = v.T("board.poll_result")
	}
	if shown.State == poll.StateClosing && shown.ClosesAt != nil {
		p.Closes, p.Left = shown.ClosesAt.UnixMilli(), closesIn(v, *shown.ClosesAt)
	}
	if counts {
		p.Voters = v.T("poll.voters", "n", shown.Voters)
	}
	switch {
	case shown.Kind == poll.KindCloud:
		p.cloud(shown.Result)
	case shown.Kind == poll.KindText:
		for _, c := range shown.Result[:min(wallTexts, len(shown.Result))] {
			p.Texts = append(p.Texts, c.Text)
		}
	default:
		p.bars(v, shown)
	}
	return p
}

// closesIn says how long a poll still takes ballots; the script counts on from it.
func closesIn(v *page.Visit, at time.Time) string {
	return v.T("board.closes", "n", max(0, int64(at.Sub(v.Now)/time.Second)))
}

// bars are the options in their order, with their shares once those are told.
func (p *screenPoll) bars(v *page.Visit, shown poll.Shown) {
	if shown.Result == nil {
		for _, o := range shown.Options {
			p.Bars = append(p.Bars, screenBar{Text: o.Text})
		}
		return
	}
	for _, c := range shown.Result {
		share := 0
		if shown.Voters > 0 {
			share = int(math.Round(100 * float64(c.N) / float64(shown.Voters)))
		}
		p.Bars = append(p.Bars, screenBar{Text: c.Text, Share: v.T("board.percent", "n", share), Told: true, Width: min(100, share)})
	}
	if a := shown.Average(); a > 0 {
		p.Average = v.T("board.average", "mark", tenths(v.Lang, a))
	}
}

// tenths writes a number with one decimal.
func tenths(l text.Lang, x float64) string {
	s := strconv.FormatFloat(x, 'f', 1, 64)
	if l == text.English {
		return s
	}
	return strings.Replace(s, ".", ",", 1)
}

// cloud gives the most given words the largest type.
func (p *screenPoll) cloud(result []poll.Counted) {
	if len(result) == 0 {
		return
	}
	most := float64(result[0].N)
	for _, c := range result[:min(cloudWords, len(result))] {
		p.Words = append(p.Words, screenWord{Text: c.Text, Size: 1 + int(math.Round(4*math.Sqrt(float64(c.N)/most)*float64(min(1, most-1))))})
	}
}
