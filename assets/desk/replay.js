// A repetition played again as a stick figure, where its movement was kept.
"use strict";

const LIMBS = [
  [11, 13], [13, 15], [12, 14], [14, 16], [11, 12], [23, 24], [11, 23], [12, 24],
  [23, 25], [25, 27], [27, 29], [27, 31], [24, 26], [26, 28], [28, 30], [28, 32],
];
const RIGHT = new Set([12, 14, 16, 24, 26, 28, 30, 32]);
const NOSE = 0;

document.querySelectorAll(".replay").forEach(playing);

function playing(place) {
  const [choice, button, slider] = ["select", "button", "input"].map((name) => place.querySelector(name));
  const canvas = place.querySelector("canvas");
  const told = place.querySelector(".told");
  let movement = null;
  let running = 0;

  async function load() {
    stop();
    movement = null;
    try {
      const answer = await fetch(`${place.dataset.from}&rep=${choice.value}`, { headers: { accept: "application/json" } });
      const content = await answer.json();
      if (!answer.ok) told.textContent = content.text;
      else movement = { ...content, fit: fitOf(content.frames, canvas) };
    } catch {
      told.textContent = "The desk can't be reached.";
    }
    if (movement) show(0);
  }

  function show(share) {
    const frames = movement.frames;
    const first = frames[0].t_s;
    const t = first + share * (frames[frames.length - 1].t_s - first);
    const frame = frames.reduce((best, each) => (Math.abs(each.t_s - t) < Math.abs(best.t_s - t) ? each : best));
    slider.value = Math.round(share * 1000);
    drawFigure(canvas, frame, movement.fit);
    const where = Math.abs(frame.t_s - movement.peak_s) < 0.1 ? ", furthest reach" : "";
    told.textContent = `Repetition ${choice.value}, ${frame.t_s.toFixed(1)} s from its beginning${where}`;
  }

  function stop() {
    cancelAnimationFrame(running);
    running = 0;
    button.textContent = "Play";
  }

  function play() {
    const frames = movement.frames;
    const lengthMs = 1000 * Math.max(frames[frames.length - 1].t_s - frames[0].t_s, 0.1);
    const from = Number(slider.value) >= 1000 ? 0 : Number(slider.value) / 1000;
    const began = performance.now() - from * lengthMs;
    button.textContent = "Stop";
    const step = (now) => {
      const share = Math.min((now - began) / lengthMs, 1);
      show(share);
      if (share < 1) running = requestAnimationFrame(step);
      else stop();
    };
    running = requestAnimationFrame(step);
  }

  button.addEventListener("click", async () => {
    if (running) return stop();
    if (!movement) await load();
    if (movement) play();
  });
  choice.addEventListener("change", load);
  place.addEventListener("toggle", () => {
    if (place.open && !movement) load();
  });
  slider.addEventListener("input", async () => {
    stop();
    const share = Number(slider.value) / 1000;
    if (!movement) await load();
    if (movement) show(share);
  });
}

function fitOf(frames, canvas) {
  const points = frames.flatMap((frame) => [...frame.joints, ...frame.back]).filter(Boolean);
  const xs = points.map(([x]) => x);
  const ys = points.map(([, y]) => y);
  const [left, right] = [Math.min(...xs), Math.max(...xs)];
  const [top, bottom] = [Math.min(...ys), Math.max(...ys)];
  const scale = Math.min((canvas.width - 60) / Math.max(right - left, 0.5), (canvas.height - 60) / Math.max(bottom - top, 0.5));
  return ([x, y]) => [
    canvas.width / 2 + (x - (left + right) / 2) * scale,
    canvas.height / 2 + (y - (top + bottom) / 2) * scale,
  ];
}

function drawFigure(canvas, frame, at) {
  const pen = canvas.getContext("2d");
  pen.clearRect(0, 0, canvas.width, canvas.height);
  pen.lineCap = "round";
  for (const [a, b] of LIMBS) {
    const [from, to] = [frame.joints[a], frame.joints[b]];
    if (!from || !to) continue;
    const isRight = RIGHT.has(a) && RIGHT.has(b);
    pen.strokeStyle = isRight ? "#7fb2e5" : "#ffffff";
    pen.lineWidth = isRight ? 4 : 6;
    line(pen, [at(from), at(to)]);
  }
  if (frame.joints[NOSE]) {
    pen.strokeStyle = "#ffffff";
    pen.lineWidth = 4;
    pen.beginPath();
    pen.arc(...at(frame.joints[NOSE]), 14, 0, 2 * Math.PI);
    pen.stroke();
  }
  const back = frame.back.filter(Boolean);
  if (back.length > 1) {
    pen.strokeStyle = "#ffd166";
    pen.lineWidth = 6;
    line(pen, back.map(at));
  }
}

function line(pen, points) {
  pen.beginPath();
  points.forEach((point, i) => (i ? pen.lineTo(...point) : pen.moveTo(...point)));
  pen.stroke();
}
