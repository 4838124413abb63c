package app_test

import (
	"testing"

	"agora/app/db"
)

// filled are the tables of the door, of bulk work, badges and certificates; a backup
// has to be tried with rows in each.
var filled = [...]string{"notice", "door_setup", "door_device", "door_scan", "presence", "door_note", "printout", "badge_design", "badge_setup", "badge_print",
	"certificate", "certificate_rules", "certificate_word", "certificate_presence"}

// fillDoor puts a row of the day itself into tables that a demo of a day to come
// leaves empty.
func fillDoor(t *testing.T, d *db.DB) {
	t.Helper()
	var id struct{ Registration, Edition, Series, Person string }
	err := d.Read.NewRaw(`SELECT r.id AS registration, e.id AS edition, e.series_id AS series, r.person_id AS person
		FROM registration AS r JOIN edition AS e ON e.id = r.edition_id ORDER BY r.id LIMIT 1`).Scan(t.Context(), &id)
	if err != nil {
		t.Fatal(err)
	}
	const nothing = " ON CONFLICT DO NOTHING" // where the demo has one
	for _, query := range []string{
		`INSERT INTO notice (id, edition_id, body, sent_at, until_at) VALUES ('n', ?1, '{"fi":"Kahvi on katettu."}', ?4, NULL)`,
		`INSERT INTO door_setup (edition_id, change, release_at) VALUES (?1, 3, ?4)`,
		`INSERT INTO door_device (id, edition_id, name, session_id, prints, link_hash, secret_hash, waiting, created_at, joined_at) VALUES ('d', ?1, 'Pääovi', '', TRUE, '', 'x', 2, ?4, ?4)`,
		`INSERT INTO door_scan (id, edition_id, registration_id, session_id, act, means, version, device_id, person_id, at, received_at, verdict, against, change)
			VALUES ('s', ?1, ?0, '', 'in', 'code', 1, 'd', '', ?4, ?4, 'came', '', 2)`,
		`INSERT INTO presence (registration_id, session_id, edition_id, first_at, last_at, inside, seconds, device_id, person_id, change) VALUES (?0, '', ?1, ?4, ?4, TRUE, 60, 'd', '', 2)`,
		`INSERT INTO door_note (registration_id, edition_id, note, changed_at) VALUES (?0, ?1, 'Ohjaa takahuoneeseen', ?4)`,
		`INSERT INTO printout (id, edition_id, person_id, kind, name, lang, options, state, done, total, pages, remarks, holder, attempts, file_id, version, created_at)
			VALUES ('p', ?1, ?3, 'badges', 'CMADFI', 'fi', '{}', 'cancelled', 3, 9, 0, '[]', '', 1, '', 4, ?4)`,
		`INSERT INTO badge_design (id, series_id, name, design, version, created_at, changed_at) VALUES ('b', ?2, 'Oma', '{}', 1, ?4, ?4)`,
		`INSERT INTO badge_setup (edition_id, design) VALUES (?1, 'b')`,
		`INSERT INTO badge_print (registration_id, edition_id, digest, at) VALUES (?0, ?1, 'abc', ?4)`,
		`INSERT INTO certificate_rules (edition_id, basis, minutes, remote, remote_minutes, speaking, letter, own, signers, version, changed_at)
			VALUES (?1, 'stated', 420, 'live', 60, TRUE, FALSE, '{"fi":"Kiitos"}', '[]', 2, ?4)`,
		`INSERT INTO certificate_word (registration_id, edition_id, present, minutes, person_id, at) VALUES (?0, ?1, TRUE, 90, ?3, ?4)`,
		`INSERT INTO certificate_presence (registration_id, edition_id, seconds, since, seen_at) VALUES (?0, ?1, 3600, ?4, ?4)`,
	} {
		if _, err := d.Write.NewRaw(query+nothing, id.Registration, id.Edition, id.Series, id.Person, backupNow).Exec(t.Context()); err != nil {
			t.Fatalf("%s: %v", query, err)
		}
	}
}
