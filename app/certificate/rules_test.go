package certificate_test

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"strings"
	"testing"

	"github.com/uptrace/bun"

	"agora/app/certificate"
	"agora/app/fail"
	"agora/app/file"
	"agora/app/text"
)

// Two who change the rules at once do not overwrite each other.
func TestRulesAreNotOverwritten(t *testing.T) {
	each(t, func(w *world) {
		shown, err := w.Rules(w.Context(), w.e.ID)
		w.ok(err)
		mine, theirs := shown, shown
		mine.Minutes, theirs.Minutes = 60, 90
		w.ok(w.SaveRules(w.Context(), "a", w.e, mine))
		if err := w.SaveRules(w.Context(), "b", w.e, theirs); !fail.Is(err, fail.Conflict) {
			w.Errorf("%v", err)
		}
		now := w.rules(func(r *certificate.Rules) { r.Own = text.One(text.Finnish, "Oma teksti") })
		if now.Minutes != 60 || now.Version != 2 || now.Own[text.Finnish] != "Oma teksti" {
			w.Errorf("%+v", now)
		}
	})
}

func TestRulesAreChecked(t *testing.T) {
	for field, spoil := range map[string]func(*certificate.Rules){
		"basis":          func(r *certificate.Rules) { r.Basis = "x" },
		"remote":         func(r *certificate.Rules) { r.Remote = "" },
		"minutes":        func(r *certificate.Rules) { r.Minutes = -1 },
		"remote_minutes": func(r *certificate.Rules) { r.RemoteMinutes = 0 },
		"own_fi":         func(r *certificate.Rules) { r.Own = text.One(text.Finnish, strings.Repeat("ä", 401)) },
		"signer_first":   func(r *certificate.Rules) { r.Signers = certificate.Signers{{Name: " "}} },
		"signer_first_title_sv": func(r *certificate.Rules) {
			r.Signers = certificate.Signers{{Name: "A", Title: text.One(text.Swedish, strings.Repeat("x", 81))}}
		},
	} {
		r := certificate.Rules{Basis: certificate.Stated, Remote: certificate.RemoteNone, RemoteMinutes: 60}
		if err := r.Check(); err != nil {
			t.Fatal(err)
		}
		spoil(&r)
		e, ok := fail.As(r.Check())
		if !ok || len(e.Fields[field]) == 0 {
			t.Errorf("%s: %v", field, r.Check())
		}
	}
}

// A signature is taken up with the rules and let go with them, unless another
// edition signs with it too.
func TestSignatures(t *testing.T) {
	each(t, func(w *world) {
		picture := w.signature()
		w.rules(func(r *certificate.Rules) { r.Signers = certificate.Signers{{Name: "Päivi", Picture: picture}} })
		kept := func() bool {
			f, err := w.files.ByID(w.Context(), picture)
			w.ok(err)
			return f.Kept
		}
		if !kept() {
			w.Fatal("the signature is loose")
		}
		next := w.edition("2028", day.AddDate(1, 0, 0))
		w.ok(w.db.Tx(w.Context(), func(ctx ctx, tx bun.Tx) error {
			n, err := certificate.CarryOver(ctx, tx, w.now(), w.e, next)
			if n != 1 {
				w.Errorf("%d carried", n)
			}
			return err
		}))
		w.rules(func(r *certificate.Rules) { r.Signers = nil })
		if !kept() {
			w.Error("the next edition lost its signature")
		}
		w.e = next
		if r := w.rules(func(r *certificate.Rules) { r.Signers = nil }); r.Version != 2 || kept() {
			w.Errorf("%+v, kept %v", r, kept())
		}
		foreign := w.rules(func(*certificate.Rules) {})
		foreign.Signers = certificate.Signers{{Name: "Päivi", Picture: "nothing"}}
		if err := w.SaveRules(w.Context(), "organiser", w.e, foreign); !fail.Is(err, fail.NotFound) {
			w.Errorf("a picture that is not there: %v", err)
		}
	})
}

func (w *world) signature() string {
	w.Helper()
	img := image.NewNRGBA(image.Rect(0, 0, 60, 20))
	for x := range 60 {
		img.Set(x, 10, color.NRGBA{0, 0, 120, 255})
	}
	var b bytes.Buffer
	w.ok(png.Encode(&b, img))
	f, err := w.files.TakePicture(w.Context(), w.e.ID, certificate.SignatureScope, "a.png", &b, file.Crop{})
	w.ok(err)
	return f.ID
}
