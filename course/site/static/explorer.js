// The convolution explorer. All of it happens here: the server is not asked while a window slides.
"use strict";

const SVG = "http://www.w3.org/2000/svg";
const CELL = 20;
const SMALLEST = 13;
const PAUSE = matchMedia("(prefers-reduced-motion: reduce)").matches ? 900 : 350;
const MOST = { stride: 4, padding: 3, dilation: 3 };

const SEVEN = [
  "000000000000", "000000000000", "001999999800", "000577789900", "000000017900", "000000069400",
  "000000198000", "000000793000", "000002970000", "000008910000", "000009600000", "000000000000",
];
const THREE = [
  "000000000000", "000379984000", "000952289300", "000100019600", "000000049400", "000038996000",
  "000026789300", "000000008900", "001000007900", "002961379500", "000279994000", "000000000000",
];
const INPUTS = {
  seven: { name: "the digit 7", most: 9, rows: SEVEN.map((row) => [...row].map(Number)) },
  three: { name: "the digit 3", most: 9, rows: THREE.map((row) => [...row].map(Number)) },
  edge: { name: "an upright edge", most: 9, rows: grid(12, (i, j) => (j < 6 ? 1 : 8)) },
  corner: { name: "a bright square", most: 9, rows: grid(12, (i, j) => (i > 2 && i < 9 && j > 2 && j < 9 ? 9 : 0)) },
  photo: { name: "a photo", most: 99, rows: null },
};

// Weights of a k×k kernel, c being its middle, and what the sum is divided by.
const KERNELS = {
  vertical: { weight: (u, v, c) => Math.sign(v - c) },
  horizontal: { weight: (u, v, c) => Math.sign(u - c) },
  blur: { weight: () => 1, divisor: (k) => k * k },
  sharpen: { weight: (u, v, c, k) => (isMiddle(u, v, k) ? k * k : -1) },
  outline: { weight: (u, v, c, k) => (isMiddle(u, v, k) ? k * k - 1 : -1) },
  copy: { weight: (u, v, c, k) => (isMiddle(u, v, k) ? 1 : 0) },
};

const state = { op: "conv", input: "seven", kernel: "vertical", k: 3, s: 1, p: 0, d: 1, w: [], divisor: 1, i: 0, j: 0 };
let output = [];
let playing = null;
const $ = (id) => document.getElementById(id);

function grid(n, value) {
  return Array.from({ length: n }, (_, i) => Array.from({ length: n }, (_, j) => value(i, j)));
}

function isMiddle(u, v, k) {
  const middle = Math.floor((k - 1) / 2);
  return u === middle && v === middle;
}

function outputSize(n, k, s, p, d) {
  return Math.floor((n + 2 * p - d * (k - 1) - 1) / s) + 1;
}

// What pads: a maximum must not see the border.
function border() {
  return state.op === "max" ? -Infinity : 0;
}

function at(row, column) {
  const rows = INPUTS[state.input].rows;
  return row >= 0 && row < rows.length && column >= 0 && column < rows.length ? rows[row][column] : border();
}

// The k² terms of output (i, j), row by row.
function terms(i, j) {
  const all = [];
  for (let u = 0; u < state.k; u++) {
    for (let v = 0; v < state.k; v++) {
      all.push({ x: at(i * state.s - state.p + u * state.d, j * state.s - state.p + v * state.d), w: state.w[u][v] });
    }
  }
  return all;
}

function value(i, j) {
  const all = terms(i, j);
  if (state.op === "max") return Math.max(...all.map((term) => term.x));
  if (state.op === "average") return all.reduce((sum, term) => sum + term.x, 0) / all.length;
  return all.reduce((sum, term) => sum + term.x * term.w, 0) / state.divisor;
}

function written(number) {
  if (number === -Infinity) return "−∞";
  const rounded = Math.round(number * 100) / 100;
  return String(rounded).replace("-", "−");
}

function element(name, attributes, parent) {
  const made = document.createElementNS(SVG, name);
  for (const [key, of] of Object.entries(attributes)) made.setAttribute(key, of);
  parent.append(made);
  return made;
}

function grey(share) {
  const light = Math.round(40 + 215 * share);
  return `rgb(${light},${light},${light})`;
}

// Orange above zero, blue below it, white at zero: told apart by every kind of colour vision.
function signed(share) {
  const fade = (end) => Math.round(255 + (end - 255) * Math.abs(share));
  return share >= 0 ? `rgb(255,${fade(150)},${fade(40)})` : `rgb(${fade(60)},${fade(140)},255)`;
}

// Numbers are left out where they would be too small to read: the sum beside the maps has them.
function cells(svg, rows, fill) {
  const n = rows.length;
  const legible = svg.clientWidth / n >= SMALLEST;
  svg.replaceChildren();
  svg.setAttribute("viewBox", `-1 -1 ${n * CELL + 2} ${n * CELL + 2}`);
  rows.forEach((row, i) => row.forEach((cell, j) => {
    const colour = fill(cell, i, j);
    element("rect", { x: j * CELL, y: i * CELL, width: CELL, height: CELL, class: colour.class ?? "", fill: colour.fill }, svg);
    if (legible) {
      const text = written(cell);
      const small = Math.min(9.5, 22 / Math.max(2, text.length));
      element("text", { x: (j + 0.5) * CELL, y: (i + 0.68) * CELL, "font-size": small, fill: colour.ink }, svg).textContent = text;
    }
  }));
}

function drawInput() {
  const { rows, most } = INPUTS[state.input];
  const n = rows.length + 2 * state.p;
  const padded = grid(n, (i, j) => at(i - state.p, j - state.p));
  cells($("input-map"), padded, (cell, i, j) => {
    const inside = i >= state.p && j >= state.p && i < n - state.p && j < n - state.p;
    const share = cell / most;
    return inside ? { fill: grey(share), ink: share > 0.5 ? "#000" : "#fff" } : { fill: "#dbe4ea", ink: "#33424c", class: "padding" };
  });
  const taps = element("g", { id: "taps" }, $("input-map"));
  for (let count = 0; count < state.k ** 2; count++) element("rect", { width: CELL, height: CELL, class: "tap" }, taps);
}

function drawOutput() {
  const n = INPUTS[state.input].rows.length;
  const size = outputSize(n, state.k, state.s, state.p, state.d);
  output = size > 0 ? grid(size, value) : [];
  state.i = Math.min(state.i, Math.max(0, size - 1));
  state.j = Math.min(state.j, Math.max(0, size - 1));
  const most = Math.max(1e-9, ...output.flat().map(Math.abs).filter(Number.isFinite));
  cells($("output-map"), output, (cell) => {
    if (state.op === "conv") return { fill: signed(cell / most), ink: "#000" };
    const share = Number.isFinite(cell) ? Math.max(0, cell / most) : 0;
    return { fill: grey(share), ink: share > 0.5 ? "#000" : "#fff" };
  });
  if (size > 0) element("rect", { id: "here", width: CELL, height: CELL, class: "tap" }, $("output-map"));
  $("nothing").hidden = size > 0;
  fillFormula(n, size);
}

function fillFormula(n, size) {
  const filled = { n, p: state.p, d: state.d, k: state.k, s: state.s };
  for (const [name, number] of Object.entries(filled)) $(`f-${name}`).textContent = number;
  const top = n + 2 * state.p - state.d * (state.k - 1) - 1;
  $("f-top").textContent = written(top);
  $("f-s2").textContent = state.s;
  $("f-out").textContent = written(size);
  const span = state.d * (state.k - 1) + 1;
  const left = size > 0 ? n + 2 * state.p - ((size - 1) * state.s + span) : 0;
  $("left-over").textContent = size < 1 ? "" : left === 0 ? "The last window ends at the last cell." :
    `${left} ${left === 1 ? "row and column" : "rows and columns"} at the end fill no step and are left out.`;
}

// The window and the sum for the current cell; the live text only where a person moved, not while it plays.
function showPlace(aloud) {
  if (!output.length) {
    $("sum").replaceChildren();
    $("arithmetic-result").textContent = "";
    $("taps").replaceChildren();
    return;
  }
  const taps = $("taps").children;
  for (let u = 0; u < state.k; u++) {
    for (let v = 0; v < state.k; v++) {
      const tap = taps[u * state.k + v];
      tap.setAttribute("x", (state.j * state.s + v * state.d) * CELL);
      tap.setAttribute("y", (state.i * state.s + u * state.d) * CELL);
    }
  }
  $("here").setAttribute("x", state.j * CELL);
  $("here").setAttribute("y", state.i * CELL);
  const all = terms(state.i, state.j);
  const rows = grid(state.k, (u, v) => all[u * state.k + v]).map((row) => {
    const line = document.createElement("tr");
    for (const term of row) {
      const cell = document.createElement("td");
      cell.textContent = state.op === "conv" ? `${written(term.x)} · ${term.w < 0 ? `(${written(term.w)})` : written(term.w)}` : written(term.x);
      line.append(cell);
    }
    return line;
  });
  $("sum").replaceChildren(...rows);
  const result = written(output[state.i][state.j]);
  $("arithmetic-result").textContent = resultLine(all, result);
  $("place").textContent = `row ${state.i + 1}, column ${state.j + 1} of ${output.length} × ${output.length}`;
  if (aloud) $("live").textContent = `Output row ${state.i + 1}, column ${state.j + 1}: ${result}.`;
}

function resultLine(all, result) {
  if (state.op === "max") return `The largest is ${result}.`;
  const total = all.reduce((sum, term) => sum + (state.op === "conv" ? term.x * term.w : term.x), 0);
  const parts = state.op === "conv" ? state.divisor : all.length;
  return parts === 1 ? `They add up to ${result}.` : `They add up to ${written(total)}; divided by ${parts}: ${result}.`;
}

function presetKernel() {
  const preset = KERNELS[state.kernel];
  if (preset) {
    // One cell has no sides to differ.
    state.w = grid(state.k, (u, v) => (state.k === 1 ? 1 : preset.weight(u, v, (state.k - 1) / 2, state.k)));
    state.divisor = preset.divisor ? preset.divisor(state.k) : 1;
  } else {
    state.w = grid(state.k, (u, v) => state.w[u]?.[v] ?? 0);
    state.divisor = 1;
  }
  const rows = state.w.map((row, u) => {
    const line = document.createElement("tr");
    row.forEach((weight, v) => {
      const field = document.createElement("input");
      Object.assign(field, { type: "number", value: weight, min: -99, max: 99 });
      field.setAttribute("aria-label", `weight in row ${u + 1}, column ${v + 1}`);
      field.addEventListener("input", () => {
        state.w[u][v] = Math.max(-99, Math.min(99, Number(field.value) || 0));
        if (state.kernel !== "own") {
          state.kernel = $("kernel").value = "own";
          state.divisor = 1;
        }
        $("divisor").textContent = "";
        drawOutput();
        showPlace(true);
      });
      const cell = document.createElement("td");
      cell.append(field);
      line.append(cell);
    });
    return line;
  });
  $("weights").replaceChildren(...rows);
  $("divisor").textContent = state.divisor === 1 ? "" : `The sum is divided by ${state.divisor}.`;
}

function redraw() {
  const pooling = state.op !== "conv";
  $("kernel-part").hidden = pooling;
  $("kernel-choice").hidden = pooling;
  // As in PyTorch: a pool pads with half its window at most, and an average has no dilation.
  $("dilation").disabled = state.op === "average";
  if (state.op === "average") state.d = Number(($("dilation").value = 1));
  $("padding").max = pooling ? Math.floor(state.k / 2) : MOST.padding;
  if (state.p > $("padding").max) state.p = Number(($("padding").value = $("padding").max));
  presetKernel();
  drawInput();
  drawOutput();
  showPlace(false);
  const size = output.length;
  $("live").textContent = size ? `The output has ${size} × ${size} cells.` : "Nothing comes out.";
}

function move(down, right, aloud = true) {
  const n = output.length;
  if (!n) return;
  const place = state.i * n + state.j + down * n + right;
  const wrapped = (place + n * n) % (n * n);
  state.i = Math.floor(wrapped / n);
  state.j = wrapped % n;
  showPlace(aloud);
}

function play(on) {
  clearInterval(playing);
  playing = on ? setInterval(() => move(0, 1, false), PAUSE) : null;
  $("play").textContent = on ? "Pause" : "Play";
}

function pointed(event, svg, toPlace) {
  const box = svg.getBoundingClientRect();
  const n = svg.viewBox.baseVal.width / CELL;
  const column = Math.floor(((event.clientX - box.left) / box.width) * n);
  const row = Math.floor(((event.clientY - box.top) / box.height) * n);
  const last = output.length - 1;
  if (last < 0) return;
  play(false);
  state.i = Math.max(0, Math.min(last, toPlace(row)));
  state.j = Math.max(0, Math.min(last, toPlace(column)));
  showPlace(true);
}

const KEYS = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };

function listen() {
  $("operation").addEventListener("change", (event) => {
    state.op = event.target.value;
    redraw();
  });
  $("input").addEventListener("change", async (event) => {
    const chosen = event.target.value;
    INPUTS[chosen].rows ??= await (await fetch("/static/photo.json")).json();
    state.input = chosen;
    redraw();
  });
  $("kernel").addEventListener("change", (event) => {
    state.kernel = event.target.value;
    redraw();
  });
  for (const [id, key] of [["size", "k"], ["stride", "s"], ["padding", "p"], ["dilation", "d"]]) {
    $(id).addEventListener("input", (event) => {
      const field = event.target;
      const number = Math.round(Number(field.value));
      if (field.value === "" || number < Number(field.min) || number > Number(field.max)) return;
      state[key] = number;
      redraw();
    });
  }
  $("before").addEventListener("click", () => { play(false); move(0, -1); });
  $("after").addEventListener("click", () => { play(false); move(0, 1); });
  $("play").addEventListener("click", () => play(playing === null));
  $("output-box").addEventListener("keydown", (event) => {
    const step = KEYS[event.key];
    if (!step || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    play(false);
    move(...step);
  });
  $("output-map").addEventListener("click", (event) => pointed(event, $("output-map"), (cell) => cell));
  $("input-map").addEventListener("click", (event) => {
    const middle = Math.floor((state.d * (state.k - 1)) / 2);
    pointed(event, $("input-map"), (cell) => Math.round((cell - middle) / state.s));
  });
}

listen();
redraw();
// Until now the parts beside the pictures had not their size, and would have moved.
document.querySelector(".explorer").classList.add("drawn");
