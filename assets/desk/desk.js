// Pages of the desk: asks before what can't be undone, and tells the desk that somebody is there.
"use strict";

const AT_MOST_EVERY_MS = 60000;
let toldMs = 0;

makeSender();

function makeSender() {
  window.formcheck = {
    csrf: document.querySelector('meta[name="csrf"]').content,
    // A change at the desk; gives {ok, text}.
    async send(address, fields) {
      try {
        const answer = await fetch(address, {
          method: "POST",
          headers: { "x-csrf-token": window.formcheck.csrf, accept: "application/json" },
          body: new URLSearchParams(fields),
        });
        if (answer.status === 401) location.assign("/login");
        return { ok: answer.ok, text: answer.status === 204 ? "" : (await answer.json()).text };
      } catch {
        return { ok: false, text: "The desk can't be reached. Nothing was changed." };
      }
    },
  };
}

function stillHere() {
  const now = Date.now();
  if (document.body.dataset.account && now - toldMs > AT_MOST_EVERY_MS) {
    toldMs = now;
    window.formcheck.send("/still-here", {});
  }
}

for (const kind of ["pointerdown", "keydown", "touchstart"]) {
  document.addEventListener(kind, stillHere, { passive: true });
}
document.addEventListener("submit", (event) => {
  const question = event.target.dataset.ask;
  if (question && !window.confirm(question)) event.preventDefault();
});
