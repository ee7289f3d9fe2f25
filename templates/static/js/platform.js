/* Shell: menu on phones, dialogs, copying, printing. No inline code anywhere. */
(() => {
  "use strict";
  const say = (text) => {
    const place = document.getElementById("spoken");
    if (place) place.textContent = text;
  };

  const openDialog = (id) => {
    const dialog = document.getElementById(id);
    if (dialog && !dialog.open) dialog.showModal();
  };
  const toggleMenu = (button, open) => {
    const menu = document.getElementById(button.dataset.menu);
    menu.classList.toggle("open", open);
    button.setAttribute("aria-expanded", String(menu.classList.contains("open")));
  };
  const copy = async (button) => {
    const words = button.textContent;
    await navigator.clipboard.writeText(button.dataset.copy);
    button.textContent = "已复制";
    say("已复制");
    setTimeout(() => (button.textContent = words), 2000);
  };
  const actions = { print: () => window.print(), back: () => history.back() };

  document.addEventListener("click", (event) => {
    const hit = (selector) => event.target.closest(selector);
    const menu = hit("[data-menu]");
    const opener = hit("[data-dialog-open]");
    const copier = hit("[data-copy]");
    const action = hit("button[data-action]");
    if (menu) toggleMenu(menu);
    else if (opener) openDialog(opener.dataset.dialogOpen);
    else if (hit("[data-dialog-close]")) hit("dialog").close();
    else if (copier) copy(copier).catch(() => say("浏览器不让复制，请手工选取"));
    else if (action && actions[action.dataset.action]) actions[action.dataset.action]();
    else if (event.target instanceof HTMLDialogElement) event.target.close();
    for (const details of document.querySelectorAll("details.pf-me[open]")) {
      if (!details.contains(event.target)) details.open = false;
    }
  });
  document.addEventListener("change", (event) => {
    if (event.target.dataset.action === "submit") event.target.form.requestSubmit();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const details of document.querySelectorAll("details.pf-me[open]")) details.open = false;
    for (const button of document.querySelectorAll('[data-menu][aria-expanded="true"]')) {
      toggleMenu(button, false);
      button.focus();
    }
  });
  /* a part of the page that was not answered; the press at the opening says more (clock.js) */
  const unanswered = (shown) => (event) => {
    const form = event.target.closest?.("form");
    if (form && !form.matches("[data-pressing]")) document.getElementById("unanswered").hidden = !shown;
  };
  for (const name of ["htmx:sendError", "htmx:timeout", "htmx:responseError"]) document.addEventListener(name, unanswered(true));
  document.addEventListener("htmx:beforeRequest", unanswered(false));
  document.addEventListener("DOMContentLoaded", () => {
    document.querySelector("dialog[data-open-now]")?.showModal();
    document.querySelector("[data-focus-now]")?.focus();
    const step = document.querySelector(".pf-stepper .now");
    if (step) step.parentElement.scrollLeft = step.offsetLeft - step.parentElement.offsetLeft - 16;
  });
})();
