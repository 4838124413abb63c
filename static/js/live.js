// A session's live room. The page is there already, drawn by the server; this goes on from its state.

import { Words, Speaker, el, serverClock } from './live-dom.js';
import { LiveSocket } from './live-socket.js';
import { LiveStore } from './live-store.js';
import { LiveView } from './live-view.js';
import { AskForm } from './live-ask.js';

/** News of own questions come by asking; a crowd must not ask in the same instant. */
const MINE_SPREAD_MS = 2000;
/** Over how long the pages of a room move on to its next session. */
const MOVE_SPREAD_MS = 3000;

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
    this.view = new LiveView(root, this.store, this.words, this.speaker, start.sort);
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
    this.overlay();
    this.view.update();
    this.form.pause(this.store.room?.state === 'paused');
    root.addEventListener('submit', (event) => this.act(event));
    root.querySelector('[data-sorts]')?.addEventListener('click', (event) => this.sort(event));
    if (start.move) this.moveOn(start);
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
        this.ack(frame, act);
        break;
      case 'presence':
        this.view.parts.following.textContent = this.words.t('live.following', { n: frame.n });
        return;
      default:
        return;
    }
    this.view.update();
    this.showLine();
  }

  take(frame) {
    const news = this.store.take(frame);
    this.overlay();
    if (!news.room) return;
    const { state } = this.store.room;
    this.form.pause(state === 'paused');
    if (state === 'closed') this.form.complain(this.words.t('live.closed'));
    if (this.store.expecting) this.askMine(MINE_SPREAD_MS);
  }

  ack(frame, act) {
    if (frame.ok && frame.questions) {
      this.store.takeMine(frame, this.askedMine ?? null);
      this.overlay();
    } else if (frame.ok && act?.do === 'ask') {
      if (frame.secret) this.store.keepSecret(frame.id, frame.secret);
      this.store.own.set(frame.id, { id: frame.id, text: act.text, name: act.name, votes: 0, state: 'new', answers: [], at: this.store.stamp() });
      this.form.confirm(this.words.t('live.say_sent'));
      this.speaker.say('sent', this.words.t('live.say_sent'), true);
    } else if (frame.ok && act?.do === 'withdraw') {
      this.store.own.delete(act.question);
      this.view.ownShown = undefined;
    } else if (frame.error) {
      this.refused(frame.error, act);
    }
  }

  refused(error, act) {
    if (act?.do === 'vote') this.store.vote(act.question, !act.on);
    if (act?.do === 'ask') this.form.giveBack(act, error.message);
    else this.form.complain(error.message);
  }

  /** Shows votes that are still on their way as if they had arrived. */
  overlay() {
    if (!this.socket) return;
    for (const act of this.socket.waiting.values()) {
      if (act.do === 'vote') this.store.vote(act.question, act.on);
    }
  }

  askMine(spread) {
    if (!Object.keys(this.store.secrets).length && !this.store.own.size) return;
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
      const on = wish === 'on';
      for (const [op, act] of this.socket.waiting) {
        // A wish that never left needs no sending when it is taken back.
        if (act.do === 'vote' && act.question === question && this.socket.state !== 'on') this.socket.waiting.delete(op);
      }
      this.store.vote(question, on);
      this.socket.send({ do: 'vote', question, on });
    } else if (button.name === 'withdraw') {
      this.socket.send({ do: 'withdraw', question: button.value, secret: this.store.secrets[button.value] || '' });
    }
    this.view.update();
    this.showLine();
  }

  sort(event) {
    const link = event.target.closest('[data-sort]');
    if (!link) return;
    event.preventDefault();
    for (const other of link.closest('[data-sorts]').querySelectorAll('[data-sort]')) other.removeAttribute('aria-current');
    link.setAttribute('aria-current', 'true');
    this.view.order = link.dataset.sort;
    history.replaceState(null, '', link.href);
    this.view.apply();
  }

  showLine() {
    if (!this.socket) return;
    const line = this.root.querySelector('[data-line]');
    const waiting = [...this.socket.waiting.values()];
    clearTimeout(this.lineTimer);
    if (this.socket.state === 'on') {
      line.hidden = true;
      return;
    }
    let key = 'live.off';
    if (this.socket.state === 'stopped') key = 'live.stopped';
    else if (waiting.some((act) => act.do === 'ask')) key = 'live.off_kept';
    else if (waiting.length) key = 'live.off_kept_vote';
    const say = line.querySelector('span');
    say.replaceChildren(this.words.t(key), ...(key === 'live.stopped' ? [' ', el('a', { href: location.href }, this.words.t('live.reload'))] : []));
    // A blink of the network is not worth a word, unless somebody's act waits for it.
    this.lineTimer = setTimeout(() => { line.hidden = false; }, key === 'live.off' ? 1500 : 0);
  }

  moveOn({ move, now }) {
    const clock = serverClock(now);
    const check = () => {
      const left = move.at - clock();
      if (left > 0) {
        setTimeout(check, Math.min(left, 30_000));
        return;
      }
      if (move.auto && !this.form.busy && !this.socket.waiting.size) {
        setTimeout(() => (this.form.busy || this.socket.waiting.size ? this.offer(move) : location.replace(move.href)), Math.random() * MOVE_SPREAD_MS);
        return;
      }
      this.offer(move);
    };
    check();
  }

  offer(move) {
    const box = this.root.querySelector('[data-next]');
    box.hidden = false;
    box.querySelector('[data-next-text]').textContent = this.words.t('live.next_on', { title: move.title });
    const link = box.querySelector('[data-next-link]');
    link.href = move.href;
    link.textContent = this.words.t('live.next_go');
    this.speaker.say('next', this.words.t('live.next_on', { title: move.title }));
  }
}

for (const root of document.querySelectorAll('[data-live]')) new LiveRoom(root);
