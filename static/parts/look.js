// How messages about parts and the page that stopped look, as a constructed sheet: the content security
// policy allows it, and the first load need not have it.

const RULES = `
.parts {
  position: fixed;
  z-index: 9;
  inset: auto 0 0;
  display: grid;
  justify-items: center;
  gap: var(--step);
  padding: var(--step);
  pointer-events: none;
}
.parts__message {
  display: flex;
  flex-wrap: wrap;
  align-items: center;
  gap: var(--step);
  max-inline-size: min(40rem, 100%);
  padding: calc(var(--step) * 1.5);
  border: 1px solid var(--pending);
  border-radius: var(--radius-large);
  background: var(--surface);
  box-shadow: var(--shadow);
  pointer-events: auto;
}
.parts__message > p { flex: 1 1 14rem; overflow-wrap: anywhere; }
.crash {
  box-sizing: border-box;
  max-inline-size: min(36rem, calc(100vw - 2rem));
  max-block-size: calc(100dvh - 2rem);
  margin: auto;
  padding: calc(var(--step) * 3);
  border: 1px solid var(--failed);
  border-radius: var(--radius-large);
  background: var(--surface);
  box-shadow: var(--shadow);
  color: var(--text);
}
.crash[open] { display: flex; flex-wrap: wrap; gap: var(--step); }
.crash::backdrop { background: color-mix(in srgb, var(--ground) 70%, transparent); }
.crash > :is(h2, p, pre) { flex-basis: 100%; overflow-wrap: anywhere; }
.crash__note { color: var(--muted); }
.crash__message {
  overflow: auto;
  max-block-size: 10rem;
  margin: 0;
  padding: var(--step);
  background: var(--sunken);
  white-space: pre-wrap;
}
`;

let sheet;

/** Gives the page these rules, once. */
export function look() {
  if (sheet) return;
  sheet = new CSSStyleSheet();
  sheet.replaceSync(RULES);
  document.adoptedStyleSheets.push(sheet);
}
