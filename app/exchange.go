package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"
	"time"

	"agora/app/edition"
	"agora/app/fail"
	"agora/app/program"
	"agora/app/program/exchange"
	"agora/app/registration"
	"agora/app/text"
)

// ImportFile reads a schedule file into the edition named "series/edition",
// makes both when they are not there, and writes a report of what was
// understood and what was not. Without a target it is taken from the file.
func (a *App) ImportFile(ctx context.Context, r io.Reader, name, target string, report io.Writer) error {
	schedule, found, err := exchange.Read(r, name)
	if err != nil {
		return err
	}
	series, slug := targetOf(target, schedule)
	e, err := a.editionFor(ctx, series, slug, schedule)
	if err != nil {
		return err
	}
	done, err := a.Program.Import(ctx, "", e, schedule, program.ImportOptions{Release: true, Material: a.Material.Adopt})
	if err != nil {
		return err
	}
	words, err := text.Load()
	if err != nil {
		return err
	}
	fmt.Fprintf(report, "%s: %s, %d sessions, %d rooms, %d tracks, %d speakers.\n", name, found.Format, found.Sessions, found.Rooms, found.Tracks, found.Speakers)
	fmt.Fprintf(report, "Into %s/%s: %d added, %d changed, %d unchanged, %d no longer in the file.\n",
		series, slug, len(done.Added), len(done.Changed), done.Unchanged, len(done.Gone))
	for _, n := range found.Notices {
		fmt.Fprintf(report, "- %s\n", words.T(text.English, n.Kind, "n", n.Count))
		for _, example := range n.Examples {
			fmt.Fprintf(report, "    %s\n", example)
		}
	}
	return nil
}

// ExportFile writes an edition's released programme.
func (a *App) ExportFile(ctx context.Context, target, format string, w io.Writer) error {
	series, slug, _ := strings.Cut(target, "/")
	e, err := a.Editions.Find(ctx, series, slug)
	if err != nil {
		return err
	}
	p, err := a.Program.Programme(ctx, e)
	if err != nil {
		return err
	}
	x := program.Schedule(p, a.Config.BaseURL)
	if err := a.Material.Fill(ctx, p, &x); err != nil {
		return err
	}
	switch format {
	case "xml":
		return exchange.WriteXML(w, x)
	case "json":
		return exchange.WriteJSON(w, x)
	case "ics":
		c, err := a.Program.Calendar(ctx, e, a.Config.BaseURL, nil)
		if err != nil {
			return err
		}
		return exchange.WriteICS(w, c)
	}
	return errors.New("the format is xml, json or ics")
}

var trailingYear = regexp.MustCompile(`^(.*?)-?((?:19|20)\d\d)$`)

// targetOf names series and edition: as asked, or by the file's acronym, whose
// year, when it ends in one, is the edition.
func targetOf(target string, x exchange.Schedule) (series, slug string) {
	if series, slug, ok := strings.Cut(target, "/"); ok {
		return series, slug
	}
	acronym := target
	if acronym == "" {
		acronym = strings.Trim(notSlug.ReplaceAllString(strings.ToLower(x.Acronym), "-"), "-")
	}
	if m := trailingYear.FindStringSubmatch(acronym); m != nil && m[1] != "" {
		return m[1], m[2]
	}
	if acronym == "" {
		acronym = "imported"
	}
	return acronym, strconv.Itoa(x.Start.Year())
}

var notSlug = regexp.MustCompile(`[^a-z0-9]+`)

// editionFor finds the edition, or makes it for the days of the schedule. It
// takes no registrations until its organiser gives it places.
func (a *App) editionFor(ctx context.Context, series, slug string, x exchange.Schedule) (edition.Edition, error) {
	e, err := a.Editions.Find(ctx, series, slug)
	if !fail.Is(err, fail.NotFound) {
		return e, err
	}
	title := x.Title
	if title == "" {
		title = series + " " + slug
	}
	s, err := a.Editions.SeriesBySlug(ctx, series)
	if fail.Is(err, fail.NotFound) {
		s, err = a.Editions.NewSeries(ctx, "", edition.SeriesInput{Slug: series, Title: text.One(text.English, strings.ToUpper(series))})
	}
	if err != nil {
		return e, err
	}
	starts, ends := spanOf(x)
	none := int64(0)
	return a.Registrations.NewEdition(ctx, "", s, edition.Input{
		Slug: slug, Title: text.One(text.English, title), Zone: x.Location().String(), Languages: edition.Languages{text.English},
		StartsAt: starts, EndsAt: ends, OpensAt: starts.AddDate(0, -2, 0), ClosesAt: ends,
	}, map[registration.Kind]*int64{registration.Onsite: &none, registration.Remote: &none})
}

// maxSpan keeps a file with one stray date from making an edition of months.
const maxSpan = 13 * 24 * time.Hour

// spanOf is from the first session's start to the last one's end.
func spanOf(x exchange.Schedule) (starts, ends time.Time) {
	for _, s := range x.Sessions {
		if s.Start.IsZero() {
			continue
		}
		end := s.Start.Add(s.Duration)
		if starts.IsZero() || s.Start.Before(starts) {
			starts = s.Start
		}
		if end.After(ends) {
			ends = end
		}
	}
	if starts.IsZero() {
		starts = x.Start.Add(9 * time.Hour)
		ends = starts.Add(8 * time.Hour)
	}
	if !ends.After(starts) {
		ends = starts.Add(time.Hour)
	}
	if ends.Sub(starts) > maxSpan {
		ends = starts.Add(maxSpan)
	}
	return starts, ends
}
