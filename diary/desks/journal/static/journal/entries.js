/** What the person writes: texts go into cells at once and to the outbox; every step can be undone. */

import { toggled, typedOver } from "./cells.js";

/** @typedef {import("./sheet.js").Cell} Cell */

export class Entries {
  #past = [];
  #future = [];

  /** @param {import("./journal-grid.js").JournalGrid} grid */
  constructor(grid) {
    this.grid = grid;
  }

  /**
   * Writes texts into cells, shows them at once and queues them to be saved.
   * @param {[Cell, string][]} pairs @param {{reason?: string, isStep?: boolean}} [options] isStep: may be undone
   */
  change(pairs, { reason, isStep = true } = {}) {
    const { face, outbox } = this.grid;
    const open = pairs.filter(([cell]) => !isLocked(cell));
    if (open.length < pairs.length) this.grid.say("locked");
    const step = [], saves = [];
    for (const [cell, raw] of open) {
      const { text, ...trouble } = this.grid.signs.parse(raw);
      const before = cell.text;
      if (text === before && cell.state !== "refused") continue;
      cell.text = text ?? raw;
      step.push({ cell, before, after: cell.text });
      if (text === undefined) this.settle(cell, "refused", this.grid.word(trouble.trouble, trouble));
      else if (text === cell.saved && cell.state !== "conflict" && !outbox.has(cell.id)) this.settle(cell);
      else {
        face.mark(cell, "saving");
        saves.push({ ...this.#take(cell), ...(reason && { reason }) });
      }
      face.show(cell);
    }
    if (isStep && step.length) {
      this.#past.push(step);
      this.#future = [];
    }
    face.recount(step.map(({ cell }) => cell.row));
    if (saves.length) outbox.save(saves);
    const refused = step.find(({ cell }) => cell.state === "refused");
    if (refused) this.grid.tell(`${refused.cell.name}: ${refused.cell.note.textContent}`);
  }

  /** Puts one sign into cells; what it does not replace stays. @param {Cell[]} cells @param {string} sign */
  type(cells, sign) {
    this.change(cells.map((cell) => [cell, typedOver(readable(cell), sign)]));
  }

  /** Puts a sign into a cell, or takes it away where it stands. @param {Cell} cell @param {string} sign */
  toggle(cell, sign) {
    this.change([[cell, toggled(readable(cell), sign)]]);
  }

  /** Undoes or redoes one step; what others have changed meanwhile stays. @param {"back" | "forward"} way */
  rewind(way) {
    const [from, to] = way === "back" ? [this.#past, this.#future] : [this.#future, this.#past];
    const step = from.pop();
    if (!step) return true;
    const back = step.map(({ cell, before, after }) => ({ cell, before: after, after: before }));
    to.push(back);
    this.change(
      back.filter(({ cell, before }) => cell.text === before).map(({ cell, after }) => [cell, after]),
      { reason: "undo", isStep: false },
    );
    this.grid.selection.to(step[0].cell);
    return true;
  }

  /** Sends a cell's text again. @param {Cell} cell @param {{reason?: string}} [extra] */
  resend(cell, extra = {}) {
    this.grid.face.mark(cell, "saving");
    this.grid.outbox.save([{ ...this.#take(cell), ...extra }]);
    this.grid.face.recount([cell.row]);
  }

  /** Puts back what the server has. @param {Cell} cell */
  revert(cell) {
    const { face, answers } = this.grid;
    cell.text = cell.saved;
    this.settle(cell);
    face.show(cell);
    face.recount([cell.row]);
    answers.refresh();
  }

  /** Nothing of this cell is to be sent or asked any more. @param {Cell} cell */
  settle(cell, state = "", message = "") {
    this.grid.questions.drop(cell.id);
    this.grid.outbox.release(cell.id);
    this.grid.face.mark(cell, state, message);
  }

  /** A cell's text to be sent: whatever was asked about it is settled. @returns {import("./outbox.js").Save} */
  #take({ id, lesson, student, text, version }) {
    this.grid.questions.drop(id);
    return { lesson, student, text, version };
  }
}

const readable = (cell) => (cell.state === "refused" ? "" : cell.text);

/** @param {Cell} cell */
export const isLocked = (cell) => cell.td.ariaReadOnly === "true";
