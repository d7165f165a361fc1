import assert from 'node:assert/strict';
import test from 'node:test';

import { Credentials } from '../src/secrets';
import { Secrets, workspace } from './vscode';

test('who gets a key', async () => {
  const store = new Secrets();
  store.held.set('byline.key.anthropic', 'k');
  const credentials = new Credentials(store as never);
  const cases: [boolean, unknown, string | null][] = [
    [true, 'anthropic', 'k'],
    [true, 'openai', null],
    [true, '../anthropic', null],
    [true, null, null],
    [false, 'anthropic', null],
  ];
  for (const [trusted, provider, expected] of cases) {
    workspace.isTrusted = trusted;
    assert.equal(await credentials.key(provider), expected, String(provider));
  }
});
