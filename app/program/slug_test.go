package program

import "testing"

func TestSlugsThatTheDeskKeeps(t *testing.T) {
	for _, c := range []struct{ slug, title, want string }{
		{"", "Ääniä & Łódź", "aania-lodz"}, {"", "!?", "session"}, {"kept_as-is", "Other", "kept_as-is"},
		{"", "New", "session"}, {"new", "Something", "something"}, {"new", "New", "session"}, {"grid", "Grid", "session"}, // the desk makes sessions at new
	} {
		if got := given(c.slug, c.title, "session"); got != c.want {
			t.Errorf("%q of %q is %q, want %q", c.slug, c.title, got, c.want)
		}
	}
}
