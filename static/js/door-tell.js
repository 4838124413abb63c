// How an answer at the door is told: in colour and words on the page, by a sound and by
// the phone's vibration, so that staff can look at the person.

import { ASK, GO, STOP } from './door-judge.js';

/** Two rising notes let in, one low one stops, one in the middle asks. [hertz, from, to in seconds] */
const SOUNDS = {
  [GO]: [[660, 0, 0.09], [880, 0.1, 0.22]],
  [ASK]: [[520, 0, 0.16], [520, 0.22, 0.38]],
  [STOP]: [[190, 0, 0.42]],
};
const SHAKES = { [GO]: [60], [ASK]: [80, 60, 80], [STOP]: [320] };
const ICONS = { go: 'M4.5 12.8l5 5L19.5 7', ask: 'M12 7.5v5.5M12 16.3v.1', stop: 'M6 6l12 12M18 6L6 18' };

let audio = null;

/** Browsers let a page sound only after somebody has pressed something on it. */
export function wakeSound() {
  const Audio = globalThis.AudioContext || globalThis.webkitAudioContext;
  if (!Audio) return;
  audio ??= new Audio();
  if (audio.state === 'suspended') audio.resume().catch(() => {});
}

/** @param {string} level */
export function sound(level) {
  navigator.vibrate?.(SHAKES[level]);
  if (audio?.state !== 'running') return;
  const now = audio.currentTime;
  for (const [hertz, from, to] of SOUNDS[level]) {
    const tone = audio.createOscillator();
    const gain = audio.createGain();
    tone.frequency.value = hertz;
    tone.type = level === STOP ? 'square' : 'sine';
    gain.gain.setValueAtTime(0.0001, now + from);
    gain.gain.exponentialRampToValueAtTime(0.25, now + from + 0.02);
    gain.gain.exponentialRampToValueAtTime(0.0001, now + to);
    tone.connect(gain).connect(audio.destination);
    tone.start(now + from);
    tone.stop(now + to + 0.02);
  }
}

/** @param {string} tag @param {Record<string, string>} [attributes] @param {...(Node|string)} children */
export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children.filter((child) => child !== ''));
  return element;
}

function icon(level) {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  const path = document.createElementNS('http://www.w3.org/2000/svg', 'path');
  svg.setAttribute('class', 'icon');
  svg.setAttribute('viewBox', '0 0 24 24');
  svg.setAttribute('aria-hidden', 'true');
  path.setAttribute('d', ICONS[level]);
  svg.append(path);
  return svg;
}

/** @param {string} text @param {Record<string, string|number>} values */
export const fill = (text, values) => text.replace(/\{(\w+)\}/g, (all, name) => String(values[name] ?? all));

export class Words {
  /** @param {{words: Record<string, string>, lang: string, zone: string}} config */
  constructor(config) {
    this.words = config.words;
    this.skew = 0; // how far this phone's clock is from the server's
    this.clockOf = new Intl.DateTimeFormat(config.lang === 'en' ? 'en-GB' : config.lang, { hour: 'numeric', minute: '2-digit', timeZone: config.zone });
    this.dayOf = new Intl.DateTimeFormat('en-CA', { timeZone: config.zone });
    this.dateOf = new Intl.DateTimeFormat(config.lang, { day: 'numeric', month: 'numeric', timeZone: config.zone });
  }

  t(key, values = {}) {
    return fill(this.words[key] ?? key, values);
  }

  /** The clock alone, and the date with it when it was another day. @param {number} ms */
  when(ms) {
    const at = this.t('at_clock', { time: this.clockOf.format(ms) });
    return this.dayOf.format(ms) === this.dayOf.format(Date.now() + this.skew) ? at : `${this.dateOf.format(ms)} ${at}`;
  }

  where(by) {
    return by || this.t('place_door');
  }
}

/** Draws an answer: the word, the name, what goes with them. @param {object} answer @param {Words} words */
export function drawVerdict(answer, words) {
  const { entry } = answer;
  const box = make('div', { class: `verdict${{ go: '', ask: ' ask-first', stop: ' stop' }[answer.level]}` });
  box.append(make('span', {}, icon(answer.level), words.t(answer.title)));
  box.append(make('b', {}, entry?.n || answer.name || entry?.c || ''));
  let said = answer.text ? words.t(answer.text, answer.values) : '';
  if (answer.there) said = words.t('again_at', { when: words.when(answer.there.a), where: words.where(answer.there.by) });
  if (said) box.append(make('p', {}, said));
  if (entry?.n) {
    const marks = [entry.o, entry.r && words.t('speaker'), entry.f && words.t('first'), entry.p && `${words.t('photo')}: ${words.t(`photo_${entry.p}`)}`];
    const line = marks.filter(Boolean).join(' · ');
    if (line) box.append(make('p', {}, line));
    if (entry.m) box.append(make('p', { class: 'door-note' }, entry.m));
  }
  return box;
}
