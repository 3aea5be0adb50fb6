/** Which journals a person has opened on this device, the latest first. */

const MOST_RECENT = 6;
const recentName = (user) => `journal-recent:${user}`;

/** @param {string} user @returns {string[]} ids of courses */
export function recent(user) {
  try {
    return JSON.parse(localStorage.getItem(recentName(user))) ?? [];
  } catch {
    return [];
  }
}

/** @param {string} user @param {string} course was opened just now */
export function noteOpened(user, course) {
  const ids = [course, ...recent(user).filter((id) => id !== course)].slice(0, MOST_RECENT);
  try { localStorage.setItem(recentName(user), JSON.stringify(ids)); } catch { /* not remembered */ }
}
