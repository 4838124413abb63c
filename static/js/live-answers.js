// What the server answers to the audience's acts.

/** @param {object} room the live room of live.js @param {object} frame an ack @param {object} [act] what it answers, if that was kept */
export function answered(room, frame, act) {
  if (frame.alike) {
    room.alike.take(frame);
  } else if (frame.error) {
    refused(room, frame.error, act);
  } else if (frame.questions) {
    room.store.takeMine(frame, room.askedMine ?? null);
    room.overlay();
  } else {
    done[act?.do]?.(room, frame, act);
  }
}

const done = {
  ask(room, frame, act) {
    if (frame.secret) room.store.keepSecret(frame.id, frame.secret);
    room.store.own.set(frame.id, { id: frame.id, text: act.text, name: act.name, speaker: act.speaker, votes: 0, state: 'new', answers: [], at: room.store.stamp() });
    confirm(room, room.store.room?.asking?.review === 'after' ? 'live.say_open' : 'live.say_sent');
  },
  revise(room, frame, act) {
    const own = room.store.own.get(act.question);
    if (own) room.store.own.set(own.id, { ...own, text: act.text });
    confirm(room, 'live.say_revised');
    room.askMine(0);
  },
  ballot(room, frame, act) {
    room.polls.answered(act);
  },
  withdraw(room, frame, act) {
    room.store.own.delete(act.question);
    room.view.ownShown = undefined;
  },
};

/** Says beside the form, and to screen readers, that it has arrived. */
function confirm(room, key) {
  const sentence = room.words.t(key);
  room.form.confirm(sentence);
  room.speaker.say('sent', sentence, true);
}

function refused(room, error, act) {
  if (act?.do === 'vote') room.store.vote(act.question, !act.on);
  if (act?.do === 'ballot') room.polls.answered(act, error.message);
  else if (act?.do === 'ask' || act?.do === 'revise') room.form.giveBack(act, error.message);
  // What was only asked for, as a reaction, is not worth a complaint.
  else if (act) room.form.complain(error.message);
}
