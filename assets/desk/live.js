// The live page: a tile a station, filled by server-sent events. Whatever a station says is set as text, never as HTML.
"use strict";

const BONES = [
  [11, 12], [11, 23], [12, 24], [23, 24], [11, 13], [13, 15], [12, 14], [14, 16],
  [23, 25], [25, 27], [24, 26], [26, 28], [27, 31], [28, 32], [27, 29], [28, 30],
];
const LEFT = new Set([11, 13, 15, 23, 25, 27, 29, 31]);
const TRACE_S = 20;
const FEW = 2;
const STALE_MS = 3000;
const SILENT_MS = 12000;
const COLOURS = { near: "#ffffff", far: "#a8b6c8", back: "#8cc6ff", warn: "#ffb266", line: "#5b6f8e" };

const tiles = new Map();
const root = document.getElementById("tiles");
const link = document.getElementById("link");
let areMany = false;
let heardMs = Date.now();
let sound = null;

function told(text) { link.textContent = text; }

function tileOf(id) {
  if (tiles.has(id)) return tiles.get(id);
  const node = document.getElementById("tile").content.firstElementChild.cloneNode(true);
  const tile = { id, node, trace: [], station: null, frameMs: 0, isAlarmed: false, find: (name) => node.querySelector(name) };
  for (const button of node.querySelectorAll("[data-step]")) {
    button.addEventListener("click", () => command(tile, "steer", { to: button.dataset.step }));
  }
  for (const button of node.querySelectorAll("[data-quick]")) {
    button.addEventListener("click", () => quick(tile, button.dataset.quick));
  }
  tile.find(".say").addEventListener("submit", (event) => {
    event.preventDefault();
    const input = tile.find(".say input");
    command(tile, "say", { line: input.value }).then((ok) => { if (ok) input.value = ""; });
  });
  const set = () => (tile.station ? tile.station.set_id : "");
  const asked = (form, what, fields) => {
    const node = tile.find(form);
    if (!node) return;
    node.addEventListener("submit", (event) => {
      event.preventDefault();
      const why = node.querySelector(".why");
      const given = why ? { set: set(), why: why.value } : { set: set() };
      command(tile, what, { ...given, ...fields(node) }).then((ok) => {
        if (ok && why) why.value = "";
        if (ok) delete tile.find(".rep").dataset.pinned;
      });
    });
  };
  asked(".amend", "correct", (node) => ({
    rep: tile.find(".rep").value, choice: tile.find(".choice").value, side: node.querySelector(".side select").value,
  }));
  asked(".cue", "say", (node) => ({ cue: node.querySelector("select").value }));
  asked(".assign", "assign", (node) => ({ person: node.querySelector("select").value }));
  const whose = tile.find(".ask-whose");
  if (whose) whose.addEventListener("click", () => askWhose(tile, whose));
  asked(".dose", "dose", (node) => ({ reps: node.querySelector("input").value }));
  asked(".threshold", "threshold", (node) => ({
    setting: node.querySelector("select").value, value: node.querySelector(".value").value,
  }));
  tile.find(".rep").addEventListener("change", () => showChoices(tile));
  tile.find(".amend").addEventListener("focusin", () => { tile.find(".rep").dataset.pinned = "yes"; });
  tile.find(".threshold select").addEventListener("change", () => showRange(tile));
  tile.find(".correcting").hidden = tile.find(".changing").hidden = root.dataset.correct !== "yes";
  tile.find("details").open = !areMany; // of many stations all are to be seen at once
  tiles.set(id, tile);
  root.append(node);
  return tile;
}

async function command(tile, what, fields) {
  const answer = await window.formcheck.send(`/live/${encodeURIComponent(tile.id)}/${what}`, fields);
  tile.find(".answer").textContent = (answer.ok ? "✓ " : "⚠ ") + answer.text;
  return answer.ok;
}

async function askWhose(tile, button) {
  const form = tile.find(".assign");
  form.hidden = !form.hidden;
  button.setAttribute("aria-expanded", String(!form.hidden));
  if (form.hidden) return;
  const answer = await fetch("/live/people", { headers: { accept: "application/json" } });
  const found = answer.ok ? await answer.json() : { people: [], text: "The patients can't be shown now." };
  tile.find(".answer").textContent = found.text;
  setOptions(form.querySelector("select"), [["", "nobody's"], ...found.people]);
  form.querySelector("select").focus();
}

function quick(tile, what) {
  const reps = tile.station ? tile.station.reps : [];
  const last = (test) => [...reps].reverse().find(test);
  const set = tile.station ? tile.station.set_id : "";
  if (what === "plus") {
    command(tile, "correct", { set, rep: "new", choice: "not-judged", why: "" });
    return;
  }
  const rep = what === "minus" ? last((r) => r.verdict) : last((r) => r.told !== r.now);
  const choice = { minus: "no-count", undo: "as-told" }[what];
  if (rep) command(tile, "correct", { set, rep: rep.index, choice, why: "" });
  else tile.find(".answer").textContent = "There is no such repetition.";
}

function setOptions(select, pairs) {
  const key = JSON.stringify(pairs);
  if (select.dataset.key === key) return;
  const chosen = select.value;
  select.dataset.key = key;
  select.replaceChildren(...pairs.map(([value, text]) => new Option(text, value)));
  if (pairs.some(([value]) => String(value) === chosen)) select.value = chosen;
}

function nameOf(rep) { return rep.index > 0 ? `${rep.index}` : `+${-rep.index}`; }

// The newest repetition is the one that is meant, until somebody begins to fill in the form: then it stays what it is.
function showReps(tile, station) {
  const select = tile.find(".rep");
  if (select.dataset.of !== station.set_id) { select.dataset.of = station.set_id; delete select.dataset.pinned; }
  setOptions(select, [...[...station.reps].reverse().map((r) => [r.index, nameOf(r)]), ["new", "one more that was not counted"]]);
  if (!select.dataset.pinned) select.selectedIndex = 0;
}

function showChoices(tile) {
  const isNew = tile.find(".rep").value === "new";
  setOptions(tile.find(".choice"), Object.entries(isNew ? tile.station.added : tile.station.choices));
  tile.find(".side").hidden = !isNew || !tile.station.has_sides;
}

function showRange(tile) {
  const chosen = tile.station.settings.find((each) => each.name === tile.find(".threshold select").value);
  const box = tile.find(".threshold .value"), text = tile.find(".range");
  if (!chosen) { text.textContent = ""; return; }
  text.textContent = `Now ${chosen.now} ${chosen.unit}; allowed ${chosen.low} to ${chosen.high}, usually ${chosen.default}. From the next repetition on. ${chosen.about}`;
  if (box.dataset.of !== chosen.name) {
    box.dataset.of = chosen.name;
    box.value = chosen.now;
  }
}

function showChanging(tile, station) {
  const isOn = station.is_online && station.set_id && !station.is_over;
  setOptions(tile.find(".cue select"), Object.entries(station.cues));
  setOptions(tile.find(".threshold select"), station.settings.map((each) => [each.name, each.name.replaceAll("_", " ")]));
  showRange(tile);
  const dose = tile.find(".dose input");
  if (dose.dataset.of !== `${station.set_id} ${station.asked}`) {
    dose.dataset.of = `${station.set_id} ${station.asked}`;
    dose.value = station.asked || "";
  }
  for (const form of [".dose", ".threshold"]) tile.find(form).hidden = !isOn;
  const offers = tile.find(".offers"), key = JSON.stringify(station.offers);
  if (offers.dataset.key === key) return;
  offers.dataset.key = key;
  offers.replaceChildren(...station.offers.map((text, at) => {
    const item = document.createElement("li"), button = document.createElement("button");
    item.textContent = `Proposed: ${text} `;
    button.textContent = "Accept";
    button.addEventListener("click", () => command(tile, "accept", { offer: at }));
    item.append(button);
    return item;
  }));
}

function whoseText(station) {
  if (!station.session_id && !station.person) return "No session yet";
  if (!station.is_kept) return "Shown only: nothing of this session is kept";
  return station.person ? `Patient ${station.person}` : "Nobody's session";
}

const STAGES = {
  countdown: "about to begin", setup: "setting up", waiting: "waiting for the start pose",
  working: "working", paused: "paused", done: "done",
};

function showStation(station) {
  const tile = tileOf(station.id);
  tile.station = station;
  tile.find(".name").textContent = station.name || station.id;
  tile.find(".state").textContent = station.is_online ? STAGES[station.stage] + (station.is_held ? " (held)" : "") : "⌁ away; it goes on by itself";
  tile.node.classList.toggle("away", !station.is_online);
  tile.find(".exercise").textContent = station.title ? station.title + (station.is_over ? " (this set is over)" : "") : "No set goes on";
  tile.find(".whose").textContent = whoseText(station);
  alarm(tile, station);
  showReps(tile, station);
  showChoices(tile);
  showChanging(tile, station);
  for (const button of tile.node.querySelectorAll(".steer button, .say button, .cue button")) button.disabled = !station.is_online;
  tile.find(".reps").replaceChildren(...[...station.reps].reverse().map((rep) => {
    const item = document.createElement("li");
    if (rep.index > 0) item.value = rep.index;
    else item.className = "added";
    const side = rep.side ? ` (${rep.side})` : "";
    item.textContent = (rep.index < 0 ? `${nameOf(rep)}: ` : "") + (rep.told === rep.now ? `${rep.now}${side}` : `${rep.now}${side} ✎ the coach told: ${rep.told}${rep.why ? `; ${rep.why}` : ""}`);
    item.classList.toggle("amended", rep.told !== rep.now);
    return item;
  }));
  if (tile.frame) showFrame(tile, tile.frame);
  document.getElementById("empty").hidden = tiles.size > 0;
}

function alarm(tile, station) {
  const box = tile.find(".alarm");
  const text = station.hurts ? "⚠ The patient says that it hurts" : station.has_left ? "⚠ The patient has left the picture" : "";
  if (box.textContent !== text) box.textContent = text;
  box.hidden = !text;
  tile.node.classList.toggle("alarmed", Boolean(text));
  if (text && !tile.isAlarmed) beep();
  tile.isAlarmed = Boolean(text);
}

function beep() {
  try {
    if (!sound || sound.state !== "running") return;
    const tone = sound.createOscillator(), gain = sound.createGain();
    tone.frequency.value = 880;
    gain.gain.value = 0.15;
    tone.connect(gain).connect(sound.destination);
    tone.start();
    tone.stop(sound.currentTime + 0.5);
  } catch { /* no sound here: the tile says it in words */ }
}

function showFrame(tile, frame) {
  tile.frame = frame;
  const isAmended = tile.station !== null && tile.station.reps.some((rep) => rep.told !== rep.now);
  const counts = isAmended ? tile.station.counts : frame;
  tile.find(".count b").textContent = counts.reps;
  tile.find(".count span").textContent = (frame.target ? ` of ${frame.target}` : "") + (counts.reps !== frame.reps ? ` (coach: ${frame.reps})` : "") + (frame.side ? ` · ${frame.side}` : "");
  tile.find(".verdicts").textContent = verdictsText(counts);
  tile.find(".told").textContent = isAmended ? `✎ the coach told: ${verdictsText(frame)}` : "";
  tile.find(".hold").textContent = frame.hold_target_s ? `Hold ${frame.hold_s.toFixed(0)} of ${frame.hold_target_s.toFixed(0)} s` : "";
  const words = tile.station ? tile.station.fault_words : {};
  tile.find(".faults").textContent = frame.faults.length ? "✗ " + frame.faults.map((name) => words[name] || name).join(", ") : "";
  tile.find(".unseen").textContent = frame.unseen ? `Not seen: ${frame.unseen}` : "";
  tile.find(".rate").textContent = `${frame.fps.toFixed(0)} poses/s`;
  tile.find(".back").textContent = backText(frame.back);
}

function verdictsText(counts) {
  return `✓ ${counts.clean} clean · ✗ ${counts.faulty} with a fault · ? ${counts.not_judged} not judged`;
}

function backText(back) {
  if (!back || back.value === null) return "Low back: not known";
  const unit = back.arch_limit + back.round_limit < 2 && (back.arch_limit || back.round_limit) ? "" : "°";
  const limits = [];
  if (back.arch_limit) limits.push(`arch limit ${back.arch_limit.toFixed(unit ? 0 : 2)}${unit}`);
  if (back.round_limit) limits.push(`round limit −${back.round_limit.toFixed(unit ? 0 : 2)}${unit}`);
  const doubt = back.spread === null ? "" : ` ± ${back.spread.toFixed(unit ? 0 : 2)}${unit}`;
  const verdict = { good: "✓ good", open: "at rest", unsure: "? not sure", fault: "✗ beyond the limit", unknown: "not known" }[back.verdict];
  return `Low back ${back.value >= 0 ? "+" : "−"}${Math.abs(back.value).toFixed(unit ? 0 : 2)}${unit}${doubt}: ${verdict}${limits.length ? ` (${limits.join(", ")})` : ""}`;
}

function takeFrame(data) {
  const tile = tileOf(data.id), frame = data.frame;
  const old = tile.frame;
  if (!old || old.set_id !== frame.set_id || frame.t_s < old.t_s) tile.trace = [];
  tile.frameMs = Date.now();
  tile.trace.push([frame.t_s, frame.back ? frame.back.value : null, frame.back ? frame.back.spread : null]);
  while (tile.trace.length && frame.t_s - tile.trace[0][0] > TRACE_S) tile.trace.shift();
  showFrame(tile, frame);
  if (!tile.isWaiting) {
    tile.isWaiting = true;
    requestAnimationFrame(() => { tile.isWaiting = false; draw(tile); drawTrace(tile); });
  }
}

function draw(tile) {
  const canvas = tile.find("canvas"), frame = tile.frame, pen = canvas.getContext("2d");
  const scale = Math.min(canvas.width / frame.width, canvas.height / frame.height);
  const dx = (canvas.width - frame.width * scale) / 2, dy = (canvas.height - frame.height * scale) / 2;
  const at = (i, list) => [dx + list[2 * i] * scale, dy + list[2 * i + 1] * scale];
  pen.clearRect(0, 0, canvas.width, canvas.height);
  pen.lineCap = "round";
  for (const [a, b] of BONES) {
    if (frame.evidence[a] === "0" || frame.evidence[b] === "0") continue;
    const isSure = frame.evidence[a] === "2" && frame.evidence[b] === "2";
    pen.strokeStyle = LEFT.has(a) && LEFT.has(b) ? COLOURS.near : COLOURS.far;
    pen.setLineDash(isSure ? [] : [4, 8]);
    pen.lineWidth = 5;
    pen.beginPath();
    pen.moveTo(...at(a, frame.xy));
    pen.lineTo(...at(b, frame.xy));
    pen.stroke();
  }
  pen.setLineDash([]);
  if (frame.evidence[0] !== "0") {
    const [x, y] = at(0, frame.xy);
    pen.strokeStyle = COLOURS.near;
    pen.lineWidth = 4;
    pen.beginPath();
    pen.arc(x, y, 12, 0, 2 * Math.PI);
    pen.stroke();
  }
  if (frame.back) drawBack(pen, frame.back, at);
}

function drawBack(pen, back, at) {
  pen.strokeStyle = back.verdict === "fault" ? COLOURS.warn : COLOURS.back;
  pen.lineWidth = 7;
  pen.setLineDash(back.verdict === "fault" ? [14, 8] : []);
  pen.beginPath();
  let isDown = false;
  for (let i = 0; 2 * i + 1 < back.xy.length; i++) {
    if (back.xy[2 * i] === null || back.xy[2 * i + 1] === null) { isDown = false; continue; }
    const [x, y] = at(i, back.xy);
    if (isDown) pen.lineTo(x, y); else pen.moveTo(x, y);
    isDown = true;
  }
  pen.stroke();
  pen.setLineDash([]);
}

function drawTrace(tile) {
  const canvas = tile.find(".trace"), pen = canvas.getContext("2d"), back = tile.frame.back || {};
  const w = canvas.width, h = canvas.height, now = tile.frame.t_s;
  pen.clearRect(0, 0, w, h);
  const known = tile.trace.filter((p) => p[1] !== null);
  const reach = Math.max(1e-6, 1.3 * (back.arch_limit || 0), 1.3 * (back.round_limit || 0), ...known.map((p) => Math.abs(p[1]) + (p[2] || 0)));
  const y = (value) => h / 2 - (value / reach) * (h / 2 - 6);
  const x = (t) => w - ((now - t) / TRACE_S) * w;
  const level = (value, dash) => {
    pen.setLineDash(dash);
    pen.beginPath();
    pen.moveTo(0, y(value));
    pen.lineTo(w, y(value));
    pen.stroke();
    pen.setLineDash([]);
  };
  pen.lineWidth = 1.5;
  pen.strokeStyle = COLOURS.line;
  level(0, []);
  pen.strokeStyle = COLOURS.warn;
  if (back.arch_limit) level(back.arch_limit, [8, 6]);
  if (back.round_limit) level(-back.round_limit, [8, 6]);
  pen.fillStyle = "rgba(140, 198, 255, 0.25)";
  for (const [t, value, spread] of known) {
    if (spread !== null) pen.fillRect(x(t) - 2, y(value + spread), 4, y(value - spread) - y(value + spread));
  }
  pen.strokeStyle = COLOURS.back;
  pen.lineWidth = 3;
  pen.beginPath();
  let isDown = false;
  for (const [t, value] of tile.trace) {
    if (value === null) { isDown = false; continue; }
    if (isDown) pen.lineTo(x(t), y(value)); else pen.moveTo(x(t), y(value));
    isDown = true;
  }
  pen.stroke();
}

// Browsers let a page sound only after somebody has touched it.
for (const kind of ["pointerdown", "keydown"]) {
  document.addEventListener(kind, () => {
    sound = sound || new AudioContext();
    if (sound.state === "suspended") sound.resume();
  });
}

const stream = new EventSource("/live/events");
function on(kind, take) {
  stream.addEventListener(kind, (event) => {
    heardMs = Date.now();
    take(JSON.parse(event.data));
  });
}
on("stations", (stations) => {
  told("Connected to the desk.");
  for (const id of [...tiles.keys()]) if (!stations.some((s) => s.id === id)) drop(id);
  areMany = stations.length > FEW;
  stations.forEach(showStation);
  document.getElementById("empty").hidden = stations.length > 0;
});
on("station", showStation);
on("frame", takeFrame);
on("cue", () => {});
on("beat", () => told("Connected to the desk."));
on("gone", (data) => drop(data.id));
on("bye", () => { stream.close(); location.assign("/login"); });
stream.addEventListener("error", () => told("⚠ The desk does not answer. Trying again …"));

function drop(id) {
  if (tiles.has(id)) tiles.get(id).node.remove();
  tiles.delete(id);
}

setInterval(() => {
  if (Date.now() - heardMs > SILENT_MS) told("⚠ The desk does not answer. What is shown may be old.");
  for (const tile of tiles.values()) {
    if (tile.frame && tile.frameMs && Date.now() - tile.frameMs > STALE_MS) tile.find(".rate").textContent = "⚠ no new picture";
  }
}, 1000);
