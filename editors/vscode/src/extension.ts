/** The extension: its parts, and what connects them. */
import * as path from 'node:path';

import * as vscode from 'vscode';

import { aboutSelection, registerCommands } from './commands';
import { watchAccepts } from './context/accept';
import { watchDisk } from './context/disk';
import { hello, versionOf } from './context/hello';
import { Installed } from './context/installed';
import { watchPastes } from './context/paste';
import { watchProposals } from './context/proposals';
import { watchSaves } from './context/saves';
import { ContextSender } from './context/sender';
import type { Send } from './protocol';
import { Credentials } from './secrets';
import { Session } from './session';
import { settingsForServer } from './settings';
import { CurrentLine } from './views/currentLine';
import { Gutter } from './views/gutter';
import { hoverLinks } from './views/hover';
import { steadyLenses } from './views/lens';
import { StatusItem } from './views/status';
import { GENERATE } from './scm';

const DECLINED = 'byline.installDeclined';

let running: Session | undefined;

export async function activate(context: vscode.ExtensionContext): Promise<void> {
  const log = vscode.window.createOutputChannel('Byline', { log: true });
  const manifest = context.extension.packageJSON as Parameters<typeof settingsForServer>[0];
  const credentials = new Credentials(context.secrets);
  const own = path.join(context.globalStorageUri.fsPath, 'server');

  const installed = new Installed();
  const send: Send = (method, params) => {
    session.send(method, params);
  };
  const introduce = (): void => {
    send('byline/hello', hello(versionOf(manifest), channels(), installed));
  };
  const sender = new ContextSender(send, installed, introduce);
  const session: Session = new Session(
    own,
    log,
    () => settingsForServer(manifest),
    {
      didChange: sender.didChange,
      executeCommand: aboutSelection,
      provideCodeLenses: steadyLenses(),
      provideHover: hoverLinks(() => session),
    },
    (provider) => credentials.key(provider),
  );
  running = session;

  const pastes = optional('pastes.enabled', () => watchPastes(sender.watch));
  const accepts = optional('inlineSuggestions.enabled', () => watchAccepts(sender.watch, installed, log));
  const channels = (): Parameters<typeof hello>[1] => ({
    detailed_reason: sender.hasDetailedReasons,
    paste_provider: pastes.isOn(),
    inline_override: accepts.isOn(),
    stack: false,
    disk_digest: true,
  });

  const currentLine = new CurrentLine(session);
  const gutter = new Gutter(session, vscode.Uri.joinPath(context.extensionUri, 'media'));
  context.subscriptions.push(
    log,
    installed,
    sender,
    session,
    watchSaves(sender.watch, send),
    pastes,
    accepts,
    watchProposals(send),
    watchDisk(send, log),
    currentLine,
    gutter,
    new StatusItem(session),
    registerCommands({ extension: context, log, session, gutter, credentials, own }),
    session.onHealth((health) => {
      void vscode.commands.executeCommand('setContext', 'byline.running', health === 'running');
      const writes = session.commands.includes(GENERATE);
      void vscode.commands.executeCommand('setContext', 'byline.writesMessages', health === 'running' && writes);
      if (health === 'running') {
        introduce();
      }
    }),
    vscode.workspace.onDidGrantWorkspaceTrust(() => {
      session.configure();
    }),
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration('byline.server.path')) {
        void session.restart();
      } else if (event.affectsConfiguration('byline')) {
        session.configure();
        currentLine.soon();
        pastes.look();
        accepts.look();
      }
    }),
  );
  await session.restart();
  if (session.health === 'missing') {
    void offerToInstall(context.globalState);
  }
}

/** The window closes: the server is told, and has the time that it needs. */
export async function deactivate(): Promise<void> {
  await running?.ended();
}

interface Optional {
  dispose(): void;
  isOn(): boolean;
  /** The setting may have changed. */
  look(): void;
}

/** Something that is there while its setting is on; `make` may find that it cannot be. */
function optional(setting: string, make: () => vscode.Disposable | null): Optional {
  let made: vscode.Disposable | null = null;
  const dispose = (): void => {
    made?.dispose();
    made = null;
  };
  const look = (): void => {
    if (!vscode.workspace.getConfiguration('byline').get<boolean>(setting, true)) {
      dispose();
    } else {
      made ??= make();
    }
  };
  look();
  return { dispose, look, isOn: () => made !== null };
}

/** Asked once: afterwards the status item says it. */
async function offerToInstall(state: vscode.Memento): Promise<void> {
  if (state.get<boolean>(DECLINED, false)) {
    return;
  }
  const question = 'Byline needs its server to know who wrote what. Install it now?';
  const answer = await vscode.window.showInformationMessage(question, 'Install', 'Not Now');
  if (answer === 'Install') {
    await vscode.commands.executeCommand('byline.installServer');
  } else if (answer === 'Not Now') {
    await state.update(DECLINED, true);
  }
}
