// Messages about parts that do not come: where they stand, and what they offer.

import { look } from './look.js';

let region;

/**
 * Shows a message with buttons, `[label, action]` each, or changes one that is shown. Loud ones are
 * alerts; quiet ones wait for their turn.
 */
export function tell(shown, text, actions, isQuiet) {
  look();
  region ??= document.createElement('div');
  // The app hears nothing from in here (static/start.js).
  region.className = 'say parts';
  if (!region.isConnected) document.body.append(region);
  const message = shown ?? region.appendChild(document.createElement('div'));
  const isSame = message.children.length === actions.length + 1;
  if (isSame && message.firstChild.textContent === text) return message;
  message.className = 'parts__message';
  message.setAttribute('role', isQuiet ? 'status' : 'alert');
  const sentence = document.createElement('p');
  sentence.textContent = text;
  // A button that has the focus keeps it.
  const focused = [...message.children].indexOf(document.activeElement);
  message.replaceChildren(sentence, ...actions.map(button));
  if (focused > 0) message.children[Math.min(focused, actions.length)].focus();
  return message;
}

/** A button of the page. */
export function button([label, action], index = 0) {
  const element = document.createElement('button');
  element.type = 'button';
  element.className = index === 0 ? 'button button--primary' : 'button';
  element.textContent = label;
  element.onclick = action;
  return element;
}
