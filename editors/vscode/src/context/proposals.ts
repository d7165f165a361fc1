/** Whole texts that an AI tool proposes: shown in documents of its own schemes before they are written. */
import * as vscode from 'vscode';

import type { Send } from '../protocol';
import { sha256 } from './pastes';

const SETTLED = 300; // milliseconds without a change, while a text is still being written

const TOOLS: Readonly<Record<string, string>> = {
  'chat-editing-snapshot-text-model': 'copilot',
  'chat-editing-text-model': 'copilot',
  _claude_fs_right: 'claude-code',
  _claude_vscode_fs_right: 'claude-code',
};

export function watchProposals(send: Send): vscode.Disposable {
  const timers = new Map<string, NodeJS.Timeout>();
  const tell = (document: vscode.TextDocument, state: 'shown' | 'closed'): void => {
    const tool = TOOLS[document.uri.scheme];
    if (tool && document.uri.path) {
      send('byline/proposal', {
        uri: vscode.Uri.file(document.uri.path).toString(),
        tool,
        session: sessionOf(document.uri.query),
        sha256_after: sha256(document.getText()),
        state,
        ts: Date.now(),
      });
    }
  };
  const forget = (uri: string): void => {
    clearTimeout(timers.get(uri));
    timers.delete(uri);
  };
  const tellSoon = (document: vscode.TextDocument): void => {
    const uri = document.uri.toString();
    forget(uri);
    timers.set(
      uri,
      setTimeout(() => {
        timers.delete(uri);
        tell(document, 'shown');
      }, SETTLED),
    );
  };
  return vscode.Disposable.from(
    vscode.workspace.onDidOpenTextDocument((document) => {
      tell(document, 'shown');
    }),
    vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
      if (contentChanges.length > 0 && document.uri.scheme in TOOLS) {
        tellSoon(document);
      }
    }),
    vscode.workspace.onDidCloseTextDocument((document) => {
      forget(document.uri.toString());
      tell(document, 'closed');
    }),
    new vscode.Disposable(() => {
      [...timers.keys()].forEach(forget);
    }),
  );
}

/** The session that a chat's document names in its query; null where it names none. */
export function sessionOf(query: string): string | null {
  let found: unknown;
  try {
    found = JSON.parse(query);
  } catch {
    return null; // not every scheme has JSON there
  }
  if (typeof found !== 'object' || found === null) {
    return null;
  }
  const { chatSessionId, sessionId } = found as Record<string, unknown>;
  const session = chatSessionId ?? sessionId;
  return typeof session === 'string' && session.length <= 512 ? session : null;
}
