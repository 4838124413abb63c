// Package content tells what a file is by looking inside, never by its name, and
// reads the words that are in it. It bounds what it opens before opening it:
// what people send in may be made to harm.
//
// The package owns no tables.
package content

// Kind is what a file is.
type Kind string

// The kinds that are taken.
const (
	PDF  Kind = "pdf"
	PPTX Kind = "pptx"
	PPT  Kind = "ppt"
	DOCX Kind = "docx"
	DOC  Kind = "doc"
	XLSX Kind = "xlsx"
	XLS  Kind = "xls"
	ODP  Kind = "odp"
	ODT  Kind = "odt"
	ODS  Kind = "ods"
	Key  Kind = "key"
	PNG  Kind = "png"
	JPEG Kind = "jpeg"
	WebP Kind = "webp"
	GIF  Kind = "gif"
	TXT  Kind = "txt"
	VTT  Kind = "vtt"
	SRT  Kind = "srt"
)

// kinds is all that is known of each kind.
var kinds = map[Kind]struct {
	contentType, extension string
	image, words           bool
}{
	PDF:  {"application/pdf", ".pdf", false, true},
	PPTX: {"application/vnd.openxmlformats-officedocument.presentationml.presentation", ".pptx", false, true},
	PPT:  {"application/vnd.ms-powerpoint", ".ppt", false, false},
	DOCX: {"application/vnd.openxmlformats-officedocument.wordprocessingml.document", ".docx", false, true},
	DOC:  {"application/msword", ".doc", false, false},
	XLSX: {"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", ".xlsx", false, true},
	XLS:  {"application/vnd.ms-excel", ".xls", false, false},
	ODP:  {"application/vnd.oasis.opendocument.presentation", ".odp", false, true},
	ODT:  {"application/vnd.oasis.opendocument.text", ".odt", false, true},
	ODS:  {"application/vnd.oasis.opendocument.spreadsheet", ".ods", false, true},
	Key:  {"application/vnd.apple.keynote", ".key", false, false},
	PNG:  {"image/png", ".png", true, false},
	JPEG: {"image/jpeg", ".jpg", true, false},
	WebP: {"image/webp", ".webp", true, false},
	GIF:  {"image/gif", ".gif", true, false},
	TXT:  {"text/plain; charset=utf-8", ".txt", false, true},
	VTT:  {"text/vtt; charset=utf-8", ".vtt", false, true},
	SRT:  {"application/x-subrip; charset=utf-8", ".srt", false, true},
}

// ContentType is how the kind is called on the web.
func (k Kind) ContentType() string { return kinds[k].contentType }

// Extension is how names of the kind end, with its dot.
func (k Kind) Extension() string { return kinds[k].extension }

// Image tells whether it is a picture.
func (k Kind) Image() bool { return kinds[k].image }

// Words tells whether words can be read out of it.
func (k Kind) Words() bool { return kinds[k].words }

// Known tells whether there is such a kind.
func (k Kind) Known() bool { _, known := kinds[k]; return known }
