// Pages are the same for everybody; a member's own menu takes the place of the link to the account.
const link = document.querySelector("[data-member-menu]");
if (link && /(?:^|;\s*)member=/.test(document.cookie)) {
  const asked = new URLSearchParams({ path: location.pathname });
  const answer = await fetch(`${link.dataset.memberMenu}?${asked}`);
  if (answer.ok) {
    link.outerHTML = await answer.text();
  }
}
