package live

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"regexp"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"agora/app/account"
	"agora/app/edition"
	"agora/app/fail"
	"agora/app/program"
	"agora/app/qa"
	"agora/app/text"
	"agora/app/web/page"
	"agora/realtime"
)

const (
	// voterCookie tells one browser from another, so that a vote counts once. It
	// is chance alone: nothing leads from it to a person, signed in or not.
	voterCookie = "agora_voter"
	voterLife   = 180 * 24 * time.Hour // questions are asked weeks before the day

	// An audience's pass lasts for the day; one that shows more is asked for
	// again every hour, with the login.
	audiencePass = 12 * time.Hour
	staffPass    = time.Hour
)

var voterForm = regexp.MustCompile(`^[A-Z2-7]{26}$`)

// voter is the visitor's key in one room: the same for every page and tab, and
// another in each room, so that rooms cannot be put side by side.
func voter(v *page.Visit, room string) string {
	cookie, _ := v.C.Locals(voterCookie).(string) // made in this very request
	if cookie == "" {
		cookie = v.C.Cookies(voterCookie)
	}
	if !voterForm.MatchString(cookie) {
		cookie = rand.Text()
		v.SetCookie(voterCookie, cookie, voterLife, true)
		v.C.Locals(voterCookie, cookie)
	}
	mac := hmac.New(sha256.New, liveKey(v.Site.Config.Secret, "voter"))
	mac.Write([]byte(room + "\x00" + cookie))
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil)[:18])
}

// viewer is the visitor in a room.
func viewer(v *page.Visit, room string, view qa.View) qa.Viewer {
	return qa.Viewer{Room: room, View: view, Voter: voter(v, room), Person: v.Person.ID}
}

// pass signs what the visitor may see of a room.
func pass(v *page.Visit, room string, view realtime.View) (string, time.Time) {
	life := audiencePass
	if view != realtime.Audience {
		life = staffPass
	}
	p := realtime.Pass{Room: room, View: view, Voter: voter(v, room), Person: v.Person.ID, Lang: string(v.Lang), Expires: v.Now.Add(life)}
	return p.Sign(liveKey(v.Site.Config.Secret, "pass")), p.Expires
}

// passAnswer is what a program gets; the pass goes into the websocket's second
// subprotocol.
type passAnswer struct {
	Pass    string    `json:"pass"`
	View    string    `json:"view"`
	Expires time.Time `json:"expires"`
}

// Pass gives anyone a pass for the audience of a published session; the
// other views are for moderators.
func (s Pages) Pass(v *page.Visit) error {
	x, err := s.liveByID(v, v.Param("session"))
	if err != nil {
		return err
	}
	view, known := realtime.ParseView(v.Query("view"))
	switch {
	case !known:
		return fail.Wrong("view", "live.view_unknown")
	case view == realtime.Audience && !takesQuestions(v, x):
		return fail.New(fail.Gone, qa.CodeClosed.Key())
	case view != realtime.Audience && !v.SignedIn():
		return fail.New(fail.SignIn, "web.sign_in_first")
	case view != realtime.Audience && !v.May(account.Moderator):
		return fail.New(fail.Forbidden, "web.not_yours")
	}
	if _, err := s.QA.Open(v.Ctx, x.ID); err != nil {
		return err
	}
	pass, expires := pass(v, x.ID, view)
	v.C.Set(fiber.HeaderCacheControl, "no-store")
	return v.C.JSON(passAnswer{Pass: pass, View: view.String(), Expires: expires.UTC()})
}

// Socket hands the connection to the hub. What it refuses before the upgrade
// has a status of its own.
func (s Pages) Socket(v *page.Visit) error {
	err := s.Hub.Serve(v.C, v.Param("session"))
	var refused *fiber.Error
	if errors.As(err, &refused) {
		return v.C.Status(refused.Code).SendString(refused.Message)
	}
	return err
}

// liveEdition finds the edition of a session.
func (s Pages) liveEdition(ctx context.Context, sessionID string) (edition.Edition, error) {
	id, ok := text.Clean(sessionID)
	if !ok {
		return edition.Edition{}, fail.Missing("program.session_missing")
	}
	id, err := s.Program.EditionOf(ctx, id)
	if err != nil {
		return edition.Edition{}, err
	}
	return s.Editions.ByID(ctx, id)
}

// liveByID finds a published session where the address names nothing else, and
// makes its edition the visit's.
func (s Pages) liveByID(v *page.Visit, id string) (*program.Session, error) {
	e, err := s.liveEdition(v.Ctx, id)
	if err != nil {
		return nil, err
	}
	v.Edition = e
	p, err := s.Program.Programme(v.Ctx, e)
	if err != nil {
		return nil, err
	}
	return liveOf(p.ByID(id))
}

// liveBySlug finds the session of the address.
func (s Pages) liveBySlug(v *page.Visit) (*program.Programme, *program.Session, error) {
	p, err := s.Program.Programme(v.Ctx, v.Edition)
	if err != nil {
		return nil, nil, err
	}
	x, err := liveOf(p.BySlug(v.Param("slug")))
	return p, x, err
}

// liveOf refuses what has no live room: a session nobody published, and a break.
func liveOf(x *program.Session) (*program.Session, error) {
	if x == nil || x.Kind == program.Break {
		return nil, fail.Missing("program.session_missing")
	}
	return x, nil
}

// takesQuestions: from the programme's release until the end of the edition's
// last day. Afterwards the room is for reading.
func takesQuestions(v *page.Visit, x *program.Session) bool {
	return !x.Cancelled && v.Edition.Phase(v.Now, false) != edition.Archive
}

const (
	// askedCookie holds the secrets of questions asked without a script, for the
	// pages of one session. It proves them to be the visitor's and names nobody.
	askedCookie = "agora_asked"
	askedLife   = 30 * 24 * time.Hour
	askedMax    = 20
)

func askedSecrets(v *page.Visit) []string {
	s := v.C.Cookies(askedCookie)
	if s == "" {
		return nil
	}
	list := strings.Split(s, ".")
	return list[max(0, len(list)-askedMax):]
}

// keepSecret remembers one more question of the session at path.
func keepSecret(v *page.Visit, path, secret string) {
	list := append(askedSecrets(v), secret)
	list = list[max(0, len(list)-askedMax):]
	v.C.Cookie(&fiber.Cookie{Name: askedCookie, Value: strings.Join(list, "."), Path: path, MaxAge: int(askedLife.Seconds()),
		Secure: v.Site.Secure, HTTPOnly: true, SameSite: fiber.CookieSameSiteLaxMode})
}
