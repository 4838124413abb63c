// Draws a live room from what is known of it. What is on the screen moves only when the viewer asks for it.

import { el, icon, showFigures } from './live-dom.js';

export class LiveView {
  /** @param {HTMLElement} root @param {import('./live-store.js').LiveStore} store @param {import('./live-dom.js').Words} words
   * @param {import('./live-dom.js').Speaker} speaker @param {{sort: string, show?: string, voices?: Record<string, string>}} start
   * @param {(id: string) => boolean} told whether a letter about a question was asked for */
  constructor(root, store, words, speaker, start, told) {
    Object.assign(this, { root, store, words, speaker, told, order: start.sort, show: start.show || '', voices: start.voices || {} });
    this.parts = {};
    for (const name of ['questions', 'own', 'now', 'fresh-place', 'empty', 'following', 'sorts']) this.parts[name] = root.querySelector(`[data-${name}]`);
    this.parts['fresh-place'].replaceChildren(
      this.fresh = el('button', { type: 'button', class: 'fresh', hidden: true, 'data-fresh': true }),
    );
    /** Cards on the screen by question. @type {Map<string, HTMLLIElement>} */
    this.cards = new Map();
    this.met = new Set();
    this.apply();
    this.fresh.addEventListener('click', () => this.applyAndFocus());
    document.addEventListener('visibilitychange', () => { if (document.hidden) this.apply(); });
  }

  /** Puts the newest list on the screen in its order. */
  apply() {
    const list = this.store.list(this.order, this.show);
    this.parts.questions.replaceChildren(...list.map((q) => this.card(q)));
    this.cards = new Map([...this.parts.questions.children].map((li) => [li.dataset.id, li]));
    for (const q of list) this.met.add(q.id);
    this.fresh.hidden = true;
    this.showAround();
  }

  applyAndFocus() {
    const before = new Set(this.cards.keys());
    this.apply();
    const first = [...this.cards].find(([id]) => !before.has(id))?.[1] ?? this.parts.questions.firstElementChild;
    first?.querySelector('button:not(:disabled)')?.focus();
  }

  /** Takes in what changed without moving anything. */
  update() {
    const list = this.store.list(this.order, this.show);
    if (document.hidden || this.cards.size === 0) {
      this.apply();
      return;
    }
    for (const [id, li] of this.cards) this.refresh(li, this.store.questions.get(id));
    const news = list.filter((q) => !this.met.has(q.id)).length;
    const stale = list.length !== this.cards.size || list.some((q, i) => this.parts.questions.children[i]?.dataset.id !== q.id);
    this.fresh.hidden = !stale;
    this.fresh.textContent = news ? this.words.t('live.fresh', { n: news }) : this.words.t('live.fresh_order');
    if (news) this.speaker.say('news', this.words.t('live.say_new', { n: news }));
    this.showAround();
  }

  showAround() {
    const { store, words } = this;
    if (store.room?.counts) showFigures(this.root, words, store.room.counts);
    this.parts.empty.hidden = this.cards.size > 0 || (Boolean(store.now) && !this.show);
    this.parts.empty.textContent = words.t(this.show ? 'live.empty_shown' : 'live.empty');
    this.parts.sorts.hidden = store.questions.size < 2;
    this.showNow(store.now);
    this.showOwn();
  }

  showNow(q) {
    const signature = q ? JSON.stringify([q.id, q.text, q.votes, q.name]) : '';
    if (this.nowShown === signature) return;
    if (q && this.nowID !== undefined && q.id !== this.nowID) this.speaker.say('now', this.words.t('live.say_now', { text: q.text }));
    this.nowShown = signature;
    this.nowID = q?.id ?? '';
    this.parts.now.classList.toggle('none', !q);
    this.parts.now.replaceChildren(...(q
      ? [el('span', { class: 'tag live' }, this.words.t('live.now')), el('p', { class: 'q-text' }, q.text),
        el('p', { class: 'meta' }, `${this.name(q)} · ${this.words.t('live.votes', { n: q.votes })}`)]
      : [el('p', {}, this.words.t('live.now_none'))]));
  }

  /** Own questions that are not (yet) in the list, and those still on their way. */
  showOwn() {
    const rows = [...this.store.own.values()].filter((q) => !(this.cards.has(q.id) && this.store.questions.has(q.id)) && q.id !== this.store.now?.id);
    const sending = (this.sending?.() || []).map((act) => ({
      id: `op-${act.op}`, text: act.text, name: act.name, votes: 0, state: 'sending', answers: [], at: this.store.stamp(),
    }));
    const all = [...rows, ...sending];
    const signature = JSON.stringify(all.map((q) => [q.id, q.state, q.text, q.reason, this.into(q), this.told(q.id)]));
    if (this.ownShown === signature) return;
    this.ownShown = signature;
    this.parts.own.hidden = all.length === 0;
    this.parts.own.querySelector('ol').replaceChildren(...all.map((q) => this.card(q, true)));
  }

  /** @param {object} q @param {boolean} apart it stands among the viewer's own */
  card(q, apart = false) {
    const li = el('li', { 'data-id': q.id }, el('article', { class: 'question' }, this.voteButton(q, apart)));
    if (apart) li.dataset.apart = '1';
    this.refresh(li, q);
    return li;
  }

  voteButton() {
    return el('button', { type: 'submit', form: 'live-acts', name: 'vote', class: 'vote', 'aria-pressed': 'false' }, icon('up'), el('span'));
  }

  /** Brings a card up to date; its button stays the same, so that it keeps the focus. */
  refresh(li, q) {
    const article = li.firstElementChild;
    if (!q) {
      this.takeAway(article);
      return;
    }
    const { store, words } = this;
    const voted = store.votes.has(q.id);
    const open = !li.dataset.apart && ['approved', 'queued', 'now', 'later'].includes(q.state) && store.room?.state !== 'closed';
    const button = article.querySelector('.vote');
    button.disabled = !open;
    button.value = `${q.id} ${voted ? 'off' : 'on'}`;
    button.setAttribute('aria-pressed', String(voted));
    let label = 'live.votes';
    if (open) label = voted ? 'live.unvote' : 'live.vote';
    button.setAttribute('aria-label', words.t(label, { n: q.votes }));
    button.lastElementChild.textContent = words.number(q.votes);
    const own = store.own.has(q.id) || q.state === 'sending';
    const into = this.into(q);
    const signature = JSON.stringify([q.text, q.state, q.name, q.answers, q.reason, q.speaker, into, own, this.told(q.id)]);
    if (li.shown === signature) return;
    li.shown = signature;
    article.className = `question${own ? ' own' : ''}${li.dataset.apart ? ' waiting' : ''}`;
    article.replaceChildren(...[button, el('p', { class: 'q-text' }, q.text), this.meta(q, own, Boolean(li.dataset.apart)),
      q.reason ? el('p', { class: 'small' }, words.t('live.reason', { reason: q.reason })) : null,
      into ? el('p', { class: 'small' }, words.t('live.into', { text: into })) : null,
      ...(q.answers || []).map((a) => el('div', { class: 'answer' }, el('p', { class: 'by' }, a.by), el('p', { class: 'q-text' }, a.text))),
    ].filter(Boolean));
  }

  meta(q, own, apart) {
    const { words } = this;
    const states = {
      new: words.t('live.own_new'), rejected: words.t('live.own_rejected'), archived: words.t('live.own_archived'), sending: words.t('live.own_sending'),
      merged: words.t('live.own_merged'), queued: words.t('live.queued'), later: words.t('live.later'), now: words.t('live.now'),
      answered: q.answered_at ? words.t('live.answered_stage', { time: words.clock(q.now_at || q.answered_at) }) : words.t('live.answered_written'),
      approved: apart ? words.t('live.own_approved') : '',
    };
    return el('p', { class: 'meta' }, own ? el('span', { class: 'tag mine' }, words.t('live.own')) : null,
      states[q.state] ? el('span', {}, states[q.state]) : null, el('span', {}, this.name(q)),
      this.voices[q.speaker] ? el('span', {}, words.t('live.to_speaker', { name: this.voices[q.speaker] })) : null,
      q.state === 'sending' ? null : el('span', {}, words.clock(q.at)), ...this.acts(q, own));
  }

  /** What one may do beside voting. */
  acts(q, own) {
    const { words } = this;
    const list = [];
    const free = ['new', 'approved'].includes(q.state);
    const way = (name, key) => el('button', { type: 'submit', form: 'live-ways', name, value: q.id, [`data-${name}`]: q.id, class: 'btn plain small' }, words.t(key));
    if (own && free) {
      list.push(way('revise', 'live.revise'),
        el('button', { type: 'submit', form: 'live-acts', name: 'withdraw', value: q.id, class: 'btn plain small' }, words.t('live.withdraw')));
    }
    if (this.told(q.id)) list.push(el('span', {}, words.t('live.told')));
    else if (['approved', 'queued', 'now', 'later'].includes(q.state) || (own && q.state === 'new')) {
      list.push(way('tell', 'live.tell'));
    }
    return list;
  }

  /** The text of what an own question was merged into. */
  into(q) {
    return (q.into && this.store.questions.get(q.into)?.text) || '';
  }

  name(q) {
    return q.name || this.words.t('qa.anonymous');
  }

  /** What a moderator took back must not be read any more, but nothing jumps. */
  takeAway(article) {
    if (article.classList.contains('taken-away')) return;
    article.classList.add('taken-away');
    article.parentElement.shown = '';
    article.querySelector('.vote').disabled = true;
    article.replaceChildren(article.querySelector('.vote'), el('p', { class: 'q-text' }, this.words.t('live.gone')));
  }
}
