package door

import (
	"encoding/json"
	"time"

	"github.com/gofiber/fiber/v2"

	entrance "agora/app/door"
	"agora/app/fail"
	"agora/app/registration"
	"agora/app/text"
	"agora/app/web/page"
)

// sent is what a device sends: what it has read, and what it knows already.
type sent struct {
	// Now is the device's clock at this moment, in milliseconds: what it read is
	// moved by how much that clock is wrong.
	Now     int64      `json:"now"`
	Since   int64      `json:"since"`
	Waiting int64      `json:"waiting"`
	Scans   []sentScan `json:"scans"`
}

type sentScan struct {
	ID           string         `json:"id"`
	Registration string         `json:"i"`
	Session      string         `json:"p"`
	Act          entrance.Act   `json:"act"`
	Means        entrance.Means `json:"by"`
	Version      int64          `json:"v"`
	At           int64          `json:"at"`
}

// told is the answer: what has changed, and what became of what was sent.
type told struct {
	Now      int64            `json:"now"`
	Change   int64            `json:"change"`
	Roster   string           `json:"roster"`
	Arrived  int64            `json:"arrived"`
	Inside   int64            `json:"inside"`
	Expected int64            `json:"expected"`
	Where    []entrance.Where `json:"where"`
	Alerts   []entrance.Alert `json:"alerts"`
	Over     []string         `json:"over"`
	Done     []string         `json:"done"`
	Name     string           `json:"name"`
	Prints   bool             `json:"prints"`
	Unused   int64            `json:"unused"` // from when unused seats are given away
}

// Sync takes in what a device has read and tells it the news.
func (s Pages) Sync(v *page.Visit) error {
	var in sent
	if err := json.Unmarshal(v.C.Body(), &in); err != nil {
		return fail.New(fail.Invalid, "fail.invalid")
	}
	skew := v.Now.Sub(time.UnixMilli(in.Now))
	scans := make([]entrance.Scan, 0, len(in.Scans))
	done := make([]string, 0, len(in.Scans))
	for _, scan := range in.Scans {
		done = append(done, scan.ID)
		scans = append(scans, entrance.Scan{ID: scan.ID, RegistrationID: scan.Registration, SessionID: scan.Session, Act: scan.Act,
			Means: known(scan.Means), Version: scan.Version, At: time.UnixMilli(scan.At).Add(skew)})
	}
	if _, err := s.Door.Merge(v.Ctx, v.Edition, v.DoorSource(), scans); err != nil {
		return err
	}
	if err := s.Door.Seen(v.Ctx, v.Device, in.Waiting-int64(len(scans))); err != nil {
		return err
	}
	answer, err := s.news(v, in.Since)
	if err != nil {
		return err
	}
	answer.Done = done
	v.C.Set(fiber.HeaderCacheControl, "no-store")
	return v.JSON(fiber.StatusOK, answer)
}

// known keeps what a device says about how somebody was recognised to the words
// there are.
func known(m entrance.Means) entrance.Means {
	switch m {
	case entrance.ByCamera, entrance.ByName, entrance.ByWalkIn:
		return m
	}
	return entrance.ByCode
}

func (s Pages) news(v *page.Visit, since int64) (told, error) {
	roster, err := s.Door.Roster(v.Ctx, v.Edition)
	if err != nil {
		return told{}, err
	}
	news, err := s.Door.NewsSince(v.Ctx, v.Edition.ID, since)
	if err != nil {
		return told{}, err
	}
	places, err := s.Registrations.Places(v.Ctx, v.Edition.ID)
	if err != nil {
		return told{}, err
	}
	unused, err := s.Door.ReleaseAt(v.Ctx, v.Edition.ID)
	answer := told{Now: v.Now.UnixMilli(), Change: news.Change, Roster: roster.Hash, Arrived: news.Arrived, Inside: news.Inside,
		Expected: places[registration.Onsite].Taken, Where: news.Where, Alerts: news.Alerts, Over: news.Over, Name: v.Device.Name, Prints: v.Device.Prints}
	if !unused.IsZero() {
		answer.Unused = unused.UnixMilli()
	}
	return answer, err
}

// rosterFile is the roster as a device keeps it.
type rosterFile struct {
	Hash   string           `json:"hash"`
	People []entrance.Entry `json:"people"`
	Places []rosterPlace    `json:"places"`
}

type rosterPlace struct {
	ID       string `json:"id"`
	Title    string `json:"title"`
	Workshop bool   `json:"workshop"`
}

// Roster gives a device the list it works with: no address is in it.
func (s Pages) Roster(v *page.Visit) error {
	roster, err := s.Door.Roster(v.Ctx, v.Edition)
	if err != nil {
		return err
	}
	list := rosterFile{Hash: roster.Hash, People: roster.People}
	for _, p := range roster.Places {
		title, _ := v.Edition.In(p.Title, v.Lang)
		list.Places = append(list.Places, rosterPlace{ID: p.ID, Title: text.Clock(v.Lang, v.Edition.Local(p.StartsAt)) + " " + title, Workshop: p.Workshop})
	}
	v.C.Set(fiber.HeaderCacheControl, "private, no-store")
	return v.JSON(fiber.StatusOK, list)
}
