/** What this extension sends and expects, against the real server: $BYLINE_SERVER, or the one of this checkout. */
import assert from 'node:assert/strict';
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { after, before } from 'node:test';
import { pathToFileURL } from 'node:url';

import {
  createProtocolConnection,
  type InitializeResult,
  type ProtocolConnection,
  StreamMessageReader,
  StreamMessageWriter,
} from 'vscode-languageserver-protocol/node';

import manifest from '../package.json';
import { sha256 } from '../src/context/pastes';
import {
  type Attribution,
  type Channel,
  type Notifications,
  origin,
  type Origin,
  type Proof,
  type Status,
} from '../src/protocol';
import { set, workspace } from './vscode';
import { settingsForServer } from '../src/settings';

const SERVER = process.env['BYLINE_SERVER'] ?? join(__dirname, '..', '..', '..', '..', '.venv', 'bin', 'byline');
const skip = existsSync(SERVER) ? false : `there is no server at ${SERVER}`;

let folder: string;
let server: ChildProcess;
let connection: ProtocolConnection;
let answer: InitializeResult;
let version = 1;

before(async () => {
  if (skip) {
    return;
  }
  folder = mkdtempSync(join(tmpdir(), 'byline-contract-'));
  execFileSync('git', ['init', '--quiet', folder]);
  writeFileSync(join(folder, 'app.py'), '');
  const env = { ...process.env, HOME: folder, XDG_STATE_HOME: folder, XDG_CONFIG_HOME: folder };
  server = spawn(SERVER, ['lsp'], { env, stdio: ['pipe', 'pipe', 'ignore'] });
  assert.ok(server.stdin && server.stdout);
  connection = createProtocolConnection(new StreamMessageReader(server.stdout), new StreamMessageWriter(server.stdin));
  connection.listen();
  set.clear();
  workspace.isTrusted = true;
  const uri = pathToFileURL(folder).toString();
  answer = await connection.sendRequest('initialize', {
    processId: process.pid,
    rootUri: uri,
    capabilities: {},
    initializationOptions: settingsForServer(manifest),
    workspaceFolders: [{ uri, name: 'contract' }],
  });
  await connection.sendNotification('initialized', {});
  const textDocument = { uri: document(), languageId: 'python', version, text: '' };
  await connection.sendNotification('textDocument/didOpen', { textDocument });
});

after(async () => {
  if (skip) {
    return;
  }
  await connection.sendRequest('shutdown');
  await connection.sendNotification('exit');
  connection.dispose();
  rmSync(folder, { recursive: true, force: true });
});

function document(): string {
  return pathToFileURL(join(folder, 'app.py')).toString();
}

async function tell<M extends keyof Notifications>(method: M, params: Notifications[M]): Promise<void> {
  await connection.sendNotification(method, params);
}

/** A line is inserted at the start and said to have come from `said`; what the server makes of it. */
async function stateOf(said: Origin): Promise<string> {
  version += 1;
  const textDocument = { uri: document(), version };
  await tell('byline/editContext', { textDocument, origins: [said] });
  const start = { line: 0, character: 0 };
  const text = `line_${version} = some_words(${version}, and_more)\n`;
  const contentChanges = [{ range: { start, end: start }, text }];
  await connection.sendNotification('textDocument/didChange', { textDocument, contentChanges });
  const range = { start, end: { line: 0, character: 1 } };
  const found: Attribution = await connection.sendRequest('byline/attribution', { textDocument, range });
  assert.equal(found.version, version);
  return found.lines.map(({ state }) => state).join();
}

test('the server has the commands of the palette, and no others of ours', { skip }, () => {
  const announced = answer.capabilities.executeCommandProvider?.commands ?? [];
  const wanted = ['copyAttribution', 'explainLine', 'markAsAi', 'markAsHuman', 'showPrompt', 'toggle'];
  assert.deepEqual(wanted.map((name) => `byline.${name}`).filter((command) => !announced.includes(command)), []);
  const own = ['restartServer', 'showLog', 'installServer', 'toggleGutter', 'fillCommitMessage', 'chooseAgents'];
  assert.deepEqual(own.filter((name) => announced.includes(`byline.${name}`)), []);
});

test('every channel means what it should', { skip }, async () => {
  const cases: [Channel, Proof | null, string][] = [
    ['typing', 'shape', 'human'],
    ['suggest', 'shape', 'human'],
    ['snippet', 'editor_reason', 'human'],
    ['inlineAccept', 'command', 'ai'],
    ['chatApply', 'editor_reason', 'ai'],
    ['agent', 'editor_reason', 'ai'],
    ['paste', 'paste_provider', 'unknown'],
    ['reload', 'dirty_flag', 'unknown'],
    ['other', null, 'unknown'],
  ];
  for (const [channel, proof, expected] of cases) {
    assert.equal(await stateOf(origin(channel, proof)), expected, channel);
  }
});

test('a clip is understood', { skip }, async () => {
  const clip = { sha256: sha256('x'), internal: true, src_uri: null, src_version: null, src_range: null };
  assert.equal(await stateOf(origin('paste', 'paste_provider', { clip })), 'unknown');
});

test('the settings and all other notifications are taken without a complaint', { skip }, async () => {
  const uri = document();
  const channels = {
    detailed_reason: false,
    paste_provider: true,
    inline_override: true,
    stack: false,
    disk_digest: true,
  };
  const digest = sha256('x');
  await tell('byline/hello', {
    client: 'vscode',
    client_version: '1',
    editor_version: '1.91.0',
    channels,
    ai_extensions: [{ id: 'github.copilot', version: null }],
  });
  await tell('byline/proposal', { uri, tool: 'copilot', session: null, sha256_after: digest, state: 'shown', ts: 1 });
  await tell('byline/diskChange', {
    uri,
    kind: 'change',
    sha256: digest,
    size: 1,
    mtime_ms: 1.5,
    open: true,
    dirty: false,
  });
  await tell('byline/saveBracket', { uri, version_before: 1, version_after: 1, reason: 'manual' });
  await connection.sendNotification('workspace/didChangeConfiguration', {
    settings: { byline: settingsForServer(manifest) },
  });
  const status: Status = await connection.sendRequest('byline/status', { uri });
  const complaints = status.problems.filter((problem) => /byline\/|workspace\/|textDocument\//.test(problem));
  assert.deepEqual(complaints, []);
  assert.equal(status.trusted, true);
  assert.ok(status.root);
});
