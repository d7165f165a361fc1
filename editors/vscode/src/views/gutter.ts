/** A sign beside every line that has a known author, and a mark in the overview ruler. Off until it is asked for. */
import * as vscode from 'vscode';

import type { State } from '../protocol';
import type { Session } from '../session';
import { isDrawable } from './limits';

const SHOWN = ['ai', 'ai_modified', 'human'] as const satisfies readonly State[];
const PAUSE = 300; // milliseconds

type Shown = (typeof SHOWN)[number];

export class Gutter implements vscode.Disposable {
  private readonly decorations: ReadonlyMap<Shown, vscode.TextEditorDecorationType>;
  private readonly listeners: vscode.Disposable[];
  private timer: NodeJS.Timeout | undefined;
  private on = false;

  constructor(
    private readonly session: Session,
    media: vscode.Uri,
  ) {
    this.decorations = new Map(SHOWN.map((state) => [state, decoration(state, media)]));
    this.listeners = [
      ...this.decorations.values(),
      vscode.window.onDidChangeVisibleTextEditors(() => {
        this.soon();
      }),
      session.onAttributionChanged(() => {
        this.soon();
      }),
      session.onHealth(() => {
        this.soon();
      }),
    ];
  }

  dispose(): void {
    clearTimeout(this.timer);
    vscode.Disposable.from(...this.listeners).dispose();
  }

  async toggle(): Promise<void> {
    this.on = !this.on;
    if (this.on) {
      await this.draw();
    } else {
      clearTimeout(this.timer);
      vscode.window.visibleTextEditors.forEach((editor) => {
        this.clear(editor);
      });
    }
  }

  private soon(): void {
    if (this.on) {
      clearTimeout(this.timer);
      this.timer = setTimeout(() => void this.draw(), PAUSE);
    }
  }

  private async draw(): Promise<void> {
    await Promise.all(vscode.window.visibleTextEditors.map((editor) => this.drawIn(editor)));
  }

  private async drawIn(editor: vscode.TextEditor): Promise<void> {
    const { document } = editor;
    if (!isDrawable(document)) {
      return;
    }
    const { version } = document;
    const found = await this.session.attribution(document, null);
    if (!found || !this.on || found.version !== version || version !== document.version) {
      return; // stale: the next news of this document draws it; what was drawn moves with the text until then
    }
    for (const [state, type] of this.decorations) {
      const lines = found.lines.filter((line) => line.state === state);
      editor.setDecorations(
        type,
        lines.map(({ line }) => new vscode.Range(line - 1, 0, line - 1, 0)),
      );
    }
  }

  private clear(editor: vscode.TextEditor): void {
    for (const type of this.decorations.values()) {
      editor.setDecorations(type, []);
    }
  }
}

function decoration(state: Shown, media: vscode.Uri): vscode.TextEditorDecorationType {
  const icon = (theme: string): vscode.Uri => vscode.Uri.joinPath(media, `${state}-${theme}.svg`);
  return vscode.window.createTextEditorDecorationType({
    isWholeLine: true,
    overviewRulerColor: new vscode.ThemeColor(COLOURS[state]),
    overviewRulerLane: vscode.OverviewRulerLane.Left,
    light: { gutterIconPath: icon('light'), gutterIconSize: '75%' },
    dark: { gutterIconPath: icon('dark'), gutterIconSize: '75%' },
  });
}

const COLOURS: Readonly<Record<Shown, string>> = {
  ai: 'byline.ai',
  ai_modified: 'byline.aiModified',
  human: 'byline.human',
};
