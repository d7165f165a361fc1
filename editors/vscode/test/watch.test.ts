import assert from 'node:assert/strict';
import test, { mock, type TestContext } from 'node:test';

import { type Event, PATIENCE, Watch } from '../src/context/watch';

const URI = 'file:///app.py';

/** A watch, and what it has said: version, channel and proof of each event. */
function watched(t: TestContext): { watch: Watch; said: string[] } {
  mock.timers.enable({ apis: ['setTimeout'] });
  t.after(() => {
    mock.timers.reset();
  });
  const said: string[] = [];
  const watch = new Watch((_, version, { channel, proof }) => {
    said.push(`${version} ${channel} ${proof}`);
  });
  return { watch, said };
}

function event(version: number, known: Partial<Event> & { text?: string } = {}): Event {
  const { text = 'x', ...rest } = known;
  return {
    uri: URI,
    version,
    dirty: true,
    at: version * 50,
    changes: [{ text, replaced: 0, lines: 0 }],
    reason: null,
    detail: null,
    active: true,
    completesWithAi: false,
    ...rest,
  };
}

test('what is clear is said at once', (t) => {
  const { watch, said } = watched(t);
  watch.changed(event(2));
  watch.changed(event(3, { text: 'return 1' }));
  watch.changed(event(4, { reason: 'undo', dirty: false }));
  assert.deepEqual(said, ['2 typing shape', '3 other null', '4 undo editor_reason']);
});

test('what leaves a document clean is a reload', (t) => {
  const { watch, said } = watched(t);
  watch.changed(event(2, { dirty: false, text: 'much\nmore\n' }));
  mock.timers.tick(PATIENCE - 1);
  assert.deepEqual(said, []);
  mock.timers.tick(1);
  assert.deepEqual(said, ['2 reload dirty_flag']);
});

test('the first edit after a save becomes dirty in time', (t) => {
  const { watch, said } = watched(t);
  watch.changed(event(2, { dirty: false }));
  mock.timers.tick(3);
  watch.becameDirty(URI);
  mock.timers.tick(PATIENCE);
  assert.deepEqual(said, ['2 typing shape']);
});

test('the next edit may tell as well that a document is dirty', (t) => {
  const { watch, said } = watched(t);
  watch.changed(event(2, { dirty: false }));
  watch.changed(event(3));
  assert.deepEqual(said, ['2 typing shape', '3 typing shape']);
});

test('two reloads, and then an edit', (t) => {
  const { watch, said } = watched(t);
  watch.changed(event(2, { dirty: false, text: 'one\n' }));
  watch.changed(event(3, { dirty: false, text: 'two\n' }));
  watch.changed(event(4, { dirty: false }));
  watch.becameDirty(URI);
  assert.deepEqual(said, ['2 reload dirty_flag', '3 reload dirty_flag', '4 typing shape']);
});

test('documents do not wait for each other', (t) => {
  const { watch, said } = watched(t);
  watch.changed(event(2, { dirty: false }));
  watch.becameDirty('file:///other.py');
  mock.timers.tick(PATIENCE);
  assert.deepEqual(said, ['2 reload dirty_flag']);
});

test('of a document that is closed nothing more is said', (t) => {
  const { watch, said } = watched(t);
  watch.changed(event(2, { dirty: false }));
  watch.closed(URI);
  mock.timers.tick(PATIENCE);
  assert.deepEqual(said, []);
});

test('a save brackets what its formatter does', (t) => {
  const { watch, said } = watched(t);
  watch.saving(URI, true);
  watch.changed(event(2, { text: 'x = 1' }));
  watch.saving(URI, false);
  watch.changed(event(3, { text: 'y = 1' }));
  assert.deepEqual(said, ['2 format save_bracket', '3 other null']);
});

test('one change is the suggestion that is accepted, in its document, while its command runs', (t) => {
  const { watch, said } = watched(t);
  watch.accepts({ uri: 'file:///other.py', tool: null });
  watch.changed(event(2, { text: 'return 1' }));
  watch.accepts({ uri: URI, tool: 'copilot' });
  watch.changed(event(3, { text: 'return 2' }));
  watch.changed(event(4, { text: 'return 3' }));
  watch.accepts({ uri: URI, tool: 'copilot' });
  watch.accepts(null);
  watch.changed(event(5, { text: 'return 4' }));
  assert.deepEqual(said, ['2 other null', '3 inlineAccept command', '4 other null', '5 other null']);
});

test('a paste is recognised by its text, indented or not, for a moment', (t) => {
  const { watch, said } = watched(t);
  watch.pastes.announce(URI, 'if x:\n  return 1\n', null, 0);
  watch.changed(event(2, { text: 'if x:\n      return 1\n', at: 100 }));
  watch.changed(event(3, { text: 'if x:\n      return 1\n', at: 110 }));
  watch.pastes.announce(URI, 'return 1', null, 200);
  watch.changed(event(4, { text: 'return 2', at: 210 }));
  watch.changed(event(5, { text: 'return 1', at: 5000 }));
  assert.deepEqual(said, ['2 paste paste_provider', '3 other null', '4 other null', '5 other null']);
});

test('a paste says where it comes from, never what it is', (t) => {
  mock.timers.enable({ apis: ['setTimeout'] });
  t.after(() => {
    mock.timers.reset();
  });
  const clips: unknown[] = [];
  const watch = new Watch((_, __, { clip }) => clips.push(clip));
  const source = { src_uri: 'file:///b.py', src_version: 3, src_range: null };
  watch.pastes.announce(URI, 'secret = 1', source, 0);
  watch.changed(event(2, { text: 'secret = 1', at: 10 }));
  assert.deepEqual(clips, [
    { sha256: 'a13a957d2281c6e5eebc6e26130daaad081591d67c8fb12e61f41e037cc084a5', internal: true, ...source },
  ]);
});

test('a burst of keystrokes is no person', (t) => {
  const { watch, said } = watched(t);
  for (let version = 2; version < 30; version += 1) {
    watch.changed(event(version, { at: 1000 + version / 30 }));
  }
  assert.equal(said.filter((each) => each.includes('typing')).length, 3);
});

test('a fast typist is one, and so is a held key', (t) => {
  const { watch, said } = watched(t);
  for (let version = 2; version < 60; version += 1) {
    watch.changed(event(version, { at: 1000 + version * 8 }));
  }
  assert.ok(said.every((each) => each.endsWith('typing shape')));
});
