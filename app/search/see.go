package search

import (
	"context"
	"time"

	"github.com/uptrace/bun"

	"agora/app/edition"
	"agora/app/material"
	"agora/app/program"
	"agora/app/text"
)

// view is what a stranger may see at a moment of what the index found. The index
// may be behind; nothing in it decides what is shown.
type view struct {
	service  *Service
	at       time.Time
	lang     text.Lang
	editions map[string]edition.Edition

	entries   map[int64]entry
	sessions  map[string]*program.Session
	speakers  map[string]*program.Speaker
	material  map[string]*material.Material
	questions map[string]bool
}

// see reads what the entries stand for, as far as it is public now.
func (v *view) see(ctx context.Context, ids []int64) error {
	idb := v.service.db.Read
	var list []entry
	if err := idb.NewSelect().Model(&list).Where("id IN (?)", bun.List(append([]int64{-1}, ids...))).Scan(ctx); err != nil {
		return err
	}
	v.entries = make(map[int64]entry, len(list))
	about, editions := map[Kind][]string{}, map[string]bool{}
	for _, e := range list {
		v.entries[e.ID] = e
		about[e.Kind] = append(about[e.Kind], e.Subject)
		if editions[e.EditionID] = true; e.Kind == Material || e.Kind == Question {
			about[Session] = append(about[Session], e.SessionID)
		}
	}
	releases, err := v.releases(ctx, idb, keys(editions))
	if err != nil {
		return err
	}
	if err := v.seeSessions(ctx, idb, nonEmpty(about[Session]), nonEmpty(releases)); err != nil {
		return err
	}
	if err := v.seeSpeakers(ctx, idb, nonEmpty(about[Speaker]), nonEmpty(releases)); err != nil {
		return err
	}
	if err := v.seeMaterial(ctx, idb, nonEmpty(about[Material])); err != nil {
		return err
	}
	return v.seeQuestions(ctx, idb, nonEmpty(about[Question]))
}

// nonEmpty keeps a list of SQL from being empty; no id is.
func nonEmpty(ids []string) []string { return append(ids, "") }

func keys(m map[string]bool) []string {
	list := make([]string, 0, len(m))
	for k := range m {
		list = append(list, k)
	}
	return list
}

// releases are what the public sees of the editions.
func (v *view) releases(ctx context.Context, idb bun.IDB, editions []string) (ids []string, err error) {
	err = idb.NewRaw(`SELECT r.id FROM release AS r WHERE r.edition_id IN (?)
		AND r.number = (SELECT max(x.number) FROM release AS x WHERE x.edition_id = r.edition_id)`, bun.List(nonEmpty(editions))).Scan(ctx, &ids)
	return ids, err
}

// slotted is a session's slot in a release, and what of the session decides about
// its material.
type slotted struct {
	ID        string
	EditionID string
	Cancelled bool
	Begins    time.Time
	Ends      time.Time
	RoomID    *string
}

func (v *view) seeSessions(ctx context.Context, idb bun.IDB, ids, releases []string) error {
	var list []slotted
	err := idb.NewRaw(`SELECT x.id, x.edition_id, x.cancelled, slot.starts_at AS begins, slot.ends_at AS ends, slot.room_id
		FROM session AS x JOIN slot ON slot.session_id = x.id AND slot.release_id IN (?) WHERE x.id IN (?)`, bun.List(releases), bun.List(ids)).Scan(ctx, &list)
	v.sessions = make(map[string]*program.Session, len(list))
	for _, one := range list {
		loc := v.editions[one.EditionID].Location()
		x := &program.Session{ID: one.ID, EditionID: one.EditionID, Cancelled: one.Cancelled, StartsAt: one.Begins.In(loc), EndsAt: one.Ends.In(loc)}
		if one.RoomID != nil {
			x.Room = &program.Room{ID: *one.RoomID}
		}
		v.sessions[x.ID] = x
	}
	return err
}

// seeNames adds who speaks in sessions.
func (v *view) seeNames(ctx context.Context, idb bun.IDB, sessions []string) error {
	var who []struct{ SessionID, ID, Name string }
	err := idb.NewRaw(`SELECT w.session_id, p.id, p.name FROM session_speaker AS w JOIN speaker AS p ON p.id = w.speaker_id
		WHERE w.session_id IN (?) ORDER BY w.session_id, w.rank`, bun.List(nonEmpty(sessions))).Scan(ctx, &who)
	for _, w := range who {
		if x := v.sessions[w.SessionID]; x != nil {
			x.Speakers = append(x.Speakers, &program.Speaker{ID: w.ID, Name: w.Name})
		}
	}
	return err
}

func (v *view) seeSpeakers(ctx context.Context, idb bun.IDB, ids, releases []string) error {
	var list []program.Speaker
	err := idb.NewSelect().Model(&list).Column("id", "edition_id", "slug", "name", "picture", "who").Where("id IN (?)", bun.List(ids)).
		Where(`EXISTS (SELECT 1 FROM session_speaker AS w JOIN slot ON slot.session_id = w.session_id AND slot.release_id IN (?)
			WHERE w.speaker_id = speaker.id)`, bun.List(releases)).Scan(ctx)
	v.speakers = make(map[string]*program.Speaker, len(list))
	for i := range list {
		v.speakers[list[i].ID] = &list[i]
	}
	return err
}

func (v *view) seeMaterial(ctx context.Context, idb bun.IDB, ids []string) error {
	var list []material.Material
	if err := idb.NewSelect().Model(&list).Where("id IN (?)", bun.List(ids)).Scan(ctx); err != nil {
		return err
	}
	var recorded []string // a recording hangs on all who speak in it
	for _, m := range list {
		if m.Kind == material.Recording {
			recorded = append(recorded, m.SessionID)
		}
	}
	if err := v.seeNames(ctx, idb, recorded); err != nil {
		return err
	}
	list, err := material.Strangers(ctx, idb, list, v.sessions, v.at)
	v.material = make(map[string]*material.Material, len(list))
	for i := range list {
		v.material[list[i].ID] = &list[i]
	}
	return err
}

func (v *view) seeQuestions(ctx context.Context, idb bun.IDB, ids []string) error {
	var open []string
	err := idb.NewSelect().Table("question").Column("id").Where("id IN (?)", bun.List(ids)).Where("state IN (?)", bun.List(publicStates())).Scan(ctx, &open)
	v.questions = make(map[string]bool, len(open))
	for _, id := range open {
		v.questions[id] = true
	}
	return err
}

// order gives the hits that may be shown, in the order they were found; whoever
// was found in several editions stands once, in the newest. begun says that some
// have words that only begin like what was asked for.
func (v *view) order(l *looking) (hits []Hit, begun bool) {
	people := map[string]int{}
	for i, id := range l.found {
		h, ok := v.hit(v.entries[id])
		if !ok {
			continue
		}
		if h.Speaker != nil && h.Speaker.Who != "" {
			if at, known := people[h.Speaker.Who]; known {
				hits[at].Others = append(hits[at].Others, h.Edition)
				continue
			}
			people[h.Speaker.Who] = len(hits)
		}
		begun = begun || l.begun >= 0 && i >= l.begun
		hits = append(hits, h)
	}
	return hits, begun
}

func (v *view) hit(e entry) (h Hit, ok bool) {
	h = Hit{Kind: e.Kind}
	if h.Edition, ok = v.editions[e.EditionID]; !ok {
		return h, false
	}
	switch e.Kind {
	case Edition:
		return h, true
	case Speaker:
		h.Speaker = v.speakers[e.Subject]
		return h, h.Speaker != nil
	case Material:
		h.Material = v.material[e.Subject]
		ok = h.Material != nil && h.Material.SessionID == e.SessionID
	case Question:
		h.QuestionID = e.Subject
		ok = v.questions[e.Subject]
	}
	h.Session = v.sessions[e.SessionID]
	return h, ok && h.Session != nil
}
