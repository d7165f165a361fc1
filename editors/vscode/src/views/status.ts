/** One item in the language status: how the server is, and what it cannot do. */
import * as vscode from 'vscode';

import type { Status } from '../protocol';
import type { Session } from '../session';

const PAUSE = 1000; // milliseconds

export class StatusItem implements vscode.Disposable {
  private readonly item = vscode.languages.createLanguageStatusItem('byline', { scheme: 'file' });
  private readonly listeners: { dispose(): unknown }[];
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly session: Session) {
    this.item.name = 'Byline';
    this.draw();
    this.listeners = [
      this.item,
      session.onHealth(() => {
        this.draw();
        this.soon();
      }),
      session.onAttributionChanged(() => {
        this.soon();
      }),
      session.onCommitRecorded(() => {
        this.soon();
      }),
      vscode.window.onDidChangeActiveTextEditor(() => {
        this.soon();
      }),
    ];
  }

  dispose(): void {
    clearTimeout(this.timer);
    vscode.Disposable.from(...this.listeners).dispose();
  }

  private soon(): void {
    this.timer ??= setTimeout(() => {
      this.timer = undefined;
      void this.ask();
    }, PAUSE);
  }

  private async ask(): Promise<void> {
    const place = vscode.window.activeTextEditor?.document.uri ?? vscode.workspace.workspaceFolders?.[0]?.uri;
    if (this.session.health === 'running' && place?.scheme === 'file') {
      this.draw(await this.session.status(place));
    }
  }

  private draw(status?: Status): void {
    const { item } = this;
    const severe = vscode.LanguageStatusSeverity;
    item.busy = this.session.health === 'starting';
    item.severity = severe.Information;
    item.detail = '';
    item.command = { title: 'Show Log', command: 'byline.showLog' };
    switch (this.session.health) {
      case 'missing':
        item.text = 'Byline has no server';
        item.severity = severe.Warning;
        item.command = { title: 'Install', command: 'byline.installServer' };
        return;
      case 'starting':
        item.text = 'Byline is starting';
        return;
      case 'stopped':
        item.text = 'Byline is not running';
        item.severity = severe.Error;
        item.command = { title: 'Restart', command: 'byline.restartServer' };
        return;
      case 'running':
        item.text = status ? inWords(status) : 'Byline';
        item.detail = status?.problems.join(' ') ?? '';
        item.severity = item.detail ? severe.Warning : severe.Information;
    }
  }
}

function inWords({ root, pendingEdits }: Status): string {
  if (root === null) {
    return 'Byline: in no repository, not recorded';
  }
  return pendingEdits === 0 ? 'Byline: all is committed' : `Byline: ${pendingEdits} edits to be committed`;
}
