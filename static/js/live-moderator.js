// The moderator's desk of one live room: three lists, what is answered now, and the rest, always up to date.

import { actOf, mergeAll, moveTo } from './live-moderator-acts.js';
import { Drag } from './live-moderator-drag.js';
import { Keys } from './live-moderator-keys.js';
import { Lists } from './live-moderator-lists.js';
import { Panel, Polls } from './live-moderator-panel.js';
import { Tools } from './live-moderator-tools.js';
import { Words, Speaker, el, icon, serverClock, showFigures } from './live-dom.js';
import { ReactionStrip } from './live-reactions.js';
import { LiveSocket } from './live-socket.js';
import { LiveStore } from './live-store.js';

const MERGEABLE = ['new', 'approved', 'queued', 'now', 'later'];

/** The bar with the figures sticks below the day's notice, and what is gone to shows below both, however many lines they take. */
function makeRoom() {
  for (const [name, selector] of [['--notice', '[data-day-notice]'], ['--moderate-bar', '.moderate-bar']]) {
    const box = document.querySelector(selector);
    if (box) new ResizeObserver(() => document.documentElement.style.setProperty(name, `${box.offsetHeight}px`)).observe(box);
  }
}

class Desk {
  /** @param {HTMLElement} root */
  constructor(root) {
    const start = JSON.parse(root.dataset.moderate);
    this.root = root;
    this.words = new Words(start);
    this.store = new LiveStore(start);
    this.can = start.can;
    this.lists = new Lists(root, this.words, start, this.store);
    this.tools = new Tools(root, this.words, start.history);
    this.panel = new Panel(root);
    this.polls = new Polls(root, this.words, serverClock(start.now));
    this.speaker = new Speaker(root.querySelector('[data-say]'));
    this.met = new Set(this.lists.of('new').map((q) => q.id));
    this.reactions = new ReactionStrip(root, this.words);
    this.draw();
    this.socket = new LiveSocket(start, {
      since: () => this.store.since(),
      frame: (frame, act) => this.frame(frame, act),
      changed: () => this.showLine(),
      ...(start.link && { renew: () => this.renew() }),
    });
    root.addEventListener('submit', (event) => this.act(event));
    this.drag = new Drag(root, this);
    this.keys = new Keys(root, this);
    root.addEventListener('keydown', (event) => {
      const details = event.key === 'Escape' && event.target.closest?.('details[open]');
      if (!details) return;
      details.open = false;
      details.querySelector('summary').focus();
    });
    makeRoom();
    root.dataset.ready = '1';
  }

  /** Whoever came by a link has no account to get a pass with: the page holds one, as long as the link stands. */
  async renew() {
    const answer = await fetch(location.href, { headers: { Accept: 'text/html' }, cache: 'no-store' }).catch(() => null);
    if (answer?.status === 404 || answer?.status === 410) location.reload();
    if (!answer?.ok) return;
    const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
    const fresh = page.querySelector('[data-moderate]');
    if (fresh) this.socket.room.pass = JSON.parse(fresh.dataset.moderate).pass;
  }

  frame(frame, act) {
    if (frame.t === 'snapshot' || frame.t === 'patch') {
      this.store.take(frame);
      this.announce();
      this.draw();
      if (frame.polls || frame.gone?.length || (frame.t === 'snapshot' && this.seen)) this.polls.changed();
      this.seen = true;
    } else if (frame.t === 'presence') {
      this.root.querySelector('[data-following]').textContent = this.words.t('live.following', { n: frame.n });
    } else if (frame.t === 'reactions') {
      this.reactions.wave.add(frame.counts);
    } else if (frame.t === 'ack') {
      this.answered(frame, act);
    }
    this.showLine();
  }

  announce() {
    const news = this.lists.of('new').filter((q) => !this.met.has(q.id));
    for (const q of news) this.met.add(q.id);
    this.unsaid = (this.unsaid || 0) + news.length;
    if (news.length) this.speaker.say('news', this.words.t('live.say_new', { n: this.unsaid }));
  }

  draw() {
    const focus = this.lists.draw();
    showFigures(this.root, this.words, this.store.room?.counts || {});
    this.drawRoom();
    this.tools.drawMessages(this.store.room?.messages || []);
    this.tools.drawTicked();
    this.tools.lookForPairs(this.lists.of(...MERGEABLE), () => this.socket?.ask({ do: 'alike' }));
    this.lists.refocus(focus);
  }

  drawRoom() {
    const form = this.root.querySelector('[data-room]');
    const act = { open: 'pause', paused: 'resume' }[this.store.room?.state];
    if (form.dataset.shown === act) return;
    form.dataset.shown = act;
    form.replaceChildren(...(act
      ? [el('button', { type: 'submit', name: 'do', value: act, class: act === 'pause' ? 'btn quiet small' : 'btn small' }, this.words.t(`qa.act.${act}`))]
      : []));
  }

  /** @param {SubmitEvent} event */
  act(event) {
    const form = event.target;
    const button = event.submitter;
    if (!('act' in form.dataset) || !button) return;
    event.preventDefault();
    if (form.dataset.waiting) return;
    let act = actOf(form, button);
    if ('bulk' in form.dataset) {
      const questions = this.tools.ticked.map((id) => this.store.questions.get(id)).filter(Boolean);
      if (!questions.length || (act.do === 'merge' && questions.length < 2)) return;
      act = act.do === 'merge' ? mergeAll(questions) : { ...act, questions: questions.map((q) => q.id) };
    }
    this.complain(act.question, '');
    form.dataset.waiting = this.socket.send(act);
    button.classList.add('pending');
    this.showLine();
  }

  /** Brings a question into a list: by a drag or a key. */
  drop(id, list, position) {
    const q = this.store.questions.get(id);
    const act = q && moveTo(q, list, position, this.can);
    if (!act) {
      if (q?.state !== list) this.speaker.say('moved', this.words.t('moderate.not_there'), true);
      return;
    }
    if (act.do === 'reject') {
      this.keys.open(this.root.querySelector(`article[data-id="${CSS.escape(id)}"]`), 'reject');
      return;
    }
    this.complain(id, '');
    this.socket.send(act);
    this.showLine();
  }

  /** Moves a question up or down in the stage queue. */
  step(id, by) {
    const queue = this.store.room?.queue || [];
    const position = queue.indexOf(id) + 1 + by;
    if (!queue.includes(id) || position < 1 || position > queue.length) return;
    this.socket.send({ do: 'queue', question: id, position });
  }

  /** @param {string} act undo or redo */
  takeBack(act) {
    if (this.tools.history[act]) this.socket.send({ do: act });
  }

  answered(frame, act) {
    const form = this.root.querySelector(`form[data-waiting="${CSS.escape(frame.op)}"]`);
    if (form) {
      delete form.dataset.waiting;
      form.querySelector('.pending')?.classList.remove('pending');
      if (frame.ok) form.closest('details:not(.rest-box)')?.removeAttribute('open');
      if (frame.ok && 'clears' in form.dataset) form.reset();
      if (frame.ok && 'bulk' in form.dataset) this.tools.untick();
    }
    if (frame.pairs) this.tools.drawPairs(frame.pairs, this.store.questions, mergeAll);
    if (frame.error) {
      this.complain(act?.question, frame.error.message, form?.closest('[data-panel-body], .sheet'));
      return;
    }
    if (!act) return;
    if (act.do === 'undo' || act.do === 'redo') {
      this.speaker.say('history', this.words.t(act.do === 'undo' ? 'moderate.undone' : 'moderate.redone', { what: this.tools.what(this.tools.history[act.do]) }), true);
    }
    this.tools.remember(frame);
    if (frame.left?.length) this.complain('', this.words.t('moderate.left', { n: frame.left.length }));
    if (form?.closest('[data-panel-body]')) this.panel.done(act.do);
  }

  complain(question, sentence, within) {
    const article = this.root.querySelector(`article[data-id="${CSS.escape(question || '')}"]`);
    const place = within || article || this.root.querySelector('.moderate-bar');
    place.querySelector(':scope > .error')?.remove();
    if (sentence) place.append(el('p', { class: 'error', role: 'alert' }, icon('alert'), el('span', {}, sentence)));
  }

  showLine() {
    if (!this.socket) return;
    const line = this.root.querySelector('[data-line]');
    clearTimeout(this.lineTimer);
    if (this.socket.state === 'on') {
      line.hidden = true;
      return;
    }
    const stopped = this.socket.state === 'stopped';
    line.querySelector('span').replaceChildren(this.words.t(stopped ? 'live.stopped' : 'live.off'),
      ...(stopped ? [' ', el('a', { href: location.href }, this.words.t('live.reload'))] : []));
    this.lineTimer = setTimeout(() => { line.hidden = false; }, 1500);
  }
}

for (const root of document.querySelectorAll('[data-moderate]')) new Desk(root);
