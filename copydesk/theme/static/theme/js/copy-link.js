// The button is hidden until this script can make it work.
for (const button of document.querySelectorAll("[data-copy-link]")) {
  const status = button.parentElement.querySelector("[role=status]");
  button.hidden = !navigator.clipboard;
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(button.dataset.copyLink);
      status.textContent = button.dataset.copied;
    } catch {
      status.textContent = button.dataset.copyLink;
    }
  });
}
