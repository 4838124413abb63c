package live

import (
	"cmp"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"agora/app/db"
	"agora/app/qa"
	"agora/app/web/page"
)

// ModerateAct does by form what the script does over the socket.
func (s Pages) ModerateAct(v *page.Visit) error {
	return s.atDesk(v, func(d moderateDesk) error { return d.act(v.Sent()) })
}

func (d moderateDesk) act(f *page.Form) error {
	v := d.v
	r := moderateRequest(f)
	if err := d.chooseTarget(&r); err != nil {
		return err
	}
	ack := d.QA.Do(v.Ctx, d.viewer(), r)
	if ack.Code == "" {
		if len(ack.Left) > 0 {
			v.Say("info", "flash.moderate_left")
		}
		return v.Redirect(d.back(f, r))
	}
	if err := notDone(f, ack); err != nil {
		return err
	}
	if f.Has("one") {
		return d.showOne(r.Question, f)
	}
	return d.show(f)
}

// back leads to the question in its list, or to what the act was about.
func (d moderateDesk) back(f *page.Form, r qa.Request) string {
	switch {
	case r.Do == qa.ActTell || r.Do == qa.ActUntell:
		return d.base + "#stage"
	case r.Do == qa.ActLabel || r.Do == qa.ActAddress || r.Do == qa.ActBlock || r.Do == qa.ActUnblock:
		return d.base + "/questions/" + url.PathEscape(r.Question)
	case r.Question != "" && len(r.Questions) == 0:
		return d.base + "#q-" + url.PathEscape(r.Question)
	}
	return d.base
}

// moderateRequest reads an act from a form. One form holds several buttons, and its
// key stands for one press of one of them with the same texts.
func moderateRequest(f *page.Form) qa.Request {
	r := qa.Request{
		Do: qa.Act(f.Get("do")), Question: f.Get("question"), Text: f.Values["text"], Reason: f.Values["reason"], Speaker: f.Get("speaker"),
		Message: f.Get("message"), Source: qa.Source(f.Get("source")), Questions: ticked(f, "questions_"), Labels: ticked(f, "labels_"),
	}
	if r.Do != qa.ActMerge && r.Question != "" {
		r.Questions = nil
	}
	if was, sent := f.Values["was"]; sent {
		was = strings.ReplaceAll(was, "\r\n", "\n")
		r.Was = &was
	}
	if name := f.Get("name"); name != "" {
		r.Name = &name
	}
	if r.Do == qa.ActSplit {
		r.Texts = []string{f.Values["text_1"], f.Values["text_2"]}
	}
	if n, err := strconv.Atoi(f.Get("position")); err == nil {
		r.Position = n
	}
	press := slices.Concat([]string{f.Key(), string(r.Do), r.Question, r.Text, r.Reason, r.Speaker, r.Message, f.Get("position"), f.Get("name")}, r.Questions, r.Labels, r.Texts)
	r.Op = db.HashBody(press)[:32]
	return r
}

// ticked are the boxes of a group that were.
func ticked(f *page.Form, prefix string) (list []string) {
	for key := range f.Values {
		if id, ok := strings.CutPrefix(key, prefix); ok && id != "" {
			list = append(list, id)
		}
	}
	slices.Sort(list)
	return list
}

// chooseTarget names the question that ticked ones are merged into.
func (d moderateDesk) chooseTarget(r *qa.Request) error {
	if r.Do != qa.ActMerge || r.Question != "" || len(r.Questions) < 2 {
		return nil
	}
	all, err := d.QA.Seen(d.v.Ctx, d.x.ID, qa.Moderator)
	if err != nil {
		return err
	}
	var best qa.Question
	for _, q := range all {
		if slices.Contains(r.Questions, q.ID) && (best.ID == "" || preferred(q, best)) {
			best = q
		}
	}
	r.Question = cmp.Or(best.ID, r.Questions[0])
	r.Questions = slices.DeleteFunc(r.Questions, func(id string) bool { return id == r.Question })
	return nil
}
