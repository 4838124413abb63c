package mail

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"

	gomail "github.com/wneessen/go-mail"
	"github.com/wneessen/go-mail/smtp"
)

// stepTime bounds the connecting and each letter on the wire.
const stepTime = 30 * time.Second

// SMTP sends through a mail server, over one connection at a time that stays
// open from letter to letter until Close.
type SMTP struct {
	client *gomail.Client
	from   string

	mu   sync.Mutex
	conn *smtp.Client
}

// NewSMTP reads an address: smtp://name:password@host:587 (STARTTLS),
// smtps://… (TLS from the start), with ?from=… for the sender's address. A
// password never leaves the machine unencrypted.
func NewSMTP(address string) (*SMTP, error) {
	u, err := url.Parse(address)
	if err != nil || u.Hostname() == "" || u.Scheme != "smtp" && u.Scheme != "smtps" {
		// The address holds a password, so it is not repeated.
		return nil, errors.New("not the address of a mail server; write smtp://name:password@mail.example.fi:587, or smtps://… for TLS from the start")
	}
	for name := range u.Query() {
		if name != "from" {
			return nil, fmt.Errorf("%q is not known in the address of a mail server; only from is", name)
		}
	}
	options := []gomail.Option{gomail.WithTimeout(stepTime), gomail.WithTLSConfig(&tls.Config{
		ServerName: u.Hostname(), MinVersion: tls.VersionTLS12,
	})}
	options = append(options, encryption(u)...)
	if p := u.Port(); p != "" {
		port, err := strconv.Atoi(p)
		if err != nil || port < 1 || port > 65535 {
			return nil, fmt.Errorf("%s is not a port of a mail server", p)
		}
		options = append(options, gomail.WithPort(port))
	}
	client, err := gomail.NewClient(u.Hostname(), options...)
	if err != nil {
		return nil, err
	}
	return &SMTP{client: client, from: u.Query().Get("from")}, nil
}

// From is the sender's address, when the server's address gives one.
func (s *SMTP) From() string { return s.from }

func encryption(u *url.URL) []gomail.Option {
	password, withPassword := u.User.Password()
	local := u.Hostname() == "localhost" || net.ParseIP(u.Hostname()).IsLoopback()
	var options []gomail.Option
	switch {
	case u.Scheme == "smtps":
		options = append(options, gomail.WithSSL(), gomail.WithPort(gomail.DefaultPortSSL))
	case withPassword && !local:
		options = append(options, gomail.WithTLSPolicy(gomail.TLSMandatory), gomail.WithPort(gomail.DefaultPortTLS))
	default:
		options = append(options, gomail.WithTLSPolicy(gomail.TLSOpportunistic), gomail.WithPort(gomail.DefaultPortTLS))
	}
	if withPassword {
		how := gomail.SMTPAuthAutoDiscover
		if local && u.Scheme == "smtp" {
			how = gomail.SMTPAuthPlainNoEnc
		}
		options = append(options, gomail.WithSMTPAuth(how),
			gomail.WithUsername(u.User.Username()), gomail.WithPassword(password))
	}
	return options
}

// Send hands over one message.
func (s *SMTP) Send(ctx context.Context, m Message) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	letter, err := compose(m)
	if err != nil {
		return err
	}
	kept := s.conn != nil
	err = s.try(ctx, letter)
	var failed *gomail.SendError
	if kept && errors.As(err, &failed) && failed.Reason == gomail.ErrConnCheck {
		// The server hung up between two letters; nothing of this one was sent.
		err = s.try(ctx, letter)
	}
	return err
}

func (s *SMTP) try(ctx context.Context, letter *gomail.Msg) error {
	if s.conn == nil {
		conn, err := s.client.DialToSMTPClientWithContext(ctx)
		if err != nil {
			return fmt.Errorf("%w: %w", ErrUnreachable, err)
		}
		s.conn = conn
	}
	err := s.client.SendWithSMTPClient(s.conn, letter)
	if err == nil {
		return nil
	}
	s.drop()
	if letter.IsDelivered() {
		// Taken; only the goodbye went wrong.
		return nil
	}
	var failed *gomail.SendError
	if errors.As(err, &failed) && failed.Reason != gomail.ErrSMTPMailFrom && failed.ErrorCode() >= 500 {
		return fmt.Errorf("%w: %w", ErrRefused, err)
	}
	return err
}

// Close hangs up. The next message dials again.
func (s *SMTP) Close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.drop()
	return nil
}

func (s *SMTP) drop() {
	if s.conn == nil {
		return
	}
	if err := s.client.CloseWithSMTPClient(s.conn); err != nil {
		_ = s.conn.Close()
	}
	s.conn = nil
}

// compose writes the message. Everything people typed goes through the
// encoders of net/mail and MIME, as one line.
func compose(m Message) (*gomail.Msg, error) {
	letter := gomail.NewMsg(gomail.WithNoDefaultUserAgent())
	from, to := *m.From, *m.To
	from.Name, to.Name = oneLine(from.Name), oneLine(to.Name)
	letter.FromMailAddress(&from)
	letter.ToMailAddress(&to)
	letter.Subject(oneLine(m.Subject))
	letter.SetMessageIDWithValue(m.ID)
	letter.SetDateWithValue(m.Date)
	letter.SetGenHeader(gomail.HeaderContentLang, string(m.Language))
	// Holiday answers to a machine help nobody.
	letter.SetGenHeader("Auto-Submitted", "auto-generated")
	letter.SetBodyString(gomail.TypeTextPlain, m.Text)
	if m.HTML != "" {
		letter.AddAlternativeString(gomail.TypeTextHTML, m.HTML)
	}
	if m.ICS != "" {
		err := letter.AttachReader("agora.ics", strings.NewReader(m.ICS),
			gomail.WithFileContentType("text/calendar; charset=utf-8; method=PUBLISH"))
		if err != nil {
			return nil, err
		}
	}
	return letter, nil
}
