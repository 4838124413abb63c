package proposal

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/uptrace/bun"

	"agora/app/edition"
	"agora/app/fail"
	"agora/app/program"
)

// Row is a proposal with what its reviews come to.
type Row struct {
	Proposal
	Scores    []int64 // low to high
	Average   float64
	Spread    float64 // how far the reviewers are apart: the standard deviation
	Abstained int
	Conflicts int
	// Changed counts the reviews that are older than the proposal's last change.
	Changed int
}

// Order is how a list is sorted.
type Order string

// The orders; the first is the usual one.
const (
	ByAverage Order = "average"
	BySpread  Order = "spread"
	ByCount   Order = "count" // the least reviewed first
	ByTime    Order = "time"
	ByTitle   Order = "title"
)

// Orders lists them.
var Orders = [...]Order{ByAverage, BySpread, ByCount, ByTime, ByTitle}

// Filter chooses proposals; what is empty chooses all.
type Filter struct {
	State  State
	Kind   program.Kind
	Track  string
	Untold bool
	Words  string
	Order  Order
}

// List gives an edition's proposals that were sent in, in two queries however
// many they are, and how many are begun and not sent.
func (s *Service) List(ctx context.Context, editionID string, want Filter) (list []Row, drafts int, err error) {
	var all []Proposal
	if err := s.db.Read.NewSelect().Model(&all).Where("edition_id = ?", editionID).Order("created_at", "id").Scan(ctx); err != nil {
		return nil, 0, err
	}
	reviews, err := s.reviews(ctx, editionID)
	if err != nil {
		return nil, 0, err
	}
	for _, p := range all {
		switch {
		case p.State == Draft:
			drafts++
		case want.Takes(p):
			list = append(list, newRow(p, reviews[p.ID]))
		}
	}
	want.Order.sort(list)
	return list, drafts, nil
}

// One gives one proposal with its reviews.
func (s *Service) One(ctx context.Context, editionID, code string) (Row, []Review, error) {
	p, err := s.byCode(ctx, editionID, code)
	if err != nil {
		return Row{}, nil, err
	}
	reviews, err := s.reviewsOf(ctx, p.ID)
	return newRow(p, reviews), reviews, err
}

func (s *Service) byCode(ctx context.Context, editionID, code string) (Proposal, error) {
	var p Proposal
	err := ofEdition(s.db.Read.NewSelect().Model(&p), editionID).Where("code = ?", strings.ToUpper(code)).Scan(ctx)
	if none(err) {
		return p, fail.Missing("proposal.missing")
	}
	return p, err
}

func newRow(p Proposal, reviews []Review) Row {
	r := Row{Proposal: p}
	sum := 0.0
	for _, one := range reviews {
		switch one.Stance {
		case Abstained:
			r.Abstained++
		case Conflict:
			r.Conflicts++
		default:
			r.Scores = append(r.Scores, *one.Score)
			sum += float64(*one.Score)
		}
		if one.Stance != Conflict && one.ChangedAt.Before(p.ChangedAt) {
			r.Changed++
		}
	}
	slices.Sort(r.Scores)
	if n := float64(len(r.Scores)); n > 0 {
		r.Average = sum / n
		for _, score := range r.Scores {
			r.Spread += (float64(score) - r.Average) * (float64(score) - r.Average) / n
		}
		r.Spread = math.Sqrt(r.Spread)
	}
	return r
}

// Takes reports whether a proposal is among those wanted.
func (want Filter) Takes(p Proposal) bool {
	if want.State != "" && p.State != want.State || want.Kind != "" && p.Kind != want.Kind ||
		want.Track != "" && p.TrackID != want.Track || want.Untold && !p.Untold() {
		return false
	}
	text := strings.ToLower(strings.Join([]string{p.Code, p.Title, p.Abstract, p.Name, p.Email}, "\n"))
	for _, o := range p.Others {
		text += "\n" + strings.ToLower(o.Name+"\n"+o.Email)
	}
	for word := range strings.FieldsSeq(strings.ToLower(want.Words)) {
		if !strings.Contains(text, word) {
			return false
		}
	}
	return true
}

// sort keeps the order of arrival among equals.
func (o Order) sort(list []Row) {
	slices.SortStableFunc(list, func(a, b Row) int {
		switch o {
		case BySpread:
			return cmp.Compare(b.Spread, a.Spread)
		case ByCount:
			return cmp.Compare(len(a.Scores), len(b.Scores))
		case ByTime:
			return b.CreatedAt.Compare(a.CreatedAt)
		case ByTitle:
			return strings.Compare(strings.ToLower(a.Title), strings.ToLower(b.Title))
		}
		return cmp.Or(cmp.Compare(b.Average, a.Average), cmp.Compare(len(b.Scores), len(a.Scores)))
	})
}

// Exported writes down that somebody took the list along.
func (s *Service) Exported(ctx context.Context, by string, e edition.Edition, format string, n int) error {
	return s.db.Tx(ctx, func(ctx context.Context, tx bun.Tx) error {
		return s.log(ctx, tx, by, e, "proposal.export", fmt.Sprintf("%s %d", format, n))
	})
}
