package paper

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"agora/app/apptest"
)

var plainNames = []string{"Åsa Öhman", "Ġorġ Żammit", "Łukasz Żółć", "Íñigo Ñandú", "Győző Erdős", "Áile Čáhppe", "Nguyễn Thị Mỹ", "Αλέξης Δήμου", "Юлия Щербакова"}

func printBadges(t testing.TB, p *Press, d Design, badges []Badge) ([]byte, Report) {
	t.Helper()
	var b bytes.Buffer
	r, err := p.Badges(context.Background(), &b, d, badges, BadgeOptions{Series: "CMADFI", Edition: "Jyväskylä 2027", Title: "Nimilaput"})
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes(), r
}

func sampleCertificate(name string) Certificate {
	return Certificate{Series: "CMADFI", Edition: "Jyväskylä 2027", Title: "Osallistumistodistus", Before: "Todistamme, että", Name: name,
		After: "osallistui yhteisömanagerien päivään Jyväskylässä maanantaina 25. tammikuuta 2027.",
		Facts: []Fact{{"Päivä", "maanantai 25.1.2027"}, {"Paikka", "Agora, Jyväskylä"}, {"Kesto", "6 h 30 min"}}, Signed: "Jyväskylässä 25.1.2027",
		Signers: []Signature{{Name: "Päivän järjestäjät", Title: "CMADFI 2027"}}, Number: "Todistus 2027-0118", Verify: "Tarkista: cmadfi.example/verify/K7M4PQ2X",
		QR: "https://cmadfi.example/verify/K7M4PQ2X", Caption: "Yksi piste on yksi osallistuja.", Seats: 300, Dot: 118}
}

func tool(t *testing.T, pdf []byte, command string, args ...string) string {
	t.Helper()
	apptest.Program(t, command)
	path := filepath.Join(t.TempDir(), "x.pdf")
	if err := os.WriteFile(path, pdf, 0o600); err != nil {
		t.Fatal(err)
	}
	for i, a := range args {
		args[i] = strings.ReplaceAll(a, "PDF", path)
	}
	out, err := exec.Command(command, args...).CombinedOutput()
	if err != nil {
		t.Fatalf("%s: %v\n%s", command, err, out)
	}
	return string(out)
}

func TestNamesCanBeCopiedFromThePaper(t *testing.T) {
	p := press(t)
	for _, d := range Designs() {
		pdf, _ := printBadges(t, p, d, samples(plainNames))
		text := strings.Join(strings.Fields(tool(t, pdf, "pdftotext", "-raw", "PDF", "-")), " ")
		for _, n := range plainNames {
			if !strings.Contains(text, n) {
				t.Errorf("%s: %q is not in %q", d.Name, n, text)
			}
		}
	}
	var b bytes.Buffer
	var list []Certificate
	for _, n := range plainNames {
		list = append(list, sampleCertificate(n))
	}
	if _, err := p.Certificates(t.Context(), &b, list, CertificateOptions{Title: "Todistukset"}); err != nil {
		t.Fatal(err)
	}
	text := strings.Join(strings.Fields(tool(t, b.Bytes(), "pdftotext", "PDF", "-")), " ")
	order := regexp.MustCompile(`Osallistumistodistus.*Todistamme.*Åsa Öhman.*osallistui.*Päivä.*Päivän järjestäjät`)
	if !order.MatchString(text) {
		t.Errorf("reading order: %s", text)
	}
	for _, n := range plainNames {
		if !strings.Contains(text, n) {
			t.Errorf("%q is not on its certificate", n)
		}
	}
}

// An opinion from outside on widths: where poppler finds the words of long names.
func TestWordsAreInsideTheBadge(t *testing.T) {
	names := []string{"Maximiliana-Konstantina von Württemberg-Papadopoulos-Lehtonen", "Lentokonesuihkuturbiinimoottoriapumekaanikkoaliupseerioppila",
		strings.Repeat("Wolfgang ", 20), "Nguyễn Thị Minh Khai Nguyễn Thị Minh Khai", "Χαράλαμπος Παπαδόπουλος-Κωνσταντινίδης"}
	pdf, _ := printBadges(t, press(t), A6(), samples(names))
	boxes := regexp.MustCompile(`<word xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)"`).FindAllStringSubmatch(tool(t, pdf, "pdftotext", "-bbox", "PDF", "-"), -1)
	if len(boxes) < 40 {
		t.Fatalf("only %d words", len(boxes))
	}
	for _, b := range boxes {
		left, _ := strconv.ParseFloat(b[1], 64)
		right, _ := strconv.ParseFloat(b[3], 64)
		if left < 9*mm-.1 || right > 96*mm+.6 { // tracking after a line's last letter is white
			t.Errorf("a word from %.1f to %.1f mm", left/mm, right/mm)
		}
	}
}

func TestThousandOddNames(t *testing.T) {
	names := oddNames(1000)
	p := press(t)
	for _, d := range Designs() {
		pdf, r := printBadges(t, p, d, samples(names))
		if r.Printed != len(names) {
			t.Errorf("%s: %d of %d printed: %v", d.Name, r.Printed, len(names), r.NeedsLook())
		}
		if out := tool(t, pdf, "qpdf", "--check", "PDF"); strings.Contains(out, "WARNING") {
			t.Error(out)
		}
		if d.Columns > 1 { // poppler reads the fonts again for each page, which takes its time for single badges
			if got := strings.Count(tool(t, pdf, "pdftotext", "-raw", "PDF", "-"), "K7M4-PQ2X"); got != len(names) {
				t.Errorf("%s: %d badges can be read", d.Name, got)
			}
		}
		for i, n := range names {
			if !r.Has(i, Missing) && !strings.ContainsFunc(n, p.prints) {
				t.Errorf("%q: nothing printed and not listed", n)
			}
		}
	}
	var b bytes.Buffer
	var list []Certificate
	for _, n := range names[:200] {
		list = append(list, sampleCertificate(n))
	}
	r, err := p.Certificates(t.Context(), &b, list, CertificateOptions{})
	if err != nil || r.Printed != len(list) {
		t.Errorf("certificates: %v, %d printed", err, r.Printed)
	}
	tool(t, b.Bytes(), "qpdf", "--check", "PDF")
}

func TestSameDataSameBytes(t *testing.T) {
	badges := samples(oddNames(120))
	first, _ := printBadges(t, press(t), Sheet8(), badges)
	again, _ := printBadges(t, press(t), Sheet8(), badges)
	if !bytes.Equal(first, again) {
		t.Error("badges differ from one time to the next")
	}
	badges[7].Name = "Åsa"
	if other, _ := printBadges(t, press(t), Sheet8(), badges); bytes.Equal(first, other) {
		t.Error("the control: other data must give other bytes")
	}
	var a, b, c bytes.Buffer
	p, day := press(t), time.Date(2027, 1, 25, 17, 0, 0, 0, time.UTC)
	p.Certificate(t.Context(), &a, sampleCertificate("Åsa Öhman"), CertificateOptions{Date: day})
	p.Certificate(t.Context(), &b, sampleCertificate("Åsa Öhman"), CertificateOptions{Date: day.In(time.FixedZone("EET", 7200))})
	p.Certificate(t.Context(), &c, sampleCertificate("Åsa Öhman"), CertificateOptions{Date: day.Add(time.Hour)})
	if !bytes.Equal(a.Bytes(), b.Bytes()) || bytes.Equal(a.Bytes(), c.Bytes()) || a.Len() == 0 {
		t.Error("a certificate's bytes follow its data and date, and nothing else")
	}
}

func TestManyAtOnce(t *testing.T) {
	p := press(t)
	want, _ := printBadges(t, press(t), A6(), samples(plainNames))
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			if got, _ := printBadges(t, p, A6(), samples(plainNames)); !bytes.Equal(got, want) {
				t.Error("a document printed beside others differs")
			}
		})
	}
	wg.Wait()
}

func TestBadCodeIsTold(t *testing.T) {
	badges := samples([]string{"Åsa", "Eero", "Liisa"})
	badges[0].QR, badges[1].QR = "", strings.Repeat("x", 5000)
	pdf, r := printBadges(t, press(t), A6(), badges)
	if !r.Has(0, BadCode) || !r.Has(1, BadCode) || r.Has(2, BadCode) || r.Printed != 3 || len(pdf) == 0 {
		t.Errorf("%+v", r)
	}
}

func TestSharedWordsAreToldOnce(t *testing.T) {
	r, err := press(t).Badges(t.Context(), new(bytes.Buffer), A6(), samples(plainNames), BadgeOptions{Series: "CMADFI 🎉", Edition: strings.Repeat("Jyväskylä ", 20)})
	if err != nil || !r.Has(Shared, Dropped) || !r.Has(Shared, Cut) || len(r.NeedsLook()) != 2 {
		t.Errorf("%v %+v", err, r)
	}
}

func TestCancelledBatchStops(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	done := 0
	_, err := press(t).Badges(ctx, new(bytes.Buffer), A6(), samples(oddNames(50)), BadgeOptions{Progress: func(n, total int) {
		if done = n; n == 3 {
			cancel()
		}
	}})
	if !errors.Is(err, context.Canceled) || done != 3 {
		t.Errorf("%v after %d", err, done)
	}
}

func TestDesignsAreChecked(t *testing.T) {
	for _, d := range Designs() {
		if err := d.Check(); err != nil {
			t.Error(err)
		}
		stored, _ := json.Marshal(d)
		var back Design
		if err := json.Unmarshal(stored, &back); err != nil || !reflect.DeepEqual(d, back) {
			t.Errorf("%s does not survive storing: %v", d.Name, err)
		}
	}
	for i, spoil := range []func(*Design){
		func(d *Design) { d.Page.W = 0 }, func(d *Design) { d.Columns = 3 }, func(d *Design) { d.Rows = 0 }, func(d *Design) { d.Elements[4].Box.W = 500 },
		func(d *Design) { d.Elements[4].Kind = "poster" }, func(d *Design) { d.Elements[4].Min = 0 }, func(d *Design) { d.Elements[0].Box.H = -1 },
	} {
		d := A6()
		if spoil(&d); d.Check() == nil {
			t.Errorf("spoilt design %d passes", i)
		}
		if _, err := press(t).Badges(t.Context(), new(bytes.Buffer), d, samples(plainNames), BadgeOptions{}); err == nil {
			t.Errorf("spoilt design %d prints", i)
		}
	}
	if _, err := press(t).Badges(t.Context(), new(bytes.Buffer), A6(), nil, BadgeOptions{}); !errors.Is(err, errEmpty) {
		t.Errorf("no badges: %v", err)
	}
}

func TestHall(t *testing.T) {
	for _, n := range []int{0, 1, 2, 7, 40, 300, 1200, 90000} {
		seats, radius := hall(n)
		want := min(max(n, 0), MaxDots)
		if n == 0 {
			want = defaultDots
		}
		if len(seats) != want || !(radius > 0 && radius < .2) {
			t.Errorf("%d seats: %d dots of %f", n, len(seats), radius)
		}
		for _, s := range seats {
			if s.x < -1 || s.x > 1 || s.y < 0 || s.y > 1 {
				t.Errorf("%d seats: a dot at %v", n, s)
			}
		}
	}
	if got := dotOf(89999, 90000); got != MaxDots-1 {
		t.Error(got)
	}
}

func TestHex(t *testing.T) {
	if c, err := Hex("#0d5c52"); err != nil || c != pine {
		t.Error(c, err)
	}
	for _, s := range []string{"", "0d5c52", "#0d5c5", "#0d5c5g", "#+d5c52", "red"} {
		if c, err := Hex(s); err == nil {
			t.Error(s, fmt.Sprint(c))
		}
	}
}
