import assert from 'node:assert/strict';
import test from 'node:test';

import { sessionOf } from '../src/context/proposals';
import type { Line } from '../src/protocol';
import { about, ago, clip, toolName } from '../src/views/words';

const NOW = Date.parse('2026-03-03T12:00:00Z');

function line(known: Partial<Line>): Line {
  return {
    line: 1,
    text: 'x = 1',
    state: 'unknown',
    commit: null,
    author: null,
    time: null,
    tool: null,
    model: null,
    prompt: null,
    ...known,
  };
}

test('what stands beside a line', () => {
  const committed = { commit: 'c'.repeat(40), author: 'Ann <Ann@example.org>', time: '2026-03-01T12:00:00+00:00' };
  const cases: [Partial<Line>, string][] = [
    [{}, ''],
    [{ state: 'human' }, '○ you · not committed yet'],
    [{ state: 'human', ...committed }, '○ you · 2 days ago'],
    [{ state: 'human', ...committed, author: 'Bob <bob@example.org>' }, '○ Bob · 2 days ago'],
    [{ ...committed, author: 'Bob <bob@example.org>' }, '· Bob · 2 days ago'],
    [{ ...committed, author: 'no address' }, '· no address · 2 days ago'],
    [{ state: 'ai', tool: 'claude-code' }, '● Claude Code · not committed yet'],
    [{ state: 'ai', tool: null, ...committed }, '● AI · 2 days ago'],
    [
      { state: 'ai_modified', tool: 'codex', prompt: 'add rate\n limiting', ...committed },
      '◐ Codex, then changed · “add rate limiting” · 2 days ago',
    ],
  ];
  for (const [known, expected] of cases) {
    assert.equal(about(line(known), 'ann@example.org', NOW), expected);
  }
});

test('text from outside stays text, on one line', () => {
  assert.equal(clip('a\u202eb\nc\u0007', 10), 'a�b c�');
  assert.equal(clip('abcdef', 4), 'abc…');
  assert.equal(toolName('x'.repeat(100)).length, 40);
});

test('how long ago', () => {
  const cases: [number, string][] = [
    [-5, 'just now'],
    [59, 'just now'],
    [60, '1 minute ago'],
    [7200, '2 hours ago'],
    [86_400 * 40, '1 month ago'],
    [86_400 * 800, '2 years ago'],
  ];
  for (const [seconds, expected] of cases) {
    assert.equal(ago(NOW - seconds * 1000, NOW), expected);
  }
});

test('the session of a proposal', () => {
  const cases: [string, string | null][] = [
    ['{"chatSessionId": "a"}', 'a'],
    ['{"sessionId": "b"}', 'b'],
    ['{"sessionId": 3}', null],
    ['not JSON', null],
    ['null', null],
    ['', null],
  ];
  for (const [query, expected] of cases) {
    assert.equal(sessionOf(query), expected);
  }
});
