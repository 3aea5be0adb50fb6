/** Keeps what was typed on this device until the server has acknowledged it; sends it in order, each piece once. */

import { Shelf } from "./shelf.js";

/**
 * @typedef {{lesson: string, student: string, text?: string, version: number, reason?: string}} Save
 * @typedef {{key: string, at: number, tab: string, cells: Save[], sent?: boolean, held?: boolean,
 *            url?: string, fields?: object}} Entry
 *   sent: its content is frozen under its key; held: waits for the person; fields: a form of the cell's menu
 */

const BATCH = 40;
const PAUSE_MS = 300;
const PATIENCE_MS = 20_000;

export const idOf = ({ lesson, student }) => `${lesson}/${student}`;

/** A version 4 UUID; crypto.randomUUID is missing on pages without TLS. */
export const uuid = () => "10000000-1000-4000-8000-100000000000".replace(/[018]/g, (digit) =>
  (digit ^ (crypto.getRandomValues(new Uint8Array(1))[0] & (15 >> (digit / 4)))).toString(16));

export class Outbox {
  /** @type {Entry[]} */
  #entries = [];
  #shelf; #busy = new Set();
  #renewed = new WeakSet();
  #answers = new Map();
  #tab = uuid();
  #timer = 0;
  #tries = 0;
  #clock = 0;
  /** The browser keeps nothing: what is unsent dies with the page. */
  isVolatile = false;

  /**
   * One stored item per entry, so that two tabs never overwrite each other.
   * @param {string} name of the shelf
   * @param {object} line to the page and server: url, headers(), renew(), adopted, saved, refused, conflict, network
   */
  constructor(name, line) {
    this.#shelf = new Shelf(`${name}:`);
    this.line = line;
    const alive = new Promise((leave) => { this.leave = leave; });
    navigator.locks?.request(this.#lock(this.#tab), () => alive);
  }

  /** Takes over what closed tabs left behind; what living tabs hold is left to them until they close. */
  adopt() {
    const others = this.#shelf.all().map((entry) => entry.tab).filter((tab) => tab !== this.#tab);
    for (const tab of new Set(others)) {
      const take = () => this.#take(tab);
      if (navigator.locks) navigator.locks.request(this.#lock(tab), take);
      else take();
    }
  }

  /** @returns {Set<string>} cells with anything unsent or waiting for the person */
  ids() {
    return new Set(this.#entries.flatMap((entry) => entry.cells.map(idOf)));
  }

  has(id) {
    return this.#entries.some((entry) => !entry.held && holds(entry, id));
  }

  /** Queues texts; a cell not yet sent gets its newer text in place. @param {Save[]} saves */
  save(saves) {
    const touched = new Set();
    for (const save of saves) {
      const id = idOf(save);
      this.release(id);
      const open = this.#entries.filter((entry) => !entry.sent && !entry.held && !entry.fields);
      let entry = open.find((each) => holds(each, id));
      if (entry) entry.cells = entry.cells.filter((cell) => idOf(cell) !== id);
      else entry = open.findLast((each) => each.cells.length < BATCH) ?? this.#add({ cells: [] });
      entry.cells.push(save);
      touched.add(entry);
    }
    touched.forEach((entry) => this.#write(entry));
    this.#soon();
  }

  /**
   * Sends a form of the cell's menu by the same way.
   * @returns {Promise<string>} "" when it is saved or safely waiting, else the server's refusal
   */
  submit(url, save, fields) {
    const entry = this.#add({ url, fields, cells: [save] });
    this.#write(entry);
    const outcome = new Promise((answer) => this.#answers.set(entry, answer));
    this.flush();
    return outcome;
  }

  /** Keeps a text on the device while the person decides. @param {Save} save */
  hold(save) {
    this.release(idOf(save));
    this.#write(this.#add({ held: true, cells: [save] }));
  }

  /** @param {string} id of a cell whose held text is no longer wanted */
  release(id) {
    for (const entry of this.#entries.filter((each) => each.held && holds(each, id))) this.#remove(entry);
  }

  /** The network may be back, or the person is: try now. */
  wake() {
    this.#tries = 0;
    this.flush();
  }

  /** @param {boolean} [isLeaving] do not wait for the request in flight, except for the same cells */
  flush(isLeaving = false) {
    clearTimeout(this.#timer);
    this.#timer = 0;
    const before = [];
    for (const entry of this.#entries.filter((each) => !each.held)) {
      const isFree = !before.some((other) => other.cells.some((cell) => holds(entry, idOf(cell))));
      before.push(entry);
      if (this.#busy.size && !isLeaving) return;
      if (isFree && !this.#busy.has(entry)) this.#send(entry);
    }
  }

  #soon() {
    this.#timer ||= setTimeout(() => this.flush(), PAUSE_MS);
  }

  async #send(entry) {
    entry.sent = true;
    this.#write(entry);
    this.#busy.add(entry);
    const { status, answer, wait } = await this.#put(entry);
    const isShut = status === 401 || status === 403;
    const isRenewed = isShut && !this.#renewed.has(entry) && (await this.line.renew());
    this.#busy.delete(entry);
    if (status < 300 && answer?.cells) this.#accept(entry, answer);
    else if (isRenewed) { this.#renewed.add(entry); this.flush(); }
    else if (status === 401 || (isShut && !this.#renewed.has(entry) && !answer?.message)) {
      this.#renewed.delete(entry);
      this.#retry("signin", 15);
    } else if (status >= 400 && status < 500 && status !== 408 && status !== 429) this.#reject(entry, status, answer);
    else this.#retry("offline", wait);
  }

  async #put({ key, cells, url, fields }) {
    const body = fields ? { key, version: cells[0].version, ...fields } : { key, cells };
    try {
      const response = await fetch(url ?? this.line.url, {
        method: "PUT", body: JSON.stringify(body), keepalive: true, redirect: "manual",
        headers: { "Content-Type": "application/json", Accept: "application/json", ...this.line.headers() },
        signal: AbortSignal.timeout(PATIENCE_MS),
      });
      const status = response.type === "opaqueredirect" ? 401 : response.status;
      const wait = Number(response.headers.get("Retry-After")) || undefined;
      return { status, wait, answer: await response.json().catch(() => null) };
    } catch {
      return { status: 599 };
    }
  }

  /** The server has it: later texts of the same cells now stand on the new version. */
  #accept(entry, answer) {
    for (const done of answer.cells) {
      for (const later of this.#entries) {
        if (later === entry || later.sent || !holds(later, idOf(done))) continue;
        later.cells.find((cell) => idOf(cell) === idOf(done)).version = done.version;
        this.#write(later);
      }
    }
    this.#settle(entry, "");
    this.line.saved(answer.cells, answer.rows ?? []);
    if (this.#entries.length > 1) this.flush();
    else this.#soon();
  }

  /** The server took nothing of it: cells it does not blame go again under a new key. */
  #reject(entry, status, answer) {
    const blamed = new Map((answer?.cells ?? []).map((cell) => [idOf(cell), cell]));
    let rest = entry.fields ? [] : entry.cells.filter((cell) => !blamed.has(idOf(cell)));
    if (rest.length === entry.cells.length) rest = [];
    const faulty = entry.cells.filter((cell) => !rest.includes(cell));
    const newer = this.#entries.filter((each) => each !== entry && !each.held);
    rest = rest.filter((cell) => !newer.some((each) => holds(each, idOf(cell))));
    if (rest.length) this.#write(this.#add({ at: entry.at, cells: rest }));
    const wasForm = this.#answers.has(entry);
    this.#settle(entry, answer?.message || " ");
    for (const save of wasForm ? [] : faulty) {
      const theirs = blamed.get(idOf(save)) ?? {};
      const message = theirs.message || answer?.message || "";
      if (this.has(idOf(save))) continue;
      if (status === 409 && theirs.text !== undefined) this.line.conflict(save, { ...theirs, message });
      else this.line.refused(save, message, Boolean(theirs.need_reason));
    }
    this.flush();
  }

  #settle(entry, message) {
    this.#tries = 0;
    this.#remove(entry);
    this.#answers.get(entry)?.(message);
    this.#answers.delete(entry);
    this.line.network("");
  }

  #retry(trouble, seconds = Math.min(30, 2 ** this.#tries)) {
    this.#tries += 1;
    this.#answers.forEach((answer) => answer(""));
    this.#answers.clear();
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.flush(), seconds * 1000 * (1 + Math.random() / 4));
    this.line.network(trouble);
  }

  #take(tab) {
    const left = this.#shelf.all().filter((entry) => entry.tab === tab);
    for (const entry of left) {
      entry.held = false;
      entry.tab = this.#tab;
      this.#add(entry);
      this.#write(entry);
    }
    if (!left.length) return;
    this.line.adopted(left.flatMap((entry) => entry.cells));
    this.flush();
  }

  #lock(tab) {
    return `${this.#shelf.name}${tab}`;
  }

  #add(entry) {
    this.#clock = entry.at ?? Math.max(Date.now(), this.#clock + 1);
    const full = Object.assign(entry, { key: entry.key ?? uuid(), at: this.#clock, tab: this.#tab });
    this.#entries.push(full);
    this.#entries.sort((a, b) => a.at - b.at);
    return full;
  }

  #write(entry) {
    this.isVolatile = !this.#shelf.keep(entry.key, entry);
  }

  #remove(entry) {
    this.#entries.splice(this.#entries.indexOf(entry), 1);
    this.#shelf.forget(entry.key);
  }
}

const holds = (entry, id) => entry.cells.some((cell) => idOf(cell) === id);
