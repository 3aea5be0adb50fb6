/** The server's table as cells: what stands where, read once. */

import { draw } from "./cells.js";
import { idOf } from "./outbox.js";

/**
 * @typedef {object} Cell text: as the person sees it; saved, version: as the server last said
 * @property {string} id @property {string} lesson @property {string} student @property {string} name
 * @property {HTMLTableCellElement} td @property {number} row @property {number} column @property {string} weight
 * @property {string} text @property {string} saved @property {number} version
 * @property {"" | "saving" | "saved" | "refused" | "asked" | "conflict"} state asked: waits for a reason
 * @property {Element} [average] @property {Element} [proposed] @property {Element} [note]
 */

export class Sheet {
  /** @type {Map<string, Cell>} */
  #cells = new Map();
  /** @type {Map<Element, Cell>} */
  #places = new Map();

  /** @param {ParentNode} host around the table */
  constructor(host) {
    this.heads = [...host.querySelectorAll("thead th[data-lesson]")];
    /** @type {Cell[][]} */
    this.rows = [...host.querySelectorAll("tbody tr[data-student]")].map((tr, row) => this.#row(tr, row));
  }

  get isEmpty() { return !this.#cells.size; }

  /** The column of the lesson at which the page opens. */
  get opened() {
    return Math.max(0, this.heads.findIndex((head) => "opened" in head.dataset));
  }

  /** @param {{lesson: string, student: string}} place @returns {Cell | undefined} */
  at(place) {
    return this.#cells.get(idOf(place));
  }

  /** @param {EventTarget} target @returns {Cell | undefined} */
  cellOf(target) {
    return this.#places.get(target.closest?.("td"));
  }

  /** @param {Cell} cell @returns {string} «12 октября, контрольная» */
  lessonOf({ column }) {
    const head = this.heads[column];
    return head.dataset.label ?? head.innerText;
  }

  #row(tr, row) {
    const head = tr.querySelector("th");
    const name = head.dataset.name ?? head.textContent.trim();
    head.title ||= name;
    const average = tr.querySelector(".avg"), proposed = tr.querySelector(".proposed");
    const shared = { student: tr.dataset.student, name, row, state: "", average, proposed };
    return [...tr.querySelectorAll("td.cell")].map((td, column) => {
      const { lesson, weight = "1" } = this.heads[column].dataset;
      const saved = td.textContent.trim();
      const cell = { ...shared, td, column, lesson, weight, saved, text: saved, version: Number(td.dataset.v) };
      cell.id = idOf(cell);
      td.tabIndex = -1;
      if (saved) draw(td, saved);
      this.#cells.set(cell.id, cell);
      this.#places.set(td, cell);
      return cell;
    });
  }
}
