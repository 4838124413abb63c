package door

// spoken are the words that the page's script says: keys of the catalogue under door.
var spoken = []string{
	"count", "welcome", "back", "left", "not_inside", "valid", "not_valid", "real", "not_listed", "again", "again_at", "unknown_title", "unknown",
	"not_ours", "foreign", "forged", "outdated", "waiting", "offered", "cancelled", "remote", "photo", "speaker", "first", "not_signed_up",
	"seat", "badge", "badge_sent", "badge_not_sent", "undo", "undone", "check_out", "let_in", "arrive", "in_since", "at_clock", "place_door", "this_phone",
	"camera_denied", "camera_none", "camera_no_reader", "sending", "offline", "offline_one", "offline_many", "revoked", "signed_out",
	"alert_again", "alert_outdated", "alert_refused", "alert_twice", "alert_at",
}
