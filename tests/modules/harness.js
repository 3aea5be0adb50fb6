/** The few words that module tests are written in: test, equal, until. One page runs one file. */

const tests = [];

/** @param {string} name completes a sentence @param {() => void | Promise<void>} body */
export const test = (name, body) => tests.push([name, body]);

/** Fails unless both are the same when written as JSON. */
export function equal(actual, expected, about = "") {
  const [is, ought] = [actual, expected].map((value) => JSON.stringify(value));
  if (is !== ought) throw new Error(`${about} is ${is}, ought to be ${ought}`);
}

/** Waits for something that comes by itself; fails when it does not come. @param {() => unknown} condition */
export async function until(condition, about = String(condition)) {
  for (let turn = 0; turn < 500; turn += 1) {
    const found = condition();
    if (found) return found;
    await new Promise((next) => setTimeout(next, 10));
  }
  throw new Error(`never came: ${about}`);
}

/** Runs the tests of the file, one after another, each on an empty page and device. */
export async function run() {
  const failures = [];
  for (const [name, body] of tests) {
    document.body.replaceChildren();
    localStorage.clear();
    try {
      await body();
    } catch (error) {
      failures.push(`${name}: ${error.message}`);
    }
  }
  return { count: tests.length, failures };
}
