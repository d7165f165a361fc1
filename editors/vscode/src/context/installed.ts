/** The AI extensions of this window. Asked with every keystroke, so the list is kept. */
import * as vscode from 'vscode';

import { aiExtensions, completingTools } from './tools';

export class Installed implements vscode.Disposable {
  private known = aiExtensions(vscode.extensions.all);
  private readonly listener = vscode.extensions.onDidChange(() => {
    this.known = aiExtensions(vscode.extensions.all);
  });

  /** The tools that may offer inline suggestions now: their extensions may start at any time. */
  get completing(): string[] {
    return completingTools(this.known);
  }

  get all(): readonly vscode.Extension<unknown>[] {
    return this.known;
  }

  dispose(): void {
    this.listener.dispose();
  }
}
