// How the editor looks: the page's own colours and sizes, which a shadow root inherits by name.

import { HighlightStyle, syntaxHighlighting } from '@codemirror/language';
import { EditorView } from '@codemirror/view';
import { tags } from '@lezer/highlight';

export const colours = syntaxHighlighting(
  HighlightStyle.define([
    { tag: [tags.propertyName, tags.definition(tags.propertyName)], color: 'var(--accent)' },
    { tag: [tags.number, tags.bool, tags.null, tags.atom], color: 'var(--yaml-number)' },
    { tag: [tags.comment, tags.lineComment], color: 'var(--yaml-comment)' },
    { tag: [tags.meta, tags.labelName, tags.typeName], color: 'var(--terminating)' },
    { tag: tags.invalid, color: 'var(--failed)' },
  ]),
);

export const look = EditorView.theme({
  '&': {
    blockSize: '100%',
    background: 'var(--surface)',
    color: 'var(--text)',
    fontSize: 'inherit',
  },
  '&.cm-focused': { outline: '2px solid var(--accent)', outlineOffset: '-2px' },
  // What changes in the text moves nothing around it.
  '.cm-scroller': { contain: 'strict', fontFamily: 'var(--mono)', lineHeight: '1.1875rem' },
  '.cm-content': { padding: 'var(--half) 0', caretColor: 'var(--text)' },
  '.cm-cursor': { borderLeftColor: 'var(--text)' },
  '.cm-gutters': {
    background: 'var(--surface)',
    color: 'var(--muted)',
    border: '0',
  },
  '.cm-activeLine, .cm-activeLineGutter': { background: 'transparent' },
  '&.cm-focused .cm-activeLine': { background: 'color-mix(in srgb, var(--accent) 7%, transparent)' },
  '.cm-foldGutter .cm-gutterElement': { cursor: 'pointer' },
  '.cm-line.changed': {
    background: 'var(--changed)',
    boxShadow: 'inset 3px 0 0 var(--pending)',
  },
  '.cm-line.changed span': { color: 'var(--text)' },
  '&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground': {
    background: 'color-mix(in srgb, var(--accent) 26%, transparent)',
  },
  '.cm-selectionMatch': { background: 'color-mix(in srgb, var(--accent) 14%, transparent)' },
  '.cm-matchingBracket, &.cm-focused .cm-matchingBracket': {
    background: 'var(--accent-soft)',
    outline: '1px solid var(--accent)',
  },
  '.cm-searchMatch': { background: 'var(--pending-soft)', outline: '1px solid var(--pending)' },
  '.cm-searchMatch-selected': { background: 'var(--changed)' },
  '.cm-foldPlaceholder': {
    background: 'var(--sunken)',
    border: '1px solid var(--line)',
    color: 'var(--muted)',
  },
  '.cm-panels': { background: 'var(--sunken)', color: 'var(--text)', border: '0' },
  '.cm-panel.cm-search': { padding: 'var(--half) var(--step)', fontFamily: 'system-ui, sans-serif' },
  '.cm-panel :is(input, button)': {
    minHeight: '1.5rem',
    border: '1px solid var(--edge)',
    borderRadius: 'var(--radius)',
    background: 'var(--surface)',
    backgroundImage: 'none',
    color: 'var(--text)',
  },
  '.cm-panel.cm-search label': { color: 'var(--text)' },
  '.cm-tooltip': {
    maxWidth: 'min(28rem, 90vw)',
    border: '1px solid var(--line)',
    borderRadius: 'var(--radius)',
    background: 'var(--surface)',
    color: 'var(--text)',
    boxShadow: 'var(--shadow)',
    fontFamily: 'system-ui, sans-serif',
  },
  '.cm-tooltip-autocomplete ul li[aria-selected]': {
    background: 'var(--accent)',
    color: 'var(--on-accent)',
  },
  '.cm-diagnostic': { padding: 'var(--half) var(--step)' },
  '.cm-diagnostic-error': { borderLeft: '4px solid var(--failed)' },
  '.cm-diagnostic-warning': { borderLeft: '4px solid var(--pending)' },
  '.cm-diagnostic-hint': { borderLeft: '4px solid var(--edge)' },
  '.cm-diagnostic-info': { borderLeft: '4px solid var(--accent)' },
  '.cm-diagnosticAction': {
    background: 'var(--accent)',
    color: 'var(--on-accent)',
    padding: '0.125rem 0.5rem',
    border: '0',
  },
  '.cm-lintRange-error': {
    background: 'none',
    textDecoration: 'underline wavy var(--failed) 1px',
    textUnderlineOffset: '0.2em',
  },
  '.cm-lintRange-warning, .cm-lintRange-info': {
    background: 'none',
    textDecoration: 'underline wavy var(--pending) 1px',
    textUnderlineOffset: '0.2em',
  },
  '.cm-lint-marker-hint': {
    boxSizing: 'border-box',
    border: '2px solid var(--muted)',
    borderRadius: '50%',
    transform: 'scale(0.6)',
  },
  '.cm-lintRange-hint': { background: 'none' },
  '.explanation': { padding: 'var(--half) var(--step)' },
  '.explanation p': { margin: '0', whiteSpace: 'pre-wrap', maxHeight: '12rem', overflow: 'auto' },
});
