// The editor of a review: line numbers, Tab and Shift+Tab for indentation, Ctrl+S to save. After Esc, Tab is the
// browser's again and leaves the editor. Without this script it is a plain field with a button.
"use strict";

const code = document.getElementById("code");
const numbers = document.getElementById("numbers");
const STEP = 4;
let leaving = false;

function count() {
  const lines = code.value.split("\n").length;
  numbers.textContent = Array.from({ length: lines }, (_, place) => place + 1).join("\n");
  numbers.scrollTop = code.scrollTop;
}

// Typed, as far as the browser knows: so that Ctrl+Z takes it back.
function type(text, from, to) {
  code.setSelectionRange(from, to);
  const done = text ? document.execCommand("insertText", false, text) : from === to || document.execCommand("delete");
  if (!done) code.setRangeText(text, from, to, "end");
  count();
}

function lineStart(place) {
  return code.value.lastIndexOf("\n", place - 1) + 1;
}

function indent() {
  const { selectionStart: from, selectionEnd: to, value } = code;
  if (!value.slice(from, to).includes("\n")) {
    type(" ".repeat(STEP - ((from - lineStart(from)) % STEP)), from, to);
    return;
  }
  change((line) => (line ? " ".repeat(STEP) + line : line));
}

function outdent() {
  change((line) => line.replace(/^(\t| {1,4})/, ""));
}

// Each line that the selection touches, as a whole.
function change(one) {
  const { selectionStart: from, selectionEnd: to, value } = code;
  const begin = lineStart(from);
  const last = to > from && value[to - 1] === "\n" ? to - 1 : to;
  const stop = value.indexOf("\n", last);
  const end = stop < 0 ? value.length : stop;
  const lines = value.slice(begin, end).split("\n");
  const changed = lines.map(one);
  const text = changed.join("\n");
  if (text === value.slice(begin, end)) return;
  type(text, begin, end);
  const first = Math.max(begin, from + changed[0].length - lines[0].length);
  code.setSelectionRange(from === to ? first : begin, from === to ? first : begin + text.length);
}

function newLine() {
  const { selectionStart: from, selectionEnd: to, value } = code;
  const before = value.slice(lineStart(from), from);
  const deeper = /:\s*(#.*)?$/.test(before) ? STEP : 0;
  type("\n" + before.match(/^[ \t]*/)[0] + " ".repeat(deeper), from, to);
}

code.addEventListener("keydown", (event) => {
  if (event.isComposing) return;
  const plain = !event.ctrlKey && !event.altKey && !event.metaKey;
  if (event.key === "Escape") {
    leaving = true;
  } else if (event.key === "Tab" && plain && !leaving) {
    event.preventDefault();
    (event.shiftKey ? outdent : indent)();
  } else if (event.key === "Enter" && plain && !event.shiftKey) {
    event.preventDefault();
    newLine();
  } else if (event.key === "s" && (event.ctrlKey || event.metaKey) && !event.altKey) {
    event.preventDefault();
    code.form.requestSubmit();
  } else if (event.key !== "Shift") {
    leaving = false;
  }
});
code.addEventListener("blur", () => { leaving = false; });
code.addEventListener("input", count);
code.addEventListener("scroll", () => { numbers.scrollTop = code.scrollTop; });
document.getElementById("keys").hidden = false;
count();
