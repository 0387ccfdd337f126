// What the console offers to do next: a press counts once, and only when its button has been there for a moment.
"use strict";

/** Return what guards the presses; `led` gets what is offered once a press has led to it. */
function walkOf(led) {
  let offered = namesOffered();
  let pressed = null;

  function namesOffered() {
    const controls = document.querySelectorAll("[data-part=next] :is(button, a)");
    return [...controls].map((control) => control.value || control.hash).join();
  }

  return {
    /** Return whether this may be sent now: remotes send a key twice, and nobody reads a button that fast. */
    begin(name) {
      if (pressed !== null || document.body.classList.contains("fresh")) return false;
      pressed = name;
      return true;
    },
    /** Let a press count again: the one before did nothing. */
    end() {
      pressed = null;
    },
    /** Let no press count until what is offered now can have been read. */
    update() {
      const names = namesOffered();
      if (names === offered) return;
      offered = names;
      if (pressed !== null) led(document.querySelector("#walk-next > span")?.textContent ?? "");
      pressed = null;
      letRead();
    },
  };
}
