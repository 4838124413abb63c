package desk

import (
	"bytes"
	"fmt"
	"slices"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"agora/app/proposal"
	"agora/app/registration/sheet"
	"agora/app/web/page"
)

// ProposalsCSV sends the proposals that the address asks for as a list.
func (s Pages) ProposalsCSV(v *page.Visit) error {
	header, rows, err := s.proposalSheet(v, "csv")
	if err != nil {
		return err
	}
	var b bytes.Buffer
	if err := sheet.CSV(&b, header, slices.Values(rows)); err != nil {
		return err
	}
	return sendSheet(v, "csv", "text/csv; charset=utf-8", b.Bytes())
}

// ProposalsXLSX is the same as a workbook.
func (s Pages) ProposalsXLSX(v *page.Visit) error {
	header, rows, err := s.proposalSheet(v, "xlsx")
	if err != nil {
		return err
	}
	var b bytes.Buffer
	if err := sheet.XLSX(&b, v.T("proposal_desk.title"), header, slices.Values(rows), minutesColumn, scoresColumn); err != nil {
		return err
	}
	return sendSheet(v, "xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", b.Bytes())
}

func sendSheet(v *page.Visit, format, kind string, body []byte) error {
	v.C.Set(fiber.HeaderContentType, kind)
	v.C.Set(fiber.HeaderCacheControl, "no-store")
	v.C.Set(fiber.HeaderContentDisposition, fmt.Sprintf(`attachment; filename="%s-%s-proposals.%s"`, v.Edition.Series.Slug, v.Edition.Slug, format))
	return v.C.Send(body)
}

// The columns that hold whole numbers.
const (
	minutesColumn = 3
	scoresColumn  = 11
)

// proposalSheet is the list, bounded as a call is: it fits into memory.
func (s Pages) proposalSheet(v *page.Visit, format string) (header []string, rows [][]string, err error) {
	c, err := s.Proposals.Call(v.Ctx, v.Edition.ID)
	if err != nil {
		return nil, nil, err
	}
	list, _, err := s.Proposals.List(v.Ctx, v.Edition.ID, proposalFilter(v))
	if err != nil {
		return nil, nil, err
	}
	if v.C.Method() != fiber.MethodHead {
		if err := s.Proposals.Exported(v.Ctx, v.Person.ID, v.Edition, format, len(list)); err != nil {
			return nil, nil, err
		}
	}
	for _, key := range []string{"ticket.code", "propose.title_field", "propose.kind_short", "proposal_desk.minutes", "propose.fact_spoken", "propose.name", "propose.email",
		"propose.others", "desk.state", "proposal_desk.told", "proposal_desk.average", "proposal_desk.reviews", "proposal_desk.spread", "propose.abstract", "propose.biography",
		"propose.part_note", "propose.fact_sent"} {
		header = append(header, v.T(key))
	}
	for _, field := range c.Form.Fields {
		header = append(header, v.Words(field.Label).Text)
	}
	for _, r := range list {
		rows = append(rows, proposalLine(v, c, r))
	}
	return header, rows, nil
}

func proposalLine(v *page.Visit, c proposal.Call, r proposal.Row) []string {
	others, told, average, spread, sent := "", "", "", "", ""
	for i, o := range r.Others {
		if i > 0 {
			others += "; "
		}
		others += o.Name + " <" + o.Email + ">"
	}
	if r.Told != "" {
		told = v.T("proposal.state." + string(r.Told))
	}
	if len(r.Scores) > 0 && !r.By(v.Person.Email) {
		average, spread = decimal(v.Lang, r.Average), decimal(v.Lang, r.Spread)
	}
	if r.SentAt != nil {
		sent = v.Edition.Local(*r.SentAt).Format(page.SheetTime)
	}
	row := []string{r.Code, r.Title, v.T("program.kind." + string(r.Kind)), strconv.FormatInt(r.Minutes, 10), spokenName(r.Spoken), r.Name, r.Email, others,
		v.T("proposal.state." + string(r.State)), told, average, strconv.Itoa(len(r.Scores)), spread, r.Abstract, r.Biography, r.Note, sent}
	for _, field := range c.Form.Fields {
		row = append(row, v.Answer(field, r.Answers[field.Key]))
	}
	return row
}
