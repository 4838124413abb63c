package templates

// Upload is a field that takes a file. With scripts it is sent in parts to Action
// and its id goes into the hidden field Name; without, it comes along with the
// form, which has to be multipart, as Name + "_upload". Value and Sent are the id
// and the name of what is there already.
type Upload struct {
	Name, Label, Hint, Action, Accept string
	Value, Sent                       string
	Errors                            []string
	Required, Optional                bool
	// Max is the largest file that is taken, in bytes.
	Max int64
}

// MaxMB is Max for people.
func (u Upload) MaxMB() int64 { return u.Max >> 20 }
