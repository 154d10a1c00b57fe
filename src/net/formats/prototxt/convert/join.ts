// Where branches meet.
import { canonicalAxis } from './axes.js';
import { type Converter, wiredToAll } from './converter.js';

/** Sum with coefficients, or product, of inputs of one shape. */
export const eltwise: Converter = (layer, place, issues) => {
  const { name, parameters } = layer;
  const operation = parameters.text('operation') ?? 'SUM';
  const coefficients = parameters.numbers('coeff');
  parameters.all('stable_prod_grad');
  const add = (message: string): void => issues.add(layer.place, `layer "${name}": ${message}`);
  if (operation !== 'SUM' && operation !== 'PROD') {
    add(`operation: ${operation} is not supported, only SUM and PROD are`);
  }
  if (coefficients.length > 0 && operation === 'PROD') add('coeff is for SUM alone');
  const shapes = place.inputs.map(({ shape }) => shape?.join(' x ') ?? null);
  if (new Set(shapes.filter((shape) => shape !== null)).size > 1) {
    add(`found inputs of the shapes ${shapes.join(' and ')}, wanted one shape`);
  }
  if (operation === 'PROD') return { kind: 'multiply', ...wiredToAll(layer, place) };
  const isPlain = coefficients.every((each) => each === 1);
  return {
    kind: 'add',
    ...wiredToAll(layer, place),
    ...(isPlain ? {} : { coefficients }),
  };
};

/** One after another along an axis, that of the channels unless said. */
export const concat: Converter = (layer, place, issues) => {
  const { parameters } = layer;
  const written = parameters.number(['axis', 'concat_dim'], 1);
  const axis = canonicalAxis(layer, written, place.inputs[0].shape, issues);
  return { kind: 'concat', ...wiredToAll(layer, place), axis };
};
