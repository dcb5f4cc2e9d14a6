// The source of a quotation: one field that takes an address or words of a title, and a card of what was chosen.
// A combobox with a listbox, as the ARIA Authoring Practices have it.
import { get, post, told } from "./desk-requests.js";

const TYPING = 250;
// Most sources are there within a second; who waits longer is asked for less often.
const SOON = 3_000;
const ASKING_SOON = 200;
const ASKING_LATER = 700;
const LONGEST_WAIT = 90_000;
const WHOLE = new Set(["insertFromPaste", "insertFromDrop"]);
const ADDRESS = /^(https?:\/\/|www\.)\S+$/i;

let count = 0;

function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

export class SourceField {
  constructor(number, { addresses, words }, onChange) {
    this.number = number;
    this.addresses = addresses;
    this.words = words;
    this.onChange = onChange;
    this.options = [];
    this.active = -1;
    this.turn = 0;
    this.search = 0;
    this.build();
    if (number.value) this.show(number.value);
  }

  build() {
    count += 1;
    const list = `quoted-source-list-${count}`;
    this.input = element("input", {
      type: "text", role: "combobox", autocomplete: "off", "aria-autocomplete": "list", "aria-expanded": "false",
      "aria-controls": list, placeholder: this.words.placeholder, "aria-label": this.words.label,
    });
    this.list = element("ul", { id: list, role: "listbox", class: "quoted-source__list", "aria-label": this.words.found });
    this.list.hidden = true;
    this.card = element("div", { class: "quoted-source__card" });
    this.message = element("p", { class: "quoted-source__message", role: "status" });
    this.file = element("input", { type: "file", accept: ".pdf,.txt,.html,.htm", "aria-label": this.words.file });
    this.file.hidden = true;
    this.paste = element("div", { class: "quoted-source__paste" });
    this.paste.hidden = true;
    this.pasted = element("textarea", { rows: "6", "aria-label": this.words.text });
    const keep = element("button", { type: "button", class: "button button-small", "data-action": "supply" }, this.words.keepText);
    this.paste.append(this.pasted, keep);
    this.clear = element("button", { type: "button", class: "button button-small button-secondary", "data-action": "clear" }, this.words.clear);
    this.clear.hidden = true;
    this.offline = element("a", { href: this.addresses.new, target: "_blank" }, this.words.offline);
    this.element = element("div", { class: "quoted-source" }, this.input, this.list, this.message, this.offline, this.card, this.clear, this.paste, this.file);
    this.number.hidden = true;
    this.number.type = "hidden";
    this.number.after(this.element);
    this.input.addEventListener("input", (event) => this.typed(event.inputType));
    this.input.addEventListener("keydown", (event) => this.pressed(event));
    this.input.addEventListener("blur", () => this.close());
    this.list.addEventListener("mousedown", (event) => event.preventDefault());
    this.list.addEventListener("click", (event) => {
      const option = event.target.closest("[role=option]");
      if (option) this.choose(this.options[Number(option.dataset.index)].pk);
    });
    this.file.addEventListener("change", () => {
      const [file] = this.file.files;
      if (file) this.send("upload", { file });
      this.file.value = ""; // The same file may be chosen again.
    });
  }

  // An address that is typed is whole when Enter says so: a pause in it must not make a source of its beginning.
  typed(how) {
    clearTimeout(this.timer);
    const value = this.input.value.trim();
    if (ADDRESS.test(value) && WHOLE.has(how)) {
      this.close();
      this.add(value);
    } else {
      this.close();
      if (value.length > 1) this.timer = setTimeout(() => this.find(value), TYPING);
    }
  }

  // An answer that comes after the list was closed, or the field left, does not open it again.
  async find(value) {
    const { search } = this;
    try {
      const { sources, message } = await get(`${this.addresses.find}?q=${encodeURIComponent(value)}`);
      if (search === this.search) this.offer(sources, message);
    } catch (error) {
      if (search === this.search) this.say(told(error, this.words));
    }
  }

  offer(sources, message) {
    this.options = sources;
    this.list.replaceChildren(...sources.map((source, index) =>
      element("li", { role: "option", id: `${this.list.id}-${index}`, "data-index": index, "aria-selected": "false" },
        element("span", {}, source.title), element("small", {}, source.publisher))));
    this.list.hidden = sources.length === 0;
    this.input.setAttribute("aria-expanded", String(sources.length > 0));
    const none = ADDRESS.test(this.input.value.trim()) ? this.words.enter : this.words.none;
    this.say(sources.length ? message : none);
    this.mark(-1);
  }

  close() {
    this.search += 1;
    this.list.hidden = true;
    this.input.setAttribute("aria-expanded", "false");
    this.mark(-1);
  }

  mark(index) {
    this.active = index;
    [...this.list.children].forEach((option, at) => option.setAttribute("aria-selected", String(at === index)));
    const option = this.list.children[index];
    if (option) this.input.setAttribute("aria-activedescendant", option.id);
    else this.input.removeAttribute("aria-activedescendant");
    option?.scrollIntoView({ block: "nearest" });
  }

  pressed(event) {
    const value = this.input.value.trim();
    if (event.key === "Enter") {
      event.preventDefault(); // It would save the page.
      if (this.active >= 0) this.choose(this.options[this.active].pk);
      else if (ADDRESS.test(value)) this.add(value);
    } else if (!this.list.hidden) {
      this.move(event);
    } else if (event.key === "ArrowDown" && value.length > 1) {
      event.preventDefault();
      this.find(value);
    }
  }

  // Home and End belong to the text until one of the list is marked.
  move(event) {
    const last = this.options.length - 1;
    const to = {
      ArrowDown: this.active >= last ? 0 : this.active + 1,
      ArrowUp: this.active <= 0 ? last : this.active - 1,
      ...(this.active >= 0 && { Home: 0, End: last }),
    }[event.key];
    if (event.key === "Escape") {
      event.stopPropagation();
      this.close();
      this.say("");
    } else if (to !== undefined) {
      event.preventDefault();
      this.mark(to);
    }
  }

  // Only the last thing asked for counts: an answer that comes after it, or after the source was dropped, is let go.
  async ask(request, isNew) {
    this.turn += 1;
    const { turn } = this;
    this.since = Date.now();
    try {
      const card = await request;
      if (turn !== this.turn) return false;
      if (isNew) this.input.value = "";
      this.say("");
      this.take(card, isNew);
      return true;
    } catch (error) {
      if (turn !== this.turn) return false;
      this.say(told(error, this.words));
      if (this.waiting) this.askAgain(...this.waiting);
      return false;
    }
  }

  add(url) {
    clearTimeout(this.timer);
    this.say(this.words.adding);
    return this.ask(post(this.addresses.add, { url }), true);
  }

  choose(pk) {
    this.close();
    return this.show(pk, true);
  }

  show(pk, isNew = false) {
    return this.ask(get(this.address("card", pk)), isNew);
  }

  async send(name, values) {
    if (!(await this.ask(post(this.address(name), values), false)) || this.paste.hidden) return;
    const hadFocus = this.paste.contains(document.activeElement);
    this.paste.hidden = true;
    if (hadFocus) this.clear.focus();
  }

  address(name, pk = this.number.value) {
    return this.addresses[name].replace("/0/", `/${pk}/`);
  }

  take(card, isNew) {
    if (this.number.value !== String(card.pk)) this.bind(card.pk);
    this.clear.hidden = false;
    this.offline.hidden = true;
    this.draw(card.html);
    const hasNews = card.snapshot !== this.snapshot;
    this.snapshot = card.snapshot;
    this.onChange(card, { isNew, hasNews });
    this.waiting = card.is_waiting ? [card.pk, isNew] : null;
    if (this.waiting) this.askAgain(card.pk, isNew);
  }

  // What is the same is left alone: somebody may be on their way through its links.
  draw(html) {
    if (html === this.drawn) return;
    const hadFocus = this.card.contains(document.activeElement);
    this.card.innerHTML = html; // Rendered, and escaped, by the desk.
    this.drawn = html;
    if (hadFocus) this.clear.focus(); // The button that was pressed is gone; without this the page's top had it.
  }

  askAgain(pk, isNew) {
    const { turn } = this;
    const waited = Date.now() - this.since;
    if (waited > LONGEST_WAIT) return;
    setTimeout(async () => {
      if (turn !== this.turn || !this.element.isConnected) return;
      try {
        const next = await get(this.address("card", pk));
        if (turn !== this.turn) return;
        if (this.message.textContent === this.words.unanswered) this.say("");
        this.take(next, isNew);
      } catch (error) {
        if (turn !== this.turn) return;
        this.say(told(error, this.words));
        this.askAgain(pk, isNew);
      }
    }, waited < SOON ? ASKING_SOON : ASKING_LATER);
  }

  act(action) {
    if (action === "show-paste") {
      this.paste.hidden = false;
      this.pasted.focus();
    } else if (action === "supply") this.send("supply", { text: this.pasted.value });
    else if (action === "choose-file") this.file.click();
    else if (action === "again") this.send("again", {});
    else if (action === "clear") this.drop();
  }

  drop() {
    this.turn += 1;
    this.waiting = null;
    this.bind("");
    this.snapshot = undefined;
    this.draw("");
    this.clear.hidden = true;
    this.offline.hidden = false;
    this.paste.hidden = true;
    this.say("");
    this.onChange(null, { isNew: false, hasNews: true });
    this.input.focus();
  }

  // The page is changed by it: Wagtail's own scripts are to know.
  bind(value) {
    this.number.value = value;
    this.number.dispatchEvent(new Event("change", { bubbles: true }));
  }

  say(words) {
    this.message.textContent = words;
  }
}
