/* Forms: one submission per click, a warning before typed data is lost, file sizes, money, autosave's status line. */
(() => {
  "use strict";
  const typed = new WeakSet();
  let leaving = false;

  const working = (form, button) => {
    form.dataset.submitting = "";
    form.setAttribute("aria-busy", "true");
    if (!button || button.dataset.words !== undefined) return;
    button.dataset.words = button.textContent;
    button.setAttribute("aria-disabled", "true");
    if (!button.querySelector("svg")) button.textContent = "正在提交…";
  };
  const ready = (form) => {
    delete form.dataset.submitting;
    form.removeAttribute("aria-busy");
    for (const button of form.querySelectorAll("[data-words]")) {
      if (!button.querySelector("svg")) button.textContent = button.dataset.words;
      button.removeAttribute("aria-disabled");
      delete button.dataset.words;
    }
  };

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post") return;
    if (form.dataset.submitting !== undefined) {
      event.preventDefault();
      return;
    }
    if (tooLarge(form)) {
      event.preventDefault();
      return;
    }
    if (event.submitter?.dataset.download !== undefined) {
      leaving = true;
      setTimeout(() => (leaving = false), 1000);
      return;
    }
    leaving = true;
    if (!form.hasAttribute("hx-post")) setTimeout(() => event.defaultPrevented || working(form, event.submitter), 0);
  });
  window.addEventListener("pageshow", (event) => {
    leaving = false;
    if (event.persisted) for (const form of document.querySelectorAll("form[data-submitting]")) ready(form);
  });

  /* unsaved typing */
  document.addEventListener("input", (event) => {
    const form = event.target.form;
    if (form && form.hasAttribute("data-guard")) typed.add(form);
  });
  window.addEventListener("beforeunload", (event) => {
    if (leaving) return;
    const lost = [...document.querySelectorAll("form[data-guard]")].some((form) => typed.has(form));
    if (lost) event.preventDefault();
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    const form = event.target.closest?.("form[data-guard]");
    leaving = false;
    if (!form) return;
    const place = form.querySelector("[data-autosave]") || document.querySelector("[data-autosave]");
    if (event.detail.successful) typed.delete(form);
    if (place && !event.detail.successful) place.textContent = "没有存上，网络恢复后会再存";
  });

  /* files */
  const note = (input) => input.closest(".pf-file")?.querySelector("[data-file-note]");
  const megabytes = (bytes) => `${(bytes / 1048576).toFixed(1)}\u00a0MB`;
  const oversized = (input) => {
    const limit = Number(input.dataset.maxBytes || 0);
    return limit ? [...input.files].find((file) => file.size > limit) : undefined;
  };
  const judge = (input) => {
    const big = oversized(input);
    const place = note(input);
    input.setAttribute("aria-invalid", String(Boolean(big)));
    if (!place) return big;
    place.dataset.words ??= place.textContent;
    place.classList.toggle("t-bad", Boolean(big));
    place.textContent = big
      ? `${big.name} 有 ${megabytes(big.size)}，超过 ${megabytes(Number(input.dataset.maxBytes))}。怎么办：压缩或分开后重新选择。`
      : place.dataset.words;
    return big;
  };
  const tooLarge = (form) => {
    const bad = [...form.querySelectorAll('input[type="file"]')].find((input) => judge(input));
    bad?.focus();
    return Boolean(bad);
  };

  /* money: separators come back when the field is left */
  const tidyMoney = (input) => {
    const plain = input.value.replace(/[,，\s元]/g, "");
    if (!/^\d+(\.\d{0,2})?$/.test(plain)) return;
    const [whole, cents = ""] = plain.split(".");
    input.value = `${whole.replace(/\B(?=(\d{3})+(?!\d))/g, ",")}.${cents.padEnd(2, "0")}`;
  };
  document.addEventListener("change", (event) => {
    if (event.target.type === "file") judge(event.target);
    if (event.target.matches("[data-money]")) tidyMoney(event.target);
  });
})();
