/** The grammar of a journal cell: what may stand in it, how keys and foreign spellings become it, how it is drawn. */

const LOOK = { н: "sign-absent", б: "sign-ill", у: "sign-excused", оп: "sign-late", ".": "sign-dot" };
const MOST_MARKS = 5; // in one cell

const isAttendance = (sign) => sign > "5";
const signsIn = (text) => text.split("/").filter(Boolean);

/** Reads keys and texts by the server's own table (gradebook/signs.json). */
export class Signs {
  #letters = new Map();

  constructor({ marks, point, signs, keys, doubtful, separators, commas, fraction }) {
    for (const mark of marks) this.#letters.set(mark, mark);
    for (const way of point) this.#letters.set(way, ".");
    for (const [sign, ways] of Object.entries(signs)) ways.forEach((way) => this.#letters.set(way, sign));
    Object.assign(this, { keys, doubtful, commas, separators: new RegExp(separators), fraction: new RegExp(fraction) });
  }

  /**
   * @param {string} raw what a person typed or pasted
   * @returns {{text?: string, trouble?: "bad-text" | "fraction" | "no-fraction" | "unsure", token?: string, ways?: string}}
   *   the text as the server writes it, or the name of the sentence that says why it is none
   */
  parse(raw) {
    const chunks = raw.trim().toLowerCase().split(this.separators);
    const token = chunks.find((chunk) => this.fraction.test(chunk));
    if (token) return fraction(token);
    const tokens = chunks.flatMap((chunk) => chunk.split(this.commas)).filter(Boolean);
    const unsure = tokens.find((one) => this.doubtful[one]);
    if (unsure) return { trouble: "unsure", token: unsure, ways: this.doubtful[unsure].join(" / ") };
    const signs = tokens.flatMap((one) => (/^[1-5]{2,}$/.test(one) ? [...one] : [this.#letters.get(one)]));
    const marks = signs.filter((sign) => sign && !isAttendance(sign));
    const isText = !signs.includes(undefined) && signs.length - marks.length < 2 && marks.length <= MOST_MARKS;
    return isText ? { text: [...marks, ...signs.filter(isAttendance)].join("/") } : { trouble: "bad-text" };
  }

  /** A key of a Latin layout means the sign on its place, else the letter it writes. @param {KeyboardEvent} event */
  ofKey({ key, code }) {
    const letter = key.toLowerCase();
    const isLatin = /^[a-z.,]$/.test(letter);
    return (isLatin && this.keys[code]) || (key.length === 1 ? this.#letters.get(letter) : undefined);
  }
}

/** «4,5» may be two marks; «4,7» is nothing. */
function fraction(token) {
  const both = token.replace(/[.,]/, "/");
  return /^[1-5]\/[1-5]$/.test(both) ? { trouble: "fraction", token, ways: both } : { trouble: "no-fraction", token };
}

/**
 * What stands after a sign was typed over a text: a mark replaces the marks, an attendance sign the sign; neither
 * erases the other in silence. @param {string} before @param {string} sign
 */
export function typedOver(before, sign) {
  const others = signsIn(before).filter((one) => isAttendance(one) !== isAttendance(sign));
  return (isAttendance(sign) ? [...others, sign] : [sign, ...others]).join("/");
}

/** The text with one sign more or, where it stands already, without it. @param {string} text @param {string} sign */
export function toggled(text, sign) {
  const signs = signsIn(text);
  return signs.includes(sign) ? signs.filter((one) => one !== sign).join("/") : typedOver(text, sign);
}

/** Shows the text in an element, every sign with the class of its look. @param {Element} place @param {string} text */
export function draw(place, text) {
  place.replaceChildren(...text.split(/(\/)/).filter(Boolean).map((sign) => {
    if (sign === "/") return sign;
    const part = document.createElement("b");
    part.className = LOOK[sign] ?? (/^[1-5]$/.test(sign) ? `m${sign}` : "");
    part.textContent = sign === "." ? "•" : sign;
    return part;
  }));
}

/** @param {string} text tab-separated lines from a spreadsheet @returns {string[][]} rows of values */
export const readBlock = (text) =>
  text.replace(/\r?\n$/, "").split(/\r?\n/).map((line) => line.split("\t").map((value) => value.trim()));
