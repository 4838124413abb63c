package program

import (
	"testing"

	"agora/app/db"
	"agora/app/db/dbtest"
)

func TestABreakIsCopiedToTheOtherRooms(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d)
		aula, sali := k.room("Aula"), k.room("Sali")
		k.room("Vintti")
		in := talk("Lounas", "12:00", "13:00", aula)
		in.Kind = Break
		lunch := k.session(in)
		r := k.do("org", EditInput{Act: Copy, Session: k.seen(lunch), Rooms: []string{sali.ID}})
		k.wantGrid("Lounas Aula 12:00–13:00, Lounas Sali 12:00–13:00")
		if len(r.Changed) != 1 || r.Changed[0].Kind != Break || len(r.Clashes) != 0 || r.Changed[0].Slug != "lounas-2" {
			t.Errorf("copied: %+v", r.Changed[0])
		}
		k.do("org", EditInput{Act: Copy, Session: k.seen(lunch)})
		whole := "Lounas Aula 12:00–13:00, Lounas Sali 12:00–13:00, Lounas Vintti 12:00–13:00"
		k.wantGrid(whole)
		if _, err := k.Edit(t.Context(), "org", k.e, EditInput{Act: Copy, Session: k.seen(lunch)}); problem(err, "rooms") != "program.edit_copy_nothing" {
			t.Errorf("copied once more: %v", err)
		}
		r = k.do("org", EditInput{Act: Undo})
		if len(r.Gone) != 1 || !r.CanRedo {
			t.Errorf("undone: %+v", r)
		}
		k.do("org", EditInput{Act: Undo})
		k.wantGrid("Lounas Aula 12:00–13:00")
		k.do("org", EditInput{Act: Redo})
		k.do("org", EditInput{Act: Redo})
		k.wantGrid(whole)

		// A break for everybody stands in no room; it goes into the first itself.
		in = talk("Kahvi", "14:00", "14:30", Room{})
		in.Kind = Break
		coffee := k.session(in)
		k.do("org", EditInput{Act: Copy, Session: k.seen(coffee)})
		k.wantGrid(whole + ", Kahvi Aula 14:00–14:30, Kahvi Sali 14:00–14:30, Kahvi Vintti 14:00–14:30")
	})
}

// What hangs on a copy keeps it.
func TestACopyThatWasEditedStays(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d)
		aula, sali := k.room("Aula"), k.room("Sali")
		in := talk("Kahvi", "14:00", "14:30", aula)
		in.Kind = Break
		coffee := k.session(in)
		k.do("org", EditInput{Act: Copy, Session: k.seen(coffee)})
		var copied Session
		for _, x := range k.draft().Sessions {
			if x.Slug == "kahvi-2" {
				copied = *x
			}
		}
		text := talk("Tee", "14:00", "14:30", sali)
		text.Kind = Break
		if _, err := k.SaveSession(t.Context(), "other", k.e, copied.ID, text); err != nil {
			t.Fatal(err)
		}
		if _, err := k.Edit(t.Context(), "org", k.e, EditInput{Act: Undo}); key(err) != "program.undo_changed" {
			t.Errorf("undoing a copy that was edited: %v", err)
		}
		plain := k.session(talk("Puhe", "15:00", "16:00", aula))
		if _, err := k.Edit(t.Context(), "org", k.e, EditInput{Act: Copy, Session: k.seen(plain)}); problem(err, "session") != "program.edit_copy_break" {
			t.Errorf("a talk was copied: %v", err)
		}
	})
}
