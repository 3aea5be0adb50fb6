/** The page's link with the server: hears that the course has changed, and renews what a new sign-in made stale. */

const SETTLE_MS = 300;

export class Live {
  #tries = 0;
  #timer = 0;
  #wasLost = false;

  /** @param {HTMLElement} host carries data-stream, data-stream-token @param {() => void} onChange */
  constructor(host, onChange) {
    this.host = host;
    this.onChange = onChange;
    this.#listen();
  }

  close() {
    clearTimeout(this.#timer);
    this.source?.close();
  }

  #listen() {
    const { stream = "/events", streamToken } = this.host.dataset;
    if (!streamToken) return;
    this.source = new EventSource(`${stream}?t=${encodeURIComponent(streamToken)}`);
    this.source.onmessage = () => this.#soon(this.onChange, SETTLE_MS);
    this.source.onopen = () => {
      if (this.#wasLost) this.onChange();
      this.#wasLost = false;
      this.#tries = 0;
    };
    this.source.onerror = () => {
      this.#wasLost = true;
      if (this.source.readyState !== EventSource.CLOSED) return;
      this.#tries += 1;
      this.#soon(() => renew(this.host).then(() => this.#listen()), 1000 * Math.min(30, 2 ** this.#tries));
    };
  }

  #soon(act, ms) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(act, ms);
  }
}

/** Takes fresh tokens from this same page. @returns {Promise<boolean>} whether the same person is signed in */
export async function renew(host) {
  try {
    const response = await fetch(location.href, { redirect: "manual" });
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    const fresh = page.querySelector(host.localName)?.dataset;
    if (!response.ok || fresh?.user !== host.dataset.user) return false;
    Object.assign(host.dataset, { csrf: fresh.csrf, streamToken: fresh.streamToken ?? "" });
    return true;
  } catch {
    return false;
  }
}
