package desk

import (
	"strconv"
	"time"

	"agora/app/edition"
	"agora/app/web/page"
	"agora/templates"
)

// seriesFormPage makes a series: its names, its address, and the rule by which
// it picks its date.
type seriesFormPage struct {
	Problems []templates.Problem
	Titles   []templates.Field
	Abouts   []templates.Field
	Slug     templates.Field
	Hashtag  templates.Field
	Accent   templates.Field
	Week     templates.Field
	Day      templates.Field
	Month    templates.Field
}

// SeriesForm asks about a new series.
func (s Pages) SeriesForm(v *page.Visit) error {
	return newSeriesFormPage(v, v.Blank().Set("accent", "#0d5c52").Set("week", "4").Set("day", "1").Set("month", "1"))
}

// SeriesCreate makes it.
func (s Pages) SeriesCreate(v *page.Visit) error {
	f := v.Sent()
	in := edition.SeriesInput{Slug: f.Get("slug"), Title: f.Texts("title"), About: f.Texts("about"),
		Hashtag: f.Get("hashtag"), Accent: f.Get("accent"), DateRule: rule(f)}
	var one edition.Series
	err := in.Check()
	if err == nil && len(f.Problems) == 0 {
		one, err = s.Editions.NewSeries(v.Ctx, v.Person.ID, in)
	}
	if bad, err := f.Failed(err); bad {
		if err != nil {
			return err
		}
		return newSeriesFormPage(v, f)
	}
	return v.Redirect("/desk/" + one.Slug + "/new")
}

// rule reads the three choices of a rule; without a week there is none.
func rule(f *page.Form) edition.Rule {
	week, err := strconv.Atoi(f.Get("week"))
	if err != nil {
		return ""
	}
	day, errDay := strconv.Atoi(f.Get("day"))
	month, errMonth := strconv.Atoi(f.Get("month"))
	if errDay != nil || errMonth != nil || day < 0 || day > 6 || month < 1 || month > 12 {
		f.Note("week", "edition.rule_form")
		return ""
	}
	return edition.NewRule(time.Month(month), week, time.Weekday(day))
}

func newSeriesFormPage(v *page.Visit, f *page.Form) error {
	langs := page.FormLangs(edition.Edition{})
	p := seriesFormPage{
		Titles: f.TextFields("title", "text", "series_form.name", langs), Slug: f.Field("slug", "text", "series_form.slug"),
		Abouts: f.TextFields("about", "textarea", "series_form.about", langs),
		Week:   f.Field("week", "select", "series_form.week"), Day: f.Field("day", "select", "series_form.day"), Month: f.Field("month", "select", "series_form.month"),
		Hashtag: f.Field("hashtag", "text", "series_form.hashtag"), Accent: f.Field("accent", "text", "series_form.accent"),
	}
	p.Problems = f.Summary()
	p.Week.Options = append(p.Week.Options, templates.Option{Text: v.T("series_form.no_rule")})
	for _, n := range []int{1, 2, 3, 4, -1} {
		p.Week.Options = append(p.Week.Options, templates.Option{Value: strconv.Itoa(n), Text: v.T("rule.week_" + page.WeekName(n))})
	}
	for d := range 7 {
		day := time.Weekday((d + 1) % 7)
		p.Day.Options = append(p.Day.Options, templates.Option{Value: strconv.Itoa(int(day)), Text: v.T("rule.day_" + page.DayName(day))})
	}
	for m := time.January; m <= time.December; m++ {
		p.Month.Options = append(p.Month.Options, templates.Option{Value: strconv.Itoa(int(m)), Text: v.T("rule.month_" + page.MonthName(m))})
	}
	return v.Render("desk/series_form", v.T("desk.new_series"), p)
}
