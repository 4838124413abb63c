package page

import (
	"io"
	"strings"

	"agora/app/fail"
	"agora/app/file"
	"agora/templates"
)

// SentSuffix ends the name of the control that a file comes in with a plain form:
// beside the hidden field "file" stands the control "file_upload".
const SentSuffix = "_upload"

// Upload draws a field that takes a file. base is where parts are sent to
// ("/desk/…/uploads?for=session:ID"); kinds are what to offer, none for all.
// A form with it is multipart and loads UploadScript (see templates' "upload").
func (f *Form) Upload(name, label, base string, kinds ...file.Kind) templates.Upload {
	u := templates.Upload{Name: name, Label: f.V.T(label), Action: base, Value: f.Get(name), Sent: f.Get(name + "_name"),
		Errors: f.Errors(name), Max: file.MaxFile}
	f.Draws(name, u.Label, name+SentSuffix)
	if f.V.Site.Words.Has(f.V.Lang, label+"_hint") {
		u.Hint = f.V.T(label + "_hint")
	}
	accept := make([]string, 0, len(kinds))
	for _, k := range kinds {
		accept = append(accept, k.Extension())
	}
	u.Accept = strings.Join(accept, ",")
	return u
}

// File gives the id of the file that a form brings under a name, sent before in
// parts or along with the form; "" when there is none. What is wrong with it is
// Invalid with the field's name. The area takes it up with file.Keep.
func (f *Form) File(v *Visit, name, editionID, scope string) (id string, err error) {
	return "", fail.Missing("file.missing")
}

// SentFile gives a file that came along with a plain form; ok is false when
// there is none.
func (v *Visit) SentFile(field string) (name string, r io.ReadCloser, ok bool, err error) {
	return "", nil, false, nil
}

// UploadBegin opens a sending in parts, UploadState tells how far it came,
// UploadPart takes the next part and UploadAbort ends it. They are mounted as
// {post BASE/uploads}, {head, patch, delete BASE/uploads/:upload}; who may send
// for a scope is decided by the caller.
func (v *Visit) UploadBegin(editionID, scope string) error { return fail.Missing("file.upload_gone") }

// UploadState answers HEAD.
func (v *Visit) UploadState(scope string) error { return fail.Missing("file.upload_gone") }

// UploadPart answers PATCH.
func (v *Visit) UploadPart(scope string) error { return fail.Missing("file.upload_gone") }

// UploadAbort answers DELETE.
func (v *Visit) UploadAbort(scope string) error { return fail.Missing("file.upload_gone") }

// SendFile sends a stored file, or the part of it that is asked for. Only a PDF
// shows in our own pages; everything else is for saving. cache is its
// Cache-Control.
func (v *Visit) SendFile(f file.File, download bool, cache string) error {
	return fail.Missing("file.missing")
}
