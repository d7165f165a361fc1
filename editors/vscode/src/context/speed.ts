/** How fast text comes in: a command of an extension can type as well, but not as slowly as a person. */

const WINDOW = 50; // milliseconds
const MOST = 15; // characters in that time
const BURST_WINDOW = 3; // milliseconds
const BURST = 3; // events in that time

/** The keystrokes of one document in the last moment. */
export class Speed {
  private recent: { at: number; length: number }[] = [];

  /** Note a keystroke of `length` characters at `now` (milliseconds); true if it is one too many. */
  isTooFast(length: number, now: number): boolean {
    this.recent = this.recent.filter(({ at }) => now - at < WINDOW);
    this.recent.push({ at: now, length });
    const characters = this.recent.reduce((sum, key) => sum + key.length, 0);
    const events = this.recent.filter(({ at }) => now - at < BURST_WINDOW).length;
    return characters > MOST || events > BURST;
  }
}
