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

/** @typedef {{uid: string, layer: string}} SavedEdit */

/**
 * The edits saved from this page. Undoing one is itself an edit with a uid, whose undoing is redo:
 * the service keeps the journal, this only remembers the uids.
 */
export class SavedHistory {
  constructor() {
    /** @type {SavedEdit[]} */
    this.past = [];
    /** @type {SavedEdit[]} */
    this.future = [];
  }

  /** @param {SavedEdit} edit */
  saved(edit) {
    this.past.push(edit);
    this.future = [];
  }

  /**
   * @param {'undo' | 'redo'} direction
   * @param {(edit: SavedEdit) => Promise<string>} invert undoes an edit, gives the inverse's uid
   * @returns {Promise<SavedEdit | null>} the edit that was inverted; null if there was none
   */
  async step(direction, invert) {
    const [from, onto] = direction === 'undo' ? [this.past, this.future] : [this.future, this.past];
    const edit = from.at(-1);
    if (!edit) return null;
    const uid = await invert(edit);
    from.pop();
    onto.push({ uid, layer: edit.layer });
    return edit;
  }
}
