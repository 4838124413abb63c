package live

import (
	"regexp"
	"slices"
	"testing"

	"agora/static"
)

// The modules say only what the page gives them.
func TestLiveModulesKnowTheirWords(t *testing.T) {
	key := regexp.MustCompile(`'((?:live|qa|poll|board)\.[a-z_.]+)'`)
	for file, words := range map[string][]string{
		"live.js": audienceWords, "live-view.js": audienceWords, "live-ask.js": audienceWords,
		"live-polls.js": audienceWords, "live-poll-form.js": audienceWords, "live-poll-result.js": audienceWords, "live-alike.js": audienceWords, "live-tell.js": audienceWords,
		"live-line.js": audienceWords, "live-answers.js": audienceWords, "live-move.js": audienceWords, "live-reactions.js": audienceWords,
		"live-moderator.js": moderatorWords, "live-items.js": moderatorWords,
		"live-board.js": boardWords, "live-board-time.js": boardWords,
	} {
		source, err := static.FS.ReadFile("js/" + file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range key.FindAllStringSubmatch(string(source), -1) {
			if !slices.Contains(words, m[1]) {
				t.Errorf("%s says %s, which its page does not give", file, m[1])
			}
		}
	}
}
