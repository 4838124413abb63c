package qa

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Discussion is everything that was said in a room and may be published, for a file.
type Discussion struct {
	Session   string      `json:"session"`
	State     RoomState   `json:"state"`
	Counts    Counts      `json:"counts"`
	Questions []Discussed `json:"questions"`
}

// Discussed is a question in a file. Staff has what only moderators see.
type Discussed struct {
	ID         string     `json:"id"`
	Text       string     `json:"text"`
	Name       *string    `json:"name"`
	Speaker    string     `json:"speaker,omitempty"`
	State      State      `json:"state"`
	Source     Source     `json:"source,omitempty"`
	Votes      int64      `json:"votes"`
	AskedAt    time.Time  `json:"asked_at"`
	NowAt      *time.Time `json:"now_at,omitempty"`
	AnsweredAt *time.Time `json:"answered_at,omitempty"`
	Answers    []Reply    `json:"answers"`
	Staff      *Staff     `json:"staff,omitempty"`
}

// Reply is a written answer in a file.
type Reply struct {
	By      string    `json:"by"`
	Speaker string    `json:"speaker,omitempty"`
	Text    string    `json:"text"`
	At      time.Time `json:"at"`
}

// Staff is what moderators see of a question.
type Staff struct {
	Original string   `json:"original,omitempty"`
	Reason   string   `json:"reason,omitempty"`
	Labels   []string `json:"labels,omitempty"`
	Into     string   `json:"into,omitempty"`
	From     string   `json:"from,omitempty"`
	Held     string   `json:"held,omitempty"`
}

// Discussion gives a room's questions in the order of Questions, as a view sees them:
// the audience's is for all, the moderators' has those never published too.
func (s *Service) Discussion(ctx context.Context, sessionID string, v View) (Discussion, error) {
	room, err := s.Room(ctx, sessionID)
	if err != nil {
		return Discussion{}, err
	}
	list, err := s.Seen(ctx, sessionID, v)
	if err != nil {
		return Discussion{}, err
	}
	inOrder(list)
	labels := map[string]string{}
	for _, l := range room.Settings.Labels {
		labels[l.ID] = l.Name
	}
	d := Discussion{Session: sessionID, State: room.State, Counts: room.Counts, Questions: make([]Discussed, len(list))}
	for i, q := range list {
		d.Questions[i] = discussed(q, v, labels)
	}
	return d, nil
}

func discussed(q Question, v View, labels map[string]string) Discussed {
	one := Discussed{
		ID: q.ID, Text: q.Text, Name: q.Name, Speaker: q.Speaker, State: q.State, Source: q.Source, Votes: q.Votes,
		AskedAt: q.At, NowAt: q.NowAt, AnsweredAt: q.AnsweredAt, Answers: make([]Reply, len(q.Answers)),
	}
	for i, a := range q.Answers {
		one.Answers[i] = Reply{By: a.By, Speaker: a.SpeakerID, Text: a.Text, At: *second(&a.At)}
	}
	if v == Moderator {
		one.Staff = &Staff{Original: q.Original, Reason: q.Reason, Into: q.Into, From: q.From, Held: q.Held}
		for _, id := range q.Labels {
			one.Staff.Labels = append(one.Staff.Labels, labels[id])
		}
	}
	return one
}

// The columns of a table of questions, in this order; an answer column for each who
// answered comes after them. Their headings are qa.column.<name>.
var columnNames = []string{"number", "text", "name", "state", "votes", "source", "asked_at", "now_at", "answered_at"}

// Table gives the discussion as rows for a spreadsheet. say gives the messages of the
// reader's language, clock a moment on the edition's clock.
func (d Discussion) Table(say func(key string) string, clock func(time.Time) string) (header []string, rows [][]string) {
	var voices []string
	for _, q := range d.Questions {
		for _, a := range q.Answers {
			if !slices.Contains(voices, a.By) {
				voices = append(voices, a.By)
			}
		}
	}
	for _, name := range columnNames {
		header = append(header, say("qa.column."+name))
	}
	header = append(header, voices...)
	at := func(t *time.Time) string {
		if t == nil {
			return ""
		}
		return clock(*t)
	}
	for i, q := range d.Questions {
		name, source := say("qa.anonymous"), ""
		if q.Name != nil {
			name = *q.Name
		}
		if q.Source != "" {
			source = say("qa.source." + string(q.Source))
		}
		row := []string{
			strconv.Itoa(i + 1), q.Text, name, say("qa.state." + string(q.State)), strconv.FormatInt(q.Votes, 10), source,
			at(&q.AskedAt), at(q.NowAt), at(q.AnsweredAt),
		}
		for _, voice := range voices {
			row = append(row, q.by(voice))
		}
		rows = append(rows, row)
	}
	return header, rows
}

// by gives what one voice answered.
func (q Discussed) by(voice string) string {
	var said []string
	for _, a := range q.Answers {
		if a.By == voice {
			said = append(said, a.Text)
		}
	}
	return strings.Join(said, "\n\n")
}
