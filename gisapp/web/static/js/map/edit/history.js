/** Two undo stacks: of a draft's changes before saving, and of saved edits through the service. */
import { apply } from './operations.js';

/** @typedef {import('./operations.js').Draft} Draft */
/** @typedef {import('./operations.js').Change} Change */

export class DraftHistory {
  /** @param {Draft} draft */
  constructor(draft) {
    this.base = draft;
    this.draft = draft;
    /** @type {Change[]} */
    this.past = [];
    /** @type {Change[]} */
    this.future = [];
  }

  /** @param {Change} change */
  do(change) {
    this.past.push(this.#run(change));
    this.future = [];
  }

  /** @returns {boolean} whether there was something to undo */
  undo() {
    const change = this.past.pop();
    if (!change) return false;
    this.future.push(this.#run(change));
    return true;
  }

  redo() {
    const change = this.future.pop();
    if (!change) return false;
    this.past.push(this.#run(change));
    return true;
  }

  /** @param {Change} change @returns {Change} its inverse */
  #run(change) {
    const { draft, inverse } = apply(this.draft, change);
    this.draft = draft;
    return inverse;
  }
}

/**
 * A value with its former ones: for tools whose draft is one thing, such as where a line is cut.
 * @template T
 */
export class Steps {
  /** @param {T} value */
  constructor(value) {
    this.value = value;
    /** @type {T[]} */
    this.past = [];
    /** @type {T[]} */
    this.future = [];
  }

  /** @param {T} value */
  do(value) {
    this.past.push(this.value);
    this.value = value;
    this.future = [];
  }

  /**
   * @param {'undo' | 'redo'} direction
   * @returns {boolean} whether there was such a step
   */
  step(direction) {
    const [from, onto] = direction === 'undo' ? [this.past, this.future] : [this.future, this.past];
    if (!from.length) return false;
    onto.push(this.value);
    this.value = /** @type {T} */ (from.pop());
    return true;
  }
}

/**
 * Something saved from this page. Taking it back is itself such a step, whose taking back is redo.
 * @typedef {object} SavedStep
 * @property {string[]} layers whose tiles are others now
 * @property {number | null} feature the one of the first layer to show after it; null for none
 * @property {string[]} uids of the edits
 * @property {() => Promise<SavedStep>} invert
 */

/** What was saved from this page: the service keeps the journal, this only knows the way back. */
export class SavedHistory {
  constructor() {
    /** @type {SavedStep[]} */
    this.past = [];
    /** @type {SavedStep[]} */
    this.future = [];
  }

  /** What was taken back elsewhere has no way back here. */
  /** @param {string[]} uids */
  forget(uids) {
    const apart = (/** @type {SavedStep} */ step) => !step.uids.some((uid) => uids.includes(uid));
    this.past = this.past.filter(apart);
    this.future = this.future.filter(apart);
  }

  /** @param {SavedStep} step */
  saved(step) {
    this.past.push(step);
    this.future = [];
  }

  /**
   * @param {'undo' | 'redo'} direction
   * @returns {Promise<SavedStep | null>} what was done now; null if there was nothing to invert
   */
  async step(direction) {
    const [from, onto] = direction === 'undo' ? [this.past, this.future] : [this.future, this.past];
    const last = from.at(-1);
    if (!last) return null;
    const inverse = await last.invert();
    from.pop();
    onto.push(inverse);
    return inverse;
  }
}
