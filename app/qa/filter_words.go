package qa

import "agora/app/text"

// ownWords are the words that hold a question in every room whose filter is on:
// swearing and abuse that a projector should not show before somebody has looked.
// The lists are short on purpose, as every word on them costs moderators time.
var ownWords = map[text.Lang][]string{
	text.Finnish: {
		"vittu*", "vitun", "vitut", "vittuile*", "perkele*", "saatana*", "saatanan", "jumalauta", "helvetti", "helvetin", "helvetisti",
		"paska", "paskan", "paskat", "paskaa", "paskamai*", "paskapää*", "kusipää*", "mulkku*", "mulkero*", "kyrpä", "kyrvän", "huora*", "lutka*",
		"runkkari*", "runkku*", "ääliö*", "idiootti*", "idiootit", "imbesilli*", "kehari*", "vammanen", "neekeri*", "mutakuono*", "ryssä*", "homottel*", "hintti",
		"haista vittu", "suksi kuuseen", "turpa kiinni", "tapa ittes", "tapa itsesi",
	},
	text.Swedish: {
		"fan också", "fanimej", "fy fan", "för fan", "jävla", "jävel*", "jävlar", "helvete", "helvetes", "satan", "satans", "skit", "skiten", "skitstövel*", "skitsnack",
		"fitta*", "fittan", "kuk", "kuken", "hora", "horan", "horor", "horunge*", "idiot*", "idioter", "kärring*", "knulla*", "rövhål*",
		"neger*", "negrer", "svartskalle*", "bögjävel*", "håll käften", "dra åt helvete", "ta livet av dig",
	},
	text.English: {
		"fuck*", "fucking", "motherfucker*", "shit", "shitty", "bullshit", "asshole*", "arsehole*", "bitch*", "bastard*", "cunt*", "dickhead*",
		"prick", "slut*", "whore*", "wanker*", "twat*", "moron*", "retard*", "nigger*", "nigga*", "faggot*", "fag", "kike*", "paki",
		"shut the fuck up", "shut your mouth", "kill yourself", "go to hell", "kys",
	},
}
