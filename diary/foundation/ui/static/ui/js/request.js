// Requests to our own server: CSRF token, JSON, a time limit, and one retry of a lost request under the same key.
import { connectionState, reportConnection } from "./connection-state.js";

const TIME_LIMIT_MS = 15000;
const RETRY_AFTER_MS = 800;

/** Why a request failed: `status` (0 = no answer at all), `message` for people, `body` as the server sent it. */
export class RequestError extends Error {
  constructor(message, status, body = {}) {
    super(message);
    Object.assign(this, { name: "RequestError", status, body });
  }
}

/** A fresh idempotency key; works without HTTPS too. */
export function newKey() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

export function csrfToken() {
  return /(?:^|; )csrftoken=([^;]+)/.exec(document.cookie)?.[1] ?? "";
}

/**
 * Send JSON and give back the JSON of the answer; throws RequestError.
 * A body gets `key` unless it has one, so a repeated request is done once.
 */
export async function request(url, { method = "GET", body, timeLimit = TIME_LIMIT_MS } = {}) {
  const headers = { Accept: "application/json" };
  const init = { method, headers, credentials: "same-origin", redirect: "manual", cache: "no-store" };
  if (method !== "GET") {
    headers["X-CSRFToken"] = csrfToken();
    headers["Content-Type"] = "application/json";
    init.body = JSON.stringify({ key: newKey(), ...body });
  }
  const answer = await sendTwice(url, init, timeLimit);
  if (answer.type === "opaqueredirect" || answer.status === 401) reportConnection("ended");
  const content = answer.type === "opaqueredirect" ? {} : await answer.json().catch(() => ({}));
  if (answer.ok) return content;
  throw new RequestError(content.message ?? connectionState()?.dataset.failed ?? "", answer.status || 401, content);
}

async function sendTwice(url, init, timeLimit) {
  try {
    return await sendOnce(url, init, timeLimit);
  } catch (error) {
    if (error.name === "TimeoutError") throw new RequestError(connectionState()?.dataset.slow ?? "", 0);
  }
  await new Promise((done) => setTimeout(done, RETRY_AFTER_MS));
  try {
    return await sendOnce(url, init, timeLimit);
  } catch {
    reportConnection("offline");
    throw new RequestError(connectionState()?.dataset.broken ?? "", 0);
  }
}

async function sendOnce(url, init, timeLimit) {
  const answer = await fetch(url, { ...init, signal: AbortSignal.timeout(timeLimit) });
  reportConnection("online");
  return answer;
}
