package demo

import (
	"bytes"
	"embed"
	"encoding/json"
	"fmt"
	"time"

	"agora/app/edition"
	"agora/app/material"
	"agora/app/poll"
	"agora/app/program"
	"agora/app/qa"
	"agora/app/registration"
	"agora/app/text"
)

//go:embed content/*.json
var content embed.FS

// seriesText is content/series.json.
type seriesText struct {
	Title, About    text.Texts
	Hashtag, Accent string
}

// editionText is what an edition's file says; its speakers and, where they are
// many, its sessions stand in files of their own.
type editionText struct {
	Title, Lead, City, Venue text.Texts
	Stream                   string
	Practical                edition.Practical
	Rooms                    []roomText
	Tracks                   []trackText
	Sessions                 []sessionText
}

// Keys are how the files point to rooms, tracks, speakers and sessions.
type roomText struct {
	Key               string
	Name, Description text.Texts
	Capacity          *int64
	Stream            string
}

type trackText struct {
	Key   string
	Name  text.Texts
	Color string
}

type speakerText struct {
	Key, Name string
	Biography text.Texts
}

type sessionText struct {
	Key                                    string
	Title, Subtitle, Abstract, Description text.Texts
	Kind                                   program.Kind
	Language, Track, Room                  string
	At                                     string // time of day, "09:20"
	Minutes                                int
	Speakers                               []string
	Capacity                               *int64
	Material                               []materialText
}

type materialText struct {
	Kind  material.Kind
	Title text.Texts
	URL   string
}

// writtenText is a question that was answered in writing. It is in one
// language, as people ask in theirs.
type writtenText struct {
	Text, Name string
	Answers    []struct{ By, Text string }
}

// liveText is content/2027-live.json.
type liveText struct {
	Session   sessionText
	Questions []askedText
	Polls     []pollText
}

// pollText is a poll of a room, with what was chosen by how many.
type pollText struct {
	Kind          poll.Kind
	Text          string
	Options       []string
	Most          int64
	Live          bool
	Draft, Closed bool
	Ballots       []struct {
		Choice string
		N      int
	}
}

// askedText is a question of the live session: who asked, how many voted and
// in which state it ends up.
type askedText struct {
	Text, Name, Reason string
	Source             qa.Source
	Votes              int
	End                qa.State
}

// peopleText is content/people.json.
type peopleText struct {
	Tribes []struct {
		Language             text.Lang
		Given, Family, Needs []string
	}
	Special       []visitor
	Organisations []string
}

// visitor is somebody who registers.
type visitor struct {
	Name, Organisation string
	Language           text.Lang
	email, needs       string
	photo              registration.Photo
}

// read fills into from a file. A member nobody knows is a slip of the pen.
func read(name string, into any) error {
	b, err := content.ReadFile("content/" + name + ".json")
	if err != nil {
		return err
	}
	d := json.NewDecoder(bytes.NewReader(b))
	d.DisallowUnknownFields()
	if err := d.Decode(into); err != nil {
		return fmt.Errorf("content/%s.json: %w", name, err)
	}
	return nil
}

// at is the session's start on a day.
func (x sessionText) at(h *house, date time.Time) (time.Time, error) {
	t, err := time.Parse("15:04", x.At)
	return h.day(date, 0, t.Hour(), t.Minute()), err
}
