package sheet

import (
	"fmt"
	"reflect"
	"strings"
	"testing"

	"agora/app/fail"
	"agora/app/registration/form"
	"agora/app/text"
)

func label(fi, sv, en string) text.Texts {
	return text.Texts{text.Finnish: fi, text.Swedish: sv, text.English: en}
}

func asked() form.Form {
	return form.Form{Fields: []form.Field{
		{Key: "dinner", Kind: form.YesNo, Label: label("Jäätkö illalliselle?", "Stannar du på middag?", "Do you stay for dinner?"), Required: true},
		{Key: "diet", Kind: form.Several, Label: label("Ruokavalio", "Kost", "Diet"), When: &form.Condition{Field: "dinner", Value: "yes"},
			Options: []form.Option{{Key: "vegan", Label: label("Vegaani", "Vegan", "Vegan")}, {Key: "nuts", Label: label("Ei pähkinää, kiitos", "Inga nötter, tack", "No nuts, please")}}},
		{Key: "role", Kind: form.Choice, Label: label("Rooli", "Roll", "Role"), Options: []form.Option{{Key: "dev", Label: label("Kehittäjä", "Utvecklare", "Developer")}, {Key: "boss", Label: label("Päällikkö", "Chef", "Manager")}}},
		{Key: "years", Kind: form.Number, Label: label("Vuosia alalla", "År i branschen", "Years")},
		{Key: "greeting", Kind: form.Text, Label: text.Texts{text.English: "日本語で?"}},
	}}
}

func TestMatch(t *testing.T) {
	for heading, want := range map[string]Column{
		"Nimi": Name, "NAMN": Name, "Full name": Name, "Etunimi": FirstName, "Förnamn": FirstName, "first_name": FirstName, "Sukunimi *": LastName, "Efternamn": LastName, "Surname": LastName,
		"Sähköposti": Email, "Sahkoposti": Email, "E-post": Email, "E-mail": Email, "Email (required)": Email, "Sähköpostiosoite": Email, "Organisaatio": Organisation, "Yritys": Organisation, "Company": Organisation, "Företag": Organisation,
		"Organization": Organisation, "Paikka": Place, "Osallistumistapa": Place, "Kieli": Language, "Språk": Language, "Valokuvat": Photo, "Kuvauslupa": Photo, "Diet and access": Needs, "Allergiat": Needs, "Specialkost": Needs,
		"Ruokavalio": Answer("diet"), "Kost": Answer("diet"), "diet": Answer("diet"), "answers.years": Answer("years"), "År i branschen": Answer("years"), "Jäätkö illalliselle?": Answer("dinner"), "日本語で?": Answer("greeting"),
		"Whatever": "", "": "", "?": "", "Shoe size": "",
	} {
		got := Match([]string{heading}, asked())
		if _, ok := got[want]; want != "" && !ok || want == "" && len(got) > 0 {
			t.Errorf("%q is %v, want %q", heading, got, want)
		}
	}
	header := []string{"Company", "Organisation", "Email", "E-mail", "", "Shoe size"}
	got := Match(header, form.Form{})
	if !reflect.DeepEqual(got, map[Column]int{Organisation: 1, Email: 3}) {
		t.Errorf("twice the same: %v", got)
	}
	if left := Unmatched(header, got); len(left) != 3 || left[0] != "Company" || left[2] != "Shoe size" {
		t.Errorf("left over: %q", left)
	}
}

// A word with two meanings would be read now so and now so.
func TestWordsMeanOneThing(t *testing.T) {
	seen := map[string]Column{}
	for column, known := range words {
		for _, w := range known {
			if other, ok := seen[w]; ok && other != column {
				t.Errorf("%q is both %s and %s", w, column, other)
			}
			if form.Fold(w) != w {
				t.Errorf("%q is not written as Fold does", w)
			}
			seen[w] = column
		}
	}
	for _, meanings := range []map[string][]string{places, languages, photos, {"yes": yeses, "no": noes}} {
		seen := map[string]string{}
		for value, ways := range meanings {
			for _, w := range ways {
				if other, ok := seen[w]; ok && other != value {
					t.Errorf("%q is both %s and %s", w, value, other)
				}
				if form.Fold(w) != w {
					t.Errorf("%q is not written as Fold does", w)
				}
				seen[w] = value
			}
		}
	}
}

func TestPeople(t *testing.T) {
	table, err := Read("list.csv", []byte(strings.Join([]string{
		"First name;Last name;Email;Company;Place;Kieli;Photos;Allergies;Dinner?;Do you stay for dinner?;Diet;Role;Years;Shoe",
		"Åsa;Öhman;Asa@Example.org ;Oy Ab;etänä;ruotsi;kysy ensin;nuts;;Kyllä;Vegan, Ei pähkinää, kiitos;Kehittäjä;12.0;41",
		"Li;;li@example.org;;;;;;;;;;;",
		";;nobody@example.org;;;;;;;;;;;;shifted",
		"A;B;asa@example.org;;salissa;xx;maybe;;;perhaps;Beer;King;many;",
		"C;D;not an address;;on the moon;;;;;;;;;",
		"E;F;e@example.org;;;;;;;x;vegan;dev;1 007;;shifted",
		"G;H;g@example.org;" + strings.Repeat("x", 121) + ";;;;;;nej;Vegan;;;",
	}, "\r\n")))
	if err != nil {
		t.Fatal(err)
	}
	got, problems, err := People(table, asked(), Defaults{Place: "onsite", Language: "fi"})
	if err != nil {
		t.Fatal(err)
	}
	want := []Person{
		{2, "Åsa Öhman", "asa@example.org", "Oy Ab", "remote", "sv", "ask", "nuts", form.Answers{"dinner": true, "diet": []string{"vegan", "nuts"}, "role": "dev", "years": int64(12)}},
		{3, "Li", "li@example.org", "", "onsite", "fi", "", "", form.Answers{}},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
	var report []string
	for _, p := range problems {
		report = append(report, fmt.Sprint(p.Line, " ", p.Field, " ", p.Key, p.Args))
	}
	wanted := []string{"4  sheet.extra[]", "4 first_name field.required[]",
		"5 language sheet.language[]", "5 photo sheet.photo[]", "5 answers.dinner form.yes_no[]", "5 answers.role form.option_unknown[]", "5 answers.years field.number[]", "5 email sheet.doubled[line 2]",
		"6 place sheet.place[]", "6 email account.email.space[]", "7  sheet.extra[]", "8 organisation field.long[max 120]"}
	if !reflect.DeepEqual(report, wanted) {
		t.Errorf("report:\n%s\nwant:\n%s", strings.Join(report, "\n"), strings.Join(wanted, "\n"))
	}
	c, err := text.Load()
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range problems {
		for _, l := range text.Langs {
			if s := c.T(l, p.Key, p.Args...); strings.ContainsAny(s, "⟦{") {
				t.Errorf("%s: %s", p.Key, s)
			}
		}
	}
}

func TestHostilePeople(t *testing.T) {
	rows := []Row{{2, []string{"a\x00b", "a@example.org"}}, {3, []string{"\u202eevil 😀", "b@example.org"}}, {4, []string{strings.Repeat("ä", 121), "c@example.org"}},
		{5, []string{"Two\nlines", "d@example.org"}}, {6, []string{"\xff", "\xff@example.org"}}, {7, nil}}
	got, problems, err := People(Table{Header: []string{"Name", "Email"}, Rows: rows}, form.Form{}, Defaults{})
	if err != nil || len(got) != 2 || got[0].Name != "\u202eevil 😀" || got[1].Name != "Two lines" {
		t.Errorf("%+v %v", got, err)
	}
	lines := map[int]bool{}
	for _, p := range problems {
		lines[p.Line] = true
	}
	if len(lines) != 4 {
		t.Errorf("problems: %+v", problems)
	}
}

func TestAListNeedsItsColumns(t *testing.T) {
	for _, c := range []struct{ header, want string }{{"Name,Phone", "sheet.no_email"}, {"Email,Phone", "sheet.no_name"}, {"Åsa,asa@example.org", "sheet.no_email"}} {
		_, _, err := People(Table{Header: strings.Split(c.header, ",")}, form.Form{}, Defaults{})
		if problem(err) != c.want || !fail.Is(err, fail.Invalid) {
			t.Errorf("%s: %v, want %s", c.header, err, c.want)
		}
	}
}
