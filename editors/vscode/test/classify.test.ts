import assert from 'node:assert/strict';
import test from 'node:test';

import { type Change, classify, type DetailedReason, isCertain, type Seen, typedLength } from '../src/context/classify';
import { completingTools, toolOf } from '../src/context/tools';
import { origin } from '../src/protocol';

const CLIP = { sha256: 'a'.repeat(64), internal: false, src_uri: null, src_version: null, src_range: null };

function change(text: string, replaced = 0, lines = 0): Change {
  return { text, replaced, lines };
}

function seen(known: Partial<Seen>): Seen {
  return {
    changes: [change('a')],
    reason: null,
    detail: null,
    active: true,
    tooFast: false,
    saving: false,
    accepting: null,
    clip: null,
    completesWithAi: false,
    ...known,
  };
}

/** `expected` is channel and proof, as in `typing shape`. */
function check(known: Partial<Seen>, expected: string): void {
  const found = classify(seen(known));
  assert.equal(`${found.channel} ${found.proof}`, expected, JSON.stringify(known));
}

test('the shape of a keystroke', () => {
  const keys = ['a', '', '(', '()', '""', '""""', '    ', '👩‍💻', 'é', '日本語'];
  const enter = ['\n', '\n    ', '\r\n\t', '\n    \n  ', '\n * ', '\n// '];
  for (const text of [...keys, ...enter]) {
    check({ changes: [change(text)] }, 'typing shape');
  }
});

test('what has no such shape', () => {
  const texts = ['ab c', 'return x', 'x\ny', '\n    return', 'a'.repeat(16), '日'.repeat(16), '<div></div>', ') => {'];
  for (const text of texts) {
    check({ changes: [change(text)] }, 'other null');
  }
  check({ changes: [change('x\n', 30, 2)] }, 'other null');
});

test('every change has to be a keystroke', () => {
  check({ changes: [change('a'), change('a'), change('')] }, 'typing shape');
  check({ changes: [change('a'), change('all of it')] }, 'other null');
});

test('a deletion over lines is a keystroke', () => {
  check({ changes: [change('', 300, 12)] }, 'typing shape');
});

test('nobody types in a document that is not before them', () => {
  check({ active: false }, 'other null');
});

test('nobody types that fast', () => {
  check({ tooFast: true }, 'other null');
  check({ tooFast: true, changes: [change('word')] }, 'other null');
});

test('a word at once comes from a list of completions, where no AI offers words', () => {
  check({ changes: [change('configuration', 4)] }, 'suggest shape');
  check({ changes: [change('append()')] }, 'suggest shape');
  check({ changes: [change('configuration', 4)], completesWithAi: true }, 'other null');
  check({ changes: [change('configuration', 4, 1)] }, 'other null');
  check({ changes: [change('a_name_that_is_far_longer', 1)] }, 'other null');
});

test('what is known beside a change beats its shape', () => {
  check({ reason: 'undo', saving: true, clip: CLIP }, 'undo editor_reason');
  check({ reason: 'redo' }, 'redo editor_reason');
  check({ accepting: { tool: null } }, 'inlineAccept command');
  check({ clip: CLIP }, 'paste paste_provider');
  check({ saving: true, changes: [change('x = 1', 3)] }, 'format save_bracket');
  check({ saving: true, changes: [change('\n')] }, 'format save_bracket');
});

test('who types on while a slow formatter runs is still typing', () => {
  check({ saving: true, changes: [change('x')] }, 'typing shape');
  check({ saving: true, active: false, changes: [change('x')] }, 'format save_bracket');
});

test('what the editor itself says', () => {
  const cases: [string, Record<string, unknown>, string][] = [
    ['cursor', { kind: 'type' }, 'typing editor_reason'],
    ['cursor', { kind: 'compositionEnd' }, 'typing editor_reason'],
    ['cursor', { kind: 'paste' }, 'paste editor_reason'],
    ['cursor', { kind: 'cut' }, 'typing editor_reason'],
    ['cursor', { kind: 'executeCommand' }, 'typing editor_reason'],
    ['inlineCompletionAccept', { $extensionId: 'GitHub.copilot' }, 'inlineAccept editor_reason'],
    ['inlineCompletionPartialAccept', { $extensionId: 'some.one', type: 'word' }, 'inlineAccept editor_reason'],
    ['inlineCompletionAccept', {}, 'other null'],
    ['Chat.applyEdits', {}, 'chatApply editor_reason'],
    ['Chat.applyEdits', { $origin: 'agentHost' }, 'agent editor_reason'],
    ['inlineChat.applyEdits', {}, 'chatApply editor_reason'],
    ['Chat.undoEdits', {}, 'undo editor_reason'],
    ['Chat.reset', {}, 'undo editor_reason'],
    ['reloadFromDisk', {}, 'reload editor_reason'],
    ['suggest', { $extensionId: 'vscode.typescript-language-features' }, 'suggest editor_reason'],
    ['snippet', {}, 'snippet editor_reason'],
    ['rename', {}, 'refactor editor_reason'],
    ['codeAction', {}, 'refactor editor_reason'],
    ['eolChange', {}, 'format editor_reason'],
    ['unknown', { name: 'formatEditsCommand' }, 'format editor_reason'],
    ['unknown', { name: 'MainThreadTextEditor' }, 'other null'],
    ['unknown', {}, 'other null'],
    ['something.newer', { kind: 7 }, 'other null'],
  ];
  for (const [source, metadata, expected] of cases) {
    check({ detail: { source, metadata } }, expected);
  }
});

test('a command of the cursor that brings text is not typing', () => {
  const detail = { source: 'cursor', metadata: { kind: 'executeCommands' } };
  check({ detail, changes: [change('a whole line\n')] }, 'other null');
});

test('a command that types is given away by its speed', () => {
  check({ detail: { source: 'cursor', metadata: { kind: 'type' } }, tooFast: true }, 'other null');
});

test('tool, model and session come with what the editor says', () => {
  const detail: DetailedReason = {
    source: 'Chat.applyEdits',
    metadata: {
      $modelId: 'copilot|gpt-5',
      $extensionId: 'GitHub.copilot-chat',
      $$sessionId: 's-1',
      $$requestId: 'r-1',
      $$mode: {},
    },
  };
  const known = { tool: 'copilot', model: 'copilot/gpt-5', session: 's-1', request: 'r-1' };
  assert.deepEqual(classify(seen({ detail })), origin('chatApply', 'editor_reason', known));
});

test('a completion names a tool only if that is an AI', () => {
  const of = (id: string): string | null =>
    classify(seen({ detail: { source: 'suggest', metadata: { $extensionId: id } } })).tool;
  assert.equal(of('GitHub.copilot'), 'copilot');
  assert.equal(of('ms-python.vscode-pylance'), null);
});

test('only what may be a reload has to wait', () => {
  const certain = [seen({ reason: 'undo' }), seen({ clip: CLIP }), seen({ accepting: { tool: null } })];
  const open = [seen({}), seen({ saving: true, changes: [change('two words')] }), seen({ active: false })];
  assert.deepEqual(certain.map(classify).map(isCertain), [true, true, true]);
  assert.deepEqual(open.map(classify).map(isCertain), [false, false, false]);
});

test('the length of typing is that of one cursor, without indentation', () => {
  assert.equal(typedLength([change('ab'), change('ab')]), 2);
  assert.equal(typedLength([change('\n        ')]), 0);
  assert.equal(typedLength([]), 0);
});

test('tools', () => {
  assert.equal(toolOf('Anthropic.claude-code'), 'claude-code');
  assert.equal(toolOf('Some.One'), 'some.one');
  const extensions = [
    { id: 'GitHub.copilot', isActive: true },
    { id: 'GitHub.copilot-chat', isActive: true },
    { id: 'supermaven.supermaven', isActive: false },
    { id: 'anthropic.claude-code', isActive: true },
  ];
  assert.deepEqual(completingTools(extensions), ['copilot']);
});
