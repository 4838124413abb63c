package poll

import (
	"slices"
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"agora/app/qa"
)

// Limits, each with what it protects.
const (
	// TextMax is what a projector can show above the result.
	TextMax = 300
	// OptionsMax and OptionMax keep the bars of a chart on one screen.
	OptionsMax = 12
	OptionMax  = 120
	// RatingMax is the highest mark there may be.
	RatingMax = 10
	// WordsMax words of WordMax characters make a cloud and not an essay.
	WordsMax = 5
	WordMax  = 40
	// AnswerMax is an open text that is read out in a breath.
	AnswerMax = 280
	// PollsMax protects a room from a list that nobody could run through.
	PollsMax = 60
)

// Request is one act of a viewer. Op names it: repeated, it is answered again.
type Request struct {
	Op      string   `json:"op"`
	Do      qa.Act   `json:"do"`
	Poll    string   `json:"poll,omitempty"`
	Kind    Kind     `json:"kind,omitempty"`    // add
	Text    string   `json:"text,omitempty"`    // add, change
	Options Options  `json:"options,omitempty"` // add, change: of choices, in their order
	Most    int64    `json:"most,omitempty"`    // add, change: see Poll
	Live    bool     `json:"live,omitempty"`    // add, change, result
	Choice  []string `json:"choice,omitempty"`  // ballot; empty takes it back
	Item    string   `json:"item,omitempty"`    // hide
	On      *bool    `json:"on,omitempty"`      // hide: or show again
}

func readRequest(frame []byte) (Request, qa.Code) {
	var r Request
	if op, code := qa.ReadFrame(frame, &r, &r.Op); code != "" {
		return Request{Op: op}, code
	}
	return r, ""
}

// check refuses what needs no database to be refused, and cleans the texts.
func (r *Request) check(v qa.View) (qa.Code, []any) {
	rule, known := rules[r.Do]
	switch {
	case !known || r.Op == "" || len(r.Op) > qa.OpMax:
		return qa.CodeBadAct, nil
	case !slices.Contains(rule.views, v):
		return qa.CodeForbidden, nil
	case len(rule.from) > 0 && (r.Poll == "" || !qa.ValidID(r.Poll)):
		return qa.CodeNotFound, nil
	}
	switch r.Do {
	case ActAdd:
		if !slices.Contains(Kinds[:], r.Kind) {
			return qa.CodeBadAct, nil
		}
		return qa.CheckText(&r.Text, "text", TextMax, false)
	case ActChange:
		return qa.CheckText(&r.Text, "text", TextMax, false)
	case ActHide:
		if r.On == nil || r.Item == "" || len(r.Item) > 8*AnswerMax || strings.ContainsRune(r.Item, 0) {
			return qa.CodeBadAct, nil
		}
	case ActBallot:
		if len(r.Choice) > OptionsMax {
			return qa.CodeBadAct, nil
		}
	}
	return "", nil
}

// settle checks what a poll is made of against its kind, and gives options ids.
func (p *Poll) settle(r *Request) (qa.Code, []any) {
	p.Text, p.Live, p.Options = r.Text, r.Live, Options{}
	switch p.Kind {
	case KindChoice, KindChoices:
		if code, args := p.settleOptions(r.Options); code != "" {
			return code, args
		}
		p.Most = 1
		if n := int64(len(p.Options)); p.Kind == KindChoices {
			if p.Most = r.Most; p.Most < 1 || p.Most > n {
				p.Most = n
			}
		}
	case KindRating:
		if p.Most = r.Most; p.Most == 0 {
			p.Most = 5
		}
		if p.Most < 2 || p.Most > RatingMax {
			return qa.CodeBadAct, nil
		}
	case KindCloud:
		if p.Most = r.Most; p.Most == 0 {
			p.Most = 3
		}
		if p.Most < 1 || p.Most > WordsMax {
			return qa.CodeBadAct, nil
		}
	case KindText:
		p.Most = 1
	}
	return "", nil
}

func (p *Poll) settleOptions(given Options) (qa.Code, []any) {
	taken := map[string]bool{}
	for _, o := range given {
		taken[o.ID] = true
	}
	seen := map[string]bool{}
	for _, o := range given {
		code, args := qa.CheckText(&o.Text, "options", OptionMax, false)
		if code == qa.CodeEmpty {
			continue
		}
		if code != "" {
			return code, args
		}
		for n := 1; o.ID == ""; n++ {
			if id := "o" + strconv.Itoa(n); !taken[id] {
				o.ID, taken[id] = id, true
			}
		}
		if seen[o.ID] || len(o.ID) > 8 || !qa.ValidID(o.ID) {
			return qa.CodeBadAct, nil
		}
		seen[o.ID] = true
		p.Options = append(p.Options, o)
	}
	switch {
	case len(p.Options) < 2:
		return qa.CodeEmpty, []any{"field", "options"}
	case len(p.Options) > OptionsMax:
		return qa.CodeBadAct, nil
	}
	return "", nil
}

// choose checks a ballot against its poll. It gives what is counted and how each is
// written.
func (p *Poll) choose(choice []string) (chosen items, labels map[string]string, code qa.Code, args []any) {
	labels = map[string]string{}
	limit := map[Kind]int{KindCloud: WordMax, KindText: AnswerMax}[p.Kind]
	for _, c := range choice {
		label, item := c, c
		switch {
		case limit > 0:
			code, args := qa.CheckText(&label, "choice", limit, false)
			if code == qa.CodeEmpty {
				continue
			}
			if code != "" {
				return nil, nil, code, args
			}
			item = folded(label)
		case p.Kind == KindRating:
			if n, err := strconv.Atoi(c); err != nil || n < 1 || int64(n) > p.Most || strconv.Itoa(n) != c {
				return nil, nil, qa.CodeBadAct, nil
			}
		case !slices.ContainsFunc(p.Options, func(o Option) bool { return o.ID == c }):
			return nil, nil, qa.CodeBadAct, nil
		}
		if !slices.Contains(chosen, item) {
			chosen = append(chosen, item)
			labels[item] = label
		}
	}
	most := p.Most
	if p.Kind == KindRating {
		most = 1
	}
	if int64(len(chosen)) > most {
		return nil, nil, qa.CodeBadAct, nil
	}
	slices.Sort(chosen)
	return chosen, labels, "", nil
}

// folded makes one of what differs only in capitals, spaces, marks and a hash before
// or a stop after it. The Nordic letters stay letters of their own.
func folded(s string) string {
	var b strings.Builder
	for _, c := range norm.NFKC.String(strings.ToLower(s)) {
		if c == 'å' || c == 'ä' || c == 'ö' || c < 0x80 {
			b.WriteRune(c)
			continue
		}
		for _, part := range norm.NFD.String(string(c)) {
			if !unicode.Is(unicode.Mn, part) && !unicode.Is(unicode.Cf, part) {
				b.WriteRune(part)
			}
		}
	}
	words := strings.Fields(b.String())
	if short := strings.Trim(strings.Join(words, " "), " #.,!?;:\"'”“()"); short != "" {
		return short
	}
	return s
}
