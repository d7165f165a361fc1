/** Stands in for the editor in unit tests: only what the code under test asks for. */

export class Uri {
  private constructor(
    readonly scheme: string,
    readonly path: string,
  ) {}

  get fsPath(): string {
    return this.path;
  }

  static file(path: string): Uri {
    return new Uri('file', path);
  }

  toString(): string {
    return `${this.scheme}://${this.path}`;
  }
}

/** The settings that the person has set, by their whole key. */
export const set = new Map<string, unknown>();

export const workspace = {
  isTrusted: true,
  asRelativePath: ({ path }: Uri) => path.slice(1),
  workspaceFolders: [] as { uri: { fsPath: string } }[],
  getConfiguration: (section: string) => ({
    get: (key: string) => set.get(`${section}.${key}`),
    inspect: (key: string) => ({ globalValue: set.get(`${section}.${key}`) }),
  }),
};

export const extensions = {
  all: [],
  getExtension: (id: string): unknown => (id === 'vscode.git' ? git.api() : undefined),
};

/** What the secret store holds. */
export class Secrets {
  readonly held = new Map<string, string>();

  get(key: string): Promise<string | undefined> {
    return Promise.resolve(this.held.get(key));
  }
}

/** What a git extension would give: repositories with a box for the message. */
export const git = {
  boxes: new Map<string, { value: string }>(),

  api() {
    const repositories = [...this.boxes].map(([path, inputBox]) => ({ rootUri: Uri.file(path), inputBox }));
    return { isActive: true, exports: { enabled: true, getAPI: () => ({ repositories }) } };
  },
};

/** What the person chooses from a list, by its label; and what was said to them. */
export const person = { chooses: null as string | null, told: [] as string[] };

export const ProgressLocation = { SourceControl: 1 };

export const window = {
  withProgress: (_: unknown, work: () => Promise<unknown>) => work(),
  showQuickPick: (items: { label: string }[]) =>
    Promise.resolve(items.find(({ label }) => label === person.chooses)),
  showInformationMessage: (text: string) => {
    person.told.push(text);
    return Promise.resolve(undefined);
  },
};
