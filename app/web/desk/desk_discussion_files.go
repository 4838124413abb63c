package desk

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"slices"
	"time"

	"github.com/gofiber/fiber/v2"

	"agora/app/fail"
	"agora/app/paper"
	"agora/app/qa"
	"agora/app/registration/sheet"
	"agora/app/text"
	"agora/app/web/page"
)

// wanted reads what a file of the discussion is to hold: what is public, or, if the
// address asks for all, what only those see who work with it too.
func (s Pages) wanted(v *page.Visit) (*discussion, qa.Discussion, error) {
	d, err := s.discussed(v)
	if err != nil {
		return nil, qa.Discussion{}, err
	}
	view := qa.Audience
	if v.Query("all") != "" {
		view = qa.Moderator
	}
	all, err := d.read(view)
	return d, all, err
}

// table sends the discussion as a list.
func (s Pages) table(v *page.Visit, format, kind string, write func(w io.Writer, header []string, rows [][]string) error) error {
	d, all, err := s.wanted(v)
	if err != nil {
		return err
	}
	header, rows := all.Table(func(key string) string { return v.T(key) }, func(t time.Time) string { return v.Edition.Local(t).Format(page.SheetTime) })
	var b bytes.Buffer
	if err := write(&b, header, rows); err != nil {
		return err
	}
	return d.send(format, kind, b.Bytes())
}

// send sends a file whole.
func (d *discussion) send(format, kind string, content []byte) error {
	c := d.v.C
	c.Set(fiber.HeaderContentType, kind)
	c.Set(fiber.HeaderCacheControl, "no-store")
	c.Set(fiber.HeaderContentDisposition, `attachment; filename="`+d.fileName()+"."+format+`"`)
	return c.Send(content)
}

func (d *discussion) fileName() string {
	return d.v.Edition.Acronym() + "-" + text.Slug(d.x.Slug, 60) + "-" + d.v.T("discussion.file_name")
}

// DiscussionCSV sends it for a spreadsheet; nothing in it is a formula.
func (s Pages) DiscussionCSV(v *page.Visit) error {
	return s.table(v, "csv", "text/csv; charset=utf-8", func(w io.Writer, header []string, rows [][]string) error {
		return sheet.CSV(w, header, slices.Values(rows))
	})
}

// DiscussionXLSX is the same as a workbook; number and votes are numbers.
func (s Pages) DiscussionXLSX(v *page.Visit) error {
	const kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
	return s.table(v, "xlsx", kind, func(w io.Writer, header []string, rows [][]string) error {
		return sheet.XLSX(w, v.T("discussion.title"), header, slices.Values(rows), 0, 4)
	})
}

// DiscussionJSON is the same for programs.
func (s Pages) DiscussionJSON(v *page.Visit) error {
	d, all, err := s.wanted(v)
	if err != nil {
		return err
	}
	b, err := json.MarshalIndent(all, "", "  ")
	if err != nil {
		return err
	}
	return d.send("json", "application/json; charset=utf-8", b)
}

// DiscussionPDF prints it to be read.
func (s Pages) DiscussionPDF(v *page.Visit) error {
	d, all, err := s.wanted(v)
	if err != nil {
		return err
	}
	if len(all.Questions) == 0 {
		return fail.Missing("qa.room.missing")
	}
	return v.SendPDF(text.Slug(d.x.Slug, 60)+"-"+v.T("discussion.file_name"), func(ctx context.Context, b *bytes.Buffer) (paper.Report, error) {
		return s.Paper.Press.Discussion(ctx, b, d.printed(all))
	})
}

// printed puts the discussion into the words of the paper.
func (d *discussion) printed(all qa.Discussion) paper.Discussion {
	v, e := d.v, d.v.Edition
	when := ""
	if d.x.Scheduled() {
		when = text.DateTime(v.Lang, d.x.StartsAt)
	}
	out := paper.Discussion{
		Series: v.SeriesName(), Edition: e.Name(v.Lang), Title: d.v.SessionWords(d.x, d.x.Title).Text, Label: v.T("discussion.pdf_title"), When: when, Date: e.StartsAt, Accent: accent(v), Blank: v.T("discussion.pdf_blank"), Lost: v.T("discussion.pdf_lost"),
		Page: func(n, total int) string {
			return v.T("discussion.pdf_page", "n", text.Number(v.Lang, int64(n)), "total", text.Number(v.Lang, int64(total)))
		},
	}
	for _, who := range d.x.Speakers {
		out.Speakers = append(out.Speakers, who.Name)
	}
	for _, q := range all.Questions {
		one := paper.Asked{Text: q.Text, By: v.T("qa.anonymous")}
		if q.Name != nil {
			one.By = *q.Name
		}
		if q.Votes > 0 {
			one.Notes = append(one.Notes, v.T("qa.votes", "n", q.Votes))
		}
		if to := d.speaker(q.Speaker); to != "" {
			one.Notes = append(one.Notes, v.T("discussion.for", "name", to))
		}
		if !qa.Audience.Sees(q.State) {
			one.Notes = append(one.Notes, v.T("qa.state."+string(q.State)))
		}
		at := qa.StageTime(q.NowAt, q.AnsweredAt)
		switch {
		case at != nil:
			one.Remark = v.T("discussion.pdf_stage", "at", text.Clock(v.Lang, e.Local(*at)))
		case d.waits(q):
			one.Remark = v.T("discussion.pdf_open")
		}
		for _, a := range q.Answers {
			one.Answers = append(one.Answers, paper.Answered{By: a.By, Text: text.Plain(a.Text, text.Fill{})})
		}
		out.Questions = append(out.Questions, one)
	}
	return out
}
