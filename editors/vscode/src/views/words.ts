/** How a line's attribution is put into words, as the server does it. Pure. */
import type { Line, State } from '../protocol';

/** A sign for each state, so that colour is never all that tells them apart. */
export const SIGNS: Readonly<Record<State, string>> = {
  ai: '●',
  ai_modified: '◐',
  human: '○',
  original: '·',
  unknown: '·',
};

const TOOLS: Readonly<Record<string, string>> = {
  aider: 'Aider',
  amp: 'Amp',
  claude: 'Claude Code',
  'claude-code': 'Claude Code',
  cline: 'Cline',
  codex: 'Codex',
  continue: 'Continue',
  copilot: 'Copilot',
  'copilot-cli': 'Copilot CLI',
  cursor: 'Cursor',
  droid: 'Droid',
  'gemini-cli': 'Gemini CLI',
  'github-copilot': 'Copilot',
  opencode: 'OpenCode',
  windsurf: 'Windsurf',
};

const UNITS: readonly (readonly [number, string])[] = [
  [31_536_000, 'year'],
  [2_592_000, 'month'],
  [604_800, 'week'],
  [86_400, 'day'],
  [3_600, 'hour'],
  [60, 'minute'],
];

/**
 * What stands at the end of the current line; empty where there is nothing to say.
 *
 * `me` is the address of the person who is called "you"; `now` is in milliseconds since 1970.
 */
export function about(line: Line, me: string, now: number): string {
  const person = personOf(line, me);
  const parts: (string | null)[] = [];
  if (line.state === 'ai' || line.state === 'ai_modified') {
    parts.push(toolName(line.tool) + (line.state === 'ai_modified' ? ', then changed' : ''));
    parts.push(line.prompt && `“${clip(line.prompt, 50)}”`);
  } else if (line.state === 'human' || line.commit) {
    parts.push(person);
  } else {
    return '';
  }
  parts.push(line.time ? ago(Date.parse(line.time), now) : 'not committed yet');
  return `${SIGNS[line.state]} ${parts.filter(Boolean).join(' · ')}`;
}

export function toolName(tool: string | null): string {
  return clip(TOOLS[tool ?? ''] ?? tool ?? 'AI', 40);
}

/** How long ago, in the largest unit. Both in milliseconds since 1970. */
export function ago(time: number, now: number): string {
  const passed = Math.max(0, Math.floor((now - time) / 1000));
  for (const [size, unit] of UNITS) {
    if (passed >= size) {
      const count = Math.floor(passed / size);
      return `${count} ${unit}${count > 1 ? 's' : ''} ago`;
    }
  }
  return 'just now';
}

/** On one line, without what could reorder or hide other text, at most `length` characters. */
export function clip(text: string, length: number): string {
  const plain = text.replace(/\s+/g, ' ').trim().replace(/[\p{Cc}\p{Cf}\p{Co}\p{Cs}]/gu, '�');
  const characters = Array.from(plain);
  return characters.length <= length ? plain : `${characters.slice(0, length - 1).join('').trimEnd()}…`;
}

function personOf(line: Line, me: string): string {
  const [, name = line.author ?? '', address = ''] = /^(.*?)\s*<(.*)>$/.exec(line.author ?? '') ?? [];
  const isMe = line.commit === null || (me !== '' && address.toLowerCase() === me);
  return isMe ? 'you' : clip(name, 40);
}
