// A rating sheet: shows one clip after the other, keeps the answers in this browser, and saves them as CSV.
"use strict";

const BONES = [
  [11, 12], [11, 23], [12, 24], [23, 24], [11, 13], [13, 15], [12, 14], [14, 16],
  [23, 25], [25, 27], [24, 26], [26, 28], [27, 31], [28, 32], [27, 29], [28, 30],
];
const CHOICES = [["yes", "yes"], ["no", "no"], ["unsure", "can't tell"]];
const MARGIN = 60;

const holder = document.getElementById("data");
const sheet = JSON.parse(holder.textContent);
const hash = holder.dataset.sheet;
const store = `formcheck-study-${hash}`;
const find = (id) => document.getElementById(id);
const canvas = find("figure"), video = find("video"), told = find("told");

let answers = read();
let at = 0;
let isPlaying = true, playedS = 0, lastMs = 0;

find("rater").textContent = `${sheet.rater}, study ${sheet.study}`;
find("play").addEventListener("click", () => setPlaying(!isPlaying));
find("again").addEventListener("click", () => { playedS = 0; video.currentTime = 0; setPlaying(true); });
find("slow").addEventListener("change", () => { video.playbackRate = find("slow").checked ? 0.5 : 1; });
find("back").addEventListener("click", () => turnTo(at - 1));
find("next").addEventListener("click", () => turnTo(at + 1));
find("save").addEventListener("click", save);
show(Math.max(0, sheet.clips.findIndex((clip) => open(clip).length)));
requestAnimationFrame(turn);

function read() {
  try { return JSON.parse(localStorage.getItem(store)) || {}; } catch { return {}; }
}

function keep(place, question, answer) {
  answers[`${place} ${question}`] = { answer, at: new Date().toISOString() };
  try { localStorage.setItem(store, JSON.stringify(answers)); } catch { told.textContent = "This browser keeps nothing: save before you close it."; }
  where();
}

function given(place, question) { return answers[`${place} ${question}`]?.answer ?? ""; }

function names(clip) { return ["count", ...clip.questions.map(([name]) => name)]; }

function open(clip) { return names(clip).filter((name) => given(clip.place, name) === ""); }

function where() {
  const left = sheet.clips.filter((clip) => open(clip).length).length;
  find("where").textContent = `Clip ${at + 1} of ${sheet.clips.length}. ${left ? `${left} not answered in full yet.` : "All are answered: save them."}`;
  find("back").disabled = at === 0;
  find("next").disabled = at === sheet.clips.length - 1;
}

function turnTo(place) {
  show(place);
  scrollTo(0, 0);
  find("title").focus({ preventScroll: true });
}

function show(place) {
  at = Math.min(Math.max(place, 0), sheet.clips.length - 1);
  const clip = sheet.clips[at];
  find("title").textContent = clip.title;
  canvas.hidden = !clip.figure;
  video.hidden = !clip.video;
  find("playing").hidden = !clip.figure;
  if (clip.video) video.src = clip.video; else video.removeAttribute("src");
  playedS = 0;
  find("questions").replaceChildren(count(clip), ...clip.questions.map(([name, text]) => question(clip, name, text)));
  setPlaying(true);
  where();
}

function made(tag, fields, ...children) {
  const one = Object.assign(document.createElement(tag), fields);
  one.append(...children);
  return one;
}

function question(clip, name, text) {
  const radios = CHOICES.map(([value, word]) => {
    const radio = made("input", { type: "radio", name, value, checked: given(clip.place, name) === value });
    radio.addEventListener("change", () => keep(clip.place, name, value));
    return made("label", {}, radio, word);
  });
  return made("fieldset", {}, made("legend", { textContent: text }), ...radios);
}

function count(clip) {
  const was = given(clip.place, "count");
  const number = made("input", { type: "number", name: "count", min: 0, max: 999, step: 1, value: was === "unsure" ? "" : was });
  const unsure = made("input", { type: "checkbox", name: "count-unsure", checked: was === "unsure" });
  number.addEventListener("change", () => {
    if (number.value !== "" && !number.checkValidity()) { told.textContent = "A whole number, 0 to 999."; number.value = ""; }
    if (number.value !== "") unsure.checked = false;
    keep(clip.place, "count", number.value);
  });
  unsure.addEventListener("change", () => {
    if (unsure.checked) number.value = "";
    keep(clip.place, "count", unsure.checked ? "unsure" : number.value);
  });
  return made("fieldset", {}, made("legend", { textContent: "Repetitions" }), made("label", {}, number, "counted"), made("label", {}, unsure, "can't tell"));
}

function save() {
  const rows = [["study", "sheet", "rater", "place", "question", "answer", "at"]];
  for (const clip of sheet.clips) {
    for (const name of names(clip)) {
      const one = answers[`${clip.place} ${name}`] ?? { answer: "", at: "" };
      rows.push([sheet.study, hash, sheet.rater, clip.place, name, one.answer, one.at]);
    }
  }
  const text = rows.map((row) => row.join(",")).join("\r\n") + "\r\n";
  const link = made("a", { href: URL.createObjectURL(new Blob([text], { type: "text/csv" })), download: `ratings-${sheet.rater}.csv` });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
  const left = sheet.clips.filter((clip) => open(clip).length).length;
  told.textContent = left ? `Saved. ${left} clips are not answered in full; save again when they are.` : "Saved. Give this file to whoever leads the study.";
}

// -- the figure -----------------------------------------------------------------------------------------------------

function setPlaying(is) {
  isPlaying = is;
  find("play").textContent = is ? "Pause" : "Play";
}

function turn(nowMs) {
  const figure = sheet.clips[at].figure;
  const stepS = Math.min((nowMs - lastMs) / 1000, 0.2);
  lastMs = nowMs;
  if (figure) {
    const beganS = figure.frames[0][0], lengthS = figure.frames.at(-1)[0] - beganS;
    if (isPlaying) playedS = (playedS + stepS * (find("slow").checked ? 0.5 : 1)) % (lengthS + 0.5);
    let i = 0;
    while (i + 1 < figure.frames.length && figure.frames[i + 1][0] - beganS <= playedS) i++;
    draw(figure, figure.frames[i]);
  }
  requestAnimationFrame(turn);
}

function draw(figure, [, joints, back]) {
  const pen = canvas.getContext("2d"), [x0, y0, x1, y1] = figure.box;
  const scale = Math.min((canvas.width - 2 * MARGIN) / Math.max(x1 - x0, 1), (canvas.height - 2 * MARGIN) / Math.max(y1 - y0, 1));
  const place = ([x, y]) => [canvas.width / 2 + (x - (x0 + x1) / 2) * scale, canvas.height / 2 + (y - (y0 + y1) / 2) * scale];
  const joint = (index) => joints[figure.joints.indexOf(index)];
  pen.clearRect(0, 0, canvas.width, canvas.height);
  pen.lineCap = pen.lineJoin = "round";
  for (const [a, b] of BONES) {
    if (joint(a) && joint(b)) line(pen, [place(joint(a)), place(joint(b))], a % 2 && b % 2 ? "#ffffff" : "#a8b6c8", 6);
  }
  if (joint(0)) { pen.beginPath(); pen.arc(...place(joint(0)), 13, 0, 2 * Math.PI); pen.strokeStyle = "#ffffff"; pen.stroke(); }
  for (let i = 1; i < back.length; i++) {
    if (back[i - 1] && back[i]) line(pen, [place(back[i - 1]), place(back[i])], "#8cc6ff", 9);
  }
}

function line(pen, points, colour, width) {
  pen.strokeStyle = colour;
  pen.lineWidth = width;
  pen.beginPath();
  points.forEach(([x, y], i) => (i ? pen.lineTo(x, y) : pen.moveTo(x, y)));
  pen.stroke();
}
