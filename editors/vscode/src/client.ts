/** The language client: one for the window, whatever folders it has. */
import * as vscode from 'vscode';
import {
  CloseAction,
  ErrorAction,
  type ErrorHandler,
  LanguageClient,
  type LanguageClientOptions,
  type Middleware,
  RevealOutputChannelOn,
  TransportKind,
} from 'vscode-languageclient/node';

import type { Program } from './server/find';

const SELECTOR = [
  { scheme: 'file' },
  { scheme: 'untitled' },
  { scheme: 'vscode-scm', language: 'scminput' }, // the box for commit messages
];

const RESTARTS = 4;
const WITHIN = 180_000; // milliseconds

/** A client that is not started yet. `settings` is asked whenever the server wants them. */
export function makeClient(
  program: Program,
  log: vscode.LogOutputChannel,
  settings: () => object,
  middleware: Middleware,
): LanguageClient {
  const run = { command: program.path, args: ['lsp'], transport: TransportKind.stdio };
  const options: LanguageClientOptions = {
    documentSelector: SELECTOR,
    outputChannel: log,
    revealOutputChannelOn: RevealOutputChannelOn.Never,
    initializationOptions: settings,
    initializationFailedHandler: (error) => {
      log.error(`The server did not start: ${String(error)}`);
      return false;
    },
    errorHandler: quietly(log),
    middleware: {
      ...middleware,
      workspace: { configuration: ({ items }) => items.map((item) => (item.section === 'byline' ? settings() : null)) },
    },
  };
  return new LanguageClient('byline', 'Byline', run, options);
}

/** What fails in the background is said in the status item and the log, never in a pop-up. */
function quietly(log: vscode.LogOutputChannel): ErrorHandler {
  let ends: number[] = [];
  return {
    error: (error, _, count) => {
      log.warn(`The connection to the server has an error: ${error.message}`);
      return { action: (count ?? 0) <= 3 ? ErrorAction.Continue : ErrorAction.Shutdown, handled: true };
    },
    closed: () => {
      const now = Date.now();
      ends = [...ends.filter((end) => now - end < WITHIN), now];
      const again = ends.length <= RESTARTS;
      log.error(`The server has ended.${again ? ' It is started again.' : ' That was once too often.'}`);
      return { action: again ? CloseAction.Restart : CloseAction.DoNotRestart, handled: true };
    },
  };
}
