// "Quote this" beside the text of a copy: what is selected there, or marked, goes into the quotation that led here.
import { hand } from "./quoting.js";

const tools = document.querySelector("[data-quoting]");
const text = document.querySelector(".kept__text");
const key = new URLSearchParams(window.location.search).get("for");

function selected() {
  const selection = window.getSelection();
  const isInside = selection.rangeCount && text.contains(selection.getRangeAt(0).commonAncestorContainer);
  const words = isInside ? selection.toString() : "";
  const marked = [...text.querySelectorAll("mark")].map((mark) => mark.textContent).join(" […] ");
  return (words.trim() || marked).split(/\s*\n\s*/).join("\n\n").trim();
}

async function copy(words) {
  try {
    await navigator.clipboard.writeText(words); // Absent where the desk is not served over HTTPS.
    return tools.dataset.copied;
  } catch {
    return tools.dataset.failed;
  }
}

async function quote(how) {
  const words = selected();
  if (!words) return tools.dataset.none;
  const message = { to: key, source: Number(tools.dataset.quoting), words, isMore: how === "more" };
  return key && (await hand(message)) ? tools.dataset.taken : copy(words);
}

if (tools) {
  tools.hidden = false;
  tools.querySelector("[data-quote=more]").hidden = !key;
  for (const button of tools.querySelectorAll("[data-quote]")) {
    button.addEventListener("mousedown", (event) => event.preventDefault()); // It would end the selection.
    button.addEventListener("click", async () => {
      tools.querySelector("[role=status]").textContent = await quote(button.dataset.quote);
    });
  }
  // The way to another layer, or to other words, leads to the same quotation.
  for (const link of key ? document.querySelectorAll("a[href^='?']") : []) {
    const address = new URL(link.href);
    address.searchParams.set("for", key);
    link.href = address;
  }
}
