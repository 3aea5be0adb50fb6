/** The grammar of a journal cell: what may stand in it, how keys and foreign spellings become it, how it is drawn. */

const SPELLINGS = Object.entries({
  н: "н h n", б: "б b", у: "у y уп yп", оп: "оп о o oп", ".": ". · •",
}).flatMap(([sign, ways]) => ways.split(" ").map((way) => [way, sign]));
const SIGN = new Map([...SPELLINGS, ...[..."12345"].map((mark) => [mark, mark])]);

/** A key of a Latin layout means the sign on the same physical key, or the one it looks like. */
const LATIN_KEY = { y: "н", n: "н", h: "н", b: "б", e: "у", o: "оп", j: "оп" };

const LOOK = { н: "sign-absent", б: "sign-ill", у: "sign-excused", оп: "sign-late", ".": "sign-dot" };

const isAttendance = (sign) => sign > "5";

/**
 * @param {string} raw what a person typed or pasted
 * @returns {string | null} the text as the server writes it, or null when it is not a cell's text
 */
export function parse(raw) {
  const words = raw.toLowerCase().split(/[/\s,;]+/).filter(Boolean);
  const signs = words.map((word) => SIGN.get(word));
  return signs.includes(undefined) || signs.filter(isAttendance).length > 1 ? null : signs.join("/");
}

/** @param {KeyboardEvent} event @returns {string | undefined} the sign this key writes */
export function signOfKey({ key, code }) {
  if (code === "NumpadDecimal") return ".";
  if (key === ",") return code === "Comma" ? "б" : undefined;
  if (key.length > 1) return undefined;
  return LATIN_KEY[key.toLowerCase()] ?? SIGN.get(key.toLowerCase());
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
