package page

import (
	"strconv"

	"agora/app/qa"
)

// FillWritten fills in the answer that somebody wrote last, published or not; nil when
// there is none yet.
func (f *Form) FillWritten(w *qa.Written) {
	f.Set("seen", "0")
	if w == nil {
		return
	}
	f.Set("seen", strconv.FormatInt(w.Version, 10)).Set("text", w.Text)
	if w.Draft != "" {
		f.Set("text", w.Draft)
	}
}
