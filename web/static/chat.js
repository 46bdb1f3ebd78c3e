// The chat without page loads. Everything here only improves on the forms, which work by themselves.
"use strict";

const log = document.getElementById("log");
const composer = document.getElementById("composer");
const field = document.getElementById("text");
let key = composer.elements.key.value;
let busy = false;

function element(name, className, text) {
  const made = document.createElement(name);
  if (className) made.className = className;
  if (text) made.textContent = text;
  return made;
}

// A paragraph in which addresses are links.
function prose(text, className) {
  const paragraph = element("p", className);
  text.split(/(https?:\/\/[^\s<>"]*[^\s<>".,;:!?)])/).forEach((piece, index) => {
    if (index % 2) {
      const link = element("a", "", piece);
      link.href = piece;
      link.rel = "noreferrer";
      paragraph.append(link);
    } else if (piece) paragraph.append(piece);
  });
  return paragraph;
}

function bubble(who) {
  const item = element("li", who);
  item.append(element("span", "who", log.dataset[who]));
  log.append(item);
  return item;
}

function showChoices(item, choices) {
  const form = element("form", "choices");
  form.method = "post";
  form.action = "/chat";
  for (const choice of [...choices].sort((one, other) => one.aside - other.aside)) {
    const look = choice.url ? "choice out" : choice.aside ? "choice aside" : "choice";
    const shown = element(choice.url ? "a" : "button", look);
    if (choice.mood !== undefined) {
      shown.dataset.mood = choice.mood;
      form.classList.add("moods");
    }
    shown.textContent = choice.label;
    const spoken = choice.label.replace(/^[◀‹] ?| ?[▶›→]$/g, "");  // its arrows are seen and not read out
    if (spoken !== choice.label) shown.setAttribute("aria-label", spoken);
    if (choice.language) shown.lang = choice.language;
    if (choice.url) {
      shown.href = choice.url;
      shown.rel = "noreferrer";
    } else {
      shown.name = "choice";
      shown.value = choice.token;
      if (choice.selected) shown.setAttribute("aria-pressed", "true");
    }
    form.append(shown);
  }
  item.append(form);
}

// A ballot to look through: each answer with the button that changes it, named by its question.
function rows(message) {
  const form = element("form");
  if (message.lead) form.append(element("p", "text", message.lead));
  const list = element("ol", "rows");
  message.rows.forEach((row, index) => {
    const line = element("li");
    const change = element("button", "link", log.dataset.change);
    change.name = "choice";
    change.value = row.token;
    const which = log.dataset.which.replace("{number}", index + 1).replace("{question}", row.question);
    change.append(element("span", "hidden", ` ${which}`));
    line.append(element("p", "asked", `${index + 1}. ${row.question}`), element("p", "answer", row.answer), change);
    list.append(line);
  });
  form.append(list);
  return form;
}

function showMessage(message) {
  const item = bubble("bot");
  const box = element("div", "bubble");
  const foreign = message.in_vietnamese && document.documentElement.lang !== "vi" ? message.in_vietnamese : [];
  const add = (part, made) => {
    if (foreign.includes(part)) made.lang = "vi";
    box.append(made);
  };
  if (message.title) add("title", element("p", "heading", message.title));
  if (foreign.includes("text")) box.append(element("p", "note", log.dataset.vietnamese));
  if (message.picture) {
    const sketch = element("img", "sketch");
    sketch.src = `/pictures/${message.picture.name}.svg`;
    sketch.alt = message.picture.says;
    sketch.width = 320;
    sketch.height = 200;
    add("text", sketch);
  }
  const table = message.rows && message.rows.length;
  if (table) box.append(rows(message));
  else if (message.text) add("text", prose(message.text, "text"));
  if (message.note) add("note", prose(message.note, "note"));
  item.append(box);
  const choices = table ? message.choices.filter((choice) => choice.aside) : message.choices;
  if (choices.length) showChoices(item, choices);
  return item;
}

// Old questions stay readable, but only the newest can be answered by button.
function retire(pressed) {
  for (const button of log.querySelectorAll("button[name=choice]")) {
    button.disabled = true;
    button.toggleAttribute("aria-pressed", false);
  }
  if (pressed) pressed.setAttribute("aria-pressed", "true");
}

function showFailure(said, shown) {
  const item = bubble("bot");
  const box = element("div", "bubble");
  box.append(element("p", "text", log.dataset.failed));
  const again = element("button", "choice", log.dataset.again);
  again.type = "button";
  again.addEventListener("click", () => {
    item.remove();
    deliver(said, shown); // the same key: if it did arrive the first time, it is not counted twice
  });
  item.append(box, again);
  item.scrollIntoView({ block: "nearest" });
  again.focus();
}

async function deliver(said, byButton) {
  if (busy) return;
  busy = true;
  const waiting = bubble("bot");
  waiting.append(element("p", "waiting", log.dataset.waiting));
  waiting.scrollIntoView({ block: "nearest" });
  try {
    const response = await fetch("/chat", {
      method: "POST",
      headers: { Accept: "application/json" },
      body: new URLSearchParams({ ...said, key }),
    });
    const answer = await response.json();
    waiting.remove();
    if (answer.refused) {
      showMessage({ text: log.dataset[answer.refused], choices: [] });
    } else {
      key = answer.key;
      const items = answer.messages.map(showMessage);
      items.at(-1).scrollIntoView({ block: items.at(-1).offsetHeight > innerHeight / 2 ? "start" : "nearest" });
      // A pressed button is disabled and loses the focus: hand it on to the next answer.
      const next = byButton && items.at(-1).querySelector(".choice");
      (next || field).focus({ preventScroll: true });
    }
  } catch {
    waiting.remove();
    showFailure(said, byButton);
  } finally {
    busy = false;
  }
}

function say(text, said, byButton) {
  const item = bubble("you");
  item.append(element("p", "text", text));
  deliver(said, byButton);
}

document.addEventListener("submit", (event) => {
  const button = event.submitter;
  event.preventDefault();
  if (busy) return;
  if (event.target === composer) {
    const text = field.value.trim();
    if (!text) return;
    field.value = "";
    retire();
    say(text, { text }, false);
  } else if (button && button.name === "choice") {
    retire(button);
    say(button.textContent, { choice: button.value }, true);
  }
});
