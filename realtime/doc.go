// Package realtime carries live rooms over websockets: the upgrade under Fiber, room passes, a hub that keeps each
// room's newest state in memory, and delivery of that state to thousands of viewers without waiting for any of them.
//
// It sends state, not events. Whoever owns a room (the consumer) gives absolute changes since a version, four ways
// of seeing each thing, and receives the viewers' acts; realtime knows nothing of questions, votes or pages. A room
// is an opaque string, so the desk, the door and long jobs can use the same transport. The protocol that other
// clients rely on is written down in README.md. The package owns no table.
package realtime
