// The last tests of a network.
import type { NetworkAnswer } from '../../../src/dashboard/api.js';
import { percent, whole } from '../words/numbers.js';

/** Tests that are shown before the rest is unfolded. */
const few = 5;

/** A table, newest test first. */
export function Tests({ tests }: { readonly tests: NetworkAnswer['tests'] }) {
  const newest = [...tests].reverse();
  return (
    <>
      <Table tests={newest.slice(0, few)} />
      {newest.length > few && (
        <details>
          <summary>{newest.length - few} earlier tests</summary>
          <Table tests={newest.slice(few)} />
        </details>
      )}
    </>
  );
}

function Table({ tests }: { readonly tests: NetworkAnswer['tests'] }) {
  return (
    <table class="tests">
      <thead>
        <tr>
          <th scope="col">Iteration</th>
          <th scope="col">Accuracy</th>
          <th scope="col">Loss</th>
        </tr>
      </thead>
      <tbody>
        {tests.map(({ iteration, accuracy, loss }) => (
          <tr key={iteration}>
            <td>{whole(iteration)}</td>
            <td>{percent(accuracy)}</td>
            <td>{loss === null ? '\u2013' : loss.toPrecision(4)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
