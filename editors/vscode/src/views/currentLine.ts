/** Who wrote the line that the cursor is in: dimmed, at its end, after a pause, and never on a line being typed. */
import * as vscode from 'vscode';

import { ownAddress } from '../git';
import type { Session } from '../session';
import { isDrawable, isShort } from './limits';
import { about } from './words';

const PAUSE = 600; // milliseconds
const GAP = '3em';

export class CurrentLine implements vscode.Disposable {
  private readonly decoration = vscode.window.createTextEditorDecorationType({
    after: { color: new vscode.ThemeColor('byline.currentLine'), fontStyle: 'italic', margin: `0 0 0 ${GAP}` },
    rangeBehavior: vscode.DecorationRangeBehavior.ClosedOpen,
  });
  private readonly listeners: { dispose(): unknown }[];
  private timer: NodeJS.Timeout | undefined;
  private shown: vscode.TextEditor | undefined;
  private version = vscode.window.activeTextEditor?.document.version;
  private typedIn: number | undefined; // the line that is being typed

  constructor(private readonly session: Session) {
    this.listeners = [
      this.decoration,
      vscode.window.onDidChangeTextEditorSelection(({ textEditor }) => {
        if (textEditor === vscode.window.activeTextEditor) {
          this.moved(textEditor);
        }
      }),
      vscode.window.onDidChangeActiveTextEditor((editor) => {
        this.version = editor?.document.version;
        this.typedIn = undefined;
        this.clear();
        this.soon();
      }),
      vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
        if (contentChanges.length > 0 && document === vscode.window.activeTextEditor?.document) {
          this.clear();
        }
      }),
      session.onAttributionChanged((uri) => {
        if (this.shown?.document.uri.toString() === uri) {
          this.soon(); // the old words stay until the new ones are there
        }
      }),
      session.onHealth(() => {
        this.clear();
        this.soon();
      }),
    ];
  }

  dispose(): void {
    this.clear();
    vscode.Disposable.from(...this.listeners).dispose();
  }

  /** Look again after a pause: the cursor has moved, or a setting has changed. */
  soon(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.show(), PAUSE);
  }

  /** The cursor has moved: by itself, because of a change, or to where nobody types. */
  private moved({ document, selection }: vscode.TextEditor): void {
    const { line } = selection.active;
    if (this.version !== document.version) {
      this.version = document.version;
      this.typedIn = line;
    } else if (this.typedIn !== line) {
      this.typedIn = undefined;
      this.soon();
    }
  }

  private clear(): void {
    clearTimeout(this.timer);
    this.shown?.setDecorations(this.decoration, []);
    this.shown = undefined;
  }

  private async show(): Promise<void> {
    const editor = vscode.window.activeTextEditor;
    const enabled = vscode.workspace.getConfiguration('byline').get<boolean>('currentLine.enabled', true);
    if (!enabled || !editor || !isDrawable(editor.document)) {
      this.clear();
      return;
    }
    const { document, selection } = editor;
    const { line } = selection.active;
    if (line === this.typedIn) {
      return;
    }
    const here = { start: { line, character: 0 }, end: { line, character: 1 } };
    const [found, me] = await Promise.all([this.session.attribution(document, here), ownAddress(document.uri)]);
    const isHere = editor === vscode.window.activeTextEditor && line === editor.selection.active.line;
    if (!isHere || found?.version !== document.version) {
      return; // what moved the cursor or changed the text asks again
    }
    const [row] = found.lines;
    const text = row?.text.trim() && isShort(document, line) ? about(row, me, Date.now()) : '';
    this.clear();
    if (text) {
      const end = document.lineAt(line).range.end;
      const renderOptions = { after: { contentText: text } };
      editor.setDecorations(this.decoration, [{ range: new vscode.Range(end, end), renderOptions }]);
      this.shown = editor;
    }
  }
}
