package material

import (
	"net/url"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Player is how a known host's videos or slides are shown in our page. Nothing is
// asked of the host until somebody presses.
type Player struct {
	Name   string // the host as people call it
	Origin string // the only place that a page with this player lets in: https://host
	Src    string // what the frame, or the video itself, is
	Media  bool   // a file that the browser plays by itself
	Audio  bool
}

// place is a web address that one of the known hosts gave out, taken apart.
type place struct {
	player Player
	// at gives an address that begins at a second; nil where the host cannot.
	at func(second int64) string
	// play gives the frame's address from a second on.
	play func(second int64) string
}

// Player gives the player, which begins by itself because somebody pressed,
// of a piece of material from a moment of it on; none for what is only linked.
func (s *Service) Player(m Material, from time.Duration) (Player, bool) {
	p, ok := s.placeOf(m.URL)
	if !ok {
		return Player{}, false
	}
	p.player.Src = p.play(seconds(from))
	u, err := url.Parse(p.player.Src)
	if err != nil {
		return Player{}, false
	}
	p.player.Origin = u.Scheme + "://" + u.Host
	return p.player, true
}

// AddressAt gives the material's web address at a moment of it, where its host
// knows of moments, and its plain address where not.
func (s *Service) AddressAt(m Material, from time.Duration) string {
	if p, ok := s.placeOf(m.URL); ok && p.at != nil && seconds(from) > 0 {
		return p.at(seconds(from))
	}
	return m.URL
}

func seconds(d time.Duration) int64 { return max(0, int64(d/time.Second)) }

// mediaKinds are the endings of files that browsers play, and whether they are
// only heard.
var mediaKinds = map[string]bool{".mp4": false, ".m4v": false, ".webm": false, ".ogv": false, ".mp3": true, ".m4a": true, ".ogg": true, ".opus": true}

// placeOf recognises an address strictly: host, path and identifier have to be
// just what the host gives out.
func (s *Service) placeOf(address string) (place, bool) {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "https" || u.Port() != "" || u.User != nil {
		return place{}, false
	}
	host := strings.ToLower(u.Hostname())
	if slices.Contains(s.hosts, host) {
		return peerTube(host, u)
	}
	known := map[string]func(*url.URL) (place, bool){
		"youtube.com": youTube, "m.youtube.com": youTube, "music.youtube.com": youTube, "youtube-nocookie.com": youTube, "youtu.be": youTube,
		"vimeo.com": vimeo, "player.vimeo.com": vimeo, "slideshare.net": slideShare, "speakerdeck.com": speakerDeck,
		"docs.google.com": googleSlides, "archive.org": internetArchive,
	}
	if read := known[strings.TrimPrefix(host, "www.")]; read != nil {
		return read(u)
	}
	audio, ok := mediaKinds[strings.ToLower(path.Ext(u.Path))]
	if !ok {
		return place{}, false
	}
	return mediaFile(u, audio), true
}

// parts are those of a path, without a slash at its end.
func parts(u *url.URL) []string { return strings.Split(strings.Trim(u.EscapedPath(), "/"), "/") }

var (
	youTubeID     = regexp.MustCompile(`^[A-Za-z0-9_-]{11}$`)
	number        = regexp.MustCompile(`^[0-9]{1,15}$`)
	vimeoHash     = regexp.MustCompile(`^[0-9a-f]{6,20}$`)
	shareKey      = regexp.MustCompile(`^[A-Za-z0-9]{8,32}$`)
	deckID        = regexp.MustCompile(`^[0-9a-f]{32}$`)
	peerTubeID    = regexp.MustCompile(`^[A-Za-z0-9-]{8,36}$`)
	googleID      = regexp.MustCompile(`^[A-Za-z0-9_-]{20,120}$`)
	archiveID     = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]{2,99}$`)
	youTubeBefore = []string{"live", "shorts", "embed", "v"}
)

func youTube(u *url.URL) (place, bool) {
	p, id := parts(u), ""
	switch {
	case strings.TrimPrefix(strings.ToLower(u.Hostname()), "www.") == "youtu.be" && len(p) == 1:
		id = p[0]
	case len(p) == 1 && p[0] == "watch":
		id = u.Query().Get("v")
	case len(p) == 2 && slices.Contains(youTubeBefore, p[0]):
		id = p[1]
	}
	return place{player: Player{Name: "YouTube"},
		at: func(n int64) string { return "https://www.youtube.com/watch?v=" + id + "&t=" + whole(n) + "s" },
		play: func(n int64) string {
			return "https://www.youtube-nocookie.com/embed/" + id + "?autoplay=1" + from("&start=", n)
		},
	}, youTubeID.MatchString(id)
}

func vimeo(u *url.URL) (place, bool) {
	p := parts(u)
	hash := u.Query().Get("h")
	if p[0] == "video" {
		p = p[1:]
	}
	if len(p) == 3 && p[0] == "channels" { // vimeo.com/channels/NAME/ID
		p = p[2:]
	}
	if len(p) == 2 {
		hash = p[1]
	}
	if len(p) < 1 || len(p) > 2 || !number.MatchString(p[0]) || hash != "" && !vimeoHash.MatchString(hash) {
		return place{}, false
	}
	page, frame := "https://vimeo.com/"+p[0], "https://player.vimeo.com/video/"+p[0]+"?dnt=1&autoplay=1"
	if hash != "" {
		page, frame = page+"/"+hash, frame+"&h="+hash
	}
	return place{player: Player{Name: "Vimeo"},
		at:   func(n int64) string { return page + "#t=" + whole(n) + "s" },
		play: func(n int64) string { return frame + from("#t=", n) },
	}, true
}

// slideShare knows addresses that end with the number, or are what the host
// offers for embedding.
func slideShare(u *url.URL) (place, bool) {
	p := parts(u)
	last := p[len(p)-1]
	frame := ""
	switch {
	case len(p) == 4 && p[0] == "slideshow" && p[1] == "embed_code" && p[2] == "key" && shareKey.MatchString(last):
		frame = "key/" + last
	case len(p) == 3 && p[0] == "slideshow" && number.MatchString(last):
		frame = last
	}
	return place{player: Player{Name: "SlideShare"},
		play: func(int64) string { return "https://www.slideshare.net/slideshow/embed_code/" + frame },
	}, frame != ""
}

// speakerDeck knows only what the host offers for embedding: the address of a
// deck does not tell it.
func speakerDeck(u *url.URL) (place, bool) {
	p := parts(u)
	ok := len(p) == 2 && p[0] == "player" && deckID.MatchString(p[1])
	return place{player: Player{Name: "Speaker Deck"},
		play: func(int64) string { return "https://speakerdeck.com/player/" + p[1] },
	}, ok
}

func googleSlides(u *url.URL) (place, bool) {
	p := parts(u)
	if len(p) < 3 || p[0] != "presentation" || p[1] != "d" {
		return place{}, false
	}
	id := p[2]
	if id == "e" && len(p) > 3 { // what was published to the web
		id = "e/" + p[3]
	}
	return place{player: Player{Name: "Google Slides"},
		play: func(int64) string { return "https://docs.google.com/presentation/d/" + id + "/embed" },
	}, googleID.MatchString(strings.TrimPrefix(id, "e/"))
}

func internetArchive(u *url.URL) (place, bool) {
	p := parts(u)
	if len(p) != 2 || p[0] != "details" && p[0] != "embed" || !archiveID.MatchString(p[1]) {
		return place{}, false
	}
	return place{player: Player{Name: "Internet Archive"},
		at:   func(n int64) string { return "https://archive.org/details/" + p[1] + "?start=" + whole(n) },
		play: func(n int64) string { return "https://archive.org/embed/" + p[1] + "?autoplay=1" + from("&start=", n) },
	}, true
}

func peerTube(host string, u *url.URL) (place, bool) {
	p := parts(u)
	ok := len(p) == 2 && p[0] == "w" || len(p) == 3 && p[0] == "videos" && (p[1] == "watch" || p[1] == "embed")
	id := p[len(p)-1]
	return place{player: Player{Name: host},
		at: func(n int64) string { return "https://" + host + "/w/" + id + "?start=" + whole(n) + "s" },
		play: func(n int64) string {
			return "https://" + host + "/videos/embed/" + id + "?p2p=0&autoplay=1" + from("&start=", n)
		},
	}, ok && peerTubeID.MatchString(id)
}

func mediaFile(u *url.URL, audio bool) place {
	plain := *u
	plain.Fragment, plain.RawFragment = "", ""
	address := plain.String()
	return place{player: Player{Name: strings.TrimPrefix(u.Hostname(), "www."), Media: true, Audio: audio},
		at:   func(n int64) string { return address + "#t=" + whole(n) },
		play: func(n int64) string { return address + from("#t=", n) },
	}
}

func whole(n int64) string { return strconv.FormatInt(n, 10) }

// from says where to begin, and nothing for the beginning.
func from(before string, n int64) string {
	if n <= 0 {
		return ""
	}
	return before + whole(n)
}
