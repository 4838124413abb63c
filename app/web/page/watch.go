package page

import (
	"crypto/hmac"
	"crypto/sha256"
	"time"

	"agora/realtime"
)

// LiveKey keeps what is signed for the websockets apart from every other use of
// the installation's secret.
func LiveKey(secret []byte, purpose string) []byte {
	mac := hmac.New(sha256.New, secret)
	mac.Write([]byte("agora live " + purpose))
	return mac.Sum(nil)
}

// watchPass is how long a page of the desk may watch before it asks anew.
const watchPass = time.Hour

// WatchPass lets the signed-in visitor's page watch something of the desk over the
// websocket, as moderators watch a live room.
func (v *Visit) WatchPass(room string) string {
	p := realtime.Pass{Room: room, View: realtime.Moderator, Voter: v.Person.ID, Person: v.Person.ID, Lang: string(v.Lang), Expires: v.Now.Add(watchPass)}
	return p.Sign(LiveKey(v.Site.Config.Secret, "pass"))
}
