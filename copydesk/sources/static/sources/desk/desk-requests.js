// Asks the desk. Every answer is JSON; a refusal carries one message for whoever writes.
const config = JSON.parse(document.getElementById("wagtail-config").textContent);

async function answer(address, options) {
  const response = await fetch(address, { ...options, headers: { Accept: "application/json", ...options.headers } });
  const isJson = (response.headers.get("Content-Type") || "").startsWith("application/json");
  const said = isJson ? await response.json() : {};
  if (!response.ok) throw new Error(said.message || response.statusText || String(response.status));
  return said;
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
