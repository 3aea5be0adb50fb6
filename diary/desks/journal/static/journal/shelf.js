/** What lies on this device under one name, an item for each entry. A browser that keeps nothing is no error. */

export class Shelf {
  /** @param {string} name start of the names of stored items */
  constructor(name) {
    this.name = name;
  }

  /** @returns {boolean} whether the browser has kept it */
  keep(key, item) {
    try {
      localStorage.setItem(this.name + key, JSON.stringify(item));
      return true;
    } catch {
      return false;
    }
  }

  forget(key) {
    try { localStorage.removeItem(this.name + key); } catch { /* nothing was kept there */ }
  }

  /** @returns {{at: number}[]} all items, oldest first */
  all() {
    try {
      return Object.keys(localStorage).filter((name) => name.startsWith(this.name))
        .map((name) => JSON.parse(localStorage.getItem(name))).sort((a, b) => a.at - b.at);
    } catch {
      return [];
    }
  }
}
