/** The running server: found, started, asked, told, stopped. */
import * as vscode from 'vscode';
import { type LanguageClient, type Middleware, State } from 'vscode-languageclient/node';

import { makeClient } from './client';
import type { Attribution, Range, Send, Status } from './protocol';
import { findServer } from './server/find';

/** How the server is, for people. */
export type Health = 'missing' | 'starting' | 'running' | 'stopped';

/** At most one client at a time. */
export class Session implements vscode.Disposable {
  health: Health = 'stopped';
  private client: LanguageClient | undefined;
  private turn: Promise<void> = Promise.resolve();
  private readonly healthEmitter = new vscode.EventEmitter<Health>();
  private readonly changedEmitter = new vscode.EventEmitter<string>();
  private readonly recordedEmitter = new vscode.EventEmitter<string>();
  readonly onHealth = this.healthEmitter.event;
  /** The URI of a document of which something else may be said now. */
  readonly onAttributionChanged = this.changedEmitter.event;
  /** The root of a repository in which a commit was attributed. */
  readonly onCommitRecorded = this.recordedEmitter.event;

  /** `own` is the folder of the environment that this extension made, if it did. */
  constructor(
    private readonly own: string,
    private readonly log: vscode.LogOutputChannel,
    private readonly settings: () => object,
    private readonly middleware: Middleware,
    private readonly credential: (provider: unknown) => Promise<string | null>,
  ) {}

  /** Start, or start again; one after the other, however often it is called. */
  restart(): Promise<void> {
    this.turn = this.turn.then(async () => {
      await this.stop();
      await this.start();
    });
    return this.turn;
  }

  readonly send: Send = (method, params) => {
    if (this.client?.state === State.Running) {
      this.client.sendNotification(method, params).catch((error: unknown) => {
        this.log.debug(`${method} could not be sent: ${String(error)}`);
      });
    }
  };

  /** The settings have changed, or the folder is trusted now. */
  configure(): void {
    if (this.client?.state === State.Running) {
      const change = { settings: { byline: this.settings() } };
      this.client.sendNotification('workspace/didChangeConfiguration', change).catch((error: unknown) => {
        this.log.warn(`The settings could not be sent: ${String(error)}`);
      });
    }
  }

  /** The commands that the server has. */
  get commands(): readonly string[] {
    return this.client?.initializeResult?.capabilities.executeCommandProvider?.commands ?? [];
  }

  attribution(document: vscode.TextDocument, range: Range | null): Promise<Attribution | undefined> {
    return this.ask<Attribution>('byline/attribution', { textDocument: { uri: document.uri.toString() }, range });
  }

  status(uri: vscode.Uri): Promise<Status | undefined> {
    return this.ask<Status>('byline/status', { uri: uri.toString() });
  }

  /** The answer of a command. Raises what the server says against it. */
  async execute<T>(command: string, argument: object): Promise<T | undefined> {
    return this.client?.sendRequest<T>('workspace/executeCommand', { command, arguments: [argument] });
  }

  dispose(): void {
    this.turn = this.turn.then(() => this.stop());
    for (const emitter of [this.healthEmitter, this.changedEmitter, this.recordedEmitter]) {
      emitter.dispose();
    }
  }

  /** To be awaited when the window closes. */
  async ended(): Promise<void> {
    this.turn = this.turn.then(() => this.stop());
    await this.turn;
  }

  private async start(): Promise<void> {
    const program = await findServer(this.own);
    if (!program) {
      this.log.warn('No server was found.');
      this.becomes('missing');
      return;
    }
    this.log.info(`Starting ${program.path} (${program.source}).`);
    this.becomes('starting');
    const client = makeClient(program, this.log, this.settings, this.middleware);
    this.client = client;
    client.onDidChangeState(({ newState }) => {
      if (this.client === client) {
        this.becomes(newState === State.Running ? 'running' : newState === State.Stopped ? 'stopped' : 'starting');
      }
    });
    client.onNotification('byline/attributionChanged', ({ uri }: { uri: string }) => {
      this.changedEmitter.fire(client.protocol2CodeConverter.asUri(uri).toString());
    });
    client.onNotification('byline/commitRecorded', ({ root }: { root: string }) => {
      this.recordedEmitter.fire(root);
    });
    client.onRequest('byline/credential', async ({ provider }: { provider: unknown }) => ({
      key: await this.credential(provider),
    }));
    try {
      await client.start();
    } catch (error) {
      this.log.error(`${program.path} (${program.source}) did not start: ${String(error)}`);
      this.becomes('stopped');
    }
  }

  private async stop(): Promise<void> {
    const { client } = this;
    this.client = undefined;
    if (client?.needsStop()) {
      await client.stop().catch((error: unknown) => {
        this.log.warn(`The server did not stop: ${String(error)}`);
      });
    }
  }

  private becomes(health: Health): void {
    this.health = health;
    this.healthEmitter.fire(health);
  }

  /** The answer to a request; undefined where there is none, which then stands in the log. */
  private async ask<T>(method: string, params: object): Promise<T | undefined> {
    if (this.client?.state !== State.Running) {
      return undefined;
    }
    try {
      return await this.client.sendRequest<T>(method, params);
    } catch (error) {
      this.log.debug(`${method}: ${String(error)}`); // the document may have been closed meanwhile
      return undefined;
    }
  }
}
