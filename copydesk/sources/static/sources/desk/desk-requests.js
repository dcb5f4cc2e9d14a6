// Asks the desk. Every answer is JSON; a refusal carries one message for whoever writes. Anything else is no answer: the
// way to the desk is broken, or the session has ended and the browser was led to the sign-in page, which may be JSON too.
const config = JSON.parse(document.getElementById("wagtail-config").textContent);

class Refusal extends Error {}

async function answer(address, options) {
  const response = await fetch(address, { ...options, headers: { Accept: "application/json", ...options.headers } });
  const isJson = (response.headers.get("Content-Type") || "").startsWith("application/json");
  if (response.redirected || !isJson) throw new Error(`${response.status}`);
  const said = await response.json();
  if (!response.ok) throw new Refusal(said.message);
  return said;
}

export function told(error, words) {
  return (error instanceof Refusal && error.message) || words.unanswered;
}

export function get(address, signal) {
  return answer(address, { signal });
}

export function post(address, values, signal) {
  const body = new FormData();
  for (const [name, value] of Object.entries(values)) body.append(name, value);
  const headers = { [config.CSRF_HEADER_NAME]: config.CSRF_TOKEN };
  return answer(address, { method: "POST", body, headers, signal });
}
