// What the moderator's forms, keys and drags mean: acts of the room's protocol.

const FIELDS = ['question', 'text', 'reason', 'message', 'source', 'speaker', 'name', 'was'];

/** What leads into a list, the first that a question's state allows. */
const INTO = {
  approved: ['approve', 'unqueue', 'restore'], queued: ['queue'], now: ['now'], answered: ['answered'], later: ['later'], rejected: ['reject'], archived: ['archive'],
};

/** Of questions that are merged, the one that stays is furthest on its way to the stage. */
const STANDING = { now: 4, queued: 3, approved: 2, later: 2, new: 1 };

/** Reads an act from a form. @param {HTMLFormElement} form @param {HTMLButtonElement} button */
export function actOf(form, button) {
  const data = new FormData(form);
  const act = { do: button.value };
  for (const name of FIELDS) if (data.get(name)) act[name] = data.get(name);
  const questions = data.getAll('questions');
  if (questions.length) act.questions = questions;
  if (act.do === 'label') act.labels = data.getAll('labels');
  if (act.do === 'split') act.texts = [data.get('text_1'), data.get('text_2')];
  if (button.dataset.step) act.position = Number(form.dataset.place) + Number(button.dataset.step);
  return act;
}

/** The act that brings a question into a list, if there is one.
 * @param {object} q @param {string} list @param {number} position in the stage queue, from 1 @param {Record<string, string[]>} can */
export function moveTo(q, list, position, can) {
  const act = (INTO[list] || []).find((name) => can[name]?.includes(q.state));
  if (!act || (q.state === list && list !== 'queued')) return null;
  return list === 'queued' && position ? { do: act, question: q.id, position } : { do: act, question: q.id };
}

/** Merging what is ticked: all into one of them. @param {object[]} questions */
export function mergeAll(questions) {
  const [best, ...others] = [...questions].sort((a, b) => (STANDING[b.state] || 0) - (STANDING[a.state] || 0) || b.votes - a.votes || (a.id < b.id ? -1 : 1));
  return { do: 'merge', question: best.id, questions: others.map((q) => q.id) };
}
