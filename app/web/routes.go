package web

import (
	"context"
	"runtime/debug"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"agora/app/fail"
	"agora/app/web/asking"
	"agora/app/web/desk"
	"agora/app/web/door"
	"agora/app/web/live"
	"agora/app/web/page"
	"agora/app/web/planning"
	"agora/app/web/public"
	"agora/app/web/registering"
)

const (
	get   = fiber.MethodGet
	head  = fiber.MethodHead // of its own, where there is no page to get
	post  = fiber.MethodPost
	patch = fiber.MethodPatch
	del   = fiber.MethodDelete
)

const (
	// pageTime bounds the work of a request: a database that hangs is told to the
	// visitor soon, and not by a page that never comes.
	pageTime = 2700 * time.Millisecond
	// workTime is for what really takes long: printing, importing, writing to everybody.
	workTime = 60 * time.Second
	// sendTime is for looking at a whole file and storing it far away.
	sendTime = 5 * time.Minute
)

// time is how long a request to the route may work.
func (r route) time() time.Duration {
	brings := r.method == post && (strings.HasSuffix(r.path, "/picture") || strings.Contains(r.path, "/material"))
	if brings || strings.Contains(r.path, "/uploads") {
		return sendTime
	}
	if strings.HasSuffix(r.path, ".pdf") || strings.HasSuffix(r.path, "/send") || strings.HasSuffix(r.path, "/import") || strings.HasSuffix(r.path, "/paper") || strings.HasSuffix(r.path, "/badges") ||
		strings.HasSuffix(r.path, "/import/take") || strings.HasSuffix(r.path, "/import/table") ||
		strings.Contains(r.path, "/badges/") || strings.Contains(r.path, "/certificates/") {
		return workTime
	}
	return pageTime
}

// route is one line of the table: who may use which address, and who answers.
type route struct {
	method, path string
	who          who
	handler      func(*page.Visit) error
}

// routes is every address there is, from top to bottom. Fixed parts come before
// {series}, which would take them otherwise.
func routes(s *page.Site) []route {
	public, live, door := public.Pages{Site: s}, live.Pages{Site: s}, door.Pages{Site: s}
	desk, planning, registering, asking := desk.Pages{Site: s}, planning.Pages{Site: s}, registering.Pages{Site: s}, asking.Pages{Site: s}
	return []route{
		{get, "/healthz", anyone, s.Healthz},
		{get, "/readyz", anyone, s.Readyz},
		{get, "/static/:hash/*", anyone, s.StaticFile},
		{get, "/favicon.ico", anyone, s.Favicon},
		{get, "/robots.txt", anyone, s.Robots},

		{get, "/", anyone, public.Home},
		{get, "/privacy", anyone, public.Privacy},
		{get, "/search", anyone, public.SearchPage},
		{get, "/join", anyone, live.Join},

		{get, "/sign-in", anyone, public.SignInForm},
		{post, "/sign-in", anyone, public.SignInAsk},
		{post, "/sign-in/code", anyone, public.SignInCode},
		{get, "/sign-in/:token", bearer, public.SignInPeek},
		{post, "/sign-in/:token", bearer, public.SignInRedeem},
		{post, "/sign-out", signedIn, public.SignOut},
		{get, "/me", signedIn, public.Me},
		{get, "/me/data.json", signedIn, public.MeData},
		{post, "/me/erase", signedIn, public.MeErase},
		{post, "/me/logins/:login/revoke", signedIn, public.MeRevoke},

		{get, "/ticket/worker.js", anyone, door.TicketWorker},
		{get, "/ticket/:token", bearer, public.Ticket},
		{get, "/ticket/:token/ticket.ics", bearer, public.TicketICS},
		{get, "/ticket/:token/state", bearer, public.TicketState},
		{post, "/ticket/:token/accept", bearer, public.TicketAccept},
		{post, "/ticket/:token/decline", bearer, public.TicketDecline},
		{post, "/ticket/:token/coming", bearer, public.TicketComing},
		{post, "/ticket/:token/cancel", bearer, public.TicketCancel},
		{post, "/ticket/:token/switch", bearer, public.TicketSwitch},
		{get, "/ticket/:token/details", bearer, public.TicketDetails},
		{post, "/ticket/:token/details", bearer, public.TicketDetailsSave},
		{get, "/ticket/:token/hand-over", bearer, public.TicketHandOver},
		{post, "/ticket/:token/hand-over", bearer, public.TicketHandOverSave},
		{get, "/ticket/:token/workshops", bearer, public.TicketWorkshops},
		{post, "/ticket/:token/workshops", bearer, public.TicketWorkshop},
		{get, "/ticket/:token/people", bearer, public.TicketPeople},
		{get, "/ticket/:token/materials", bearer, public.TicketMaterials},
		{get, "/ticket/:token/materials/:slug", bearer, public.TicketMaterial},
		{get, "/ticket/:token/materials/:slug/captions/:file", bearer, public.TicketCaptions},
		{post, "/ticket/:token/people", bearer, public.TicketPeopleSave},
		{get, "/ticket/:token/certificate.pdf", bearer, desk.TicketCertificate},
		{post, "/ticket/:token/certificate", bearer, desk.TicketCertificateRenew},
		{post, "/ticket/:token/live", bearer, public.TicketLive},
		{get, "/speak/:token", bearer, public.Speak},
		{post, "/speak/:token", bearer, public.SpeakAnswer},
		{get, "/speak/:token/consent", bearer, public.SpeakConsent},
		{post, "/speak/:token/consent", bearer, public.SpeakConsentSave},
		{get, "/speak/:token/profile", bearer, public.SpeakProfile},
		{post, "/speak/:token/profile", bearer, public.SpeakProfileSave},
		{get, "/speak/:token/picture", bearer, public.SpeakPicture},
		{post, "/speak/:token/picture", bearer, public.SpeakPictureSave},
		{get, "/speak/:token/picture/:picture", bearer, public.SpeakPictureFile},
		{get, "/speak/:token/practical", bearer, public.SpeakPractical},
		{post, "/speak/:token/practical", bearer, public.SpeakPracticalSave},
		{get, "/speak/:token/sessions/:slug", bearer, public.SpeakSession},
		{post, "/speak/:token/sessions/:slug", bearer, public.SpeakSessionSave},
		{get, "/speak/:token/sessions/:slug/material", bearer, public.SpeakMaterial},
		{post, "/speak/:token/sessions/:slug/material", bearer, public.SpeakMaterialAdd},
		{get, "/speak/:token/material/:material", bearer, public.SpeakPiece},
		{post, "/speak/:token/material/:material", bearer, public.SpeakPieceSave},
		{post, "/speak/:token/material/:material/remove", bearer, public.SpeakPieceRemove},
		{get, "/speak/:token/material/:material/file", bearer, public.SpeakPieceFile},
		{get, "/speak/:token/questions", bearer, public.SpeakQuestions},
		{get, "/speak/:token/questions/:question", bearer, public.SpeakQuestion},
		{post, "/speak/:token/questions/:question", bearer, public.SpeakQuestionSave},
		{get, "/speak/:token/certificate.pdf", bearer, public.SpeakCertificate},
		{post, "/speak/:token/uploads", bearer, public.SpeakUploadBegin},
		{head, "/speak/:token/uploads/:upload", bearer, public.SpeakUploadState},
		{patch, "/speak/:token/uploads/:upload", bearer, public.SpeakUploadPart},
		{del, "/speak/:token/uploads/:upload", bearer, public.SpeakUploadAbort},

		{get, "/moderate/:token", bearer, live.ModerateRoom},
		{get, "/moderate/:token/:slug", bearer, live.Moderate},
		{post, "/moderate/:token/:slug", bearer, live.ModerateAct},
		{get, "/moderate/:token/:slug/questions/:question", bearer, live.ModerateOne},
		{get, "/moderate/:token/:slug/polls", bearer, live.DeskPolls},
		{post, "/moderate/:token/:slug/polls", bearer, live.DeskPollsAct},
		{get, "/moderate/:token/:slug/settings", bearer, live.RoomSettings},
		{post, "/moderate/:token/:slug/settings", bearer, live.RoomSettingsSave},
		{get, "/stage/:token", bearer, live.Stage},
		{post, "/stage/:token", bearer, live.StageAct},
		{get, "/screen/:token", bearer, live.Screen},

		{get, "/proposal/:token", bearer, public.Proposal},
		{get, "/proposal/:token/edit", bearer, public.ProposalForm},
		{post, "/proposal/:token/edit", bearer, public.ProposalSave},
		{post, "/proposal/:token/withdraw", bearer, public.ProposalWithdraw},
		{get, "/verify", anyone, public.VerifyForm},
		{get, "/verify/:code", anyone, public.Verify},
		{get, "/verify/:code/certificate.pdf", signedIn, desk.VerifyCertificate},

		{get, "/api/v1/openapi.json", anyone, public.OpenAPI},
		{get, "/api/v1/search", anyone, public.APISearch},
		{get, "/api/v1/editions/:series/:edition", anyone, public.APIEdition},
		{get, "/api/v1/editions/:series/:edition/materials", anyone, public.APIMaterials},
		{post, "/api/v1/editions/:series/:edition/registrations", anyone, public.APIRegister},
		{get, "/api/v1/live/:session", anyone, live.Socket},
		{post, "/api/v1/live/:session/pass", anyone, live.Pass},

		{get, "/desk", staff, desk.Home},
		{get, "/desk/mail", owner, desk.MailPage},
		{get, "/desk/new", owner, desk.SeriesForm},
		{post, "/desk/new", owner, desk.SeriesCreate},
		{get, "/desk/:series", organiser, desk.Series},
		{get, "/desk/:series/new", organiser, desk.EditionForm},
		{post, "/desk/:series/new", organiser, desk.EditionCreate},
		{get, "/desk/:series/new/:from", organiser, desk.NextForm},
		{post, "/desk/:series/new/:from", organiser, desk.NextSave},
		{get, "/desk/:series/:edition", moderator, desk.Edition},
		{get, "/desk/:series/:edition/settings", organiser, desk.SettingsForm},
		{post, "/desk/:series/:edition/settings", organiser, desk.SettingsSave},
		{get, "/desk/:series/:edition/registrations", organiser, registering.RegistrationsPage},
		{get, "/desk/:series/:edition/registrations.csv", organiser, registering.RegistrationsCSV},
		{get, "/desk/:series/:edition/registrations.xlsx", organiser, registering.RegistrationsXLSX},
		{post, "/desk/:series/:edition/registrations/decide", organiser, registering.RegistrationsDecide},
		{get, "/desk/:series/:edition/registrations/new", organiser, registering.RegistrationForm},
		{post, "/desk/:series/:edition/registrations/new", organiser, registering.RegistrationAdd},
		{get, "/desk/:series/:edition/registrations/import", organiser, registering.ImportForm},
		{post, "/desk/:series/:edition/registrations/import", organiser, registering.ImportRead},
		{post, "/desk/:series/:edition/registrations/import/take", organiser, registering.ImportTake},
		{get, "/desk/:series/:edition/registrations/:code", organiser, registering.RegistrationPage},
		{post, "/desk/:series/:edition/registrations/:code/approve", organiser, registering.RegistrationApprove},
		{post, "/desk/:series/:edition/registrations/:code/refuse", organiser, registering.RegistrationRefuse},
		{post, "/desk/:series/:edition/registrations/:code/cancel", organiser, registering.RegistrationCancel},
		{post, "/desk/:series/:edition/registrations/:code/letter", organiser, registering.RegistrationLetter},
		{get, "/desk/:series/:edition/needs", catering, registering.Needs},
		{get, "/desk/:series/:edition/log", organiser, desk.LogPage},
		{get, "/desk/:series/:edition/places", organiser, registering.PlacesPage},
		{post, "/desk/:series/:edition/places", organiser, registering.PlacesSave},
		{get, "/desk/:series/:edition/places/holds", organiser, registering.HoldsPage},
		{post, "/desk/:series/:edition/places/holds", organiser, registering.HoldKeep},
		{post, "/desk/:series/:edition/places/holds/:hold/release", organiser, registering.HoldRelease},
		{get, "/desk/:series/:edition/places/invite", organiser, registering.InvitePage},
		{post, "/desk/:series/:edition/places/invite", organiser, registering.InviteSend},
		{get, "/desk/:series/:edition/places/rules", organiser, registering.RulesPage},
		{post, "/desk/:series/:edition/places/rules", organiser, registering.RulesSave},
		{get, "/desk/:series/:edition/form", organiser, asking.FormPage},
		{get, "/desk/:series/:edition/form/:key", organiser, asking.FieldForm},
		{post, "/desk/:series/:edition/form/:key", organiser, asking.FieldSave},
		{post, "/desk/:series/:edition/form/:key/move", organiser, asking.FormMove},
		{post, "/desk/:series/:edition/form/:key/remove", organiser, asking.FormRemove},
		{get, "/desk/:series/:edition/workshops", organiser, registering.WorkshopsPage},
		{get, "/desk/:series/:edition/workshops/new", organiser, registering.WorkshopNew},
		{post, "/desk/:series/:edition/workshops/new", organiser, registering.WorkshopOpen},
		{get, "/desk/:series/:edition/workshops/table", organiser, registering.TableNew},
		{post, "/desk/:series/:edition/workshops/table", organiser, registering.TableOpen},
		{get, "/desk/:series/:edition/workshops/:workshop", organiser, registering.WorkshopForm},
		{post, "/desk/:series/:edition/workshops/:workshop", organiser, registering.WorkshopSave},
		{get, "/desk/:series/:edition/workshops/:workshop/people", organiser, registering.WorkshopPeople},
		{post, "/desk/:series/:edition/workshops/:workshop/remove", organiser, registering.WorkshopRemove},
		{get, "/desk/:series/:edition/program", organiser, planning.ProgramPage},
		{get, "/desk/:series/:edition/program/new", organiser, planning.SessionForm},
		{get, "/desk/:series/:edition/program/grid", organiser, planning.Grid},
		{post, "/desk/:series/:edition/program/grid", organiser, planning.GridAct},
		{get, "/desk/:series/:edition/program/grid/edits", organiser, planning.GridEdits},
		{post, "/desk/:series/:edition/program/grid/edits", organiser, planning.GridEdit},
		{post, "/desk/:series/:edition/program/grid/try", organiser, planning.GridTry},
		{get, "/desk/:series/:edition/program/:slug", organiser, planning.SessionForm},
		{post, "/desk/:series/:edition/program/new", organiser, planning.SessionSave},
		{post, "/desk/:series/:edition/program/:slug", organiser, planning.SessionSave},
		{get, "/desk/:series/:edition/program/:slug/material/new", organiser, desk.MaterialNew},
		{post, "/desk/:series/:edition/program/:slug/material", organiser, desk.MaterialAdd},
		{get, "/desk/:series/:edition/program/:slug/material/:material", organiser, desk.MaterialForm},
		{post, "/desk/:series/:edition/program/:slug/material/:material", organiser, desk.MaterialSave},
		{post, "/desk/:series/:edition/program/:slug/material/:material/move", organiser, desk.MaterialMove},
		{post, "/desk/:series/:edition/program/:slug/material/:material/remove", organiser, desk.MaterialRemove},
		{get, "/desk/:series/:edition/call", organiser, desk.CallForm},
		{post, "/desk/:series/:edition/call", organiser, desk.CallSave},
		{get, "/desk/:series/:edition/call/questions", organiser, asking.CallQuestions},
		{get, "/desk/:series/:edition/call/questions/:key", organiser, asking.CallQuestion},
		{post, "/desk/:series/:edition/call/questions/:key", organiser, asking.CallQuestionSave},
		{post, "/desk/:series/:edition/call/questions/:key/move", organiser, asking.CallQuestionMove},
		{post, "/desk/:series/:edition/call/questions/:key/remove", organiser, asking.CallQuestionRemove},
		{get, "/desk/:series/:edition/proposals", organiser, desk.ProposalsPage},
		{get, "/desk/:series/:edition/proposals.csv", organiser, desk.ProposalsCSV},
		{get, "/desk/:series/:edition/proposals.xlsx", organiser, desk.ProposalsXLSX},
		{post, "/desk/:series/:edition/proposals/decide", organiser, desk.ProposalsDecide},
		{get, "/desk/:series/:edition/proposals/tell", organiser, desk.TellForm},
		{post, "/desk/:series/:edition/proposals/tell", organiser, desk.TellSend},
		{get, "/desk/:series/:edition/proposals/:code", organiser, desk.ProposalPage},
		{post, "/desk/:series/:edition/proposals/:code/words", organiser, desk.ProposalSay},
		{get, "/desk/:series/:edition/review", reviewer, desk.ReviewList},
		{get, "/desk/:series/:edition/review/:code", reviewer, desk.ReviewForm},
		{post, "/desk/:series/:edition/review/:code", reviewer, desk.ReviewSave},
		{get, "/desk/:series/:edition/speakers", organiser, desk.Speakers},
		{get, "/desk/:series/:edition/speakers/new", organiser, desk.SpeakerForm},
		{post, "/desk/:series/:edition/speakers/new", organiser, desk.SpeakerSave},
		{get, "/desk/:series/:edition/speakers/invite", organiser, desk.SpeakersInvite},
		{post, "/desk/:series/:edition/speakers/invite", organiser, desk.SpeakersInvite},
		{get, "/desk/:series/:edition/speakers/remind", organiser, desk.SpeakersRemind},
		{post, "/desk/:series/:edition/speakers/remind", organiser, desk.SpeakersRemind},
		{get, "/desk/:series/:edition/speakers/:slug", organiser, desk.SpeakerForm},
		{post, "/desk/:series/:edition/speakers/:slug", organiser, desk.SpeakerSave},
		{post, "/desk/:series/:edition/speakers/:slug/prepare", organiser, desk.SpeakerPrepare},
		{post, "/desk/:series/:edition/speakers/:slug/renew", organiser, desk.SpeakerRenew},
		{post, "/desk/:series/:edition/speakers/:slug/place", organiser, desk.SpeakerPlace},
		{post, "/desk/:series/:edition/speakers/:slug/picture", organiser, desk.SpeakerPicture},
		{post, "/desk/:series/:edition/speakers/:slug/same", organiser, desk.SpeakerSame},
		{post, "/desk/:series/:edition/speakers/:slug/apart", organiser, desk.SpeakerApart},
		{post, "/desk/:series/:edition/speakers/:slug/remove", organiser, desk.SpeakerRemove},
		{get, "/desk/:series/:edition/material", organiser, desk.Chase},
		{post, "/desk/:series/:edition/material/spare", organiser, desk.ChaseSpare},
		{get, "/desk/:series/:edition/material/rules", organiser, desk.ChaseRules},
		{post, "/desk/:series/:edition/material/rules", organiser, desk.ChaseRulesSave},
		{get, "/desk/:series/:edition/materials", organiser, desk.Materials},
		{get, "/desk/:series/:edition/rooms", organiser, planning.Rooms},
		{post, "/desk/:series/:edition/rooms", organiser, planning.RoomSave},
		{post, "/desk/:series/:edition/tracks", organiser, planning.TrackSave},
		{post, "/desk/:series/:edition/release", organiser, planning.ProgramRelease},
		{get, "/desk/:series/:edition/import", organiser, planning.ProgramImportForm},
		{post, "/desk/:series/:edition/import", organiser, planning.ProgramImport},
		{post, "/desk/:series/:edition/import/table", organiser, planning.ProgramImportTable},
		{post, "/desk/:series/:edition/import/take", organiser, planning.ProgramImportTake},
		{get, "/desk/:series/:edition/now", moderator, planning.Now},
		{post, "/desk/:series/:edition/now", moderator, planning.NowSave},
		{get, "/desk/:series/:edition/live", moderator, live.Desk},
		{get, "/desk/:series/:edition/rooms/links", moderator, live.Links},
		{post, "/desk/:series/:edition/rooms/links", moderator, live.LinksRenew},
		{get, "/desk/:series/:edition/live/:slug", moderator, live.Moderate},
		{post, "/desk/:series/:edition/live/:slug", moderator, live.ModerateAct},
		{get, "/desk/:series/:edition/live/:slug/discussion", moderator, desk.Discussion},
		{get, "/desk/:series/:edition/live/:slug/discussion.csv", moderator, desk.DiscussionCSV},
		{get, "/desk/:series/:edition/live/:slug/discussion.xlsx", moderator, desk.DiscussionXLSX},
		{get, "/desk/:series/:edition/live/:slug/discussion.json", moderator, desk.DiscussionJSON},
		{get, "/desk/:series/:edition/live/:slug/discussion.pdf", moderator, desk.DiscussionPDF},
		{get, "/desk/:series/:edition/live/:slug/discussion/import", organiser, desk.DiscussionImportForm},
		{post, "/desk/:series/:edition/live/:slug/discussion/import", organiser, desk.DiscussionImport},
		{get, "/desk/:series/:edition/live/:slug/discussion/:question", organiser, desk.DiscussionAnswer},
		{post, "/desk/:series/:edition/live/:slug/discussion/:question", organiser, desk.DiscussionAnswerSave},
		{get, "/desk/:series/:edition/live/:slug/questions/:question", moderator, live.ModerateOne},
		{get, "/desk/:series/:edition/live/:slug/polls", moderator, live.DeskPolls},
		{post, "/desk/:series/:edition/live/:slug/polls", moderator, live.DeskPollsAct},
		{get, "/desk/:series/:edition/live/:slug/settings", moderator, live.RoomSettings},
		{post, "/desk/:series/:edition/live/:slug/settings", moderator, live.RoomSettingsSave},
		{get, "/desk/:series/:edition/live-settings", organiser, live.Settings},
		{post, "/desk/:series/:edition/live-settings", organiser, live.SettingsSave},
		{get, "/desk/:series/:edition/paper", organiser, desk.PaperPage},
		{get, "/desk/:series/:edition/badges", organiser, desk.Badges},
		{get, "/desk/:series/:edition/badges.pdf", organiser, desk.BadgesPDF},
		{post, "/desk/:series/:edition/badges/choose", organiser, desk.BadgesChoose},
		{post, "/desk/:series/:edition/badges/print", organiser, desk.BadgesPrint},
		{get, "/desk/:series/:edition/badges/look", organiser, desk.BadgesLook},
		{get, "/desk/:series/:edition/badges/people", organiser, desk.BadgePeople},
		{get, "/desk/:series/:edition/badges/people/:code", organiser, desk.BadgeOne},
		{post, "/desk/:series/:edition/badges/people/:code", organiser, desk.BadgeAgain},
		{post, "/desk/:series/:edition/badges/import", organiser, desk.DesignImport},
		{get, "/desk/:series/:edition/badges/designs/:design", organiser, desk.DesignOpen},
		{post, "/desk/:series/:edition/badges/designs/:design", organiser, desk.DesignSave},
		{post, "/desk/:series/:edition/badges/designs/:design/show", organiser, desk.DesignShow},
		{post, "/desk/:series/:edition/badges/designs/:design/remove", organiser, desk.DesignRemove},
		{get, "/desk/:series/:edition/badges/:code", organiser, desk.BadgePDF},
		{get, "/desk/:series/:edition/rooms.pdf", organiser, desk.RoomsPDF},
		{get, "/desk/:series/:edition/names.pdf", organiser, desk.NamesPDF},
		{get, "/desk/:series/:edition/certificates", organiser, desk.CertificatesPage},
		{get, "/desk/:series/:edition/certificates/rules", organiser, desk.CertificateRulesPage},
		{post, "/desk/:series/:edition/certificates/rules", organiser, desk.CertificateRulesSave},
		{get, "/desk/:series/:edition/certificates/sample.pdf", organiser, desk.CertificateSample},
		{get, "/desk/:series/:edition/certificates/signature/:picture", organiser, desk.CertificateSignature},
		{post, "/desk/:series/:edition/certificates/print", organiser, desk.CertificatesPrint},
		{post, "/desk/:series/:edition/certificates/renew", organiser, desk.CertificatesRenew},
		{post, "/desk/:series/:edition/certificates/renew/:certificate", organiser, desk.CertificateRenew},
		{post, "/desk/:series/:edition/certificates/revoke/:certificate", organiser, desk.CertificateRevoke},
		{get, "/desk/:series/:edition/certificates/file/:certificate", organiser, desk.CertificatePDF},
		{get, "/desk/:series/:edition/certificates/person/:code", organiser, desk.CertificatePerson},
		{post, "/desk/:series/:edition/certificates/person/:code/word", organiser, desk.CertificateWord},
		{post, "/desk/:series/:edition/certificates/person/:code/issue", organiser, desk.CertificateIssue},
		{get, "/desk/:series/:edition/certificates/speaker/:speaker", organiser, desk.CertificateSpeaker},
		{post, "/desk/:series/:edition/certificates/speaker/:speaker/issue", organiser, desk.CertificateIssue},
		{get, "/desk/:series/:edition/printing", organiser, desk.Printings},
		{get, "/desk/:series/:edition/printing/:printout", organiser, desk.Printout},
		{get, "/desk/:series/:edition/printing/:printout/file.pdf", organiser, desk.PrintoutFile},
		{post, "/desk/:series/:edition/printing/:printout/cancel", organiser, desk.PrintoutCancel},
		{post, "/desk/:series/:edition/uploads", organiser, desk.UploadBegin},
		{head, "/desk/:series/:edition/uploads/:upload", organiser, desk.UploadState},
		{patch, "/desk/:series/:edition/uploads/:upload", organiser, desk.UploadPart},
		{del, "/desk/:series/:edition/uploads/:upload", organiser, desk.UploadAbort},
		{get, "/desk/:series/:edition/door", organiser, door.Desk},
		{post, "/desk/:series/:edition/door/devices", organiser, door.DeviceAdd},
		{post, "/desk/:series/:edition/door/devices/:device/renew", organiser, door.DeviceRenew},
		{post, "/desk/:series/:edition/door/devices/:device/revoke", organiser, door.DeviceRevoke},
		{post, "/desk/:series/:edition/door/release", organiser, door.ReleaseSave},
		{post, "/desk/:series/:edition/door/notes", organiser, door.NoteSave},
		{get, "/desk/:series/:edition/thanks", organiser, desk.Thanks},
		{post, "/desk/:series/:edition/thanks/team", organiser, desk.ThanksTeam},
		{get, "/desk/:series/:edition/thanks/new", organiser, desk.ThanksForm},
		{post, "/desk/:series/:edition/thanks/new", organiser, desk.ThanksSave},
		{get, "/desk/:series/:edition/thanks/:thanks", organiser, desk.ThanksForm},
		{post, "/desk/:series/:edition/thanks/:thanks", organiser, desk.ThanksSave},
		{post, "/desk/:series/:edition/thanks/:thanks/move", organiser, desk.ThanksMove},
		{post, "/desk/:series/:edition/thanks/:thanks/remove", organiser, desk.ThanksRemove},
		{get, "/desk/:series/:edition/people", organiser, desk.People},
		{post, "/desk/:series/:edition/people", organiser, desk.PeopleAdd},
		{post, "/desk/:series/:edition/people/remove", organiser, desk.PeopleRemove},
		{get, "/desk/:series/:edition/notice", organiser, live.Notice},
		{post, "/desk/:series/:edition/notice", organiser, live.NoticeAct},
		{get, "/desk/:series/:edition/messages", organiser, desk.MessagesPage},
		{get, "/desk/:series/:edition/messages/new", organiser, desk.MessageForm},
		{post, "/desk/:series/:edition/messages/new", organiser, desk.MessageSave},
		{get, "/desk/:series/:edition/messages/:message", organiser, desk.Message},
		{post, "/desk/:series/:edition/messages/:message", organiser, desk.MessageSave},
		{post, "/desk/:series/:edition/messages/:message/discard", organiser, desk.MessageDiscard},
		{get, "/desk/:series/:edition/messages/:message/review", organiser, desk.MessageReview},
		{post, "/desk/:series/:edition/messages/:message/test", organiser, desk.MessageTest},
		{post, "/desk/:series/:edition/messages/:message/send", organiser, desk.MessageSend},
		{get, "/desk/:series/:edition/mail", organiser, desk.MailPage},
		{post, "/desk/:series/:edition/mail/:letter/again", organiser, desk.MailAgain},

		{get, "/door/worker.js", anyone, door.Worker},
		{get, "/door/:series/:edition", doorStaff, door.Page},
		{post, "/door/:series/:edition", doorStaff, door.Act},
		{post, "/door/:series/:edition/undo", doorStaff, door.Undo},
		{get, "/door/:series/:edition/manifest.webmanifest", anyone, door.Manifest},
		{get, "/door/:series/:edition/roster.json", doorStaff, door.Roster},
		{post, "/door/:series/:edition/sync", doorStaff, door.Sync},
		{get, "/door/:series/:edition/new", doorStaff, door.New},
		{post, "/door/:series/:edition/new", doorStaff, door.NewSave},
		{get, "/door/:series/:edition/badges/:code", doorStaff, desk.DoorBadge},
		{get, "/door/:series/:edition/join/:link", bearer, door.JoinForm},
		{post, "/door/:series/:edition/join/:link", bearer, door.Join},
		{get, "/T/:code", anyone, door.Code},

		{get, "/grid.:file", anyone, public.Grid},
		{get, "/:series/theme.:file", anyone, s.Theme},
		{get, "/:series", anyone, public.Series},
		{get, "/:series/:edition", anyone, public.EditionPage},
		{get, "/:series/:edition/register", anyone, public.RegisterForm},
		{post, "/:series/:edition/register", anyone, public.Register},
		{post, "/:series/:edition/register/save", anyone, public.RegisterSave},
		{post, "/:series/:edition/register/forget", anyone, public.RegisterForget},
		{get, "/:series/:edition/propose", anyone, public.ProposeForm},
		{post, "/:series/:edition/propose", anyone, public.Propose},
		{post, "/:series/:edition/propose/links", anyone, public.ProposeLinks},
		{get, "/:series/:edition/program", anyone, public.ProgramPage},
		{get, "/:series/:edition/program.pdf", anyone, public.ProgramPDF},
		{post, "/:series/:edition/favourites", signedIn, public.Favourites},
		{get, "/:series/:edition/agenda", anyone, public.Agenda},
		{post, "/:series/:edition/agenda", anyone, public.AgendaOfDevice},
		{get, "/:series/:edition/agenda/:file", bearer, public.AgendaICS},
		{get, "/:series/:edition/now", anyone, public.Now},
		{get, "/:series/:edition/changes", anyone, public.Changes},
		{get, "/:series/:edition/practical", anyone, public.Practical},
		{get, "/:series/:edition/materials", anyone, public.Materials},
		{get, "/:series/:edition/materials/:slug", anyone, public.MaterialOpen},
		{get, "/:series/:edition/materials/:slug/captions/:file", anyone, public.Captions},
		{get, "/:series/:edition/pictures/:picture", anyone, public.Picture},
		{get, "/:series/:edition/schedule.xml", anyone, public.ScheduleXML},
		{get, "/:series/:edition/schedule.json", anyone, public.ScheduleJSON},
		{get, "/:series/:edition/schedule.ics", anyone, public.ScheduleICS},
		{get, "/:series/:edition/feed.xml", anyone, public.Feed},
		{get, "/:series/:edition/notice.json", anyone, live.NoticeNews},
		{get, "/:series/:edition/speakers", anyone, public.Speakers},
		{get, "/:series/:edition/speakers/:slug", anyone, public.Speaker},
		{get, "/:series/:edition/sessions/:slug", anyone, public.Session},
		{get, "/:series/:edition/sessions/:slug/live", anyone, live.Room},
		{post, "/:series/:edition/sessions/:slug/live", anyone, live.Act},
		{get, "/:series/:edition/live", anyone, live.Day},
		{post, "/:series/:edition/live/here", bearer, public.Here},
	}
}

// mount puts the table into the router. Nothing else registers a route.
func (s *Site) mount() {
	for _, r := range routes(s.Site) {
		s.fiber.Add(r.method, r.path, s.answer(r))
		if r.method == get {
			s.fiber.Add(fiber.MethodHead, r.path, s.answer(r))
		}
	}
	s.fiber.Use(s.answer(route{who: anyone, handler: func(*page.Visit) error { return fail.Missing("web.not_found") }}))
}

// answer is the way of every request: protect, find out who and about what,
// decide whether they may, and only then the handler.
func (s *Site) answer(r route) fiber.Handler {
	return func(c *fiber.Ctx) (err error) {
		s.Protect(c)
		v := s.Visit(c)
		ctx, cancel := context.WithTimeout(context.Background(), r.time())
		defer cancel()
		v.Ctx = ctx
		defer func() {
			if p := recover(); p != nil {
				s.Log.Error("a handler panicked", "path", c.Path(), "panic", p, "stack", string(debug.Stack()))
				err = s.AnswerError(v, fail.New(fail.Internal, "web.our_fault"))
			}
		}()
		if err := s.guard(v, r); err != nil {
			return s.AnswerError(v, err)
		}
		if err := r.handler(v); err != nil {
			return s.AnswerError(v, err)
		}
		return nil
	}
}

// guard looks at origin, text, identity, the edition of the address and who may use
// the route, in this order.
func (s *Site) guard(v *page.Visit, r route) error {
	if err := s.CheckOrigin(v.C); err != nil {
		return err
	}
	if err := v.CheckText(); err != nil {
		return err
	}
	if err := v.Identify(); err != nil {
		return err
	}
	if err := locate(v); err != nil {
		return err
	}
	return r.who.admit(v)
}

// locate finds the series and the edition that the address names.
func locate(v *page.Visit) (err error) {
	series, slug := v.Param("series"), v.Param("edition")
	switch {
	case series == "":
		return nil
	case slug == "":
		v.Edition.Series, err = v.Site.Editions.SeriesBySlug(v.Ctx, series)
		v.Edition.SeriesID = v.Edition.Series.ID
	default:
		v.Edition, err = v.Site.Editions.Find(v.Ctx, series, slug)
	}
	return err
}
