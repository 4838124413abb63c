// A session's live room. The page is there already, drawn by the server; this goes on from its state.

import { Words, Speaker, serverClock } from './live-dom.js';
import { LiveSocket } from './live-socket.js';
import { LiveStore } from './live-store.js';
import { LiveView } from './live-view.js';
import { AskForm } from './live-ask.js';
import { PollView } from './live-polls.js';
import { Alike } from './live-alike.js';
import { TellMe } from './live-tell.js';
import { moveOn, offer } from './live-move.js';
import { sorts } from './live-sorts.js';
import { Line } from './live-line.js';
import { ReactionBar } from './live-reactions.js';
import { answered } from './live-answers.js';

/** News of own questions come by asking; a crowd must not ask in the same instant. */
const MINE_SPREAD_MS = 2000;

class LiveRoom {
  /** @param {HTMLElement} root */
  constructor(root) {
    const start = JSON.parse(root.dataset.live);
    this.root = root;
    this.words = new Words(start);
    this.store = new LiveStore(start);
    // What is one's own is told by the server's clock too: a phone's may be wrong.
    const clock = serverClock(start.now);
    this.store.stamp = () => new Date(clock()).toISOString();
    this.speaker = new Speaker(root.querySelector('[data-say]'));
    this.tell = new TellMe(root, start.session, this.words, {
      find: (id) => this.store.questions.get(id) || this.store.own.get(id), secret: (id) => this.store.secrets[id] || '', done: () => this.view.update(),
    });
    this.view = new LiveView(root, this.store, this.words, this.speaker, start, (id) => this.tell.has(id));
    this.line = new Line(root.querySelector('[data-line]'), this.words);
    this.reactions = new ReactionBar(root.querySelector('[data-reactions]'), this.words, (reaction) => this.socket.ask({ do: 'react', reaction }));
    this.polls = new PollView(root, this.store, this.words, this.speaker, clock, (poll, choice) => this.cast(poll, choice));
    this.socket = new LiveSocket(start, {
      since: () => this.store.since(),
      frame: (frame, act) => this.frame(frame, act),
      changed: () => this.showLine(),
    });
    this.view.sending = () => [...this.socket.waiting.values()].filter((act) => act.do === 'ask');
    this.form = new AskForm(root.querySelector('[data-ask]'), start.session, this.words, (act) => {
      this.socket.send(act);
      this.view.showOwn();
      this.showLine();
    });
    const ask = root.querySelector('[data-ask]');
    this.alike = new Alike(root.querySelector('[data-alike]'), this.form.text, this.words, this.speaker, {
      ask: (act) => this.socket.ask(act), vote: (id) => this.vote(id, !this.store.votes.has(id)),
      voted: (id) => this.store.votes.has(id), own: (id) => this.store.own.has(id),
    });
    // A page that came with an own question to be changed goes on as the script would.
    const revising = ask.elements.namedItem('revise')?.value;
    if (this.store.own.has(revising)) this.edit(revising);
    this.overlay();
    this.view.update();
    this.polls.apply();
    if (this.store.room) this.form.rules(this.store.room);
    this.reactions.rules(this.store.room);
    root.addEventListener('submit', (event) => this.act(event));
    root.addEventListener('click', (event) => {
      const link = event.target.closest('[data-revise]');
      if (!link || !this.store.own.has(link.dataset.revise)) return;
      event.preventDefault();
      this.edit(link.dataset.revise);
    });
    sorts(root, this.view);
    if (start.move) moveOn(start.move, clock, () => this.busy, () => offer(root, start.move, this.words, this.speaker));
  }

  /** Whether somebody must not be taken elsewhere now. */
  get busy() {
    return this.form.busy || this.socket.waiting.size > 0 || [...this.polls.cards.values()].some((card) => card.dirty) || Boolean(this.tell.dialog?.open);
  }

  edit(id) {
    this.alike.off = true;
    this.form.edit(this.store.own.get(id), this.store.secrets[id] || '');
    this.alike.off = false;
  }

  cast(poll, choice) {
    for (const [op, act] of this.socket.waiting) {
      // Only the last of several that never left counts.
      if (act.do === 'ballot' && act.poll === poll && this.socket.state !== 'on') this.socket.waiting.delete(op);
    }
    this.socket.send({ do: 'ballot', poll, choice });
    this.showLine();
  }

  frame(frame, act) {
    switch (frame.t) {
      case 'snapshot':
      case 'patch':
        this.take(frame);
        break;
      case 'mine':
        this.store.takeMine(frame, null);
        this.overlay();
        this.askMine(0);
        break;
      case 'ack':
        answered(this, frame, act);
        break;
      case 'reactions':
        this.reactions.wave.add(frame.counts);
        return;
      case 'presence':
        this.view.parts.following.textContent = this.words.t('live.following', { n: frame.n });
        return;
      default:
        return;
    }
    this.view.update();
    this.polls.update();
    this.showLine();
  }

  take(frame) {
    const news = this.store.take(frame);
    this.overlay();
    if (news.lost) this.askMine(MINE_SPREAD_MS, true);
    if (!news.room) return;
    const { state } = this.store.room;
    this.form.rules(this.store.room);
    this.reactions.rules(this.store.room);
    if (state === 'closed') this.form.complain(this.words.t('live.closed'));
    if (this.store.expecting) this.askMine(MINE_SPREAD_MS);
  }

  /** Shows votes that are still on their way as if they had arrived. */
  overlay() {
    if (!this.socket) return;
    for (const act of this.socket.waiting.values()) {
      if (act.do === 'vote') this.store.vote(act.question, act.on);
      if (act.do === 'ballot') this.polls.sending.set(act.poll, act.choice);
    }
  }

  /** @param {number} spread milliseconds @param {boolean} [votes] what is asked for are the own votes too */
  askMine(spread, votes = false) {
    if (!votes && !Object.keys(this.store.secrets).length && !this.store.own.size) return;
    clearTimeout(this.mineTimer);
    this.mineTimer = setTimeout(() => {
      const last = Object.entries(this.store.secrets).slice(-100);
      this.askedMine = new Set(last.map(([id]) => id));
      this.socket.ask({ do: 'mine', secrets: last.map(([, secret]) => secret) });
    }, Math.random() * spread);
  }

  /** Buttons of the page are those of a form; here they go over the socket. @param {SubmitEvent} event */
  act(event) {
    const button = event.submitter;
    if (event.target.id !== 'live-acts' || !button) return;
    event.preventDefault();
    if (button.name === 'vote') {
      const [question, wish] = button.value.split(' ');
      this.vote(question, wish === 'on');
    } else if (button.name === 'withdraw') {
      this.socket.send({ do: 'withdraw', question: button.value, secret: this.store.secrets[button.value] || '' });
    }
    this.view.update();
    this.showLine();
  }

  vote(question, on) {
    for (const [op, act] of this.socket.waiting) {
      // A wish that never left needs no sending when it is taken back.
      if (act.do === 'vote' && act.question === question && this.socket.state !== 'on') this.socket.waiting.delete(op);
    }
    this.store.vote(question, on);
    this.socket.send({ do: 'vote', question, on });
    this.view.update();
    this.showLine();
  }

  showLine() {
    if (this.socket) this.line.show(this.socket);
  }
}

for (const root of document.querySelectorAll('[data-live]')) new LiveRoom(root);
