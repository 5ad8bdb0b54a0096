// Keys for the card review: Space turns the card, 1 to 4 rate it. Buttons do the same without this script.
"use strict";

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey || event.repeat) return;
  const turn = document.getElementById("turn");
  if (!turn) return;
  const onControl = event.target.closest("a, button, summary");
  if (event.key === " " && !onControl) {
    turn.open = !turn.open;
    event.preventDefault();
  }
  const button = document.querySelectorAll(".ratings button")["1234".indexOf(event.key)];
  if (button && turn.open) button.click();
});

// The button that had the focus is gone with its card: the next card's takes it.
document.addEventListener("htmx:after:swap", () => {
  document.querySelector("#turn > summary")?.focus();
});
