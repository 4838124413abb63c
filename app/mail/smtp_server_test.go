package mail_test

import (
	"bufio"
	"io"
	"net"
	"net/mail"
	"strings"
	"sync"
	"testing"
)

// server is a small mail server: it takes letters, or answers a command with
// what the test tells it to.
type server struct {
	listener net.Listener

	mu       sync.Mutex
	letters  []taken
	answers  map[string]string // first word of a command → answer instead of 250
	sessions int
	open     map[net.Conn]bool
}

// taken is a letter as it came over the wire.
type taken struct {
	from, to, raw string
}

func (l taken) parse(t *testing.T) *mail.Message {
	t.Helper()
	m, err := mail.ReadMessage(strings.NewReader(l.raw))
	if err != nil {
		t.Fatalf("%v in\n%s", err, l.raw)
	}
	return m
}

func startServer(t *testing.T) *server {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &server{listener: l, answers: map[string]string{}, open: map[net.Conn]bool{}}
	var sessions sync.WaitGroup
	sessions.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			s.mu.Lock()
			s.sessions++
			s.open[c] = true
			s.mu.Unlock()
			sessions.Go(func() { s.talk(c) })
		}
	})
	t.Cleanup(func() { l.Close(); s.hangUp(); sessions.Wait() })
	return s
}

func (s *server) address() string { return "smtp://" + s.listener.Addr().String() }

// answer makes the server answer a command so; an empty line restores it.
func (s *server) answer(command, line string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.answers[command] = line
}

// hangUp cuts every open connection.
func (s *server) hangUp() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for c := range s.open {
		c.Close()
		delete(s.open, c)
	}
}

func (s *server) got() []taken {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]taken(nil), s.letters...)
}

func (s *server) dialled() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.sessions
}

func (s *server) talk(c net.Conn) {
	defer c.Close()
	in := bufio.NewReader(c)
	say := func(line string) { _, _ = io.WriteString(c, line+"\r\n") }
	say("220 test.example")
	var letter taken
	for {
		line, err := in.ReadString('\n')
		if err != nil {
			return
		}
		command, rest, _ := strings.Cut(strings.TrimSpace(line), " ")
		s.mu.Lock()
		other := s.answers[command]
		s.mu.Unlock()
		switch {
		case other != "":
			say(other)
		case command == "EHLO":
			say("250-test.example\r\n250-8BITMIME\r\n250 SMTPUTF8")
		case command == "DATA":
			say("354 go on")
			letter.raw = readData(in)
			s.mu.Lock()
			s.letters = append(s.letters, letter)
			s.mu.Unlock()
			say("250 taken")
		case command == "QUIT":
			say("221 bye")
			return
		default:
			if command == "MAIL" {
				letter.from = rest
			}
			if command == "RCPT" {
				letter.to = rest
			}
			say("250 ok")
		}
	}
}

func readData(in *bufio.Reader) string {
	var b strings.Builder
	for {
		line, err := in.ReadString('\n')
		if err != nil || line == ".\r\n" {
			return b.String()
		}
		b.WriteString(strings.TrimPrefix(line, "."))
	}
}

func address(a string) *mail.Address { return &mail.Address{Address: a} }
