package qa

import (
	"context"
	"encoding/json"
	"slices"
)

// Reaction is what the audience may show beside asking and voting, where the
// organiser switched it on. It passes: nothing of it is stored, under no name.
type Reaction string

// The reactions, all of them.
const (
	ReactionClap     Reaction = "clap"
	ReactionHeart    Reaction = "heart"
	ReactionLaugh    Reaction = "laugh"
	ReactionIdea     Reaction = "idea"
	ReactionConfused Reaction = "confused"
)

// Reactions lists them in the order of their buttons.
var Reactions = [...]Reaction{ReactionClap, ReactionHeart, ReactionLaugh, ReactionIdea, ReactionConfused}

// ActReact is not one of Acts: it changes no room, so that whoever counts reactions
// only asks whether it may be.
const ActReact Act = "react"

// React reads a frame that is a reaction and says whether the room takes it.
func (s *Service) React(ctx context.Context, v Viewer, frame []byte) (Reaction, Code) {
	var with struct {
		Reaction Reaction `json:"reaction"`
	}
	switch {
	case v.View != Audience:
		return "", CodeForbidden
	case json.Unmarshal(frame, &with) != nil || !slices.Contains(Reactions[:], with.Reaction):
		return "", CodeBadAct
	}
	m, unlock, err := s.fresh(ctx, v.Room)
	if err != nil {
		return "", Failed("", err).Code
	}
	defer unlock()
	switch {
	case m.seal == "":
		return "", CodeClosed
	case !m.reactions:
		return "", CodeReactions
	}
	return with.Reaction, ""
}
