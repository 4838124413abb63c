package web

import (
	"strconv"
	"time"

	"agora/app/edition"
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

func (s *Site) seriesForm(v *visit) error {
	return v.seriesFormPage(v.blank().set("accent", "#0d5c52").set("week", "4").set("day", "1").set("month", "1"))
}

func (s *Site) seriesCreate(v *visit) error {
	f := v.sent()
	in := edition.SeriesInput{Slug: f.get("slug"), Title: f.texts("title"), About: f.texts("about"),
		Hashtag: f.get("hashtag"), Accent: f.get("accent"), DateRule: f.rule()}
	var one edition.Series
	err := in.Check()
	if err == nil && len(f.problems) == 0 {
		one, err = s.Editions.NewSeries(v.ctx, v.person.ID, in)
	}
	if bad, err := f.failed(err); bad {
		if err != nil {
			return err
		}
		return v.seriesFormPage(f)
	}
	return v.redirect("/desk/" + one.Slug + "/new")
}

// rule reads the three choices of a rule; without a week there is none.
func (f *form) rule() edition.Rule {
	week, err := strconv.Atoi(f.get("week"))
	if err != nil {
		return ""
	}
	day, errDay := strconv.Atoi(f.get("day"))
	month, errMonth := strconv.Atoi(f.get("month"))
	if errDay != nil || errMonth != nil || day < 0 || day > 6 || month < 1 || month > 12 {
		f.note("week", "edition.rule_form")
		return ""
	}
	return edition.NewRule(time.Month(month), week, time.Weekday(day))
}

func (v *visit) seriesFormPage(f *form) error {
	langs := langsOf(edition.Edition{})
	p := seriesFormPage{
		Titles: f.textFields("title", "text", "series_form.name", langs), Slug: f.field("slug", "text", "series_form.slug"),
		Abouts: f.textFields("about", "textarea", "series_form.about", langs),
		Week:   f.field("week", "select", "series_form.week"), Day: f.field("day", "select", "series_form.day"), Month: f.field("month", "select", "series_form.month"),
		Hashtag: f.field("hashtag", "text", "series_form.hashtag"), Accent: f.field("accent", "text", "series_form.accent"),
	}
	p.Problems = f.summary()
	p.Week.Options = append(p.Week.Options, templates.Option{Text: v.t("series_form.no_rule")})
	for _, n := range []int{1, 2, 3, 4, -1} {
		p.Week.Options = append(p.Week.Options, templates.Option{Value: strconv.Itoa(n), Text: v.t("rule.week_" + weekName(n))})
	}
	for d := range 7 {
		day := time.Weekday((d + 1) % 7)
		p.Day.Options = append(p.Day.Options, templates.Option{Value: strconv.Itoa(int(day)), Text: v.t("rule.day_" + dayName(day))})
	}
	for m := time.January; m <= time.December; m++ {
		p.Month.Options = append(p.Month.Options, templates.Option{Value: strconv.Itoa(int(m)), Text: v.t("rule.month_" + monthName(m))})
	}
	return v.render("desk/series_form", v.t("desk.new_series"), p)
}
