/** What happens between the announcement of a save and the save was done by formatters and their like. */
import * as vscode from 'vscode';

import type { Send } from '../protocol';
import type { Watch } from './watch';

const LONGEST = 10_000; // milliseconds: a save that failed is never reported

const REASONS: Readonly<Record<vscode.TextDocumentSaveReason, string>> = {
  [vscode.TextDocumentSaveReason.Manual]: 'manual',
  [vscode.TextDocumentSaveReason.AfterDelay]: 'afterDelay',
  [vscode.TextDocumentSaveReason.FocusOut]: 'focusOut',
};

export function watchSaves(watch: Watch, send: Send): vscode.Disposable {
  const open = new Map<string, { version: number; reason: string; timer: NodeJS.Timeout }>();
  const end = (uri: string): void => {
    clearTimeout(open.get(uri)?.timer);
    open.delete(uri);
    watch.saving(uri, false);
  };
  return vscode.Disposable.from(
    vscode.workspace.onWillSaveTextDocument(({ document, reason }) => {
      const uri = document.uri.toString();
      end(uri);
      watch.saving(uri, true);
      const timer = setTimeout(() => {
        end(uri);
      }, LONGEST);
      open.set(uri, { version: document.version, reason: REASONS[reason], timer });
    }),
    vscode.workspace.onDidSaveTextDocument(({ uri: place, version }) => {
      const uri = place.toString();
      const begun = open.get(uri);
      end(uri);
      if (begun) {
        send('byline/saveBracket', {
          uri,
          version_before: begun.version,
          version_after: version,
          reason: begun.reason,
        });
      }
    }),
    new vscode.Disposable(() => {
      [...open.keys()].forEach(end);
    }),
  );
}
