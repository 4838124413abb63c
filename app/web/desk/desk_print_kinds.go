package desk

import (
	"context"
	"io"

	"github.com/uptrace/bun"

	"agora/app/paper"
	"agora/app/printing"
	"agora/app/web/page"
)

// Printed is everything that organisers can order to be printed in bulk.
func Printed(s *page.Site) []printing.Kind {
	return []printing.Kind{
		{Name: "badges", Print: Pages{s}.printBadges},
		printCertificates(s),
	}
}

// behind gives a printout's edition and language a visit without a visitor.
func (s Pages) behind(ctx context.Context, p printing.Printout) (*page.Visit, error) {
	e, err := s.Editions.ByID(ctx, p.EditionID)
	if err != nil {
		return nil, err
	}
	return s.Behind(ctx, p.Lang, e), nil
}

// badgeOrder is what a printout of badges remembers. The design is kept whole: a
// change while it waits must not give two halves.
type badgeOrder struct {
	Choice badgeChoice  `json:"choice"`
	Design paper.Design `json:"design"`
}

// printBadges prints the chosen badges, and notes whose they were once the file is
// there.
func (s Pages) printBadges(ctx context.Context, p printing.Printout, w io.Writer, progress func(done, total int)) (out printing.Outcome, err error) {
	v, err := s.behind(ctx, p)
	if err != nil {
		return out, err
	}
	var order badgeOrder
	if err := p.Read(&order); err != nil {
		return out, err
	}
	list, err := s.toPrint(v, order.Choice)
	if err != nil {
		return out, err
	}
	o := badgeOptions(v)
	o.Progress = progress
	report, err := s.Paper.Press.Badges(ctx, w, order.Design, list.badges, o)
	if err != nil {
		return out, err
	}
	digests := make(map[string]string, len(list.ids))
	for i, id := range list.ids {
		digests[id] = list.badges[i].Digest()
	}
	for _, r := range report.Remarks {
		if r.Index >= 0 && r.Kind == paper.Failed {
			delete(digests, list.ids[r.Index])
		}
	}
	return printing.Outcome{Pages: report.Pages, Remarks: printRemarks(report, list.badges), Finish: func(ctx context.Context, tx bun.IDB) error {
		return paper.Printed(ctx, tx, p.EditionID, digests, s.Site.Now())
	}}, nil
}

// printList is what a run of badges needs while it prints, and no more: whole
// registrations of ten thousand people would take most of its memory.
type printList struct {
	ids    []string
	badges []paper.Badge
}

func (s Pages) toPrint(v *page.Visit, choice badgeChoice) (list printList, err error) {
	all, err := s.allBadges(v)
	if err != nil {
		return list, err
	}
	for _, b := range choice.tidy().chosen(all) {
		list.ids = append(list.ids, b.Who.ID)
		list.badges = append(list.badges, b.Badge)
	}
	return list, nil
}

// printRemark is one thing to look at in a finished printout. It names the ticket's
// code and no person: whose it is, is looked up when the page is shown.
type printRemark struct {
	Code   string     `json:"code,omitempty"`
	Field  string     `json:"field"`
	Kind   paper.Kind `json:"kind"`
	Detail string     `json:"detail,omitempty"`
}

// mostRemarks is how many a printout keeps.
const mostRemarks = 500

func printRemarks(report paper.Report, list []paper.Badge) []printRemark {
	out := []printRemark{}
	for _, r := range report.NeedsLook() {
		if len(out) == mostRemarks {
			break
		}
		m := printRemark{Field: r.Field, Kind: r.Kind, Detail: r.Detail}
		if r.Index >= 0 {
			m.Code = list[r.Index].Code
		}
		out = append(out, m)
	}
	return out
}
