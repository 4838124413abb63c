package text

import "testing"

func TestInitial(t *testing.T) {
	for name, want := range map[string]string{"Áile": "A", "aino": "A", " Birgitta": "B", "Äyräpää": "Ä", "A\u0308ijä": "Ä", "Åsa": "Å", "Öljy": "Ö", "Čáppa": "C",
		"Ñandú": "N", "Жанна": "Ж", "村上": "村", "": "#", "007": "#", "\xff": "#"} {
		if got := Initial(Finnish, name); got != want {
			t.Errorf("%q stands under %q, want %q", name, got, want)
		}
	}
	if got := Initial(English, "Äyräpää"); got != "A" {
		t.Error(got)
	}
}
