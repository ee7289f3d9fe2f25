/* Work lists: selection bar with count and sum, J / K / X / Enter, "/" for the search field. */
(() => {
  "use strict";
  const boxes = (form) => [...form.querySelectorAll('tbody td.pick input[type="checkbox"]')];
  const cents = (text) => {
    const [whole, part = ""] = (text || "0").split(".");
    return BigInt(whole) * 100n + BigInt(part.padEnd(2, "0").slice(0, 2));
  };
  const yuan = (total) => {
    const whole = String(total / 100n).replace(/\B(?=(\d{3})+(?!\d))/g, ",");
    return `${whole}.${String(total % 100n).padStart(2, "0")}`;
  };

  const refresh = (form) => {
    const all = boxes(form);
    const chosen = all.filter((box) => box.checked);
    for (const box of all) box.closest("tr").classList.toggle("sel", box.checked);
    const bar = form.querySelector("[data-bulk-bar]");
    bar.classList.toggle("idle", !chosen.length);
    bar.querySelector("[data-bulk-count]").textContent = chosen.length
      ? `已选 ${chosen.length}\u00a0${form.dataset.unit}`
      : "先勾选，再一起办";
    const sum = bar.querySelector("[data-bulk-sum]");
    const counted = chosen.filter((box) => box.dataset.amount);
    if (sum) {
      const total = counted.reduce((before, box) => before + cents(box.dataset.amount), 0n);
      sum.textContent = counted.length ? `合计 ${yuan(total)}\u00a0元` : "";
    }
    bar.querySelector("[data-bulk-clear]").hidden = !chosen.length;
    const every = form.querySelector("[data-pick-all]");
    if (every) {
      every.checked = Boolean(all.length) && chosen.length === all.length;
      every.indeterminate = chosen.length > 0 && chosen.length < all.length;
    }
  };
  const setAll = (form, on) => {
    for (const box of boxes(form)) box.checked = on;
    refresh(form);
  };
  const start = (root) => {
    for (const form of root.querySelectorAll("form[data-bulk]")) refresh(form);
  };

  document.addEventListener("change", (event) => {
    const form = event.target.closest("form[data-bulk]");
    if (!form) return;
    if (event.target.matches("[data-pick-all]")) setAll(form, event.target.checked);
    else refresh(form);
  });
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-bulk-clear]")) setAll(event.target.closest("form"), false);
  });
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.matches("form[data-bulk]") || boxes(form).some((box) => box.checked)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const first = boxes(form)[0];
    form.querySelector("[data-bulk-count]").textContent = "还没有勾选，先勾选要办的";
    first?.focus();
  }, true);

  /* keyboard */
  const rows = () =>
    [...document.querySelectorAll("table[data-keys] tbody tr")].filter((row) => !row.matches(".detail, .result"));
  const move = (by) => {
    const list = rows();
    if (!list.length) return;
    const at = list.findIndex((row) => row.classList.contains("cursor"));
    const next = list[Math.min(Math.max(at + by, 0), list.length - 1)];
    for (const row of list) row.classList.toggle("cursor", row === next);
    (next.querySelector("a.main") || next.querySelector("input"))?.focus({ preventScroll: true });
    next.scrollIntoView({ block: "nearest" });
  };
  const pick = () => {
    const box = document.querySelector("tr.cursor td.pick input");
    if (!box) return;
    box.checked = !box.checked;
    box.dispatchEvent(new Event("change", { bubbles: true }));
  };
  const typing = (element) => element.matches("input:not([type=checkbox]), textarea, select, [contenteditable]");
  const keys = {
    j: () => move(1),
    k: () => move(-1),
    x: pick,
    "/": () => [...document.querySelectorAll("main [data-seek], [data-seek]")].find((i) => i.offsetParent)?.focus(),
  };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
    if (document.querySelector("dialog[open]") || !keys[event.key.toLowerCase()]) return;
    event.preventDefault();
    keys[event.key.toLowerCase()]();
  });
  document.addEventListener("DOMContentLoaded", () => start(document));
  document.addEventListener("htmx:afterSwap", () => start(document));
})();
