package desk

import (
	"bytes"
	"path"
	"slices"
	"strings"

	"agora/app/fail"
	"agora/app/qa"
	"agora/app/registration/sheet"
	"agora/app/text"
	"agora/app/web/page"
	"agora/templates"
)

// discussionImportPage takes questions with their answers from a file or a pasted
// list, shows how they were understood, and what became of them.
type discussionImportPage struct {
	Top      discussionTop
	Problems []templates.Problem
	Action   string
	File     templates.Field
	Paste    templates.Field
	Read     *discussionRead
	Taken    *discussionTaken
}

// discussionRead is a list as it was understood.
type discussionRead struct {
	Name     string
	Table    bool
	Columns  []templates.Field
	Bad      []page.ListLine // stops the list
	Left     []page.ListLine // does not, and is told
	Rows     []discussionPreview
	Answers  int
	Compared qa.Compared
	Replace  templates.Field
	Refused  []string // speakers whose answers will not be shown
	Skipped  string   // columns that are left out although they hold something
	Ready    bool

	list []qa.Collected
	rows []qa.Row
}

type discussionPreview struct {
	Line int
	Row  discussionRow
}

// discussionTaken is what became of a list.
type discussionTaken struct {
	New, Known, Answers, Kept int
}

// sourceOf is a list on its way in. What came as a file goes on as text, so that it
// can be mended on the page.
type sourceOf struct {
	name string
	text string
	grid []qa.Row // nil: a text of paragraphs
}

// DiscussionImportForm asks for a list.
func (s Pages) DiscussionImportForm(v *page.Visit) error {
	d, err := s.discussed(v)
	if err != nil {
		return err
	}
	return d.importPage(v.Blank(), discussionImportPage{})
}

func (d *discussion) importPage(f *page.Form, p discussionImportPage) error {
	v := d.v
	p.Top, p.Action = d.top(), d.self+"/import"
	p.File, p.Paste = f.Field("file", "file", "discussion.file"), f.Field("paste", "textarea", "discussion.paste")
	p.Paste.Rows, p.Paste.Hint, p.Paste.Value = 12, v.T("discussion.paste_hint"), f.Values["paste"]
	if p.Read != nil {
		d.drawColumns(f, p.Read)
		p.Read.Replace = f.Field("replace", "checkbox", "discussion.replace")
		p.Read.Replace.Checked = f.Has("replace")
	}
	p.Problems = f.Summary()
	return v.Render("desk/discussion_import", v.T("discussion.import"), p)
}

// DiscussionImport reads a list and shows it, or takes it over. Taking the same list
// again changes nothing.
func (s Pages) DiscussionImport(v *page.Visit) error {
	d, err := s.discussed(v)
	if err != nil {
		return err
	}
	f, name, content, err := v.SentWith("file")
	if err != nil {
		return err
	}
	source, err := d.source(f, name, content)
	if bad, err := f.Failed(err); bad {
		if err != nil {
			return err
		}
		return d.importPage(f, discussionImportPage{})
	}
	r, err := d.readList(f, source)
	if bad, err := f.Failed(err); bad {
		if err != nil {
			return err
		}
		return d.importPage(f, discussionImportPage{Read: r})
	}
	if f.Get("do") != "take" {
		return d.importPage(f, discussionImportPage{Read: r})
	}
	if !r.Ready {
		v.C.Status(page.Statuses[fail.Invalid])
		return d.importPage(f, discussionImportPage{Read: r})
	}
	return d.take(f, r)
}

func (d *discussion) take(f *page.Form, r *discussionRead) error {
	list := r.Compared.Taking(f.Has("replace"))
	done, err := d.QA.CollectBy(d.v.Ctx, d.v.Person.ID, d.x.ID, list)
	if err != nil {
		return err
	}
	taken := &discussionTaken{New: done.New, Known: done.Known}
	for _, c := range list {
		taken.Answers += len(c.Answers)
	}
	if !f.Has("replace") {
		taken.Kept = len(r.Compared.Differ)
	}
	return d.importPage(d.v.Blank(), discussionImportPage{Taken: taken})
}

// source finds out what was sent: a table, or paragraphs of text.
func (d *discussion) source(f *page.Form, name string, content []byte) (sourceOf, error) {
	pasted := content == nil
	if pasted {
		content = []byte(f.Values["paste"])
	}
	if len(bytes.TrimSpace(content)) == 0 {
		return sourceOf{}, fail.Wrong("paste", "discussion.missing")
	}
	src := sourceOf{name: name, text: string(content)}
	certain := pasted && f.Get("as") == "table" || !pasted && isTableFile(name, content)
	if pasted && f.Get("as") == "text" {
		return src, nil
	}
	grid, err := sheet.ReadGrid(tableName(pasted, name), content)
	if err != nil {
		if certain {
			return src, err
		}
		return d.asText(f, src)
	}
	rows := make([]qa.Row, len(grid.Rows))
	for i, r := range grid.Rows {
		rows[i] = qa.Row{Line: r.Line, Cells: r.Cells}
	}
	if !certain && !looksTabular(src.text, rows) {
		return d.asText(f, src)
	}
	if src.grid = rows; !pasted {
		var b bytes.Buffer
		if err := sheet.CSV(&b, rows[0].Cells, func(yield func([]string) bool) {
			for _, r := range rows[1:] {
				if !yield(r.Cells) {
					return
				}
			}
		}); err != nil {
			return src, err
		}
		src.text = strings.ReplaceAll(strings.TrimPrefix(b.String(), "\ufeff"), "\r\n", "\n")
	}
	f.Set("paste", src.text).Set("as", "table")
	return src, nil
}

func (d *discussion) asText(f *page.Form, src sourceOf) (sourceOf, error) {
	clean, ok := text.Clean(src.text)
	if !ok {
		return src, fail.Wrong("file", "sheet.not_a_list")
	}
	src.text = clean
	f.Set("paste", clean).Set("as", "text")
	return src, nil
}

// tableName is the name that the reader goes by; what was pasted has none.
func tableName(pasted bool, name string) string {
	if pasted {
		return ""
	}
	return name
}

func isTableFile(name string, content []byte) bool {
	known := []string{".csv", ".tsv", ".tab", ".xlsx", ".xlsm", ".xls", ".ods"}
	return slices.Contains(known, strings.ToLower(path.Ext(name))) || bytes.HasPrefix(content, []byte("PK\x03\x04"))
}

// looksTabular tells rows of a spreadsheet from paragraphs that hold commas: there
// are headings we know over several columns, or the tabs that spreadsheets copy.
func looksTabular(s string, rows []qa.Row) bool {
	if i := qa.HeadOf(rows); i >= 0 && filled(rows[i].Cells) > 1 {
		return true
	}
	return strings.Count(s, "\t") > 1 && filled(rows[0].Cells) > 1
}

func filled(cells []string) (n int) {
	for _, c := range cells {
		if strings.TrimSpace(c) != "" {
			n++
		}
	}
	return n
}

// readList understands a list and compares it with what is here. An error is about
// the list as a whole; r is there in any case.
func (d *discussion) readList(f *page.Form, src sourceOf) (*discussionRead, error) {
	var voices []qa.Voice
	for _, who := range d.x.Speakers {
		voices = append(voices, qa.Voice{ID: who.ID, Name: who.Name})
	}
	r := &discussionRead{Name: src.name, Table: src.grid != nil}
	var u qa.Understood
	if r.Table {
		u = d.understandTable(f, r, src.grid, voices)
	} else {
		u = qa.UnderstandText(src.text, voices)
	}
	r.list = d.withoutNobody(u.List)
	for _, p := range u.Problems {
		line := page.ListLine{Line: p.Line, Text: d.v.Sentence(p.Key, p.Args)}
		if p.Key == "qa.import.whose_answers" || p.Key == "qa.import.no_headings" {
			r.Bad = append(r.Bad, line)
		} else {
			r.Left = append(r.Left, line)
		}
	}
	if len(r.list) == 0 {
		r.Bad = append(r.Bad, page.ListLine{Text: d.v.T("discussion.nothing")})
	}
	compared, err := d.QA.Compare(d.v.Ctx, d.x.ID, r.list)
	if e, ok := fail.As(err); ok && e.Kind == fail.Invalid {
		r.wrong(d.v, e)
		err = nil
	}
	r.Compared = compared
	d.previews(r)
	r.Ready = err == nil && len(r.Bad) == 0 && len(f.Problems) == 0
	return r, err
}
