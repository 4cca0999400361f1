// Keeps the page up to date: the server sends the parts that changed, as HTML that it has escaped.
"use strict";

const main = document.getElementById("main");
const pulse = document.querySelector(".pulse");
let heard = 0;

// Only what differs is touched, so that scrolling, selections and animations go on undisturbed.
function morph(old, fresh) {
  if (old.nodeType !== fresh.nodeType || old.nodeName !== fresh.nodeName) {
    old.replaceWith(fresh.cloneNode(true));
  } else if (old.nodeType !== Node.ELEMENT_NODE) {
    if (old.nodeValue !== fresh.nodeValue) old.nodeValue = fresh.nodeValue;
  } else {
    for (const { name } of [...old.attributes]) if (!fresh.hasAttribute(name)) old.removeAttribute(name);
    for (const { name, value } of fresh.attributes) if (old.getAttribute(name) !== value) old.setAttribute(name, value);
    children(old, fresh);
  }
}

function children(old, fresh) {
  const before = [...old.childNodes];
  const after = [...fresh.childNodes];
  after.forEach((node, at) => (at < before.length ? morph(before[at], node) : old.append(node.cloneNode(true))));
  before.slice(after.length).forEach((node) => node.remove());
}

function say(live) {
  const words = live ? pulse.dataset.live : pulse.dataset.lost;
  if (pulse.textContent !== words) pulse.textContent = words;
  pulse.classList.toggle("on", live);
}

const events = new EventSource(main.dataset.events);
events.onmessage = ({ data }) => {
  heard = Date.now();
  say(true);
  for (const [id, html] of Object.entries(JSON.parse(data))) {
    const old = document.getElementById(id);
    const fresh = old.cloneNode(false);
    fresh.innerHTML = html;
    children(old, fresh);
  }
};
events.onerror = () => say(false);
setInterval(() => heard && Date.now() - heard > 10000 && say(false), 2000);
