// A run that shows how far it is and can be stopped: Ctrl-C saves, the same command resumes.
// Run it:   node resume.mjs study.yaml      (`npx selffer init` writes a study file)
// Expect:   a line for each network that ends; exit status 0, or 130 if it was stopped.
import { run, SelfferError } from 'selffer';

const [file = 'study.yaml'] = process.argv.slice(2);
const stop = new AbortController();
process.once('SIGINT', () => stop.abort());

let networks = 0;
let ended = 0;

/** The events are those of `selffer run --json`. */
function onEvent(event) {
  if (event.event === 'study') networks = event.todo;
  if (event.event === 'ended') console.log(`${++ended}/${networks}`, event.network, event.state);
  // What they copy has failed or learnt nothing.
  if (event.event === 'skipped') networks -= event.networks.length;
  if (event.event === 'warning') console.error('warning:', event.message);
}

try {
  const { outcome, directory, unfinished } = await run(file, { onEvent, signal: stop.signal });
  console.log(outcome, directory, unfinished.length === 0 ? 'all there' : unfinished.join(' '));
  process.exitCode = outcome === 'stopped' ? 130 : unfinished.length > 0 ? 1 : 0;
} catch (error) {
  // What is wrong with the study, its images or this machine; anything else is a mistake.
  if (!(error instanceof SelfferError)) throw error;
  console.error(error.message, error.hint ?? '');
  process.exitCode = error.exitCode;
}
