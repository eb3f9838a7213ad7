// Styles of what a first visit does not show: the first load need not have them.

import RULES from '../../target/assets/late.css';

/** Gives the page these rules. */
export function dress() {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(RULES);
  document.adoptedStyleSheets.push(sheet);
}
