/** The weighted average of a row as the teacher types, in exact whole-number arithmetic. */

const SCALE = 4;

/** @param {string} decimal such as "1", "0.5" or "2,25" @returns {number} the same in ten-thousandths */
function scaled(decimal) {
  const [whole, part = ""] = decimal.trim().split(/[.,]/);
  return Number(whole + part.padEnd(SCALE, "0").slice(0, SCALE)) || 0;
}

/**
 * Σ(mark · weight) / Σ weight, half up to two digits; "" when nothing counts.
 * Own weights of a cell go by place: marks and «точка» take a place, attendance does not.
 * @param {Iterable<{text: string, weight: string, weights?: string[]}>} cells
 * @param {string} [separator] of whole and part in the reader's language
 */
export function average(cells, separator = ",") {
  let sum = 0, total = 0;
  for (const { text, weight, weights = [] } of cells) {
    text.split("/").filter((sign) => sign && sign <= "5").forEach((sign, place) => {
      if (sign === ".") return;
      const own = scaled(weights[place] ?? weight);
      sum += Number(sign) * own;
      total += own;
    });
  }
  if (!total) return "";
  const twice = 200 * sum + total;
  const hundredths = (twice - (twice % (2 * total))) / (2 * total);
  const part = String(hundredths % 100).padStart(2, "0");
  return `${Math.floor(hundredths / 100)}${separator}${part}`;
}
