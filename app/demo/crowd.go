package demo

import (
	"fmt"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"agora/app/registration"
)

// crowdSize is how many different people there are.
const crowdSize = 900

// newCrowd makes the people who register: first those whose names try out
// badges, then invented ones, of whom every eighth speaks Swedish and every
// seventeenth English. Everybody's address is their own.
func newCrowd() ([]visitor, error) {
	var p peopleText
	if err := read("people", &p); err != nil {
		return nil, err
	}
	crowd := make([]visitor, 0, crowdSize)
	used := map[string]bool{}
	add := func(v visitor) error {
		v.email = address(v.Name)
		if used[v.email] {
			return fmt.Errorf("two people have the address %s", v.email)
		}
		used[v.email] = true
		v.photo = photo(len(crowd))
		crowd = append(crowd, v)
		return nil
	}
	for _, v := range p.Special {
		if err := add(v); err != nil {
			return nil, err
		}
	}
	met := make([]int, len(p.Tribes))
	for i := len(crowd); i < crowdSize; i++ {
		n := tribe(i)
		t, k := p.Tribes[n], met[n]
		met[n]++
		// The family moves on with every round of given names, so that no pair
		// comes twice.
		v := visitor{Language: t.Language, Organisation: p.Organisations[i*7%len(p.Organisations)]}
		v.Name = t.Given[k%len(t.Given)] + " " + t.Family[(k/len(t.Given)+k)%len(t.Family)]
		if i%13 == 5 {
			v.needs = t.Needs[i%len(t.Needs)]
		}
		if err := add(v); err != nil {
			return nil, err
		}
	}
	return crowd, nil
}

func tribe(i int) int {
	switch {
	case i%8 == 3:
		return 1
	case i%17 == 5:
		return 2
	}
	return 0
}

func photo(i int) registration.Photo {
	switch {
	case i%9 == 4:
		return registration.PhotoNo
	case i%4 == 1:
		return registration.PhotoAsk
	}
	return registration.PhotoYes
}

// letters are those that Unicode does not take apart into a plain one and a mark.
var letters = strings.NewReplacer("ł", "l", "ø", "o", "æ", "ae", "ı", "i", "đ", "d")

// address is the one that belongs to a name. Nobody owns example.org (RFC 2606).
func address(name string) string {
	var b strings.Builder
	for _, r := range norm.NFD.String(letters.Replace(strings.ToLower(name))) {
		switch {
		case unicode.IsLetter(r), unicode.IsDigit(r), r == '-':
			b.WriteRune(r)
		case r == ' ' && b.Len() > 0:
			b.WriteByte('.')
		}
	}
	return strings.Trim(b.String(), ".-") + "@example.org"
}

// input is what the visitor writes into the form.
func (v visitor) input(kind registration.Kind) registration.Input {
	return registration.Input{Name: v.Name, Email: v.email, Place: kind, Organisation: v.Organisation,
		Language: v.Language, Photo: v.photo, Needs: v.needs, Consent: v.needs != ""}
}
