import assert from 'node:assert/strict';
import test from 'node:test';

import { Copies, type Shift } from '../src/context/copies';

const URI = 'file:///app.py';
const PLACE = { uri: URI, start: 10, end: 20 };

/** Where a copy from 10 to 20 stands after an event; null: nowhere. */
function check(shifts: readonly Shift[], expected: readonly [number, number] | null, uri = URI): void {
  const copies = new Copies();
  const id = copies.made(PLACE);
  copies.changed(uri, shifts);
  const found = copies.now(id);
  assert.deepEqual(found && [found.start, found.end], expected);
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
  check([{ offset: 0, replaced: 100, length: 0 }], [10, 20], 'file:///other.py');
});

test('only the last copy is known, while its document is open', () => {
  const copies = new Copies();
  const [first, second] = [copies.made(PLACE), copies.made({ ...PLACE, start: 0 })];
  assert.equal(copies.now(first), null);
  assert.deepEqual(copies.now(second), { ...PLACE, start: 0 });
  copies.closed(URI);
  assert.equal(copies.now(second), null);
});
