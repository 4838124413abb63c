package web

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"agora/app/demo"
	"agora/app/material"
	"agora/app/program"
	"agora/app/speaking"
	"agora/app/text"
)

func TestSpeakersProfile(t *testing.T) {
	d := newStageDay(t, 5)
	at := d.ainoAt + "/profile"
	who := d.speaker(d.e, "aino-kallio")
	form := url.Values{"version": {version(who.Version)}, "name": {"Aino  Kallio"}, "biography_fi": {"Johtaa **yhteisöä**."}, "biography_en": {"Leads."},
		"link_url_0": {"https://example.org/aino"}, "link_title_0": {"Blogi"}}
	d.sends(at, form)
	who = d.speaker(d.e, "aino-kallio")
	if who.Name != "Aino Kallio" || who.Biography[text.Finnish] != "Johtaa **yhteisöä**." || len(who.Extra.Links) != 1 || who.Extra.Links[0].Title != "Blogi" {
		t.Errorf("saved: %+v", who)
	}
	if body := d.page(asStranger, "/cmadfi/2030/speakers/aino-kallio"); !strings.Contains(body, "<strong>yhteisöä</strong>") {
		t.Error("the public page does not show it at once")
	}

	// Everything that is wrong at once, and nothing that was typed is lost.
	wrong := url.Values{"version": {version(who.Version)}, "name": {""}, "biography_fi": {strings.Repeat("x", 20_001)}, "link_url_0": {"javascript:alert(1)"}, "link_title_1": {"Vain nimi"}}
	r := d.post(asStranger, at, wrong)
	if r.status != http.StatusUnprocessableEntity || strings.Count(r.body, `class="error"`) != 4 || strings.Contains(r.body, "{n}") || !strings.Contains(r.body, "Vain nimi") || !strings.Contains(r.body, "javascript:alert(1)") {
		t.Errorf("wrong: status %d", r.status)
	}

	// The second of two links is wrong, and it is there that it is said.
	second := url.Values{"version": {version(who.Version)}, "name": {"Aino Kallio"}, "link_url_0": {"https://example.org/aino"}, "link_url_1": {"ftp://example.org"}}
	if r := d.post(asStranger, at, second); r.status != http.StatusUnprocessableEntity || !strings.Contains(r.body, `id="link_url_1-error"`) || strings.Contains(r.body, `id="link_url_0-error"`) {
		t.Errorf("the second link: status %d", r.status)
	}

	// Two savers: an organiser saves meanwhile.
	seen := who.Version
	_, err := d.Program.SaveSpeaker(t.Context(), "", d.e, who.ID, program.SpeakerInput{Name: "Aino Kallio", Biography: text.One(text.Finnish, "Järjestäjän teksti.")})
	d.must(err)
	mine := url.Values{"version": {version(seen)}, "name": {"Aino Kallio"}, "biography_fi": {"Puhujan teksti."}}
	r = d.post(asStranger, at, mine)
	if r.status != http.StatusConflict || !strings.Contains(r.body, "Puhujan teksti.") || !strings.Contains(r.body, "Järjestäjän teksti.") {
		t.Errorf("meanwhile: status %d", r.status)
	}
	if got := d.speaker(d.e, "aino-kallio").Biography[text.Finnish]; got != "Järjestäjän teksti." {
		t.Errorf("overwritten silently with %q", got)
	}
	mine.Set("version", between(r.body, `name="version" value="`, `"`, ""))
	d.sends(at, mine)
	if got := d.speaker(d.e, "aino-kallio").Biography[text.Finnish]; got != "Puhujan teksti." {
		t.Errorf("after looking at both: %q", got)
	}
	changes, err := d.Speaking.Changes(t.Context(), d.e, who.ID)
	d.must(err)
	changes = slices.DeleteFunc(changes, func(c speaking.Change) bool { return c.Field != "biography" })
	if c := changes[0]; c.Field != "biography" || c.Was != "Järjestäjän teksti." || c.Became != "Puhujan teksti." {
		t.Errorf("the organiser is told %+v", c)
	}
}

func TestSpeakersTexts(t *testing.T) {
	d := newStageDay(t, 5)
	at := d.ainoAt + "/sessions/" + d.own.Slug
	d.sends(at, url.Values{"version": {version(d.own.Version)}, "title_fi": {"Yhteisö kukkii"}, "abstract_fi": {"Miten *se* tapahtuu."}})
	x := d.session(d.own.ID)
	if x.Title[text.Finnish] != "Yhteisö kukkii" || x.Abstract[text.Finnish] != "Miten *se* tapahtuu." || x.Slug != d.own.Slug || !x.Scheduled() || len(x.Speakers) != 1 {
		t.Errorf("saved: %+v", x)
	}
	if body := d.page(asStranger, "/cmadfi/2030/sessions/"+d.own.Slug); !strings.Contains(body, "Yhteisö kukkii") {
		t.Error("a released title does not show at once")
	}
	if r := d.post(asStranger, at, url.Values{"version": {version(d.own.Version)}, "title_fi": {"Vanhasta"}}); r.status != http.StatusConflict || !strings.Contains(r.body, "Vanhasta") {
		t.Errorf("an old version: status %d", r.status)
	}
	if r := d.post(asStranger, at, url.Values{"version": {version(x.Version)}, "title_fi": {""}, "abstract_fi": {strings.Repeat("x", 2001)}}); r.status != http.StatusUnprocessableEntity || strings.Count(r.body, `class="error"`) != 2 {
		t.Errorf("wrong: status %d with %d errors", r.status, strings.Count(r.body, `class="error"`))
	}
	if r := d.post(asStranger, at, url.Values{"preview": {"1"}, "title_fi": {"Katselu"}, "description_fi": {"Näin **lihavoi**. <script>x</script>"}}); r.status != http.StatusOK ||
		!strings.Contains(r.body, "<strong>lihavoi</strong>") || strings.Contains(r.body, "<script>x") {
		t.Errorf("preview: status %d", r.status)
	}
	if got := d.session(d.own.ID).Title[text.Finnish]; got != "Yhteisö kukkii" {
		t.Errorf("a preview saved %q", got)
	}

	rules := speaking.UsualRules()
	rules.Texts = []string{"abstract"}
	d.must(d.Speaking.SaveRules(t.Context(), "", d.e, 0, rules))
	d.sends(at, url.Values{"version": {version(x.Version)}, "title_fi": {"Luvatta"}, "abstract_fi": {"Luvalla"}})
	if x := d.session(d.own.ID); x.Title[text.Finnish] != "Yhteisö kukkii" || x.Abstract[text.Finnish] != "Luvalla" {
		t.Errorf("what organisers keep: %q %q", x.Title, x.Abstract)
	}
	if body := d.page(asStranger, at); strings.Contains(body, `name="title_fi"`) || !strings.Contains(body, "Yhteisö kukkii") {
		t.Error("a text that is not theirs to change is offered")
	}
}

func (d *stageDay) session(id string) *program.Session {
	d.t.Helper()
	draft, err := d.Program.Draft(d.t.Context(), d.e)
	d.must(err)
	return draft.ByID(id)
}

func TestSpeakersTimesAndNeeds(t *testing.T) {
	d := newStageDay(t, 5)
	at := d.ainoAt + "/practical"
	versions := func() (string, string) {
		return version(d.now(d.aino).Version), version(d.speaker(d.e, "aino-kallio").Version)
	}
	v, theirs := versions()
	day := d.e.Local(d.e.StartsAt).Format("2006-01-02")
	d.sends(at, url.Values{"version": {v}, "theirs": {theirs}, "any": {"some"}, "date_0": {day}, "from_0": {"9:00"}, "to_0": {"12:30"}, "equipment": {"Kaukosäädin"}, "note": {"Tulen junalla."}})
	who, x := d.speaker(d.e, "aino-kallio"), d.now(d.aino)
	if len(who.Availability) != 1 || !who.Availability[0].To.Equal(clockAt(day+" 12:30")) || x.Equipment != "Kaukosäädin" || x.Note != "Tulen junalla." || x.PracticalAt == nil {
		t.Errorf("saved: %+v %+v", who.Availability, x)
	}
	if r := d.post(asStranger, at, url.Values{"version": {v}, "theirs": {theirs}, "any": {"any"}, "note": {"Vanhasta"}}); r.status != http.StatusConflict || !strings.Contains(r.body, "Vanhasta") || !strings.Contains(r.body, "Tulen junalla.") {
		t.Errorf("meanwhile: status %d", r.status)
	}
	v, theirs = versions()
	for what, form := range map[string]url.Values{
		"no choice": {}, "no time": {"any": {"some"}}, "half a time": {"any": {"some"}, "date_0": {day}, "from_0": {"9:00"}},
		"the end first": {"any": {"some"}, "date_0": {day}, "from_0": {"14:00"}, "to_0": {"12:00"}}, "no length": {"any": {"some"}, "date_0": {day}, "from_0": {"14:00"}, "to_0": {"14:00"}},
		"no clock": {"any": {"some"}, "date_0": {day}, "from_0": {"yhdeksän"}, "to_0": {"12"}}, "too long": {"any": {"any"}, "note": {strings.Repeat("å", 2001)}},
	} {
		form.Set("version", v)
		form.Set("theirs", theirs)
		if r := d.post(asStranger, at, form); r.status != http.StatusUnprocessableEntity {
			t.Errorf("%s: status %d", what, r.status)
		}
	}
	d.sends(at, url.Values{"version": {v}, "theirs": {theirs}, "any": {"some"}, "date_0": {day}, "from_0": {"22:00"}, "to_0": {"02:00"}})
	if who := d.speaker(d.e, "aino-kallio"); len(who.Availability) != 1 || who.Availability[0].To.Sub(who.Availability[0].From) != 4*time.Hour {
		t.Errorf("past midnight: %+v", who.Availability)
	}
	v, theirs = versions()
	d.sends(at, url.Values{"version": {v}, "theirs": {theirs}, "any": {"any"}})
	if who := d.speaker(d.e, "aino-kallio"); len(who.Availability) != 0 {
		t.Errorf("any time: %+v", who.Availability)
	}
}

// consents sends a word on each subject.
func consents(x speaking.Speaking, words ...string) url.Values {
	form := url.Values{"version": {version(x.Version)}, "licence": {"CC BY 4.0"}}
	for i, what := range speaking.Subjects {
		if i < len(words) && words[i] != "" {
			form.Set("consent_"+string(what), words[i])
		}
	}
	return form
}

func TestSpeakersConsent(t *testing.T) {
	d := newStageDay(t, 5)
	at := d.ainoAt + "/consent"
	r := d.post(asStranger, at, consents(d.aino, "yes"))
	if r.status != http.StatusUnprocessableEntity || strings.Count(r.body, "Valitse kyllä tai ei.") != 6 || !strings.Contains(r.body, `value="yes" checked`) {
		t.Errorf("half an answer: status %d", r.status)
	}
	d.sends(at, consents(d.aino, "yes", "yes", "yes", "yes"))
	d.handsIn(d.ainoAt, d.aino, d.own, "https://example.org/kalvot")
	d.handsIn(d.boAt, d.bo, d.shared, "https://example.org/bon-kalvot")
	_, err := d.Material.Add(t.Context(), material.Author{}, d.e, d.shared.ID, material.Input{Kind: material.Recording, URL: "https://example.org/tallenne"})
	d.must(err)
	shows := func(session program.Session, want ...string) {
		t.Helper()
		body := d.page(asStranger, "/cmadfi/2030/sessions/"+session.Slug)
		for _, m := range []string{"kalvot", "bon-kalvot", "tallenne"} {
			list, err := d.Material.OfSession(t.Context(), d.e, session.ID)
			d.must(err)
			for _, one := range list {
				if !strings.HasSuffix(one.URL, "/"+m) {
					continue
				}
				if got, should := strings.Contains(body, one.Slug), strings.Contains(strings.Join(want, " ")+" ", m+" "); got != should {
					t.Errorf("%s shown: %v, want %v", m, got, should)
				}
			}
		}
	}
	shows(d.own, "kalvot")
	shows(d.shared, "bon-kalvot", "tallenne")
	d.sends(at, consents(d.now(d.aino), "yes", "no", "no", "yes"))
	shows(d.own)
	shows(d.shared, "bon-kalvot")
	if n := d.count("SELECT count(*) FROM mail WHERE kind = 'speaker_news' AND edition_id = ?", d.e.ID); n < 2 {
		t.Errorf("the organisers were told %d times", n)
	}
	d.sends(at, consents(d.now(d.aino), "yes", "yes", "yes", "yes"))
	shows(d.own, "kalvot")
	shows(d.shared, "bon-kalvot", "tallenne")
	if r := d.post(asStranger, at, consents(d.aino, "no", "no", "no", "no")); r.status != http.StatusConflict {
		t.Errorf("from an old page: status %d", r.status)
	}
	shows(d.own, "kalvot")
}

// TestSpeakersWrittenAnswer: only to their own sessions, shown by name, and gone
// with the consent.
func TestSpeakersWrittenAnswer(t *testing.T) {
	h := demoHouse(t)
	paths := h.aSpeakersSide()
	e := h.find(demo.Archive)
	at := paths["/speak/:token/questions/:question"]
	id := at[strings.LastIndex(at, "/")+1:]
	x, err := h.Speaking.ByToken(t.Context(), strings.Split(at, "/")[2])
	h.must(err)
	page := func() string {
		var slug string
		h.must(h.DB.Read.NewRaw("SELECT s.slug FROM session s JOIN question q ON q.session_id = s.id WHERE q.id = ?", id).Scan(t.Context(), &slug))
		return h.page(asStranger, e.Path()+"/sessions/"+slug)
	}
	seen := func() string { return between(h.page(asStranger, at), `name="seen" value="`, `"`, "") }
	first := seen()
	if r := h.post(asStranger, at, url.Values{"seen": {first}, "text": {""}}); r.status != http.StatusUnprocessableEntity {
		t.Errorf("nothing written: status %d", r.status)
	}
	if r := h.post(asStranger, at, url.Values{"seen": {first}, "later": {"1"}, "text": {"Luonnosteltu."}}); r.status != http.StatusSeeOther || strings.Contains(page(), "Luonnosteltu.") {
		t.Errorf("a draft: status %d", r.status)
	}
	if body := h.page(asStranger, at); !strings.Contains(body, "Luonnosteltu.") {
		t.Error("the draft is lost")
	}
	if r := h.post(asStranger, at, url.Values{"seen": {first}, "text": {"Toisesta ikkunasta."}}); r.status != http.StatusConflict || !strings.Contains(r.body, "Toisesta ikkunasta.") {
		t.Errorf("from a second window: status %d", r.status)
	}
	if r := h.post(asStranger, at, url.Values{"seen": {seen()}, "text": {"Vastaus **kirjallisena**."}}); r.status != http.StatusSeeOther || !strings.Contains(page(), "<strong>kirjallisena</strong>") {
		t.Errorf("published: status %d", r.status)
	}
	x = h.side(e, x.SpeakerID)
	base := strings.TrimSuffix(at, "/questions/"+id)
	if r := h.post(asStranger, base+"/consent", consents(x, "yes", "yes", "yes", "no")); r.status != http.StatusSeeOther || strings.Contains(page(), "kirjallisena") {
		t.Errorf("without consent: status %d", r.status)
	}
	if r := h.post(asStranger, at, url.Values{"seen": {seen()}, "text": {"Silti."}}); r.status != http.StatusConflict {
		t.Errorf("answering without consent: status %d", r.status)
	}
	if r := h.post(asStranger, base+"/consent", consents(h.side(e, x.SpeakerID), "yes", "yes", "yes", "yes")); r.status != http.StatusSeeOther || !strings.Contains(page(), "<strong>kirjallisena</strong>") {
		t.Errorf("given again: status %d", r.status)
	}
	var other string
	h.must(h.DB.Read.NewRaw(`SELECT q.id FROM question q JOIN session s ON s.id = q.session_id WHERE s.edition_id = ? AND q.session_id NOT IN
		(SELECT session_id FROM session_speaker WHERE speaker_id = ?) LIMIT 1`, e.ID, x.SpeakerID).Scan(t.Context(), &other))
	if r := h.post(asStranger, base+"/questions/"+other, url.Values{"seen": {"0"}, "text": {"Ei minun."}}); r.status != http.StatusNotFound {
		t.Errorf("another's question: status %d", r.status)
	}
}
