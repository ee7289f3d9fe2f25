/* The server's clock, countdowns and the opening. The browser's clock decides nothing: it only carries the server's time
   forward; the server alone says whether it is open. Receipts that wait are asked for again, ever more rarely. */
(() => {
  "use strict";
  const say = (text) => {
    const place = document.getElementById("spoken");
    if (place) place.textContent = text;
  };
  const all = (selector) => document.querySelectorAll(selector);
  const pad = (number) => String(number).padStart(2, "0");

  /* Server time minus our steady clock. Each answer was written before we got it, so it gives a lower bound: the largest
     of them is the nearest, and never early. */
  const entry = performance.getEntriesByType("navigation")[0];
  const started = entry && entry.responseStart > 0 ? entry.responseStart : performance.now();
  const first = document.querySelector("[data-server-now]");
  let offset = first ? Date.parse(first.dataset.serverNow) - started : null;
  const serverNow = () => offset + performance.now();
  const heard = (server, got) => {
    offset = offset === null ? server - got : Math.max(offset, server - got);
  };

  /* asking the server: while a countdown needs it, after sleep, and once shortly before the opening */
  let asking = false;
  const sync = async () => {
    const place = document.querySelector("[data-sync]");
    if (!place || asking || document.hidden) return;
    asking = true;
    try {
      const answer = await fetch(place.dataset.sync, { cache: "no-store", credentials: "omit" });
      const { now } = await answer.json();
      heard(Date.parse(now), performance.now());
    } catch {
      /* no network: the steady clock goes on, the next round asks again */
    } finally {
      asking = false;
    }
  };
  const again = () => {
    sync();
    setTimeout(again, 240e3 + Math.random() * 120e3);
  };

  /* A computer that slept, or a clock that was set: both clocks no longer agree. */
  let drift = Date.now() - performance.now();
  const woke = () => {
    const now = Date.now() - performance.now();
    const jumped = Math.abs(now - drift) > 1500;
    drift = now;
    return jumped;
  };

  const shanghai = (time) => new Date(time + 8 * 3600e3);
  const written = (time) => {
    const d = shanghai(time);
    return (
      `${d.getUTCFullYear()}-${pad(d.getUTCMonth() + 1)}-${pad(d.getUTCDate())} ` +
      `${pad(d.getUTCHours())}:${pad(d.getUTCMinutes())}:${pad(d.getUTCSeconds())}`
    );
  };
  const left = (milliseconds) => {
    const seconds = Math.ceil(milliseconds / 1000);
    const days = Math.floor(seconds / 86400);
    const clock = `${pad(Math.floor((seconds % 86400) / 3600))}:${pad(Math.floor((seconds % 3600) / 60))}:${pad(seconds % 60)}`;
    return days ? `${days}\u00a0天 ${clock}` : clock;
  };

  /* before → open → closed, without a reload */
  const phases = (element, now) => {
    if (now >= Date.parse(element.dataset.to)) return "closed";
    return now >= Date.parse(element.dataset.from) ? "open" : "before";
  };
  const words = { open: "已经开放，现在可以提交", closed: "已经截止" };
  const MARKS = [[600, "10 分钟"], [300, "5 分钟"], [60, "1 分钟"], [30, "30 秒"], [10, "10 秒"]];
  const announce = (element, now) => {
    const rest = (Date.parse(element.dataset.from) - now) / 1000;
    const mark = MARKS.findLast(([seconds]) => rest > 0 && rest <= seconds && rest > seconds - 5);
    if (!mark || element.dataset.said === mark[1]) return;
    element.dataset.said = mark[1];
    say(`离开放还有 ${mark[1]}`);
    if (mark[0] === 60) setTimeout(sync, Math.random() * 20e3);
  };
  const open = (element, now) => {
    const phase = phases(element, now);
    if (phase === "before") announce(element, now);
    if (phase === element.dataset.phase || element.dataset.phase === "closed") return;
    element.dataset.phase = phase;
    for (const part of element.querySelectorAll("[data-when]")) part.hidden = !part.dataset.when.split(" ").includes(phase);
    for (const button of element.querySelectorAll("[data-press]")) button.disabled = phase !== "open";
    if (words[phase]) say(words[phase]);
  };

  const tick = () => {
    if (woke()) sync();
    if (offset === null) return;
    const now = serverNow();
    for (const clock of all("[data-clock]")) clock.textContent = written(now);
    for (const timer of all("[data-until]")) {
      const rest = Date.parse(timer.dataset.until) - now;
      timer.textContent = rest > 0 ? left(rest) : timer.dataset.over;
      timer.classList.toggle("over", rest <= 0);
    }
    for (const element of all("[data-opening]")) open(element, now);
  };

  const wake = () => {
    for (const receipt of all("[data-polls]")) receipt.dispatchEvent(new Event("wake"));
  };

  /* the press: no answer does not mean not arrived; pressing again gives the same receipt */
  const failed = (shown) => (event) => {
    if (shown && event.target.matches?.("[data-polls]")) setTimeout(wake, 20e3);
    if (!event.target.closest?.("[data-pressing]")) return;
    for (const place of all("[data-press-failed]")) place.hidden = !shown;
  };
  for (const name of ["htmx:sendError", "htmx:timeout", "htmx:responseError"]) document.addEventListener(name, failed(true));
  document.addEventListener("htmx:beforeRequest", failed(false));

  /* receipts: not asked for in a hidden tab; a change of state is read out once */
  let state;
  document.addEventListener("htmx:beforeRequest", (event) => {
    if (event.target.matches?.("[data-polls]")) {
      state = event.target.dataset.polls;
      if (document.hidden) event.preventDefault();
    }
  });
  document.addEventListener("htmx:afterSettle", (event) => {
    const receipt = document.getElementById("receipt");
    if (receipt && state !== undefined && receipt.dataset.state !== state) say(receipt.dataset.state);
    state = undefined;
    if (event.target.closest?.("[data-answer]")) document.querySelector("[data-answer] [data-focus-now]")?.focus();
  });
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) return;
    sync();
    wake();
  });
  window.addEventListener("pageshow", (event) => event.persisted && sync());
  window.addEventListener("online", sync);
  document.addEventListener("DOMContentLoaded", () => {
    tick();
    setInterval(tick, document.querySelector("[data-opening]") ? 200 : 1000);
    again();
  });
})();
