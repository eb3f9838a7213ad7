// The editor of the manifest: CodeMirror in a shadow root, so that its styles come as constructed
// sheets, which the page's content security policy allows. The build bundles this into a file of its
// own, which is fetched when somebody comes near the manifest (scripts/finish.mjs).
//
// The text is the page's: every change is told at once, and what the page then shows comes back by
// `show`. So undo is the page's, too, and covers the form.

import { autocompletion, closeBrackets, completionKeymap } from '@codemirror/autocomplete';
import { defaultKeymap, insertNewlineAndIndent } from '@codemirror/commands';
import { yaml } from '@codemirror/lang-yaml';
import { bracketMatching, foldGutter, foldKeymap, indentUnit } from '@codemirror/language';
import { diagnosticCount, lintGutter, lintKeymap, setDiagnostics } from '@codemirror/lint';
import { highlightSelectionMatches, search, searchKeymap } from '@codemirror/search';
import { Annotation, EditorState, StateEffect, StateField } from '@codemirror/state';
import { Decoration, EditorView, drawSelection, highlightActiveLine, hoverTooltip, keymap, lineNumbers } from '@codemirror/view';
import { colours, look } from './look.js';

// More characters than these are not taken in: the page reads far fewer.
const MOST = 1_048_576;

/** Marks a change that the page made: it is not told back. */
const fromPage = Annotation.define();

const setChanged = StateEffect.define();
const changedLine = Decoration.line({ class: 'changed' });
const changedLines = StateField.define({
  create: () => Decoration.none,
  update(marks, transaction) {
    for (const effect of transaction.effects) {
      if (!effect.is(setChanged)) continue;
      const { doc } = transaction.state;
      const lines = effect.value.filter((line) => line <= doc.lines);
      return Decoration.set(lines.map((line) => changedLine.range(doc.line(line).from)));
    }
    return marks.map(transaction.changes);
  },
  provide: (field) => EditorView.decorations.from(field),
});

/** Whether these lines, and no others, are marked as changed. */
function areMarked(state, lines) {
  const marks = state.field(changedLines).iter();
  for (const line of lines) {
    if (line > state.doc.lines) break;
    if (marks.from !== state.doc.line(line).from || !marks.value) return false;
    marks.next();
  }
  return !marks.value;
}

/**
 * Opens the editor in `host`, an empty element. `page` has what the editor asks: `edited(text)`,
 * `refused(length)` of a text too long to take in, `undo()`, `redo()`, `complete(offset)` and
 * `hover(offset)`, the latter two with JSON as answer.
 */
export function open(host, page) {
  const root = host.shadowRoot ?? host.attachShadow({ mode: 'open', delegatesFocus: true });
  const does = (action) => () => {
    action();
    return true;
  };
  const refuses = (data, { state }) => {
    const length = state.doc.length + (data?.getData('text/plain').length ?? 0);
    if (length <= MOST) return false;
    page.refused(length);
    return true;
  };
  const view = new EditorView({
    parent: root,
    root,
    state: EditorState.create({
      extensions: [
        keymap.of([
          { key: 'Mod-z', run: does(() => page.undo()), preventDefault: true },
          { key: 'Mod-Shift-z', run: does(() => page.redo()), preventDefault: true },
          { key: 'Mod-y', run: does(() => page.redo()), preventDefault: true },
          // The page applies the manifest.
          { key: 'Mod-Enter', run: () => true },
          { key: 'Enter', run: insertNewlineAndIndent },
          ...completionKeymap,
          ...searchKeymap,
          ...foldKeymap,
          ...lintKeymap,
          ...defaultKeymap.filter(({ key }) => key !== 'Mod-Enter' && key !== 'Tab'),
        ]),
        // Other characters than this one end no line: they stay what they are.
        EditorState.lineSeparator.of('\n'),
        lineNumbers(),
        foldGutter({ openText: '▾', closedText: '▸' }),
        lintGutter(),
        yaml(),
        colours,
        look,
        indentUnit.of('  '),
        drawSelection(),
        highlightActiveLine(),
        bracketMatching(),
        closeBrackets(),
        highlightSelectionMatches(),
        search({ top: true }),
        changedLines,
        autocompletion({ override: [(context) => completions(page, context)] }),
        hoverTooltip((_, pos) => explanation(page, pos), { hoverTime: 400 }),
        // Left to itself, a browser writes styles into the text when something selected is typed over.
        EditorView.domEventHandlers({
          paste: (event, editor) => refuses(event.clipboardData, editor),
          drop: (event, editor) => refuses(event.dataTransfer, editor),
          beforeinput(event, editor) {
            const typed = event.inputType === 'insertText' && !editor.composing && event.data;
            if (!typed || editor.state.selection.main.empty) return false;
            editor.dispatch(editor.state.replaceSelection(event.data), { userEvent: 'input.type', scrollIntoView: true });
            return true;
          },
        }),
        EditorView.contentAttributes.of({
          tabindex: '0',
          'aria-label': 'Manifest',
          spellcheck: 'false',
          autocapitalize: 'off',
          autocorrect: 'off',
        }),
        EditorView.updateListener.of((update) => {
          const own = update.transactions.every((each) => !each.annotation(fromPage));
          if (update.docChanged && own) page.edited(update.state.doc.toString());
        }),
      ],
    }),
  });
  return {
    /** Shows the page's text if it is given, its problems and changed lines. */
    show(text, problems, changed) {
      const change = text == null ? undefined : difference(view.state.doc.toString(), text);
      if (change) view.dispatch({ changes: change, annotations: fromPage.of(true) });
      const marks = [];
      if (problems !== '[]' || diagnosticCount(view.state) > 0) {
        const { length } = view.state.doc;
        const placed = JSON.parse(problems).map(({ from, to, severity, message, fixes }) => ({
          from: Math.min(from, length),
          to: Math.min(to, length),
          severity,
          message,
          actions: fixes.map(({ title, index }) => ({ name: title, apply: () => page.fix(index) })),
        }));
        marks.push(setDiagnostics(view.state, placed));
      }
      if (!areMarked(view.state, changed)) marks.push({ effects: setChanged.of(changed) });
      if (marks.length > 0) view.dispatch(...marks);
    },
    /** Puts the caret at the start of a line, from 1. */
    goToLine(line) {
      const { from, to } = view.state.doc.line(Math.min(line, view.state.doc.lines));
      view.dispatch({
        selection: { anchor: from, head: to },
        effects: EditorView.scrollIntoView(from, { y: 'center' }),
      });
      view.focus();
    },
    /** Takes the focus, with what was selected. */
    focusAt(from, to) {
      const { length } = view.state.doc;
      view.dispatch({ selection: { anchor: Math.min(from, length), head: Math.min(to, length) } });
      view.focus();
    },
  };
}

/** The one change that leads from a text to another; none if they are the same. */
function difference(old, text) {
  if (old === text) return undefined;
  const most = Math.min(old.length, text.length);
  let start = 0;
  while (start < most && old[start] === text[start]) start++;
  let end = 0;
  while (end < most - start && old[old.length - 1 - end] === text[text.length - 1 - end]) end++;
  return { from: start, to: old.length - end, insert: text.slice(start, text.length - end) };
}

function completions(page, context) {
  const word = context.matchBefore(/[\w.-]*/);
  if (!context.explicit && word.from === word.to) return null;
  const options = JSON.parse(page.complete(context.pos));
  return options.length > 0 ? { from: word.from, options, validFor: /^[\w.-]*$/ } : null;
}

async function explanation(page, pos) {
  const found = JSON.parse(await page.hover(pos));
  if (!found) return null;
  return {
    pos: found.from,
    end: found.to,
    above: true,
    create() {
      const dom = document.createElement('div');
      dom.className = 'explanation';
      const title = document.createElement('strong');
      title.textContent = found.title;
      const text = document.createElement('p');
      text.textContent = found.text;
      dom.append(title, text);
      return { dom };
    },
  };
}
