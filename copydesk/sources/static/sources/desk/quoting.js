// Words go from the text of a source, in one tab, to the quotation that is written in another. The tab of the text was
// opened by the quotation, whose key it carries in its address.
const CHANNEL = "copydesk-quoting";
const LONGEST_WAIT = 400;

export function makeKey() {
  return Math.random().toString(36).slice(2);
}

// Lets a quotation take words; `take` gets { source, words, isMore }.
export function listen(key, take) {
  const channel = new BroadcastChannel(CHANNEL);
  channel.addEventListener("message", ({ data }) => {
    if (data.to !== key) return;
    channel.postMessage({ taken: data.id });
    take(data);
  });
}

// Hands words over; returns whether the quotation took them.
export function hand(message) {
  const channel = new BroadcastChannel(CHANNEL);
  const id = makeKey();
  return new Promise((resolve) => {
    const end = (isTaken) => {
      channel.close();
      resolve(isTaken);
    };
    channel.addEventListener("message", ({ data }) => {
      if (data.taken === id) end(true);
    });
    channel.postMessage({ ...message, id });
    setTimeout(() => end(false), LONGEST_WAIT);
  });
}
