// Paths that a click opens: links as OSC 8 has them, where the terminal is known to show them.
// Others may print what they do not understand.
import { pathToFileURL } from 'node:url';

/** What says which terminal it is. */
type Environment = Readonly<Record<string, string | undefined>>;

/** Values of TERM_PROGRAM and TERM of terminals that show links. */
const programs = /^(iTerm\.app|WezTerm|vscode|ghostty|Hyper|zed|Tabby|rio|WarpTerminal)$/;
const terms = /^(xterm-kitty|xterm-ghostty|alacritty|foot|contour|wezterm)/;

/** Since 0.50.2 VTE (GNOME Terminal and many others) shows them without crashing. */
const LEAST_VTE = 5002;

/** Whether a stream is a terminal that is known to show links. Never with NO_COLOR, nor within
 *  screen or tmux, which may not pass them on, nor over SSH: the file is on another machine than
 *  who clicks. */
export function showsLinks(
  { isTTY = false }: { readonly isTTY?: boolean },
  environment: Environment,
): boolean {
  const { TERM = '', TERM_PROGRAM = '', VTE_VERSION, WT_SESSION, KONSOLE_VERSION } = environment;
  if (!isTTY || environment['NO_COLOR'] !== undefined) return false;
  if (environment['SSH_CONNECTION'] !== undefined) return false;
  if (environment['TMUX'] !== undefined || /^(dumb|screen|tmux)/.test(TERM)) return false;
  if (programs.test(TERM_PROGRAM) || terms.test(TERM)) return true;
  return (
    WT_SESSION !== undefined || KONSOLE_VERSION !== undefined || Number(VTE_VERSION) >= LEAST_VTE
  );
}

/** The words as a link to a file, where `isLink`; else as they are.
 *  @param path absolute */
export function fileLink(words: string, path: string, isLink: boolean): string {
  if (!isLink) return words;
  const { href } = pathToFileURL(path);
  return `\u001b]8;;${href}\u001b\\${words}\u001b]8;;\u001b\\`;
}
