package demo

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"agora/app/edition"
	"agora/app/material"
	"agora/app/qa"
	"agora/app/text"
)

// stageText is a question of the hall that was answered on stage, so many minutes
// after midnight.
type stageText struct {
	name, words string
	at          time.Duration
}

// answeredOnStage are the questions to the speech that was recorded.
var answeredOnStage = []stageText{
	{"Maarit Malli", "Mistä tietää, että keskusteluun kannattaa tuoda lukuja eikä kokemuksia?", 9*time.Hour + 44*time.Minute + 10*time.Second},
	{"", "Miten asiantuntijan saa kirjoittamaan ennen kuin selvitys on valmis?", 9*time.Hour + 49*time.Minute + 35*time.Second},
	{"Otso Otos", "Kuka vastaa, kun väärä luku lähtee leviämään?", 9*time.Hour + 55*time.Minute + 2*time.Second},
}

// These say of the speech of the speech's recording: when it begins, and on
// which terms it is there.
const (
	recordedSlug  = "tiedolla-vaikuttaminen"
	recordedSince = 9*time.Hour + 14*time.Minute + 20*time.Second
	recordedTerms = "CC BY 4.0"
)

// openings are how often the archive's material was opened in the days after.
var openings = [...]int{64, 41, 22, 13, 9, 4, 7, 3, 2, 2}

// recording has the hall's questions answered in the recorded speech, tells when
// its recording begins, keeps one handout for those who came, and lets people
// open it all in the days after.
func (h *house) recording(ctx context.Context, e edition.Edition, day time.Time) error {
	p, err := h.program.Programme(ctx, e)
	if err != nil {
		return err
	}
	x := p.BySlug(recordedSlug)
	if x == nil {
		return fmt.Errorf("no session %s", recordedSlug)
	}
	midnight := h.day(day, 0, 0, 0)
	if err := h.answerOnStage(ctx, x.ID, midnight); err != nil {
		return err
	}
	h.clock.set(h.day(day, 1, 8, 0))
	by := material.Organiser(h.organiser)
	list, err := h.material.OfSession(ctx, e, x.ID)
	if err != nil {
		return err
	}
	for _, m := range list {
		if m.Kind != material.Recording {
			continue
		}
		in := material.InputOf(m)
		in.RecordedAt, in.Licence, in.Language = midnight.Add(recordedSince), recordedTerms, "fi"
		if _, err := h.material.Change(ctx, by, e, m.ID, in); err != nil {
			return err
		}
	}
	_, err = h.material.Add(ctx, by, e, x.ID, material.Input{Kind: material.Handout, URL: "https://example.org/cmadfi-2016/tiedolla-vaikuttaminen/tehtavat",
		Visibility: material.Registered, Title: text.Texts{text.Finnish: "Pienryhmien tehtävät", text.Swedish: "Gruppernas uppgifter", text.English: "Exercises of the groups"}})
	if err != nil {
		return err
	}
	if h.files != nil {
		if err := h.handIn(ctx, e, h.day(day, 1, 10, 0)); err != nil {
			return err
		}
	}
	return h.open(ctx, e, day)
}

func (h *house) answerOnStage(ctx context.Context, sessionID string, midnight time.Time) error {
	if _, err := h.qa.Open(ctx, sessionID); err != nil {
		return err
	}
	staff := qa.Viewer{Room: sessionID, View: qa.Moderator, Voter: "demo"}
	for i, q := range answeredOnStage {
		var name *string
		if q.name != "" {
			name = &q.name
		}
		h.clock.set(midnight.Add(q.at - 5*time.Minute))
		asked := h.qa.Do(ctx, staff, qa.Request{Op: "demo stage ask " + strconv.Itoa(i), Do: qa.ActAsk, Text: q.words, Name: name, Source: qa.SourceFloor})
		if asked.Code != "" {
			return fmt.Errorf("asking in the archive: %s", asked.Code)
		}
		for j, act := range []qa.Act{qa.ActNow, qa.ActAnswered} {
			h.clock.set(midnight.Add(q.at + time.Duration(j)*2*time.Minute))
			if done := h.qa.Do(ctx, staff, qa.Request{Op: fmt.Sprint("demo stage ", act, i), Do: act, Question: asked.ID}); done.Code != "" {
				return fmt.Errorf("%s in the archive: %s", act, done.Code)
			}
		}
	}
	return h.qa.Close(ctx, sessionID)
}

// open has the material opened in the days after, the first pieces of a session
// more often than the last.
func (h *house) open(ctx context.Context, e edition.Edition, day time.Time) error {
	by, err := h.material.OfEdition(ctx, e)
	if err != nil {
		return err
	}
	p, err := h.program.Programme(ctx, e)
	if err != nil {
		return err
	}
	for after, n := range openings {
		h.clock.set(h.day(day, 1+after, 12, 0))
		for i, x := range p.Sessions {
			for j, m := range by[x.ID] {
				for range n / (1 + j + i%3) {
					h.material.Count(e, m.ID)
				}
			}
		}
	}
	return h.material.Flush(ctx)
}
