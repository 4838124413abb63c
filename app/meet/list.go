package meet

import (
	"context"
	"slices"

	"agora/app/registration"
	"agora/app/text"
)

// Person is somebody who is coming and wishes to be found.
type Person struct {
	RegistrationID string
	Name           string
	Organisation   string
	Kind           registration.Kind // by which they take part
	About          string
	Topics         []string
}

// Topic is a topic with the number of people who would like to talk about it.
type Topic struct {
	Name   string
	People int
}

// Listing is who is coming: the people chosen, how many there are in all, and
// the topics of all of them.
type Listing struct {
	People []Person
	All    int
	Topics []Topic
}

// List gives those who attend and wish to be found, by name; with a topic only
// those who have named it, in whatever spelling. The topics that most people
// named come first. An edition that has no list shows nobody.
func (s *Service) List(ctx context.Context, editionID, topic string) (Listing, error) {
	on, err := offered(ctx, s.db.Read, editionID)
	if err != nil || !on {
		return Listing{}, err
	}
	var rows []struct {
		ID, Name, Organisation, About string
		State                         registration.State
		Kind                          registration.Kind
		Meanwhile                     bool
		Topics                        Topics
	}
	err = s.db.Read.NewSelect().TableExpr("listing AS l").
		ColumnExpr("r.id, r.name, r.organisation, r.state, r.kind, r.meanwhile, l.about, l.topics").
		Join("JOIN registration AS r ON r.id = l.registration_id").
		Where("l.edition_id = ? AND r.state <> ?", editionID, registration.Cancelled).OrderExpr("r.id").Scan(ctx, &rows)
	if err != nil {
		return Listing{}, err
	}
	var list Listing
	var everybody []Person
	for _, r := range rows {
		kind, attends := registration.Registration{State: r.State, Kind: r.Kind, Meanwhile: r.Meanwhile}.Attends()
		if !attends || r.Name == "" {
			continue // an erased person has no name and is not looked for
		}
		p := Person{RegistrationID: r.ID, Name: r.Name, Organisation: r.Organisation, Kind: kind, About: r.About, Topics: r.Topics}
		everybody = append(everybody, p)
		if topic == "" || slices.ContainsFunc(p.Topics, func(t string) bool { return fold(t) == fold(topic) }) {
			list.People = append(list.People, p)
		}
	}
	list.All, list.Topics = len(everybody), topics(everybody)
	compare := text.Collator(text.Finnish)
	slices.SortStableFunc(list.People, func(a, b Person) int { return compare(a.Name, b.Name) })
	return list, nil
}

// topics counts topics, each in the spelling of whoever registered first.
func topics(people []Person) []Topic {
	var list []Topic
	at := map[string]int{}
	for _, p := range people {
		for _, name := range p.Topics {
			key := fold(name)
			if _, known := at[key]; !known {
				at[key] = len(list)
				list = append(list, Topic{Name: name})
			}
			list[at[key]].People++
		}
	}
	compare := text.Collator(text.Finnish)
	slices.SortStableFunc(list, func(a, b Topic) int {
		if a.People != b.People {
			return b.People - a.People
		}
		return compare(a.Name, b.Name)
	})
	return list
}
