package rehearse

import (
	"context"
	"fmt"
	"time"

	"github.com/uptrace/bun"
	"github.com/valyala/fasthttp"

	"agora/app/account"
	"agora/app/agenda"
	"agora/app/audit"
	"agora/app/certificate"
	"agora/app/db"
	"agora/app/door"
	"agora/app/edition"
	"agora/app/mail"
	"agora/app/material"
	"agora/app/meet"
	"agora/app/message"
	"agora/app/notice"
	"agora/app/paper"
	"agora/app/printing"
	"agora/app/program"
	"agora/app/proposal"
	"agora/app/qa"
	"agora/app/registration"
	"agora/app/speaking"
	"agora/app/text"
	"agora/app/workshop"
)

// practice is the edition that a rehearsal happens in.
type practice struct {
	plan      Plan
	series    edition.Series
	edition   edition.Edition
	session   string
	probe     string   // a question whose votes are counted one by one
	questions []string // those that people vote for
}

// questionCount is how many questions stand in the room at first; a busy
// session has about as many.
const questionCount = 12

var practiceTitle = text.Texts{
	text.Finnish: "Harjoitus (poistuu itsestään)", text.Swedish: "Övning (försvinner av sig själv)", text.English: "Practice (removes itself)",
}

// open makes the practice edition: registration is open, and a session is on.
// What was made so far comes back with an error too, so that it can be removed.
func (r *Rehearsal) open(ctx context.Context, plan Plan) (p practice, err error) {
	r.tell(stageOpening, 0, 1)
	p.plan = plan
	if p.series, err = r.Editions.NewPractice(ctx, practiceTitle); err != nil {
		return p, err
	}
	now, seats := r.Now(), int64(plan.Seats)
	p.edition, err = r.Registrations.NewEdition(ctx, "", p.series, edition.Input{
		Slug: "1", Title: practiceTitle, Zone: "Europe/Helsinki", Languages: edition.Languages{text.English, text.Finnish, text.Swedish},
		StartsAt: now.Add(-time.Hour), EndsAt: now.Add(2 * time.Hour), OpensAt: now.Add(-2 * time.Hour), ClosesAt: now.Add(2 * time.Hour),
	}, map[registration.Kind]*int64{registration.Onsite: &seats, registration.Remote: nil})
	if err != nil {
		return p, err
	}
	room, err := r.Program.SaveRoom(ctx, "", p.edition, "", program.RoomInput{Name: practiceTitle})
	if err != nil {
		return p, err
	}
	session, err := r.Program.SaveSession(ctx, "", p.edition, "", program.SessionInput{
		Title: practiceTitle, Kind: program.Talk, RoomID: room.ID, StartsAt: now.Add(-10 * time.Minute), EndsAt: now.Add(time.Hour),
	})
	if err != nil {
		return p, err
	}
	p.session = session.ID
	if _, err := r.Program.Release(ctx, "", p.edition, "", nil); err != nil {
		return p, err
	}
	return p, r.ask(ctx, &p)
}

// ask puts questions into the room that everybody may vote for.
func (r *Rehearsal) ask(ctx context.Context, p *practice) error {
	if _, err := r.QA.Open(ctx, p.session); err != nil {
		return err
	}
	moderator := qa.Viewer{Room: p.session, View: qa.Moderator, Voter: "rehearsal"}
	for i := range questionCount + 1 {
		ack := r.QA.Do(ctx, moderator, qa.Request{Op: db.NewID(), Do: qa.ActAsk, Source: qa.SourceOther,
			Text: fmt.Sprintf("Practice question %d: how do we hear those who do not write, and who answers them?", i)})
		if err := ack.Err(); err != nil {
			return err
		}
		if i == 0 {
			p.probe = ack.ID
		} else {
			p.questions = append(p.questions, ack.ID)
		}
	}
	return nil
}

// Clean removes what rehearsals that were killed have left, and tells how many.
func (r *Rehearsal) Clean(ctx context.Context) (n int, err error) {
	err = r.alone(ctx, func(ctx context.Context) (err error) {
		n, err = r.clean(ctx)
		return err
	})
	return n, err
}

func (r *Rehearsal) clean(ctx context.Context) (int, error) {
	list, err := r.Editions.Practices(ctx)
	if err != nil {
		return 0, err
	}
	for i, series := range list {
		r.tell(stageLeft, i, len(list))
		if err := r.remove(ctx, series); err != nil {
			return i, err
		}
	}
	return len(list), nil
}

// remove drops a practice series and all that is of it, in one transaction. It
// does so also when the rehearsal was stopped.
func (r *Rehearsal) remove(ctx context.Context, series edition.Series) error {
	if !series.Practice() {
		return nil // it was not even made
	}
	r.tell(stageRemoving, 0, 1)
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), cleanTime)
	defer cancel()
	err := r.DB.Tx(ctx, func(ctx context.Context, tx bun.Tx) error {
		var editions []string
		if err := tx.NewRaw("SELECT id FROM edition WHERE series_id = ?", series.ID).Scan(ctx, &editions); err != nil {
			return err
		}
		for _, id := range editions {
			if err := removeEdition(ctx, tx, id); err != nil {
				return err
			}
		}
		if err := edition.RemovePractice(ctx, tx, series); err != nil {
			return err
		}
		return account.RemovePractice(ctx, tx, series.Slug)
	})
	if err != nil {
		return fmt.Errorf("%w (%w)", ErrLeft, err)
	}
	r.Editions.Forget()
	r.tell(stageRemoving, 1, 1)
	return nil
}

// removeEdition asks every area for its part, children before their parents.
func removeEdition(ctx context.Context, tx bun.IDB, id string) error {
	for _, remove := range []func(context.Context, bun.IDB, string) error{
		printing.RemoveEdition,
		certificate.RemoveEdition, paper.RemoveEdition, door.RemoveEdition, material.RemoveEdition, qa.RemoveEdition, workshop.RemoveEdition, meet.RemoveEdition,
		agenda.RemoveEdition, message.RemoveEdition, notice.RemoveEdition, proposal.RemoveEdition, speaking.RemoveEdition, program.RemoveEdition, registration.RemoveEdition, mail.RemoveEdition, audit.RemoveEdition, db.ForgetOf,
	} {
		if err := remove(ctx, tx, id); err != nil {
			return err
		}
	}
	return nil
}

// answers sees whether a server is there.
func (r *Rehearsal) answers(ctx context.Context) error {
	status, err := r.get(ctx, "/readyz")
	switch {
	case err != nil:
		return fmt.Errorf("no server answers at %s; start it in another window with \"agora serve\" (the same AGORA_ADDR and data folder), "+
			"and rehearse again", r.base)
	case status != fasthttp.StatusOK:
		return fmt.Errorf("what answers at %s is not a server of Agora that is ready (status %d to /readyz); \"agora doctor\" looks at what it stands on",
			r.base, status)
	}
	return nil
}

// known sees whether the server works on the database that the edition is in.
func (r *Rehearsal) known(ctx context.Context, p practice) error {
	status, err := r.get(ctx, "/api/v1/editions"+p.edition.Path())
	switch {
	case err != nil:
		return err
	case status == fasthttp.StatusNotFound:
		return fmt.Errorf("the server at %s works on another database than this command; "+
			"give both the same data folder (--data or AGORA_DATA) or the same AGORA_DATABASE_URL", r.base)
	case status != fasthttp.StatusOK:
		return fmt.Errorf("the server at %s answered %d when asked for the practice edition; see its log", r.base, status)
	}
	return nil
}

func (r *Rehearsal) get(ctx context.Context, path string) (status int, err error) {
	if err := ctx.Err(); err != nil {
		return 0, err
	}
	req, res := fasthttp.AcquireRequest(), fasthttp.AcquireResponse()
	defer fasthttp.ReleaseRequest(req)
	defer fasthttp.ReleaseResponse(res)
	req.SetRequestURI(r.base + path)
	err = r.client.DoTimeout(req, res, callTime)
	return res.StatusCode(), err
}

// singles measures how many registrations a second this machine can store one
// by one, each in a transaction of its own: what deciding them together is
// compared with.
func (r *Rehearsal) singles(ctx context.Context, p practice) (float64, error) {
	r.tell(stageAlone, 0, 1)
	var who account.Person
	err := r.DB.Tx(ctx, func(ctx context.Context, tx bun.Tx) error {
		email := account.PracticeEmail(p.series.Slug, "single")
		people, err := account.Ensure(ctx, tx, r.Now(), []account.NewPerson{{Email: email, Name: "Practice", Language: text.English}})
		who = people[email]
		return err
	})
	if err != nil {
		return 0, err
	}
	started, n := r.Stopwatch(), 0
	for r.Stopwatch().Sub(started) < singlesTime {
		if err := r.Registrations.InsertOne(ctx, p.edition.ID, who); err != nil {
			return 0, err
		}
		n++
	}
	r.tell(stageAlone, 1, 1)
	return float64(n) / r.Stopwatch().Sub(started).Seconds(), nil
}

// singlesTime is long enough for a steady rate.
const singlesTime = time.Second / 2
