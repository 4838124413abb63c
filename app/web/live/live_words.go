package live

import "agora/app/web/page"

// scriptWords are messages a script fills in itself. One with plural forms comes
// as two: the form for one under the key with .one.
func scriptWords(v *page.Visit, keys []string) map[string]string {
	list := make(map[string]string, len(keys))
	for _, key := range keys {
		list[key] = v.T(key)
		if one := v.T(key, "n", 1); one != list[key] && one != v.T(key, "n", 2) {
			list[key+".one"] = one
		}
	}
	return list
}

// reactionWords are what live-reactions.js names counts by.
var reactionWords = []string{"live.react_clap", "live.react_heart", "live.react_laugh", "live.react_idea", "live.react_confused"}

// audienceWords are what live.js and its parts say.
var audienceWords = []string{
	"qa.anonymous", "qa.count.asked", "qa.count.approved", "qa.count.answered", "live.following",
	"live.vote", "live.unvote", "live.votes", "live.own", "live.own_new", "live.own_rejected", "live.own_archived", "live.own_approved", "live.own_sending",
	"live.queued", "live.later", "live.answered_stage", "live.answered_written", "live.withdraw", "live.reason",
	"live.fresh", "live.fresh_order", "live.gone", "live.now", "live.now_none", "live.say_new", "live.say_now", "live.say_sent",
	"live.off", "live.off_kept", "live.off_kept_vote", "live.stopped", "live.reload", "live.empty", "live.counter", "live.counter_over",
	"live.name_missing", "live.text_missing", "live.paused", "live.closed", "live.next_on", "live.next_go",
	"qa.error.slow_down", "qa.count.left", "poll.voters",
	"live.own_merged", "live.into", "live.to_speaker", "live.revise", "live.revising", "live.stop_revising", "live.revise_send", "live.ask_send",
	"live.say_revised", "live.say_open", "live.slow", "live.alike", "live.alike_say", "live.alike_voted", "live.off_kept_ballot",
	"live.reactions", "live.react_clap", "live.react_heart", "live.react_laugh", "live.react_idea", "live.react_confused",
	"live.tell", "live.told", "live.tell_failed", "live.empty_shown", "live.text_same", "live.names_required",
	"live.poll", "live.poll_new", "live.poll_new_show", "live.poll_closing", "live.poll_left", "live.poll_closed", "live.poll_most", "live.poll_marks", "live.poll_words", "live.poll_word", "live.poll_text",
	"live.poll_send", "live.poll_change", "live.poll_back", "live.poll_sent", "live.poll_sending", "live.poll_none", "live.poll_many", "live.poll_none_yet",
	"live.poll_average", "live.poll_own", "live.poll_option", "live.poll_count", "live.poll_later", "live.poll_table", "live.poll_say_closed",
}
