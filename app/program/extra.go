package program

import (
	"database/sql/driver"

	"agora/app/db"
	"agora/app/text"
)

// Extra is what schedule files say of a session or speaker and what nothing
// here asks for by itself, so that an export gives back what was imported.
type Extra struct {
	// FileVersion is the session's version as a file last left it; 0 for what
	// was made here.
	FileVersion int64 `json:"file_version,omitempty"`
	// Number and Word are the file's own id and its own word for the kind.
	Number int64  `json:"number,omitempty"`
	Word   string `json:"word,omitempty"`
	// TextKey is the language the file's texts are stored under; TextLanguage
	// is the one they are really in, when it is none of the program's.
	TextKey      text.Lang `json:"text_key,omitempty"`
	TextLanguage string    `json:"text_language,omitempty"`

	// Minutes is how long a session without a slot is meant to take; 0 is as long
	// as others.
	Minutes int64 `json:"minutes,omitempty"`

	// Open is the title of an empty session that a planned edition was given, as
	// long as nobody has named it.
	Open text.Texts `json:"open,omitempty"`

	URL              string `json:"url,omitempty"`
	RecordingURL     string `json:"recording_url,omitempty"`
	RecordingLicense string `json:"recording_license,omitempty"`
	DoNotRecord      bool   `json:"do_not_record,omitempty"`
	Links            []Link `json:"links,omitempty"`
	Attachments      []Link `json:"attachments,omitempty"`
}

// Link is an address with its title. Kind is one of the words of schedule
// files (slides, paper, web, …) or empty.
type Link struct {
	Title string `json:"title,omitempty"`
	URL   string `json:"url"`
	Kind  string `json:"kind,omitempty"`
}

// Value stores the extra as JSON.
func (x Extra) Value() (driver.Value, error) { return db.ValueJSON(x) }

// Scan reads what Value stored.
func (x *Extra) Scan(src any) error {
	*x = Extra{}
	return db.ScanJSON(src, x)
}
