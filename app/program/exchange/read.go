package exchange

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strings"

	"agora/app/fail"
)

// Limits on what is read. Each keeps one file from taking the machine's memory.
const (
	maxFileBytes = 64 << 20
	maxNodes     = 1_000_000 // elements, attributes and texts; 38C3 with 1,007 sessions has about 50,000
	maxDepth     = 64        // honest files nest eight deep
)

// Why a file was refused, for errors.Is. They travel inside a fail.Error, whose key holds the words.
var (
	ErrNotSchedule = errors.New("exchange: not a schedule")
	ErrTooLarge    = errors.New("exchange: file too large")
	ErrEntities    = errors.New("exchange: file declares entities")
	ErrEncoding    = errors.New("exchange: unknown encoding")
	ErrBroken      = errors.New("exchange: broken file")
)

func notSchedule() error {
	return &fail.Error{Kind: fail.Invalid, Key: "exchange.not_a_schedule", Err: ErrNotSchedule}
}

func tooLarge() error {
	return &fail.Error{
		Kind: fail.TooLarge, Key: "exchange.too_large", Args: []any{"megabytes", maxFileBytes >> 20}, Err: ErrTooLarge,
	}
}

// broken is a file that breaks off or breaks its own grammar; nothing of it is taken.
func broken(line int, cause error) error {
	return &fail.Error{
		Kind: fail.Invalid, Key: "exchange.broken", Args: []any{"line", line},
		Err: fmt.Errorf("%w: %w", ErrBroken, cause),
	}
}

// Read understands a schedule file. The name helps only where content says nothing about a calendar's title.
func Read(r io.Reader, name string) (Schedule, Report, error) {
	return ReadIn(r, name, "")
}

// ReadIn is Read for a file whose place is known: times without offset in a file without zone are meant in zone.
func ReadIn(r io.Reader, name, zone string) (Schedule, Report, error) {
	raw, err := io.ReadAll(io.LimitReader(r, maxFileBytes+1))
	if err != nil {
		return Schedule{}, Report{}, err
	}
	if len(raw) > maxFileBytes {
		return Schedule{}, Report{}, tooLarge()
	}
	n := &notes{}
	text, err := toUTF8(raw, n)
	if err != nil {
		return Schedule{}, Report{}, err
	}
	s, format, err := understand(text, zone, n)
	if err != nil {
		return Schedule{}, Report{}, err
	}
	if s.Title == "" {
		s.Title = strings.TrimSuffix(filepath.Base(name), filepath.Ext(name))
	}
	s = complete(s, n)
	findClashes(s, n)
	findNamesakes(s, n)
	if len(s.Sessions) == 0 {
		n.add(nothingScheduled, 0, s.Title)
	}
	return s, Report{
		Format: format, Sessions: len(s.Sessions), Rooms: len(s.Rooms), Tracks: len(s.Tracks),
		Speakers: len(s.People()), Notices: n.list(),
	}, nil
}

// understand goes by content: people rename files.
func understand(text []byte, zone string, n *notes) (Schedule, string, error) {
	head := bytes.TrimLeft(text, " \t\r\n")
	switch {
	case bytes.HasPrefix(head, []byte("<")):
		if isPage(head) {
			return Schedule{}, "", &fail.Error{Kind: fail.Invalid, Key: "exchange.is_page", Err: ErrNotSchedule}
		}
		root, err := xmlTree(text, n)
		if err != nil {
			return Schedule{}, "", err
		}
		s, err := interpret(root, zone, n)
		return s, "schedule.xml", err
	case bytes.HasPrefix(head, []byte("{")):
		root, err := jsonTree(text)
		if err != nil {
			return Schedule{}, "", err
		}
		s, err := interpret(root, zone, n)
		return s, "schedule.json", err
	case len(head) >= 15 && strings.EqualFold(string(head[:15]), "BEGIN:VCALENDAR"):
		s, err := readCalendar(text, zone, n)
		return s, "ics", err
	}
	return Schedule{}, "", notSchedule()
}

// isPage tells a web page, which is what one gets when a link leads to a page about the file or to a sign-in.
func isPage(head []byte) bool {
	start := strings.ToLower(string(head[:min(len(head), 400)]))
	return strings.Contains(start, "<html") || strings.HasPrefix(start, "<!doctype html")
}

// Known tells whether Read is to understand what a file holds, going by its first sign; other files may be tables.
func Known(content []byte, name string) bool {
	text, err := toUTF8(content[:min(len(content), 4096)], nil)
	head := bytes.TrimLeft(text, " \t\r\n")
	if err != nil || bytes.HasPrefix(head, []byte("<")) || bytes.HasPrefix(head, []byte("{")) {
		return true
	}
	switch strings.ToLower(filepath.Ext(name)) {
	case ".xml", ".json", ".ics", ".ical", ".html", ".htm":
		return true
	}
	return len(head) >= 15 && strings.EqualFold(string(head[:15]), "BEGIN:VCALENDAR")
}
