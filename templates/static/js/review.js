/* Keys on a page that lists them itself: [data-key] is clicked (links, buttons) or focused (fields). Typing is left
   alone, and so is every key with Ctrl, Alt or Meta; Tab and Escape keep their meaning, so nobody is caught. */
(() => {
  "use strict";
  const typing = (target) => target.closest("input:not([type=checkbox]), textarea, select, [contenteditable]");
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.defaultPrevented) return;
    if (typing(event.target) || document.querySelector("dialog[open]")) return;
    const found = document.querySelector(`[data-key="${CSS.escape(event.key.toLowerCase())}"]`);
    if (!found) return;
    event.preventDefault();
    if (found.matches("a, button, summary")) found.click();
    found.focus();
  });
})();
