package planning

import (
	"strconv"
	"strings"
	"time"

	"agora/app/program"
	"agora/app/text"
	"agora/app/web/page"
)

const (
	// maxLanes is how many overlapping sessions of a room stand beside each other.
	maxLanes = 4
	// lowBlock is up to how many rows a block has no height for more than its title.
	lowBlock = 3
)

// gridBlock is a session as the page and its script know it. Who is nil where it
// is not known, which is not the same as nobody.
type gridBlock struct {
	ID        string       `json:"id"`
	Slug      string       `json:"slug"`
	Title     string       `json:"title"`
	Lang      string       `json:"lang,omitempty"`
	Who       *string      `json:"who,omitempty"`
	Track     string       `json:"track,omitempty"`
	Kind      program.Kind `json:"kind"`
	Cancelled bool         `json:"cancelled,omitempty"`
	Room      string       `json:"room"`
	Start     time.Time    `json:"start,omitzero"`
	End       time.Time    `json:"end,omitzero"`
	// Minutes is how long it is meant to take, where somebody said so.
	Minutes int64 `json:"minutes,omitempty"`

	Class, Href, Time, RoomName, RoomLang string `json:"-"`
	Clash                                 bool   `json:"-"`
}

// Names are the speakers in a line.
func (b gridBlock) Names() string {
	if b.Who == nil {
		return ""
	}
	return *b.Who
}

// gridClash is a clash in words, with the sessions it is about.
type gridClash struct {
	Kind program.ClashKind `json:"kind"`
	Text string            `json:"text"`
	IDs  []string          `json:"ids"`
}

func newGridClash(v *page.Visit, c program.Clash) gridClash {
	key, args := c.Words()
	out := gridClash{Kind: c.Kind, Text: v.Sentence(key, args), IDs: []string{c.First.ID}}
	if c.Second != nil {
		out.IDs = append(out.IDs, c.Second.ID)
	}
	return out
}

func gridClashes(v *page.Visit, list []program.Clash) []gridClash {
	out := make([]gridClash, 0, len(list))
	for _, c := range list {
		out = append(out, newGridClash(v, c))
	}
	return out
}

// newGridBlock says what a session is and where it stands. Its speakers are told
// only where they were read.
func newGridBlock(v *page.Visit, x *program.Session, speakers bool) gridBlock {
	title := v.SessionWords(x, x.Title)
	b := gridBlock{ID: x.ID, Slug: x.Slug, Title: title.Text, Lang: title.Lang, Kind: x.Kind, Cancelled: x.Cancelled, Minutes: x.Extra.Minutes}
	if x.TrackID != nil {
		b.Track = *x.TrackID
	}
	if speakers {
		names := make([]string, len(x.Speakers))
		for i, who := range x.Speakers {
			names[i] = who.Name
		}
		line := strings.Join(names, ", ")
		b.Who = &line
	}
	spot := x.Spot()
	b.Room, b.Start, b.End = spot.RoomID, spot.StartsAt, spot.EndsAt
	return b
}

// gridDrawing puts blocks into places.
type gridDrawing struct {
	v        *page.Visit
	day      gridDay
	path     string
	columns  map[string]int // by room
	clashing map[string]bool
}

func (d *gridDrawing) row(t time.Time) int {
	row := int((t.Sub(d.day.from) + gridStep/2) / gridStep)
	return min(max(row, 0), d.day.rows)
}

func (d *gridDrawing) block(x *program.Session) gridBlock {
	b := newGridBlock(d.v, x, true)
	b.Href, b.Clash = gridLink(d.path, d.day.key(), x.ID), d.clashing[x.ID]
	class := []string{"cell", "block"}
	if x.Track != nil {
		class = append(class, "track-"+x.Track.Slug)
	}
	if x.Kind == program.Break {
		class = append(class, "break")
	}
	if b.Clash {
		class = append(class, "clash")
	}
	b.Class = strings.Join(class, " ")
	if x.Scheduled() {
		b.Time = text.Span(d.v.Lang, x.StartsAt, x.EndsAt)
	}
	if x.Room != nil {
		name := d.v.Words(x.Room.Name)
		b.RoomName, b.RoomLang = name.Text, name.Lang
	}
	return b
}

// blocks are the day's, those of a room that overlap beside each other.
func (d *gridDrawing) blocks() []gridBlock {
	list := make([]gridBlock, len(d.day.sessions))
	byColumn := map[int][]gridRows{}
	for i, x := range d.day.sessions {
		list[i] = d.block(x)
		column := d.columns[list[i].Room]
		if column == 0 {
			column = d.columns[""]
		}
		from := d.row(x.StartsAt)
		byColumn[column] = append(byColumn[column], gridRows{block: &list[i], from: from, to: max(d.row(x.EndsAt), from+1)})
	}
	for column, rows := range byColumn {
		lanes(rows)
		for _, r := range rows {
			r.block.Class += " c-" + strconv.Itoa(column) + " r-" + strconv.Itoa(r.from+1) + " h-" + strconv.Itoa(r.to-r.from)
			if r.to-r.from <= lowBlock {
				r.block.Class += " low"
			}
			if r.of > 1 {
				r.block.Class += " lane-" + strconv.Itoa(r.lane+1) + "-" + strconv.Itoa(r.of)
			}
		}
	}
	return list
}

// gridRows is a block's rows, the end exclusive, and its lane among those beside it.
type gridRows struct {
	block    *gridBlock
	from, to int
	lane, of int
}

// lanes finds the lanes of a room's blocks, which are in order of their start.
// Blocks that hang together share the width evenly.
func lanes(list []gridRows) {
	for i := 0; i < len(list); {
		end, n := list[i].to, i+1
		for n < len(list) && list[n].from < end {
			end = max(end, list[n].to)
			n++
		}
		var ends []int
		for j := i; j < n; j++ {
			lane := 0
			for lane < len(ends) && ends[lane] > list[j].from {
				lane++
			}
			if lane == len(ends) {
				ends = append(ends, 0)
			}
			ends[lane], list[j].lane = list[j].to, min(lane, maxLanes-1)
		}
		for j := i; j < n; j++ {
			list[j].of = min(len(ends), maxLanes)
		}
		i = n
	}
}
