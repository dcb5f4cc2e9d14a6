// Nothing is asked of another host until the reader asks for it: a click on the facade puts the
// player in its place. With a modifier key, or without this script, it stays a plain link.
for (const figure of document.querySelectorAll("[data-embed]")) {
  const link = figure.querySelector("a.embed__link");
  link?.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    const frame = document.createElement("iframe");
    const title = link.querySelector(".embed__title")?.textContent.trim();
    frame.title = title || link.textContent.trim().replace(/\s+/g, " ");
    frame.allow = "fullscreen; picture-in-picture; encrypted-media";
    frame.referrerPolicy = "strict-origin-when-cross-origin";
    frame.tabIndex = 0;
    frame.src = figure.dataset.embed;
    link.replaceWith(frame);
    frame.focus();
  });
}
