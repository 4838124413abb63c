package material

import (
	"net/url"
	"strings"
	"testing"
	"time"
)

func TestPlayersOfKnownHosts(t *testing.T) {
	s := &Service{hosts: []string{"video.example.fi"}}
	at := 23*time.Minute + 14*time.Second
	for address, want := range map[string][2]string{ // what the frame is, and where a moment of it is
		"https://www.youtube.com/watch?v=dQw4w9WgXcQ&list=x":                               {"https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ?autoplay=1&start=1394", "https://www.youtube.com/watch?v=dQw4w9WgXcQ&t=1394s"},
		"https://youtu.be/dQw4w9WgXcQ?t=3":                                                 {"https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ?autoplay=1&start=1394", "https://www.youtube.com/watch?v=dQw4w9WgXcQ&t=1394s"},
		"https://m.youtube.com/live/dQw4w9WgXcQ":                                           {"https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ?autoplay=1&start=1394", "https://www.youtube.com/watch?v=dQw4w9WgXcQ&t=1394s"},
		"https://vimeo.com/76979871":                                                       {"https://player.vimeo.com/video/76979871?dnt=1&autoplay=1#t=1394", "https://vimeo.com/76979871#t=1394s"},
		"https://vimeo.com/76979871/0a1b2c3d4e":                                            {"https://player.vimeo.com/video/76979871?dnt=1&autoplay=1&h=0a1b2c3d4e#t=1394", "https://vimeo.com/76979871/0a1b2c3d4e#t=1394s"},
		"https://player.vimeo.com/video/76979871?h=0a1b2c3d":                               {"https://player.vimeo.com/video/76979871?dnt=1&autoplay=1&h=0a1b2c3d#t=1394", "https://vimeo.com/76979871/0a1b2c3d#t=1394s"},
		"https://www.slideshare.net/slideshow/embed_code/key/AbCdEf12345678":               {"https://www.slideshare.net/slideshow/embed_code/key/AbCdEf12345678", ""},
		"https://www.slideshare.net/slideshow/kalvot/123456":                               {"https://www.slideshare.net/slideshow/embed_code/123456", ""},
		"https://speakerdeck.com/player/0123456789abcdef0123456789abcdef":                  {"https://speakerdeck.com/player/0123456789abcdef0123456789abcdef", ""},
		"https://docs.google.com/presentation/d/1abcdefghijklmnopqrstuvwx/edit#slide=id.p": {"https://docs.google.com/presentation/d/1abcdefghijklmnopqrstuvwx/embed", ""},
		"https://archive.org/details/cmadfi-2016":                                          {"https://archive.org/embed/cmadfi-2016?autoplay=1&start=1394", "https://archive.org/details/cmadfi-2016?start=1394"},
		"https://video.example.fi/w/pQ8rTzS4abcdefgh":                                      {"https://video.example.fi/videos/embed/pQ8rTzS4abcdefgh?p2p=0&autoplay=1&start=1394", "https://video.example.fi/w/pQ8rTzS4abcdefgh?start=1394s"},
		"https://Video.Example.fi/videos/watch/pQ8rTzS4abcdefgh":                           {"https://video.example.fi/videos/embed/pQ8rTzS4abcdefgh?p2p=0&autoplay=1&start=1394", "https://video.example.fi/w/pQ8rTzS4abcdefgh?start=1394s"},
		"https://media.example.org/puhe.webm#t=9":                                          {"https://media.example.org/puhe.webm#t=1394", "https://media.example.org/puhe.webm#t=1394"},
	} {
		m := Material{Kind: Recording, URL: address}
		p, ok := s.Player(m, at)
		if !ok || p.Src != want[0] {
			t.Errorf("%s: %v %s", address, ok, p.Src)
		}
		if want[1] == "" {
			want[1] = address
		}
		if got := s.AddressAt(m, at); got != want[1] {
			t.Errorf("%s at a moment: %s", address, got)
		}
		if got := s.AddressAt(m, 0); got != address {
			t.Errorf("%s from its beginning: %s", address, got)
		}
		if u, err := url.Parse(p.Src); err != nil || p.Origin != u.Scheme+"://"+u.Host || strings.ContainsAny(p.Origin, " ;'*") {
			t.Errorf("%s: origin %q", address, p.Origin)
		}
	}
}

func TestWhatIsOnlyLinked(t *testing.T) {
	s := &Service{hosts: []string{"video.example.fi"}}
	for _, address := range []string{
		"", "https://example.org/kalvot", "http://www.youtube.com/watch?v=dQw4w9WgXcQ", "https://youtube.com.example.org/watch?v=dQw4w9WgXcQ",
		"https://example.org/?u=https://youtube.com/watch?v=dQw4w9WgXcQ", "https://www.youtube.com:8443/watch?v=dQw4w9WgXcQ", "https://a@youtube.com/watch?v=dQw4w9WgXcQ",
		"https://www.youtube.com/watch?v=dQw4w9WgXcQ%22%3E", "https://www.youtube.com/watch?v=short", "https://www.youtube.com/@kanava", "https://www.youtube.com/",
		"https://youtu.be/", "https://youtu.be/../x", "https://vimeo.com/", "https://vimeo.com/staffpicks", "https://vimeo.com/76979871/../../x", "https://vimeo.com/76979871/ZZZZZZZZ",
		"https://speakerdeck.com/joku/kalvot", "https://speakerdeck.com/player/0123", "https://www.slideshare.net/joku/kalvot", "https://docs.google.com/document/d/1abcdefghijklmnopqrstuvwx",
		"https://docs.google.com/presentation/d/e", "https://video.example.fi/", "https://video.example.fi/w/a%2fb%2fcccccccc", "https://evil.example.fi/w/pQ8rTzS4abcdefgh", "https://archive.org/details/a%20b",
		"javascript:alert(1)//x.mp4", "data:video/mp4,x.mp4", "https://example.org/kalvot.pdf", "https://example.org/mp4", "//youtube.com/watch?v=dQw4w9WgXcQ",
	} {
		if p, ok := s.Player(Material{Kind: Recording, URL: address}, 0); ok {
			t.Errorf("%s is shown as %+v", address, p)
		}
	}
}

func TestMoments(t *testing.T) {
	rec := func(id string, at time.Time) Material { return Material{ID: id, Kind: Recording, RecordedAt: at} }
	first, late := rec("first", noon), rec("late", noon.Add(time.Hour))
	for name, c := range map[string]struct {
		list   []Material
		at     time.Time
		want   string
		offset time.Duration
	}{
		"none":                         {nil, noon, "", 0},
		"of unknown beginning":         {[]Material{{ID: "x", Kind: Recording}}, noon, "", 0},
		"slides":                       {[]Material{{ID: "x", Kind: Slides, RecordedAt: noon}}, noon, "", 0},
		"before the recording begins":  {[]Material{first}, noon.Add(-time.Second), "", 0},
		"as it begins":                 {[]Material{first}, noon, "first", 0},
		"23:14 into it":                {[]Material{first}, noon.Add(23*time.Minute + 14*time.Second), "first", 23*time.Minute + 14*time.Second},
		"two: before the second":       {[]Material{first, late}, noon.Add(59 * time.Minute), "first", 59 * time.Minute},
		"two: in the second":           {[]Material{first, late}, noon.Add(61 * time.Minute), "late", time.Minute},
		"two in the other order":       {[]Material{late, first}, noon.Add(61 * time.Minute), "late", time.Minute},
		"two that begin together":      {[]Material{first, rec("twin", noon)}, noon.Add(time.Minute), "first", time.Minute},
		"a question of two days later": {[]Material{first}, noon.AddDate(0, 0, 2), "", 0},
	} {
		m, offset, ok := Moment(c.list, c.at)
		if m.ID != c.want || offset != c.offset || ok != (c.want != "") {
			t.Errorf("%s: %q %v %v", name, m.ID, offset, ok)
		}
	}
	if at := BeganAt(noon, 23*time.Minute); !at.Equal(noon.Add(-23 * time.Minute)) {
		t.Error(at)
	}
}

func TestCaptionsBecomeWebVTT(t *testing.T) {
	for in, want := range map[string]string{
		"WEBVTT\n\n00:01.000 --> 00:02.000\nHei":                    "WEBVTT\n\n00:01.000 --> 00:02.000\nHei",
		"\ufeffWEBVTT\n":                                            "WEBVTT\n",
		"\ufeff1\r\n00:00:01,500 --> 00:00:02,000\r\nHei, sinä\r\n": "WEBVTT\n\n1\n00:00:01.500 --> 00:00:02.000\nHei, sinä\n",
		"": "WEBVTT\n\n",
	} {
		if got := string(WebVTT([]byte(in))); got != want {
			t.Errorf("%q: %q", in, got)
		}
	}
}
