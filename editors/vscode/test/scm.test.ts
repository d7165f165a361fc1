import assert from 'node:assert/strict';
import test from 'node:test';

import type { CommitMessage } from '../src/protocol';
import { fillCommitMessage, GENERATE } from '../src/scm';
import { git, person, Uri, workspace } from './vscode';

const ANSWER: CommitMessage = {
  message: 'feat: one',
  candidates: [{ message: 'feat: one\n\nbody', reasons: ['because'] }, { message: 'fix: two' }],
  problems: [],
};

interface Case {
  readonly boxes: Readonly<Record<string, string>>;
  readonly answer?: CommitMessage;
  readonly chooses?: string;
  readonly control?: object;
  readonly trusted?: boolean;
}

/** The boxes after a click on the button; what was asked of the server. */
async function clicked(known: Case): Promise<{ boxes: Record<string, string>; asked: unknown[] }> {
  git.boxes = new Map(Object.entries(known.boxes).map(([path, value]) => [path, { value }]));
  person.chooses = known.chooses ?? null;
  person.told = [];
  workspace.isTrusted = known.trusted ?? true;
  const asked: unknown[] = [];
  const session = {
    execute: (command: string, argument: object) => {
      asked.push([command, argument]);
      return Promise.resolve(known.answer ?? ANSWER);
    },
  };
  await fillCommitMessage(session as never, known.control);
  return { boxes: Object.fromEntries([...git.boxes].map(([path, { value }]) => [path, value])), asked };
}

test('an empty box is filled', async () => {
  const { boxes, asked } = await clicked({ boxes: { '/a': ' ' } });
  assert.deepEqual(boxes, { '/a': 'feat: one' });
  assert.deepEqual(asked, [[GENERATE, { root: '/a', offline: false }]]);
});

test('no model is asked for a folder that is not trusted', async () => {
  const { asked } = await clicked({ boxes: { '/a': '' }, trusted: false });
  assert.deepEqual(asked, [[GENERATE, { root: '/a', offline: true }]]);
});

test('what stands in a box is replaced only by choice', async () => {
  assert.deepEqual((await clicked({ boxes: { '/a': 'mine' } })).boxes, { '/a': 'mine' });
  assert.deepEqual((await clicked({ boxes: { '/a': 'mine' }, chooses: 'fix: two' })).boxes, { '/a': 'fix: two' });
  const whole = await clicked({ boxes: { '/a': 'mine' }, chooses: 'feat: one' });
  assert.deepEqual(whole.boxes, { '/a': 'feat: one\n\nbody' });
});

test('of several repositories it is the one whose button was clicked, or that is chosen', async () => {
  const boxes = { '/a': '', '/b': '' };
  const expected = { '/a': '', '/b': 'feat: one' };
  assert.deepEqual((await clicked({ boxes, control: { rootUri: Uri.file('/b') } })).boxes, expected);
  assert.deepEqual((await clicked({ boxes, chooses: 'b' })).boxes, expected);
  assert.deepEqual((await clicked({ boxes })).boxes, boxes);
});

test('where there is no message, the reason is told', async () => {
  const answer = { message: '', candidates: [], problems: ['Nothing is staged.'] };
  assert.deepEqual((await clicked({ boxes: { '/a': '' }, answer })).boxes, { '/a': '' });
  assert.deepEqual(person.told, ['Byline: Nothing is staged.']);
});
