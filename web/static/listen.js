// Reads the question and its answers aloud, where the browser has a voice for the page's language.
"use strict";

const place = document.querySelector(".listen");
const button = place.querySelector("button");
const [listen, stop] = [button.textContent, button.dataset.stop];
const language = document.documentElement.lang;

function findVoice() {
  const voices = window.speechSynthesis.getVoices();
  return voices.find((voice) => voice.lang.toLowerCase().split(/[-_]/)[0] === language);
}

// What a person would read out: the question, what is said about it, the answers.
function words() {
  const parts = document.querySelectorAll("main h1, main .text, main .note, main .choice:not(.aside)");
  return [...parts].map((part) => part.textContent.trim()).filter(Boolean);
}

function settle() {
  button.textContent = listen;
}

function speak() {
  const speech = window.speechSynthesis;
  const stopping = button.textContent === stop;
  speech.cancel();
  settle();
  if (stopping) return;
  const all = words().map((text) => new SpeechSynthesisUtterance(text));
  for (const each of all) {
    each.voice = findVoice();
    each.lang = each.voice.lang;
    speech.speak(each);
  }
  all.at(-1).addEventListener("end", settle);
  button.textContent = stop;
}

function offer() {
  if (findVoice()) place.hidden = false;
}

if ("speechSynthesis" in window) {
  button.addEventListener("click", speak);
  window.speechSynthesis.addEventListener("voiceschanged", offer);
  window.addEventListener("pagehide", () => window.speechSynthesis.cancel());
  offer();
}
