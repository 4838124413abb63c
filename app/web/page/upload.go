package page

import (
	"encoding/base64"
	"io"
	"maps"
	"mime/multipart"
	"net/url"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"agora/app/fail"
	"agora/app/file"
	"agora/app/file/content"
	"agora/app/text"
	"agora/templates"
)

// SentSuffix ends the name of the control that a file comes in with a plain form:
// beside the hidden field "file" stands the control "file_upload".
const SentSuffix = "_upload"

// dropSuffix ends the name of the box that says not to use what was sent before.
const dropSuffix = "_drop"

// Upload draws a field that takes a file. base is where parts are sent to
// ("/desk/…/uploads?for=session:ID"); kinds are what to offer, none for all. The
// form is multipart, and its page loads the script "upload" (Frame.Scripts); see the template
// part "upload".
func (f *Form) Upload(name, label, base string, kinds ...file.Kind) templates.Upload {
	u := templates.Upload{Name: name, Label: f.V.T(label), Action: base, Value: f.Get(name), Sent: f.Get(name + "_name"),
		Errors: f.Errors(name), Max: file.MaxFile}
	f.Draws(name, u.Label, name+SentSuffix)
	u.Hint = f.V.T("file.limit", "max", file.MaxFile>>20)
	if f.V.Site.Words.Has(f.V.Lang, label+"_hint") {
		u.Hint = f.V.T(label + "_hint")
	}
	accept := make([]string, 0, len(kinds))
	for _, k := range kinds {
		accept = append(accept, k.Extension(), k.ContentType())
	}
	u.Accept = strings.Join(accept, ",")
	return u
}

// SentWith reads a form with a file that is looked at and not kept: its values, and
// the file's name and bytes. Without a file the bytes are nil.
func (v *Visit) SentWith(field string) (f *Form, name string, content []byte, err error) {
	f = v.Blank()
	sent, err := v.C.MultipartForm()
	if err != nil { // no form with files: what else was sent, if anything
		return v.Sent(), "", nil, nil
	}
	for key, values := range sent.Value {
		if len(values) > 0 {
			f.Values[key] = values[0]
		}
	}
	if len(sent.File[field]) == 0 || sent.File[field][0].Size == 0 {
		return f, "", nil, nil
	}
	name, content, err = readPart(sent.File[field][0])
	return f, name, content, err
}

func readPart(part *multipart.FileHeader) (string, []byte, error) {
	file, err := part.Open()
	if err != nil {
		return "", nil, err
	}
	defer file.Close()
	content, err := io.ReadAll(file)
	name, ok := text.Clean(part.Filename)
	if !ok {
		name = "file"
	}
	return name, content, err
}

// ColumnField is the field that says what a column of a table sent in holds.
func ColumnField(i int) string { return "col_" + strconv.Itoa(i) }

// File gives the id of the file that a form brings under a name, sent before in
// parts or along with the form; "" when there is none. What is wrong with it is
// Invalid with the field's name. The area takes it up with file.Keep.
func (f *Form) File(v *Visit, name, editionID, scope string) (id string, err error) {
	got, ok, err := f.sentAlong(v, name, editionID, scope)
	if err != nil || ok {
		return got.ID, f.about(name, err)
	}
	if f.Has(name + dropSuffix) {
		f.Set(name, "").Set(name+dropSuffix, "")
	}
	if id = f.Get(name); id == "" {
		return "", nil
	}
	got, err = v.Site.Files.ByID(v.Ctx, id)
	if fail.Is(err, fail.NotFound) || err == nil && (got.EditionID != editionID || got.Scope != scope) {
		f.Set(name, "")
		return "", fail.Wrong(name, "file.gone_again")
	}
	f.Set(name+"_name", got.Name)
	return id, err
}

// sentAlong takes a file that came with the form itself, and keeps its id in the
// form: whatever else is wrong, it need not be sent again.
func (f *Form) sentAlong(v *Visit, name, editionID, scope string) (got file.File, ok bool, err error) {
	called, r, ok, err := v.SentFile(name + SentSuffix)
	if err != nil || !ok {
		return got, ok, err
	}
	defer r.Close()
	if got, err = v.Site.Files.Take(v.Ctx, editionID, scope, called, r); err == nil {
		f.Set(name, got.ID).Set(name+"_name", got.Name)
	}
	return got, true, err
}

// about tells what is wrong with a file beside the field it came in.
func (f *Form) about(name string, err error) error {
	e, ok := fail.As(err)
	if !ok || e.Kind != fail.Invalid || name == content.Field {
		return err
	}
	moved := *e
	moved.Fields = maps.Clone(e.Fields)
	moved.Fields[name] = append(moved.Fields[name], moved.Fields[content.Field]...)
	delete(moved.Fields, content.Field)
	return &moved
}

// SentFile gives a file that came along with a plain form; ok is false when
// there is none.
func (v *Visit) SentFile(field string) (name string, r io.ReadCloser, ok bool, err error) {
	sent, err := v.C.MultipartForm()
	if err != nil || len(sent.File[field]) == 0 {
		return "", nil, false, nil //nolint:nilerr // a form without files
	}
	head := sent.File[field][0]
	if head.Size == 0 && head.Filename == "" {
		return "", nil, false, nil
	}
	r, err = head.Open()
	return head.Filename, r, err == nil, err
}

// Sending in parts is tus 1.0.0 (https://tus.io/protocols/resumable-upload) with
// its extensions creation and termination, so that programs which speak it may
// send too; they have to be told to send parts of at most file.MaxPart.
const (
	tusVersion = "1.0.0"
	tusParts   = "application/offset+octet-stream"
	// FileHeader names the id of the file that the last part has made.
	FileHeader = "Agora-File"
)

// UploadBegin opens a sending in parts, UploadState tells how far it came,
// UploadPart takes the next part and UploadAbort ends it. They are mounted as
// {post BASE/uploads}, {head, patch, del BASE/uploads/:upload}; who may send for
// a scope of an edition is decided by the caller.
func (v *Visit) UploadBegin(editionID, scope string) error {
	return v.tus(func() error {
		size, err := strconv.ParseInt(v.C.Get("Upload-Length"), 10, 64)
		if err != nil || size < 0 {
			return fail.Wrong(content.Field, "file.failed")
		}
		u, err := v.Site.Files.Begin(v.Ctx, editionID, scope, tusName(v.C.Get("Upload-Metadata")), size)
		if err != nil {
			return tooLarge(err)
		}
		where := localPath(v.C.Path()) + "/" + u.ID
		if asked := v.Query("for"); asked != "" {
			where += "?for=" + url.QueryEscape(asked)
		}
		v.C.Set(fiber.HeaderLocation, where)
		v.uploadHeaders(u)
		return v.C.SendStatus(fiber.StatusCreated)
	})
}

// UploadState answers HEAD.
func (v *Visit) UploadState(editionID, scope string) error {
	return v.tusOn(editionID, scope, func(u file.Upload) error {
		v.uploadHeaders(u)
		v.C.Set("Upload-Length", strconv.FormatInt(u.Size, 10))
		return v.C.SendStatus(fiber.StatusOK)
	})
}

// UploadPart answers PATCH.
func (v *Visit) UploadPart(editionID, scope string) error {
	return v.tusOn(editionID, scope, func(u file.Upload) error {
		if v.C.Get(fiber.HeaderContentType) != tusParts {
			return v.C.SendStatus(fiber.StatusUnsupportedMediaType)
		}
		offset, err := strconv.ParseInt(v.C.Get("Upload-Offset"), 10, 64)
		if err != nil || offset < 0 {
			return fail.Wrong(content.Field, "file.failed")
		}
		// Where the sending stands goes with a refusal too: it spares a question.
		v.uploadHeaders(u)
		if u, err = v.Site.Files.Append(v.Ctx, u.ID, scope, offset, v.C.Request().Body()); err != nil {
			return err
		}
		v.uploadHeaders(u)
		return v.C.SendStatus(fiber.StatusNoContent)
	})
}

// UploadAbort answers DELETE.
func (v *Visit) UploadAbort(editionID, scope string) error {
	return v.tusOn(editionID, scope, func(u file.Upload) error {
		if err := v.Site.Files.Abort(v.Ctx, u.ID, scope); err != nil {
			return err
		}
		return v.C.SendStatus(fiber.StatusNoContent)
	})
}

// tus sees that both sides speak the same version. A program is answered, so what
// goes wrong is JSON.
func (v *Visit) tus(act func() error) error {
	v.api = true
	v.C.Set("Tus-Resumable", tusVersion)
	if v.C.Get("Tus-Resumable") != tusVersion {
		v.C.Set("Tus-Version", tusVersion)
		return v.C.SendStatus(fiber.StatusPreconditionFailed)
	}
	v.C.Set("Tus-Extension", "creation,termination")
	v.C.Set("Tus-Max-Size", strconv.Itoa(file.MaxFile))
	return act()
}

// tusOn acts on the sending of the address, which has to be of the edition.
func (v *Visit) tusOn(editionID, scope string, act func(file.Upload) error) error {
	return v.tus(func() error {
		u, err := v.Site.Files.Uploading(v.Ctx, v.Param("upload"), scope)
		if err == nil && u.EditionID != editionID {
			err = fail.Missing("file.upload_gone")
		}
		if err != nil {
			return err
		}
		return act(u)
	})
}

func (v *Visit) uploadHeaders(u file.Upload) {
	v.C.Set(fiber.HeaderCacheControl, "no-store")
	v.C.Set("Upload-Offset", strconv.FormatInt(u.Received, 10))
	if u.FileID != "" {
		v.C.Set(FileHeader, u.FileID)
	}
}

// tooLarge gives what is too large its own status, which programs know.
func tooLarge(err error) error {
	if e, ok := fail.As(err); ok && e.Kind == fail.Invalid {
		for _, p := range e.Fields[content.Field] {
			if p.Key == "file.too_large" {
				return &fail.Error{Kind: fail.TooLarge, Key: p.Key, Args: p.Args, Fields: e.Fields}
			}
		}
	}
	return err
}

// tusName finds the name of the file in what a sender tells of it.
func tusName(metadata string) string {
	for pair := range strings.SplitSeq(metadata, ",") {
		key, value, _ := strings.Cut(strings.TrimSpace(pair), " ")
		if key != "filename" && key != "name" {
			continue
		}
		if name, err := base64.StdEncoding.DecodeString(value); err == nil && PlainText(string(name)) {
			return string(name)
		}
	}
	return ""
}
