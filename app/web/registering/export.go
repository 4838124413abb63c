package registering

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"time"

	"github.com/gofiber/fiber/v2"

	"agora/app/door"
	"agora/app/registration"
	"agora/app/registration/form"
	"agora/app/registration/sheet"
	"agora/app/web/page"
)

// exportTime bounds the sending of a list.
const exportTime = 60 * time.Second

// export writes an edition's registrations as a list. It outlives the handler:
// the list is written while it is sent.
type export struct {
	v       *page.Visit // for words and times only; the request itself is gone
	filter  registration.Filter
	special bool
	fields  []form.Field
	holds   map[string]string
	arrived map[string]door.CheckIn
	failed  error
}

// RegistrationsCSV sends the registrations that the address asks for as a list.
func (s Pages) RegistrationsCSV(v *page.Visit) error {
	return s.export(v, "csv", "text/csv; charset=utf-8", func(x *export, w io.Writer, rows iter.Seq[[]string]) error {
		return sheet.CSV(w, x.header(), rows)
	})
}

// RegistrationsXLSX is the same as a workbook.
func (s Pages) RegistrationsXLSX(v *page.Visit) error {
	const kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
	return s.export(v, "xlsx", kind, func(x *export, w io.Writer, rows iter.Seq[[]string]) error {
		return sheet.XLSX(w, x.v.T("desk.nav_registrations"), x.header(), rows, x.numbers()...)
	})
}

func (s Pages) export(v *page.Visit, format, kind string, write func(*export, io.Writer, iter.Seq[[]string]) error) error {
	x, err := s.newExport(v)
	if err != nil {
		return err
	}
	c := v.C
	c.Set(fiber.HeaderContentType, kind)
	c.Set(fiber.HeaderCacheControl, "no-store")
	c.Set(fiber.HeaderContentDisposition, fmt.Sprintf(`attachment; filename="%s-%s-registrations.%s"`, v.Edition.Series.Slug, v.Edition.Slug, format))
	if c.Method() == fiber.MethodHead {
		return nil
	}
	n, err := s.Registrations.Count(v.Ctx, v.Edition.ID, x.filter)
	if err != nil {
		return err
	}
	if err := s.Registrations.Exported(v.Ctx, v.Edition, v.Person.ID, registration.Export{Format: format, N: n, Special: x.special}); err != nil {
		return err
	}
	from, to := io.Pipe()
	go func() {
		// An error ends the connection instead of the list: half a list must not
		// look like a whole one.
		to.CloseWithError(x.send(to, write))
	}()
	c.Context().SetBodyStream(from, -1)
	return nil
}

// newExport reads what every line needs.
func (s Pages) newExport(v *page.Visit) (*export, error) {
	x := &export{filter: listFilter(v), special: v.Query("special") != ""}
	setup, err := s.Registrations.Setup(v.Ctx, v.Edition.ID)
	if err != nil {
		return nil, err
	}
	for _, f := range setup.Form.Fields {
		if x.special || !f.Special {
			x.fields = append(x.fields, f)
		}
	}
	if x.holds, err = s.holdNames(v); err != nil {
		return nil, err
	}
	x.arrived, err = s.Door.All(v.Ctx, v.Edition.ID)
	x.v = &page.Visit{Site: v.Site, Lang: v.Lang, Edition: v.Edition, Now: v.Now}
	return x, err
}

func (x *export) send(to io.Writer, write func(*export, io.Writer, iter.Seq[[]string]) error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			x.v.Site.Log.Error("an export panicked", "panic", p)
			err = errors.New("the list could not be written")
		}
	}()
	ctx, cancel := context.WithTimeout(context.Background(), exportTime)
	defer cancel()
	err = write(x, to, x.rows(ctx))
	return errors.Join(err, x.failed)
}

var errStopped = errors.New("nobody reads any more")

func (x *export) rows(ctx context.Context) iter.Seq[[]string] {
	return func(yield func([]string) bool) {
		err := x.v.Site.Registrations.Each(ctx, x.v.Edition.ID, x.filter, func(r registration.Registration) error {
			if !yield(x.row(r)) {
				return errStopped
			}
			return nil
		})
		if !errors.Is(err, errStopped) {
			x.failed = err
		}
	}
}

// header holds the headings of which sheet.Match knows the first ones, in the
// organiser's language: the list can be sent in again as it is.
func (x *export) header() []string {
	v := x.v
	list := []string{v.T("sheet_column.name"), v.T("sheet_column.email"), v.T("sheet_column.organisation"), v.T("sheet_column.place"),
		v.T("sheet_column.language"), v.T("sheet_column.photo")}
	if x.special {
		list = append(list, v.T("sheet_column.needs"))
	}
	for _, f := range x.fields {
		list = append(list, v.Words(f.Label).Text)
	}
	return append(list, v.T("desk.state"), v.T("ticket.code"), v.T("sheet_column.came", "zone", v.Edition.Zone), v.T("sheet_column.coming"),
		v.T("sheet_column.arrived"), v.T("sheet_column.hold"), v.T("sheet_column.party"))
}

// numbers are the columns of the fields that ask for one.
func (x *export) numbers() (list []int) {
	first := 6
	if x.special {
		first++
	}
	for i, f := range x.fields {
		if f.Kind == form.Number {
			list = append(list, first+i)
		}
	}
	return list
}

func (x *export) row(r registration.Registration) []string {
	v := x.v
	at := func(t *time.Time) string {
		if t == nil {
			return ""
		}
		return v.Edition.Local(*t).Format(page.SheetTime)
	}
	row := []string{r.Name, r.Email, r.Organisation, v.T("place." + string(r.Kind)), r.Language.Name(), v.T("paper.photo_" + string(r.Photo))}
	if x.special {
		row = append(row, r.Needs)
	}
	for _, f := range x.fields {
		row = append(row, v.Answer(f, r.Answers[f.Key]))
	}
	var arrived *time.Time
	if c, in := x.arrived[r.ID]; in {
		arrived = &c.At
	}
	return append(row, stateWord(v, r), r.Code, at(&r.CreatedAt), at(r.ComingAt), at(arrived), x.holds[r.HoldID], partyCode(r))
}

// stateWord is a registration's state, of which those who wait for an organiser's
// word are one of their own.
func stateWord(v *page.Visit, r registration.Registration) string {
	if r.Pending && r.Live() {
		return v.T("desk_people.pending")
	}
	return v.T("state." + string(r.State))
}

// partyCode is alike for those who came together, and says nothing else.
func partyCode(r registration.Registration) string {
	if len(r.Party) < 8 {
		return r.Party
	}
	return r.Party[len(r.Party)-8:]
}
