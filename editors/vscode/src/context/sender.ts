/** Listens to what happens to documents and says of it what this editor can know. */
import * as vscode from 'vscode';
import type { Middleware } from 'vscode-languageclient/node';

import type { Send } from '../protocol';
import type { Change, DetailedReason } from './classify';
import type { Installed } from './installed';
import { Watch } from './watch';

type ChangeEvent = vscode.TextDocumentChangeEvent & { readonly detailedReason?: DetailedReason };

/** Sends `byline/editContext` before each `textDocument/didChange`, or after it where time has to tell. */
export class ContextSender implements vscode.Disposable {
  readonly watch: Watch;
  /** Whether the editor itself says where changes come from; known from the first change on. */
  hasDetailedReasons = false;
  private readonly listeners: { dispose(): unknown }[];

  constructor(
    send: Send,
    private readonly installed: Installed,
    private readonly foundDetailedReasons: () => void,
  ) {
    this.watch = new Watch((uri, version, origin) => {
      send('byline/editContext', { textDocument: { uri, version }, origins: [origin] });
    });
    this.listeners = [
      vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
        if (contentChanges.length === 0 && document.isDirty) {
          this.watch.becameDirty(document.uri.toString());
        }
      }),
      vscode.workspace.onDidCloseTextDocument(({ uri }) => {
        this.watch.closed(uri.toString());
      }),
      this.watch,
    ];
  }

  /** The language client's own way to a change: nothing that is said of a change may come apart from it. */
  readonly didChange: NonNullable<Middleware['didChange']> = (event, next) => {
    this.changed(event);
    return next(event);
  };

  dispose(): void {
    vscode.Disposable.from(...this.listeners).dispose();
  }

  private changed(event: ChangeEvent): void {
    const { document, contentChanges, reason } = event;
    if (contentChanges.length === 0) {
      return;
    }
    if (event.detailedReason && !this.hasDetailedReasons) {
      this.hasDetailedReasons = true;
      this.foundDetailedReasons();
    }
    this.watch.changed({
      uri: document.uri.toString(),
      version: document.version,
      dirty: document.isDirty,
      at: Date.now(),
      changes: contentChanges.map(toChange),
      reason: reason === undefined ? null : reason === vscode.TextDocumentChangeReason.Undo ? 'undo' : 'redo',
      detail: event.detailedReason ?? null,
      active: vscode.window.activeTextEditor?.document === document,
      completesWithAi: this.installed.completing.length > 0,
    });
  }
}

function toChange({ text, range, rangeLength }: vscode.TextDocumentContentChangeEvent): Change {
  return { text, replaced: rangeLength, lines: range.end.line - range.start.line };
}
