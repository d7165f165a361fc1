import assert from 'node:assert/strict';
import test from 'node:test';

import { Copies, QUIET, REMEMBERED, type Shift } from '../src/context/copies';

const URI = 'file:///app.py';
const LINE = '1:0-1:10';
const PLACE = { uri: URI, start: 10, end: 20 };
const ELSEWHERE = { uri: URI, start: 70, end: 80 };

/** Copies of which the one from 10 to 20, on the second line, has just been told. */
function copied(): { copies: Copies; id: string } {
  const copies = new Copies();
  copies.selected(LINE, PLACE);
  return { copies, id: copies.made(LINE, PLACE, 0) };
}

function now(copies: Copies, id: string): [number, number] | null {
  const found = copies.now(id);
  return found && [found.start, found.end];
}

/** Where a copy from 10 to 20 stands after an event; null: nowhere. The same if the copy is told after the event. */
function check(shifts: readonly Shift[], expected: readonly [number, number] | null): void {
  const { copies, id } = copied();
  copies.changed(URI, shifts, 0);
  assert.deepEqual(now(copies, id), expected);
  assert.deepEqual(now(copies, copies.made(LINE, ELSEWHERE, 0)), expected);
}

test('a copy moves with what comes before it', () => {
  check([{ offset: 0, replaced: 0, length: 5 }], [15, 25]);
  check([{ offset: 4, replaced: 6, length: 1 }], [5, 15]);
  check([{ offset: 10, replaced: 0, length: 3 }], [13, 23]);
  check([{ offset: 20, replaced: 4, length: 9 }], [10, 20]);
  check([{ offset: 30, replaced: 4, length: 0 }, { offset: 2, replaced: 2, length: 0 }], [8, 18]);
});

test('a copy is gone with the first edit in it', () => {
  check([{ offset: 11, replaced: 0, length: 1 }], null);
  check([{ offset: 5, replaced: 6, length: 0 }], null);
  check([{ offset: 19, replaced: 3, length: 3 }], null);
  check([{ offset: 0, replaced: 100, length: 100 }], null);
});

test('other documents do not matter', () => {
  const { copies, id } = copied();
  copies.changed('file:///other.py', [{ offset: 0, replaced: 100, length: 0 }], 0);
  copies.closed('file:///other.py');
  assert.deepEqual(now(copies, id), [10, 20]);
});

test('a copy that is told late is what was selected, not what stands there now', () => {
  const copies = new Copies();
  copies.selected(LINE, PLACE);
  copies.selected('1:0-1:0', { ...PLACE, end: 10 }); // the keys Home and Enter
  copies.changed(URI, [{ offset: 10, replaced: 0, length: 1 }], 0);
  copies.selected('2:0-2:0', { uri: URI, start: 11, end: 11 });
  assert.deepEqual(now(copies, copies.made(LINE, ELSEWHERE, 0)), [11, 21]);
});

test('of what was selected under the same name, the last is meant', () => {
  const copies = new Copies();
  copies.selected(LINE, PLACE);
  copies.changed(URI, [{ offset: 0, replaced: 0, length: 10 }], 0);
  copies.selected(LINE, PLACE);
  assert.deepEqual(now(copies, copies.made(LINE, ELSEWHERE, 0)), [10, 20]);
});

test('in a document that has not changed lately, a copy is not late', () => {
  for (const [moment, expected] of [[QUIET - 1, [10, 20]], [QUIET, [70, 80]]] as const) {
    const { copies } = copied();
    copies.changed(URI, [{ offset: 30, replaced: 0, length: 10 }], 0);
    assert.deepEqual(now(copies, copies.made(LINE, ELSEWHERE, moment)), expected);
  }
});

test('what nobody selected of late was copied from nowhere', () => {
  const { copies } = copied();
  copies.changed(URI, [{ offset: 30, replaced: 0, length: 10 }], 0);
  assert.equal(now(copies, copies.made('1:0-1:9', PLACE, 0)), null);
  for (let at = 0; at < REMEMBERED; at += 1) {
    copies.selected('0:0-0:0', { uri: URI, start: 0, end: 0 });
  }
  assert.equal(now(copies, copies.made(LINE, PLACE, 0)), null);
});

test('only the last copy is known, while its document is open', () => {
  const { copies, id: first } = copied();
  const second = copies.made(LINE, PLACE, 0);
  assert.equal(now(copies, first), null);
  assert.deepEqual(now(copies, second), [10, 20]);
  copies.closed(URI);
  assert.equal(now(copies, second), null);
});
