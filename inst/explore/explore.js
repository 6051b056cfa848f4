// What the explorer does in the browser: tells R which button was pressed, keeps
// the focus when a table is drawn anew, says when R is at work.
(function () {
  "use strict";

  function press(button) {
    if (!button || button.disabled) return;
    Shiny.setInputValue(
      button.dataset.muslInput, button.dataset.muslValue, {priority: "event"}
    );
  }

  document.addEventListener("click", function (event) {
    var button = event.target.closest("[data-musl-input]");
    if (button) return press(button);
    var row = event.target.closest(".musl-opens");
    if (row && !String(window.getSelection())) {
      press(row.querySelector("[data-musl-input]"));
    }
  });

  // A name is taken when it was entered or chosen, not while it is typed.
  function take(text) {
    Shiny.setInputValue("gene_pick", text, {priority: "event"});
  }
  function takeName() {
    take(document.getElementById("gene_name").value);
  }
  document.addEventListener("submit", function (event) {
    event.preventDefault();
    if (event.target.id === "musl-search") takeName();
  });
  document.addEventListener("click", function (event) {
    if (event.target.id === "musl-show") takeName();
  });
  var typing = null;
  document.addEventListener("input", function (event) {
    var field = event.target;
    if (field.id !== "gene_name") return;
    clearTimeout(typing);
    // A choice from the list is no typing.
    if (!event.inputType || event.inputType === "insertReplacementText") {
      return take(field.value);
    }
    typing = setTimeout(function () {
      Shiny.setInputValue("gene_typed", field.value);
    }, 150);
  });

  var pressed = null;
  document.addEventListener("focusin", function (event) {
    pressed = event.target.dataset ? event.target.dataset.muslKey : null;
  });

  function find(key) {
    return Array.prototype.find.call(
      document.querySelectorAll("[data-musl-key]"),
      function (one) { return one.dataset.muslKey === key && !one.disabled; }
    );
  }

  // The tab that holds it is shown a little later.
  function focusShown(element, times) {
    if (element && element.offsetParent) {
      element.focus();
    } else if (times > 0) {
      setTimeout(focusShown, 50, element, times - 1);
    }
  }

  var busy = null;
  document.addEventListener("DOMContentLoaded", function () {
    var status = document.getElementById("musl-busy");
    $(document).on("shiny:value", function () {
      var key = pressed;
      if (!key) return;
      setTimeout(function () {
        var lost = document.activeElement === document.body;
        var button = find(key);
        if (lost && button) button.focus();
      }, 0);
    });
    $(document).on("shiny:busy", function () {
      clearTimeout(busy);
      busy = setTimeout(function () { status.textContent = "Computing \u2026"; }, 400);
    });
    $(document).on("shiny:idle", function () {
      clearTimeout(busy);
      status.textContent = "";
    });
    $(document).on("shiny:disconnected", function () {
      clearTimeout(busy);
      status.textContent = "R has stopped: nothing on this page answers any more.";
    });
    Shiny.addCustomMessageHandler("musl-focus", function (id) {
      focusShown(document.getElementById(id), 100);
    });
  });
})();
