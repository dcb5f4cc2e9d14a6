// A quotation in the editor: its source, and a line that says whether its words are the source's.
import { post, told } from "./desk-requests.js";
import { listen, makeKey } from "./quoting.js";
import { SourceField } from "./source-field.js";

const PAUSE = 400;
const EVENTS = ["input", "keyup", "paste", "drop", "click", "focusout", "change"];

function plain(content) {
  return content.getBlocksAsArray().map((part) => part.getText()).join("\n\n").trim();
}

class WordsLine {
  constructor(block, source, { addresses, words }) {
    this.block = block;
    this.source = source;
    this.addresses = addresses;
    this.words = words;
    this.element = document.createElement("div");
    this.element.className = "quoted-words";
    this.status = document.createElement("div");
    this.status.className = "quoted-words__status";
    this.status.setAttribute("role", "status");
    this.detail = document.createElement("div");
    this.undo = document.createElement("button");
    this.undo.type = "button";
    this.undo.className = "button button-small button-secondary";
    this.undo.dataset.action = "undo";
    this.undo.textContent = words.undo;
    this.undo.hidden = true;
    this.element.append(this.status, this.detail, this.undo);
  }

  get content() {
    return this.block.childBlocks.text.getState().getCurrentContent();
  }

  get text() {
    return plain(this.content);
  }

  get kind() {
    return this.block.childBlocks.kind.getValue();
  }

  get language() {
    return document.querySelector("form [name=language]")?.value || "";
  }

  noticed() {
    const now = `${this.source.number.value} ${this.kind} ${this.text}`;
    if (now === this.seen) return;
    this.seen = now;
    // What was written since the replacement is not to be lost by taking it back.
    if (this.text !== this.replaced) this.undo.hidden = true;
    this.soon();
  }

  soon() {
    clearTimeout(this.timer);
    this.request?.abort();
    this.timer = setTimeout(() => this.check(), PAUSE);
  }

  async check() {
    if (!this.source.number.value || !this.text) {
      this.show("", "");
      return;
    }
    this.request?.abort();
    this.request = new AbortController();
    const { signal } = this.request;
    const values = { text: this.text, language: this.language, kind: this.kind };
    try {
      const found = await post(this.source.address("check"), values, signal);
      if (signal.aborted) return;
      this.found = found;
      this.show(found.status, found.html);
    } catch (error) {
      if (error.name === "AbortError") return;
      this.show("", "");
      this.said = null;
      this.status.textContent = told(error, this.words);
    }
  }

  show(status, detail) {
    // Both rendered, and escaped, by the desk. What is said already is not said again.
    if (this.said !== status) this.status.innerHTML = status;
    this.said = status;
    const hadFocus = this.detail.contains(document.activeElement);
    this.detail.innerHTML = detail;
    if (hadFocus) this.block.childBlocks.text.focus();
  }

  act(action) {
    if (action === "take-source-words") this.replace(this.found.source_words);
    else if (action === "take-marked") this.replace(this.found.marked);
    else if (action === "undo") this.restore();
    else if (action === "explain") this.explain();
    else if (action === "elsewhere") this.search();
  }

  // The change goes onto the editor's own stack, so Ctrl+Z takes it back as well.
  put(content) {
    const state = this.block.childBlocks.text.getState();
    this.block.childBlocks.text.setState(state.constructor.push(state, content, "insert-fragment"));
    this.noticed();
  }

  replace(words) {
    this.former = this.content;
    const blocks = words.split(/\n\s*\n/).map((text, index) =>
      ({ key: `w${index}`, text, type: "unstyled", depth: 0, inlineStyleRanges: [], entityRanges: [], data: {} }));
    const content = window.Draftail.createEditorStateFromRaw({ blocks, entityMap: {} }).getCurrentContent();
    this.replaced = plain(content);
    this.put(content);
    this.undo.hidden = false;
    this.undo.focus();
  }

  // From the text of a source, in another tab.
  async take({ source, words, isMore }) {
    if (this.source.number.value !== String(source)) await this.source.choose(source);
    this.replace(isMore && this.text ? `${this.text} […] ${words}` : words);
  }

  restore() {
    this.put(this.former);
    this.undo.hidden = true;
    this.block.childBlocks.text.focus();
  }

  explain() {
    const reason = this.block.childBlocks.override_reason;
    this.reasonField.hidden = false;
    reason.focus();
  }

  async search() {
    this.list?.remove();
    const list = document.createElement("div");
    this.list = list;
    list.className = "quoted-words__elsewhere";
    list.tabIndex = -1;
    list.setAttribute("role", "group");
    list.setAttribute("aria-label", this.words.foundIn);
    try {
      const { sources } = await post(this.addresses.elsewhere, { text: this.text, language: this.language });
      list.append(sources.length ? `${this.words.foundIn} ` : this.words.nowhere);
      for (const source of sources) {
        const button = document.createElement("button");
        button.type = "button";
        button.className = "button button-small button-secondary";
        button.textContent = source.title;
        button.addEventListener("click", () => this.source.choose(source.pk));
        list.append(button, " ");
      }
    } catch (error) {
      list.append(told(error, this.words));
    }
    if (this.list !== list) return;
    this.detail.append(list);
    list.focus(); // What was found is read out, and its buttons are the next to be reached.
  }
}

function fillEmpty(block, values) {
  for (const [name, value] of Object.entries(values)) {
    const child = block.childBlocks[name];
    if (value && !child.getValue()) child.setState(value);
  }
}

// Draft's field has no name of its own, and a label that is no label of a text box names nothing.
function name(text) {
  const label = text.querySelector("label");
  label.id = label.id || `${label.htmlFor}-label`;
  text.querySelector('[role="textbox"]').setAttribute("aria-labelledby", label.id);
}

function follow(block, settings) {
  const root = block.container[0];
  const number = root.querySelector(`[name="${block.prefix}-source"]`);
  let line = null;
  const source = new SourceField(number, settings, (card, { isNew, hasNews }) => {
    if (card && isNew && !card.is_waiting) fillEmpty(block, card.values);
    if (hasNews) line?.soon();
  });
  line = new WordsLine(block, source, settings);
  const text = root.querySelector('[data-contentpath="text"]');
  text.append(line.element);
  name(text);
  line.reasonField = root.querySelector('[data-contentpath="override_reason"]');
  line.reasonField.hidden = !block.childBlocks.override_reason.getValue();
  const key = makeKey();
  listen(key, (handed) => line.take(handed));
  root.addEventListener("click", (event) => {
    const reads = event.target.closest("a[data-reads]");
    if (reads) {
      const address = new URL(reads.href);
      address.searchParams.set("for", key);
      reads.href = address;
    }
    const { action } = event.target.closest("[data-action]")?.dataset ?? {};
    if (!action || !(line.element.contains(event.target) || source.element.contains(event.target))) return;
    source.act(action);
    line.act(action);
  });
  for (const name of EVENTS) root.addEventListener(name, () => setTimeout(() => line.noticed()));
  // Words put in place of others without a key – dictated, or a spelling taken – cause no event at all in Draft.
  new MutationObserver(() => line.noticed())
    .observe(text, { subtree: true, childList: true, characterData: true });
  setTimeout(() => line.noticed());
}

// Wagtail's scripts read their blocks while the document is parsed, before a module runs: what they made until
// then waits in a list.
export function start() {
  const waiting = window.copydeskQuotations;
  window.copydeskQuotations = { push: ([block, settings]) => follow(block, settings) };
  for (const [block, settings] of waiting ?? []) follow(block, settings);
}

start();
