// Counts a test's time down and hands it in at the end; the server's clock decides what still counts.
"use strict";

const shown = document.getElementById("timer");
const warned = document.getElementById("warned");
const end = performance.now() + 1000 * Number(shown.dataset.seconds);

function tick() {
  const left = Math.max(0, Math.round((end - performance.now()) / 1000));
  shown.textContent = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`;
  if (left === 60) warned.textContent = "One minute left";
  if (left === 0) document.getElementById("hand-in").click();
  else setTimeout(tick, 500);
}

tick();
