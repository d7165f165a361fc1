/** Extensions that write code with an AI, and the names that Byline has for their tools. */

interface Tool {
  readonly name: string;
  /** It offers inline suggestions. */
  readonly completes: boolean;
}

const TOOLS: Readonly<Record<string, Tool>> = {
  'amazonwebservices.amazon-q-vscode': { name: 'amazon-q', completes: true },
  'anthropic.claude-code': { name: 'claude-code', completes: false },
  'augment.vscode-augment': { name: 'augment', completes: true },
  'codeium.codeium': { name: 'windsurf', completes: true },
  'continue.continue': { name: 'continue', completes: true },
  'github.copilot': { name: 'copilot', completes: true },
  'github.copilot-chat': { name: 'copilot', completes: true },
  'google.geminicodeassist': { name: 'gemini-code-assist', completes: true },
  'openai.chatgpt': { name: 'codex', completes: false },
  'rooveterinaryinc.roo-cline': { name: 'roo-code', completes: false },
  'saoudrizwan.claude-dev': { name: 'cline', completes: false },
  'sourcegraph.amp': { name: 'amp', completes: false },
  'sourcegraph.cody-ai': { name: 'cody', completes: true },
  'supermaven.supermaven': { name: 'supermaven', completes: true },
  'tabnine.tabnine-vscode': { name: 'tabnine', completes: true },
};

/** An extension as far as it matters here. */
export interface Extension {
  readonly id: string;
  readonly isActive: boolean;
}

/** The tool behind an extension; one that is not known is its own name. */
export function toolOf(extension: string): string {
  const id = extension.toLowerCase();
  return TOOLS[id]?.name ?? id;
}

/** Those that are an AI tool's. */
export function aiExtensions<E extends Extension>(extensions: readonly E[]): E[] {
  return extensions.filter(({ id }) => id.toLowerCase() in TOOLS);
}

/** The tools that may offer inline suggestions now, each once. */
export function completingTools(extensions: readonly Extension[]): string[] {
  const running = extensions.filter(({ id, isActive }) => isActive && TOOLS[id.toLowerCase()]?.completes);
  return [...new Set(running.map(({ id }) => toolOf(id)))];
}
