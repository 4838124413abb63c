package page

import (
	"time"

	"agora/app/notice"
)

// frameNotice is the organisers' word to everybody, drawn above every page of the
// edition. Without one standing its place is there all the same: notice.js asks
// for news between From and To, and fills it.
type frameNotice struct {
	ID, Text, Lang string
	Href           string // where news are
	From, To       int64  // in milliseconds
}

// Around the day itself pages ask for news: from the midnight before the day that
// comes first to the one after the last.
const (
	noticeBefore = 24 * time.Hour
	noticeAfter  = 24 * time.Hour
)

// Standing is the notice that is to be shown now; none when it cannot be known: it
// must not keep a page from being shown.
func (v *Visit) Standing() notice.Notice {
	if v.Site.Notices == nil || v.Edition.ID == "" {
		return notice.Notice{}
	}
	n, err := v.Site.Notices.Standing(v.Ctx, v.Edition.ID)
	if err != nil {
		return notice.Notice{}
	}
	return n
}

func (v *Visit) frameNotice() *frameNotice {
	if v.Site.Notices == nil || v.Edition.ID == "" {
		return nil
	}
	f := &frameNotice{Href: v.Edition.Path() + "/notice.json"}
	y, m, d := v.Edition.Local(v.Edition.StartsAt).Date()
	f.From = time.Date(y, m, d, 0, 0, 0, 0, v.Edition.Location()).Add(-noticeBefore).UnixMilli()
	y, m, d = v.Edition.Local(v.Edition.EndsAt).Date()
	f.To = time.Date(y, m, d, 0, 0, 0, 0, v.Edition.Location()).Add(noticeAfter).UnixMilli()
	if n := v.Standing(); n.ID != "" {
		words := v.Words(n.Body)
		f.ID, f.Text, f.Lang = n.ID, words.Text, words.Lang
	}
	return f
}
